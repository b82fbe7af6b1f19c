"""Joins the triples of ontologies so that what stands in both stands in the merged one once.

Named terms are the same by their IRI. A blank node of one side is taken for
one of the other where the same is said of both down to the leaves and the
same refers to them: then the axiom is the same axiom. Individuals are never
joined, nor is anything that they are part of.
"""

import collections
import hashlib

from ..reasoning.admission import FILLERS, OWL, PARTS, RDF

TYPE = RDF + "type"
# What class expressions, lists and annotated axioms are built with.
BUILDING = PARTS | FILLERS | {OWL + "onProperty", OWL + "annotatedSource"}


def join(base, more):
    """The triples of two lists, each once, in their order.

    Args:
        base: triples of pyoxigraph; they are kept as they are.
        more: triples with other blank nodes.

    Returns:
        A list of triples.
    """
    import pyoxigraph as ox

    same = _same(_Side(base, ox.BlankNode), _Side(more, ox.BlankNode))
    if not same:
        return list(dict.fromkeys([*base, *more]))
    joined = dict.fromkeys(base)
    for one in more:
        joined[ox.Triple(same.get(one.subject, one.subject), one.predicate, same.get(one.object, one.object))] = None
    return list(joined)


class _Side:
    """One list of triples, by its blank nodes."""

    def __init__(self, triples, blank):
        self.blank = blank
        self.arcs = collections.defaultdict(list)
        self.homes = collections.defaultdict(list)
        self.referred = set()
        for one in triples:
            if isinstance(one.object, blank):
                self.referred.add(one.object)
                if not isinstance(one.subject, blank):
                    self.homes[one.subject, one.predicate].append(one.object)
            if isinstance(one.subject, blank):
                self.arcs[one.subject].append((one.predicate.value, one.object))
        self.digests = self._digests()

    def roots(self):
        """The blank nodes that nothing refers to."""
        return [node for node in self.arcs if node not in self.referred]

    def _digests(self):
        """A digest of all that is said of each blank node; None for those that lead back to themselves."""
        done = {}
        for start in self.arcs:
            stack = [start]
            while stack:
                node = stack[-1]
                if node in done and done[node] is not False:
                    stack.pop()
                    continue
                inner = [value for _, value in self.arcs[node] if isinstance(value, self.blank)]
                if node not in done:
                    done[node] = False
                    # What is open already leads back: its digest stays unknown, and so does that of this node.
                    stack += [value for value in inner if value not in done]
                    if stack[-1] is not node:
                        continue
                known = [done.get(value) for value in inner]
                done[node] = None if not all(known) else self._digest(node, done)
                stack.pop()
        return done

    def _digest(self, node, done):
        # Of two individuals without a name nobody knows whether they are one, whatever is said of them.
        if not any(
            predicate in BUILDING or (predicate == TYPE and getattr(value, "value", "").startswith(OWL))
            for predicate, value in self.arcs[node]
        ):
            return None
        said = sorted(
            f"{predicate} {done[value] if isinstance(value, self.blank) else value}"
            for predicate, value in self.arcs[node]
        )
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def _same(base, more):
    """From blank nodes of one side to those of the other that are the same."""
    pairs = [
        pair
        for home, nodes in more.homes.items()
        if home in base.homes
        for pair in _paired(nodes, base.homes[home], more, base)
    ]
    pairs += _paired(more.roots(), base.roots(), more, base)
    same = {}
    while pairs:
        node, other = pairs.pop()
        if node not in same:
            same[node] = other
            pairs += _paired(*(_inner(side, one) for side, one in ((more, node), (base, other))), more, base)
    return same


def _paired(nodes, others, more, base):
    """Pairs of nodes of one side with those of the other of which the same is said."""
    known = {base.digests[other]: other for other in reversed(others) if base.digests.get(other)}
    return [(node, known[more.digests[node]]) for node in nodes if more.digests.get(node) in known]


def _inner(side, node):
    return [value for _, value in side.arcs[node] if isinstance(value, side.blank)]
