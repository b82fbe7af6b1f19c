"""Reads RDF files as untrusted input: nothing is fetched, nothing is guessed, no file crashes it.

The parser is pyoxigraph for every syntax. It says line and column, keeps
lexical forms, and has no code that opens a connection. What it does not guard
against is refused before it runs: JSON-LD nested so deep that it exhausts the
stack, XML entities and namespaces that multiply, texts that are not UTF-8.
"""

import os
import re
import stat

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
MAX_DEPTH = 500
MAX_IRI = 10_000
MAX_ENTITY_CHARACTERS = 10_000_000

# What a file that is no RDF looks like at its head, and what to do about it.
_OTHERS = (
    (rb"\x1f\x8b", "is compressed with gzip; unpack it first: gunzip FILE"),
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
    text = _text(path, read_bytes(path))
    syntax = _syntax(path, text)
    _guard_length(path, text)
    if syntax == "JSON-LD":
        _guard_json(path, text)
    elif syntax == "RDF/XML":
        _guard_xml(path, text)
    else:
        _guard_triple_terms(path, text)
    return (syntax, *_quads(path, text, syntax))


def _quads(path, text, syntax):
    import pyoxigraph as ox

    attribute = next(attribute for name, _, attribute in SYNTAXES if name == syntax)
    parser = ox.parse(
        text,
        format=getattr(ox.RdfFormat, attribute),
        base_iri="file:///" + re.sub(r"[^\w.~-]", "_", os.path.basename(path)),
        rename_blank_nodes=True,
    )
    try:
        quads = list(parser)
    except (SyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        place = f"{path}:{line}:{problem.offset}" if line else path
        reason = shorten(re.sub(r"^Parser error .*?: | \(line \d+\)$", "", str(problem)), 160)
        raise UnreadableFile(f"{place}: not {syntax}: {reason}") from problem
    if not quads:
        raise UnreadableFile(f"{path}: holds no triple; name a file that does")
    return parser.prefixes, quads


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
    ending = os.path.splitext(str(path))[1].lower()
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


def _guard_length(path, text):
    """Refuse what a short file can multiply: a namespace so long that each IRI made of it fills the memory."""
    long = re.search(rf"(?:<|xmlns[^\s=<>]*=\s*[\"']|xml:base\s*=\s*[\"'])[^\s<>\"']{{{MAX_IRI}}}", text)
    if long:
        line = text.count("\n", 0, long.start()) + 1
        raise UnreadableFile(f"{path}:{line}: an IRI is longer than {MAX_IRI:,} characters; shorten it")


def _guard_triple_terms(path, text):
    """Refuse triple terms nested so deep that the parser exhausts its stack."""
    if text.count("<<") <= MAX_DEPTH:
        return
    depth = deepest = 0
    for token in re.findall(r'"(?:[^"\\\n]|\\.)*"|<<|>>', text):
        depth += (token == "<<") - (token == ">>")
        deepest = max(depth, deepest)
    if deepest > MAX_DEPTH:
        raise UnreadableFile(f"{path}: is nested more than {MAX_DEPTH} levels deep; write it flatter")


def _guard_json(path, text):
    import json

    try:
        document = json.loads(text)
    except RecursionError as problem:
        raise UnreadableFile(f"{path}: is nested more than {MAX_DEPTH} levels deep; write it flatter") from problem
    except ValueError as problem:
        place = f"{path}:{problem.lineno}:{problem.colno}" if hasattr(problem, "lineno") else path
        raise UnreadableFile(f"{place}: not JSON: {getattr(problem, 'msg', problem)}") from problem
    todo = [(document, 1, False)]
    while todo:
        node, depth, in_context = todo.pop()
        if depth > MAX_DEPTH:
            raise UnreadableFile(f"{path}: is nested more than {MAX_DEPTH} levels deep; write it flatter")
        if isinstance(node, list):
            todo.extend((part, depth + 1, in_context) for part in node)
        elif isinstance(node, dict):
            _guard_context(path, node)
            todo.extend((part, depth + 1, in_context or key == "@context") for key, part in node.items())
        elif in_context and isinstance(node, str) and len(node) > MAX_IRI:
            raise UnreadableFile(f"{path}: an IRI is longer than {MAX_IRI:,} characters; shorten it")


def _guard_context(path, node):
    """Refuse a JSON-LD context that stands elsewhere."""
    context = node.get("@context")
    for part in context if isinstance(context, list) else [context]:
        remote = part if isinstance(part, str) else part.get("@import") if isinstance(part, dict) else None
        if remote:
            raise UnreadableFile(
                f"{path}: names the remote context {shorten(str(remote))}; nothing is fetched: "
                "write the context into the file"
            )


def _guard_xml(path, text):
    """Refuse what is not whole, what lies outside the file, and entities that multiply.

    pyoxigraph takes the end of the file for the end of the document, and
    expands entities without limit; expat, which fetches nothing, sees both.
    """
    from xml.parsers import expat

    declared = re.match(r"<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([\w.-]+)", text)
    if declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii") and not text.isascii():
        raise UnreadableFile(f"{path}: declares the encoding {declared[1]}; save it as UTF-8")
    expanded = []

    def doctype(_name, system, public, _internal):
        if system or public:
            raise UnreadableFile(f"{path}: refers to an external entity; nothing is fetched: remove the reference")

    def entity(name, is_parameter, value, _base, system, public, _notation):
        if system or public:
            raise UnreadableFile(f"{path}: refers to an external entity; nothing is fetched: remove the reference")
        if is_parameter or "&" in (value or ""):
            raise UnreadableFile(f"{path}: the entity {shorten(name)} holds other entities; write them out")
        expanded.append(len(value or "") * text.count(f"&{name};"))
        if sum(expanded) > MAX_ENTITY_CHARACTERS:
            raise UnreadableFile(f"{path}: its entities expand to {sum(expanded):,} characters; write them out")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text, True)
    except expat.ExpatError as problem:
        place = f"{path}:{problem.lineno}:{problem.offset + 1}"
        raise UnreadableFile(f"{place}: not RDF/XML: {expat.ErrorString(problem.code)}") from problem
