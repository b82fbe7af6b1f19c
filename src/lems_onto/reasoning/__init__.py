"""Reasons over the shipped ontology and files of one's own: what follows, what cannot be, and why."""

from .reasoners import MEMORY, NAMES, TIMEOUT


def reason(*paths, ontology=True, reasoner=NAMES[0], timeout=TIMEOUT, memory=MEMORY):
    """What follows from the given files together with the shipped ontology.

    Args:
        paths: RDF files; `owl:imports` are not followed.
        ontology: whether the shipped ontology is read too; it is, where no file is named.
        reasoner: `hermit` or `pellet`, as owlready2 carries them.
        timeout: seconds after which the reasoner is stopped.
        memory: megabytes that its heap may take.

    Returns:
        An `Inferred`.

    Raises:
        UnreadableFile: a file cannot be read, or would mislead or attack an OWL tool.
        NoJava: there is no Java.
        JavaFailed: the reasoner did not do its work.
    """
    from . import inferences, ontologies, reasoners

    if reasoner not in NAMES:
        from ..errors import UnknownName

        raise UnknownName("reasoner", reasoner, NAMES, f"there are {' and '.join(NAMES)}")
    parts = ontologies.read(*paths, ontology=ontology)
    triples = ontologies.triples(parts)
    found = reasoners.infer(triples, reasoner, timeout, memory)
    return inferences.Inferred(
        reasoner,
        found is not None,
        found,
        ontologies.told(triples),
        ontologies.imports(parts),
        ontologies.undeclared(triples),
    )
