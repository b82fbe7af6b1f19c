"""Asks every question of the shipped graph again and again in one process; prints medians and ratios.

    python benchmarks/warm.py [ROUNDS]

In each round a question is asked once by `lems_onto.ask`, once by the bare
`query` of a pyoxigraph store, and once by that of an rdflib graph; every row is
consumed. All three have read the graph and have answered once before. Ratios
are between medians of one run: how many times longer rdflib takes. Who has
taken more than 3 seconds for a question is not asked it again; an answer of
rdflib is cut after 10, and the ratio is then at least that.
"""

import signal
import statistics
import sys
import time
from pathlib import Path

import pyoxigraph
import rdflib

import lems_onto

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology" / "lems.ttl"
SLOW, LIMIT = 3.0, 10.0
QUESTIONS = sorted((ROOT / "queries").glob("*/*.rq"))


class Cut(BaseException):
    """The time is up; no library takes it for an error of its own."""


def timed(ask, question):
    """Seconds until the last row, or until the answer is cut."""
    signal.setitimer(signal.ITIMER_REAL, LIMIT)
    start = time.perf_counter()
    try:
        for _ in ask(question):
            pass
    except Cut:
        pass
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return time.perf_counter() - start


def cut(*_):
    raise Cut


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    signal.signal(signal.SIGALRM, cut)
    store = pyoxigraph.Store()
    store.bulk_load(path=ONTOLOGY, format=pyoxigraph.RdfFormat.TURTLE)
    graph = rdflib.Graph().parse(ONTOLOGY)
    ratios, bare_ratios = [], []
    print(f"{rounds} rounds, medians in ms; ratios: rdflib to lems_onto.ask, rdflib to the bare store")
    print(f"  {'question':28}{'ask':>10}{'store':>10}{'rdflib':>10}{'ratio':>9}{'bare':>9}")
    for path in QUESTIONS:
        text = path.read_text(encoding="utf-8")
        ways = {
            "ask": (lambda name: lems_onto.ask(name).solutions, path.stem),
            "store": (store.query, text),
            "rdflib": (graph.query, text),
        }
        times = {}
        for way, (ask, question) in ways.items():
            first = timed(ask, question)
            times[way] = [first] if first > SLOW else []
        for _ in range(rounds):
            for way, (ask, question) in ways.items():
                if sum(times[way]) <= SLOW:
                    times[way].append(timed(ask, question))
        ask, bare, peer = (statistics.median(taken) for taken in times.values())
        ratios.append(peer / ask)
        bare_ratios.append(peer / bare)
        cells = "".join(f"{value * 1000:10.2f}" for value in (ask, bare, peer))
        print(f"  {path.stem:28}{cells}{ratios[-1]:9.1f}{bare_ratios[-1]:9.1f}", flush=True)
    medians = f"{statistics.median(ratios):9.1f}{statistics.median(bare_ratios):9.1f}"
    print(f"  {f'median of {len(ratios)}':28}{'':30}{medians}")


if __name__ == "__main__":
    main()
