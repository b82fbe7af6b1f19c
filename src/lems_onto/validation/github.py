"""Writes a report for GitHub: as annotations of files, and as the Markdown summary of a job."""

from __future__ import annotations

import os
import re

from ..errors import printable, shorten
from . import wording
from .findings import SEVERITIES

LEVELS = {"violation": "error", "warning": "warning", "info": "notice"}
# Of each level GitHub shows so many annotations in a step.
SHOWN = 10
# The runner cuts a message off after 4,096 characters.
MESSAGE = 4000
# A summary may take 1 MiB, and nobody reads more than this.
FINDINGS = 50


def render(report, fail_on="violation", prefixes=None) -> str:
    """The report as workflow commands, one in a line, for the log of a step.

    Every fault and every result is written. Where there are more of a level
    than GitHub shows, the first command is a notice that counts the others, so
    that it is among those that are shown.
    """
    found = [_fault(report, fault) for fault in report.faults]
    if not report.checked and not report.broken:
        found.append(("error", _command("error", None, "nothing checked", wording.verdict(report))))
    found += [_annotation(report, result, prefixes) for result in report.results]
    stale = len(report.baseline.stale) if report.baseline else 0
    if stale:
        text = f"{printable(str(report.baseline.file))}: {stale:,} stale; remove the entries of what is mended"
        found.append(("notice", _command("notice", None, "baseline", text)))
    counts = {level: sum(one == level for one, _ in found) for level in LEVELS.values()}
    more = [wording.number(count - SHOWN, level) for level, count in counts.items() if count > SHOWN]
    if more:
        text = f"GitHub shows {SHOWN} annotations of a level; {', '.join(more)} more in the log of this step"
        found.insert(0, ("notice", _command("notice", None, "not all are shown", text)))
    return "".join(f"{line}\n" for _, line in found)


def _annotation(report, result, prefixes):
    details = "".join(f"\n{word}: {text}" for word, text in wording.told(report, result, prefixes))
    message = wording.safe(result.message)
    room = MESSAGE - len(details)
    message = message if len(message) <= room else message[: room - 3] + "..."
    level = LEVELS[result.severity]
    return level, _command(level, result.place, wording.title(report, result.rule), message + details)


def _fault(report, fault):
    level = "error" if fault.kind == "broken" or not report.allow_unused else "notice"
    title = f"{fault.kind} shape" + (f" {wording.title(report, fault.shape)}" if fault.shape else "")
    return level, _command(level, fault.place, title, wording.safe(fault.message)[:MESSAGE])


def _command(level, place, title, message):
    """One workflow command; columns are for a span within one line alone, as the runner wants it."""
    properties = {}
    if place and place.file != "<stdin>":
        # It matches paths as git writes them; a name that could command the terminal is not worth a match.
        name = re.sub(r"^(?:\./+)+", "", str(place.file))
        properties["file"] = "".join(c if c in "\r\n" else printable(c) for c in name)
        if place.line:
            properties["line"] = place.line
            if place.end_line in (None, place.line):
                properties |= {"col": place.column, "endLine": place.end_line, "endColumn": place.end_column}
            else:
                properties["endLine"] = place.end_line
    properties["title"] = shorten(title)
    pairs = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None)
    return f"::{level} {pairs}::{_data(message)}"


def _data(text):
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text):
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(report, fail_on="violation", prefixes=None) -> str:
    """The report as Markdown, to be appended to the file that $GITHUB_STEP_SUMMARY names.

    Within a run of GitHub Actions places are links to the lines of the commit.
    """
    parts = [f"## lems-onto validate\n\n**{_escaped(wording.verdict(report, fail_on))}**"]
    if report.faults:
        rows = [
            (fault.kind, _linked(fault.place), _name(report, fault.shape), _cell(fault.message))
            for fault in report.faults[:FINDINGS]
        ]
        parts.append(_table("Faults of the shapes", ("Kind", "Where", "Shape", "What"), rows, len(report.faults)))
    parts += _findings(report, prefixes)
    if report.baseline:
        parts.append(_baseline(report.baseline))
    if report.imports:
        names = ", ".join(_cell(str(iri)) for iri in report.imports[:FINDINGS])
        parts.append(f"Imported and not fetched: {names}")
    rows = [(_name(report, shape), f"{count:,}") for shape, count in report.focus_nodes.items()]
    table = _table("", ("Shape", "Focus nodes"), rows, len(rows), right=1)
    parts.append(f"<details>\n<summary>{_html(wording.coverage(report))}</summary>\n\n{table}\n\n</details>")
    parts.append(_escaped(wording.counts(report)))
    return "\n\n".join(parts) + "\n"


def _findings(report, prefixes):
    """How often each rule was broken, and the first findings one by one."""
    if not report.results:
        return []
    tally = {}
    for result in report.results:
        tally[result.severity, result.rule] = tally.get((result.severity, result.rule), 0) + 1
    order = sorted(tally, key=lambda pair: SEVERITIES.index(pair[0]))
    rules = [(severity, _name(report, rule), f"{tally[severity, rule]:,}") for severity, rule in order]
    rows = []
    for result in report.results[:FINDINGS]:
        details = ", ".join(f"{word} {_cell(text)}" for word, text in wording.told(report, result, prefixes))
        told = _cell(result.message) + (f"<br>{details}" if details else "")
        rows.append((result.severity, _linked(result.place), _name(report, result.rule), told))
    return [
        _table("By rule", ("Severity", "Rule", "Results"), rules, len(rules), right=2),
        _table("Findings", ("Severity", "Where", "Rule", "What"), rows, len(report.results)),
    ]


def _baseline(baseline):
    text = f"Baseline {_cell(str(baseline.file))}: {len(baseline.accepted):,} accepted, {len(baseline.stale):,} stale"
    rows = [
        [_cell(str(entry.get(name) or "")) for name in ("fingerprint", "rule", "focus", "message")]
        for entry in baseline.stale[:FINDINGS]
    ]
    if not rows:
        return text
    title = "Stale entries of the baseline, to be removed"
    return f"{text}\n\n{_table(title, ('Fingerprint', 'Rule', 'Node', 'Message'), rows, len(baseline.stale))}"


def _table(title, header, rows, total, right=None):
    """A table of Markdown whose cells are escaped already; `right` is the column of numbers."""
    rule = ["---:" if at == right else "---" for at in range(len(header))]
    lines = [f"| {' | '.join(row)} |" for row in (header, rule, *rows)]
    rest = f"\n\n{total - len(rows):,} more are not listed here." if total > len(rows) else ""
    return (f"### {title}\n\n" if title else "") + "\n".join(lines) + rest


def _name(report, rule):
    return _escaped(wording.title(report, rule)) if rule else ""


def _cell(text):
    return _escaped(shorten(text, 300))


def _escaped(text):
    """A text on one line in which nothing is markup."""
    # A colon would make a link of a bare address, which may lead out of what is ours.
    return re.sub(r"([\\`*_{}\[\]<>()#|~&@$!:])", r"\\\1", printable(text))


def _html(text):
    from html import escape

    return escape(text)


def _linked(place):
    """A place, as a link to its line where it lies in the checkout."""
    from urllib.parse import quote

    if place is None:
        return ""
    text = _escaped(wording.where(place))
    file = os.path.normpath(str(place.file))
    root = os.environ.get("GITHUB_WORKSPACE")
    if root and file.startswith(os.path.join(root, "")):
        file = os.path.relpath(file, root)
    if str(place.file) == "<stdin>" or os.path.isabs(file) or file.split(os.sep)[0] == os.pardir:
        return text
    parts = [os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA")]
    base = f"{parts[0]}/{parts[1]}/blob/{parts[2]}/" if all(parts) else ""
    line = f"#L{place.line}" if place.line else ""
    return f"[{text}]({base}{quote(os.fsencode(file), safe='/')}{line})"
