"""Every question has one answer, in one order, in every engine: the one that is kept beside this test."""

import random
from collections import Counter
from pathlib import Path

import pytest

import lems_onto
import servers
from conftest import ONTOLOGY
from lems_onto import answering, asking, comparing, engines, forms, querytext

QUERIES = lems_onto.queries()
QUESTIONS = [name for name, query in QUERIES.items() if not query.is_check]
CHECKS = [name for name, query in QUERIES.items() if query.is_check]
GOLDEN = Path(__file__).parent / "answers"
FAILING = Path(__file__).parent / "check"


def read(name):
    return querytext.read(QUERIES[name].text, name)


@pytest.fixture(scope="module")
def first():
    return {name: answering.shipped_engine().run(read(name)) for name in QUERIES}


@pytest.fixture(scope="module")
def jena():
    return servers.jena([ONTOLOGY], {name: query.text for name, query in QUERIES.items()})


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_the_one_that_is_kept(name, first):
    """What changed is to be read in review; `make answers` writes the files anew."""
    path = GOLDEN / f"{name}.tsv"
    assert path.is_file(), "run: make answers"
    answer = asking.by_engine(QUERIES[name], answering.shipped_engine())
    assert forms.write(answer, "tsv") == path.read_text(encoding="utf-8")


def test_every_kept_answer_belongs_to_a_question():
    assert sorted(path.stem for path in GOLDEN.iterdir()) == sorted(QUESTIONS)


@pytest.mark.parametrize("name", QUERIES)
def test_rdflib_gives_the_same_answer(name, first):
    assert comparing.difference(first[name].rows, asking.shipped_rdflib().run(read(name)).rows) == comparing.SAME


@pytest.mark.parametrize("name", QUERIES)
def test_an_oxigraph_server_gives_the_same_answer(name, first, oxigraph):
    assert comparing.difference(first[name].rows, lems_onto.Endpoint(oxigraph).run(read(name)).rows) == comparing.SAME


@pytest.mark.parametrize("name", QUERIES)
def test_a_virtuoso_server_gives_the_same_answer(name, first, virtuoso):
    assert comparing.difference(first[name].rows, lems_onto.Endpoint(*virtuoso).run(read(name)).rows) == comparing.SAME


@pytest.mark.parametrize("name", QUERIES)
def test_jena_gives_the_same_answer(name, first, jena):
    found = jena[name]
    if isinstance(found, list):
        rows = engines.triples(read(name), ((one.subject, one.predicate, one.object) for one in found)).rows
    else:
        rows = [tuple(solution) for solution in found]
    assert comparing.difference(first[name].rows, rows) == comparing.SAME


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_fires_alike_in_every_engine(name):
    path = FAILING / f"{name}.ttl"
    graph = lems_onto.load(path)
    rows = lems_onto.ask(name, graph=graph).solutions
    assert rows
    assert comparing.difference(rows, lems_onto.ask(name, graph=graph, engine="rdflib").solutions) == comparing.SAME


@pytest.mark.parametrize("server", ["oxigraph", "virtuoso"])
@pytest.mark.parametrize("name", QUESTIONS)
def test_a_server_binds_as_the_engines_do(name, server, first, request):
    """Each column, with one value and with two; what must hold in FILTER and NOT EXISTS holds too."""
    url, graph = (
        request.getfixturevalue("virtuoso") if server == "virtuoso" else (request.getfixturevalue("oxigraph"), None)
    )
    engine, query, result = lems_onto.Endpoint(url, graph), read(name), first[name]
    chance, asked = random.Random(name), 0
    for at, column in enumerate(result.columns):
        values = sorted({row[at] for row in result.rows} - {None}, key=str)
        for count in {1, min(2, len(values))}:
            pins = {column: chance.sample(values, k=count)}
            wanted = Counter(row for row in result.rows if row[at] in pins[column])
            assert Counter(engine.run(query, pins).rows) == wanted, pins
            asked += 1
    assert asked >= len(result.columns)


def test_compare_says_what_differs():
    first, other = [(1, 2), (3, None)], [(3, None), (1, 2)]
    assert comparing.difference(first, list(first)) == "same"
    assert comparing.difference(first, other) == "the same rows in another order, from row 1 on"
    assert comparing.difference(first, first[:1]) == "1 rows are missing, such as 3 UNDEF"
    assert comparing.difference(first[:1], first) == "1 rows are new, such as 3 UNDEF"


def test_compare_as_a_command_names_every_engine_and_ends_with_one_when_an_answer_differs(command, oxigraph, tmp_path):
    done = command("ask", "symptoms", "--compare", "--endpoint", oxigraph)
    assert done.returncode == 0, done.stderr
    assert "1 questions, 3 engines: 0 answers differ" in done.stdout
    more = tmp_path / "more.ttl"
    more.write_text(
        "@prefix lems: <https://w3id.org/lems-onto/> . lems:LambertEatonMyasthenicSyndrome"
        ' <http://www.w3.org/2004/02/skos/core#altLabel> "LEMS syndrome"@en .'
    )
    done = command("ask", "names", "--compare", "--data", more, "--endpoint", oxigraph)
    assert done.returncode == 1
    assert "1 rows are missing" in done.stdout.replace("\n", " ")
