"""Writes what the shipped graph says into the sheets that it is held to, after a change.

    python tests/ontology/keep_sheets.py

A sheet stands in a query between `VALUES` and the brace that closes it: a node,
and each of its statements on a line. It is a second entry, as in bookkeeping:
whoever changes a claim, a span or a term on purpose writes the sheets anew, and
reads in `git diff` that nothing else has changed.
"""

import csv
import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
SHEETS = ROOT / "tests" / "ontology" / "sheets"
HIERARCHY = ROOT / "tests" / "ontology" / "hierarchy.tsv"
OBO = "http://purl.obolibrary.org/obo/"
LEMS = "https://w3id.org/lems-onto/"
XSD = "http://www.w3.org/2001/XMLSchema#"
IN = re.compile(r"( +FILTER \(\?property IN \()(.*?)(\)\))", re.DOTALL)
SHEET = re.compile(r"(    VALUES \((\?\w+) \?reviewed( \?above)?\) \{\n)(.*?)(^ +\}\n)", re.DOTALL | re.MULTILINE)


def shipped():
    """The triples of the ontology."""
    with open(ROOT / "ontology" / "lems.ttl", "rb") as file:
        return [quad.triple for quad in ox.parse(file, format=ox.RdfFormat.TURTLE)]


def said(triple):
    """A statement as the sheets write it; None where its object is a blank node."""
    name = re.sub(r"^.*[/#]", "", triple.predicate.value)
    value = triple.object
    if isinstance(value, ox.BlankNode):
        return None
    if isinstance(value, ox.NamedNode):
        return f"{name} {re.sub('^.*[/#](char=)?', '', value.value)}"
    kind = "" if value.datatype.value == XSD + "string" else " " + value.datatype.value.removeprefix(XSD)
    return f"{name} {value.value}" + ("@" + value.language if value.language else kind)


def above(triples):
    """A dict from class or property to all that is above it: as stated here, or as its source has it."""
    parents = defaultdict(set)
    with open(HIERARCHY, encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            child, parent = (OBO + row[end].replace(":", "_") for end in ("child", "parent"))
            parents[child].add(parent)
    for triple in triples:
        if triple.predicate.value.endswith(("#subClassOf", "#subPropertyOf")) and not blank(triple):
            parents[triple.subject.value].add(triple.object.value)
    found = {}
    for term in list(parents):
        todo, seen = [term], set()
        while todo:
            new = parents.get(todo.pop(), set()) - seen
            seen |= new
            todo += new
        found[term] = seen
    return found


def blank(triple):
    """Whether one end of a triple is a blank node."""
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


def subjects(name, triples):
    """The nodes that have a row in a sheet, in the order of the file."""
    kinds = {
        "claims-misread": lambda triple: triple.predicate.value == LEMS + "modality",
        "spans-misread": lambda triple: triple.predicate.value.endswith("oa#start"),
        "terms-misplaced": lambda triple: (
            re.search(r"owl#(Class|\w+Property)$|Modality$", getattr(triple.object, "value", ""))
            and triple.predicate.value.endswith("#type")
            and not blank(triple)
        ),
    }
    return dict.fromkeys(triple.subject for triple in triples if kinds[name](triple))


def in_order(node):
    """By what to sort nodes: numbers in a name count as numbers, and capitals do not count."""
    return re.sub(r"\d+", lambda found: found[0].zfill(12), node.value.lower())


def sheet(name, text, triples):
    """The text of a query with its sheet written anew."""
    declared = dict(re.findall(r"^PREFIX (\w+): <(.*)>$", text, re.MULTILINE))
    listed = IN.search(text)[2].replace(",", " ").split()
    named = [re.sub(r"^(\w+):", lambda found: declared[found[1]], one) for one in listed]
    known = {triple.subject.value for triple in triples}
    higher, rows, of = above(triples), [], defaultdict(list)
    for triple in triples:
        if triple.predicate.value in named and (line := said(triple)):
            of[triple.subject].append((named.index(triple.predicate.value), line.replace('"', '\\"')))
    matched = SHEET.search(text)
    for subject in sorted(subjects(name, triples), key=in_order):
        lines = "".join(line + "\n" for _, line in sorted(of[subject]))
        row = f'            (<{subject.value}> """\n{lines}"""'
        if matched[3]:
            over = sorted(re.sub("^.*/", "", one) for one in higher.get(subject.value, set()) & known)
            row += f' "{" ".join(["", *over, ""])}"'
        rows.append(row + ")\n")
    return text[: matched.start(4)] + "".join(rows) + text[matched.end(4) :]


def main():
    """Write each sheet."""
    triples = shipped()
    for path in sorted(SHEETS.glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        if SHEET.search(text):
            path.write_text(sheet(path.stem, text, triples), encoding="utf-8")
            print(path.name)


if __name__ == "__main__":
    main()
