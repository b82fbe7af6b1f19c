"""The SPARQL constraints of shapes: read, vetted, and answered once over the whole graph where that is the same.

https://www.w3.org/TR/shacl/#sparql-constraints. SHACL binds $this to each
focus node in turn before it evaluates the query. Where every solution binds
$this by a plain triple before all else, evaluating once and keeping the
solutions of the focus nodes gives the same, thousands of times faster.
"""

from __future__ import annotations

import itertools
import re
from collections import namedtuple

from .. import querytext
from ..errors import BrokenShapes, LemsError, shorten
from . import prebinding
from .vocabulary import OWL, SH

# For so few focus nodes, asking for each is faster than asking for all.
FEW = 20
# Of many more operators in a row the parser crashes.
MAX_WORDS = 5_000


class Select(namedtuple("Select", "shape node query messages")):
    """A SPARQL constraint.

    Attributes:
        shape: the `Shape` that has it.
        node: its node in the shapes graph.
        query: a `QueryText`, its prefixes declared and $PATH written out.
        messages: the texts of its sh:message.
    """

    __slots__ = ()


def of(graph, shape):
    """The constraints of a shape that are not deactivated, as `Select`.

    Raises:
        LemsError: one cannot be read; `wrong` says why.
    """
    return [
        _read(graph, shape, node)
        for node in graph.values(shape.node, "sparql")
        if not any(value.value in ("true", "1") for value in graph.values(node, "deactivated"))
    ]


def wrong(graph, shape):
    """What is wrong with the SPARQL constraints of a shape, one text for each fault."""
    for node in graph.values(shape.node, "sparql"):
        texts = graph.values(node, "select")
        if len(texts) != 1:
            yield f"its sh:sparql has {'no' if not texts else 'more than one'} sh:select; give it one"
            continue
        try:
            found = _read(graph, shape, node)
            _parse(found)
        except LemsError as problem:
            yield str(problem)
            continue
        yield from _unfit(found.query)


def wrong_validators(graph):
    """Pairs of a node and what is wrong with it, for the validators of constraint components of a shapes graph."""
    held = {triple.object for triple in graph.triples if triple.predicate.value == SH + "sparql"}
    held = {triple.object for triple in graph.triples if triple.predicate.value == SH + "sparql"}
    for triple in graph.triples:
        name = triple.predicate.value.removeprefix(SH)
        if name not in ("ask", "select") or triple.subject in held:
            continue
        try:
            head = "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in _prefixes(graph, triple.subject).items())
            query = querytext.read(head + triple.object.value, f"its sh:{name}", len(head))
            _refuse_length(query)
            _refuse_calls(query)
        except LemsError as problem:
            yield triple.subject, str(problem)
            continue
        for keyword in ("MINUS", "VALUES"):
            if query.has(keyword):
                yield triple.subject, f"its sh:{name} holds {keyword}, which SHACL forbids"
        if re.search(r"\bAS\s*[?$](this|value)\b", query.text, re.IGNORECASE):
            yield triple.subject, f"its sh:{name} assigns a variable that is bound already"


def _read(graph, shape, node):
    text = graph.value(node, "select").value
    declared = _prefixes(graph, node)
    head = "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in declared.items())
    if shape.path:
        text = re.sub(r"\$PATH\b", lambda _: shape.path, text)
    query = querytext.read(head + text, "its sh:select", len(head))
    if query.form != "SELECT":
        raise BrokenShapes(f"its sh:select is {query.form}; write a SELECT")
    _refuse_length(query)
    _refuse_calls(query)
    messages = graph.values(node, "message") or graph.values(shape.node, "message")
    return Select(shape, node, query, tuple(message.value for message in messages))


def _refuse_length(query):
    if len(query.tokens) > MAX_WORDS:
        raise BrokenShapes(f"its query has {len(query.tokens):,} words, at most {MAX_WORDS:,} are read: shorten it")


def _refuse_calls(query):
    try:
        querytext.refuse_calls(query)
    except querytext.RefusedQuery as problem:
        raise BrokenShapes("its query holds SERVICE or FROM, which reach beyond the data; leave it out") from problem


def _prefixes(graph, node):
    """The prefixes that a constraint may use: those declared where its sh:prefixes leads, imports included."""
    found, seen, todo = {}, set(), list(graph.values(node, "prefixes"))
    while todo:
        one = todo.pop(0)
        if one in seen:
            continue
        seen.add(one)
        todo += graph.values(one, "imports", OWL)
        for declaration in graph.values(one, "declare"):
            prefix, space = graph.value(declaration, "prefix"), graph.value(declaration, "namespace")
            if prefix is None or space is None or not re.fullmatch(r"[\w.-]*", prefix.value):
                raise BrokenShapes("a sh:declare of its sh:prefixes needs both sh:prefix and sh:namespace")
            if re.search(r"[\s<>\"{}|\\^`]", space.value):
                raise BrokenShapes(f"the namespace of its prefix {prefix.value}: is no IRI")
            if found.setdefault(prefix.value, space.value) != space.value:
                raise BrokenShapes(f"its prefix {prefix.value}: is declared with two namespaces")
    if graph.values(node, "prefixes") and not found:
        raise BrokenShapes("its sh:prefixes leads to no sh:declare; declare the prefixes there")
    return found


def _parse(select):
    import pyoxigraph as ox

    try:
        ox.Store().query(select.query.text)
    except (SyntaxError, ValueError) as problem:
        reason = re.sub(r"^error at \d+:\d+: ", "", str(problem))
        raise BrokenShapes(f"its sh:select cannot be parsed: {shorten(' '.join(reason.split()), 160)}") from problem


def _unfit(query):
    """What SHACL forbids in a query with a pre-bound variable, https://www.w3.org/TR/shacl/#pre-binding."""
    variables = [token.text[1:] for token in query.tokens if token.kind == "variable"]
    if query.columns is not None and "this" not in query.columns:
        yield "its sh:select does not project $this; add it to the SELECT clause"
    if "this" not in variables[len(query.columns or ()) :]:
        yield "its sh:select does not use $this, so that it says nothing of the focus node"
    for name in ("shapesGraph", "currentShape"):
        if name in variables:
            yield f"its sh:select uses ${name}, which SHACL leaves to engines and which is not bound here"
    for keyword in ("MINUS", "VALUES"):
        if query.has(keyword):
            yield f"its sh:select holds {keyword}, which SHACL forbids; write FILTER NOT EXISTS, or IN"
    if any(not _returns_this(query.tokens, at) for at in _inner_selects(query)):
        yield "a sub-SELECT of its sh:select does not return $this; add it to its SELECT clause"
    if re.search(r"\bAS\s*[?$]this\b", query.text, re.IGNORECASE):
        yield "its sh:select assigns $this, which is bound already"


def _inner_selects(query):
    tokens = range(query.body[0], query.body[1])
    return [at for at in tokens if querytext.keyword(query.tokens[at]) == "SELECT"]


def _returns_this(tokens, at):
    """Whether the sub-SELECT at a token projects $this; with *, whether a triple of its own group mentions it."""
    depth = tokens[at].depth
    opening = next(place for place in range(at, len(tokens)) if tokens[place].text == "{")
    clause = tokens[at:opening]
    if any(token.kind == "variable" and token.text[1:] == "this" for token in clause):
        return True
    group = itertools.takewhile(lambda token: token.depth > depth, tokens[opening + 1 :])
    own = [token for token in group if token.depth == depth + 1]
    return any(token.text == "*" for token in clause) and any(token.text[1:] == "this" for token in own)


def solutions(select, store, focus_nodes):
    """The solutions of a constraint for its focus nodes, as pairs of the focus node and a dict of bindings.

    Raises:
        BrokenShapes: the query fails, by SHACL's ?failure or in the engine.
    """
    import pyoxigraph as ox

    text = select.query.text
    literals = any(isinstance(node, ox.Literal) for node in focus_nodes)
    try:
        if len(focus_nodes) > FEW and not literals and prebinding.once(select.query):
            for node, bindings in _rows(store.query(text)):
                if node in focus_nodes:
                    yield node, bindings
            return
        this = ox.Variable("this")
        for focus_node in focus_nodes:
            for _, bindings in _rows(store.query(text, substitutions={this: focus_node})):
                yield focus_node, bindings
    except (SyntaxError, ValueError, RuntimeError) as problem:
        reason = shorten(" ".join(str(problem).split()), 160)
        raise BrokenShapes(f"{select.shape.id}: its sh:select fails: {reason}") from problem


def _rows(found):
    names = [variable.value for variable in found.variables]
    at = names.index("this") if "this" in names else None
    for solution in found:
        bindings = {name: term for name, term in zip(names, solution, strict=True) if term is not None}
        failure = bindings.get("failure")
        if failure is not None and failure.value in ("true", "1"):
            raise ValueError("it reports ?failure true")
        yield (solution[at] if at is not None else None), bindings
