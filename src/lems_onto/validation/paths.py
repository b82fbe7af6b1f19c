"""Writes the property paths of shapes as SPARQL does, https://www.w3.org/TR/shacl/#property-paths."""

from .vocabulary import RDF, SH

_MARKS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


class BadList(ValueError):
    """A list that has no end, or more than one."""


def text(graph, node):
    """A path of a `ShapesGraph` as SPARQL writes it.

    Raises:
        ValueError: it is none; the message says why.
    """
    return _text(graph, node, 0, 0)


def _text(graph, node, least, depth):
    """A path as text, in parentheses where it binds less than `least`: 0 |, 1 /, 2 ^, 3 a mark, 4 an IRI."""
    import pyoxigraph as ox

    if depth > 50:
        raise ValueError("is nested more than 50 levels deep, or leads back into itself")
    if isinstance(node, ox.NamedNode):
        return str(node)
    if not isinstance(node, ox.BlankNode):
        raise ValueError("is a literal")
    if graph.values(node, "first", RDF):
        binds, text = 1, "/".join(_text(graph, step, 2, depth + 1) for step in _several(graph, node, "sequence"))
    else:
        kinds = [triple for triple in graph.of(node) if triple.predicate.value.startswith(SH)]
        if len(kinds) != 1:
            raise ValueError("is a blank node with no path expression, or with more than one")
        name, inner = kinds[0].predicate.value[len(SH) :], kinds[0].object
        if name == "alternativePath":
            ways = _several(graph, inner, "alternative")
            binds, text = 0, "|".join(_text(graph, way, 1, depth + 1) for way in ways)
        elif name == "inversePath":
            binds, text = 2, "^" + _text(graph, inner, 3, depth + 1)
        elif name in _MARKS:
            binds, text = 3, _text(graph, inner, 4, depth + 1) + _MARKS[name]
        else:
            raise ValueError(f"has the unknown path expression sh:{name}")
    return text if binds >= least else f"({text})"


def _several(graph, head, what):
    try:
        members = graph.members(head)
    except BadList as problem:
        raise ValueError("holds a list without an end") from problem
    if len(members) < 2:
        raise ValueError(f"is a {what} of less than two paths")
    return members
