"""Answers one query with one engine: resolves what its columns are pinned to, runs it, and explains an empty answer."""

from __future__ import annotations

import functools
from collections import namedtuple

from . import engines, graphs, querytext, terms
from .errors import AmbiguousTerm, UnknownName

MAX_VALUES = 1_000
RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SKOS_ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"
_NAMED = f"""SELECT ?term ?name WHERE {{
    {{ ?term <{RDFS_LABEL}> ?name }} UNION {{ ?term <{SKOS_ALT_LABEL}> ?name }}
    FILTER (isIRI(?term))
}}"""
_FOLDED = _NAMED.replace("?name }", "?written }").replace("FILTER", "BIND (LCASE(STR(?written)) AS ?name) FILTER")
_LABELS = f"SELECT ?term ?label WHERE {{ ?term <{RDFS_LABEL}> ?label }}"
_PLACES = tuple(
    f"SELECT DISTINCT ?term WHERE {{ {pattern} }}" for pattern in ("?s ?p ?term", "?term ?p ?o", "?s ?term ?o")
)


class Found(namedtuple("Found", "form columns solutions labels missing why")):
    """What an engine answered to a query.

    Attributes:
        form, columns, solutions: as in `engines.Result`.
        labels: a dict from IRI to its label, of IRIs in the answer.
        missing: IRIs of the query that occur nowhere in the data; filled only
            when the answer is empty.
        why: what the values may have against the answer, when it is empty.
    """

    __slots__ = ()


def answer(query, where, engine, prefixes, canned=True, want_labels=False) -> Found:
    """Answer a query, with columns pinned to values.

    Args:
        query: a `querytext.QueryText`.
        where: a dict from column to a value or a list of values, as
            `terms.meant` takes them.
        engine: an engine.
        prefixes: the prefixes of CURIEs.
        canned: whether the query is of the catalogue, so that what it answers
            on the shipped ontology says which values are likely.
        want_labels: whether to look up the labels of IRIs in the answer.

    Raises:
        UnknownName: no such column, or a value that occurs nowhere in the data.
        AmbiguousTerm: a label that several terms of the answer bear.
        LemsError: what the engine or the values have against it.
    """

    @functools.cache
    def likely(column):
        """The terms that a column has on the shipped ontology."""
        result = shipped_engine().run(query) if canned else None
        at = result.columns.index(column) if canned else None
        return frozenset(row[at] for row in result.rows) - {None} if canned else frozenset()

    meanings = {column: _meanings(query, column, values, engine, likely, prefixes) for column, values in where.items()}
    pins = {
        column: list(dict.fromkeys(term for candidates in group.values() for term in candidates))
        for column, group in meanings.items()
    }
    if sum(map(len, pins.values())) > MAX_VALUES:
        raise terms.WrongValue(
            f"{query.where} is given more than {MAX_VALUES:,} values; give fewer, or filter the answer"
        )
    result = engine.run(query, pins or None)
    _refuse_ambiguous(query, meanings, result, prefixes)
    missing = ()
    if not result.rows and engine is not shipped_engine():
        missing = tuple(iri for iri in query.terms() if not occurs(engine, _node(iri)))
    why = "" if missing else _held_against(query, meanings, result, engine, likely, prefixes)
    labels = labels_of(engine, result) if want_labels else {}
    return Found(result.form, result.columns, result.rows, labels, missing, why)


def _held_against(query, meanings, result, engine, likely, prefixes):
    """Why values may have found nothing, in words; empty where all is as it should be.

    Raises:
        UnknownName: a term or a text that stands nowhere in the data, so that it is likely misspelt.
    """
    for column, group in meanings.items():
        met = {row[result.columns.index(column)] for row in result.rows}
        for value, candidates in group.items():
            named = [term for term in candidates if terms.is_name(term)]
            if named and not met & set(candidates) and not any(occurs(engine, term) for term in candidates):
                raise _unknown(query, column, value, _values(query, column, engine, likely), prefixes)
    if result.rows or not meanings:
        return ""
    told = []
    for column, group in meanings.items():
        known = likely(column)
        if known and not known & {term for candidates in group.values() for term in candidates}:
            told.append(f"its column {column} has {terms.examples_of(known, prefixes)}")
    return "; ".join(told)


def _values(query, column, engine, likely):
    """The terms that a column has in the data, where that costs no more than the question; else the likely ones."""
    if engine.remote or engine is shipped_engine():
        return likely(column)
    result = engine.run(query)
    return likely(column) | {row[result.columns.index(column)] for row in result.rows} - {None}


def occurs(engine, term):
    """Whether a term stands anywhere in the data of an engine."""
    import pyoxigraph as ox

    places = _PLACES if isinstance(term, ox.NamedNode) else _PLACES[:1]
    return any(engine.run(querytext.read(place), {"term": [term]}).rows for place in places)


def labels_of(engine, result):
    """A dict from IRI to label for the IRIs of an answer beside which no label stands."""
    import pyoxigraph as ox

    bare = [at for at, name in enumerate(result.columns) if name + "Label" not in result.columns]
    nodes = list(dict.fromkeys(row[at] for row in result.rows for at in bare if isinstance(row[at], ox.NamedNode)))
    query = querytext.read(_LABELS)
    # A server is asked once for all of them; an engine of this process looks
    # each up in its index, where all at once would be compared with every label.
    groups = [nodes] if nodes and engine.remote else [[node] for node in nodes]
    return {node.value: label.value for group in groups for node, label in engine.run(query, {"term": group}).rows}


@functools.cache
def shipped_engine():
    """The engine over the shipped ontology."""
    return engines.Pyoxigraph(graphs.shipped()[0])


def labelled(engine, text):
    """The named nodes that bear a label or synonym in the shipped ontology or in the data of an engine."""
    found = _labelled(shipped_engine(), _FOLDED, text.lower())
    if engine is not shipped_engine():
        # Exact labels are in the index of a server; all others it would have to read one by one.
        found = found | (_labelled(engine, _NAMED, text) if engine.remote else set())
        if not found or not engine.remote:
            found = found | _labelled(engine, _FOLDED, text.lower())
    return found


def _labelled(engine, form, text):
    import pyoxigraph as ox

    names = [ox.Literal(text), *([ox.Literal(text, language="en")] if form is _NAMED else [])]
    return {row[0] for row in engine.run(querytext.read(form), {"name": names}).rows}


def _meanings(query, column, values, engine, likely, prefixes):
    """A dict from each value of a column to the terms that it may mean."""
    if query.columns is not None and column not in query.columns:
        named = ", ".join(query.columns) or "no columns"
        raise UnknownName("column", str(column), query.columns, f"{query.where} has {named}")

    where = f"column {column} of {query.where}"
    names = functools.partial(labelled, engine)
    values = list(values) if isinstance(values, (list, tuple, set, frozenset)) else [values]
    if not values:
        raise terms.WrongValue(f"no value is given for {where}; give one, or leave the column out")
    try:
        return {str(value): terms.meant(value, likely(column), names, prefixes, where) for value in values}
    except UnknownName as problem:
        raise _unknown(query, column, problem.name, _values(query, column, engine, likely), prefixes) from None


def _unknown(query, column, value, likely, prefixes):
    """The error for a value that nothing bears, with the likeliest that are borne."""
    likely = frozenset(likely)
    names = [label for node in likely for label in shipped_names(node)]
    return terms.unknown(value, likely, names, prefixes, f"column {column} of {query.where}")


def _refuse_ambiguous(query, meanings, result, prefixes):
    """Refuse a label that more than one term of the answer bears."""
    for column, group in meanings.items():
        at = result.columns.index(column)
        for value, candidates in group.items():
            met = {row[at] for row in result.rows} & {one for one in candidates if not hasattr(one, "datatype")}
            if len(met) > 1:
                names = sorted(terms.contract(one.value, prefixes) for one in met)
                raise AmbiguousTerm(
                    f"'{value}' for column {column} of {query.where} may be {' or '.join(names)}; name one of these"
                )


def shipped_names(node):
    """The labels and synonyms of a term in the shipped ontology."""
    import pyoxigraph as ox

    if not isinstance(node, ox.NamedNode):
        return []
    store = shipped_engine().store
    return [
        quad.object.value
        for label in (RDFS_LABEL, SKOS_ALT_LABEL)
        for quad in store.quads_for_pattern(node, ox.NamedNode(label), None)
    ]


def _node(iri):
    import pyoxigraph as ox

    return ox.NamedNode(iri)
