"""Finds the terms in shapes that no vocabulary has, and those that are not carried out."""

from __future__ import annotations

import functools
import re
from difflib import get_close_matches

from .. import terms
from . import nearmisses
from .findings import Fault
from .vocabulary import ADVANCED, OWL, RDF, RDFS, SH, TERMS, XSD, unknown

# The shapes of shapes have a namespace of their own (https://www.w3.org/TR/shacl/#shacl-shacl).
_ALIKE = re.compile(r"https?://(www\.)?w3\.org/(ns/)?shacl(?!-shacl#)", re.IGNORECASE)


def faults(graph):
    """A `Fault` for each term that no vocabulary has."""
    import pyoxigraph as ox

    for triple in graph.triples:
        for node in (triple.predicate, triple.object):
            iri = node.value if isinstance(node, ox.NamedNode) else ""
            if not _is_odd(iri):
                continue
            if iri.startswith(SH) and iri[len(SH) :] not in TERMS | ADVANCED:
                near = _of_shacl().meant(iri, True) or _closest(iri[len(SH) :], TERMS)
                guess = f"did you mean {_short(near)}?" if near else "see https://www.w3.org/TR/shacl/"
                yield _fault(graph, triple, f"{_short(iri)} is no term of SHACL 1.0; {guess}", node)
            elif not iri.startswith(SH) and _ALIKE.match(iri):
                local = re.sub("(?i)^shacl", "", re.split(r"[#/]", iri)[-1])
                yield _fault(graph, triple, f"{iri} is not in the namespace of SHACL; write <{SH}{local}>", node)
            elif _of_vocabularies().meant(iri, True) and not unknown(iri):
                yield _fault(
                    graph,
                    triple,
                    f"{iri} does not exist; did you mean {_short(_of_vocabularies().meant(iri, True))}?",
                    node,
                )
            elif unknown(iri) and not iri.startswith(SH):
                space = next(space for space in (RDF, RDFS, XSD, OWL) if iri.startswith(space))
                near = _of_vocabularies().meant(iri, True)
                guess = f"did you mean {_short(near)}?" if near else f"see {space.removesuffix('#')}"
                yield _fault(graph, triple, f"{_short(iri)} does not exist; {guess}", node)


@functools.lru_cache(maxsize=10_000)
def _is_odd(iri):
    """Whether an IRI may be one that no vocabulary has."""
    return bool(unknown(iri) or (not iri.startswith(SH) and _ALIKE.match(iri)) or _of_vocabularies().meant(iri, True))


@functools.cache
def _of_shacl():
    return nearmisses.Known(SH + name for name in TERMS)


@functools.cache
def _of_vocabularies():
    return nearmisses.Known(nearmisses.of_vocabularies())


@functools.cache
def _closest(name, names):
    close = get_close_matches(name, names, n=1, cutoff=0.75)
    return SH + close[0] if close else None


def _short(iri):
    return terms.contract(iri, {"sh": SH, "xsd": XSD, "rdf": RDF, "rdfs": RDFS, "owl": OWL})


def advanced(graph):
    """A `Fault` for each term that is no SHACL Core and no SHACL-SPARQL."""
    import pyoxigraph as ox

    for triple in graph.triples:
        name = triple.predicate.value.removeprefix(SH)
        if triple.predicate.value.startswith(SH) and name in ADVANCED:
            which = "JavaScript" if name.startswith("js") else "Advanced Features"
            yield _fault(graph, triple, f"sh:{name} is of SHACL {which}, which is not carried out; leave it out")
        elif name == "entailment":
            yield _fault(graph, triple, "sh:entailment asks for inference, which is not made; reason first")
        elif name == "in" and isinstance(triple.object, ox.Literal):
            yield _fault(graph, triple, "sh:in has a literal; give it a list")


def _fault(graph, triple, message, node=None):
    """The fault of a triple, whose predicate is to blame where `node` is that."""
    shape = graph.shapes.get(triple.subject)
    blamed = ("predicate",) if node == triple.predicate else ()
    place = (triple.subject, triple.predicate, triple.object, *blamed)
    return Fault("broken", message, shape.id if shape else None, place)
