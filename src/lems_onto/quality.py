"""An ontology's own quality: the rules of ROBOT, FOOPS! and OOPS! that need no network, and what is waived.

A rule is a file of `queries/report`, one folder for each of the three: a SPARQL
SELECT with a row for each thing that is wrong. Its name is the one that people
know it by. A waiver says which findings are meant to be, and why.
"""

import functools
import os
from collections import namedtuple

from . import catalog, graphs, reading, resources, terms
from .errors import LemsError, UnknownName, printable, shorten

# The gravest first.
LEVELS = ("ERROR", "WARN", "INFO")
FAMILIES = {"robot": "ROBOT", "foops": "FOOPS!", "oops": "OOPS!"}
# How many of the levels are failures.
FAIL_ON = {"error": 1, "warn": 2, "info": 3, "none": 0}
COLUMNS = ("rule", "subject", "value", "reason")
PARTS = ("subject", "predicate", "object")


class BadWaiver(LemsError):
    """A file of waivers that cannot be followed; the message has file and line."""


class Rule(namedtuple("Rule", "name family level summary description source text path")):
    """One rule.

    Attributes:
        name: the stem of its file, the name that its origin gives it.
        family: robot, foops or oops; the folder it lies in.
        level: ERROR, WARN or INFO.
        summary: what it asks, as a question whose answer should be no.
        description: what a finding means, and the mend.
        source: where its origin defines it.
        text: the SPARQL, whose columns are of subject, predicate and object.
        path: where the file lies.
    """

    __slots__ = ()


class Finding(namedtuple("Finding", "rule subject predicate object")):
    """One thing that a `Rule` found: pyoxigraph terms, None where there is none."""

    __slots__ = ()


class Waiver(namedtuple("Waiver", "rule subject value reason path line iri")):
    """Findings that are meant to be.

    Attributes:
        rule: the name of the rule.
        subject: an IRI, the beginning of IRIs with `*` behind it, or `*` for all.
        value: the object as a report shows it; empty for any.
        reason: why they are meant to be.
        path: the file that says so.
        line: the line there, counted from 1.
        iri: what the value means where it is an IRI or a CURIE, else None.
    """

    __slots__ = ()

    def covers(self, finding):
        """Whether a finding is meant to be."""
        if self.rule != finding.rule.name:
            return False
        # A blank node is no name that a waiver could mean.
        iri = "" if finding.subject is None or str(finding.subject).startswith("_:") else finding.subject.value
        known = iri.startswith(self.subject[:-1]) if self.subject.endswith("*") else iri == self.subject
        if not self.value or not known or finding.object is None:
            return known and not self.value
        plain = hasattr(finding.object, "datatype")
        return printable(finding.object.value) == self.value if plain else self.iri == finding.object.value


class Quality(namedtuple("Quality", "files rules findings waived unused imports prefixes fail_on")):
    """What a report found.

    Attributes:
        files: the files that were read; none for the shipped ontology.
        rules: each `Rule` that was run.
        findings: each `Finding` that no waiver covers, the gravest first.
        waived: pairs of a `Finding` and the `Waiver` that covers it.
        unused: each `Waiver` that covers nothing.
        imports: the ontologies that the files import; none of them is fetched.
        prefixes: for CURIEs.
        fail_on: from which level on a finding is a failure; none for no level.
    """

    __slots__ = ()

    @property
    def exit_code(self):
        """1 for a finding of the level to fail on or a graver one, or for an unused waiver; 0 otherwise."""
        return 1 if self.unused or any(self.counts()[: FAIL_ON[self.fail_on]]) else 0

    def counts(self):
        """How many errors, warnings and infos there are."""
        return tuple(sum(one.rule.level == level for one in self.findings) for level in LEVELS)


def report(*paths, rules=(), waivers=None, waive=True, fail_on="error"):
    """Hold the shipped ontology, or RDF files read as one graph, to the rules.

    Args:
        paths: the files; none for the shipped ontology.
        rules: names of rules, or of families, to run; none for all.
        waivers: a file of waivers; None for the shipped ones, which are those
            of the shipped ontology and of no other.
        waive: False to follow no waivers.
        fail_on: error, warn, info or none.

    Raises:
        UnknownName: there is no such rule.
        BadWaiver: a waiver cannot be followed.
        UnreadableFile: a file cannot be read.
    """
    chosen = _chosen(tuple(rules))
    store, prefixes = _read(paths)
    if waivers is None and not paths:
        waivers = waivers_path()
    given = read_waivers(waivers, prefixes) if waive and waivers is not None else []
    findings, waived = [], []
    for rule in chosen:
        for finding in findings_of(rule, store):
            cover = next((one for one in given if one.covers(finding)), None)
            if cover is None:
                findings.append(finding)
            else:
                waived.append((finding, cover))
    run, used = {rule.name for rule in chosen}, {cover for _, cover in waived}
    return Quality(
        files=tuple(map(str, paths)),
        rules=chosen,
        findings=tuple(findings),
        waived=tuple(waived),
        unused=tuple(one for one in given if one.rule in run and one not in used),
        imports=_imports(store),
        prefixes=prefixes,
        fail_on=fail_on,
    )


@functools.cache
def rules():
    """All rules, as a dict from name to `Rule`, the gravest first; read once in a process."""
    found = map(_rule, resources.report_paths())
    order = sorted(found, key=lambda one: (LEVELS.index(one.level), list(FAMILIES).index(one.family), one.name))
    return {one.name: one for one in order}


def findings_of(rule, store):
    """Each `Finding` of a rule in a `pyoxigraph.Store`, in the order of the rule."""
    found = store.query(rule.text)
    names = [variable.value for variable in found.variables]
    return [Finding(rule, **{**dict.fromkeys(PARTS), **dict(zip(names, row, strict=True))}) for row in found]


def waivers_path():
    """Path of the waivers of the shipped ontology."""
    return os.path.join(resources.data_folder(), "queries", "report", "waivers.tsv")


def read_waivers(path, prefixes):
    """The waivers of a file: tab-separated columns rule, subject, value and reason, with a header.

    Args:
        path: the file; lines that are empty or begin with # say nothing.
        prefixes: the prefixes of its CURIEs.

    Raises:
        BadWaiver: a line lacks its reason, or names what does not exist.
        UnreadableFile: the file is missing or empty.
    """
    try:
        text = reading.read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadWaiver(f"{path}: is not UTF-8; save it as UTF-8") from problem
    # Other line ends of Unicode may stand in a reason.
    numbered = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1)]
    lines = [(number, line) for number, line in numbered if line.strip() and not line.startswith("#")]
    if not lines or tuple(lines[0][1].split("\t")) != COLUMNS:
        place = f"{path}:{lines[0][0] if lines else 1}"
        raise BadWaiver(f"{place}: begins with no header; write {', '.join(COLUMNS)} with tabs between them")
    found = [_waiver(path, number, line.split("\t"), prefixes) for number, line in lines[1:]]
    for at, one in enumerate(found):
        twin = next((other for other in found[:at] if other[:3] == one[:3]), None)
        if twin:
            raise BadWaiver(f"{path}:{one.line}: waives what line {twin.line} does; keep one of them")
    return found


def _waiver(path, number, cells, prefixes):
    place = f"{path}:{number}"
    if len(cells) != len(COLUMNS):
        raise BadWaiver(f"{place}: has {len(cells)} columns, not {len(COLUMNS)}: {', '.join(COLUMNS)}, tabs between")
    rule, subject, value, reason = (cell.strip() for cell in cells)
    if rule not in rules():
        raise BadWaiver(f"{place}: {UnknownName('rule', rule, rules(), _MEND)}")
    if not reason:
        raise BadWaiver(
            f"{place}: the waiver of {rule} for {shorten(subject)} has no reason; say why it is meant to be"
        )
    iri = "*" if subject == "*" else terms.expand(subject, prefixes)
    if iri is None:
        raise BadWaiver(f"{place}: the subject '{shorten(subject)}' is no IRI, no known CURIE and no *; write one")
    return Waiver(rule, iri, value, reason, str(path), number, terms.expand(value, prefixes))


_MEND = "docs/report.md names them all"


def _chosen(names):
    for name in names:
        if name not in rules() and name not in FAMILIES:
            raise UnknownName("rule", name, [*rules(), *FAMILIES], _MEND)
    return tuple(one for one in rules().values() if not names or {one.name, one.family} & {*names})


def _rule(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    header = catalog.header(text)
    name, family = os.path.splitext(os.path.basename(path))[0], os.path.basename(os.path.dirname(path))
    lacking = [key for key in ("summary", "description", "level", "source") if not header.get(key)]
    if lacking or header["level"] not in LEVELS or family not in FAMILIES:
        what = f"no {lacking[0]}" if lacking else "an unknown level" if family in FAMILIES else "an unknown folder"
        raise LemsError(f"{path}: the rule has {what}; mend its header or its place")
    parts = {key: header[key] for key in ("summary", "description", "level", "source")}
    return Rule(name=name, family=family, text=text, path=path, **parts)


def _read(paths):
    """A store and the prefixes of files, or of the shipped ontology."""
    if not paths:
        return graphs.shipped()
    import pyoxigraph as ox

    filled, prefixes = ox.Store(), dict(graphs.shipped()[1])
    for path in paths:
        syntax, parser = reading.opened(path)
        filled.bulk_extend(
            ox.Quad(one.subject, one.predicate, one.object) for one in reading.each(path, syntax, parser)
        )
        prefixes.update({prefix: space for prefix, space in parser.prefixes.items() if prefix})
    return filled, prefixes


def _imports(store):
    import pyoxigraph as ox

    return tuple(graphs.imports(store.quads_for_pattern(None, ox.NamedNode(graphs.OWL_IMPORTS), None)))
