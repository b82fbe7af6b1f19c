"""Terms as people write them: CURIE, IRI, label or synonym, and back."""

import re

from .errors import AmbiguousTerm, UnknownName

RDFS_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS_ALT_LABEL = "http://www.w3.org/2004/02/skos/core#altLabel"


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
    if re.match(r"https?://\S+$", text):
        return text
    prefix, _, local = text.partition(":" if ":" in text else "_")
    if local and not re.search(r"\s", text):
        spaces = {name.casefold(): space for name, space in prefixes.items()}
        space = prefixes.get(prefix) or spaces.get(prefix.casefold())
        if space:
            return space + local
    return None


def resolve(text, store, prefixes, candidates, where):
    """The term that a person means by `text`, preferably one of the candidates.

    Args:
        text: a CURIE, an IRI, its last part, a label, a synonym, or the value of a literal.
        store: the graph in which the term must occur.
        prefixes: the prefixes of CURIEs.
        candidates: the terms among which it is likely to be.
        where: what the text is for, named in messages.

    Returns:
        A `pyoxigraph` term that is a candidate or at least occurs in the graph.

    Raises:
        UnknownName: nothing of that name occurs.
        AmbiguousTerm: several things bear it; the message names them.
    """
    import pyoxigraph as ox

    iri = expand(text, prefixes)
    if iri is not None:
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            node = None
        if node is not None and (node in candidates or _occurs(store, node)):
            return node
    literals = {term for term in candidates if isinstance(term, ox.Literal)}
    nodes = {term for term in candidates if isinstance(term, ox.NamedNode)}
    for wanted in (
        {term for term in literals if term.value == text},
        {term for term in literals if term.value.casefold() == text.casefold()},
        {term for term in nodes if re.split(r"[/#_]", term.value)[-1] == text},
        _labelled(store, text) & nodes,
        _labelled(store, text) if nodes else set(),
    ):
        if len(wanted) == 1:
            return wanted.pop()
        if wanted:
            names = sorted(contract(t.value, prefixes) if isinstance(t, ox.NamedNode) else str(t) for t in wanted)
            raise AmbiguousTerm(f"'{text}' for {where} may be {' or '.join(names)}; name one of these")
    for other in literals:
        if (
            other.datatype.value.startswith(XSD)
            and other.datatype.value != XSD + "string"
            and re.match(r"[-+.\d]", text)
        ):
            return ox.Literal(text, datatype=other.datatype)
    known = [term.value for term in literals]
    for node in nodes:
        known.append(contract(node.value, prefixes))
        known += [quad.object.value for label in _labels() for quad in store.quads_for_pattern(node, label, None)]
    examples = ", ".join(f"'{one}'" for one in sorted(known, key=str.casefold)[:3])
    raise UnknownName(f"term for {where}", text, known, f"for example {examples}")


def _labels():
    import pyoxigraph as ox

    return ox.NamedNode(RDFS_LABEL), ox.NamedNode(SKOS_ALT_LABEL)


def _labelled(store, text):
    """Named nodes whose label or synonym is `text`, capitals aside."""
    import pyoxigraph as ox

    folded = text.casefold()
    return {
        quad.subject
        for label in _labels()
        for quad in store.quads_for_pattern(None, label, None)
        if quad.object.value.casefold() == folded and isinstance(quad.subject, ox.NamedNode)
    }


def _occurs(store, node):
    return any(
        next(iter(store.quads_for_pattern(*pattern)), None) is not None
        for pattern in ((node, None, None), (None, node, None), (None, None, node))
    )
