"""The command reason: what follows from an ontology, and what in it cannot be."""

import json
import sys

from . import tables, terminal, watched, writing
from .arguments import positive
from .errors import LemsError

ENDINGS = {".json": "json", ".ttl": "turtle"}


def arguments(parser):
    """Add the arguments of the command to its parser."""
    from . import reasoning

    add = parser.add_argument
    add("files", metavar="FILE", nargs="*", help="RDF files, read together with the shipped ontology")
    add("--no-ontology", dest="ontology", action="store_false", help="leave the shipped ontology out")
    add(
        "--reasoner", choices=reasoning.NAMES, default=reasoning.NAMES[0],
        help=f"what reasons (default: {reasoning.NAMES[0]})",
    )  # fmt: skip
    add("--all", action="store_true", help="also what is stated or follows from stated superclasses alone")
    add(
        "--format",
        choices=("human", "json", "turtle"),
        help="form of the answer (default: human, or by the ending of FILE)",
    )
    add("--output", metavar="FILE", help="write the answer there")
    number = {"type": positive}
    add(
        "--timeout",
        metavar="SECONDS",
        default=reasoning.TIMEOUT,
        help=f"give up after this long ({reasoning.TIMEOUT})",
        **number,
    )
    add(
        "--memory",
        metavar="MB",
        default=reasoning.MEMORY,
        help=f"heap that Java may take (default: {reasoning.MEMORY})",
        **number,
    )


def reason(options):
    """Reason, in a process that can be stopped; 0 where all is consistent and every class satisfiable, else 1."""
    if not options.ontology and not options.files:
        raise LemsError("--no-ontology leaves nothing to reason over; name files")
    return watched.run(lambda: _reason(options), options.timeout + 60, options.memory + watched.BESIDE_HEAP)


def _reason(options):
    from . import reasoning
    from .reasoning import naming, ontologies

    if options.output is not None:
        writing.keep(options.files, [options.output])
    found = reasoning.reason(
        *options.files, ontology=options.ontology, reasoner=options.reasoner,
        timeout=options.timeout, memory=options.memory,
    )  # fmt: skip
    for iri in found.imports:
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it as a FILE", file=sys.stderr)
    if found.undeclared:
        print(
            f"lems-onto: not declared, so that no reasoner reads what they say: {', '.join(found.undeclared)}; declare "
            "each as an owl:ObjectProperty, owl:DatatypeProperty or owl:AnnotationProperty",
            file=sys.stderr,
        )
    parts = ontologies.read(*options.files, ontology=options.ontology)
    why = "" if found.consistent else _why(parts, options)
    names = naming.Names(parts)
    ending = "." + (options.output or "").rpartition(".")[2]
    form = options.format or ENDINGS.get(ending, "human")
    text = {"human": told, "json": as_json, "turtle": as_turtle}[form](found, names, options.all)
    if options.output is None:
        terminal.write(text + (why if form == "human" else ""))
    else:
        writing.write(text, options.output)
    if form != "human" or options.output is not None:
        sys.stderr.write(why)
    return 0 if found.consistent and not found.unsatisfiable else 1


def _why(parts, options):
    """The axioms that cannot hold together, for people."""
    from . import explain_command
    from .reasoning import explaining, owlapi

    try:
        owlapi.start(options.memory)
        explainer = explaining.Explainer(parts)
        return "\n" + explain_command.told(explainer.inconsistency(), explainer.names, terminal.width())
    except LemsError as problem:
        return f"\nWhich axioms these are cannot be said: {problem}\n"


def _pairs(found, everything):
    """Pairs of subclass and of type that an answer shows."""
    return (found.subclasses, found.types) if everything else (found.new_subclasses, found.new_types)


def told(found, names, everything=False):
    """An `Inferred` for people; what is stated already, with `everything` alone."""
    if not found.consistent:
        return f"{found.reasoner}: inconsistent, the axioms cannot hold together\n"
    text = f"{found.reasoner}: consistent\n"
    if found.unsatisfiable:
        text += "\nClasses that can have no instance (why: lems-onto explain CLASS 'is a' nothing --data FILE)\n\n"
        text += tables.plain(["class", "label"], [[names.short(one), names.of(one)] for one in found.unsatisfiable])
    else:
        text += "every class can have an instance\n"
    for title, pairs in zip(("class", "individual"), _pairs(found, everything), strict=True):
        kind = "Superclasses" if title == "class" else "Types"
        if pairs:
            text += f"\n{kind} that follow{'' if everything else ' and are not stated'}\n\n"
            text += tables.plain([title, "is a"], [[names.of(below), names.of(above)] for below, above in pairs])
        elif not everything:
            text += f"{kind.lower()} that follow and are not stated: none\n"
    return text


def as_json(found, names, everything=False):
    """An `Inferred` as JSON."""
    subclasses, types = _pairs(found, everything)
    labels = {one: names.of(one) for pair in [*subclasses, *types] for one in pair}
    return json.dumps(
        {
            "reasoner": found.reasoner,
            "consistent": found.consistent,
            "unsatisfiable": list(found.unsatisfiable),
            "subclasses": [{"class": below, "superclass": above} for below, above in subclasses],
            "types": [{"individual": one, "class": above} for one, above in types],
            "equivalents": [list(group) for group in found.equivalents],
            "labels": dict(sorted(labels.items())),
            "imports": list(found.imports),
        },
        indent=2,
        ensure_ascii=False,
    ) + "\n"  # fmt: skip


def as_turtle(found, names, everything=False):
    """What was inferred as triples, to be loaded beside the input; individuals without a name are left out."""
    import pyoxigraph as ox

    from .reasoning.admission import OWL, RDF
    from .reasoning.inferences import NOTHING
    from .reasoning.ontologies import RDFS

    subclasses, types = _pairs(found, everything)
    rows = [(below, RDFS + "subClassOf", above) for below, above in subclasses]
    rows += [(one, RDF + "type", above) for one, above in types if one[:2] != "_:"]
    rows += [(one, RDFS + "subClassOf", NOTHING) for one in found.unsatisfiable]
    rows += [(group[0], OWL + "equivalentClass", other) for group in found.equivalents for other in group[1:]]
    if not found.consistent:
        rows = [(OWL + "Thing", RDFS + "subClassOf", NOTHING)]
    triples = [ox.Triple(*map(ox.NamedNode, row)) for row in rows]
    used = {prefix: space for prefix, space in names.prefixes.items() if any(space in str(one) for one in triples)}
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used).decode()
