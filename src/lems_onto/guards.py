"""Refuses texts that would exhaust the stack or the memory of a parser, or that lie elsewhere.

JSON-LD and triple terms nested so deep that pyoxigraph crashes, XML entities
and namespaces that multiply, contexts and entities that would have to be fetched.
"""

import re

from .errors import UnreadableFile, shorten

MAX_DEPTH = 500
MAX_IRI = 10_000
MAX_ENTITY_CHARACTERS = 10_000_000


def guard(where, text, syntax):
    """Refuse a text that would exhaust the stack or the memory of the parser.

    Args:
        where: what the text is, named in messages.
        text: what shall be parsed.
        syntax: the name of its syntax, one of `reading.SYNTAXES`.

    Raises:
        UnreadableFile: it would.
    """
    _guard_length(where, text)
    if syntax == "JSON-LD":
        _guard_json(where, text)
    elif syntax == "RDF/XML":
        _guard_xml(where, text)
    else:
        _guard_triple_terms(where, text)


def _guard_length(path, text):
    """Refuse what a short file can multiply: a namespace so long that each IRI made of it fills the memory."""
    # No IRI spans lines: where all lines are short, nothing need be searched.
    at = 0
    while len(text) - at > MAX_IRI:
        end = text.rfind("\n", at, at + MAX_IRI)
        if end < 0:
            break
        at = end + 1
    else:
        return
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
