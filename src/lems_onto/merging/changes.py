"""Compares what follows from a merged ontology with what followed from each side alone."""

import collections

from ..reasoning.admission import OWL, RDF
from ..reasoning.inferences import NOTHING, THING
from ..reasoning.ontologies import RDFS

SUBCLASS, SUBPROPERTY, TYPE = RDFS + "subClassOf", RDFS + "subPropertyOf", RDF + "type"
_EQUAL = {SUBCLASS: OWL + "equivalentClass", SUBPROPERTY: OWL + "equivalentProperty"}


class Followed:
    """What follows from one ontology between named terms.

    Args:
        found: the answer of `reasoners.infer`, or None where the ontology is inconsistent.
    """

    def __init__(self, found):
        self.consistent = found is not None
        found = found or {}
        self.unsatisfiable = set(filter(self._meant, found.get("unsatisfiable", ())))
        self._up = collections.defaultdict(set)
        self.kinds = {}
        for kind, name in ((SUBCLASS, "subclasses"), (SUBPROPERTY, "subproperties"), (TYPE, "types")):
            for below, above in found.get(name, ()):
                self._up[below].add(above)
                self.kinds.setdefault(below, kind)
        for group in found.get("equivalents", ()):
            for one in group:
                self._up[one].update(other for other in group if other != one)
                self.kinds.setdefault(one, SUBCLASS)
        self._above = {}

    def _meant(self, term):
        return not term.startswith("_:")

    def terms(self):
        """All terms that lie below another."""
        return list(filter(self._meant, self._up))

    def above(self, term):
        """All terms above one, those that are the same among them and itself not."""
        if term not in self._above:
            found, left = set(), [term]
            while left:
                for one in self._up.get(left.pop(), ()):
                    if one not in found:
                        found.add(one)
                        left.append(one)
            self._above[term] = {one for one in found if self._meant(one)} - {term, THING, NOTHING}
        return self._above[term]


def pairs(triples):
    """What triples state between named terms: a dict such as `reasoners.infer` gives, without equivalents."""
    names = {SUBCLASS: "subclasses", SUBPROPERTY: "subproperties", TYPE: "types"}
    names |= {equal: names[kind] for kind, equal in _EQUAL.items()}
    found = {name: set() for name in names.values()}
    for one in triples:
        predicate = one.predicate.value
        if predicate in names and type(one.subject).__name__ == type(one.object).__name__ == "NamedNode":
            below, above = one.subject.value, one.object.value
            found[names[predicate]] |= {(below, above)} | ({(above, below)} if predicate in _EQUAL.values() else set())
    return found


def stated(triples):
    """What follows from stated hierarchies alone; a `Followed`."""
    return Followed(pairs(triples))


def settled(found, triples):
    """What a reasoner found, its hierarchy of properties replaced by the stated one.

    Of properties that are inverse to others HermiT tells now one thing and
    now another, so that what it tells is no news.
    """
    if found is None:
        return None
    told = pairs(triples)["subproperties"]
    kinds = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    properties = {
        one.subject.value
        for one in triples
        if one.predicate.value == TYPE
        and getattr(one.object, "value", "").startswith(OWL)
        and one.object.value.endswith(kinds)
    }
    equal = {group for group in found.get("equivalents", ()) if not properties & set(group)}
    return {**found, "subproperties": told, "equivalents": equal}


def news(merged, theirs, ours, told):
    """The statements that follow from a merged ontology anew, as few as imply the others.

    What follows between two terms of one side is news where it did not follow
    from that side alone; between a term of each, where no stated hierarchy
    leads from the one to the other.

    Args:
        merged: the `Followed` of both.
        theirs: the terms that the user's files describe, as a set of IRIs, and the `Followed` of these alone.
        ours: the same of the shipped ontology.
        told: what follows from stated hierarchies of both.

    Returns:
        A sorted list of subject, relation and object as IRIs.
    """

    def known(term, one):
        side = _side((term, one), theirs, ours)
        return one in (told if side is None else side[1]).above(term)

    same, above = _classes(merged)
    found = []
    for first, group in same.items():
        found += _equal(group, known, merged)
        for other in above[first]:
            pairs = [(term, one) for term in group for one in same[other]]
            # Where it was known of terms that are the same now, that they are is the news.
            if any(known(*pair) for pair in pairs):
                continue
            term, one = min(pairs, key=lambda pair: (_side(pair, theirs, ours) is None, pair))
            side = _side((term, one), theirs, ours)
            # What lies between follows, or is news itself; but who does not know a term learns nothing by way of it.
            between = (middle for middle in above[first] if other in above[middle])
            if not any(side is None or any(name in side[0] for name in same[middle]) for middle in between):
                found.append((term, merged.kinds.get(term, SUBCLASS), one))
    return sorted(found)


def _side(pair, theirs, ours):
    """The side that knows both terms of a pair, or None."""
    return next((side for side in (theirs, ours) if side[0] >= set(pair)), None)


def _classes(merged):
    """Terms that are the same, by the first of them, and the first ones above it."""
    first, same = {}, {}
    for term in merged.terms():
        if term not in first and term not in merged.unsatisfiable:
            group = sorted({term} | {one for one in merged.above(term) if term in merged.above(one)})
            same[group[0]] = group
            first.update(dict.fromkeys(group, group[0]))
    for term in list(same):
        for one in merged.above(term):
            if one not in first:
                first[one], same[one] = one, [one]
    above = {term: {first[one] for one in merged.above(term)} - {term} for term in same}
    return same, above


def _equal(group, known, merged):
    """The news that terms are the same, each with the first of them that it was not known to be the same as."""
    leads = []
    for term in group:
        lead = next((one for one in leads if known(term, one) and known(one, term)), None)
        if lead is None:
            leads.append(term)
    relation = _EQUAL[SUBPROPERTY if merged.kinds.get(group[0]) == SUBPROPERTY else SUBCLASS]
    return [(leads[0], relation, term) for term in leads[1:]]
