"""Reads RDF files as untrusted input: nothing is fetched, nothing is guessed, no file crashes it.

The parser is pyoxigraph for every syntax. It says line and column, keeps
lexical forms, and has no code that opens a connection. What it does not guard
against is refused before it runs: see `guards`.
"""

import itertools
import os
import re
import stat

from . import guards
from .errors import UnreadableFile, shorten

# Name of the syntax, file endings, attribute of pyoxigraph.RdfFormat.
SYNTAXES = (
    ("Turtle", (".ttl", ".turtle"), "TURTLE"),
    ("N-Triples", (".nt", ".ntriples"), "N_TRIPLES"),
    ("N-Quads", (".nq", ".nquads"), "N_QUADS"),
    ("TriG", (".trig",), "TRIG"),
    ("Notation3", (".n3",), "N3"),
    ("RDF/XML", (".rdf", ".owl", ".xml"), "RDF_XML"),
    ("JSON-LD", (".jsonld", ".json"), "JSON_LD"),
)

# What a compressed file may unpack to, in bytes.
MAX_UNPACKED = 2 * 1024**3

# What a file that is no RDF looks like at its head, and what to do about it.
_OTHERS = (
    (rb"PK\x03\x04", "is a ZIP archive; unpack it first"),
    (rb"%PDF-", "is a PDF; name an RDF file"),
    (rb"\s*<(!doctype\s+)?html", "is a web page; download the RDF file itself"),
    (rb"format-version:", "is OBO format; convert it to RDF first, for example with ROBOT"),
    (rb"\s*(Prefix|Ontology)\s*\(", "is OWL functional syntax; convert it to RDF first, for example with ROBOT"),
    (rb"\s*(Prefix|Ontology):", "is OWL Manchester syntax; convert it to RDF first, for example with ROBOT"),
    (rb"(?s)\s*(<\?xml.*?\?>)?\s*<Ontology\b", "is OWL/XML, not RDF/XML; convert it first, for example with ROBOT"),
)


def parse(path):
    """Parse one RDF file.

    Args:
        path: the file; the ending of its name says the syntax, but .owl and
            unknown endings go by the content.

    Returns:
        The name of the syntax, the prefixes as a dict, and the list of
        `pyoxigraph.Quad` with fresh blank nodes.

    Raises:
        UnreadableFile: it cannot be read, is not text, or breaks the rules of
            its syntax; the message has line and column where there are any.
    """
    syntax, parser = opened(path)
    quads = list(each(path, syntax, parser))
    return syntax, parser.prefixes, quads


def opened(path):
    """The name of the syntax of an RDF file, and a `pyoxigraph.QuadParser` over its content; as `parse`."""
    syntax, text = read(path)
    return syntax, parser(path, syntax, text, rename=True)


def read(path, content=None, syntax=None):
    """The name of the syntax of an RDF file, and its text without a byte order mark.

    Args:
        path: the file; a name for it, where `content` is given.
        content: its bytes, compressed with gzip or not; read from the file when None.
        syntax: the name of its syntax, where neither name nor content shall say it.

    Raises:
        UnreadableFile: as `parse`, but for what breaks the rules of the syntax.
    """
    content = read_bytes(path) if content is None else content
    text = _text(path, unpacked(path, content))
    syntax = syntax or _syntax(path, text)
    guards.guard(path, text, syntax)
    return syntax, text


def parser(path, syntax, text, rename):
    """A `pyoxigraph.QuadParser` over the text of an RDF file, which gives blank nodes fresh names with `rename`."""
    import pyoxigraph as ox

    attribute = next(attribute for name, _, attribute in SYNTAXES if name == syntax)
    return ox.parse(text, format=getattr(ox.RdfFormat, attribute), base_iri=base(path), rename_blank_nodes=rename)


def base(path):
    """The IRI against which relative IRIs of a file are resolved."""
    return "file:///" + re.sub(r"[^\w.~-]", "_", os.path.basename(path))


def unpacked(path, content):
    """The content of a file, unpacked where it is compressed with gzip.

    Raises:
        UnreadableFile: it is cut off or damaged, empty, or grows beyond `MAX_UNPACKED` bytes.
    """
    if content[:2] != b"\x1f\x8b":
        return content
    import gzip
    import io
    import zlib

    parts, size, file = [], 0, gzip.GzipFile(fileobj=io.BytesIO(content))
    try:
        while part := file.read(1_000_000):
            parts.append(part)
            size += len(part)
            if size > MAX_UNPACKED:
                raise UnreadableFile(f"{path}: unpacks to more than {MAX_UNPACKED:,} bytes; split it")
    except EOFError as problem:
        raise UnreadableFile(f"{path}: its gzip data are cut off; fetch or pack it again") from problem
    except (OSError, zlib.error) as problem:
        raise UnreadableFile(f"{path}: its gzip data are damaged; pack it again") from problem
    content = b"".join(parts)
    if not content.strip():
        raise UnreadableFile(f"{path}: is empty; name a file that holds triples")
    return content


def each(path, syntax, parser):
    """The quads of an opened file, one by one; as `parse`."""
    for chunk in chunks(path, syntax, parser):
        yield from chunk


def chunks(path, syntax, parser, size=50_000):
    """The quads of an opened file, in lists of `size` of them; as `parse`."""
    chunk = None
    while chunk is None or len(chunk) == size:
        try:
            found = list(itertools.islice(parser, size))
        except (SyntaxError, ValueError) as problem:
            line = getattr(problem, "lineno", None)
            place = f"{path}:{line}:{problem.offset}" if line else path
            reason = shorten(re.sub(r"^Parser error .*?: | \(line \d+\)$", "", str(problem)), 160)
            raise UnreadableFile(f"{place}: not {syntax}: {reason}") from problem
        except MemoryError as problem:
            # So pyoxigraph calls a token that does not fit its buffer; a real lack of memory is another text.
            most = re.search(r"buffer maximal size of (\d+)", str(problem))
            if not most:
                raise
            raise UnreadableFile(
                f"{path}: a literal or a name is longer than {int(most[1]):,} bytes; cut it"
            ) from problem
        if not found and chunk is None:
            raise UnreadableFile(f"{path}: holds no triple; name a file that does")
        chunk = found
        if chunk:
            yield chunk


def read_bytes(path):
    """The bytes of a regular file that is not empty.

    Raises:
        UnreadableFile: it is missing, empty, a folder or a device.
    """
    try:
        mode = os.stat(path).st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableFile(f"{path}: is a folder; name the files in it")
        if not stat.S_ISREG(mode):
            raise UnreadableFile(f"{path}: is not a regular file; write its content to one")
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise UnreadableFile(f"{shorten(str(path), 200)}: {reason.lower()}; check the name and its rights") from problem
    if not content.strip():
        raise UnreadableFile(f"{path}: is empty; name a file that holds triples")
    return content


def _text(path, content):
    """The characters of an RDF file, without a byte order mark."""
    for pattern, what in _OTHERS:
        if re.match(pattern, content[:4096], re.IGNORECASE):
            raise UnreadableFile(f"{path}: {what}")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFile(f"{path}: is UTF-16; save it as UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        before = content[: problem.start]
        line, column = before.count(b"\n") + 1, problem.start - before.rfind(b"\n")
        if b"\0" in content[:4096]:
            raise UnreadableFile(f"{path}: is a binary file; name an RDF file") from problem
        raise UnreadableFile(
            f"{path}:{line}:{column}: byte 0x{content[problem.start]:02x} is not UTF-8; save the file as UTF-8"
        ) from problem
    if "\0" in text:
        raise UnreadableFile(f"{path}:{text[: text.index(chr(0))].count(chr(10)) + 1}: holds a NUL byte; is it binary?")
    return text


def _syntax(path, text):
    """The syntax by the ending of the name, refused where the content is plainly another one."""
    named = str(path).lower().removesuffix(".gz")
    ending = os.path.splitext(named)[1]
    named = next((name for name, endings, _ in SYNTAXES if ending in endings), None)
    head = text[:4096].lstrip()
    if re.match(r"<\?xml|<!--|<!DOCTYPE|<rdf:RDF", head):
        seen = "RDF/XML"
    elif re.match(r'\{\s*["}]|\[\s*\{', head):
        seen = "JSON-LD"
    else:
        seen = None
    if ending == ".owl" or named is None:
        return seen or "Turtle"
    if seen and seen != named:
        endings = next(endings for name, endings, _ in SYNTAXES if name == seen)
        raise UnreadableFile(f"{path}: is named {named} and holds {seen}; rename it to {endings[0]}")
    return named
