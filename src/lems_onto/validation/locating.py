"""Says where in which file a result or a fault stands: the triple, or the subject of what is missing."""

from __future__ import annotations

import re

from .. import reading
from ..errors import LemsError
from .findings import Place
from .positions import Positions
from .vocabulary import OWL, RDF, SH

_KEPT = ("Turtle", "N-Triples", "N-Quads")
_MISSING = {SH + name + "ConstraintComponent" for name in ("MinCount", "HasValue", "QualifiedMinCount", "Equals")}


class Locator:
    """Where things stand in the files of some data.

    A file is read again, and its positions are kept, only when something in it
    is asked for.
    """

    def __init__(self, sources, store, described=None, first=()):
        """Take the files.

        Args:
            sources: an `inputs.Source` for each, those to look in first come first.
            store: the pyoxigraph store that holds the triples of all.
            described: a dict from path to the subjects of a file whose syntax keeps no positions.
            first: the subjects of the files that are to blame before others.
        """
        self.sources, self.store, self.described, self.first = sources, store, described or {}, first
        self._kept = {}

    def result(self, found):
        """The `Place` of a `findings.Found`, or None where no file says anything of its node."""
        import pyoxigraph as ox

        node, value, path = found.focus_node, found.value, found.path
        if isinstance(node, ox.Literal):
            return self.holder(node)
        forward = re.fullmatch(r"<([^<>]+)>", path or "")
        backward = re.fullmatch(r"\^<([^<>]+)>", path or "")
        place = None
        if value is not None and forward:
            place = self.triple(node, ox.NamedNode(forward[1]), value)
        elif value is not None and backward and not isinstance(value, ox.Literal):
            place = self.triple(value, ox.NamedNode(backward[1]), node)
        elif path is None and value is not None and value != node:
            between = next(self.store.quads_for_pattern(node, None, value), None)
            place = self.triple(node, between.predicate, value) if between else self._use(node, value)
        elif path and found.component not in _MISSING:
            place = self._first_step(node, path, value)
        return place or self.subject(node) or self.holder(node)

    def predicate(self, subject, predicate, object_):
        """Where the predicate of a triple stands."""
        return self._ask(lambda positions: positions.predicate(subject, predicate, object_, self.store), subject)

    def _use(self, node, value):
        """Where a term is used about which an ontology as a whole is told something, in the first files first."""
        import pyoxigraph as ox

        kinds = self.store.quads_for_pattern(node, ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Ontology"))
        if not isinstance(value, ox.NamedNode) or not any(kinds):
            return None
        for pattern, ask in (((None, value, None), self.predicate), ((None, None, value), self.triple)):
            uses = self.store.quads_for_pattern(*pattern)
            own = sorted(uses, key=lambda quad: (quad.subject not in self.first, str(quad)))
            if own:
                return ask(*own[0].triple)
        return self.subject(value)

    def triple(self, subject, predicate, object_=None):
        """Where a triple stands; without an object, the last one with that subject and predicate."""
        return self._ask(lambda positions: positions.triple(subject, predicate, object_, self.store), subject)

    def subject(self, node):
        """Where a node is described."""
        return self._ask(lambda positions: positions.subject(node, self.store), node)

    def holder(self, node):
        """Where a node is named that is described nowhere."""
        return self._ask(lambda positions: positions.object(node, self.store), None)

    def _first_step(self, node, path, value):
        """The triple with which a longer path begins: that which leads to the value, or the last one."""
        import pyoxigraph as ox

        first = re.match(r"\(*<([^<>]+)>", path)
        if not first:
            return None
        predicate = ox.NamedNode(first[1])
        for quad in self.store.quads_for_pattern(node, predicate, None) if value is not None else ():
            leads = not isinstance(quad.object, ox.Literal) and next(
                self.store.quads_for_pattern(quad.object, None, value), None
            )
            if quad.object == value or leads:
                return self.triple(node, predicate, quad.object)
        return self.triple(node, predicate)

    def _ask(self, question, node):
        for source in self.sources:
            if source.syntax in _KEPT:
                positions = self._positions(source)
                span = question(positions) if positions else None
                if span:
                    return Place(source.path, *span)
            elif node is not None and node in self.described.get(source.path, ()):
                return Place(source.path, None, None, None, None, None)
        return None

    def _positions(self, source):
        if source.path not in self._kept:
            try:
                syntax, text = reading.read(source.path, source.content, source.syntax)
                self._kept[source.path] = Positions(
                    source.path, text, syntax, reading.base(source.path), mark=source.mark
                )
            except LemsError:
                # The file went away, or changed, since it was validated: the findings stand, without their lines.
                self._kept[source.path] = None
        return self._kept[source.path]
