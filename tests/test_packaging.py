"""The wheel and the sdist carry the data, and version, file and citation agree."""

import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

import lems_onto

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    build = "import sys; from hatchling.build import *; print({}(sys.argv[1]))"
    for hook in ("build_wheel", "build_sdist"):
        subprocess.run([sys.executable, "-c", build.format(hook), folder], cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


def data():
    return {str(p.relative_to(ROOT)) for room in ("ontology", "queries", "shapes") for p in (ROOT / room).rglob("*.*")}


def test_the_wheel_holds_the_data_and_no_tests(archives):
    names = set(zipfile.ZipFile(archives[0]).namelist())
    assert {f"lems_onto/data/{name}" for name in data()} <= names
    assert len(data()) > 35
    assert not [name for name in names if name.startswith(("tests", "benchmarks", "docs"))]


def test_the_sdist_holds_everything(archives):
    with tarfile.open(archives[1]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert data() <= names
    assert {"README.md", "LICENSE", "LICENSE-DATA", "tests/conftest.py", "src/lems_onto/cli.py"} <= names


def test_the_wheel_works_without_the_checkout(archives, tmp_path):
    zipfile.ZipFile(archives[0]).extractall(tmp_path)
    script = "import lems_onto; print(lems_onto.shipped_info()); print(len(lems_onto.ask('symptoms').rows))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": "."},
    )
    assert str(tmp_path) in done.stdout
    assert done.stdout.strip().endswith("22")


def test_a_missing_ontology_is_said_in_one_line(archives, tmp_path):
    zipfile.ZipFile(archives[0]).extractall(tmp_path)
    (tmp_path / "lems_onto" / "data" / "ontology" / "lems.ttl").unlink()
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
    )
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: .*lems\.ttl is missing; install again.*\n", done.stderr)


BREAKS = {
    "no SPARQL": ("SELECT DISTINCT $this ?value", "SELEKT $this ?value"),
    "a constraint that SPARQL refuses": ("BIND (STRLEN(?exact) AS ?value)", "BIND (STRLEN(?exact)"),
    "no path": ("    sh:path oa:start ;\n", ""),
    "no pattern": ("sh:maxLength 80", 'sh:pattern "[."'),
    "no Turtle": ("@prefix sh:", "@prefics sh:"),
}


@pytest.mark.parametrize("way", BREAKS)
def test_broken_shapes_have_an_exit_code_of_their_own(way, archives, tmp_path):
    zipfile.ZipFile(archives[0]).extractall(tmp_path)
    path = tmp_path / "lems_onto" / "data" / "shapes" / "span.ttl"
    text = path.read_text()
    assert BREAKS[way][0] in text
    path.write_text(text.replace(*BREAKS[way], 1))
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto", "validate"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": "."},
    )
    assert done.returncode == 3, done.stderr
    assert "broken shape" in done.stdout or re.fullmatch(r"lems-onto: .+\n", done.stderr)


def test_version_and_date_are_the_same_in_every_file():
    version = lems_onto.shipped_info().version
    turtle = (ROOT / "ontology" / "lems.ttl").read_text()
    citation = (ROOT / "CITATION.cff").read_text()
    changes = (ROOT / "CHANGELOG.md").read_text()
    assert f"version: {version}\n" in citation
    date = re.search(r'dcterms:issued "(.*?)"', turtle)[1]
    assert f'date-released: "{date}"' in citation
    assert f"## {version} ({date})" in changes
    assert f"version {version}. https://w3id.org/lems-onto/{version}" in turtle
