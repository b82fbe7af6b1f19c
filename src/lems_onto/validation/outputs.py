"""Writes a report in the form that is asked for."""

from __future__ import annotations

from ..errors import LemsError, shorten

FORMATS = ("human", "json", "turtle", "sarif", "junit", "github", "summary", "tsv")


def render(report, form, fail_on="violation", color=False, prefixes=None, width=80, verbose=False) -> str:
    """The text of a report.

    Args:
        report: a `Report`.
        form: one of `FORMATS`.
        fail_on: the lightest severity that makes the validation fail.
        color: for people in a terminal, set off what matters with ANSI colors.
        prefixes: a dict from prefix to namespace, with which IRIs are shortened
            where people read them.
        width: how many columns the terminal has.
        verbose: for people, the focus nodes of every shape, not only their sum.

    Raises:
        LemsError: there is no such form.
    """
    if form == "human":
        from . import human

        text = human.render(report, fail_on, prefixes, color, width, verbose)
    elif form == "json":
        from . import as_json

        text = as_json.render(report, fail_on)
    elif form == "turtle":
        from . import as_turtle

        text = as_turtle.render(report, fail_on, prefixes)
    elif form == "sarif":
        from . import sarif

        text = sarif.render(report, fail_on, prefixes)
    elif form == "junit":
        from . import junit

        text = junit.render(report, fail_on, prefixes)
    elif form == "github":
        from . import github

        text = github.render(report, fail_on, prefixes)
    elif form == "summary":
        from . import github

        text = github.summary(report, fail_on, prefixes)
    elif form == "tsv":
        from . import tsv

        text = tsv.render(report)
    else:
        raise LemsError(f"no form '{shorten(form)}' of a report: write one of {', '.join(FORMATS)}")
    # The name of a file may be no UTF-8, which Python holds as lone surrogates.
    return text.encode("utf-8", "backslashreplace").decode()
