"""Holds a graph to shapes and checks, and says what it found."""

from __future__ import annotations

import hashlib

from .. import catalog, engines, graphs, querytext, terms
from . import baseline as baselines
from . import described, inputs, messages, nearmisses, selects, shapesgraph, targets, vetting
from . import engines as carriers
from .findings import CHECK, NEAR_MISS, SHACL, Fault, Found, Report, Result, Rule
from .locating import Locator
from .vocabulary import RDFS, SH


def validate(
    *paths, shapes=(), ontology=True, engine=None, allow_unused=False, baseline=None, syntax=None, contents=None
) -> Report:
    """Validate RDF files together with the shipped ontology, or that alone when none is given.

    Nothing is fetched: `owl:imports` are named in the report, and left alone.
    Named graphs are read as one.

    Args:
        paths: RDF files.
        shapes: files of shapes; the shipped ones when none is given. The
            checks of the shipped ontology are run with the shipped shapes alone.
        ontology: whether the shipped ontology is read together with the files.
        engine: a name of `engines.NAMES`; the fastest one that is proven when None.
        allow_unused: whether shapes that check nothing are no reason to fail.
        baseline: a file of findings to accept, or None.
        syntax: the syntax of files whose name does not say it, such as standard input.
        contents: a dict from path to bytes, for files that are not read from the disk.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
        BrokenShapes: a shape cannot be carried out for a reason that only showed when it was tried.
        UnknownName, Missing: there is no such engine, or it is not installed.
    """
    if engine is not None and engine not in carriers.NAMES:
        raise carriers.unknown(engine)
    known = baselines.read(baseline) if baseline else None
    graph = shapesgraph.ShapesGraph(shapes, contents) if shapes else shapesgraph.shipped()
    data = inputs.load(paths, ontology or not paths, syntax, contents)
    faults = vetting.faults(graph, data)
    mixed = bool(paths) and ontology
    counts, unused = _focus_nodes(graph, data, mixed, not graph.shipped)
    faults += unused
    carrier, found, checks, fired = carriers.chosen(engine, graph), [], (), ()
    if not any(fault.kind == "broken" for fault in faults):
        found = carrier.run(graph, data)
        if graph.shipped and (ontology or not paths):
            checks = tuple(query for query in catalog.queries().values() if query.is_check)
            fired = tuple(_fired(checks, data.store))
    rules = _rules(graph, checks, {fault.shape for fault in faults})
    names = described.Names(data.store, {**data.prefixes, **graph.prefixes})
    locator = Locator(data.sources, data.store, data.described, data.subjects or ())
    results = [_result(one, graph, rules, names, locator) for one in found]
    results += [_of_row(query, row, names, locator) for query, row in fired]
    results += [_near(*near, names, locator) for near in nearmisses.of_data(data, graph, mixed or not paths)]
    order = {source.path: at for at, source in enumerate(data.sources)}
    results = tuple(sorted(set(results), key=lambda result: _key(result, order)))
    kept = baselines.applied(baseline, known, results) if baseline else (results, None)
    return Report(
        files=tuple(map(str, paths)),
        shapes=tuple(map(str, shapes)),
        triples=len(data.store),
        focus_nodes=counts,
        rules=rules,
        results=kept[0],
        faults=_placed(faults, graph),
        checks=len(checks),
        imports=tuple(sorted(data.imports)),
        engine=carrier.name,
        baseline=kept[1],
        names=names.told,
        allow_unused=allow_unused,
        prefixes=data.prefixes,
    )


def _focus_nodes(graph, data, mixed, strict):
    """The number of focus nodes of each shape with a target, and a `Fault` for each that has none at all."""
    import pyoxigraph as ox

    shipped = graphs.shipped()[0] if mixed else None
    counts, faults, known = {}, [], None
    for shape in graph.shapes.values():
        if not shape.targets or graph.deactivated(shape.node):
            continue
        nodes = targets.focus_nodes(shape, data.store)
        if strict and not nodes:
            known = known or nearmisses.used(data.store)
            faults.append(_unused(graph, shape, known))
        if mixed:
            # Nodes of the ontology of which the files say nothing are no reason to call the files checked.
            # Its blank nodes have other names in each reading: only what the files say of one counts.
            before = targets.focus_nodes(shape, shipped) if nodes else ()
            nodes = {
                node
                for node in nodes
                if node in data.subjects or not (node in before or isinstance(node, ox.BlankNode))
            }
        counts[shape.id] = len(nodes)
    return counts, faults


def _unused(graph, shape, known):
    said, guesses = [], []
    for kind, term in shape.targets:
        short = terms.contract(term.value, graph.prefixes) if hasattr(term, "value") else str(term)
        said.append(f"sh:{kind} {short}")
        near = known.meant(term.value, True)
        if near:
            guesses.append(terms.contract(near, graph.prefixes))
    mend = f"did you mean {' or '.join(guesses)}?" if guesses else "correct its target, or allow unused shapes"
    message = f"finds no focus node for {', '.join(said)}; {mend}"
    return Fault("unused", message, shape.id, (shape.node, None, None))


def _fired(checks, store):
    """Each row of each check that has solutions, as the check and a dict from column to term."""
    engine = engines.Pyoxigraph(store)
    for query in checks:
        found = engine.run(querytext.read(query.text, query.name))
        for row in found.rows:
            yield query, dict(zip(found.columns, row, strict=True))


def _rules(graph, checks, faulty):
    """Each `Rule`, by its id: of shapes without a name those that stand for themselves, or are at fault."""
    import pyoxigraph as ox

    rules = []
    for shape in graph.shapes.values():
        named = isinstance(shape.node, ox.NamedNode)
        if not (named or shape.targets or _is_hung(graph, shape.node) or shape.id in faulty):
            continue
        said = graph.values(shape.node, "comment", RDFS) or graph.values(shape.node, "description")
        said = said or [text for select in _selects(graph, shape) for text in graph.values(select.node, "message")]
        said = said or graph.values(shape.node, "message") or graph.values(shape.node, "name")
        source = graph.value(shape.node, "seeAlso", RDFS)
        rules.append(
            Rule(
                shape.id,
                SHACL,
                graph.title(shape),
                said[0].value if said else "",
                severity(graph, shape.node),
                source.value if isinstance(source, ox.NamedNode) else None,
                # Nothing is known of pages for shapes of others.
                shape.id if named and graph.shipped else None,
            )
        )
    rules += [Rule(query.name, CHECK, query.name, query.summary, "violation", None, None) for query in checks]
    about = "An IRI that nothing describes is all but the same as a known term."
    rules.append(Rule(NEAR_MISS, NEAR_MISS, "near miss", about, "warning", None, None))
    return {rule.id: rule for rule in sorted(rules)}


def _selects(graph, shape):
    return selects.of(graph, shape) if not vetting.broken_selects(graph, shape) else ()


def _is_hung(graph, node):
    parent = graph.parents.get(node)
    return parent is not None and node in graph.values(parent, "property")


def severity(graph, node):
    """The severity of a shape, one of `findings.SEVERITIES`; one that SHACL does not know counts as a violation."""
    given = graph.value(node, "severity")
    return {SH + "Warning": "warning", SH + "Info": "info"}.get(getattr(given, "value", None), "violation")


def _result(found, graph, rules, names, locator):
    shape = graph.shapes[found.shape]
    return _made(
        severity(graph, shape.node), shape.id, found.component, found.focus_node, found.path, found.value,
        messages.of(graph, found), names, locator.result(found),
    )  # fmt: skip


def _made(level, rule, component, focus_node, path, value, message, names, place):
    parts = (rule, component, names.of(focus_node), path, names.of(value))
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Result(level, rule, component, focus_node, path, value, message, place, fingerprint)


def _of_row(query, row, names, locator):
    """A solution of a check as a result: its node is the first one of the row."""
    import pyoxigraph as ox

    nodes = [term for term in row.values() if term is not None and not isinstance(term, ox.Literal)]
    focus_node = nodes[0] if nodes else None
    others = [term for term in row.values() if term is not None and term != focus_node]
    told = ", ".join(f"{name} {names.short(term)}" for name, term in row.items() if term is not None)
    message = f"{query.summary} It must not be so: {told}."
    value = others[0] if others else None
    place = None
    if focus_node is not None:
        place = locator.result(Found(None, None, focus_node, None, value, ()))
    # All columns make the fingerprint: two rows may begin alike.
    made = _made("violation", query.name, None, focus_node, None, value, message, names, place)
    digest = hashlib.sha256(f"{made.fingerprint}{told}".encode()).hexdigest()[:16]
    return made._replace(fingerprint=digest)


def _near(triple, wrong, meant, names, locator):
    """A near miss as a result."""
    subject, predicate, object_ = triple
    message = f"{names.short(wrong)} is described nowhere; did you mean {names.short(meant)}?"
    ask = locator.predicate if wrong == predicate else locator.triple
    place = ask(subject, predicate, object_) or locator.subject(subject)
    return _made("warning", NEAR_MISS, None, subject, str(predicate), wrong, message, names, place)


def _placed(faults, graph):
    """The faults with their places in the files of shapes, in order."""
    import pyoxigraph as ox

    if not faults:
        return ()
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in graph.triples)
    sources = [inputs.Source(path, syntax, mark or "", None) for path, (syntax, mark) in graph.files.items()]
    locator = Locator(sources, store)

    def place(triple):
        if not isinstance(triple, tuple):
            return None
        subject, predicate, object_, *wrong = triple
        if wrong:
            return locator.predicate(subject, predicate, object_) or locator.subject(subject)
        return (locator.triple(subject, predicate, object_) if predicate else None) or locator.subject(subject)

    order = {path: at for at, path in enumerate(graph.files)}
    placed = dict.fromkeys(fault._replace(place=place(fault.place)) for fault in faults)
    return tuple(
        sorted(
            placed,
            key=lambda fault: (
                fault.kind,
                order.get(fault.place.file, 0) if fault.place else -1,
                (fault.place.line or 0, fault.place.column or 0) if fault.place else (0, 0),
                fault.shape or "",
                fault.message,
            ),
        )
    )


def _key(result, order):
    place = result.place
    where = (order.get(place.file, len(order)), place.line or 0, place.column or 0) if place else (len(order), 0, 0)
    return (*where, result.rule, result.fingerprint)
