"""Asks the questions: binds columns, runs them with pyoxigraph, and returns the answer."""

from __future__ import annotations

import re
from collections import namedtuple

from . import catalog, graphs, terms
from .errors import UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    import pyoxigraph
    import rdflib


class Answer(namedtuple("Answer", "query columns solutions prefixes")):
    """The solutions of a question.

    Attributes:
        query: the `Query` that was asked.
        columns: the names of the variables, in the order of the question.
        solutions: one tuple of pyoxigraph terms for each solution, None where
            a variable is unbound.
        prefixes: by which IRIs are shortened.
    """

    __slots__ = ()

    def __repr__(self):
        return f"<Answer to {self.query.name}: {len(self.solutions)} solutions of {', '.join(self.columns)}>"

    @property
    def rows(self):
        """The solutions as dicts from column to rdflib term, None where unbound."""
        return [
            {name: graphs.to_rdflib_term(term) for name, term in zip(self.columns, solution, strict=True)}
            for solution in self.solutions
        ]


def ask(name, where=None, graph: rdflib.Graph | None = None) -> Answer:
    """Ask one question.

    Args:
        name: the name of a question, as `catalog.queries` gives it.
        where: a dict from column to the value that it must have: an rdflib
            term, or text that is a CURIE, an IRI, a label, a synonym or the
            value of a literal. It is compared with the answer and never
            becomes part of the query: pyoxigraph's own substitution gives
            other rows where the variable stands in an OPTIONAL.
        graph: what to ask; the shipped ontology when it is None.

    Raises:
        UnknownName: no such question, column or term.
        AmbiguousTerm: a label that several terms bear.
    """
    query = catalog.query(name)
    shipped, prefixes = graphs.shipped()
    store = shipped if graph is None else graphs.from_rdflib(graph)
    for column in where or {}:
        if column not in query.columns:
            raise UnknownName("column", column, query.columns, f"{name} has {', '.join(query.columns)}")
    columns, solutions = run(store, query)
    pins = {}
    for column, value in (where or {}).items():
        at = columns.index(column)
        candidates = {solution[at] for solution in solutions} - {None}
        term = (
            graphs.from_rdflib_term(value)
            if hasattr(value, "n3")
            else terms.resolve(str(value), store, prefixes, candidates, f"column {column} of {name}")
        )
        pins[at] = term
    kept = [solution for solution in solutions if all(solution[at] == term for at, term in pins.items())]
    return Answer(query, columns, kept, prefixes)


def run(store, query):
    """Columns and solutions of a question on a store; a CONSTRUCT has the parts of a triple for columns."""
    found = store.query(query.text)
    if hasattr(found, "variables"):
        return tuple(variable.value for variable in found.variables), [tuple(solution) for solution in found]
    return ("subject", "predicate", "object"), sorted(
        {(one.subject, one.predicate, one.object) for one in found}, key=str
    )


def bound(store, text, bindings) -> pyoxigraph.QuerySolutions | None:
    """The solutions of a SELECT with rdflib terms bound to variables, or None where pyoxigraph cannot bind them.

    It binds those variables only that the SELECT projects.
    """
    import pyoxigraph as ox

    projected = re.search(r"\bSELECT\b(.*?)\bWHERE\b", text, re.DOTALL | re.IGNORECASE)
    names = re.findall(r"[?$](\w+)", projected[1]) if projected else []
    if not all(name in names for name in bindings):
        return None
    return store.query(
        text, substitutions={ox.Variable(name): graphs.from_rdflib_term(term) for name, term in bindings.items()}
    )
