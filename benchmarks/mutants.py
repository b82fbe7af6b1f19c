"""Breaks the shipped graph in every systematic way; prints which mutants no shape, check, sheet or near miss catches.

    python benchmarks/mutants.py [--sample N] [--seed S] [--operator NAME] [--check] [--count] [--list]

A mutant is the shipped graph with a few triples taken out and a few put in; an
operator makes one kind of mutant out of every triple that it fits. Each mutant
is held to all that `lems-onto validate` holds the shipped ontology to, and to
the sheets of tests/ontology, until something catches it. A mutant that nothing catches survives, and
tests/shapes/survivors.tsv gives the reason why it is still a correct graph, or
who catches it instead: operator, pattern (a predicate and the kind of its
subject), reason, and how many there are. All columns but the last are written
by hand; the first row that fits a survivor is its reason, and * stands for
anything.

With --sample, N mutants are drawn, from each operator alike. With --check, all
are made, and the run fails where a survivor has no reason, a reason has no
survivor, or a count is another one; --count writes the counts. With --list,
each survivor without a reason is shown, with it, each at all.
"""

import argparse
import csv
import fnmatch
import hashlib
import itertools
import random
import sys
import time
from collections import Counter, defaultdict, namedtuple
from pathlib import Path

import pyoxigraph as ox
import shacl

from lems_onto import catalog, engines, querytext, resources
from lems_onto.errors import BrokenShapes
from lems_onto.validation import nearmisses, selects, shapesgraph, targets

TESTS = Path(__file__).resolve().parent.parent / "tests"
SURVIVORS = TESTS / "shapes" / "survivors.tsv"
SHEETS = sorted((TESTS / "ontology" / "sheets").glob("*.rq"))
COLUMNS = ("operator", "pattern", "reason", "count")
LEMS = "https://w3id.org/lems-onto/"
ONTOLOGY = ox.NamedNode(LEMS.rstrip("/"))
DOCUMENT = ox.NamedNode(LEMS + "document/gard-6851")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OA = "http://www.w3.org/ns/oa#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
TYPE, LABEL = ox.NamedNode(RDF + "type"), ox.NamedNode(RDFS + "label")
SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
DEPRECATED = ox.NamedNode(OWL + "deprecated")
START, END, EXACT = (ox.NamedNode(OA + name) for name in ("start", "end", "exact"))
MODALITIES = tuple(
    ox.NamedNode(LEMS + name) for name in ("asserted", "hypothesized", "limitedEvidence", "possible", "statedUnknown")
)


class Mutant(namedtuple("Mutant", "operator pattern removed added")):
    """A broken graph.

    Attributes:
        operator: the name of the operator that made it.
        pattern: the predicate that was touched and the kind of its subject.
        removed, added: tuples of `pyoxigraph.Triple`, to take out and to put in.
    """

    __slots__ = ()

    def __str__(self):
        told = [f"- {triple}" for triple in self.removed] + [f"+ {triple}" for triple in self.added]
        return "\n    ".join([f"{self.operator}, {self.pattern}", *told])


class Shipped:
    """The shipped graph, and what the operators ask of it.

    Attributes:
        triples: in the order of the file, blank nodes named by the order in which they come.
        of: a dict from subject to its triples.
        to: a dict from object to the triples that name it.
        by: a dict from predicate to its triples.
        prefixes: those of the file.
    """

    def __init__(self):
        with open(resources.ontology_path(), "rb") as file:
            parser = ox.parse(file, format=ox.RdfFormat.TURTLE)
            names = {}

            def term(node):
                if isinstance(node, ox.BlankNode):
                    return names.setdefault(node, ox.BlankNode(f"b{len(names)}"))
                return node

            triples = [ox.Triple(term(quad.subject), quad.predicate, term(quad.object)) for quad in parser]
            self.prefixes = parser.prefixes
        self.triples = list(dict.fromkeys(triples))
        self.known = set(self.triples)
        self.of, self.to, self.by = defaultdict(list), defaultdict(list), defaultdict(list)
        for triple in self.triples:
            self.of[triple.subject].append(triple)
            self.to[triple.object].append(triple)
            self.by[triple.predicate].append(triple)
        self.claims = [triple.subject for triple in self.by[_lems("modality")]]
        self.spans = [triple.subject for triple in self.by[START]]

    def values(self, subject, predicate):
        """The objects of a subject and a predicate."""
        return [triple.object for triple in self.of[subject] if triple.predicate == predicate]

    def kind(self, node):
        """What a node is, in a word or two."""
        types = {kind.value.rsplit("#")[-1].rsplit("/")[-1] for kind in self.values(node, TYPE)}
        own = isinstance(node, ox.NamedNode) and node.value.startswith(LEMS)
        named = {
            "Ontology": "header", "Axiom": "axiom", "AllDifferent": "axiom", "TextSpan": "span",
            "IAO_0000310": "document", "Modality": "modality",
        }  # fmt: skip
        if isinstance(node, ox.BlankNode):
            return next((named[kind] for kind in types if kind in named), "expression" if types else "list")
        if node == DOCUMENT:
            return "document"
        for kind in sorted(types):
            if kind in named and named[kind] != "axiom":
                return named[kind]
        if node.value.startswith(LEMS + "claim/"):
            return "claim"
        whose = "own" if own else "borrowed"
        if "Class" in types:
            return f"{whose} class"
        if "ObjectProperty" in types:
            return f"{whose} relation"
        if types & {"AnnotationProperty", "DatatypeProperty"}:
            return f"{whose} property"
        return f"{whose} individual" if own or types else "other identifier"

    def short(self, iri):
        """An IRI with its prefix."""
        fits = [(space, prefix) for prefix, space in self.prefixes.items() if iri.value.startswith(space)]
        if not fits:
            return iri.value
        space, prefix = max(fits, key=lambda fit: len(fit[0]))
        return f"{prefix}:{iri.value[len(space) :]}"

    def pattern(self, triple):
        """The predicate of a triple and the kind of its subject."""
        return f"{self.short(triple.predicate)} of {self.kind(triple.subject)}"


def _lems(name):
    return ox.NamedNode(LEMS + name)


def _with(triple, subject=None, predicate=None, object=None):
    return ox.Triple(subject or triple.subject, predicate or triple.predicate, object or triple.object)


def _literal(value, like):
    """A literal with another value, and language and type as they are."""
    if like.language:
        return ox.Literal(value, language=like.language)
    return ox.Literal(value, datatype=like.datatype)


def _pick(things, key):
    """One of some things, always the same for the same key."""
    return things[int(hashlib.sha256(str(key).encode()).hexdigest(), 16) % len(things)] if things else None


OPERATORS = {}


def operator(make):
    """Take a function into the operators: it yields what to take out and what to put in, what tells most first."""
    OPERATORS[make.__name__.replace("_", "-")] = make
    return make


@operator
def drop(graph):
    """A triple is lost."""
    for triple in graph.triples:
        yield [triple], []


@operator
def remove(graph):
    """A node is lost, with all that is said of it and to it."""
    for node, triples in graph.of.items():
        yield list(dict.fromkeys([*triples, *graph.to[node]])), []


@operator
def retarget(graph):
    """An object becomes another one: the one before and the one after with this predicate, and one of another kind."""
    nodes = [node for node in graph.of if isinstance(node, ox.NamedNode)]
    for predicate, triples in graph.by.items():
        objects = list(dict.fromkeys(one.object for one in triples if not isinstance(one.object, ox.Literal)))
        at = {node: place for place, node in enumerate(objects)}
        for triple in triples:
            if triple.object in at:
                others = [objects[at[triple.object] - 1], objects[(at[triple.object] + 1) % len(objects)]]
                for other in dict.fromkeys([*others, _pick(nodes, (predicate, triple))]):
                    yield [triple], [_with(triple, object=other)]


@operator
def exchange(graph):
    """Two subjects exchange their objects of one predicate."""
    for triples in graph.by.values():
        for one, other in itertools.pairwise(triples):
            yield [one, other], [_with(one, object=other.object), _with(other, object=one.object)]


@operator
def swap(graph):
    """Subject and object change places."""
    for triple in graph.triples:
        if not isinstance(triple.object, ox.Literal):
            yield [triple], [ox.Triple(triple.object, triple.predicate, triple.subject)]


@operator
def datatype(graph):
    """A literal has another type."""
    for triple in graph.triples:
        if isinstance(triple.object, ox.Literal):
            for name in ("string", "token", "integer", "decimal", "anyURI", "boolean"):
                kind = ox.NamedNode(XSD + name)
                if kind != triple.object.datatype and name in _types(triple.object):
                    yield [triple], [_with(triple, object=ox.Literal(triple.object.value, datatype=kind))]


def _types(literal):
    """The types to which a literal is changed: a text becomes another kind of text, a number another kind of number."""
    if literal.value.isdigit():
        return ("string", "decimal")
    return ("string", "token", "boolean") if literal.language else ("string", "token", "anyURI")


@operator
def language(graph):
    """A text is in another language, in none, or in one."""
    for triple in graph.triples:
        if isinstance(triple.object, ox.Literal):
            if triple.object.language:
                yield [triple], [_with(triple, object=ox.Literal(triple.object.value, language="de"))]
            else:
                yield [triple], [_with(triple, object=ox.Literal(triple.object.value, language="en"))]


@operator
def value(graph):
    """A literal has another value: a letter is another one, lost or doubled; it is empty, in capitals, or another's."""
    for triples in graph.by.values():
        values = list(dict.fromkeys(one.object.value for one in triples if isinstance(one.object, ox.Literal)))
        for triple in triples:
            if isinstance(triple.object, ox.Literal):
                text = triple.object.value
                middle = len(text) // 2
                other = {"0": "1", "1": "2"}.get(text[middle], "0") if text[middle].isdigit() else "x"
                after = values[(values.index(text) + 1) % len(values)]
                changed = (
                    text[:middle] + other + text[middle + 1 :], text[:-1], text + text[-1], "",
                    text.upper() if text.upper() != text else text.lower(), after,
                )  # fmt: skip
                for new in dict.fromkeys(changed):
                    yield [triple], [_with(triple, object=_literal(new, triple.object))]


@operator
def duplicate(graph):
    """A subject has a second value where it had one."""
    for predicate, triples in graph.by.items():
        objects = list(dict.fromkeys(one.object for one in triples))
        for triple in triples:
            if len(graph.values(triple.subject, predicate)) == 1:
                after = objects[(objects.index(triple.object) + 1) % len(objects)]
                if after == triple.object and isinstance(after, ox.Literal):
                    after = _literal(after.value + "s" if not after.value.isdigit() else after.value + "1", after)
                yield [triple], [triple, _with(triple, object=after)]


@operator
def shift(graph):
    """An offset is off by one, or the whole span is, with its IRI and label."""
    for span in graph.spans:
        [start], [end] = ([triple for triple in graph.of[span] if triple.predicate == edge] for edge in (START, END))
        for triple, by in itertools.product((start, end), (-1, 1)):
            yield [triple], [_with(triple, object=_moved(triple.object, by))]
        for first, last in ((-1, -1), (1, 1), (-1, 0), (0, 1), (1, 0), (0, -1)):
            ends = _moved(start.object, first), _moved(end.object, last)
            moved = ox.NamedNode(f"{span.value.partition('=')[0]}={ends[0].value},{ends[1].value}")
            old, new = [], []
            for triple in dict.fromkeys([start, *graph.of[span], *graph.to[span]]):
                old.append(triple)
                changed = {START: ends[0], END: ends[1]}.get(triple.predicate, triple.object)
                if triple.predicate == LABEL:
                    changed = ox.Literal(f"characters {ends[0].value} to {ends[1].value}", language="en")
                if triple.predicate == EXACT and last - first:
                    text = triple.object.value + "s" if last > 0 else triple.object.value
                    text = text[: len(text) - 1] if last < 0 else text
                    changed = ox.Literal(text[1:] if first > 0 else "x" + text if first < 0 else text)
                subject = moved if triple.subject == span else triple.subject
                new.append(ox.Triple(subject, triple.predicate, moved if triple.object == span else changed))
            yield old, new


def _moved(offset, by):
    return _literal(str(int(offset.value) + by), offset)


@operator
def modality(graph):
    """A claim is more or less firm than the document."""
    for triple in graph.by[_lems("modality")]:
        for other in MODALITIES:
            yield [triple], [_with(triple, object=other)]


@operator
def axiom(graph):
    """A claim becomes an axiom: a subclass, a restriction, an equivalence, a disjointness or a direct edge."""
    for claim in graph.claims:
        [subject], [predicate] = graph.values(claim, _lems("subject")), graph.values(claim, _lems("predicate"))
        for target in graph.values(claim, _lems("object")):
            new = ox.BlankNode("new")
            restriction = [
                ox.Triple(new, TYPE, ox.NamedNode(OWL + "Restriction")),
                ox.Triple(new, ox.NamedNode(OWL + "onProperty"), predicate),
                ox.Triple(new, ox.NamedNode(OWL + "someValuesFrom"), target),
            ]
            yield [], [ox.Triple(subject, SUBCLASS, target)]
            yield [], [ox.Triple(subject, SUBCLASS, new), *restriction]
            yield [], [ox.Triple(subject, ox.NamedNode(OWL + "equivalentClass"), target)]
            yield [], [ox.Triple(subject, ox.NamedNode(OWL + "disjointWith"), target)]
            yield [], [ox.Triple(subject, predicate, target)]


@operator
def orphan(graph):
    """A span is named by nobody, or a claim names none."""
    for span in graph.spans:
        yield list(graph.to[span]), []
    for claim in graph.claims:
        for name in ("mention", "cue"):
            named = [triple for triple in graph.of[claim] if triple.predicate == _lems(name)]
            if named:
                yield named, []


@operator
def obsolete(graph):
    """A borrowed identifier is withdrawn, or is another number: in one place or everywhere."""
    for term in (triple.subject for triple in graph.by[ox.NamedNode("http://purl.obolibrary.org/obo/IAO_0000412")]):
        [label] = [triple for triple in graph.of[term] if triple.predicate == LABEL]
        yield [label], [label, ox.Triple(term, DEPRECATED, ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")))]
        other = _misspelt(term)
        if other != term:
            uses = [label, *graph.of[term], *graph.to[term]]
            yield (
                uses,
                [
                    ox.Triple(
                        *(other if node == term else node for node in (use.subject, use.predicate, use.object))
                    )
                    for use in uses
                ],
            )  # fmt: skip


@operator
def label(graph):
    """A thing bears the name of another one, or its synonym as its name."""
    for triples in (graph.by[LABEL], graph.by[ox.NamedNode(SKOS + "altLabel")]):
        for one, other in itertools.pairwise(triples):
            yield [one], [_with(one, object=_literal(other.object.value, one.object))]
            yield (
                [one, other],
                [
                    _with(one, object=_literal(other.object.value, one.object)),
                    _with(other, object=_literal(one.object.value, other.object)),
                ],
            )
    for triple in graph.by[ox.NamedNode(SKOS + "altLabel")]:
        named = next(one for one in graph.of[triple.subject] if one.predicate == LABEL)
        yield [named], [_with(named, object=_literal(triple.object.value, named.object))]


@operator
def misspell(graph):
    """A property is misspelt: a letter is lost, or a capital is none."""
    for triple in graph.triples:
        space, name = nearmisses.split(triple.predicate.value)
        for wrong in (name[: len(name) // 2] + name[len(name) // 2 + 1 :], name[0].swapcase() + name[1:]):
            yield [triple], [_with(triple, predicate=ox.NamedNode(space + wrong))]


@operator
def misspell_node(graph):
    """A subject or an object is misspelt: a letter is lost, or a digit is another one."""
    for triple in graph.triples:
        if isinstance(triple.object, ox.NamedNode):
            yield [triple], [_with(triple, object=_misspelt(triple.object))]
        if isinstance(triple.subject, ox.NamedNode):
            yield [triple], [_with(triple, subject=_misspelt(triple.subject))]


def _misspelt(node):
    space, name = nearmisses.split(node.value)
    if name[-1:].isdigit():
        return ox.NamedNode(space + name[:-1] + str((int(name[-1]) + 1) % 10))
    return ox.NamedNode(space + name[: len(name) // 2] + name[len(name) // 2 + 1 :])


def mutants(graph, only=None):
    """All mutants of a `Shipped` graph, by operator; those that change nothing are left out."""
    found = {}
    for name, make in OPERATORS.items():
        if only in (None, name):
            seen = found[name] = {}
            for removed, added in make(graph):
                touched = [*removed, *added][0]
                lost = frozenset(removed) - frozenset(added)
                new = frozenset(added) - graph.known
                lost |= frozenset(triple for triple in removed if triple not in added)
                if (lost or new) and (lost, new) not in seen:
                    order = {triple: at for at, triple in enumerate([*removed, *added])}
                    parts = (tuple(sorted(part, key=order.get)) for part in (lost, new))
                    seen[lost, new] = Mutant(name, graph.pattern(touched), *parts)
    return {name: list(seen.values()) for name, seen in found.items()}


class Catcher:
    """Holds mutants to the shipped shapes and checks, to sheets and to the search for near misses, read once."""

    def __init__(self, graph, sheets=SHEETS):
        """Take the `Shipped` graph, and all that catches, what is quick before what is slow."""
        self.graph = graph
        self.store = ox.Store()
        self.store.extend(ox.Quad(*triple) for triple in graph.triples)
        self.lines = {triple: f"{triple} ." for triple in graph.triples}
        shapes = shapesgraph.shipped()
        core = [triple for triple in shapes.triples if triple.predicate.value != SH + "sparql"]
        self.core = shacl.Shapes.from_text(ox.serialize(core, format=ox.RdfFormat.N_TRIPLES).decode(), "ntriples")
        self.known = self._known(shapes)
        self.catchers = {"near miss": self._near}
        checks = [query for query in catalog.queries().values() if query.is_check]
        for query in [*checks, *map(catalog.read, sheets)]:
            read = querytext.read(query.text, query.name)
            self.catchers[query.name] = lambda added, read=read: bool(engines.Pyoxigraph(self.store).run(read).rows)
        self.catchers["SHACL Core"] = self._core
        for shape in shapes.shapes.values():
            for select in selects.of(shapes, shape):
                assert shape.targets, "a constraint on a shape without a target is not foreseen here"
                self.catchers[shape.id] = lambda added, select=select: self._select(select)
        self.last = {}

    def _known(self, shapes):
        nodes = {node for triple in self.graph.triples for node in triple if isinstance(node, ox.NamedNode)}
        described = {node.value for node in nodes if node in self.graph.of}
        named = {node.value for triple in shapes.triples for node in triple if isinstance(node, ox.NamedNode)}
        return nearmisses.Known(described | named | nearmisses.of_vocabularies())

    def caught(self, mutant):
        """The name of the first that catches a mutant, or None; what caught the last one like it is asked first."""
        for triple in mutant.removed:
            self.store.remove(ox.Quad(*triple))
        self.store.extend(ox.Quad(*triple) for triple in mutant.added)
        lines = dict(self.lines)
        for triple in mutant.removed:
            del lines[triple]
        lines.update((triple, f"{triple} .") for triple in mutant.added)
        self.text = "\n".join(lines.values())
        try:
            like = mutant.operator, mutant.pattern
            first = self.last.get(like, next(iter(self.catchers)))
            for name in dict.fromkeys([first, *self.catchers]):
                if self.catchers[name](mutant.added):
                    self.last[like] = name
                    return name
            return None
        finally:
            for triple in mutant.added:
                self.store.remove(ox.Quad(*triple))
            self.store.extend(ox.Quad(*triple) for triple in mutant.removed)

    def _near(self, added):
        nodes = {
            node for triple in added for node in (triple.predicate, triple.object) if isinstance(node, ox.NamedNode)
        }
        lost = [node for node in nodes if not any(True for _ in self.store.quads_for_pattern(node, None, None))]
        return any(self.known.meant(node.value) for node in lost)

    def _core(self, added):
        try:
            return bool(self.core.validate_text(self.text, format="ntriples").results)
        except ValueError:
            return True

    def _select(self, select):
        nodes = targets.focus_nodes(select.shape, self.store)
        try:
            return any(True for _ in selects.solutions(select, self.store, nodes))
        except BrokenShapes:
            return True


def reasons(path=SURVIVORS):
    """The rows of the table of survivors, as dicts."""
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def reason(mutant, rows):
    """The place of the first row that fits a mutant, or None."""
    for at, row in enumerate(rows):
        operators = row["operator"].split(", ")
        if ("*" in operators or mutant.operator in operators) and any(
            fnmatch.fnmatchcase(mutant.pattern, pattern) for pattern in row["pattern"].split(", ")
        ):
            return at
    return None


def drawn(found, count, seed):
    """A sample of mutants, as many of each operator as there are, at most."""
    chance = random.Random(seed)
    mixed = [chance.sample(ones, len(ones)) for ones in found.values()]
    return [one for ones in itertools.zip_longest(*mixed) for one in ones if one is not None][:count]


def write(rows, counts, path=SURVIVORS):
    """Write the table with the counts."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        table.writerow(COLUMNS)
        table.writerows([row["operator"], row["pattern"], row["reason"], counts[at]] for at, row in enumerate(rows))


def main():
    """Make mutants, print what survives, and exit 1 where that is not accounted for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, metavar="N", help="draw N mutants; all when not given")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="what to draw by; 0 by default")
    parser.add_argument("--operator", choices=OPERATORS, metavar="NAME", help="one of: " + ", ".join(OPERATORS))
    parser.add_argument("--check", action="store_true", help="fail unless the table of survivors fits exactly")
    parser.add_argument("--count", action="store_true", help="write the counts into the table of survivors")
    parser.add_argument("--list", action="store_true", help="show survivors that have a reason, too")
    options = parser.parse_args()
    whole = options.sample is None and options.operator is None
    if (options.check or options.count) and not whole:
        parser.error("--check and --count are about all mutants; leave --sample and --operator out")
    graph = Shipped()
    found, catcher, rows = mutants(graph, options.operator), Catcher(graph), reasons()
    asked = drawn(found, options.sample, options.seed) if options.sample else itertools.chain(*found.values())
    made, lived, counts, catches, lost = Counter(), Counter(), Counter(), Counter(), Counter()
    began = time.perf_counter()
    for mutant in asked:
        made[mutant.operator] += 1
        name = catcher.caught(mutant)
        catches[name] += 1
        if name is None:
            lived[mutant.operator] += 1
            at = reason(mutant, rows)
            if at is not None:
                counts[at] += 1
            else:
                lost[mutant.operator, mutant.pattern] += 1
            if at is None or options.list:
                print(mutant if options.list else f"{mutant.operator}\t{mutant.pattern}", flush=True)
    print(f"\n{'operator':15}{'mutants':>9}{'caught':>9}{'survive':>9}")
    for name, count in [*made.items(), ("all", made.total())]:
        alive = lived[name] if name != "all" else lived.total()
        print(f"{name:15}{count:9,}{count - alive:9,}{alive:9,}")
    print("\nFirst to catch:")
    for name, count in catches.most_common():
        if name:
            print(f"{count:9,}  {name.removeprefix(LEMS)}")
    print("\nSurvivors by reason:")
    for at, row in enumerate(rows):
        print(f"{counts[at]:9,}  {row['operator']}; {row['pattern']}: {row['reason']}")
    for (name, pattern), count in sorted(lost.items()):
        print(f"{count:9,}  {name}; {pattern}: no reason given")
    print(f"\n{time.perf_counter() - began:.0f} s")
    if options.count:
        write(rows, counts)
    stale = [row for at, row in enumerate(rows) if counts[at] != int(row["count"] or 0)] if options.check else []
    for row in stale:
        print(f"the count of '{row['operator']}; {row['pattern']}' is another one; run with --count, and read")
    sys.exit(bool(lost or stale))


if __name__ == "__main__":
    main()
