"""Finds where a file on patients misuses terms: no error of syntax or logic, and yet not what is meant."""

import collections
import functools
import re

from .casefile import ASSOCIATED, DISEASE, LEMS, RDF, RDFS, SKOS
from .errors import UnknownName
from .validation import nearmisses

# The classes of OBO have names such as MONDO_0008433, also where the ontology does not know them.
_OBO_CLASS = re.compile(r"http://purl\.obolibrary\.org/obo/[A-Z][A-Za-z]*_[0-9A-Z]+$")
# Misuses with which a statement is none of OWL, or of a term that does not exist: no reasoner is given it.
UNREAD = ("text-as-value", "unknown-term", "wrong-kind")


class Misuse(collections.namedtuple("Misuse", "kind about message mend place triple")):
    """A misused term.

    Attributes:
        kind: `unknown-term`, `wrong-kind`, `class-as-value`, `class-as-subject`, `text-as-value`,
            `claim-property`, `swapped-ends` or `mapped-class`.
        about: the nodes of the individuals that it concerns, the patient's disease first.
        message: what is wrong.
        mend: a statement in Turtle to write instead, or None.
        place: a `validation.findings.Place`, or None.
        triple: the statement.
    """

    __slots__ = ()


def misuses(file):
    """Each `Misuse` in a `casefile.CaseFile`, in the order of its lines."""
    finder = _Finder(file)
    found = [one for node in file.own for one in finder.of(node)]
    return sorted(found, key=lambda one: (one.place[:3] if one.place and one.place.line else ("", 0, 0), one.message))


class _Finder:
    def __init__(self, file):
        self.file = file
        self.family = file.below(DISEASE)
        self.known = nearmisses.Known(file.known | nearmisses.of_vocabularies())
        self.matched = {match: one for one, match in file.pairs(SKOS + "exactMatch") if one in self.family}

    def of(self, node):
        """The misuses in the statements about a node."""
        individual, claimed = node in self.file.individuals, []
        for triple in self.file.own[node]:
            unknown = list(self._unknown(triple))
            yield from unknown
            if unknown:
                continue
            if self._of_claims(triple, individual):
                claimed.append(triple)
            elif individual or self.file.is_class(node):
                found = self._misuse(triple, individual)
                if found:
                    yield found
        if claimed:
            yield self._claimed(node, claimed)

    def _unknown(self, triple):
        """Terms that do not exist: of our namespace, or all but the same as a known one."""
        for place, term in (("predicate", triple.predicate), ("object", triple.object)):
            iri = term.value if type(term).__name__ == "NamedNode" else ""
            if not iri or iri in self.known.iris:
                continue
            meant = self.known.meant(iri, plurals=True)
            if not meant and not iri.startswith(LEMS):
                continue
            short = self.file.short(iri)
            if meant:
                message, new = f"no term '{short}': did you mean '{self.file.short(meant)}'?", _node(meant)
            else:
                names = {self.file.short(one): one for one in self.file.known if one.startswith(LEMS)}
                problem = UnknownName("term", short, names, "'lems-onto ask terms' lists them")
                message = str(problem)
                new = _node(names[problem.suggestions[0]]) if problem.suggestions else None
            parts = {"predicate": triple.predicate, "object": triple.object, place: new}
            mend = self.file.said(triple.subject, parts["predicate"], parts["object"]) if new else None
            where = self.file.locator.predicate if place == "predicate" else self.file.locator.triple
            yield Misuse("unknown-term", self._about(triple), message, mend, where(*triple), triple)

    def _misuse(self, triple, individual):
        file, (subject, predicate, object_) = self.file, triple
        verb, value = predicate.value, getattr(object_, "value", "")
        relation, named = verb in file.relations, type(object_).__name__ == "NamedNode"
        if verb == RDF + "type":
            if named and value in file.relations | file.annotations:
                return self._made("wrong-kind", triple, f"{file.short(value)} is a relation and no class")
            if value in self.matched and individual and not self.family & set(file.types(subject)):
                ours = self.matched[value]
                return self._made(
                    "mapped-class", triple, f"{file.short(value)} is mapped to {file.short(ours)} and not equated with "
                    "it, so that nothing follows", file.said(subject, predicate, _node(ours)),
                )  # fmt: skip
            return None
        if verb in file.classes:
            return self._made("wrong-kind", triple, f"{file.short(verb)} is a class and no relation")
        if not relation:
            return None
        if not individual:
            return self._made(
                "class-as-subject", triple, f"{file.short(subject)} is a class and no patient's disease; give the "
                "patient's one a name",
                f"<https://example.org/case/1> a {file.written(subject, subject)} ; "
                f"{file.written(verb, subject)} {file.written(object_, subject)} .",
            )  # fmt: skip
        if type(object_).__name__ == "Literal":
            return self._text(triple)
        if value in self.family:
            return self._made(
                "class-as-value", triple, f"{file.short(value)} is a class: what the disease is, is said with 'a'",
                file.said(subject, RDF + "type", object_),
            )  # fmt: skip
        if named and (file.is_class(object_) or (value not in file.known and _OBO_CLASS.match(value))):
            return self._made(
                "class-as-value", triple, f"{file.short(value)}{self._called(value)} is a class and no thing of this "
                "patient; give the patient's one a name, or none",
                file.said(subject, predicate, f"[ a {file.written(value, subject)} ]"),
            )  # fmt: skip
        if verb in self.of_disease and self._is_case(object_) and not self._is_case(subject):
            return self._made(
                "swapped-ends", triple, f"{file.short(verb)} leads from the disease; its two ends are exchanged",
                file.said(object_, predicate, subject), (object_, subject),
            )  # fmt: skip
        return None

    def _text(self, triple):
        file, text = self.file, triple.object.value.casefold()
        named = [one for name in (RDFS + "label", SKOS + "altLabel") for one in self._labels(name).get(text, ())]
        cls = file.written(named[0], triple.subject) if named else "CLASS"
        return self._made(
            "text-as-value", triple, f"{file.short(triple.predicate)} leads to a thing and not to a text",
            file.said(triple.subject, triple.predicate, f"[ a {cls} ]"),
        )  # fmt: skip

    def _of_claims(self, triple, individual):
        """Whether a statement speaks of a patient in the words of claims."""
        if not individual or not triple.predicate.value.startswith(LEMS) or self._is_claim(triple.subject):
            return False
        return triple.predicate.value in self.claim_words

    def _claimed(self, node, triples):
        file, triples = self.file, sorted(triples, key=self._line)
        said = {triple.predicate.value: triple for triple in triples}
        words = ", ".join(dict.fromkeys(file.short(triple.predicate) for triple in triples))
        parts = [said[LEMS + name].object for name in ("predicate", "object") if LEMS + name in said]
        mend = None
        if len(parts) == 2 and file.is_class(parts[1]):
            mend = file.said(node, parts[0], f"[ a {file.written(parts[1], node)} ]")
        first = triples[0]
        return Misuse(
            "claim-property", (node,), f"{words}: a claim has {'this' if len(said) == 1 else 'these'}, which is "
            "something that a document says, and a patient's disease has not; relate the disease itself", mend,
            file.locator.predicate(*first), first,
        )  # fmt: skip

    def _made(self, kind, triple, message, mend=None, about=None):
        place = self.file.locator.triple(*triple)
        if kind in ("class-as-subject", "swapped-ends"):
            place = self.file.locator.predicate(*triple)
        return Misuse(kind, about or self._about(triple), message, mend, place, triple)

    def _line(self, triple):
        place = self.file.locator.predicate(*triple)
        return (place.line, place.column) if place and place.line else (0, 0)

    def _about(self, triple):
        return tuple(node for node in (triple.subject, triple.object) if node in self.file.own)

    def _called(self, iri):
        label = self.file.label(iri)
        return f" ({label})" if label else ""

    def _is_case(self, node):
        return bool(self.family & set(self.file.types(node)))

    def _is_claim(self, node):
        kinds = self.file.above(self.file.types(node))
        return bool(kinds & {LEMS + "Claim", LEMS + "TextSpan", LEMS + "Modality"})

    @functools.cached_property
    def of_disease(self):
        """The relations that lead from the disease: those of claims about it, and theirs above and below."""
        told = dict(self.file.pairs(LEMS + "predicate"))
        used = {told.get(claim) for claim, subject in self.file.pairs(LEMS + "subject") if subject in self.family}
        found = set()
        for one in {*used, ASSOCIATED} & self.file.relations:
            for over in self.file.above((one,), RDFS + "subPropertyOf"):
                found |= self.file.below(over, RDFS + "subPropertyOf")
        return found

    @functools.cached_property
    def claim_words(self):
        """The properties of claims and spans: by their domain, and the annotation properties of the ontology."""
        domains = self.file.pairs(RDFS + "domain")
        own = {one for one, domain in domains if domain in (LEMS + "Claim", LEMS + "TextSpan")}
        return own | {one for one in self.file.annotations if one.startswith(LEMS)}

    @functools.cache  # noqa: B019, the finder lives as long as one file is read
    def _labels(self, predicate):
        found = collections.defaultdict(list)
        for iri, text in self.file.pairs(predicate):
            if iri in self.file.classes:
                found[text.casefold()].append(iri)
        return found


def _node(iri):
    import pyoxigraph as ox

    return ox.NamedNode(iri)
