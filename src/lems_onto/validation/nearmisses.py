"""Finds IRIs that are all but the same as a known term: most likely misspelt ones."""

import functools
import re
from collections import defaultdict

from . import vocabulary

# Namespaces that are mistaken for one another: their scheme, www and end left out.
_LOOSE = re.compile(r"^https?://(?:www\.)?|[#/:]+$", re.IGNORECASE)


class Known:
    """Terms that exist, to look up what is nearly one of them."""

    def __init__(self, iris):
        """Take the terms, as text."""
        self.iris = set(iris)
        self._spaces = defaultdict(list)
        self._near = defaultdict(list)
        for iri in sorted(self.iris):
            space, local = split(iri)
            key = loose(space)
            self._spaces[key].append(space)
            if _comparable(local):
                for form in _forms(local):
                    self._near[key, form].append(iri)

    def meant(self, iri, plurals=False):
        """The known term that an IRI nearly is, or None: one letter more, less, other or exchanged, or other capitals.

        Names that end in a number are not compared: there each digit counts.
        Plurals are taken for words of their own, unless `plurals` are asked for.
        """
        if iri in self.iris:
            return None
        space, local = split(iri)
        key = loose(space)
        if key not in self._spaces or not local:
            return None
        # The name is right, and the namespace is not.
        for known in self._spaces[key]:
            if known + local in self.iris:
                return known + local
        if not _comparable(local):
            return None
        found = {near for form in _forms(local) for near in self._near.get((key, form), ())}
        close = [near for near in found if _close(split(near)[1].casefold(), local.casefold(), plurals)]
        return min(close, default=None)


def split(iri):
    """Namespace and local name of an IRI, by its last # or /; of OBO terms, by the underscore too."""
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:at], iri[at:]


@functools.cache
def of_vocabularies():
    """The terms of the vocabularies of the W3C."""
    return frozenset(space + name for space, names in vocabulary.CLOSED.items() for name in names)


@functools.lru_cache(maxsize=10_000)
def loose(space):
    """A namespace as far as it is not mistaken: without scheme, www and end."""
    return _LOOSE.sub("", _LOOSE.sub("", space)).lower()


def _comparable(local):
    return len(local) > 3 and not re.search(r"\d{2,}$", local)


def _forms(local):
    """The name, and the name without each of its letters: two names share one if they are about one letter apart."""
    local = local.casefold()
    return {local, *(local[:at] + local[at + 1 :] for at in range(len(local)))}


def _close(one, other, plurals):
    """Whether two names differ by one letter at most, or by two letters that are exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) == len(other):
        exchanged = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
        return one[at + 1 :] == other[at + 1 :] or exchanged
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    # An s at the end makes a plural: parent and parents are two words.
    plural = longer == shorter + "s" and not plurals
    return longer[at + 1 :] == shorter[at:] and not plural


def used(store):
    """The classes and properties that a store uses, and the nodes that it describes, as `Known`: for targets."""
    queries = ("SELECT DISTINCT ?x { ?s a ?x }", "SELECT DISTINCT ?x { ?s ?x ?o }", "SELECT DISTINCT ?x { ?x ?p ?o }")
    return Known({row[0].value for query in queries for row in store.query(query)})


def _aimless(triple, store):
    """Whether a triple of shapes targets a class or a property that the data do not use: most likely it is the typo."""
    kind, term = triple.predicate.value, triple.object
    patterns = {"targetClass": (None, None, term), "targetSubjectsOf": (None, term, None)}
    patterns["targetObjectsOf"] = patterns["targetSubjectsOf"]
    pattern = patterns.get(kind.removeprefix(vocabulary.SH))
    return pattern is not None and next(store.quads_for_pattern(*pattern), None) is None


def of_data(data, graph, with_ontology):
    """What in the files is described nowhere and nearly a known term: a triple, the wrong IRI, and the right one.

    Known are the terms of the shapes, those of the shipped ontology where it
    is read too, the classes and properties that the data declare or use more
    than once, and the vocabularies of the W3C.
    """
    import pyoxigraph as ox

    store = data.store
    described = {row[0] for row in store.query("SELECT DISTINCT ?x { ?x ?p ?o FILTER ISIRI(?x) }")}
    predicates = {row[0] for row in store.query("SELECT DISTINCT ?x { ?s ?x ?o }")}
    objects = {row[0] for row in store.query("SELECT DISTINCT ?x { ?s ?p ?x FILTER ISIRI(?x) }")}
    known = of_vocabularies() | {
        node.value
        for triple in graph.triples
        for node in (triple.subject, triple.predicate, triple.object)
        if isinstance(node, ox.NamedNode) and not (node == triple.object and _aimless(triple, store))
    }
    kinds = "owl:Class owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty rdfs:Class rdf:Property"
    declared = f"""PREFIX owl: <{vocabulary.OWL}> PREFIX rdf: <{vocabulary.RDF}> PREFIX rdfs: <{vocabulary.RDFS}>
        SELECT DISTINCT ?x {{ VALUES ?kind {{ {kinds} }} ?x a ?kind FILTER ISIRI(?x) }}"""
    known |= {row[0].value for row in store.query(declared)}
    if with_ontology:
        from .. import graphs

        known |= {row[0].value for row in graphs.shipped()[0].query("SELECT DISTINCT ?x { ?x ?p ?o FILTER ISIRI(?x) }")}
    terms = Known(known)
    lost = sorted(((predicates | objects) - described), key=str)
    for node in lost:
        meant = terms.meant(node.value)
        if meant is None:
            continue
        uses = [*store.quads_for_pattern(None, node, None), *store.quads_for_pattern(None, None, node)]
        for quad in sorted(uses, key=str):
            if data.subjects is None or quad.subject in data.subjects:
                yield tuple(quad.triple), node, ox.NamedNode(meant)
