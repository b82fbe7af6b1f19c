"""The tokens of Turtle, N-Triples and N-Quads as regular expressions, and the pyoxigraph terms that they denote.

Every quantifier is possessive: nothing is tried twice, so that a text of any
kind is read in linear time. The expressions take a text for valid and are
laxer than the grammar where that makes no difference.
"""

import functools
import re

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"

_GAP = r"(?:[ \t\r\n]++|#[^\r\n]*+)*+"
_IRI = r'<[^<>"\x00-\x20]*+>'
_IN_LABEL = r"""[^\x00-\x20"'<>#.\\,;()\[\]{}@^|+`~*!?&=$/:%]"""
_IN_NAME = _IN_LABEL.replace(":%", "")
# A dot is part of a name if the name goes on after it.
_NAME = rf"(?![0-9-]){_IN_NAME}++(?:(?:\\.|\.++(?=[\\]|{_IN_NAME}))(?:{_IN_NAME}++)?+)*+"
_LABEL = rf"_:{_IN_LABEL}++(?:\.++(?={_IN_LABEL}){_IN_LABEL}++)*+"
_STRING = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""' r"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\]++|\\.)*+"' r"|'(?:[^'\\]++|\\.)*+'"
)  # fmt: skip
# A dot after digits is part of the number if a digit or an exponent follows.
_NUMBER = r"[+-]?(?:[0-9]++(?:\.[0-9]++|\.(?=[eE][+-]?[0-9]))?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+"
_WORD = r"(?i:prefix|base|version)"
# Most of what stands in a file, taken fast: plain names before a space, and what stands between tokens.
_PLAIN = r"[A-Za-z_:][A-Za-z0-9_:-]*+[ \t\r\n,;\]]++|[ \t\r\n,;()\[\]]++"

SPACE = re.compile(_GAP)
LABEL = re.compile(_LABEL)
NOTHING = re.compile(rf"\({_GAP}\)")
TERM = re.compile(
    rf"(?P<iri>{_IRI})|(?P<label>{_LABEL})|(?P<name>{_NAME})|(?P<number>{_NUMBER})"
    rf"|(?P<string>{_STRING})(?:{_GAP}@(?P<language>[A-Za-z0-9-]++)|{_GAP}\^\^{_GAP}(?P<datatype>{_IRI}|{_NAME}))?+",
    re.DOTALL,
)
STATEMENT = re.compile(
    rf"{_GAP}(?:"
    rf"(?:@{_WORD}|{_WORD}(?![.\\]|{_IN_NAME})){_GAP}(?P<prefix>{_NAME})?+{_GAP}(?:(?P<namespace>{_IRI})|{_STRING})"
    rf"(?:{_GAP}\.)?+"
    rf"|(?P<subject>{_IRI}|{_LABEL}|{_NAME}|[\[(<])"
    rf"(?:{_PLAIN}|{_NAME}|{_IRI}|{_STRING}|{_NUMBER}|@[A-Za-z0-9-]++|#[^\r\n]*+|[^.])*+\.)",
    re.DOTALL,
)
# A line of N-Triples or N-Quads; no subject in an empty one and in a comment.
LINE = re.compile(rf"[ \t]*+(?P<subject>{_IRI}|_:[^ \t<]++)?+[^\n]*+\n?")
# Where a carriage return alone ends a line; four times as slow.
LINE_OF_OLD = re.compile(rf"[ \t]*+(?P<subject>{_IRI}|_:[^ \t<]++)?+[^\r\n]*+[\r\n]?")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:")


def unescape(text):
    """A text with the characters for which its escapes stand."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), text)


def iri(token, prefixes, base):
    """The IRI of a name, or of an IRI in angle brackets.

    Raises:
        ValueError: it is a keyword.
        KeyError: the prefix is unknown.
    """
    if token[0] == "<":
        return _absolute(token[1:-1], base)
    prefix, colon, local = token.partition(":")
    if not colon:
        raise ValueError(f"{token} is no name")
    return prefixes[prefix] + unescape(local)


@functools.lru_cache(maxsize=10_000)
def _absolute(reference, base):
    """An IRI as written between < and >, resolved as pyoxigraph does."""
    import pyoxigraph as ox

    reference = unescape(reference)
    if _ABSOLUTE.match(reference):
        return reference
    return next(ox.parse(f"<{reference}> a <x:> .", format=ox.RdfFormat.TURTLE, base_iri=base)).subject.value


def term(match, prefixes, base):
    """The pyoxigraph term of a match of `TERM`; `a` is no term."""
    import pyoxigraph as ox

    kind, token = match.lastgroup, match[0]
    if kind == "label":
        return ox.BlankNode(token[2:])
    if kind == "iri" or (kind == "name" and token not in ("true", "false")):
        return ox.NamedNode(iri(token, prefixes, base))
    if kind == "name":
        return ox.Literal(token, datatype=ox.NamedNode(XSD + "boolean"))
    if kind == "number":
        name = "double" if "e" in token.lower() else "decimal" if "." in token else "integer"
        return ox.Literal(token, datatype=ox.NamedNode(XSD + name))
    text, language, datatype = match["string"], match["language"], match["datatype"]
    quotes = 3 if text[:3] in ('"""', "'''") else 1
    value = unescape(text[quotes:-quotes])
    if language:
        return ox.Literal(value, language=language)
    return ox.Literal(value, datatype=ox.NamedNode(iri(datatype, prefixes, base)) if datatype else None)


def stored(literal):
    """A literal as a pyoxigraph store gives it back."""
    import pyoxigraph as ox

    scratch, node = ox.Store(), ox.NamedNode("x:")
    scratch.add(ox.Quad(node, node, literal))
    return next(iter(scratch)).object
