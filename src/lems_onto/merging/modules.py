"""Takes out of an ontology the part that decides what follows about some terms.

The part is a syntactic locality module for bottom (Cuenca Grau et al. 2008,
https://www.jair.org/index.php/jair/article/view/10572), or a little more: an
axiom stays out where it says nothing once every term outside of the part is
taken for empty. So all superclasses of a term are in it, and all that makes
it impossible, but not what is below it.
"""

import collections

from ..reasoning.admission import FILLERS, FIRST, LISTS, NIL, OWL, RDF, REST
from ..reasoning.ontologies import BUILT_IN, RDFS, logical

_PAIRS = {
    OWL + name
    for name in (
        "equivalentClass",
        "disjointWith",
        "equivalentProperty",
        "propertyDisjointWith",
        "inverseOf",
        "disjointUnionOf",
    )
}
_OF_PROPERTY = {RDFS + "domain", RDFS + "range"}
_BY_SUBJECT = {RDFS + "subClassOf", RDFS + "subPropertyOf", *_OF_PROPERTY}
_MEMBERS = OWL + "members"
_THING, _NOTHING = OWL + "Thing", OWL + "Nothing"


def around(triples, seeds, individuals=False):
    """The part of an ontology that decides what follows about terms.

    Args:
        triples: triples of pyoxigraph, admitted.
        seeds: the IRIs of the terms.
        individuals: whether what is said of individuals is in it in any case; needed where the whole may be
            inconsistent.

    Returns:
        The IRIs of the terms of the part, as a set that holds the seeds, and the part itself as a list of triples.
    """
    return _Part(logical(triples), seeds, individuals).taken()


class _Part:
    def __init__(self, triples, seeds, individuals):
        self.triples, self.known, self.seeds = triples, set(), list(seeds)
        self.arcs = collections.defaultdict(list)
        for one in triples:
            self.arcs[one.subject].append(one)
        self.individuals = individuals
        self.inner = {one.object for one in triples if _blank(one.object)}

    def taken(self):
        """Grow the part from its seeds until no axiom outside says anything about its terms."""
        waiting, taken = [], set()
        heads = collections.defaultdict(list)
        for one in self.triples:
            if _blank(one.subject) and one.subject in self.inner:
                continue
            # An axiom is looked at when one of its terms comes in; a subclass axiom of a named class, with that.
            names = {one.subject.value} if self._by_subject(one) else self._names(one)
            if self.individuals or not names:
                waiting.append(one)
            for name in names:
                heads[name].append(one)
        left = self.seeds
        while left or waiting:
            found, waiting = waiting, []
            while left:
                name = left.pop()
                if name not in self.known:
                    self.known.add(name)
                    found += heads.get(name, ())
            for one in dict.fromkeys(found):
                if one not in taken and self._speaks(one):
                    taken.add(one)
                    left += [name for name in self._names(one) if name not in self.known]
        return self.known, self._whole(taken)

    def _by_subject(self, one):
        return not _blank(one.subject) and not _blank(one.object) and one.predicate.value in _BY_SUBJECT

    def _names(self, one):
        """The IRIs of the terms of an axiom."""
        names, left, seen = set(), [one.subject, one.predicate, one.object], set()
        while left:
            node = left.pop()
            if _blank(node):
                if node not in seen:
                    seen.add(node)
                    left += [part for arc in self.arcs[node] for part in (arc.predicate, arc.object)]
            elif not hasattr(node, "datatype") and not node.value.startswith(BUILT_IN):
                names.add(node.value)
        return names

    def _speaks(self, one):
        """Whether an axiom says something when all unknown terms are empty; yes, where it is not plain."""
        predicate, subject, value = one.predicate.value, one.subject, one.object
        if predicate == RDFS + "subClassOf":
            return not self._empty(subject) and not self._full(value)
        if predicate in _OF_PROPERTY or predicate == RDFS + "subPropertyOf":
            return self._known(subject)
        if predicate == OWL + "propertyChainAxiom":
            return all(map(self._known, self._members(value)))
        if predicate == OWL + "disjointUnionOf":
            return any(not self._empty(part) for part in [subject, *self._members(value)])
        if predicate in _PAIRS and predicate.endswith(("Class", "disjointWith")):
            empty = [self._empty(subject), self._empty(value)]
            return not any(empty) if predicate.endswith("disjointWith") else not all(empty)
        if predicate in _PAIRS:
            return self._known(subject) or self._known(value)
        if _blank(subject) and _MEMBERS in self._said(subject):
            return sum(not self._empty(part) for part in self._members(self._said(subject)[_MEMBERS])) > 1
        if predicate == RDF + "type" and getattr(value, "value", "").startswith(BUILT_IN):
            return _blank(subject) or self._known(subject)
        if predicate in (FIRST, REST, *LISTS, *FILLERS):
            return True
        # What is left is said of individuals.
        return self.individuals or (not _blank(subject) and self._known(subject))

    def _known(self, node):
        if _blank(node):
            return any(
                map(self._known, (arc.object for arc in self.arcs[node] if arc.predicate.value == OWL + "inverseOf"))
            )
        return node.value in self.known or node.value.startswith(BUILT_IN)

    def _said(self, node):
        return {arc.predicate.value: arc.object for arc in self.arcs[node]}

    def _members(self, cell):
        while getattr(cell, "value", None) != NIL and cell in self.arcs:
            said = self._said(cell)
            yield said[FIRST]
            cell = said[REST]

    def _empty(self, node):
        """Whether a class expression is empty when all unknown terms are."""
        if not _blank(node):
            return node.value != _THING and (node.value == _NOTHING or not self._known(node))
        said = self._said(node)
        if OWL + "intersectionOf" in said:
            return any(map(self._empty, self._members(said[OWL + "intersectionOf"])))
        if OWL + "unionOf" in said:
            return all(map(self._empty, self._members(said[OWL + "unionOf"])))
        if OWL + "complementOf" in said:
            return self._full(said[OWL + "complementOf"])
        asks = {OWL + name for name in ("someValuesFrom", "hasValue", "hasSelf")} & set(said)
        if asks and OWL + "onProperty" in said:
            if not self._known(said[OWL + "onProperty"]):
                return True
            filler = said.get(OWL + "someValuesFrom")
            return filler is not None and not hasattr(filler, "datatype") and self._empty(filler)
        return False

    def _full(self, node):
        """Whether a class expression holds everything when all unknown terms are empty."""
        if not _blank(node):
            return node.value == _THING
        said = self._said(node)
        if OWL + "complementOf" in said:
            return self._empty(said[OWL + "complementOf"])
        if OWL + "intersectionOf" in said:
            return all(map(self._full, self._members(said[OWL + "intersectionOf"])))
        if OWL + "unionOf" in said:
            return any(map(self._full, self._members(said[OWL + "unionOf"])))
        if OWL + "allValuesFrom" in said and OWL + "onProperty" in said:
            return not self._known(said[OWL + "onProperty"])
        return False

    def _whole(self, taken):
        """The axioms with their expressions, and the declarations of all of their terms."""
        kept, left = set(taken), [node for one in taken for node in (one.subject, one.object) if _blank(node)]
        seen = set()
        while left:
            node = left.pop()
            if node not in seen:
                seen.add(node)
                kept.update(self.arcs[node])
                left += [arc.object for arc in self.arcs[node] if _blank(arc.object)]
        return [
            one
            for one in self.triples
            if one in kept
            or (one.predicate.value == RDF + "type" and getattr(one.subject, "value", None) in self.known)
        ]


def _blank(node):
    return type(node).__name__ == "BlankNode"
