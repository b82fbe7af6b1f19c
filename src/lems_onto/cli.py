"""The command: the first user of the functions of this package."""

import argparse
import importlib
import os
import re
import sys

from . import ask_commands, commands, engines, tables, terminal
from .arguments import positive
from .errors import LemsError

# Commands of modules of their own, imported when they are asked for: the module is named for the command, has a
# function of that name, and `arguments`, which fills the parser.
LATE = {
    "validate": "hold RDF files, or the shipped ontology, to the shapes and checks",
    "report": "hold an ontology to the checks of ROBOT, FOOPS! and OOPS!, offline",
    "convert": "write an ontology in another syntax",
    "reason": "infer what follows from an ontology, and what in it cannot be",
    "explain": "say which axioms entail a statement, or who claims it and how firmly",
    "merge": "merge the shipped ontology with yours, and say what that changes for you",
    "profile": "say which profiles of OWL 2 an ontology keeps, and what leaves them",
    "doctor": "say what is installed of what the commands need, and the mend for what is missing",
    "classify": "say what follows for the cases of patients",
}

# What is likely to be meant by an argument that a command does not know.
HINTS = {
    "ask": "; a value goes behind its column: --where COLUMN=VALUE",
    "explain": "; put each part that has spaces into quotes: lems-onto explain LEMS 'is a' 'autoimmune disease'",
}

EXIT_CODES = """exit codes:
  0  yes: a question has solutions, a check has none, the data conform, the
     spans hold, the report is clean, a statement follows, all is consistent
  1  an honest no: no solution, a violation, a check that fired, a wrong span,
     a statement that does not follow, a class that can have no instance
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
    parser = _parser()
    if "_ARGCOMPLETE" in os.environ:
        import argcomplete

        argcomplete.autocomplete(parser, validator=_completes)
    options = parser.parse_args(arguments)
    return options.deed(options)


def _parser():
    parser = _Parser(
        prog="lems-onto",
        description="Lambert-Eaton myasthenic syndrome as a graph:\nask it, validate against it, trace it to its text.",
        epilog=EXIT_CODES,
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and exit")
    parser.add_argument("--debug", action="store_true", help="show a traceback when something breaks")
    # With prog given, argparse need not format a usage, for which it imports shutil.
    known = parser.add_subparsers(title="commands", metavar="COMMAND", required=True, prog="lems-onto")

    def command(name, deed, summary):
        sub = known.add_parser(name, help=summary, description=summary, allow_abbrev=False, formatter_class=_Formatter)
        sub.set_defaults(deed=deed)
        return sub

    def late(name, summary):
        module = importlib.import_module
        home = f"{__package__}.{name}_command"
        sub = command(name, lambda options: getattr(module(home), name)(options), summary)
        sub.fill = lambda: module(home).arguments(sub)
        if "_ARGCOMPLETE" in os.environ:
            sub.fill()

    listing = command("list", commands.list_, "list the questions")
    _add(
        listing, "--format", choices=("table", "markdown", "turtle"), default="table",
        help="markdown: a page of all; turtle: the RDF form of the SPARQL-examples community",
    )  # fmt: skip
    _add(listing, "--endpoint", metavar="URL", help="for turtle: the endpoint that answers them")
    _add_pager(listing)
    show = command("show", commands.show, "show a question: its columns, and its SPARQL, which runs as it is")
    _add_name(show)
    _add(
        show, "--format", choices=("sparql", "markdown", "turtle", "grlc"), default="sparql",
        help="form of the question (default: sparql); turtle and grlc are forms of others",
    )  # fmt: skip
    _add(show, "--endpoint", metavar="URL", help="for turtle and grlc: the endpoint that answers it")
    _add(show, "--graph", metavar="IRI", help="for grlc: the graph there")
    _add(
        show, "--parameter", metavar="COLUMN", action="append", default=[],
        help="for grlc: a column that callers may give a value; may be repeated",
    )  # fmt: skip
    _add_pager(show)
    ask = command("ask", ask_commands.ask, "ask a question of the shipped ontology, of files, or of an endpoint")
    _add_name(ask, nargs="?")
    _add(ask, "--all", action="store_true", help="ask every question and every check")
    _add(ask, "--compare", action="store_true", help="ask all engines and say where their answers differ")
    _add_asking(ask)
    sparql = command("sparql", ask_commands.sparql, "run SPARQL of your own, read only and within limits")
    _add(sparql, "file", metavar="FILE", help="a file that holds a query; - for standard input")
    _add_asking(sparql)
    completion = command("completion", commands.completion, "print the completion script of a shell")
    _add(
        completion, "shell", choices=("bash", "zsh", "fish", "powershell"), help="eval it, or write it where it is read"
    )
    for name, summary in LATE.items():
        late(name, summary)
    verify = command(
        "verify-source", commands.verify_source, "compare every span with your own copy of the source text"
    )
    _add(verify, "text", metavar="TEXTFILE", help="the text, unchanged")
    about = command("info", commands.info, "say what is in the shipped ontology, or in files of your own")
    _add(about, "files", metavar="FILE", nargs="*", help="RDF files")
    return parser


def _add(parser, *names, completer=None, **options):
    parser.add_argument(*names, **options).completer = completer


def _add_name(parser, **options):
    _add(parser, "name", metavar="NAME", help="a question that 'list' names", completer=_names, **options)


def _add_pager(parser):
    _add(parser, "--no-pager", dest="pager", action="store_false", help="print a long answer at once")


def _add_asking(parser):
    """The options of the two commands that ask."""
    _add(
        parser, "--where", metavar="COLUMN=VALUE", action="append", default=[], completer=_values,
        help="keep the rows in which COLUMN is VALUE: a CURIE, an IRI, a label, a synonym, a number, a date, "
        '"text"@en; may be repeated, also for one column',
    )  # fmt: skip
    _add(
        parser, "--format", choices=tables.FORMATS, default="table",
        help="form of the answer (default: table); nt, ttl: triples of a CONSTRUCT",
    )  # fmt: skip
    _add(parser, "--raw", action="store_true", help="full IRIs in tables")
    _add(
        parser, "--data", metavar="FILE", action="append", default=[],
        help="ask this RDF file together with the ontology; may be repeated",
    )  # fmt: skip
    _add(parser, "--no-ontology", dest="ontology", action="store_false", help="ask the files of --data alone")
    _add(parser, "--engine", choices=engines.NAMES, help=f"what answers (default: {engines.NAMES[0]})")
    _add(
        parser, "--endpoint", metavar="URL",
        help="ask this SPARQL endpoint; credentials: LEMS_ONTO_TOKEN, or LEMS_ONTO_USER and LEMS_ONTO_PASSWORD",
    )  # fmt: skip
    _add(parser, "--graph", metavar="IRI", help="the graph to ask at the endpoint")
    _add(parser, "--timeout", metavar="SECONDS", type=positive, help="give up after this long (default: 60)")
    _add(
        parser,
        "--memory",
        metavar="MB",
        type=positive,
        help="stop what takes more: queries of your own, and all of --data (default: 4096)",
    )
    _add(parser, "--with-source", metavar="TEXTFILE", help="show each span within your own copy of the source text")
    _add_pager(parser)


def _names(**_):
    from . import catalog

    return list(catalog.queries())


def _values(prefix, parsed_args, **_):
    """Columns for --where, and behind the equals sign the values that they can have."""
    from . import catalog, describing

    if parsed_args.name not in catalog.queries():
        return []
    query = catalog.query(parsed_args.name)
    column, equals, _ = prefix.partition("=")
    if not equals:
        return [name + "=" for name in query.columns]
    values = describing.values(query, column)
    # Behind a quote in the middle of the word, bash replaces the value alone.
    line = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT", 0))]
    quoted = re.search(r"""=["'][^"']*$""", line)
    return values if quoted else [f"{column}={value}" for value in values]


def _completes(completion, prefix):
    """Whether a completion goes on from what is typed, capitals aside, as values do."""
    typed = prefix.casefold()
    return completion.casefold().startswith(typed) or completion.casefold().startswith(typed.partition("=")[2] or "\0")


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help as wide as the terminal; argparse would import shutil to ask for the width, for each option."""

    def __init__(self, prog):
        super().__init__(prog, width=terminal.width() - 2)


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line; the parsers of the commands are of its class.

    `fill` adds arguments when they are needed: whoever asks a question does not
    pay for what another command can do.
    """

    fill = None

    def parse_known_args(self, args=None, namespace=None):
        """Parse arguments, once all of them are known."""
        if self.fill is not None:
            fill, self.fill = self.fill, None
            fill()
        return super().parse_known_args(args, namespace)

    def error(self, message):
        """Raise what the arguments lack, to be told like any other error."""
        from . import catalog

        chosen = re.match(r"argument COMMAND: invalid choice: '([^']+)'", message)
        if chosen and chosen[1] in catalog.queries():
            raise LemsError(f"{chosen[1]} is a question; did you mean: lems-onto ask {chosen[1]}?")
        if chosen:
            import difflib

            known = re.findall(r"[\w-]+", message.partition("choose from")[2])
            close = difflib.get_close_matches(chosen[1].lower(), known, 1)
            if close:
                raise LemsError(f"no command '{chosen[1]}': did you mean: lems-onto {close[0]}?")
        if "unrecognized arguments" in message:
            asked = next((one for one in sys.argv[1:] if one[:1] != "-"), "")
            message += HINTS.get(asked, "")
            raise LemsError(f"{message}; see lems-onto {asked}{' ' * bool(asked)}--help")
        raise LemsError(f"{message}; see {self.prog} --help")


class _Version(argparse.Action):
    def __call__(self, parser, *_):
        from . import info

        print(f"lems-onto {info.shipped_info().version}")
        parser.exit()
