"""Writes a page for each case of `docs/examples/cases/`: what it is, its Turtle, the verdict, why, and the mend.

    python docs/case_pages.py          write docs/cases/, and remove the page of a case that is no more
    python docs/case_pages.py --check  say whether they are what they should be

All of a page is made from the file, from `expected.tsv` beside it, and from
what the command says of it.
"""

import csv
import re
import sys
from pathlib import Path

import folder_pages

from lems_onto import classified_told, classifying, graphs, terms

DOCS = Path(__file__).resolve().parent
CASES = DOCS / "examples" / "cases"
# What lies behind a verdict, and behind each kind of misuse.
WHY = {
    "classified": "The forms are defined, so that the reasoner puts a case into its form by what is said of it.",
    "open": "What is not said is not taken for false: a record that is silent on cancer excludes none, and a relation "
    "that says *may* is no finding.",
    "inconsistent": "No case has both forms. The reasoner finds that the statements cannot all hold; which of them is "
    "wrong, only the record can tell.",
    "unknown-term": "OWL lets anybody make up terms, so that one which does not exist is no error: it says nothing.",
    "class-as-value": "OWL lets a class stand for an individual of the same name, which is in no class at all: that it "
    "is a cancer does not follow.",
    "class-as-subject": "What is said of the class as a thing holds for no patient.",
    "text-as-value": "A text is no tumor, and is in no class.",
    "claim-property": "Claims are what a document says. Their words make no statement about a patient, and one who has "
    "a modality is taken for a claim.",
    "swapped-ends": "The definition of the form asks what the disease is associated with, not what is associated with "
    "the disease.",
    "mapped-class": "The only parent that MONDO gives its class is a paraneoplastic syndrome, so that the two are "
    "mapped and not equated. See [the model](../model.md).",
    "broader": "The class is broader than the disease, of which it may be a case or not.",
}  # fmt: skip


def expected():
    """The rows of the table of verdicts, as dicts."""
    with open(CASES / "expected.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def told():
    """What the command says of each file, by its name; all are read at once, since none speaks of another's patients.

    Returns:
        A dict from the name of a file to its `classifying.Classification`.
    """
    contents = {path.name: path.read_bytes() for path in sorted(CASES.glob("*.ttl"))}
    found = classifying.classify(*contents, contents=contents)

    def of(name):
        return found._replace(
            files=(name,),
            cases=tuple(case for case in found.cases if case.place.file == name),
            mistakes=tuple(one for one in found.mistakes if one.place.file == name),
        )

    return {name: of(name) for name in contents}


def pages():
    """The text of each page, by its path in `docs/`."""
    rows, found = expected(), told()
    missing = sorted(set(found) ^ {row["file"] for row in rows})
    if missing:
        sys.exit(f"examples/cases: {', '.join(missing)}: a file without a row in expected.tsv, or a row without a file")
    made = {f"cases/{name[:-4]}.md": _page(name, answer) for name, answer in found.items()}
    made["cases/README.md"] = _index(rows)
    return made


def write(check=False):
    """Write all pages and remove those of no case; or only say, with an exit, which is not what it should be."""
    folder_pages.keep(DOCS / "cases", {DOCS / path: text for path, text in pages().items()}, "case", check)


def about(name):
    """The sentence that says what a case is, and what more its header says."""
    header = re.match(r"(?:#.*\n)+", (CASES / name).read_text(encoding="utf-8"))[0]
    first, _, more = re.sub(r"^# ?", "", header, flags=re.MULTILINE).partition("\n\n")
    return " ".join(first.split()), " ".join(more.split())


def _index(rows):
    lines = [
        "# Cases",
        "",
        f"{len({row['file'] for row in rows})} records of patients, made up, with what follows from each.",
        "They classify, stay open, are found to contradict themselves, or misuse a term, as a record of yours may.",
        "",
        "```sh",
        "lems-onto classify mine.ttl",
        "```",
        "",
        "answers for your own. The verdicts are data, in [expected.tsv](../examples/cases/expected.tsv), and tests",
        "hold the command to them. The patients do not exist, and nothing here is medical advice.",
        "",
        "| verdict of the command | meaning | exit code |",
        "| --- | --- | --- |",
        "| classified | the form follows | 0 |",
        "| open | neither form follows; the command says which statement would settle it | 0 |",
        "| inconsistent | statements of the record cannot all hold | 1 |",
        "| misused | a term is misspelt or stands where it cannot | 1 |",
        "| no case | the file holds no patient with the disease | 4 |",
        "",
        "`--format json` is for programs.",
        "",
        "| case | what it is | verdict |",
        "| --- | --- | --- |",
    ]
    seen = {}
    for row in rows:
        seen.setdefault(row["file"], []).append(_verdict(row["verdict"], row["class"].split()))
    for name, verdicts in seen.items():
        lines.append(f"| [{name[:-4]}]({name[:-4]}.md) | {about(name)[0]} | {'; '.join(verdicts)} |")
    return "\n".join(lines) + "\n"


def _verdict(verdict, classes):
    names = [f"`{one}`" for one in classes]
    if verdict == "classified":
        return f"classifies as {' and '.join(names)}"
    if verdict == "open":
        return f"stays open between {' and '.join(names)}" if len(names) > 1 else f"stays open: it may be {names[0]}"
    return verdict


def _page(name, found):
    what, more = about(name)
    lines = [f"# {name[:-4].replace('-', ' ').capitalize()}", "", what, *(["", more] if more else []), ""]
    for case in found.cases:
        classes = [_short(iri, found) for iri in case.between or case.classes]
        lines.append(f"- `{_short(case.individual, found)}`: {_verdict(case.verdict, classes)}")
    turtle = (CASES / name).read_text(encoding="utf-8")
    said = classified_told.write(found, "human", 80).rstrip("\n")
    lines += [
        "", "## The record", "", *_fenced("turtle", turtle.rstrip("\n")),
        "", "## What the command says", "", *_fenced("text", said), "", "## Why", "", *_why(found),
        "", "## The mend", "", *_mend(found), "", "## Run it", "",
        *_fenced("sh", f"lems-onto classify {name}"), "",
        f"It ends with {found.exit_code}. The record is [{name}](../examples/cases/{name}); "
        "all cases are in the [index](README.md).",
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _why(found):
    said = []
    for case in found.cases:
        kinds = [one.kind for one in case.misuses] or [case.verdict]
        if case.verdict == "open" and len(case.between) == 1:
            kinds = ["broader"]
        said += [WHY[kind] for kind in kinds]
        if case.verdict == "classified":
            said += [f"`{_short(iri, found)}`: {_definition(iri)}" for iri in case.classes]
        if case.because:
            said.append("\n".join(f"- {words}" for words in case.because))
    return ["\n\n".join(dict.fromkeys(said))]


def _mend(found):
    lines, statements = [], []
    for case in found.cases:
        if case.verdict == "open":
            lines.append("Nothing is wrong. One of these statements would settle it, where it holds:")
            wide = max(len(step.statement) for step in case.settle)
            statements += [f"{step.statement.ljust(wide)}  # {step.why}" for step in case.settle]
        elif case.verdict == "inconsistent":
            lines.append("Take back the one of these statements that is wrong:")
            statements += [step.statement for step in case.clash]
        elif case.misuses:
            lines.append("Write instead:")
            statements += [one.mend for one in case.misuses if one.mend]
    if not lines:
        return ["Nothing is wrong, and nothing is open."]
    return ["\n\n".join(dict.fromkeys(lines)), "", *_fenced("turtle", "\n".join(statements))]


def _definition(iri):
    import pyoxigraph as ox

    name = ox.NamedNode("http://www.w3.org/2004/02/skos/core#definition")
    return next(quad.object.value for quad in graphs.shipped()[0].quads_for_pattern(ox.NamedNode(iri), name, None))


def _short(iri, found):
    return terms.contract(iri, found.prefixes)


def _fenced(language, text):
    return [f"```{language}", text, "```"]


if __name__ == "__main__":
    write("--check" in sys.argv[1:])
