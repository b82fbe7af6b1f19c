"""The deeds of the command, one function each: takes the arguments, writes, and returns the exit code."""

import sys

from . import asking, catalog, tables, terminal
from .errors import LemsError


def list_(options):
    """Name all questions, or write the whole catalogue in another form."""
    questions = list(catalog.queries().values())
    if options.format != "table":
        from . import conventions

        write = {
            "turtle": lambda: conventions.to_rdf(questions, options.endpoint),
            "markdown": lambda: conventions.to_markdown(questions),
        }
        terminal.write(write[options.format](), options.pager)
        return 0
    text = ""
    for title, wanted in (("", False), ("\nChecks, which must answer nothing:\n\n", True)):
        rows = [[one.name, one.summary] for one in questions if one.is_check == wanted]
        text += title + tables.plain(["name", "question"], rows)
    terminal.write(text, options.pager)
    return 0


def show(options):
    """Print one question: its columns, and its SPARQL."""
    query = catalog.query(options.name)
    if options.format == "sparql":
        from . import describing

        terminal.write(describing.commented(query), options.pager)
        return 0
    from . import conventions

    write = {
        "turtle": lambda: conventions.to_rdf([query], options.endpoint),
        "markdown": lambda: conventions.to_markdown([query]),
        "grlc": lambda: conventions.to_grlc(query, options.endpoint, options.graph, options.parameter),
    }
    terminal.write(write[options.format](), options.pager)
    return 0


def ask(options):
    """Ask one question, or all of them; compare the engines where that is wanted."""
    if bool(options.name) == options.all:
        raise LemsError("name one question, or say --all; 'lems-onto list' names them")
    questions = list(catalog.queries().values()) if options.all else [catalog.query(options.name)]
    if options.compare:
        return _compare(options, questions)
    codes = []
    for query in questions:
        if options.all:
            print(f"{query.name}: {query.summary}\n")
        codes.append(_answer(asking.ask(query.name, _where(options.where), **_source(options)), options))
        if options.all:
            print()
    return max(codes)


def sparql(options):
    """Run a query of one's own."""
    name, text = options.file, _text(options.file)
    return _answer(
        asking.sparql(text, _where(options.where), name="standard input" if name == "-" else name, **_source(options)),
        options,
    )


def completion(options):
    """Print what a shell needs to complete names, columns and values."""
    import argcomplete

    print(argcomplete.shellcode(["lems-onto"], shell=options.shell))
    return 0


def _text(name):
    """The text of a query in a file, or on standard input for a single dash."""
    from . import querytext, reading

    most = 4 * querytext.MAX_CHARACTERS + 1
    content = sys.stdin.buffer.read(most) if name == "-" else reading.read_bytes(name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise querytext.BrokenQuery(f"{name}: byte {problem.start} is not UTF-8; save the query as UTF-8") from problem


def _where(pairs):
    """A dict from column to the list of its values."""
    where = {}
    for pair in pairs:
        column, equals, value = pair.partition("=")
        if not equals or not column or not value:
            raise LemsError(f"--where '{pair}' is not COLUMN=VALUE, for example symptom=\"double vision\"")
        where.setdefault(column.lstrip("?"), []).append(value)
    return where


def _source(options):
    """What to ask, and with which engine, as the functions of `asking` take it."""
    given = {
        "data": options.data,
        "ontology": options.ontology,
        "engine": options.engine,
        "timeout": options.timeout,
        "memory": options.memory,
        "labels": options.format in tables.FOR_PEOPLE and not options.raw,
    }
    if options.endpoint is None:
        if options.graph:
            raise LemsError("--graph names a graph of an endpoint; name that with --endpoint")
        if not options.ontology and not options.data:
            raise LemsError("--no-ontology leaves nothing to ask; name files with --data")
        return given
    if options.data or not options.ontology or options.engine:
        raise LemsError("--endpoint is asked alone; leave out --data, --no-ontology and --engine")
    given["endpoint"] = _endpoint(options)
    return given


def _endpoint(options):
    from . import endpoint

    return endpoint.Endpoint(options.endpoint, options.graph, options.timeout or endpoint.TIMEOUT)


def _answer(answer, options):
    """Write an answer, and say why it is empty when it is."""
    if options.with_source:
        from . import source

        answer = source.in_text(answer, options.with_source)
    found = bool(answer.solutions)
    if found or options.format != "table" or answer.form == "ASK":
        color = options.format == "table" and terminal.colored()
        terminal.write(tables.render(answer, options.format, options.raw, color), options.pager)
    if not found and answer.form != "ASK":
        why = ""
        if answer.missing:
            from .terms import contract

            names = [contract(iri, answer.prefixes) for iri in answer.missing]
            why = f"; these terms of it occur nowhere in the data: {', '.join(names)}"
        sys.stdout.flush()
        print(f"lems-onto: {answer.query.name} has no solution{why}", file=sys.stderr)
    return int(found == answer.query.is_check)


def _compare(options, questions):
    """Put questions to all engines, and print where their answers differ."""
    from . import answering, comparing, engines, graphs

    if options.where:
        raise LemsError("--compare asks the questions as they are; leave out --where")
    if options.data:
        paths = [*([graphs.resources.ontology_path()] if options.ontology else []), *options.data]
        store = graphs.store_of(*paths)
        asked = [engines.local(name, store) for name in engines.NAMES]
    else:
        asked = [answering.shipped_engine(), asking.shipped_rdflib()]
    if options.endpoint:
        asked.append(_endpoint(options))
    found, rows = [], {}
    for one in comparing.compare(questions, asked):
        found.append(one)
        rows.setdefault(one.name, [one.name, str(one.rows)]).append(f"{one.verdict} {one.seconds * 1000:,.0f} ms")
    header = ["question", "rows", *(engine.name for engine in asked)]
    terminal.write(tables.plain(header, list(rows.values())), options.pager)
    wrong = [one for one in found if not one.same]
    print(f"\n{len(rows)} questions, {len(asked)} engines: {len(wrong)} answers differ")
    return int(bool(wrong))


def validate(options):
    """Hold files or the shipped ontology to shapes and checks."""
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


def verify_source(options):
    """Compare every span with a copy of the source text."""
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


def info(options):
    """Say what is in the shipped ontology or in files."""
    from . import info as about

    if options.files:
        files = [about.file_info(path) for path in options.files]
        print(
            tables.plain(["file", "syntax", "triples"], [[f.path, f.syntax, f"{f.triples:,}"] for f in files]), end=""
        )
    else:
        counts = [
            [name, f"{value:,}" if isinstance(value, int) else value]
            for name, value in about.shipped_info()._asdict().items()
        ]
        print(tables.plain(["shipped", "value"], counts), end="")
    return 0
