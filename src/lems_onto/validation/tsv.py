"""Writes the results of a validation as tab-separated values, one result in a line."""

from __future__ import annotations

from . import wording

COLUMNS = (
    "severity", "rule", "component", "focusNode", "path", "value", "message",
    "file", "line", "column", "endLine", "endColumn", "fingerprint",
)  # fmt: skip


def render(report) -> str:
    """The results as TSV with a header.

    Focus node and value are terms as SPARQL's TSV writes them
    (https://www.w3.org/TR/sparql11-results-csv-tsv/); a blank node is told by
    what is said of it. Elsewhere tab, line feed, carriage return and backslash
    are written as in a literal of Turtle, and so is what is not printable.
    Nothing is quoted.
    """
    rows = ["\t".join(COLUMNS)]
    for result in report.results:
        place = result.place or (None,) * 6
        cells = [result.severity, result.rule, result.component, _term(report, result.focus_node), result.path]
        cells += [_term(report, result.value), result.message, *place[:5], result.fingerprint]
        # The terms have been escaped.
        rows.append("\t".join(cell if at in (3, 5) else _plain(cell) for at, cell in enumerate(cells)))
    return "\n".join(rows) + "\n"


def _term(report, term):
    import pyoxigraph as ox

    if term is None:
        return ""
    if isinstance(term, ox.BlankNode):
        return _plain(report.named(term))
    return wording.unicode_escaped(str(term))


def _plain(cell):
    if cell is None:
        return ""
    text = str(cell)
    for raw, escape in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, escape)
    return wording.unicode_escaped(text)
