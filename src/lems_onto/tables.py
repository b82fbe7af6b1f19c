"""Writes answers for people (tables, Markdown) and for programs (CSV, TSV, JSON).

The forms for programs are those of SPARQL 1.1
(https://www.w3.org/TR/sparql11-results-csv-tsv/ and
https://www.w3.org/TR/sparql11-results-json/), with full IRIs. The forms for
people put a label and its CURIE into one column.

No library draws the tables: each of those measured (prettytable, tabulate,
texttable, rich) takes longer to import than reading the graph and answering.
"""

import os
import re

from . import terms
from .errors import LemsError

FORMATS = ("table", "csv", "tsv", "json", "markdown", "nt")
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def width():
    """How many columns the terminal has; 80 where there is none."""
    try:
        return max(
            int(os.environ.get("COLUMNS", "")) if os.environ.get("COLUMNS") else os.get_terminal_size(1).columns, 40
        )
    except (OSError, ValueError):
        return 80


def render(answer, form="table", raw=False):
    """The text of an answer.

    Args:
        answer: an `Answer`.
        form: one of `FORMATS`.
        raw: for people, show full IRIs in place of CURIEs.

    Raises:
        LemsError: triples (`nt`) of a question that is no CONSTRUCT.
    """
    if form == "csv":
        return _csv(answer)
    if form == "tsv":
        return _tsv(answer)
    if form == "json":
        return _json(answer)
    if form == "nt":
        return _triples(answer)
    return _pretty(*_for_people(answer, raw), markdown=form == "markdown")


def plain(header, rows, markdown=False):
    """A table of strings."""
    return _pretty(header, rows, markdown)


def _for_people(answer, raw):
    """Header and rows with each label column folded into the column that it labels."""

    def shown(term):
        if term is None:
            return ""
        if hasattr(term, "datatype"):
            return term.value
        return term.value if raw or not hasattr(term, "value") else terms.contract(term.value, answer.prefixes)

    at = {name: index for index, name in enumerate(answer.columns)}
    kept = [name for name in answer.columns if not (name.endswith("Label") and name[:-5] in at)]
    rows = []
    for solution in answer.solutions:
        row = []
        for name in kept:
            cell = shown(solution[at[name]])
            if name + "Label" in at and cell:
                cell = f"{shown(solution[at[name + 'Label']])} {cell}"
            row.append(cell)
        rows.append(row)
    used = [index for index in range(len(kept)) if any(row[index] for row in rows)] or range(len(kept))
    header = [re.sub(r"(?<=[a-z])([A-Z])", r" \1", kept[index]).lower() for index in used]
    return header, [[row[index] for index in used] for row in rows]


def _pretty(header, rows, markdown):
    header = [name.capitalize() for name in header]
    if markdown:
        lines = [header, ["---"] * len(header), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)
    widths = _widths(header, rows)
    if widths is None:
        return _records(header, rows)
    text = ""
    for row in [header, ["-" * wide for wide in widths], *rows]:
        cells = [_wrap(cell, wide) for cell, wide in zip(row, widths, strict=True)]
        for at in range(max(map(len, cells))):
            line = (cell[at : at + 1] or [""] for cell in cells)
            text += "  ".join(part.ljust(wide) for (part,), wide in zip(line, widths, strict=True)).rstrip() + "\n"
    return text


def _wrap(text, wide):
    """The words of a text in lines of at most `wide` characters; a longer word stays whole."""
    lines = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= wide:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines or [""]


def _widths(header, rows):
    """How wide each column is so that the table fits, or None where a word would have to break.

    Narrow columns keep their width; the widest give way first.
    """
    cells = [[name, *(row[i] for row in rows)] for i, name in enumerate(header)]
    wanted = [max(map(len, column)) for column in cells]
    least = [max(len(word) for cell in column for word in cell.split() or [""]) for column in cells]
    room = width() - 2 * (len(header) - 1)
    if sum(least) > room:
        return None
    while sum(wanted) > room:
        wanted[max((i for i in range(len(header)) if wanted[i] > least[i]), key=lambda i: wanted[i])] -= 1
    return wanted


def _records(header, rows):
    """Each row as a block of lines, for what is too wide for a table."""
    indent = max(map(len, header)) + 2

    def block(name, cell):
        return name.ljust(indent) + ("\n" + " " * indent).join(_wrap(cell, width() - indent))

    blocks = ("\n".join(block(*pair) for pair in zip(header, row, strict=True) if pair[1]) for row in rows)
    return "\n\n".join(blocks) + "\n"


def _csv(answer):
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(answer.columns)
    for solution in answer.solutions:
        writer.writerow("" if t is None else t.value if hasattr(t, "value") else str(t) for t in solution)
    return text.getvalue()


def _tsv(answer):
    lines = ["\t".join("?" + name for name in answer.columns)]
    lines += ["\t".join("" if term is None else str(term) for term in solution) for solution in answer.solutions]
    return "\n".join(lines) + "\n"


def _triples(answer):
    if answer.columns != ("subject", "predicate", "object"):
        raise LemsError(f"{answer.query.name} gives rows and not triples; ask for csv, tsv or json")
    return "".join(f"{' '.join(map(str, triple))} .\n" for triple in answer.solutions)


def _json(answer):
    import json

    rows = [
        {name: _json_term(term) for name, term in zip(answer.columns, solution, strict=True) if term is not None}
        for solution in answer.solutions
    ]
    document = {"head": {"vars": list(answer.columns)}, "results": {"bindings": rows}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _json_term(term):
    if hasattr(term, "datatype"):
        found = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype.value != XSD_STRING:
            found["datatype"] = term.datatype.value
        return found
    kind = "bnode" if str(term).startswith("_:") else "uri"
    return {"type": kind, "value": term.value}
