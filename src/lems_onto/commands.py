"""The commands that tell of the questions and of files: list, show, completion, verify-source, info.

One function each, which takes the arguments, writes, and returns the exit code.
"""

import sys

from . import catalog, tables, terminal
from .errors import UnreadableFile, printable


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
        files, code = [], 0
        for path in options.files:
            try:
                files.append(about.file_info(path))
            except UnreadableFile as problem:
                # The next file is read all the same: who mends many files wants to see all that is wrong.
                print(f"lems-onto: {printable(str(problem))}", file=sys.stderr)
                code = problem.exit_code
        rows = [[one.path, one.syntax, f"{one.triples:,}"] for one in files]
        print(tables.plain(["file", "syntax", "triples"], rows) if rows else "", end="")
        return code
    counts = [
        [name, f"{value:,}" if isinstance(value, int) else value]
        for name, value in about.shipped_info()._asdict().items()
    ]
    print(tables.plain(["shipped", "value"], counts), end="")
    return 0
