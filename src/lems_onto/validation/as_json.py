"""Writes a report as one JSON document, for which `report.schema.json` beside this module is the contract."""

from __future__ import annotations

import os
import re

VERSION = 1
SCHEMA = "https://w3id.org/lems-onto/validation/report.schema.json"


def render(report, fail_on="violation") -> str:
    """The report as JSON, the same bytes in every run over the same data."""
    from . import wording

    labels = wording.labels(report)
    code = report.exit_code(fail_on)
    return dumps(
        {
            "$schema": SCHEMA,
            "version": VERSION,
            "allow_unused": bool(report.allow_unused),
            "baseline": _baseline(report, labels),
            "checks": report.checks,
            "conforms": report.conforms,
            "engine": str(report.engine),
            "exit_code": code,
            "fail_on": fail_on,
            "faults": [{**fault._asdict(), "place": _place(fault.place)} for fault in report.faults],
            "files": [str(file) for file in report.files],
            "focus_nodes": {str(shape): count for shape, count in report.focus_nodes.items()},
            "imports": [str(iri) for iri in report.imports],
            "passed": code == 0,
            "results": [_result(report, result, labels) for result in report.results],
            "rules": [rule._asdict() for rule in report.rules.values()],
            "shapes": [str(file) for file in report.shapes],
            "triples": report.triples,
            "verdict": wording.verdict(report, fail_on),
        }
    )


def schema() -> dict:
    """The JSON Schema (draft 2020-12) that every document keeps to."""
    import json

    with open(os.path.join(os.path.dirname(__file__), "report.schema.json"), encoding="utf-8") as file:
        return json.load(file)


def dumps(document) -> str:
    """A document as JSON with sorted keys, in which what is not printable, and could command a terminal, is escaped."""
    import json

    text = json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)
    return re.sub(r"[^\n -~]", lambda c: c[0] if c[0].isprintable() else json.dumps(c[0])[1:-1], text) + "\n"


def _result(report, result, labels):
    return {
        **result._asdict(),
        "focus_node": _term(report, result.focus_node, labels),
        "value": _term(report, result.value, labels),
        "place": _place(result.place),
    }


def _term(report, term, labels):
    import pyoxigraph as ox

    from ..terms import XSD

    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return {"type": "iri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "blank", "value": labels[term], "told": report.named(term)}
    found = {"type": "literal", "value": term.value}
    if term.language:
        found["language"] = term.language
    elif term.datatype.value != XSD + "string":
        found["datatype"] = term.datatype.value
    return found


def _place(place):
    return None if place is None else {**place._asdict(), "file": str(place.file)}


def _baseline(report, labels):
    if report.baseline is None:
        return None
    names = ("fingerprint", "rule", "focus", "path", "value", "message")
    return {
        "file": str(report.baseline.file),
        "accepted": [_result(report, result, labels) for result in report.baseline.accepted],
        "stale": [{name: entry.get(name) for name in names} for entry in report.baseline.stale],
    }
