"""The pages of the shapes are made from them, hold their rules and examples, and say what the command says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDFS, SH
from rdflib.compare import isomorphic

from lems_onto import graphs, resources
from lems_onto.validation import shapesgraph

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "docs"))
import shape_pages  # noqa: E402

SHAPE = rdflib.Namespace(shape_pages.SHAPE)
TARGETED = sorted(
    shape.id.removeprefix(SHAPE) for shape in shapesgraph.shipped().shapes.values() if shape.targets
)  # fmt: skip
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "shapes").glob("*.md"))}


@pytest.fixture(scope="module")
def made():
    return shape_pages.pages()


@pytest.fixture(scope="module")
def shapes():
    return graphs.load(*resources.shape_paths())


def section(text, heading):
    """The first block of code below a heading."""
    return re.search(rf"^## {heading}\n.*?^```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)[1]


def unescaped(text):
    return re.sub(r"\\([\\|*<`\[])", r"\1", text)


def rules_of(shapes, name):
    """The nodes that have the message of a rule, each with the name of its shape."""
    for shape in (SHAPE[name], *shapes.objects(SHAPE[name], SH.property)):
        for node in (shape, *shapes.objects(shape, SH.sparql)):
            if (node, SH.message, None) in shapes:
                yield node, shape.removeprefix(SHAPE)


def test_the_pages_are_up_to_date_and_none_is_of_a_shape_that_is_gone(made):
    assert {f"shapes/{name}.md": text for name, text in PAGES.items()} == made, "run: make readme"


def test_every_shape_with_a_target_has_a_page_and_a_line_of_the_index():
    assert sorted(PAGES) == sorted([*TARGETED, "README"])
    assert sorted(re.findall(r"^\| \[(\w+)\]\(\1\.md\) \|", PAGES["README"], re.MULTILINE)) == TARGETED
    assert len(TARGETED) >= 41


@pytest.mark.parametrize("name", TARGETED)
def test_a_page_says_why_and_holds_each_rule_with_its_severity_and_message(name, shapes):
    text, count = unescaped(PAGES[name]), 0
    why = shapes.value(SHAPE[name], RDFS.comment) or shapes.value(SHAPE[name], SH.message)
    assert text.startswith(f"# {name}\n\n{why}\n")
    for node, rule in rules_of(shapes, name):
        severity = shapes.value(SHAPE[rule], SH.severity).rpartition("#")[2].lower()
        row = next(line for line in text.split("\n") if line.startswith(f'| <a id="{rule}"></a>`shape:{rule}` |'))
        assert row.endswith(f"| {severity} | {' '.join(shapes.value(node, SH.message).split())} |")
        assert f"<{shapes.value(SHAPE[rule], RDFS.seeAlso)}>" in text
        count += 1
    rows = re.findall(r"^\| (.+) \| (.+) \| (.+) \| \w+ \| .+ \|$", section_of_rules(PAGES[name]), re.MULTILINE)
    assert len(rows) == count + 1
    assert all(all(map(str.strip, row)) for row in rows)


def section_of_rules(text):
    """The table of the rules, escaped bars left out."""
    return text.partition("## Rules")[2].partition("## Passes")[0].replace(r"\|", "")


@pytest.mark.parametrize("name", TARGETED)
def test_a_page_holds_both_examples_and_the_shape_as_the_files_have_them(name, shapes):
    trig = list(ox.parse(path=str(shape_pages.EXAMPLES / f"{name}.trig"), format=ox.RdfFormat.TRIG))
    for heading, part in (("Passes", "pass"), ("Fails", "fail")):
        wanted = graphs.to_rdflib([quad for quad in trig if quad.graph_name.value == f"https://example.org/{part}"])
        turtle = section(PAGES[name], heading)
        assert isomorphic(rdflib.Graph().parse(data=turtle, format="turtle"), wanted)
        for prefix in re.findall(r"^@prefix (\S*:)", turtle, re.MULTILINE):
            assert len(re.findall(rf"(?<![\w-]){prefix}", turtle)) > 1, f"{prefix} is not used"
    block = section(PAGES[name], "The shape itself").rstrip("\n")
    text = "".join(Path(path).read_text(encoding="utf-8") for path in resources.shape_paths())
    assert all(part in text for part in re.split(r"(?<=\n    \.)\n\n", block))
    assert len(re.findall(r"^shape:", block, re.MULTILINE)) == 1 + len(list(shapes.objects(SHAPE[name], SH.property)))


@pytest.mark.parametrize("name", TARGETED)
def test_what_a_page_says_is_what_the_command_says(name, shapes, tmp_path):
    (tmp_path / "example.ttl").write_text(section(PAGES[name], "Fails"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto", "validate", "example.ttl", "--no-ontology"],
        capture_output=True, text=True, check=False, cwd=tmp_path, encoding="utf-8",
        env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip
    own = {rule for _, rule in rules_of(shapes, name)}
    titles = tuple(f"{severity}[shape:{rule}]:" for severity in ("violation", "warning", "info") for rule in own)
    wanted = [block for block in done.stdout.split("\n\n") if block.startswith(titles)]
    shown = [block for block in section(PAGES[name], "What the command says").split("\n\n") if "[shape:" in block]
    assert wanted
    assert shown == wanted
    expected = re.findall(r"sh:sourceShape shape:([\w-]+)", (shape_pages.EXAMPLES / f"{name}.trig").read_text())
    assert {re.match(r"\w+\[shape:([\w-]+)\]", block)[1] for block in shown} == set(expected)


def test_every_link_of_the_pages_leads_somewhere():
    checked = 0
    pages = [*(ROOT / "docs" / "shapes").glob("*.md"), ROOT / "docs" / "validating.md"]
    for path in pages:
        text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", text):
            file, _, anchor = target.partition("#")
            linked = (path.parent / file).resolve() if file else path
            assert linked.exists(), (path.name, target)
            assert not anchor or anchor in anchors(linked), (path.name, target)
            checked += 1
    assert checked > 200


def anchors(path):
    """The anchors of a page: those that it names, and those that GitHub makes from headings."""
    text = path.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        *re.findall(r'<a id="([^"]+)">', text),
        *(re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings),
    }  # fmt: skip


def test_a_page_that_no_shape_has_is_told_and_removed(tmp_path, monkeypatch):
    made = {"shapes/One.md": "one\n"}
    monkeypatch.setattr(shape_pages, "DOCS", tmp_path)
    monkeypatch.setattr(shape_pages, "pages", lambda: made)
    with pytest.raises(SystemExit, match=r"One\.md is not up to date"):
        shape_pages.write(check=True)
    shape_pages.write()
    shape_pages.write(check=True)
    (tmp_path / "shapes" / "Gone.md").write_text("gone\n")
    with pytest.raises(SystemExit, match=r"Gone\.md is the page of no shape"):
        shape_pages.write(check=True)
    shape_pages.write()
    assert [path.name for path in (tmp_path / "shapes").iterdir()] == ["One.md"]


def test_no_page_names_a_folder_of_this_machine_or_a_time():
    for name, text in PAGES.items():
        assert str(ROOT) not in text and "/tmp" not in text, name
        assert len({*re.findall(r"\b2\d{3}-\d\d-\d\dT", text)}) == 0, name


def test_the_words_of_a_constraint_tell_every_parameter_of_shacl():
    turtle = """
        @prefix ex: <https://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        ex:Shape a sh:NodeShape ; sh:targetClass ex:C ; sh:closed true ; sh:ignoredProperties ( ex:i ) ;
            sh:not [ sh:class ex:No ] ; sh:and ( [ sh:nodeKind sh:IRI ] ex:Other ) ; sh:node ex:Other ;
            sh:xone ( [ sh:path ex:x ; sh:maxCount 0 ] [ sh:path ex:y ; sh:minCount 2 ; sh:maxCount 3 ] ) .
        ex:Other a sh:NodeShape ; sh:property [ sh:path ex:z ; sh:minCount 1 ] ; sh:hasValue ex:v .
        ex:P a sh:PropertyShape ; sh:targetClass ex:C ; sh:path ex:p ; sh:datatype xsd:string ; sh:flags "i" ;
            sh:pattern "a|b" ; sh:minLength 2 ; sh:maxLength 9 ; sh:languageIn ( "en" "de" ) ; sh:uniqueLang true ;
            sh:minExclusive 1 ; sh:maxExclusive 5 ; sh:minInclusive 2 ; sh:maxInclusive 4 ; sh:equals ex:e ;
            sh:disjoint ex:d ; sh:lessThan ex:l ; sh:lessThanOrEquals ex:m ; sh:hasValue 3 ;
            sh:qualifiedValueShape [ sh:in ( 1 2 ) ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ;
            sh:qualifiedValueShapesDisjoint true .
    """
    graph = shapesgraph.ShapesGraph(("a.ttl",), {"a.ttl": turtle.encode()})
    words = {
        name: shape_pages._words(graph, graph.shapes[ox.NamedNode(f"https://example.org/{name}")], 0, top=True)
        for name in ("Shape", "Other", "P")
    }
    assert words["Shape"] == (
        "not (an instance of `ex:No`), all of: (1) an IRI; (2) `ex:z`: at least one, `ex:v`, "
        "exactly one of: (1) `ex:x`: none; (2) `ex:y`: from 2 to 3, conforming to `ex:Other`, "
        "no property but those of its rules and `ex:i`"
    )
    assert words["P"] == (
        "each of the datatype `xsd:string`, each above `1`, each `2` or above, each below `5`, each `4` or below, "
        "each of 2 or more characters, each of 9 characters at most, each matching `a\\|b` with the flags `i`, "
        "each in the language `en` or `de`, no two of one language, the same as those of `ex:e`, "
        "none of those of `ex:d`, each less than every value of `ex:l`, each at most every value of `ex:m`, "
        "exactly one that is `1` or `2`, none of them counted for another rule beside it, `3` among them"
    )
