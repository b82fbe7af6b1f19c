"""What the nodes of a store are in the text that was loaded into it.

Nodes with an IRI or a label are found by it. An anonymous blank node has no
name that two readers of a file share: it is told by what it hangs on and by
what is said of it, all the way down. Of several that are equal in that, each
gets a place of its own, in the order of the document.
"""

import bisect
import re

from . import tokens
from .statements import LINES


class Nodes:
    """The nodes of a text by those of a store.

    A node of the text is a pyoxigraph term, or the offset that is the term of
    an anonymous blank node in a `statements.Token`.

    Args:
        statements: the `Statements` of the text.
        mark: what was put before the labels of its blank nodes in the store.
    """

    def __init__(self, statements, mark):
        self.statements, self.mark = statements, mark
        self._known, self._by_subject, self._literals, self._counts = {}, {}, {}, {}
        # Of anonymous nodes in the text, by their offset: the statement, and the number of the signature.
        self._statement, self._signature = {}, {}
        # Of anonymous nodes in the store: the number of the signature, and the node in the text.
        self._signed, self._places = {}, {}
        self._numbers, self._sets, self._groups, self._handed = {}, [], {}, {}

    def own(self, node, store):
        """What a node of the store is in the text: a term, the offset of an anonymous node, or None."""
        import pyoxigraph as ox

        if self._anonymous(node):
            return self._locate(node, store) if store is not None and node.value.startswith(self.mark) else None
        if isinstance(node, ox.BlankNode):
            label = self._label(node)
            return label and ox.BlankNode(label)
        return self.named(node)

    def named(self, term):
        """A term as a store would give it back."""
        import pyoxigraph as ox

        if not isinstance(term, ox.Literal) or term.language or term.datatype.value == tokens.XSD + "string":
            return term
        if term not in self._literals:
            self._literals[term] = tokens.stored(term)
        return self._literals[term]

    def starts(self, own):
        """The statements that describe a node."""
        import pyoxigraph as ox

        if isinstance(own, int):
            return [self._statement[own]]
        return self.statements.by_subject.get(str(own), ()) if isinstance(own, ox.NamedNode | ox.BlankNode) else ()

    def facts(self, own):
        """What the text says of a node: by predicate, the first `Fact` by object, and the last one."""
        if own not in self._known:
            facts = [fact for start in self.starts(own) for fact in self._said(start).get(own, ())]
            self._known[own] = found = {}
            for fact in sorted(facts, key=lambda fact: fact.object.start):
                by_object, _ = found.get(fact.predicate.term, ({}, None))
                by_object.setdefault(self.named(fact.object.term), fact)
                found[fact.predicate.term] = by_object, fact
        return self._known[own]

    def _said(self, start):
        """The triples of a statement by subject."""
        if start not in self._by_subject:
            self._by_subject[start] = said = {}
            for fact in self.statements.facts(start):
                said.setdefault(fact.subject.term, []).append(fact)
        return self._by_subject[start]

    def _anonymous(self, node):
        """Whether a node of the store may be one that the text gives no label."""
        import pyoxigraph as ox

        return isinstance(node, ox.BlankNode) and self._label(node) is None and self.statements.syntax not in LINES

    def _label(self, node):
        """The label of a blank node of the store in the text, None where it has none."""
        label = node.value.removeprefix(self.mark)
        return label if node.value.startswith(self.mark) and label in self.statements.labels else None

    def _locate(self, node, store):
        """The offset in the text of an anonymous node of the store, None where it is not there."""
        chain = dict.fromkeys([node])
        while node not in self._places:
            incoming = store.quads_for_pattern(None, None, node, None)
            node = next((quad.subject for quad in incoming if self._anonymous(quad.subject)), None)
            if node is None or node in chain:
                break
            chain[node] = None
        # From the outermost bracket inwards, so that what is nested is sought in the bracket that was handed out.
        for one in reversed(chain):
            if one not in self._places:
                self._places[one] = self._choose(one, store)
        return self._places[next(iter(chain))]

    def _choose(self, node, store):
        """`_locate`, when that of the node around is known."""
        signature = self._sign(node, store)
        incoming = list(store.quads_for_pattern(None, None, node, None))
        for quad in incoming:
            inner = self._anonymous(quad.subject)
            around = self._places.get(quad.subject) if inner else self.own(quad.subject, store)
            if around is None:
                continue
            key = (around, quad.predicate)
            if key not in self._groups:
                by_object, _ = self.facts(around).get(quad.predicate, ({}, None))
                self._read(self.starts(around))
                self._groups[key] = self._grouped(one for one in by_object if isinstance(one, int))
            group = self._groups[key]
            if offsets := group.get(signature) or self._alone(group, signature):
                return self._hand_out(key, signature, offsets)
        offsets = None if incoming else self._outermost(node, signature, store)
        return self._hand_out(None, signature, offsets) if offsets else None

    def _alone(self, group, signature):
        """The only one of a group, if the store says all that the text says of it, and more."""
        if len(group) != 1:
            return None
        ((least, offsets),) = group.items()
        more = self._sets[signature]
        predicates = {predicate for predicate, _ in more}
        same = (pair[0] in predicates if isinstance(pair[1], int) else pair in more for pair in self._sets[least])
        return offsets if len(offsets) == 1 and self._sets[least] and all(same) else None

    def _hand_out(self, key, signature, offsets):
        """The next of the offsets of nodes that are equal; the last one when there are no more."""
        count = self._handed[key, signature] = self._handed.get((key, signature), 0) + 1
        return offsets[min(count, len(offsets)) - 1]

    def _grouped(self, offsets):
        group = {}
        for offset in offsets:
            group.setdefault(self._signature.get(offset), []).append(offset)
        return group

    def _outermost(self, node, signature, store):
        """The offsets of the brackets with a signature that begin statements; likely statements are read first."""
        starts = self.statements.by_subject.get("[", [])
        group = self._groups.setdefault(None, {})
        for likely in (lambda: self._likely(node, store, starts), lambda: starts):
            if signature in group:
                break
            for start in self._read(likely()):
                bisect.insort(group.setdefault(self._signature.get(start), []), start)
        return group.get(signature)

    def _likely(self, node, store, starts):
        """The statements that hold the rarest word in what is said of a node."""
        import pyoxigraph as ox

        words = set()
        for quad in store.quads_for_pattern(node, None, None, None):
            for term in (quad.predicate, quad.object):
                if isinstance(term, ox.NamedNode):
                    words.update(re.findall(r"[A-Za-z0-9]{3,}\Z", term.value))
                elif isinstance(term, ox.Literal):
                    words.update(sorted(re.findall(r"[A-Za-z0-9]{3,}", term.value), key=len)[-1:])
        for word in words - self._counts.keys():
            self._counts[word] = self.statements.text.count(word)
        # A word that is nowhere is written otherwise: cut by a prefix, or with escapes.
        count, word = min(((self._counts[word], word) for word in words if self._counts[word]), default=(0, ""))
        if not word or count > len(starts):
            return starts
        hits = (bisect.bisect_right(starts, match.start()) for match in re.finditer(word, self.statements.text))
        return sorted({starts[number - 1] for number in hits if number})

    def _read(self, starts):
        """Sign the anonymous nodes of statements, nested ones first; returns the statements that were new."""
        new = [start for start in starts if start not in self._statement]
        for start in new:
            self._statement[start] = start
            said, last = {}, {}
            for number, (subject, predicate, token) in enumerate(self.statements.facts(start)):
                if isinstance(token.term, int):
                    said.setdefault(token.term, [])
                if isinstance(subject.term, int):
                    said.setdefault(subject.term, []).append((predicate.term, token.term))
                    last[subject.term] = number
            for one in sorted(said, key=lambda one: last.get(one, -1)):
                self._statement[one] = start
                self._signature[one] = self._number(
                    (predicate, self._signature[term] if isinstance(term, int) else self.named(term))
                    for predicate, term in said[one]
                )
        return new

    def _sign(self, node, store):
        """The number of the signature of an anonymous node of the store, after those of what hangs on it."""
        todo, open_ = [node], set()
        while todo:
            said = [(quad.predicate, quad.object) for quad in store.quads_for_pattern(todo[-1], None, None, None)]
            below = [term for _, term in said if self._anonymous(term)]
            missing = [term for term in below if term not in self._signed and term not in open_]
            if missing and todo[-1] not in open_:
                open_.add(todo[-1])
                todo.extend(missing)
                continue
            one = todo.pop()
            if one not in self._signed:
                self._signed[one] = self._number(
                    (predicate, self._signed.get(term) if self._anonymous(term) else self._known_as(term))
                    for predicate, term in said
                )
        return self._signed[node]

    def _known_as(self, term):
        """A term of the store that is no anonymous node, as the text has it."""
        import pyoxigraph as ox

        return ox.BlankNode(self._label(term)) if isinstance(term, ox.BlankNode) else term

    def _number(self, said):
        """The same number for the same set of predicates and objects."""
        said = frozenset(said)
        if said not in self._numbers:
            self._numbers[said] = len(self._sets)
            self._sets.append(said)
        return self._numbers[said]
