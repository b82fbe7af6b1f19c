"""What is made of the ontology for readers that cannot take all of it."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from lems_onto import resources
from lems_onto.reasoning import el, explaining, ontologies, owlapi, products, profiles

FOLDER = Path(resources.ontology_path()).parent
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in (FOLDER / "products").glob("*"))
EL = FOLDER / "products" / "lems-el.ttl"
PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def test_each_product_is_what_the_ontology_makes_of_it():
    made = products.shipped()
    assert sorted(made) == FILES and FILES
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, "run: python tests/ontology/keep_products.py"


def test_the_part_within_el_is_within_el_and_dl():
    found = profiles.check([ontologies.part(EL)], ("dl", "el"))
    assert found == {"dl": [], "el": []}


def test_the_part_within_el_says_nothing_that_the_whole_does_not_entail():
    whole = explaining.Explainer(ontologies.read())
    axioms = list(owlapi.load(ontologies.part(EL).triples).getLogicalAxioms())
    new = [axiom for axiom in axioms if axiom.getAxiomWithoutAnnotations() not in whole._parts]
    assert len(axioms) > 900 and len(new) == 2
    for axiom in new:
        assert whole._reasoner.entails(whole._axioms, axiom.getAxiomWithoutAnnotations()), axiom


def test_the_part_within_el_keeps_every_claim_and_every_span():
    whole, part = ox.Store(), ox.Store()
    whole.load(path=resources.ontology_path())
    part.load(path=str(EL))
    query = """
        PREFIX lems: <https://w3id.org/lems-onto/>
        SELECT ?s ?p ?o WHERE { ?s ?p ?o FILTER (?p IN (lems:mention, lems:modality, lems:subject, lems:predicate,
            lems:object, lems:governedBy, lems:inDocument, lems:justifiedBy) && !isBlank(?s)) }
    """
    rows = [{tuple(map(str, row)) for row in store.query(query)} for store in (whole, part)]
    assert rows[0] == rows[1] and len(rows[0]) > 500


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("ex:A owl:equivalentClass [ owl:intersectionOf ( ex:B [ a owl:Class ; owl:complementOf ex:C ] ) ] .", 1),
        ("ex:A rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ex:B ex:C ) ] .", 0),
        ("ex:A owl:disjointUnionOf ( ex:B ex:C ex:D ) .", 5),
        ("ex:A owl:disjointUnionOf ( ex:B ex:C ) .", 3),
        ("ex:p a owl:ObjectProperty , owl:SymmetricProperty .", 0),
        ("ex:p a owl:ObjectProperty ; owl:inverseOf ex:q . ex:q a owl:ObjectProperty .", 0),
        ("ex:A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:p ; owl:allValuesFrom ex:B ] .", 0),
    ],
)
def test_what_el_does_not_have_is_replaced_or_left_out(tmp_path, text, instead):
    path = tmp_path / "own.ttl"
    declared = "".join(f"ex:{name} a owl:Class . " for name in "ABCD")
    if "ObjectProperty" not in text:
        declared += "ex:p a owl:ObjectProperty . "
    path.write_text(f"{PREFIXES}<https://example.org/o> a owl:Ontology . {declared}{text}")
    triples, changes = el.within([ontologies.part(path)])
    assert len(changes) == 1 and len(changes[0].instead) == instead
    blank = {triple.subject for triple in triples if isinstance(triple.subject, ox.BlankNode)}
    used = {triple.object for triple in triples}
    assert all(node in used for node in blank if not any(
        triple.subject == node and "AllDisjoint" in str(triple.object) for triple in triples
    ))  # fmt: skip


def test_what_cannot_be_brought_within_el_is_refused(tmp_path):
    path = tmp_path / "own.ttl"
    path.write_text(
        f"{PREFIXES}@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "ex:p a owl:DatatypeProperty ; rdfs:range xsd:boolean ."
    )
    with pytest.raises(el.NotWithin, match="datatype"):
        el.within([ontologies.part(path)])
