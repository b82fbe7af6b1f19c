"""Writes JSON-LD with a context that is made from the graph: names that read well, and what their values are."""

import collections
import json
import re

from .coercions import Coercion, coercion, flat, is_name
from .layout import RDFS, TYPE, XSD, List, Node, natural
from .names import Names

# A name that reads well as a key.
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_LOCAL = re.compile(r"[^\s/#?]+")
# JSON writes these without quotes, and readers give them back with the same text.
_INTEGER = re.compile("0|-?[1-9][0-9]{0,14}")
_BOOLEANS = {"true": True, "false": False}
_LABEL = RDFS + "label"
# Deeper inside of others, a blank node with a name stands by itself.
MAX_NESTING = 20
# A prefix needs no word in the context to be one where its namespace ends in one of these.
_DELIMITERS = tuple(":/?#[]@")


def write(graphs, prefixes):
    """The text of graphs that are laid out, as JSON-LD 1.1.

    Nothing need be fetched to read it: the context stands in it. Each property
    has a key, its local name or what it is called where that is a number, and
    says whether its values are names, texts of one language, by language, of
    one datatype, a list, or a set.
    """
    writer = _Writer(_nodes(graphs), prefixes)
    found = []
    for graph in graphs:
        inside = writer.graph(graph)
        found += inside if graph.name is None else [{"@id": writer.name(graph.name), "@graph": inside}]
    # An entry of the context takes one line; no line feed stands inside of a string.
    entries = ",\n".join(f"    {_json(key)}: {_json(entry)}" for key, entry in writer.context().items())
    body = json.dumps(found, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    return f'{{\n  "@context": {{\n{entries}\n  }},\n  "@graph": {body}\n}}\n'


def _json(value):
    return json.dumps(value, ensure_ascii=False)


def _nodes(graphs):
    """All nodes, those inside of others too."""
    todo = [node for graph in graphs for node in graph.nodes]
    while todo:
        part = todo.pop()
        if isinstance(part, Node):
            yield part
            todo.extend(value for _, values in part.properties for value in values if isinstance(value, tuple))
        else:
            todo.extend(value for value in part.values if isinstance(value, tuple))


class _Writer:
    def __init__(self, nodes, prefixes):
        self.uses = collections.defaultdict(list)
        types, iris, labels = set(), set(), {}
        for node in nodes:
            if node.term is not None:
                iris.add(node.term.value)
            for predicate, values in node.properties:
                self.uses[predicate].append(values)
                iris.add(predicate)
                for value in flat(values):
                    if hasattr(value, "datatype"):
                        iris.add(value.datatype.value)
                        if predicate == _LABEL and node.term is not None:
                            labels.setdefault(node.term.value, value.value)
                    elif not isinstance(value, Node):
                        iris.add(value.value)
                        if predicate == TYPE and is_name(value):
                            types.add(value.value)
        # A prefix that is called like the scheme of an IRI would turn that IRI into another one.
        schemes = {iri.partition(":")[0] for iri in iris}
        self.names = Names(
            {one: space for one, space in prefixes.items() if _WORD.match(one) and one not in schemes}, _LOCAL
        )
        self.keys = self._keys({*self.uses, *types}, labels, set(prefixes) | schemes)
        self.forms = {predicate: coercion(uses) for predicate, uses in self.uses.items()}
        # What is no name stands beside @type, under a key that the context does not describe.
        self.forms[TYPE] = Coercion(None, None, None, False, False)
        self.types = types

    def _keys(self, iris, labels, taken):
        """A key for each predicate and type, by its IRI."""
        wanted = collections.defaultdict(list)
        for iri in sorted(iris - {TYPE}):
            wanted[_word(re.split("[/#:]", iri)[-1])].append(iri)
        keys = {iris[0]: word for word, iris in wanted.items() if word and len(iris) == 1 and word not in taken}
        taken = taken | set(keys.values())
        wanted = collections.defaultdict(list)
        for iri in sorted(iris - {TYPE} - set(keys)):
            wanted[_camel(labels.get(iri, ""))].append(iri)
        keys |= {iris[0]: word for word, iris in wanted.items() if word and len(iris) == 1 and word not in taken}
        return keys

    def context(self):
        """The context: prefixes, then types, then properties."""
        terms, kinds = {}, {}
        for predicate in self.uses:
            form = self.forms[predicate]
            entry = {"@id": self.iri(predicate)}
            if form.type:
                entry["@type"] = form.type if form.type == "@id" else self.iri(form.type)
            if form.language:
                entry["@language"] = form.language
            if form.container:
                entry["@container"] = form.container
            if predicate != TYPE and (predicate in self.keys or len(entry) > 1):
                terms[self.key(predicate)] = entry if len(entry) > 1 else entry["@id"]
        for kind in self.types & set(self.keys) - set(self.uses):
            kinds[self.keys[kind]] = self.iri(kind)
        spaces = {
            prefix: space if space.endswith(_DELIMITERS) else {"@id": space, "@prefix": True}
            for prefix, space in self.names.used.items()
        }
        ordered = [
            dict(sorted(part.items(), key=lambda item: natural(item[0].casefold()))) for part in (spaces, kinds, terms)
        ]
        return {"@version": 1.1, **ordered[0], **ordered[1], **ordered[2]}

    def iri(self, iri):
        """An IRI as a value: short where a prefix fits."""
        return self.names.short(iri) or iri

    def key(self, iri):
        """An IRI as a key or a type."""
        return self.keys.get(iri) or self.iri(iri)

    def name(self, term):
        """A named node or a blank one as a value."""
        text = str(term)
        return text if text.startswith("_:") else self.iri(term.value)

    def graph(self, graph):
        """The nodes of a graph as objects; a blank node with a name goes where it is mentioned first."""
        self.depth = 0
        self.waiting = {node.term: node for node in graph.nodes if str(node.term).startswith("_:")}
        found = []
        for node in graph.nodes:
            if not str(node.term).startswith("_:") or self.waiting.pop(node.term, None):
                found.append(self.node(node))
        return found

    def node(self, node):
        """A node as an object."""
        found = {} if node.term is None else {"@id": self.name(node.term)}
        self.depth += 1
        for predicate, values in node.properties:
            if predicate == TYPE:
                words = [self.key(value.value) for value in values if is_name(value)]
                if words:
                    found["@type"] = words if len(words) > 1 else words[0]
                values = [value for value in values if not is_name(value)]
            if values:
                found[self.key(predicate)] = self.values(self.forms[predicate], values)
        self.depth -= 1
        return found

    def values(self, form, values):
        """The values of a property, as its form has them."""
        if form.by_language:
            texts = collections.defaultdict(list)
            for value in values:
                texts[value.language or "@none"].append(value.value)
            return {tag: found[0] if form.container == "@language" else found for tag, found in texts.items()}
        if form.is_list:
            return [] if not isinstance(values[0], List) else [self.value(form, one) for one in values[0].values]
        found = [self.value(form, value) for value in values]
        return found if form.container or len(found) > 1 else found[0]

    def value(self, form, value):
        """A value, as short as its form lets it be."""
        if isinstance(value, Node):
            return self.node(value)
        if isinstance(value, List):
            return {"@list": [self.value(form, one) for one in value.values]}
        if value in self.waiting and self.depth < MAX_NESTING:
            return self.node(self.waiting.pop(value))
        if not hasattr(value, "datatype"):
            name = self.name(value)
            return name if form.type == "@id" else {"@id": name}
        if value.language:
            return value.value if form.language else {"@value": value.value, "@language": value.language}
        datatype = value.datatype.value
        if datatype == XSD + "integer" and _INTEGER.fullmatch(value.value):
            return int(value.value)
        if datatype == XSD + "boolean" and value.value in _BOOLEANS:
            return _BOOLEANS[value.value]
        if datatype == (form.type or XSD + "string"):
            return value.value
        return {"@value": value.value, "@type": self.iri(datatype)}


def _word(text):
    return text if _WORD.fullmatch(text) else ""


def _camel(text):
    words = re.findall("[A-Za-z0-9]+", text)
    return _word("".join(word if at == 0 else word[:1].upper() + word[1:] for at, word in enumerate(words)))
