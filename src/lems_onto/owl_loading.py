"""The ontology for owlready2, which reads no Turtle: loaded whole, and nothing fetched or run."""

from __future__ import annotations

import io

from . import graphs, reading, resources
from .errors import LemsError, UnreadableFile, shorten
from .reasoning import admission

TYPE_CHECKING = False
if TYPE_CHECKING:
    import owlready2

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
ONTOLOGY = "http://www.w3.org/2002/07/owl#Ontology"


def owl(*paths) -> owlready2.Ontology:
    """The shipped ontology, loaded by owlready2 in a world of its own, with RDF files of your own beside it.

    Each file becomes an ontology of its own in the same world, which is the
    `world` of what is returned. Nothing is fetched: `owl:imports` are left
    out, so name a copy of what you need as a file. Named graphs are read as
    one.

    Args:
        paths: RDF files in any syntax.

    Raises:
        UnreadableFile: a file is missing or is not RDF, would make owlready2 run code or hang, or holds what it cannot
            read.
        LemsError: two files hold ontologies of the same name.
    """
    import owlready2

    world = owlready2.World()
    loaded = {}
    first = None
    for path in (resources.ontology_path(), *paths):
        quads = [quad for quad in reading.parse(path)[2] if quad.predicate.value != graphs.OWL_IMPORTS]
        admission.admit(quads, path)
        iri = _name(path, quads)
        # owlready2 takes names that differ by the separator behind them for one, and would load the first alone.
        bare = iri.rstrip("#/")
        if bare in loaded:
            raise LemsError(
                f"{path}: is an ontology of the name <{shorten(iri, 200)}>, as is {loaded[bare]}; rename one, or leave "
                "one out"
            )
        loaded[bare] = path
        made = _load(world, iri, quads, path)
        first = first or made
    return first


def _name(path, quads):
    """The IRI of the ontology in a file, or the IRI of the file."""
    for quad in quads:
        if (
            quad.predicate.value == TYPE
            and getattr(quad.object, "value", None) == ONTOLOGY
            and not str(quad.subject).startswith("_:")
        ):
            return quad.subject.value
    return reading.base(path)


def _load(world, iri, quads, path):
    import owlready2
    import pyoxigraph as ox

    triples = dict.fromkeys(ox.Triple(quad.subject, quad.predicate, quad.object) for quad in quads)
    file = io.BytesIO(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    try:
        # The format is said, for owlready2 takes N-Triples with a long first line for RDF/XML.
        return world.get_ontology(iri).load(fileobj=file, format="ntriples")
    except owlready2.OwlReadyOntologyParsingError as problem:
        cause = problem.__cause__ or problem
        raise UnreadableFile(
            f"{path}: owlready2 cannot read it: {shorten(str(cause), 200)}; mend the value"
        ) from problem
