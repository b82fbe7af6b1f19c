"""Engines against the cases of the W3C's SHACL test suite, in data of our own, and against odd literals.

What a fixture expects follows from the specification. Where an engine reports
something else, engine_differences.tsv says what, and which of the two is right;
a difference that changes or goes away is an error here.
"""

import collections
import csv
import importlib.util
import re
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import pytest
from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError, ValidationFailure
from rdflib import RDF, SH, BNode, URIRef

from lems_onto import graphs, terms
from lems_onto.errors import BrokenShapes
from lems_onto.validation import engines, inputs, shapesgraph, vetting

HERE = Path(__file__).parent
FIXTURES = sorted([*(HERE / "w3c").glob("*.trig"), *(HERE / "literals").glob("*.trig")])
ENGINES = ("pyshacl", "shacl", "gate-pyshacl", "gate-mixed", "gate-shacl")
EX = "https://example.org/"
FAILURE = URIRef(EX + "Failure")
PREFIXES = {
    "ex": EX,
    "rdf": str(RDF),
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": str(SH),
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What is compared; a blank node is any blank node, for engines name them anew.
Result = collections.namedtuple("Result", "focus_node path value shape component severity")


class Failed(Exception):
    """An engine refused the shapes."""


def run_pyshacl(data, shapes):
    """Whether pySHACL takes the data to conform, and each of its results with the messages."""
    try:
        conforms, report, _ = pyshacl.validate(
            graphs.to_rdflib(data), shacl_graph=graphs.to_rdflib(shapes), inference="none", advanced=False
        )
    except (ReportableRuntimeError, ShapeLoadError, ConstraintLoadError, NotImplementedError) as error:
        raise Failed(str(error)) from error
    if isinstance(report, ValidationFailure):
        raise Failed(str(report))
    return conforms, results_of(report)


def run_shacl(data, shapes):
    """Whether the package `shacl` takes the data to conform, and each of its results with the messages."""
    import shacl

    def text(quads):
        return "".join(f"{quad.subject} {quad.predicate} {quad.object} .\n" for quad in quads)

    try:
        report = shacl.Shapes.from_text(text(shapes), format="ntriples").validate_text(text(data), format="ntriples")
    except ValueError as error:
        raise Failed(str(error)) from error
    return report.conforms, [
        (
            Result(
                anonymous(result.focus_node),
                plain_path(result.path or ""),
                anonymous(result.value or ""),
                anonymous(result.source_shape),
                f"<{result.component_iri}>",
                f"<{result.severity_iri}>",
            ),
            set(result.messages),
        )
        for result in report.results
    ]


def run_gate(name):
    """What the gate finds with an engine of that name, as the others tell it: shapes are vetted, then carried out."""

    def run(data, shapes, folder):
        paths = [folder / "data.nt", folder / "shapes.nt"]
        for path, quads in zip(paths, (data, shapes), strict=True):
            path.write_text("".join(f"{quad.triple.subject} {quad.predicate} {quad.object} .\n" for quad in quads))
        graph = shapesgraph.ShapesGraph([paths[1]])
        broken = [fault.message for fault in vetting.faults(graph) if fault.kind == "broken"]
        if broken:
            raise Failed(str(broken))
        read = inputs.load([paths[0]] if data else [], ontology=False) if data else inputs.Data()
        try:
            found = engines.chosen(name, graph).run(graph, read)
        except BrokenShapes as error:
            raise Failed(str(error)) from error
        except engines.EngineFailed as error:
            raise error.__cause__ from None

        def told(one):
            severity = graph.value(one.shape, "severity") or ox.NamedNode(f"{SH}Violation")
            parts = (one.focus_node, one.path or "", "" if one.value is None else one.value, one.shape)
            focus_node, path, value, shape = (anonymous(str(part)) for part in parts)
            component = f"<{one.component}>"
            messages = one.messages or [message.value for message in graph.values(one.shape, "message")]
            return Result(focus_node, plain_path(path), value, shape, component, str(severity)), set(messages)

        return not found, [told(one) for one in found]

    return run


GATES = {f"gate-{name}": run_gate(name) for name in engines.NAMES}
RUN = {"pyshacl": run_pyshacl, "shacl": run_shacl}


def anonymous(text):
    """A term in N-Triples, blank nodes without their label."""
    return "_:" if text.startswith("_:") else text


def term(node):
    """An rdflib term in N-Triples, blank nodes without their label; "" for None."""
    return "" if node is None else anonymous(str(terms.from_rdflib(node)))


def plain_path(text):
    """A SPARQL path without brackets around the whole, around a single IRI or around brackets."""
    while True:
        shorter = re.sub(r"\((<[^<>]*>)\)", r"\1", text)
        shorter = re.sub(r"\((\([^()]*\))\)", r"\1", shorter)
        shorter = re.sub(r"^\(([^()]*)\)$", r"\1", shorter)
        if shorter == text:
            return text
        text = shorter


def path_text(graph, node):
    """A SHACL path as a SPARQL path."""
    if not isinstance(node, BNode):
        return f"<{node}>"
    if (node, RDF.first, None) in graph:
        return "(" + "/".join(path_text(graph, step) for step in graph.items(node)) + ")"
    ((predicate, value),) = graph.predicate_objects(node)
    if predicate == SH.alternativePath:
        return "(" + "|".join(path_text(graph, arm) for arm in graph.items(value)) + ")"
    if predicate == SH.inversePath:
        return "^" + path_text(graph, value)
    ends = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
    return f"({path_text(graph, value)})" + ends[predicate]


def results_of(graph):
    """The results in a graph, each with its messages."""
    found = []
    reports = set(graph.subjects(RDF.type, SH.ValidationReport))
    for node in graph.subjects(RDF.type, SH.ValidationResult):
        if reports and (None, SH.result, node) not in graph:
            continue  # a detail of another result
        path = graph.value(node, SH.resultPath)
        written = graph.value(node, URIRef(EX + "pathText"))
        if written is not None:
            path = re.sub(r"(\w+):([\w-]+)", lambda match: f"<{PREFIXES[match[1]]}{match[2]}>", written)
        elif path is not None:
            path = path_text(graph, path)
        wanted = (SH.value, SH.sourceShape, SH.sourceConstraintComponent, SH.resultSeverity)
        result = Result(
            term(graph.value(node, SH.focusNode)),
            plain_path(path or ""),
            *(term(graph.value(node, predicate)) for predicate in wanted),
        )
        found.append((result, {str(message) for message in graph.objects(node, SH.resultMessage)}))
    return found


def parts(path):
    """The data, the shapes and the expected report of a fixture, as quads."""
    quads = list(ox.parse(path=str(path), format=ox.RdfFormat.TRIG))
    found = {name: [quad for quad in quads if quad.graph_name.value == EX + name] for name in PARTS}
    assert sum(map(len, found.values())) == len(quads)
    return [found[name] for name in PARTS]


PARTS = ("data", "shapes", "expected")


def expected(path):
    """The results that a fixture expects, each with its messages; None if it expects that the shapes are refused."""
    graph = graphs.to_rdflib(parts(path)[2])
    if (None, RDF.type, FAILURE) in graph:
        assert len(graph) == 1
        return None
    results = results_of(graph)
    assert len(results) == len(set(graph.subjects()))
    return results


def reported(engine, path, folder):
    """Whether an engine takes the data of a fixture to conform, and each of its results with the messages.

    None if it refuses the shapes, the name of the exception if it falls over.
    """
    data, shapes, _ = parts(path)
    try:
        return GATES[engine](data, shapes, folder) if engine in GATES else RUN[engine](data, shapes)
    except Failed:
        return None
    except Exception as error:
        return type(error).__name__


def short(text):
    """A term with prefixes, for people."""
    for prefix, namespace in PREFIXES.items():
        text = re.sub(f"<{re.escape(namespace)}([^<>]*)>", rf"{prefix}:\1", text)
    return text


def differences(wanted, found):
    """What is missing (-) and what is too much (+), in one line; "" if nothing is.

    What an engine says of conformance has to follow from the results that it reports.
    """
    if isinstance(found, str):
        return f"+crash {found}"
    if wanted is None or found is None:
        return "" if wanted is found else "-failure" if wanted is None else "+failure"
    conforms, found = found
    before = collections.Counter(result for result, _ in wanted)
    after = collections.Counter(result for result, _ in found)
    lines = [
        f"{sign}{short(' '.join(part or '-' for part in result))}"
        for sign, some in (("-", before - after), ("+", after - before))
        for result in sorted(some.elements())
    ]
    if conforms == bool(found):
        lines.append(f"conforms {conforms}")
    lines += [
        f"-message {message}"
        for result, messages in wanted
        for message in messages
        if not any(message in others for other, others in found if other == result)
    ]
    return "; ".join(lines)


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def name(path):
    return f"{path.parent.name}/{path.stem}"


def known_differences():
    return {(row["fixture"], row["engine"]): row for row in table(HERE / "engine_differences.tsv")}


def test_each_case_of_the_w3c_has_a_fixture_and_each_fixture_a_case():
    rows = table(HERE / "w3c" / "names.tsv")
    fixtures = [path.stem for path in FIXTURES if path.parent.name == "w3c"]
    assert sorted(row["fixture"] for row in rows) == sorted(fixtures)
    assert len({row["case"] for row in rows}) == len(rows)
    assert all(row["feature"] for row in rows)
    assert sum(row["case"].startswith("core/") for row in rows) >= 98
    assert sum(row["case"].startswith("sparql/") for row in rows) >= 23
    assert {row["case"].partition("/")[0] for row in rows} == {"core", "sparql", "own"}
    assert sum(path.parent.name == "literals" for path in FIXTURES) >= 20


def test_each_listed_difference_names_a_fixture_an_engine_and_a_section():
    rows = table(HERE / "engine_differences.tsv")
    known = known_differences()
    assert len(known) == len(rows)
    assert {fixture for fixture, _ in known} <= {name(path) for path in FIXTURES}
    assert {engine for _, engine in known} <= set(ENGINES)
    for row in rows:
        # "stricter": the gate refuses shapes that check nothing, where SHACL lets them.
        assert row["right"] in ("specification", "both", "stricter", "engine"), row
        assert row["difference"] and row["what"] and row["section"], row


def test_every_constraint_component_of_the_core_is_reported_somewhere():
    names = {short(result.component) for path in FIXTURES for result, _ in expected(path) or ()}
    core = {f"sh:{word}" for word in SH.__annotations__ if re.fullmatch("[A-Z].*ConstraintComponent", word)}
    # Not core, but for the last, which reports nothing of its own.
    core -= {f"sh:{kind}ConstraintComponent" for kind in ("JS", "Expression", "Property")}
    assert core - names == set()
    assert len(core) >= 28


@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("path", FIXTURES, ids=name)
def test_an_engine_reports_what_the_specification_says(path, engine, tmp_path):
    package = "pyshacl" if "shacl" not in engine.split("-") else "shacl"
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"the package {package} is not installed")
    rows = known_differences()
    # The gate differs as the engine inside it does, where no row says otherwise.
    inside = {"gate-shacl": "shacl", "gate-mixed": "pyshacl", "gate-pyshacl": "pyshacl"}.get(engine)
    known = rows.get((name(path), engine)) or rows.get((name(path), inside))
    difference = known["difference"] if known and known["difference"] != "none" else ""
    assert differences(expected(path), reported(engine, path, tmp_path)) == difference


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("(<a:p>/(<a:q>)*)", "<a:p>/<a:q>*"),
        ("(<a:p>|((<a:q>/^<a:r>))+|(<a:u>)?)", "(<a:p>|(<a:q>/^<a:r>)+|<a:u>?)"),
        ("^(<a:p>)", "^<a:p>"),
        ("", ""),
    ],
)
def test_paths_are_compared_without_needless_brackets(text, plain):
    assert plain_path(text) == plain
