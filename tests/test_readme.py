"""What the README shows is what the commands print, and what it says in Python runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_made_parts_are_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "docs" / "readme.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert TEXT.count("<!-- made: ") == 3
    assert TEXT.count("\n$ lems-onto ") == 5


PAGES = {
    path.name: path.read_text(encoding="utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
PYTHON = [(name, code) for name, text in PAGES.items() for code in re.findall(r"```python\n(.*?)```", text, re.DOTALL)]
SHELL = [
    (name, line.strip())
    for name, text in PAGES.items()
    if name != "questions.md"
    for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    for line in block.split("\n")
    if re.match(r"\s*lems-onto (ask|show|list) ", line)
]


@pytest.mark.parametrize(("name", "code"), PYTHON)
def test_the_python_of_the_documents_runs(name, code):
    exec(compile(code, name, "exec"), {})


@pytest.mark.parametrize(("name", "line"), SHELL)
def test_the_commands_of_the_documents_answer(name, line, command, oxigraph, virtuoso, tmp_path):
    """With files and servers of the test in place of those that the reader has."""
    import shlex

    own = tmp_path / "mine.ttl"
    own.write_text("<https://example.org/a> a <https://w3id.org/lems-onto/Claim> .")
    line = re.sub(r"\s>.*|\s#.*", "", line.replace("mine.ttl", str(own)))
    url, graph = virtuoso
    line = line.replace("http://localhost:7878/query", oxigraph).replace("http://localhost:8890/sparql", url)
    if "--all" in line and "--endpoint" in line:
        return  # asked in full by test_engines
    assert graph == "https://w3id.org/lems-onto"
    done = command(*shlex.split(line)[1:])
    assert done.returncode == 0, (line, done.stderr)
    assert done.stdout


def test_the_documents_show_commands_and_python():
    assert len(PYTHON) >= 2
    assert len(SHELL) >= 10


def test_the_turtle_of_the_readme_is_turtle():
    import rdflib

    blocks = re.findall(r"```turtle\n(.*?)```", TEXT, re.DOTALL)
    assert blocks
    for block in blocks:
        assert len(rdflib.Graph().parse(data=block)) == 2


def test_every_file_that_the_documents_link_to_exists():
    checked = 0
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), target
            checked += 1
    assert checked > 25


def test_the_commands_of_the_readme_exist():
    for target in re.findall(r"\bmake (\w+) ", TEXT):
        assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_the_demo_runs():
    done = subprocess.run(
        ["sh", ROOT / "docs" / "demo.sh", Path(sys.executable).parent], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "conforms: nothing was found" in done.stdout
    assert max(map(len, done.stdout.split("\n"))) <= 130


# docs/using.md

USING = PAGES["using.md"]
BLOCKS = re.findall(r"(?:<!-- not run: (.*?) -->\n)?```(sh|make|turtle|xml|yaml|json)\n(.*?)```", USING, re.DOTALL)


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """A folder in which every line of shell of the page that can be run was run, beside the files that it shows."""
    import os

    folder = tmp_path_factory.mktemp("using")
    shown = {kind: code for _, kind, code in BLOCKS}
    (folder / "mine.ttl").write_text(shown["turtle"], encoding="utf-8")
    (folder / "catalog-v001.xml").write_text(shown["xml"], encoding="utf-8")
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for reason, kind, code in BLOCKS:
        if kind == "sh" and not reason:
            done = subprocess.run(
                ["sh", "-eu", "-c", code], cwd=folder, capture_output=True, text=True, check=False,
                env={**os.environ, "PATH": paths},
            )  # fmt: skip
            assert done.returncode == 0, (code, done.stderr)
    return folder


def test_what_the_page_converts_is_there_and_whole(used, graph):
    import pyoxigraph as ox

    for name, form in (("lems.owl", "RDF_XML"), ("lems.nt", "N_TRIPLES"), ("lems.jsonld", "JSON_LD")):
        assert len(list(ox.parse(path=used / name, format=getattr(ox.RdfFormat, form)))) == len(graph)
    assert (used / "store").is_dir()


def test_files_that_lines_of_other_programs_name_are_made_by_the_lines_before(used):
    """These lines cannot be run here: what they read must be there, and what runs the same in a test is the same."""
    lines = [line for reason, kind, code in BLOCKS if kind == "sh" and reason for line in code.strip().split("\n")]
    assert {line.split()[0] for line in lines} == {"robot", "oxigraph", "fuseki-server", "isql-vt"}
    read = []
    for line in lines:
        line = re.sub(r"--output \S+", "", line)
        read += re.findall(r"(?:--(?:input|catalog|location) |--file=|/data/)([^\s')]+)", line)
    assert len(read) == 7
    for name in read:
        assert (used / name).exists(), name
    servers = (ROOT / "tests" / "servers.py").read_text(encoding="utf-8")
    said, run = (re.search(r"DB\.DBA\.TTLP\(.*?\);", text)[0] for text in (USING, servers))
    assert re.sub("'[^']*'", "''", said) == re.sub("'[^']*'", "''", run)


def test_the_catalog_of_the_page_leads_to_the_copied_ontology(used):
    import xml.etree.ElementTree

    (entry,) = xml.etree.ElementTree.parse(used / "catalog-v001.xml").getroot()
    assert f"owl:imports <{entry.get('name')}>" in (used / "mine.ttl").read_text(encoding="utf-8")
    assert (used / entry.get("uri")).read_bytes() == (ROOT / "ontology" / "lems.ttl").read_bytes()


def test_the_claim_that_the_page_shows_in_json_ld_is_what_convert_writes(used):
    import json

    shown = next(json.loads(code) for _, kind, code in BLOCKS if kind == "json")
    nodes = json.loads((used / "lems.jsonld").read_text(encoding="utf-8"))["@graph"]
    assert shown in nodes


def test_the_lines_for_the_odk_are_yaml_and_its_rule_names_the_import(used):
    import yaml

    (product,) = next(yaml.safe_load(code) for _, kind, code in BLOCKS if kind == "yaml")["import_group"]["products"]
    rule = next(code for _, kind, code in BLOCKS if kind == "make")
    assert product["mirror_type"] == "custom"
    assert rule.startswith(f"mirror-{product['id']}: | $(TMPDIR)\n\tlems-onto convert --to owl --output ")
    assert rule.rstrip().endswith(f"$(TMPDIR)/mirror-{product['id']}.owl")


def test_the_table_of_syntaxes_has_all_of_them():
    from lems_onto import converting

    assert re.findall(r"^\| `(\w+)` \|", USING, re.MULTILINE) == list(converting.SYNTAXES)
    for path in re.findall(r"^\| `(ontology/[\w./-]+)` \|", USING, re.MULTILINE):
        assert (ROOT / path).is_file()
