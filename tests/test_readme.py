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
