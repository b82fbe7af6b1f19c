"""Where the triples of one file stand: the line and the column of what a finding is about."""

import bisect
import functools
import re
from collections import namedtuple

from . import tokens
from .nodes import Nodes
from .statements import Statements


class Span(namedtuple("Span", "line column end_line end_column excerpt")):
    """A piece of a text: lines and columns from 1, columns in characters, the end exclusive; and its first line."""

    __slots__ = ()


class Positions:
    """Where the triples of one Turtle, N-Triples or N-Quads file stand.

    Nothing is read before something is asked for, and then only the statements
    that can hold it. What cannot be found, and any other syntax, gives None.
    Terms are those of pyoxigraph; literals are equal when a store takes them
    for equal. Blank nodes are those of `store`, which a request for an anonymous
    one needs: a store in which the file was loaded, alone or with others.

    Args:
        path: the file, for the record.
        text: its content without a byte order mark.
        syntax: a name of `reading.SYNTAXES`.
        base: the IRI against which relative ones were resolved.
        mark: what was put before the labels of the file's blank nodes in the store.
    """

    def __init__(self, path, text, syntax, base, mark=""):
        self.path, self.text = path, text
        self.statements = Statements(text, syntax, base)
        self._nodes, self._excerpts = Nodes(self.statements, mark), {}

    def triple(self, subject, predicate, object=None, store=None):
        """The `Span` of the object of a triple, of its opening bracket for one in brackets.

        Without an object: of the last triple with that subject and predicate.
        """
        found = self._nodes.facts(self._nodes.own(subject, store)).get(predicate)
        if not found:
            return None
        by_object, last = found
        fact = last if object is None else by_object.get(self._nodes.own(object, store))
        return fact and self._span(fact.object.start, fact.object.end)

    def predicate(self, subject, predicate, object, store=None):
        """The `Span` of the predicate of a triple."""
        found = self._nodes.facts(self._nodes.own(subject, store)).get(predicate)
        fact = found and found[0].get(self._nodes.own(object, store))
        return fact and self._span(fact.predicate.start, fact.predicate.end)

    def subject(self, node, store=None):
        """The `Span` of the node where it is first described."""
        own = self._nodes.own(node, store)
        if isinstance(own, int):
            return self._span(max(own, ~own), max(own, ~own) + 1)
        starts = self._nodes.starts(own)
        if not starts:
            return None
        token = tokens.TERM.match(self.text, starts[0]) or tokens.NOTHING.match(self.text, starts[0])
        return self._span(starts[0], token.end())

    def object(self, node, store=None):
        """The `Span` of the node where it is first the object of a triple; without a store all statements are read."""
        own = self._nodes.own(node, store)
        if own is None:
            return None
        if store is None:
            starts = self.statements.starts
        else:
            subjects = {quad.subject for quad in store.quads_for_pattern(None, None, node, None)}
            starts = sorted({start for one in subjects for start in self._nodes.starts(self._nodes.own(one, store))})
        for start in starts:
            found = [fact.object for fact in self.statements.facts(start) if self._nodes.named(fact.object.term) == own]
            if found:
                first = min(found, key=lambda token: token.start)
                return self._span(first.start, first.end)
        return None

    def all_triples(self):
        """Read the whole text; yields subject, predicate, object, and the line and column of the object.

        Anonymous blank nodes are named by their offsets.

        Raises:
            SyntaxError: rdflib cannot read it.
        """
        import pyoxigraph as ox

        def named(term):
            if isinstance(term, int):
                return ox.BlankNode(f"offset{term}" if term >= 0 else f"cell{~term}")
            return term

        for subject, predicate, token in self.statements.every():
            line, column = self._place(token.start)
            yield named(subject.term), predicate.term, named(token.term), line, column

    @functools.cached_property
    def _lines(self):
        """The offset at which each line begins."""
        ends = re.finditer(r"\r\n?|\n" if "\r" in self.text else "\n", self.text)
        return [0, *(match.end() for match in ends)]

    def _place(self, offset):
        line = bisect.bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def _span(self, start, end):
        (line, column), (end_line, end_column) = self._place(start), self._place(end)
        # Kept, because a line that holds a whole file may hold many findings.
        if line not in self._excerpts:
            stop = self._lines[line] if line < len(self._lines) else len(self.text)
            self._excerpts[line] = self.text[self._lines[line - 1] : stop].rstrip("\r\n")
        return Span(line, column, end_line, end_column, self._excerpts[line])
