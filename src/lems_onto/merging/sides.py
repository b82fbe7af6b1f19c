"""Reads the two sides of a merge, and joins them."""

import collections
import os

from .. import resources
from ..errors import UnknownName
from ..reasoning import naming, ontologies
from . import headers, joining

Sides = collections.namedtuple("Sides", "ours theirs triples prefixes header grew")
Sides.__doc__ = """The two sides of a merge.

Attributes:
    ours: the `ontologies.Part` of the shipped ontology and of each bridge.
    theirs: that of each of the user's files.
    triples: the merged ontology, with one header.
    prefixes: for writing it; where both sides bind a prefix, theirs is kept.
    header: the `headers.United` that it has.
    grew: whether the merge adds something to the user's files.
"""


def read(*paths, bridges=()):
    """Read the user's files and the shipped ontology with bridges, and join them.

    Raises:
        UnknownName: there is no such bridge.
        UnreadableFile: a file cannot be read, or cannot be admitted.
    """
    theirs = [ontologies.part(path) for path in paths]
    ours = [ontologies.part(resources.ontology_path(), ontologies.SHIPPED)]
    ours += [ontologies.part(bridge_path(name), f"the bridge to {name}") for name in bridges]
    own = []
    for part in theirs:
        own = joining.join(own, part.triples)
    said = {node: values for part in ours for node, values in headers.of(part.triples).items()}
    joined = own
    for part in ours:
        joined = joining.join(joined, [one for one in part.triples if one.subject not in said])
    grew = len(joined) > len(own)
    header = headers.unite(joined, said, [headers.of(part.triples) for part in theirs], grew)
    prefixes = {}
    for part in [*theirs, *ours]:
        for prefix, space in part.prefixes.items():
            if space not in prefixes.values():
                prefixes.setdefault(prefix, space)
    return Sides(ours, theirs, header.triples, prefixes, header, grew)


def described(parts):
    """The IRIs of the terms that some parts describe, their headers left out."""
    found = set()
    for part in parts:
        said = headers.of(part.triples)
        found |= {
            one.subject.value
            for one in part.triples
            if type(one.subject).__name__ == "NamedNode" and one.subject not in said
        }
    return found


def names(two):
    """The `reasoning.naming.Names` of the terms of both sides."""
    # An empty label names nothing.
    return naming.Names(
        [
            part._replace(triples=[one for one in part.triples if getattr(one.object, "value", "_")])
            for part in two.ours + two.theirs
        ]
    )


def bridges():
    """From the name of each bridge to another ontology to the path of its file."""
    folder = os.path.join(os.path.dirname(resources.ontology_path()), "bridges")
    paths = sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith(".ttl"))
    return {os.path.basename(path).removesuffix(".ttl"): path for path in paths}


def bridge_path(name):
    """The path of a bridge; `UnknownName` where there is none of that name."""
    known = bridges()
    if name not in known:
        raise UnknownName("bridge", name, known, f"there is {' and '.join(known)}")
    return known[name]
