"""The laws of the house, each run over every file that it concerns."""

import ast
import re
import sys
from pathlib import Path

import lems_onto

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "lems_onto"
MODULES = sorted(PACKAGE.rglob("*.py"))
FLOORS = [
    {"arguments", "errors", "limits", "resources"},
    {"catalog", "credentials", "forms", "guards", "terminal", "terminals", "terms", "writing"},
    {"querytext", "validation.vocabulary"},
    {"pinning", "reading", "tables"},
    {"graphs"},
    {"syntaxes.layout", "syntaxes.names", "vocabulary"},
    {"syntaxes.arranging", "syntaxes.coercions", "syntaxes.ntriples", "syntaxes.rdfxml", "syntaxes.turtle"},
    {"syntaxes.jsonld"},
    {"syntaxes"},
    {"reasoning.admission", "reasoning.inferences", "reasoning.java", "reasoning.justifying", "reasoning.wording"},
    {"reasoning.claims", "reasoning.ontologies", "reasoning.processes"},
    {"reasoning.naming", "reasoning.owlapi", "reasoning.reasoners"},
    {"reasoning.doctor", "reasoning.explaining", "reasoning.profiles"},
    {"reasoning.el"},
    {"reasoning.products"},
    {"reasoning"},
    {"functional", "owl_loading"},
    {"converting"},
    {"expecting"},
    {"merging.changes", "merging.headers", "merging.joining", "merging.modules", "merging.rules"},
    {"merging.sides", "merging.told"},
    {"merging.checking", "merging.reasons"},
    {"merging"},
    {"engines", "info", "quality", "source"},
    {"answering", "endpoint", "quality_told"},
    {"confined"},
    {"asking"},
    {"comparing", "conventions", "describing"},
    {"validation.paths", "validation.prebinding"},
    {"validation.findings", "validation.shapesgraph", "validation.targets", "validation.tokens"},
    {"validation.described", "validation.inputs", "validation.messages", "validation.nearmisses"},
    {"validation.baseline", "validation.selects", "validation.statements", "validation.wording"},
    {"validation.misspelt", "validation.vacuous"},
    {"validation.as_json", "validation.as_turtle", "validation.nodes", "validation.tsv", "validation.vetting"},
    {"validation.constraints"},
    {"validation.engines", "validation.github", "validation.human", "validation.junit", "validation.positions"},
    {"validation.locating", "validation.sarif"},
    {"casefile", "validation.outputs", "validation.validating"},
    {"caseworld", "misusing", "validation"},
    {"classifying"},
    {"classified_told"},
    {"pytest_plugin", "lems_onto"},
    {"ask_commands", "commands", "report_command"},
    {"watched"},
    {
        "classify_command",
        "convert_command",
        "doctor_command",
        "explain_command",
        "merge_command",
        "profile_command",
        "validate_command",
    },
    {"reason_command"},
    {"cli"},
    {"__main__"},
]
HEAVY = {"argcomplete", "jpype", "junitparser", "owlready2", "owlrl", "pandas", "pyshacl", "rdflib", "shacl", "urllib3"}


def name_of(path):
    """The name of a module within the package: `catalog`, `validation.findings`; a package goes by its own."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "lems_onto"


def imports(path):
    """Names of modules that a file imports, those of this package as `.name`."""
    here, found = path.relative_to(PACKAGE).parts[:-1], set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            outer = ".".join(here[: len(here) - node.level + 1])
            for alias in node.names:
                inner = ".".join(filter(None, [outer, node.module]))
                deeper = ".".join(filter(None, [inner, alias.name]))
                found.add("." + (deeper if deeper in NAMES else inner))
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module.split(".")[0])
    return found


NAMES = {name_of(path) for path in MODULES}


def test_imports_go_down_and_every_module_has_a_floor():
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    assert set(floor) == NAMES
    # The face of the package names its modules as text, and the door of the command is where a child comes back in.
    exempt = {("resources", ".errors"), ("watched", ".__main__")}
    for path in MODULES:
        for name in imports(path):
            if name.startswith(".") and (name_of(path), name) not in exempt:
                assert floor[name_of(path)] > floor[name[1:]], f"{name_of(path)} imports {name}"


def test_every_command_of_a_module_of_its_own_is_there_and_none_is_forgotten():
    import importlib

    from lems_onto import cli

    homes = {path.stem.removesuffix("_command") for path in PACKAGE.glob("*_command.py")}
    assert set(cli.LATE) == homes and len(homes) >= 9
    for name in cli.LATE:
        module = importlib.import_module(f"lems_onto.{name}_command")
        assert callable(getattr(module, name)) and callable(module.arguments)


def test_rooms_are_small_and_named_for_what_they_hold():
    for path in MODULES:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 260, path
        assert path.stem not in {"common", "core", "helpers", "manager", "utils"}


def test_what_is_heavy_is_imported_where_it_is_used():
    for path in MODULES:
        top = {
            alias.name.split(".")[0]
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
            if isinstance(node, ast.Import)
        } | {
            (node.module or "").split(".")[0]
            for node in ast.parse(path.read_text(encoding="utf-8")).body
            if isinstance(node, ast.ImportFrom) and not node.level
        }
        assert not top & (HEAVY | {"pyoxigraph", "dataclasses", "pathlib", "typing", "textwrap"}), path


def test_every_public_thing_says_what_it_is():
    checked = 0
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert ast.get_docstring(tree), path
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                inner = any(
                    node in ast.walk(one) and node is not one
                    for one in ast.walk(tree)
                    if isinstance(one, ast.FunctionDef)
                )
                if not inner:
                    assert ast.get_docstring(node), f"{name_of(path)}.{node.name}"
                    checked += 1
    assert checked > 40


def test_the_face_is_sorted_and_every_name_of_it_exists():
    assert lems_onto.__all__ == sorted(lems_onto.__all__)
    for name in lems_onto.__all__:
        assert getattr(lems_onto, name).__doc__
    assert dir(lems_onto) == lems_onto.__all__


def test_a_question_imports_nothing_heavy(command):
    script = (
        "import sys; sys.argv = ['lems-onto', 'ask', 'symptoms']\n"
        "from lems_onto.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted(sys.modules), file=sys.stderr)"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stderr))
    assert not loaded & (HEAVY | {"dataclasses", "inspect", "pathlib", "typing"})
    assert "pyoxigraph" in loaded


def test_every_room_of_data_and_code_has_a_room_of_tests():
    rooms = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and not path.name.startswith("_")}
    assert rooms == {"lems_onto", "ontology", "queries", "shapes"}


def test_the_top_level_holds_what_the_project_needs_and_nothing_else():
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    if tracked == [""]:
        import pytest

        pytest.skip("this is no git checkout")
    top = {path.split("/")[0] for path in tracked if path}
    assert top <= {
        ".ci", ".gitignore", ".pre-commit-hooks.yaml", "CHANGELOG.md", "CITATION.cff", "LICENSE", "LICENSE-DATA",
        "Makefile", "README.md", "action.yml", "benchmarks", "docs", "ontology", "pyproject.toml", "queries",
        "shapes", "src", "tests",
    }  # fmt: skip


def test_lint_exemptions_carry_their_reason():
    for path in [*MODULES, *(ROOT / "tests").rglob("*.py")]:
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"#\s*type:\s*ignore(?!\[)", line):
                raise AssertionError(f"{path}: {line}")
