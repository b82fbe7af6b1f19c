"""Merges the shipped ontology with the user's own, and says what that changes for them."""

import collections

from ..errors import LemsError
from .rules import SEVERITIES

TIMEOUT = 600
MEMORY = 2048

Merged = collections.namedtuple("Merged", "files bridges sides shared rules findings consistent notes names")
Merged.__doc__ = """A merge.

Attributes:
    files: the user's files.
    bridges: the names of the bridges that were used.
    sides: the `sides.Sides`; its `triples` are the merged ontology.
    shared: how many terms both sides describe.
    rules: each `rules.Rule` that was run.
    findings: each `rules.Finding`, the gravest first.
    consistent: whether the merged ontology is; None where no reasoner was asked.
    notes: what could not be said, and the mend, each in a line.
    names: the `reasoning.naming.Names` of the terms of both sides.
"""


class NothingChecked(LemsError):
    """Files that describe nothing that a merge could change."""

    exit_code = 4


def merge(*paths, bridges=(), check=False, timeout=TIMEOUT, memory=MEMORY):
    """Merge the shipped ontology with RDF files.

    Args:
        paths: the files; `owl:imports` are not followed.
        bridges: names of bridges to other ontologies, such as `mondo`, that are merged too.
        check: whether a reasoner is asked what the merge changes; else the rules that need none are run.
        timeout: seconds that the reasoners may take.
        memory: megabytes that the heap of each of two Javas may take.

    Returns:
        A `Merged`; `text` writes the merged ontology.

    Raises:
        UnreadableFile: a file cannot be read, or would mislead or attack an OWL tool.
        UnknownName: there is no such bridge.
        NothingChecked: with `check`, the files describe no term.
        NoJava: there is no Java.
        JavaFailed: a reasoner did not do its work.
    """
    import pyoxigraph as ox

    from . import rules, sides

    two = sides.read(*paths, bridges=bridges)
    known = sides.described(two.theirs)
    if check and not known:
        raise NothingChecked(
            f"{', '.join(map(str, paths))}: describes no term, so that nothing was checked; name an ontology"
        )
    store, notes, consistent = ox.Store(), [], None
    for name, parts in (("ours", two.ours), ("theirs", two.theirs)):
        graph = ox.NamedNode(rules.SPACE + name)
        store.bulk_extend(ox.Quad(*one, graph) for part in parts for one in part.triples)
    impossible = set()
    if check:
        from . import checking

        found = checking.check(two, timeout, memory)
        consistent = found.consistent
        impossible = {subject for subject, _, value in found.news + found.before if value == checking.NOTHING}
        store.bulk_extend(checking.quads(found, _lost(two, memory, notes)))
    run = rules.of(*(rules.FOLDERS if check else ["stated"]))
    findings = [one for rule in run for one in rules.findings_of(rule, store)]
    if check and not notes:
        findings = _explained(findings, two, impossible, notes)
    names = sides.names(two)
    shared = len(sides.described(two.ours) & known)
    return Merged(tuple(map(str, paths)), tuple(bridges), two, shared, run, findings, consistent, tuple(notes), names)


def _lost(two, memory, notes):
    """The profiles that are lost; where OWLAPI cannot be had, a note that they were not asked for."""
    from ..reasoning import owlapi
    from . import reasons

    try:
        owlapi.start(memory)
        return reasons.lost(two)
    except LemsError as problem:
        notes.append(f"profiles of OWL 2 and the axioms behind findings cannot be told: {problem}")
        return []


def _explained(findings, two, impossible, notes):
    from . import reasons

    try:
        return reasons.why(findings, two, impossible)
    except LemsError as problem:
        notes.append(f"the axioms behind findings cannot be told: {problem}")
        return findings


def text(merged, to):
    """The merged ontology as text, the same in every run.

    Args:
        merged: a `Merged`.
        to: ttl, owl, nt or jsonld.

    Raises:
        LemsError: the syntax cannot hold a name or a character.
    """
    import pyoxigraph as ox

    from ..syntaxes import arranging, jsonld, ntriples, rdfxml, turtle

    quads = [ox.Quad(*one) for one in merged.sides.triples]
    laid = arranging.arrange(quads, literal_lists=to != "owl")
    if to == "nt":
        return ntriples.write(laid)
    return {"ttl": turtle, "owl": rdfxml, "jsonld": jsonld}[to].write(laid, merged.sides.prefixes)


def exit_code(merged, fail_on):
    """0 where no finding is as grave as `fail_on` or graver, else 1."""
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    return 1 if any(one.rule.severity in grave for one in merged.findings) else 0
