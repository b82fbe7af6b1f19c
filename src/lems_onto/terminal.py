"""Writes to the terminal: with a pager and in color only where a person reads along."""

import os
import sys


def colored():
    """Whether color is wanted: on a terminal that has it, unless NO_COLOR is set (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width():
    """How many columns the terminal has; 80 where there is none."""
    try:
        asked = os.environ.get("COLUMNS")
        return max(int(asked) if asked else os.get_terminal_size(sys.stdout.fileno()).columns, 40)
    except (AttributeError, OSError, ValueError):
        return 80


def write(text, pager=True):
    """Write a text to standard output; on a terminal that is not high enough for it, through $PAGER or less."""
    if not (pager and sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and _taller(text) and _paged(text)):
        sys.stdout.write(text)


def progress(text):
    """Show how far a long work is, in place of what was shown before: on a terminal alone, on standard error."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def _taller(text):
    try:
        return text.count("\n") >= os.get_terminal_size(sys.stdout.fileno()).lines
    except (OSError, ValueError):
        return False


def _paged(text):
    """Whether a pager could be started; leaving it early is no error."""
    import shlex
    import subprocess

    try:
        command = shlex.split(os.environ.get("PAGER") or "less")
    except ValueError:
        return False
    if not command or command[0] == "cat":
        return False
    try:
        # As git does: colors go through, a short text is not held.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env={"LESS": "FRX", **os.environ})
    except OSError:
        return False
    try:
        process.communicate(text.encode(sys.stdout.encoding or "utf-8", "backslashreplace"))
    except (BrokenPipeError, KeyboardInterrupt):
        process.wait()
    return True
