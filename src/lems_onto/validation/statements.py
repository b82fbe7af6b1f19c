"""Cuts Turtle, N-Triples and N-Quads into statements, and these into triples that know where they stand.

The statements are found with one regular expression, which takes a fraction
of the time that the parsing took. Only those that are asked for are then
parsed: by rdflib, whose parser is made to keep the offset of each token. The
tokens are read in `tokens`, not by rdflib, which rewrites numbers, resolves
relative IRIs otherwise and takes quadratic time for long strings.

The text must be valid: what is not gives no triples, never an error.
"""

import bisect
import functools
from collections import namedtuple

from . import tokens

LINES = ("N-Triples", "N-Quads")
# What the parser raises on a text that it cannot read.
UNREADABLE = (AssertionError, LookupError, RecursionError, StopIteration, SyntaxError, TypeError, ValueError)
# A term with the offsets of its text. A bracket has the offset of its opening
# as its term, a further cell of a list the inverted (~) offset of its item; what a
# list says without writing it (rdf:first, rdf:rest) has no width.
Token = namedtuple("Token", "term start end")
Fact = namedtuple("Fact", "subject predicate object")


@functools.cache
def _parser():
    """rdflib's parser of Turtle, made to keep offsets; as a function because rdflib is heavy."""
    import pyoxigraph as ox
    from rdflib.plugins.parsers.notation3 import SinkParser

    a, first, rest, nil = (ox.NamedNode(tokens.RDF + name) for name in ("type", "first", "rest", "nil"))

    class Parser(SinkParser):
        """Fills `facts`. What rdflib passes on as nodes are tokens here."""

        def __init__(self, base):
            super().__init__(self, baseURI=base, genPrefix="_:", turtle=True)
            self.facts, self.terms = [], {}

        def setGenPrefix(self, *_):  # noqa: N802
            """Names of blank nodes are not needed."""

        def bind(self, *_):
            """Called when a prefix was declared: what its names stood for is forgotten."""
            self.terms = {}

        def makeStatement(self, quadruple, why=None):  # noqa: N802
            """Keep a triple; nested ones come before the triple that they are nested in."""
            self.facts.append(Fact(quadruple[2], quadruple[1], quadruple[3]))

        def skipSpace(self, argstr, i):  # noqa: N802
            """As in rdflib, in one step, and a carriage return alone ends a line too."""
            end = tokens.SPACE.match(argstr, i).end()
            return end if end < len(argstr) else -1

        def here(self, i):
            """A bracket is told by its offset."""
            return i

        def blankNode(self, uri=None):  # noqa: N802
            """The token of an opening bracket."""
            return Token(uri, uri, uri + 1)

        def uri_ref2(self, argstr, i, res):
            """The IRI of a directive, as text."""
            match = tokens.TERM.match(argstr, self.skipSpace(argstr, i))
            res.append(tokens.iri(match[0], self._bindings, self._baseURI))
            return match.end()

        def verb(self, argstr, i, res):
            """A predicate; nothing where the list of predicates ends."""
            match = tokens.TERM.match(argstr, i)
            if not match:
                return -1
            term = a if match[0] == "a" else self.term(match)
            res.append(("->", Token(term, i, match.end())))
            return match.end()

        def object(self, argstr, i, res):
            """A subject, an object, or an item of a list."""
            start = self.skipSpace(argstr, i)
            if argstr[start] == "[":
                return self.node(argstr, start, res)
            if argstr[start] == "(":
                return self.items(argstr, start, res)
            match = tokens.TERM.match(argstr, start)
            if not match:
                return -1
            res.append(Token(self.term(match), start, match.end()))
            return match.end()

        def items(self, argstr, start, res):
            """A list; its cells are kept from the last to the first."""
            found, i = [], self.skipSpace(argstr, start + 1)
            while argstr[i] != ")":
                end = self.object(argstr, i, found)
                if end < 0:
                    self.BadSyntax(argstr, i, "expected an item")
                i = self.skipSpace(argstr, end)
            following = Token(nil, i, i + 1) if found else Token(nil, start, i + 1)
            for item in reversed(found):
                cell = Token(start, start, start + 1) if item is found[0] else Token(~item.start, item.start, item.end)
                at = following.start
                self.facts.append(Fact(cell, Token(rest, at, at), following))
                self.facts.append(Fact(cell, Token(first, item.start, item.start), item))
                following = cell
            res.append(following)
            return i + 1

        def term(self, match):
            """The term of a token, made once for each text."""
            known = self.terms.get(match[0])
            if known is None:
                known = tokens.term(match, self._bindings, self._baseURI)
                if match.lastgroup == "name":
                    self.terms[match[0]] = known
            return known

    return Parser


class _InForce:
    """The prefixes that are in force at an offset."""

    def __init__(self, history, at):
        self.history, self.at = history, at

    def __getitem__(self, prefix):
        since, namespaces = self.history[prefix]
        number = bisect.bisect_right(since, self.at)
        if not number:
            raise KeyError(prefix)
        return namespaces[number - 1]


class Statements:
    """The statements of a text, each known by the offset at which it begins."""

    def __init__(self, text, syntax, base):
        self.text, self.syntax, self.base = text, syntax, base
        self._parsed, self._reader, self._epoch = {}, None, None

    @functools.cached_property
    def labels(self):
        """The labels of blank nodes in the text; those in comments and strings do no harm."""
        return {label[2:] for label in tokens.LABEL.findall(self.text)}

    @functools.cached_property
    def by_subject(self):
        """Offsets of statements, in order, by subject: `<IRI>`, `_:label`, or `[` for all that begin with a bracket."""
        self._prefixes, self._bases = {}, ([0], [self.base])
        try:
            return self._lines() if self.syntax in LINES else self._cut() if self.syntax == "Turtle" else {}
        except UNREADABLE:
            return {}

    @functools.cached_property
    def starts(self):
        """The offsets of all statements, in order."""
        return sorted(start for starts in self.by_subject.values() for start in starts)

    def facts(self, start):
        """The triples of a statement as a tuple of `Fact`; empty for what cannot be parsed."""
        if start not in self._parsed:
            try:
                self._parsed[start] = self._line(start) if self.syntax in LINES else self._turtle(start)
            except UNREADABLE:
                self._parsed[start] = ()
        return self._parsed[start]

    def every(self):
        """The triples of the whole text as a list of `Fact`."""
        if self.syntax in LINES:
            return [fact for start in self.starts for fact in self.facts(start)]
        if self.syntax != "Turtle":
            return []
        reader = _parser()(self.base)
        reader.feed(self.text)
        return reader.facts

    def _lines(self):
        """`by_subject` for lines of triples."""
        by_subject, last, offsets = {}, None, []
        line = tokens.LINE_OF_OLD if "\r" in self.text else tokens.LINE
        for match in line.finditer(self.text):
            token = match[1]
            if token != last and token:
                last = token
                offsets = by_subject.setdefault(tokens.unescape(token), [])
            if token:
                offsets.append(match.start(1))
        return by_subject

    def _cut(self):
        """`by_subject` for Turtle; what prefixes and bases stand for is kept by the offset from which on it does."""
        by_subject = {}
        prefixes, keys, base, end = {}, {}, self.base, 0
        while match := tokens.STATEMENT.match(self.text, end):
            end, token = match.end(), match["subject"]
            if token:
                key = keys.get(token) or keys.setdefault(token, _key(token, prefixes, base))
                if token == "(" and tokens.NOTHING.match(self.text, match.start("subject")):
                    key = f"<{tokens.RDF}nil>"
                by_subject.setdefault(key, []).append(match.start("subject"))
            elif match["namespace"]:
                iri = tokens.iri(match["namespace"], prefixes, base)
                prefix = match["prefix"]
                if prefix:
                    prefixes[prefix[:-1]] = iri
                    offsets, iris = self._prefixes.setdefault(prefix[:-1], ([], []))
                else:
                    base = iri
                    offsets, iris = self._bases
                offsets.append(end)
                iris.append(iri)
                keys = {}
        return by_subject

    def _turtle(self, start):
        """The triples of a statement of Turtle."""
        if self._reader is None:
            self._reader = _parser()(self.base)
            offsets = [offset for offset, _ in self._prefixes.values()]
            self._epochs = sorted(offset for since in (*offsets, self._bases[0]) for offset in since)
        reader, epoch = self._reader, bisect.bisect_right(self._epochs, start)
        if epoch != self._epoch:
            self._epoch, reader.terms = epoch, {}
            reader._bindings = _InForce(self._prefixes, start)
            reader._baseURI = _InForce({"": self._bases}, start)[""]
        reader.facts = []
        reader.statement(self.text, start)
        return tuple(reader.facts)

    def _line(self, start):
        """The triple of a line of N-Triples or N-Quads."""
        found, end = [], start
        for _ in Fact._fields:
            match = tokens.TERM.match(self.text, tokens.SPACE.match(self.text, end).end())
            end = match.end()
            found.append(Token(tokens.term(match, {}, self.base), match.start(), end))
        return (Fact(*found),)


def _key(token, prefixes, base):
    """The key of a subject in `Statements.by_subject`."""
    if token in "[(":
        return "["
    if token.startswith("_:") or token == "<":
        return token
    try:
        return f"<{tokens.iri(token, prefixes, base)}>"
    except UNREADABLE:
        return "<"
