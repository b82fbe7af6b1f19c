"""Ontologies that once got a wrong answer out of `reason`, `explain`, `merge` and `profile`."""

import os
import sys

import pytest
from test_reasoning import script, ttl

import lems_onto
from lems_onto import graphs, reasoning
from lems_onto.errors import UnknownName, UnreadableFile
from lems_onto.reasoning import el, explaining, ontologies, processes, profiles

assert ttl  # a fixture
CLASH = "ex:A a owl:Class ; owl:disjointWith ex:B . ex:B a owl:Class . ex:x a owl:NamedIndividual , ex:A , ex:B .\n"
REIFIED = """
[] a owl:Axiom ; owl:annotatedSource lems:LambertEatonMyasthenicSyndrome ; owl:annotatedProperty rdfs:subClassOf ;
    owl:annotatedTarget [ a owl:Restriction ; owl:onProperty lems:hasFeature ;
        owl:someValuesFrom <http://purl.obolibrary.org/obo/HP_0000217> ] ; rdfs:comment "hedged" .
"""


def test_the_annotation_of_an_axiom_that_is_not_there_asserts_nothing(ttl):
    found = explaining.explain("LEMS", "has feature", "dry mouth", ttl(REIFIED))
    assert not found.entailed and found.claims[0].modality == "possible"


@pytest.mark.parametrize(
    "more",
    [
        "",
        "ex:x a owl:Ontology .",
        "ex:A a owl:Axiom .",
        "ex:x a owl:Annotation .",
        "rdf:type a owl:AnnotationProperty .",
        "owl:disjointWith a owl:AnnotationProperty .",
    ],
)
@pytest.mark.parametrize("reasoner", reasoning.NAMES)
def test_no_declaration_hides_a_contradiction(ttl, more, reasoner):
    assert not reasoning.reason(ttl(CLASH + more), ontology=False, reasoner=reasoner).consistent


def test_a_relation_that_is_declared_an_annotation_too_stays_a_relation(ttl):
    path = ttl(
        "lems:associatedWith a owl:AnnotationProperty . ex:t a owl:NamedIndividual , MONDO:0008433 ."
        "ex:l a owl:NamedIndividual , lems:NonCancerAssociatedLems ; lems:associatedWith ex:t ."
    )
    assert not reasoning.reason(path).consistent


def test_what_is_not_declared_is_named(ttl, command):
    path = ttl("ex:A a owl:Class . ex:p rdfs:domain ex:A . ex:y a owl:NamedIndividual ; ex:p ex:z .")
    assert reasoning.reason(path).undeclared == ("https://example.org/p",)
    assert "not declared" in command("reason", path).stderr
    assert reasoning.reason().undeclared == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("ex:R a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom owl:Nothing .", "has a name"),
        (
            "ex:C rdfs:subClassOf _:n0 . "
            + "".join(f"_:n{at} a owl:Class ; owl:complementOf _:n{at + 1} . " for at in range(3000)),
            "nested more than",
        ),
    ],
)
def test_what_tools_pass_over_or_break_on_is_refused(ttl, command, text, says):
    for name in ("reason", "profile"):
        done = command(name, ttl(text))
        assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1


def test_a_long_list_is_not_deep(ttl):
    members = " ".join(f"ex:C{at}" for at in range(2000))
    ontologies.part(ttl(f"ex:A owl:equivalentClass [ a owl:Class ; owl:unionOf ( {members} ) ] ."))


def test_a_triple_term_is_refused(tmp_path, command):
    path = tmp_path / "term.nt"
    path.write_text("<http://a> <http://www.w3.org/2002/07/owl#imports> <<( <http://a> <http://b> <http://c> )>> .\n")
    with pytest.raises(UnreadableFile, match="triple term"):
        ontologies.part(path)
    done = command("reason", path)
    assert done.returncode == 2 and done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="the false Java is a shell script")
def test_a_java_that_finds_everything_inconsistent_is_not_believed(tmp_path, monkeypatch):
    says = (
        "echo 'Exception in thread \"main\" org.semanticweb.owlapi.reasoner.InconsistentOntologyException' >&2; exit 1"
    )
    monkeypatch.setenv("LEMS_ONTO_JAVA", str(script(tmp_path, says)))
    with pytest.raises(processes.JavaFailed, match="finds everything inconsistent"):
        reasoning.reason()


def test_a_literal_cannot_say_that_all_is_inconsistent(ttl):
    path = ttl('ex:d a owl:DatatypeProperty . ex:x a owl:NamedIndividual ; ex:d "Inconsistent ontology"^^xsd:integer .')
    with pytest.raises(processes.JavaFailed):
        reasoning.reason(path)


def test_pellet_reads_names_with_parentheses_and_any_scheme(ttl):
    path = ttl(
        "ex:C a owl:Class . ex:D a owl:Class ; rdfs:subClassOf ex:C . "
        "<http://ex.org/Foo_(bar)> a owl:NamedIndividual , ex:D ."
        "<my-scheme:E> a owl:Class ; rdfs:subClassOf ex:D . ex:G a owl:Class ; rdfs:subClassOf <my-scheme:E> ."
    )
    hermit, pellet = (reasoning.reason(path, ontology=False, reasoner=one) for one in reasoning.NAMES)
    assert hermit.subclasses == pellet.subclasses and hermit.types == pellet.types
    assert pellet.types == (("http://ex.org/Foo_(bar)", "https://example.org/D"),)


def test_the_part_within_el_turns_no_value_into_another(ttl):
    path = ttl(
        "<https://example.org/o> a owl:Ontology . ex:id a owl:DatatypeProperty , owl:FunctionalProperty . "
        "ex:S a owl:Class ."
        'ex:x a owl:NamedIndividual , ex:S ; ex:id "1"^^xsd:int , "01"^^xsd:int ; ex:smokes true .'
        "ex:smokes a owl:DatatypeProperty . ex:T a owl:Class ; rdfs:subClassOf "
        "[ a owl:Restriction ; owl:onProperty ex:smokes ; owl:hasValue true ] ."
    )
    triples, changes = el.within([ontologies.part(path)])
    assert len(changes) == 4 and not any(change.instead for change in changes)
    assert not any(hasattr(triple.object, "datatype") for triple in triples)


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        (("lems:attacks", "is a", "lems:mayAttack"), explaining.NoStatement),
        (("LEMS", "is a", "lems:asserted"), explaining.NoStatement),
        (("<http://nowhere/x>", "is a", "thing"), UnknownName),
    ],
)
def test_what_is_no_statement_is_refused(statement, error):
    with pytest.raises(error):
        explaining.explain(*statement)


def test_a_class_that_is_an_individual_too_is_asked_as_a_class(ttl):
    path = ttl("ex:Disease a owl:Class . lems:LambertEatonMyasthenicSyndrome a ex:Disease .")
    assert explaining.explain("LEMS", "is a", "nervous system disorder", path).entailed


def test_no_label_commands_the_terminal(ttl, command):
    path = ttl('ex:Q a owl:Class ; rdfs:label "q\\u009B1m" . ex:Z a owl:Class ; rdfs:subClassOf ex:Q .')
    for arguments in (("reason", path, "--no-ontology", "--all"), ("explain", "ex:Z", "is a", "ex:Q", "--data", path)):
        done = command(*arguments)
        assert "q" in done.stdout and not {"\x1b", "\x9b"} & set(done.stdout)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a process of its own")
def test_a_machine_that_ends_the_process_is_no_answer(command):
    for arguments in (("explain", "LEMS", "is a", "nothing"), ("profile",)):
        done = command(*arguments, "--memory", "1")
        assert done.returncode == 2 and done.stdout == "" and done.stderr.count("\n") == 1


def test_a_merge_takes_no_two_individuals_for_one(tmp_path, ttl, command):
    one = ttl(
        "ex:loves a owl:ObjectProperty ; owl:propertyDisjointWith ex:hates . ex:hates a owl:ObjectProperty . "
        "ex:has a owl:ObjectProperty . ex:Arm a owl:Class . ex:a a owl:NamedIndividual ; ex:has _:z . "
        "ex:b a owl:NamedIndividual ; ex:hates _:z . _:z a ex:Arm .",
        "one.ttl",
    )
    two = ttl(
        "ex:loves a owl:ObjectProperty . ex:has a owl:ObjectProperty . ex:Arm a owl:Class . "
        "ex:a a owl:NamedIndividual ; ex:has _:z . ex:b a owl:NamedIndividual ; ex:loves _:z . _:z a ex:Arm .",
        "two.ttl",
    )
    merged = tmp_path / "merged.ttl"
    assert command("merge", one, two, "--output", merged).returncode == 0
    assert reasoning.reason(one, two).consistent
    assert reasoning.reason(merged, ontology=False).consistent


def test_an_import_counts_as_ours_by_its_whole_name():
    version = lems_onto.shipped_info().version
    for iri, ours in (("", True), ("/" + version, True), ("logy", False), ("/0.0.1", False), ("/bridges/mondo", False)):
        assert graphs.is_shipped("https://w3id.org/lems-onto" + iri) is ours


def test_a_copy_of_the_ontology_conforms_as_the_ontology_does(tmp_path, command):
    from conftest import ONTOLOGY

    copy = tmp_path / "copy.ttl"
    copy.write_text(ONTOLOGY.read_text())
    done = command("validate", copy)
    assert done.returncode == 0, done.stdout


def test_a_profile_reads_what_the_file_imports(ttl, command):
    text = "ex:Own a owl:Class ; rdfs:subClassOf lems:LambertEatonMyasthenicSyndrome ."
    header = (
        "<https://example.org/o> a owl:Ontology ; owl:imports <https://w3id.org/lems-onto> , <http://127.0.0.1:9/x> . "
    )
    assert command("profile", ttl(text)).returncode == 1
    done = command("profile", ttl(header + text))
    assert done.returncode == 0 and done.stderr.startswith("lems-onto: imports http://127.0.0.1:9/x,")
    assert profiles.check([ontologies.part(ttl(header + text))], ("dl",))["dl"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("explain", "LEMS", "is", "a", "cancer"), "put each part that has spaces into quotes"),
        (("clasify", "x"), "did you mean: lems-onto classify?"),
        (("doctor", "--fix"), "see lems-onto doctor --help"),
        (("explain", "LEMS", "has featur", "cancer"), "did you mean 'has feature'"),
    ],
)
def test_a_slip_gets_the_mend_that_fits(command, arguments, says):
    done = command(*arguments)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1
