"""Reads what shall be validated: files, folders, patterns and standard input, as one graph."""

from __future__ import annotations

import os
import re
from collections import namedtuple

from .. import graphs, reading, resources
from ..errors import LemsError, UnreadableFile
from .vocabulary import OWL

STDIN = "<stdin>"
# A blank node as N-Triples writes it, and whether a line ends behind it. In a
# literal there can be one too, but no line begins or ends with it there.
_BLANK = re.compile(rb"_:(\S+) (\.\n)?")
_IMPORTS = b"<http://www.w3.org/2002/07/owl#imports>"
_LABELLED = ("Turtle", "TriG", "N-Triples", "N-Quads")
# What ends with .json or .xml is mostly something else: whoever means it names it.
_IN_FOLDERS = tuple(
    ending for _, endings, _ in reading.SYNTAXES for ending in endings if ending not in (".json", ".xml")
)


class Source(namedtuple("Source", "path syntax mark content")):
    """A file that was read.

    Attributes:
        path: as it was named.
        syntax: the name of its syntax.
        mark: what stands before the labels of its blank nodes in the graph.
        content: its bytes where they cannot be read again, else None.
    """

    __slots__ = ()


class Data:
    """A graph to validate.

    Attributes:
        store: its triples, in the default graph of a pyoxigraph store.
        ntriples: the same as N-Triples, lexical forms kept as they are written.
        blank_nodes: its blank nodes, in the order in which they come in `ntriples`.
        subjects: the subjects of the files that were named; None when no file was.
        described: a dict from path to the subjects of a file whose syntax keeps no positions.
        sources: the `Source` of each file, the named ones first.
        prefixes: those of all files.
        imports: the ontologies that the files import and that are not this one, sorted.
    """

    def __init__(self):
        import pyoxigraph as ox

        self.store = ox.Store()
        self.blank_nodes, self.sources, self.prefixes, self.imports = {}, [], {}, set()
        self.subjects, self.described = None, {}
        self._parts = []

    @property
    def ntriples(self):
        """The triples as N-Triples, in bytes."""
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0] if self._parts else b""

    def add(self, chunks, subjects=()):
        """Take lists of quads into the graph, each as a triple, and their subjects into some sets."""
        import pyoxigraph as ox

        for chunk in chunks:
            self.store.bulk_extend(chunk)
            # In the default graph, a quad is written as a triple is.
            text = ox.serialize(chunk, format=ox.RdfFormat.N_QUADS)
            self._parts.append(text)
            for found in _BLANK.finditer(text):
                before = text[found.start() - 1 : found.start()]
                if before in (b"", b"\n") or found[2]:
                    self.blank_nodes[ox.BlankNode(found[1].decode())] = None
            if _IMPORTS in text:
                named = {quad.object.value for quad in chunk if quad.predicate.value == OWL + "imports"}
                self.imports |= {iri for iri in named if not graphs.is_shipped(iri)}
            if b"<<" in text and any(isinstance(quad.object, ox.Triple) for quad in chunk):
                raise UnreadableFile("a triple term stands in the data; only RDF 1.1 is read: reify the statement")
            for known in subjects:
                known.update(quad.subject for quad in chunk)


def load(paths, ontology=True, syntax=None, contents=None):
    """The `Data` of files, together with the shipped ontology where `ontology` is true; of it alone without a file.

    Args:
        paths: files as `expanded` gives them.
        ontology: whether to mix the shipped ontology in.
        syntax: the name of the syntax of those files whose name does not say it.
        contents: a dict from path to bytes, for what is not read from a file.

    Raises:
        UnreadableFile: a file is missing or is not RDF.
    """
    data, contents = Data(), contents or {}
    files = [(path, contents.get(path)) for path in paths]
    if ontology or not files:
        files.append((resources.ontology_path(), None))
    texts = [(path, content, *_read(path, content, syntax)) for path, content in files]
    # Labels tell blank nodes apart within a file alone; anonymous ones get names that nobody else has.
    labelled = sum(kind in _LABELLED and "_:" in text for _, _, kind, text in texts) > 1
    own = set() if paths else None
    while texts:
        path, content, kind, text = texts.pop(0)
        if own is not None and len(data.sources) == len(paths) and graphs.holds_shipped(data.store):
            # A copy of the ontology among the files stands for it: two would define each form twice.
            break
        mark = f"f{len(data.sources)}_" if labelled and kind in _LABELLED else ""
        parser = reading.parser(path, kind, text, rename=kind not in _LABELLED)
        chunks = reading.chunks(path, kind, parser)
        # Named graphs are read as one.
        plain = not mark and kind not in ("TriG", "N-Quads", "JSON-LD")
        chunks = chunks if plain else (_merged(chunk, mark) for chunk in chunks)
        subjects = [own] if len(data.sources) < len(paths) else []
        if kind in ("RDF/XML", "JSON-LD", "TriG", "Notation3"):
            subjects.append(data.described.setdefault(path, set()))
        data.add(chunks, subjects)
        data.sources.append(Source(path, kind, mark, content))
        data.prefixes = {**parser.prefixes, **data.prefixes}
    data.subjects = own
    return data


def _read(path, content, syntax):
    ending = os.path.splitext(str(path).lower().removesuffix(".gz"))[1]
    named = any(ending in endings for _, endings, _ in reading.SYNTAXES)
    return reading.read(path, content, None if named else syntax)


def _merged(quads, mark):
    """Quads in the default graph, with a mark before the labels of their blank nodes."""
    import pyoxigraph as ox

    def term(node):
        return ox.BlankNode(mark + node.value) if isinstance(node, ox.BlankNode) else node

    return [ox.Quad(term(quad.subject), quad.predicate, term(quad.object)) for quad in quads]


def expanded(names):
    """The files that names stand for: files as they are, the RDF files of folders, what patterns match.

    Args:
        names: paths, patterns with `*`, `?`, `[...]` or `**`, or `-` for standard input.

    Returns:
        The paths, each once, folders and patterns sorted; and a dict from path
        to the bytes of what was read from standard input.

    Raises:
        UnreadableFile: a folder holds no RDF file, or a pattern matches nothing.
    """
    import sys

    found, contents = {}, {}
    for name in names:
        name = os.fspath(name)
        if name == "-":
            if sys.stdin is None:
                raise UnreadableFile("standard input is closed; pipe RDF into it, or name a file")
            # Named twice, it is one file still.
            if STDIN not in contents:
                contents[STDIN] = _all(sys.stdin.buffer)
            if not contents[STDIN].strip():
                raise UnreadableFile("standard input is empty, or was read before; pipe RDF into it, or name a file")
            found[STDIN] = None
        elif os.path.isdir(name):
            inside = _inside(name)
            if not inside:
                endings = " ".join(_IN_FOLDERS)
                raise UnreadableFile(f"{name}: holds no RDF file ({endings}); name another folder, or a file")
            found.update(dict.fromkeys(inside))
        elif any(sign in name for sign in "*?[") and not os.path.exists(name):
            import glob

            matches = sorted(path for path in glob.glob(name, recursive=True) if os.path.isfile(path))
            if not matches:
                raise UnreadableFile(f"{name}: matches no file; check the pattern")
            found.update(dict.fromkeys(matches))
        else:
            found[name] = None
    return list(found), contents


def _all(stream):
    """The bytes of a stream that may have no end."""
    pieces, size = [], 0
    while piece := stream.read1():
        pieces.append(piece)
        size += len(piece)
        if size > reading.MAX_UNPACKED:
            raise UnreadableFile(f"standard input is longer than {reading.MAX_UNPACKED:,} bytes; split it")
    return b"".join(pieces)


def _inside(folder):
    """The RDF files in a folder and below it, hidden ones left out, sorted."""
    endings = (*_IN_FOLDERS, *(ending + ".gz" for ending in _IN_FOLDERS))
    found = []
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [os.path.join(where, name) for name in files if name.lower().endswith(endings) and name[0] != "."]
    return sorted(found)


def syntax_named(name):
    """The name of a syntax as `reading.SYNTAXES` has it, from what a user calls it (a name or an ending).

    Raises:
        LemsError: there is no such syntax.
    """
    asked = name.lower().lstrip(".")
    for known, endings, _ in reading.SYNTAXES:
        if asked in (known.lower(), *(ending[1:] for ending in endings)):
            return known
    raise LemsError(f"no syntax '{name}'; name one of: {', '.join(known for known, _, _ in reading.SYNTAXES)}")
