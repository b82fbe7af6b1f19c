"""Lays out quads for writing: subjects, predicates and values in order, blank nodes inside of what refers to them.

The layout depends on what is said alone, not on the names of blank nodes or on
the order of statements. Only blank nodes that cannot be told apart by what is
said of them come in the order in which they were read.
"""

import collections
import hashlib
import itertools

from ..errors import LemsError, shorten
from .layout import FIRST, NIL, REST, Graph, List, Node, of_node, of_predicate, of_value

# A blank node deeper inside of others than this is named instead: readers have a stack.
MAX_NESTING = 20
# How often what tells blank nodes apart is carried on to their neighbors.
MAX_ROUNDS = 30


def arrange(quads, literal_lists=True):
    """Lay out quads for writing.

    Args:
        quads: quads of pyoxigraph.
        literal_lists: whether a list that holds a literal may be a `List`.

    Returns:
        A list of `Graph`, the default graph first; blank nodes that need names are called b1, b2 and so on.

    Raises:
        LemsError: a triple term or a text with a direction is among them, which RDF 1.1 does not have.
    """
    made = _Arrangement(quads)
    made.find_inner()
    made.find_lists(literal_lists)
    made.limit_nesting()
    made.tell_apart()
    return made.graphs()


class _Arrangement:
    """What is said of each node, and which blank nodes stand inside of others.

    Attributes:
        stars: from graph and subject to what is said, from predicate to values.
        read: the blank nodes, each with its place in the order of reading.
        references: from a blank node to graph, subject and predicate of what refers to it.
        inner: blank nodes that go inside of another node, with the statement that refers to them.
        cells: those of them that are cells of a list.
        order: the inner ones, each behind the one that it is in.
        labels: from the blank nodes that need a name to one.
    """

    def __init__(self, quads):
        import pyoxigraph as ox

        self.blank = ox.BlankNode
        self.stars, self.read, self.references = {}, {}, collections.defaultdict(list)
        for quad in dict.fromkeys(quads):
            for term in (quad.subject, quad.object):
                if isinstance(term, ox.Triple) or getattr(term, "direction", None) is not None:
                    raise LemsError(
                        f"{shorten(str(term), 200)} is RDF 1.2, which few tools read: reify it, or leave it out"
                    )
            graph = None if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
            star = self.stars.setdefault((graph, quad.subject), {})
            star.setdefault(quad.predicate.value, []).append(quad.object)
            for term in (graph, quad.subject, quad.object):
                if isinstance(term, self.blank):
                    self.read.setdefault(term, len(self.read))
            if isinstance(quad.object, self.blank):
                self.references[quad.object].append((graph, quad.subject, quad.predicate.value))
        self.homes = collections.defaultdict(list)
        for graph, subject in self.stars:
            self.homes[subject].append(graph)
        self.names = {graph for graph, _ in self.stars}

    def find_inner(self):
        """Find the blank nodes that one statement refers to, in the graph that says all of them."""
        self.inner = {}
        for node in self.read:
            referred = self.references[node]
            if len(referred) == 1 and node not in self.names and not set(self.homes[node]) - {referred[0][0]}:
                self.inner[node] = referred[0]
        # What leads back to itself has no outermost node: all of a circle are named.
        done = set()
        for start in list(self.inner):
            path, node = {}, start
            while node in self.inner and node not in done and node not in path:
                path[node] = len(path)
                node = self.inner[node][1]
            if node in path:
                for one in list(path)[path[node] :]:
                    del self.inner[one]
            done.update(path)

    def find_lists(self, literal_lists):
        """Find the cells of lists that are whole, walking from their ends."""
        self.cells = set()
        for end in self.inner:
            chain, node = [], end
            while self._is_cell(node) and (chain or getattr(self._star(node)[REST][0], "value", None) == NIL):
                chain.append(node)
                _, node, predicate = self.inner[node]
                if predicate != REST:
                    break
            if literal_lists or not any(hasattr(self._star(one)[FIRST][0], "datatype") for one in chain):
                self.cells.update(chain)

    def _is_cell(self, node):
        star = self._star(node) if node in self.inner else {}
        return len(star) == 2 and len(star.get(FIRST, ())) == 1 == len(star.get(REST, ()))

    def _star(self, node):
        return self.stars.get((self.inner[node][0], node), {})

    def limit_nesting(self):
        """Name the blank nodes that would be too deep inside of others."""
        below = collections.defaultdict(list)
        for node, (_, subject, _) in self.inner.items():
            below[subject].append(node)
        todo = collections.deque((subject, 0) for subject in below if subject not in self.inner)
        self.order = []
        while todo:
            subject, depth = todo.popleft()
            for node in below.get(subject, ()):
                # The cells of a list lie side by side.
                aside = node in self.cells and self.inner[node][2] == REST
                deeper = depth if aside else depth + 1
                if deeper > MAX_NESTING and not aside:
                    del self.inner[node]
                    deeper = 0
                else:
                    self.order.append(node)
                todo.append((node, deeper))

    def tell_apart(self):
        """Give names, in the order of digests of what is said of a blank node and of what refers to it."""
        named = [node for node in self.read if node not in self.inner]
        outer = {}
        for node in self.order:
            subject = self.inner[node][1]
            outer[node] = outer.get(subject, subject)
        self.colors, count = dict.fromkeys(self.read, ""), 0
        for node in reversed(self.order):
            self.colors[node] = self._digest(self._star(node))
        # Only what holds a named blank node, however deep inside, changes its color.
        unsure = set()
        for node in reversed(self.order):
            values = itertools.chain.from_iterable(self._star(node).values())
            if any(isinstance(value, self.blank) and (value not in self.inner or value in unsure) for value in values):
                unsure.add(node)
        changing = [node for node in reversed(self.order) if node in unsure]
        for _ in range(MAX_ROUNDS):
            for node in changing:
                self.colors[node] = self._digest(self._star(node))
            fresh = {}
            for node in named:
                said = sorted(f"{self._key(home)} {self._digest(self.stars[home, node])}" for home in self.homes[node])
                heard = sorted(
                    f"{self._key(graph)} {self._key(outer.get(subject, subject))} {predicate}"
                    for graph, subject, predicate in self.references[node]
                )
                fresh[node] = _hash([*said, "", *heard, self.colors[node]])
            self.colors.update(fresh)
            before, count = count, len(set(fresh.values()))
            if count in (before, len(named)):
                break
        wanted = [node for node in named if self._needs_name(node)]
        wanted.sort(key=lambda node: (self.colors[node], self.read[node]))
        self.labels = {node: self.blank(f"b{number}") for number, node in enumerate(wanted, 1)}

    def _needs_name(self, node):
        return self.references[node] or node in self.names or len(self.homes[node]) > 1

    def _key(self, term):
        return self.colors[term] if isinstance(term, self.blank) else str(term)

    def _digest(self, star):
        return _hash(sorted(f"{predicate} {self._key(value)}" for predicate in star for value in star[predicate]))

    def graphs(self):
        """The graphs, laid out."""
        # From the inside out, so that no recursion is as deep as the data.
        self.built = {}
        for node in reversed(self.order):
            star = self._star(node)
            if node in self.cells:
                # Turned round, for a list grows at its end.
                self.built[node] = self.built.get(star[REST][0], [])
                self.built[node].append(self._value(star[FIRST][0]))
            else:
                self.built[node] = Node(None, self._properties(star))
        graphs = collections.defaultdict(list)
        for (graph, subject), star in self.stars.items():
            if subject not in self.inner:
                anonymous = isinstance(subject, self.blank) and subject not in self.labels
                term = None if anonymous else self.labels.get(subject, subject)
                graphs[self.labels.get(graph, graph)].append(Node(term, self._properties(star)))
        names = sorted((name for name in graphs if name is not None), key=of_value)
        return [Graph(name, sorted(graphs[name], key=of_node)) for name in (None, *names) if name in graphs]

    def _properties(self, star):
        return [(predicate, _sorted(map(self._value, star[predicate]))) for predicate in sorted(star, key=of_predicate)]

    def _value(self, term):
        if term in self.inner:
            built = self.built[term]
            return List(tuple(reversed(built))) if isinstance(built, list) else built
        return self.labels.get(term, term)


def _sorted(values):
    values = list(values)
    return values if len(values) == 1 else sorted(values, key=of_value)


def _hash(texts):
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
