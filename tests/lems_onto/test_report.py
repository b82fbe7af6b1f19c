"""Every rule of the report fires on its fault alone; waivers have reasons and uses; the shipped ontology is clean."""

import argparse
import json
import os
import re
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from conftest import ONTOLOGY, ROOT
from lems_onto import catalog, engines, graphs, quality, quality_told, querytext, report_command, resources
from lems_onto.errors import LemsError, UnknownName, UnreadableFile

RULES = quality.rules()
EXAMPLES = {path.stem: path for path in (ROOT / "tests" / "queries" / "report").glob("*.trig")}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# One error, one warning and one info.
FAULTY = """\
@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

ex:a rdfs:label "heart\\nattack" ; rdfs:comment "A note of some length. " .
ex:p owl:propertyChainAxiom ( ex:q ) .
"""
THREE = ("label_formatting", "annotation_whitespace", "P33")


@pytest.fixture
def faulty(tmp_path):
    path = tmp_path / "faulty.ttl"
    path.write_text(FAULTY)
    return path


@pytest.fixture
def run(capsys):
    """Runs the command in this process and gives its exit code, output and error output."""

    def command(*arguments):
        parser = argparse.ArgumentParser()
        report_command.arguments(parser)
        code = report_command.report(parser.parse_args([*map(str, arguments), "--no-pager"]))
        return code, *capsys.readouterr()

    return command


def waivers(tmp_path, *lines, header="rule\tsubject\tvalue\treason"):
    path = tmp_path / "waivers.tsv"
    path.write_text("".join(line + "\n" for line in (header, *lines)))
    return path


def of_three(*paths, **options):
    return quality.report(*paths, rules=THREE, **options)


# The rules


def test_there_are_rules_of_all_three_and_each_has_a_name_of_its_own():
    assert len(RULES) == len(resources.report_paths()), "two files bear one name"
    sizes = {family: sum(one.family == family for one in RULES.values()) for family in quality.FAMILIES}
    assert sizes["robot"] >= 33
    assert sizes["foops"] >= 14
    assert sizes["oops"] >= 31
    assert not set(RULES) & set(catalog.queries()), "a rule of the report is no canned question"


@pytest.mark.parametrize("name", RULES)
def test_the_header_is_yaml_and_says_what_a_rule_is(name):
    rule = RULES[name]
    lines = [line[2:].removeprefix(" ") for line in rule.text.split("\n") if line.startswith("#+")]
    header = yaml.safe_load("\n".join(lines))
    assert header == {key: getattr(rule, key) for key in ("summary", "description", "level", "source")}
    assert rule.summary.endswith("?")
    assert rule.description.endswith(".")
    assert rule.level in quality.LEVELS
    assert rule.source.startswith("https://")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_laid_like_every_query(name):
    rule = RULES[name]
    text = re.sub(r'^#.*$|"(?:[^"\\]|\\.)*"|<[^>]*>', "", rule.text, flags=re.MULTILINE)
    declared = re.findall(r"^PREFIX (\w+):", text, re.MULTILINE)
    body = text[text.index("SELECT") :]
    assert declared == sorted(declared, key=str.casefold)
    assert set(declared) == set(re.findall(r"(?<![\w?])(\w+):", body))
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", variable) for variable in re.findall(r"\?(\w+)", body))
    query = querytext.read(rule.text, name)
    assert query.form == "SELECT"
    assert query.columns and set(query.columns) <= set(quality.PARTS)
    assert list(query.columns) == [part for part in quality.PARTS if part in query.columns]
    assert "ORDER" in query.modifiers
    querytext.refuse_calls(query)
    assert max(map(len, rule.text.split("\n"))) <= 120


def test_every_rule_has_an_example():
    assert set(EXAMPLES) == set(RULES)
    assert len(EXAMPLES) >= 78


def parts(name):
    """The data with the fault, the data without it, and the rows that the first give."""
    quads = list(ox.parse(path=str(EXAMPLES[name]), format=ox.RdfFormat.TRIG))
    found = {
        part: [quad for quad in quads if quad.graph_name.value == "https://example.org/" + part]
        for part in ("fail", "pass", "expected")
    }
    assert sum(map(len, found.values())) == len(quads)
    rows = {}
    for quad in found["expected"]:
        part = quad.predicate.value.removeprefix(RDF)
        if part in quality.PARTS:
            rows.setdefault(quad.subject, {})[part] = shown(quad.object)
    return found["fail"], found["pass"], {tuple(row.get(part) for part in quality.PARTS) for row in rows.values()}


def shown(term):
    """A term; any blank node is like another."""
    return "[]" if str(term).startswith("_:") else None if term is None else str(term)


def rows_of(name, quads):
    found = quality.findings_of(RULES[name], graphs.store(quads))
    rows = [tuple(map(shown, one[1:])) for one in found]
    assert len(rows) == len(set(rows)) or "[]" in str(rows)
    return set(rows)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_fires_on_its_fault_and_is_silent_without_it(name):
    fail, passing, expected = parts(name)
    assert fail
    assert passing
    assert expected
    assert rows_of(name, fail) == expected
    assert rows_of(name, passing) == set()


@pytest.mark.parametrize("name", RULES)
def test_another_engine_finds_the_same(name):
    fail, passing, expected = parts(name)
    query = querytext.read(RULES[name].text, name)
    for quads, wanted in ((fail, expected), (passing, set())):
        found = engines.Rdflib(graphs.to_rdflib(quads)).run(query)
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        assert {tuple(shown(row.get(part)) for part in quality.PARTS) for row in rows} == wanted


def test_a_rule_with_a_broken_header_or_in_a_strange_place_is_told(tmp_path):
    for folder, header, reason in (
        ("robot", "#+ summary: Is it?", "no description"),
        ("robot", "#+ summary: Is it?\n#+ description: So.\n#+ level: BAD\n#+ source: x", "an unknown level"),
        ("others", "#+ summary: Is it?\n#+ description: So.\n#+ level: WARN\n#+ source: x", "an unknown folder"),
    ):
        path = tmp_path / folder / "one.rq"
        path.parent.mkdir(exist_ok=True)
        path.write_text(header)
        with pytest.raises(LemsError, match=f"{re.escape(str(path))}: the rule has {reason}"):
            quality._rule(str(path))


# The shipped ontology


def test_the_shipped_ontology_has_no_error_and_no_warning_that_is_not_waived_and_no_waiver_too_many():
    found = quality.report()
    assert [one for one in found.findings if one.rule.level != "INFO"] == []
    assert found.unused == ()
    assert found.exit_code == 0
    assert len(found.rules) == len(RULES)
    assert len(found.waived) > 100


def test_the_waivers_of_the_shipped_ontology_are_sparing():
    _, prefixes = graphs.shipped()
    given = quality.read_waivers(quality.waivers_path(), prefixes)
    assert 0 < len(given) < 30
    assert all(one.subject != "*" for one in given)
    assert all(len(one.reason) > 40 and one.reason.endswith(".") for one in given)


def test_a_fault_in_the_shipped_ontology_would_be_found(tmp_path):
    path = tmp_path / "worse.ttl"
    path.write_text(ONTOLOGY.read_text() + '\nlems:hasFeature rdfs:label "has a feature"@en .\n')
    found = quality.report(path, waivers=quality.waivers_path())
    assert {one.rule.name for one in found.findings if one.rule.level == "ERROR"} == {"multiple_labels"}
    assert found.exit_code == 1


def test_all_rules_take_less_than_a_second_on_the_shipped_ontology():
    store, _ = graphs.shipped()
    times = []
    for _ in range(3):
        start = time.perf_counter()
        for rule in RULES.values():
            quality.findings_of(rule, store)
        times.append(time.perf_counter() - start)
    assert min(times) < 1


def test_an_ontology_of_others_is_read_with_its_own_prefixes_and_the_waivers_of_none():
    path = pytest.importorskip("pyshacl").__path__[0] + "/assets/schema.ttl"
    if not os.path.isfile(path):
        pytest.skip("this pyshacl carries no schema.org")
    found = quality.report(path)
    names = {one.rule.name for one in found.findings}
    assert {"missing_ontology_title", "P41", "equivalent_pair"} <= names
    assert found.waived == ()
    assert found.exit_code == 1
    assert "\nschema:" in quality_told.write(found)


# Waivers


def test_a_waiver_covers_by_iri_by_curie_by_beginning_and_by_value(tmp_path, faulty):
    for subject in ("https://example.org/a", "<https://example.org/a>", "ex:a", "ex:*", "*", "https://example.org/*"):
        path = waivers(tmp_path, f"label_formatting\t{subject}\t\tIt is so.")
        found = of_three(faulty, waivers=path)
        assert [one.rule.name for one, _ in found.waived] == ["label_formatting"]
        assert found.unused == ()
        assert found.exit_code == 0
    for value, times in ((r"heart\nattack", 1), ("heart", 0), ("", 1)):
        found = of_three(faulty, waivers=waivers(tmp_path, f"label_formatting\tex:a\t{value}\tIt is so."))
        assert len(found.waived) == times
    for value, times in (("ex:q", 1), ("https://example.org/q", 1), ("ex:r", 0)):
        found = of_three(faulty, waivers=waivers(tmp_path, f"P33\tex:p\t{value}\tIt is so."))
        assert len(found.waived) == times


def test_a_finding_without_a_name_is_waived_by_a_star_alone(tmp_path):
    path = tmp_path / "nameless.ttl"
    path.write_text("[] a <http://www.w3.org/2002/07/owl#Ontology> .")
    for subject, times in (("*", 1), ("https://*", 0)):
        given = waivers(tmp_path, f"P39\t{subject}\t\tIt is so.")
        assert len(quality.report(path, rules=["P39"], waivers=given).waived) == times


def test_a_waiver_that_covers_nothing_is_an_error_and_is_named(tmp_path, faulty, run):
    path = waivers(tmp_path, "", "# a note", "P33\tex:other\t\tIt was so.")
    code, out, _ = run(faulty, "--rule", "P33", "--waivers", path)
    assert code == 1
    assert f"{path}:4: the waiver 'P33 ex:other' covers nothing; take it out" in out
    code, out, err = run(faulty, "--rule", "P33", "--waivers", path, "--format", "tsv")
    assert code == 1
    assert "covers nothing" in err
    assert "covers nothing" not in out
    assert run(faulty, "--rule", "P33", "--no-waivers")[0] == 0
    # Of a rule that was not run nothing can be said.
    assert run(faulty, "--rule", "P02", "--waivers", path)[0] == 0
    # A waiver behind one that covers the same is one too many.
    path = waivers(tmp_path, "P33\tex:*\t\tIt is so.", "P33\tex:p\t\tIt is so.")
    assert [one.line for one in of_three(faulty, waivers=path).unused] == [3]


@pytest.mark.parametrize(
    ("lines", "header", "message"),
    [
        (["P33\tex:p\t\t"], None, r":2: the waiver of P33 for ex:p has no reason; say why it is meant to be"),
        (["P33\tex:p\t\t  "], None, r":2: the waiver of P33 for ex:p has no reason"),
        (["P33\tex:p\tno reason"], None, r":2: has 3 columns, not 4"),
        (["P3\tex:p\t\tSo."], None, r":2: no rule 'P3': did you mean "),
        (["P33\tunknown:p\t\tSo."], None, r":2: the subject 'unknown:p' is no IRI, no known CURIE and no \*"),
        (["P33\t\t\tSo."], None, r":2: the subject '' is no IRI"),
        (["", "P33\tex:p\t\tSo.", "P33\tex:p\t\tSo too."], None, r":4: waives what line 3 does"),
        ([], "rule,subject,value,reason", r":1: begins with no header"),
        ([], "# only a note", r":1: begins with no header"),
    ],
)
def test_waivers_that_cannot_be_followed_are_told_with_their_line(tmp_path, faulty, lines, header, message):
    path = waivers(tmp_path, *lines, **({"header": header} if header else {}))
    with pytest.raises(quality.BadWaiver, match=re.escape(str(path)) + message) as problem:
        of_three(faulty, waivers=path)
    assert problem.value.exit_code == 2
    assert "\n" not in str(problem.value)


def test_waivers_that_cannot_be_read_are_told(tmp_path, faulty):
    with pytest.raises(UnreadableFile, match="no such file"):
        of_three(faulty, waivers=tmp_path / "none.tsv")
    path = tmp_path / "latin.tsv"
    path.write_bytes(b"rule\tsubject\tvalue\treason\n\xe4")
    with pytest.raises(quality.BadWaiver, match="is not UTF-8"):
        of_three(faulty, waivers=path)


def test_files_of_windows_are_waivers_too(tmp_path, faulty):
    path = tmp_path / "windows.tsv"
    path.write_bytes(b"\xef\xbb\xbfrule\tsubject\tvalue\treason\r\nP33\tex:p\t\tIt is so.\r\n")
    assert len(of_three(faulty, waivers=path).waived) == 1


# The command


def test_the_exit_code_goes_by_the_level_to_fail_on(faulty, tmp_path, run):
    gravest = [["--rule", one] for one in THREE]
    codes = {level: [run(faulty, *rule, "--fail-on", level)[0] for rule in gravest] for level in quality.FAIL_ON}
    assert codes == {"error": [1, 0, 0], "warn": [1, 1, 0], "info": [1, 1, 1], "none": [0, 0, 0]}
    assert run(faulty, "--rule", "P33")[0] == 0
    assert run("--fail-on", "warn")[0] == 0


def test_what_cannot_be_carried_out_is_one_line(faulty, tmp_path, run):
    with pytest.raises(UnknownName, match=r"no rule 'missing_lable': did you mean 'missing_label'") as problem:
        run(faulty, "--rule", "missing_lable")
    assert problem.value.exit_code == 2
    with pytest.raises(UnreadableFile):
        run(tmp_path / "none.ttl")
    with pytest.raises(LemsError, match="exclude each other"):
        run(faulty, "--no-waivers", "--waivers", "x.tsv")


def test_a_family_can_be_run_alone(faulty, run):
    found = quality.report(faulty, rules=["foops", "P33"])
    assert {one.family for one in found.rules} == {"foops", "oops"}
    assert len(found.rules) == sum(one.family == "foops" for one in RULES.values()) + 1


def test_the_table_is_grouped_by_rule_and_fits_the_terminal(faulty, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    code, out, _ = run(faulty, *(word for one in THREE for word in ("--rule", one)))
    assert code == 1
    assert re.findall(r"^(ERROR|WARN|INFO)  (\w+) of", out, re.MULTILINE) == [
        ("ERROR", "label_formatting"), ("WARN", "annotation_whitespace"), ("INFO", "P33"),
    ]  # fmt: skip
    assert out.endswith(": 1 error, 1 warning, 1 info by 3 rules\n")
    assert r"heart\nattack" in out
    code, out, _ = run("--no-waivers", "--rule", "robot", "--rule", "P11", "--fail-on", "warn")
    assert code == 1
    assert max(map(len, out.split("\n"))) <= 80
    assert re.search(r"\.\.\. and \d+ more; --format tsv writes all", out)


def test_the_tsv_has_the_columns_of_robot(faulty, run):
    code, out, _ = run(faulty, *(word for one in THREE for word in ("--rule", one)), "--format", "tsv")
    assert code == 1
    rows = [line.split("\t") for line in out.split("\n")[:-1]]
    assert rows == [
        ["Level", "Rule Name", "Subject", "Property", "Value"],
        ["ERROR", "label_formatting", "ex:a", "rdfs:label", r"heart\nattack"],
        ["WARN", "annotation_whitespace", "ex:a", "rdfs:comment", "A note of some length. "],
        ["INFO", "P33", "ex:p", "owl:propertyChainAxiom", "ex:q"],
    ]


def test_the_json_says_all_of_it(faulty, tmp_path, run):
    path = waivers(tmp_path, "P33\tex:p\t\tIt is so.", "P33\tex:x\t\tIt was so.")
    code, out, _ = run(
        faulty, *(word for one in THREE for word in ("--rule", one)), "--format", "json", "--waivers", path
    )
    made = json.loads(out)
    assert made["exitCode"] == code == 1
    assert made["files"] == [str(faulty)]
    assert made["counts"] == {"ERROR": 1, "WARN": 1, "INFO": 0}
    assert [one["name"] for one in made["rules"]] == list(THREE)
    assert made["findings"][0] == {
        "level": "ERROR", "rule": "label_formatting", "subject": "https://example.org/a",
        "property": "http://www.w3.org/2000/01/rdf-schema#label", "value": "heart\nattack",
    }  # fmt: skip
    assert [(one["rule"], one["reason"]) for one in made["waived"]] == [("P33", "It is so.")]
    assert [(one["subject"], one["line"]) for one in made["unusedWaivers"]] == [("https://example.org/x", 3)]


def test_the_markdown_has_a_table_for_each_rule_and_the_reasons(faulty, tmp_path, run):
    path = waivers(tmp_path, "P33\tex:p\t\tIt is so.")
    _, out, _ = run(
        faulty, *(word for one in THREE for word in ("--rule", one)), "--format", "markdown", "--waivers", path
    )
    assert re.findall(r"^## (.*)", out, re.MULTILINE) == [
        "ERROR label_formatting", "WARN annotation_whitespace", "Waived",
    ]  # fmt: skip
    assert "| P33 | ex:p |  | 1 | It is so. |" in out


def test_the_output_is_written_whole_in_the_form_of_its_name(faulty, tmp_path, run):
    for ending, begin in ((".tsv", "Level\t"), (".json", "{"), (".md", "# Report"), (".out", "ERROR")):
        path = tmp_path / f"report{ending}"
        path.write_text("what was there before")
        code, out, _ = run(faulty, "--output", path)
        assert code == 1
        assert path.read_text().startswith(begin)
        assert out.startswith(f"{faulty}: ")
        assert out.count("\n") == 1
    run(faulty, "--output", tmp_path / "report.tsv", "--format", "json")
    assert json.loads((tmp_path / "report.tsv").read_text())
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_link_stays_a_link(faulty, tmp_path, run):
    (tmp_path / "target.tsv").write_text("old")
    (tmp_path / "link.tsv").symlink_to(tmp_path / "target.tsv")
    run(faulty, "--output", tmp_path / "link.tsv")
    assert (tmp_path / "link.tsv").is_symlink()
    assert (tmp_path / "target.tsv").read_text().startswith("Level")


def test_an_output_that_cannot_be_written_leaves_all_as_it_was(faulty, tmp_path, run, monkeypatch):
    for path, message in (
        (tmp_path, "is a folder"), (tmp_path / "none" / "x.tsv", "no such file or directory"), (faulty, "is read"),
    ):  # fmt: skip
        with pytest.raises(LemsError, match=message):
            run(faulty, "--output", path)
    assert faulty.read_text() == FAULTY
    kept = tmp_path / "kept.tsv"
    kept.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(LemsError, match="no space left"):
        run(faulty, "--output", kept)
    assert kept.read_text() == "old"
    assert not list(tmp_path.glob(".*.tmp"))


def test_nothing_in_a_report_commands_the_terminal(tmp_path, run):
    path = tmp_path / "attack.ttl"
    path.write_text('<https://example.org/a> <http://www.w3.org/2000/01/rdf-schema#label> "\\u001b[31mred\\u009b " .')
    for form in ("table", "tsv", "markdown"):
        out = run(path, "--rule", "label_whitespace", "--format", form)[1]
        assert "red" in out
        assert all(letter.isprintable() or letter in "\n\t" for letter in out)


def test_imports_are_named_and_not_fetched(tmp_path, run):
    path = tmp_path / "importing.ttl"
    path.write_text("<https://example.org/o> <http://www.w3.org/2002/07/owl#imports> <https://example.org/other> .")
    assert "imports https://example.org/other, which was not fetched" in run(path)[2]


# The page


def test_the_page_of_the_rules_is_up_to_date(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    sys.modules.pop("report_page", None)
    import report_page

    page = report_page.report_page()
    assert (ROOT / "docs" / "report.md").read_text(encoding="utf-8") == page
    for name in RULES:
        assert f"[`{name}`](" in page
    for name in ("CN1", "DOC1", "FIND2", "FIND3", "FIND_3_BIS", "OM4.2", "RDF1", "URI1", "URI2", "VER2", "P37", "P40"):
        assert f"`{name}`" in page
        assert name not in RULES


def test_the_numbers_of_pitfalls_are_all_there_or_said_to_be_left_out():
    page = Path(ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    assert {f"P{number:02}" for number in range(1, 42)} == set(re.findall(r"`(P\d\d)`", page))
