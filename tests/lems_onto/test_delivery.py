"""The gate where users put it: an action of GitHub, hooks of pre-commit, a plugin of pytest, any server.

Each is run as its host runs it, in a scratch repository. Most of the time here
goes to pip, which installs the checkout three times, in about half a minute.
"""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree
from collections import namedtuple
from pathlib import Path

import pytest
import yaml

from lems_onto.validation.findings import SEVERITIES

pytest_plugins = ("pytester",)

ROOT = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
PREFIXES = (
    "@prefix ex: <https://data.example/> .\n@prefix lems: <https://w3id.org/lems-onto/> .\n"
    "@prefix sh: <http://www.w3.org/ns/shacl#> .\n\n"
)
SHAPES = f"""{PREFIXES}ex:DogShape a sh:NodeShape ;
    sh:targetClass ex:Dog ;
    sh:property ex:DogName, ex:DogAge .

ex:DogName sh:path ex:name ; sh:minCount 1 ; sh:message "Give the dog a name." .

ex:DogAge sh:path ex:age ; sh:minCount 1 ; sh:severity sh:Warning ; sh:message "Give the dog an age." .
"""
GOOD = f'{PREFIXES}ex:rex a ex:Dog ;\n    ex:name "Rex" ;\n    ex:age 4 .\n'
NAMELESS = f"{PREFIXES}ex:rex a ex:Dog ;\n    ex:age 4 .\n"
AGELESS = f'{PREFIXES}ex:rex a ex:Dog ;\n    ex:name "Rex" .\n'
UNREADABLE = f'{PREFIXES}ex:rex ex:name "Rex" ex:age 4 .\n'
BROKEN = SHAPES.replace("sh:minCount 1", "sh:minCuont 1", 1)
ABOUT_CATS = SHAPES.replace("ex:Dog ;", "ex:Cat ;")
# Names of files that a shell, pip, argparse, glob or the runner of GitHub might take for something else.
HOSTILE = (
    "a b.ttl", "it's \"q\".ttl", "$(touch pwned).ttl", "`touch pwned`.ttl", ";touch pwned;.ttl", "-x.ttl", "[a]*.ttl",
    "--write-baseline=pwned.ttl", "::error::x.ttl", "100%,a:b%0A.ttl", "${{ github.token }}.ttl", "\\n\u00e9\u72ac.ttl",
)  # fmt: skip
# Where a name in the working folder comes first, these would run.
SHADOWS = ("venv", "pip", "rdflib", "lems_onto", "sitecustomize", "json", "pyoxigraph")


def missing(reason):
    """Skips a test for want of the network or of a program, or fails it where LEMS_REQUIRE_SERVERS is 1."""
    if os.environ.get("LEMS_REQUIRE_SERVERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def registry(tmp_path_factory):
    """Whether pip reaches a registry, which every installation needs."""
    folder = tmp_path_factory.mktemp("reached")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "0", "--timeout", "20"]
    done = run([*pip, "download", "--quiet", "--no-deps", "--no-cache-dir", "--dest", folder, "hatchling"], folder)
    if done.returncode:
        missing(f"pip cannot reach its registry: {done.stderr.strip().splitlines()[-1]}")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """The work tree as a repository with one commit and the tag that the documents name."""
    folder = tmp_path_factory.mktemp("copy") / "lems onto"
    left = shutil.ignore_patterns(".git", ".venv", "dist", "build", "__pycache__", ".*_cache", "*.egg-info")
    shutil.copytree(ROOT, folder, ignore=left)
    committed(folder)
    git(folder, "tag", "v0.3.0")
    return folder


@pytest.fixture
def scratch(tmp_path):
    """A repository of a user, with data and shapes."""
    folder = tmp_path / "scratch"
    write(folder, {"data/rex.ttl": GOOD, "more/deep/fido.ttl": GOOD.replace("rex", "fido"), "shapes/dog.ttl": SHAPES})
    committed(folder)
    return folder


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(command, folder, **environment):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "GIT_", "PYTEST_"))}
    kept |= {"GIT_CONFIG_GLOBAL": os.devnull, "COLUMNS": "80", **{k: str(v) for k, v in environment.items()}}
    return subprocess.run(
        list(map(str, command)), cwd=folder, env=kept, capture_output=True, text=True, timeout=300, check=False,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


def git(folder, *arguments):
    who = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    done = run(["git", *who, *arguments], folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def committed(folder):
    git(folder, "init", "--quiet")
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "all")


# --- GitHub -------------------------------------------------------------------

Ran = namedtuple("Ran", "code log annotations summary outputs")


def evaluated(text, known):
    """A value of action.yml with its expressions carried out: names of contexts, and `||` between them."""

    def value(found):
        for name in found[1].split("||"):
            assert re.fullmatch(r"inputs\.[\w-]+|steps\.[\w-]+\.outputs\.[\w-]+", name.strip()), found[0]
            # What an action has not written is empty; an input that it does not declare is a mistake.
            result = known[name.strip()] if name.strip().startswith("inputs.") else known.get(name.strip(), "")
            if result:
                return result
        return ""

    return re.sub(r"\$\{\{(.*?)\}\}", value, str(text))


def outputs_in(path):
    """What a step wrote to the file that GITHUB_OUTPUT names."""
    lines, found = path.read_text(encoding="utf-8").splitlines(), {}
    for line in lines:
        name, equals, value = line.partition("=")
        assert equals and "<<" not in name, line
        found[name] = value
    return found


def annotations_in(log):
    """The workflow commands of a log that annotate, read as the runner reads them."""

    def plain(text, *more):
        for code, sign in (*more, ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
            text = text.replace(code, sign)
        return text

    found = []
    for line in log.split("\n"):
        command = re.match(r"\s*::(\S+?)(?: ([^\n]*?))?::(.*)", line)
        if not command:
            continue
        assert command[1] in ("error", "warning", "notice", "group", "endgroup"), line
        pairs = [pair.partition("=") for pair in (command[2] or "").split(",") if pair]
        fields = {name: plain(value, ("%3A", ":"), ("%2C", ",")) for name, _, value in pairs}
        found.append({"level": command[1], "message": plain(command[3]), **fields})
    return [one for one in found if "group" not in one["level"]]


@pytest.fixture(scope="module")
def temporary(tmp_path_factory):
    """The folder of a job for temporary files; here all runs are steps of one job, and pip installs once."""
    return tmp_path_factory.mktemp("runner temp")


@pytest.fixture
def action(checkout, temporary, registry, tmp_path):
    """Runs the action in a folder, as the runner does with a composite one."""

    def act(workspace, environment=None, **given):
        given = {name.replace("_", "-"): value for name, value in given.items()}
        assert given.keys() <= ACTION["inputs"].keys()
        known = {f"inputs.{name}": given.get(name, one.get("default", "")) for name, one in ACTION["inputs"].items()}
        log, summary, code = "", tmp_path / "summary.md", 0
        summary.write_text("")
        for number, step in enumerate(ACTION["runs"]["steps"]):
            script, told = tmp_path / f"{number}.sh", tmp_path / f"{number}.out"
            script.write_text(step["run"], encoding="utf-8")
            told.write_text("")
            values = {name: evaluated(value, known) for name, value in step["env"].items()}
            own = {
                "GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_ACTION_PATH": checkout, "GITHUB_OUTPUT": told,
                "GITHUB_STEP_SUMMARY": summary, "GITHUB_WORKSPACE": workspace, "RUNNER_TEMP": temporary,
                "RUNNER_OS": "Linux", "GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "someone/data",
                "GITHUB_SHA": "0" * 40,
            }  # fmt: skip
            command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", script]
            done = run(command, workspace, **{**own, **(environment or {}), **values})
            log += done.stdout + done.stderr
            known |= {f"steps.{step['id']}.outputs.{name}": value for name, value in outputs_in(told).items()}
            code = done.returncode
            if code:
                break
        outputs = {name: evaluated(one["value"], known) for name, one in ACTION["outputs"].items()}
        return Ran(code, log, annotations_in(log), summary.read_text(encoding="utf-8"), outputs)

    return act


PARSER = """
import { readFileSync } from "node:fs";
import { register } from "node:module";

// The package leaves out what Node wants of an import of JSON.
register("data:text/javascript," + encodeURIComponent(`
  export async function resolve(name, context, next) {
    const found = await next(name, context);
    return name.endsWith(".json") ? { ...found, importAttributes: { type: "json" } } : found;
  }`));
const base = process.cwd() + "/node_modules/@actions/workflow-parser/dist/";
const { parseAction } = await import(base + "actions/action-parser.js");
const { parseWorkflow } = await import(base + "workflows/workflow-parser.js");
const { NoOperationTraceWriter } = await import(base + "templates/trace-writer.js");
for (const name of process.argv.slice(2)) {
  const parse = name.includes("action") ? parseAction : parseWorkflow;
  const result = parse({ name, content: readFileSync(name, "utf8") }, new NoOperationTraceWriter());
  console.log(JSON.stringify(result.context.errors.getErrors().map((error) => error.message)));
}
"""


@pytest.fixture(scope="module")
def github_errors(tmp_path_factory):
    """What the parser of GitHub itself finds wrong with a text, an action or a workflow."""
    folder = tmp_path_factory.mktemp("parser")
    if not shutil.which("npm"):
        missing("npm is not installed: npm")
    done = run(["npm", "install", "--silent", "--no-audit", "--no-fund", "@actions/workflow-parser@0.3.61"], folder)
    if done.returncode:
        missing(f"npm cannot install the parser of GitHub: {done.stderr.strip()[-200:]}")
    (folder / "parse.mjs").write_text(PARSER)

    def errors(kind, text):
        (folder / f"{kind}.yml").write_text(text, encoding="utf-8")
        done = run(["node", "parse.mjs", f"{kind}.yml"], folder)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return errors


def snippets(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_parser_of_github_reads_the_action_and_the_workflow_of_the_page(github_errors):
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert github_errors("action", text) == []
    assert github_errors("workflow", snippets("yaml")[0]) == []
    for old, new in (("      shell: bash\n", ""), ("inputs.python", "inputz.python"), ("steps.validate", "secrets")):
        assert github_errors("action", text.replace(old, new)), new


def test_no_input_becomes_part_of_a_script():
    inputs = {f"inputs.{name}" for name in ACTION["inputs"]}
    used = set()
    for step in ACTION["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
        for name, value in step["env"].items():
            assert f"${{{name}" in step["run"] or f'"${name}"' in step["run"] or f"case ${name} " in step["run"], name
            used |= set(re.findall(r"inputs\.[\w-]+", value))
    assert used == inputs


def test_the_page_names_every_input_output_and_option():
    told = set(re.findall(r"`([\w-]+)`", "\n".join(line.split("|")[1] for line in PAGE.split("\n") if line[:1] == "|")))
    assert set(ACTION["inputs"]) <= told
    assert {f"`{name}`" for name in ACTION["outputs"]} <= set(re.findall(r"`[\w-]+`", PAGE))
    plugin = (ROOT / "src" / "lems_onto" / "pytest_plugin.py").read_text(encoding="utf-8")
    for option in re.findall(r'"(--lems-[\w-]+)", ', plugin):
        assert f"| `{option}" in PAGE, option


def test_nothing_that_lies_in_the_checkout_is_run(action, scratch, temporary):
    bomb = f"open({str(scratch / 'pwned')!r}, 'w')\nraise SystemExit(0)\n"
    write(scratch, {f"{name}.py": bomb for name in SHADOWS} | {"data/rex.ttl": NAMELESS})
    # The first of the tests that run the action, so that it is this run that installs.
    assert not list(temporary.glob("lems-onto-*/ready"))
    own = {"files": "data", "shapes": "shapes", "ontology": "false"}
    ran = action(scratch, {"PYTHONPATH": str(scratch)}, **own)
    assert (ran.code, ran.outputs["exit-code"]) == (1, "1"), ran.log
    assert not (scratch / "pwned").exists()
    (ready,) = temporary.glob("lems-onto-*/ready")
    before = ready.stat().st_mtime_ns
    assert action(scratch, **own).code == 1
    assert ready.stat().st_mtime_ns == before, "a second step installs again"


def test_the_action_passes_what_conforms(action, scratch):
    ran = action(scratch, files="data/\nmore/**/*.ttl\n", shapes="shapes/\n", ontology="false", sarif="out.sarif\n")
    assert (ran.code, ran.annotations) == (0, []), ran.log
    assert ran.outputs == {"conforms": "true", "exit-code": "0", "sarif": "out.sarif"}
    assert json.loads((scratch / "out.sarif").read_text())["runs"][0]["results"] == []
    assert ran.summary.startswith("## lems-onto validate\n\n**conforms")
    assert "2 focus nodes" in ran.log
    assert git(scratch, "status", "--short").split() == ["??", "out.sarif"]


def test_the_action_annotates_what_does_not(action, scratch):
    write(scratch, {"data/rex.ttl": NAMELESS})
    ran = action(scratch, files="data", shapes="shapes/dog.ttl", ontology="false", sarif="a.sarif", junit="a.xml")
    assert ran.code == 1
    assert ran.outputs == {"conforms": "false", "exit-code": "1", "sarif": "a.sarif"}
    (found,) = ran.annotations
    assert (found["level"], found["file"], found["line"]) == ("error", "data/rex.ttl", "5")
    assert "Give the dog a name." in found["message"]
    assert "/someone/data/blob/0000000000000000000000000000000000000000/data/rex.ttl#L5" in ran.summary
    assert len(json.loads((scratch / "a.sarif").read_text())["runs"][0]["results"]) == 1
    assert xml.etree.ElementTree.parse(scratch / "a.xml").getroot().get("failures") == "1"


def test_the_action_holds_claims_to_the_shapes_of_lems_onto(action, scratch):
    write(scratch, {"claim.ttl": f"{PREFIXES}ex:a a lems:Claim .\n"})
    ran = action(scratch, files="./claim.ttl")
    assert ran.code == 1
    own = [one for one in ran.annotations if one.get("file") == "claim.ttl"]
    assert len(own) > 5
    assert {one["line"] for one in own} == {"5"}


def test_the_action_does_as_its_inputs_say(action, scratch):
    write(scratch, {"data/rex.ttl": AGELESS})
    own = {"files": "data", "shapes": "shapes", "ontology": "false"}
    assert [one["level"] for one in action(scratch, **own).annotations] == ["warning"]
    assert action(scratch, **own, fail_on="warning").code == 1
    ran = action(scratch, **own, args="--write-baseline=accepted.json\n--engine\npyshacl\n\n")
    assert ran.code == 0
    assert "pyshacl" in ran.summary.lower()
    ran = action(scratch, **own, fail_on="info", baseline="accepted.json")
    assert (ran.code, ran.annotations) == (0, [])
    assert "1 accepted" in ran.summary
    write(scratch, {"shapes/cat.ttl": ABOUT_CATS.replace("Dog", "Cat")})
    assert action(scratch, **own).code == 4
    assert action(scratch, **own, allow_unused="true").code == 0


@pytest.mark.parametrize(
    ("files", "inputs", "code", "file", "line", "message"),
    [
        ({"shapes/dog.ttl": BROKEN}, {}, 3, "shapes/dog.ttl", "9", "minCuont"),
        ({"shapes/dog.ttl": ABOUT_CATS}, {}, 4, "shapes/dog.ttl", "5", "ex:Cat"),
        ({"shapes/dog.ttl": ABOUT_CATS}, {"allow-unused": "true"}, 4, None, None, "nothing checked"),
        ({"data/rex.ttl": UNREADABLE}, {}, 2, "data/rex.ttl", "5", "not Turtle"),
        ({}, {"files": "absent.ttl"}, 2, None, None, "absent.ttl"),
        ({}, {"files": "\n\n"}, 2, None, None, "files is empty"),
        ({}, {"files": ""}, 2, None, None, "files is empty"),
        ({}, {"files": "-"}, 2, None, None, "standard input"),
        ({}, {"ontology": "False"}, 2, None, None, "neither true nor false"),
        ({}, {"allow-unused": "no"}, 2, None, None, "neither true nor false"),
        ({}, {"fail-on": "error"}, 2, None, None, "invalid choice"),
        ({}, {"sarif": "a\nconforms=true"}, 2, None, None, "more than one line"),
        ({}, {"sarif": "absent/a.sarif"}, 2, None, None, "make the folder first"),
        ({}, {"args": "--nonsense"}, 2, None, None, "--nonsense"),
        ({}, {"python": "python2.4"}, 2, None, None, "no Python 3.11"),
        ({}, {"version": "--help"}, 2, None, None, "pip could not install"),
    ],
)
def test_the_action_ends_with_the_code_that_says_why(files, inputs, code, file, line, message, action, scratch):
    write(scratch, files)
    given = {"files": "data", "shapes": "shapes", "ontology": "false", **inputs}
    ran = action(scratch, **{name.replace("-", "_"): value for name, value in given.items()})
    assert ran.code == code, ran.log
    assert ran.outputs["conforms"] == "false"
    assert ran.outputs["exit-code"] == str(code)
    errors = [one for one in ran.annotations if one["level"] == "error"]
    assert any(message in one["message"] and (one.get("file"), one.get("line")) == (file, line) for one in errors), (
        ran.log
    )


def test_names_of_files_command_nothing(action, scratch):
    write(scratch, {f"data/{name}": NAMELESS.replace("rex", f"rex{at}") for at, name in enumerate(HOSTILE)})
    write(scratch, {name: NAMELESS.replace("rex", f"top{at}") for at, name in enumerate(HOSTILE)})
    (scratch / "data" / "rex.ttl").unlink()
    ran = action(scratch, files="\n".join(["data", *HOSTILE]), shapes="shapes/dog.ttl", ontology="false")
    assert ran.code == 1
    found = {one["file"] for one in ran.annotations if "file" in one}
    assert found == {*HOSTILE, *(f"data/{name}" for name in HOSTILE)}
    assert not list(scratch.rglob("pwned"))
    assert (scratch / "--write-baseline=pwned.ttl").read_text() != ""
    assert not (scratch / "pwned.ttl").exists()
    assert len(ran.annotations) == 2 * len(HOSTILE) + 1


# --- pre-commit ---------------------------------------------------------------


@pytest.fixture(scope="module")
def hooked(checkout, registry, tmp_path_factory):
    """Runs the hooks of a configuration over all files; the address of the page leads to the checkout."""
    home = tmp_path_factory.mktemp("pre-commit")

    def go(folder, configuration):
        write(folder, {".pre-commit-config.yaml": configuration})
        git(folder, "add", "--all")
        return run([sys.executable, "-m", "pre_commit", "run", "--all-files"], folder, **led(checkout, home))

    return go


def led(checkout, home):
    return {
        "PRE_COMMIT_HOME": home, "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_VALUE_0": "https://github.com/OWNER/lems-onto",
        "GIT_CONFIG_KEY_0": f"url.file://{checkout.as_posix().replace(' ', '%20')}.insteadOf",
    }  # fmt: skip


def configurations():
    return [text for text in snippets("yaml") if text.startswith("repos:")]


def test_pre_commit_accepts_the_hooks_and_they_know_every_ending():
    from lems_onto.reading import SYNTAXES

    done = run([sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], ROOT)
    assert done.returncode == 0, done.stdout
    endings = [ending for _, known, _ in SYNTAXES for ending in known if ending not in (".json", ".xml")]
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text()):
        assert hook["args"][-1] == "--"
        for ending in endings:
            assert re.search(hook["files"], f"data/a{ending}"), ending
            assert re.search(hook["files"], f"data/a{ending}.gz")
        assert not re.search(hook["files"], "data/ttl")


def test_the_hooks_pass_good_files_and_name_the_line_of_bad_ones(hooked, scratch):
    for configuration in configurations():
        write(scratch, {"data/rex.ttl": GOOD})
        done = hooked(scratch, configuration)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Failed" not in done.stdout
        assert "validate RDF with lems-onto" in done.stdout
        assert "Passed" in done.stdout
        write(scratch, {"data/rex.ttl": NAMELESS})
        done = hooked(scratch, configuration)
        assert done.returncode == 1
        assert "- exit code: 1" in done.stdout
        assert "data/rex.ttl:5:1" in done.stdout
        write(scratch, {"data/rex.ttl": UNREADABLE})
        done = hooked(scratch, configuration)
        assert "- exit code: 2" in done.stdout
        assert "lems-onto: data/rex.ttl:5:22: not Turtle" in done.stdout
    assert len(configurations()) == 2


def test_the_hooks_take_no_name_of_a_file_for_an_option(hooked, scratch):
    write(
        scratch,
        {"--write-baseline=pwned.ttl": NAMELESS.replace("rex", "one"), "-x.ttl": NAMELESS.replace("rex", "two")},
    )
    first = configurations()[0]
    done = hooked(scratch, re.sub(r"\n +files:.*", "", first))
    assert done.returncode == 1
    assert "--> --write-baseline=pwned.ttl:5:1" in done.stdout
    assert "--> -x.ttl:5:1" in done.stdout
    assert not (scratch / "pwned.ttl").exists()
    # As the hooks are, without arguments of the user's own.
    done = hooked(scratch, re.sub(r"\n +(?:files|args):.*", "", first))
    assert "does not conform" in done.stdout
    assert not (scratch / "pwned.ttl").exists()


# --- pytest -------------------------------------------------------------------

NAMED = 'lems_onto = "lems_onto.pytest_plugin"'
# Two registrations of one plugin are an error; an old installation has none.
INSTALLED = any(one.value == "lems_onto.pytest_plugin" for one in importlib.metadata.entry_points(group="pytest11"))
OPTIONS = ("--lems-shapes", "shapes", "--lems-no-ontology", "-W", "error")


@pytest.fixture
def tested(pytester, monkeypatch):
    """Runs pytest in a folder with data and shapes."""
    monkeypatch.setenv("COLUMNS", "120")
    write(pytester.path, {"data/rex.ttl": GOOD, "shapes/dog.ttl": SHAPES})

    def go(*arguments, files=None):
        write(pytester.path, files or {})
        plugin = () if INSTALLED else ("-p", "lems_onto.pytest_plugin")
        return pytester.runpytest_subprocess("-p", "no:randomly", *plugin, *arguments)

    return go


def test_each_shape_and_check_is_a_test(tested):
    result = tested("--lems-validate", "data", *OPTIONS, "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        ["lems-onto::something was checked PASSED*", "lems-onto::ex:DogShape PASSED*", "conforms: nothing was found"]
    )
    # The ontology has checks, which are run with its own shapes.
    result = tested("--lems-validate", "data/rex.ttl", "--collect-only", "-q")
    result.stdout.fnmatch_lines(["lems-onto::something was checked", "lems-onto::claim-cycles"])


def test_a_failure_names_the_shape_the_file_and_the_line(tested):
    result = tested("--lems-validate", "data/*.ttl", *OPTIONS, files={"data/rex.ttl": NAMELESS})
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ ex:DogName _*",
            "data/rex.ttl:5:1: violation: Give the dog a name.",
            "    > ex:rex a ex:Dog ;",
            "    node <https://data.example/rex>",
            "does not conform: 1 violation",
            "FAILED lems-onto::ex:DogName - data/rex.ttl:5:1: violation: Give the dog a name.",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert ".py" not in result.stdout.str().partition("FAILURES")[2]


def test_the_lightest_severity_that_fails_and_a_baseline_hold(tested, pytester, command):
    files = {"data/rex.ttl": AGELESS}
    tested("--lems-validate", "data", *OPTIONS, files=files).assert_outcomes(passed=4)
    result = tested("--lems-validate", "data", *OPTIONS, "-rP")
    result.stdout.fnmatch_lines(["*ex:DogAge*", "data/rex.ttl:5:1: warning: Give the dog an age."])
    tested("--lems-validate", "data", *OPTIONS, "--lems-fail-on", "warning").assert_outcomes(passed=3, failed=1)
    where = {"cwd": pytester.path}
    command("validate", "data", "--shapes", "shapes", "--no-ontology", "--write-baseline", "old.json", **where)
    result = tested("--lems-validate", "data", *OPTIONS, "--lems-fail-on", "info", "--lems-baseline", "old.json")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["baseline: 1 accepted, 0 stale"])


@pytest.mark.parametrize(
    ("shapes", "more", "line", "outcomes"),
    [
        (BROKEN, (), "shapes/dog.ttl:9:*minCuont*", {"failed": 1}),
        (ABOUT_CATS, (), "shapes/dog.ttl:5:1: unused shape[[]ex:DogShape]: finds *ex:Cat*", {"failed": 1, "passed": 1}),
        (ABOUT_CATS, ("--lems-allow-unused",), "nothing checked: *", {"failed": 1, "passed": 1}),
        (SHAPES + ABOUT_CATS.replace("Dog", "Cat"), (), "unused shapes: 1 shape *", {"failed": 1, "passed": 3}),
        (SHAPES + ABOUT_CATS.replace("Dog", "Cat"), ("--lems-allow-unused",), "conforms: *", {"passed": 4}),
    ],
)
def test_shapes_that_check_nothing_fail(shapes, more, line, outcomes, tested):
    result = tested("--lems-validate", "data", *OPTIONS, *more, files={"shapes/dog.ttl": shapes})
    passed = outcomes.pop("passed", None)
    assert result.parseoutcomes().get("failed", 0) == outcomes.get("failed", 0)
    assert passed is None or result.parseoutcomes().get("passed", 0) >= 1
    result.stdout.fnmatch_lines([line])
    assert (result.ret == 1) == bool(outcomes)


@pytest.mark.parametrize(
    ("name", "line"),
    [("bad.ttl", "bad.ttl:5:22: not Turtle*"), ("absent.ttl", "absent.ttl: no such file*"), ("-", "-: pytest keeps*")],
)
def test_what_cannot_be_read_is_an_error_of_one_line(name, line, tested):
    result = tested("--lems-validate", name, *OPTIONS, files={"bad.ttl": UNREADABLE})
    assert result.ret == 2
    result.stdout.fnmatch_lines(["*ERROR collecting lems-onto*", line])
    assert ".py" not in result.stdout.str().partition("ERRORS")[2]


def test_the_items_can_be_chosen(tested):
    files = {"test_mine.py": "def test_mine():\n    assert False\n"}
    tested("--lems-validate", "data", *OPTIONS, files=files).assert_outcomes(passed=3, failed=1)
    tested("--lems-validate", "data", *OPTIONS, "-m", "lems_onto", "--strict-markers").assert_outcomes(
        passed=3, deselected=1
    )
    tested("--lems-validate", "data", *OPTIONS, "-k", "DogShape").assert_outcomes(passed=1, deselected=3)


FIXTURES = f"""
import pathlib

import pytest
import rdflib

from lems_onto.errors import UnreadableFile

GOOD, NAMELESS, SHAPES = {GOOD!r}, {NAMELESS!r}, {SHAPES!r}
OWN = {{"shapes": "shapes", "ontology": False}}


@pytest.mark.parametrize("shapes", ["shapes", SHAPES, ["shapes/*.ttl"], rdflib.Graph().parse(data=SHAPES)])
def test_every_form(lems_validate, shapes):
    graph = rdflib.Graph().parse(data=NAMELESS)
    several = rdflib.Dataset()
    several.graph(rdflib.URIRef("https://data.example/g")).parse(data=NAMELESS)
    for data in (graph, several, NAMELESS):
        report = lems_validate(data, shapes=shapes, ontology=False)
        assert [one.message for one in report.results] == ["Give the dog a name."], data
    for data in (GOOD, pathlib.Path("data/rex.ttl"), "data", "data/*.ttl"):
        report = lems_validate(data, shapes=shapes, ontology=False)
        assert report.conforms
        assert report.checked
    both = lems_validate(graph, GOOD.replace("rex", "fido"), shapes=shapes, ontology=False)
    assert sum(both.focus_nodes.values()) == 2
    assert len(both.results) == 1


def test_what_is_good(assert_conforms):
    assert assert_conforms(rdflib.Graph().parse(data=GOOD), **OWN, fail_on="info").conforms
    assert_conforms("<https://data.example/rex> <https://data.example/age> 4 .", **OWN, allow_unused=True)


def test_what_is_bad(assert_conforms):
    assert_conforms(rdflib.Graph().parse(data=NAMELESS), **OWN)


def test_what_is_absent(lems_validate):
    lems_validate("date/rex.ttl")


def test_what_is_nothing(assert_conforms):
    with pytest.raises(TypeError):
        assert_conforms(**OWN)
    with pytest.raises(TypeError):
        assert_conforms(5, **OWN)
"""


def test_the_fixtures_take_graphs_paths_and_texts(tested):
    result = tested("-W", "error", files={"test_fixtures.py": FIXTURES})
    # The text of one line says nothing of a dog, which is no pass either.
    result.assert_outcomes(passed=5, failed=3)
    result.stdout.fnmatch_lines(
        [
            "E*nothing checked*",
            ">   *assert_conforms(rdflib.Graph().parse(data=NAMELESS), **OWN)",
            "E*violation[[]ex:DogName]: Give the dog a name.",
            "E*<graph 1>.nq:*",
            '>   *lems_validate("date/rex.ttl")',
            "E*UnreadableFile: date/rex.ttl: no such file*",
        ]
    )
    assert "pytest_plugin.py:" not in result.stdout.str()


def test_whoever_does_not_use_the_plugin_does_not_pay_for_it(tested):
    heavy = "{'rdflib', 'pyoxigraph', 'pyshacl', 'shacl', 'owlready2', 'lems_onto.validation', 'lems_onto.catalog'}"
    text = f"import sys\n\ndef test_it():\n    assert 'lems_onto.pytest_plugin' in sys.modules\n    assert not {heavy}"
    tested(files={"test_cheap.py": f"{text} & set(sys.modules)\n"}).assert_outcomes(passed=1)


def test_the_plugin_knows_the_severities():
    from lems_onto import pytest_plugin

    assert pytest_plugin.SEVERITIES == SEVERITIES


# --- Any server ---------------------------------------------------------------

SCHEMAS = {"jobs": "github-workflows", "validate": "gitlab-ci", "version": "circle-ci"}
INSTALL = "pip install 'lems-onto[fast] @ git+https://github.com/OWNER/lems-onto@v0.3.0'"


@pytest.fixture(scope="module")
def fresh(checkout, registry, tmp_path_factory):
    """Runs a script of bash where the first command of the page has installed lems-onto, and nothing else is."""
    folder = tmp_path_factory.mktemp("fresh")
    # What pre-commit makes its own with; venv takes seconds more to install pip.
    subprocess.run([sys.executable, "-m", "virtualenv", "--quiet", folder / "env"], check=True)
    environment = {"PATH": f"{folder / 'env' / 'bin'}{os.pathsep}{os.environ['PATH']}", **led(checkout, folder)}

    def go(script, where):
        return run(["bash", "-e", "-c", script], where, **environment)

    install, _ = snippets("bash")[0].strip().split("\n")
    done = go(install, folder)
    assert done.returncode == 0, done.stderr
    return go


def test_every_configuration_of_the_page_is_what_its_host_reads(tmp_path):
    checked = []
    for number, text in enumerate(snippets("yaml")):
        path = tmp_path / f"{number}.yml"
        path.write_text(text)
        schema = next((SCHEMAS[key] for key in yaml.safe_load(text) if key in SCHEMAS), None)
        schema = "circle-ci" if text.startswith("version: 2.1") else schema
        command = ["check_jsonschema", "--builtin-schema", f"vendor.{schema}"] if schema else None
        done = run([sys.executable, "-m", *(command or ["pre_commit", "validate-config"]), path], tmp_path)
        assert done.returncode == 0, done.stdout
        checked.append(schema)
    assert sorted(map(str, checked)) == ["None", "None", "circle-ci", "github-workflows", "gitlab-ci"]


def commands_of_hosts():
    """The scripts of the page for other servers, without the installation, which is the same in all."""
    by_host = {text.split(":")[0]: yaml.safe_load(text) for text in snippets("yaml")}
    circle = [step["run"] for step in by_host["version"]["jobs"]["validate"]["steps"] if "run" in step]
    (jenkins,) = re.findall(r"sh '''\n(.*?)'''", snippets("groovy")[0], re.DOTALL)
    return {
        "gitlab": by_host["validate"]["validate"]["script"],
        "circle": circle,
        "jenkins": jenkins.strip().split("\n"),
    }


@pytest.mark.parametrize("host", ["page", *commands_of_hosts()])
@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (NAMELESS, 1), (UNREADABLE, 2)])
def test_the_commands_of_the_page_are_a_gate(host, text, code, fresh, scratch):
    write(scratch, {"data/rex.ttl": text})
    if host == "page":
        lines = snippets("bash")[0].strip().split("\n")
    else:
        lines = [line.strip().replace(".venv/bin/", "") for line in commands_of_hosts()[host]]
    assert sum(INSTALL in line for line in lines) == 1
    done = fresh("\n".join(line for line in lines if INSTALL not in line and "-m venv" not in line), scratch)
    assert done.returncode == code, done.stderr
    if code:
        assert "data/rex.ttl:5:" in done.stdout + done.stderr
    if host != "page" and code < 2:
        (report,) = scratch.rglob("lems.xml")
        assert xml.etree.ElementTree.parse(report).getroot().get("failures") == str(code)


def test_the_baseline_of_the_page_accepts_what_is_old_and_stops_what_is_new(fresh, scratch):
    write(scratch, {"data/rex.ttl": NAMELESS})
    accept, hold = snippets("bash")[-1].strip().split("\n")
    assert fresh(accept, scratch).returncode == 0
    write(scratch, {"data/rex.ttl": f"# A line moves.\n{NAMELESS}"})
    done = fresh(hold, scratch)
    assert done.returncode == 0, done.stdout
    write(scratch, {"data/fido.ttl": NAMELESS.replace("rex", "fido")})
    done = fresh(hold, scratch)
    assert done.returncode == 1
    assert "data/fido.ttl:5:1" in done.stdout
    assert "data/rex.ttl:6" not in done.stdout
    write(scratch, {"data/rex.ttl": GOOD, "data/fido.ttl": GOOD})
    assert "1 stale" in fresh(hold, scratch).stdout


def test_the_pytest_command_of_the_page_is_a_gate(fresh, scratch):
    (line,) = [text.strip() for text in snippets("bash") if "pytest" in text]
    plugin = "" if NAMED in (ROOT / "pyproject.toml").read_text(encoding="utf-8") else "-p lems_onto.pytest_plugin "
    assert fresh("python3 -m pip install --quiet pytest", scratch).returncode == 0
    line = line.replace("-m pytest ", f"-m pytest {plugin}")
    assert fresh(line, scratch).returncode == 0
    write(scratch, {"data/rex.ttl": NAMELESS})
    done = fresh(line, scratch)
    assert done.returncode == 1
    assert "data/rex.ttl:5:1: violation: Give the dog a name." in done.stdout
    (tests,) = snippets("py")
    write(scratch, {"test_mine.py": f"import rdflib\n\nexport = lambda: rdflib.Graph().parse('data/rex.ttl')\n{tests}"})
    write(scratch, {"shapes/dog.ttl": SHAPES.partition("ex:DogAge sh:path")[0].replace(", ex:DogAge", "")})
    command = f"python3 -m pytest {plugin}test_mine.py"
    assert "1 failed, 1 passed" in fresh(command, scratch).stdout
    write(scratch, {"data/rex.ttl": GOOD})
    assert "2 passed" in fresh(command, scratch).stdout
