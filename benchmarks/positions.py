"""What lines and columns cost, in one process; prints medians and ratios.

    python benchmarks/positions.py [TRIPLES] [ROUNDS]

First a Turtle file of about 13,000 triples: rdflib's parse of it, and the pass
of its parser that keeps the position of every triple, which may take at most
40% of that on top. Then a graph of TRIPLES triples (100,000) as Turtle, as
Turtle whose blank nodes have no labels, and as N-Triples: pyoxigraph's parse,
and the places of ten findings, half of them the last value of a property.
Whoever asks starts with nothing but the text and the store each time. In each
round everything runs once, so that a noisy spell falls on all alike. Ratios
are between medians of one run.

Not in these figures, because validation may have imported it already: rdflib,
which places in Turtle need and places in N-Triples do not; it is timed in
processes of its own.
"""

import random
import re
import statistics
import subprocess
import sys
import time
from collections import Counter

import pyoxigraph as ox
import rdflib
import scale

from lems_onto.validation.positions import Positions

LIMIT = 0.4
BASE = "file:///big.ttl"


def turtle(triples):
    """Turtle with the prefixes of the shipped file."""
    parser = ox.parse(path=scale.ONTOLOGY, format=ox.RdfFormat.TURTLE)
    for _ in parser:
        pass
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=parser.prefixes).decode()


def without_labels(text):
    """The same Turtle with a bracket for each blank node that only its own statement mentions."""
    count = Counter(re.findall(r"_:\w+", text))
    return re.sub(r"(?m)^_:\w+(?= )", lambda match: "[]" if count[match[0]] == 1 else match[0], text)


def findings(store, count=10, seed=0):
    """Triples on which findings could rest, some of them of blank nodes; without an object for each other one."""
    chosen = random.Random(seed)
    quads = list(store)
    blank = [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]
    found = chosen.sample(quads, count - 2) + chosen.sample(blank, 2)
    return [(quad.subject, quad.predicate, quad.object if number % 2 else None) for number, quad in enumerate(found)]


def table(ways, rounds, peer):
    """Run everything in turns and print a row for each, with its ratio to the peer; returns the ratios."""
    seconds = {name: [] for name in ways}
    for number in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            if number:  # the first round warms up
                seconds[name].append(time.perf_counter() - start)
    medians = {name: statistics.median(taken) for name, taken in seconds.items()}
    for name, median in medians.items():
        print(f"  {name:44} {median * 1000:9.1f} ms  ratio {median / medians[peer]:6.2f}", flush=True)
    return {name: median / medians[peer] for name, median in medians.items()}


def consume(iterable):
    for _ in iterable:
        pass


def locate(text, syntax, store, asked):
    positions = Positions("big", text, syntax, BASE)
    for subject, predicate, value in asked:
        if not positions.triple(subject, predicate, value, store):
            raise SystemExit(f"no place for {subject} {predicate} {value}")


def places(text, syntax, rounds):
    """The cost of ten places in a text, against pyoxigraph's parse of it."""
    kind = ox.RdfFormat.TURTLE if syntax == "Turtle" else ox.RdfFormat.N_TRIPLES
    store = ox.Store()
    store.bulk_extend(ox.parse(text, format=kind, base_iri=BASE))
    asked = findings(store)
    peer = "pyoxigraph.parse"
    ways = {
        peer: lambda: consume(ox.parse(text, format=kind, base_iri=BASE)),
        "ten places": lambda: locate(text, syntax, store, asked),
        "one place": lambda: locate(text, syntax, store, asked[:1]),
        "no place": lambda: locate(text, syntax, store, []),
    }
    table(ways, rounds, peer)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 9
    small = turtle(scale.triples(13_000))
    print(f"Turtle, {sum(1 for _ in ox.parse(small, format=ox.RdfFormat.TURTLE)):,} triples, {rounds} rounds")
    peer, kept = "rdflib's parse", "the pass that keeps positions"
    ratios = table(
        {
            peer: lambda: rdflib.Graph().parse(data=small, format="turtle", publicID=BASE),
            kept: lambda: consume(Positions("small", small, "Turtle", BASE).all_triples()),
        },
        rounds,
        peer,
    )
    print(f"  at most {LIMIT}: {'yes' if ratios[kept] <= LIMIT else 'NO'}")
    triples = list(scale.triples(count))
    big = turtle(triples)
    for name, syntax, text in (
        ("Turtle", "Turtle", big),
        ("Turtle without labels", "Turtle", without_labels(big)),
        ("N-Triples", "N-Triples", ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES).decode()),
    ):
        print(f"{name}, {len(triples):,} triples, {len(text) / 1e6:.1f} M characters")
        places(text, syntax, rounds)
    imports = {name: [] for name in ("pass", "import pyoxigraph", "import rdflib.plugins.parsers.notation3")}
    for _ in range(rounds):
        for name, taken in imports.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", name], check=True)
            taken.append(time.perf_counter() - start)
    print("Processes")
    for name, taken in imports.items():
        print(f"  {name:44} {statistics.median(taken) * 1000:9.1f} ms")
    sys.exit(ratios[kept] > LIMIT)


if __name__ == "__main__":
    main()
