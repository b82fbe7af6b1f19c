"""Finds the axioms that bring what a merge changes, and the profiles of OWL 2 that it leaves."""

import collections
import itertools
import time

from ..reasoning import explaining, ontologies, owlapi, wording
from ..reasoning.admission import OWL
from ..reasoning.claims import LABEL, LEMS
from ..reasoning.ontologies import RDFS
from ..terms import contract
from . import modules
from .changes import NOTHING, THING
from .sides import names

# Findings of one rule that are explained, and seconds after which no further one is.
MOST = 5
SECONDS = 60
PROFILES = ("dl", "el", "rl", "ql")
ORIGIN = "http://purl.obolibrary.org/obo/IAO_0000412"
_NO_AXIOM = "its header or its annotations"


def why(findings, sides, unsatisfiable):
    """The findings, the first of each rule with the minimal sets of axioms that bring them.

    Args:
        findings: a list of `rules.Finding`.
        sides: the `sides.Sides`.
        unsatisfiable: the classes that can have no instance, in the merged ontology.

    Raises:
        NoBridge, NoJava, JavaFailed: OWLAPI cannot be had.
    """
    end, counts, explained = time.monotonic() + SECONDS, {}, []
    stated = _stated(sides.triples)
    for finding in findings:
        question = _question(finding)
        # What is below an impossible class is impossible by that alone.
        derived = question is not None and question[1] == NOTHING and stated.get(question[0], set()) & unsatisfiable
        number = counts.get(finding.rule.name, 0)
        if question is not None and not derived and number < MOST and time.monotonic() < end:
            counts[finding.rule.name] = number + 1
            alone = finding.rule.name.endswith("-before")
            finding = finding._replace(why=_sets(sides.theirs if alone else sides.ours + sides.theirs, *question))
        explained.append(finding)
    return explained


def _question(finding):
    """The subject and the class that a finding says it is below, where it can be explained."""
    if finding.rule.folder != "inferred" or finding.rule.name == "missing" or finding.rule.severity == "info":
        return None
    if finding.rule.name.startswith("inconsistent"):
        return THING, NOTHING
    if finding.rule.name.startswith("unsatisfiable"):
        return finding.subject, NOTHING
    value, relation = finding.values.get("value"), finding.values.get("relation")
    if (
        finding.subject is None
        or value is None
        or (relation is not None and not relation.value.endswith(("#subClassOf", "#type")))
    ):
        return None
    return finding.subject, value.value


def _sets(parts, subject, value):
    """Minimal sets of axioms, each a tuple of `explaining.Reason`; the shortest first."""
    whole = subject == THING
    terms, kept = modules.around(ontologies.triples(parts), [] if whole else [subject, value], individuals=whole)
    explainer = explaining.Explainer(_small(parts, terms, set(kept)))
    found = explainer.inconsistency() if whole else explainer.statement(f"<{subject}>", "is a", f"<{value}>")
    return found.sets


def _small(parts, terms, kept):
    """Parts with what decides about some terms, the names of these, and the claims behind it."""
    import pyoxigraph as ox

    reified = {
        one.subject
        for part in parts
        for one in part.triples
        if one.predicate.value == OWL + "annotatedSource" and getattr(one.object, "value", "") in terms
    }
    labels = collections.defaultdict(set)
    for part in parts:
        for one in part.triples:
            if one.predicate.value == LABEL and getattr(one.subject, "value", "") in terms:
                labels[one.object.value.casefold()].add(one.subject.value)

    prefixes = {prefix: space for part in parts for prefix, space in part.prefixes.items() if prefix}

    def taken(part):
        for one in part.triples:
            name = getattr(one.subject, "value", "")
            if one.predicate.value == LABEL and name in terms:
                if not one.object.value:
                    continue
                # Two terms of one label are told apart by their CURIEs.
                twice = len(labels[one.object.value.casefold()]) > 1
                label = f"{one.object.value} ({contract(name, prefixes)})" if twice else one.object.value
                yield ox.Triple(one.subject, one.predicate, ox.Literal(label))
            elif (
                one in kept
                or one.subject in reified
                or (name in terms and one.predicate.value == ORIGIN)
                or name.startswith((LEMS + "claim/", LEMS + "document/"))
                or getattr(one.object, "value", "") == OWL + "AnnotationProperty"
            ):
                yield one

    return [part._replace(triples=list(taken(part))) for part in parts]


def _stated(triples):
    above = {}
    for one in triples:
        if one.predicate.value == RDFS + "subClassOf" and type(one.object).__name__ == "NamedNode":
            above.setdefault(getattr(one.subject, "value", ""), set()).add(one.object.value)
    return above


def lost(sides):
    """The profiles of OWL 2 that theirs keep and the merged ontology leaves: pairs of its name and what leaves it.

    Raises:
        NoBridge, NoJava, JavaFailed: OWLAPI cannot be had.
    """
    theirs = owlapi.load(ontologies.triples(sides.theirs))
    kept = [name for name in PROFILES if _checked(theirs, name).isInProfile()]
    if not kept:
        return []
    merged, words = owlapi.load(sides.triples), wording.Words(names(sides).of)
    found = []
    for name in kept:
        report = _checked(merged, name)
        if not report.isInProfile():
            axioms = (one.getAxiom() for one in itertools.islice(report.getViolations(), 1000))
            told = sorted(
                {words.axiom(one) for one in axioms if one is not None and one.isLogicalAxiom()},
                key=lambda one: (len(one), one),
            )
            found.append((f"OWL 2 {name.upper()}", told[0] if told else _NO_AXIOM))
    return found


def _checked(ontology, profile):
    return owlapi.start()(f"org.semanticweb.owlapi.profiles.OWL2{profile.upper()}Profile")().checkOntology(ontology)
