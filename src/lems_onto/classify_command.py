"""The command `classify`: what follows for the cases of patients."""

import sys

from . import classified_told, classifying, terminal, watched
from .arguments import positive


def arguments(parser):
    """Add the arguments of the command to its parser."""
    from .reasoning import MEMORY, TIMEOUT

    add = parser.add_argument
    add(
        "files", metavar="CASE.ttl", nargs="+",
        help="RDF files that tell of patients, folders, patterns, or - for standard input; read as one graph",
    )  # fmt: skip
    add("--format", choices=classified_told.FORMATS, default="human", help="form of the answer (default: human)")
    add(
        "--timeout", metavar="SECONDS", type=positive, default=TIMEOUT,
        help=f"give up after this long (default: {TIMEOUT})",
    )  # fmt: skip
    add("--memory", metavar="MB", type=positive, default=MEMORY, help=f"heap that Java may take (default: {MEMORY})")
    add("--no-pager", dest="pager", action="store_false", help="print a long answer at once")


def classify(options):
    """Say what follows for the cases in some files, in a process that can be stopped; returns the exit code."""
    from .validation import inputs

    paths, contents = inputs.expanded(options.files)
    return watched.run(
        lambda: _classify(options, paths, contents), options.timeout, options.memory + watched.BESIDE_HEAP
    )


def _classify(options, paths, contents):
    found = classifying.classify(*paths, contents=contents, timeout=options.timeout, memory=options.memory)
    for iri in found.imports:
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it as a FILE", file=sys.stderr)
    text = classified_told.write(found, options.format, terminal.width())
    terminal.write(text, options.pager and options.format == "human")
    return found.exit_code
