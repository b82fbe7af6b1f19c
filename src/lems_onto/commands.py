"""The commands that tell of the questions and hold files: list, show, completion, validate, verify-source, info.

One function each, which takes the arguments, writes, and returns the exit code.
"""

import sys

from . import catalog, tables, terminal


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
    for group in dict.fromkeys(one.group for one in sorted(questions, key=lambda one: (one.is_check, one.group))):
        title = "Checks, which must answer nothing" if group == catalog.CHECK else group.capitalize()
        rows = [[one.name, one.summary] for one in questions if one.group == group]
        text += f"{title}\n\n{tables.plain(['name', 'question'], rows)}\n"
    terminal.write(text.rstrip("\n") + "\n", options.pager)
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


def completion(options):
    """Print what a shell needs to complete names, columns and values."""
    import argcomplete

    print(argcomplete.shellcode(["lems-onto"], shell=options.shell))
    return 0


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
