"""The habits of Python: an owlready2 ontology in a world of its own, and namespaces that know their names."""

import pickle
import re
import socket
import subprocess
import sys
import textwrap

import owlready2
import pytest
import rdflib

import lems_onto
from lems_onto.errors import LemsError, UnreadableFile

HEAD = """\
@prefix ex: <https://example.org/> .
@prefix lems: <https://w3id.org/lems-onto/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture
def file(tmp_path):
    def write(text, name="mine.ttl"):
        path = tmp_path / name
        path.write_text(HEAD + text, encoding="utf-8")
        return path

    return write


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


# owl()


def test_owl_gives_the_ontology_whole_with_its_names_as_attributes(graph):
    onto = lems_onto.owl()
    assert isinstance(onto, owlready2.Ontology)
    assert onto.base_iri == "https://w3id.org/lems-onto/"
    assert len(onto.graph) == len(graph)
    lems = onto.LambertEatonMyasthenicSyndrome
    assert [str(label) for label in lems.label] == ["Lambert-Eaton myasthenic syndrome"]
    assert {one.name for one in lems.subclasses()} == {"CancerAssociatedLems", "NonCancerAssociatedLems"}
    assert onto.search_one(label="gagging") is onto.Gagging


def test_each_call_has_a_world_of_its_own_and_the_one_of_all_stays_empty():
    one, other = lems_onto.owl(), lems_onto.owl()
    assert one.world is not other.world
    assert one.world is not owlready2.default_world
    with one:
        type("Mine", (one.LambertEatonMyasthenicSyndrome,), {})
    assert one.Mine is not None
    assert other.Mine is None
    assert not [iri for iri in owlready2.default_world.ontologies if "lems-onto" in iri]


def test_files_of_your_own_are_loaded_beside_it(file):
    mine = file("""
        <https://example.org/mine> a owl:Ontology .
        ex:Mine a owl:Class ; rdfs:subClassOf lems:LambertEatonMyasthenicSyndrome .
    """)
    onto = lems_onto.owl(mine)
    assert onto.world["https://example.org/Mine"] in onto.LambertEatonMyasthenicSyndrome.subclasses()
    assert len(onto.world.get_ontology("https://example.org/mine").graph) == 3
    assert onto.base_iri == "https://w3id.org/lems-onto/"


def test_a_file_without_a_header_keeps_apart_from_the_ontology(file):
    onto = lems_onto.owl(file("lems:Mine a owl:Class ; rdfs:subClassOf lems:LambertEatonMyasthenicSyndrome .\n"))
    assert onto.base_iri == "https://w3id.org/lems-onto/"
    assert len(onto.graph) == len(lems_onto.owl().graph)
    assert onto.world["https://w3id.org/lems-onto/Mine"].is_a == [onto.LambertEatonMyasthenicSyndrome]


def test_every_syntax_is_read_and_named_graphs_as_one(file):
    onto = lems_onto.owl(file("ex:g { ex:A a owl:Class }\n", "mine.trig"))
    assert onto.world["https://example.org/A"] in onto.world.classes()


def test_a_long_first_line_is_not_taken_for_rdf_xml(file):
    text = "x" * 3000
    onto = lems_onto.owl(file(f'ex:A rdfs:comment "{text}" ; a owl:Class .\n'))
    assert onto.world["https://example.org/A"].comment == [text]


def test_imports_are_left_out_before_owlready2_would_fetch_them(file):
    mine = file("""
        <https://example.org/mine> a owl:Ontology ;
            owl:imports <https://w3id.org/lems-onto> , <https://nowhere.invalid/o> , <file:///etc/passwd> .
        ex:A a owl:Class .
    """)
    onto = lems_onto.owl(mine)
    assert onto.world.get_ontology("https://example.org/mine").imported_ontologies == []


REFUSED = {
    "code": (
        "<https://example.org/mine> a owl:Ontology ; "
        '<http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module> "evil" .',
        "asks owlready2 to import the Python module 'evil', which would run it",
    ),
    "a circular list": ("ex:A owl:unionOf _:x . _:x rdf:first ex:B ; rdf:rest _:x .", "contains itself"),
    "an open list": ("ex:A owl:unionOf [ rdf:first ex:B ] .", "1 members and 0 rests"),
    "a number that is none": ('ex:A ex:p "x"^^xsd:integer .', "owlready2 cannot read it: invalid literal for int"),
    "no Turtle": ("ex:A ex:p", r"mine\.ttl:7:\d+: not Turtle"),
    "the name of the ontology": ("<https://w3id.org/lems-onto> a owl:Ontology .", "as is .*lems.ttl; rename one"),
    "the name with a separator": ("<https://w3id.org/lems-onto#> a owl:Ontology .", "as is .*lems.ttl; rename one"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_owlready2_would_run_hang_on_or_misread_is_refused(what, file, tmp_path, monkeypatch):
    (tmp_path / "evil.py").write_text("raise AssertionError('the module was run')")
    monkeypatch.syspath_prepend(str(tmp_path))
    text, message = REFUSED[what]
    with pytest.raises((UnreadableFile, LemsError), match=message) as told:
        lems_onto.owl(file(text))
    assert re.match(r".*mine\.ttl[:\d]*: ", str(told.value))
    assert "\n" not in str(told.value)


def test_two_files_of_one_name_are_refused_and_not_half_loaded(file):
    one = file("<https://example.org/o> a owl:Ontology . ex:A a owl:Class .\n", "one.ttl")
    other = file("<https://example.org/o/> a owl:Ontology . ex:B a owl:Class .\n", "other.ttl")
    with pytest.raises(LemsError, match=r"other\.ttl: is an ontology of the name .*, as is .*one\.ttl; rename one"):
        lems_onto.owl(one, other)


# LEMS and CLAIM


def test_every_term_and_claim_of_the_file_is_a_name(graph):
    subjects = {str(one) for one in graph.subjects() if isinstance(one, rdflib.URIRef)}
    for space in (lems_onto.LEMS, lems_onto.CLAIM):
        names = {one.removeprefix(str(space)) for one in subjects if one.startswith(str(space))}
        names = {one for one in names if "/" not in one}
        assert set(dir(space)) == names
        assert {str(one) for one in space} == {f"{space}{name}" for name in names}
        assert len(space) == len(names) > 90
    assert lems_onto.LEMS.LambertEatonMyasthenicSyndrome == rdflib.URIRef(
        f"{lems_onto.LEMS}LambertEatonMyasthenicSyndrome"
    )
    assert lems_onto.CLAIM["dry-mouth"] == rdflib.URIRef("https://w3id.org/lems-onto/claim/dry-mouth")


def test_a_typo_is_an_error_with_what_was_meant_and_no_empty_answer(graph):
    with pytest.raises(AttributeError, match=r"^no name 'PhenotypClaim': did you mean 'PhenotypeClaim'"):
        _ = lems_onto.LEMS.PhenotypClaim
    with pytest.raises(AttributeError, match="did you mean 'dry-mouth'"):
        _ = lems_onto.CLAIM["dry-mout"]
    # What a text could do is no name, as it would be on a namespace that is one.
    with pytest.raises(AttributeError, match=r"^no name 'title': see dir\(lems_onto\.LEMS\)$"):
        _ = lems_onto.LEMS.title
    assert not hasattr(lems_onto.LEMS, "Nothing")
    assert len(set(graph.subjects(rdflib.RDF.type, lems_onto.LEMS.PhenotypeClaim))) > 15


def test_they_are_namespaces_of_rdflib_in_every_other_way():
    space = lems_onto.LEMS
    assert "Claim" in space
    assert space.Claim in space
    assert "Nothing" not in space
    assert str(space) == "https://w3id.org/lems-onto/"
    graph = rdflib.Graph()
    graph.bind("lems", space)
    graph.add((rdflib.URIRef("https://example.org/a"), rdflib.RDF.type, space.Claim))
    assert "a lems:Claim" in graph.serialize()
    assert space.as_jsonld_context("lems")["@context"]["Claim"] == "lems:Claim"
    assert pickle.loads(pickle.dumps(space)) is space
    assert lems_onto.LEMS is space


def test_the_face_imports_nothing_heavy_until_it_is_used():
    script = """
        import sys, lems_onto, lems_onto.vocabulary, lems_onto.owl_loading, lems_onto.converting
        assert not {"rdflib", "owlready2", "jpype", "pyoxigraph"} & set(sys.modules)
        lems_onto.LEMS
        assert not {"owlready2", "jpype"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=True)
