"""The sheets hold what the shipped graph says, each statement once: a second entry, as in bookkeeping.

They are no checks of the package, since nobody but us can change what is shipped.
"""

import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from lems_onto import catalog, engines, graphs, querytext

sys.path.insert(0, str(Path(__file__).parent))
import keep_sheets

SHEETS = sorted(keep_sheets.SHEETS.glob("*.rq"))


def rows(path, store):
    query = catalog.read(path)
    return engines.Pyoxigraph(store).run(querytext.read(query.text, query.name)).rows


def test_claims_spans_and_terms_have_a_sheet():
    assert [path.stem for path in SHEETS] == ["claims-misread", "spans-misread", "terms-misplaced"]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_has_a_row_for_each_node_and_a_line_for_each_statement(path):
    """Where it fails: read what has changed, and write the sheets with `python tests/ontology/keep_sheets.py`."""
    text, triples = path.read_text(encoding="utf-8"), keep_sheets.shipped()
    assert keep_sheets.sheet(path.stem, text, triples) == text
    assert text.count("(<") == len(keep_sheets.subjects(path.stem, triples)) > 80


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_the_shipped_graph_is_what_the_sheet_says_and_a_slip_shows(path):
    assert rows(path, graphs.shipped()[0]) == []
    store = ox.Store()
    store.bulk_load(path=str(path.with_suffix(".ttl")), format=ox.RdfFormat.TURTLE)
    assert rows(path, store)
