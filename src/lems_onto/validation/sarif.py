"""Writes a report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html).

GitHub refuses a run of more than 25,000 results or 25,000 rules, shows the
5,000 gravest results, and takes 10 MB of gzip at most; nothing is left out
here, so that other readers have it all. It wants a location for every result.
"""

from __future__ import annotations

import os
import re

from ..errors import shorten
from . import as_json, wording

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
HOME = "https://w3id.org/lems-onto"
ROOT = "%SRCROOT%"
# How GitHub names the same thing for its own filters.
_PROBLEMS = {"violation": "error", "warning": "warning", "info": "recommendation"}


def render(report, fail_on="violation", prefixes=None) -> str:
    """The report as the text of a SARIF log with one run."""
    return as_json.dumps(log(report, fail_on, prefixes))


def log(report, fail_on="violation", prefixes=None) -> dict:
    """The report as a SARIF log."""
    from .. import info

    accepted = report.baseline.accepted if report.baseline else ()
    names = dict.fromkeys((*report.rules, *(one.rule for one in (*report.results, *accepted))))
    index = {name: at for at, name in enumerate(names)}
    results = [_result(report, one, index, prefixes, False) for one in report.results]
    results += [_result(report, one, index, prefixes, True) for one in accepted]
    driver = {
        "name": "lems-onto",
        "semanticVersion": info.shipped_info().version,
        "informationUri": HOME,
        "rules": [_rule(wording.rule_of(report, name)) for name in names],
    }
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {ROOT: {"description": _text("The folder in which the paths begin.")}},
                "invocations": [_invocation(report, fail_on, index)],
                "results": results,
                "properties": {
                    "engine": str(report.engine),
                    "focusNodes": {str(shape): count for shape, count in report.focus_nodes.items()},
                    "triples": report.triples,
                },
            }
        ],
    }


def _rule(rule):
    """A rule; GitHub shows the short description as the title of an alert, and wants a text of help."""
    full = rule.description or rule.title or rule.id
    found = {
        "id": rule.id,
        "name": shorten(rule.title or rule.id, 250),
        "shortDescription": _text(shorten(full, 250)),
        "fullDescription": _text(shorten(full, 1000)),
        "help": _text(shorten(" ".join(filter(None, (full, rule.help, rule.source))), 1000)),
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"kind": rule.kind, "tags": [rule.kind], "problem.severity": _PROBLEMS[rule.severity]},
    }
    if rule.help and re.match(r"https?://\S+$", rule.help):
        found["helpUri"] = rule.help
    if rule.source:
        found["properties"]["source"] = rule.source
    return found


def _result(report, result, index, prefixes, accepted):
    told = dict(wording.told(report, result, prefixes))
    location = {"physicalLocation": _physical(report, result.place)}
    if "node" in told:
        location["logicalLocations"] = [{"name": told["node"], "fullyQualifiedName": report.named(result.focus_node)}]
        location["logicalLocations"][0]["kind"] = "resource"
    # All that an alert of GitHub shows.
    message = "\n".join([result.message or result.rule, *(f"{word}: {text}" for word, text in told.items())])
    found = {
        "ruleId": result.rule,
        "ruleIndex": index[result.rule],
        "level": LEVELS[result.severity],
        "message": _text(message),
        "locations": [location],
        "partialFingerprints": {"lemsOnto/v1": result.fingerprint},
    }
    extra = {"component": result.component, "path": result.path, "value": told.get("value")}
    extra = {name: value for name, value in extra.items() if value}
    if extra:
        found["properties"] = extra
    if report.baseline:
        # Where one result has these, all must have them.
        why = f"{report.baseline.file} accepts it"
        found["suppressions"] = [{"kind": "external", "justification": why}] if accepted else []
        found["baselineState"] = "unchanged" if accepted else "new"
    return found


def _invocation(report, fail_on, index):
    code = report.exit_code(fail_on)
    notes = []
    for fault in report.faults:
        grave = fault.kind == "broken" or not report.allow_unused
        message = f"{wording.heading(report, fault)}: {fault.message}"
        note = {"level": "error" if grave else "note", "message": _text(message)}
        note["descriptor"] = {"id": fault.kind}
        if fault.shape:
            note["associatedRule"] = {"id": fault.shape}
            if fault.shape in index:
                note["associatedRule"]["index"] = index[fault.shape]
        if fault.place:
            note["locations"] = [{"physicalLocation": _physical(report, fault.place)}]
        notes.append(note)
    if not report.checked and not report.broken:
        notes.append({"level": "error", "message": _text(wording.verdict(report)), "descriptor": {"id": "unchecked"}})
    return {
        "executionSuccessful": code in (0, 1),
        "exitCode": code,
        "exitCodeDescription": wording.verdict(report, fail_on),
        "toolConfigurationNotifications": notes,
    }


def _physical(report, place):
    """A place as SARIF has it; without one the first file, and of the shipped ontology its file."""
    file = place.file if place else (report.files[0] if report.files else "ontology/lems.ttl")
    found = {"artifactLocation": _artifact(str(file))}
    if not place or not place.line:
        return found
    names = ("startLine", "startColumn", "endLine", "endColumn")
    region = {name: value for name, value in zip(names, place[1:5], strict=True) if value}
    found["region"] = region
    text = place.excerpt
    within = text and len(text) <= 2000 and region.get("endLine", place.line) == place.line
    if within and place.column and place.end_column and place.column < place.end_column:
        span = text[place.column - 1 : place.end_column - 1]
        if span:
            region["snippet"] = {"text": span}
        # What surrounds a region must be more than the region.
        if span and span != text:
            found["contextRegion"] = {"startLine": place.line, "endLine": place.line, "snippet": {"text": text}}
    return found


def _artifact(path):
    """A path as a URI: relative to the root of the sources, or absolute for what lies outside of it."""
    from urllib.parse import quote

    normal = path if path.startswith("<") else os.path.normpath(path)
    inside = not os.path.isabs(normal) and normal.split(os.sep)[0] != os.pardir
    if not inside:
        normal = os.path.abspath(normal)
    # The bytes of the name, which need not be UTF-8.
    uri = quote(os.fsencode(normal.replace(os.sep, "/")), safe="/")
    return {"uri": uri, "uriBaseId": ROOT} if inside else {"uri": "file://" + ("" if uri[0] == "/" else "/") + uri}


def _text(text):
    """A message in which no brace is a place holder and no bracket begins a link."""
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "\\](")}
