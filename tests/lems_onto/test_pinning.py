"""A pinned answer is the filtered answer, in every engine, and no value ever changes a query."""

import random
from collections import Counter

import pyoxigraph as ox
import pytest
import rdflib

import lems_onto
from lems_onto import answering, asking, engines, pinning, querytext, terms

QUERIES = lems_onto.queries()
QUESTIONS = {name: query for name, query in QUERIES.items() if not query.is_check}


@pytest.fixture(scope="module")
def results():
    engine = answering.shipped_engine()
    return {name: engine.run(querytext.read(query.text, name)) for name, query in QUESTIONS.items()}


def filtered(result, pins):
    at = {column: result.columns.index(column) for column in pins}
    return [row for row in result.rows if all(row[at[column]] in wanted for column, wanted in pins.items())]


def columns_and_values(result):
    """Each column with its values, None aside."""
    for at, column in enumerate(result.columns):
        yield column, sorted({row[at] for row in result.rows} - {None}, key=str)


@pytest.mark.parametrize("name", QUESTIONS)
def test_pinned_to_any_value_of_any_column_the_answer_is_the_filtered_answer(name, results):
    engine, query, result = answering.shipped_engine(), querytext.read(QUESTIONS[name].text, name), results[name]
    asked = 0
    for column, values in columns_and_values(result):
        for value in values:
            rows = engine.run(query, {column: [value]}).rows
            assert rows == filtered(result, {column: [value]}), (column, value)
            assert rows
            asked += 1
    assert asked >= len(result.columns)


@pytest.mark.parametrize("name", QUESTIONS)
def test_several_values_and_several_columns_are_bound_together(name, results):
    engine, query, result = answering.shipped_engine(), querytext.read(QUESTIONS[name].text, name), results[name]
    chance = random.Random(name)
    by_column = dict(columns_and_values(result))
    for _ in range(10):
        columns = chance.sample([c for c, values in by_column.items() if values], k=min(2, len(by_column)))
        pins = {c: chance.sample(by_column[c], k=min(len(by_column[c]), chance.randint(1, 3))) for c in columns}
        assert engine.run(query, pins).rows == filtered(result, pins), pins


@pytest.mark.parametrize("name", QUESTIONS)
def test_rdflib_binds_alike(name, results):
    engine, query, result = asking.shipped_rdflib(), querytext.read(QUESTIONS[name].text, name), results[name]
    chance = random.Random(name)
    loose = [(column, values) for column, values in columns_and_values(result) if column not in query.certain()]
    for column, values in dict([*columns_and_values(result)][:1] + loose[-1:]).items():
        pins = {column: chance.sample(values, k=min(2, len(values)))}
        assert Counter(engine.run(query, pins).rows) == Counter(filtered(result, pins)), pins


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_text_for_endpoints_means_the_same(name, results):
    """Run here by pyoxigraph, with every value; what real servers make of it is tested with these."""
    query, result = querytext.read(QUESTIONS[name].text, name), results[name]
    chance = random.Random(name)
    for column, values in columns_and_values(result):
        pins = {column: chance.sample(values, k=min(2, len(values)))}
        if values:
            text = querytext.read(pinning.with_values(query, pins), name)
            found = answering.shipped_engine().run(text)
            at = [found.columns.index(one) for one in (query.template() or result.columns)]
            rows = [tuple(row[i] for i in at) for row in found.rows]
            assert Counter(rows) == Counter(filtered(result, pins)), (pins, text.text)


def test_a_row_in_which_the_column_is_unbound_is_no_solution(results):
    fact = ox.Literal("F12")
    rows = [row for row in results["provenance"].rows if row[results["provenance"].columns.index("fact")] == fact]
    assert lems_onto.ask("provenance", {"fact": "F12"}).solutions == rows
    assert len(rows) < 5


NASTY = ['"', "'", "\\", "{", "}", "<", ">", "?pin0", "$x", "\n", "\r", "\t", "\0", "\u2028", "#", "|", "&", ";", ".",
         ",", "\\u0022", "\\u007D", "\\U0000003E", "%3E", "@en", "^^xsd:integer", "UNION", "FILTER", "SERVICE",
         "VALUES", '"""', "'''", "/*", "--", "\x1b[31m", "é", "中", "😀", " ", "", ":", "a:b", "_:b", "(", ")",
         "[", "]", "UNDEF", "http://x/ y", "http://x/>", "https://w3id.org/lems-onto/"]  # fmt: skip


def nasty(chance):
    return "".join(chance.choice(NASTY) for _ in range(chance.randint(1, 8)))


@pytest.mark.parametrize("name", ["symptoms", "treatment-priorities", "direct-edges", "availability", "provenance"])
def test_thousands_of_strange_values_never_change_a_query(name, results):
    """Bound, they find just what they equal; written for an endpoint, they stay one term each."""
    engine, query, result = answering.shipped_engine(), querytext.read(QUESTIONS[name].text, name), results[name]
    pattern = [token.text for token in query.tokens[query.body[0] : query.body[1]]]
    strings = [token.text for token in query.tokens]
    chance, made = random.Random(name), 0
    for _ in range(600):
        text, column = nasty(chance), chance.choice(result.columns)
        term = ox.Literal(text)
        assert engine.run(query, {column: [term]}).rows == []
        written = querytext.read(pinning.with_values(query, {column: [term]}), name)
        tokens = [token.text for token in written.tokens]
        assert any(tokens[i : i + len(pattern) - 1] == pattern[1:] for i in range(len(tokens)))
        assert tokens.count(str(term)) == strings.count(str(term)) + 1
        assert answering.shipped_engine().run(written).rows == []
        made += 1
    assert made == 600


@pytest.mark.parametrize("column", ["symptom", "hedge", "span"])
def test_strange_values_from_the_command_are_told_in_one_line_each(column):
    chance = random.Random(column)
    for _ in range(300):
        text = nasty(chance)
        with pytest.raises(lems_onto.LemsError) as caught:
            lems_onto.ask("symptoms", {column: text})
        assert "\n" not in str(caught.value), repr(text)
        assert str(caught.value).isprintable(), repr(text)
        assert len(str(caught.value)) < 400


def test_a_value_may_be_python_rdflib_turtle_or_what_people_write():
    import datetime

    one = lems_onto.ask("treatment-priorities", {"rank": 1}).solutions
    assert len(one) == 2
    for way in ("1", "01", '"1"^^xsd:integer', rdflib.Literal(1), ox.Literal(1), [1], ["1", 7]):
        assert lems_onto.ask("treatment-priorities", {"rank": way}).solutions == one, way
    dated = lems_onto.ask("availability", {"notAfter": "2016-12"}).solutions
    assert len(dated) == 2
    assert lems_onto.ask("availability", {"notAfter": '"2016-12"^^xsd:gYearMonth'}).solutions == dated
    for way in ("Europe", "EUROPE", '"Europe"@en', rdflib.Literal("Europe", lang="en")):
        assert len(lems_onto.ask("availability", {"region": way}).solutions) == 1, way
    with pytest.raises(lems_onto.WrongValue, match="not a whole number; for example '1'"):
        lems_onto.ask("treatment-priorities", {"rank": "first"})
    with pytest.raises(lems_onto.WrongValue, match="not a month such as 2016-12"):
        lems_onto.ask("availability", {"notAfter": "December"})
    assert not lems_onto.ask("availability", {"notAfter": datetime.date(2016, 12, 1)})
    with pytest.raises(lems_onto.WrongValue, match="no value is given"):
        lems_onto.ask("availability", {"region": []})
    with pytest.raises(lems_onto.UnknownName, match="did you mean 'Europe'"):
        lems_onto.ask("availability", {"region": ["Europe", "Eurape"]})
    with pytest.raises(lems_onto.WrongValue, match="NoneType"):
        lems_onto.ask("availability", {"region": None})
    with pytest.raises(lems_onto.WrongValue, match="is no term; write <IRI>"):
        lems_onto.ask("availability", {"region": '"Europe'})


REFUSED = {
    "SELECT * WHERE { ?a ?b ?c }": "SELECT \\* names no columns",
    "SELECT ?a (STR(?b) AS ?c) WHERE { ?a ?b ?x }": r"\?c is computed",
    "SELECT ?c (COUNT(*) AS ?n) WHERE { ?a ?b ?c } GROUP BY ?c": "sub-SELECT",
    "SELECT ?c WHERE { ?a ?b ?c } LIMIT 3": "LIMIT",
    "SELECT ?c WHERE { ?a ?b ?c } OFFSET 3": "OFFSET",
    "SELECT ?c WHERE { ?a ?b ?c } VALUES ?c { 1 }": "VALUES",
    "ASK { ?a ?b ?c }": "ASK has no columns|no column",
    "CONSTRUCT { ?c a ?a . ?a ?b ?c } WHERE { ?a ?b ?c }": "template",
    "DESCRIBE <urn:x>": "DESCRIBE has no columns|no column",
}


@pytest.mark.parametrize("text", REFUSED)
@pytest.mark.parametrize("way", ["engine", "endpoint"])
def test_what_cannot_be_pinned_without_changing_its_meaning_is_refused(text, way):
    query = querytext.read(text)
    with pytest.raises(lems_onto.LemsError, match=REFUSED[text]):
        if way == "engine":
            answering.shipped_engine().run(query, {"c": [ox.Literal(1)]})
        else:
            pinning.with_values(query, {"c": [ox.Literal(1)]})


PLACES = {
    "a comment at the end": "SELECT ?s WHERE { ?s a ?c # }\n}",
    "a sub-SELECT": "SELECT ?s WHERE { SELECT ?s WHERE { ?s a ?c } }",
    "braces in strings": "SELECT ?s WHERE { ?s a ?c FILTER (STR(?s) != '}{' && STR(?s) != \"\"\"}\"}\"\"\") }",
    "no WHERE": "SELECT ?s { ?s a ?c }",
    "a projection in DISTINCT": "SELECT DISTINCT ?s WHERE { ?s a ?c } ORDER BY ?s",
    "UNION": "SELECT ?s WHERE { { ?s a ?c } UNION { ?s a ?d FILTER (false) } }",
    "a variable named pin0": "SELECT ?s ?pin0 WHERE { ?s a ?pin0 }",
    "dollar variables": "SELECT $s WHERE { $s a ?c }",
    "a comparison without spaces": "SELECT ?s WHERE { ?s a ?c FILTER (STRLEN(STR(?s)) < 5000&&STRLEN(STR(?s))>1) }",
    "OPTIONAL": "SELECT ?s WHERE { ?x a ?c OPTIONAL { ?x a ?c BIND (?x AS ?s) } }",
    "MINUS": "SELECT ?s WHERE { ?s a ?c MINUS { ?s a ?c FILTER (false) } }",
    "EXISTS": "SELECT ?s WHERE { ?s a ?c FILTER EXISTS { ?s a ?c } }",
    "VALUES in the group": "SELECT ?s WHERE { VALUES ?c { <https://w3id.org/lems-onto/Claim> UNDEF } ?s a ?d }",
    "UNDEF": "SELECT ?s WHERE { VALUES (?s ?c) { (UNDEF 1) } ?s a ?d }",
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", ["pyoxigraph", "rdflib", "endpoint"])
def test_wherever_the_pattern_ends_the_pin_is_put_right(place, way):
    data = "<urn:a> a <urn:A> . <urn:b> a <urn:A> . <urn:c> a <urn:C> ."
    store = ox.Store()
    store.load(data, format=ox.RdfFormat.TURTLE)
    engine = engines.local("rdflib" if way == "rdflib" else "pyoxigraph", store)
    query = querytext.read(PLACES[place], place)
    column = query.columns[0]
    whole = engine.run(query)
    for value in (ox.NamedNode("urn:a"), ox.NamedNode("urn:z")):
        wanted = Counter(row for row in whole.rows if row[0] == value)
        if way == "endpoint":
            found = engine.run(querytext.read(pinning.with_values(query, {column: [value]}), place))
            rows = [row[: len(query.columns)] for row in found.rows]
        else:
            rows = engine.run(query, {column: [value]}).rows
        assert Counter(rows) == wanted, (value, rows)


def test_a_term_survives_the_way_to_text_and_back():
    for text in (nasty(random.Random(seed)) for seed in range(500)):
        literal = ox.Literal(text)
        assert terms.meant(str(literal), (), lambda _: set(), {}, "x") == [literal]
