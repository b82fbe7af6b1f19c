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


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
def test_the_python_of_the_readme_runs(code):
    exec(compile(code, "README.md", "exec"), {})


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
    assert "conforms: the shipped ontology" in done.stdout
    assert max(map(len, done.stdout.split("\n"))) <= 130
