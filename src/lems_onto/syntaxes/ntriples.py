"""Writes N-Triples, sorted, with the same names for the same blank nodes."""

import itertools

from .layout import FIRST, NIL, REST, List, Node


def write(graphs):
    """The text of graphs without names that are laid out, as N-Triples."""
    import pyoxigraph as ox

    return ox.serialize(sorted(triples(graphs), key=str), format=ox.RdfFormat.N_TRIPLES).decode()


def triples(graphs):
    """The triples of graphs that are laid out; blank nodes without a name get one in the order of the layout."""
    import pyoxigraph as ox

    first, rest, nil = map(ox.NamedNode, (FIRST, REST, NIL))
    numbers = itertools.count(1)
    found = []

    def new():
        return ox.BlankNode(f"n{next(numbers)}")

    def of(value):
        if isinstance(value, Node):
            return say(new(), value.properties)
        if isinstance(value, List):
            cells = [new() for _ in value.values]
            for cell, one, after in zip(cells, value.values, [*cells[1:], nil], strict=True):
                found.append(ox.Triple(cell, first, of(one)))
                found.append(ox.Triple(cell, rest, after))
            return cells[0]
        return value

    def say(subject, properties):
        for predicate, values in properties:
            node = ox.NamedNode(predicate)
            found.extend([ox.Triple(subject, node, of(value)) for value in values])
        return subject

    for graph in graphs:
        for node in graph.nodes:
            say(new() if node.term is None else node.term, node.properties)
    return found
