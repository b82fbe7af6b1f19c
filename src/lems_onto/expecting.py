"""Holds an ontology to the inferences that are expected of it: those that must follow, and those that must not.

They are data: the axioms of `ontology/expected/`. Each expression in them gets
a name of its own, so that one run of a reasoner, which tells of names, answers
for all of them.
"""

import collections
import os

from . import reading, resources, terms
from .errors import LemsError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
NOTHING = OWL + "Nothing"
# The file that holds what is given, and whether what another file holds must follow.
GIVEN = "cases.ttl"
FILES = {"entailed.ttl": True, "forbidden.ttl": False, "hedged.ttl": False}
CLAIM_LAYER = ("https://w3id.org/lems-onto/claim/", "https://w3id.org/lems-onto/document/")
_PROBE = "urn:lems-onto:probe:"
_WORDS = {
    RDFS + "subClassOf": "SubClassOf",
    OWL + "equivalentClass": "EquivalentTo",
    OWL + "disjointWith": "DisjointWith",
}
_JOINS = {OWL + "intersectionOf": " and ", OWL + "unionOf": " or "}
_ASKS = {OWL + "someValuesFrom": "some", OWL + "hasValue": "value"}
_PARTS = {OWL + "onProperty", OWL + "complementOf", OWL + "inverseOf", RDF + "first", RDF + "rest", *_JOINS, *_ASKS}


class Axiom(collections.namedtuple("Axiom", "file wanted text questions")):
    """An expected inference.

    Attributes:
        file: the name of the file that holds it.
        wanted: whether it must follow; if not, it must not.
        text: the axiom in one line, much as Manchester syntax has it.
        questions: what a reasoner must say yes to for the axiom to follow: tuples of the IRI of a class or an
            individual, `subclass` or `type`, and the IRI of a class.
    """

    __slots__ = ()


class Held(collections.namedtuple("Held", "axioms missing unwanted consistent")):
    """How an ontology fares.

    Attributes:
        axioms: each `Axiom` that it was held to.
        missing: those that must follow and do not.
        unwanted: those that must not follow and do.
        consistent: whether it is; of an inconsistent one everything follows, and nothing else is said.
    """

    __slots__ = ()

    @property
    def holds(self):
        """Whether all is as expected."""
        return self.consistent and not self.missing and not self.unwanted


def hold(*paths, ontology=True, **limits):
    """How an ontology fares with what is expected of it.

    Args:
        paths: RDF files that are read with the shipped ontology: what it was merged with, or the whole merged one.
        ontology: whether the shipped ontology is read too; not needed where a file holds it.
        limits: `timeout` and `memory`, as `reasoning.reason` takes them.

    Returns:
        A `Held`.

    Raises:
        UnreadableFile: a file cannot be read, or would mislead or attack an OWL tool.
        NoJava: there is no Java.
        JavaFailed: the reasoner did not do its work.
    """
    from .reasoning import inferences, ontologies, reasoners

    expected, probes = axioms()
    given = ontologies.triples(ontologies.read(*paths, os.path.join(folder(), GIVEN), ontology=ontology))
    # Whether all of it can hold together is asked of all of it; the rest of what is said of patients and classes.
    found = reasoners.infer(given, **limits)
    if found is None:
        return Held(expected, (), (), False)
    found = inferences.Inferred(reasoners.NAMES[0], True, reasoners.infer(beside_claims(given) + probes, **limits))
    follows = [axiom for axiom in expected if all(found.entails(*question) for question in axiom.questions)]
    return Held(
        expected,
        tuple(axiom for axiom in expected if axiom.wanted and axiom not in follows),
        tuple(axiom for axiom in follows if not axiom.wanted),
        True,
    )


def beside_claims(triples):
    """Triples without those of the shipped claims and spans.

    A claim is an individual that nothing relates to a class or to a patient,
    so that nothing follows from it for either; and each costs a reasoner time.
    """
    return [triple for triple in triples if not getattr(triple.subject, "value", "").startswith(CLAIM_LAYER)]


def folder():
    """Path of the folder that holds what is expected."""
    return os.path.join(os.path.dirname(resources.ontology_path()), "expected")


def axioms():
    """Each expected `Axiom`, and the triples that name the expressions in them.

    Raises:
        LemsError: a file holds what no reasoner is asked here, or no axiom.
    """
    expected, probes = [], _Probes()
    for name, wanted in FILES.items():
        _, prefixes, quads = reading.parse(os.path.join(folder(), name))
        found = [Axiom(name, wanted, *one) for one in probes.read(quads, prefixes, name)]
        if not found:
            raise LemsError(f"{name} holds no axiom; add one")
        expected += found
    return tuple(expected), probes.triples


class _Probes:
    """Names for expressions, and the triples that say what each stands for."""

    def __init__(self):
        self.triples, self._names = [], {}

    def read(self, quads, prefixes, file):
        """The text and the questions of each axiom of a file."""
        import pyoxigraph as ox

        parts, inner = collections.defaultdict(list), {quad.object for quad in quads}
        for quad in quads:
            parts[quad.subject].append((quad.predicate.value, quad.object))
        words = _Words(parts, prefixes)
        for quad in quads:
            subject, predicate, object_ = quad.triple
            kind, declared = predicate.value, getattr(object_, "value", "").startswith(OWL)
            if (isinstance(subject, ox.BlankNode) and subject in inner) or kind in _PARTS:
                continue
            if kind == RDF + "type":
                if declared and object_.value != NOTHING:
                    # A declaration, or what kind of expression a blank node is.
                    self.triples += [quad.triple] * isinstance(subject, ox.NamedNode)
                    continue
                asked = [(subject.value, "type", self.name(object_, words))]
                text = f"{words.of(subject)} Type {words.of(object_)}"
            elif kind in _WORDS:
                left, right = self.name(subject, words), self.name(object_, words)
                asked = [(left, "subclass", right)]
                if kind == OWL + "equivalentClass":
                    asked.append((right, "subclass", left))
                elif kind == OWL + "disjointWith":
                    asked = [(self._both(left, right), "subclass", NOTHING)]
                text = f"{words.of(subject)} {_WORDS[kind]} {words.of(object_)}"
            elif kind.startswith((RDF, RDFS, OWL)) or isinstance(object_, ox.Literal):
                raise LemsError(f"{file}: {words.of(subject)} {words.of(predicate)} ... is no axiom that can be asked")
            else:
                asked = [(subject.value, "type", self._value(predicate, object_))]
                text = " ".join(map(words.of, quad.triple))
            yield text, asked

    def name(self, node, words):
        """The IRI of a class, or of the name that an expression gets."""
        import pyoxigraph as ox

        if isinstance(node, ox.NamedNode):
            return node.value
        text = words.of(node)
        if text not in self._names:
            self._names[text] = self._named(node)
            left = [node]
            for one in left:
                for predicate, value in words.parts[one]:
                    if predicate not in _WORDS:
                        self.triples.append(ox.Triple(one, ox.NamedNode(predicate), value))
                        left += [value] * isinstance(value, ox.BlankNode)
        return self._names[text]

    def _named(self, expression):
        import pyoxigraph as ox

        name = ox.NamedNode(f"{_PROBE}{len(self.triples)}")
        self.triples += [
            ox.Triple(name, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Class")),
            ox.Triple(name, ox.NamedNode(OWL + "equivalentClass"), expression),
        ]
        return name.value

    def _both(self, *classes):
        """The name of what is in two classes."""
        import pyoxigraph as ox

        both, first, second = ox.BlankNode(), ox.BlankNode(), ox.BlankNode()
        said = [(both, RDF + "type", OWL + "Class"), (both, OWL + "intersectionOf", first)]
        said += [(first, RDF + "first", classes[0]), (first, RDF + "rest", second)]
        said += [(second, RDF + "first", classes[1]), (second, RDF + "rest", RDF + "nil")]
        return self._made(both, said)

    def _value(self, predicate, value):
        """The name of what has a value of a property."""
        import pyoxigraph as ox

        node = ox.BlankNode()
        said = [(node, RDF + "type", OWL + "Restriction"), (node, OWL + "onProperty", predicate.value)]
        return self._made(node, [*said, (node, OWL + "hasValue", value.value)])

    def _made(self, node, said):
        import pyoxigraph as ox

        name = self._named(node)
        self.triples += [
            ox.Triple(one, ox.NamedNode(predicate), ox.NamedNode(value) if isinstance(value, str) else value)
            for one, predicate, value in said
        ]
        return name


class _Words:
    """Tells terms and expressions in one line."""

    def __init__(self, parts, prefixes):
        self.parts, self.prefixes = parts, prefixes

    def of(self, node):
        """A term as a CURIE, an expression much as Manchester syntax has it."""
        if node not in self.parts or not str(node).startswith("_:"):
            return terms.contract(node.value, self.prefixes)
        for predicate, value in self.parts[node]:
            if predicate in _JOINS:
                return "(" + _JOINS[predicate].join(map(self.of, self._members(value))) + ")"
            if predicate in _ASKS:
                on = next(other for one, other in self.parts[node] if one == OWL + "onProperty")
                return f"({self.of(on)} {_ASKS[predicate]} {self.of(value)})"
            if predicate in (OWL + "complementOf", OWL + "inverseOf"):
                return f"({'not' if predicate.endswith('complementOf') else 'inverse'} {self.of(value)})"
        raise LemsError(f"no expression that can be asked: {self.parts[node]}")

    def _members(self, cell):
        while cell in self.parts:
            arcs = dict(self.parts[cell])
            yield arcs[RDF + "first"]
            cell = arcs[RDF + "rest"]
