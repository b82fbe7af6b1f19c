"""What lies in the shipped ontology, and what a file of one's own holds."""

from collections import namedtuple

from . import graphs, reading, resources

OWL = "http://www.w3.org/2002/07/owl#"
LEMS = "https://w3id.org/lems-onto/"


class Shipped(namedtuple("Shipped", "version triples claims facts spans classes folder")):
    """The shipped ontology: its version, counts, and the folder that holds the data."""

    __slots__ = ()


class File(namedtuple("File", "path syntax triples imports")):
    """An RDF file: its path, the name of its syntax, the number of triples, and what it imports."""

    __slots__ = ()


def shipped_info() -> Shipped:
    """Version and counts of the shipped ontology."""
    store, _ = graphs.shipped()

    def count(pattern):
        return int(next(iter(store.query(f"SELECT (COUNT(DISTINCT ?x) AS ?n) WHERE {{ {pattern} }}")))[0].value)

    version = next(iter(store.query(f"SELECT ?v WHERE {{ <{graphs.ONTOLOGY}> <{OWL}versionInfo> ?v }}")))[0].value
    return Shipped(
        version=version,
        triples=len(store),
        claims=count(f"?x <{LEMS}modality> ?modality"),
        facts=count(f"?claim <{LEMS}fact> ?x"),
        spans=count(f"?x a <{LEMS}TextSpan>"),
        classes=count(f"?x a <{OWL}Class> FILTER (isIRI(?x))"),
        folder=resources.data_folder(),
    )


def file_info(path) -> File:
    """Syntax and number of triples of an RDF file.

    Raises:
        UnreadableFile: it is missing or is not RDF.
    """
    syntax, _, quads = reading.parse(path)
    return File(str(path), syntax, len(graphs.store(quads)), tuple(graphs.imports(quads)))
