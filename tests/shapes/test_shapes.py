"""Every shape passes and fails on its examples, says the mend, and finds something to check."""

import functools
import re
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib import RDF, RDFS, SH

import lems_onto
from lems_onto import graphs, resources
from lems_onto.validation import engines, inputs, shapesgraph, targets, vocabulary

SHAPE = rdflib.Namespace("https://w3id.org/lems-onto/shape/")
EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.trig"))


@pytest.fixture(scope="module")
def shapes():
    return graphs.load(*resources.shape_paths())


def named(shapes):
    """All shapes: typed subjects that are no parts of an expression."""
    kinds = {*shapes.subjects(RDF.type, SH.NodeShape), *shapes.subjects(RDF.type, SH.PropertyShape)}
    assert not [shape for shape in kinds if isinstance(shape, rdflib.BNode)]
    return kinds


def parts(path):
    """The data that pass, the data that fail, and the expected pairs of focus node and source shape."""
    quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TRIG))
    found = {
        part: [quad for quad in quads if quad.graph_name.value == "https://example.org/" + part]
        for part in ("pass", "fail", "expected")
    }
    assert sum(map(len, found.values())) == len(quads)
    expected = graphs.to_rdflib(found["expected"])
    results = expected.subjects(RDF.type, SH.ValidationResult)
    pairs = {
        (str(expected.value(result, SH.focusNode)), str(expected.value(result, SH.sourceShape))) for result in results
    }
    return data_of(found["pass"]), data_of(found["fail"]), pairs


def data_of(quads):
    data = inputs.Data()
    data.add([[ox.Quad(*quad.triple) for quad in quads]])
    return data


@functools.cache
def alone(name):
    """A shipped shape with all to which it refers, and nothing else: pySHACL takes seconds to read all shapes."""
    shipped, todo, kept = shapesgraph.shipped(), [ox.NamedNode(str(SHAPE[name]))], {}
    while todo:
        node = todo.pop()
        if node not in kept:
            kept[node] = shipped.of(node)
            todo += [triple.object for triple in kept[node] if isinstance(triple.object, (ox.NamedNode, ox.BlankNode))]
    triples = [triple for triples in kept.values() for triple in triples]
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    graph = shapesgraph.ShapesGraph(["alone.nt"], {"alone.nt": text})
    assert len(graph.triples) == len(triples)
    return graph


def found(data, engine, graph):
    """What an engine reports, blank nodes left out of it."""
    return {
        (
            one.focus_node.value, graph.shapes[one.shape].id, one.component, one.path,
            None if isinstance(one.value, ox.BlankNode) else one.value, one.messages,
        )
        for one in engine.run(graph, data)
    }  # fmt: skip


def test_each_shape_with_a_target_has_an_example_file():
    targeted = {shape.id.removeprefix(SHAPE) for shape in shapesgraph.shipped().shapes.values() if shape.targets}
    assert {path.stem for path in EXAMPLES} == targeted
    assert len(targeted) >= 40


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_shape_passes_what_is_right_and_reports_what_is_wrong(path):
    right, wrong, expected = parts(path)
    shape = shapesgraph.shipped().shapes[ox.NamedNode(str(SHAPE[path.stem]))]
    assert targets.focus_nodes(shape, right.store), "the passing example checks nothing"
    assert expected
    own = {shape.id, *(value.value for value in shapesgraph.shipped().values(shape.node, "property"))}
    for graph in (shapesgraph.shipped(), alone(path.stem)):
        reported = [found(data, engines.Shacl(), graph) for data in (right, wrong)]
        right_of_own, wrong_of_own = ({one[:2] for one in pairs if one[1] in own} for pairs in reported)
        assert right_of_own == set()
        assert wrong_of_own == expected


def test_every_shape_fails_on_some_example(shapes):
    failing = {shape for path in EXAMPLES for _, shape in parts(path)[2]}
    silent = {str(shape) for shape in named(shapes) if (shape, SH.property, None) not in shapes} - failing
    assert silent == set()
    assert len(failing) >= 100


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_all_engines_report_the_same_for_a_shape(path):
    graph = alone(path.stem)
    right, wrong, expected = parts(path)
    for data in (right, wrong):
        plain = found(data, engines.PyShacl(), graph)
        assert found(data, engines.Shacl(), graph) == plain
        assert found(data, engines.Mixed(), graph) == plain
    assert {one[:2] for one in plain} >= expected


def test_the_core_of_pyshacl_reports_the_same_for_all_shapes_and_all_examples_at_once():
    """With SPARQL by rdflib that takes a minute, and rdflib orders texts among numbers where SPARQL has an error."""
    data, graph = inputs.Data(), shapesgraph.shipped()
    for path in EXAMPLES:
        quads = ox.parse(path=str(path), format=ox.RdfFormat.TRIG)
        data.add([[ox.Quad(*quad.triple) for quad in quads if not quad.graph_name.value.endswith("/expected")]])
    both = found(data, engines.Mixed(), graph)
    assert found(data, engines.Shacl(), graph) == both
    assert len({one[1] for one in both}) >= 100


def test_the_shipped_ontology_conforms_and_every_targeted_shape_has_focus_nodes():
    report = lems_onto.validate()
    assert report.conforms
    assert report.engine == "shacl"
    assert [shape for shape, count in report.focus_nodes.items() if not count] == []
    assert len(report.focus_nodes) == len(EXAMPLES)


def test_the_shapes_are_valid_shacl(tmp_path):
    """By the shapes of shapes that SHACL itself has, which pySHACL brings along."""
    of_shapes = Path(pyshacl.__file__).parent / "assets" / "shacl-shacl.ttl"

    def report(*paths):
        return lems_onto.validate(*paths, shapes=[of_shapes], ontology=False, allow_unused=True)

    found = report(*resources.shape_paths())
    assert (found.results, found.broken) == ((), ())
    assert sum(found.focus_nodes.values()) > 300
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text(f'<{SHAPE["Claim-label"]}> <{SH.maxCount}> "many" .')
    results = report(*resources.shape_paths(), wrong).results
    assert [one.value.value for one in results if one.value] == ["many"]


def test_every_shape_says_the_mend_its_severity_and_its_source(shapes):
    rules = [shape for shape in named(shapes) if (shape, SH.property, None) not in shapes]
    for shape in rules:
        constraint = shapes.value(shape, SH.sparql) or shape
        message = shapes.value(constraint, SH.message)
        assert message is not None and message.language == "en", shape
        assert re.fullmatch(r"(lems:|[A-Z{]).{15,}\.", str(message)), (shape, message)
        assert shapes.value(shape, SH.severity) in (SH.Violation, SH.Warning, SH.Info), shape
        assert shapes.value(shape, RDFS.seeAlso) is not None, shape
    for shape in set(named(shapes)) - set(rules):
        assert shapes.value(shape, RDFS.comment) is not None, shape
    assert len(rules) >= 100


def test_every_sparql_constraint_can_be_answered_once_for_the_whole_graph():
    from lems_onto.validation import prebinding, selects

    graph = shapesgraph.shipped()
    found = [select for shape in graph.shapes.values() for select in selects.of(graph, shape)]
    assert [select.shape.id for select in found if not prebinding.once(select.query)] == []
    assert len(found) > 10


def test_every_term_of_shacl_that_we_know_is_one_and_none_is_missing():
    defined = {str(term).removeprefix(str(SH)) for term in dir(SH) if str(term).startswith(str(SH))}
    parameters = {term for term in defined if re.search(r"ConstraintComponent-", term)}
    shapes_of_1_0 = vocabulary.TERMS | vocabulary.ADVANCED
    assert defined - parameters - shapes_of_1_0 - {"ConstraintComponents"} == set()
    # Words of Python are no attributes of rdflib's namespace, and two terms of the Advanced Features are missing there.
    assert shapes_of_1_0 - defined == {"and", "class", "in", "not", "or", "Rules", "values"}
    assert len(vocabulary.TERMS) > 140


def test_every_file_but_the_prefixes_holds_a_shape():
    for path in resources.shape_paths():
        count = len(named(graphs.load(path)))
        assert (count == 0) == (Path(path).name == "prefixes.ttl"), path
