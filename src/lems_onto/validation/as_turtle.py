"""Writes a report as the validation report of SHACL (https://www.w3.org/TR/shacl/#validation-report), in Turtle."""

from __future__ import annotations

import re

from ..errors import printable
from . import wording
from .findings import CHECK, NEAR_MISS, SH

OURS = "https://w3id.org/lems-onto/validation/"
# A result needs a component; what is no SHACL has one of ours.
COMPONENTS = {CHECK: OURS + "Check", NEAR_MISS: OURS + "NearMiss"}
_STEP = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}
_IRI = r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*"


def render(report, fail_on="violation", prefixes=None) -> str:
    """The report as Turtle.

    By its definition sh:conforms says that there are no results, warnings
    among them; it is false as well where a shape could not be carried out,
    which the report then tells by sh:shapesGraphWellFormed. Blank nodes have
    labels of this document. A shape without an IRI is a blank node that bears
    its id as rdfs:label. A path that no expression of SHACL stands for is left
    out.
    """
    shorten, used = _shortener(prefixes)
    labels, nameless = wording.labels(report), {}
    results = [_result(report, result, shorten, labels, nameless) for result in report.results]
    conforms = not results and not report.broken
    lines = ["[] a sh:ValidationReport ;", f"    sh:conforms {str(conforms).lower()} ;"]
    if report.broken:
        lines.append("    sh:shapesGraphWellFormed false ;")
    if results:
        lines.append("    sh:result " + " , ".join(results) + " ;")
    lines.append("    .")
    lines += [f"\n{label} rdfs:label {_literal(name)} ." for name, label in nameless.items()]
    used["sh"] = SH
    if nameless:
        used["rdfs"] = "http://www.w3.org/2000/01/rdf-schema#"
    head = [f"# {printable(wording.verdict(report, fail_on))}", ""]
    head += [f"@prefix {prefix}: <{space}> ." for prefix, space in sorted(used.items())]
    return wording.unicode_escaped("\n".join([*head, "", *lines])) + "\n"


def path_to_turtle(path, write=lambda iri: f"<{iri}>"):
    """The path expression of SHACL for a path of SPARQL with full IRIs, in Turtle; None where there is none.

    Args:
        path: for example `^<http://a.example/p>/(<http://a.example/q>|<http://a.example/r>)*`.
        write: a function that gives an IRI as Turtle.
    """
    tokens = re.findall(rf"<{_IRI}>|[()^/|*+?]|\S", path)
    try:
        turtle, rest = _alternatives(tokens, write)
    except (IndexError, RecursionError, ValueError):
        return None
    return None if rest else turtle


def _alternatives(tokens, write):
    """The path at the head of tokens, and the tokens after it."""
    parts, tokens = _separated(tokens, "|", _sequence, write)
    return (parts[0] if len(parts) == 1 else f"[ sh:alternativePath ( {' '.join(parts)} ) ]"), tokens


def _sequence(tokens, write):
    parts, tokens = _separated(tokens, "/", _step, write)
    return (parts[0] if len(parts) == 1 else f"( {' '.join(parts)} )"), tokens


def _separated(tokens, mark, read, write):
    part, tokens = read(tokens, write)
    parts = [part]
    while tokens[:1] == [mark]:
        part, tokens = read(tokens[1:], write)
        parts.append(part)
    return parts, tokens


def _step(tokens, write):
    """A path without separators: ^ holds for what follows it together with its mark of repetition."""
    head, tokens = tokens[0], tokens[1:]
    if head == "^":
        inner, tokens = _step(tokens, write)
        return f"[ sh:inversePath {inner} ]", tokens
    if head == "(":
        inner, tokens = _alternatives(tokens, write)
        if tokens[:1] != [")"]:
            raise ValueError(head)
        tokens = tokens[1:]
    elif head.startswith("<"):
        inner = write(head[1:-1])
    else:
        raise ValueError(head)
    if tokens[:1] and tokens[0] in _STEP:
        inner, tokens = f"[ sh:{_STEP[tokens[0]]} {inner} ]", tokens[1:]
    return inner, tokens


def _result(report, result, write, labels, nameless):
    """A result as a blank node with its properties."""
    rule = wording.rule_of(report, result.rule)
    component = result.component or COMPONENTS.get(rule.kind, OURS + "Check")
    path = result.path and path_to_turtle(result.path, write)
    lines = [
        "a sh:ValidationResult",
        # SHACL wants one; of a row without it no more is known than that there is one.
        f"sh:focusNode {_term(result.focus_node, write, labels) if result.focus_node is not None else '[]'}",
        f"sh:resultMessage {_literal(result.message)}",
        f"sh:resultPath {path}" if path else "",
        f"sh:resultSeverity sh:{result.severity.capitalize()}",
        f"sh:sourceConstraint {_check(result.rule)}" if rule.kind == CHECK else "",
        f"sh:sourceConstraintComponent {write(component)}",
        "" if rule.kind in COMPONENTS else f"sh:sourceShape {_shape(result.rule, write, nameless)}",
        f"sh:value {_term(result.value, write, labels)}" if result.value is not None else "",
    ]
    return "[\n" + "".join(f"        {line} ;\n" for line in lines if line) + "    ]"


def _check(name):
    from urllib.parse import quote

    return f"<https://w3id.org/lems-onto/check/{quote(name, safe='')}>"


def _shape(name, write, nameless):
    if re.fullmatch(_IRI, name):
        return write(name)
    return nameless.setdefault(name, f"_:s{len(nameless) + 1}")


def _term(term, write, labels):
    import pyoxigraph as ox

    if isinstance(term, ox.BlankNode):
        return f"_:{labels[term]}"
    if isinstance(term, ox.NamedNode):
        return write(term.value)
    if term.language or term.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return str(term)
    return f"{_literal(term.value)}^^{write(term.datatype.value)}"


def _literal(text):
    """A text as a literal, also one with half a character, as names of files may have."""
    import pyoxigraph as ox

    return str(ox.Literal(text.encode("utf-8", "backslashreplace").decode()))


def _shortener(prefixes):
    """A function that gives an IRI as Turtle, and a dict that it fills with the prefixes that it used."""
    spaces = sorted(((space, prefix) for prefix, space in (prefixes or {}).items()), key=lambda pair: -len(pair[0]))
    used = {}

    def write(iri):
        if iri.startswith(SH) and iri[len(SH) :].isalpha():
            return "sh:" + iri[len(SH) :]
        for space, prefix in spaces:
            # What would need an escape in a short name stays long; sh and rdfs are this document's own.
            plain = iri.startswith(space) and re.fullmatch(r"[A-Za-z_](?:[\w-]*\w)?", iri[len(space) :], re.ASCII)
            named = re.fullmatch(r"[A-Za-z](?:[\w-]*\w)?", prefix, re.ASCII) and prefix not in ("sh", "rdfs")
            if plain and named and re.fullmatch(_IRI, space):
                used[prefix] = space
                return f"{prefix}:{iri[len(space) :]}"
        return f"<{iri}>"

    return write, used
