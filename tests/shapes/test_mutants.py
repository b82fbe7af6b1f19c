"""Of the graph that is broken in every systematic way, a sample; benchmarks/mutants.py makes all of it."""

import random
import subprocess
import sys
from collections import Counter

import pyoxigraph as ox
import pytest

import lems_onto
from conftest import ROOT
from lems_onto import resources
from lems_onto.source import verify_source

sys.path.insert(0, str(ROOT / "benchmarks"))
import mutants

SAMPLE, SEED = 250, 20261124


@pytest.fixture(scope="module")
def shipped():
    return mutants.Shipped()


@pytest.fixture(scope="module")
def found(shipped):
    return mutants.mutants(shipped)


@pytest.fixture(scope="module")
def catcher(shipped):
    return mutants.Catcher(shipped)


def broken(graph, mutant):
    """The triples of a mutant."""
    lost = set(mutant.removed)
    return [triple for triple in graph.triples if triple not in lost] + list(mutant.added)


def test_every_operator_makes_mutants_and_each_is_another_graph(shipped, found):
    assert set(found) == set(mutants.OPERATORS)
    assert min(map(len, found.values())) > 100
    assert sum(map(len, found.values())) > 30_000
    for mutant in mutants.drawn(found, 2000, SEED):
        assert set(broken(shipped, mutant)) != shipped.known, mutant


def test_the_whole_graph_is_caught_by_nothing(catcher):
    assert catcher.caught(mutants.Mutant("none", "nothing", (), ())) is None


def test_what_is_broken_is_caught_or_there_is_a_reason(found, catcher):
    rows = mutants.reasons()
    sample = mutants.drawn(found, SAMPLE, SEED)
    assert len({mutant.operator for mutant in sample}) == len(mutants.OPERATORS)
    lived = [mutant for mutant in sample if catcher.caught(mutant) is None]
    assert [str(mutant) for mutant in lived if mutants.reason(mutant, rows) is None] == []
    assert len(lived) < SAMPLE / 10


def test_trying_a_mutant_leaves_the_graph_as_it_was(shipped, found, catcher):
    for mutant in mutants.drawn(found, 50, SEED + 1):
        catcher.caught(mutant)
    assert {quad.triple for quad in catcher.store} == shipped.known


def test_each_reason_is_told_has_mutants_and_has_survivors(found):
    """That the counts are right, the tool says with --check."""
    rows = mutants.reasons()
    every = [mutant for ones in found.values() for mutant in ones]
    fitting = Counter(mutants.reason(mutant, rows) for mutant in every)
    for at, row in enumerate(rows):
        assert 0 < int(row["count"]) <= fitting[at], row
        assert row["reason"].endswith("."), row
        assert len(row["reason"]) > 20, row
        assert not {*row["operator"].split(", ")} - {*mutants.OPERATORS}, row


def test_no_survivor_touches_what_a_claim_or_a_span_says():
    for row in mutants.reasons():
        assert not row["pattern"].endswith((" of claim", " of span")), row


@pytest.fixture(scope="module")
def gate(shipped):
    return mutants.Catcher(shipped, sheets=())


@pytest.mark.parametrize("at", range(8))
def test_validate_finds_as_much_as_the_quick_way(at, shipped, found, gate, tmp_path, monkeypatch):
    chance = random.Random(SEED + at)
    every = [mutant for ones in found.values() for mutant in chance.sample(ones, 3)]
    rows = mutants.reasons()
    silent = [mutant for ones in found.values() for mutant in ones if mutants.reason(mutant, rows) is not None]
    for mutant in [*chance.sample(every, 2), *chance.sample(silent, 1)]:
        path = tmp_path / "lems.nt"
        path.write_bytes(ox.serialize(broken(shipped, mutant), format=ox.RdfFormat.N_TRIPLES))
        with monkeypatch.context() as patched:
            patched.setattr(resources, "ontology_path", lambda path=path: str(path))
            report = lems_onto.validate(allow_unused=True)
        assert bool(report.results) == bool(gate.caught(mutant)), (str(mutant), report.results[:3])


def test_a_phrase_that_the_text_does_not_say_is_found_with_the_text(shipped, source_text, tmp_path, monkeypatch):
    """The sheets know the phrases too; only the text knows whether the sheets are right."""
    for span in shipped.spans[::9]:
        [phrase] = shipped.values(span, mutants.EXACT)
        at = len(phrase.value) // 2
        other = phrase.value[:at] + ("x" if phrase.value[at] != "x" else "y") + phrase.value[at + 1 :]
        triple = ox.Triple(span, mutants.EXACT, phrase)
        mutant = mutants.Mutant("value", "", (triple,), (ox.Triple(span, mutants.EXACT, ox.Literal(other)),))
        path = tmp_path / "lems.nt"
        path.write_bytes(ox.serialize(broken(shipped, mutant), format=ox.RdfFormat.N_TRIPLES))
        store = ox.Store()
        store.load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
        with monkeypatch.context() as patched:
            patched.setattr("lems_onto.graphs.shipped", lambda store=store: (store, {}))
            assert [found.exact for found in verify_source(source_text).wrong] == [other]
    assert verify_source(source_text).holds


def test_the_tool_tells_what_survives():
    command = [sys.executable, str(ROOT / "benchmarks" / "mutants.py"), "--sample", "60", "--seed", "7"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Survivors by reason:" in done.stdout
    assert "no reason given" not in done.stdout
