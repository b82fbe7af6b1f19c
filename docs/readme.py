"""Writes what the files make: parts of README.md and docs/validating.md, the pages of questions, rules, shapes, cases.

    python docs/readme.py          write them
    python docs/readme.py --check  say whether they are what they should be

A block between `<!-- made: NAME -->` and `<!-- end -->` is made by the function
of that name; the output below each `$ lems-onto ...` line of a `console` block
is made by running the line.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import lems_onto
from lems_onto import graphs, resources

README = Path(__file__).resolve().parent.parent / "README.md"


def questions():
    """A row for each question."""
    rows = ["| question | what it answers |", "| --- | --- |"]
    rows += [f"| [`{q.name}`](queries/{q.group}/{q.name}.rq) | {q.summary} |" for q in _queries(False)]
    return "\n".join(rows)


def checks():
    """A row for each check."""
    rows = ["| check | what must never be |", "| --- | --- |"]
    rows += [f"| [`{q.name}`](queries/{q.group}/{q.name}.rq) | {q.summary} |" for q in _queries(True)]
    return "\n".join(rows)


def shapes():
    """A row for each shape that has a target."""
    from rdflib import RDFS, SH

    rows = ["| shape | file | what it holds | rules |", "| --- | --- | --- | --- |"]
    for path in resources.shape_paths():
        graph = graphs.load(path)
        targets = [SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf]
        for shape in sorted({node for target in targets for node in graph.subjects(target)}):
            name, file = shape.rsplit("/", 1)[1], Path(path).name
            rules = len(list(graph.objects(shape, SH.property))) or 1
            what = graph.value(shape, RDFS.comment) or graph.value(shape, SH.message)
            rows.append(f"| `{name}` | [{file}](shapes/{file}) | {what} | {rules} |")
    return "\n".join(rows)


def _queries(check):
    return [query for query in lems_onto.queries().values() if query.is_check == check]


def output(line):
    """What a `lems-onto` command line prints, 80 columns wide."""
    command = [sys.executable, "-m", "lems_onto", *shlex.split(line)[1:]]
    environment = {**os.environ, "COLUMNS": "80"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, cwd=README.parent)
    return (done.stdout + done.stderr).rstrip("\n")


def made(text):
    """The text of the README with all made parts made anew."""
    text = re.sub(
        r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)",
        lambda found: found[1] + globals()[found[2]]() + "\n" + found[3],
        text,
        flags=re.DOTALL,
    )

    def block(found):
        lines = [line[2:] for line in found[1].split("\n") if line.startswith("$ ")]
        return "```console\n" + "\n\n".join(f"$ {line}\n{output(line)}" for line in lines) + "\n```"

    return re.sub(r"```console\n(\$ lems-onto .*?)\n```", block, text, flags=re.DOTALL)


def catalog_page():
    """The page of all questions, each with a diagram of its pattern."""
    import diagrams

    from lems_onto import conventions

    return conventions.to_markdown(lems_onto.queries().values(), diagrams.flowchart, diagrams.LEGEND)


def main():
    import case_pages
    import merging_page
    import report_page
    import shape_pages

    docs = README.parent / "docs"
    pages = {
        README: made,
        docs / "questions.md": lambda _: catalog_page(),
        docs / "merging.md": lambda _: merging_page.merging_page(),
        docs / "report.md": lambda _: report_page.report_page(),
        docs / "reasoning.md": made,
        docs / "validating.md": made,
    }
    for made_whole in (shape_pages, case_pages):
        made_whole.write("--check" in sys.argv[1:])
    for path, make in pages.items():
        old = path.read_text(encoding="utf-8") if path.is_file() else ""
        new = make(old)
        if "--check" in sys.argv[1:] and old != new:
            sys.exit(f"{path.name} is not up to date; run: make readme")
        path.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    main()
