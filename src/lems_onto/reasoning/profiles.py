"""Says which profiles of OWL 2 an ontology keeps, by the checkers of OWLAPI.

See https://www.w3.org/TR/owl2-profiles/.
"""

import collections
import re

from . import naming, ontologies, owlapi, wording

NAMES = ("dl", "el", "rl", "ql")
Violation = collections.namedtuple("Violation", "rule axiom words logical")
Violation.__doc__ = """What leaves a profile.

Attributes:
    rule: what is done that the profile does not allow, in words.
    axiom: the axiom in functional syntax; empty for the header.
    words: the axiom in words.
    logical: whether it is a logical axiom; an annotation means nothing to a reasoner.
"""

_RULES = {
    "UseOfIllegalDataRange": "a datatype that the profile does not have",
    "UseOfIllegalAxiom": "a kind of axiom that the profile does not have",
    "UseOfIllegalClassExpression": "a class expression that the profile does not have",
    "UseOfObjectOneOfWithMultipleIndividuals": "an enumeration of more than one individual",
    "UseOfNonSuperClassExpression": "a class expression that may not stand for a superclass",
    "UseOfNonSubClassExpression": "a class expression that may not stand for a subclass",
    "UseOfNonEquivalentClassExpression": "a class expression that may not stand in an equivalence",
}


def check(parts, profiles=NAMES):
    """What leaves the profiles.

    Args:
        parts: a list of `ontologies.Part`.
        profiles: some of `NAMES`.

    Returns:
        A dict from profile to a sorted list of `Violation`.

    Raises:
        NoBridge, NoJava, JavaFailed, Unwritable: OWLAPI cannot be had, or cannot read them.
    """
    ontology = owlapi.load(ontologies.triples(parts))
    words = wording.Words(naming.Names(parts).of)
    return {name: _violations(ontology, name, words) for name in profiles}


def _checked(ontology, profile):
    report = owlapi.start()(f"org.semanticweb.owlapi.profiles.OWL2{profile.upper()}Profile")()
    return list(report.checkOntology(ontology).getViolations())


def _violations(ontology, profile, words):
    found = set()
    for one in _checked(ontology, profile):
        axiom, name = one.getAxiom(), type(one).__name__.rpartition(".")[2]
        rule = _RULES.get(name) or re.sub(r"(?<!^)([A-Z])", lambda m: " " + m[1].lower(), name).lower()
        logical = axiom is not None and bool(axiom.isLogicalAxiom())
        text = "the header of the ontology" if axiom is None else words.axiom(axiom) if logical else str(axiom)
        found.add(Violation(rule, "" if axiom is None else str(axiom), text, logical))
    return sorted(found, key=lambda one: (not one.logical, one.rule, one.axiom))
