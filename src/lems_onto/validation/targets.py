"""Finds the focus nodes of shapes, https://www.w3.org/TR/shacl/#targets."""

from .vocabulary import RDF, RDFS


def focus_nodes(shape, store):
    """The focus nodes that a store holds for the targets of a `Shape`, as a set of pyoxigraph terms."""
    import pyoxigraph as ox

    found = set()
    for kind, term in shape.targets:
        if kind == "targetNode":
            found.add(term)
        elif kind == "targetSubjectsOf":
            found.update(quad.subject for quad in store.quads_for_pattern(None, term, None))
        elif kind == "targetObjectsOf":
            found.update(quad.object for quad in store.quads_for_pattern(None, term, None))
        else:
            for kind_ in _below(term, store):
                found.update(quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), kind_))
    return found


def _below(term, store):
    """A class and the classes below it."""
    import pyoxigraph as ox

    below, todo = {term}, [term]
    while todo:
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS + "subClassOf"), todo.pop()):
            if quad.subject not in below:
                below.add(quad.subject)
                todo.append(quad.subject)
    return below
