"""What follows for the cases of patients: each example gets its verdict, what is told to settle or mend does so."""

import csv
import json
import os
import re
import sys
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF

from lems_onto import casefile, classified_told, classifying, errors, misusing
from lems_onto.reasoning import owlapi
from lems_onto.validation import inputs

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "docs"))
import case_pages  # noqa: E402

CASES = ROOT / "docs" / "examples" / "cases"
FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*.ttl"))}
EX = "https://example.org/case/"
LEMS = "https://w3id.org/lems-onto/"
HEAD = (
    f"@prefix ex: <{EX}> . @prefix lems: <{LEMS}> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    "@prefix MONDO: <http://purl.obolibrary.org/obo/MONDO_> . "
    "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
)
A_CASE = "a owl:NamedIndividual , lems:LambertEatonMyasthenicSyndrome"


def rows():
    with open(CASES / "expected.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def classify(**texts):
    """What follows for texts of Turtle, by the names of their files without the ending, read as one graph."""
    contents = {f"{name}.ttl": text.encode() for name, text in texts.items()}
    return classifying.classify(*contents, contents=contents)


def short(iri):
    return iri.replace(EX, "ex:").replace(LEMS, "lems:").replace("http://purl.obolibrary.org/obo/MONDO_", "MONDO:")


def verdicts(found):
    return {short(case.individual): case.verdict for case in found.cases}


@pytest.fixture(scope="module")
def told():
    """What is said of each example, by its name."""
    return case_pages.told()


def test_every_example_has_an_expected_verdict_and_every_verdict_an_example():
    table = rows()
    assert {row["file"] for row in table} == set(FILES)
    assert len(FILES) >= 20
    assert {row["verdict"] for row in table} == set(classifying.VERDICTS)
    assert [(row["file"], row["individual"]) for row in table] == sorted(
        {(row["file"], row["individual"]) for row in table}
    )


def test_every_example_gets_its_verdict(told):
    got = [
        {
            "file": name,
            "individual": short(case.individual),
            "verdict": case.verdict,
            "class": " ".join(map(short, case.between or case.classes)),
        }
        for name, found in told.items()
        for case in found.cases
    ]
    assert sorted(got, key=lambda row: (row["file"], row["individual"])) == rows()


def test_every_kind_of_misuse_but_one_has_an_example(told):
    kinds = {mistake.kind for found in told.values() for mistake in found.mistakes}
    named = set(re.findall(r"`([a-z-]+)`", misusing.Misuse.__doc__))
    # What takes a relation for a class is tried below.
    assert named - kinds == {"wrong-kind"}


@pytest.mark.parametrize("name", FILES)
def test_an_example_is_a_record_of_a_patient_that_does_not_exist(name):
    text = FILES[name]
    assert text.startswith("# ")
    assert text.endswith("    .\n")
    assert f"@prefix ex: <{EX}> .\n" in text
    graph = rdflib.Graph().parse(data=text)
    own = {node for node in graph.all_nodes() if str(node).startswith(EX)}
    assert own
    for node in own:
        assert (node, RDF.type, OWL.NamedIndividual) in graph


@pytest.mark.parametrize("name", sorted({row["file"] for row in rows() if row["verdict"] == "misused"}))
def test_a_misuse_is_told_with_its_line(name, told):
    (mistake,) = told[name].mistakes
    assert mistake.place.file == name
    line = FILES[name].split("\n")[mistake.place.line - 1]
    words = {
        "claim-property-on-patient": "lems:predicate", "class-as-patient": "lems:associatedWith",
        "class-as-value": "MONDO:0008433", "class-of-mondo": "MONDO:0018556",
        "misspelt-class": "lems:LambertEatonMyastenicSyndrome", "misspelt-term": "lems:asociatedWith",
        "swapped-ends": "lems:associatedWith", "text-as-value": '"small cell lung cancer"',
    }  # fmt: skip
    assert line[mistake.place.column - 1 :].startswith(words[name[:-4]])
    assert mistake.mend


def test_what_is_told_to_write_mends_a_record():
    mended = {}
    for row in rows():
        if row["verdict"] == "misused":
            name, text = row["file"], FILES[row["file"]]
            data = inputs.load([name], ontology=False, contents={name: text.encode()})
            (wrong,) = misusing.misuses(casefile.CaseFile(data))
            graph = rdflib.Graph().parse(data=text)
            # A claim has several of these words at once.
            for triple in list(graph):
                same = str(triple[0]) == wrong.triple.subject.value and str(triple[1]) == wrong.triple.predicate.value
                if (
                    (same and triple[2] != OWL.NamedIndividual)
                    or "modality" in triple[1]
                    or triple[1].endswith("/object")
                ):
                    graph.remove(triple)
            prefixes = re.sub(r"^(?!@prefix).*\n", "", text, flags=re.MULTILINE)
            mended[name[:-4]] = graph.serialize(format="turtle") + "\n" + prefixes + wrong.mend
    found = classify(**mended)
    assert found.mistakes == ()
    assert set(verdicts(found).values()) == {"classified", "open"}
    assert {name for name, verdict in verdicts(found).items() if verdict == "open"} == {"ex:lems-of-ida"}
    assert len(found.cases) == 8


def test_what_is_told_to_settle_a_case_settles_it(told):
    settled, steps = {}, 0
    for name, found in told.items():
        for case in found.cases:
            for number, step in enumerate(case.settle):
                # A patient of its own for each statement.
                text = FILES[name] + step.statement
                settled[f"{name[:-4]}-{number}"] = text.replace(EX, f"{EX}{number}/")
                steps += 1
    assert steps > 15
    # What is said of a class holds in every file, so that it is asked alone.
    alone = {name: settled.pop(name) for name in list(settled) if "#subClassOf> " in settled[name]}
    assert len(alone) == 1
    for found in (classify(**settled), classify(**alone)):
        for case in found.cases:
            if "paula" in case.individual:
                assert LEMS + "LambertEatonMyasthenicSyndrome" in case.classes
            else:
                assert case.verdict == "classified", case.individual


def test_a_contradiction_is_told_with_the_statements_that_clash_and_why(told):
    (case,) = told["cancer-excluded-and-tumor.ttl"].cases
    assert [(step.place.line, step.statement) for step in case.clash] == [
        (10, "ex:lems-of-dora a lems:NonCancerAssociatedLems ."),
        (11, "ex:lems-of-dora lems:associatedWith ex:tumor-of-dora ."),
        (16, "ex:tumor-of-dora a MONDO:0008433 ."),
    ]
    assert len(case.because) == 5
    assert any("ex:tumor-of-dora" in words for words in case.because)
    assert case.classes == ()


def test_without_the_extra_a_contradiction_is_told_without_its_explanation(monkeypatch):
    def missing(*_):
        raise owlapi.NoBridge("no JPype")

    monkeypatch.setattr(owlapi, "start", missing)
    (case,) = classify(a=FILES["both-forms.ttl"]).cases
    assert case.verdict == "inconsistent"
    assert case.because == ()
    assert len(case.clash) == 2


def test_one_contradiction_leaves_other_patients_their_verdicts():
    odd = f"""ex:odd {A_CASE} , ex:A , ex:B . ex:A a owl:Class ; owl:disjointWith ex:B . ex:B a owl:Class .
        ex:torn {A_CASE} , lems:NonCancerAssociatedLems ; lems:associatedWith [ a MONDO:0004992 ] .
        ex:open {A_CASE} ."""
    found = classify(odd=HEAD + odd, tumor=FILES["small-cell-lung-cancer.ttl"])
    assert verdicts(found) == {
        "ex:odd": "inconsistent", "ex:torn": "inconsistent", "ex:open": "open", "ex:lems-of-anna": "classified",
    }  # fmt: skip
    assert found.exit_code == 1


def test_a_case_is_found_by_what_follows_and_a_thing_beside_it_is_none():
    text = """ex:OwnForm a owl:Class ; rdfs:subClassOf lems:CancerAssociatedLems .
        ex:one a ex:OwnForm . ex:two a owl:NamedIndividual , [ a owl:Class ; owl:intersectionOf
            ( lems:LambertEatonMyasthenicSyndrome [ a owl:Restriction ; owl:onProperty lems:associatedWith ;
            owl:someValuesFrom MONDO:0008433 ] ) ] .
        ex:beside a MONDO:0007179 . ex:three a lems:LambertEatonMyasthenicSyndrome ; lems:associatedWith ex:beside .
        [] a lems:LambertEatonMyasthenicSyndrome ; lems:associatedWith [ a MONDO:0008433 ] ."""
    found = classify(a=HEAD + text)
    named = {name: verdict for name, verdict in verdicts(found).items() if not name.startswith("_:")}
    assert named == {"ex:one": "classified", "ex:two": "classified", "ex:three": "open"}
    (nameless,) = [case for case in found.cases if case.individual.startswith("_:")]
    assert nameless.verdict == "classified"
    assert [case.classes for case in found.cases if case.individual == EX + "one"] == [(EX + "OwnForm",)]
    assert found.exit_code == 0


def test_relations_for_classes_and_classes_for_relations_are_misuses():
    text = f"""ex:one {A_CASE} , lems:associatedWith . ex:two {A_CASE} ; lems:CancerAssociatedLems ex:t .
        ex:three {A_CASE} ; lems:hasForm lems:CancerAssociatedLems . ex:four {A_CASE} ; lems:asserted2 ex:t .
        ex:five {A_CASE} ; lems:associatedWith MONDO:0005138 . ex:six a lems:CancerAssociatedLEMS .
        ex:t a MONDO:0008433 . ex:seven {A_CASE} ; lems:qqqqqqq ex:t ."""
    found = classify(a=HEAD + text)
    kinds = {short(case.individual): [one.kind for one in case.misuses] for case in found.cases}
    assert kinds == {
        "ex:one": ["wrong-kind"], "ex:two": ["wrong-kind"], "ex:three": ["class-as-value"],
        "ex:four": ["unknown-term"], "ex:five": ["class-as-value"], "ex:six": ["unknown-term"],
        "ex:seven": ["unknown-term"],
    }  # fmt: skip
    mends = {short(case.individual): case.misuses[0].mend for case in found.cases}
    assert mends["ex:three"] == "ex:three a lems:CancerAssociatedLems ."
    assert mends["ex:six"] == "ex:six a lems:CancerAssociatedLems ."
    assert mends["ex:seven"] is None
    assert set(verdicts(found).values()) == {"misused"}


def test_claims_of_ones_own_and_other_vocabularies_are_no_misuse():
    text = f"""@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix HP: <http://purl.obolibrary.org/obo/HP_> .
        @prefix claim: <{LEMS}claim/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        ex:one {A_CASE} ; rdfs:label "one" ; rdfs:seeAlso claim:dry-mouth ; foaf:name "Anna" .
        ex:one ex:since "2026"^^xsd:gYear .
        ex:claim a lems:PhenotypeClaim ; lems:subject lems:LambertEatonMyasthenicSyndrome ;
            lems:predicate lems:mayHaveFeature ; lems:object HP:0000217 ; lems:modality lems:possible ."""
    found = classify(a=HEAD + text)
    assert found.mistakes == ()
    assert verdicts(found) == {"ex:one": "open"}


def test_a_relation_or_a_namespace_that_is_nearly_ours_is_told():
    text = f"""@prefix near: <http://w3id.org/lems-onto/> . ex:one {A_CASE} ; near:associatedWith ex:t .
        ex:two {A_CASE} ; lems:associatedWiht ex:t . ex:t a MONDO:0008433 ."""
    found = classify(a=HEAD + text)
    assert len(found.mistakes) == 2
    for mistake in found.mistakes:
        assert "did you mean 'lems:associatedWith'?" in mistake.message


def test_more_patients_than_a_reasoner_takes_at_once_get_the_same_verdicts(monkeypatch):
    from lems_onto import caseworld

    text = HEAD + "".join(
        f"ex:l{n} {A_CASE} . " + f"ex:l{n} lems:associatedWith ex:t{n} . ex:t{n} a MONDO:0008433 .\n" * (n % 2)
        for n in range(7)
    )
    whole = classify(a=text)
    monkeypatch.setattr(caseworld, "MOST_GROUPS", 3)
    assert classify(a=text) == whole
    assert sorted(verdicts(whole).values()) == ["classified"] * 3 + ["open"] * 4


# The command.


def test_the_command_tells_each_verdict_and_ends_with_its_code(command, told):
    for name, code in (
        ("small-cell-lung-cancer.ttl", 0),
        ("suspected-tumor.ttl", 0),
        ("both-forms.ttl", 1),
        ("misspelt-term.ttl", 1),
    ):
        done = command("classify", name, cwd=CASES)
        assert done.returncode == code == told[name].exit_code, done.stderr
        assert done.stdout == classified_told.write(told[name])
        assert done.stderr == ""


def test_all_examples_are_told_at_once_and_as_json(command):
    done = command("classify", CASES, "--format", "json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert found["exitCode"] == 1
    assert found["counts"] == {"classified": 4, "open": 7, "inconsistent": 2, "misused": 8}
    assert len(found["cases"]) == len(rows())
    assert [file.rpartition("/")[2] for file in found["files"]] == list(FILES)
    (finn,) = [case for case in found["cases"] if case["individual"] == EX + "lems-of-finn"]
    assert finn["misuses"][0]["mend"] == "ex:lems-of-finn lems:associatedWith [ a MONDO:0008433 ] ."
    assert finn["misuses"][0]["place"]["line"] == 11
    assert found["mistakes"]


def test_standard_input_and_other_syntaxes_are_read(command, tmp_path):
    graph = rdflib.Graph().parse(data=FILES["small-cell-lung-cancer.ttl"])
    path = tmp_path / "case.rdf"
    graph.serialize(path, format="xml")
    done = command("classify", path)
    assert done.returncode == 0
    assert f"{path}: {EX}lems-of-anna: classified" in done.stdout
    done = command("classify", "-", input=FILES["small-cell-lung-cancer.ttl"])
    assert done.returncode == 0
    assert "<stdin>:8:1: ex:lems-of-anna: classified" in done.stdout


def test_a_file_without_a_case_ends_with_four(command, tmp_path):
    path = tmp_path / "tumor.ttl"
    path.write_text(HEAD + "ex:tumor a owl:NamedIndividual , MONDO:0008433 .")
    done = command("classify", path)
    assert done.returncode == 4
    assert done.stdout.startswith("no case: ")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("ex:a a", "not Turtle"),
        (HEAD, "holds no triple"),
        (HEAD + f"ex:a {A_CASE} , [ a owl:Class ; owl:unionOf _:l ] . _:l <{RDF.first}> ex:B ; <{RDF.rest}> _:l .",
         "contains itself"),
        (HEAD + f"ex:a {A_CASE} . <urn:o> a owl:Ontology ; "
         "<http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module> 'os' .",
         "import the Python module 'os'"),
        (HEAD + f"ex:a {A_CASE} , [ a owl:Restriction ; owl:onProperty lems:associatedWith ] .", "restriction"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_line_and_two(content, message, command, tmp_path):
    path = tmp_path / "case.ttl"
    path.write_text(content)
    done = command("classify", path)
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: .+\n", done.stderr)
    assert message in done.stderr
    assert done.stdout == ""


def test_a_missing_file_or_java_is_one_line_and_two(command):
    done = command("classify", "absent.ttl")
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: absent\.ttl: .+\n", done.stderr)
    done = command("classify", CASES / "both-forms.ttl", env={"LEMS_ONTO_JAVA": "/absent"})
    assert done.returncode == 2
    assert re.fullmatch(r"lems-onto: LEMS_ONTO_JAVA names /absent.+\n", done.stderr)


def test_what_is_imported_is_named_and_not_fetched(command, tmp_path):
    path = tmp_path / "case.ttl"
    path.write_text(f"{HEAD}<urn:o> a owl:Ontology ; owl:imports <https://example.org/no> . ex:a {A_CASE} .")
    done = command("classify", path)
    assert done.returncode == 0
    assert "imports https://example.org/no, which was not fetched" in done.stderr


def test_what_could_command_a_terminal_is_escaped():
    text = f'{HEAD}ex:a {A_CASE} ; <{LEMS}\\u200b\\u202eevil> "x" .'
    assert "\u202e" not in classified_told.write(classify(a=text))


def test_an_answer_is_no_wider_than_the_terminal_but_for_statements(told):
    for name, found in told.items():
        for line in classified_told.write(found, width=60).split("\n"):
            assert len(line) <= 60 or re.search(r" \.( +#.*)?$|: \w+$", line), (name, line)


def test_the_face_of_errors_stays_small():
    assert issubclass(owlapi.NoBridge, errors.LemsError)
    assert os.path.exists(CASES / "expected.tsv")


# The pages.


def test_every_example_has_a_page_that_is_up_to_date(told, monkeypatch):
    monkeypatch.setattr(case_pages, "told", lambda: told)
    made = case_pages.pages()
    pages = {f"cases/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "cases").glob("*.md")}
    assert pages == made, "run: make readme"
    assert set(pages) == {"cases/README.md", *(f"cases/{name[:-4]}.md" for name in FILES)}
    for name, text in FILES.items():
        page = pages[f"cases/{name[:-4]}.md"]
        assert f"```turtle\n{text}```" in page
        for part in ("The record", "What the command says", "Why", "The mend", "Run it"):
            assert f"\n## {part}\n" in page
        assert str(ROOT) not in page


def test_every_link_of_the_pages_leads_somewhere():
    checked = 0
    for path in (ROOT / "docs" / "cases").glob("*.md"):
        text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\((?!https?:)([^)\s#]+)\)", text):
            assert (path.parent / target).resolve().exists(), (path.name, target)
            checked += 1
    assert checked > 50


def test_a_page_that_no_case_has_is_told_and_removed(tmp_path, monkeypatch):
    monkeypatch.setattr(case_pages, "DOCS", tmp_path)
    monkeypatch.setattr(case_pages, "pages", lambda: {"cases/one.md": "one\n"})
    with pytest.raises(SystemExit, match=r"one\.md is not up to date"):
        case_pages.write(check=True)
    case_pages.write()
    case_pages.write(check=True)
    (tmp_path / "cases" / "gone.md").write_text("gone\n")
    with pytest.raises(SystemExit, match=r"gone\.md is the page of no case"):
        case_pages.write(check=True)
    case_pages.write()
    assert [path.name for path in (tmp_path / "cases").iterdir()] == ["one.md"]
