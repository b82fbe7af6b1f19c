"""What is converted comes back as it was, in the same bytes each time; what a syntax cannot hold is one line."""

import argparse
import itertools
import json
import os
import random
import re
import subprocess
import sys
import textwrap

import pyld.jsonld
import pyoxigraph as ox
import pytest

from conftest import ONTOLOGY
from lems_onto import convert_command, converting, reading
from lems_onto.errors import LemsError, UnknownName, UnreadableFile
from lems_onto.syntaxes import arranging, jsonld, layout, ntriples, rdfxml, turtle

FORMS = {
    "ttl": ox.RdfFormat.TURTLE,
    "owl": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
EX = "https://example.org/"
HEAD = """\
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def canonical(quads):
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def parsed(text, to):
    return list(ox.parse(text, format=FORMS[to]))


def written(quads, to, prefixes):
    laid = arranging.arrange(quads, literal_lists=to != "owl")
    writer = {"owl": rdfxml.write, "jsonld": jsonld.write, "nt": lambda graphs, _: ntriples.write(graphs)}
    return writer.get(to, turtle.write)(laid, prefixes)


def file(tmp_path, text, name="a.ttl"):
    path = tmp_path / name
    path.write_text(HEAD + text if name.endswith((".ttl", ".trig")) else text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def shipped():
    return canonical(parsed(ONTOLOGY.read_text(encoding="utf-8"), "ttl"))


# There and back


@pytest.mark.parametrize("to", FORMS)
def test_the_ontology_comes_back_as_it_was(to, shipped):
    assert canonical(parsed(converting.convert(to=to), to)) == shipped


@pytest.mark.parametrize("through", FORMS)
def test_a_conversion_of_a_conversion_has_the_same_bytes(through, tmp_path):
    """On whatever way, so that a file can be compared with what another person made."""
    path = tmp_path / f"a.{through}"
    path.write_text(converting.convert(to=through), encoding="utf-8")
    for to in FORMS:
        once, twice = converting.convert(to=to), converting.convert(path, to=to)
        assert once == twice


@pytest.mark.parametrize("to", FORMS)
def test_two_runs_write_the_same_bytes_whatever_the_seed_of_hashes(to):
    line = [sys.executable, "-m", "lems_onto", "convert", "--to", to]
    runs = {
        subprocess.run(line, capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(runs) == 1
    assert runs == {converting.convert(to=to).encode()}


def hostile(seed, graphs):
    """Quads that syntaxes disagree on: odd names, odd literals, shared and circular blank nodes, lists of all kinds."""
    choose = random.Random(seed)
    blanks = [ox.BlankNode() for _ in range(choose.randint(0, 12))]
    names = [EX + one for one in ("a", "b", "c/d", "e#f", "g=1,2", "h%20i", "é", "-x", "9", "x.", "a.b", "q(z)")]
    names += ["urn:x:y", "mailto:me@example.org", RDF + "nil", "ex:foo", "http://www.w3.org/2002/07/owl#Class"]
    names = list(map(ox.NamedNode, names))
    predicates = [EX + one for one in ("p", "q-r", "s_1", "été", "label")]
    predicates += [RDF + one for one in ("type", "first", "rest", "value", "_1")]
    predicates += [
        layout.RDFS + "label", layout.OWL + "intersectionOf", "http://other.example/p", "http://purl.obolibrary.org/obo/IAO_0000115"
    ]  # fmt: skip
    predicates = list(map(ox.NamedNode, predicates))
    texts = [
        "",
        "a\nb\r\n\t\"q\" '''\\",
        "\u2028x\u0085",
        "]]> &amp; <b>",
        "  lead ",
        "\U0001f600",
        "_:b1",
        "@id",
        "http://x",
    ]
    literals = [ox.Literal(one) for one in texts] + [ox.Literal("x", language=tag) for tag in ("en", "de", "en-us")]
    typed = [
        ("1", "integer"), ("01", "integer"), ("+1", "integer"), ("-0", "integer"), ("12345678901234567890", "integer"),
        ("x", "integer"), ("1.50", "decimal"), (".5", "decimal"), ("1.", "decimal"), ("1e0", "double"),
        ("1.0E+05", "double"), ("INF", "double"), ("true", "boolean"), ("1", "boolean"), ("2020-01-01Z", "date"),
    ]  # fmt: skip
    literals += [ox.Literal(text, datatype=ox.NamedNode(XSD + kind)) for text, kind in typed]
    literals += [
        ox.Literal("{}", datatype=ox.NamedNode(RDF + "JSON")),
        ox.Literal("<b/>", datatype=ox.NamedNode(RDF + "XMLLiteral")),
    ]
    where = [ox.DefaultGraph(), *([ox.NamedNode(EX + "g"), *blanks[:1]] if graphs else [])]
    quads = [
        ox.Quad(
            choose.choice(blanks * 2 + names),
            choose.choice(predicates),
            choose.choice(blanks * 3 + names + literals),
            choose.choice(where),
        )
        for _ in range(choose.randint(1, 40))
    ]
    for _ in range(choose.randint(0, 3)):
        members = [choose.choice(blanks + names + literals * choose.randint(0, 1)) for _ in range(choose.randint(0, 4))]
        cells, graph = [ox.BlankNode() for _ in members] + [ox.NamedNode(RDF + "nil")], choose.choice(where)
        quads.append(ox.Quad(choose.choice(names + blanks), choose.choice(predicates), cells[0], graph))
        for cell, member, rest in zip(cells, members, cells[1:], strict=False):
            quads.append(ox.Quad(cell, ox.NamedNode(RDF + "first"), member, graph))
            quads.append(ox.Quad(cell, ox.NamedNode(RDF + "rest"), rest, graph))
    choose.shuffle(quads)
    return quads


# Prefixes that mislead: that of a scheme, of a key, with a dot, without a name.
PREFIXES = {
    "ex": EX,
    "": EX + "c/",
    "mailto": "http://m/",
    "a.b": EX + "e#",
    "rdf": RDF,
    "label": "http://l/",
    "xml": EX,
}


@pytest.mark.parametrize("to", FORMS)
def test_odd_graphs_come_back_as_they_were_and_their_order_does_not_matter(to):
    for seed in range(120):
        quads = hostile(seed, graphs=to in converting.WITH_GRAPHS)
        text = written(quads, to, PREFIXES)
        assert canonical(parsed(text, to)) == canonical(quads), seed
        fresh = {}

        def renamed(term, fresh=fresh):
            return fresh.setdefault(term, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

        again = [ox.Quad(*map(renamed, quad)) for quad in quads]
        random.Random(seed).shuffle(again)
        assert written(again, to, PREFIXES) == text, seed


def test_a_writer_that_lost_something_would_be_seen():
    quads = hostile(1, graphs=False)
    assert canonical(parsed(written(quads[:-1], "ttl", PREFIXES), "ttl")) != canonical(quads)


def test_literals_are_written_as_they_were(tmp_path):
    path = file(tmp_path, 'ex:a ex:p 007, 0.90, "1.0"^^xsd:double, "2020-02-30"^^xsd:date, "TRUE"^^xsd:boolean .\n')
    for to in FORMS:
        found = {(quad.object.value) for quad in parsed(converting.convert(path, to=to), to)}
        assert found == {"007", "0.90", "1.0", "2020-02-30", "TRUE"}


def test_deep_and_long_structures_need_no_stack():
    deep = [ox.BlankNode() for _ in range(1500)]
    link = ox.NamedNode(EX + "p")
    chain = [ox.Quad(one, link, other) for one, other in itertools.pairwise(deep)]
    first, rest, nil = (ox.NamedNode(RDF + one) for one in ("first", "rest", "nil"))
    cells = [ox.BlankNode() for _ in range(1500)]
    members = [ox.Quad(cell, first, ox.Literal(str(at))) for at, cell in enumerate(cells)]
    row = [ox.Quad(one, rest, other) for one, other in zip(cells, [*cells[1:], nil], strict=True)]
    row += [*members, ox.Quad(ox.NamedNode(EX + "a"), link, cells[0])]
    inside = [ox.BlankNode() for _ in range(500)]
    nested = [ox.Quad(one, rest, nil) for one in inside]
    nested += [ox.Quad(one, first, other) for one, other in zip(inside, [*inside[1:], nil], strict=True)]
    circle = [*chain, ox.Quad(deep[-1], link, deep[0])]
    clique = [ox.Quad(one, link, other) for one in deep[:40] for other in deep[:40]]
    for quads in (chain, row, nested, circle, clique):
        for to in FORMS:
            assert len(parsed(written(quads, to, {}), to)) == len(quads)


# What each syntax looks like


def test_turtle_is_laid_as_the_ontology_is(tmp_path):
    path = file(
        tmp_path,
        """
        ex:B rdfs:subClassOf [ owl:someValuesFrom ex:A ; a owl:Restriction ; owl:onProperty ex:r ] , ex:A .
        ex:B a owl:Class .
        ex:x ex:list ( 1 "b"@en ( ) ) ; rdfs:isDefinedBy <https://example.org/o> ; ex:p 10 , 9 ; rdfs:label "x" .
        """,
    )
    expected = """\
        @prefix ex: <https://example.org/> .
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

        ex:B
            a owl:Class ;
            rdfs:subClassOf ex:A ,
                [ a owl:Restriction ; owl:onProperty ex:r ; owl:someValuesFrom ex:A ] ;
            .

        ex:x
            rdfs:label "x" ;
            ex:list ( 1 "b"@en rdf:nil ) ;
            ex:p 9 ,
                10 ;
            rdfs:isDefinedBy ex:o ;
            .
        """
    assert converting.convert(path, to="ttl") == textwrap.dedent(expected)


def test_the_json_ld_reads_well():
    document = json.loads(converting.convert(to="jsonld"))
    context = document["@context"]
    # Nothing is fetched, and no prefix is there that is not used.
    assert all(isinstance(entry, (str, dict, float)) for entry in context.values())
    assert context["subject"] == {"@id": "lems:subject", "@type": "@id"}
    assert context["mention"] == {"@id": "lems:mention", "@type": "@id", "@container": "@set"}
    assert context["fact"] == {"@id": "lems:fact", "@container": "@set"}
    assert context["label"] == {"@id": "rdfs:label", "@container": "@language"}
    assert context["altLabel"] == {"@id": "skos:altLabel", "@language": "en", "@container": "@set"}
    assert context["start"] == {"@id": "oa:start", "@type": "xsd:integer"}
    assert context["asOf"] == {"@id": "lems:asOf", "@type": "xsd:gYearMonth"}
    assert context["importedFrom"] == {"@id": "IAO:0000412", "@type": "@id"}
    assert context["PhenotypeClaim"] == "lems:PhenotypeClaim"
    nodes = {node.get("@id"): node for node in document["@graph"]}
    claim = nodes["claim:dry-mouth"]
    assert claim["@type"] == ["NamedIndividual", "PhenotypeClaim"]
    assert claim["label"] == {"en": "LEMS may show dry mouth"}
    assert claim["predicate"] == "lems:mayHaveFeature"
    assert claim["mention"] == ["char:544,553", "char:1127,1136"]
    assert nodes["char:544,553"]["start"] == 544
    assert nodes["lems:hasFeature"]["hedged"] is False
    assert nodes["HP:0000217"]["label"] == {"@none": "Xerostomia"}
    form = nodes["lems:CancerAssociatedLems"]["equivalentClass"]
    assert form["intersectionOf"][1]["someValuesFrom"] == "MONDO:0004992"
    # Keys are words, but where two properties bear one.
    keys = {key for node in nodes.values() for key in node if not key.startswith("@")}
    assert {key for key in keys if not re.fullmatch("[a-zA-Z0-9]+", key)} == {"IAO:0000115"}


def test_another_reader_of_json_ld_reads_the_same_and_fetches_nothing(shipped):
    def refuse(url, _options=None):
        raise AssertionError(url)

    pyld.jsonld.set_document_loader(refuse)
    document = json.loads(converting.convert(to="jsonld"))
    found = pyld.jsonld.to_rdf(document, {"format": "application/n-quads"})
    assert canonical(ox.parse(found, format=ox.RdfFormat.N_QUADS)) == shipped


def test_prefixes_that_would_mislead_json_ld_are_left_out(tmp_path):
    text = "@prefix mailto: <http://m/> . @prefix label: <http://l/> . ex:a ex:label <mailto:x> ; label:p label:q .\n"
    text = converting.convert(file(tmp_path, text), to="jsonld")
    assert "mailto" not in json.loads(text)["@context"]
    assert {quad.object.value for quad in parsed(text, "jsonld")} == {"mailto:x", "http://l/q"}


def test_rdf_xml_names_elements_by_kinds_and_puts_blank_nodes_inside(tmp_path):
    path = file(
        tmp_path,
        """
        ex:B a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:unionOf ( ex:C [ a owl:Restriction ] ) ] .
        ex:C ex:p "a < b"@en , 1 ; <http://other.example/q> ex:B .
        """,
    )
    text = converting.convert(path, to="owl")
    assert text == textwrap.dedent("""\
        <?xml version="1.0" encoding="UTF-8"?>
        <rdf:RDF
            xmlns:ex="https://example.org/"
            xmlns:ns1="http://other.example/"
            xmlns:owl="http://www.w3.org/2002/07/owl#"
            xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <owl:Class rdf:about="https://example.org/B">
                <owl:equivalentClass>
                    <owl:Class>
                        <owl:unionOf rdf:parseType="Collection">
                            <rdf:Description rdf:about="https://example.org/C"/>
                            <owl:Restriction/>
                        </owl:unionOf>
                    </owl:Class>
                </owl:equivalentClass>
            </owl:Class>
            <rdf:Description rdf:about="https://example.org/C">
                <ns1:q rdf:resource="https://example.org/B"/>
                <ex:p rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">1</ex:p>
                <ex:p xml:lang="en">a &lt; b</ex:p>
            </rdf:Description>
        </rdf:RDF>
        """)


def test_several_files_are_converted_together_and_their_blank_nodes_stay_apart(tmp_path):
    one = file(tmp_path, "ex:a ex:p _:x . _:x ex:q 1 .\n", "one.ttl")
    other = file(tmp_path, '{"@id": "_:x", "https://example.org/q": 2}', "other.jsonld")
    found = parsed(converting.convert(one, other, to="nt"), "nt")
    assert len({quad.subject for quad in found if isinstance(quad.subject, ox.BlankNode)}) == 2


def test_imports_are_kept_and_not_followed(tmp_path):
    path = file(tmp_path, "ex:o a owl:Ontology ; owl:imports <https://nowhere.invalid/o> .\n")
    for to in FORMS:
        assert "https://nowhere.invalid/o" in converting.convert(path, to=to)


# OWL functional syntax

UNFOLDED = """
    import json, sys
    import pyoxigraph as ox
    from lems_onto import functional
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps([[str(term) for term in triple] for triple in functional.read(file.read())]))
"""


def told_apart(triples):
    """What triples say with blank nodes told by what is said of them, and lists as sets."""
    stars = {}
    for subject, predicate, value in triples:
        stars.setdefault(subject, []).append((predicate, value))

    def tell(node):
        if not node.startswith("_:"):
            return node
        star = stars[node]
        if {predicate for predicate, _ in star} == {f"<{layout.FIRST}>", f"<{layout.REST}>"}:
            members = set()
            while node.startswith("_:"):
                cell = dict(stars[node])
                members.add(tell(cell[f"<{layout.FIRST}>"]))
                node = cell[f"<{layout.REST}>"]
            return f"{{{' '.join(sorted(members))}}}"
        return f"[{' ; '.join(sorted(f'{predicate} {tell(value)}' for predicate, value in star))}]"

    cells = {subject for subject, predicate, _ in triples if predicate == f"<{layout.REST}>"}
    return {(tell(s), p, tell(o)) for s, p, o in triples if s not in cells}


def test_functional_syntax_comes_back_but_for_what_owl_does_not_tell_apart(command, tmp_path):
    """OWL knows no shared class expressions, no order in sets, and declares the datatypes that are not its own."""
    path = tmp_path / "lems.ofn"
    done = command("convert", "--output", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "\nOntology(<https://w3id.org/lems-onto> <https://w3id.org/lems-onto/" in path.read_text(encoding="utf-8")
    script = textwrap.dedent(UNFOLDED)
    back = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True, check=True)
    back = told_apart(json.loads(back.stdout))
    before = told_apart([list(map(str, quad.triple)) for quad in parsed(ONTOLOGY.read_text(encoding="utf-8"), "ttl")])
    declared = (f"<{XSD}gYearMonth>", f"<{RDF}type>", f"<{layout.RDFS}Datatype>")
    assert before - back == set()
    assert back - before == {declared}


def test_functional_syntax_is_the_same_in_every_run(command):
    runs = {command("convert", "--to", "ofn", env={"PYTHONHASHSEED": seed}).stdout for seed in ("0", "4711")}
    assert len(runs) == 1
    assert runs.pop().startswith("Prefix(")


def test_functional_syntax_keeps_imports_and_names_individuals_without_a_name(command, tmp_path):
    path = file(
        tmp_path,
        """
        <https://example.org/o> a owl:Ontology ; owl:imports <https://nowhere.invalid/o> , ex:other .
        ex:A a owl:Class . ex:r a owl:ObjectProperty . ex:i a owl:NamedIndividual , ex:A ; ex:r [ a ex:A ] .
        """,
    )
    done = command("convert", path, "--to", "ofn")
    assert done.stderr == ""
    assert "\nImport(<https://example.org/other>)\nImport(<https://nowhere.invalid/o>)\n" in done.stdout
    assert "\nObjectPropertyAssertion(ex:r ex:i _:b1)\n" in done.stdout


def test_functional_syntax_keeps_texts_as_they_are(command, tmp_path):
    text = 'ex:o a owl:Ontology . ex:a rdfs:label "a (\\n \\"b\\" \\\\ <c> _:d #e"@en-US , "1"^^ex:own , "f)" .'
    done = command("convert", file(tmp_path, text), "--to", "ofn")
    assert done.stderr == ""
    assert 'AnnotationAssertion(rdfs:label ex:a "a (\n \\"b\\" \\\\ <c> _:d #e"@en-us)' in done.stdout
    assert 'AnnotationAssertion(rdfs:label ex:a "1"^^ex:own)' in done.stdout


def test_what_is_no_owl_is_refused_in_functional_syntax_and_not_lost(command, tmp_path):
    path = file(tmp_path, "ex:o a owl:Ontology . ex:a ex:p ( ex:b ex:c ) .\n")
    done = command("convert", path, "--to", "ofn")
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        r"lems-onto: \d statements would be lost, .*convert it to another syntax, such as ttl\n", done.stderr
    )


def test_what_would_hang_or_run_is_refused_before_owlapi_sees_it(command, tmp_path):
    path = file(tmp_path, "ex:A owl:unionOf _:x . _:x <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ex:B ; "
                "<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:x .\n")  # fmt: skip
    done = command("convert", path, "--to", "ofn")
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: .*a\.ttl: the list .* contains itself; mend it\n", done.stderr)


def test_functional_syntax_says_what_to_install_where_java_or_its_bridge_is_missing(command, tmp_path):
    (tmp_path / "jpype.py").write_text("raise ImportError")
    done = command("convert", "--to", "ofn", env={"PYTHONPATH": str(tmp_path)})
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"lems-onto: .*pip install 'lems-onto\[reasoner\]'\n", done.stderr)


# What cannot be


@pytest.mark.parametrize("to", ["ttl", "owl", "nt", "ofn"])
def test_named_graphs_are_refused_by_syntaxes_without_them_and_left_out_on_request(to, tmp_path):
    path = file(tmp_path, "ex:a ex:p ex:b . ex:g { ex:c ex:p ex:d }\n", "a.trig")
    with pytest.raises(
        LemsError, match=r"a\.trig: holds the named graph <https://example.org/g>, which .* --one-graph"
    ):
        converting.convert(path, to=to)
    if to != "ofn":
        assert len(parsed(converting.convert(path, to=to, one_graph=True), to)) == 2


@pytest.mark.parametrize("to", converting.WITH_GRAPHS)
def test_named_graphs_stay_where_a_syntax_has_them(to, tmp_path):
    path = file(tmp_path, "ex:a ex:p _:x . ex:g { _:x ex:p ex:d } _:h { ex:c ex:q _:h }\n", "a.trig")
    source = list(ox.parse(path.read_text(), format=ox.RdfFormat.TRIG))
    assert canonical(parsed(converting.convert(path, to=to), to)) == canonical(source)
    flat = parsed(converting.convert(path, to=to, one_graph=True), to)
    assert {quad.graph_name for quad in flat} == {ox.DefaultGraph()}


def test_characters_that_xml_has_not_are_refused_and_other_syntaxes_keep_them(tmp_path):
    path = file(tmp_path, r'ex:a ex:p "\u0001\uFFFE" .')
    with pytest.raises(
        LemsError, match=r"a literal of <https://example.org/a> \(https://example.org/p\) holds .* U\+0001"
    ):
        converting.convert(path, to="owl")
    for to in FORMS.keys() - {"owl"}:
        assert [quad.object.value for quad in parsed(converting.convert(path, to=to), to)] == ["\x01\ufffe"]


@pytest.mark.parametrize("name", ["http://www.w3.org/1999/02/22-rdf-syntax-ns#li", EX + "1", EX, "urn:x:1-2",
                                  "http://www.w3.org/2000/xmlns/a"])  # fmt: skip
def test_predicates_that_are_no_names_in_xml_are_refused(name, tmp_path):
    path = file(tmp_path, f"ex:a <{name}> ex:b .")
    with pytest.raises(LemsError, match=f"the predicate <{re.escape(name)}> can be no name in RDF/XML; .* such as ttl"):
        converting.convert(path, to="owl")
    assert len(parsed(converting.convert(path, to="ttl"), "ttl")) == 1


def test_what_rdf_1_1_does_not_have_is_refused(tmp_path):
    for text in ('ex:a ex:p "x"@en--ltr .', "ex:a ex:p <<( ex:b ex:c ex:d )>> ."):
        for to in FORMS:
            with pytest.raises(LemsError, match=r"is RDF 1\.2"):
                converting.convert(file(tmp_path, text), to=to)


def test_an_unknown_syntax_is_an_error_with_those_that_there_are():
    with pytest.raises(UnknownName, match="no syntax 'xyz': there are ttl, owl"):
        converting.convert(to="xyz")


def test_unreadable_input_is_named_with_line_and_column(tmp_path):
    with pytest.raises(UnreadableFile, match=r"no\.ttl: no such file"):
        converting.convert(tmp_path / "no.ttl", to="nt")
    with pytest.raises(UnreadableFile, match=r"a\.ttl:5:\d+: not Turtle"):
        converting.convert(file(tmp_path, "ex:a ex:p"), to="nt")
    with pytest.raises(UnreadableFile, match="is a web page"):
        converting.convert(file(tmp_path, "<!DOCTYPE html><p>", "a.owl"), to="nt")


# The command


@pytest.fixture
def run(capfdbinary):
    def command(*arguments):
        parser = argparse.ArgumentParser()
        convert_command.arguments(parser)
        code = convert_command.convert(parser.parse_args(list(map(str, arguments))))
        return code, *capfdbinary.readouterr()

    return command


@pytest.mark.parametrize(("name", "to"), [("a.ttl", "ttl"), ("a.OWL", "owl"), ("a.rdf", "owl"), ("a.json", "jsonld")])
def test_the_ending_of_the_output_says_the_syntax(name, to, run, tmp_path):
    assert run("--output", tmp_path / name) == (0, b"", b"")
    assert (tmp_path / name).read_text(encoding="utf-8") == converting.convert(to=to)


def test_an_output_that_exists_is_replaced_as_a_whole(run, tmp_path):
    path = file(tmp_path, "ex:a ex:p ex:b .")
    out = tmp_path / "out.nt"
    out.write_text("old")
    assert run(path, "--output", out)[0] == 0
    assert out.read_text() == "<https://example.org/a> <https://example.org/p> <https://example.org/b> .\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.ttl", "out.nt"]


def test_without_a_syntax_the_command_asks_for_one(run, tmp_path):
    for arguments in ([], ["--output", tmp_path / "a.txt"]):
        with pytest.raises(LemsError, match="add --to with one of ttl, owl"):
            run(*arguments)


LINE = r"lems-onto: .+\n"


def test_nothing_is_written_over_what_is_read(command, tmp_path):
    path = file(tmp_path, "ex:a ex:p ex:b .")
    before = path.read_bytes()
    (tmp_path / "link.nt").symlink_to(path)
    for output in (path, tmp_path / "link.nt", ONTOLOGY):
        done = command("convert", path, "--to", "nt", "--output", output)
        assert done.returncode == 2
        assert re.fullmatch(r"lems-onto: .*: is read, and would be overwritten; write to another file\n", done.stderr)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["no.ttl", "--to", "nt"],
        ["--to", "xyz"],
        [],
        ["--to", "nt", "--output", "no/such/folder.nt"],
        ["--to", "nt", "--output", "."],
        ["broken.ttl", "--to", "nt", "--output", "kept.nt"],
        ["control.ttl", "--to", "owl", "--output", "kept.nt"],
        ["graphs.trig", "--to", "nt", "--output", "kept.nt"],
    ],
)
def test_what_cannot_be_done_is_one_line_and_leaves_everything_as_it_was(arguments, command, tmp_path):
    file(tmp_path, "ex:a ex:p", "broken.ttl")
    file(tmp_path, r'ex:a ex:p "\u0001" .', "control.ttl")
    file(tmp_path, "ex:g { ex:a ex:p ex:b }", "graphs.trig")
    (tmp_path / "kept.nt").write_text("kept")
    names = sorted(tmp_path.iterdir())
    done = command("convert", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(LINE, done.stderr)
    assert (tmp_path / "kept.nt").read_text() == "kept"
    assert sorted(tmp_path.iterdir()) == names


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line(command, tmp_path):
    done = command("convert", "--to", "nt", "--output", "/dev/full")
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: /dev/full: cannot be written: no space left on device; make room.*\n", done.stderr)
    with open("/dev/full", "w") as full:
        line = [sys.executable, "-m", "lems_onto", "convert", "--to", "nt"]
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert re.fullmatch(LINE, done.stderr)


def test_a_limit_of_the_size_of_files_leaves_the_old_file(tmp_path):
    resource = pytest.importorskip("resource")
    (tmp_path / "a.nt").write_text("old")

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))

    line = [sys.executable, "-m", "lems_onto", "convert", "--output", "a.nt"]
    done = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False, preexec_fn=limited)
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: a\.nt: cannot be written: file too large; make room.*\n", done.stderr)
    assert (tmp_path / "a.nt").read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["a.nt"]


def test_a_reader_that_went_away_is_no_error_message():
    reads, writes = os.pipe()
    os.close(reads)
    line = [sys.executable, "-m", "lems_onto", "convert", "--to", "nt"]
    done = subprocess.run(line, stdout=writes, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writes)
    assert (done.returncode, done.stderr) == (141, "")


def test_the_output_is_utf_8_whatever_the_terminal_speaks(tmp_path):
    path = file(tmp_path, 'ex:a ex:p "é" .')
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    line = [sys.executable, "-m", "lems_onto", "convert", path, "--to", "ttl"]
    assert "é".encode() in subprocess.run(line, capture_output=True, check=True, env=environment).stdout


def test_what_is_written_passes_our_own_reader(tmp_path):
    for to in FORMS:
        path = tmp_path / f"a.{to}"
        path.write_text(converting.convert(to=to), encoding="utf-8")
        syntax, _, quads = reading.parse(path)
        assert syntax == converting.SYNTAXES[to][0]
        assert len(quads) == len(parsed(ONTOLOGY.read_text(encoding="utf-8"), "ttl"))
