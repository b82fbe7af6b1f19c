"""Finds shapes that look as if they checked something, and do not: what they name is nowhere, or they say nothing."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from .. import terms
from . import nearmisses
from .findings import Fault
from .vocabulary import CONSTRAINING, RDF, SH, TARGETS

# The parameters whose values are names of what the data hold, alone or in lists.
_NAMES = (*TARGETS, "class", "hasValue", "equals", "disjoint", "lessThan", "lessThanOrEquals")
_LISTS = ("in", "ignoredProperties")
# How alike two namespaces are of which one is most likely misspelt.
_ALIKE = 0.85


def constrains(graph, node, seen=()):
    """Whether a shape of a `ShapesGraph`, or one to which it refers, says anything of its nodes.

    Counts from 0, switches that are off and shapes that are deactivated say nothing.
    """
    if graph.deactivated(node):
        return False
    if node in seen or len(seen) > 50:
        return True
    seen = (*seen, node)
    for name in CONSTRAINING:
        for value in graph.values(node, name):
            text = getattr(value, "value", "")
            if name in ("minCount", "minLength", "qualifiedMinCount", "qualifiedValueShape"):
                says = name != "qualifiedValueShape" and text.strip("+-0") != ""
            elif name in ("closed", "uniqueLang"):
                says = text not in ("false", "0")
            elif name in ("property", "node"):
                says = constrains(graph, value, seen)
            elif name == "sparql":
                says = not graph.deactivated(value)
            elif name == "and":
                says = any(constrains(graph, one, seen) for one in graph.members(value))
            elif name == "or":
                says = all(constrains(graph, one, seen) for one in graph.members(value))
            else:
                says = True
            if says:
                return True
    return False


def deactivated(graph):
    """A `Fault` for each shape with a target, where all of them are deactivated."""
    aimed = [shape for shape in graph.shapes.values() if shape.targets]
    if all(graph.deactivated(shape.node) for shape in aimed):
        for shape in aimed:
            value = graph.value(shape.node, "deactivated")
            yield _fault(shape, "deactivated", value, "is deactivated; it checks nothing")


def misnamed(graph, store, queries):
    """A `Fault` for each name in a shape that the data do not hold, where they hold one that is nearly the same.

    A shape all of whose sh:targetNode are nowhere in the data is one, too.

    Args:
        graph: a `ShapesGraph`.
        store: the data, in a pyoxigraph store.
        queries: pairs of a `Shape` and a `selects.Select`, all that the graph has.
    """
    uses = [use for use in _uses(graph, queries) if use[2] == "datatype" or not _holds(store, graph, use[-1])]
    known = _near(store, {use[-1].value for use in uses})
    for shape, subject, name, value, term in uses:
        kinds = {kind for kind, _ in shape.targets}
        lost = kinds == {"targetNode"} and not any(_holds(store, None, node) for _, node in shape.targets)
        meant = None if _holds(store, graph, term) else known(term.value)
        if name == "datatype" and _is_class(store, term):
            yield _fault(shape, name, value, f"its sh:datatype {_short(graph, term)} is a class; write sh:class")
        elif meant:
            guess = terms.contract(meant, graph.prefixes)
            message = f"names {_short(graph, term)}, which is nowhere in the data; did you mean {guess}?"
            yield _fault(shape, name, value, message, subject)
        elif name == "targetNode" and lost:
            message = f"its sh:targetNode {_short(graph, term)} is nowhere in the data; correct it"
            yield _fault(shape, name, value, message)


def _uses(graph, queries):
    """Each shape, the node that says so, the parameter, its value, and the IRI that is named."""
    import pyoxigraph as ox

    for shape in graph.shapes.values():
        node = shape.node
        if graph.deactivated(node):
            continue
        for name in (*_NAMES, "datatype"):
            for value in graph.values(node, name):
                if isinstance(value, ox.NamedNode):
                    yield shape, node, name, value, value
        for name in _LISTS:
            for value in graph.values(node, name):
                for term in graph.members(value):
                    if isinstance(term, ox.NamedNode):
                        yield shape, node, name, value, term
        for iri in re.findall(r"<([^<>]+)>", shape.path or ""):
            yield shape, node, "path", graph.value(node, "path"), ox.NamedNode(iri)
    for shape, select in queries:
        for iri in select.query.terms():
            if f"<{iri}>" not in (shape.path or ""):
                yield shape, select.node, "select", graph.value(select.node, "select"), ox.NamedNode(iri)


def _holds(store, graph, term):
    """Whether the data name a term, or the graph of shapes describes it, or a vocabulary of the W3C has it."""
    import pyoxigraph as ox

    if graph is not None and (graph.of(term) or term.value in nearmisses.of_vocabularies()):
        return True
    places = ((None, None, term), (term, None, None), (None, term, None))
    return any(
        next(store.quads_for_pattern(*place), None) is not None
        for place in (places if isinstance(term, ox.NamedNode) else places[:1])
    )


def _is_class(store, term):
    import pyoxigraph as ox

    return next(store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), term), None) is not None


def _near(store, lost):
    """A function from an IRI among `lost` to what in the data it nearly is, or None."""
    if not lost:
        return lambda iri: None
    split = nearmisses.split
    spaces, locals_ = {split(iri)[0] for iri in lost}, {split(iri)[1] for iri in lost}
    queries = ("SELECT DISTINCT ?x { ?s ?x ?o }", "SELECT DISTINCT ?x { ?x ?p ?o }", "SELECT DISTINCT ?x { ?s ?p ?x }")
    held = {row[0].value for query in queries for row in store.query(query) if str(row[0]).startswith("<")}
    taken = {split(iri)[0] for iri in held}
    near = {one for one in taken for space in spaces if nearmisses.loose(one) == nearmisses.loose(space)}
    known = nearmisses.Known({iri for iri in held if split(iri)[0] in near} | nearmisses.of_vocabularies())
    by_local = {}
    for iri in sorted(held):
        if split(iri)[1] in locals_:
            by_local.setdefault(split(iri)[1], []).append(iri)

    def meant(iri):
        space, local = split(iri)
        if found := known.meant(iri):
            return found
        # The name is right, and the namespace is one that the data do not know, and nearly one that they do.
        others = by_local.get(local, ()) if space not in taken and len(local) > 2 else ()
        return next((one for one in others if SequenceMatcher(None, split(one)[0], space).ratio() >= _ALIKE), None)

    return meant


def wrong_pattern(text, flags=""):
    """What is wrong with a regular expression, or None: it is that neither of the engines can read."""
    if not _is_regex(text, flags):
        try:
            re.compile(text)
        except (re.error, RecursionError, OverflowError) as problem:
            return f"is no regular expression: {problem}"
    return None


def wrong_regexes(query):
    """The regular expressions in the calls of REGEX and REPLACE of a query that its engine would silently not match."""
    tokens = query.tokens
    for at, token in enumerate(tokens):
        if token.kind != "word" or token.text.upper() not in ("REGEX", "REPLACE"):
            continue
        commas = 0
        for before, inner in zip(tokens[at + 1 :], tokens[at + 2 :], strict=False):
            if inner.depth <= token.depth:
                break
            commas += before.text == "," and before.depth == token.depth + 1
            if commas == 1 and before.text == "," and inner.kind == "string" and not _is_regex(inner.text, None):
                yield f"its sh:select holds the regular expression {inner.text[:60]}, which the engine does not know"


def _is_regex(text, flags):
    """Whether pyoxigraph takes a text for a regular expression; flags are None for a literal in the words of SPARQL."""
    import pyoxigraph as ox

    literal = text if flags is None else str(ox.Literal(text))
    more = "" if not flags else f", {ox.Literal(flags)}"
    found = ox.Store().query(f"SELECT ?x {{ BIND(REGEX('', {literal}{more}) AS ?x) }}")
    return next(iter(found))["x"] is not None


def _short(graph, term):
    return terms.contract(term.value, graph.prefixes)


def _fault(shape, name, value, message, subject=None):
    import pyoxigraph as ox

    place = (subject or shape.node, ox.NamedNode(SH + name), value)
    return Fault("unused", message, shape.id, place)
