"""Line and column are exact: for every triple of the shipped files, for hard cases, and for texts written at random."""

import random
import subprocess
import sys
import time

import pyoxigraph as ox
import pytest

from conftest import ROOT
from lems_onto import reading
from lems_onto.validation import tokens
from lems_onto.validation.positions import Positions
from lems_onto.validation.statements import Statements

BASE = "file:///x.ttl"
FORMATS = {"Turtle": ox.RdfFormat.TURTLE, "N-Triples": ox.RdfFormat.N_TRIPLES, "N-Quads": ox.RdfFormat.N_QUADS}
SHIPPED = [ROOT / "ontology" / "lems.ttl", *sorted((ROOT / "shapes").glob("*.ttl"))]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
EX = "http://example.org/"


def ex(name):
    return ox.NamedNode(EX + name)


def parsed(text, syntax="Turtle"):
    parser = ox.parse(text, format=FORMATS[syntax], base_iri=BASE)
    return [quad.triple for quad in parser], dict(parser.prefixes)


def stored(text, syntax="Turtle"):
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in parsed(text, syntax)[0])
    return store


def canonical(triples):
    """The triples as a set in which equal graphs are equal, whatever the names of their blank nodes."""
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)


def named(term):
    return ox.BlankNode(f"n{term}".replace("-", "m")) if isinstance(term, int) else term


def at(text, span):
    """What stands in the text at a span, found by lines and columns alone."""
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    first, last = span.line - 1, span.end_line - 1
    assert span.excerpt == lines[first].rstrip(" ") or span.excerpt == lines[first]
    if first == last:
        return lines[first][span.column - 1 : span.end_column - 1]
    inner = [lines[first][span.column - 1 :], *lines[first + 1 : last], lines[last][: span.end_column - 1]]
    return "\n".join(inner)


# The shipped files


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_position_in_the_shipped_files_is_that_of_a_token_that_denotes_the_term(path):
    text = path.read_text(encoding="utf-8")
    triples, prefixes = parsed(text)
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in prefixes.items())
    meant = {}

    def denoted(token, pattern):
        if (token, pattern) not in meant:
            (triple,) = parsed(head + pattern.replace("TOKEN", token))[0]
            meant[token, pattern] = triple
        return meant[token, pattern]

    facts = Statements(text, "Turtle", BASE).every()
    assert canonical((named(s.term), p.term, named(o.term)) for s, p, o in facts) == canonical(triples)
    assert len(facts) == len(triples)
    written = set()
    for subject, predicate, token in facts:
        for one, pattern in ((subject, "TOKEN a 1 ."), (predicate, "<x:> TOKEN 1 ."), (token, "<x:> <x:> TOKEN .")):
            said = text[one.start : one.end]
            if isinstance(one.term, int):
                assert said == text[one.start] and said in "[(" if one.term >= 0 else ~one.term == one.start
            elif said == ")":
                assert one.term.value == RDF + "nil"
            elif one is predicate and not said:
                assert one.term.value in (RDF + "first", RDF + "rest")
            else:
                assert one.term in denoted(said, pattern)
        if predicate.end > predicate.start:
            assert predicate.end <= token.start and token.start not in written
            written.add(token.start)
    # The same by statements that are read one by one, and by line and column.
    statements = Statements(text, "Turtle", BASE)
    assert [fact for start in statements.starts for fact in statements.facts(start)] == facts
    lines = text.split("\n")
    for (*_, line, column), (_, _, token) in zip(
        Positions("x", text, "Turtle", BASE).all_triples(), facts, strict=True
    ):
        assert text[token.start : token.end].startswith(lines[line - 1][column - 1 :][: token.end - token.start])
        assert sum(len(one) + 1 for one in lines[: line - 1]) + column - 1 == token.start


def test_more_than_three_thousand_triples_are_shipped():
    assert sum(len(parsed(path.read_text(encoding="utf-8"))[0]) for path in SHIPPED) > 3000


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_triple_of_the_shipped_files_is_found_from_the_store_at_a_place_of_its_own(path):
    text = path.read_text(encoding="utf-8")
    store, positions = stored(text), Positions(path, text, "Turtle", BASE)
    places = set()
    for quad in store:
        place = positions.triple(quad.subject, quad.predicate, quad.object, store)
        assert place, quad
        if quad.predicate.value != RDF + "first":  # stands where the rdf:rest before it points to
            assert place[:4] not in places
            places.add(place[:4])
        assert positions.subject(quad.subject, store)
        assert positions.object(quad.object, store)


def test_the_same_in_n_triples_with_labelled_blank_nodes():
    triples = parsed(SHIPPED[0].read_text(encoding="utf-8"))[0]
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()
    store, positions = stored(text, "N-Triples"), Positions("x", text, "N-Triples", BASE)
    for number, triple in enumerate(triples, 1):
        place = positions.triple(*triple, store)
        assert place.line == number == place.end_line
        assert place.excerpt[place.column - 1 : place.end_column - 1] == str(triple.object)
        assert place.excerpt == f"{triple} ."


# By hand

PREFIX = f"@prefix ex: <{EX}> .\n"
HARD = {
    "CRLF": (PREFIX.replace("\n", "\r\n") + "ex:s\r\n  ex:p\r\n\tex:o .", (4, 2, 4, 6)),
    "CR": (PREFIX.replace("\n", "\r") + "ex:s #c\r ex:p\r\r\tex:o .", (5, 2, 5, 6)),
    "tabs": (PREFIX + "\tex:s\tex:p\t\tex:o.", (2, 13, 2, 17)),
    "astral and combining": (PREFIX + 'ex:s ex:q "😀e\u0301𝒳" ; ex:p ex:o .', (2, 25, 2, 29)),
    "long string": (PREFIX + 'ex:s ex:q """a.\n"b" # \\""" .\n\'\'\' .""" ; ex:p ex:o.', (4, 17, 4, 21)),
    "other quotes": (PREFIX + "ex:s ex:q '''x\n''\\'. \"\"\"''', '\".#' ; ex:p ex:o.", (3, 28, 3, 32)),
    "list of objects": (PREFIX + "ex:s ex:q 1;;\n ex:p ex:n,ex:o,\nex:m ; .", (3, 12, 3, 16)),
    "comment with quotes": (PREFIX + 'ex:s # it\'s """ <\nex:p # .\nex:o # .\n.', (4, 1, 4, 5)),
    "several on a line": (PREFIX + "ex:a ex:p ex:n. ex:s ex:p ex:m .ex:s ex:p ex:o. ex:s a ex:C.", (2, 43, 2, 47)),
    "one line": (PREFIX[:-1] + "prefix x:<x:>x:b a x:c .x:b a 5.x:a a <b>.ex:s ex:p ex:o .", (1, 88, 1, 92)),
    "glued to strings": (PREFIX + 'ex:a ex:p "x".ex:b ex:p "x"@en.ex:s ex:p ex:o.', (2, 42, 2, 46)),
    "glued to an IRI": (PREFIX + "ex:a ex:p <x>.[]ex:p[].ex:s<http://example.org/p>ex:o.", (2, 50, 2, 54)),
    "redefinition": (
        "PREFIX p: <http://x/>\np:s p:p p:o .\nprefix p: <http://example.org/> p:s p:p p:o .",
        (3, 41, 3, 44),
    ),
    "redefinition after": (PREFIX + "ex:s ex:p ex:o .\n@prefix ex: <http://x/> . ex:s ex:p ex:o .", (2, 11, 2, 15)),
    "base": ("@base <http://x/> . <s> <p> <o> .\nBASE <http://example.org/a#b>\n<s> <p> <./o> .", (3, 9, 3, 14)),
    "base of prefix": ("BASE <http://example.org/z> PREFIX : <>\nPREFIX q: <./> q:s q:p q:o .", (2, 24, 2, 27)),
    "version": ('VERSION "1.2"\n' + PREFIX + "ex:s ex:p ex:o .", (3, 11, 3, 15)),
    "escaped IRI": (PREFIX + "<http://example.org/\\u0073> ex:p <http://example.org/\\U0000006F> .", (2, 34, 2, 65)),
    "numbers": (PREFIX + "ex:s ex:q .5, 5.e3, -1.0, +5E-1, 5.5 ; ex:p ex:o.", (2, 45, 2, 49)),
    "prefix of a keyword": ("prefix base: <http://example.org/> base:s base:p base:o.", (1, 50, 1, 56)),
    "without prefix": ("@prefix : <http://example.org/>. :s a : ; :p :o .", (1, 46, 1, 48)),
    "escapes before": (PREFIX + "ex:s ex:q ex:char:544\\,553, ex:%2C.a.b, ex:\\# ; ex:p ex:o.", (2, 54, 2, 58)),
}


@pytest.mark.parametrize("case", HARD)
def test_hard_cases(case):
    text, place = HARD[case]
    positions, store = Positions("x", text, "Turtle", BASE), stored(text)
    found = positions.triple(ex("s"), ex("p"), ex("o"), store)
    assert found[:4] == place
    assert found == positions.object(ex("o"), store) == positions.object(ex("o"))
    if case != "version":  # which rdflib does not know
        assert len(list(positions.all_triples())) == len(parsed(text)[0])


def test_a_dot_before_a_letter_belongs_to_the_name():
    text = PREFIX + "ex:s ex:p ex:o.ex:s , ex:v1.2.\nex:s a ex:C."
    positions = Positions("x", text, "Turtle", BASE)
    assert positions.triple(ex("s"), ex("p"), ex("o.ex:s"))[:4] == (2, 11, 2, 20)
    assert positions.triple(ex("s"), ex("p"), ex("v1.2"))[:4] == (2, 23, 2, 30)
    assert positions.triple(ex("s"), ox.NamedNode(RDF + "type"))[:4] == (3, 8, 3, 12)


def test_without_an_object_the_last_one_is_meant():
    text = PREFIX + "ex:s ex:p ex:a, ex:b .\nex:t ex:p ex:x .\nex:s ex:q 1 ; ex:p ex:c ; ex:q 2 ."
    positions = Positions("x", text, "Turtle", BASE)
    assert positions.triple(ex("s"), ex("p"))[:2] == (4, 20)
    assert positions.triple(ex("s"), ex("q"))[:2] == (4, 32)
    assert positions.subject(ex("s"))[:4] == (2, 1, 2, 5)
    assert positions.subject(ex("t")).excerpt == "ex:t ex:p ex:x ."
    assert positions.object(ex("x"))[:4] == (3, 11, 3, 15)


def test_what_is_not_there_is_none():
    text = PREFIX + "ex:s ex:p ex:o , 'x' ."
    positions, store = Positions("x", text, "Turtle", BASE), stored(text)
    assert positions.triple(ex("s"), ex("p"), ex("s"), store) is None
    assert positions.triple(ex("s"), ex("q")) is None
    assert positions.triple(ex("o"), ex("p")) is None
    assert positions.subject(ex("o")) is None
    assert positions.object(ex("s"), store) is None
    assert positions.subject(ox.Literal("x")) is None
    assert positions.object(ox.Literal("x"), store)[:2] == (2, 18)
    assert positions.subject(ox.BlankNode("b"), store) is None
    assert positions.object(ox.BlankNode("b"), store) is None
    assert positions.triple(ox.BlankNode("b"), ex("p"), ox.BlankNode("c")) is None


def test_escapes_in_names():
    text = PREFIX + "ex:s ex:p ex:char:544\\,553 , ex:a%2Cb , ex:\\#h\\'\\( , ex:é.ü ."
    positions = Positions("x", text, "Turtle", BASE)
    for name, place in (("char:544,553", (11, 27)), ("a%2Cb", (30, 38)), ("#h'(", (41, 51)), ("é.ü", (54, 60))):
        span = positions.triple(ex("s"), ex("p"), ex(name))
        assert (span.column, span.end_column) == place


def test_literals_are_equal_when_a_store_takes_them_for_equal():
    text = (
        PREFIX
        + 'ex:s ex:p "01"^^<http://www.w3.org/2001/XMLSchema#integer>, 0.90, "x"@EN , "x" , true , "\\u0041\\n" .'
    )
    positions, store = Positions("x", text, "Turtle", BASE), stored(text)
    columns = []
    for triple in parsed(text)[0]:
        span = positions.triple(*triple, store)
        columns.append(span.column)
    assert columns == [11, 61, 67, 76, 82, 89]
    assert sorted(positions.triple(*quad.triple, store).column for quad in store) == columns
    one = ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert positions.object(one, store)[:4] == (2, 11, 2, 59)


BRACKETS = (
    PREFIX
    + """[] a ex:A ; ex:v 1 .
[ ex:v 2 ; ex:in [ ex:v 21 ; ex:in [ ex:v 211 ] ] ] a ex:A .
ex:s ex:list ( 1 [ ex:v 3 ] ( "x" ) ex:o ) ;
  ex:in [ ex:v 4 ] , [ ex:v 5 ] , [] .
( 7 8 ) ex:p () .
_:x ex:p _:y.z , [ ex:p _:x ] .
_:y.z ex:v 6 .
"""
)


def test_blank_nodes():
    store, positions = stored(BRACKETS), Positions("x", BRACKETS, "Turtle", BASE)
    by_value = {quad.object.value: quad.subject for quad in store.quads_for_pattern(None, ex("v"), None)}
    expected = {
        "1": (2, 1), "2": (3, 1), "21": (3, 18), "211": (3, 36), "3": (4, 18), "4": (5, 9), "5": (5, 22), "6": (8, 1),
    }  # fmt: skip
    for value, place in expected.items():
        assert positions.subject(by_value[value], store)[:2] == place
        assert at(BRACKETS, positions.triple(by_value[value], ex("v"), None, store)) == value
        assert at(BRACKETS, positions.subject(by_value[value], store)) in ("[", "_:y.z")
    (empty,) = {quad.object for quad in store.quads_for_pattern(ex("s"), ex("in"), None)} - set(by_value.values())
    assert positions.subject(empty, store)[:2] == positions.object(empty, store)[:2] == (5, 35)
    assert positions.object(by_value["21"], store)[:2] == (3, 18)
    assert positions.triple(by_value["2"], ex("in"), by_value["21"], store)[:4] == (3, 18, 3, 19)
    assert positions.triple(ox.BlankNode("x"), ex("p"), ox.BlankNode("y.z"), store)[:4] == (7, 10, 7, 15)
    (cell,) = (quad.object for quad in store.quads_for_pattern(ex("s"), ex("list"), None))
    first, rest = ox.NamedNode(RDF + "first"), ox.NamedNode(RDF + "rest")
    seen = []
    while cell.value != RDF + "nil":
        seen.append((positions.subject(cell, store)[:2], positions.triple(cell, first, None, store)[:2]))
        place = positions.triple(cell, rest, None, store)[:4]
        (cell,) = (quad.object for quad in store.quads_for_pattern(cell, rest, None))
    assert seen == [((4, 14), (4, 16)), ((4, 18), (4, 18)), ((4, 29), (4, 29)), ((4, 37), (4, 37))]
    assert place == (4, 42, 4, 43)
    (pair,) = (quad.subject for quad in store.quads_for_pattern(None, ex("p"), ox.NamedNode(RDF + "nil")))
    assert positions.subject(pair, store)[:2] == (6, 1)
    assert positions.triple(pair, ex("p"), None, store)[:4] == (6, 14, 6, 16)
    assert positions.triple(by_value["1"], ex("v")) is None, "an anonymous node is nothing without its store"


def test_twins_get_a_place_each():
    text = PREFIX + "[] a ex:A . [] a ex:A .\nex:s ex:p [ ex:q [ ex:v 1 ] ] , [ ex:q [ ex:v 1 ] ] ."
    store, positions = stored(text), Positions("x", text, "Turtle", BASE)
    places = sorted(positions.subject(node, store)[:2] for node in {quad.subject for quad in store} - {ex("s")})
    assert places == [(2, 1), (2, 13), (3, 11), (3, 18), (3, 33), (3, 40)]
    for quad in store.quads_for_pattern(None, ex("q"), None):
        outer, inner = positions.subject(quad.subject, store), positions.subject(quad.object, store)
        assert inner.column == outer.column + 7, "what is nested stays in its bracket"


def test_a_file_among_others():
    """Blank nodes carry the mark of their file; other files may say the same, and more."""
    mine = PREFIX + "ex:s ex:p [ ex:v 1 ] , _:x .\n_:x ex:p [ a ex:A ] ."
    other = PREFIX + "ex:s ex:p [ ex:v 2 ] .\n_:x ex:v 3 ."
    marked = {}
    store = ox.Store()
    for mark, text in (("f1_", mine), ("f2_", other)):
        for triple in parsed(text)[0]:
            terms = [ox.BlankNode(mark + term.value) if isinstance(term, ox.BlankNode) else term for term in triple]
            store.add(ox.Quad(*terms))
            marked.setdefault(mark, []).append(terms)
    positions = Positions("x", mine, "Turtle", BASE, mark="f1_")
    for terms in marked["f1_"]:
        assert positions.triple(*terms, store)
    for terms in marked["f2_"]:
        assert positions.triple(*terms, store) is None
    store.add(ox.Quad(marked["f1_"][0][0], ex("inferred"), ox.Literal(True)))
    fresh = Positions("x", mine, "Turtle", BASE, mark="f1_")
    assert fresh.triple(marked["f1_"][0][0], ex("v"), None, store)[:2] == (2, 18)


def test_a_bracket_of_another_file_is_not_mistaken_for_the_only_one_here():
    mine, other = PREFIX + "ex:s ex:p [ ex:v 1 ] .", PREFIX + "ex:s ex:p [ ex:v 2 ] . [] a ex:A ."
    store = stored(mine)
    store.extend(ox.Quad(*triple) for triple in parsed(other)[0])
    positions = Positions("x", mine, "Turtle", BASE)
    (foreign,) = (quad.subject for quad in store.quads_for_pattern(None, ex("v"), None) if quad.object.value == "2")
    (outer,) = (quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(RDF + "type"), None))
    assert positions.subject(foreign, store) is None and positions.subject(outer, store) is None


def test_n_quads_and_old_line_ends():
    text = "# <http://example.org/s>\r\r<http://example.org/s><http://example.org/p>_:b.\r_:b <http://example.org/p> "
    text += '"😀\\" ."@en <http://g/> . # c\r'
    positions = Positions("x", text, "N-Quads", BASE)
    assert positions.triple(ex("s"), ex("p"), ox.BlankNode("b"))[:4] == (3, 45, 3, 48)
    assert positions.triple(ox.BlankNode("b"), ex("p"))[:4] == (4, 28, 4, 38)
    assert positions.subject(ox.BlankNode("b"))[:4] == (4, 1, 4, 4)
    assert len(list(positions.all_triples())) == 2


@pytest.mark.parametrize(
    "inner",
    [
        "<<( ex:s ex:p 1 )>>",
        "1 {| ex:q 2 |}",
        "[ ex:p " * 1500 + "1" + " ]" * 1500,
        "(" * 1500 + ")" * 1500,
    ],
    ids=["triple term", "annotation", "deep brackets", "deep lists"],
)
def test_what_rdflib_cannot_read_gives_none_and_harms_nothing_else(inner):
    text = PREFIX + f"ex:a ex:p {inner} .\nex:s ex:p ex:o .\n"
    store, positions = stored(text), Positions("x", text, "Turtle", BASE)
    for quad in store.quads_for_pattern(ex("a"), None, None):
        place = positions.triple(*quad.triple, store)
        assert place is None or at(text, place) == "1"
    for quad in list(store)[:20]:
        positions.subject(quad.subject, store), positions.object(quad.object, store)
    assert positions.triple(ex("s"), ex("p"), ex("o"), store)[:4] == (3, 11, 3, 15)


@pytest.mark.parametrize("text", ["", "junk", "ex:s ex:p ex:o .", "@prefix ex: <", "<<", "[" * 99])
@pytest.mark.parametrize("syntax", [name for name, _, _ in reading.SYNTAXES])
def test_a_text_that_is_not_valid_gives_none(text, syntax):
    positions, store = Positions("x", text, syntax, BASE), stored("<a:s> <a:p> [] .")
    for node in (ox.NamedNode("a:s"), *(quad.object for quad in store)):
        assert positions.subject(node, store) is positions.object(node, store) is None
        assert positions.triple(node, ox.NamedNode("a:p"), None, store) is None


def test_nothing_is_read_before_it_is_needed_and_rdflib_only_for_turtle():
    script = """
import sys, pyoxigraph as ox
from lems_onto.validation.positions import Positions
Positions("x", None, "Turtle", "x:")
found = Positions("x", "<a:s> <a:p> 'x' .", "N-Triples", "x:").triple(ox.NamedNode("a:s"), ox.NamedNode("a:p"))
absent = Positions("x", "<a:s> <a:p> 'x' .", "Turtle", "x:").triple(ox.NamedNode("a:t"), ox.NamedNode("a:p"))
assert found.column == 13 and absent is None
assert "rdflib" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.mark.parametrize(
    "piece",
    [
        'ex:s ex:p """' + "\n" * 200_000 + '""" .\n',
        "ex:s ex:p '" + "\\'" * 200_000 + "' .\n",
        "ex:s ex:p ex:" + "a." * 200_000 + "a .\n",
        "ex:s ex:p ex:a" + "." * 200_000 + "a .\n",
        "ex:s ex:p 1" + ", 1" * 20_000 + " .\n",
        "ex:s ex:p 1" + ";" * 200_000 + " .\n",
        "#" * 200_000 + "\n" + " " * 200_000 + "ex:s ex:p 1 ." + " " * 200_000,
        "".join(f"@prefix ex: <{EX}{n}> . ex:s ex:p ex:o .\n" for n in range(3000)) + PREFIX,
        "ex:l ex:p (" + " 1" * 10_000 + ") .\n",
    ],
    ids=["lines", "escapes", "dots", "run of dots", "objects", "semicolons", "gaps", "prefixes", "list"],
)
def test_long_texts_take_no_more_than_linear_time(piece):
    text = PREFIX + piece + "\nex:s ex:q ex:o ."
    positions = Positions("x", text, "Turtle", BASE)
    start = time.perf_counter()
    assert positions.triple(ex("s"), ex("q"), ex("o"))
    assert time.perf_counter() - start < 3
    if "ex:l" in text:
        store = stored(text)
        nil = ox.NamedNode(RDF + "nil")
        assert positions.object(nil, store).column == 12 + 20_000
        assert time.perf_counter() - start < 6


# At random

PLAIN = ("a", "b1", "x.y", "1.2", "a:b", "%41c", "é😀", "o-1", "_u", "prefix", "true", "v1.2.3", "a..b")
ESCAPED = ("a,b", "q'r", "#h", "(x)", "~", "k;.l", "s/t", "x=1&y?")
RESERVED = set("_~.-!$&'()*+,;=/?#@%")


class Writer:
    """Writes Turtle at random and knows what it wrote where."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.parts, self.length, self.facts = [], 0, []
        self.prefixes, self.base, self.number = {}, BASE, 0
        self.newline = self.random.choice(("\n", "\n", "\r\n", "\r"))
        for _ in range(self.random.randint(3, 12)):
            if self.random.random() < 0.3:
                self.directive()
            self.statement()
        if self.random.random() < 0.5:
            self.parts.append(self.random.choice(("\n", "# end", "\t# it's\n", " ")))
        self.text = "".join(self.parts)

    def write(self, text):
        """Write a token after a gap, which is empty only where tokens may touch; returns its offset."""
        before = self.parts[-1][-1:] if self.parts else ""
        needed = self.tight and text[0] not in "<\"'[(,;)]^"
        needed |= before == text[0] and before in ("'", '"')
        gap = ""
        if needed or self.random.random() < 0.6:
            choices = (" ", " ", "  ", "\t", self.newline, f" # \"c' <.{self.newline}", self.newline + "\t ")
            gap = self.random.choice(choices)
        self.parts += [gap, text]
        offset = self.length + len(gap)
        self.length = offset + len(text)
        # After a word, a number or a label the next token may not touch; a dot must not be followed by one either.
        self.tight = (text == "." and self.tight) or text[-1] not in "<>\"'[](),;^." or text[-2:-1] == "\\"
        return offset

    tight = False

    def directive(self):
        namespace = self.random.choice(("http://example.org/", "http://example.org/a#", "urn:x:", "http://é.org/?q="))
        sparql = self.random.random() < 0.5
        word = self.random.choice(("PREFIX", "prefix", "Prefix")) if sparql else "@prefix"
        if self.random.random() < 0.25:
            self.base = self.random.choice(("http://example.org/d/e", "http://base.org/#f", "file:///a/b/c?d"))
            self.write("BASE" if sparql else "@base")
            self.write(f"<{self.base}>")
        else:
            prefix = self.random.choice(("", "ex", "a.b", "é", "p-1", "base", "a"))
            self.prefixes[prefix] = namespace
            self.tight = True
            self.write(word)
            self.write(prefix + ":")
            self.write(f"<{namespace}>")
        if not sparql:
            self.write(".")

    def iri(self):
        """The text of an IRI, and the IRI."""
        name = self.random.choice(PLAIN + ESCAPED)
        if self.prefixes and self.random.random() < 0.6:
            prefix = self.random.choice(list(self.prefixes))
            if "#" in self.prefixes[prefix]:
                name = name.replace("#", "~")
            local = "".join(
                "\\" + c
                if c in RESERVED - set("_-.%") or (c in "_-." and self.random.random() < 0.1 and place < len(name) - 1)
                else c
                for place, c in enumerate(name)
            )
            return f"{prefix}:{local}", self.prefixes[prefix] + name
        if self.random.random() < 0.3:
            root = {"h": self.base.split("/")[0] + "//" + self.base.split("/")[2] + "/", "f": "file:///"}[self.base[0]]
            plain = self.random.choice(("a", "b/c", "é"))
            return f"</{plain}>", root + plain
        if self.random.random() < 0.3:
            fragment = self.random.choice(("f", "%20"))
            return f"<#{fragment}>", self.base.split("#")[0] + "#" + fragment
        full = "http://example.org/" + name.replace("#", "~")
        return "<" + "".join(
            self.random.choice((c,) * 9 + (f"\\u{ord(c):04X}",)) if ord(c) < 65536 else c for c in full
        ) + ">", full

    def node(self):
        """Write a subject or an object that is no literal; returns its term and offset."""
        chance = self.random.random()
        if chance < 0.15:
            label = self.random.choice(("x", "y.z", "1", "é"))
            return ox.BlankNode(label), self.write("_:" + label)
        text, iri = self.iri()
        return ox.NamedNode(iri), self.write(text)

    def literal(self):
        """The text of a literal, and the literal."""
        xsd = "http://www.w3.org/2001/XMLSchema#"
        self.number += 1
        kind = self.random.choice(("integer", "decimal", "double", "boolean", "string", "string", "string"))
        if kind == "boolean":
            text = self.random.choice(("true", "false"))
            return text, ox.Literal(text, datatype=ox.NamedNode(xsd + kind))
        if kind != "string":
            forms = {
                "integer": ("0{}", "-{}", "+{}", "{}"),
                "decimal": (".{}", "{}.50", "-0.{}"),
                "double": ("{}e3", "{}.E-1", ".{}e0"),
            }
            text = self.random.choice(forms[kind]).format(self.number)
            return text, ox.Literal(text, datatype=ox.NamedNode(xsd + kind))
        value = "".join(
            self.random.choice("ab .;,#<>[]()'\"\\\n\té😀\u0301^@") for _ in range(self.random.randint(0, 12))
        )
        value += self.random.choice(("", str(self.number)))
        quote = self.random.choice(('"', "'", '"""', "'''"))
        named = {"\n": "\\n", "\t": "\\t", "\\": "\\\\", '"': '\\"', "'": "\\'"}
        text = ""
        for place, c in enumerate(value):
            long = len(quote) == 3
            last = place == len(value) - 1 or value[place + 1] == c
            must = c == "\\" or (c == "\n" and not long) or (c == quote[0] and (not long or last))
            if must or (c in named and self.random.random() < 0.3):
                text += named[c]
            else:
                text += f"\\U{ord(c):08x}" if self.random.random() < 0.05 else c
        text = quote + text + quote
        chance = self.random.random()
        if chance < 0.3:
            return text + self.random.choice(("", "", " ")) + "@en-GB", ox.Literal(value, language="en-gb")
        if chance < 0.6:
            written, datatype = self.iri()
            return f"{text}^^{self.random.choice(('', ' '))}{written}", ox.Literal(
                value, datatype=ox.NamedNode(datatype)
            )
        return text, ox.Literal(value)

    def object(self, depth):
        """Write an object; returns its term and offset."""
        chance = self.random.random()
        if chance < 0.4:
            text, term = self.literal()
            return term, self.write(text)
        if chance < 0.55 and depth < 4:
            return self.bracket(depth)
        if chance < 0.7 and depth < 4:
            return self.list(depth)
        return self.node()

    def bracket(self, depth):
        start = self.write("[")
        if self.random.random() < 0.85:
            self.predicates(start, start, depth + 1)
        self.write("]")
        return start, start

    def list(self, depth):
        start = self.write("(")
        items = [self.object(depth + 1) for _ in range(self.random.randint(0, 3))]
        end = self.write(")")
        nil = ox.NamedNode(RDF + "nil")
        cells = [(start, start) if n == 0 else (~offset, offset) for n, (_, offset) in enumerate(items)]
        for cell, item, following in zip(cells, items, [*cells, (nil, end)][1:], strict=True):
            self.facts.append((*cell, ox.NamedNode(RDF + "first"), item[1], *item))
            self.facts.append((*cell, ox.NamedNode(RDF + "rest"), following[1], *following))
        return cells[0] if cells else (nil, start)

    def predicates(self, subject, offset, depth):
        for number in range(self.random.randint(1, 3)):
            if number:
                for _ in range(self.random.choice((1, 1, 2))):
                    self.write(";")
            if self.random.random() < 0.2:
                predicate, place = ox.NamedNode(RDF + "type"), self.write("a")
            else:
                text, iri = self.iri()
                predicate, place = ox.NamedNode(iri), self.write(text)
            for again in range(self.random.choice((1, 1, 2, 3))):
                if again:
                    self.write(",")
                self.facts.append((subject, offset, predicate, place, *self.object(depth)))
        if self.random.random() < 0.2:
            self.write(";")

    def statement(self):
        chance = self.random.random()
        if chance < 0.15:
            start = self.write("[")
            self.predicates(start, start, 1)
            self.write("]")
            if self.random.random() < 0.5:
                self.predicates(start, start, 0)
        elif chance < 0.3:
            self.predicates(*self.random.choice((self.list, self.bracket))(0), 0)
        else:
            self.predicates(*self.node(), 0)
        self.write(".")


@pytest.mark.parametrize("seed", range(300))
def test_positions_in_a_text_written_at_random(seed):
    writer = Writer(seed)
    text, expected = writer.text, set(writer.facts)
    # The writer is right about what it wrote.
    assert canonical((named(s), p, named(o)) for s, _, p, _, o, _ in writer.facts) == canonical(parsed(text)[0])
    statements = Statements(text, "Turtle", BASE)
    for facts in (statements.every(), [fact for start in statements.starts for fact in statements.facts(start)]):
        assert {(s.term, s.start, p.term, p.start, o.term, o.start) for s, p, o in facts} == expected
        assert len(facts) == len(writer.facts)
    # Each anonymous node of the store has a place of its own, and each triple is found where it was written.
    store, positions = stored(text), Positions("x", text, "Turtle", BASE)
    nodes = {n for quad in store for n in (quad.subject, quad.object) if isinstance(n, ox.BlankNode)}
    own = {node: positions._nodes.own(node, store) for node in nodes}
    anonymous = [term for term in own.values() if isinstance(term, int)]
    assert len(set(own.values())) == len(nodes)
    assert set(anonymous) == {term for fact in expected for term in (fact[0], fact[4]) if isinstance(term, int)}
    breaks = [n for n, c in enumerate(text) if c == "\n" or (c == "\r" and text[n + 1 : n + 2] != "\n")]
    lines = [0, *(offset + 1 for offset in breaks)]
    written = {}
    for subject, _, predicate, _, term, offset in writer.facts:
        term = tokens.stored(term) if isinstance(term, ox.Literal) else term
        written.setdefault((subject, predicate, term), []).append(offset)
    for quad in store:
        span = positions.triple(*quad.triple, store)
        triple = own.get(quad.subject, quad.subject), quad.predicate, own.get(quad.object, quad.object)
        assert lines[span.line - 1] + span.column - 1 == min(written[triple])
        last = positions.triple(quad.subject, quad.predicate, None, store)
        most = max(max(places) for key, places in written.items() if key[:2] == triple[:2])
        assert lines[last.line - 1] + last.column - 1 == most
        first = positions.object(quad.object, store)
        assert lines[first.line - 1] + first.column - 1 == min(
            min(w) for key, w in written.items() if key[2] == triple[2]
        )
        described = positions.subject(quad.subject, store)
        starts = min(fact[1] for fact in writer.facts if fact[0] == triple[0])
        assert lines[described.line - 1] + described.column - 1 == starts
