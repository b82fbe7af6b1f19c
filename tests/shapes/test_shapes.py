"""Every shape passes and fails on its examples, says the mend, and finds something to check."""

import re
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, RDFS, SH

import lems_onto
from lems_onto import graphs, resources, validation

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
    pairs = {(expected.value(result, SH.focusNode), expected.value(result, SH.sourceShape)) for result in results}
    return found["pass"], found["fail"], pairs


def found(data, shapes, shape):
    """Pairs of focus node and source shape that one shape and its property shapes report."""
    results = validation.results_of(validation.run_shacl(data, shapes))
    own = {shape, *shapes.objects(shape, SH.property)}
    return {(result.focus_node, result.shape) for result in results if result.shape in own}


def test_each_shape_with_a_target_has_an_example_file(shapes):
    targeted = {
        str(shape).removeprefix(SHAPE)
        for shape in named(shapes)
        if any((shape, SH[target], None) in shapes for target in validation.TARGETS)
    }
    assert {path.stem for path in EXAMPLES} == targeted
    assert len(targeted) >= 40


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_shape_passes_what_is_right_and_reports_what_is_wrong(path, shapes):
    right, wrong, expected = parts(path)
    shape = SHAPE[path.stem]
    data = validation.data_graph(right)
    everything = set(data.all_nodes())
    assert validation.count_focus_nodes(data, shapes, everything)[str(shape)] > 0, "the passing example checks nothing"
    assert found(data, shapes, shape) == set()
    assert expected
    assert found(validation.data_graph(wrong), shapes, shape) == expected


def test_every_shape_fails_on_some_example(shapes):
    failing = {shape for path in EXAMPLES for _, shape in parts(path)[2]}
    silent = {shape for shape in named(shapes) if (shape, SH.property, None) not in shapes} - failing
    assert silent == set()
    assert len(failing) >= 100


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_plain_pyshacl_reports_the_same(path, shapes):
    shape = SHAPE[path.stem]
    own = {shape, *shapes.objects(shape, SH.property)}
    for quads in parts(path)[:2]:
        _, report, _ = pyshacl.validate(graphs.to_rdflib(quads), shacl_graph=shapes)
        plain = {
            (result.focus_node, result.path, result.value, result.shape)
            for result in validation.results_of(report)
            if result.shape in own
        }
        fast = {
            (result.focus_node, result.path, result.value, result.shape)
            for result in validation.results_of(validation.run_shacl(validation.data_graph(quads), shapes))
            if result.shape in own
        }
        assert fast == plain


def test_the_shipped_ontology_conforms_and_every_targeted_shape_has_focus_nodes():
    report = lems_onto.validate()
    assert report.conforms
    assert [shape for shape, count in report.focus_nodes.items() if not count] == []
    assert len(report.focus_nodes) == len(EXAMPLES)


def test_the_shapes_are_valid_shacl(shapes):
    harmless = [str(SHAPE.ClassLabel)]
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True, use_shapes=harmless)
    assert conforms, text
    shapes = rdflib.Graph() + shapes
    shapes.add((SHAPE["Claim-label"], SH.maxCount, rdflib.Literal("many")))
    with pytest.raises(ReportableRuntimeError):
        pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True, use_shapes=harmless)


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


def test_every_term_of_shacl_in_the_shapes_exists(shapes):
    used = {term for triple in shapes for term in triple if str(term).startswith(str(SH))}
    assert [term for term in used if term not in SH] == []
    assert len(used) > 20


def test_every_file_but_the_prefixes_holds_a_shape():
    for path in resources.shape_paths():
        count = len(named(graphs.load(path)))
        assert (count == 0) == (Path(path).name == "prefixes.ttl"), path
