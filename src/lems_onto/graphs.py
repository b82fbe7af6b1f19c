"""Graphs in memory: the shipped one or files of one's own, for pyoxigraph and for rdflib."""

from __future__ import annotations

import functools
import itertools

from . import reading, resources, terms
from .errors import UnreadableFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pyoxigraph
    import rdflib

OWL_IMPORTS = "http://www.w3.org/2002/07/owl#imports"
ONTOLOGY = "https://w3id.org/lems-onto"


def load(*paths) -> rdflib.Graph:
    """The graph of the given RDF files, or the shipped ontology when none is given.

    Named graphs are read as one. Literals keep the form in which they are
    written, and `owl:imports` are not followed.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
    """
    graph = None
    for path in paths or (resources.ontology_path(),):
        _, prefixes, quads = reading.parse(path)
        graph = to_rdflib(quads, prefixes, graph)
    return graph


def parse_all(*paths) -> list[pyoxigraph.Quad]:
    """The quads of RDF files, one after the other.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
    """
    return [quad for path in paths for quad in reading.parse(path)[2]]


def store(quads) -> pyoxigraph.Store:
    """A pyoxigraph store with the given quads in its default graph."""
    import pyoxigraph as ox

    filled = ox.Store()
    filled.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return filled


def store_of(*paths, more=b"") -> pyoxigraph.Store:
    """A pyoxigraph store with the triples of RDF files, and of N-Triples in `more`; named graphs are read as one.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
    """
    import pyoxigraph as ox

    filled = ox.Store()
    for path in paths:
        syntax, parser = reading.opened(path)
        quads = reading.each(path, syntax, parser)
        filled.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    if more:
        filled.bulk_load(more, format=ox.RdfFormat.N_TRIPLES)
    return filled


@functools.cache
def shipped() -> tuple[pyoxigraph.Store, dict]:
    """The shipped ontology as a store, with its prefixes; read once in a process and never changed."""
    import pyoxigraph as ox

    path = resources.ontology_path()
    filled = ox.Store()
    filled.bulk_load(path=path, format=ox.RdfFormat.TURTLE)
    with open(path, encoding="utf-8") as file:
        lines = itertools.takewhile(lambda line: line.startswith(("#", "@", "\n")), file)
        words = [line.split() for line in lines if line.startswith("@prefix")]
    return filled, {prefix[:-1]: iri[1:-1] for _, prefix, iri, _ in words}


def from_rdflib(graph) -> pyoxigraph.Store:
    """A store with the triples of an `rdflib.Graph`."""
    import pyoxigraph as ox

    filled = ox.Store()
    filled.bulk_extend(ox.Quad(*map(terms.from_rdflib, triple)) for triple in graph)
    return filled


def to_rdflib(quads, prefixes=(), graph=None) -> rdflib.Graph:
    """An `rdflib.Graph` of quads, added to `graph` when one is given.

    An xsd:string is a plain literal in RDF 1.1; rdflib 7 takes the two for
    different terms, so that the plain one is made.
    """
    import rdflib

    graph = rdflib.Graph(bind_namespaces="none") if graph is None else graph
    for prefix, iri in dict(prefixes).items():
        graph.bind(prefix, iri)
    known = {}

    def term(node):
        if node not in known:
            known[node] = to_rdflib_term(node)
        return known[node]

    for quad in quads:
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def to_rdflib_term(node):
    """The rdflib term of a pyoxigraph term, its lexical form kept; None for None."""
    import pyoxigraph as ox
    import rdflib

    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return rdflib.BNode(node.value)
    if isinstance(node, ox.Literal):
        datatype = node.datatype.value
        plain = node.language or datatype == "http://www.w3.org/2001/XMLSchema#string"
        return rdflib.Literal(
            node.value, lang=node.language, datatype=None if plain else rdflib.URIRef(datatype), normalize=False
        )
    if isinstance(node, ox.Triple):
        raise UnreadableFile("a triple term stands in the data; only RDF 1.1 is read: reify the statement")
    return node


def imports(quads):
    """The ontologies that quads import and that are not this one, sorted; none of them is fetched."""
    named = {quad.object.value for quad in quads if quad.predicate.value == OWL_IMPORTS}
    return sorted(iri for iri in named if not is_shipped(iri))


def is_shipped(iri):
    """Whether an IRI names the shipped ontology, or its version."""
    import pyoxigraph as ox

    if iri == ONTOLOGY or not iri.startswith(ONTOLOGY):
        return iri == ONTOLOGY
    version = ox.NamedNode("http://www.w3.org/2002/07/owl#versionIRI")
    return any(quad.object.value == iri for quad in shipped()[0].quads_for_pattern(None, version, None))


def holds_shipped(store):
    """Whether a store holds a whole copy of the shipped ontology: every class of it is declared there."""
    import pyoxigraph as ox

    type_, kind = (
        ox.NamedNode(iri)
        for iri in ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://www.w3.org/2002/07/owl#Class")
    )
    if ox.Quad(ox.NamedNode(ONTOLOGY + "/LambertEatonMyasthenicSyndrome"), type_, kind) not in store:
        return False
    declared = shipped()[0].quads_for_pattern(None, type_, kind)
    return all(quad in store for quad in declared if isinstance(quad.subject, ox.NamedNode))
