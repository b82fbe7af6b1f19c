"""What the claims of a graph say: of an axiom that rests on one, and of a statement that is no axiom."""

import collections

from ..graphs import ONTOLOGY

LEMS = ONTOLOGY + "/"
OA = "http://www.w3.org/ns/oa#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

Claim = collections.namedtuple("Claim", "iri label predicate modality mentions")
Claim.__doc__ = """A claim.

Attributes:
    iri: its IRI.
    label: what it says, in a few words.
    predicate: the IRI of its relation.
    modality: how firmly it is said: asserted, possible, hypothesized, limitedEvidence or statedUnknown.
    mentions: the `Mention` of each span that says it, by offset.
"""

Mention = collections.namedtuple("Mention", "start end exact document hedges")
Mention.__doc__ = """Characters of a document (0-based, the end exclusive), their text, and the hedges over them.

`hedges` is a tuple of `Mention` without hedges of their own.
"""


class Claims:
    """The claims of triples of pyoxigraph."""

    def __init__(self, triples):
        self._values = collections.defaultdict(lambda: collections.defaultdict(list))
        self._about = collections.defaultdict(list)
        for triple in triples:
            if hasattr(triple.subject, "value"):
                self._values[triple.subject.value][triple.predicate.value].append(triple.object.value)
                if triple.predicate.value == LEMS + "subject":
                    self._about[triple.object.value].append(triple.subject.value)

    def get(self, iri):
        """The `Claim` of an IRI."""
        values = self._values[iri]
        mentions = [self._mention(span) for span in values[LEMS + "mention"]]
        return Claim(
            iri,
            _one(values[LABEL], iri),
            _one(values[LEMS + "predicate"], ""),
            _one(values[LEMS + "modality"], "").removeprefix(LEMS),
            tuple(sorted(mentions)),
        )

    def about(self, subject, object_):
        """The claims with this subject and object, whatever their relation, sorted by IRI."""
        found = [iri for iri in self._about.get(subject, ()) if object_ in self._values[iri][LEMS + "object"]]
        return [self.get(iri) for iri in sorted(found)]

    def _mention(self, span, inner=True):
        values = self._values[span]
        hedges = [self._mention(one, False) for one in values[LEMS + "governedBy"]] if inner else []
        return Mention(
            int(_one(values[OA + "start"], -1)),
            int(_one(values[OA + "end"], -1)),
            _one(values[OA + "exact"], ""),
            _one(values[LEMS + "inDocument"], ""),
            tuple(sorted(hedges)),
        )


def _one(values, default):
    return min(values) if values else default
