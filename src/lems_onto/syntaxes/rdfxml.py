"""Writes RDF/XML as ontology tools do: elements named by kinds of things, blank nodes inside, lists as collections."""

import re

from ..errors import LemsError, shorten
from .layout import KINDS, OWL, RDF, TYPE, XSD, List, Node
from .names import Names

# What a name in XML may begin with, and go on with (https://www.w3.org/TR/xml-names/#NT-NCName).
_START = (
    "A-Z_a-z\xc0-\xd6\xd8-\xf6\xf8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME = f"[{_START}][-.0-9\xb7\u0300-\u036f\u203f\u2040{_START}]*"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# What means something else where a property would stand (https://www.w3.org/TR/rdf-syntax-grammar/#coreSyntaxTerms).
_TAKEN = {
    RDF + name
    for name in "RDF ID about parseType resource nodeID datatype Description li aboutEach aboutEachPrefix bagID".split()
}
_RESERVED = ("http://www.w3.org/XML/1998/namespace", "http://www.w3.org/2000/xmlns/")


def write(graphs, prefixes):
    """The text of graphs without names that are laid out, as RDF/XML.

    Raises:
        LemsError: XML cannot hold a literal, or name a predicate.
    """
    names = Names(
        {prefix: space for prefix, space in prefixes.items()
         if re.fullmatch(_NAME, prefix) and prefix[:3].lower() != "xml" and prefix != "rdf" and space not in _RESERVED}
        | {"rdf": RDF},
        re.compile(_NAME),
    )  # fmt: skip
    writer = _Writer(names, set(prefixes))
    body = "".join(writer.node(node, 1) for graph in graphs for node in graph.nodes)
    spaces = {"rdf": RDF, **names.used, **writer.made}
    head = "".join(f'\n    xmlns:{prefix}="{_attribute(space)}"' for prefix, space in sorted(spaces.items()))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{head}>\n{body}</rdf:RDF>\n'


class _Writer:
    """
    Attributes:
        made: prefixes for namespaces that had none.
    """

    def __init__(self, names, taken):
        self.names, self.taken = names, taken
        self.made, self.spaces = {}, {}

    def node(self, node, depth):
        """The element of a node."""
        kind, properties = self._kind(node.properties)
        indent = "    " * depth
        about = ""
        if node.term is not None:
            about = f' {"rdf:nodeID" if self._blank(node.term) else "rdf:about"}="{_attribute(node.term.value)}"'
        inside = "".join(
            self.property(node, predicate, value, depth + 1) for predicate, values in properties for value in values
        )
        if not inside:
            return f"{indent}<{kind}{about}/>\n"
        return f"{indent}<{kind}{about}>\n{inside}{indent}</{kind}>\n"

    def _kind(self, properties):
        """The name of the element of a node, and what else is said of it."""
        types = dict(properties).get(TYPE, [])
        known = {value.value: value for value in types if not isinstance(value, tuple) and value.value.startswith(OWL)}
        kind = next((kind for kind in (*KINDS, *sorted(known)) if kind in known), None)
        name = kind and self.names.short(kind)
        if not name:
            return "rdf:Description", properties
        rest = [value for value in types if value is not known[kind]]
        return name, [(one, rest if one == TYPE else values) for one, values in properties]

    def property(self, node, predicate, value, depth):
        """The element of a property with one value."""
        name, indent = self._name(predicate), "    " * depth
        if isinstance(value, Node):
            inside = self.node(value, depth + 1)
            return f"{indent}<{name}>\n{inside}{indent}</{name}>\n"
        if isinstance(value, List):
            inside = "".join(
                self.node(one if isinstance(one, Node) else Node(one, []), depth + 1) if not isinstance(one, List)
                else self._list_in_list(one, depth + 1)
                for one in value.values
            )  # fmt: skip
            return f'{indent}<{name} rdf:parseType="Collection">\n{inside}{indent}</{name}>\n'
        if not hasattr(value, "datatype"):
            refers = "rdf:nodeID" if self._blank(value) else "rdf:resource"
            return f'{indent}<{name} {refers}="{_attribute(value.value)}"/>\n'
        return f"{indent}<{name}{self._tag(value)}>{self._text(node, predicate, value)}</{name}>\n"

    def _list_in_list(self, value, depth):
        """A list that is a member of another one: its first cell, and the rest."""
        first, rest = value.values[0], List(value.values[1:])
        cell = Node(None, [(RDF + "first", [first]), (RDF + "rest", [rest])])
        return self.node(cell, depth)

    def _blank(self, term):
        return str(term).startswith("_:")

    def _tag(self, literal):
        if literal.language:
            return f' xml:lang="{literal.language}"'
        datatype = literal.datatype.value
        return "" if datatype == XSD + "string" else f' rdf:datatype="{_attribute(datatype)}"'

    def _text(self, node, predicate, literal):
        wrong = _NOT_XML.search(literal.value)
        if wrong:
            of = "a blank node" if node.term is None else shorten(str(node.term), 200)
            raise LemsError(
                f"a literal of {of} ({shorten(predicate, 200)}) holds the character U+{ord(wrong[0]):04X}, "
                "which RDF/XML cannot; convert it to another syntax, such as ttl, or remove it"
            )
        return _escaped(literal.value)

    def _name(self, predicate):
        """The name of the element of a predicate."""
        if predicate in self.spaces:
            return self.spaces[predicate]
        short = None if predicate in _TAKEN else self.names.short(predicate)
        if short is None:
            local = re.search(rf"{_NAME}$", predicate)
            # From the left, so that the local part is as long as can be.
            space = predicate[: local.start()] if local else ""
            if predicate in _TAKEN or not space or space in _RESERVED:
                raise LemsError(
                    f"the predicate <{shorten(predicate, 200)}> can be no name in RDF/XML; "
                    "convert it to another syntax, such as ttl"
                )
            short = f"{self._prefix(space)}:{local[0]}"
        self.spaces[predicate] = short
        return short

    def _prefix(self, space):
        known = {one: prefix for prefix, one in {**self.names.used, **self.made}.items()}
        if space not in known:
            number = len(self.made) + 1
            while f"ns{number}" in self.taken or f"ns{number}" in self.made:
                number += 1
            self.made[f"ns{number}"] = space
            return f"ns{number}"
        return known[space]


def _escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def _attribute(text):
    return _escaped(text).replace('"', "&quot;")
