"""What carries out shapes: one interface, three engines.

An engine has a `name` and one method, `run`, which takes a `ShapesGraph` and
`inputs.Data` and gives a `Found` for each validation result.

`shacl` (https://pypi.org/project/shacl/) carries out SHACL Core, and the SPARQL
constraints are answered by pyoxigraph, once for the whole graph. `mixed` is the
same with the core of pySHACL. `pyshacl` is pySHACL (https://github.com/RDFLib/pySHACL)
alone, the reference: the two others must find what it finds.
"""

from __future__ import annotations

import re

from .. import graphs
from ..errors import BrokenShapes, LemsError, UnknownName, UnreadableFile
from . import constraints
from .findings import Found
from .vocabulary import COMPONENTS, SH

NAMES = ("shacl", "mixed", "pyshacl")
# The releases of `shacl` whose results were compared with those of pySHACL on every
# fixture, and whose way of naming blank nodes is known; others are asked for by name.
PROVEN = ("0.3.4",)
# How deep pySHACL follows shapes that refer to one another; `shacl` follows 48 of them.
DEPTH = 100
CLOSED, SPARQL = SH + "ClosedConstraintComponent", SH + "SPARQLConstraintComponent"
# Of these we say ourselves what is wrong where a shape does not; others make messages of their solutions.
OWN_WORDS = {SH + name for name in COMPONENTS} - {SPARQL}


def unknown(name):
    """The error for an engine that does not exist."""
    return UnknownName("engine", str(name), NAMES, f"there are {', '.join(NAMES)}")


class EngineFailed(LemsError):
    """An engine that breaks down over shapes or data that it should carry out or refuse."""


class Missing(LemsError):
    """An engine that is not installed."""


def chosen(name, graph):
    """The engine of that name; the fastest one that is proven for these shapes where it is None.

    Raises:
        Missing: it is not installed.
    """
    version = _version()
    if name == "shacl" and not version:
        raise Missing("the engine shacl is not installed; install it: pip install 'lems-onto[fast]'")
    if name is None:
        name = "shacl" if version in PROVEN and not _only_pyshacl(graph) else "mixed"
    return {"shacl": Shacl, "mixed": Mixed, "pyshacl": PyShacl}[name]()


def _version():
    from importlib import metadata

    try:
        return metadata.version("shacl")
    except metadata.PackageNotFoundError:
        return None


def _only_pyshacl(graph):
    """Whether only pySHACL carries the shapes out: components of their own, regular expressions beyond XPath's."""
    return any(
        triple.predicate.value == SH + "parameter"
        or (triple.predicate.value == SH + "pattern" and re.search(r"\(\?|\\[1-9]", triple.object.value))
        for triple in graph.triples
    )


class Shacl:
    """The core of the package `shacl`, and SPARQL constraints by pyoxigraph."""

    name = "shacl"

    def run(self, graph, data) -> list[Found]:
        """Carry out all shapes.

        Raises:
            BrokenShapes: a shape cannot be carried out.
            UnreadableFile: the data cannot.
        """
        return constraints.together(lambda: self.core(graph, data), graph, data)

    def core(self, graph, data) -> list[Found]:
        """Carry out the constraints of SHACL Core; as `run`."""
        import pyoxigraph as ox
        import shacl

        # It gives blank nodes names of its own. Those of the shapes become IRIs before;
        # those of the data it counts in the order in which they come.
        names = {node: ox.NamedNode(f"urn:x-lems-onto:shape:{at}") for at, node in enumerate(graph.shapes)}
        names = {node: name for node, name in names.items() if isinstance(node, ox.BlankNode)}
        back = {name: node for node, name in names.items()}
        triples = [
            ox.Triple(
                names.get(triple.subject, triple.subject), triple.predicate, names.get(triple.object, triple.object)
            )
            for triple in constraints.left(graph)
        ]
        text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()
        inside = dict.fromkeys(
            node for triple in triples for node in (triple.subject, triple.object) if isinstance(node, ox.BlankNode)
        )
        try:
            shapes = shacl.Shapes.from_text(text, format="ntriples")
        except ValueError as problem:
            raise BrokenShapes(_one_line(problem, "invalid shapes graph: ")) from problem
        try:
            report = shapes.validate_text(data.ntriples.decode(), format="ntriples")
        except ValueError as problem:
            if "recursion limit" in str(problem):
                mend = "let them refer to one another less deep, by sh:node, sh:not, sh:and, sh:or or sh:xone"
                raise BrokenShapes(f"the shapes are nested too deep for the engine shacl; {mend}") from problem
            raise UnreadableFile(f"the engine shacl cannot read the data: {_one_line(problem)}") from problem
        blank = list(data.blank_nodes)

        def term(text):
            if text is None:
                return None
            if text.startswith("_:"):
                return blank[int(text.rsplit("_b", 1)[1]) - len(inside)]
            return _term(text)

        found = []
        for result in report.results:
            shape = term(result.source_shape)
            shape = back.get(shape, shape)
            component, path, messages = result.component_iri, graph.shapes[shape].path, ()
            if component in (CLOSED, SPARQL) and (result.path or "").startswith("<"):
                path = result.path
            if component not in OWN_WORDS:
                messages = tuple(sorted(result.messages))
            found.append(Found(shape, component, term(result.focus_node), path, term(result.value), messages))
        return found


def _term(text):
    """The pyoxigraph term of a text in the syntax of N-Triples."""
    import pyoxigraph as ox

    if text.startswith("<"):
        return ox.NamedNode(text[1:-1])
    return next(iter(ox.parse(f"<x:x> <x:x> {text} .", format=ox.RdfFormat.N_TRIPLES))).object


class Mixed:
    """The core of pySHACL, and SPARQL constraints by pyoxigraph."""

    name = "mixed"

    def run(self, graph, data) -> list[Found]:
        """Carry out all shapes; as `Shacl.run`."""
        return constraints.together(lambda: self.core(graph, data), graph, data)

    def core(self, graph, data) -> list[Found]:
        """Carry out the constraints of SHACL Core, and those of components that the shapes graph declares."""
        return _pyshacl(constraints.left(graph), graph, data)


class PyShacl:
    """PySHACL alone, with SPARQL by rdflib: the reference, and slow."""

    name = "pyshacl"

    def run(self, graph, data) -> list[Found]:
        """Carry out all shapes; as `Shacl.run`."""
        return _pyshacl(graph.triples, graph, data)


def _pyshacl(triples, graph, data):
    import logging

    import pyoxigraph as ox
    import pyshacl
    import rdflib
    from pyparsing import ParseBaseException
    from pyshacl.errors import ConstraintLoadError, ReportableRuntimeError, ShapeLoadError

    # rdflib logs a literal that is not of its datatype with a traceback; the shapes report it.
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)
    broken = (ShapeLoadError, ConstraintLoadError, ReportableRuntimeError, ParseBaseException, SyntaxError, re.error)
    shapes = graphs.to_rdflib(triples)
    target = graphs.to_rdflib(ox.parse(data.ntriples, format=ox.RdfFormat.N_TRIPLES))
    try:
        _, report, _ = pyshacl.validate(
            target, shacl_graph=shapes, inference="none", advanced=False, max_validation_depth=DEPTH
        )
    except broken as problem:
        raise BrokenShapes(_one_line(problem)) from problem
    except RecursionError as problem:
        raise BrokenShapes("the shapes, or the data that they follow, are nested too deep for pySHACL") from problem
    except ValueError as problem:
        if "recursive rdf:rest" not in str(problem):
            raise EngineFailed(f"pySHACL breaks down over these shapes or data ({_one_line(problem)})") from problem
        raise UnreadableFile("the data hold a list whose rdf:rest leads back into it; mend the list") from problem
    except Exception as problem:
        what = f"{type(problem).__name__}: {_one_line(problem)}"
        raise EngineFailed(f"pySHACL breaks down over these shapes or data ({what}); try --engine shacl") from problem
    sh = rdflib.Namespace(SH)
    return [_result(report, node, sh, graph) for node in report.objects(None, sh.result)]


def _result(report, node, sh, graph):
    from .. import terms

    def one(name):
        value = report.value(node, sh[name])
        return None if value is None else terms.from_rdflib(value)

    shape, component = one("sourceShape"), one("sourceConstraintComponent").value
    path, value = graph.shapes[shape].path, one("value")
    messages = ()
    if component in (CLOSED, SPARQL):
        said = one("resultPath")
        path = str(said) if said is not None and not str(said).startswith("_:") else path
    if component not in OWN_WORDS:
        messages = tuple(sorted(str(message) for message in report.objects(node, sh.resultMessage)))
    return Found(shape, component, one("focusNode"), path, value, messages)


def _one_line(problem, prefix=""):
    from ..errors import shorten

    return shorten(" ".join(str(problem).removeprefix(prefix).split()), 200)
