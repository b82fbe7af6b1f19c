"""Makes graphs of many diseases in the shape of the shipped one, as N-Triples.

    python benchmarks/scale.py 100000 out.nt

The shipped graph comes first and whole. Each further disease has a disease
class with forms, antibody and processes, a document with its spans, claims and
axioms of its own. Symptoms, drugs and structures are shared: a disease draws
each from variants of the shipped term, whose number grows with the graph, so
that a term serves about twenty diseases. What is general stays one term for
all: groups, drug classes, cancer, cells, relations, modalities, evidence. About
a quarter of the symptoms and treatments on which nothing else rests is left
out of each disease, with their spans. What the curators infer of a shared term
is claimed once, with the first disease that uses it. The same count and seed
give the same bytes.
"""

import random
import sys
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology" / "lems.ttl"
LEMS = "https://w3id.org/lems-onto/"
CURATORS = ox.NamedNode("http://purl.obolibrary.org/obo/ECO_0000305")
ANNOTATED = ox.NamedNode("http://www.w3.org/2002/07/owl#annotatedSource")
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DOCUMENT = f"{LEMS}document/gard-6851"
FORMS = "LambertEatonMyasthenicSyndrome CancerAssociatedLems NonCancerAssociatedLems"
OWN_TERMS = f"{FORMS} LemsAntibody LemsAutoimmuneProcess AntitumorResponse".split()
GROUPINGS = {f"{LEMS}inSymptomGroup", f"{LEMS}inTreatmentClass"}
LOOSE_LINKS = {f"{LEMS}alternativeTo", f"{LEMS}combinableWith"}
LABELS = {f"{RDFS}label", f"{SKOS}altLabel"}
OFFSETS = {f"http://www.w3.org/ns/oa#{end}" for end in ("start", "end")} | {f"{LEMS}characterCount"}
DISEASES_PER_TERM = 20
LEFT_OUT = 0.25


class Shipped:
    """The shipped graph, cut into what a disease owns and what diseases share.

    `template` holds the triples of what a disease owns, `pooled` those of each
    term of which variants are made, `inferred` the term of each claim of the
    curators on one, `droppable` the claims that may be left out, each with the
    claims that go with it.
    """

    def __init__(self):
        blank = defaultdict(lambda: ox.BlankNode(f"b{len(blank)}"))
        parsed = (quad.triple for quad in ox.parse(path=ONTOLOGY, format=ox.RdfFormat.TURTLE))
        self.triples = [ox.Triple(*(blank[n] if isinstance(n, ox.BlankNode) else n for n in t)) for t in parsed]
        self.by_subject = defaultdict(list)
        for triple in self.triples:
            self.by_subject[triple.subject].append(triple)
        self.claims = [node for node in self.by_subject if node.value.startswith(f"{LEMS}claim/")]
        self.spans = {node for node in self.by_subject if node.value.startswith(f"{DOCUMENT}#")}
        self.own = self.find_own()
        self.template = [triple for triple in self.triples if triple.subject in self.own]
        about = {claim: self.value(claim, "subject") for claim in self.claims}
        said = {claim: self.value(claim, "predicate").value for claim in self.claims}
        of = {claim: self.value(claim, "object") for claim in self.claims}
        groups = {of[claim] for claim in self.claims if said[claim] in GROUPINGS}
        listed = [claim for claim in self.claims if said[claim].endswith(("mayHaveFeature", "TreatedWith"))]
        terms = dict.fromkeys([*about.values(), *(of[claim] for claim in listed)])
        self.pooled = {term: self.by_subject[term] for term in terms if term not in self.own and term not in groups}
        inferred = [claim for claim in self.claims if self.value(claim, "evidenceCode") == CURATORS]
        self.inferred = {claim: about[claim] for claim in inferred if about[claim] in self.pooled}
        held = {t.object for t in self.triples if t.predicate.value not in LOOSE_LINKS}
        self.droppable = {}
        for claim in listed:
            companions = [other for other in self.claims if about[other] == of[claim]]
            alone = [of[other] for other in listed].count(of[claim]) == 1
            if claim not in held and alone and all(said[other] in GROUPINGS for other in companions):
                self.droppable[claim] = companions

    def value(self, subject, name):
        """The first value of one of our own properties."""
        return next(t.object for t in self.by_subject[subject] if t.predicate.value == LEMS + name)

    def find_own(self):
        """Terms, claims, document and spans of the disease, and the blank nodes of its axioms."""
        own = {ox.NamedNode(LEMS + name) for name in OWN_TERMS} | {*self.claims, *self.spans, ox.NamedNode(DOCUMENT)}
        size = 0
        while len(own) > size:
            size = len(own)
            own |= {t.object for t in self.triples if isinstance(t.object, ox.BlankNode) and t.subject in own}
            own |= {t.subject for t in self.triples if t.predicate == ANNOTATED and t.object in own}
        return own

    def kept(self, random_, known):
        """The nodes of one disease: all but the claims left out and the spans that only these mention."""
        out = {claim for claim, term in self.inferred.items() if term in known}
        for claim, companions in self.droppable.items():
            if random_.random() < LEFT_OUT:
                out |= {claim, *companions}
        kept = self.own - self.spans - out
        for _ in range(2):  # the spans of the claims, then the spans of their hedges
            kept |= {t.object for t in self.template if t.subject in kept and t.object in self.spans}
        return kept


def triples(count, seed=0):
    """Triples of a graph of about `count` triples, at least the shipped graph; the last disease is complete."""
    shipped, random_ = Shipped(), random.Random(seed)
    variants = max(2, round(count / len(shipped.template) / DISEASES_PER_TERM))
    known = {(term, 0) for term in shipped.pooled}
    yield from shipped.triples
    made, disease = len(shipped.triples), 0
    while made < count:
        disease += 1
        drawn = {term: random_.randrange(variants) for term in shipped.pooled}
        shift = random_.randrange(1000)
        kept = shipped.kept(random_, {term for term in drawn if (term, drawn[term]) in known})
        names = {node: _own_name(node, disease, shift) for node in kept}
        names |= {term: _variant(term, number) for term, number in drawn.items()}
        for triple in shipped.template:
            if triple.subject in kept and (triple.object in kept or triple.object not in shipped.own):
                made += 1
                yield _renamed(triple, names, disease, shift)
        used = {t.object for t in shipped.template if t.subject in kept} & drawn.keys()
        for term in shipped.pooled:
            if term in used and (term, drawn[term]) not in known:
                known.add((term, drawn[term]))
                made += len(shipped.pooled[term])
                yield from (_renamed(t, {term: names[term]}, f"v{drawn[term]}") for t in shipped.pooled[term])


def _own_name(node, disease, shift):
    if isinstance(node, ox.BlankNode):
        return ox.BlankNode(f"x{disease}{node.value}")
    if not node.value.startswith(DOCUMENT):
        return ox.NamedNode(f"{node.value}-{disease}")
    _, equals, offsets = node.value.partition("#char=")
    moved = ",".join(str(int(offset) + shift) for offset in offsets.split(",")) if offsets else ""
    return ox.NamedNode(f"{LEMS}document/x-{disease}{equals}{moved}")


def _variant(term, number):
    return ox.NamedNode(f"{LEMS}{term.value.rsplit('/', 1)[-1]}-v{number}") if number else term


def _renamed(triple, names, suffix, shift=0):
    """The triple with new names; labels, mappings and checksums made its own, offsets moved."""
    predicate, node = triple.predicate.value, triple.object
    if node in names:
        node = names[node]
    elif predicate in LABELS:
        node = ox.Literal(f"{node.value} {suffix}", language=node.language)
    elif predicate in OFFSETS:
        node = ox.Literal(str(int(node.value) + shift), datatype=node.datatype)
    elif predicate.startswith(SKOS) and predicate.endswith("Match"):
        node = ox.NamedNode(f"{node.value}-{suffix}")
    return ox.Triple(names.get(triple.subject, triple.subject), triple.predicate, node)


def write(count, output, seed=0):
    """Write the graph as N-Triples to a path or a binary file."""
    ox.serialize(triples(count, seed), output=output, format=ox.RdfFormat.N_TRIPLES)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    write(int(sys.argv[1]), sys.argv[2])


if __name__ == "__main__":
    main()
