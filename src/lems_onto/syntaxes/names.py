"""Prefixes for the IRIs of a graph that is written: those that are used, and no more."""

import functools
import re

# What every syntax takes for the part behind the prefix.
PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


class Names:
    """Shortens IRIs by prefixes, the longest namespace first, and keeps which ones it used.

    Attributes:
        used: a dict from prefix to namespace.
    """

    def __init__(self, prefixes, local=PLAIN):
        self.used = {}
        self._local = local
        self._spaces = {}
        for prefix, space in prefixes.items():
            if space:
                self._spaces.setdefault(space, prefix)
        self._lengths = sorted({len(space) for space in self._spaces}, reverse=True)
        self.split = functools.cache(self._split)

    def _split(self, iri):
        """Prefix and local part of an IRI, or None where no prefix fits."""
        for length in self._lengths:
            prefix = self._spaces.get(iri[:length])
            if prefix is not None and self._local.fullmatch(iri, length):
                self.used[prefix] = iri[:length]
                return prefix, iri[length:]
        return None

    def short(self, iri):
        """The CURIE of an IRI, or None where no prefix fits."""
        found = self.split(iri)
        return None if found is None else ":".join(found)
