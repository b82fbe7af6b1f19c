"""SPARQL of one's own: the same conveniences, nothing but reading, and an end within the limits."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
import rdflib

import lems_onto
from lems_onto import asking, querytext

CROSS = (
    "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER (CONCAT(STR(?c), STR(?f), STR(?l)) = 'no') }"
)
FAT = "SELECT ?x WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i BIND (CONCAT(STR(?a), STR(?d), STR(?g)) AS ?x) } ORDER BY ?x"


@pytest.fixture
def query(tmp_path):
    def write(text):
        path = tmp_path / "query.rq"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_prefixes_are_bound_and_columns_are_pinned_by_label_or_value(command, query):
    path = query("SELECT ?claim ?name WHERE { ?claim a lems:PhenotypeClaim ; rdfs:label ?name } ORDER BY ?claim")
    whole = command("sparql", path, "--format", "json")
    assert whole.returncode == 0, whole.stderr
    for where in (
        "claim=claim:double-vision",
        "name=LEMS may show double vision",
        'name="LEMS may show double vision"@en',
    ):
        done = command("sparql", path, "--where", where)
        assert done.returncode == 0, done.stderr
        assert "claim:double-vision" in done.stdout
        assert done.stdout.count("claim:") == 1


def test_a_query_on_standard_input_is_run(command):
    done = command("sparql", "-", input="ASK { ?s a lems:Claim }")
    assert (done.returncode, done.stdout) == (1, "no\n")
    done = command("sparql", "-", input="ASK { ?s rdfs:subClassOf lems:Claim }")
    assert (done.returncode, done.stdout) == (0, "yes\n")
    done = command(
        "sparql", "-", "--format", "ttl", input="CONSTRUCT { ?s a owl:Class } WHERE { ?s rdfs:subClassOf lems:Claim }"
    )
    assert len(rdflib.Graph().parse(data=done.stdout)) == 11
    done = command(
        "sparql",
        "-",
        input="SELECT ?s ?o WHERE { ?s rdfs:subClassOf lems:Claim OPTIONAL { ?s <urn:p> ?o } } ORDER BY ?s",
    )
    assert "availability claim lems:AvailabilityClaim" in " ".join(done.stdout.split())


def test_own_data_are_asked_together_with_the_ontology_or_alone(command, query, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text(
        "@prefix ex: <https://example.org/> . @prefix lems: <https://w3id.org/lems-onto/> ."
        " ex:case a lems:LambertEatonMyasthenicSyndrome ."
    )
    path = query("SELECT ?case ?name WHERE { ?case a ?class . ?class rdfs:label ?name } ORDER BY ?case")
    done = command("sparql", path, "--data", own, "--where", "case=https://example.org/case")
    assert done.returncode == 0, done.stderr
    assert "Lambert-Eaton myasthenic syndrome" in done.stdout
    done = command("sparql", path, "--data", own, "--no-ontology")
    assert (done.returncode, done.stdout) == (1, "")
    assert "these terms of it occur nowhere in the data: rdfs:label" in done.stderr
    assert command("sparql", path, "--no-ontology").returncode == 2


@pytest.mark.parametrize("name", ["symptoms", "unknowns", "names"])
def test_a_question_that_answers_nothing_on_own_data_says_which_terms_are_missing(name, command, tmp_path):
    own = tmp_path / "own.nt"
    own.write_text('<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "a" .\n')
    done = command("ask", name, "--data", own, "--no-ontology")
    assert (done.returncode, done.stdout) == (1, "")
    assert "occur nowhere in the data" in done.stderr
    assert "rdfs:label" not in done.stderr


@pytest.mark.parametrize("engine", ["pyoxigraph", "rdflib"])
def test_a_query_that_never_ends_is_stopped_in_time(engine, command, query):
    start = time.monotonic()
    done = command("sparql", query(CROSS), "--timeout", "3", "--engine", engine)
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: .*query\.rq: did not end within 3 s and was stopped; .*\n", done.stderr)
    assert time.monotonic() - start < 20


def test_a_query_that_eats_memory_is_stopped(command, query):
    done = command("sparql", query(FAT), "--timeout", "100", "--memory", "600")
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: .*query\.rq: needs more than 600 MB and was stopped; .*\n", done.stderr), (
        done.stderr
    )


def test_an_interrupt_stops_the_process_that_works_too(query):
    path = query(CROSS)
    process = subprocess.Popen([sys.executable, "-m", "lems_onto", "sparql", path], stderr=subprocess.PIPE)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (130, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_no_process_outlives_a_parent_that_was_killed(query):
    path = query(CROSS)
    process = subprocess.Popen([sys.executable, "-m", "lems_onto", "sparql", path])
    time.sleep(2)
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as file:
        children = [int(number) for number in file.read().split()]
    assert children
    process.kill()
    process.wait()
    time.sleep(1)
    for child in children:
        try:
            with open(f"/proc/{child}/stat") as file:
                assert file.read().rsplit(")", 1)[1].split()[0] == "Z"
        except FileNotFoundError:
            pass


HOSTILE = {
    "parentheses": "SELECT ?s WHERE { ?s ?p ?o FILTER (" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "IF": "SELECT ?s WHERE { ?s ?p ?o FILTER (" + "IF(true, true, " * 2000 + "1" + ")" * 2000 + ") }",
    "EXISTS": "SELECT ?s WHERE { " + "FILTER EXISTS { " * 2000 + "?s ?p ?o" + " }" * 2000 + " }",
    "groups": "SELECT ?s WHERE " + "{" * 3000 + "?s ?p ?o" + "}" * 3000,
    "blank nodes": "SELECT ?s WHERE { ?s ?p " + "[ ?p " * 3000 + "1" + " ]" * 3000 + " }",
    "lists": "SELECT ?s WHERE { ?s ?p " + "( " * 3000 + ")" * 3000 + " }",
    "paths": "SELECT ?s WHERE { ?s " + "(" * 3000 + "a" + ")" * 3000 + " ?o }",
    "length": "SELECT ?s WHERE { ?s ?p '" + "x" * 200_000 + "' }",
    "nots": "SELECT ?s WHERE { ?s ?p ?o FILTER (" + "!" * 90_000 + "true) }",
    "triple terms": "SELECT ?s WHERE { ?s ?p " + "<<(" * 3000 + "?a ?b ?c" + ")>> " * 3000 + " }",
    "no brace": "SELECT ?s WHERE { ?s ?p ?o",
    "too many braces": "SELECT ?s WHERE { ?s ?p ?o } }",
    "a string without end": "SELECT ?s WHERE { ?s ?p 'x }",
    "no query": "hello",
    "nothing": " \n",
    "comments alone": "# nothing\n",
    "two queries": "SELECT ?s WHERE { ?s ?p ?o } SELECT ?s WHERE { ?s ?p ?o }",
    "a NUL byte": "SELECT ?s WHERE { ?s ?p ?o }\0",
    "no UTF-8": b"SELECT ?s WHERE { ?s ?p '\xff' }",
    "UTF-16": "SELECT ?s WHERE { ?s ?p ?o }".encode("utf-16"),
    "an unknown prefix": "SELECT ?s WHERE { ?s nope:p ?o }",
    "an unknown function": "SELECT ?s WHERE { ?s ?p ?o FILTER (foo(?s)) }",
    "an unbound projection": "SELECT ?s (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "a catastrophic pattern": "SELECT ?s WHERE { ?s ?p ?o FILTER (REGEX('" + "a" * 40 + "b', '^(a+)+$')) }",
}  # fmt: skip


@pytest.mark.parametrize("engine", ["pyoxigraph", "rdflib"])
@pytest.mark.parametrize("way", HOSTILE)
def test_a_hostile_or_broken_query_is_one_line(way, engine, command, query):
    done = command("sparql", query(HOSTILE[way]), "--timeout", "60", "--engine", engine)
    if way in (
        "an unbound projection",
        "nots",
        "a catastrophic pattern",
        "an unknown function",
    ) and done.returncode in (0, 1):
        # Engines may differ in what they put up with.
        return
    assert (done.returncode, done.stdout) == (2, ""), (done.stdout[:300], done.stderr)
    assert re.fullmatch(r"lems-onto: .+\n", done.stderr), done.stderr[:600]
    assert len(done.stderr) < 500
    assert "crash" not in done.stderr or way == "nots"


WRITING = {
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }": "INSERT writes",
    "PREFIX a: <urn:a> DELETE WHERE { ?s ?p ?o }": "DELETE writes",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }": "WITH writes",
    "LOAD <http://127.0.0.1:9/x>": "LOAD writes",
    "CLEAR ALL": "CLEAR writes",
    "drop silent graph <urn:g>": "DROP writes",
    "SELECT ?s WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": "SERVICE calls out",
    "SELECT ?s WHERE { ?s ?p ?o . { service silent ?s { ?s ?p ?o } } }": "SERVICE calls out",
    "SELECT ?s WHERE { FILTER(?s<?b)SERVICE<http://127.0.0.1:9/>{ ?s ?p ?o } }": "SERVICE calls out",
    "SELECT ?s FROM <http://127.0.0.1:9/x> WHERE { ?s ?p ?o }": "FROM calls out",
    "SELECT ?s FROM <file:///etc/passwd> WHERE { ?s ?p ?o }": "FROM calls out",
    "ASK FROM NAMED <http://127.0.0.1:9/x> { ?s ?p ?o }": "FROM calls out",
    "SELECT ?s WHERE { \\u0053ERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }": "an escape outside a string",
    "SELECT ?s WHERE { ?s ?p '\\u0027 SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } #' }": "an escape hides a quote",
    "SELECT ?s WHERE { ?s ?p <http://x/\\u003E> }": "an escape hides a quote",
    "SELECT ?s WHERE { ?s ?p \"\"\"\\U00000022\"\"\" }": "an escape hides a quote",
}  # fmt: skip


@pytest.mark.parametrize("engine", ["pyoxigraph", "rdflib"])
@pytest.mark.parametrize("text", WRITING)
def test_what_writes_or_calls_out_is_refused(text, engine):
    with pytest.raises(lems_onto.LemsError, match=WRITING[text]):
        lems_onto.sparql(text, engine=engine)


HARMLESS = [
    "SELECT ?service ?from WHERE { ?service rdfs:label ?from }",
    "SELECT ?s WHERE { ?s rdfs:label 'SERVICE <http://x> { INSERT }' }",
    "SELECT ?s WHERE { ?s rdfs:label ?l } # SERVICE FROM LOAD",
    "PREFIX service: <urn:s:> SELECT ?s WHERE { ?s service:FROM ?l }",
    "SELECT ?s WHERE { ?s <http://example.org/SERVICE/FROM> ?o }",
    "DESCRIBE lems:Claim",
    "SELECT ?s WHERE { ?s rdfs:label \"caf\\u00E9\" }",
    "SELECT ?s WHERE { ?s rdfs:label \"back\\\\u0022slash\" }",
    "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "SELECT ?s WHERE { ?s oa:start ?a ; oa:end ?b FILTER (?a < ?b&&?b>?a) }",
    "BASE <http://example.org/> SELECT ?s WHERE { ?s <x> ?o }",
    "SELECT ?s WHERE { <https://w3id.org/lems-onto/document/gard-6851#char=544,553> ?s ?o }",
    "SELECT ?s WHERE { char:544\\,553 ?s ?o }",
]  # fmt: skip


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_it_is_run(text):
    assert lems_onto.sparql(text).engine == "pyoxigraph"


def test_a_declared_prefix_wins_and_lines_of_messages_stay_right():
    _, prefixes = lems_onto.graphs.shipped()
    text = "PREFIX lems: <urn:x:>\nSELECT ?s WHERE { ?s a lems:Claim , owl:Class }"
    assert asking.with_prefixes(text, prefixes).text == "PREFIX owl: <http://www.w3.org/2002/07/owl#> " + text
    with pytest.raises(lems_onto.BrokenQuery, match=r"x\.rq:3:\d+: "):
        lems_onto.sparql("SELECT ?s\nWHERE {\n?s a owl:Class ; nonsense }", name="x.rq")


def test_a_graph_in_memory_is_asked_in_a_process_of_its_own():
    graph = rdflib.Graph().parse(data="<urn:a> <urn:p> [ <urn:p> 'x'@en , 1 ] .")
    answer = lems_onto.sparql("SELECT ?o WHERE { ?s <urn:p>/<urn:p> ?o } ORDER BY ?o", graph=graph)
    assert {row["o"] for row in answer.rows} == {rdflib.Literal("x", lang="en"), rdflib.Literal(1)}


def test_errors_of_the_process_keep_their_class_and_what_they_carry():
    with pytest.raises(lems_onto.UnknownName) as caught:
        lems_onto.ask("symptoms", {"symptom": "duble vision"}, data=[lems_onto.graphs.resources.ontology_path()])
    assert caught.value.suggestions[0] == "double vision"
    with pytest.raises(lems_onto.UnreadableFile, match=r"nowhere\.ttl"):
        lems_onto.ask("symptoms", data=["nowhere.ttl"])


def test_no_memory_is_leaked_to_a_file_and_no_process_stays():
    before = len(os.listdir("/tmp")) if os.path.isdir("/tmp") else 0
    lems_onto.sparql("SELECT ?s WHERE { ?s a lems:Claim }")
    assert len(os.listdir("/tmp")) <= before + 1


def test_the_terms_of_a_query_are_its_iris_and_no_others():
    text = 'PREFIX x: <urn:x:> SELECT ?s { ?s x:a <urn:b> ; x:c\\,d "<urn:no>" # <urn:no>\n }'
    assert querytext.read(text).terms() == ["urn:b", "urn:x:a", "urn:x:c,d"]


PLACES = {
    "SELECT ?s WHERE { ?s a owl:Class } ORDER ?s": "1:44: cannot be run at its end: expected BY",
    "SELECT ?s WHERE { ?s a foo:Class }": "1:24: the prefix foo: is not declared; declare it with PREFIX",
    "SELECT ?s, ?l WHERE { ?s a owl:Class }": "1:10: a comma stands between variables; leave it out",
    "SELECT ?s WHERE { ?s rdfs:label \"Diplopia }": "1:33: the string that begins here is never closed; close it",
    "SELECT ?s\nWHERE { ?s a owl:Class\n?s rdfs:label ?l }": "3:9: cannot be run near 'label ?l }'",
    "SELECT ?s WHERE { SERVICE <urn:x> { ?s a owl:Class } }": "1:19: SERVICE calls out",
}  # fmt: skip


@pytest.mark.parametrize("text", PLACES)
def test_the_place_of_an_error_is_where_the_author_wrote_it(text):
    with pytest.raises(lems_onto.LemsError) as caught:
        lems_onto.sparql(text, name="x.rq")
    assert str(caught.value).startswith("x.rq:" + PLACES[text])


def test_data_may_be_one_path_or_several_and_what_is_no_query_is_told(tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text("<urn:a> a <urn:B> .")
    for data in (own, str(own), [own], (str(own),)):
        assert len(lems_onto.sparql("SELECT ?s WHERE { ?s a <urn:B> }", data=data)) == 1
    for call, part in (
        (lambda: lems_onto.sparql(own), "the query is a PosixPath; give its text"),
        (lambda: lems_onto.ask("symptoms", "symptom=x"), "where is a str; give a dict"),
    ):
        with pytest.raises(lems_onto.LemsError, match=part):
            call()


def test_names_of_own_data_are_suggested(tmp_path, command):
    own = tmp_path / "own.ttl"
    own.write_text('<urn:a> <http://www.w3.org/2000/01/rdf-schema#label> "Headache" .')
    done = command(
        "sparql", "-", "--data", own, "--where", "l=Headche", input="SELECT ?s ?l WHERE { ?s rdfs:label ?l }"
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'Headache'" in done.stderr
