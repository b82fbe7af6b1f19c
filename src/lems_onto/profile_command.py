"""The command profile: which profiles of OWL 2 an ontology keeps, and what leaves them."""

import json
import sys

from . import terminal, watched, writing
from .arguments import positive
from .errors import LemsError

TIMEOUT = 300
MEMORY = 2048


def arguments(parser):
    """Add the arguments of the command to its parser."""
    add = parser.add_argument
    add(
        "files",
        metavar="FILE",
        nargs="*",
        help="RDF files, read as one ontology, with the shipped one where they import it (default: that alone)",
    )
    add(
        "--require", choices=("dl", "el", "rl", "ql"), action="append", default=[],
        help="exit with 1 where this profile is left (default: dl); may be repeated",
    )  # fmt: skip
    add("--format", choices=("human", "json"), default="human", help="form of the answer (default: human)")
    add("--all", action="store_true", help="show all that leaves a profile, not the first of each kind")
    add("--write-el", metavar="FILE", help="write the part within OWL 2 EL there, as Turtle")
    add("--timeout", metavar="SECONDS", type=positive, default=TIMEOUT, help=f"give up after this long ({TIMEOUT})")
    add("--memory", metavar="MB", type=positive, default=MEMORY, help=f"heap that Java may take (default: {MEMORY})")


def profile(options):
    """Check the profiles, in a process that can be stopped; 1 where a required one is left."""
    return watched.run(lambda: _profile(options), options.timeout, options.memory + watched.BESIDE_HEAP)


def _profile(options):
    from .reasoning import ontologies, owlapi, profiles

    if options.write_el is not None:
        writing.keep(options.files, [options.write_el])
        if not options.write_el.endswith(".ttl"):
            raise LemsError(f"{options.write_el}: the part within OWL 2 EL is Turtle; name a file that ends in .ttl")
    parts = [ontologies.part(path) for path in options.files] or ontologies.read()
    if options.files and ontologies.imports_shipped(parts):
        # What an import brings declares what the files use.
        parts = ontologies.read(*options.files)
    for iri in ontologies.imports(parts):
        print(f"lems-onto: imports {iri}, which was not fetched; name a copy of it as a FILE", file=sys.stderr)
    owlapi.start(options.memory)
    found = profiles.check(parts)
    text = as_json(found) if options.format == "json" else told(found, terminal.width(), options.all)
    if options.write_el is not None:
        from .reasoning import naming, products

        product, changes = products.el(parts)
        writing.write(product, options.write_el)
        if options.format == "human":
            text += _changed(changes, naming.Names(parts), options.write_el)
    terminal.write(text)
    return 1 if any(found[name] for name in options.require or ("dl",)) else 0


def told(found, width=80, everything=False):
    """The violations of profiles for people; the first two of each kind, or all of them."""
    import textwrap

    text = ""
    for name, violations in found.items():
        logical = [one for one in violations if one.logical]
        head = (
            "kept"
            if not violations
            else f"left by {len(logical)} logical axioms, {len(violations) - len(logical)} others"
        )
        text += f"OWL 2 {name.upper()}: {head}\n"
        kinds = {}
        for one in violations:
            kinds.setdefault((one.logical, one.rule), []).append(one.words)
        for (is_logical, rule), words in kinds.items():
            text += f"  {rule} ({len(words)}{'' if is_logical else ', annotations and the header'})\n"
            shown = words if everything else words[: 2 if is_logical else 0]
            for one in shown:
                text += textwrap.fill(one, width - 1, initial_indent="    - ", subsequent_indent="      ") + "\n"
            if is_logical and len(words) > len(shown):
                text += f"    and {len(words) - len(shown)} more; --all shows them\n"
    return text


def _changed(changes, names, path):
    """What was replaced or left out in the part within OWL 2 EL."""

    def said(triple):
        return " ".join(names.of(node.value) if type(node).__name__ == "NamedNode" else "[...]" for node in triple)

    text = f"\n{path} holds the part within OWL 2 EL. In it\n"
    for removed, instead in changes:
        text += f"  {said(removed)}\n    is {'replaced by' if instead else 'left out'}\n"
        text += "".join(f"      {said(one)}\n" for one in instead)
    return text


def as_json(found):
    """The violations of profiles as JSON."""
    return json.dumps(
        {
            name: {"kept": not violations, "violations": [one._asdict() for one in violations]}
            for name, violations in found.items()
        },
        indent=2,
        ensure_ascii=False,
    ) + "\n"  # fmt: skip
