"""Converts graphs from one syntax to another, without loss."""

from . import functional, graphs, reading, resources
from .errors import LemsError, UnknownName
from .reasoning import admission
from .syntaxes import arranging, jsonld, ntriples, rdfxml, turtle

# Name of the syntax, what it is called, endings of files.
SYNTAXES = {
    "ttl": ("Turtle", (".ttl",)),
    "owl": ("RDF/XML", (".owl", ".rdf", ".xml")),
    "jsonld": ("JSON-LD", (".jsonld", ".json")),
    "nt": ("N-Triples", (".nt",)),
    "trig": ("TriG", (".trig",)),
    "ofn": ("OWL functional syntax", (".ofn",)),
}
# Those that can say in which graph a statement stands.
WITH_GRAPHS = ("jsonld", "trig")


def convert(*paths, to, one_graph=False) -> str:
    """The graph of RDF files, or the shipped ontology, in another syntax.

    The text is the same in every run. Blank nodes are renamed, and comments
    are lost; nothing else is: the graph read back is isomorphic to what was
    read, and literals are written as they were. (Tags of languages are in
    lower case, as everywhere in this package.) `owl:imports` are kept and not
    followed.

    OWL functional syntax, "ofn", holds axioms and not triples, and is written
    by OWLAPI: a class expression that two axioms share is written twice, the
    members of sets have no order, and datatypes are declared.

    Args:
        paths: RDF files, converted together.
        to: one of `SYNTAXES`.
        one_graph: leave the names of graphs out.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
        UnknownName: there is no such syntax.
        LemsError: the syntax cannot hold what is in the files; or, for "ofn", OWLAPI cannot be reached.
    """
    if to not in SYNTAXES:
        raise UnknownName("syntax", to, SYNTAXES, f"there are {', '.join(SYNTAXES)}")
    prefixes, quads = _read(paths or (resources.ontology_path(),), to, one_graph)
    if to == "ofn":
        return functional.write(quads, prefixes)
    laid = arranging.arrange(quads, literal_lists=to != "owl")
    if to == "owl":
        return rdfxml.write(laid, prefixes)
    if to == "jsonld":
        return jsonld.write(laid, prefixes)
    return ntriples.write(laid) if to == "nt" else turtle.write(laid, prefixes)


def _read(paths, to, one_graph):
    """The prefixes and the quads of files; triples for OWLAPI.

    Prefixes of the shipped ontology stand in where the files have none.
    """
    import pyoxigraph as ox

    prefixes, quads = {}, []
    for path in paths:
        _, own, found = reading.parse(path)
        for prefix, space in own.items():
            prefixes.setdefault(prefix, space)
        if one_graph:
            found = [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found]
        elif to not in WITH_GRAPHS:
            named = next((quad.graph_name for quad in found if not isinstance(quad.graph_name, ox.DefaultGraph)), None)
            if named is not None:
                raise LemsError(
                    f"{path}: holds the named graph {named}, which {SYNTAXES[to][0]} cannot; "
                    "convert it to trig or jsonld, or leave the names out with --one-graph"
                )
        if to == "ofn":
            admission.admit(found, path)
            found = [quad.triple for quad in found]
        quads += found
    for prefix, space in graphs.shipped()[1].items():
        if space not in prefixes.values():
            prefixes.setdefault(prefix, space)
    return prefixes, quads
