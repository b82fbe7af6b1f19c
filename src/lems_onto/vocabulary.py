"""Names of the terms and claims, read from the ontology: a misspelt one is an error and not an empty answer."""

import functools
import re

from . import graphs
from .errors import UnknownName

# Each name of this module, with the namespace whose names it holds.
SPACES = {"LEMS": graphs.ONTOLOGY + "/", "CLAIM": graphs.ONTOLOGY + "/claim/"}


def __getattr__(name):
    if name not in SPACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _closed(name)


def names(space):
    """The names in a namespace of which the shipped ontology says something, sorted."""
    store, _ = graphs.shipped()
    iris = {quad.subject.value for quad in store if hasattr(quad.subject, "value")}
    return sorted(
        iri.removeprefix(space) for iri in iris if iri.startswith(space) and re.fullmatch(r"[\w.-]+", iri[len(space) :])
    )


@functools.cache
def _closed(name):
    """The closed rdflib namespace of that name."""
    from rdflib import Namespace, URIRef
    from rdflib.namespace import DefinedNamespace, DefinedNamespaceMeta

    space = SPACES[name]
    known = names(space)
    taken = frozenset(known)

    class Closed(DefinedNamespaceMeta):
        """A namespace of rdflib that has the names of the ontology, and no others."""

        def __getitem__(cls, local, default=None):
            if str(local) in taken:
                return URIRef(space + str(local))
            raise AttributeError(str(UnknownName("name", str(local), known, f"see dir(lems_onto.{name})")))

        def __getattr__(cls, local):
            if local.startswith("__"):
                raise AttributeError(local)
            return cls[local]

        def __contains__(cls, item):
            return str(item).removeprefix(space) in taken

        def __iter__(cls):
            return (cls[local] for local in known)

        def __len__(cls):
            return len(known)

        def __dir__(cls):
            return known

    made = {
        "__module__": __name__,
        "__qualname__": name,
        "__doc__": f"The names in <{space}>, as terms of rdflib; a name that the ontology does not have is an error.",
        "__annotations__": dict.fromkeys(known, URIRef),
        "_NS": Namespace(space),
        "_fail": True,
    }
    return Closed(name, (DefinedNamespace,), made)
