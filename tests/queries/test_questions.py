"""Every question is documented, portable, ordered, and answers something; every check can fire."""

import re
from collections import Counter
from pathlib import Path

import pytest
import rdflib
import yaml

import lems_onto
from lems_onto import catalog, graphs, resources, tables

QUERIES = lems_onto.queries()
QUESTIONS = [name for name, query in QUERIES.items() if not query.is_check]
CHECKS = [name for name, query in QUERIES.items() if query.is_check]
FAILING = Path(__file__).parent / "check"


@pytest.fixture(scope="module")
def answers():
    return {name: lems_onto.ask(name) for name in QUERIES}


def test_there_are_a_dozen_questions_and_some_checks():
    assert len(QUESTIONS) >= 12
    assert len(CHECKS) >= 8
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


@pytest.mark.parametrize("name", QUERIES)
def test_rdflib_gives_the_same_rows_as_pyoxigraph(name, answers, graph):
    result = graph.query(QUERIES[name].text)
    if result.type == "CONSTRUCT":
        rows = Counter(result.graph)
    else:
        rows = Counter(tuple(binding.get(variable) for variable in result.vars) for binding in result.bindings)
    assert rows == Counter(tuple(row.values()) for row in answers[name].rows)


@pytest.mark.parametrize("name", QUESTIONS)
def test_pinning_a_column_keeps_just_the_rows_that_have_the_value(name, answers):
    answer = answers[name]
    for column in answer.columns:
        for value in {row[column] for row in answer.rows} - {None}:
            pinned = lems_onto.ask(name, {column: value})
            assert pinned.rows == [row for row in answer.rows if row[column] == value]
            assert pinned.solutions


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
    assert max(map(len, text.split("\n"))) <= 80
    assert "http" not in text.replace("http://www.w3.org", "") or name == "mappings"


def test_every_fact_is_reached_by_a_question(answers):
    reached = {str(row["fact"]) for row in answers["provenance"].rows if row["fact"]}
    assert len(reached) == 59


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
