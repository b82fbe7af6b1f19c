"""Makes the part of an ontology within OWL 2 EL: what EL does not have is replaced by what of it EL can say.

The triples stay as they are but for those of the axioms concerned, so that
annotations and the spans behind them stay too. See
https://www.w3.org/TR/owl2-profiles/#OWL_2_EL.
"""

import collections
import re

from ..errors import LemsError
from . import ontologies, profiles
from .admission import FILLERS, FIRST, LISTS, NIL, OWL, PARTS, RDF, REST
from .ontologies import RDFS

# Datatypes of EL that annotations may have, behind their namespaces.
DATATYPES = {
    "PlainLiteral", "langString", "XMLLiteral", "Literal", "real", "rational", "decimal", "integer",
    "nonNegativeInteger", "string", "normalizedString", "token", "Name", "NCName", "NMTOKEN", "hexBinary",
    "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
}  # fmt: skip
CHARACTERISTICS = {
    OWL + name
    for name in "FunctionalProperty InverseFunctionalProperty SymmetricProperty AsymmetricProperty "
    "IrreflexiveProperty".split()
}
SUBCLASS, EQUIVALENT, TYPE = RDFS + "subClassOf", OWL + "equivalentClass", RDF + "type"

Change = collections.namedtuple("Change", "removed instead")
Change.__doc__ = """A triple of an axiom that EL does not have, and the triples that stand for it; maybe none."""


class NotWithin(LemsError):
    """An ontology whose part within OWL 2 EL cannot be made."""


def within(parts):
    """The part of an ontology within OWL 2 EL.

    Values of annotations whose datatype EL does not have stand as text.

    Args:
        parts: a list of `ontologies.Part`.

    Returns:
        Its triples, and a list of `Change`.

    Raises:
        NotWithin: OWLAPI still finds something outside of EL, which is named.
        NoBridge, NoJava, JavaFailed, Unwritable: OWLAPI cannot be had, or cannot read them.
    """
    given = ontologies.triples(parts)
    logical = set(ontologies.logical(given))
    given = [triple if triple in logical else _as_text(triple) for triple in given]
    graph = _Graph(given)
    changes = [change for change in map(graph.change, given) if change is not None]
    gone = {change.removed for change in changes}
    added = dict.fromkeys(new for change in changes for new in change.instead)
    kept = graph.tidied([triple for triple in given if triple not in gone], gone, added)
    left = profiles.check([ontologies.Part("", kept, {})], ("el",))["el"]
    if left:
        raise NotWithin(f"{len(left)} axioms stay outside of OWL 2 EL, the first by {left[0].rule}: {left[0].words}")
    return kept, changes


def _as_text(triple):
    import pyoxigraph as ox

    if _of_el(triple.object):
        return triple
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(triple.object.value))


def _of_el(node):
    """Whether a node is no literal, or one whose datatype EL has."""
    datatype = getattr(node, "datatype", None)
    return datatype is None or re.split("[/#]", datatype.value)[-1] in DATATYPES


class _Graph:
    """Triples, asked for their class expressions."""

    def __init__(self, triples):
        self._arcs = collections.defaultdict(list)
        for triple in triples:
            self._arcs[triple.subject].append((triple.predicate.value, triple.object))
        kinds = collections.defaultdict(set)
        for triple in triples:
            if triple.predicate.value == TYPE:
                kinds[getattr(triple.object, "value", "")].add(triple.subject)
        self._objects = kinds[OWL + "ObjectProperty"]
        self._data = {node.value for node in kinds[OWL + "DatatypeProperty"]}

    def _value(self, node, predicate):
        return next((value for one, value in self._arcs.get(node, ()) if one == predicate), None)

    def members(self, cell):
        """The members of a list."""
        found = []
        while getattr(cell, "value", None) != NIL:
            found.append(self._value(cell, FIRST))
            cell = self._value(cell, REST)
        return found

    def simple(self, node):
        """Whether a node is a class expression of EL."""
        if type(node).__name__ == "NamedNode":
            return True
        arcs = [(one, value) for one, value in self._arcs[node] if one != TYPE]
        kinds = {one.removeprefix(OWL) for one, _ in arcs}
        if kinds == {"intersectionOf"}:
            return all(map(self.simple, self.members(arcs[0][1])))
        if kinds == {"oneOf"}:
            return len(self.members(arcs[0][1])) == 1
        if kinds == {"onProperty", "someValuesFrom"}:
            filler, on = self._value(node, OWL + "someValuesFrom"), self._value(node, OWL + "onProperty")
            return type(on).__name__ == "NamedNode" and self.simple(filler)
        if kinds == {"onProperty", "hasValue"}:
            return _of_el(self._value(node, OWL + "hasValue"))
        return kinds == {"onProperty", "hasSelf"}

    def change(self, triple):
        """The `Change` that takes the axiom of a triple out of the way; None where EL has it."""
        import pyoxigraph as ox

        subject, predicate, value = triple.subject, triple.predicate.value, triple.object
        node = ox.NamedNode
        if predicate == OWL + "disjointUnionOf":
            members = self.members(value)
            named = [one for one in members if type(one).__name__ == "NamedNode"]
            new = [ox.Triple(one, node(SUBCLASS), subject) for one in named]
            if len(members) == 2 and len(named) == 2:
                new.append(ox.Triple(named[0], node(OWL + "disjointWith"), named[1]))
            elif len(named) == len(members):
                all_of = ox.BlankNode()
                new.append(ox.Triple(all_of, node(TYPE), node(OWL + "AllDisjointClasses")))
                new.append(ox.Triple(all_of, node(OWL + "members"), value))
            return Change(triple, tuple(new))
        if predicate in (SUBCLASS, EQUIVALENT) and not (self.simple(subject) and self.simple(value)):
            whole = self._value(value, OWL + "intersectionOf")
            conjuncts = self.members(whole) if whole is not None else [value]
            simple = [one for one in conjuncts if self.simple(one)] if self.simple(subject) else []
            return Change(triple, tuple(ox.Triple(subject, node(SUBCLASS), one) for one in simple))
        if not _of_el(value) and predicate in self._data:
            return Change(triple, ())
        characteristic = predicate == TYPE and subject in self._objects and getattr(value, "value", "")
        if predicate == OWL + "inverseOf" or characteristic in CHARACTERISTICS:
            return Change(triple, ())
        return None

    def tidied(self, triples, gone, added):
        """Triples without the annotations of axioms that are gone, with the new ones, without what hangs on nothing."""
        import pyoxigraph as ox

        parts = [OWL + "annotatedSource", OWL + "annotatedProperty", OWL + "annotatedTarget"]
        held = list(triples)
        known = set(triples)
        held += [triple for triple in added if triple not in known]
        lost = {
            node
            for node, arcs in self._arcs.items()
            if (OWL + "Axiom") in {getattr(value, "value", "") for one, value in arcs if one == TYPE}
            and any(
                [triple.subject, triple.predicate, triple.object] == [self._value(node, part) for part in parts]
                for triple in gone
            )
        }
        held = [triple for triple in held if triple.subject not in lost]
        inner = PARTS | FILLERS | LISTS | {OWL + "onProperty"}
        while True:
            used = {triple.object for triple in held if isinstance(triple.object, ox.BlankNode)}
            loose = {
                triple.subject
                for triple in held
                if isinstance(triple.subject, ox.BlankNode)
                and triple.subject not in used
                and triple.predicate.value in inner - {OWL + "members"}
            }
            if not loose:
                return held
            held = [triple for triple in held if triple.subject not in loose]
