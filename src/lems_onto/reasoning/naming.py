"""The terms of ontologies by the names that people give them, and back."""

import collections

from .. import terms
from ..errors import AmbiguousTerm, UnknownName, printable, shorten
from .admission import OWL, RDF
from .ontologies import RDFS

LABELS = (
    RDFS + "label",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#altLabel",
    "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym",
)
# How relations of OWL are called by people.
RELATIONS = {
    **dict.fromkeys(("is a", "isa", "is_a", "is", "subclass of", "subclassof", "rdfs:subclassof"), RDFS + "subClassOf"),
    **dict.fromkeys(("a", "type", "rdf:type", "instance of"), RDF + "type"),
    **dict.fromkeys(("equivalent to", "owl:equivalentclass"), OWL + "equivalentClass"),
    **dict.fromkeys(("disjoint with", "owl:disjointwith"), OWL + "disjointWith"),
}
THINGS = {
    "nothing": OWL + "Nothing", "owl:nothing": OWL + "Nothing", "thing": OWL + "Thing", "owl:thing": OWL + "Thing",
}  # fmt: skip


class Names:
    """The names of the terms of some parts of an ontology.

    Args:
        parts: a list of `ontologies.Part`.
    """

    def __init__(self, parts):
        self.prefixes = {prefix: space for part in parts for prefix, space in part.prefixes.items() if prefix}
        self._labels, self.known, self._relations = {}, set(), set()
        self._named = [collections.defaultdict(set) for _ in LABELS]
        for part in parts:
            for triple in part.triples:
                subject = getattr(triple.subject, "value", None)
                if type(triple.subject).__name__ != "NamedNode":
                    continue
                self.known.add(subject)
                if triple.predicate.value == RDF + "type" and triple.object.value == OWL + "ObjectProperty":
                    self._relations.add(subject)
                if type(triple.object).__name__ == "NamedNode":
                    self.known.add(triple.object.value)
                # An empty label names nothing.
                if (
                    triple.predicate.value in LABELS
                    and getattr(triple.object, "datatype", None)
                    and triple.object.value
                ):
                    rank = LABELS.index(triple.predicate.value)
                    self._named[rank][triple.object.value.casefold()].add(subject)
                    if rank < 2:
                        before = self._labels.get(subject)
                        self._labels[subject] = min(filter(None, (before, triple.object.value)))

    def of(self, iri):
        """The label of a term, with its CURIE where others bear it too; or else its CURIE or its IRI."""
        label = {OWL + "Thing": "thing", OWL + "Nothing": "impossible"}.get(iri) or self._labels.get(iri)
        if not label:
            return self.short(iri)
        shared = any(len(named.get(label.casefold(), ())) > 1 for named in self._named[:2])
        # A label may hold what commands a terminal.
        return printable(f"{label} ({self.short(iri)})" if shared else label)

    def short(self, iri):
        """The CURIE of an IRI, or the IRI itself."""
        return printable(terms.contract(iri, self.prefixes))

    def relation(self, text):
        """The IRI of a relation by its label, CURIE or IRI, or by how a relation of OWL is called; raises as `term`."""
        return RELATIONS.get(text.casefold()) or self.term(text, "relation")

    def term(self, text, what="term"):
        """The IRI of a term by its label, synonym, CURIE or IRI.

        Raises:
            UnknownName: nothing bears that name.
            AmbiguousTerm: more than one term does.
        """
        if text.casefold() in THINGS:
            return THINGS[text.casefold()]
        for named in self._named:
            found = named.get(text.casefold(), ())
            if len(found) > 1:
                which = " or ".join(sorted(map(self.short, found)))
                raise AmbiguousTerm(f"'{shorten(text)}' is the name of {which}; say which")
            if found:
                return next(iter(found))
        iri = terms.expand(text, self.prefixes)
        if iri is not None and (iri in self.known or iri in THINGS.values()):
            return iri
        if what == "relation":
            names = [*RELATIONS, *(name for name, iris in self._named[0].items() if iris & self._relations)]
        else:
            names = [*dict.fromkeys(name for named in self._named for name in named), *map(self.short, self.known)]
        raise UnknownName(what, text, names, "give a label, a CURIE or an IRI of the ontology or of your files")
