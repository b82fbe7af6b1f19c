"""The sheets of the checks hold what the shipped graph says, each statement once."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import keep_sheets

SHEETS = sorted(path for path in keep_sheets.CHECKS.glob("*.rq") if keep_sheets.SHEET.search(path.read_text("utf-8")))


def test_claims_spans_and_terms_have_a_sheet():
    assert [path.stem for path in SHEETS] == ["claims-misread", "spans-misread", "terms-misplaced"]


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_has_a_row_for_each_node_and_a_line_for_each_statement(path):
    """Where it fails: read what has changed, and write the sheets with `python tests/queries/keep_sheets.py`."""
    text, triples = path.read_text(encoding="utf-8"), keep_sheets.shipped()
    assert keep_sheets.sheet(path.stem, text, triples) == text
    assert text.count("(<") == len(keep_sheets.subjects(path.stem, triples)) > 80
