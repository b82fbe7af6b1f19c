"""The command: its answers, its exit codes, its one-line errors."""

import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest
import rdflib

import lems_onto

EXTENSION = """
@prefix lems: <https://w3id.org/lems-onto/> .
@prefix claim: <https://w3id.org/lems-onto/claim/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/> .
"""
RIGHT = EXTENSION + 'ex:Rest a owl:Class ; rdfs:label "rest" ; skos:definition "Doing nothing."@en .\n'
WRONG = RIGHT + "lems:LambertEatonMyasthenicSyndrome lems:hasFeature <http://purl.obolibrary.org/obo/HP_0000217> .\n"


def one_line(done, *parts):
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"lems-onto: .+\n", done.stderr), done.stderr
    for part in parts:
        assert part in done.stderr


def test_list_names_every_question_with_its_summary(command):
    done = command("list")
    assert done.returncode == 0
    flat = " ".join(done.stdout.split())
    for query in lems_onto.queries().values():
        assert query.name in flat
    assert max(map(len, done.stdout.split("\n"))) <= 80


@pytest.mark.parametrize("name", lems_onto.queries())
def test_show_prints_the_question_its_columns_and_its_file(name, command):
    done = command("show", name)
    query = lems_onto.query(name)
    assert done.returncode == 0
    assert done.stdout.endswith(query.text)
    assert query.summary in done.stdout
    assert all(column in done.stdout for column in query.columns)


def test_ask_answers_with_label_curie_group_hedge_and_span(command):
    done = command("ask", "symptoms", "--where", "symptom=double vision")
    assert done.returncode == 0
    for part in ("Diplopia", "HP:0000651", "HP:0012373", "may include", "Double vision", "char:998,1011"):
        assert part in done.stdout


def test_each_format_holds_the_same_rows(command):
    rows = lems_onto.ask("treatments").rows
    found = {form: command("ask", "treatments", "--format", form).stdout for form in ("csv", "tsv", "json", "markdown")}
    parsed = rdflib.query.Result.parse(source=_bytes(found["json"]), format="json")
    assert [tuple(row.get(v) for v in parsed.vars) for row in parsed.bindings] == [tuple(row.values()) for row in rows]
    assert len(rdflib.query.Result.parse(source=_bytes(found["csv"]), format="csv").bindings) == len(rows)
    assert len(rdflib.query.Result.parse(source=_bytes(found["tsv"]), format="tsv").bindings) == len(rows)
    assert found["markdown"].count("\n") == len(rows) + 2
    assert json.loads(found["json"])["head"]["vars"] == list(lems_onto.query("treatments").columns)


def _bytes(text):
    import io

    return io.BytesIO(text.encode())


def test_raw_shows_iris(command):
    assert "http://purl.obolibrary.org/obo/HP_0000651" in command("ask", "symptoms", "--raw").stdout


def test_an_empty_answer_is_an_honest_no(command):
    done = command("ask", "symptoms", "--where", "symptom=CHEBI:8382")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no solution" in done.stderr


def test_a_check_that_answers_nothing_is_a_yes(command):
    assert command("ask", "facts-without-claim").returncode == 0


def test_what_does_not_exist_is_named_with_what_does(command):
    one_line(command("ask", "symptons"), "'symptons'", "did you mean 'symptoms'")
    one_line(command("show", "xyzzy"), "'xyzzy'", "lems-onto list")
    one_line(command("ask", "symptoms", "--where", "sympton=x"), "did you mean 'symptom'")
    one_line(command("ask", "symptoms", "--where", "symptom=duble vision"), "did you mean 'double vision'")
    one_line(command("ask", "symptoms", "--where", "symptom=HP:9999999"), "HP:9999999")
    one_line(command("ask", "symptoms", "--where", "symptom=no:such thing"), "no:such thing")
    one_line(command("ask", "symptoms", "--where", "symptom=<http://a b>"), "a b")
    one_line(command("ask", "symptoms", "--where", "symptom"), "COLUMN=VALUE")
    one_line(command("ask", "symptoms", "--where", "hedge=may exclude"), "did you mean 'may include'")
    one_line(command("ask", "symptoms", "--format", "xls"), "xls")
    one_line(command("aks"), "aks")
    one_line(command("ask"), "name one question, or say --all")
    one_line(command(), "COMMAND")
    one_line(command("info", "none.ttl"), "none.ttl")
    one_line(command("verify-source", "none.txt"), "none.txt")
    one_line(command("validate", "none.ttl"), "none.ttl")


@pytest.mark.parametrize(
    "value", ['" } UNION {', "\\u0022", "a\nb\tc", "'; DROP", "{?value}", "x" * 5000, "\x1b[31m", "é中"]
)
def test_a_strange_value_never_changes_the_question(value, command):
    one_line(command("ask", "symptoms", "--where", "symptom=" + value))


def test_an_ambiguous_label_names_the_candidates():
    own = lems_onto.load()
    twin = rdflib.URIRef("https://example.org/Twin")
    own.add((twin, rdflib.RDFS.label, rdflib.Literal("Diplopia")))
    claim = rdflib.URIRef("https://w3id.org/lems-onto/claim/double-vision")
    own.add((claim, rdflib.URIRef("https://w3id.org/lems-onto/object"), twin))
    with pytest.raises(lems_onto.AmbiguousTerm, match=r"HP:0000651 or https://example\.org/Twin"):
        lems_onto.ask("symptoms", {"symptom": "diplopia"}, own)


def test_validate_without_a_file_validates_the_shipped_ontology(command):
    done = command("validate")
    assert done.returncode == 0
    told = " ".join(done.stdout.split())
    assert re.search(
        r"conforms: nothing was found [\d,]+ triples, [\d,]{4,} focus nodes, \d\d+ shapes, \d+ checks; 0 violat", told
    )


def test_validate_tells_yes_no_and_nothing_checked_apart(command, tmp_path):
    right, wrong, foreign = tmp_path / "right.ttl", tmp_path / "wrong.ttl", tmp_path / "foreign.ttl"
    right.write_text(RIGHT)
    wrong.write_text(WRONG)
    foreign.write_text("<https://example.org/a> <http://purl.org/dc/terms/title> 'x' .")
    done = command("validate", right)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r" [1-9]\d? focus nodes", done.stdout)
    done = command("validate", wrong)
    assert done.returncode == 1
    for part in ("shape:DirectEdge", "lems:LambertEatonMyasthenicSyndrome", "lems:hasFeature", "HP:0000217", "weaker"):
        assert part in done.stdout, part
    for text in (
        foreign.read_text(),
        "<https://e.org/> <http://www.w3.org/2002/07/owl#imports> <https://w3id.org/lems-onto> .",
    ):
        foreign.write_text(text)
        done = command("validate", foreign)
        assert done.returncode == 4
    assert "nothing checked" in done.stdout
    assert wrong.read_text() == WRONG


ODD = {
    "a list in a circle": (1, "_:l rdf:first ex:A ; rdf:rest _:l . ex:B rdfs:subClassOf [ owl:unionOf _:l ] ."
                              " lems:LambertEatonMyasthenicSyndrome rdfs:subClassOf [ owl:unionOf _:l ] ."),
    "no number": (1, 'ex:s a lems:TextSpan ; oa:start "abc"^^xsd:integer ; oa:end 5 ; oa:exact 5 .'),
    "literals for terms": (1, 'ex:c a lems:PhenotypeClaim ; lems:subject "LEMS" ; lems:predicate 5 .'),
    "a circle of classes": (1, "HP:0000118 rdfs:subClassOf HP:0000217 ."),
    "a second label": (1, 'lems:Gagging rdfs:label "gag"@en .'),
    "a stronger modality": (1, "claim:double-vision lems:modality lems:asserted ."),
    "other words": (1, '<https://w3id.org/lems-onto/document/gard-6851#char=544,553> oa:exact "wet mouth" .'),
    "pairs upside down": (1, "lems:mayHaveFeature rdfs:subPropertyOf lems:hasFeature ."),
    "a misspelt class": (1, "ex:p a lems:LambertEatonMyasthenicSyndrom ."),
    "a hedge hardened": (1, "lems:LambertEatonMyasthenicSyndrome owl:equivalentClass ex:Q . ex:Q rdfs:subClassOf"
                            " [ a owl:Restriction ; owl:onProperty lems:hasFeature ; owl:onClass HP:0000651 ] ."),
}  # fmt: skip


@pytest.mark.parametrize("what", ODD)
def test_validate_finds_what_is_odd_and_tells_no_traceback(what, command, tmp_path):
    code, turtle = ODD[what]
    path = tmp_path / "odd.ttl"
    more = "@prefix HP: <http://purl.obolibrary.org/obo/HP_> .\n@prefix oa: <http://www.w3.org/ns/oa#> .\n"
    more += "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
    path.write_text(EXTENSION + more + "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + turtle)
    done = command("validate", path)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr.count("\n") == (1 if code == 2 else 0), done.stderr
    assert str(path) in done.stdout
    assert "violation[" in done.stdout


def test_validate_says_which_imports_were_not_fetched(command, tmp_path):
    path = tmp_path / "importing.ttl"
    path.write_text(
        RIGHT + "<https://example.org/> a owl:Ontology ; "
        "owl:imports <http://example.org/other> , <https://w3id.org/lems-onto> ."
    )
    done = command("validate", path)
    assert done.returncode == 0
    assert "http://example.org/other, which was not fetched" in done.stderr
    assert "w3id.org" not in done.stderr


def test_info_counts_the_shipped_ontology_and_files(command, tmp_path):
    done = command("info")
    assert done.returncode == 0
    assert re.search(r"facts +59\n", done.stdout)
    path = tmp_path / "a.ttl"
    path.write_text(RIGHT)
    done = command("info", path)
    assert re.search(r"Turtle\s+(Triples +)?3\n", done.stdout)


def test_the_version_is_one_everywhere(command):
    from importlib.metadata import version

    assert command("--version").stdout == f"lems-onto {version('lems-onto')}\n"
    assert lems_onto.shipped_info().version == version("lems-onto")


def test_help_shows_the_exit_codes(command):
    done = command("--help")
    assert done.returncode == 0
    for code in ("0  yes", "1  an honest no", "2  could not", "3  broken shapes", "4  nothing was checked"):
        assert code in done.stdout


def test_verify_source_proves_every_span(command, source_text, tmp_path):
    done = command("verify-source", source_text)
    assert done.returncode == 0
    assert re.search(r"(\d+) of \1 spans hold; the checksum agrees", done.stdout)
    text = source_text.read_text()
    for name, changed, code, part in (
        ("spelling.txt", text.replace("fatigue", "fatigui"), 1, "characters 531 to 538 are 'fatigui', not 'fatigue'"),
        ("trailing.txt", text + "\n", 1, "the checksum differs"),
        ("shifted.txt", "x" + text, 2, "shifted characters"),
        ("windows.txt", text.replace("\n", "\r\n") if "\n" in text[:300] else "\r\n" + text, 2, "Windows line endings"),
        ("mark.txt", "\ufeff" + text, 2, "byte order mark"),
        ("other.txt", "Another text altogether. " * 200, 2, "is not the source"),
        ("short.txt", "x", 2, "is not the source"),
    ):
        path = tmp_path / name
        path.write_bytes(changed.encode())
        done = command("verify-source", path)
        assert done.returncode == code, (name, done.stdout, done.stderr)
        assert part in done.stdout + done.stderr
    path = tmp_path / "binary.txt"
    path.write_bytes(b"\xff\xfe\0")
    one_line(command("verify-source", path), "not UTF-8")


def test_debug_shows_the_traceback_and_nothing_else_does(command):
    assert "Traceback" in command("--debug", "ask", "nope").stderr
    assert "Traceback" not in command("ask", "nope").stderr


def test_a_closed_pipe_ends_quietly():
    done = subprocess.run(
        f"{sys.executable} -m lems_onto ask overview | head -n 1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1


def test_an_interrupt_ends_within_a_second_and_says_nothing():
    process = subprocess.Popen(
        [sys.executable, "-m", "lems_onto", "validate", "--engine", "pyshacl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (130, "", "")
    assert time.monotonic() - start < 10


def test_a_full_disk_is_one_line():
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lems_onto", "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: .*No space left.*\n", done.stderr), done.stderr
