"""What a reasoner inferred, as values."""

import collections
import functools

THING = "http://www.w3.org/2002/07/owl#Thing"
NOTHING = "http://www.w3.org/2002/07/owl#Nothing"


class Inferred:
    """The answer of a reasoner.

    Terms are IRIs as text; an individual without one is `_:` and its label.

    Attributes:
        reasoner: its name.
        consistent: whether the axioms can hold together; where not, all else is empty.
        unsatisfiable: the named classes that can have no instance.
        subclasses: pairs of a class and one that lies directly above it.
        equivalents: groups of classes that are the same, `owl:Nothing` left out.
        types: pairs of an individual and a class that it belongs to, the most special ones at least.
        told: pairs of a term and one directly above it that the input states, as a set.
        imports: ontologies that are imported by name and were not fetched.
        undeclared: properties that are used and not declared, which a reasoner passes over.

    All but `told` are sorted tuples.
    """

    def __init__(self, reasoner, consistent, found=None, told=frozenset(), imports=(), undeclared=()):
        found = found or {}
        self.reasoner, self.consistent, self.told, self.imports = reasoner, consistent, told, tuple(imports)
        self.undeclared = tuple(undeclared)
        for name in ("unsatisfiable", "subclasses", "equivalents", "types"):
            setattr(self, name, tuple(sorted(found.get(name, ()))))

    @functools.cached_property
    def _up(self):
        """From each term to those directly above it or equivalent to it."""
        up = _arrows([*self.subclasses, *self.types])
        for group in self.equivalents:
            for one in group:
                up[one].update(group)
        return up

    def ancestors(self, term):
        """All classes above a class or an individual, the ones equivalent to it too, as a set of IRIs."""
        return _closure(self._up, {term}) - {term}

    def entails(self, subject, predicate, object_):
        """Whether a subclass axiom or a class assertion between named terms follows.

        Args:
            subject: the IRI of a class or an individual.
            predicate: `subclass` or `type`.
            object_: the IRI of a class.
        """
        if not self.consistent or object_ == THING or subject == NOTHING or subject in self.unsatisfiable:
            return True
        if predicate == "subclass" and subject == object_:
            return True
        return object_ in self.ancestors(subject)

    @property
    def new_subclasses(self):
        """The pairs of `subclasses` that do not follow from stated ones by transitivity alone."""
        return self._new(self.subclasses)

    @property
    def new_types(self):
        """The pairs of `types` that the input does not state, neither itself nor through stated subclasses."""
        return self._new(self.types)

    def _new(self, pairs):
        told = _arrows(self.told)
        return tuple(pair for pair in pairs if pair[1] != THING and pair[1] not in _closure(told, {pair[0]}))


def _arrows(pairs):
    """From each first part of a pair to the second ones."""
    arrows = collections.defaultdict(set)
    for below, above in pairs:
        arrows[below].add(above)
    return arrows


def _closure(up, terms):
    """What can be reached from some terms by one arrow or more."""
    found, left = set(), list(terms)
    while left:
        for above in up.get(left.pop(), ()):
            if above not in found:
                found.add(above)
                left.append(above)
    return found
