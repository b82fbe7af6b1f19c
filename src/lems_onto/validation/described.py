"""Tells nodes as text: blank nodes by what is said of them, since their names differ from run to run."""

from .. import terms
from ..errors import shorten


class Names:
    """The text of terms, as far as a store describes them.

    Attributes:
        told: a dict from each blank node that was asked for to its text.
    """

    def __init__(self, store, prefixes):
        self.store, self.prefixes, self.told = store, prefixes, {}

    def of(self, term):
        """A term as N-Triples writes it, a blank node by what is said of it; None for None."""
        import pyoxigraph as ox

        if isinstance(term, ox.BlankNode):
            if term not in self.told:
                self.told[term] = self._blank(term, 0)
            return self.told[term]
        return None if term is None else str(term)

    def short(self, term):
        """A term for people: a CURIE, a text, or what is said of a blank node."""
        import pyoxigraph as ox

        if isinstance(term, ox.NamedNode):
            return terms.contract(term.value, self.prefixes)
        return shorten(f'"{term.value}"', 200) if isinstance(term, ox.Literal) else self.of(term)

    def _blank(self, node, depth):
        """Two levels of what is said of a node, sorted."""
        import pyoxigraph as ox

        if depth > 2:
            return "[ ... ]"
        parts = []
        for quad in self.store.quads_for_pattern(node, None, None):
            value = quad.object
            told = self._blank(value, depth + 1) if isinstance(value, ox.BlankNode) else self._term(value)
            parts.append(f"{self._term(quad.predicate)} {told}")
        return f"[ {' ; '.join(sorted(parts))} ]" if parts else "[]"

    def _term(self, term):
        short = terms.contract(term.value, self.prefixes) if not str(term).startswith('"') else None
        return short if short and short != term.value else shorten(str(term), 200)
