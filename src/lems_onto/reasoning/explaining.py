"""Explains statements: the axioms that entail one, or who claims it, how firmly, and where."""

import collections
import itertools

from ..errors import LemsError
from . import claims, justifying, naming, ontologies, owlapi, wording
from .admission import OWL, RDF
from .inferences import NOTHING, THING
from .ontologies import RDFS

MOST = 5
# Seconds after which no further set of axioms is looked for.
SECONDS = 30

Explanation = collections.namedtuple(
    "Explanation", "statement subject entailed sets complete claims inconsistent imports"
)
Explanation.__doc__ = """Why a statement holds, or that it does not.

Attributes:
    statement: the statement in words.
    subject: IRIs of its subject, predicate and object.
    entailed: whether the axioms entail it.
    sets: the minimal sets of axioms that entail it, each a tuple of `Reason`; the shortest first.
    complete: whether these are all.
    claims: the `Claim` of each claim about this subject and object.
    inconsistent: whether the axioms cannot hold together, so that they entail everything.
    imports: ontologies that are imported by name and were not fetched, sorted.
"""

Reason = collections.namedtuple("Reason", "axiom words claims parts origin")
Reason.__doc__ = """One axiom of an explanation.

Attributes:
    axiom: the axiom as OWLAPI writes it, in functional syntax.
    words: the axiom in words.
    claims: the `Claim` of each claim on which it rests.
    parts: names of the files that hold it.
    origin: the ontology from which its subject is borrowed, or None.
"""

INCONSISTENCY = ("The axioms cannot hold together.", (THING, RDFS + "subClassOf", NOTHING))


class NoStatement(LemsError):
    """Two terms and a relation that make no statement of OWL."""


class Explainer:
    """Explains what some ontologies entail.

    Args:
        parts: a list of `ontologies.Part`.

    Raises:
        NoBridge, NoJava, JavaFailed, Unwritable: OWLAPI cannot be had, or cannot read them.
    """

    def __init__(self, parts):
        self.names = naming.Names(parts)
        triples = ontologies.triples(parts)
        self._claims = claims.Claims(triples)
        self._kinds = _kinds(triples)
        self._origins = {
            triple.subject.value: triple.object.value
            for triple in triples
            if triple.predicate.value == "http://purl.obolibrary.org/obo/IAO_0000412"
            and hasattr(triple.subject, "value")
        }
        self._imports = ontologies.imports(parts)
        self._words = wording.Words(self.names.of)
        self._reasoner = owlapi.Reasoner()
        self._justified, self._parts = collections.defaultdict(set), collections.defaultdict(list)
        ranks, declared = [], _declarations(triples)
        for part in parts:
            # What a file uses may be declared in another one; without that, OWLAPI takes it for an annotation.
            axioms = owlapi.load(list(dict.fromkeys([*part.triples, *declared]))).getLogicalAxioms()
            ranks.append(sorted(axioms, key=str))
        # What is the user's own comes first, since a fault is likelier to lie there.
        for part, axioms in reversed(list(zip(parts, ranks, strict=True))):
            for axiom in axioms:
                bare = axiom.getAxiomWithoutAnnotations()
                self._parts[bare].append(part.name)
                for annotation in axiom.getAnnotations():
                    if str(annotation.getProperty().getIRI()) == claims.LEMS + "justifiedBy":
                        self._justified[bare].add(str(annotation.getValue()))
        self._axioms = list(self._parts)

    def statement(self, subject, predicate, object_):
        """Explain a statement.

        Args:
            subject, object_: labels, CURIEs or IRIs of classes or individuals.
            predicate: that of an object property, or a relation of OWL (`is a`, `type`, `equivalent to`,
                `disjoint with`).

        Returns:
            An `Explanation`.

        Raises:
            UnknownName, AmbiguousTerm: a term is not known, or is not the only one of its name.
            NoStatement: they make no statement.
        """
        terms = self.names.term(subject), self.names.relation(predicate), self.names.term(object_)
        if terms == INCONSISTENCY[1]:
            return self.inconsistency()
        goal = self._goal(*terms)
        return self._explain(goal, self._words.axiom(goal), terms)

    def unsatisfiable(self, iri):
        """Explain why a class can have no instance; an `Explanation`."""
        return self.statement(f"<{iri}>", "is a", "nothing")

    def inconsistency(self):
        """Explain why the axioms cannot hold together; an `Explanation`."""
        return self._explain(None, *INCONSISTENCY)

    def _explain(self, goal, statement, terms, most=MOST):
        def entails(axioms):
            return self._reasoner.entails(axioms, goal)

        around = self._around(terms if goal is not None else None, entails)
        inconsistent = goal is None and around is not None
        sets, complete = [], True
        if around is not None:
            found, complete = justifying.justifications(around, entails, most, SECONDS)
            sets = [tuple(sorted(map(self._reason, one), key=lambda one: (not one.claims, one.words))) for one in found]
            inconsistent = inconsistent or any(self._reasoner.entails(one) for one in found)
        about = () if sets else self._claims.about(terms[0], terms[2])
        return Explanation(
            statement, terms, around is not None, tuple(sets), complete, tuple(about), inconsistent, self._imports
        )

    def _around(self, terms, entails):
        """Axioms that entail the goal, as few as their terms say at once; None where all of them do not."""
        if terms is not None:
            held = set(terms)
            signatures = [(axiom, {str(entity.getIRI()) for entity in axiom.getSignature()}) for axiom in self._axioms]
            taken, size = [], -1
            while len(taken) != size:
                size = len(taken)
                taken = [axiom for axiom, signature in signatures if signature & held]
                if len(taken) != size and len(taken) < len(self._axioms) and entails(taken):
                    return taken
                held |= set(itertools.chain.from_iterable(one for _, one in signatures if one & held))
        return self._axioms if entails(self._axioms) else None

    def _reason(self, axiom):
        ids = sorted(self._justified[axiom])
        subject = next((str(one.getIRI()) for one in axiom.getSignature() if str(one.getIRI()) in self._origins), None)
        named = getattr(axiom, "getSubClass", lambda: None)()
        if named is not None and not named.isAnonymous():
            subject = str(named.asOWLClass().getIRI())
        return Reason(
            str(axiom), self._words.axiom(axiom), tuple(map(self._claims.get, ids)), tuple(sorted(self._parts[axiom])),
            None if ids else self._origins.get(subject),
        )  # fmt: skip

    def _goal(self, subject, predicate, object_):
        """The OWLAPI axiom of a statement."""
        cls = owlapi.start()
        factory, iri = owlapi.manager().getOWLDataFactory(), cls("org.semanticweb.owlapi.model.IRI")
        as_class = lambda one: factory.getOWLClass(iri.create(one))  # noqa: E731, three words for three factories
        as_one = lambda one: factory.getOWLNamedIndividual(iri.create(one))  # noqa: E731
        individual = [self._kinds.get(one) == "individual" for one in (subject, object_)]
        wrong = next((one for one in (subject, object_) if self._kinds.get(one) in ("relation", "property")), None)
        if wrong:
            raise NoStatement(f"{self.names.short(wrong)} is a property; ask about a class or an individual")
        if individual[1] and (predicate.startswith((RDFS, RDF, OWL))):
            raise NoStatement(f"{self.names.short(object_)} is an individual, and nothing is one; name a class")
        if predicate == RDF + "type":
            return factory.getOWLClassAssertionAxiom(as_class(object_), as_one(subject))
        if predicate == RDFS + "subClassOf" and individual[0]:
            return factory.getOWLClassAssertionAxiom(as_class(object_), as_one(subject))
        if predicate == RDFS + "subClassOf":
            return factory.getOWLSubClassOfAxiom(as_class(subject), as_class(object_))
        if predicate in (OWL + "equivalentClass", OWL + "disjointWith"):
            both = cls("java.util.HashSet")()
            for one in (subject, object_):
                both.add(as_class(one))
            equal = predicate == OWL + "equivalentClass"
            return (factory.getOWLEquivalentClassesAxiom if equal else factory.getOWLDisjointClassesAxiom)(both)
        if self._kinds.get(predicate) != "relation":
            raise NoStatement(
                f"{self.names.short(predicate)} is no object property of the ontology; name one, or 'is a', 'type', "
                "'equivalent to', 'disjoint with'"
            )
        relation = factory.getOWLObjectProperty(iri.create(predicate))
        if all(individual):
            return factory.getOWLObjectPropertyAssertionAxiom(relation, as_one(subject), as_one(object_))
        if individual[1]:
            filler = factory.getOWLObjectHasValue(relation, as_one(object_))
        else:
            filler = factory.getOWLObjectSomeValuesFrom(relation, as_class(object_))
        if individual[0]:
            return factory.getOWLClassAssertionAxiom(filler, as_one(subject))
        return factory.getOWLSubClassOfAxiom(as_class(subject), filler)


def _declarations(triples):
    """The triples that say what kind of thing an entity is."""
    kinds = {
        OWL + name for name in "Class ObjectProperty DatatypeProperty AnnotationProperty NamedIndividual".split()
    } | {RDFS + "Datatype"}
    return [
        triple
        for triple in triples
        if triple.predicate.value == RDF + "type"
        and getattr(triple.object, "value", "") in kinds
        and type(triple.subject).__name__ == "NamedNode"
    ]


def _kinds(triples):
    """From the IRI of a term to what it is: `class`, `relation` or `individual`; the first that it is declared."""
    found = collections.defaultdict(set)
    for triple in triples:
        if triple.predicate.value != RDF + "type" or type(triple.subject).__name__ != "NamedNode":
            continue
        kind = getattr(triple.object, "value", "")
        if kind == OWL + "Class":
            found["class"].add(triple.subject.value)
        elif kind == OWL + "ObjectProperty":
            found["relation"].add(triple.subject.value)
        elif kind.startswith(OWL) and kind.endswith("Property"):
            found["property"].add(triple.subject.value)
        elif kind == OWL + "NamedIndividual" or not kind.startswith(ontologies.BUILT_IN):
            found["individual"].add(triple.subject.value)
    return {iri: kind for kind in ("individual", "property", "relation", "class") for iri in found[kind]}


def explain(subject, predicate, object_, *paths, ontology=True):
    """Why a statement follows from files together with the shipped ontology, or who claims it and how firmly.

    Args:
        subject, predicate, object_: labels, CURIEs or IRIs.
        paths: RDF files of one's own; `owl:imports` are not followed.
        ontology: whether the shipped ontology is read too; it is, where no file is named.

    Returns:
        An `Explanation`.

    Raises:
        UnreadableFile: a file cannot be read.
        UnknownName, AmbiguousTerm, NoStatement: the statement is none.
        NoBridge, NoJava, JavaFailed: OWLAPI cannot be had.
    """
    return Explainer(ontologies.read(*paths, ontology=ontology)).statement(subject, predicate, object_)
