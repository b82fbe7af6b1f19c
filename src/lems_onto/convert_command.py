"""The command `convert`: an ontology in another syntax."""

import os
import sys

from . import converting, watched, writing
from .arguments import positive
from .errors import LemsError

TIMEOUT = 1800
MEMORY = 16384


def arguments(parser):
    """Add the arguments of the command to its parser."""
    add = parser.add_argument
    add("files", metavar="FILE", nargs="*", help="RDF files, converted together (default: the shipped ontology)")
    add(
        "--to", choices=tuple(converting.SYNTAXES),
        help="the syntax to write (default: by the ending of --output)",
    )  # fmt: skip
    add("--output", metavar="FILE", help="write it there, whole or not at all (default: standard output)")
    add("--timeout", metavar="SECONDS", type=positive, default=TIMEOUT, help=f"give up after this long ({TIMEOUT})")
    add("--memory", metavar="MB", type=positive, default=MEMORY, help=f"stop when it takes more (default: {MEMORY})")
    add("--one-graph", action="store_true", help="leave the names of graphs out, where a syntax has none")


def convert(options):
    """Convert files and write the text, in a process that can be stopped, and return the exit code."""
    to = options.to or _by_ending(options.output)
    return watched.run(lambda: _convert(options, to), options.timeout, options.memory)


def _convert(options, to):
    if options.output is not None:
        writing.keep(options.files, [options.output])
    text = converting.convert(*options.files, to=to, one_graph=options.one_graph)
    if options.output is not None:
        writing.write(text, options.output)
        return 0
    # Bytes, for the text is UTF-8 whatever the terminal speaks.
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
    return 0


def _by_ending(output):
    """The syntax that the name of the output ends in.

    Raises:
        LemsError: there is no output, or it ends otherwise.
    """
    ending = os.path.splitext(output or "")[1].lower()
    for to, (_, endings) in converting.SYNTAXES.items():
        if ending in endings:
            return to
    said = f"the ending of {output} says no syntax" if output else "no syntax is named"
    raise LemsError(f"{said}; add --to with one of {', '.join(converting.SYNTAXES)}")
