"""Writes the slices of public ontologies in tests/ontology/slices/ from tables of verified facts.

    python tests/ontology/keep_slices.py FOLDER

FOLDER holds hierarchy.tsv and relations.tsv, each row read in a release that
it names; they are not part of the project, the slices are. A slice holds the
terms, labels, parents, domains, ranges and disjointness of its ontology that
the shipped ontology touches, and nothing that was not read there.
"""

import csv
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent / "slices"
OBO = "http://purl.obolibrary.org/obo/"
PARTS = {
    "chebi": ("ChEBI", "CHEBI"),
    "go": ("the Gene Ontology", "GO"),
    "hp": ("the Human Phenotype Ontology", "HP"),
    "mondo": ("MONDO", "MONDO"),
    "ro": ("the Relation Ontology, with the upper classes of BFO that it uses", "RO"),
}
UPPER = ("BFO", "OGMS", "UBERON", "UPHENO", "COB")
# Of a property that inherits its range through one that is in no table, the ancestor that gives it.
INHERITED = {"RO:0002599": "RO:0002595"}
INVERSE = {"RO:0002201": "RO:0002200", "RO:0002302": "RO:0002606"}
# BFO-ontology/BFO-2020@252afba3 21838-2/owl/bfo-core.ttl
DISJOINT = ("BFO:0000002", "BFO:0000003")


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def owned(name, curie):
    prefix = curie.split(":")[0]
    return prefix == PARTS[name][1] or (name == "ro" and prefix in UPPER)


def expressions(cell):
    """The classes of a domain or a range: several are several axioms, `or` makes a union; the rest was not read."""
    for part in filter(None, cell.split("; ")):
        names = part.split(" or ")
        if all(re.fullmatch(r"[A-Z]+:\d+", one) for one in names):
            yield names[0] if len(names) == 1 else f"[ a owl:Class ; owl:unionOf ( {' '.join(names)} ) ]"


def write(name, hierarchy, relations):
    """The Turtle of one slice."""
    terms, labels, sources = {}, {}, set()

    def say(curie, what):
        terms.setdefault(curie, []).append(what)

    for row in hierarchy:
        if not owned(name, row["child"]):
            continue
        labels[row["child"]] = row["child_label"]
        labels.setdefault(row["parent"], row["parent_label"])
        part = f"[ a owl:Restriction ; owl:onProperty BFO:0000050 ; owl:someValuesFrom {row['parent']} ]"
        if row["relation"] == "rdfs:subClassOf":
            say(row["child"], f"rdfs:subClassOf {row['parent']}")
        elif row["relation"] == "BFO:0000050 part of":
            say(row["child"], f"rdfs:subClassOf {part}")
        sources.add(f"{row['source']} ({row['source_version'].split(' (')[0]})")
    kinds = dict.fromkeys(labels, "owl:Class")
    if name == "go":
        kinds["BFO:0000050"], labels["BFO:0000050"] = "owl:ObjectProperty", "part of"
    for row in relations:
        if (
            name != "ro"
            or row["status"] != "verified"
            or row["kind"] != "ObjectProperty"
            or not owned(name, row["curie"])
        ):
            continue
        curie = row["curie"]
        kinds[curie], labels[curie] = "owl:ObjectProperty", row["label"]
        parents = [INHERITED[curie]] if curie in INHERITED else row["parents"].split("; ")
        for parent in filter(None, parents):
            kinds.setdefault(parent, "owl:ObjectProperty")
            say(curie, f"rdfs:subPropertyOf {parent}")
        for side in ("domain", "range"):
            for one in expressions(row[side]):
                say(curie, f"rdfs:{side} {one}")
                for found in re.findall(r"\b[A-Z]+:\d+", one):
                    kinds.setdefault(found, "owl:Class")
        if curie in INVERSE:
            say(curie, f"owl:inverseOf {INVERSE[curie]}")
        sources.add(row["source"])
    if name == "ro":
        say(DISJOINT[0], f"owl:disjointWith {DISJOINT[1]}")
        sources.add("BFO-ontology/BFO-2020@252afba3 21838-2/owl/bfo-core.ttl (disjointness)")
    title = PARTS[name][0]
    text = f"# A slice of {title}: what touches the shipped ontology, its parents up to the roots.\n#\n"
    text += "# Made by tests/ontology/keep_slices.py; do not edit it. Read in:\n"
    text += "".join(f"# {one}\n" for one in sorted(sources)) + "\n"
    prefixes = sorted({curie.split(":")[0] for curie in kinds})
    text += "".join(f"@prefix {one}: <{OBO}{one}_> .\n" for one in prefixes)
    text += (
        "@prefix owl: <http://www.w3.org/2002/07/owl#> .\n@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\n"
    )
    text += f"<https://example.org/slices/{name}> a owl:Ontology .\n"
    for curie in sorted(kinds):
        lines = [
            f"a {kinds[curie]}",
            *([f"rdfs:label {json.dumps(labels[curie], ensure_ascii=False)}"] if labels.get(curie) else []),
        ]
        lines += sorted(set(terms.get(curie, [])))
        text += f"\n{curie}\n" + "".join(f"    {line} ;\n" for line in lines) + "    .\n"
    return text


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = Path(sys.argv[1])
    hierarchy, relations = rows(folder / "hierarchy.tsv"), rows(folder / "relations.tsv")
    for name in PARTS:
        (HERE / f"{name}.ttl").write_text(write(name, hierarchy, relations), encoding="utf-8")


if __name__ == "__main__":
    main()
