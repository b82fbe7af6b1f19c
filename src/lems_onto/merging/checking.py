"""Asks a reasoner about the two sides of a merge, each alone and together, and lays down what changed for the rules."""

import collections
import concurrent.futures
import contextlib
import tempfile
import time

from .. import expecting, reading
from ..errors import LemsError
from ..reasoning import ontologies, reasoners
from ..reasoning.inferences import NOTHING, THING, Inferred
from ..reasoning.processes import JavaFailed
from . import changes, modules
from .rules import SPACE
from .sides import described

CASES = "https://example.org/expected/"
PROBES = "urn:lems-onto:probe:"

Checked = collections.namedtuple("Checked", "news before expected consistent")
Checked.__doc__ = """What a reasoner says of a merge.

Attributes:
    news: what follows from both and from neither alone: subject, relation and object as IRIs.
    before: what could not hold in theirs alone, in the same form.
    expected: dicts of what the rules read of the inferences that are expected.
    consistent: whether the merged ontology is.
"""


def check(sides, timeout, memory):
    """Reason over the sides of a merge.

    Claims and spans of the shipped ontology are reasoned over by themselves,
    with what the merged ontology says of their terms: nothing relates them to
    anything else, and among many classes they cost a reasoner most of its time.

    Args:
        sides: the `sides.Sides`.
        timeout: seconds that all of it may take.
        memory: megabytes that the heap of each of two Javas may take.

    Raises:
        NoJava, JavaFailed, Unwritable: as `reasoners.infer`.
    """
    end = time.monotonic() + timeout

    def ask(triples):
        left = end - time.monotonic()
        if left <= 0:
            raise JavaFailed(f"the reasoner did not end within {timeout:g} s; name less, or raise --timeout")
        return reasoners.infer(triples, timeout=left, memory=memory)

    ours, theirs = ontologies.triples(sides.ours), ontologies.triples(sides.theirs)
    kept = {*expecting.beside_claims(ours)}
    claims = {one.subject.value for one in ours if one not in kept}
    together, (axioms, probes) = expecting.beside_claims(sides.triples), expecting.axioms()
    cases = [quad.triple for quad in reading.parse(f"{expecting.folder()}/{expecting.GIVEN}")[2]]
    # What decides about some terms is small, while each class that a probe names costs among many.
    asked = {one for axiom in axioms for subject, _, value in axiom.questions for one in (subject, value)}
    given = [
        expecting.beside_claims(theirs),
        together,
        expecting.beside_claims(ours),
        modules.around(together + probes + cases, asked)[1],
        modules.around(sides.triples, claims)[1],
    ]
    with _room():
        pool = concurrent.futures.ThreadPoolExecutor(2)
        try:
            alone, both, own, expected, claimed = pool.map(ask, given)
        finally:
            # Who is told to end does not wait for a reasoner, and one that fails leaves nothing for the others to do.
            pool.shutdown(wait=False, cancel_futures=True)
        cases_hold = expected is not None
        if not cases_hold and both is not None:
            expected = ask(modules.around(together + probes, asked)[1])
    if alone is None:
        return Checked([], [(THING, changes.SUBCLASS, NOTHING)], [], False)
    before = changes.Followed(changes.settled(alone, theirs))
    faults = [(one, changes.SUBCLASS, NOTHING) for one in sorted(before.unsatisfiable)]
    if both is None or claimed is None:
        return Checked([(THING, changes.SUBCLASS, NOTHING)], faults, [], False)
    merged = changes.Followed(changes.settled(both, sides.triples))
    shipped = changes.Followed(changes.settled(own, ours))
    impossible = merged.unsatisfiable - before.unsatisfiable - shipped.unsatisfiable
    news = [(one, changes.SUBCLASS, NOTHING) for one in sorted(impossible)]
    news += changes.news(
        merged, (described(sides.theirs), before), (described(sides.ours), shipped), changes.stated(sides.triples)
    )
    return Checked(news, faults, _expected(axioms, expected, cases_hold, merged.unsatisfiable), True)


@contextlib.contextmanager
def _room():
    """A folder for all that reasoners are given, which goes when the work ends, however it does."""
    before = tempfile.tempdir
    try:
        with tempfile.TemporaryDirectory(prefix="lems-onto-") as folder:
            tempfile.tempdir = folder
            yield
    except OSError as problem:
        reason = (problem.strerror or str(problem)).lower()
        raise LemsError(f"no room for the copies for the reasoner: {reason}; make room or set TMPDIR") from problem
    finally:
        tempfile.tempdir = before


def _expected(axioms, found, cases_hold, impossible):
    """What became of the inferences that are expected: of each a dict from names that the rules know to texts."""
    inferred = Inferred(reasoners.NAMES[0], True, found)
    told = {} if cases_hold else {expecting.GIVEN: {"impossible": expecting.GIVEN}}
    for axiom in axioms:
        of_case = any(CASES in one for question in axiom.questions for one in question)
        # Of what is impossible everything follows; that it is, is told by itself.
        if (of_case and not cases_hold) or any(subject in impossible for subject, _, _ in axiom.questions):
            continue
        if axiom.wanted != all(inferred.entails(*question) for question in axiom.questions):
            said = {"missing" if axiom.wanted else "unwanted": axiom.text, "file": axiom.file, "case": of_case}
            subject, _, value = axiom.questions[0]
            if not subject.startswith(PROBES):
                said["about"] = subject
            if PROBES not in subject + value:
                said["value"] = value
            # Two files may forbid one thing.
            told.setdefault(axiom.text, said)
    # What follows for classes follows for patients, who are told of where it does for them alone.
    of_classes = any("unwanted" in one and not one["case"] for one in told.values())
    return [
        {key: value for key, value in one.items() if key != "case"}
        for one in told.values()
        if not (of_classes and one.get("case") and "unwanted" in one)
    ]


def quads(checked, lost):
    """What was found as quads of pyoxigraph for the rules.

    Args:
        checked: a `Checked`.
        lost: pairs of a profile that is lost and what leaves it.
    """
    import pyoxigraph as ox

    def graph(name):
        return ox.NamedNode(SPACE + name)

    for name in ("news", "before"):
        for row in getattr(checked, name):
            yield ox.Quad(*map(ox.NamedNode, row), graph(name))
    said = [*checked.expected, *({"profile": profile, "leftBy": violation} for profile, violation in lost)]
    for number, values in enumerate(said):
        for key, value in values.items():
            term = ox.NamedNode(value) if key in ("about", "value") else ox.Literal(value)
            yield ox.Quad(ox.BlankNode(f"e{number}"), ox.NamedNode(SPACE + key), term, graph("expected"))
