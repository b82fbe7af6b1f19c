"""Every question is documented, portable, ordered, and answers something; every check can fire."""

import re
import shlex
from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml

import lems_onto
from conftest import ROOT
from lems_onto import answering, catalog, engines, graphs, pinning, querytext, resources, tables

LEMS = "https://w3id.org/lems-onto/"

QUERIES = lems_onto.queries()
QUESTIONS = [name for name, query in QUERIES.items() if not query.is_check]
CHECKS = [name for name, query in QUERIES.items() if query.is_check]
FAILING = Path(__file__).parent / "check"


@pytest.fixture(scope="module")
def answers():
    return {name: lems_onto.ask(name) for name in QUERIES}


def test_there_are_enough_questions_and_checks_and_each_has_a_name_of_its_own():
    assert len(QUESTIONS) >= 30
    assert len(CHECKS) >= 10
    assert len(QUERIES) == len(resources.query_paths()), "two files bear one name"


@pytest.mark.parametrize("name", QUERIES)
def test_the_header_is_yaml_and_is_read_alike_by_a_yaml_library(name):
    query = QUERIES[name]
    lines = [line[2:].removeprefix(" ") for line in query.text.split("\n") if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert set(header) == {"summary", "description", "tags", "columns"}
    assert (header["summary"], header["description"], tuple(header["tags"]), header["columns"]) == (
        query.summary,
        query.description,
        query.tags,
        query.columns,
    )
    assert query.summary.endswith("?")


@pytest.mark.parametrize("name", QUERIES)
def test_the_columns_of_the_header_are_those_of_the_answer(name, answers):
    assert tuple(QUERIES[name].columns) == answers[name].columns
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", column) for column in answers[name].columns)


@pytest.mark.parametrize("name", QUERIES)
def test_a_file_runs_as_it_is_in_any_engine(name):
    text = re.sub(r'^#.*$|"[^"]*"|<[^>]*>', "", QUERIES[name].text, flags=re.MULTILINE)
    declared = re.findall(r"^PREFIX (\w+):", text, re.MULTILINE)
    used = set(re.findall(r"(?<![\w?$])(\w+):", re.sub(r"^PREFIX.*$", "", text, flags=re.MULTILINE)))
    assert declared == sorted(declared)
    assert set(declared) == used
    assert not re.search(r"\bSELECT\s*\*|\b(SERVICE|FROM|LOAD)\b", text)
    assert "CONSTRUCT" in text or "ORDER BY" in text


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_answers_something_and_rows_are_not_repeated(name, answers):
    solutions = answers[name].solutions
    assert solutions
    assert [row for row, count in Counter(solutions).items() if count > 1] == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_answers_nothing_on_the_shipped_ontology(name, answers):
    assert answers[name].solutions == []


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_fires_on_its_failing_example(name):
    assert lems_onto.ask(name, graph=lems_onto.load(FAILING / f"{name}.ttl")).solutions


def test_every_failing_example_belongs_to_a_check():
    assert sorted(path.stem for path in FAILING.iterdir()) == sorted(CHECKS)


def test_pinned_by_label_synonym_curie_and_iri_the_answer_is_the_same():
    ways = ["Diplopia", "double vision", "DOUBLE VISION", "HP:0000651", "hp:0000651",
            "http://purl.obolibrary.org/obo/HP_0000651", "<http://purl.obolibrary.org/obo/HP_0000651>"]  # fmt: skip
    found = [lems_onto.ask("symptoms", {"symptom": way}).rows for way in ways]
    assert len(found[0]) == 1
    assert found == [found[0]] * len(ways)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_table_fits_into_80_columns_and_shows_no_iri(name, answers, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    text = tables.render(answers[name])
    # An address or a checksum stays in one piece, however long it is.
    assert all(len(line) <= 80 or max(map(len, line.split())) > 55 for line in text.split("\n"))
    # What these answer with are addresses.
    assert "http" not in text.replace("http://www.w3.org", "") or name in ("document", "mappings", "ontology")


@pytest.mark.parametrize("name", QUERIES)
def test_every_column_can_be_pinned(name):
    """Its SELECT projects variables alone, so that a test at the end of the pattern filters the answer."""
    query = querytext.read(QUERIES[name].text, name)
    assert query.form in ("SELECT", "CONSTRUCT")
    pinning.refuse(query, query.columns)
    assert not query.computed


@pytest.mark.parametrize("name", QUERIES)
def test_no_two_rows_tie_in_the_order(name, answers):
    """So that every engine has to give them in one order."""
    text = QUERIES[name].text
    query = querytext.read(text, name)
    if query.form == "CONSTRUCT":
        return
    keys = text[re.search(r"\bORDER BY\b", text).end() :].strip()
    parts = re.findall(r"(?:[A-Z]+ ?)?\((?:[^()]|\([^()]*\))*\)|\?\w+|[A-Z]+\((?:[^()]|\([^()]*\))*\)", keys)
    more = " ".join(
        f"({part.removeprefix('DESC').removeprefix('ASC')} AS ?sortKey{at})" for at, part in enumerate(parts)
    )
    opening = query.tokens[query.body[0]].start
    head = re.sub(r"\bWHERE\s*$", "", text[:opening])
    counted = answering.shipped_engine().run(querytext.read(f"{head} {more} WHERE {text[opening:]}", name))
    graph = lems_onto.load(FAILING / f"{name}.ttl") if name in CHECKS else None
    if graph is not None:
        counted = engines.Pyoxigraph(graphs.from_rdflib(graph)).run(
            querytext.read(f"{head} {more} WHERE {text[opening:]}", name)
        )
    rows = [row[-len(parts) :] for row in counted.rows]
    assert rows
    assert len(set(rows)) == len(rows), [row for row, count in Counter(rows).items() if count > 1][:3]


@pytest.mark.parametrize("name", QUERIES)
def test_no_answer_holds_a_blank_node(name, answers):
    assert not [term for row in answers[name].solutions for term in row if str(term).startswith("_:")]


def test_no_two_questions_are_one_with_a_column_or_a_filter_more(answers):
    """Near-duplicates: of two answers with rows on the same columns, one holds the other."""
    seen = {}
    for name in QUESTIONS:
        answer = answers[name]
        at = [i for i, column in enumerate(answer.columns) if not column.endswith("Label")]
        seen[name] = {frozenset(str(row[i]) for i in at if row[i] is not None) for row in answer.solutions}
    pairs = [
        (one, other)
        for one, rows in seen.items()
        for other, others in seen.items()
        if one != other and all(any(row <= more for more in others) for row in rows)
    ]
    assert pairs == []


REACHED = [line.split("\t") for line in (Path(__file__).parent / "reached.tsv").read_text().splitlines()[1:]]


def test_every_fact_has_a_question():
    assert [fact for fact, _ in REACHED] == [f"F{number:02}" for number in range(1, 60)]
    assert not {question for _, question in REACHED} & {"provenance", "overview", "text-map"}


@pytest.mark.parametrize(("fact", "name"), REACHED)
def test_the_question_of_a_fact_states_it(fact, name, answers):
    """A row holds a claim or a span that carries the number of the fact, or the number itself."""
    store, _ = graphs.shipped()
    carriers = {quad.subject for quad in store.quads_for_pattern(None, ox.NamedNode(LEMS + "fact"), ox.Literal(fact))}
    carriers.add(ox.Literal(fact))
    assert carriers & {term for row in answers[name].solutions for term in row}


COMPETENCY = (ROOT / "docs" / "competency-questions.md").read_text(encoding="utf-8")


def test_every_competency_question_is_answered_and_every_question_answers_one():
    linked = re.findall(r"\]\(\.\./queries/([\w-]+)/([\w-]+)\.rq\)", COMPETENCY)
    assert {name for _, name in linked} >= set(QUESTIONS)
    assert all(QUERIES[name].group == group for group, name in linked)
    for line in re.findall(r"`(lems-onto ask [^`]+)`", COMPETENCY):
        words = shlex.split(line)[2:]
        where = dict(pair.split("=", 1) for pair in words[2::2])
        assert lems_onto.ask(words[0], where).solutions, line


def test_an_answer_from_an_own_graph_comes_from_that_graph_alone():
    own = rdflib.Graph().parse(
        data="""
        @prefix lems: <https://w3id.org/lems-onto/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix oa: <http://www.w3.org/ns/oa#> . @prefix ex: <https://example.org/> .
        ex:claim a lems:PriorityClaim ; lems:priorityRank 2 ; lems:object ex:rest ; lems:cue ex:c ; lems:mention ex:m .
        ex:rest rdfs:label "rest" . ex:c oa:exact "second" . ex:m oa:start 0 ; oa:exact "rest" .
    """
    )
    rows = lems_onto.ask("treatment-priorities", graph=own).rows
    assert [(int(row["rank"]), str(row["treatmentLabel"])) for row in rows] == [(2, "rest")]
    assert lems_onto.ask("treatment-priorities", {"treatment": "REST"}, own).rows == rows


def test_a_header_that_lacks_a_part_is_named(tmp_path):
    path = tmp_path / "bare.rq"
    path.write_text("#+ summary: What?\nSELECT ?x WHERE { ?x ?y ?z } ORDER BY ?x\n")
    with pytest.raises(
        lems_onto.LemsError, match=r"bare\.rq: the header has no description and no tags and no columns"
    ):
        catalog.read(path)


def test_the_shipped_graph_of_rdflib_and_the_store_of_questions_are_the_same(graph):
    store, _ = graphs.shipped()
    assert len(store) == len(graph)
