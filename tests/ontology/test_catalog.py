"""The catalog leads from every name of an ontology of this project to its file, without a network."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF

import lems_onto
from lems_onto import converting

ONTOLOGY = Path(__file__).resolve().parents[2] / "ontology"
CATALOG = ONTOLOGY / "catalog-v001.xml"
SPACE = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"
MINE = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://example.org/mine> a owl:Ontology ; owl:imports <{name}> .
<https://example.org/MyLems> a owl:Class ;
    rdfs:subClassOf <https://w3id.org/lems-onto/LambertEatonMyasthenicSyndrome> .
"""
# As Protégé does it: the catalog becomes a map from the name of an ontology to a document.
LOAD = """
import json, sys
from lems_onto.reasoning import owlapi
cls = owlapi.start()
mine, catalog = sys.argv[1:]
manager = owlapi.manager()
found = {}
if catalog:
    import jpype
    uri = cls("java.io.File")(catalog).toURI()
    reader = cls("javax.xml.catalog.CatalogManager").catalog(
        cls("javax.xml.catalog.CatalogFeatures").defaults(), jpype.JArray(cls("java.net.URI"))([uri])
    )
    iri = cls("org.semanticweb.owlapi.model.IRI")
    for name in sys.stdin.read().split():
        found[name] = str(reader.matchURI(name))
        mapper = cls("org.semanticweb.owlapi.util.SimpleIRIMapper")(iri.create(name), iri.create(found[name]))
        manager.addIRIMapper(mapper)
try:
    onto = manager.loadOntologyFromOntologyDocument(cls("java.io.File")(mine))
    told = [str(one.getOntologyID().getOntologyIRI().toString()) for one in onto.getImportsClosure()]
    axioms = sum(int(one.getAxiomCount()) for one in onto.getImportsClosure())
except Exception as problem:
    told, axioms = str(problem), 0
print(json.dumps({"closure": told, "axioms": axioms, "found": found}))
"""


def entries():
    return {entry.get("name"): entry.get("uri") for entry in xml.etree.ElementTree.parse(CATALOG).iter(SPACE + "uri")}


def headers():
    """Each name of an ontology or of its version with the file it is in."""
    found = {}
    for path in ONTOLOGY.rglob("*.ttl"):
        graph = rdflib.Graph().parse(path)
        for header in graph.subjects(RDF.type, OWL.Ontology):
            for name in (header, *graph.objects(header, OWL.versionIRI)):
                found[str(name)] = path.relative_to(ONTOLOGY).as_posix()
    return found


def test_the_catalog_names_every_ontology_and_version_of_the_folder_and_nothing_else():
    assert entries() == headers()
    assert {"https://w3id.org/lems-onto", f"https://w3id.org/lems-onto/{lems_onto.__version__}"} <= set(entries())


def test_paths_are_relative_so_that_the_folder_can_be_copied():
    root = xml.etree.ElementTree.parse(CATALOG).getroot()
    assert root.tag == SPACE + "catalog"
    assert len(list(root)) == len(entries())
    for uri in entries().values():
        assert not uri.startswith(("/", "file:", "http", ".."))
        assert (ONTOLOGY / uri).is_file()


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The folder, copied; with the Turtle that `convert` writes, for OWLAPI 3.4 knows no escaped comma."""
    folder = tmp_path_factory.mktemp("ontology")
    for uri in {"catalog-v001.xml", *entries().values()}:
        (folder / uri).parent.mkdir(exist_ok=True)
        source = ONTOLOGY / uri
        text = converting.convert(source, to="ttl") if uri.endswith(".ttl") else source.read_text(encoding="utf-8")
        (folder / uri).write_text(text, encoding="utf-8")
    return folder


def load(mine, catalog):
    """What OWLAPI loads; what it would fetch goes to a port where nobody listens."""
    environment = {
        "JAVA_TOOL_OPTIONS": " ".join(f"-D{p}.proxyHost=127.0.0.1 -D{p}.proxyPort=9" for p in ("http", "https"))
    }
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(mine), str(catalog)],
        input="\n".join(entries()),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("name", sorted(entries()))
def test_owlapi_resolves_an_import_by_the_catalog_and_no_network(name, copied, tmp_path):
    mine = tmp_path / "mine.ttl"
    mine.write_text(MINE.format(name=name))
    told = load(mine, copied / "catalog-v001.xml")
    assert told["found"] == {name: (copied / uri).as_uri().replace("///", "/") for name, uri in entries().items()}
    graph = rdflib.Graph().parse(ONTOLOGY / entries()[name])
    (imported,) = graph.subjects(RDF.type, OWL.Ontology)
    closure = {"https://example.org/mine", str(imported), *map(str, graph.objects(imported, OWL.imports))}
    assert set(told["closure"]) == closure
    assert told["axioms"] > 2000


def test_without_the_catalog_the_import_is_not_found(tmp_path):
    mine = tmp_path / "mine.ttl"
    mine.write_text(MINE.format(name="https://w3id.org/lems-onto"))
    told = load(mine, "")["closure"]
    assert "https://w3id.org/lems-onto" in told
    assert "Connection refused" in told
