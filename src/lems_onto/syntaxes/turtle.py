"""Writes Turtle and TriG as the ontology is laid by hand: one block per subject, one line per value."""

import re

from .layout import TYPE, XSD, List, Node
from .names import Names

WIDE = 100
# Literals that Turtle writes without quotes; their text stays as it is.
BARE = {
    XSD + "boolean": re.compile("true|false"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "integer": re.compile("[+-]?[0-9]+"),
}
_NOT_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write(graphs, prefixes):
    """The text of graphs that are laid out, as Turtle, or as TriG where one has a name."""
    names = Names({prefix: space for prefix, space in prefixes.items() if _is_prefix(prefix)})
    writer = _Writer(names)
    blocks = [block for graph in graphs for block in writer.graph(graph)]
    head = "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(names.used.items(), key=_folded))
    return (head + "\n" if head else "") + "\n".join(blocks)


def _is_prefix(prefix):
    return not prefix or re.fullmatch(r"[A-Za-z](?:[\w.-]*[\w-])?", prefix, re.ASCII)


def _folded(item):
    return item[0].casefold(), item[0]


class _Writer:
    def __init__(self, names):
        self.names = names

    def graph(self, graph):
        """The blocks of a graph, each ending in a line feed."""
        blocks = [self.block(node) for node in graph.nodes]
        if graph.name is None:
            return blocks
        inside = "\n".join(blocks)
        # A line feed inside of a literal is escaped, so that each line may be moved.
        indented = re.sub(r"(?m)^(?=.)", "    ", inside)
        return [f"{self.term(graph.name)} {{\n{indented}}}\n"]

    def block(self, node):
        """The block of a subject."""
        head = "[]" if node.term is None else self.term(node.term)
        lines = [self.line(predicate, values, "    ") for predicate, values in node.properties]
        return head + "\n" + "".join(f"    {line} ;\n" for line in lines) + "    .\n"

    def line(self, predicate, values, indent):
        """A predicate and its values."""
        verb = "a" if predicate == TYPE else self.iri(predicate)
        between = f" ,\n{indent}    "
        return f"{verb} {between.join(self.value(value, indent + '    ') for value in values)}"

    def value(self, value, indent):
        """A value: on one line where it fits, else a part on each."""
        if isinstance(value, Node):
            parts = [self.line(predicate, values, indent + "    ") for predicate, values in value.properties]
            opened, between, closed = "[", " ;", "]"
        elif isinstance(value, List):
            parts = [self.value(one, indent + "    ") for one in value.values]
            opened, between, closed = "(", "", ")"
        else:
            return self.term(value)
        if not parts:
            return opened + closed
        flat = (between + " ").join(parts)
        if len(flat) <= WIDE and "\n" not in flat:
            return f"{opened} {flat} {closed}"
        lines = "".join(f"{indent}    {part}{between}\n" for part in parts)
        return f"{opened}\n{lines}{indent}{closed}"

    def term(self, term):
        """A term."""
        if hasattr(term, "datatype"):
            return self.literal(term)
        text = str(term)
        return text if text.startswith("_:") else self.iri(term.value)

    def iri(self, iri):
        """An IRI, short where a prefix fits."""
        return self.names.short(iri) or "<" + _NOT_IRI.sub(_escaped_iri, iri) + ">"

    def literal(self, literal):
        """A literal, its text kept."""
        datatype = literal.datatype.value
        if datatype in BARE and BARE[datatype].fullmatch(literal.value):
            return literal.value
        text = '"' + re.sub(r'[\x00-\x1f\x7f-\x9f"\\\u2028\u2029\ufeff\ufffe\uffff]', _escaped, literal.value) + '"'
        if literal.language:
            return f"{text}@{literal.language}"
        return text if datatype == XSD + "string" else f"{text}^^{self.iri(datatype)}"


def _escaped(match):
    return ESCAPES.get(match[0]) or f"\\u{ord(match[0]):04X}"


def _escaped_iri(match):
    return f"\\u{ord(match[0]):04X}"
