"""Measures `reason` and `explain` on the shipped ontology, beside bare runs of the same reasoner.

    python benchmarks/reason.py [ROUNDS]

Whole processes, cold, in turns. The peers are HermiT's own command over the
same ontology as RDF/XML, on the same Java, and owlready2 from Python.
"""

import importlib.util
import sys
import tempfile
from pathlib import Path

from gate import LEMS_ONTO, PYTHON, table

from lems_onto.reasoning import java, ontologies

OWLREADY = (
    "import sys, owlready2; owlready2.JAVA_EXE = sys.argv[2]; world = owlready2.World(); "
    "onto = world.get_ontology('https://w3id.org/lems-onto').load(fileobj=open(sys.argv[1], 'rb')); "
    "owlready2.sync_reasoner(world, debug=0)"
)
STATEMENTS = (
    ("LEMS", "is a", "nervous system disorder"),
    ("lems:CancerAssociatedLems", "may be associated with", "MONDO:0004992"),
    ("LEMS", "has feature", "dry mouth"),
)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    home = Path(importlib.util.find_spec("owlready2").origin).parent / "hermit"
    found = java.find().path
    with tempfile.TemporaryDirectory() as folder:
        whole, lines = Path(folder) / "lems.owl", Path(folder) / "lems.nt"
        triples = ontologies.triples(ontologies.read())
        whole.write_bytes(ontologies.rdf_xml(triples))
        lines.write_bytes(ontologies.n_triples(triples))
        bare = [found, "-cp", f"{home}:{home / 'HermiT.jar'}", "org.semanticweb.HermiT.cli.CommandLine"]
        commands = {
            "bare HermiT": [*bare, "-c", "-O", "-D", "-I", whole.as_uri()],
            "lems-onto reason": [LEMS_ONTO, "reason"],
            "lems-onto reason, Pellet": [LEMS_ONTO, "reason", "--reasoner", "pellet"],
            "owlready2 sync_reasoner": [PYTHON, "-c", OWLREADY, str(lines), found],
        }
        for statement in STATEMENTS:
            commands[f"lems-onto explain ... {statement[2]}"] = [LEMS_ONTO, "explain", *statement]
        table("the shipped ontology", commands, rounds, "bare HermiT")


if __name__ == "__main__":
    main()
