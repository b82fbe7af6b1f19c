"""Says what a merge changes: for people, as JSON, as Markdown."""

import json
import re

from .rules import SEVERITIES

FORMATS = ("human", "json", "markdown")
# How many findings of one rule people are shown.
SHOWN = 10


def write(merged, form="human", width=80):
    """The text of a `Merged` in one of `FORMATS`; `width` is that of the terminal."""
    return {"human": _human, "json": _json, "markdown": _markdown}[form](merged, width)


def counts(merged):
    """How many findings there are of each severity, as a dict."""
    return {one: sum(finding.rule.severity == one for finding in merged.findings) for one in SEVERITIES}


def summary(merged):
    """What was merged and what was found, in two lines."""
    lines = [
        f"{_named(merged)}: {len(merged.sides.triples):,} triples, {_count(merged.shared, 'shared term')}"
        + ("" if merged.sides.grew else "; yours holds all of it already")
    ]
    said = ", ".join(_count(number, one) for one, number in counts(merged).items())
    state = {None: "no reasoner was asked", True: "consistent", False: "inconsistent"}[merged.consistent]
    return "\n".join([*lines, f"{said} by {_count(len(merged.rules), 'rule')}; {state}"]) + "\n"


def _human(merged, width):
    text = ""
    for rule, findings in _by_rule(merged):
        head = f"{rule.severity}[{rule.name}]: {_count(len(findings), 'finding')}"
        text += f"{head}\n{_filled(f'{rule.summary} {rule.description}', width, '  ')}"
        for finding in findings[:SHOWN]:
            text += _filled(finding.message(merged.names), width, "  - ", "    ")
            text += "".join(_filled(line, width, *indents) for line, *indents in _reasons(finding))
        if len(findings) > SHOWN:
            text += f"  ... and {len(findings) - SHOWN:,} more; --format json names all\n"
        text += _filled(f"mend: {rule.mend}", width, "  = ", "    ") + "\n"
    return text + summary(merged)


def _reasons(finding):
    """Lines with their indents: the shortest set of axioms that brings a finding."""
    if finding.why:
        many = len(finding.why)
        yield f"because{f', in {many} ways, of which this is the shortest' if many > 1 else ''}:", "    ", "    "
        for reason in finding.why[0]:
            yield f"{reason.words} ({_origin(reason)})", "      - ", "        "


def _origin(reason):
    claims = ", ".join(f"claim: {claim.label}" for claim in reason.claims)
    return f"{', '.join(reason.parts)}{'; ' if claims else ''}{claims}"


def _markdown(merged, _):
    parts = [f"# Merge of {_plain(_named(merged))}", _plain(summary(merged).strip()).replace("\n", "\n\n")]
    for rule, findings in _by_rule(merged):
        parts.append(f"## {rule.severity}: {rule.name}")
        parts.append(_plain(f"{rule.summary} {rule.description}"))
        lines = []
        for finding in findings:
            lines.append(f"- {_plain(finding.message(merged.names))}")
            lines += [f"{'    ' if '-' in indent else '  '}- {_plain(line)}" for line, indent, _ in _reasons(finding)]
        parts += ["\n".join(lines), f"Mend: {_plain(rule.mend)}"]
    return "\n\n".join([*parts, *map(_plain, merged.notes)]) + "\n"


def _json(merged, _):
    header = merged.sides.header
    made = {
        "files": merged.files,
        "bridges": merged.bridges,
        "ontology": header.iri,
        "versionTakenOut": header.version,
        "imports": header.imports,
        "triples": len(merged.sides.triples),
        "sharedTerms": merged.shared,
        "adds": merged.sides.grew,
        "consistent": merged.consistent,
        "counts": counts(merged),
        "rules": [
            {name: getattr(rule, name) for name in ("name", "severity", "summary", "description", "mend")}
            for rule in merged.rules
        ],
        "findings": [
            {
                "rule": one.rule.name,
                "severity": one.rule.severity,
                "subject": one.subject,
                "message": one.message(merged.names),
                "mend": one.rule.mend,
                "values": {name: None if str(term)[:2] == "_:" else term.value for name, term in one.values.items()},
                "why": [list(map(_reason, reasons)) for reasons in one.why],
            }
            for one in merged.findings
        ],
        "notes": merged.notes,
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _reason(reason):
    """An axiom of an explanation as a dict."""
    return {
        "axiom": reason.axiom,
        "words": reason.words,
        "files": list(reason.parts),
        "claims": [claim.iri for claim in reason.claims],
    }


def _by_rule(merged):
    """Pairs of a rule that found something and its findings, the gravest first."""
    for rule in merged.rules:
        findings = [one for one in merged.findings if one.rule is rule]
        if findings:
            yield rule, findings


def _named(merged):
    bridges = "".join(f" and the bridge to {one}" for one in merged.bridges)
    return f"{', '.join(merged.files)} and the shipped ontology{bridges}"


def _plain(text):
    """A text in Markdown in which nothing is markup."""
    return re.sub(r"([\\`*_\[\]|])", r"\\\1", text).replace("<", "&lt;")


def _filled(text, width, first, rest=None):
    import textwrap

    rest = first if rest is None else rest
    return textwrap.fill(
        text, width - 1, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    ) + "\n"  # fmt: skip


def _count(number, name):
    return f"{number:,} {name}" + ("" if number == 1 else "s")
