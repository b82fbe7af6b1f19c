"""Answers as people and programs get them: forms, types, the source around a span, terminal and completion."""

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib

import lems_onto
from lems_onto import asking, catalog, tables, terminal

QUESTIONS = [name for name, query in lems_onto.queries().items() if not query.is_check]


@pytest.mark.parametrize("form", ["json", "xml", "tsv"])
@pytest.mark.parametrize("name", [name for name in QUESTIONS if name != "direct-edges"])
def test_a_form_for_programs_holds_every_term(name, form):
    answer = lems_onto.ask(name)
    result = rdflib.query.Result.parse(io.BytesIO(tables.render(answer, form).encode()), format=form)
    assert [tuple(row.get(name) for name in result.vars) for row in result.bindings] == [
        tuple(row.values()) for row in answer.rows
    ]


@pytest.mark.parametrize("name", QUESTIONS)
def test_csv_holds_every_value(name):
    answer = lems_onto.ask(name)
    header, *rows = csv.reader(io.StringIO(tables.render(answer, "csv")))
    assert tuple(header) == answer.columns
    assert rows == [["" if term is None else term.value for term in row] for row in answer.solutions]


@pytest.mark.parametrize("form", ["nt", "ttl"])
def test_triples_come_as_triples_and_rows_do_not(form):
    answer = lems_onto.ask("direct-edges")
    graph = rdflib.Graph().parse(data=tables.render(answer, form), format=form)
    assert len(graph) == len(answer) > 50
    with pytest.raises(lems_onto.LemsError, match="gives rows and not triples"):
        tables.render(lems_onto.ask("symptoms"), form)


@pytest.mark.parametrize("name", QUESTIONS)
def test_markdown_and_html_hold_every_row(name):
    answer = lems_onto.ask(name)
    lines = tables.render(answer, "markdown").splitlines()
    assert len(lines) == len(answer) + 2
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(re.findall(r"\|", lines[0]))}
    table = ET.fromstring(tables.render(answer, "html"))
    assert len(table.findall("tbody/tr")) == len(answer)
    assert answer._repr_html_() == tables.render(answer, "html")


def test_yes_and_no_have_forms_too():
    yes = lems_onto.sparql("ASK { ?s a owl:Class }")
    assert (bool(yes), tables.render(yes), json.loads(tables.render(yes, "json"))["boolean"]) == (True, "yes\n", True)
    assert "<boolean>true</boolean>" in tables.render(yes, "xml")
    with pytest.raises(lems_onto.LemsError, match="there is no CSV; ask for json or xml"):
        tables.render(yes, "csv")


def odd():
    """An answer with all that a label may hold."""
    graph = rdflib.Graph()
    for at, text in enumerate(
        ("<script>|x|</script>", "\x1b[31mred", "日本語 テキスト", "é" * 3, "a\nb\r\n c\t", "e\u0301", "")
    ):
        graph.add((rdflib.URIRef(f"urn:x:{at}"), rdflib.RDFS.label, rdflib.Literal(text)))
    return lems_onto.sparql("SELECT ?s ?text WHERE { ?s rdfs:label ?text } ORDER BY ?s", graph=graph)


def test_what_labels_hold_never_breaks_a_table_or_commands_a_terminal():
    answer = odd()
    for form in ("table", "markdown", "html"):
        text = tables.render(answer, form)
        assert "\x1b" not in text
        assert r"\x1b[31mred" in text
    assert "<script>" not in tables.render(answer, "html")
    assert all(len(re.findall(r"(?<!\\)\|", line)) == 3 for line in tables.render(answer, "markdown").splitlines())
    lines = tables.render(answer).splitlines()
    assert any(line.startswith("urn:x:2  日本語 テキスト") for line in lines)


def test_values_are_numbers_dates_and_curies():
    (row,) = lems_onto.ask("treatment-priorities", {"treatment": "cancer treatment"}).values
    assert (row["rank"], row["treatment"]) == (1, "lems:TreatmentOfUnderlyingCancer")
    typed = lems_onto.sparql(
        "SELECT ?a ?b ?c ?d WHERE { VALUES (?a ?b ?c ?d) { (1.5 true '2016-12-31'^^xsd:date UNDEF) } }"
    )
    import datetime
    import decimal

    assert list(typed.values[0].values()) == [decimal.Decimal("1.5"), True, datetime.date(2016, 12, 31), None]
    assert [list(row.values())[1] for row in typed] == [rdflib.Literal(True)]


def test_pandas_gets_typed_columns():
    pandas = pytest.importorskip("pandas")
    frame = lems_onto.ask("treatment-priorities").to_pandas()
    assert list(frame.columns) == list(lems_onto.query("treatment-priorities").columns)
    assert pandas.api.types.is_integer_dtype(frame["rank"])
    assert len(lems_onto.ask("symptoms", {"symptom": "double vision"}).to_pandas()) == 1


def test_without_pandas_the_mend_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(lems_onto.LemsError, match=r"pip install 'lems-onto\[pandas\]'"):
        lems_onto.ask("symptoms").to_pandas()


def test_the_words_around_a_span_come_from_the_copy_of_the_reader(command, source_text, tmp_path):
    done = command("ask", "symptoms", "--where", "symptom=gagging", "--with-source", source_text, "--format", "json")
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["results"]["bindings"]
    words = row["spanInText"]["value"]
    text = " ".join(source_text.read_text().split())
    before, span, after = re.fullmatch(r"…?(.*)«(.*)»(.*?)…?", words).groups()
    assert span == row["words"]["value"]
    assert before + span + after in text
    assert len(before) <= 41
    assert len(after) <= 41
    wrong = tmp_path / "wrong.txt"
    wrong.write_text(source_text.read_text().replace("gagging", "gaggles"))
    for path, part in ((wrong, "characters 948 to 955 differ from the source"), (tmp_path / "none.txt", "none.txt")):
        done = command("ask", "symptoms", "--with-source", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert part in done.stderr
    done = command("ask", "names", "--with-source", source_text)
    assert (done.returncode, done.stdout) == (2, "")
    assert "gives no span" in done.stderr


@pytest.mark.parametrize("name", lems_onto.queries())
def test_what_show_prints_runs_in_another_engine_and_describes_each_column(name, command, graph):
    done = command("show", name)
    query = catalog.query(name)
    head = done.stdout.removesuffix(query.text)
    assert all(line.startswith("#") for line in head.splitlines())
    for column in query.columns:
        assert re.search(rf"^#   {column} ", head, re.MULTILINE), column
    rdflib.plugins.sparql.prepareQuery(done.stdout)


def test_all_questions_are_asked_at_once_and_a_check_that_fires_counts(command):
    done = command("ask", "--all", "--no-pager")
    assert done.returncode == 0, done.stderr
    assert all(f"\n{name}: " in "\n" + done.stdout for name in lems_onto.queries())
    for arguments in (["ask"], ["ask", "symptoms", "--all"], ["ask", "symptoms", "--compare", "--where", "words=x"]):
        assert command(*arguments).returncode == 2


def on_a_terminal(arguments, lines=24, **environment):
    """What a person sees of a command: its output on a pseudo-terminal."""
    import fcntl
    import struct
    import termios

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 80, 0, 0))
    settings = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "PAGER", "LESS")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "lems_onto", *arguments], stdin=slave, stdout=slave, stderr=slave,
        env={**settings, "TERM": "xterm", **environment}, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    seen = b""
    while True:
        try:
            part = os.read(master, 65_536)
        except OSError:
            break
        if not part:
            break
        seen += part
    process.wait(timeout=30)
    os.close(master)
    return seen.decode().replace("\r\n", "\n")


def test_color_is_for_terminals_that_want_it(command):
    arguments = ["ask", "symptoms", "--where", "symptom=double vision"]
    plain = command(*arguments).stdout
    seen = on_a_terminal(arguments)
    assert "\x1b[1m" in seen
    assert re.sub(r"\x1b\[\d*m", "", seen) == plain
    assert on_a_terminal(arguments, NO_COLOR="1") == plain
    assert on_a_terminal(arguments, TERM="dumb") == plain


def test_a_long_answer_goes_through_the_pager_on_a_terminal_alone(tmp_path):
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\nsed 's/^/paged: /'\n")
    pager.chmod(0o755)
    long = ["ask", "overview"]
    assert on_a_terminal(long, PAGER=str(pager)).count("paged: ") > 50
    assert "paged: " not in on_a_terminal([*long, "--no-pager"], PAGER=str(pager))
    assert "paged: " not in on_a_terminal(["ask", "definition"], lines=60, PAGER=str(pager))
    assert "LEMS is" in on_a_terminal(long, PAGER="/no/such/pager")
    assert "LEMS is" in on_a_terminal(long, PAGER="cat")


def test_the_width_is_that_of_the_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert terminal.width() == 120
    monkeypatch.setenv("COLUMNS", "wide")
    assert terminal.width() == 80


COMPLETED = {
    "lems-onto as": {"ask"},
    "lems-onto ask sympt": {"symptoms", "symptom-groups", "symptom-headings", "symptom-qualifiers"},
    "lems-onto show treatment-pr": {"treatment-priorities"},
    "lems-onto ask symptoms --where sym": {"symptom=", "symptomLabel="},
    "lems-onto ask symptoms --where hedge=": {"may include"},
    "lems-onto ask symptoms --where symptom=HP:00006": {"0000622", "0000651"},
    "lems-onto ask treatment-priorities --where rank=": {"1"},
    "lems-onto ask symptoms --format ma": {"markdown"},
    "lems-onto ask nonsense --where x": set(),
}  # fmt: skip


@pytest.mark.parametrize("line", COMPLETED)
def test_bash_completes_names_columns_and_values(line, tmp_path):
    """As the script calls it in bash: with the line so far, and the words broken at = and :."""
    path = tmp_path / "found"
    environment = {
        **os.environ, "_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "COMP_TYPE": "9",
        "_ARGCOMPLETE_COMP_WORDBREAKS": " \t\n\"'><=;|&(:", "_ARGCOMPLETE_IFS": "\v",
        "_ARGCOMPLETE_STDOUT_FILENAME": str(path),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "lems_onto"], capture_output=True, text=True, check=False, env=environment
    )
    assert (done.stdout, done.stderr) == ("", "")
    found = {word.replace("\\", "").strip() for word in path.read_text().split("\v") if word}
    assert found >= COMPLETED[line], found
    assert found or not COMPLETED[line]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_a_completion_script_is_printed(shell, command):
    done = command("completion", shell)
    assert done.returncode == 0
    assert "lems-onto" in done.stdout


def test_threads_may_ask_at_once():
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        counts = list(pool.map(lambda name: len(lems_onto.ask(name)), QUESTIONS * 4))
    assert counts == [len(lems_onto.ask(name)) for name in QUESTIONS] * 4


def test_an_answer_says_who_gave_it():
    assert lems_onto.ask("symptoms").engine == "pyoxigraph"
    assert lems_onto.ask("names", {"name": "dry mouth"}, engine="rdflib").engine == "rdflib"
    assert (
        repr(lems_onto.ask("names", {"name": "dry mouth"})) == "<Answer to names: 1 solutions of term, termLabel, name>"
    )
    assert asking.Answer(catalog.query("names"), "SELECT", ("term",), [(ox.NamedNode("urn:x"),)], {}).rows[0]
    with pytest.raises(lems_onto.UnknownName, match="no engine 'oxigrap': did you mean 'pyoxigraph'"):
        lems_onto.ask("names", engine="oxigrap")
