"""Reads a shapes graph: which shapes there are, what each targets, says and refers to."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict, namedtuple

from .. import reading, resources, terms
from ..errors import BrokenShapes, UnreadableFile
from . import paths
from .paths import BadList
from .vocabulary import PARAMETERS, RDF, RDFS, SH, TARGETS

# The parameters whose values are shapes, or lists of shapes.
TO_SHAPES = tuple(name for name, parameter in PARAMETERS.items() if parameter.kind == "shape")
TO_LISTS = tuple(name for name, parameter in PARAMETERS.items() if parameter.kind == "shapes")


class Shape(namedtuple("Shape", "node id targets path")):
    """A shape of a shapes graph.

    Attributes:
        node: its pyoxigraph term.
        id: its IRI; where it has none, that of the shape around it and how it hangs there.
        targets: pairs of the kind of a target, as `vocabulary.TARGETS` names them, and its term.
        path: its path as SPARQL writes it, or None for a node shape.
    """

    __slots__ = ()


class ShapesGraph:
    """The triples of files of shapes, and the shapes that they hold.

    Attributes:
        files: a dict from path to the name of its syntax and the prefix of its blank nodes; as named.
        shipped: whether these are the shapes of this package.
        triples: the triples as `pyoxigraph.Triple`, in the order of the files.
        prefixes: those of all files.
        hung: the nodes that are the value of a sh:property.
    """

    def __init__(self, paths=(), contents=None):
        """Read files of shapes, the shipped ones where no path is given; as `reading.parse`.

        Args:
            paths: the files.
            contents: a dict from path to bytes, for what is not read from a file.

        Raises:
            UnreadableFile: a file is missing or is not RDF.
        """
        self.shipped = not paths
        self.files, self.triples, self.prefixes = {}, [], {}
        for at, path in enumerate(paths or resources.shape_paths()):
            syntax, text = reading.read(path, (contents or {}).get(path))
            mark = f"s{at}_" if syntax in ("Turtle", "TriG", "N-Triples", "N-Quads") else None
            parser = reading.parser(path, syntax, text, rename=mark is None)
            for quad in reading.each(path, syntax, parser):
                self.triples.append(_marked(quad.triple, mark) if mark else quad.triple)
            self.prefixes.update(parser.prefixes)
            self.files[path] = (syntax, mark)
        # What two files say, or one says twice, is one triple.
        self.triples = list(dict.fromkeys(self.triples))
        self._index, self._values = defaultdict(list), defaultdict(list)
        for triple in self.triples:
            self._index[triple.subject].append(triple)
            self._values[triple.subject, triple.predicate.value].append(triple.object)
        self.parents, self._orphans, self._found, self._among = {}, [], {}, {}
        self.hung = {triple.object for triple in self.triples if triple.predicate.value == SH + "property"}
        self.shapes = self._shapes()

    def values(self, node, name, space=SH):
        """The objects of triples with that subject and a predicate of the SHACL, or of another, namespace."""
        return self._values.get((node, space + name), [])

    def value(self, node, name, space=SH):
        """The first of `values`, or None."""
        return next(iter(self.values(node, name, space)), None)

    def deactivated(self, node):
        """Whether a shape is switched off."""
        return any(value.value in ("true", "1") for value in self.values(node, "deactivated"))

    def of(self, node):
        """The triples with that subject."""
        return self._index.get(node, [])

    def members(self, head):
        """The members of an RDF list.

        Raises:
            BadList: it has no end, or branches.
        """
        found, seen = [], set()
        while getattr(head, "value", None) != RDF + "nil" or str(head).startswith("_:"):
            firsts, rests = self.values(head, "first", RDF), self.values(head, "rest", RDF)
            if head in seen or len(firsts) != 1 or len(rests) != 1:
                raise BadList
            seen.add(head)
            found.append(firsts[0])
            head = rests[0]
        return found

    def references(self, node):
        """Pairs of a parameter and a node that should be a shape, for all to which a shape refers.

        Raises:
            BadList: a list of shapes is none.
        """
        found = [(name, value) for name in TO_SHAPES for value in self.values(node, name)]
        for name in TO_LISTS:
            for head in self.values(node, name):
                found += [(name, value) for value in self.members(head)]
        return found

    def path(self, node):
        """A path as SPARQL writes it; as `paths.text`."""
        return paths.text(self, node)

    def _shapes(self):
        """All shapes, by https://www.w3.org/TR/shacl/#shapes, as a dict from node to `Shape`."""
        kinds = {SH + "NodeShape", SH + "PropertyShape"}
        makers = {SH + name for name in (*TARGETS, *PARAMETERS, "path")}
        nodes = {}
        # The parameters of a constraint component have a path, and are no shapes that hang on nothing.
        parameters = {triple.object for triple in self.triples if triple.predicate.value == SH + "parameter"}
        for triple in self.triples:
            if triple.subject in parameters:
                continue
            predicate = triple.predicate.value
            if (predicate == RDF + "type" and getattr(triple.object, "value", None) in kinds) or predicate in makers:
                nodes[triple.subject] = None
        for node in list(nodes):
            nodes.update(dict.fromkeys(self._referred(node)))
        for node in nodes:
            for value in self._referred(node):
                self.parents.setdefault(value, node)
        return {node: Shape(node, self._id(node), self._targets(node), self._path_or_none(node)) for node in nodes}

    def _referred(self, node):
        """The nodes of this graph to which a shape refers; what is no list is told when the shapes are vetted."""
        if node not in self._found:
            try:
                found = [value for _, value in self.references(node)]
            except BadList:
                found = [value for name in TO_SHAPES for value in self.values(node, name)]
            self._found[node] = [value for value in found if value in self._index]
        return self._found[node]

    def _beside(self, parent):
        """The places of the nodes to which a shape refers, and how many of them have the same path."""
        if parent not in self._among:
            nodes = self._referred(parent)
            places = {node: len(nodes) - at for at, node in enumerate(reversed(nodes))}
            self._among[parent] = places, Counter(self._path_or_none(node) for node in places)
        return self._among[parent]

    def _path_or_none(self, node):
        paths = self.values(node, "path")
        try:
            return self.path(paths[0]) if paths else None
        except ValueError:
            return None

    def _targets(self, node):
        import pyoxigraph as ox

        found = [(name, value) for name in TARGETS for value in self.values(node, name)]
        if isinstance(node, ox.NamedNode) and self._is_class(node):
            found.append(("targetClass", node))
        return tuple(dict.fromkeys(found))

    def _is_class(self, node):
        """Whether a shape is a class too, and so targets its own instances."""
        import pyoxigraph as ox

        types = self.values(node, "type", RDF)
        known, todo = set(), [value.value for value in types if isinstance(value, ox.NamedNode)]
        while todo:
            iri = todo.pop()
            if iri == RDFS + "Class":
                return True
            if iri not in known:
                known.add(iri)
                todo += [
                    one.value
                    for one in self.values(ox.NamedNode(iri), "subClassOf", RDFS)
                    if isinstance(one, ox.NamedNode)
                ]
        return False

    def _id(self, node, depth=0):
        import pyoxigraph as ox

        if isinstance(node, ox.NamedNode):
            return node.value
        path, parent = self._path_or_none(node), self.parents.get(node)
        if parent is None:
            self._orphans.append(node)
            return f"[] {path or ''}{len(self._orphans)}"
        # A shape that is part of itself is told when the shapes are vetted.
        outer = self._id(parent, depth + 1) if depth < 50 else ""
        places, alike = self._beside(parent)
        at, alike = places.get(node, 0), alike[path] > (node in places)
        return f"{outer} [{path or ''}{' ' if path and alike else ''}{at if alike or not path else ''}]"

    def title(self, shape):
        """The short name of a shape: its id with prefixes."""
        import re

        shape_id = shape.id if isinstance(shape, Shape) else shape
        head, _, rest = shape_id.partition(" ")
        rest = re.sub(r"<([^>]+)>", lambda found: terms.contract(found[1], self.prefixes), rest)
        return " ".join(filter(None, [terms.contract(head, self.prefixes), rest]))


@functools.cache
def shipped() -> ShapesGraph:
    """The shapes of this package; read once in a process and never changed.

    Raises:
        BrokenShapes: a file of them is missing or damaged.
    """
    try:
        return ShapesGraph()
    except UnreadableFile as problem:
        raise BrokenShapes(f"{problem}; install lems-onto again") from problem


def _marked(triple, mark):
    """A triple whose blank nodes are told apart from those of other files."""
    import pyoxigraph as ox

    if not isinstance(triple.subject, ox.BlankNode) and not isinstance(triple.object, ox.BlankNode):
        return triple
    subject, object_ = (
        ox.BlankNode(mark + node.value) if isinstance(node, ox.BlankNode) else node
        for node in (triple.subject, triple.object)
    )
    return ox.Triple(subject, triple.predicate, object_)
