"""Cuts a text into the terminals of the SPARQL 1.1 grammar (https://www.w3.org/TR/sparql11-query/#sparqlGrammar).

Nothing inside a string, an IRI or a comment is ever taken for a keyword or a
brace. Where engines differ in what a text means, it is refused.
"""

import re
from collections import namedtuple

from .errors import LemsError, shorten

MAX_NESTING = 100
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


def tokens_of(text, where):
    """The terminals of a text as a list of `Token`, white space and comments left out.

    Raises:
        BrokenQuery: it is nested too deep, a brace or a string lacks its other
            half, or engines differ in what it means.
    """
    tokens, open_at, depth = [], [], 0
    at = 0
    while at < len(text):
        match = _TERMINALS.match(text, at)
        kind, part = match.lastgroup, match[0]
        behind = kind == "iri" and open_at[-1:] == ["("] and _ends_operand(tokens[-1])
        if behind and (tokens[-1].end == at or "(" in part or ")" in part):
            # There `<` may compare or begin an IRI, and engines differ in what they take it for.
            raise BrokenQuery(f"{place_of(text, at, where)}: '<' may compare or begin an IRI; write spaces around it")
        if kind == "space" and re.search(r"\\[uU][0-9A-Fa-f]{4}", part):
            raise BrokenQuery(f"{place_of(text, at, where)}: an escape stands in a comment; remove it")
        if kind == "mark" and part == "\\":
            raise BrokenQuery(f"{place_of(text, at, where)}: an escape outside a string; write the character itself")
        if kind == "mark" and part in "\"'":
            raise BrokenQuery(f"{place_of(text, at, where)}: the string that begins here is never closed; close it")
        if kind in ("iri", "string") and _ENDING.search(part):
            place = place_of(text, at, where)
            raise BrokenQuery(f'{place}: an escape hides a quote or the end of a line; write \\" or \\n')
        if part in _CLOSING:
            if not open_at or _OPENING[open_at.pop()] != part:
                raise BrokenQuery(f"{place_of(text, at, where)}: '{part}' closes nothing; remove it")
            depth -= 1
        if kind != "space":
            tokens.append(Token(kind, part, at, at + len(part), depth))
        if part in _OPENING:
            open_at.append(part)
            depth += 1
            if depth > MAX_NESTING:
                place = place_of(text, at, where)
                raise BrokenQuery(f"{place}: is nested more than {MAX_NESTING} levels deep; write it flatter")
        at += len(part)
    if open_at:
        raise BrokenQuery(f"{where}: '{open_at[-1]}' is never closed; add '{_OPENING[open_at[-1]]}'")
    return tokens


def _ends_operand(token):
    return token.kind in ("variable", "number", "string", "language", "name", "iri", "word") or token.text in (")", "]")


def keyword(token):
    """The keyword that a token may be, in capitals; None for a token that is none."""
    return token.text.upper() if token.kind == "word" else None


def place_of(text, at, where):
    """The place of a character of a text, as file, line and column."""
    line = text.count("\n", 0, at) + 1
    return f"{shorten(str(where), 200)}:{line}:{at - text.rfind(chr(10), 0, at)}"
