"""Measures `merge --check` with an ontology of many classes, beside bare runs of HermiT over the merged file.

    python benchmarks/merge.py [ROUNDS] [CLASSES ...]

Whole processes, cold, in turns. The ontology is made: a hierarchy in which
each class has one parent or two and every tenth a restriction, below terms that
the shipped ontology borrows. The peers are HermiT's own command over the
merged ontology as RDF/XML, whole and without the claims, on the same Java.
The peak is that of the largest process.
"""

import importlib.util
import random
import sys
import tempfile
from pathlib import Path

from gate import LEMS_ONTO, table

from lems_onto import expecting
from lems_onto.merging import sides
from lems_onto.reasoning import java, ontologies

ROOTS = ("MONDO:0005071", "HP:0000118", "CHEBI:24431", "GO:0003008")
HEAD = """@prefix CHEBI: <http://purl.obolibrary.org/obo/CHEBI_> .
@prefix ex: <https://example.org/> .
@prefix GO: <http://purl.obolibrary.org/obo/GO_> .
@prefix HP: <http://purl.obolibrary.org/obo/HP_> .
@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix RO: <http://purl.obolibrary.org/obo/RO_> .
<https://example.org/many> a owl:Ontology .
RO:0004026 a owl:ObjectProperty .
"""


def write(path, count):
    """Write an ontology of so many classes; the same in every run."""
    chance = random.Random(count)
    text = HEAD + "".join(f"{root} a owl:Class .\n" for root in ROOTS)
    for number in range(count):
        above = (
            {f"ex:C{chance.randrange(number)}" for _ in range(chance.choice((1, 1, 1, 2)))}
            if number > 50
            else {ROOTS[number % 4]}
        )
        if number % 10 == 9:
            above.add(f"[ a owl:Restriction ; owl:onProperty RO:0004026 ; owl:someValuesFrom ex:C{number // 2} ]")
        text += (
            f'ex:C{number} a owl:Class ; rdfs:label "class {number}" ; rdfs:subClassOf {" , ".join(sorted(above))} .\n'
        )
    path.write_text(text)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    home = Path(importlib.util.find_spec("owlready2").origin).parent / "hermit"
    bare = [
        java.find().path,
        "-Xmx2048m",
        "-cp",
        f"{home}:{home / 'HermiT.jar'}",
        "org.semanticweb.HermiT.cli.CommandLine",
    ]
    for count in map(int, sys.argv[2:] or ["10000"]):
        with tempfile.TemporaryDirectory() as folder:
            theirs = Path(folder) / "theirs.ttl"
            whole, small = Path(folder) / "merged.owl", Path(folder) / "without-claims.owl"
            write(theirs, count)
            merged = ontologies.logical(sides.read(str(theirs)).triples)
            whole.write_bytes(ontologies.rdf_xml(merged))
            small.write_bytes(ontologies.rdf_xml(expecting.beside_claims(merged)))
            commands = {
                "bare HermiT": [*bare, "-c", "-O", "-D", "-I", whole.as_uri()],
                "bare HermiT, without claims": [*bare, "-c", "-O", "-D", "-I", small.as_uri()],
                "lems-onto merge": [LEMS_ONTO, "merge", str(theirs), "--output", str(Path(folder) / "out.ttl")],
                "lems-onto merge --check": [LEMS_ONTO, "merge", str(theirs), "--check"],
            }
            table(f"{count:,} classes", commands, rounds, "bare HermiT, without claims", once=("bare HermiT",))


if __name__ == "__main__":
    main()
