"""The commands that ask: `ask` and `sparql`, which take the arguments, write, and return the exit code."""

import sys

from . import asking, catalog, tables, terminal
from .errors import LemsError, printable


def ask(options):
    """Ask one question, or all of them; compare the engines where that is wanted."""
    if bool(options.name) == options.all:
        raise LemsError("name one question, or say --all; 'lems-onto list' names them")
    if options.all and options.format not in ("table", "markdown"):
        raise LemsError(f"--all gives many answers, which no {options.format} holds; name one question")
    questions = sorted(catalog.queries().values(), key=lambda one: one.is_check) if options.all else []
    if not options.all:
        questions = [catalog.query(options.name)]
    if options.compare:
        return _compare(options, questions)
    source, where = _source(options), _where(options.where)
    if not options.all:
        return _answer(asking.ask(options.name, where, **source), options)
    text, codes = "", []
    for query in questions:
        answer = asking.ask(query.name, where, **source)
        codes.append(int(bool(answer) == query.is_check))
        shown = tables.render(answer, options.format, options.raw) if answer else "nothing\n"
        text += f"{query.name}: {query.summary}\n\n{shown}\n"
    terminal.write(text, options.pager)
    return max(codes)


def sparql(options):
    """Run a query of one's own."""
    name, text = options.file, _text(options.file)
    return _answer(
        asking.sparql(text, _where(options.where), name="standard input" if name == "-" else name, **_source(options)),
        options,
    )


def _text(name):
    """The text of a query in a file, or on standard input for a single dash."""
    from . import querytext, reading

    if name == "-" and sys.stdin is None:
        raise LemsError("standard input is closed; give the query there, or name a file")
    most = 4 * querytext.MAX_CHARACTERS + 1
    if "{" in name:
        raise LemsError("sparql takes the name of a file that holds a query, or - for standard input")
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
        if not equals or not column.strip() or not value.strip():
            raise LemsError(f"--where '{pair}' is not COLUMN=VALUE, for example symptom=\"double vision\"")
        where.setdefault(column.strip().lstrip("?"), []).append(value.strip())
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
        why = f"; {answer.why}" if answer.why else ""
        if answer.missing:
            from .terms import contract

            names = [contract(iri, answer.prefixes) for iri in answer.missing]
            why = f"; these terms of it occur nowhere in the data: {', '.join(names)}"
            why += "; name the graph that holds them with --graph" if options.endpoint else ""
        sys.stdout.flush()
        print(f"lems-onto: {printable(answer.query.name + ' has no solution' + why)}", file=sys.stderr)
    return int(found == answer.query.is_check)


def _compare(options, questions):
    """Put questions to all engines, and print where their answers differ."""
    from . import answering, comparing, engines

    if options.where:
        raise LemsError("--compare asks the questions as they are; leave out --where")
    if options.data:
        from . import confined

        limits = options.timeout or confined.TIMEOUT, options.memory or confined.MEMORY
        asked = [confined.Confined(name, options.data, options.ontology, *limits) for name in engines.NAMES]
    else:
        asked = [answering.shipped_engine(), asking.shipped_rdflib()]
    if options.endpoint:
        asked.append(_endpoint(options))
    found, rows = [], {}
    for one in comparing.compare(questions, asked):
        terminal.progress(f"{len(rows)} of {len(questions)} questions, {one.name}")
        found.append(one)
        rows.setdefault(one.name, [one.name, str(one.rows)]).append(f"{one.verdict} {one.seconds * 1000:,.0f} ms")
    terminal.progress("")
    header = ["question", "rows", *(engine.name for engine in asked)]
    terminal.write(tables.plain(header, list(rows.values())), options.pager)
    wrong = [one for one in found if not one.same]
    print(f"\n{len(rows)} questions, {len(asked)} engines: {len(wrong)} answers differ")
    return int(bool(wrong))
