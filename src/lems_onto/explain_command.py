"""The command explain: the axioms that entail a statement, or who claims it and how firmly."""

import json
import sys

from . import terminal, watched, writing
from .arguments import positive
from .errors import LemsError, printable

TIMEOUT = 300
MEMORY = 2048
FIRMNESS = {
    "asserted": "is said without a hedge",
    "possible": "is said to be possible",
    "hypothesized": "is said to be suspected",
    "limitedEvidence": "is said to rest on limited evidence",
    "statedUnknown": "is said to be unknown",
}


def arguments(parser):
    """Add the arguments of the command to its parser."""
    add = parser.add_argument
    add("subject", metavar="SUBJECT", nargs="?", help="a class or an individual: a label, a CURIE or an IRI")
    add("predicate", metavar="PREDICATE", nargs="?", help="a property, or: is a, type, equivalent to, disjoint with")
    add("object", metavar="OBJECT", nargs="?", help="a class or an individual; 'nothing' for what cannot be")
    add("--inconsistency", action="store_true", help="say why the axioms cannot hold together")
    add("--data", metavar="FILE", action="append", default=[], help="an RDF file of yours; may be repeated")
    add("--no-ontology", dest="ontology", action="store_false", help="leave the shipped ontology out")
    add("--format", choices=("human", "json"), default="human", help="form of the explanation (default: human)")
    add("--output", metavar="FILE", help="write the explanation there")
    add("--timeout", metavar="SECONDS", type=positive, default=TIMEOUT, help=f"give up after this long ({TIMEOUT})")
    add("--memory", metavar="MB", type=positive, default=MEMORY, help=f"heap that Java may take (default: {MEMORY})")


def explain(options):
    """Explain a statement, in a process that can be stopped; 0 where it is entailed, 1 where it is not."""
    given = [options.subject, options.predicate, options.object]
    if options.inconsistency == any(given) or (any(given) and not all(given)):
        raise LemsError(
            "a statement has three parts, each in quotes where it has spaces: lems-onto explain LEMS 'is a' "
            "'autoimmune disease'; or give --inconsistency alone"
        )
    if not options.ontology and not options.data:
        raise LemsError("--no-ontology leaves nothing to explain; name files with --data")
    return watched.run(lambda: _explain(options), options.timeout, options.memory + watched.BESIDE_HEAP)


def _explain(options):
    from .reasoning import explaining, ontologies, owlapi

    if options.output is not None:
        writing.keep(options.data, [options.output])
    parts = ontologies.read(*options.data, ontology=options.ontology)
    owlapi.start(options.memory)
    explainer = explaining.Explainer(parts)
    found = (
        explainer.inconsistency()
        if options.inconsistency
        else explainer.statement(options.subject, options.predicate, options.object)
    )
    for iri in found.imports:
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it with --data", file=sys.stderr)
    names = explainer.names
    text = as_json(found, names) if options.format == "json" else told(found, names, terminal.width())
    if options.output is None:
        terminal.write(text)
    else:
        writing.write(text, options.output)
    return 0 if found.entailed else 1


def told(found, names, width=80):
    """An `Explanation` for people.

    Args:
        found: the explanation.
        names: the `Names` of the ontologies.
        width: how many columns there are.
    """
    lines = [found.statement, ""]
    if found.entailed:
        many = len(found.sets) > 1
        if found.inconsistent and found.statement[:3] != "The":
            lines += ["It follows because the axioms cannot hold together, and then everything follows.", ""]
        else:
            lines += [f"It follows{f', in {len(found.sets)} ways' if many else ''}:", ""]
        for number, reasons in enumerate(found.sets, 1):
            lines += [f"{number}."] if many else []
            for reason in reasons:
                lines += [f"- {reason.words}", *_sources(reason)]
            lines.append("")
        if not found.complete:
            lines += ["There are more ways, which were not looked for.", ""]
    else:
        lines += ["It does not follow from the axioms.", ""]
        for claim in found.claims:
            lines += [f"- {names.short(claim.iri)} {FIRMNESS.get(claim.modality, claim.modality)}: {claim.label}"]
            lines += [f"    relation: {names.of(claim.predicate)}", *map(_mention, claim.mentions)]
        if not found.claims:
            lines += ["No claim says it either."]
        lines.append("")
    return "\n".join(_wrapped(printable(line), width) for line in lines[:-1]) + "\n"


def _sources(reason):
    lines = []
    for claim in reason.claims:
        lines += [f"    claim: {claim.label} ({claim.iri.rsplit('/', 1)[-1]})", *map(_mention, claim.mentions)]
    if reason.origin:
        lines.append(f"    follows in {reason.origin}, from which the term is borrowed")
    elif not reason.claims:
        lines.append(f"    stands in {', '.join(reason.parts)}")
    return lines


def _mention(mention):
    hedges = ", ".join(f"'{hedge.exact}' at {hedge.start}-{hedge.end}" for hedge in mention.hedges)
    return f"    characters {mention.start}-{mention.end}: '{mention.exact}'" + (f", under {hedges}" if hedges else "")


def _wrapped(line, width):
    import textwrap

    indent = " " * (len(line) - len(line.lstrip(" -")))
    return "\n".join(textwrap.wrap(line, width - 1, subsequent_indent=indent, break_long_words=False)) if line else ""


def as_json(found, names):
    """An `Explanation` as JSON."""
    return json.dumps(plain(found, names), indent=2, ensure_ascii=False) + "\n"


def plain(found, names):
    """An `Explanation` as dicts and lists."""
    subject, predicate, object_ = found.subject
    return {
        "statement": found.statement,
        "subject": subject, "predicate": predicate, "object": object_,
        "entailed": found.entailed,
        "inconsistent": found.inconsistent,
        "complete": found.complete,
        "justifications": [
            [
                {
                    "axiom": reason.axiom, "words": reason.words, "files": list(reason.parts),
                    "borrowedFrom": reason.origin, "claims": [_claim(claim, names) for claim in reason.claims],
                }
                for reason in reasons
            ]
            for reasons in found.sets
        ],
        "claims": [_claim(claim, names) for claim in found.claims],
    }  # fmt: skip


def _claim(claim, names):
    return {
        "claim": claim.iri, "label": claim.label, "predicate": claim.predicate,
        "predicateLabel": names.of(claim.predicate), "modality": claim.modality,
        "mentions": [
            {
                "start": one.start, "end": one.end, "exact": one.exact, "document": one.document,
                "hedges": [{"start": hedge.start, "end": hedge.end, "exact": hedge.exact} for hedge in one.hedges],
            }
            for one in claim.mentions
        ],
    }  # fmt: skip
