"""What answers a query: one small interface, and the two engines that run in this process.

An engine has a `name` and one method, `run`, which takes a `QueryText` and the
values to which columns are pinned, and gives a `Result`. Values are bound by
the engine: `endpoint.Endpoint` is the third engine, for a graph elsewhere.
"""

from __future__ import annotations

import re
from _thread import allocate_lock
from collections import namedtuple

from . import graphs, pinning, querytext, terms
from .errors import shorten

TYPE_CHECKING = False
if TYPE_CHECKING:
    import rdflib

NAMES = ("pyoxigraph", "rdflib")
MAX_CHAIN = 50
# What an answer from elsewhere may have in cells.
MAX_CELLS = 3_000_000
# The parser of rdflib is one for all threads.
_PARSER = allocate_lock()
# What an answer from elsewhere, a child or a server, may have in bytes.
MAX_ANSWER = 256 * 1024 * 1024
MAX_ANSWER_SAID = f"{MAX_ANSWER // 1024**2} MB"


class Result(namedtuple("Result", "form columns rows")):
    """What an engine answers.

    Attributes:
        form: SELECT, CONSTRUCT, ASK or DESCRIBE.
        columns: the names of the variables; subject, predicate and object for
            triples; none for ASK.
        rows: one tuple of pyoxigraph terms for each solution, None where a
            variable is unbound; triples in a stable order, each once; for ASK
            one empty row for yes and none for no.
    """

    __slots__ = ()


class Pyoxigraph:
    """Runs queries in this process with pyoxigraph, over a store."""

    name = "pyoxigraph"
    remote = False

    def __init__(self, store):
        self.store = store

    def run(self, query, pins=None) -> Result:
        """Answer a query.

        Args:
            query: a `QueryText`.
            pins: a dict from column to the pyoxigraph terms of which it must have one.

        Raises:
            BrokenQuery: pyoxigraph cannot parse it.
            CannotPin: a column of it cannot be pinned.
        """
        import pyoxigraph as ox

        if pins:
            pinning.refuse(query, pins)
            if in_python(query, pins):
                return filtered(self.run(query), pins)
        # Where a column is bound before all else, the engine starts from its
        # value; elsewhere that would fill the rows in which it is unbound.
        sure = query.first_bound()
        started = {name: terms[0] for name, terms in (pins or {}).items() if len(terms) == 1 and name in sure}
        text, values = bound(query, {name: terms for name, terms in (pins or {}).items() if name not in started})
        try:
            found = self.store.query(
                text, substitutions={ox.Variable(name): term for name, term in {**values, **started}.items()} or None
            )
            if isinstance(found, ox.QueryBoolean):
                return Result(query.form, (), [()] if found else [])
            if isinstance(found, ox.QuerySolutions):
                columns = tuple(variable.value for variable in found.variables)
                kept = len(columns) - len(values)
                return selected(query, columns[:kept], (tuple(solution)[:kept] for solution in found))
            return triples(query, ((one.subject, one.predicate, one.object) for one in found))
        except (SyntaxError, ValueError, RuntimeError) as problem:
            # Without its frames, in which solutions would live on that no other thread may drop.
            # What was put there to pin columns would shift the place.
            plain = query if text == query.text else query._replace(text=text, head=0, where=f"{query.where}, pinned")
            raise broken(plain, problem) from problem.with_traceback(None)


class Rdflib:
    """Runs queries in this process with rdflib: slower, and independent of pyoxigraph."""

    name = "rdflib"
    remote = False

    def __init__(self, graph: rdflib.Graph):
        self.graph = graph

    def run(self, query, pins=None) -> Result:
        """Answer a query; as `Pyoxigraph.run`."""
        import logging

        import rdflib
        from pyparsing import ParseBaseException
        from rdflib.plugins import sparql

        sparql.SPARQL_LOAD_GRAPHS = False
        sparql.CUSTOM_EVALS["lems_onto"] = _no_service
        # It logs a literal that is not of its datatype with a traceback.
        logging.getLogger("rdflib.term").setLevel(logging.ERROR)
        if pins:
            pinning.refuse(query, pins)
            if in_python(query, pins):
                return filtered(self.run(query), pins)
        text, values = bound(query, pins)
        bindings = {name: graphs.to_rdflib_term(term) for name, term in values.items()}
        try:
            with _PARSER:
                found = self.graph.query(text, initBindings=bindings)
            if found.type == "ASK":
                return Result(query.form, (), [()] if found.askAnswer else [])
            if found.type == "SELECT":
                # Iterating over the result itself leaves out rows in which nothing is bound.
                kept = found.vars[: len(found.vars) - len(values)]
                rows = (
                    tuple(terms.from_rdflib(row[name]) if row.get(name) is not None else None for name in kept)
                    for row in found.bindings
                )
                return selected(query, tuple(map(str, kept)), rows)
            return triples(query, (tuple(map(terms.from_rdflib, triple)) for triple in found.graph))
        except RecursionError as problem:
            raise querytext.BrokenQuery(f"{query.where}: is nested too deep for rdflib; write it flatter") from problem
        except (ParseBaseException, rdflib.exceptions.Error, ValueError, SyntaxError) as problem:
            raise broken(query, problem) from problem
        except Exception as problem:
            # rdflib says a wrong query with a bare Exception too ("You used undefined variables ...").
            if type(problem) is not Exception:
                raise
            raise broken(query, problem) from problem


def _no_service(_, part):
    """Refuse SERVICE, should one ever get here; all else rdflib does itself."""
    if part.name == "ServiceGraphPattern":
        raise querytext.RefusedQuery(
            "SERVICE calls out, and nothing is fetched: ask that service itself with --endpoint"
        )
    raise NotImplementedError


def in_python(query, pins):
    """Whether rows are better compared here than by the engine.

    A bound variable belongs to both sides of MINUS, which then takes away what
    it should leave; and a long chain of comparisons is slow, or crashes.
    """
    return query.has("MINUS") or sum(map(len, pins.values())) > MAX_CHAIN


def filtered(result, pins):
    """The result with those rows alone that have one of the values in each column."""
    at = {result.columns.index(column): set(terms) for column, terms in pins.items()}
    return result._replace(rows=[row for row in result.rows if all(row[i] in wanted for i, wanted in at.items())])


def local(name, store):
    """The engine of that name, one of `NAMES`, over the triples of a store."""
    if name == "rdflib":
        return Rdflib(graphs.to_rdflib(store))
    return Pyoxigraph(store)


def bound(query, pins):
    """The text that an engine of this process runs, and a dict from its variables to the values to bind."""
    if not pins:
        return query.text, {}
    text, names = pinning.pinned(query, {column: len(terms) for column, terms in pins.items()})
    return text, {name: term for column, group in names.items() for name, term in zip(group, pins[column], strict=True)}


def selected(query, columns, rows):
    """The `Result` of a SELECT; of a CONSTRUCT where it was run as a SELECT to be pinned."""
    if query.form == "CONSTRUCT":
        return triples(query, rows)
    rows = list(rows)
    import pyoxigraph as ox

    if any(isinstance(term, ox.Triple) for row in rows for term in row):
        raise querytext.BrokenQuery(f"{query.where}: a triple term stands in the answer; only RDF 1.1 is written")
    return Result(query.form, columns, rows)


def triples(query, rows):
    """The `Result` of a CONSTRUCT or DESCRIBE: each triple once, and only what is a triple of RDF."""
    import pyoxigraph as ox

    valid = {
        row
        for row in rows
        if isinstance(row[0], (ox.NamedNode, ox.BlankNode)) and isinstance(row[1], ox.NamedNode) and row[2] is not None
    }
    return Result(query.form, ("subject", "predicate", "object"), sorted(valid, key=str))


def broken(query, problem):
    """The error for what an engine says of a query that it cannot run: where, near which words, and why."""
    text, where = str(problem), query.where
    place = re.match(r"error at (\d+):(\d+): ", text) or re.search(
        r" *\(at char \d+\), \(line:(\d+), col:(\d+)\)", text
    )
    if place:
        text = text.replace(place[0], "")
        line, column = int(place[1]), int(place[2])
        written = (query.text.split("\n") + [""] * line)[line - 1][column - 1 :]
        where = f"{where}:{line}:{column - (query.head if line == 1 else 0)}"
        near = f"near '{shorten(written, 24)}'" if written.strip() else "at its end"
        # What the parser would have taken instead is mostly a list of letters.
        told = re.search(r"[A-Z][a-z]+(?: [A-Za-z?()]+){2,}", text)
        short = text if len(text) < 40 and "[" not in text else "it is not SPARQL there"
        text = f"{near}: {told[0] if told else short}"
    return querytext.BrokenQuery(f"{where}: cannot be run {shorten(' '.join(text.split()), 160)}")
