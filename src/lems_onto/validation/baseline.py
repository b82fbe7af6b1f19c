"""Accepts the findings of one day, so that only new ones fail, and tells which of them are gone."""

from __future__ import annotations

import json

from .. import reading
from ..errors import UnreadableFile
from .findings import Baseline

VERSION = 1
_FIELDS = ("fingerprint", "rule", "focus", "path", "value", "message")


def text(report, prefixes=None):
    """The text of a baseline that accepts all results of a `Report`, those included that are accepted already.

    One entry stands on one line, in a stable order, so that two baselines can be compared line by line.
    """
    accepted = report.baseline.accepted if report.baseline else ()
    entries = sorted(
        (
            {
                "fingerprint": result.fingerprint,
                "rule": result.rule,
                "focus": report.named(result.focus_node, prefixes),
                "path": result.path or "",
                "value": report.named(result.value, prefixes),
                "message": result.message,
            }
            for result in (*report.results, *accepted)
        ),
        key=lambda entry: [entry[name] for name in ("rule", "focus", "path", "value", "fingerprint")],
    )
    lines = ",\n".join("    " + json.dumps(entry, ensure_ascii=False) for entry in entries)
    inside = f"\n{lines}\n  " if lines else ""
    return f'{{\n  "lems-onto baseline": {VERSION},\n  "accepted": [{inside}]\n}}\n'


def read(path):
    """The entries of a baseline, a list of dicts.

    Raises:
        UnreadableFile: it is missing, or no baseline.
    """
    content = reading.read_bytes(path)
    try:
        document = json.loads(content)
        entries = document["accepted"]
        version = document["lems-onto baseline"]
        fine = isinstance(entries, list) and all(isinstance(entry["fingerprint"], str) for entry in entries)
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise UnreadableFile(f"{path}: is no baseline; write one with --write-baseline {path}") from problem
    if version != VERSION or not fine:
        raise UnreadableFile(f"{path}: is a baseline of another version; write it anew with --write-baseline {path}")
    return [{name: str(entry.get(name) or "") for name in _FIELDS} for entry in entries]


def applied(path, entries, results):
    """The results that the entries of a baseline do not accept, and a `Baseline` that says what it did."""
    known = {entry["fingerprint"] for entry in entries}
    found = {result.fingerprint for result in results}
    accepted = tuple(result for result in results if result.fingerprint in known)
    stale = tuple(entry for entry in entries if entry["fingerprint"] not in found)
    return tuple(result for result in results if result.fingerprint not in known), Baseline(path, accepted, stale)
