"""Terms as people write them: CURIE, IRI, label, synonym or value, and back."""

import re

from .errors import LemsError, UnknownName, shorten

XSD = "http://www.w3.org/2001/XMLSchema#"
_ZONE = r"(?:Z|[+-]\d\d:\d\d)?"
# How the values of a type are written (https://www.w3.org/TR/xmlschema11-2/).
_LEXICAL = {
    "boolean": "true|false|0|1",
    "date": rf"-?\d{{4,}}-\d\d-\d\d{_ZONE}",
    "dateTime": rf"-?\d{{4,}}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?{_ZONE}",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "gYear": rf"-?\d{{4,}}{_ZONE}",
    "gYearMonth": rf"-?\d{{4,}}-\d\d{_ZONE}",
    "integer": r"[+-]?\d+",
    "nonNegativeInteger": r"\+?\d+",
}
_ESCAPE = r"\\(?:[tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_KINDS = {"integer": "a whole number", "nonNegativeInteger": "a whole number from 0", "decimal": "a number",
          "double": "a number", "boolean": "true or false", "date": "a date such as 2016-12-31",
          "gYear": "a year such as 2016", "gYearMonth": "a month such as 2016-12",
          "dateTime": "a moment such as 2016-12-31T00:00:00"}  # fmt: skip


class WrongValue(LemsError):
    """A value that is not of the type that its column has."""


def contract(iri, prefixes):
    """The CURIE of an IRI by the longest fitting namespace, or the IRI itself."""
    fits = [(len(space), prefix, space) for prefix, space in prefixes.items() if iri.startswith(space)]
    if fits:
        _, prefix, space = max(fits)
        local = iri[len(space) :]
        if local and not re.search(r"[/#\s]", local):
            return f"{prefix}:{local}"
    return iri


def expand(text, prefixes):
    """The IRI of an IRI (bare or in angle brackets) or of a CURIE; None for anything else.

    The prefix of a CURIE may be written in capitals or not, and the colon as
    an underscore.
    """
    if re.fullmatch(r"<\S+>", text):
        return text[1:-1]
    if re.match(r"(?:https?://|urn:)\S+$", text):
        return text
    prefix, _, local = text.partition(":" if ":" in text else "_")
    if local and not re.search(r"\s", text):
        spaces = {name.casefold(): space for name, space in prefixes.items()}
        space = prefixes.get(prefix) or spaces.get(prefix.casefold())
        if space:
            return space + local
    return None


def meant(value, known, labelled, prefixes, where):
    """The terms that a person may mean by a value.

    Args:
        value: a Python number, boolean or date, an rdflib or pyoxigraph term,
            or a text: a CURIE, an IRI, its last part, a label, a synonym, the
            value of a literal, or a term as Turtle writes it (`<...>`,
            `"..."@en`, `"..."^^xsd:date`).
        known: terms that are likely, and that say of which type the value is.
        labelled: a function that gives the named nodes that bear a label.
        prefixes: the prefixes of CURIEs.
        where: what the value is for, named in messages.

    Returns:
        A list of `pyoxigraph` terms; several where the value fits several.

    Raises:
        UnknownName: nothing bears that name.
        WrongValue: it is not of the type that is wanted.
    """
    import pyoxigraph as ox

    if not isinstance(value, str) or hasattr(value, "n3"):
        return [of_python(value, where)]
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise WrongValue(f"'{shorten(value)}' for {where} is no text: it is not UTF-8; write it so") from problem
    literals = {term for term in known if isinstance(term, ox.Literal)}
    nodes = {term for term in known if isinstance(term, ox.NamedNode)}
    if value[:1] in ("<", '"'):
        return [_as_turtle(value, prefixes, where)]
    if nodes or not known:
        iri = expand(value, prefixes)
        if iri is not None:
            return [_node(iri, where)]
        found = {term for term in nodes if re.split(r"[/#_]", term.value)[-1] == value} or labelled(value)
        if found and known:
            return sorted(found, key=str)
        if not known:
            # Of a query of one's own nothing is known: it may be a term or its label.
            return sorted(found, key=str) + _typed(value, literals, where)
    if literals:
        same = {term for term in literals if term.value == value}
        same = same or {term for term in literals if term.value.casefold() == value.casefold()}
        return sorted(same, key=str) or _typed(value, literals, where)
    names = [contract(node.value, prefixes) for node in nodes]
    raise UnknownName(f"term for {where}", value, names, _examples(names) if names else "the data hold none")


def unknown(value, known, labels, prefixes, where):
    """The `UnknownName` for a value that occurs nowhere, with the likeliest that do."""
    names = [contract(term.value, prefixes) if not hasattr(term, "datatype") else term.value for term in known]
    names += labels
    return UnknownName(f"term for {where}", value, names, _examples(names) if names else "the data hold none")


def is_name(term):
    """Whether a term is one whose spelling can be wrong: an IRI or a text, not a number or a date."""
    datatype = getattr(term, "datatype", None)
    return datatype is None or datatype.value.removeprefix(XSD) not in _LEXICAL


def examples_of(known, prefixes):
    """Some of the terms as examples in words."""
    names = {term.value if hasattr(term, "datatype") else contract(str(term)[1:-1], prefixes) for term in known}
    return _examples(names)


def _examples(names):
    return "for example " + ", ".join(f"'{shorten(one)}'" for one in sorted(names, key=str.casefold)[:3])


def _literal(value, where, datatype=None, language=None):
    """A literal; a `WrongValue` for what no literal can be made of."""
    import pyoxigraph as ox

    try:
        value.encode()
        return ox.Literal(value, datatype=ox.NamedNode(datatype) if datatype else None, language=language)
    except ValueError as problem:
        raise WrongValue(f"'{shorten(value)}' for {where} is no literal: {problem}; mend it") from problem


def _node(iri, where):
    import pyoxigraph as ox

    try:
        iri.encode()
        return ox.NamedNode(iri)
    except ValueError as problem:
        raise WrongValue(f"'{shorten(iri)}' for {where} is no IRI: {problem}; mend it") from problem


def _as_turtle(text, prefixes, where):
    """The term of a text in angle brackets or quotes."""

    if text.startswith("<") and text.endswith(">"):
        return _node(text[1:-1], where)
    match = re.fullmatch(rf'"((?:[^"\\]|{_ESCAPE})*)"(?:@([A-Za-z]+(?:-[A-Za-z0-9]+)*)|\^\^(\S+))?', text, re.DOTALL)
    if not match:
        raise WrongValue(
            f'\'{shorten(text)}\' for {where} is no term; write <IRI>, "text", "text"@en or "2"^^xsd:integer'
        )
    value = re.sub(_ESCAPE, lambda found: _unescaped(found[0]), match[1])
    if match[2]:
        return _literal(value, where, language=match[2])
    if not match[3]:
        return _literal(value, where)
    datatype = expand(match[3], {"xsd": XSD, **prefixes})
    if datatype is None:
        raise WrongValue(f"'{shorten(match[3])}' for {where} is no datatype; name one such as xsd:integer")
    return _literal(value, where, _node(datatype, where).value)


def _unescaped(escape):
    """The character of an escape of Turtle (https://www.w3.org/TR/turtle/#sec-escapes)."""
    if escape[1] in "uU":
        number = int(escape[2:], 16)
        if number > 0x10FFFF or 0xD800 <= number < 0xE000:
            raise WrongValue(f"'{escape}' is no character; mend the escape")
        return chr(number)
    return {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}.get(escape[1], escape[1])


def _typed(value, literals, where):
    """Literals of the types that a column has; of all likely ones where nothing is known of it."""

    kinds = {(term.datatype.value, term.language) for term in literals}
    if not kinds:
        kinds = {(XSD + "string", None), (None, "en"), *((XSD + name, None) for name in ("integer", "decimal", "date"))}
    made = []
    for datatype, language in sorted(kinds, key=str):
        name = (datatype or "").removeprefix(XSD)
        if language:
            made.append(_literal(value, where, language=language))
        elif name not in _LEXICAL:
            made.append(_literal(value, where, datatype))
        elif re.fullmatch(_LEXICAL[name], value, re.ASCII):
            sign, digits = "-" * value.startswith("-"), value.lstrip("+-0") or "0"
            plain = (sign if digits != "0" else "") + digits if name.lower().endswith("integer") else value
            made.append(_literal(plain, where, datatype))
    if not made:
        wanted = " or ".join(sorted(_KINDS[datatype.removeprefix(XSD)] for datatype, _ in kinds))
        raise WrongValue(
            f"'{shorten(value)}' for {where} is not {wanted}; {_examples({one.value for one in literals})}"
        )
    return made


def of_python(value, where):
    """The pyoxigraph term of an rdflib or pyoxigraph term, or of a Python number, boolean or date.

    Raises:
        WrongValue: it is none of these.
    """
    import datetime
    import decimal

    import pyoxigraph as ox

    if isinstance(value, (ox.NamedNode, ox.Literal)):
        return value
    if hasattr(value, "n3"):
        return from_rdflib(value)
    if isinstance(value, (bool, int, float)):
        return ox.Literal(value)
    for kind, name in ((decimal.Decimal, "decimal"), (datetime.datetime, "dateTime"), (datetime.date, "date")):
        if isinstance(value, kind):
            written = format(value, "f") if kind is decimal.Decimal else value.isoformat()
            return ox.Literal(written, datatype=ox.NamedNode(XSD + name))
    raise WrongValue(f"{type(value).__name__} for {where} is no value; give text, a number, a date or an RDF term")


def from_rdflib(term):
    """The pyoxigraph term of an rdflib term.

    Raises:
        WrongValue: it is a term that rdflib makes and RDF does not have.
    """
    try:
        return _from_rdflib(term)
    except (ValueError, AttributeError) as problem:
        what = f"{type(term).__name__} {shorten(str(term))}"
        raise WrongValue(f"the rdflib term {what} is no term of RDF: {problem}; mend it") from problem


def _from_rdflib(term):
    import pyoxigraph as ox
    import rdflib

    if isinstance(term, rdflib.URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return ox.BlankNode(str(term))
    if term.language:
        return ox.Literal(str(term), language=term.language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
