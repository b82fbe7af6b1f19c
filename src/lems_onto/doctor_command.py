"""The command doctor: what is installed of what the commands need, and the mend for what is missing."""

import json

from . import terminal, watched

TIMEOUT = 600
MEMORY = 16384


def arguments(parser):
    """Add the arguments of the command to its parser."""
    parser.add_argument("--format", choices=("human", "json"), default="human", help="form (default: human)")


def doctor(options):
    """Say what was found; 0 where everything that `reason` and `explain` need is there, else 1."""
    return watched.run(lambda: _doctor(options), TIMEOUT, MEMORY)


def _doctor(options):
    from .reasoning import doctor as examining

    findings = examining.examine()
    if options.format == "json":
        text = json.dumps([one._asdict() for one in findings], indent=2, ensure_ascii=False) + "\n"
    else:
        text = "".join(map(_told, findings))
    terminal.write(text)
    return 0 if all(one.ok for one in findings if one.needed) else 1


def _told(one):
    state = "ok" if one.ok else "MISSING" if one.needed else "none"
    text = f"{state:<8} {one.what}: {one.found}\n"
    return text + (f"         mend: {one.mend}\n" if one.mend else "")
