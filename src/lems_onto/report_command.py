"""The command `report`: the quality of an ontology, by the names that ontologists know its faults by."""

import os
import sys

from . import quality, quality_told, terminal, writing
from .errors import LemsError

# What the ending of an output says of its form.
ENDINGS = {".tsv": "tsv", ".json": "json", ".md": "markdown", ".txt": "table"}


def arguments(parser):
    """Add the arguments of the command to its parser."""
    add = parser.add_argument
    add("files", metavar="FILE", nargs="*", help="RDF files, read as one graph (default: the shipped ontology)")
    add(
        "--fail-on", choices=tuple(quality.FAIL_ON), default="error",
        help="exit with 1 from this level on (default: error)",
    )  # fmt: skip
    add(
        "--waivers", metavar="FILE",
        help="findings that are meant to be: a TSV of rule, subject, value, reason",
    )  # fmt: skip
    add("--no-waivers", dest="waive", action="store_false", help="follow no waivers, not even the shipped ones")
    rule = add(
        "--rule", metavar="NAME", action="append", default=[],
        help="run this rule alone, or all of robot, foops or oops; may be repeated",
    )  # fmt: skip
    rule.completer = lambda **_: [*quality.rules(), *quality.FAMILIES]
    add("--format", choices=quality_told.FORMATS, help="form of the report (default: table, or by the ending of FILE)")
    add("--output", metavar="FILE", help="write the report there, and only how many were found here")
    add("--no-pager", dest="pager", action="store_false", help="print a long report at once")


def report(options):
    """Hold an ontology to the rules, write what they found, and return the exit code."""
    if options.waivers is not None and not options.waive:
        raise LemsError("--waivers and --no-waivers exclude each other; leave one out")
    if options.output is not None:
        waivers = [] if options.waivers is None else [options.waivers]
        writing.keep([*options.files, *waivers], [options.output])
    found = quality.report(
        *options.files, rules=options.rule, waivers=options.waivers, waive=options.waive, fail_on=options.fail_on
    )
    for iri in found.imports:
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it as a FILE", file=sys.stderr)
    if options.output is None:
        form = options.format or "table"
        terminal.write(quality_told.write(found, form), options.pager)
        # Where the form has no room for it, what keeps the code from 0 is said beside it.
        if found.unused and form == "tsv":
            sys.stderr.write(quality_told.summary(found))
    else:
        ending = os.path.splitext(options.output)[1].lower()
        writing.write(quality_told.write(found, options.format or ENDINGS.get(ending, "table")), options.output)
        sys.stdout.write(quality_told.summary(found))
    return found.exit_code
