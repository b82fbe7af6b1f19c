"""Merging: one file with one header, the same in every run, and what it changes for those whose ontology it is."""

import gzip
import json
import os
import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
import yaml

import lems_onto
from conftest import ONTOLOGY, ROOT
from lems_onto import graphs, merging, querytext, reading
from lems_onto.errors import LemsError, UnknownName, UnreadableFile
from lems_onto.merging import changes, headers, joining, modules, rules, sides, told
from lems_onto.reasoning import explaining, java, ontologies, processes

RULES = rules.rules()
EXAMPLES = {path.stem: path for path in (ROOT / "tests" / "queries" / "merge").glob("*.trig")}
BRIDGE = ROOT / "ontology" / "bridges" / "mondo.ttl"
LEMS = "https://w3id.org/lems-onto/"
EX = "https://example.org/"
PREFIXES = f"""
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <{EX}> .
@prefix lems: <{LEMS}> .
@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
OWN = 'ex:onto a owl:Ontology .\nex:A a owl:Class ; rdfs:label "a" .\n'


@pytest.fixture
def ttl(tmp_path):
    def write(text, name="own.ttl"):
        path = tmp_path / name
        path.write_text(PREFIXES + text)
        return path

    return write


def graph(path):
    return graphs.load(path)


def found(merged, name):
    return [one for one in merged.findings if one.rule.name == name]


# The rules


def test_there_is_a_folder_of_rules_for_each_need_and_no_two_bear_one_name():
    paths = sorted((ROOT / "queries" / "merge").rglob("*"))
    files = [path for path in paths if path.is_file()]
    assert {path.parent.name for path in files} == set(rules.FOLDERS)
    assert len(files) == len(RULES) >= 26
    assert set(EXAMPLES) == set(RULES)
    assert not set(RULES) & set(lems_onto.queries()), "a rule of a merge is no canned question"


@pytest.mark.parametrize("name", RULES)
def test_the_header_of_a_rule_is_yaml_and_says_what_it_is(name):
    rule = RULES[name]
    lines = [line[2:].removeprefix(" ") for line in rule.text.split("\n") if line.startswith("#+")]
    keys = ("summary", "description", "severity", "message", "mend")
    assert yaml.safe_load("\n".join(lines)) == {key: getattr(rule, key) for key in keys}
    assert rule.summary.endswith("?")
    assert rule.description.endswith(".") and rule.mend.endswith(".")
    columns = querytext.read(rule.text, name).columns
    assert set(re.findall(r"\?(\w+)", rule.message)) <= set(columns)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_laid_like_every_query(name):
    rule = RULES[name]
    text = re.sub(r'^#.*$|"(?:[^"\\]|\\.)*"|<[^>]*>', "", rule.text, flags=re.MULTILINE)
    declared = re.findall(r"^PREFIX (\w+):", text, re.MULTILINE)
    body = text[text.index("SELECT") :]
    assert declared == sorted(declared, key=str.casefold)
    assert set(declared) == set(re.findall(r"(?<![\w?])(\w+):", body))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", variable) for variable in re.findall(r"\?(\w+)", body))
    query = querytext.read(rule.text, name)
    assert query.form == "SELECT"
    assert "ORDER" in query.modifiers
    querytext.refuse_calls(query)
    # What is stated can be read without a reasoner.
    of_reasoner = {"news", "before", "expected"} & set(re.findall(r"GRAPH merge:(\w+)", rule.text))
    assert bool(of_reasoner) == (rule.folder == "inferred")


def example(name):
    """The quads with the fault, those without, and the rows that the first give."""
    quads = list(ox.parse(path=str(EXAMPLES[name]), format=ox.RdfFormat.TRIG))
    parts, rows = {"fail": [], "pass": []}, {}
    for quad in quads:
        side, _, graph_name = quad.graph_name.value.removeprefix("urn:").partition(":")
        if side == "expected":
            rows.setdefault(quad.subject, {})[quad.predicate.value.removeprefix("urn:column:")] = str(quad.object)
        else:
            parts[side].append(ox.Quad(*quad.triple, ox.NamedNode(rules.SPACE + graph_name)))
    assert all(parts.values()) and rows
    return parts["fail"], parts["pass"], sorted(map(sorted, map(dict.items, rows.values())))


def rows_of(name, quads):
    store = ox.Store()
    store.extend(quads)
    found = rules.findings_of(RULES[name], store)
    return sorted(sorted((key, str(term)) for key, term in one.values.items()) for one in found)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_fires_on_its_fault_and_is_silent_without_it(name):
    fail, passing, expected = example(name)
    assert rows_of(name, fail) == expected
    assert rows_of(name, passing) == []


# rdflib lets a variable that both sides of a join compute take the value of the second.
@pytest.mark.parametrize("name", sorted(set(RULES) - {"one-label-for-two"}))
def test_another_engine_finds_the_same(name):
    fail, passing, expected = example(name)
    for quads, wanted in ((fail, len(expected)), (passing, 0)):
        data = rdflib.Dataset()
        for quad in quads:
            data.graph(rdflib.URIRef(quad.graph_name.value)).add(
                tuple(map(graphs.to_rdflib_term, (quad.subject, quad.predicate, quad.object)))
            )
        assert len(list(data.query(RULES[name].text))) == wanted


def test_a_rule_with_a_broken_header_is_told(tmp_path):
    path = tmp_path / "one.rq"
    for header, reason in (
        ("#+ summary: Is it?", "no description"),
        ("#+ summary: a?\n#+ description: b.\n#+ severity: bad\n#+ message: c\n#+ mend: d.", "no known severity"),
    ):
        path.write_text(header)
        with pytest.raises(LemsError, match=f"{re.escape(str(path))}: the rule has {reason}"):
            rules._rule(str(path))


# Joining


def triples(text):
    return [
        one.triple for one in ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


def test_a_copy_of_the_shipped_ontology_adds_nothing(tmp_path):
    copy = tmp_path / "copy.nt"
    graph(ONTOLOGY).serialize(copy, format="nt", encoding="utf-8")
    for paths in ([ONTOLOGY], [copy], [copy, ONTOLOGY]):
        two = sides.read(*paths)
        assert not two.grew
        assert len(two.triples) == len(graph(ONTOLOGY))
    text = merging.text(merging.merge(copy), "nt")
    merged = rdflib.Graph().parse(data=text, format="nt")
    assert rdflib.compare.isomorphic(merged, graph(copy))


def test_a_shared_axiom_stands_once_whatever_its_blank_nodes_are_called():
    union = "[ owl:unionOf ( ex:B ex:C ) ]"
    axiom = f"ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom {union} ] .\n"
    note = (
        "[] a owl:Axiom ; owl:annotatedSource ex:A ; owl:annotatedProperty rdfs:subClassOf ; "
        'owl:annotatedTarget {} ; rdfs:comment "{}" .\n'
    )
    assert len(joining.join(triples(axiom), triples(axiom))) == len(triples(axiom))
    other = axiom.replace("ex:C", "ex:D")
    assert len(joining.join(triples(axiom), triples(other))) == 2 * len(triples(axiom))
    # The expression of another class is another axiom.
    elsewhere = axiom.replace("ex:A ", "ex:E ")
    assert len(joining.join(triples(axiom), triples(elsewhere))) == 2 * len(triples(axiom))
    named = axiom.replace("[ a owl:Restriction", "_:r .\n_:r a owl:Restriction", 1).replace(" ] ] .", " ] .")
    both = named + note.format("_:r", "same")
    assert len(triples(both)) == len(triples(axiom)) + 5
    assert len(joining.join(triples(both), triples(both))) == len(triples(both))
    # Another note on the same axiom keeps to the axiom.
    joined = joining.join(triples(both), triples(named + note.format("_:r", "other")))
    assert len(joined) == len(triples(both)) + 5
    assert len({one.object for one in joined if one.predicate.value.endswith("annotatedTarget")}) == 1


def test_blank_nodes_of_two_files_never_run_into_each_other(ttl):
    one, two = ttl("_:x ex:p ex:a .", "one.ttl"), ttl("_:x ex:p ex:b .", "two.ttl")
    read = sides.read(one, two).triples
    assert len({triple.subject for triple in read if triple.predicate.value == EX + "p"}) == 2


def test_nodes_that_lead_back_to_themselves_and_long_lists_are_joined():
    circle = "_:a ex:p _:b . _:b ex:p _:a . ex:x ex:q _:a .\n"
    assert len(joining.join(triples(circle), triples(circle))) == 2 * 3
    long = f"ex:A owl:oneOf ( {' '.join(f'ex:i{number}' for number in range(5000))} ) .\n"
    assert len(joining.join(triples(long), triples(long))) == 10_001


# The header


HEADER = """ex:onto a owl:Ontology ; owl:versionIRI ex:v1 ; owl:versionInfo "1" ; dcterms:title "Mine"@en ;
    dcterms:creator [ rdfs:label "me" ] ; owl:imports <https://w3id.org/lems-onto/0.1.0> , ex:more , ex:second .
ex:A a owl:Class .
"""


def test_the_header_is_theirs_and_says_what_went_in(ttl):
    one = ttl(HEADER)
    two = ttl(
        'ex:second a owl:Ontology ; owl:imports ex:third ; dcterms:title "Gone" ; '
        'dcterms:creator [ rdfs:label "gone" ] .\nex:B a owl:Class .\n',
        "two.ttl",
    )
    merged = merging.merge(one, two, bridges=["mondo"])
    data = rdflib.Graph().parse(data=merging.text(merged, "ttl"), format="turtle")
    onto = rdflib.URIRef(EX + "onto")
    assert list(data.subjects(rdflib.RDF.type, rdflib.OWL.Ontology)) == [onto]
    assert [str(one) for one in data.objects(onto, rdflib.DCTERMS.title)] == ["Mine"]
    assert [str(one) for one in data.objects(onto, rdflib.OWL.versionInfo)] == ["1"]
    assert list(data.objects(onto, rdflib.OWL.versionIRI)) == []
    assert sorted(data.objects(onto, rdflib.OWL.imports)) == [rdflib.URIRef(EX + "more"), rdflib.URIRef(EX + "third")]
    version = lems_onto.shipped_info().version
    sources = {str(one) for one in data.objects(onto, rdflib.DCTERMS.source)}
    assert sources == {EX + "v1", EX + "second", LEMS + version, LEMS + "bridges/mondo"}
    assert any(version in one for one in data.objects(onto, rdflib.DCTERMS.bibliographicCitation))
    assert rdflib.Literal("me") in set(data.objects()) and rdflib.Literal("gone") not in set(data.objects())
    assert merged.sides.header.version == EX + "v1"
    assert merged.sides.header.imports == (EX + "more", EX + "third")
    # What is said of the shipped ontology as a source stays.
    assert (None, rdflib.RDFS.isDefinedBy, rdflib.URIRef(LEMS[:-1])) in data


def test_where_nothing_is_added_the_header_stays_whole(ttl):
    path = ttl(
        "ex:onto a owl:Ontology ; owl:versionIRI ex:v1 ; owl:imports <https://w3id.org/lems-onto> .\n"
        + ONTOLOGY.read_text()
    )
    two = sides.read(path)
    assert not two.grew
    assert two.header.iri == EX + "onto" and two.header.version is None
    said = headers.of(two.triples)
    assert len(said) == 1
    (values,) = said.values()
    assert [one.value for one in values[headers.VERSION]] == [EX + "v1"]
    assert not values[headers.SOURCE] and not values[headers.IMPORTS]


def test_an_ontology_without_a_header_gets_one_without_a_name(ttl):
    two = sides.read(ttl("ex:A a owl:Class .\n"))
    (node,) = headers.of(two.triples)
    assert isinstance(node, ox.BlankNode) and two.header.iri is None


def test_an_older_copy_of_ours_is_told_and_has_one_header(ttl):
    version = lems_onto.shipped_info().version
    old = ONTOLOGY.read_text().replace(f"lems-onto/{version}> ;", "lems-onto/0.0.1> ;", 1) + "lems:Old a owl:Class .\n"
    merged = merging.merge(ttl(old))
    assert [one.values["theirs"].value for one in found(merged, "other-release")] == [LEMS + "0.0.1"]
    assert [one.subject for one in found(merged, "terms-not-here")] == [LEMS + "Old"]
    assert len(headers.of(merged.sides.triples)) == 1


# Writing


@pytest.mark.parametrize("ending", ["ttl", "owl", "nt", "jsonld"])
def test_each_syntax_holds_the_whole_and_is_the_same_in_every_run(ttl, tmp_path, command, ending):
    path, texts = ttl(HEADER + "ex:A rdfs:subClassOf [ owl:unionOf ( ex:B [ owl:complementOf ex:C ] ) ] .\n"), []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.{ending}"
        done = command("merge", path, "--output", out, env={"PYTHONHASHSEED": seed})
        assert done.returncode == 0, done.stderr
        texts.append(out.read_bytes())
    assert texts[0] == texts[1]
    read = graph(out)
    assert rdflib.compare.to_isomorphic(read) == rdflib.compare.to_isomorphic(
        graphs.to_rdflib(sides.read(path).triples)
    )


def test_gzip_and_other_syntaxes_are_read(ttl, tmp_path):
    path = tmp_path / "own.nt.gz"
    path.write_bytes(gzip.compress(f"<{EX}A> <{rdflib.RDF.type}> <{rdflib.OWL.Class}> .\n".encode()))
    assert EX + "A" in sides.described(sides.read(path).theirs)


def test_without_a_check_it_merges_says_what_is_plain_and_ends_with_0(ttl, tmp_path, command):
    path = ttl("ex:onto a owl:Ontology ; owl:imports ex:more .\nlems:subject a owl:ObjectProperty .\n")
    done = command("merge", path, "--output", tmp_path / "out.owl")
    assert done.returncode == 0
    assert "error[kinds-of-property]" in done.stdout
    assert "1 error, 0 warnings" in done.stdout and "no reasoner was asked" in done.stdout
    assert f"imports {EX}more, which is kept and was not fetched" in done.stderr
    # As people name things, no line is wider than the terminal, but for the last.
    assert max(map(len, done.stdout.splitlines()[:-2])) <= 80


# What cannot be done


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'ex:o <http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module> "os" .',
            "would run it",
        ),
        ("ex:A owl:unionOf _:l . _:l rdf:first ex:B ; rdf:rest _:l .", "contains itself"),
        ("ex:A owl:unionOf _:l . _:l rdf:first ex:B .", "not one of each"),
        ("ex:A rdfs:subClassOf [ owl:onProperty ex:p ] .", "not one of each"),
        ("ex:A a", "not Turtle"),
        ("", "holds no triple"),
    ],
)
def test_files_that_mislead_or_attack_are_refused(ttl, tmp_path, command, text, message):
    path, out = ttl(text), tmp_path / "out.ttl"
    done = command("merge", path, "--output", out, "--check")
    assert done.returncode == 2
    assert message in done.stderr and str(path) in done.stderr and done.stderr.count("\n") == 1
    assert not out.exists()


def test_usage_is_told_in_one_line(ttl, tmp_path, command):
    path = ttl(OWN)
    for arguments, message in (
        ([path], "nothing to do"),
        ([path, "--output", tmp_path / "out.txt"], "its ending says no syntax"),
        ([path, "--output", path], "is read, and would be overwritten"),
        ([path, "--output", BRIDGE], "is read, and would be overwritten"),
        ([path, "--output", ONTOLOGY], "is read, and would be overwritten"),
        ([path, "--output", tmp_path / "none" / "out.ttl"], "make the folder first"),
        ([path, "--check", "--bridge", "doid"], "invalid choice: 'doid'"),
        ([path, "--check", "--timeout", "0"], "is not a number above 0"),
        ([tmp_path / "none.ttl", "--check"], "no such file"),
        (["--check"], "OTHER"),
    ):
        done = command("merge", *arguments)
        assert done.returncode == 2, arguments
        assert message in done.stderr and done.stderr.count("\n") == 1
    assert not list(tmp_path.glob(".*")) and path.read_text() == PREFIXES + OWN


def test_a_full_disk_leaves_what_was_there(ttl, tmp_path):
    out, path = tmp_path / "out.ttl", ttl(OWN)
    out.write_text("before")
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto", "merge", str(path), "--output", str(out)], capture_output=True, text=True,
        check=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )  # fmt: skip
    assert done.returncode == 2 and "cannot be written" in done.stderr and done.stderr.count("\n") == 1
    assert out.read_text() == "before" and not list(tmp_path.glob(".*"))
    if Path("/dev/full").exists():
        done = subprocess.run(
            [sys.executable, "-m", "lems_onto", "merge", str(path), "--output", "/dev/full"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 2 and "/dev/full: cannot be written" in done.stderr


def test_no_java_and_a_java_that_hangs_are_told_and_leave_nothing(ttl, tmp_path, command, monkeypatch):
    path, out = ttl(OWN), tmp_path / "out.ttl"
    done = command("merge", path, "--check", "--output", out, env={"LEMS_ONTO_JAVA": "/nonsense"})
    assert done.returncode == 2 and "LEMS_ONTO_JAVA names /nonsense" in done.stderr
    hanging = tmp_path / "java"
    hanging.write_text("#!/bin/sh\nsleep 60\n")
    hanging.chmod(0o755)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    env = {"LEMS_ONTO_JAVA": str(hanging), "TMPDIR": str(scratch)}
    done = command("merge", path, "--check", "--output", out, "--timeout", "1", env=env)
    assert done.returncode == 2 and "did not end within" in done.stderr and done.stderr.count("\n") == 1
    assert not out.exists() and not list(scratch.iterdir())
    # What needs no reasoner needs no Java.
    assert command("merge", path, "--output", out, env={"LEMS_ONTO_JAVA": "/nonsense"}).returncode == 0


def test_who_ends_a_check_leaves_no_java_and_no_file(ttl, tmp_path):
    scratch, hanging, mark = tmp_path / "scratch", tmp_path / "java", tmp_path / "mark"
    scratch.mkdir()
    hanging.write_text(f"#!/bin/sh\necho $$ >> {mark}\nexec sleep 60\n")
    hanging.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "lems_onto", "merge", str(ttl(OWN)), "--check"],
        env={**os.environ, "LEMS_ONTO_JAVA": str(hanging), "TMPDIR": str(scratch)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 30
    while not (mark.exists() and len(mark.read_text().split()) == 2) and time.monotonic() < end:
        time.sleep(0.05)
    javas = [int(one) for one in mark.read_text().split()]
    assert list(scratch.iterdir())
    process.terminate()
    assert process.wait(10) == 143
    time.sleep(0.2)
    assert not list(scratch.iterdir())
    assert not [one for one in javas if Path(f"/proc/{one}").exists() and Path(f"/proc/{one}/cmdline").read_text()]


def test_without_jpype_all_but_the_axioms_and_the_profiles_is_told(ttl, monkeypatch):
    from lems_onto.reasoning import owlapi

    def none(*_):
        raise owlapi.NoBridge("OWLAPI needs JPype, which is not installed")

    monkeypatch.setattr(owlapi, "start", none)
    merged = merging.merge(
        ttl("ex:A a owl:Class ; rdfs:subClassOf lems:CancerAssociatedLems , lems:NonCancerAssociatedLems ."), check=True
    )
    assert [one.subject for one in found(merged, "unsatisfiable")] == [EX + "A"]
    assert found(merged, "unsatisfiable")[0].why == ()
    assert "JPype" in merged.notes[0]


def test_the_bridges_are_known_by_name():
    assert set(sides.bridges()) == {"mondo"}
    with pytest.raises(UnknownName, match="no bridge 'doid'"):
        sides.read(ONTOLOGY, bridges=["doid"])
    with pytest.raises(UnreadableFile):
        lems_onto.merge("none.ttl")


# What changes


def test_a_file_that_describes_nothing_is_not_called_checked(ttl, command, tmp_path):
    done = command("merge", ttl("ex:onto a owl:Ontology .\n"), "--check", env={"LEMS_ONTO_JAVA": "/nonsense"})
    assert done.returncode == 4 and "describes no term" in done.stderr
    assert command("merge", ttl("ex:onto a owl:Ontology .\n"), "--output", tmp_path / "out.ttl").returncode == 0


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """What is said of a merge with faults of many kinds: by the command with another seed, and in each form."""
    folder = tmp_path_factory.mktemp("changed")
    path = folder / "own.ttl"
    path.write_text(
        PREFIXES
        + """
ex:onto a owl:Ontology .
ex:p a owl:ObjectProperty .
ex:Before a owl:Class ; rdfs:subClassOf ex:Yes , ex:No .
ex:Yes a owl:Class ; owl:disjointWith ex:No .
ex:No a owl:Class .
ex:Torn a owl:Class ; rdfs:label "torn_* form" ;
    rdfs:subClassOf lems:CancerAssociatedLems , lems:NonCancerAssociatedLems .
ex:BelowTorn a owl:Class ; rdfs:subClassOf ex:Torn .
lems:CancerAssociatedLems a owl:Class .
lems:NonCancerAssociatedLems a owl:Class .
lems:LambertEatonMyasthenicSyndrome a owl:Class ; rdfs:subClassOf ex:Rare .
ex:Rare a owl:Class ; rdfs:label "LEMS antibody" .
MONDO:0005071 a owl:Class ; rdfs:label "disease of nerves" .
ex:patient a owl:NamedIndividual , lems:CancerAssociatedLems .
lems:subject a owl:ObjectProperty .
"""
    )
    merged = merging.merge(path, check=True)
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto", "merge", str(path), "--check", "--format", "json"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONHASHSEED": "2"}, timeout=200,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    return done.stdout, *(told.write(merged, form) for form in told.FORMATS)


def test_what_changed_is_the_same_in_every_run(changed):
    assert told.FORMATS == ("human", "json", "markdown")
    assert changed[0] == changed[2]


def test_new_impossible_classes_are_told_with_their_axioms_and_old_ones_apart(changed):
    said = json.loads(changed[0])
    by_rule = {}
    for one in said["findings"]:
        by_rule.setdefault(one["rule"], []).append(one)
    assert [one["subject"] for one in by_rule["unsatisfiable"]] == [EX + "BelowTorn", EX + "Torn"]
    below, torn = by_rule["unsatisfiable"]
    # What lies below an impossible class is so by that alone.
    assert below["why"] == []
    assert {one["words"] for one in torn["why"][0]} >= {
        "Every torn_* form is cancer-associated Lambert-Eaton myasthenic syndrome."
    }
    assert any(axiom["claims"] for axiom in torn["why"][0])
    assert all(axiom["files"] for reasons in torn["why"] for axiom in reasons)
    assert [one["subject"] for one in by_rule["unsatisfiable-before"]] == [EX + "Before"]
    assert by_rule["unsatisfiable-before"][0]["why"]
    assert said["consistent"] is True


def test_news_of_their_terms_and_of_ours_are_told_apart_and_sparingly(changed):
    said = json.loads(changed[0])
    pairs = {
        rule: {(one["values"]["subject"], one["values"]["value"]) for one in said["findings"] if one["rule"] == rule}
        for rule in ("about-theirs", "about-ours", "between")
    }
    assert pairs["about-theirs"] >= {
        (LEMS + "CancerAssociatedLems", LEMS + "LambertEatonMyasthenicSyndrome"),
        (LEMS + "LambertEatonMyasthenicSyndrome", "http://purl.obolibrary.org/obo/MONDO_0005071"),
    }
    # That it is rare follows from the first of them.
    assert (LEMS + "CancerAssociatedLems", EX + "Rare") not in pairs["about-theirs"]
    assert (EX + "patient", EX + "Rare") not in pairs["about-theirs"]


def test_a_property_of_two_kinds_costs_owl_2_dl(changed):
    said = json.loads(changed[0])
    names = [one["rule"] for one in said["findings"]]
    assert "kinds-of-property" in names and "dl-lost" in names
    assert said["counts"]["error"] == sum(one["severity"] == "error" for one in said["findings"])
    assert {one["name"] for one in said["rules"]} == set(RULES)
    assert said["sharedTerms"] == 5 and said["ontology"] == EX + "onto"


def test_people_read_it_in_80_columns_and_markdown_has_no_markup_of_theirs(changed):
    _, human, _, markdown = changed
    assert max(map(len, human.splitlines()[:-2])) <= 80
    assert "error[unsatisfiable]: 2 findings" in human and "  = mend: " in human
    assert human.endswith("by 26 rules; consistent\n")
    assert r"torn\_\* form" in markdown and "## error: unsatisfiable" in markdown


def test_together_inconsistent_and_inconsistent_before_are_told_apart(ttl):
    patient = "ex:torn a owl:NamedIndividual , lems:NonCancerAssociatedLems ; lems:associatedWith ex:tumor .\n"
    patient += "ex:tumor a MONDO:0008433 .\n"
    merged = merging.merge(ttl(OWN + patient), check=True)
    assert merged.consistent is False
    (one,) = found(merged, "inconsistent")
    words = {reason.words for reason in one.why[0]}
    assert "torn is Lambert-Eaton myasthenic syndrome not associated with cancer." in {
        word.replace(EX, "").replace("ex:", "") for word in words
    }
    assert merging.exit_code(merged, "error") == 1
    before = merging.merge(
        ttl(OWN + "ex:A owl:disjointWith ex:B . ex:i a owl:NamedIndividual , ex:A , ex:B .\n"), check=True
    )
    assert [one.rule.name for one in before.findings if one.rule.folder == "inferred"] == ["inconsistent-before"]
    (one,) = found(before, "inconsistent-before")
    assert len(one.why[0]) == 3


def test_an_ontology_that_shares_no_term_changes_nothing(ttl, command):
    done = command("merge", ttl(OWN + "ex:B a owl:Class ; rdfs:subClassOf ex:A .\n"), "--check", "--fail-on", "error")
    assert done.returncode == 0
    assert "0 shared terms" in done.stdout and "0 errors" in done.stdout


def test_claims_are_reasoned_over_too(ttl):
    merged = merging.merge(
        ttl("ex:onto a owl:Ontology .\nlems:Claim a owl:Class ; rdfs:subClassOf owl:Nothing .\n"), check=True
    )
    assert merged.consistent is False
    assert found(merged, "inconsistent") and found(merged, "inconsistent")[0].why


def test_the_exit_code_goes_by_the_severity_to_fail_on(ttl):
    merged = merging.merge(ttl("ex:onto a owl:Ontology .\nlems:NoSuchTerm a owl:Class .\n"))
    assert [merging.exit_code(merged, one) for one in rules.SEVERITIES] == [0, 1, 1]
    assert told.counts(merged) == {"error": 0, "warning": 1, "info": 0}


# Parts


def test_the_part_around_a_term_decides_about_it_and_leaves_out_what_is_below_and_beside():
    given = triples(
        """
ex:p a owl:ObjectProperty ; rdfs:domain ex:D ; rdfs:subPropertyOf ex:q .
ex:q a owl:ObjectProperty ; rdfs:range ex:R .
ex:A a owl:Class ; rdfs:subClassOf ex:B , [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:F ] .
ex:F a owl:Class ; rdfs:subClassOf ex:G .
ex:G owl:disjointWith ex:R .
ex:Below a owl:Class ; rdfs:subClassOf ex:A .
ex:Beside a owl:Class ; rdfs:subClassOf ex:B .
ex:Defined a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( ex:B ex:D ) ] .
ex:Elsewhere a owl:Class ; owl:equivalentClass [ owl:intersectionOf ( ex:B ex:Beside ) ] .
ex:i a owl:NamedIndividual , ex:A .
[] a owl:AllDisjointClasses ; owl:members ( ex:D ex:Below ex:Beside ) .
"""
    )
    terms, part = modules.around(given, [EX + "A"])
    assert terms == {EX + name for name in ("A", "B", "D", "F", "G", "R", "p", "q", "Defined")}
    assert not any("Below" in str(one) or "Elsewhere" in str(one) for one in part)
    parts = [ontologies.Part("part", part, {})]
    assert explaining.Explainer(parts).unsatisfiable(EX + "A").entailed
    assert EX + "i" in modules.around(given, [], individuals=True)[0]


def test_news_are_the_fewest_that_imply_the_others():
    def followed(*pairs, equivalents=()):
        return changes.Followed({"subclasses": set(pairs), "equivalents": set(equivalents)})

    none = set(), followed()
    merged = followed(("c", "b"), ("b", "a"), ("a", "top"), ("d", "c"))
    theirs = {"a", "b", "c", "d", "top"}, followed(("c", "b"), ("a", "top"), ("d", "c"))
    assert changes.news(merged, theirs, none, followed()) == [("b", changes.SUBCLASS, "a")]
    # That two are the same is one piece of news, and what follows from it none.
    equal = followed(("x", "y"), ("y", "x"), ("y", "w"), ("w", "x"), ("z", "x"), ("y", "top"))
    theirs = {"w", "x", "y", "z", "top"}, followed(("z", "x"), ("y", "top"), ("w", "y"), ("y", "w"))
    relation = changes._EQUAL[changes.SUBCLASS]
    assert changes.news(equal, theirs, none, followed()) == [("w", relation, "x")]
    # A chain through the other side is news of this one, though all of it is stated.
    chain, here = followed(("b", "m"), ("m", "a")), ({"a", "b"}, followed())
    assert changes.news(chain, here, ({"m"}, followed()), chain) == [("b", changes.SUBCLASS, "a")]
    assert changes.news(chain, none, ({"m"}, followed()), chain) == []


def test_reading_errors_are_those_of_the_package():
    assert issubclass(processes.JavaFailed, LemsError) and issubclass(java.NoJava, LemsError)
    assert reading.parse(BRIDGE)[2]
