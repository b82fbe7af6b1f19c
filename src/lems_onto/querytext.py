"""Reads the text of a SPARQL query as far as one must to guard it and to pin its columns.

The text is cut into the terminals of the SPARQL 1.1 grammar
(https://www.w3.org/TR/sparql11-query/#sparqlGrammar), so that nothing inside a
string, an IRI or a comment is ever taken for a keyword or a brace.
"""

import functools
import re
from collections import namedtuple

from .errors import LemsError, shorten

MAX_CHARACTERS = 100_000
MAX_NESTING = 100
FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
_LOCAL = r"(?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]|\.(?=[\w:%\\.-]))*"
_TERMINALS = re.compile(
    rf"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<iri><(?:[^\x00-\x20<>"{{}}|^`\\]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<string>\"{{3}}(?:\"{{0,2}}(?:[^"\\]|\\.))*\"{{3}}|'{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*'{{3}}
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d_](?:[\w-]|\.(?=[\w.:-]))*)?:{_LOCAL})
    | (?P<blank>_:\w(?:[\w-]|\.(?=[\w.-]))*)
    | (?P<word>[^\W\d]\w*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING, _CLOSING = {"{": "}", "(": ")", "[": "]"}, {"}", ")", "]"}
# Characters for which an escape may not stand where escapes are resolved
# before the text is parsed: they would end the string or the IRI.
_ENDING = re.compile(r"(?<!\\)(?:\\\\)*\\(?:u|U0000)00(?:0a|0d|22|27|3c|3e|5c)", re.IGNORECASE)

Token = namedtuple("Token", "kind text start end depth")


class BrokenQuery(LemsError):
    """A text that is not a SPARQL query, or one that is too long or nested too deep."""


class RefusedQuery(LemsError):
    """A query that writes, or that calls out to the network or to files."""


class QueryText(namedtuple("QueryText", "text where tokens form columns computed body modifiers head")):
    """A query as far as it is read.

    Attributes:
        text: the whole query.
        where: what the text is, named in messages: a file, or the name of a question.
        tokens: the terminals without white space and comments.
        form: SELECT, CONSTRUCT, ASK or DESCRIBE.
        columns: the variables of the answer in their order; subject,
            predicate and object for triples; None for `SELECT *`.
        computed: the columns that the SELECT clause computes with AS.
        body: the indices of the tokens that open and close the WHERE group.
        modifiers: the keywords that follow it, in capitals.
        head: how many characters were put before its first line; messages
            leave them out.
    """

    __slots__ = ()

    def terms(self):
        """The absolute IRIs that the pattern names, sorted; those of its prologue are none of them."""
        from urllib.parse import urljoin

        spaces, base = dict(self.prologue()), ""
        for before, token in zip(self.tokens, self.tokens[1:], strict=False):
            base = token.text[1:-1] if keyword(before) == "BASE" else base
        found = set()
        for token in self.tokens[self.body[0] : self.body[1]]:
            if token.kind == "iri":
                found.add(urljoin(base, token.text[1:-1]))
            elif token.kind == "name":
                prefix, _, local = token.text.partition(":")
                if prefix in spaces:
                    found.add(spaces[prefix] + re.sub(r"\\(.)", r"\1", local))
        return sorted(iri for iri in found if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", iri))

    def place(self, token):
        """Where a token stands, as file, line and column."""
        return _place(self.text[self.head :], token.start - self.head, self.where)

    def prologue(self):
        """Pairs of a declared prefix and its namespace."""
        for at, token in enumerate(self.tokens[:-2]):
            if token.kind == "word" and token.text.upper() == "PREFIX":
                yield self.tokens[at + 1].text[:-1], self.tokens[at + 2].text[1:-1]

    def template(self):
        """The three variables of a CONSTRUCT whose template is one triple of variables, else None."""
        opening = next(at for at, token in enumerate(self.tokens) if token.text == "{")
        inner = [token for token in self.tokens[opening + 1 : _closing(self.tokens, opening)] if token.text != "."]
        plain = len(inner) == 3 and all(token.kind == "variable" for token in inner)
        return tuple(token.text[1:] for token in inner) if plain and opening != self.body[0] else None

    def has_paths(self):
        """Whether the pattern may hold a path of any length; COUNT(*) and sums are taken for one too."""
        return any(token.text in ("*", "+") for token in self.tokens[self.body[0] : self.body[1]])

    def has_values(self):
        """Whether the pattern holds VALUES."""
        return any(keyword(token) == "VALUES" for token in self.tokens[self.body[0] : self.body[1]])

    def certain(self):
        """The variables that every solution binds, as far as it is plain: those of its outermost triples."""
        opening, closing = self.body
        inside = self.tokens[opening].depth + 1
        tokens = self.tokens[opening + 1 : closing]
        if not tokens or keyword(tokens[0]) == "SELECT":
            return set()
        others = ("VALUES", "SERVICE", "SILENT")
        return {
            token.text[1:]
            for before, token in zip([self.tokens[opening], *tokens], tokens, strict=False)
            if token.kind == "variable" and token.depth == inside and keyword(before) not in others
        }


@functools.lru_cache(maxsize=256)
def read(text, where="the query", head=0):
    """The `QueryText` of a text, of which the first `head` characters are not the author's.

    Raises:
        BrokenQuery: it is too long, nested too deep, has a brace without its
            other half, or none of the four query forms.
        RefusedQuery: it is an update.
    """
    if len(text) > MAX_CHARACTERS:
        raise BrokenQuery(f"{where}: has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read: shorten it")
    tokens = _tokens(text, where)
    outer = (at for at, token in enumerate(tokens) if token.depth == 0)
    form = next((at for at in outer if keyword(tokens[at]) in FORMS + UPDATES), None)
    if form is None:
        raise BrokenQuery(f"{where}: holds no SELECT, CONSTRUCT, ASK or DESCRIBE; name a SPARQL query")
    name = keyword(tokens[form])
    if name in UPDATES:
        raise RefusedQuery(f"{_place(text, tokens[form].start, where)}: {name} writes; only queries that read are run")
    groups = [at for at in range(form, len(tokens)) if tokens[at].text == "{" and tokens[at].depth == 0]
    named = name == "CONSTRUCT" and groups and tokens[groups[0] - 1].text.upper() != "WHERE"
    opening = groups[1] if named and len(groups) > 1 else groups[0] if groups and not named else None
    if opening is None:
        if name != "DESCRIBE":
            raise BrokenQuery(f"{where}: holds no WHERE {{ ... }}; add the pattern")
        return QueryText(text, where, tokens, name, ("subject", "predicate", "object"), (), (form, form), (), head)
    closing = _closing(tokens, opening)
    columns, computed = ("subject", "predicate", "object"), ()
    if name == "SELECT":
        columns, computed = _projection(
            tokens[form + 1 : groups[0]], lambda token: _place(text[head:], token.start - head, where)
        )
    elif name == "ASK":
        columns = ()
    return QueryText(
        text, where, tokens, name, columns, computed, (opening, closing),
        tuple(keyword(token) for token in tokens[closing + 1 :] if token.kind == "word" and token.depth == 0),
        head,
    )  # fmt: skip


def refuse_calls(query):
    """Refuse a query that reaches beyond the data that it is asked of.

    Raises:
        RefusedQuery: it holds SERVICE or FROM.
    """
    mends = {
        "SERVICE": "ask that service itself with --endpoint",
        "FROM": "name the files to ask with --data",
    }
    for token in query.tokens:
        if keyword(token) in mends:
            place = query.place(token)
            raise RefusedQuery(f"{place}: {keyword(token)} calls out, and nothing is fetched: {mends[keyword(token)]}")


def _tokens(text, where):
    tokens, open_at, depth = [], [], 0
    at = 0
    while at < len(text):
        match = _TERMINALS.match(text, at)
        kind, part = match.lastgroup, match[0]
        if (
            kind == "iri"
            and depth
            and tokens
            and tokens[-1].end == at
            and _ends_operand(tokens[-1])
            and open_at[-1] == "("
        ):
            # Inside an expression `?a<?b` compares; it begins no IRI.
            kind, part = "mark", "<"
        if kind == "mark" and part == "\\":
            raise BrokenQuery(f"{_place(text, at, where)}: an escape outside a string; write the character itself")
        if kind == "mark" and part in "\"'":
            raise BrokenQuery(f"{_place(text, at, where)}: the string that begins here is never closed; close it")
        if kind in ("iri", "string") and _ENDING.search(part):
            place = _place(text, at, where)
            raise BrokenQuery(f'{place}: an escape hides a quote or the end of a line; write \\" or \\n')
        if part in _CLOSING:
            if not open_at or _OPENING[open_at.pop()] != part:
                raise BrokenQuery(f"{_place(text, at, where)}: '{part}' closes nothing; remove it")
            depth -= 1
        if kind != "space":
            tokens.append(Token(kind, part, at, at + len(part), depth))
        if part in _OPENING:
            open_at.append(part)
            depth += 1
            if depth > MAX_NESTING:
                place = _place(text, at, where)
                raise BrokenQuery(f"{place}: is nested more than {MAX_NESTING} levels deep; write it flatter")
        at += len(part)
    if open_at:
        raise BrokenQuery(f"{where}: '{open_at[-1]}' is never closed; add '{_OPENING[open_at[-1]]}'")
    return tokens


def _ends_operand(token):
    return token.kind in ("variable", "number", "string") or token.text == ")"


def _closing(tokens, opening):
    depth = tokens[opening].depth
    return next(at for at in range(opening + 1, len(tokens)) if tokens[at].depth == depth and tokens[at].text == "}")


def _projection(tokens, place):
    """The columns of a SELECT clause, and those among them that it computes."""
    columns, computed = [], []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.depth == 0 and token.text == "*":
            return None, ()
        if token.depth == 0 and token.text == ",":
            raise BrokenQuery(f"{place(token)}: a comma stands between variables; leave it out")
        if keyword(token) in ("WHERE", "FROM") and token.depth == 0:
            break
        if token.kind == "variable" and token.depth == 0:
            columns.append(token.text[1:])
        elif token.kind == "variable" and token.depth == 1 and before is not None and keyword(before) == "AS":
            columns.append(token.text[1:])
            computed.append(token.text[1:])
    return tuple(columns), tuple(computed)


def keyword(token):
    """The keyword that a token may be, in capitals; None for a token that is none."""
    return token.text.upper() if token.kind == "word" else None


def _place(text, at, where):
    line = text.count("\n", 0, at) + 1
    return f"{shorten(str(where), 200)}:{line}:{at - text.rfind(chr(10), 0, at)}"
