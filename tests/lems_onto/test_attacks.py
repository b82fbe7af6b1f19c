"""What was found by attacking the questions: each stays mended."""

import json
import os
import pickle
import random
import re
import socket
import subprocess
import sys
import threading
from collections import Counter

import pyoxigraph as ox
import pytest
import rdflib

import lems_onto
from lems_onto import engines, forms, pinning, querytext

U = "http://127.0.0.1:{port}/x"
CALLS = [
    "SELECT ?s { SERVICESILENT <U> {?s ?p ?o} }",
    "PREFIX ex: <U> SELECT ?s { SERVICEex:x {?s ?p ?o} }",
    "PREFIX SERVICEex: <urn:y> PREFIX ex: <U> SELECT ?s { SERVICEex:x {?s ?p ?o} }",
    "SELECT ?s { FILTER(1 <2)SERVICE#>)\n<U> {?s ?p ?o} }",
    "SELECT ?s { FILTER(true<2)SERVICE#>)\n<U> {?s ?p ?o} }",
    "SELECT ?s { FILTER('a'@en<2)SERVICE#>)\n<U> {?s ?p ?o} }",
    "SELECT ?s { FILTER(1.e0<2)SERVICE#>)\n<U> {?s ?p ?o} }",
    'SELECT * { VALUES (?a ?b) {("a"<http://x#>)} SERVICE <U> {?s ?p ?o} VALUES (?c ?d) {("b"\n"b")}}',
    "SELECT ?s { #\r'''\n SERVICE <U> {?s ?p ?o} #\r'''\n }",
    "SELECT ?s { # \\u000a SERVICE <U> {?s ?p ?o} #\n }",
    "SELECT ?s { # \\U0000000a SERVICE <U> {?s ?p ?o} #\n }",
    "SELECT ?s FROMNAMED <U> { ?s ?p ?o }",
    "SELECT (1 <2AS ?x)FROM#>)\n<U>{ ?s ?p ?o }",
]


@pytest.fixture
def listener():
    """A port on loopback, and the connections that were made to it."""
    made = []
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.settimeout(0.2)

        def accept():
            while listening.fileno() != -1:
                try:
                    made.append(listening.accept()[1])
                except TimeoutError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        yield listening.getsockname()[1], made
    thread.join()


@pytest.mark.parametrize("engine", ["pyoxigraph", "rdflib"])
def test_no_query_reaches_the_network_however_it_is_spelt(engine, listener, command):
    port, made = listener
    for text in CALLS:
        done = command("sparql", "-", "--engine", engine, input=text.replace("<U>", f"<{U.format(port=port)}>"))
        assert (done.returncode, done.stdout) == (2, ""), (text, done)
        assert re.fullmatch(r"lems-onto: .+\n", done.stderr), text
    assert made == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no limit of open files for a process")
@pytest.mark.parametrize("engine", ["pyoxigraph", "rdflib"])
def test_should_the_guard_fail_the_process_has_no_socket_to_open(engine, listener, monkeypatch):
    port, made = listener
    monkeypatch.setattr(querytext, "refuse_calls", lambda query: None)
    with pytest.raises(lems_onto.LemsError):
        lems_onto.sparql(f"SELECT ?s {{ SERVICE <{U.format(port=port)}> {{ ?s ?p ?o }} }}", engine=engine)
    assert made == []


@pytest.mark.parametrize("module", ["json.py", "resource.py", "lems_onto/__init__.py"])
def test_no_file_of_the_current_folder_is_run(module, tmp_path):
    path = tmp_path / module
    path.parent.mkdir(exist_ok=True)
    path.write_text("import os; open('pwned', 'w'); os._exit(3)")
    query = tmp_path / "q.rq"
    query.write_text("ASK { ?s a owl:Class }")
    program = os.path.join(os.path.dirname(sys.executable), "lems-onto")
    done = subprocess.run([program, "sparql", query], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "yes\n"), done.stderr
    assert not (tmp_path / "pwned").exists()


DATA = """@prefix : <http://e/> .
:a :q 1 ; :p 2 , :b ; a :C . :b :p 3 ; a :C , :D . :c :q :a ; :r :b . :d :r :c ; :q 1 ; :p 2 . :e :p :e ."""
PATTERNS = [
    "?x :p ?z",
    "?x :q ?y",
    "?y :r ?x",
    "?x a ?z",
    "OPTIONAL { ?x :q ?y }",
    "OPTIONAL { ?y :r ?z }",
    "{ ?x :p ?y } UNION { ?z :q ?x }",
    "MINUS { ?u :q ?v }",
    "MINUS { ?x :q ?v }",
    "FILTER NOT EXISTS { ?x :r ?w }",
    "FILTER EXISTS { ?y :p ?w }",
    "BIND (?x AS ?w)",
    "BIND (STR(?y) AS ?w)",
    "VALUES ?x { :a :b UNDEF }",
    "VALUES (?x ?z) { (:a 2) (UNDEF 3) }",
    "?x :p/:p ?z",
    "?x (:p|:q)* ?z",
    "{ SELECT ?x WHERE { ?x :p ?o } ORDER BY ?x LIMIT 1 }",
    "{ SELECT ?x (COUNT(*) AS ?n) WHERE { ?x ?h ?o } GROUP BY ?x }",
    "FILTER (BOUND(?y))",
    "FILTER (?z > 1)",
    "{ OPTIONAL { ?x :q ?y } ?x :p ?z }",
    "{ ?x :r ?y MINUS { ?k :p ?l } }",
]


@pytest.mark.parametrize("seed", range(6))
def test_of_queries_made_at_random_a_pinned_answer_is_the_filtered_one(seed):
    store = ox.Store()
    store.load(DATA, format=ox.RdfFormat.TURTLE)
    both = {name: engines.local(name, store) for name in engines.NAMES}
    chance, asked = random.Random(seed), 0
    for _ in range(60):
        body = " . ".join(chance.sample(PATTERNS, chance.randint(1, 4))).replace("} .", "}").replace(") .", ")")
        text = f"PREFIX : <http://e/> SELECT {chance.choice(['', 'DISTINCT '])}?x ?y ?z WHERE {{ {body} }}"
        query = querytext.read(text)
        for name, engine in both.items():
            try:
                whole = engine.run(query)
            except lems_onto.LemsError:
                continue
            for at, column in enumerate(whole.columns):
                values = sorted({row[at] for row in whole.rows} - {None}, key=str)
                values.append(ox.NamedNode("http://e/none"))
                pins = {column: chance.sample(values, min(len(values), chance.choice((1, 1, 2))))}
                wanted = Counter(row for row in whole.rows if row[at] in pins[column])
                assert Counter(engine.run(query, pins).rows) == wanted, (name, text, pins)
                if name == "pyoxigraph":
                    sent = engine.run(querytext.read(pinning.with_values(query, pins)))
                    assert Counter(sent.rows) == wanted, ("endpoint", text, pins)
                asked += 1
    assert asked > 200


WRITES = [
    "SELECT * {?s ?p ?o} ; INSERT DATA { <a:a> <a:b> 1 }",
    "SELECT * {?s ?p ?o} DROP ALL",
    "BASE <http://a> INSERTDATA{<a:a> <a:b> 1} SELECT * {?s ?p ?o}",
    "DELETEWHERE{?s ?p ?o};SELECT * {?s ?p ?o}",
    "define sql:log-enable 2 INSERTDATA { <a:a> <a:b> 1 } ASK {?s ?p ?o}",
    "# \\u000aINSERT DATA {<a:a> <a:b> 1} #\nSELECT * {?s ?p ?o}",
    "SELECT ?s {?s ?p ?o} SELECT ?s {?s ?p ?o}",
]


@pytest.mark.parametrize("text", WRITES)
def test_nothing_that_writes_is_sent_to_an_endpoint(text, listener):
    port, made = listener
    with pytest.raises(lems_onto.LemsError):
        lems_onto.sparql(text, endpoint=lems_onto.Endpoint(f"http://127.0.0.1:{port}/", timeout=2))
    assert made == []


def test_pinning_keeps_what_stands_around_the_pattern():
    value = {"x": [ox.NamedNode("urn:a"), ox.NamedNode("urn:b")]}
    store = ox.Store()
    store.load("<urn:a> <urn:p> <urn:b> . <urn:c> <urn:p> <urn:a> .", format=ox.RdfFormat.TURTLE)
    for text in (
        "SELECT ?x WHERE # hi\n { ?x <urn:p> ?y }",
        "SELECT ?x # WHERE\n{ ?x <urn:p> ?y OPTIONAL { ?y <urn:p> ?z } }",
        "SELECT DISTINCT ?x#\nWHERE{ ?x <urn:p> ?y }",
    ):
        query = querytext.read(text)
        for name in engines.NAMES:
            assert engines.local(name, store).run(query, value).rows == [(ox.NamedNode("urn:a"),)], (name, text)
        assert [
            row[0] for row in engines.Pyoxigraph(store).run(querytext.read(pinning.with_values(query, value))).rows
        ] == [ox.NamedNode("urn:a")]
    for text in ("SELECT ?where {?where <urn:p> ?y}", "SELECT $where{$where <urn:p> ?y}"):
        found = engines.Pyoxigraph(store).run(querytext.read(text), {"where": value["x"]})
        assert found.rows == [(ox.NamedNode("urn:a"),)]
    query = querytext.read("CONSTRUCT {?x ?p ?y} FROM <urn:g> WHERE {?x ?p ?y}")
    assert "FROM <urn:g>" in pinning.with_values(query, {"subject": value["x"]})
    for text in (
        "SELECT ?x { ?x ?p ?y } LIMIT1",
        "SELECT ?x { ?x ?p ?y } OFFSET3",
        "CONSTRUCT { ?x ?x ?y } { ?x ?p ?y }",
    ):
        with pytest.raises(pinning.CannotPin):
            pinning.refuse(querytext.read(text), ["x"])


def test_many_values_end_in_one_line(command):
    where = [part for number in range(2000) for part in ("--where", f"symptom=urn:{number}")]
    done = command("ask", "symptoms", *where)
    assert done.returncode == 2
    assert "more than 1,000 values" in done.stderr
    many = [f"urn:{number}" for number in range(900)]
    with pytest.raises(lems_onto.UnknownName):
        lems_onto.ask("symptoms", {"symptom": ["HP:0000651", *many]})


@pytest.mark.parametrize("spelt", ["tr\\u0069ple", "tripl\\u0065", "triple"])
def test_results_nested_deep_never_reach_the_parser(spelt):
    deep = '{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + f'{{"type":"{spelt}","value":{{"subject":' * 50_000
    with pytest.raises(ValueError, match="levels deep"):
        forms.parse(deep.encode())
    node = '{"type":"uri","value":"urn:a"}'
    flat = f'{{"type":"{spelt}","value":{{"subject":{node},"predicate":{node},"object":{node}}}}}'
    body = f'{{"head":{{"vars":["s"]}},"results":{{"bindings":[{{"s":{flat}}}]}}}}'
    query = querytext.read("SELECT ?s { ?s ?p ?o }")
    with pytest.raises(lems_onto.BrokenQuery, match="triple term"):
        engines.selected(query, *forms.parse(body.encode()))
    assert forms.parse(json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()) == (("s",), [])


ESCAPE = "\x1b[31m"


def test_nothing_from_elsewhere_commands_the_terminal(command, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text(
        "<http://e/a\u202e> <http://www.w3.org/2000/01/rdf-schema#label> "
        '"\\u001B]0;own\\u0007\\u001B[31mred" ; <http://e/p> 1 .'
    )
    done = command("sparql", "-", "--data", own, "--no-ontology", input="SELECT ?s { ?s <http://e/p> ?o }")
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    for arguments in (
        ["ask", "symptoms", "--where", f"{ESCAPE}\nabc"],
        ["ask", "symptoms", "--where", f"symptom={ESCAPE}\n"],
        ["ask", "symptoms", "--data", f"bad\n{ESCAPE}.nt"],
        ["ask", "symptoms", "--endpoint", f"http://127.0.0.1:1/{ESCAPE}\n"],
        ["show", f"a{ESCAPE}\nb"],
        ["sparql", f"a{ESCAPE}\nb"],
    ):
        done = command(*arguments)
        assert done.returncode == 2
        assert re.fullmatch(r"lems-onto: .+\n", done.stderr), (arguments, done.stderr)
        assert "\x1b" not in done.stderr


@pytest.mark.parametrize("secret", ["s3cret\n", "s3\ncret", "\u2603s3", "s3\udcff", "s3\x00"])
def test_a_secret_is_never_printed(secret, monkeypatch):
    for name in ("LEMS_ONTO_TOKEN", "LEMS_ONTO_USER"):
        from lems_onto import credentials

        monkeypatch.setattr(os, "environ", {name: secret})
        try:
            assert credentials.headers()["Authorization"].split()[0] in ("Bearer", "Basic")
        except lems_onto.LemsError as problem:
            assert "s3" not in str(problem)
            assert name in str(problem)
    monkeypatch.undo()


@pytest.mark.parametrize(
    "value",
    [
        '"a"@e\u00e9',
        '"a"@abcdefghijklmnop',
        '"\\uD800"',
        '"\\U00110000"',
        "\udcff\udcfe",
        "9" * 5000,
        "1e400",
        "+1",
        "-0",
        "NaN",
        "2016-13",
        '"x"^^<no iri>',
        '"x"^^nope:x',
        '"1"^^xsd:',
        "_:b0",
        "<>",
        '"',
        "<",
        "HP:",
        ":",
        "\u202e",
    ],
)
@pytest.mark.parametrize(
    ("name", "column"), [("treatment-priorities", "rank"), ("symptoms", "symptom"), ("symptoms", "hedge")]
)
def test_an_odd_value_is_told_in_one_line_and_is_no_bug(value, name, column):
    try:
        assert not lems_onto.ask(name, {column: value}) or (column, value) == ("rank", "+1")
    except lems_onto.LemsError as problem:
        assert "report it" not in str(problem)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("list >&-", 0),
        ("sparql - <&-", 2),
        ("nope 2>/dev/full", 2),
        ("ask symptoms --where symptom=zzzz 2>/dev/full", 2),
        ("list >/dev/full", 2),
        ("ask symptoms 2>&-", 0),
    ],
)
def test_streams_that_are_closed_or_full_change_no_exit_code(line, code):
    if not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    done = subprocess.run(
        f"{sys.executable} -m lems_onto {line}", shell=True, capture_output=True, text=True, check=False
    )
    assert done.returncode == code, done
    assert "Traceback" not in done.stderr
    assert "report it" not in done.stderr


def test_compare_holds_foreign_data_to_the_limits(command, tmp_path):
    own = tmp_path / "own.ttl"
    own.write_text('<urn:a> <urn:p> "x"^^<http://www.w3.org/2001/XMLSchema#date> .')
    done = command("ask", "names", "--compare", "--data", own)
    assert (done.returncode, done.stderr) == (0, "")
    done = command("ask", "names", "--compare", "--data", own, "--memory", "20")
    assert done.returncode == 1
    assert "needs more than 20 MB" in done.stdout.replace("\n", " ")


def test_an_answer_of_too_many_cells_is_refused():
    with pytest.raises(lems_onto.TooMuch, match="more than 3,000,000 cells"):
        lems_onto.sparql("SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 1600000", timeout=100)


def test_markdown_holds_no_markup():
    graph = rdflib.Graph()
    graph.add((rdflib.URIRef("urn:a"), rdflib.RDFS.label, rdflib.Literal(r"a \| b <script>")))
    from lems_onto import tables

    text = tables.render(lems_onto.sparql("SELECT ?l { ?s rdfs:label ?l }", graph=graph), "markdown")
    assert r"| a \\\| b &lt;script> |" in text


def test_wrong_types_are_told_and_errors_travel():
    for call in (
        lambda: lems_onto.ask(None),
        lambda: lems_onto.ask(b"symptoms"),
        lambda: lems_onto.ask(["symptoms"]),
        lambda: lems_onto.ask("symptoms", {3: "x"}),
        lambda: lems_onto.ask("symptoms", {"symptom": rdflib.Variable("x")}),
        lambda: lems_onto.ask("symptoms", engine=3),
        lambda: lems_onto.sparql(None),
        lambda: lems_onto.sparql(b""),
        lambda: lems_onto.sparql("ASK { ?s ?p ?o }", timeout=float("nan")),
        lambda: lems_onto.sparql("ASK {}", memory="5"),
        lambda: lems_onto.sparql("ASK { ?s ?p ?o }", timeout=0),
        lambda: lems_onto.sparql("ASK { ?s ?p ?o }", memory=-1),
    ):
        with pytest.raises(lems_onto.LemsError):
            call()
    with pytest.raises(lems_onto.UnknownName) as caught:
        lems_onto.ask("symptons")
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.suggestions) == (str(caught.value), caught.value.suggestions)


def test_threads_may_ask_rdflib_at_once():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: len(lems_onto.ask("definition", engine="rdflib")), range(12)))
    assert set(found) == {len(lems_onto.ask("definition"))}
