"""Carries out SPARQL constraints with pyoxigraph, each once for all focus nodes.

https://www.w3.org/TR/shacl/#sparql-constraints. Where that is not the same as
once for each of them (see `prebinding.once`), the engine of the core does it.
"""

from __future__ import annotations

import re

from . import prebinding, selects, targets
from .findings import Found
from .vocabulary import SH


def together(core, graph, data) -> list[Found]:
    """Carry out the core of an engine, and beside it the SPARQL constraints that `left` leaves out there.

    Both engines let go of the interpreter while they work, so that each core of
    the machine has its own. The order of what is found does not depend on it.

    Args:
        core: a function without arguments that gives a list of `Found`.

    Raises:
        BrokenShapes: a constraint fails; and whatever `core` raises.
    """
    import concurrent.futures
    import os

    # The longest queries are likely to take longest; what is short fills the gaps.
    jobs = sorted(_jobs(graph, data), key=lambda job: -len(job[1].query.text))
    pool = concurrent.futures.ThreadPoolExecutor(min(os.cpu_count() or 1, 4))
    try:
        first = pool.submit(core)
        futures = [pool.submit(_carried, *job, data) for job in jobs]
        return [*first.result(), *(one for future in futures for one in future.result())]
    finally:
        # What fails, or is interrupted, does not wait for queries that cannot be stopped.
        pool.shutdown(wait=False, cancel_futures=True)


def _jobs(graph, data):
    """Each shape with a SPARQL constraint of it and its focus nodes."""
    for shape in graph.shapes.values():
        if not graph.values(shape.node, "sparql") or graph.deactivated(shape.node):
            continue
        focus_nodes = set()
        for outer in _around(graph, shape):
            focus_nodes |= _focus_nodes(graph, outer, shape, data.store)
        for select in selects.of(graph, shape) if focus_nodes else ():
            if prebinding.once(select.query):
                yield shape, select, focus_nodes


def _carried(shape, select, focus_nodes, data):
    """What one SPARQL constraint finds."""
    return [
        _of_solution(shape, select, focus_node, bindings)
        for focus_node, bindings in selects.solutions(select, data.store, focus_nodes)
    ]


def left(graph):
    """The triples of a shapes graph without the SPARQL constraints that `together` carries out, or that are off."""
    kept = {
        (shape.node, select.node)
        for shape in graph.shapes.values()
        for select in selects.of(graph, shape)
        if not prebinding.once(select.query)
    }
    return [
        triple
        for triple in graph.triples
        if triple.predicate.value != SH + "sparql" or (triple.subject, triple.object) in kept
    ]


def _around(graph, shape):
    """The chains of shapes, from one with a target to this one, each hung by sh:property in the next."""
    chains = [(shape,)]
    for chain in chains:
        for outer in graph.shapes.values():
            if chain[0].node in graph.values(outer.node, "property") and outer not in chain:
                chains.append((outer, *chain))
    return [chain for chain in chains if chain[0].targets and not any(graph.deactivated(one.node) for one in chain)]


def _focus_nodes(graph, chain, shape, store):
    """The nodes that a shape at the end of a chain is to look at."""
    nodes = targets.focus_nodes(chain[0], store)
    for outer in chain[:-1]:
        if outer.path:
            nodes = _values(nodes, outer.path, store)
    return nodes


def _values(nodes, path, store):
    """The value nodes of nodes along a path."""
    import pyoxigraph as ox

    found = set()
    for node in nodes:
        query = f"SELECT DISTINCT ?this ?value WHERE {{ ?this {path} ?value }}"
        found.update(solution["value"] for solution in store.query(query, substitutions={ox.Variable("this"): node}))
    return found


def _of_solution(shape, select, focus_node, bindings):
    import pyoxigraph as ox

    value = bindings.get("value")
    if value is None and shape.path is None:
        value = focus_node
    path = bindings.get("path")
    path = str(path) if isinstance(path, ox.NamedNode) else shape.path
    own = bindings.get("message")
    messages = (own.value,) if isinstance(own, ox.Literal) else select.messages
    bindings = {"this": focus_node, **bindings}

    def written(found):
        term = bindings.get(found[1])
        return found[0] if term is None else term.value if not isinstance(term, ox.BlankNode) else str(term)

    said = tuple(sorted(re.sub(r"\{[?$](\w+)\}", written, message) for message in messages))
    return Found(shape.node, SH + "SPARQLConstraintComponent", focus_node, path, value, said)
