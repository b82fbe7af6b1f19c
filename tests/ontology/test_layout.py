"""The hand of the files that are laid by hand."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TURTLE = [*sorted((ROOT / "ontology").glob("*.ttl")), *sorted((ROOT / "shapes").glob("*.ttl"))]
ORDER = ["a", "rdfs:label", "skos:altLabel", "IAO:0000115", "skos:definition", "skos:editorialNote", "rdfs:subClassOf",
         "owl:disjointUnionOf", "skos:exactMatch", "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch",
         "skos:relatedMatch", "rdfs:isDefinedBy"]  # fmt: skip


@pytest.mark.parametrize("path", TURTLE, ids=lambda path: path.name)
def test_turtle_is_laid_so_that_a_new_line_is_a_one_line_difference(path):
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\t" not in text
    assert "\n\n\n" not in text
    assert not re.search(r"[ \r]$", text, re.MULTILINE)
    for banner in re.findall(r"^#{5,}$", text, re.MULTILINE):
        assert len(banner) == 79


def test_the_predicates_of_a_block_stand_in_one_order():
    text = (ROOT / "ontology" / "lems.ttl").read_text(encoding="utf-8")
    blocks = re.findall(r"^[\w:\\,-]+\n((?:    .*\n)+?)    \.$", text, re.MULTILINE)
    assert len(blocks) > 250
    for block in blocks:
        used = [line.split()[0] for line in re.findall(r"^    (\S.*)$", block, re.MULTILINE)]
        placed = [ORDER.index(predicate) for predicate in used if predicate in ORDER]
        assert placed == sorted(placed), block


def test_terms_stand_in_alphabetical_order_in_their_chapter():
    text = (ROOT / "ontology" / "lems.ttl").read_text(encoding="utf-8")
    chapters = re.split(r"^# \d+  (.*)$", text, flags=re.MULTILINE)[1:]
    assert len(chapters) == 20
    for title, chapter in zip(chapters[::2], chapters[1::2], strict=True):
        for kind in re.split(r"^# \w+ claims$", chapter, flags=re.MULTILINE):
            own = re.findall(
                r"^(?:lems|claim):([\w-]+)\n    a owl:(?:Class|ObjectProperty|NamedIndividual)", kind, re.MULTILINE
            )
            if title != "The language of claims":
                assert own == sorted(own), title
