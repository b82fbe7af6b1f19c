"""Holds a graph to the shapes and to the checks.

SHACL is pySHACL's (https://www.w3.org/TR/shacl/). Its SPARQL constraints run
once for every focus node, and most of that time goes into parsing the same
query again; here pyoxigraph answers them over the same triples.
"""

from __future__ import annotations

from collections import namedtuple

from . import asking, catalog, engines, graphs, resources, terms
from .errors import BrokenShapes, UnreadableFile

SH = "http://www.w3.org/ns/shacl#"
TARGETS = ("targetClass", "targetNode", "targetObjectsOf", "targetSubjectsOf")


class Result(namedtuple("Result", "severity focus_node path value shape message")):
    """One validation result.

    Attributes:
        severity: violation, warning or info.
        focus_node, path, value, shape: rdflib terms, None where SHACL gives
            none; a blank node is told as text, by what is said of it.
        message: what is wrong and the mend.
    """

    __slots__ = ()


class Report(namedtuple("Report", "files triples focus_nodes results fired checks imports graph")):
    """What a validation found.

    Attributes:
        files: the files that were validated; empty for the shipped ontology.
        triples: how many triples were validated, the shipped ones among them.
        focus_nodes: the number of focus nodes of each shape, by its IRI; for
            files, of those nodes alone of which the files say something.
        results: the validation results, in a stable order.
        fired: the answer of each check that has solutions.
        checks: how many checks ran.
        imports: ontologies that the files import and that were not fetched.
        graph: the SHACL validation report as `rdflib.Graph`.
    """

    __slots__ = ()

    def __repr__(self):
        return (
            f"<Report conforms={self.conforms} checked={self.checked} results={len(self.results)} files={self.files}>"
        )

    @property
    def checked(self):
        """Whether any shape had a focus node."""
        return any(self.focus_nodes.values())

    @property
    def conforms(self):
        """Whether something was checked and nothing was found."""
        return self.checked and not self.results and not self.fired


def validate(*paths) -> Report:
    """Validate RDF files together with the shipped ontology, or that alone when none is given.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
        BrokenShapes: a shape cannot be carried out.
    """
    quads = graphs.parse_all(resources.ontology_path())
    own = graphs.parse_all(*paths) if paths else quads
    together = quads + own if paths else quads
    data, shapes = data_graph(together), _shapes()
    subjects = {graphs.to_rdflib_term(quad.subject) for quad in own}
    focus_nodes = count_focus_nodes(data, shapes, subjects)
    report = run_shacl(data, shapes)
    checks = [query for query in catalog.queries().values() if query.is_check]
    engine = engines.Pyoxigraph(data.store_of_queries)
    answers = [asking.by_engine(query, engine) for query in checks]
    return Report(
        files=paths,
        triples=len(data),
        focus_nodes=focus_nodes,
        results=results_of(report, data),
        fired=tuple(answer for answer in answers if answer.solutions),
        checks=len(checks),
        imports=tuple(graphs.imports(own)),
        graph=report,
    )


def _shapes():
    try:
        return graphs.load(*resources.shape_paths())
    except UnreadableFile as problem:
        raise BrokenShapes(f"{problem}; install lems-onto again") from problem


def data_graph(quads):
    """An `rdflib.Graph` of quads for pySHACL, whose SPARQL pyoxigraph answers."""
    import rdflib

    class DataGraph(rdflib.Graph):
        """A graph whose SPARQL is pyoxigraph's, as far as it can bind the given variables."""

        store_of_queries = graphs.store(quads)

        def query(self, query_object, processor="sparql", result="sparql", initNs=None, initBindings=None, *rest):  # noqa: N803
            solutions = _bound(self.store_of_queries, query_object, initBindings or {})
            if solutions is None:
                return super().query(query_object, processor, result, initNs, initBindings, *rest)
            result = rdflib.query.Result("SELECT")
            result.vars = [rdflib.Variable(variable.value) for variable in solutions.variables]
            result.bindings = [
                {
                    name: graphs.to_rdflib_term(term)
                    for name, term in zip(result.vars, solution, strict=True)
                    if term is not None
                }
                for solution in solutions
            ]
            return result

    return graphs.to_rdflib(quads, graph=DataGraph(bind_namespaces="none"))


def _bound(store, text, bindings):
    """The solutions of a SELECT with rdflib terms bound to variables, or None where pyoxigraph cannot bind them.

    It binds those variables only that the SELECT projects.
    """
    import re

    import pyoxigraph as ox

    projected = re.search(r"\bSELECT\b(.*?)\bWHERE\b", text, re.DOTALL | re.IGNORECASE)
    names = re.findall(r"[?$](\w+)", projected[1]) if projected else []
    if not all(name in names for name in bindings):
        return None
    return store.query(
        text, substitutions={ox.Variable(name): terms.from_rdflib(term) for name, term in bindings.items()}
    )


def count_focus_nodes(data, shapes, subjects):
    """The number of focus nodes among `subjects` of each shape that has a target.

    Raises:
        BrokenShapes: a shape cannot be read.
    """
    import rdflib
    from pyshacl.errors import ShapeLoadError
    from pyshacl.shapes_graph import ShapesGraph

    targets = [rdflib.URIRef(SH + name) for name in TARGETS]
    try:
        return {
            str(shape.node): len(subjects.intersection(shape.focus_nodes(data)))
            for shape in ShapesGraph(shapes).shapes
            if any((shape.node, target, None) in shapes for target in targets)
        }
    except ShapeLoadError as problem:
        raise _broken(problem) from problem


def run_shacl(data, shapes):
    """The validation report of pySHACL as `rdflib.Graph`.

    Raises:
        BrokenShapes: a shape cannot be carried out.
        UnreadableFile: a list of the data runs in a circle.
    """
    import re

    import pyshacl
    from pyparsing import ParseBaseException
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    broken = (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError, ParseBaseException, SyntaxError, re.error)
    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
    except broken as problem:
        raise _broken(problem) from problem
    except ValueError as problem:
        if "recursive rdf:rest" not in str(problem):
            raise
        raise UnreadableFile("the data hold a list whose rdf:rest leads back into it; mend the list") from problem
    return report


def _broken(problem):
    reason = str(problem).split("\n")[0]
    return BrokenShapes(f"{resources.data_folder()}/shapes: {reason}; install lems-onto again")


def results_of(report, data=None):
    """The results of a validation report as a sorted tuple of `Result`.

    Blank nodes are told by what `data` say of them, when data are given: their
    names differ from run to run.
    """
    import rdflib

    sh = rdflib.Namespace(SH)

    def result(node):
        def one(name):
            term = report.value(node, sh[name])
            return _told(term, data) if data is not None and isinstance(term, rdflib.BNode) else term

        severity = str(one("resultSeverity")).removeprefix(SH).lower()
        message = " ".join(sorted(str(text) for text in report.objects(node, sh.resultMessage)))
        return Result(severity, one("focusNode"), one("resultPath"), one("value"), one("sourceShape"), message)

    found = {result(node) for node in report.subjects(rdflib.RDF.type, sh.ValidationResult)}
    return tuple(sorted(found, key=lambda one: tuple(str(part) for part in one)))


def _told(node, data, depth=0):
    """A blank node as text: what is said of it, two levels deep."""
    import rdflib

    if not isinstance(node, rdflib.BNode):
        return node.n3()
    if depth > 2:
        return "[ ... ]"
    parts = sorted(f"{part.n3()} {_told(value, data, depth + 1)}" for part, value in data.predicate_objects(node))
    return f"[ {' ; '.join(parts)} ]"
