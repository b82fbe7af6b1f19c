"""Writes ontology/expected/hedged.ttl: each hedged claim as the axioms that it must never become, after a change.

    python tests/ontology/keep_hedged.py

It stands beside the tests and not among the documents, for it is a second
entry: whoever changes a claim or a relation on purpose writes the file anew,
and reads in `git diff` which axioms are now forbidden.
"""

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
ONTOLOGY = ROOT / "ontology" / "lems.ttl"
HEDGED = ROOT / "ontology" / "expected" / "hedged.ttl"
LEMS = "https://w3id.org/lems-onto/"
OWL = "http://www.w3.org/2002/07/owl#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
# "Causes or contributes to condition": what a relation of the Relation Ontology to treatments ends in.
CONTRIBUTES = "http://purl.obolibrary.org/obo/RO_0003302"
HEAD = """\
# What must never follow: each hedged claim of the ontology as an axiom.
#
# Made by tests/ontology/keep_hedged.py from ontology/lems.ttl; do not edit it.
# forbidden.ttl, which is laid by hand, says what else must never follow. None
# is part of the ontology: nobody should load this file with it.
"""
CHAPTERS = """
###############################################################################
# 1  Hedged claims
#
# Of each claim that is not asserted: by its own relation, by those above it,
# by what these say without a hedge, and by those that say the same backwards.
###############################################################################
""", """
###############################################################################
# 2  A treatment does not contribute to the disease
#
# The relations of the Relation Ontology to a treatment say so, by a reasoner.
###############################################################################
"""  # fmt: skip


class Graph:
    """The triples of the ontology, by subject and predicate and the other way round."""

    def __init__(self, path=ONTOLOGY):
        self.of, self.to = defaultdict(list), defaultdict(list)
        with open(path, "rb") as file:
            text = file.read()
        for quad in ox.parse(text, format=ox.RdfFormat.TURTLE):
            self.of[quad.subject.value, quad.predicate.value].append(getattr(quad.object, "value", None))
            self.to[getattr(quad.object, "value", None), quad.predicate.value].append(quad.subject.value)
        self.prefixes = dict(re.findall(r"^@prefix (\S*): <(.*)> \.$", text.decode(), re.MULTILINE))

    def reached(self, terms, index, predicate):
        """The terms, and what a predicate leads to from them over any number of steps."""
        found = list(terms)
        for term in found:
            found += [one for one in index[term, predicate] if one not in found]
        return found

    def curie(self, iri):
        """An IRI as the ontology writes it."""
        prefix, space = max(self.prefixes.items(), key=lambda pair: len(pair[1]) * iri.startswith(pair[1]))
        return f"{prefix}:{iri.removeprefix(space)}"


def relations(graph, predicate):
    """The relations by which a hedged claim would be too strong, as pairs of one and whether it goes backwards."""
    above = graph.reached([predicate], graph.of, RDFS + "subPropertyOf")
    below = graph.reached(above, graph.to, RDFS + "subPropertyOf")
    firm = [one for one in below if "false" in graph.of[one, LEMS + "hedged"]]
    found = [(one, False) for one in dict.fromkeys([*above, *sorted(firm)])]
    for one, _ in list(found):
        inverses = graph.of[one, OWL + "inverseOf"] + graph.to[one, OWL + "inverseOf"]
        found += [(inverse, True) for inverse in sorted(inverses)]
    return found


def claims(graph):
    """The claims that are not asserted, sorted."""
    firmness = LEMS + "modality"
    found = {claim for (claim, predicate), values in graph.of.items() if predicate == firmness for _ in values}
    return sorted(claim for claim in found if graph.of[claim, firmness] != [LEMS + "asserted"])


def axioms(graph, claim):
    """What a hedged claim must not become: tuples of a class, a relation, and a class or a claim."""
    for subject in graph.of[claim, LEMS + "subject"]:
        for predicate in graph.of[claim, LEMS + "predicate"]:
            for object_ in graph.of[claim, LEMS + "object"]:
                for relation, backwards in relations(graph, predicate):
                    yield (object_, relation, subject) if backwards else (subject, relation, object_)


def text(graph):
    """The text of the file."""
    hedged = [(claim, list(axioms(graph, claim))) for claim in claims(graph)]
    treated = sorted(graph.to[LEMS + "TreatmentClaim", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"])
    treated = [
        (claim, [(object_, CONTRIBUTES, subject)])
        for claim in treated
        for subject in graph.of[claim, LEMS + "subject"]
        for object_ in graph.of[claim, LEMS + "object"]
    ]
    made = CHAPTERS[0] + "".join(_block(graph, *one) for one in hedged)
    made += CHAPTERS[1] + f"\n{graph.curie(CONTRIBUTES)}\n    a owl:ObjectProperty ;\n    .\n"
    made += "".join(_block(graph, *one) for one in treated)
    used = {"owl", "rdfs", *re.findall(r"(?<![\w-])(\w+):(?=\w)", re.sub("#.*", "", made))}
    names = sorted(used, key=str.lower)
    return HEAD + "\n" + "".join(f"@prefix {name}: <{graph.prefixes[name]}> .\n" for name in names) + made


def _block(graph, claim, found):
    """The axioms of a claim, those of one subject together."""
    by_subject, lines = defaultdict(list), [f"\n# {graph.curie(claim)}: {graph.of[claim, RDFS + 'label'][0]}\n"]
    for subject, relation, object_ in found:
        asks = "hasValue" if (object_, LEMS + "modality") in graph.of else "someValuesFrom"
        restriction = (
            f"[ a owl:Restriction ; owl:onProperty {graph.curie(relation)} ; owl:{asks} {graph.curie(object_)} ]"
        )
        by_subject[subject].append(graph.curie(object_) if relation == RDFS + "subClassOf" else restriction)
    for subject, expressions in by_subject.items():
        joined = " ,\n        ".join(dict.fromkeys(expressions))
        lines.append(f"\n{graph.curie(subject)}\n    rdfs:subClassOf {joined} ;\n    .\n")
    return "".join(lines)


def main():
    """Write the file."""
    HEDGED.write_text(text(Graph()), encoding="utf-8")
    print(HEDGED.relative_to(ROOT))


if __name__ == "__main__":
    main()
