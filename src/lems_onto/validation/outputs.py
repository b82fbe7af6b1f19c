"""Writes a report in the form that is asked for, and the text to a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat

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


def write(text, path):
    """Write a text to a file; where that fails, the file that was there stays as it was.

    What is no file, such as /dev/stderr or a pipe, is written to as it is.

    Raises:
        LemsError: it cannot be written.
    """
    write_all({path: text})


def write_all(texts):
    """Write several texts, each to its file; where one does not fit or may not be there, every file stays as it was.

    All the texts are written to temporary files first, and take their names
    one after the other when the last of them is on the disk.

    Args:
        texts: a dict from path to text, or pairs of them.

    Raises:
        LemsError: a path is named twice, or one cannot be written.
    """
    pairs = [(os.fspath(path), text) for path, text in (texts.items() if hasattr(texts, "items") else texts)]
    seen = set()
    for path, _ in pairs:
        real = _real(path)
        if real in seen:
            raise LemsError(f"{shorten(path, 200)}: two outputs go to this file; give each a file of its own")
        seen.add(real)
    staged = []
    try:
        for path, text in pairs:
            staged.append((path, *_stage(path, text.encode("utf-8", "backslashreplace"))))
        # Devices and pipes first: they may fail late, files only take their names.
        staged.sort(key=lambda one: one[1] is not None)
        while staged:
            path, temporary, content = staged[0]
            try:
                _settle(path, temporary, content)
            except OSError as problem:
                raise _unwritten(path, problem) from problem
            del staged[0]
    finally:
        for _, temporary, _ in staged:
            if temporary:
                _remove(temporary)


def _real(path):
    """The file that a path leads to, so that a link is followed and not replaced."""
    try:
        return os.path.realpath(path)
    except ValueError as problem:
        raise _unwritten(path, problem) from problem


def _stage(path, content):
    """The temporary file that holds a content, and None; for what is no file None and the content itself."""
    try:
        mode = os.stat(path).st_mode if os.path.exists(path) else None
        if mode is not None and stat.S_ISDIR(mode):
            raise IsADirectoryError(21, "is a folder")
        if mode is not None and not stat.S_ISREG(mode):
            # To give a device or a pipe a new name would destroy it.
            return None, content
        folder, name = os.path.split(_real(path))
        if not path or not name:
            raise FileNotFoundError(2, "is no name of a file")
        # The name may take all the bytes that a folder allows for one.
        short = os.fsdecode(os.fsencode(name)[:200])
        temporary = os.path.join(folder, f".{short}.{os.getpid()}.tmp")
        _fill(temporary, content, mode)
    except (OSError, ValueError) as problem:
        raise _unwritten(path, problem) from problem
    return temporary, None


def _fill(temporary, content, mode):
    """Make a temporary file and bring it to the disk; no file is left where that fails."""
    # One that an ended process of the same number left is of no use to anybody.
    _remove(temporary)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            os.chmod(temporary, stat.S_IMODE(mode))
    except BaseException:
        _remove(temporary)
        raise


def _settle(path, temporary, content):
    if temporary:
        os.replace(temporary, _real(path))
        return
    with open(path, "wb") as file:
        file.write(content)


def _remove(path):
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)


def _unwritten(path, problem):
    """The error for a path that cannot be written, with the mend that fits the reason."""
    import errno

    mends = {
        errno.ENOSPC: "make room or name another disk",
        errno.EDQUOT: "make room or name another disk",
        errno.EFBIG: "make room or name another disk",
        errno.ENOENT: "make the folder first, or check the name",
        errno.ENOTDIR: "check the folders in the name",
        errno.EISDIR: "name a file in it",
        errno.ENAMETOOLONG: "give it a shorter name",
    }
    reason = getattr(problem, "strerror", None) or str(problem)
    mend = mends.get(getattr(problem, "errno", None), "check the name and your rights")
    return LemsError(f"{shorten(path, 200)}: cannot be written: {reason[:1].lower() + reason[1:]}; {mend}")
