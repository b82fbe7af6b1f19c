"""Reads files that tell of patients: the individuals in them, and what the ontology knows of the terms they use."""

import collections
import functools

from . import graphs, reading, terms

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
LEMS = "https://w3id.org/lems-onto/"
DISEASE = LEMS + "LambertEatonMyasthenicSyndrome"
FORMS = (LEMS + "CancerAssociatedLems", LEMS + "NonCancerAssociatedLems")
CANCER = "http://purl.obolibrary.org/obo/MONDO_0004992"
ASSOCIATED, HEDGED = LEMS + "associatedWith", LEMS + "mayBeAssociatedWith"
# What is said with these of a node makes it no individual.
_SCHEMA = (RDF, RDFS, OWL, SKOS)
_INDIVIDUAL = (OWL + "NamedIndividual", OWL + "Thing")


class CaseFile:
    """Some files as one graph, beside the shipped ontology.

    Args:
        data: the `validation.inputs.Data` of the files, without the ontology.

    Attributes:
        data: the same.
        own: the triples of the files, by subject, in the order of the store.
        individuals: the nodes of the files that stand for things, sorted.
        prefixes: those of the ontology and of the files.
    """

    def __init__(self, data):
        from .validation import locating

        self.data = data
        self.locator = locating.Locator(data.sources, data.store, data.described)
        self.own = collections.defaultdict(list)
        for quad in data.store:
            self.own[quad.subject].append(quad.triple)
        self._shipped, prefixes = graphs.shipped()
        self.prefixes = {**prefixes, **data.prefixes}
        # Asked again and again of few classes.
        self.below, self.above = functools.cache(self.below), functools.cache(self.above)
        self.individuals = sorted(filter(self._is_individual, self.own), key=str)

    def _is_individual(self, node):
        kinds = [getattr(t.object, "value", "") for t in self.own[node] if t.predicate.value == RDF + "type"]
        if any(kind.startswith((OWL, RDFS)) and kind not in _INDIVIDUAL for kind in kinds) or self.is_class(node):
            return False
        said = any(not triple.predicate.value.startswith(_SCHEMA) for triple in self.own[node])
        return said or bool(kinds)

    @functools.cached_property
    def relations(self):
        """The IRIs of all object properties."""
        return self._instances("ObjectProperty")

    @functools.cached_property
    def annotations(self):
        """The IRIs of all annotation properties."""
        return self._instances("AnnotationProperty")

    @functools.cached_property
    def classes(self):
        """The IRIs of all declared classes."""
        return self._instances("Class")

    @functools.cached_property
    def values_used(self):
        """The nodes that a statement of the files leads to."""
        return {triple.object for triples in self.own.values() for triple in triples}

    @functools.cached_property
    def known(self):
        """The IRIs of which the ontology or the files say something."""
        shipped = {row[0].value for row in self._shipped.query("SELECT DISTINCT ?x { ?x ?p ?o FILTER ISIRI(?x) }")}
        return shipped | {node.value for node in self.own if not str(node).startswith("_:")}

    def is_class(self, node):
        """Whether a node is a declared class."""
        return getattr(node, "value", "") in self.classes and not str(node).startswith("_:")

    def below(self, iri, predicate=RDFS + "subClassOf"):
        """A class with all that is stated to lie below it, or the same for a property."""
        return self._reached({iri}, lambda one, store: (
            quad.subject for quad in store.quads_for_pattern(None, _node(predicate), _node(one))
        ))  # fmt: skip

    def above(self, iris, predicate=RDFS + "subClassOf"):
        """A tuple of classes with all that is stated to lie above them, or the same for properties."""
        return self._reached(set(iris), lambda one, store: (
            quad.object for quad in store.quads_for_pattern(_node(one), _node(predicate), None)
        ))  # fmt: skip

    def values(self, iri, predicate):
        """What the ontology says of a term by a property, as text, sorted."""
        return sorted(quad.object.value for quad in self._shipped.quads_for_pattern(_node(iri), _node(predicate), None))

    def pairs(self, predicate):
        """What the ontology says by a property: pairs of texts."""
        found = self._shipped.quads_for_pattern(None, _node(predicate), None)
        return [(quad.subject.value, getattr(quad.object, "value", "")) for quad in found]

    def types(self, node):
        """The IRIs of the classes that an individual is stated to be in."""
        said = [triple.object for triple in self.own.get(node, ()) if triple.predicate.value == RDF + "type"]
        return tuple(one.value for one in said if type(one).__name__ == "NamedNode" and one.value not in _INDIVIDUAL)

    def label(self, iri):
        """The label of a term, or None."""
        return next(iter(self.values(iri, RDFS + "label")), None)

    def short(self, term):
        """A term for a sentence: a CURIE, by the prefixes of the ontology and of the files."""
        return _turtle(term, self.prefixes)

    def written(self, term, beside):
        """A term for a statement: as the file that tells of a node can hold it, with the prefixes that it has."""
        return _turtle(term, self._homes.get(beside, {}))

    def said(self, subject, predicate, object_, beside=None):
        """A statement in Turtle, beside what is said of its subject or of another node; a text stands as it is."""
        here = beside or subject
        verb = "a" if getattr(predicate, "value", predicate) == RDF + "type" else self.written(predicate, here)
        value = object_ if isinstance(object_, str) else self.written(object_, here)
        return f"{self.written(subject, here)} {verb} {value} ."

    @functools.cached_property
    def _homes(self):
        """From each node to the prefixes of the first file that tells of it."""
        import pyoxigraph as ox

        homes = {}
        for source in self.data.sources:
            syntax, text = reading.read(source.path, source.content, source.syntax)
            parser = reading.parser(source.path, syntax, text, rename=False)
            subjects = {quad.subject for quad in reading.each(source.path, syntax, parser)}
            for node in subjects:
                marked = ox.BlankNode(source.mark + node.value) if isinstance(node, ox.BlankNode) else node
                homes.setdefault(marked, parser.prefixes)
        return homes

    def _instances(self, kind):
        node, found = _node(OWL + kind), set()
        for store in (self._shipped, self.data.store):
            for quad in store.quads_for_pattern(None, _node(RDF + "type"), node):
                if type(quad.subject).__name__ == "NamedNode":
                    found.add(quad.subject.value)
        return found

    def _reached(self, found, step):
        left = list(found)
        while left:
            one = left.pop()
            for store in (self._shipped, self.data.store):
                for node in step(one, store):
                    if type(node).__name__ == "NamedNode" and node.value not in found:
                        found.add(node.value)
                        left.append(node.value)
        return found


def _turtle(term, prefixes):
    if type(term).__name__ in ("Literal", "BlankNode"):
        return str(term)
    iri = getattr(term, "value", term)
    short = terms.contract(iri, prefixes)
    return short if short != iri else f"<{iri}>"


def _node(iri):
    import pyoxigraph as ox

    return ox.NamedNode(iri)
