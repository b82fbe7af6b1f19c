"""What several rooms of tests share: the checkout, the shipped graph, the command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import lems_onto
import servers

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology" / "lems.ttl"


@pytest.fixture(scope="session")
def graph():
    return lems_onto.load()


@pytest.fixture(scope="session")
def source_text():
    """The source text, where the reader has it: LEMS_SOURCE, or shared/source beside the checkout."""
    path = Path(os.environ.get("LEMS_SOURCE") or ROOT.parent / "shared" / "source" / "lems.txt")
    if not path.is_file():
        pytest.skip("the source text is not part of the project; set LEMS_SOURCE to a copy of it")
    return path


@pytest.fixture(scope="session")
def command():
    """Runs `lems-onto` in a process of its own, 80 columns wide."""

    def run(*arguments, **options):
        environment = {**os.environ, "COLUMNS": "80", **options.pop("env", {})}
        return subprocess.run(
            [sys.executable, "-m", "lems_onto", *map(str, arguments)],
            capture_output=True,
            text=True,
            timeout=300,
            env=environment,
            check=False,
            **options,
        )

    return run


@pytest.fixture(scope="session")
def oxigraph():
    """The query endpoint of an Oxigraph server that holds the shipped ontology."""
    with servers.oxigraph(ONTOLOGY) as url:
        yield url


@pytest.fixture(scope="session")
def virtuoso():
    """The query endpoint of a Virtuoso server that holds the shipped ontology, and the graph that it lies in."""
    with servers.virtuoso(ONTOLOGY) as found:
        yield found
