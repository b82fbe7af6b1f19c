"""The command merge: the shipped ontology and the user's own in one file, and what that changes for them."""

import os
import sys

from . import terminal, watched, writing
from .arguments import positive
from .errors import LemsError

ENDINGS = {".ttl": "ttl", ".owl": "owl", ".rdf": "owl", ".nt": "nt", ".jsonld": "jsonld"}


def arguments(parser):
    """Add the arguments of the command to its parser."""
    from . import merging
    from .merging import rules, sides, told

    add = parser.add_argument
    add("files", metavar="OTHER", nargs="+", help="your ontology: RDF files, .gz too; the first gives the header")
    add("--output", metavar="FILE", help=f"write the merged ontology there: {', '.join(ENDINGS)}")
    add("--check", action="store_true", help="ask a reasoner what the merge changes for you")
    add(
        "--bridge",
        choices=tuple(sides.bridges()),
        action="append",
        default=[],
        help="merge a bridge to another ontology too",
    )
    add("--format", choices=told.FORMATS, default="human", help="form of what is said (default: human)")
    add(
        "--fail-on", choices=rules.SEVERITIES, default="error",
        help="with --check, exit with 1 from this severity on (default: error)",
    )  # fmt: skip
    number = {"type": positive}
    add(
        "--timeout",
        metavar="SECONDS",
        default=merging.TIMEOUT,
        help=f"give up after this long ({merging.TIMEOUT})",
        **number,
    )
    add(
        "--memory",
        metavar="MB",
        default=merging.MEMORY,
        help=f"heap of each of two Javas (default: {merging.MEMORY})",
        **number,
    )


def merge(options):
    """Merge, in a process that can be stopped; with --check 1 where a finding is as grave as --fail-on, else 0."""
    if options.output is None and not options.check:
        raise LemsError("nothing to do: name a file with --output, or add --check to see what a merge would change")
    syntax = _syntax(options.output)
    return watched.run(lambda: _merge(options, syntax), options.timeout + 60, options.memory + watched.BESIDE_HEAP)


def _syntax(output):
    """The syntax that the name of the output ends in; None without an output.

    Raises:
        LemsError: it ends otherwise.
    """
    if output is None:
        return None
    ending = os.path.splitext(output)[1].lower()
    # What has no ending by its nature, such as /dev/stdout, gets the syntax of the shipped ontology.
    if ending not in ENDINGS and not (os.path.exists(output) and not os.path.isfile(output)):
        raise LemsError(f"{output}: its ending says no syntax; end it with {', '.join(ENDINGS)}")
    return ENDINGS.get(ending, "ttl")


def _merge(options, syntax):
    from . import merging
    from .merging import sides, told

    if options.output is not None:
        writing.keep([*options.files, *sides.bridges().values()], [options.output])
    merged = merging.merge(
        *options.files, bridges=options.bridge, check=options.check, timeout=options.timeout, memory=options.memory
    )
    if options.output is not None:
        writing.write(merging.text(merged, syntax), options.output)
    for line in _notes(merged):
        print(f"lems-onto: {line}", file=sys.stderr)
    terminal.write(told.write(merged, options.format, terminal.width()))
    return merging.exit_code(merged, options.fail_on) if options.check else 0


def _notes(merged):
    """What whoever merges should know beside the findings, in lines."""
    header = merged.sides.header
    for iri in header.imports:
        yield f"imports {iri}, which is kept and was not fetched; name a copy of it to merge it too"
    if header.version is not None:
        yield f"the version IRI {header.version} was taken out, for the merged file is another version; add its own"
    yield from merged.notes
