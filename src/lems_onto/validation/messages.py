"""What a result says where its shape has no sh:message: one sentence for each constraint component."""

from .. import terms
from .vocabulary import SH, XSD

_SAID = {
    "ClassConstraintComponent": "The value is not an instance of {class}.",
    "DatatypeConstraintComponent": "The value is not a well-formed {datatype}.",
    "NodeKindConstraintComponent": "The value is not of the kind {nodeKind}.",
    "MinCountConstraintComponent": "There are fewer values than {minCount}; add what is missing.",
    "MaxCountConstraintComponent": "There are more values than {maxCount}; remove what is too much.",
    "MinExclusiveConstraintComponent": "The value is not above {minExclusive}.",
    "MinInclusiveConstraintComponent": "The value is not {minInclusive} or above.",
    "MaxExclusiveConstraintComponent": "The value is not below {maxExclusive}.",
    "MaxInclusiveConstraintComponent": "The value is not {maxInclusive} or below.",
    "MinLengthConstraintComponent": "The value is shorter than {minLength} characters.",
    "MaxLengthConstraintComponent": "The value is longer than {maxLength} characters.",
    "PatternConstraintComponent": "The value does not match the regular expression {pattern}.",
    "LanguageInConstraintComponent": "The value has none of the languages {languageIn}.",
    "UniqueLangConstraintComponent": "Two values have the same language; keep one of each.",
    "EqualsConstraintComponent": "The values are not those of {equals}.",
    "DisjointConstraintComponent": "The value is one of {disjoint} too.",
    "LessThanConstraintComponent": "The value is not less than each value of {lessThan}.",
    "LessThanOrEqualsConstraintComponent": "The value is not at most each value of {lessThanOrEquals}.",
    "NotConstraintComponent": "The value conforms to {not}, to which it must not.",
    "AndConstraintComponent": "The value does not conform to all the shapes of sh:and.",
    "OrConstraintComponent": "The value conforms to none of the shapes of sh:or.",
    "XoneConstraintComponent": "The value does not conform to exactly one of the shapes of sh:xone.",
    "NodeConstraintComponent": "The value does not conform to {node}.",
    "QualifiedMinCountConstraintComponent": "Fewer than {qualifiedMinCount} values conform to the qualified shape.",
    "QualifiedMaxCountConstraintComponent": "More than {qualifiedMaxCount} values conform to the qualified shape.",
    "ClosedConstraintComponent": "The shape is closed and does not know this property; remove it, or correct its IRI.",
    "HasValueConstraintComponent": "None of the values is {hasValue}; add it.",
    "InConstraintComponent": "The value is none of {in}.",
    "SPARQLConstraintComponent": "The value breaks the SPARQL constraint.",
}


def of(graph, found):
    """The message of a `findings.Found`: its own, those of its shape, or the sentence for its component.

    Of messages in several languages, the English ones are kept, or those
    without a language; all of them where there are neither.
    """
    if found.messages:
        return " ".join(found.messages)
    messages = graph.values(found.shape, "message")
    for wanted in (lambda tag: tag and tag.split("-")[0] == "en", lambda tag: not tag, lambda _: True):
        chosen = sorted(message.value for message in messages if wanted(message.language))
        if chosen:
            return " ".join(chosen)
    said = _SAID.get(found.component.removeprefix(SH), f"The constraint {found.component} does not hold.")
    for name in _named(said):
        said = said.replace(f"{{{name}}}", _values(graph, found.shape, name))
    return said


def _named(text):
    import re

    return re.findall(r"\{(\w+)\}", text)


def _values(graph, shape, name):
    """The values of a parameter as text, shortened."""
    from ..errors import shorten

    found = []
    for value in graph.values(shape, name):
        members = graph.members(value) if name in ("in", "languageIn") else [value]
        found += [_told(graph, member) for member in members]
    return shorten(", ".join(found), 200) or name


def _told(graph, term):
    import pyoxigraph as ox

    if isinstance(term, ox.BlankNode):
        return graph.title(graph.shapes[term]) if term in graph.shapes else "[]"
    if isinstance(term, ox.NamedNode):
        return terms.contract(term.value, {"sh": SH, "xsd": XSD, **graph.prefixes})
    return f'"{term.value}"' if term.datatype.value == XSD + "string" else term.value
