"""Reads the text of a SPARQL query as far as one must to guard it and to pin its columns."""

import functools
import re
from collections import namedtuple

from .errors import LemsError
from .terminals import BrokenQuery, keyword, place_of, tokens_of

MAX_CHARACTERS = 100_000
FORMS = ("SELECT", "CONSTRUCT", "ASK", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")


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
        return place_of(self.text[self.head :], token.start - self.head, self.where)

    def prologue(self):
        """Pairs of a declared prefix and its namespace."""
        for at, token in enumerate(self.tokens[:-2]):
            if token.kind == "word" and token.text.upper() == "PREFIX":
                yield self.tokens[at + 1].text[:-1], self.tokens[at + 2].text[1:-1]

    def template(self):
        """The three variables of a CONSTRUCT whose template is one triple of variables, else None."""
        opening = next(at for at, token in enumerate(self.tokens) if token.text == "{")
        inner = [token for token in self.tokens[opening + 1 : _closing(self.tokens, opening)] if token.text != "."]
        plain = len({token.text for token in inner}) == 3 and all(token.kind == "variable" for token in inner)
        return tuple(token.text[1:] for token in inner) if plain and opening != self.body[0] else None

    def has_paths(self):
        """Whether the pattern may hold a path of any length; COUNT(*) and sums are taken for one too."""
        return any(token.text in ("*", "+") for token in self.tokens[self.body[0] : self.body[1]])

    def has(self, *words):
        """Whether the pattern holds one of some keywords."""
        return any(keyword(token) in words for token in self.tokens[self.body[0] : self.body[1]])

    def first_bound(self):
        """The variables that are bound before all else: to start from their value is to filter by it."""
        if self.form != "SELECT" or self.has_paths() or self.has("MINUS", "SELECT"):
            return set()
        before = []
        for token in self.tokens[self.body[0] + 1 : self.body[1]]:
            if keyword(token) in ("OPTIONAL", "FILTER", "BIND", "UNION") or token.text == "{":
                break
            before.append(token)
        return {token.text[1:] for token in before if token.kind == "variable"} & self.certain()

    def projection(self):
        """The character at which the SELECT clause, or the template of a CONSTRUCT, ends."""
        start = next(at for at, token in enumerate(self.tokens) if keyword(token) == self.form and token.depth == 0)
        if self.form == "CONSTRUCT":
            opening = next(at for at in range(start, len(self.tokens)) if self.tokens[at].text == "{")
            return self.tokens[_closing(self.tokens, opening)].end
        last = self.tokens[start]
        for token in self.tokens[start + 1 : self.body[0]]:
            if token.depth == 0 and keyword(token) in ("WHERE", "FROM"):
                break
            last = token
        return last.end

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
    tokens = tokens_of(text, where)
    outer = [at for at, token in enumerate(tokens) if token.depth == 0]
    form = next((at for at in outer if keyword(tokens[at]) in FORMS), None)
    for at in outer:
        # Engines end a keyword without a space behind it: INSERTDATA writes too.
        word = next((one for one in UPDATES if (keyword(tokens[at]) or "").startswith(one)), None)
        if word and tokens[at + 1 : at + 2] and tokens[at + 1].text != "(":
            place = place_of(text[head:], tokens[at].start - head, where)
            raise RefusedQuery(f"{place}: {word} writes; only queries that read are run")
        if tokens[at].text == ";" or (form is not None and at > form and keyword(tokens[at]) in FORMS):
            place = place_of(text[head:], tokens[at].start - head, where)
            raise BrokenQuery(f"{place}: a second query begins here; run one at a time")
    if form is None:
        raise BrokenQuery(f"{where}: holds no SELECT, CONSTRUCT, ASK or DESCRIBE; name a SPARQL query")
    name = keyword(tokens[form])
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
            tokens[form + 1 : groups[0]], lambda token: place_of(text[head:], token.start - head, where)
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
    tokens = query.tokens
    for at, token in enumerate(tokens):
        before, after = (tokens[at - 1] if at else token), tokens[min(at + 1, len(tokens) - 1)]
        # Engines end a keyword without a space behind it: SERVICESILENT, SERVICEex:x and FROMex:x call out too.
        glued = {"SERVICE": after.text == "{", "FROM": token.depth == 0 and keyword(before) != "PREFIX"}
        for name, mend in mends.items():
            if token.text.upper().startswith(name) and (token.kind == "word" or (token.kind == "name" and glued[name])):
                raise RefusedQuery(f"{query.place(token)}: {name} calls out, and nothing is fetched: {mend}")


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
