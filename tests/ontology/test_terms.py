"""Every identifier is one that was verified, with the label and the place that its source gives it."""

import csv
from pathlib import Path

import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

HERE = Path(__file__).parent
OBO = "http://purl.obolibrary.org/obo/"
LEMS = "https://w3id.org/lems-onto/"
IMPORTED_FROM = rdflib.URIRef(OBO + "IAO_0000412")
MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)


def table(name):
    with open(HERE / name, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def iri(graph, curie):
    prefix, _, local = curie.partition(":")
    return rdflib.URIRef(dict(graph.namespaces())[prefix] + local)


def test_every_borrowed_term_has_the_label_that_was_read_in_its_release(graph):
    released = {iri(graph, row["curie"]): row["label"] for row in table("borrowed.tsv")}
    borrowed = {term for term in graph.subjects(IMPORTED_FROM, None) if str(term).startswith(OBO)}
    assert borrowed == set(released)
    assert {term: str(graph.value(term, RDFS.label)) for term in borrowed} == released
    assert all(row["seen_in"] for row in table("borrowed.tsv"))


def test_every_class_is_our_own_or_borrowed(graph):
    classes = {term for term in graph.subjects(RDF.type, OWL.Class) if isinstance(term, rdflib.URIRef)}
    own = {term for term in classes if str(term).startswith(LEMS)}
    assert classes - own <= set(graph.subjects(IMPORTED_FROM, None))
    assert len(own) > 40


def test_every_subclass_axiom_on_a_borrowed_term_follows_from_its_source(graph):
    parents = {}
    for row in table("hierarchy.tsv"):
        child, parent = (rdflib.URIRef(OBO + row[end].replace(":", "_")) for end in ("child", "parent"))
        parents.setdefault(child, set()).add(parent)
    checked = 0
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf):
        for child, parent in graph.subject_objects(relation):
            if (child, IMPORTED_FROM, None) in graph:
                todo, seen = [child], set()
                while todo:
                    new = parents.get(todo.pop(), set()) - seen
                    seen |= new
                    todo += new
                assert parent in seen, (child, parent)
                checked += 1
    assert checked > 50


def test_nothing_else_logical_is_said_of_a_borrowed_term(graph):
    allowed = {RDF.type, RDFS.label, SKOS.altLabel, SKOS.definition, IMPORTED_FROM, RDFS.subClassOf, RDFS.subPropertyOf}
    for term in graph.subjects(IMPORTED_FROM, None):
        if str(term).startswith(OBO):
            assert set(graph.predicates(term)) <= allowed | set(MATCHES), term


def test_every_mapping_is_one_that_was_verified(graph):
    verified = {
        tuple(iri(graph, row[part]) for part in ("subject", "predicate", "object")) for row in table("mappings.tsv")
    }
    stated = {triple for match in MATCHES for triple in graph.triples((None, match, None))}
    assert stated == verified
    assert len(stated) > 100


def test_restricted_vocabularies_appear_as_identifiers_only(graph):
    prefixes = ("snomedct", "meddra", "atc", "icd10", "icd10cm", "icd11", "icd11code", "umls", "drugbank")
    spaces = tuple(str(dict(graph.namespaces())[prefix]) for prefix in prefixes)
    met = {node for triple in graph for node in triple if str(node).startswith(spaces)}
    assert met
    assert not [node for node in met if (node, None, None) in graph]


def test_the_disease_is_mapped_to_mondo_and_never_equated(graph):
    disease, mondo = rdflib.URIRef(LEMS + "LambertEatonMyasthenicSyndrome"), rdflib.URIRef(OBO + "MONDO_0018556")
    assert set(graph.predicates(disease, mondo)) == {SKOS.exactMatch}
    assert not list(graph.predicates(mondo, None))
