"""Draws the graph pattern of a SPARQL question as a Mermaid flowchart, from rdflib's parse of it.

    python docs/diagrams.py NAME ...   print the diagrams of some questions

What is not drawn is refused, so that no picture leaves out a part of its question.
"""

import sys

from pyparsing import ParseResults
from rdflib import RDF, XSD
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Literal, URIRef, Variable

BARE = (XSD.boolean, XSD.decimal, XSD.double, XSD.integer)
MOST_VALUES = 6
LEGEND = """\
Green is a column of the answer, blue a constant, grey a variable on the way.
An arrow is a triple; a hexagon holds a condition, a slanted box a value that
is worked out, a box with double sides a list, a dashed box what may be
missing, or one of several ways. A triple of a dashed box that leads from
outside to outside stands in it as a white box."""
# Mermaid would else break a line after 200 pixels, in the middle of a triple.
WIDE = '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%'
SHAPES = {
    "variable": '("{}")',
    "constant": '(["{}"])',
    "filter": '{{{{"{}"}}}}',
    "bind": '[/"{}"/]',
    "values": '[["{}"]]',
    "path": '["{}"]',
}
COLOURS = {
    "column": "fill:#d4edda,stroke:#2e7d32",
    "variable": "fill:#f2f2f2,stroke:#777",
    "constant": "fill:#dbe9f9,stroke:#1f5fa8",
    "filter": "fill:#fdecc8,stroke:#b26a00",
    "bind": "fill:#fff7d6,stroke:#8a7a1f",
    "values": "fill:#fff7d6,stroke:#8a7a1f",
    "path": "fill:#fff,stroke:#999",
    "box": "fill:#fafafa,stroke:#777,stroke-dasharray:5 4",
}


def flowchart(text):
    """The Mermaid flowchart of a SPARQL SELECT, CONSTRUCT or ASK."""
    parsed = parseQuery(text)[1]
    root = _Box(None, "", _columns(parsed))
    for triple in _triples(_has(parsed, "template", [])):
        root.columns |= {str(term) for term in triple if isinstance(term, Variable)}
    root.select(parsed)
    nodes, edges = root.drawn()
    boxes = [f"    class {','.join(box.id for box in root.boxes())} box"] if root.boxes() else []
    kinds = {kind for _, kind, _ in nodes.values()} | ({"box"} if boxes else set())
    colours = [f"    classDef {kind} {how},color:#111" for kind, how in COLOURS.items() if kind in kinds]
    return "\n".join([WIDE, "flowchart LR", *root.lines(nodes), *map(_edge, edges), *boxes, *colours]) + "\n"


class _Box:
    """A group of the pattern: the nodes that are its own, and its links."""

    def __init__(self, parent, title, columns=None):
        self.parent, self.title, self.columns = parent, title, columns
        self.root = parent.root if parent else self
        self.parts, self.links, self.mentioned = [], [], {}
        if not parent:
            self.count, self.ids = 0, {}
        self.id = self.root.next("g")

    def next(self, letter):
        """An id that no other node or box has."""
        self.count += 1
        return f"{letter}{self.count}"

    def select(self, query):
        """Takes in a whole SELECT: its pattern, what it works out, how it groups."""
        self.group(query.where)
        by = [_text(one) for one in query.groupby.condition] if _has(query, "groupby") else []
        for one in _has(query, "projection", []):
            if "evar" in one:
                grouped = any(getattr(part, "name", "").startswith("Aggregate") for part in _walk(one.expr))
                each = f"\nfor each {', '.join(by)}" if by and grouped else ""
                self.node("bind", _text(one.expr) + each, one.expr, target=one.evar)
        for one in query.having.condition if _has(query, "having") else []:
            self.node("filter", _text(one), one)

    def group(self, pattern):
        """Takes in the parts of a group."""
        for part in [pattern] if pattern.name == "SubSelect" else _has(pattern, "part", []):
            if part.name == "TriplesBlock":
                for triple in _triples(part.triples):
                    self.links.append(("triple", triple))
                    self.mention(triple)
            elif part.name == "Filter":
                self.node("filter", _text(part.expr), part.expr)
            elif part.name == "Bind":
                self.node("bind", _text(part.expr), part.expr, target=part.var)
            elif part.name == "InlineData":
                self.node("values", _values(part), part.var)
            elif part.name == "OptionalGraphPattern":
                self.inner("may be missing").group(part.graph)
            elif part.name == "MinusGraphPattern":
                self.node("filter", "MINUS" + _group(part.graph), part.graph)
            elif part.name == "GraphGraphPattern":
                self.mention([part.term])
                self.inner(f"GRAPH {_text(part.term)}").group(part.graph)
            elif part.name == "GroupOrUnionGraphPattern":
                self.union(part.graph)
            elif part.name == "SubSelect":
                self.union([part])
            else:
                raise _undrawn(part)

    def union(self, groups):
        """Takes in a nested group, a sub-SELECT, or the branches of a UNION."""
        outer = self.inner("either, or") if len(groups) > 1 else self
        for group in groups:
            if group.name == "SubSelect":
                columns = _columns(group)
                distinct = "DISTINCT " if _has(group, "modifier") == "DISTINCT" else ""
                names = " ".join(f"?{name}" for name in sorted(columns))
                outer.inner(f"SELECT {distinct}{names}", columns).select(group)
            elif len(groups) > 1:
                outer.inner(" ").group(group)
            else:
                outer.group(group)

    def inner(self, title, columns=None):
        """A box in this one."""
        box = _Box(self, title, columns)
        self.parts.append(box)
        return box

    def node(self, kind, label, uses, target=None):
        """A condition or a worked-out value, linked to the variables that it uses."""
        name = self.root.next("n")
        self.links.append(("node", (name, kind, label, _variables(uses), target)))
        self.mention([target, *(_variables(uses) if kind == "values" else [])])

    def mention(self, terms):
        """Notes that this box speaks of the variables of some terms."""
        for term in terms:
            for variable in _variables(term):
                self.home(variable).mentioned.setdefault(str(variable), []).append(self)

    def home(self, variable):
        """The SELECT to which a variable belongs: an inner one keeps what it does not project."""
        box = self
        while box.parent and (box.columns is None or str(variable) in box.columns):
            box = box.parent
        return box

    def owner(self, variable):
        """The innermost box that holds all mentions of a variable."""
        lines = [box.line() for box in self.home(variable).mentioned.get(str(variable), [self])]
        shared = [boxes[0] for boxes in zip(*lines, strict=False) if len({id(box) for box in boxes}) == 1]
        return shared[-1]

    def line(self):
        """This box and those that hold it, the outermost first."""
        return [*(self.parent.line() if self.parent else []), self]

    def name(self, term):
        """The id of the node of a term, and the box that holds it."""
        if isinstance(term, Variable | BNode):
            box, key = self.owner(term), (self.home(term).id, str(term))
        else:
            box, key = self, (self.id, "constant", _text(term))
        return self.root.ids.setdefault(key, f"v{len(self.root.ids)}"), box

    def drawn(self):
        """Nodes of the whole pattern as id to (box, kind, label), and edges as (start, label, end, dashed)."""
        nodes, edges = {}, []
        for kind, what in self.links:
            if kind == "triple":
                self.arrow(what, nodes, edges)
                continue
            name, shape, label, uses, target = what
            nodes[name] = (self, shape, label)
            # A variable that nothing but conditions mentions stands in their text alone.
            ends = [self.term(one, nodes) for one in uses if str(one) in self.home(one).mentioned]
            if shape == "values":
                edges += [(name, "", end, False) for end in ends]
            else:
                edges += [(end, "", name, True) for end in ends]
            if target is not None:
                edges.append((name, "as", self.term(target, nodes), False))
        for part in self.parts:
            more, further = part.drawn()
            nodes.update({key: value for key, value in more.items() if key not in nodes})
            edges += further
        return nodes, edges

    def arrow(self, triple, nodes, edges):
        """Draws a triple."""
        subject, predicate, thing = triple
        start, end = self.term(subject, nodes), self.term(thing, nodes)
        label = _text(predicate)
        outside = self not in (nodes[start][0], nodes[end][0])
        if isinstance(predicate, Variable) or (self.parent and outside):
            middle = self.root.next("n")
            nodes[middle] = (self, "path", label)
            if isinstance(predicate, Variable):
                edges.append((self.term(predicate, nodes), "", middle, True))
            edges += [(start, "", middle, False), (middle, "", end, False)]
        else:
            edges.append((start, label, end, False))

    def term(self, term, nodes):
        """The id of the node of a term, drawn where it is not yet."""
        name, box = self.name(term)
        if isinstance(term, Variable | BNode):
            kind = "column" if self.home(term) is self.root and str(term) in self.root.columns else "variable"
        else:
            kind = "constant"
        nodes.setdefault(name, (box, kind, _text(term)))
        return name

    def lines(self, nodes, depth=1):
        """The lines that declare the nodes, box in box."""
        indent = "    " * depth
        found = []
        for name, (box, kind, label) in nodes.items():
            if box is self:
                shape = SHAPES["variable" if kind == "column" else kind]
                found.append(f"{indent}{name}{shape.format(escape(label))}:::{kind}")
        for part in self.parts:
            head = f'{indent}subgraph {part.id}["{escape(part.title)}"]'
            found += [head, *part.lines(nodes, depth + 1), f"{indent}end"]
        return found

    def boxes(self):
        """All boxes in this one."""
        return [box for part in self.parts for box in [part, *part.boxes()]]


def _edge(edge):
    start, label, end, dashed = edge
    arrow = "-.-" if dashed else f'-- "{escape(label)}" -->' if label else "-->"
    return f"    {start} {arrow} {end}"


def _has(tree, key, otherwise=None):
    """A part of a parse, whose own `get` gives the key for what is missing."""
    return dict(tree).get(key, otherwise)


def _columns(select):
    """The names that a SELECT clause gives to its columns."""
    return {str(_has(one, "var") or one.evar) for one in _has(select, "projection", [])}


def _triples(blocks):
    """The triples of a block, which the parser gives as flat lists."""
    return [tuple(block[at : at + 3]) for block in blocks for at in range(0, len(block), 3)]


def _walk(tree):
    """A term, path, expression or pattern with all of its parts, in order."""
    yield tree
    parts = (
        tree.values() if isinstance(tree, CompValue) else tree if isinstance(tree, list | tuple | ParseResults) else ()
    )
    for part in list(parts):
        yield from _walk(part)


def _variables(tree):
    """The variables of a term, path, expression or pattern, each once, in order."""
    return list(dict.fromkeys(part for part in _walk(tree) if isinstance(part, Variable)))


def _text(tree):
    """An expression, path or term as one writes it."""
    if isinstance(tree, Variable):
        return f"?{tree}"
    if isinstance(tree, BNode):
        return "[ ]"
    if isinstance(tree, Literal) and tree.datatype in BARE:
        return str(tree)
    if isinstance(tree, URIRef | Literal):
        return "a" if tree == RDF.type else tree.n3()
    if isinstance(tree, str):
        return str(tree)
    return _WRITERS.get(tree.name, _call)(tree)


def _operand(tree, rank):
    """An operand as text, in brackets where the grammar would else read it otherwise."""
    inner = tree
    while getattr(inner, "name", "") in _RANKS and not (_has(inner, "op") or _has(inner, "other")):
        inner = inner.expr
    bracketed = isinstance(inner, CompValue) and _RANKS.get(inner.name, 9) <= rank
    return f"({_text(inner)})" if bracketed else _text(inner)


def _chain(tree):
    rank = _RANKS[tree.name]
    return (" or ", " and ")[rank - 1].join(_operand(one, rank) for one in [tree.expr, *_has(tree, "other", [])])


def _sum(tree):
    rank = _RANKS[tree.name]
    pairs = zip(_has(tree, "op", []), _has(tree, "other", []), strict=True)
    return _operand(tree.expr, rank) + "".join(f" {sign} {_operand(other, rank)}" for sign, other in pairs)


def _relation(tree):
    if not _has(tree, "op"):
        return _text(tree.expr)
    listed = isinstance(tree.other, list | ParseResults)
    other = f"({', '.join(map(_text, tree.other))})" if listed else _operand(tree.other, 3)
    return f"{_operand(tree.expr, 3)} {tree.op} {other}"


def _call(tree):
    """A function or an aggregate, its arguments in order."""
    kind, _, name = tree.name.partition("_")
    if kind not in ("Aggregate", "Builtin", "Function"):
        raise _undrawn(tree)
    name = name if name.startswith("is") else name.upper().replace("PCONCAT", "P_CONCAT")
    if "graph" in tree:
        return ("NOT EXISTS" if name == "NOTEXISTS" else name) + _group(tree.graph)
    arguments = []
    for key, value in tree.items():
        if key == "iri":
            name = _text(value)
        elif key == "distinct":
            arguments += ["DISTINCT"] if value else []
        else:
            arguments += list(value) if isinstance(value, list | ParseResults) else [value]
    return f"{name}({', '.join(map(_text, arguments))})".replace("DISTINCT, ", "DISTINCT ")


def _path(sign):
    return lambda tree: sign.join(map(_text, tree.part))


def _step(tree):
    inner = _text(tree.part)
    many = getattr(tree.part, "name", "") == "PathAlternative"
    return (f"({inner})" if many else inner) + (_has(tree, "mod") or "")


def _literal(tree):
    language, datatype = _has(tree, "lang"), _has(tree, "datatype")
    return _text(tree.string) + (f"@{language}" if language else f"^^{_text(datatype)}" if datatype else "")


def _group(pattern):
    """A small group as text, one triple a line, for a condition."""
    lines = []
    for part in [pattern] if pattern.name == "SubSelect" else _has(pattern, "part", []):
        if part.name == "TriplesBlock":
            lines += [" ".join(map(_text, triple)) for triple in _triples(part.triples)]
        elif part.name == "Filter":
            lines.append(_text(part.expr))
        elif part.name == "OptionalGraphPattern":
            lines.append("OPTIONAL" + _group(part.graph))
        elif part.name == "Bind":
            lines.append(f"{_text(part.expr)} AS ?{part.var}")
        elif part.name == "InlineData":
            lines.append(_values(part))
        elif part.name == "GroupOrUnionGraphPattern" and all(one.name != "SubSelect" for one in part.graph):
            lines.append("\nor ".join(map(_group, part.graph)))
        else:
            raise _undrawn(part)
    return "\n".join(["", *lines])


def _values(part):
    """The rows of a VALUES, the first few of them."""
    rows = [" ".join(map(_text, row)) if isinstance(row, list | ParseResults) else _text(row) for row in part.value]
    more = [f"and {len(rows) - MOST_VALUES} more"] if len(rows) > MOST_VALUES else []
    return "\n".join(["one of", *rows[:MOST_VALUES], *more])


# How loosely each binds what it joins.
_RANKS = {
    "ConditionalOrExpression": 1,
    "ConditionalAndExpression": 2,
    "RelationalExpression": 3,
    "AdditiveExpression": 4,
    "MultiplicativeExpression": 5,
}
_WRITERS = {
    "AdditiveExpression": _sum,
    "ConditionalAndExpression": _chain,
    "ConditionalOrExpression": _chain,
    "MultiplicativeExpression": _sum,
    "PathAlternative": _path("|"),
    "PathElt": _step,
    "PathEltOrInverse": lambda tree: f"^{_text(tree.part)}",
    "PathNegatedPropertySet": lambda tree: "!(" + "|".join(map(_text, tree.part)) + ")",
    "PathSequence": _path("/"),
    "RelationalExpression": _relation,
    "UnaryMinus": lambda tree: f"-{_operand(tree.expr, 5)}",
    "UnaryNot": lambda tree: f"not {_operand(tree.expr, 5)}",
    "UnaryPlus": lambda tree: _text(tree.expr),
    "literal": _literal,
    "pname": lambda tree: f"{_has(tree, 'prefix') or ''}:{_has(tree, 'localname') or ''}".removesuffix(":"),
}


def _undrawn(part):
    return ValueError(f"{part.name} has no drawing yet; add one to docs/diagrams.py")


def escape(label):
    """A label as Mermaid takes it between quotes."""
    for sign, code in (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;"), ("`", "#96;")):
        label = label.replace(sign, code)
    return label.strip("\n").replace("\n", "<br/>") or " "


def main():
    import lems_onto

    for name in sys.argv[1:]:
        print(flowchart(lems_onto.query(name).text), end="")


if __name__ == "__main__":
    main()
