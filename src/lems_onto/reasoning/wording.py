"""Says OWL axioms in words, with the labels of their terms."""

import re

_BOUNDS = {"ObjectMinCardinality": "at least", "ObjectMaxCardinality": "at most", "ObjectExactCardinality": "exactly"}


class Words:
    """The words for OWLAPI axioms.

    Args:
        names: a function from an IRI to the name by which people know it.
    """

    def __init__(self, names):
        self._names = names

    def axiom(self, axiom):
        """One sentence that says what an axiom says."""
        kind = str(axiom.getAxiomType().getName())
        say = getattr(self, _method(kind), None)
        return say(axiom) if say else f"{kind}: {axiom}"

    def expression(self, one):
        """A class expression as what it is to be an instance of it: `a lung cancer that ...`."""
        say = getattr(self, _method(str(one.getClassExpressionType().getName())), None)
        return say(one) if say else str(one)

    def term(self, term):
        """The name of an entity, of an individual without a name, or of an inverse property."""
        if hasattr(term, "getIRI"):
            return self._names(str(term.getIRI()))
        if hasattr(term, "getInverse"):
            return f"inverse of {self.term(term.getInverse())}"
        return str(term)

    def _listed(self, parts, word):
        said = sorted((self.expression(part) for part in parts), key=str.casefold)
        return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {word} {said[-1]}"

    # Class expressions

    def _class(self, one):
        return self._names(str(one.getIRI()))

    def _object_intersection_of(self, one):
        named = [part for part in one.getOperands() if not part.isAnonymous()]
        other = [part for part in one.getOperands() if part.isAnonymous()]
        return (
            self._listed(named, "and")
            + (" and " if named and other else "")
            + (self._listed(other, "and") if other else "")
            if named
            else self._listed(other, "and")
        )

    def _object_union_of(self, one):
        return "either " + self._listed(one.getOperands(), "or")

    def _object_complement_of(self, one):
        return f"not [{self.expression(one.getOperand())}]"

    def _object_some_values_from(self, one):
        return f"something that is related by '{self.term(one.getProperty())}' to some {self._filler(one)}"

    def _object_all_values_from(self, one):
        return f"something that is related by '{self.term(one.getProperty())}' to nothing but {self._filler(one)}"

    def _object_has_value(self, one):
        return f"something that is related by '{self.term(one.getProperty())}' to {self.term(one.getValue())}"

    def _cardinality(self, one):
        bound = _BOUNDS[str(one.getClassExpressionType().getName())]
        return (
            f"something that is related by '{self.term(one.getProperty())}' to "
            f"{bound} {one.getCardinality()} {self._filler(one)}"
        )

    _object_min_cardinality = _object_max_cardinality = _object_exact_cardinality = _cardinality

    def _object_one_of(self, one):
        return "one of " + ", ".join(sorted(map(self.term, one.getIndividuals())))

    def _filler(self, one):
        said = self.expression(one.getFiller())
        return f"[{said}]" if one.getFiller().isAnonymous() else said

    # Axioms

    def _sub_class_of(self, axiom):
        below, above = axiom.getSubClass(), axiom.getSuperClass()
        if above.isOWLNothing():
            return f"Nothing is {self.expression(below)}."
        return f"Every {self.expression(below)} is {self.expression(above)}."

    def _equivalent_classes(self, axiom):
        parts = sorted(axiom.getClassExpressions(), key=lambda one: (bool(one.isAnonymous()), self.expression(one)))
        first, *others = map(self.expression, parts)
        return f"{_capital(first)} means: {'; or, which is the same, '.join(others)}."

    def _disjoint_classes(self, axiom):
        return f"Nothing is more than one of: {self._listed(axiom.getClassExpressions(), 'and')}."

    def _disjoint_union(self, axiom):
        return (
            f"Every {self.expression(axiom.getOWLClass())} is exactly one of: "
            f"{self._listed(axiom.getClassExpressions(), 'or')}."
        )

    def _class_assertion(self, axiom):
        return f"{self.term(axiom.getIndividual())} is {self.expression(axiom.getClassExpression())}."

    def _object_property_assertion(self, axiom):
        return (
            f"{self.term(axiom.getSubject())} is related by '{self.term(axiom.getProperty())}' to "
            f"{self.term(axiom.getObject())}."
        )

    def _negative_object_property_assertion(self, axiom):
        return f"It is not so that {self._object_property_assertion(axiom)}"

    def _data_property_assertion(self, axiom):
        return f"{self.term(axiom.getSubject())} has '{self.term(axiom.getProperty())}' {axiom.getObject()}."

    def _object_property_domain(self, axiom):
        return (
            f"Whatever is related by '{self.term(axiom.getProperty())}' to something "
            f"is {self.expression(axiom.getDomain())}."
        )

    def _object_property_range(self, axiom):
        return (
            f"Whatever something is related to by '{self.term(axiom.getProperty())}' "
            f"is {self.expression(axiom.getRange())}."
        )

    def _sub_object_property_of(self, axiom):
        return (
            f"What is related by '{self.term(axiom.getSubProperty())}' "
            f"is related by '{self.term(axiom.getSuperProperty())}' too."
        )

    def _sub_property_chain_of(self, axiom):
        chain = "' and then '".join(self.term(one) for one in axiom.getPropertyChain())
        return f"What is related by '{chain}' is related by '{self.term(axiom.getSuperProperty())}'."

    def _inverse_object_properties(self, axiom):
        return f"'{self.term(axiom.getFirstProperty())}' is the inverse of '{self.term(axiom.getSecondProperty())}'."

    def _equivalent_object_properties(self, axiom):
        return f"'{chr(39).join(sorted(map(self.term, axiom.getProperties())))}' are the same relation."

    def _characteristic(word):  # noqa: N805, makes a method
        return lambda self, axiom: f"'{self.term(axiom.getProperty())}' is {word}."

    _transitive_object_property = _characteristic("transitive")
    _symmetric_object_property = _characteristic("symmetric")
    _asymmetric_object_property = _characteristic("asymmetric")
    _functional_object_property = _characteristic("functional: it leads to one thing at most")
    _inverse_functional_object_property = _characteristic("inverse functional: one thing at most leads there")
    _reflexive_object_property = _characteristic("reflexive")
    _irrefexive_object_property = _characteristic("irreflexive")
    _functional_data_property = _characteristic("functional: it has one value at most")

    def _different_individuals(self, axiom):
        return f"These are different things: {', '.join(sorted(map(self.term, axiom.getIndividuals())))}."

    def _same_individual(self, axiom):
        return f"These are one thing: {', '.join(sorted(map(self.term, axiom.getIndividuals())))}."


def _method(kind):
    """The name of the method for a kind of axiom or expression: `_sub_class_of` for SubClassOf."""
    return re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), kind)


def _capital(text):
    return text[:1].upper() + text[1:]
