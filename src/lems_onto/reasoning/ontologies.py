"""Reads the ontologies that are reasoned over, and writes them as the tools want them."""

import collections
import re

from .. import graphs, reading, resources
from ..errors import LemsError, UnreadableFile, shorten
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
    if any(type(triple.object).__name__ == "Triple" for triple in triples):
        raise UnreadableFile(f"{path}: holds a triple term, which is RDF 1.2 and not OWL; reify the statement")
    admission.admit(triples, path)
    return Part(name or str(path), triples, prefixes)


def triples(parts):
    """The triples of all parts, each once, in the order of the parts."""
    return list(dict.fromkeys(triple for one in parts for triple in one.triples))


def imports(parts):
    """The ontologies that are imported by name and are not this one, sorted."""
    return graphs.imports(triple for one in parts for triple in one.triples)


def imports_shipped(parts):
    """Whether one of the parts imports the shipped ontology."""
    return any(
        triple.predicate.value == graphs.OWL_IMPORTS and graphs.is_shipped(triple.object.value)
        for one in parts
        for triple in one.triples
    )


def logical(given):
    """The triples that a reasoner needs: no annotations, no headers, no annotated axioms.

    Declarations stay, of annotation properties too: a triple with one of them
    on an individual would else be taken for an assertion.
    """
    kinds = collections.defaultdict(set)
    for triple in given:
        if triple.predicate.value == RDF + "type":
            kinds[getattr(triple.object, "value", "")].add(triple.subject)
    others = kinds[OWL + "ObjectProperty"] | kinds[OWL + "DatatypeProperty"]
    # Whatever a file declares, words of RDF and OWL mean what they mean.
    annotations = ANNOTATIONS | {
        node.value for node in kinds[OWL + "AnnotationProperty"] - others if not node.value.startswith(BUILT_IN)
    }
    reified = {node for node in kinds[OWL + "Axiom"] | kinds[OWL + "Annotation"] if type(node).__name__ == "BlankNode"}
    # OWLAPI would take a relation that is declared an annotation property too for that alone.
    return [
        triple
        for triple in given
        if triple.predicate.value not in annotations
        and triple.subject not in reified
        and not (triple.subject in others and getattr(triple.object, "value", "") == OWL + "AnnotationProperty")
    ]


def undeclared(given):
    """The properties that are used and not declared, sorted: OWL tools take what they say for annotations."""
    declared = {
        triple.subject.value
        for triple in given
        if triple.predicate.value == RDF + "type"
        and getattr(triple.object, "value", "").startswith(OWL)
        and triple.object.value.endswith("Property")
    }
    used = {triple.predicate.value for triple in given}
    axioms = {RDFS + "domain", RDFS + "range", RDFS + "subPropertyOf", OWL + "inverseOf"}
    used |= {
        triple.subject.value
        for triple in given
        if triple.predicate.value in axioms and type(triple.subject).__name__ == "NamedNode"
    }
    return sorted(iri for iri in used - declared if not iri.startswith(BUILT_IN))


def stated(given):
    """Triples without the annotations of axioms that do not stand among them: OWLAPI would assert these axioms."""
    parts = [OWL + name for name in ("annotatedSource", "annotatedProperty", "annotatedTarget")]
    reified = collections.defaultdict(dict)
    for triple in given:
        if triple.predicate.value in parts:
            reified[triple.subject][triple.predicate.value] = triple.object
    if not reified:
        return given
    known = {(triple.subject, triple.predicate, triple.object) for triple in given}
    loose = {node for node, found in reified.items() if tuple(found.get(part) for part in parts) not in known}
    return [triple for triple in given if triple.subject not in loose] if loose else given


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
