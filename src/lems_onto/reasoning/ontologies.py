"""Reads the ontologies that are reasoned over, and writes them as the tools want them."""

import collections
import re

from .. import graphs, reading, resources
from ..errors import LemsError, shorten
from . import admission
from .admission import OWL, RDF

RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SHIPPED = "the shipped ontology"
ANNOTATIONS = {RDFS + name for name in "label comment seeAlso isDefinedBy".split()} | {
    OWL + name
    for name in "versionInfo versionIRI imports deprecated priorVersion backwardCompatibleWith incompatibleWith".split()
}
BUILT_IN = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", RDFS, OWL, "http://www.w3.org/2001/XMLSchema#")

# https://www.w3.org/TR/xml/#charsets
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Part = collections.namedtuple("Part", "name triples prefixes")
Part.__doc__ = """The triples of one file, with its name and prefixes."""


class Unwritable(LemsError):
    """Triples that a syntax cannot hold, or a disk has no room for."""


def read(*paths, ontology=True):
    """The triples of files, admitted, and of the shipped ontology.

    Returns:
        A list of `Part`, the shipped ontology first.

    Raises:
        UnreadableFile: a file cannot be read, or cannot be admitted (see `admission`).
    """
    parts = []
    if ontology or not paths:
        parts.append(part(resources.ontology_path(), SHIPPED))
    return parts + [part(path) for path in paths]


def part(path, name=None):
    """The `Part` of one file; raises as `read`."""
    _, prefixes, quads = reading.parse(path)
    triples = [quad.triple for quad in quads]
    admission.admit(triples, path)
    return Part(name or str(path), triples, prefixes)


def triples(parts):
    """The triples of all parts, each once, in the order of the parts."""
    return list(dict.fromkeys(triple for one in parts for triple in one.triples))


def imports(parts):
    """The ontologies that are imported by name and are not this one, sorted."""
    return graphs.imports(triple for one in parts for triple in one.triples)


def logical(given):
    """The triples that a reasoner needs: no annotations, no headers, no annotated axioms.

    Declarations stay, of annotation properties too: a triple with one of them
    on an individual would else be taken for an assertion.
    """
    annotations = ANNOTATIONS | {
        triple.subject.value
        for triple in given
        if triple.predicate.value == RDF + "type" and getattr(triple.object, "value", "") == OWL + "AnnotationProperty"
    }
    reified = {
        triple.subject
        for triple in given
        if triple.predicate.value == RDF + "type"
        and getattr(triple.object, "value", "") in (OWL + "Axiom", OWL + "Annotation", OWL + "Ontology")
    }
    return [triple for triple in given if triple.predicate.value not in annotations and triple.subject not in reified]


def told(given):
    """Pairs of a term and a named one directly above it that triples state: subclasses, equivalents, types."""
    pairs = set()
    for triple in given:
        predicate = triple.predicate.value
        below, above = (getattr(node, "value", None) for node in (triple.subject, triple.object))
        if not below or not above or hasattr(triple.object, "datatype") or not _named(triple.object):
            continue
        if predicate == RDFS + "subClassOf" and _named(triple.subject):
            pairs.add((below, above))
        elif predicate == OWL + "equivalentClass" and _named(triple.subject):
            pairs |= {(below, above), (above, below)}
        elif predicate == RDF + "type" and not above.startswith(BUILT_IN):
            pairs.add((below if _named(triple.subject) else f"_:{below}", above))
    return frozenset(pairs)


def _named(node):
    return type(node).__name__ == "NamedNode"


def rdf_xml(given):
    """Triples as RDF/XML in bytes, which every OWL library reads.

    Raises:
        Unwritable: RDF/XML cannot hold one of them.
    """
    import pyoxigraph as ox

    for triple in given:
        # The serializer does not look at either, and writes what no parser reads.
        if not re.search(r"[^\W\d][\w.·-]*$", triple.predicate.value):
            raise Unwritable(
                f"the property {shorten(str(triple.predicate))} has no name that XML knows behind its last separator, "
                "so that RDF/XML, which OWL tools read, cannot hold it; rename it"
            )
        if hasattr(triple.object, "datatype") and (bad := _NO_XML.search(triple.object.value)):
            raise Unwritable(
                f"a literal of {shorten(str(triple.subject))} holds the character U+{ord(bad[0]):04X}, which XML, "
                "and so OWL tools, cannot hold; remove it"
            )
    return ox.serialize(given, format=ox.RdfFormat.RDF_XML)


def n_triples(given):
    """Triples as N-Triples in bytes."""
    import pyoxigraph as ox

    return ox.serialize(given, format=ox.RdfFormat.N_TRIPLES)
