"""What must follow from the ontology follows, and what must not does not: expected inferences are data."""

import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS

import lems_onto
from lems_onto import expecting, resources
from lems_onto.errors import LemsError

sys.path.insert(0, str(Path(__file__).parent))
import keep_hedged
import test_layout

LEMS = rdflib.Namespace("https://w3id.org/lems-onto/")
FOLDER = Path(expecting.folder())
FILES = sorted(FOLDER.glob("*.ttl"))
PREFIXES = "".join(
    f"@prefix {prefix}: <{iri}> .\n"
    for prefix, iri in {
        "lems": str(LEMS),
        "MONDO": "http://purl.obolibrary.org/obo/MONDO_",
        "owl": str(OWL),
        "rdfs": str(RDFS),
    }.items()
)


def restrictions(path):
    """What a file says with restrictions: subject, property and filler."""
    graph = rdflib.Graph().parse(path)
    for subject, node in graph.subject_objects(RDFS.subClassOf):
        filler = graph.value(node, OWL.someValuesFrom) or graph.value(node, OWL.hasValue)
        if filler is not None:
            yield subject, graph.value(node, OWL.onProperty), filler


def stated(path):
    """The triples of a file that are axioms, told apart another way than the package does."""
    for subject, verb, object_ in rdflib.Graph().parse(path):
        patient = str(subject).startswith("https://example.org/expected/") and object_ != OWL.NamedIndividual
        if patient or verb in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith):
            yield subject, verb, object_


@pytest.fixture(scope="module")
def held():
    return expecting.hold()


def test_what_must_follow_follows_and_what_must_not_does_not(held):
    assert held.consistent
    assert [axiom.text for axiom in held.missing] == []
    assert [axiom.text for axiom in held.unwanted] == []
    assert held.holds


def test_every_file_is_read_and_each_of_its_axioms_is_asked(held):
    assert {path.name for path in FILES} == {*expecting.FILES, expecting.GIVEN}
    counts = Counter(axiom.file for axiom in held.axioms)
    assert counts == {"entailed.ttl": 52, "forbidden.ttl": 46, "hedged.ttl": 117}
    assert {name: len(list(stated(FOLDER / name))) for name in expecting.FILES} == counts


def test_no_axiom_that_must_follow_is_one_that_must_not():
    expected, _ = expecting.axioms()
    assert not {one.text for one in expected if one.wanted} & {one.text for one in expected if not one.wanted}
    repeated = [one for one, count in Counter((one.file, one.text) for one in expected).items() if count > 1]
    # Two claims can differ in what an axiom does not say: in their severity, or in which of two comes first.
    assert {file for file, _ in repeated} <= {"hedged.ttl"}


def test_hedged_claims_are_written_down_as_the_ontology_has_them_now():
    """Where it fails: write the file with `python tests/ontology/keep_hedged.py`, and read what has changed."""
    text = keep_hedged.HEDGED.read_text(encoding="utf-8")
    assert keep_hedged.text(keep_hedged.Graph()) == text
    assert keep_hedged.text(keep_hedged.Graph()) == keep_hedged.text(keep_hedged.Graph())


def test_every_hedged_claim_is_forbidden_as_an_axiom_and_so_is_its_unhedged_counterpart(graph):
    forbidden, hedged, counterparts = set(restrictions(keep_hedged.HEDGED)), 0, 0
    for claim, modality in graph.subject_objects(LEMS.modality):
        if modality == LEMS.asserted:
            continue
        predicate, subject = graph.value(claim, LEMS.predicate), graph.value(claim, LEMS.subject)
        objects = list(graph.objects(claim, LEMS.object))
        assert objects
        for object_ in objects:
            assert (subject, predicate, object_) in forbidden, claim
            hedged += 1
            if graph.value(predicate, LEMS.hedged) == rdflib.Literal(True):
                above = {predicate, *graph.transitive_objects(predicate, RDFS.subPropertyOf)}
                firm = {one for over in above for one in graph.transitive_subjects(RDFS.subPropertyOf, over)}
                firm = {one for one in firm if graph.value(one, LEMS.hedged) == rdflib.Literal(False)}
                assert firm, f"{predicate} has no counterpart that says so without a hedge"
                for one in firm:
                    assert (subject, one, object_) in forbidden, (claim, one)
                    counterparts += 1
    assert (hedged, counterparts) == (49, 44)


def test_no_row_is_forbidden_for_a_claim_that_is_asserted_or_gone(graph):
    pairs = {
        (graph.value(claim, LEMS.subject), object_)
        for claim, modality in graph.subject_objects(LEMS.modality)
        if modality != LEMS.asserted
        for object_ in graph.objects(claim, LEMS.object)
    }
    rows = list(restrictions(keep_hedged.HEDGED))
    assert len(rows) == 117
    for subject, _, filler in rows:
        assert (subject, filler) in pairs or (filler, subject) in pairs


def test_every_treatment_is_forbidden_to_contribute_to_the_disease(graph):
    rows = {(subject, filler) for subject, verb, filler in restrictions(keep_hedged.HEDGED) if "RO_0003302" in verb}
    claimed = {
        (graph.value(claim, LEMS.object), graph.value(claim, LEMS.subject))
        for claim in graph.subjects(RDF.type, LEMS.TreatmentClaim)
    }
    assert rows == claimed
    assert len(rows) == 10


def test_a_new_hedged_claim_shows(tmp_path):
    path = tmp_path / "lems.ttl"
    more = "\nclaim:new lems:modality lems:possible ; lems:subject lems:LambertEatonMyasthenicSyndrome ; "
    more += 'lems:predicate lems:mayHaveFeature ; lems:object HP:0000118 ; rdfs:label "new"@en .\n'
    path.write_text(Path(resources.ontology_path()).read_text() + more)
    made = keep_hedged.text(keep_hedged.Graph(path))
    assert "# claim:new: new\n" in made
    assert made != keep_hedged.HEDGED.read_text()


# Hedged rows that are merged together: all of them would lead round in circles, which costs a reasoner minutes, and
# with a firm association a given patient without cancer could not be.
BACKWARDS = ("lems:mayTreat", "RO:0003302")
HALVES = {
    "forwards": lambda verb: verb not in BACKWARDS and verb != "lems:associatedWith",
    "backwards": lambda verb: verb in BACKWARDS,
}


@pytest.mark.parametrize("half", HALVES)
def test_what_was_merged_with_hedged_claims_as_axioms_is_found_out(half, tmp_path):
    def kept(found):
        return found[0] if HALVES[half](re.search(r"owl:onProperty (\S+)", found[0])[1]) else "owl:Thing"

    path = tmp_path / "merged.ttl"
    path.write_text(re.sub(r"\[ a owl:Restriction .*? \]", kept, keep_hedged.HEDGED.read_text()))
    found = expecting.hold(path, timeout=60)
    assert found.consistent
    assert not found.holds
    assert found.missing == ()
    rows = {axiom.text for axiom in found.axioms if axiom.file == "hedged.ttl"}
    verbs = {row: re.search(r"\((\S+) (?:some|value)", row)[1] for row in rows}
    told = {axiom.text for axiom in found.unwanted if axiom.file == "hedged.ttl"}
    assert {row for row in rows if HALVES[half](verbs[row])} <= told
    assert len(told) >= {"forwards": 80, "backwards": 20}[half]


def test_what_was_merged_with_the_parent_that_mondo_gives_the_disease_is_found_out(tmp_path):
    path = tmp_path / "merged.ttl"
    path.write_text(
        f"{PREFIXES}MONDO:0018556 owl:equivalentClass lems:LambertEatonMyasthenicSyndrome ; a owl:Class ;\n"
        "    rdfs:subClassOf MONDO:0018215 .\n"
        "MONDO:0018215 a owl:Class ; rdfs:subClassOf MONDO:0021073 .\nMONDO:0021073 a owl:Class .\n"
    )
    found = expecting.hold(path)
    assert found.consistent
    assert found.missing == ()
    told = {axiom.text for axiom in found.unwanted}
    assert told == {
        f"{subject} {name}"
        for name in ("MONDO:0018215", "MONDO:0021073")
        for subject in (
            "lems:LambertEatonMyasthenicSyndrome SubClassOf", "lems:NonCancerAssociatedLems SubClassOf",
            "ex:cleared Type", "ex:open Type",
        )
    }  # fmt: skip


def test_an_ontology_that_lost_an_axiom_misses_what_follows_from_it(tmp_path):
    path = tmp_path / "lems.ttl"
    text = Path(resources.ontology_path()).read_text()
    for lost in ("    owl:equivalentClass _:lemsWithCancer ;\n", "    owl:disjointUnionOf _:theForms ;\n"):
        assert lost in text
        text = text.replace(lost, "")
    # The axioms were annotated, and an annotated axiom is one still.
    text = re.sub(r"\[\]\n    a owl:Axiom ;\n(?:    .*\n)*?    \.\n", "", text)
    path.write_text(text)
    found = expecting.hold(path, ontology=False)
    assert found.consistent
    assert "ex:withTumor Type lems:CancerAssociatedLems" in {axiom.text for axiom in found.missing}
    assert found.unwanted == ()


def test_of_what_cannot_hold_together_nothing_else_is_said(tmp_path):
    path = tmp_path / "merged.ttl"
    path.write_text(PREFIXES + "lems:LambertEatonMyasthenicSyndrome rdfs:subClassOf lems:CancerAssociatedLems .\n")
    found = expecting.hold(path)
    assert not found.consistent
    assert not found.holds
    assert not found.missing
    assert not found.unwanted


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("lems:hasFeature rdfs:subPropertyOf lems:mayHaveFeature .", "rdfs:subPropertyOf ... is no axiom"),
        ("lems:Claim rdfs:seeAlso lems:TextSpan .", "rdfs:seeAlso ... is no axiom"),
        ("lems:Claim rdfs:subClassOf [ a owl:Restriction ; owl:onProperty lems:mention ; owl:minCardinality 1 ] .",
         "no expression that can be asked"),
        ("lems:Claim a owl:Class .", "holds no axiom"),
    ],
)  # fmt: skip
def test_what_would_not_be_asked_is_refused(said, message, tmp_path, monkeypatch):
    for name in expecting.FILES:
        (tmp_path / name).write_text(PREFIXES + said)
    monkeypatch.setattr(expecting, "folder", lambda: str(tmp_path))
    with pytest.raises(LemsError, match=re.escape(message)):
        expecting.axioms()


def test_none_of_it_is_part_of_the_ontology():
    graph = lems_onto.load()
    assert not [node for node in graph.all_nodes() if "example.org" in str(node)]
    assert Path(resources.ontology_path()).parent == FOLDER.parent
    assert [path.name for path in FOLDER.parent.glob("*.ttl") if path.name.startswith(("entailed", "forbid"))] == []
    for path in FILES:
        assert (None, RDF.type, OWL.Ontology) not in rdflib.Graph().parse(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_files_are_laid_as_others_are_and_use_known_terms(path, graph):
    test_layout.test_turtle_is_laid_so_that_a_new_line_is_a_one_line_difference(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    plain = re.sub("#.*", "", re.sub(r"^@prefix.*", "", text, flags=re.MULTILINE))
    for prefix in re.findall(r"^@prefix (\w+):", text, re.MULTILINE):
        assert re.search(rf"(?<![\w-]){prefix}:", plain), prefix
    # Two classes and a relation of others of which the ontology says nothing.
    beside = {"MONDO_0018215", "MONDO_0021073", "RO_0003302"}
    given = rdflib.Graph().parse(FOLDER / expecting.GIVEN)
    for node in rdflib.Graph().parse(path).all_nodes():
        if isinstance(node, rdflib.URIRef) and not str(node).startswith((str(OWL), str(RDF))):
            assert (node, None, None) in graph + given or node.rsplit("/", 1)[1] in beside, node
