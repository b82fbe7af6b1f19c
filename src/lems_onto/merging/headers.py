"""Gives a merged ontology one header: that of the user's own, for it is their file.

It keeps its IRI and its annotations. Where the merge adds to it, it is no
longer the version that it was: its version IRI goes, and each version that
went into the merged file is named by dcterms:source. The headers of all
others go; the citation of the shipped ontology, which its licence asks for,
stays.
"""

import collections
import re

from .. import graphs
from ..reasoning.admission import OWL, RDF

DCTERMS = "http://purl.org/dc/terms/"
SOURCE = DCTERMS + "source"
CITATION = DCTERMS + "bibliographicCitation"
IMPORTS, VERSION = graphs.OWL_IMPORTS, OWL + "versionIRI"

United = collections.namedtuple("United", "triples iri version imports")
United.__doc__ = """Triples with one header.

Attributes:
    triples: a list of them.
    iri: the IRI of the ontology, or None.
    version: the version IRI that was taken out, or None.
    imports: the ontologies that are still imported, sorted.
"""


def of(triples):
    """The headers in triples: a dict from node to a dict from predicate to values."""
    nodes = {
        one.subject for one in triples if one.predicate.value == RDF + "type" and _value(one.object) == OWL + "Ontology"
    }
    found = {node: collections.defaultdict(list) for node in sorted(nodes, key=str)}
    for one in triples:
        if one.subject in found:
            found[one.subject][one.predicate.value].append(one.object)
    return found


def unite(triples, ours, theirs, grew):
    """Leave one header in joined triples.

    Args:
        triples: the joined triples, those of the headers of `ours` left out.
        ours: the headers of the shipped ontology and of bridges, as `of` gives them.
        theirs: a list of the headers of each of the user's files, in order.
        grew: whether the merge adds something to the user's files.

    Returns:
        A `United`.
    """
    import pyoxigraph as ox

    known = [node for part in theirs for node in part]
    own = [node for node in known if _value(node) != graphs.ONTOLOGY]
    kept = (own or known or [ox.BlankNode()])[0]
    dropped = {node for node in known if node != kept}
    others = [*ours.items(), *((node, said) for part in theirs for node, said in part.items() if node != kept)]
    version = sorted({one for part in theirs for one in part.get(kept, {}).get(VERSION, ())}, key=str)
    answered = {_value(node) for node in [kept, *dict(others)]} | {one.value for one in version}
    answered |= {one.value for _, said in others for one in said[VERSION]}
    asked = {one for part in [ours, *theirs] for said in part.values() for one in said[IMPORTS]}
    imports = sorted((one for one in asked if not _is_ours(one.value) and one.value not in answered), key=str)
    gone = _gone(triples, dropped, ox.BlankNode)
    out = {IMPORTS, VERSION} if grew else {IMPORTS}
    left = [
        one for one in triples if one.subject not in gone and not (one.subject == kept and one.predicate.value in out)
    ]
    header = [(RDF + "type", ox.NamedNode(OWL + "Ontology")), *((IMPORTS, one) for one in imports)]
    if grew:
        sources = set(version)
        for node, said in others:
            sources.update(said[VERSION] or [node] * isinstance(node, ox.NamedNode))
        header += [(SOURCE, one) for one in sorted(sources, key=str)]
        header += [
            (CITATION, one) for node, said in ours.items() if _value(node) == graphs.ONTOLOGY for one in said[CITATION]
        ]
    left += [ox.Triple(kept, ox.NamedNode(predicate), value) for predicate, value in header]
    return United(
        list(dict.fromkeys(left)),
        _value(kept) if isinstance(kept, ox.NamedNode) else None,
        version[0].value if grew and version else None,
        tuple(one.value for one in imports),
    )


def _is_ours(iri):
    """Whether an import asks for the shipped ontology, in whichever version or file."""
    return re.fullmatch(re.escape(graphs.ONTOLOGY) + r"(/\d[^/]*)?(/el|/lems\.\w+)?", iri) is not None


def _gone(triples, dropped, blank):
    """The headers to leave out, the annotations of what they say, and the blank nodes that are theirs alone."""
    gone = set(dropped)
    if not gone:
        return gone
    referrers, inner = collections.defaultdict(set), collections.defaultdict(list)
    for one in triples:
        if one.predicate.value == OWL + "annotatedSource" and one.object in dropped:
            gone.add(one.subject)
        if isinstance(one.object, blank):
            referrers[one.object].add(one.subject)
            inner[one.subject].append(one.object)
    left = list(gone)
    while left:
        for node in inner[left.pop()]:
            if node not in gone and referrers[node] <= gone:
                gone.add(node)
                left.append(node)
    return gone


def _value(node):
    return getattr(node, "value", None)
