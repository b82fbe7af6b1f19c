"""Makes files out of an ontology for readers that cannot take all of it."""

from ..syntaxes import arranging, turtle
from . import el as within_el
from . import ontologies
from .admission import OWL, RDF

COMMENT = "http://www.w3.org/2000/01/rdf-schema#comment"
NOTE = "The part of <{iri}> within OWL 2 EL, made by a program; edit that one."


def el(parts):
    """The part of an ontology within OWL 2 EL, under a name of its own.

    The name of the ontology and of its version get `/el` at their ends.

    Args:
        parts: a list of `ontologies.Part`.

    Returns:
        Its Turtle, the same in every run, and the changes (see `el.Change`).

    Raises:
        NotWithin: OWLAPI still finds something outside of EL.
        NoBridge, NoJava, JavaFailed, Unwritable: OWLAPI cannot be had, or cannot read the parts.
    """
    import pyoxigraph as ox

    triples, changes = within_el.within(parts)
    headers = {
        triple.subject
        for triple in triples
        if triple.predicate.value == RDF + "type" and getattr(triple.object, "value", "") == OWL + "Ontology"
    }
    renamed = []
    for triple in triples:
        if triple.subject not in headers or not isinstance(triple.subject, ox.NamedNode):
            renamed.append(triple)
            continue
        subject, value = ox.NamedNode(triple.subject.value + "/el"), triple.object
        if triple.predicate.value == OWL + "versionIRI":
            value = ox.NamedNode(value.value + "/el")
        renamed.append(ox.Triple(subject, triple.predicate, value))
        if value == ox.NamedNode(OWL + "Ontology"):
            note = ox.Literal(NOTE.format(iri=triple.subject.value), language="en")
            renamed.append(ox.Triple(subject, ox.NamedNode(COMMENT), note))
    prefixes = {prefix: space for part in reversed(parts) for prefix, space in part.prefixes.items()}
    text = turtle.write(arranging.arrange([ox.Quad(*triple) for triple in renamed]), prefixes)
    return text, changes


def shipped():
    """The files that are made of the shipped ontology: a dict from their place below `ontology` to their text."""
    return {"products/lems-el.ttl": el(ontologies.read())[0]}
