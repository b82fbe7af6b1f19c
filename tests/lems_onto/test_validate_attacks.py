"""What was found by attacking `lems-onto validate`: hostile and broken input ends in a clear line, and in time."""

import contextlib
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

P = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix : <http://e.org/> .
"""
DATA = (
    P
    + """:Person a owl:Class . :Animal a owl:Class . :knows a owl:ObjectProperty . :title a owl:DatatypeProperty .
:a a :Person ; :title "A" ; :years 3 ; :knows :b .
:b a :Person ; :title "B" ; :years 4 ; :knows :a .
:g a :Animal ; :title "G" .
"""
)
GOOD = P + ":S a sh:NodeShape ; sh:targetClass :Person ; sh:property [ sh:path :title ; sh:minCount 1 ] .\n"
BAD = GOOD.replace("minCount 1", "minCount 3")
LINE = re.compile(r"lems-onto: .+\n")


@pytest.fixture
def folder(tmp_path):
    """A folder with data and shapes in it."""
    for name, text in (("d.ttl", DATA), ("good.ttl", GOOD), ("bad.ttl", BAD)):
        (tmp_path / name).write_text(text)
    return tmp_path


def run(where, *arguments, shapes=("good.ttl",), timeout=60, **options):
    """Runs the command in a folder, the shipped ontology left out."""
    line = [sys.executable, "-m", "lems_onto", "validate", "--no-ontology", *map(str, arguments)]
    line += [part for one in shapes for part in ("--shapes", str(one))]
    environment = {**os.environ, "COLUMNS": "120", **options.pop("env", {})}
    options = {"stdin": subprocess.DEVNULL, **options}
    if "input" in options:
        del options["stdin"]
    return subprocess.run(
        line, cwd=where, capture_output=True, timeout=timeout, env=environment, check=False, **options
    )


def told(done):
    """What the command said, after the laws that hold whatever happens."""
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in out + err
    assert "report it" not in err, err
    assert "\x1b" not in out + err
    return out, err


def refused(done, code=2):
    """The one line with which the command refused."""
    out, err = told(done)
    assert (done.returncode, out) == (code, ""), (done.returncode, out[:500], err)
    assert LINE.fullmatch(err), err
    return err


def together(deeds):
    """The results of deeds, by their name, carried out a few at a time."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        futures = {name: pool.submit(deed) for name, deed in deeds.items()}
        return {name: future.result() for name, future in futures.items()}


# Imports what the command imports, and is the command with each of some lists of arguments, in a fork for each.
MANY = """
import gc, importlib.metadata, json, os, sys
import pyoxigraph, rdflib.plugins.parsers.notation3, shacl
from lems_onto import __main__ as door, cli, validate_command, watched
from lems_onto.validation import outputs, validating
gc.freeze()
running, codes = {}, {}
def wait():
    child, status = os.wait()
    codes[running.pop(child)] = os.waitstatus_to_exitcode(status)
for at, arguments in enumerate(json.load(sys.stdin)):
    if len(running) >= os.cpu_count():
        wait()
    child = os.fork()
    if child:
        running[child] = at
        continue
    for stream, ending in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{at}.{ending}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), stream)
    sys.argv[1:] = arguments
    door.main()
while running:
    wait()
print(json.dumps([codes[at] for at in sorted(codes)]))
"""


def run_all(where, lines):
    """As `run` for each of some lists of arguments; most of the time that many runs take goes to imports."""
    lines = [["validate", "--no-ontology", *map(str, line)] for line in lines]
    done = subprocess.run(
        [sys.executable, "-P", "-c", MANY], cwd=where, input=json.dumps(lines), capture_output=True, text=True,
        env={**os.environ, "COLUMNS": "120"}, timeout=300, check=True,
    )  # fmt: skip
    codes = json.loads(done.stdout)
    assert len(codes) == len(lines)
    ended = zip(lines, codes, range(len(lines)), strict=True)
    streams = [[(where / f"{at}.{ending}").read_bytes() for ending in ("out", "err")] for at in range(len(lines))]
    return [subprocess.CompletedProcess(line, code, *streams[at]) for line, code, at in ended]


def leftovers(where):
    return [path.name for path in where.iterdir() if path.name.endswith(".tmp")]


def on(*constraints):
    """A shape for persons."""
    return ":S a sh:NodeShape ; sh:targetClass :Person ; " + " ; ".join(constraints) + " ."


def on_title(text):
    return on(f"sh:property [ sh:path :title ; {text} ]")


def selecting(query, more=""):
    query = query.replace("\\", "\\\\").replace('"', '\\"')
    return on(f'sh:sparql [ {more} sh:select """{query}""" ]')


E = "http://e.org/"
# Shapes that check nothing. Name: text, exit code, what is said of them; the data are DATA.
VACUOUS = {
    "target misspelt": (":S sh:targetClas :Person ; sh:closed true .", 3, "did you mean sh:targetClass?"),
    "parameter misspelt": (on_title("sh:mincount 1"), 3, "did you mean sh:minCount?"),
    "plural": (on("sh:properties [ sh:path :title ; sh:minCount 3 ]"), 3, "did you mean sh:property?"),
    "namespace with https": (GOOD.replace("http://www.w3.org/ns", "https://www.w3.org/ns"), 3, "not in the namespace"),
    "namespace with a slash": (GOOD.replace("shacl#", "shacl/"), 3, "write <http://www.w3.org/ns/shacl#targetClass>"),
    "namespace without its end": (GOOD.replace("shacl#", "shacl"), 3, "write <http://www.w3.org/ns/shacl#targetClass>"),
    "namespace in capitals": (GOOD.replace("ns/shacl", "ns/SHACL"), 3, "not in the namespace of SHACL"),
    "no target": (":S a sh:NodeShape ; sh:closed true .", 4, "has no target"),
    "target is a text": (':S a sh:NodeShape ; sh:targetClass "Person" ; sh:closed true .', 3, "is no IRI"),
    "target nearly a class": (on("sh:closed true").replace("Person", "Persn"), 4, "mean :Person?"),
    "target of others": (on("sh:closed true").replace(":Person", ":Quux"), 4, "finds no focus node"),
    "target nearly a property": (":S sh:targetSubjectsOf :titel ; sh:closed true .", 4, "did you mean :title?"),
    "target node that is nowhere": (":S sh:targetNode :zzz ; sh:not [ sh:class :Animal ] .", 4, "nowhere"),
    "implicit class misspelt": (":Persn a sh:NodeShape , rdfs:Class ; sh:closed true .", 4, "mean :Person?"),
    "only a target": (":S a sh:NodeShape ; sh:targetClass :Person .", 4, "no constraint"),
    "constraint without namespace": (on(":property [ sh:path :title ; sh:minCount 3 ]"), 4, "checks nothing"),
    "a property of which nothing is said": (on("sh:property [ sh:path :title ]"), 4, "no constraint"),
    "counts from 0": (on_title("sh:minCount 0"), 4, "no constraint"),
    "switches that are off": (on("sh:closed false"), 4, "no constraint"),
    "node undefined": (on("sh:node :T"), 3, "names :T, which is no shape"),
    "node empty": (on("sh:node []"), 3, "which is no shape"),
    "property undefined": (on("sh:property :T"), 3, "names :T, which is no shape"),
    "property without path": (on("sh:property [ sh:minCount 1 ]"), 3, "has no sh:path"),
    "property hanging on nothing": (":S a sh:PropertyShape ; sh:path :title ; sh:minCount 9 .", 4, "hangs on nothing"),
    "one more that hangs on nothing": (GOOD[len(P) :] + "[] sh:path :years ; sh:minCount 4 .", 4, "hangs on nothing"),
    "path a text": (on('sh:property [ sh:path "ex:title" ; sh:minCount 3 ]'), 3, "its sh:path is a literal"),
    "path empty": (on("sh:property [ sh:path [] ; sh:minCount 3 ]"), 3, "no path expression"),
    "path expression misspelt": (on("sh:property [ sh:path [ sh:invers :knows ] ; sh:minCount 3 ]"), 3, "sh:invers"),
    "path nearly a property": (on("sh:property [ sh:path :titel ; sh:maxCount 1 ]"), 4, "did you mean :title?"),
    "path with a step nearly a property": (
        on("sh:property [ sh:path ( :knows [ sh:inversePath :knws ] ) ; sh:maxCount 1 ]"), 4, "did you mean :knows?",
    ),
    "two paths": (on("sh:property [ sh:path :title , :years ; sh:minCount 3 ]"), 3, "more than one sh:path"),
    "count on a node shape": (on("sh:minCount 1"), 3, "has no meaning"),
    "count a text": (on_title('sh:minCount "3"'), 3, "is no whole number"),
    "deactivated": (on("sh:deactivated true ; sh:closed true"), 4, "is deactivated"),
    "deactivated inside": (on_title("sh:deactivated true ; sh:minCount 9"), 4, "no constraint"),
    "deactivated by a text": (on('sh:deactivated "true" ; sh:closed true'), 3, "neither true nor false"),
    "in a text": (on_title('sh:in "A"'), 3, "sh:in"),
    "list without an end": (on_title('sh:in [ rdf:first "A" ]'), 3, "no list, or one without an end"),
    "list that is a circle": (on_title("sh:in _:l") + ' _:l rdf:first "A" ; rdf:rest _:l .', 3, "without an end"),
    "or without a list": (on("sh:or [ sh:path :title ; sh:minCount 3 ]"), 3, "its sh:or is no list"),
    "or of what is undefined": (on("sh:or ( :X :Y )"), 3, "names :X"),
    "and of nothing": (on("sh:and ()"), 4, "no constraint"),
    "datatype misspelt": (on_title("sh:datatype xsd:strng").replace(":title", ":none"), 3, "mean xsd:string?"),
    "datatype with a slash": (
        on("sh:property [ sh:path :none ; sh:datatype <http://www.w3.org/2001/XMLSchema/string> ]"), 3, "xsd:string?",
    ),
    "datatype with https": (
        on("sh:property [ sh:path :none ; sh:datatype <https://www.w3.org/2001/XMLSchema#date> ]"), 3, "mean xsd:date?",
    ),
    "datatype a class": (on("sh:property [ sh:path :none ; sh:datatype :Person ]"), 4, "is a class; write sh:class"),
    "node kind misspelt": (on_title("sh:nodeKind sh:literal"), 3, "sh:nodeKind"),
    "class misspelt": (on("sh:property [ sh:path :knows ; sh:not [ sh:class :Persn ] ]"), 4, "mean :Person?"),
    "class of another namespace": (
        on("sh:property [ sh:path :knows ; sh:not [ sh:class <http://ee.org/Person> ] ]"), 4, "mean :Person?",
    ),
    "value misspelt": (on("sh:property [ sh:path :knows ; sh:not [ sh:hasValue :Persn ] ]"), 4, "mean :Person?"),
    "member misspelt": (on("sh:property [ sh:path :knows ; sh:not [ sh:in ( :Persn ) ] ]"), 4, "mean :Person?"),
    "lessThan misspelt": (on("sh:property [ sh:path :years ; sh:lessThan :titel ]"), 4, "did you mean :title?"),
    "severity misspelt": (on_title("sh:minCount 3 ; sh:severity sh:Violatoin"), 3, "did you mean sh:Violation?"),
    "severity a text": (on_title('sh:minCount 3 ; sh:severity "Warning"'), 3, "is no IRI"),
    "pattern broken": (on_title('sh:pattern "("'), 3, "is no regular expression"),
    "flags without pattern": (on_title('sh:flags "i"'), 3, "no sh:pattern"),
    "no qualified count": (on("sh:property [ sh:path :q ; sh:qualifiedValueShape [ sh:class :X ] ]"), 3, "missing"),
    "query with a wrong IRI": (selecting(f"SELECT $this {{ $this <{E}titel> ?x }}"), 4, "did you mean :title?"),
    "query with a wrong class": (selecting(f"SELECT $this {{ $this a <{E}Persn> }}"), 4, "mean :Person?"),
    "query with a wrong prefix": (
        selecting("SELECT $this { $this e:title ?x }", "sh:prefixes :o ;")
        + ' :o sh:declare [ sh:prefix "e" ; sh:namespace "http://ee.org/"^^xsd:anyURI ] .', 4, "did you mean :title?",
    ),
    "query without $this": (selecting(f"SELECT ?x {{ ?x <{E}title> ?y }}"), 3, "does not project $this"),
    "query that only projects $this": (selecting("SELECT $this { ?x ?p ?y }"), 3, "does not use $this"),
    "query with $this in a text": (selecting("SELECT $this { ?x ?p ?y FILTER('$this' = ?y) }"), 3, "not use $this"),
    "query with $this in a comment": (selecting("SELECT $this { # $this\n ?x ?p ?y }"), 3, "does not use $this"),
    "query with an undeclared prefix": (selecting("SELECT $this { $this e:title ?x }"), 3, "cannot be parsed"),
    "query whose prefixes are nowhere": (selecting("SELECT $this { $this ?p 1 }", "sh:prefixes :o ;"), 3, "declare"),
    "query that asks": (on('sh:sparql [ sh:ask "ASK { $this ?p ?o }" ]'), 3, "has no sh:select"),
    "query that is nowhere": (on("sh:sparql :C"), 3, "has no sh:select"),
    "query that is off": (selecting("SELECT $this { $this ?p ?o }", "sh:deactivated true ;"), 4, "no constraint"),
    "query with a lookahead": (
        selecting(f"SELECT $this {{ $this <{E}title> ?x FILTER(REGEX(?x, '^(?!Q)')) }}"), 3, "regular expression",
    ),
    "rule of the Advanced Features": (on("sh:rule [ a sh:TripleRule ; sh:subject sh:this ]"), 3, "Advanced Features"),
    "target of the Advanced Features": (':S sh:target [ sh:select "SELECT ?x {}" ] ; sh:closed true .', 3, "Advan"),
    "JavaScript": (on('sh:js [ sh:jsFunctionName "f" ]'), 3, "sh:js"),
    "inference": (GOOD[len(P) :] + ":x sh:entailment <http://www.w3.org/ns/entailment/RDFS> .", 3, "not made"),
    "recursive": (on("sh:property [ sh:path :knows ; sh:node :S ]"), 3, "refers to itself"),
    "data given as shapes": (DATA, 3, "no shape stands there"),
}  # fmt: skip
assert len(VACUOUS) >= 28


@pytest.fixture(scope="module")
def vacuous(tmp_path_factory):
    where = tmp_path_factory.mktemp("vacuous")
    (where / "d.ttl").write_text(DATA)

    for at, (text, _, _) in enumerate(VACUOUS.values()):
        (where / f"s{at}.ttl").write_text(text if text.startswith("@prefix") else P + text + "\n")
    done = run_all(where, [["d.ttl", "--shapes", f"s{at}.ttl"] for at in range(len(VACUOUS))])
    return dict(zip(VACUOUS, done, strict=True))


# What only the data can tell.
IN_DATA = {
    "target node that is nowhere", "path nearly a property", "path with a step nearly a property", "datatype a class",
    "class misspelt", "class of another namespace", "value misspelt", "member misspelt", "lessThan misspelt",
    "query with a wrong IRI", "query with a wrong class", "query with a wrong prefix",
}  # fmt: skip
assert set(VACUOUS) > IN_DATA


@pytest.mark.parametrize("name", VACUOUS)
def test_a_shape_that_checks_nothing_is_no_reason_to_pass(name, vacuous):
    at = list(VACUOUS).index(name)
    _, code, said = VACUOUS[name]
    out, err = told(vacuous[name])
    flat = " ".join(out.split())
    assert (vacuous[name].returncode, err) == (code, ""), out
    assert said in flat
    assert re.search(rf"s{at}\.ttl(:[0-9]+:[0-9]+|: no shape)", out), out


def test_the_shapes_of_shapes_of_shacl_are_no_misspelt_shapes(folder):
    import pyshacl

    of_shapes = os.path.join(os.path.dirname(pyshacl.__file__), "assets", "shacl-shacl.ttl")
    done = run(folder, "good.ttl", "--allow-unused", shapes=[of_shapes])
    assert (done.returncode, told(done)[1]) == (0, "")


def test_shapes_in_named_graphs_and_in_the_data_are_read_for_what_they_are(folder):
    body = GOOD[len(P) :]
    (folder / "named.trig").write_text(f"{P}:graph {{ {body} }}")
    (folder / "named-bad.trig").write_text(f"{P}:graph {{ {BAD[len(P) :]} }}")
    (folder / "both.ttl").write_text(DATA + BAD[len(P) :])
    assert told(run(folder, "d.ttl", shapes=["named.trig"]))[1] == ""
    assert run(folder, "d.ttl", shapes=["named.trig"]).returncode == 0
    assert run(folder, "d.ttl", shapes=["named-bad.trig"]).returncode == 1
    # One file for both, and shapes as data: nothing in them is a person.
    assert run(folder, "both.ttl", shapes=["both.ttl"]).returncode == 1
    done = run(folder, "good.ttl", shapes=["good.ttl"])
    assert done.returncode == 4
    assert "finds no focus node" in " ".join(told(done)[0].split())
    assert run(folder, "good.ttl", "--allow-unused", shapes=["good.ttl"]).returncode == 4
    # A file that is named twice under two names says nothing twice.
    (folder / "again.ttl").write_text(P + ":S a sh:NodeShape ; sh:closed true , true ; sh:targetClass :Person .")
    done = run(folder, "d.ttl", shapes=["again.ttl", "./again.ttl"])
    assert done.returncode == 1, told(done)


BROKEN_DATA = {
    "typo.ttl": (P + ":a :b ; .\n:a :b , .", r"typo\.ttl:7:7: not Turtle: "),
    "nul.ttl": ("<a:a> <a:b> <a:c> .\n\0", r"nul\.ttl:2: holds a NUL byte"),
    "latin.ttl": (b'<a:a> <a:b>\n"\xe9" .', r"latin\.ttl:2:2: byte 0xe9 is not UTF-8"),
    "wide.ttl": ("<a:a> <a:b> <a:c> .".encode("utf-16"), "is UTF-16"),
    "empty.ttl": ("", "is empty"),
    "comment.ttl": ("# nothing", "holds no triple"),
    "cut.ttl.gz": (gzip.compress(DATA.encode())[:-20], "are cut off"),
    "damaged.ttl.gz": (gzip.compress(DATA.encode())[:99] + b"\xff" * 99, "are damaged"),
    "nothing.ttl.gz": (gzip.compress(b""), "is empty"),
    "typo.nt.gz": (gzip.compress(b"<a:a> <a:b> <a:c> .\n<a:a> <a:b"), r"typo\.nt\.gz:2:\d+: not N-Triples"),
    "laughs.rdf": (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>',
        "holds other entities",
    ),
    "deep.jsonld": ('{"http://e.org/p":' * 4000 + "1" + "}" * 4000, "levels deep"),
    "terms.nt": ("<a:a> <a:b> " + "<<( <a:a> <a:b> " * 9000 + "<a:c>" + " )>>" * 9000 + " .", "levels deep"),
    "term.nt": ("<a:a> <a:b> <<( <a:a> <a:b> <a:c> )>> .", "triple term"),
    "huge.ttl": ('<a:a> <a:b> "' + "x" * 20_000_000 + '" .', "is longer than 16,777,216 bytes"),
    "namespace.ttl": ("@prefix p: <http://e/" + "a" * 20_000 + "#> .\np:a p:b p:c .", "an IRI is longer"),
}


def test_broken_files_are_told_in_one_line_as_data_and_as_shapes(folder):
    deeds = {}
    for name, (content, _) in BROKEN_DATA.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        deeds["data", name] = lambda name=name: run(folder, name)
        if name.endswith((".gz", ".rdf", "latin.ttl", "huge.ttl", "deep.jsonld", "terms.nt")):
            deeds["shapes", name] = lambda name=name: run(folder, "d.ttl", shapes=[name])
    for (_, name), done in together(deeds).items():
        assert re.search(BROKEN_DATA[name][1], refused(done)), (name, done.stderr)


def test_files_that_are_no_files_are_told_in_one_line(folder):
    os.mkfifo(folder / "pipe.ttl")
    os.symlink("/nowhere", folder / "dangling.ttl")
    os.symlink(".", folder / "circle")
    (folder / "none").mkdir()
    (folder / "secret").mkdir()
    (folder / "secret" / "s.ttl").write_text(DATA)
    (folder / "secret" / "s.ttl").chmod(0)
    reasons = {
        "pipe.ttl": "is not a regular file",
        "dangling.ttl": "no such file",
        "/dev/zero": "is not a regular file",
        "none": "holds no RDF file",
        "*.nope": "matches no file",
        "vanished.ttl": "no such file",
        ".": "dangling.ttl",
        "x" * 5000: "name too long",
    }
    if not os.access(folder / "secret" / "s.ttl", os.R_OK):
        reasons["secret"] = "permission denied"
    for name, done in together({name: lambda name=name: run(folder, name) for name in reasons}).items():
        assert reasons[name] in refused(done)
    (folder / "dangling.ttl").unlink()
    (folder / "pipe.ttl").unlink()
    # The folder leads into itself, and each file is read once.
    (folder / "inside").mkdir()
    os.symlink("..", folder / "inside" / "up")
    (folder / "inside" / "d.ttl").write_text(DATA)
    assert run(folder, "inside").returncode == 0


def test_a_file_that_vanishes_while_it_is_read_is_told(folder):
    os.mkfifo(folder / "pipe")
    (folder / "later.ttl").write_text(DATA)
    line = [sys.executable, "-m", "lems_onto", "validate", "--no-ontology", "--shapes", "good.ttl", "-", "later.ttl"]
    with subprocess.Popen(
        line, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as one:
        time.sleep(0.5)
        # It waits for standard input: the names are known, and no file is read yet.
        (folder / "later.ttl").unlink()
        out, err = one.communicate(DATA.encode(), timeout=30)
    assert (one.returncode, out) == (2, b"")
    assert LINE.fullmatch(err.decode())
    assert b"later.ttl: no such file" in err


def test_standard_input_may_be_closed_empty_binary_or_named_twice(folder):
    assert "is empty" in refused(run(folder, "-"))
    assert "is a binary file" in refused(run(folder, "-", input=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff"))
    assert "damaged" in refused(run(folder, "-", input=b"\x1f\x8bnot gzip"))
    assert "<stdin>:1:" in refused(run(folder, "-", input=b"<a:a> <a:b"))
    assert run(folder, "-", "-", input=DATA.encode()).returncode == 0
    assert run(folder, "-", input=gzip.compress(DATA.encode())).returncode == 0
    assert run(folder, "-", "--memory", "500", input=DATA.encode()).returncode == 0
    refused(run(folder, "-", input=DATA.encode(), shapes=["-"]))
    closed = f"exec {sys.executable} -m lems_onto validate - --no-ontology --shapes good.ttl <&-"
    done = subprocess.run(closed, shell=True, cwd=folder, capture_output=True, timeout=30, check=False)
    assert "is closed" in refused(done)
    with open("/dev/zero", "rb") as endless:
        assert "MB" in refused(run(folder, "-", "--memory", "600", stdin=endless))


QUERIES = {
    "SERVICE": ("SELECT $this { $this ?p ?o SERVICE <U> {?s ?q ?r} }", "SERVICE or FROM"),
    "glued SERVICE": ("SELECT $this { $this ?p ?o SERVICESILENT <U> {?s ?q ?r} }", "SERVICE or FROM"),
    "SERVICE after a name": ("PREFIX ex: <U> SELECT $this { $this ?p ?o SERVICEex:x {?s ?q ?r} }", "SERVICE or FROM"),
    "escaped SERVICE": ("SELECT $this { $this ?p ?o S\\u0045RVICE <U> {?s ?q ?r} }", "an escape"),
    "escaped line": ("SELECT $this { $this ?p ?o # \\u000a SERVICE <U> {?s ?q ?r}\n }", "an escape"),
    "quotes in a comment": ("SELECT $this { #\r'''\n $this ?p ?o SERVICE <U> {?s ?q ?r} #\r'''\n }", "sh:select"),
    "FROM": ("SELECT $this FROM <file:///etc/passwd> { $this ?p ?o }", "SERVICE or FROM"),
    "FROM NAMED": ("SELECT $this FROMNAMED <U> { GRAPH ?g { $this ?p ?o } }", "SERVICE or FROM"),
    "an update": ("INSERT DATA { <a:a> <a:b> <U> } ; SELECT $this { $this ?p ?o }", "writes"),
    "LOAD": ("LOAD <U> ; SELECT $this { $this ?p ?o }", "LOAD writes"),
    "parentheses": ("SELECT $this { $this ?p ?o FILTER(" + "(" * 20_000 + "true" + ")" * 20_000 + ") }", "levels deep"),
    "IF": ("SELECT $this { $this ?p ?o FILTER(" + "IF(1," * 1500 + "1" + ",1)" * 1500 + ") }", "levels deep"),
    "EXISTS": ("SELECT $this { $this ?p ?o " + "FILTER EXISTS{$this ?p ?o " * 1500 + "}" * 1501, "levels deep"),
    "signs": ("SELECT $this { $this ?p ?o FILTER(" + "!" * 40_000 + "true) }", "at most 5,000"),
    "sums": ("SELECT $this { $this ?p ?o FILTER(1" + "+1" * 20_000 + "=1) }", "at most 5,000"),
    "many words that are few enough": ("SELECT $this { $this ?p ?o FILTER(1" + "+1" * 2_400 + "=?o) }", None),
    "length": ("SELECT $this { $this ?p ?o FILTER(?o = '" + "x" * 200_000 + "') }", "at most 100,000"),
}


@contextlib.contextmanager
def listening():
    """A port on loopback, and the connections that were made to it."""
    made = []
    with socket.socket() as canary:
        canary.bind(("127.0.0.1", 0))
        canary.listen()
        canary.settimeout(0.1)

        def accept():
            while canary.fileno() != -1:
                try:
                    made.append(canary.accept()[1])
                except TimeoutError:
                    continue
                except OSError:
                    return

        thread = threading.Thread(target=accept)
        thread.start()
        yield canary.getsockname()[1], made
    thread.join()


def test_queries_of_shapes_call_nobody_and_crash_nothing(folder):
    with listening() as (port, made):
        lines = {}
        for at, (name, (text, _)) in enumerate(QUERIES.items()):
            (folder / f"q{at}.ttl").write_text(P + selecting(text.replace("<U>", f"<http://127.0.0.1:{port}/x>")))
            for engine in ("shacl", "pyshacl") if at < 6 else ("shacl",):
                lines[name, engine] = ["d.ttl", "--engine", engine, "--shapes", f"q{at}.ttl"]
        for (name, _), done in zip(lines, run_all(folder, lines.values()), strict=True):
            out, err = told(done)
            said = QUERIES[name][1]
            assert (done.returncode, err) == (3 if said else 0, ""), (name, out[:300], err)
            assert (said or "") in " ".join(out.split()), (name, out)
        assert made == []


def test_validators_of_components_call_nobody(folder):
    text = """:C a sh:ConstraintComponent ; sh:parameter [ sh:path :most ] ;
        sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { SERVICE <http://127.0.0.1:%d/x> { ?s ?p ?o } }" ] .
        :S sh:targetClass :Person ; sh:property [ sh:path :title ; :most 3 ] ."""
    with listening() as (port, made):
        (folder / "s.ttl").write_text(P + text % port)
        for engine in ("shacl", "mixed", "pyshacl"):
            done = run(folder, "d.ttl", "--engine", engine, shapes=["s.ttl"])
            out, _ = told(done)
            assert done.returncode == 3
            assert "SERVICE or FROM" in out
        assert made == []


def test_nothing_is_fetched_whatever_names_it(folder):
    with listening() as (port, made):
        url = f"http://127.0.0.1:{port}/x"
        proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), url)
        (folder / "imports.ttl").write_text(
            DATA + f"<a:o> a owl:Ontology ; owl:imports <{url}> , <file:///etc/passwd> ."
        )
        (folder / "shapes.ttl").write_text(
            GOOD
            + f"<a:o> a owl:Ontology ; owl:imports <{url}> ."
            + ":T sh:targetClass :Person ; sh:sparql [ sh:prefixes <a:o> ; sh:select 'SELECT $this { $this a a:x }' ] ."
            + f"<a:o> sh:declare [ sh:prefix 'a' ; sh:namespace '{url}'^^xsd:anyURI ] ; owl:imports <{url}#o> ."
            + f":S sh:shapesGraph <{url}> ."
        )
        (folder / "context.jsonld").write_text(json.dumps({"@context": url, "@id": "a:a", "a:b": 1}))
        (folder / "imported.jsonld").write_text(json.dumps({"@context": {"@import": url}, "@id": "a:a", "a:b": 1}))
        xml = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
        (folder / "entity.rdf").write_text(f'<!DOCTYPE r [<!ENTITY x SYSTEM "{url}">]>{xml}')
        (folder / "dtd.rdf").write_text(f'<!DOCTYPE r SYSTEM "{url}">{xml}')
        for engine in ("shacl", "mixed", "pyshacl"):
            done = run(folder, "imports.ttl", "--engine", engine, shapes=["shapes.ttl"], env=proxies)
            out, err = told(done)
            assert done.returncode == 0, out
            assert f"imports {url}, which was not fetched" in err
            assert "root:" not in out + err
        for name in ("context.jsonld", "imported.jsonld", "entity.rdf", "dtd.rdf"):
            assert "nothing is fetched" in refused(run(folder, name, env=proxies))
            assert "nothing is fetched" in refused(run(folder, "d.ttl", shapes=[name], env=proxies))
        assert "no such file" in refused(run(folder, url, env=proxies))
        assert made == []


def test_regular_expressions_that_explode_are_stopped(folder):
    (folder / "long.ttl").write_text(P + ':a a :Person ; :title "' + "a" * 40 + '!" .')
    (folder / "plus.ttl").write_text(P + on_title('sh:pattern "^(a+)+$"'))
    (folder / "ahead.ttl").write_text(P + on_title('sh:pattern "^(?!a)"'))
    (folder / "deep.ttl").write_text(P + on_title('sh:pattern "' + "(" * 20_000 + "a" + ")" * 20_000 + '"'))
    engines = ("shacl", "mixed", "pyshacl", None)
    asked = [*((name, engine) for name in ("plus", "ahead") for engine in engines), ("deep", "pyshacl"), ("deep", None)]
    endless = [("plus", "mixed"), ("plus", "pyshacl")]
    deeds = {
        (name, engine): lambda name=name, engine=engine: run(
            folder, "long.ttl", *(["--engine", engine] if engine else []),
            "--timeout", "1" if (name, engine) in endless else "60", shapes=[f"{name}.ttl"],
        )
        for name, engine in asked
    }  # fmt: skip
    done = together(deeds)
    for key in endless:
        assert "did not end within 1 s" in refused(done[key])
    for key in (("plus", "shacl"), ("plus", None), ("ahead", "mixed"), ("ahead", "pyshacl"), ("ahead", None)):
        assert (done[key].returncode, told(done[key])[1]) == (1, ""), key
    assert "sh:pattern" in refused(done["ahead", "shacl"], 3)
    for engine in ("pyshacl", None):
        assert done["deep", engine].returncode == 3
        assert "is no regular expression" in told(done["deep", engine])[0]


def nested(depth):
    """Shapes that refer to one another by sh:node, so many levels deep."""
    links = "".join(f":S{at} a sh:NodeShape ; sh:node :S{at + 1} .\n" for at in range(1, depth))
    last = f":S{depth} a sh:NodeShape ; sh:property [ sh:path :title ; sh:minCount 3 ] .\n"
    return f"{P}:S0 a sh:NodeShape ; sh:targetClass :Person ; sh:node :S1 .\n{links}{last}"


def test_what_is_nested_or_many_ends_in_time(folder):
    chain = "".join(f"_:n{at} :knows _:n{at + 1} .\n" for at in range(20_000))
    texts = {
        "nested30": nested(30),
        "nested100": nested(100),
        "nested1000": nested(1000),
        "path45": P + on("sh:property [ sh:minCount 3 ; sh:path " + "[ sh:inversePath " * 45 + ":knows" + "]" * 46),
        "path60": P + on("sh:property [ sh:minCount 3 ; sh:path " + "[ sh:zeroOrMorePath " * 60 + ":knows" + "]" * 61),
        "stars": P + on("sh:property [ sh:minCount 3 ; sh:path " + "[ sh:zeroOrMorePath " * 45 + ":knows" + "]" * 46),
        "circle": P + on("sh:property [ sh:minCount 3 ; sh:path _:p ]") + " _:p sh:inversePath _:p .",
        "in": P + on_title("sh:in ( " + " ".join(f'"{at}"' for at in range(20_000)) + " )"),
        "or": P + on("sh:or ( " + " ".join(f'[ sh:path :title ; sh:hasValue "{at}" ]' for at in range(3_000)) + " )"),
        "many": P + "".join(f":S{at} sh:targetClass :Person ; sh:class :Person .\n" for at in range(3_000)),
        "more": P + "".join(f":S{at} sh:targetClass :Person ; sh:class :Person .\n" for at in range(50_000)),
        "wrong": P + "".join(f":S{at} sh:targetClass :Person ; sh:clas :Person .\n" for at in range(2_000)),
        "list": P + on("sh:property [ sh:path ( :list [ sh:zeroOrMorePath rdf:rest ] rdf:first ) ; sh:minCount 9 ]"),
        "chain": P + ":S sh:targetNode :a ; sh:property [ sh:path :knows ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] .",
    }
    for name, text in texts.items():
        (folder / f"{name}.ttl").write_text(text)
    list_of_many = " ".join(f'"{at}"' for at in range(20_000))
    (folder / "list-data.ttl").write_text(f"{DATA}:a :list ( {list_of_many} ) .")
    (folder / "circle-data.ttl").write_text(DATA + ":a :list _:l . _:l rdf:first 1 ; rdf:rest _:l .")
    (folder / "chain-data.ttl").write_text(f"{DATA}:a :knows _:n0 .\n{chain}")
    (folder / "deep-data.ttl").write_text(DATA + ":a :knows " + "[ :knows " * 20_000 + ":b" + "]" * 20_000 + " .")
    ends = {
        ("nested30", "d", None): (1, ""),
        ("nested30", "d", "mixed"): (1, ""),
        ("nested100", "d", None): (3, "nested too deep"),
        ("nested1000", "d", "mixed"): (3, "too deep"),
        ("path45", "d", None): (1, ""),
        ("path60", "d", None): (3, "nested more than 50 levels deep"),
        ("stars", "d", None): (2, "did not end within"),
        ("circle", "d", None): (3, "leads back into itself"),
        ("in", "d", None): (1, ""),
        ("or", "d", None): (1, ""),
        ("many", "d", None): (0, ""),
        ("more", "d", None): (2, "did not end within"),
        ("wrong", "d", None): (3, "did you mean sh:class?"),
        ("chain", "list-data", None): (0, ""),
        ("list", "circle-data", None): (1, ""),
        ("list", "circle-data", "mixed"): (1, ""),
        ("chain", "chain-data", None): (1, ""),
        ("chain", "deep-data", None): (1, ""),
    }
    deeds = {
        key: lambda key=key: run(
            folder, f"{key[1]}.ttl", *(["--engine", key[2]] if key[2] else []),
            "--timeout", "1" if key[0] in ("stars", "more") else "60", shapes=[f"{key[0]}.ttl"],
        )
        for key in ends
    }  # fmt: skip
    for key, done in together(deeds).items():
        code, said = ends[key]
        out, err = told(done)
        assert (done.returncode, said in " ".join((out + err).split())) == (code, True), (key, out[:500], err[:500])


def test_blank_nodes_of_several_files_are_never_taken_for_one(folder):
    (folder / "s.ttl").write_text(P + ":S sh:targetClass :Person ; sh:property [ sh:path :title ; sh:maxCount 1 ] .")
    odd = ("f0_b1", "f1_x", "b0", "b1", "0", "x.y", "x-y", "\u00e9", "f0_f0_b1", "a" * 300)
    for name in ("a", "b", "c"):
        lines = "".join(f'_:{label} a :Person ; :title "{name}{label}" .\n' for label in odd)
        (folder / f"{name}.ttl").write_text(f'{P}{lines}[] a :Person ; :title "{name}" .\n')
    (folder / "n.nt").write_text(
        "".join(f'_:{label} <{E}title> "n" .\n_:{label} <{E}title> "m" .\n' for label in ("f0_b1", "f1_x"))
    )
    for engine in ("shacl", "mixed", "pyshacl"):
        done = run(folder, "a.ttl", "b.ttl", "c.ttl", "n.nt", "--engine", engine, shapes=["s.ttl"])
        assert done.returncode == 0, told(done)
        assert "74 triples" not in told(done)[0]
        assert f"{3 * 2 * (len(odd) + 1) + 4} triples, {3 * (len(odd) + 1)} focus nodes" in told(done)[0]
    done = run(folder, "a.ttl", "a.ttl", shapes=["s.ttl"])
    assert (done.returncode, f"{len(odd) + 1} focus nodes" in told(done)[0]) == (0, True)


def limited(size):
    def limit():
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_report_is_written_whole_or_not_at_all(folder):
    old = folder / "report.json"
    old.write_text("old")
    reasons = {
        ("json=none/report.json",): "make the folder first",
        ("json=good.ttl/report.json",): "check the folders",
        ("json=.",): "is a folder",
        ("json=report.json", "tsv=./report.json"): "two outputs",
        ("json=report.json", "tsv=/dev/full"): "no space left",
        ("json=report.json", "tsv=none/x"): "make the folder first",
        ("json=report.json", "nope=x"): "no format 'nope'",
        ("json=",): "write FORMAT=FILE",
        ("json=" + "x" * 300,): "shorter name",
    }
    for outputs, reason in reasons.items():
        done = run(folder, "d.ttl", *(part for one in outputs for part in ("--output", one)))
        assert reason in refused(done)
        assert (old.read_text(), leftovers(folder)) == ("old", [])
    done = run(folder, "d.ttl", "--output", "json=report.json", preexec_fn=limited(200))
    assert "cannot be written" in refused(done)
    assert (old.read_text(), leftovers(folder)) == ("old", [])
    assert run(folder, "d.ttl", "--output", "json=report.json").returncode == 0
    assert json.loads(old.read_text())


@pytest.mark.parametrize("option", [("--output", "json="), ("--write-baseline", "")])
def test_no_report_takes_the_place_of_what_was_read(folder, option):
    os.link(folder / "d.ttl", folder / "hard.ttl")
    os.symlink("d.ttl", folder / "soft.ttl")
    for name in ("d.ttl", "./d.ttl", "soft.ttl", "hard.ttl", "bad.ttl"):
        done = run(folder, "d.ttl", option[0], option[1] + name, shapes=["bad.ttl"])
        assert "is read" in refused(done)
        assert ((folder / "d.ttl").read_text(), (folder / "bad.ttl").read_text()) == (DATA, BAD)


def test_a_report_commands_neither_the_terminal_nor_a_runner(folder):
    (folder / "x.ttl").write_text(
        P + '<http://e.org/a\u202e> a :Person ; rdfs:label "\\u001B]0;own\\u0007\\u001B[31mred\\r\\n::error::x" .'
        + '[] a :Person ; :title "\\n::set-output name=x::y\\u001B[2J" .'
    )  # fmt: skip
    (folder / "s.ttl").write_text(
        P
        + on(
            'sh:property [ sh:path :title ; sh:maxCount 0 ; sh:message "\\u001B[2J\\n::error::boo" ]', "sh:closed true"
        )
    )
    os.rename(folder / "x.ttl", folder / "x\x1b[31m\n::error::.ttl")
    for form in ("human", "github", "tsv", "summary", "junit", "sarif", "json", "turtle"):
        done = run(folder, "x\x1b[31m\n::error::.ttl", "--format", form, shapes=["s.ttl"], env={"TERM": "xterm"})
        out, err = told(done)
        assert (done.returncode, err) == (1, ""), form
        assert not re.search(r"(?m)^\s*::(error::(x|boo|\.ttl)|set-output)", out), out
        assert "\u202e" not in out


LIMITS = {
    ("--timeout", "0.01"): "did not end within 0.01 s",
    ("--memory", "100"): "100 MB",
    ("--memory", "30"): "30 MB",
    ("--memory", "1"): "1 MB",
    ("--timeout", "0"): "",
    ("--memory", "-5"): "",
    ("--timeout", "nan"): "",
    ("--syntax", "nope"): "no syntax 'nope'",
    ("--baseline", "d.ttl"): "is no baseline",
    ("--engine", "nope"): "",
}


def test_limits_that_are_reached_or_are_none_are_told(folder):
    for options, done in together({one: lambda one=one: run(folder, "d.ttl", *one) for one in LIMITS}).items():
        out, err = told(done)
        assert (done.returncode, out) == (2, ""), (options, out, err)
        assert LIMITS[options] in err


def test_a_poor_environment_is_enough(folder):
    name = "d\u00e9\u2603.ttl"
    (folder / name).write_text(DATA)
    for poor in (
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"TMPDIR": "/nowhere"},
    ):
        line = [sys.executable, "-m", "lems_onto", "validate", name, "--no-ontology", "--shapes", "bad.ttl"]
        done = subprocess.run(line, cwd=folder, env=poor, capture_output=True, timeout=30, check=False)
        out, err = told(done)
        assert (done.returncode, err) == (1, "")
        assert ".ttl:8:1" in out


STREAMS = {
    "{line} | head -c 0; exit ${{PIPESTATUS[0]}}": 141,
    "{line} >&-": 1,
    "{line} 2>&-": 1,
    "{line} <&- >&- 2>&-": 1,
    "{line} 2>/dev/full": 1,
    "{line} >/dev/full": 2,
    "{line} --output json=/dev/stdout --format tsv": 1,
}


def test_streams_that_are_closed_or_full_end_as_they_should(folder):
    # A report that no pipe holds.
    (folder / "many.ttl").write_text(P + "".join(f":p{at} a :Person .\n" for at in range(600)))
    line = f"{sys.executable} -m lems_onto validate many.ttl --no-ontology --shapes bad.ttl"
    for pattern, code in STREAMS.items():
        done = subprocess.run(
            ["bash", "-c", pattern.format(line=line)], cwd=folder, capture_output=True, timeout=60, check=False
        )
        told(done)
        assert done.returncode == code, (pattern, done.stderr)


def test_an_error_that_nobody_hears_does_not_go_where_the_report_goes(folder):
    for closed in ("2>&-", "2>&- <&-"):
        line = f"{sys.executable} -m lems_onto validate absent.ttl {closed}"
        done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


def children(pid):
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(one) for one in done.stdout.split()]


def gone(pid):
    """Whether a process ends within some seconds; one that nobody has waited for yet has ended too."""
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.05)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("busy", ["rust", "python", "writing"])
@pytest.mark.parametrize(("sign", "code"), [("INT", 130), ("TERM", 143), ("KILL", -9)])
def test_who_is_told_to_end_ends_and_leaves_nothing(busy, sign, code, folder):
    (folder / "rust.ttl").write_text(
        P + on("sh:property [ sh:minCount 3 ; sh:path " + "[ sh:zeroOrMorePath " * 45 + ":knows" + "]" * 46)
    )
    (folder / "python.ttl").write_text(P + on_title('sh:pattern "^(A+)+$"'))
    (folder / "writing.ttl").write_text(GOOD)
    (folder / "long.ttl").write_text(P + ':a a :Person ; :knows :a ; :title "' + "A" * 60 + '!" .')
    os.mkfifo(folder / "pipe")
    engine = {"rust": "shacl", "python": "mixed", "writing": "shacl"}[busy]
    line = [sys.executable, "-m", "lems_onto", "validate", "long.ttl", "--no-ontology", "--shapes", f"{busy}.ttl"]
    line += ["--engine", engine, "--output", "json=report.json", "--output", "tsv=pipe"]
    with subprocess.Popen(
        line, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as one:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not (children(one.pid) and (busy != "writing" or leftovers(folder))):
            time.sleep(0.05)
        below = children(one.pid)
        assert below
        time.sleep(0.8 if busy != "writing" else 0.1)
        assert one.poll() is None
        if sign == "INT":
            os.killpg(one.pid, signal.SIGINT)
        else:
            os.kill(one.pid, getattr(signal, f"SIG{sign}"))
        out, err = one.communicate(timeout=20)
    assert one.returncode == code
    assert (out, err) == (b"", b"")
    assert all(gone(pid) for pid in below)
    assert not (folder / "report.json").exists()
    # Who is killed at once cannot clean up what it was writing.
    if (busy, sign) != ("writing", "KILL"):
        assert leftovers(folder) == []


def test_the_shipped_shapes_tell_a_shapes_file_from_data(folder):
    line = [sys.executable, "-m", "lems_onto", "validate", "good.ttl"]
    done = subprocess.run(line, cwd=folder, capture_output=True, timeout=60, check=False)
    told(done)
    assert done.returncode in (1, 4)
