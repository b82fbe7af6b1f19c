"""The parts of a graph that is laid out for writing, and the order in which they come."""

import collections
import re

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
XSD = "http://www.w3.org/2001/XMLSchema#"
FIRST, REST, NIL, TYPE = RDF + "first", RDF + "rest", RDF + "nil", RDF + "type"

Graph = collections.namedtuple("Graph", "name nodes")
Graph.__doc__ = "A graph: its name, or None for the default one, and its `Node`s in order."
Node = collections.namedtuple("Node", "term properties")
Node.__doc__ = """A node: its term, or None for a blank node without a name; and pairs of a predicate and its values.

A value is a term of pyoxigraph, a `Node` without a name, or a `List`."""
List = collections.namedtuple("List", "values")
List.__doc__ = "An RDF list, as a tuple of values."

# As in the ontology: what a thing is and is called comes first, where it is defined last.
PREDICATES = (
    TYPE, RDFS + "label", SKOS + "prefLabel", SKOS + "altLabel", "http://purl.obolibrary.org/obo/IAO_0000115",
    SKOS + "definition", RDFS + "comment",
)  # fmt: skip
LAST = RDFS + "isDefinedBy"
# The kinds of things that OWL knows, in the order in which an ontology is read.
KINDS = tuple(
    OWL + name
    for name in "Ontology AnnotationProperty ObjectProperty DatatypeProperty Class Restriction NamedIndividual Axiom "
    "Annotation AllDifferent AllDisjointClasses AllDisjointProperties NegativePropertyAssertion".split()
)


def of_predicate(predicate):
    """The sort key of the IRI of a predicate."""
    rank = PREDICATES.index(predicate) if predicate in PREDICATES else len(PREDICATES) + (predicate == LAST)
    return rank, natural(predicate)


def of_value(value):
    """The sort key of a value: names before blank nodes before literals, numbers in them by their size."""
    if isinstance(value, Node):
        return 2, natural(_text(value)), "", ""
    if isinstance(value, List):
        return 3, natural(_text(value)), "", ""
    if hasattr(value, "datatype"):
        return 4, natural(value.value), value.language or "", value.datatype.value
    return int(str(value).startswith("_:")), natural(value.value), "", ""


def of_node(node):
    """The sort key of a node: by the kind of thing that it is, then by its name."""
    types = {value.value for predicate, values in node.properties if predicate == TYPE for value in values[:20]
             if not isinstance(value, tuple)}  # fmt: skip
    rank = next((rank for rank, kind in enumerate(KINDS) if kind in types), len(KINDS))
    key = of_value(node if node.term is None else node.term)
    return rank, key


def natural(text):
    """A sort key of a text in which 9 comes before 10."""
    return [
        part if at % 2 == 0 else (len(part.lstrip("0")), part.lstrip("0"), part)
        for at, part in enumerate(re.split("([0-9]+)", text))
    ]


def _text(value):
    if isinstance(value, List):
        return f"({' '.join(map(_text, value.values))})"
    if isinstance(value, Node):
        return f"[{' '.join(f'{p} {_text(one)}' for p, values in value.properties for one in values)}]"
    return str(value)
