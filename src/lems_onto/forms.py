"""Writes and reads answers in the forms of programs: SPARQL results and RDF, with full IRIs.

JSON is written here (https://www.w3.org/TR/sparql11-results-json/), and CSV,
since pyoxigraph leaves IRIs that hold a comma without quotes; it makes TSV and
XML from the JSON, writes triples, and reads.
"""

import re

from .errors import LemsError

ROWS = ("csv", "tsv", "json", "xml")
TRIPLES = ("nt", "ttl")
# SPARQL results need six levels.
MAX_DEPTH = 10
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def write(answer, form):
    """The text of an `Answer` in one of `ROWS` or `TRIPLES`.

    Raises:
        LemsError: triples of a query that is no CONSTRUCT, or a table of an ASK.
    """
    import json

    import pyoxigraph as ox

    name = answer.query.name
    if form in TRIPLES:
        if answer.form not in ("CONSTRUCT", "DESCRIBE"):
            raise LemsError(f"{name} gives rows and not triples; ask for csv, tsv, json or xml")
        return _triples(answer, form)
    if answer.form == "ASK":
        if form in ("csv", "tsv"):
            raise LemsError(f"{name} gives yes or no, for which there is no {form.upper()}; ask for json or xml")
        text = json.dumps({"head": {}, "boolean": bool(answer.solutions)}) + "\n"
    else:
        text = to_json(answer.columns, answer.solutions)
    if form == "json":
        return text
    if form == "csv":
        return _csv(answer)
    found = ox.parse_query_results(text, format=ox.QueryResultsFormat.JSON)
    written = found.serialize(format=getattr(ox.QueryResultsFormat, form.upper())).decode()
    return written if written.endswith("\n") else written + "\n"


def _csv(answer):
    import csv
    import io

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(answer.columns)
    for solution in answer.solutions:
        writer.writerow("" if term is None else getattr(term, "value", str(term)) for term in solution)
    return text.getvalue()


def to_json(columns, rows):
    """SPARQL results in JSON of rows of pyoxigraph terms, None where a variable is unbound."""
    import json

    bindings = [
        {name: _term(term) for name, term in zip(columns, row, strict=True) if term is not None} for row in rows
    ]
    document = {"head": {"vars": list(columns)}, "results": {"bindings": bindings}}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def parse(body, form="json"):
    """Columns and rows of SPARQL results in JSON or XML, or the boolean of an ASK.

    What Virtuoso 7 writes in its own way is understood: the names of blank
    nodes, and booleans as 0 and 1.

    Raises:
        SyntaxError, ValueError: they are broken.
    """
    import pyoxigraph as ox

    # Nested deep enough, a triple term crashes the parser, in whatever escapes it is written.
    if form == "xml" and re.search(rb"<(?:[\w.-]+:)?triple\b", body):
        raise ValueError("a triple term; only RDF 1.1 is read")
    brackets = re.sub(rb'"(?:[^"\\]|\\.)*"|[^][{}"]+', b"", body) if form == "json" else b""
    for _ in range(MAX_DEPTH):
        brackets = re.sub(rb"\[\]|\{\}", b"", brackets)
    if brackets:
        raise ValueError(f"brackets that do not close, or lie more than {MAX_DEPTH} levels deep")
    body = re.sub(rb'("bnode"\s*,\s*"value"\s*:\s*"|<bnode>)nodeID://', rb"\1", body)
    found = ox.parse_query_results(body, format=getattr(ox.QueryResultsFormat, form.upper()))
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return tuple(variable.value for variable in found.variables), [tuple(map(_canonical, row)) for row in found]


def _canonical(term):
    import pyoxigraph as ox

    if hasattr(term, "datatype") and term.value in ("0", "1") and term.datatype.value.endswith("#boolean"):
        return ox.Literal("true" if term.value == "1" else "false", datatype=term.datatype)
    return term


def _term(term):
    if hasattr(term, "predicate"):
        raise LemsError("a triple term stands in the answer; only RDF 1.1 is written")
    if hasattr(term, "datatype"):
        found = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif term.datatype.value != _XSD_STRING:
            found["datatype"] = term.datatype.value
        return found
    return {"type": "bnode" if str(term).startswith("_:") else "uri", "value": term.value}


def _triples(answer, form):
    import pyoxigraph as ox

    triples = (ox.Triple(*solution) for solution in answer.solutions)
    if form == "nt":
        return ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()
    used = {name: space for name, space in answer.prefixes.items() if any(
        getattr(term, "value", "").startswith(space) for solution in answer.solutions for term in solution
    )}  # fmt: skip
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used).decode()
