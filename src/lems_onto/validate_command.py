"""The command validate: its options, and what it does with them."""

import sys

from . import terminal
from .arguments import positive
from .errors import LemsError

TIMEOUT = 1800
MEMORY = 16384


def arguments(parser):
    """Add the options of the command to a parser."""
    from .validation import engines, findings, outputs

    add = parser.add_argument
    add(
        "files", metavar="FILE", nargs="*",
        help="RDF files, folders, patterns, or - for standard input, .gz too; read together with the ontology",
    )  # fmt: skip
    add("--shapes", metavar="FILE", action="append", default=[], help="shapes of your own; may be repeated")
    add("--no-ontology", dest="ontology", action="store_false", help="leave the shipped ontology out")
    add("--allow-unused", action="store_true", help="accept shapes that check nothing")
    add(
        "--fail-on", choices=findings.SEVERITIES, default=findings.SEVERITIES[0],
        help="the lightest severity that fails (default: violation)",
    )  # fmt: skip
    add("--format", choices=outputs.FORMATS, default="human", help="form of the report (default: human)")
    add(
        "--output", metavar="FORMAT=FILE", action="append", default=[],
        help="write the report to a file too; may be repeated",
    )  # fmt: skip
    add("--baseline", metavar="FILE", help="accept the findings that this file lists, and fail on new ones")
    add("--write-baseline", metavar="FILE", help="accept today's findings: list them in this file")
    add("--engine", choices=engines.NAMES, help="what carries out the shapes (default: the fastest that is proven)")
    add("--syntax", metavar="NAME", help="syntax of standard input and of files whose name does not say it")
    add("--verbose", action="store_true", help="name the focus nodes of every shape")
    add("--timeout", metavar="SECONDS", type=positive, default=TIMEOUT, help=f"give up after this long ({TIMEOUT})")
    add("--memory", metavar="MB", type=positive, default=MEMORY, help=f"stop when it takes more (default: {MEMORY})")


def validate(options):
    """Hold files or the shipped ontology to shapes and checks, in a process that can be stopped."""
    from . import watched

    outputs = _outputs(options)
    return watched.run(lambda: _validate(options, outputs), options.timeout, options.memory)


def _outputs(options):
    """Pairs of a form and the file that it is written to.

    Raises:
        LemsError: one is no such pair, or two have one file.
    """
    from .errors import UnknownName
    from .validation.outputs import FORMATS

    pairs = []
    for text in options.output:
        form, equals, path = text.partition("=")
        if not equals or not path:
            raise LemsError(f"--output {text}: write FORMAT=FILE, for example sarif=report.sarif")
        if form not in FORMATS:
            raise UnknownName("format", form, FORMATS, f"there are {', '.join(FORMATS)}")
        pairs.append((form, path))
    return pairs


def _validate(options, outputs):
    from . import graphs, writing
    from .validation import baseline, inputs, shapesgraph, validating
    from .validation import outputs as writers

    paths, contents = inputs.expanded(options.files)
    shapes, more = inputs.expanded(options.shapes)
    if contents and more:
        raise LemsError("standard input is named for the data and for the shapes; it can be only one of them")
    named = [path for _, path in outputs] + ([options.write_baseline] if options.write_baseline else [])
    writing.keep([*paths, *shapes], named)
    report = validating.validate(
        *paths, shapes=shapes, ontology=options.ontology, engine=options.engine,
        allow_unused=options.allow_unused, baseline=options.baseline,
        syntax=inputs.syntax_named(options.syntax) if options.syntax else None, contents={**contents, **more},
    )  # fmt: skip
    for iri in report.imports:
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it as a FILE", file=sys.stderr)
    own = shapesgraph.shipped().prefixes if not options.shapes else {}
    prefixes = {**graphs.shipped()[1], **own, "sh": "http://www.w3.org/ns/shacl#", **report.prefixes}

    def written(form, **more):
        return writers.render(report, form, options.fail_on, prefixes=prefixes, **more)

    files = [(path, written(form)) for form, path in outputs]
    if options.write_baseline:
        files.append((options.write_baseline, baseline.text(report, prefixes)))
    writing.write_all(files)
    wide = {"color": terminal.colored(), "width": terminal.width(), "verbose": options.verbose}
    sys.stdout.write(written(options.format, **(wide if options.format == "human" else {})))
    code = report.exit_code(options.fail_on)
    if options.write_baseline and code == 1:
        print(f"lems-onto: {len(report.results)} findings accepted in {options.write_baseline}", file=sys.stderr)
        return 0
    return code
