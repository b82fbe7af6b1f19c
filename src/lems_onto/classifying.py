"""Says what follows for the cases of patients: their form, whether it is settled, and what is wrong with the record."""

import collections

from .casefile import ASSOCIATED, CANCER, DISEASE, FORMS, HEDGED, LEMS, RDF, RDFS, CaseFile
from .caseworld import World, name

VERDICTS = ("classified", "open", "inconsistent", "misused")
# How many inconsistent cases are explained; each takes a second or more.
MOST_EXPLAINED = 3


class Case(collections.namedtuple("Case", "individual verdict classes between settle clash because misuses place")):
    """One individual that is a case of the disease, or could be one.

    Attributes:
        individual: its IRI, or `_:` and the label of a node without one.
        verdict: one of `VERDICTS`.
        classes: IRIs of the most special classes that follow for it; none of an inconsistent one.
        between: IRIs of the classes between which it stays open: the two forms, or the disease alone where that
            is all that may be added; else empty.
        settle: the `Step` of each statement that would settle it.
        clash: the `Step` of each statement of the files that bears on a contradiction, with its place.
        because: sentences that cannot hold together, where the extra `reasoner` is installed.
        misuses: the `Mistake` of each misused term.
        place: where the files tell of it, a `validation.findings.Place` or None.
    """

    __slots__ = ()


class Step(collections.namedtuple("Step", "statement why place")):
    """A statement in Turtle, with the circumstance in which it holds, or where it stands."""

    __slots__ = ()


class Mistake(collections.namedtuple("Mistake", "kind message mend place")):
    """A misused term: its kind, what is wrong, a statement in Turtle to write instead or None, and its place."""

    __slots__ = ()


class Classification(collections.namedtuple("Classification", "files cases mistakes imports prefixes labels")):
    """What follows for the cases of some files.

    Attributes:
        files: their paths.
        cases: the `Case` of each case, in the order of files and lines.
        mistakes: each `Mistake`, those of no case too.
        imports: ontologies that the files import and that were not fetched.
        prefixes: those of the ontology and of the files.
        labels: a dict from the IRI of each class named here to its label.
    """

    __slots__ = ()

    @property
    def exit_code(self):
        """1 for a case that is inconsistent or misused, or any mistake; 4 where there is no case; else 0."""
        if self.mistakes or any(case.verdict in ("inconsistent", "misused") for case in self.cases):
            return 1
        return 0 if self.cases else 4


def classify(*paths, contents=None, timeout=600, memory=2048):
    """What follows for the cases in RDF files, which are read as one graph together with the shipped ontology.

    Args:
        paths: the files.
        contents: a dict from path to bytes, for what is not read from a file.
        timeout: seconds after which a run of the reasoner is stopped.
        memory: megabytes that its heap may take.

    Returns:
        A `Classification`.

    Raises:
        UnreadableFile: a file cannot be read, or would mislead or attack an OWL tool.
        NoJava: there is no Java.
        JavaFailed: the reasoner did not do its work.
    """
    from . import misusing
    from .validation import inputs

    data = inputs.load(paths, ontology=False, contents=contents)
    file = CaseFile(data)
    misuses = misusing.misuses(file)
    world = World(file, [one.triple for one in misuses if one.kind in misusing.UNREAD], timeout, memory)
    made = [
        _case(file, world, node, [one for one in misuses if node in one.about])
        for node in file.individuals
        if _could_be(file, world, node, misuses)
    ]
    # A class of the disease in the place of a patient's is no individual, and yet where a patient is told of.
    for one in misuses:
        if one.kind == "class-as-subject" and one.triple.subject.value in file.below(DISEASE):
            mistake = Mistake(one.kind, one.message, one.mend, one.place)
            place = file.locator.subject(one.triple.subject)
            made.append(Case(one.triple.subject.value, "misused", (), (), (), (), (), (mistake,), place))
    made = sorted(_explained(world, made), key=lambda case: _in_order(case.place, paths))
    mistakes = tuple(Mistake(one.kind, one.message, one.mend, one.place) for one in misuses)
    named = {iri for case in made for iri in (*case.classes, *case.between)}
    labels = {iri: file.label(iri) for iri in named if file.label(iri)}
    return Classification(tuple(paths), tuple(made), mistakes, tuple(sorted(data.imports)), file.prefixes, labels)


def _in_order(place, paths):
    return (paths.index(place.file), place.line or 0, place.column or 0) if place else (len(paths), 0, 0)


def _could_be(file, world, node, misuses):
    """Whether an individual is a case of the disease, or what is said or misused of it leaves room for that."""
    stated, found = file.above(file.types(node)), world.of(node)
    if DISEASE in stated or (found and DISEASE in found.ancestors(name(node))):
        return True
    family = file.below(DISEASE)
    for one in misuses:
        meant = one.mend and any(f" a {file.written(iri, node)} " in one.mend for iri in family)
        if one.about[:1] == (node,) and (one.kind == "mapped-class" or (one.kind == "unknown-term" and meant)):
            return True
    # A disease of the neuromuscular junction, to which nothing else leads: a record that was not told to its end.
    broader = {iri for iri in file.above((DISEASE,)) if iri in file.types(node)}
    direct = set(file.values(DISEASE, RDFS + "subClassOf"))
    return bool(broader & direct) and node not in file.values_used and set(file.types(node)) <= file.above((DISEASE,))


def _case(file, world, node, misuses):
    found, own = world.of(node), name(node)
    mistakes = tuple(Mistake(one.kind, one.message, one.mend, one.place) for one in misuses)
    place = file.locator.subject(node)
    if found is None:
        return Case(own, "inconsistent", (), (), (), _bearing(file, node), (), mistakes, place)
    above = found.ancestors(own)
    # Of a class that does not exist nothing is said but the mistake.
    stated = [iri for iri in file.types(node) if iri in file.known or not iri.startswith(LEMS)]
    classes = tuple(sorted(_most_special(found, above) or stated))
    settled = set(FORMS) & above
    between = () if settled else FORMS if DISEASE in above else (DISEASE,)
    verdict = "misused" if mistakes else "classified" if settled else "open"
    settle = () if settled or mistakes else tuple(_steps(file, found, node, DISEASE in above))
    return Case(own, verdict, classes, between if verdict == "open" else (), settle, (), (), mistakes, place)


def _most_special(found, classes):
    """The named classes of some below which none of the others lies."""
    own = {one for one in classes if not one.startswith("urn:")}
    higher = {over for one in own for over in found.ancestors(one) if one not in found.ancestors(over)}
    return own - higher - {"http://www.w3.org/2002/07/owl#Thing"}


def _steps(file, found, node, is_case):
    """The statements that would settle an open case, those that take up what the files say first."""
    if not is_case:
        yield Step(file.said(node, RDF + "type", file.written(DISEASE, node)), "if it is this disease", None)
        return
    firm, loose = (file.below(one, RDFS + "subPropertyOf") for one in (ASSOCIATED, HEDGED))
    cancer = file.written(CANCER, node)
    for _, predicate, other in file.own[node]:
        if type(other).__name__ == "Literal":
            continue
        is_cancer = CANCER in found.ancestors(name(other))
        if predicate.value in firm and not file.types(other) and not is_cancer:
            said = file.said(other, RDF + "type", cancer, node)
            yield Step(said, "if it is a cancer, of this class or a narrower one", None)
        elif predicate.value in firm and not is_cancer:
            for iri in file.types(other):
                if iri not in file.known:
                    said = file.said(iri, RDFS + "subClassOf", cancer, node)
                    yield Step(said, "if that is a class of cancers", None)
        elif predicate.value in loose and is_cancer:
            yield Step(file.said(node, ASSOCIATED, other), "if it is confirmed", None)
    yield Step(file.said(node, ASSOCIATED, f"[ a {cancer} ]"), "if a cancer was found", None)
    yield Step(file.said(node, RDF + "type", file.written(FORMS[1], node)), "if cancer was excluded", None)


def _bearing(file, node):
    """The statements of the files that bear on the form of a case, or all about it where none does."""
    firm, family = file.below(ASSOCIATED, RDFS + "subPropertyOf"), file.below(DISEASE) - {DISEASE}
    chosen = []
    for triple in file.own[node]:
        value = getattr(triple.object, "value", "")
        if triple.predicate.value == RDF + "type" and (value in family or str(triple.object).startswith("_:")):
            chosen.append(triple)
        elif triple.predicate.value in firm:
            chosen.append(triple)
            kinds = file.own.get(triple.object, ())
            chosen += [one for one in kinds if one.predicate.value == RDF + "type" and one.object.value in file.known]
    steps = []
    for triple in dict.fromkeys(chosen or file.own[node]):
        place = file.locator.triple(*triple)
        blank = str(triple.object).startswith("_:")
        said = file.said(triple.subject, triple.predicate, "[ ... ]" if blank else triple.object)
        steps.append(Step(said, None, place))
    return tuple(sorted(steps, key=lambda one: (one.place.line or 0) if one.place else 0))


def _explained(world, cases):
    """Cases, the first inconsistent ones with sentences that cannot hold together, where OWLAPI can be had."""
    from .errors import LemsError

    left = MOST_EXPLAINED
    for case in cases:
        if case.verdict == "inconsistent" and left:
            left -= 1
            node = next(node for node in world.file.individuals if name(node) == case.individual)
            try:
                from .reasoning import explaining

                why = explaining.Explainer([world.part(world.group(node))]).inconsistency()
                said = [tuple(reason.words for reason in reasons) for reasons in why.sets]
                case = case._replace(because=min(said, key=lambda words: (len(words), words), default=()))
            except LemsError:
                # Without the extra, or in a Java that fails, the statements that bear on it say enough.
                left = 0
        yield case
