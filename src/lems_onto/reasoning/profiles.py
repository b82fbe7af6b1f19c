"""Says which profiles of OWL 2 an ontology keeps, by the checkers of OWLAPI, and makes its part within OWL 2 EL.

See https://www.w3.org/TR/owl2-profiles/.
"""

import collections
import re

from ..errors import LemsError
from . import naming, ontologies, owlapi, wording

NAMES = ("dl", "el", "rl", "ql")
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
# The datatypes of OWL 2 EL (https://www.w3.org/TR/owl2-profiles/#Entities), behind their namespaces.
EL_DATATYPES = {
    "PlainLiteral", "langString", "XMLLiteral", "Literal", "real", "rational", "decimal", "integer",
    "nonNegativeInteger", "string", "normalizedString", "token", "Name", "NCName", "NMTOKEN", "hexBinary",
    "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
}  # fmt: skip

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


class NotWithin(LemsError):
    """An ontology whose part within a profile cannot be made."""


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


def within_el(parts):
    """The part of an ontology within OWL 2 EL.

    What EL does not have is replaced by what follows from it within EL, or
    left out. Values of annotations whose datatype EL does not have stand as
    text.

    Returns:
        Its triples, and a list of pairs: each logical axiom that was replaced or left out, in words, and the
        axioms that stand for it, in words.

    Raises:
        NotWithin: OWLAPI still finds something outside of EL.
    """
    cls = owlapi.start()
    # What is no axiom is settled among the triples: annotations and the header.
    ontology = owlapi.load([_as_text(triple) for triple in ontologies.triples(parts)])
    words = wording.Words(naming.Names(parts).of)
    manager, factory = ontology.getOWLOntologyManager(), ontology.getOWLOntologyManager().getOWLDataFactory()
    outside = {}
    for one in _checked(ontology, "el"):
        axiom = one.getAxiom()
        if axiom is not None and axiom.isLogicalAxiom():
            outside[str(axiom)] = axiom
    changes = []
    for _, axiom in sorted(outside.items()):
        instead = [_annotated(new, axiom, factory) for new in _instead(axiom, factory, cls)]
        manager.removeAxiom(ontology, axiom)
        for new in instead:
            manager.addAxiom(ontology, new)
        changes.append((words.axiom(axiom), sorted({words.axiom(new) for new in instead})))
    left = _checked(ontology, "el")
    if left:
        raise NotWithin(f"{len(left)} things stay outside of OWL 2 EL, the first: {left[0]}; report it")
    return _triples(ontology, cls), changes


def _as_text(triple):
    import pyoxigraph as ox

    value = triple.object
    if not isinstance(value, ox.Literal) or re.split("[/#]", value.datatype.value)[-1] in EL_DATATYPES:
        return triple
    return ox.Triple(triple.subject, triple.predicate, ox.Literal(value.value))


def _annotated(new, axiom, factory):
    """A new axiom with the annotations of the one that it stands for."""
    return new.getAnnotatedAxiom(axiom.getAnnotations())


def _instead(axiom, factory, cls):
    """The axioms within EL that follow from one outside of it."""
    kind = str(axiom.getAxiomType().getName())
    if kind == "DisjointUnion":
        parts = list(axiom.getClassExpressions())
        if any(part.isAnonymous() for part in parts):
            return []
        both = cls("java.util.HashSet")(axiom.getClassExpressions())
        below = [factory.getOWLSubClassOfAxiom(part, axiom.getOWLClass()) for part in parts]
        return [*below, factory.getOWLDisjointClassesAxiom(both)]
    if kind == "EquivalentClasses":
        made = []
        for name in (part for part in axiom.getClassExpressions() if not part.isAnonymous()):
            for other in axiom.getClassExpressions():
                for conjunct in other.asConjunctSet():
                    if not other.equals(name) and _simple(conjunct):
                        made.append(factory.getOWLSubClassOfAxiom(name, conjunct))
        return made
    return []


def _simple(expression):
    """Whether a class expression is of EL: a class, or `some` of a simple one."""
    if not expression.isAnonymous():
        return True
    kind = str(expression.getClassExpressionType().getName())
    if kind == "ObjectSomeValuesFrom":
        return not expression.getProperty().isAnonymous() and _simple(expression.getFiller())
    return kind == "ObjectIntersectionOf" and all(_simple(one) for one in expression.getOperands())


def _triples(ontology, cls):
    """The triples of an OWLAPI ontology."""
    import pyoxigraph as ox

    out = cls("java.io.ByteArrayOutputStream")()
    form = cls("org.semanticweb.owlapi.io.RDFXMLOntologyFormat")()
    ontology.getOWLOntologyManager().saveOntology(ontology, form, out)
    return [quad.triple for quad in ox.parse(bytes(out.toByteArray()), format=ox.RdfFormat.RDF_XML)]
