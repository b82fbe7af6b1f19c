"""Writes what follows for cases: for people, and as JSON."""

from . import terms
from .classifying import VERDICTS
from .errors import printable

FORMATS = ("human", "json")


def write(found, form="human", width=80):
    """The text of a `classifying.Classification` in one of `FORMATS`, its sentences as wide as so many columns."""
    return _json(found) if form == "json" else _human(found, width)


def _human(found, width):
    lines = []
    for case in found.cases:
        lines += [f"{_at(case.place)}{_short(case.individual, found)}: {case.verdict}", *_about(case, found, width), ""]
    told = {mistake for case in found.cases for mistake in case.misuses}
    for mistake in found.mistakes:
        if mistake not in told:
            lines += [*_mistaken(mistake, "", width), ""]
    return "\n".join([*lines, _summary(found)]) + "\n"


def _about(case, found, width):
    """The lines below the head of a case; a statement stays on its line, to be copied."""
    if case.verdict == "inconsistent":
        yield from _prose("these statements cannot all hold; take back what is wrong:", " " * 4, width)
        yield from (f"        {_at(step.place)}{printable(step.statement)}" for step in case.clash)
        if case.because:
            yield "    because:"
            for words in case.because:
                yield from _prose(printable(words), " " * 8, width)
    elif case.classes:
        names = ", ".join(_named(iri, found) for iri in case.classes)
        yield from _prose(f"{'as it is written, ' if case.misuses else ''}it is: {names}", " " * 4, width)
    if case.between:
        names = " and ".join(_named(iri, found) for iri in case.between)
        yield from _prose(f"{'open between' if len(case.between) > 1 else 'it may be'}: {names}", " " * 4, width)
        yield "    it would be settled by:"
        wide = max(len(step.statement) for step in case.settle)
        for step in case.settle:
            yield f"        {printable(step.statement).ljust(wide)}  # {step.why}"
    for mistake in case.misuses:
        yield from _mistaken(mistake, " " * 4, width)


def _mistaken(mistake, indent, width):
    yield from _prose(f"{_at(mistake.place)}{mistake.kind}: {printable(mistake.message)}", indent, width)
    if mistake.mend:
        yield f"{indent}    write: {printable(mistake.mend)}"


def _prose(text, indent, width):
    """The lines of a sentence."""
    import textwrap

    options = {"initial_indent": indent, "subsequent_indent": indent + "    "}
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False, **options)


def _summary(found):
    counts = [(sum(case.verdict == verdict for case in found.cases), verdict) for verdict in VERDICTS]
    said = ", ".join(f"{count} {verdict}" for count, verdict in counts if count)
    number = len(found.cases)
    if not number:
        return "no case: give the patient's disease the class lems:LambertEatonMyasthenicSyndrome"
    return f"{number} case{'s' * (number > 1)}: {said}"


def _at(place):
    return f"{place}: " if place else ""


def _short(iri, found):
    return printable(iri if iri.startswith("_:") else terms.contract(iri, found.prefixes))


def _named(iri, found):
    label = found.labels.get(iri)
    return f"{_short(iri, found)} ({printable(label)})" if label else _short(iri, found)


def _json(found):
    import json

    def where(place):
        return place and {"file": place.file, "line": place.line, "column": place.column}

    def term(iri):
        return {"iri": iri, "label": found.labels.get(iri)}

    def mistaken(one):
        return {"kind": one.kind, "message": one.message, "mend": one.mend, "place": where(one.place)}

    made = {
        "files": found.files,
        "exitCode": found.exit_code,
        "counts": {verdict: sum(case.verdict == verdict for case in found.cases) for verdict in VERDICTS},
        "cases": [
            {
                "individual": case.individual,
                "verdict": case.verdict,
                "classes": [term(iri) for iri in case.classes],
                "between": [term(iri) for iri in case.between],
                "settle": [{"statement": one.statement, "why": one.why} for one in case.settle],
                "clash": [{"statement": one.statement, "place": where(one.place)} for one in case.clash],
                "because": case.because,
                "misuses": [mistaken(one) for one in case.misuses],
                "place": where(case.place),
            }
            for case in found.cases
        ],
        "mistakes": [mistaken(one) for one in found.mistakes],
        "prefixes": found.prefixes,
    }
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"
