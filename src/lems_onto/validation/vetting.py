"""Vets shapes before they are carried out: engines pass over what they do not know, and then all data conform."""

from __future__ import annotations

import re

from .. import terms
from . import misspelt, selects, vacuous
from .findings import Fault
from .shapesgraph import BadList
from .vocabulary import NODE_KINDS, PARAMETERS, RDF, SH, TARGETS, XSD

_COUNTS = {XSD + name for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")}
_TEXTS = (XSD + "string", RDF + "langString")


def faults(graph, data=None):
    """The `Fault` of each shape of a `ShapesGraph` that is broken, that nothing leads to, or that says nothing.

    Whether a shape with a target finds a focus node is not among them. With
    `data`, an `inputs.Data`, what shapes of others name is held to it too.
    """
    found = [*misspelt.faults(graph), *misspelt.advanced(graph)]
    for shape in graph.shapes.values():
        found += _of_shape(graph, shape)
    found += _recursive(graph)
    for node, message in selects.wrong_validators(graph):
        found.append(_fault_at(graph, node, None, f"a validator: {message}", None, "broken"))
    if not graph.shapes:
        files = ", ".join(map(str, graph.files))
        found.append(Fault("broken", f"{files}: no shape stands there; name a file that holds shapes", None, None))
    if not any(fault.kind == "broken" for fault in found):
        found += _vacuous(graph, data)
    return list(dict.fromkeys(found))


def _vacuous(graph, data):
    """Shapes that are carried out and that check nothing."""
    for shape in graph.shapes.values():
        says = vacuous.constrains(graph, shape.node) or graph.deactivated(shape.node) or _custom(graph, shape.node)
        if shape.targets and not says:
            message = "has a target and no constraint; it checks nothing"
            yield _fault_at(graph, shape.node, None, message, shape.id, "unused")
    yield from vacuous.deactivated(graph)
    if data is not None and not graph.shipped:
        queries = [(shape, one) for shape in graph.shapes.values() for one in selects.of(graph, shape)]
        yield from vacuous.misnamed(graph, data.store, queries)


def _of_shape(graph, shape):
    """What is wrong with one shape."""
    node, on_property = shape.node, bool(graph.values(shape.node, "path"))
    paths = graph.values(node, "path")
    typed = {value.value for value in graph.values(node, "type", RDF) if hasattr(value, "value")}

    def fault(message, name=None, kind="broken"):
        return _fault_at(graph, node, name, message, shape.id, kind)

    for path in paths:
        try:
            graph.path(path)
        except ValueError as problem:
            yield fault(f"its sh:path {problem}", "path")
    if len(paths) > 1:
        yield fault("has more than one sh:path; keep one", "path")
    if SH + "NodeShape" in typed and on_property:
        yield fault("is a node shape and has a sh:path; a property shape has one", "path")
    if not on_property and (node in graph.hung or SH + "PropertyShape" in typed):
        yield fault("is a property shape and has no sh:path; add one")
    for name, parameter in PARAMETERS.items():
        values = graph.values(node, name)
        if values and parameter.on_property and not on_property:
            yield fault(f"is a node shape, on which sh:{name} has no meaning; put it on a property shape", name)
        if len(values) > 1 and parameter.single:
            yield fault(f"has more than one sh:{name}; keep one", name)
        for value in values:
            wrong = _wrong(graph, value, parameter, name)
            if wrong:
                yield fault(f"its sh:{name} {wrong}", name)
    yield from (fault(message, name) for name, message in _incomplete(graph, node))
    for text in graph.values(node, "pattern"):
        flags = graph.value(node, "flags")
        wrong = vacuous.wrong_pattern(text.value, flags.value if flags else "")
        if wrong:
            yield fault(f"its sh:pattern {wrong}", "pattern")
    unfit = list(selects.wrong(graph, shape))
    for select in [] if unfit else selects.of(graph, shape):
        unfit += vacuous.wrong_regexes(select.query)
    yield from (fault(message, "sparql") for message in unfit)
    if not (shape.targets or node in graph.parents):
        what = "property shape hangs on nothing" if on_property else "shape has no target, and no shape refers to it"
        yield fault(f"this {what}; it checks nothing", None, "unused")


def broken_selects(graph, shape):
    """Whether a SPARQL constraint of a shape cannot be read."""
    return bool(graph.values(shape.node, "sparql")) and any(selects.wrong(graph, shape))


def _incomplete(graph, node):
    """Parameters that need another one, or another value."""
    if graph.values(node, "flags") and not graph.values(node, "pattern"):
        yield "flags", "has sh:flags and no sh:pattern"
    counts = [name for name in ("qualifiedMinCount", "qualifiedMaxCount") if graph.values(node, name)]
    if bool(counts) != bool(graph.values(node, "qualifiedValueShape")):
        yield (
            (counts or ["qualifiedValueShape"])[0],
            ("needs both sh:qualifiedValueShape and sh:qualifiedMinCount or sh:qualifiedMaxCount; one is missing"),
        )
    for name in TARGETS:
        for value in graph.values(node, name):
            if name != "targetNode" and str(value).startswith(('"', "_:")):
                yield name, f"its sh:{name} is no IRI"
            elif name == "targetNode" and str(value).startswith("_:"):
                yield name, "its sh:targetNode is a blank node, which no data can name; target it another way"
    for name in ("severity", "deactivated"):
        values = graph.values(node, name)
        if len(values) > 1:
            yield name, f"has more than one sh:{name}; keep one"
        if name == "severity" and any(str(value).startswith(('"', "_:")) for value in values):
            yield name, "its sh:severity is no IRI; write sh:Violation, sh:Warning or sh:Info"
        if name == "deactivated" and any(_boolean(value) is None for value in values):
            yield name, "its sh:deactivated is neither true nor false"
    for value in graph.values(node, "message"):
        if getattr(getattr(value, "datatype", None), "value", "") not in _TEXTS:
            yield "message", "its sh:message is no text"


def _wrong(graph, value, parameter, name):
    """What is wrong with a value of a parameter, or None."""
    import pyoxigraph as ox

    kind = parameter.kind
    datatype = value.datatype.value if isinstance(value, ox.Literal) else None
    if kind == "iri" and not isinstance(value, ox.NamedNode):
        return "is no IRI"
    if kind == "node kind" and value not in [ox.NamedNode(SH + one) for one in NODE_KINDS]:
        return f"is none of {', '.join('sh:' + one for one in NODE_KINDS)}"
    if kind == "count" and not (datatype in _COUNTS and re.fullmatch(r"\+?\d+|-0+", value.value)):
        return "is no whole number from 0 (xsd:integer)"
    if kind == "text" and datatype != XSD + "string":
        return "is no xsd:string"
    if kind == "boolean" and _boolean(value) is None:
        return "is neither true nor false (xsd:boolean)"
    if kind == "literal" and datatype is None:
        return "is no literal"
    if kind in ("list", "shapes", "texts"):
        try:
            members = graph.members(value)
        except BadList:
            return "is no list, or one without an end"
        if kind == "texts" and any(not isinstance(one, ox.Literal) for one in members):
            return "holds what is no text"
        if name == "ignoredProperties" and any(not isinstance(one, ox.NamedNode) for one in members):
            return "holds what is no IRI"
        if kind == "shapes":
            lost = next((one for one in members if one not in graph.shapes), None)
            return f"names {_told(lost, graph)}, which is no shape here" if lost is not None else None
    if kind == "shape" and value not in graph.shapes:
        return f"names {_told(value, graph)}, which is no shape here"
    if kind == "shape" and name == "property" and not graph.values(value, "path"):
        return f"names {_told(value, graph)}, which has no sh:path"
    return None


def _boolean(value):
    datatype = getattr(value, "datatype", None)
    known = {"true": True, "1": True, "false": False, "0": False}
    return known.get(value.value) if datatype is not None and datatype.value == XSD + "boolean" else None


def _told(node, graph):
    text = str(node)
    return "a blank node" if text.startswith("_:") else terms.contract(node.value, graph.prefixes)


def _custom(graph, node):
    """Whether a shape has a parameter of a constraint component that the shapes graph itself declares."""
    declared = {
        value.value
        for triple in graph.triples
        if triple.predicate.value == SH + "parameter"
        for value in graph.values(triple.object, "path")
    }
    return any(triple.predicate.value in declared for triple in graph.of(node))


def _recursive(graph):
    """Shapes that lead back to themselves, for which SHACL 1.0 defines no meaning."""
    state = {}
    for start in graph.shapes:
        todo = [(start, False)]
        while todo:
            node, done = todo.pop()
            if done:
                state[node] = "done"
                continue
            if state.get(node) == "done":
                continue
            state[node] = "open"
            todo.append((node, True))
            for value in graph._referred(node):
                if state.get(value) == "open":
                    shape = graph.shapes[value]
                    message = "refers to itself, directly or by way of others; break the circle"
                    yield _fault_at(graph, value, None, message, shape.id, "broken")
                elif state.get(value) != "done":
                    todo.append((value, False))


def _fault_at(graph, node, name, message, shape_id, kind):
    triple = next((one for one in graph.of(node) if name and one.predicate.value == SH + name), None)
    return Fault(kind, message, shape_id, (node, triple.predicate, triple.object) if triple else (node, None, None))
