"""Asks questions, and SPARQL of one's own: of the shipped ontology, of files, of a graph, of an endpoint."""

from __future__ import annotations

import functools
import os
import re

from . import answering, catalog, engines, graphs, querytext
from .errors import LemsError, UnknownName

TYPE_CHECKING = False
if TYPE_CHECKING:
    import rdflib

OWN = "own"


class Answer:
    """The solutions of a query.

    Attributes:
        query: the `Query` that was asked.
        form: SELECT, CONSTRUCT, ASK or DESCRIBE.
        columns: the names of the variables, in the order of the query;
            subject, predicate and object for triples; none for ASK.
        solutions: one tuple of pyoxigraph terms for each solution, None where
            a variable is unbound; for ASK one empty tuple for yes.
        prefixes: by which IRIs are shortened.
        labels: a dict from IRI to its label, where labels were looked up.
        missing: of an empty answer, the IRIs of the query that occur nowhere
            in the data.
        why: of an empty answer, what the values may have against it.
        engine: the name of the engine that answered.
    """

    __slots__ = ("columns", "engine", "form", "labels", "missing", "prefixes", "query", "solutions", "why")

    def __init__(self, query, form, columns, solutions, prefixes, labels=None, missing=(), why="", engine=None):
        self.query = query
        self.form = form
        self.columns = columns
        self.solutions = solutions
        self.prefixes = prefixes
        self.labels = labels or {}
        self.missing = missing
        self.why = why
        self.engine = engine

    def __repr__(self):
        what = f"{len(self)} solutions of {', '.join(self.columns)}" if self.form != "ASK" else "yes" if self else "no"
        return f"<Answer to {self.query.name}: {what}>"

    def __getitem__(self, at):
        return self.rows[at]

    def __len__(self):
        return len(self.solutions)

    def __iter__(self):
        return iter(self.rows)

    def __bool__(self):
        """Whether there is a solution; for ASK, whether it is yes."""
        return bool(self.solutions)

    @property
    def rows(self):
        """The solutions as dicts from column to rdflib term, None where unbound."""
        return [
            {name: graphs.to_rdflib_term(term) for name, term in zip(self.columns, solution, strict=True)}
            for solution in self.solutions
        ]

    @property
    def values(self):
        """The solutions as dicts from column to text, number or date, IRIs as CURIEs, None where unbound."""
        from . import terms

        def value(term):
            if term is None:
                return None
            if not hasattr(term, "datatype"):
                return (
                    terms.contract(term.value, self.prefixes) if term.__class__.__name__ == "NamedNode" else str(term)
                )
            return term.value if term.language else graphs.to_rdflib_term(term).toPython()

        return [
            {name: value(term) for name, term in zip(self.columns, solution, strict=True)}
            for solution in self.solutions
        ]

    def first(self, count):
        """The answer with its first solutions alone."""
        rows = self.solutions[:count]
        return Answer(self.query, self.form, self.columns, rows, self.prefixes, self.labels, self.missing)

    def with_column(self, name, cells):
        """The answer with one more column, of one pyoxigraph term or None for each solution."""
        rows = [(*solution, cell) for solution, cell in zip(self.solutions, cells, strict=True)]
        columns = (*self.columns, name)
        return Answer(
            self.query, self.form, columns, rows, self.prefixes, self.labels, self.missing, self.why, self.engine
        )

    def to_pandas(self):
        """The solutions as a `pandas.DataFrame` of `values`; needs pandas, which `lems-onto[pandas]` installs."""
        try:
            import pandas
        except ImportError as problem:
            raise LemsError("pandas is not installed; install it: pip install 'lems-onto[pandas]'") from problem
        return pandas.DataFrame(self.values, columns=list(self.columns))

    def _repr_html_(self):
        from . import tables

        return tables.to_html(self)


def ask(
    name, where=None, graph: rdflib.Graph | None = None, *, data=(), ontology=True, engine=None, endpoint=None,
    timeout=None, memory=None, labels=False,
) -> Answer:  # fmt: skip
    """Ask one question.

    Args:
        name: the name of a question, as `queries` gives it.
        where: a dict from column to the value, or the list of values, that it
            may have: text that is a CURIE, an IRI, a label, a synonym or the
            value of a literal, a Python number, boolean or date, an rdflib
            term. The engine binds it; it never becomes part of the query.
        graph: an `rdflib.Graph` to ask in place of the shipped ontology, in
            this process and without a limit.
        data: paths of RDF files to ask. They are read and asked in a process
            of its own that can be stopped.
        ontology: whether the shipped ontology is asked together with `data`.
        engine: pyoxigraph (when it is None) or rdflib.
        endpoint: an `Endpoint`, or the address of one, to ask instead.
        timeout: seconds until an endpoint or a process of its own is given up.
        memory: megabytes that a process of its own may take.
        labels: whether to look up labels of IRIs that the question gives none of.

    Raises:
        UnknownName: no such question, column, engine or value.
        AmbiguousTerm: a label that several terms bear.
        LemsError: files cannot be read, the endpoint fails, time or memory is up.
    """
    query = catalog.query(name)
    read = querytext.read(query.text, query.name)
    return _asked(query, read, where, graph, data, ontology, engine, endpoint, timeout, memory, labels)


def sparql(
    text, where=None, graph: rdflib.Graph | None = None, *, data=(), ontology=True, engine=None, endpoint=None,
    timeout=None, memory=None, labels=False, name="the query",
) -> Answer:  # fmt: skip
    """Run a SPARQL query of one's own, which may read and do nothing else.

    The prefixes of the ontology are bound already. It runs in a process of its
    own that can be stopped, unless an endpoint is asked. `graph` is asked in
    place of the shipped ontology, `data` together with it; all else is as in
    `ask`.

    Args:
        text: SELECT, CONSTRUCT, ASK or DESCRIBE.
        name: what the query is, named in messages.

    Raises:
        BrokenQuery: it is not SPARQL, too long, or nested too deep.
        RefusedQuery: it writes, or it reaches beyond the data with SERVICE or FROM.
        TooMuch: it took more time or memory than it may, or crashed the engine.
        LemsError: as in `ask`.
    """
    if not isinstance(text, str):
        raise LemsError(f"the query is a {type(text).__name__}; give its text")
    _, prefixes = graphs.shipped()
    # Engines differ in whether a lone carriage return ends a comment.
    read = with_prefixes(re.sub(r"\r\n?", "\n", text), prefixes, name)
    if endpoint is None:
        querytext.refuse_calls(read)
    columns = dict.fromkeys(read.columns or (), "")
    query = catalog.Query(name, OWN, "", "", (), columns, read.text, name)
    return _asked(query, read, where, graph, data, ontology, engine, endpoint, timeout, memory, labels, canned=False)


def with_prefixes(text, prefixes, where="the query"):
    """The `QueryText` of a query with a declaration before it for each known prefix that it uses and does not declare.

    Raises:
        BrokenQuery: it uses a prefix that is not known either.
    """
    read = querytext.read(text, where)
    declared = {prefix for prefix, _ in read.prologue()}
    used = {}
    for token in read.tokens:
        if token.kind == "name" and token.text.partition(":")[0] not in declared:
            used.setdefault(token.text.partition(":")[0], token)
    for name, token in used.items():
        if name not in prefixes:
            raise querytext.BrokenQuery(
                f"{read.place(token)}: the prefix {name}: is not declared; declare it with PREFIX"
            )
    head = "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(used))
    return querytext.read(head + text, where, len(head))


def _asked(query, read, where, graph, data, ontology, engine, endpoint, timeout, memory, labels, canned=True):
    if where is not None and not hasattr(where, "items"):
        raise LemsError(f"where is a {type(where).__name__}; give a dict from column to value")
    for option, number in (("timeout", timeout), ("memory", memory)):
        if number is not None and not (isinstance(number, (int, float)) and 0 < number <= 10**6):
            raise LemsError(f"{option} is {number!r}; give a number above 0 and up to 1,000,000")
    name = engine or engines.NAMES[0]
    if name not in engines.NAMES:
        raise UnknownName("engine", str(name), engines.NAMES, f"there are {' and '.join(engines.NAMES)}")
    if endpoint is not None:
        return by_engine(query, _endpoint(endpoint, timeout), where, labels, canned, read)
    data = [data] if isinstance(data, (str, os.PathLike)) else list(data)
    if data or not canned:
        from . import confined

        found = confined.answer(
            read, where or {}, name, data, ontology and graph is None, graph,
            timeout or confined.TIMEOUT, memory or confined.MEMORY, canned, labels,
        )  # fmt: skip
        return Answer(query, *found[:3], graphs.shipped()[1], *found[3:], name)
    if graph is not None:
        engine = engines.Rdflib(graph) if name == "rdflib" else engines.Pyoxigraph(graphs.from_rdflib(graph))
    else:
        engine = shipped_rdflib() if name == "rdflib" else answering.shipped_engine()
    return by_engine(query, engine, where, labels)


def by_engine(query, engine, where=None, labels=False, canned=True, read=None) -> Answer:
    """The answer of an engine to a question; as `ask`."""
    _, prefixes = graphs.shipped()
    read = read or querytext.read(query.text, query.name)
    found = answering.answer(read, where or {}, engine, prefixes, canned, labels)
    return Answer(query, *found[:3], prefixes, *found[3:], engine.name)


@functools.cache
def shipped_rdflib():
    """The rdflib engine over the shipped ontology; read once in a process and never changed."""
    return engines.Rdflib(graphs.load())


def _endpoint(endpoint, timeout):
    if not isinstance(endpoint, str):
        return endpoint
    from .endpoint import TIMEOUT, Endpoint

    return Endpoint(endpoint, timeout=timeout or TIMEOUT)
