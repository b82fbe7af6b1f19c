"""The command: the first user of the functions of this package."""

import argparse
import sys

from . import asking, catalog, tables
from .errors import LemsError

EXIT_CODES = """exit codes:
  0  yes: a question has solutions, a check has none, the data conform,
     the spans hold
  1  an honest no: no solution, a violation, a check that fired, a wrong span
  2  could not be asked: usage, or unreadable input
  3  broken shapes
  4  nothing was checked
  130 interrupted, 141 the reader of the output went away
"""


def run(arguments):
    """Carry out one command line and return its exit code (see `errors`).

    Raises:
        LemsError: it cannot be carried out.
    """
    options = _parser().parse_args(arguments)
    return options.deed(options)


def _parser():
    parser = _Parser(
        prog="lems-onto",
        description="Lambert-Eaton myasthenic syndrome as a graph: ask it, validate against it, trace it to its text.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something breaks")
    # With prog given, argparse need not format a usage, for which it imports shutil.
    deeds = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="lems-onto")

    def deed(name, function, summary):
        sub = deeds.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        sub.set_defaults(deed=function)
        return sub

    deed("list", _list, "list the questions")
    show = deed("show", _show, "show a question: what it answers, its columns, its SPARQL, which runs as it is")
    show.add_argument("name", metavar="NAME", help="a question that 'list' names")
    ask = deed("ask", _ask, "ask a question of the shipped ontology")
    ask.add_argument("name", metavar="NAME", help="a question that 'list' names")
    ask.add_argument(
        "--where",
        metavar="COLUMN=TERM",
        action="append",
        default=[],
        help="keep the rows in which COLUMN is TERM: a CURIE, an IRI, a label, a synonym or a value",
    )
    ask.add_argument(
        "--format",
        choices=tables.FORMATS,
        default="table",
        help="form of the answer (default: table); nt: the triples of a CONSTRUCT",
    )
    ask.add_argument("--raw", action="store_true", help="full IRIs in tables")
    validate = deed("validate", _validate, "hold RDF files, or the shipped ontology, to the shapes and checks")
    validate.add_argument(
        "files", metavar="FILE", nargs="*", help="RDF files; they are read together with the ontology"
    )
    verify = deed("verify-source", _verify_source, "compare every span with your own copy of the source text")
    verify.add_argument("text", metavar="TEXTFILE", help="the text, unchanged")
    about = deed("info", _info, "say what is in the shipped ontology, or in files of your own")
    about.add_argument("files", metavar="FILE", nargs="*", help="RDF files")
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line; the parsers of the commands are of its class."""

    def error(self, message):
        """Raise what the arguments lack, to be told like any other error."""
        raise LemsError(f"{message}; see {self.prog} --help")


class _Version(argparse.Action):
    def __call__(self, parser, *_):
        from . import info

        print(f"lems-onto {info.shipped_info().version}")
        parser.exit()


def _list(_):
    questions = catalog.queries().values()
    print(tables.plain(["name", "question"], [[one.name, one.summary] for one in questions if not one.is_check]))
    print("Checks, which must answer nothing:\n")
    print(tables.plain(["name", "question"], [[one.name, one.summary] for one in questions if one.is_check]), end="")
    return 0


def _show(options):
    query = catalog.query(options.name)
    print(f"# {query.path}\n{query.text}", end="")
    return 0


def _ask(options):
    where = {}
    for pair in options.where:
        column, equals, value = pair.partition("=")
        if not equals or not column or not value:
            raise LemsError(f"--where '{pair}' is not COLUMN=TERM, for example symptom=\"double vision\"")
        if column in where:
            raise LemsError(f"--where names column {column} twice; name it once")
        where[column] = value
    answer = asking.ask(options.name, where)
    found = bool(answer.solutions)
    if found or options.format != "table":
        print(tables.render(answer, options.format, options.raw), end="")
    if not found:
        print(f"lems-onto: {options.name} has no solution", file=sys.stderr)
    return int(found == answer.query.is_check)


def _validate(options):
    import logging

    from . import graphs, validation

    # rdflib logs a literal that is not of its datatype with a traceback; the shapes report it.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    report = validation.validate(*options.files)
    for iri in report.imports:
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it as a FILE", file=sys.stderr)
    _, prefixes = graphs.shipped()
    prefixes = {**prefixes, "shape": "https://w3id.org/lems-onto/shape/", "sh": validation.SH}
    for result in report.results:
        print(_told(result, prefixes))
    for answer in report.fired:
        print(f"check {answer.query.name}: {answer.query.summary}")
        print(tables.render(answer))
    what = ", ".join(map(str, report.files)) or "the shipped ontology"
    found = report.results or report.fired
    verdict = "does not conform" if found else "conforms" if report.checked else "nothing checked"
    print(f"{verdict}: {what}")
    print(
        f"{report.triples:,} triples, {sum(report.focus_nodes.values()):,} focus nodes of "
        f"{sum(map(bool, report.focus_nodes.values()))} shapes, {report.checks} checks; "
        f"{len(report.results)} results, {len(report.fired)} checks fired"
    )
    return 1 if found else 0 if report.checked else 4


def _told(result, prefixes):
    """One validation result as a few lines: severity, node, path and value, message, shape."""
    import re

    from .terms import contract

    def short(term):
        text = re.sub(r"<(\S+?)>", lambda found: contract(found[1], prefixes), "" if term is None else str(term))
        return re.sub(r"https?://[^\s,;]+[^\s,;.]", lambda found: contract(found[0], prefixes), text)

    lines = [f"{result.severity}: {short(result.focus_node)}"]
    if result.path is not None:
        lines.append(f"  at {short(result.path)}")
    if result.value is not None and result.value != result.focus_node:
        lines.append(f"  value {short(result.value)}")
    return "\n".join([*lines, f"  {short(result.message)}", f"  ({short(result.shape)})"])


def _verify_source(options):
    from . import source

    found = source.verify_source(options.text)
    for span in found.wrong:
        print(f"{found.path}: characters {span.start} to {span.end} are {span.found!r}, not {span.exact!r}")
    same = found.checksum == found.expected
    print(
        f"{len(found.spans) - len(found.wrong)} of {len(found.spans)} spans hold; "
        f"the checksum {'agrees' if same else 'differs: ' + found.checksum + ' is not ' + found.expected}"
    )
    return 0 if found.holds else 1


def _info(options):
    from . import info

    if options.files:
        files = [info.file_info(path) for path in options.files]
        print(
            tables.plain(["file", "syntax", "triples"], [[f.path, f.syntax, f"{f.triples:,}"] for f in files]), end=""
        )
    else:
        counts = [
            [name, f"{value:,}" if isinstance(value, int) else value]
            for name, value in info.shipped_info()._asdict().items()
        ]
        print(tables.plain(["shipped", "value"], counts), end="")
    return 0
