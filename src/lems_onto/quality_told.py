"""Writes what a report on quality found: for people, as the TSV of ROBOT, as JSON, as Markdown."""

from . import tables, terminal, terms
from .errors import printable, shorten
from .quality import FAMILIES, LEVELS, PARTS

FORMATS = ("table", "tsv", "json", "markdown")
# The columns that ROBOT gives its reports.
HEADER = ("Level", "Rule Name", "Subject", "Property", "Value")
# How many findings of one rule a table shows.
SHOWN = 10


def write(quality, form="table"):
    """The text of a `Quality` in one of `FORMATS`."""
    return {"table": _table, "tsv": _tsv, "json": _json, "markdown": _markdown}[form](quality)


def summary(quality):
    """How many findings there are, in a line or a few: what is waived, and each waiver that covers nothing."""
    counts = [_count(*pair) for pair in zip(quality.counts(), ("error", "warning", "info"), strict=True)]
    what = ", ".join(quality.files) or "the shipped ontology"
    lines = [f"{what}: {', '.join(counts)} by {_count(len(quality.rules), 'rule')}"]
    if quality.waived:
        used = {waiver for _, waiver in quality.waived}
        lines.append(f"{_count(len(quality.waived), 'more finding')} waived by {_count(len(used), 'waiver')}")
    for one in quality.unused:
        subject = terms.contract(one.subject, quality.prefixes)
        where = " ".join(filter(None, [one.rule, subject, one.value]))
        lines.append(f"{one.path}:{one.line}: the waiver '{where}' covers nothing; take it out")
    return "\n".join(lines) + "\n"


def _table(quality):
    import textwrap

    text = ""
    for rule, findings in _by_rule(quality):
        text += f"{rule.level}  {rule.name} of {FAMILIES[rule.family]}: {_count(len(findings), 'finding')}\n"
        text += textwrap.fill(f"{rule.summary} {rule.description}", terminal.width()) + "\n\n"
        rows = [[shorten(cell) for cell in row] for row in _rows(quality, findings[:SHOWN])]
        text += tables.plain(*_filled(HEADER[2:], rows))
        if len(findings) > SHOWN:
            text += f"... and {len(findings) - SHOWN} more; --format tsv writes all\n"
        text += "\n"
    return text + summary(quality)


def _tsv(quality):
    lines = ["\t".join(HEADER)]
    for rule, findings in _by_rule(quality):
        lines += ["\t".join([rule.level, rule.name, *row]) for row in _rows(quality, findings)]
    return "".join(line + "\n" for line in lines)


def _json(quality):
    import json

    def finding(one):
        names = {"subject": one.subject, "property": one.predicate, "value": one.object}
        return {
            "level": one.rule.level,
            "rule": one.rule.name,
            **{name: None if term is None else _plain(term) for name, term in names.items()},
        }

    def waiver(one):
        return {name: getattr(one, name) for name in ("rule", "subject", "value", "reason", "path", "line")}

    made = {
        "files": quality.files,
        "counts": dict(zip(LEVELS, quality.counts(), strict=True)),
        "exitCode": quality.exit_code,
        "rules": [
            {"name": one.name, "family": FAMILIES[one.family], "level": one.level, "summary": one.summary,
             "description": one.description, "source": one.source}
            for one in quality.rules
        ],
        "findings": [finding(one) for one in quality.findings],
        "waived": [{**finding(one), "reason": cover.reason} for one, cover in quality.waived],
        "unusedWaivers": [waiver(one) for one in quality.unused],
    }  # fmt: skip
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _markdown(quality):
    parts = ["# Report", summary(quality).strip().replace("\n", "\n\n")]
    for rule, findings in _by_rule(quality):
        parts.append(f"## {rule.level} {rule.name}")
        parts.append(f"{rule.summary} {rule.description} ([{FAMILIES[rule.family]}]({rule.source}))")
        parts.append(tables.plain(*_filled(HEADER[2:], _rows(quality, findings)), markdown=True).strip())
    if quality.waived:
        groups = {}
        for _, waiver in quality.waived:
            groups[waiver] = groups.get(waiver, 0) + 1
        rows = [
            [waiver.rule, terms.contract(waiver.subject, quality.prefixes), waiver.value, str(number), waiver.reason]
            for waiver, number in groups.items()
        ]
        parts += ["## Waived", tables.plain(["rule", "subject", "value", "findings", "reason"], rows, True).strip()]
    return "\n\n".join(parts) + "\n"


def _by_rule(quality):
    """Pairs of a rule that found something and its findings, the gravest first."""
    for rule in quality.rules:
        findings = [one for one in quality.findings if one.rule is rule]
        if findings:
            yield rule, findings


def _rows(quality, findings):
    """Subject, property and value of each finding as one printable text each."""

    def shown(term):
        if term is None:
            return ""
        plain = hasattr(term, "datatype") or str(term).startswith("_:")
        return printable(_plain(term) if plain else terms.contract(term.value, quality.prefixes))

    return [[shown(getattr(one, part)) for part in PARTS] for one in findings]


def _filled(header, rows):
    """The header and the rows without the columns in which nothing stands."""
    kept = [at for at in range(len(header)) if any(row[at] for row in rows)]
    return [header[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _plain(term):
    return "[]" if str(term).startswith("_:") else term.value


def _count(number, name):
    return f"{number:,} {name}" + ("" if number == 1 else "s")
