"""Asks every question of graphs of growing size, with several engines; prints times, memory and growth.

    python benchmarks/growth.py [--rounds N] [--limit SECONDS] [--engines A,B] [SIZE...]

Sizes are triples, 10000 100000 1000000 by default; `scale.py` makes the graphs.
Each engine reads a graph once, in a process of its own, and answers all
questions in turns with the others, so that a noisy spell falls on all of them
alike; every row is consumed. Only the bare `oxigraph` command starts anew for
each question, so that its time has the start of a process in it; its graph lies
on disk. A question that an engine has not answered within the limit is cut,
asked no more at larger sizes, and the engine starts again for the next one; one
that has taken more than the limit in all is not repeated.
rdflib is left out above 100000 triples. Ratios are between medians of one run.

Growth is the exponent of processor time, which other work on the machine does
not stretch, of pyoxigraph against the larger of the triples that there are
and the rows that come out, between two neighbouring sizes. A larger graph also
leaves the caches of the processor, so that two plain queries, a join along an
index and the same sorted, are measured among the questions; a question is marked
whose exponent lies more than 0.15 above theirs, unless it takes less than 10 ms.
"""

import argparse
import itertools
import math
import os
import selectors
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import scale

QUESTIONS = sorted((Path(__file__).resolve().parent.parent / "queries").glob("*/*.rq"))
PEER = "pyoxigraph"
RDFLIB_LIMIT = 100_000
STEEP, NEGLIGIBLE = 0.15, 0.010
CONTROLS = {"control-join": "", "control-sort": "ORDER BY STR(?claim) STR(?span)"}
CONTROL = """
PREFIX lems: <https://w3id.org/lems-onto/>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?claim ?span ?words WHERE { ?claim lems:mention ?span . ?span oa:start ?start ; oa:exact ?words }
"""
LOAD_LIMIT = 900
JARS = Path("/usr/share/java")
JENA_JARS = [
    *("jena-arq", "jena-base", "jena-core", "jena-iri", "commons-cli", "commons-codec", "commons-compress"),
    *("commons-csv", "commons-io", "commons-lang3", "dexx.collection", "gson", "guava", "protobuf"),
    *("slf4j-api", "slf4j-nop", "thrift"),
]
XERCES = "org/apache/jena/ext/xerces"
# Each worker says "ready", and for each path that it reads the seconds, those of
# the processor (0 where it cannot tell) and the number of rows.
PYTHON = """
import sys, time
{load}
print("ready", flush=True)
for line in sys.stdin:
    text = open(line.strip(), encoding="utf-8").read()
    start, busy = time.perf_counter(), time.process_time()
    rows = sum(1 for _ in ask(text))
    print(time.perf_counter() - start, time.process_time() - busy, rows, flush=True)
"""
PYOXIGRAPH = PYTHON.format(
    load="import pyoxigraph\nstore = pyoxigraph.Store()\nstore.bulk_load(path=sys.argv[1])\nask = store.query"
)
RDFLIB = PYTHON.format(load="import rdflib\nask = rdflib.Graph().parse(sys.argv[1], format='nt').query")
JENA = """
import java.io.*;
import java.nio.file.*;
import org.apache.jena.query.*;
import org.apache.jena.riot.RDFDataMgr;

public class Jena {
    public static void main(String[] arguments) throws IOException {
        Dataset data = RDFDataMgr.loadDataset(arguments[0]);
        System.out.println("ready");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line; (line = lines.readLine()) != null;) {
            String text = Files.readString(Path.of(line));
            long start = System.nanoTime(), rows = 0;
            try (QueryExecution asked = QueryExecutionFactory.create(text, data)) {
                if (asked.getQuery().isConstructType()) rows = asked.execConstruct().size();
                else for (ResultSet found = asked.execSelect(); found.hasNext(); rows++) found.next().varNames();
            }
            System.out.println((System.nanoTime() - start) / 1e9 + " 0 " + rows);
        }
    }
}
"""


class Cut(Exception):
    """The engine did not answer in time, or ended."""


class Worker:
    """An engine in a process of its own that has read one graph."""

    def __init__(self, command):
        self.command, self.process, self.peak, self.loading = command, None, 0, 0.0

    def start(self):
        begin = time.perf_counter()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.line(LOAD_LIMIT)
        self.loading = time.perf_counter() - begin

    def ask(self, question, limit):
        """Seconds, processor seconds and rows."""
        if self.process is None:
            self.start()
        print(question, file=self.process.stdin, flush=True)
        seconds, busy, rows = self.line(limit).split()
        return float(seconds), float(busy), int(rows)

    def line(self, limit):
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            found = self.process.stdout.readline() if ready.select(limit) else ""
        if not found:
            self.stop()
            raise Cut
        return found

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.peak = max(self.peak, _peak(self.process))
            self.process.stdin.close()
            self.process.stdout.close()
            self.process = None


class Command:
    """The bare `oxigraph` command on a graph on disk."""

    def __init__(self, program, graph, folder):
        self.program, self.graph, self.folder, self.peak, self.loading = program, graph, folder, 0, 0.0

    def start(self):
        begin = time.perf_counter()
        load = [self.program, "load", "--location", self.folder, "--file", self.graph]
        subprocess.run(load, check=True, capture_output=True)
        self.loading = time.perf_counter() - begin

    def ask(self, question, limit):
        """Seconds with the start of the process, no processor seconds, and rows."""
        kind = "nt" if "\nCONSTRUCT" in question.read_text() else "tsv"
        query = [self.program, "query", "--location", self.folder, "--query-file", question, "--results-format", kind]
        with tempfile.TemporaryFile() as out:
            begin = time.perf_counter()
            process = subprocess.Popen(query, stdout=out, stderr=subprocess.DEVNULL)
            with selectors.DefaultSelector() as ended:
                handle = os.pidfd_open(process.pid)
                ended.register(handle, selectors.EVENT_READ)
                cut = not ended.select(limit)
                os.close(handle)
            seconds = time.perf_counter() - begin
            if cut:
                process.kill()
            self.peak = max(self.peak, _peak(process))
            if cut or process.returncode:
                raise Cut
            out.seek(0)
            return seconds, 0.0, sum(1 for _ in out) - (kind == "tsv")

    def stop(self):
        pass


def _peak(process):
    """Peak memory in MB of a process that ends."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def jena(folder):
    """The class path of Jena as Debian packs it; writes the worker into the folder.

    Debian's jena-core has its copy of Xerces renamed, but not the messages
    without which that does not start: they are put where they are looked for.
    """
    (folder / "Jena.java").write_text(JENA)
    with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
        for name in jar.namelist():
            if name.startswith(f"{XERCES}/") and name.endswith(".properties"):
                place = folder / name.replace(XERCES, "xerces")
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(jar.read(name))
    return os.pathsep.join([str(folder), *(str(JARS / f"{name}.jar") for name in JENA_JARS)])


def engines(graph, size, folder, wanted):
    """The engines that are here, and names of those that are not, with the reason."""
    here, missing = {}, {}
    beside = str(Path(sys.executable).parent)
    oxigraph = shutil.which("oxigraph", path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if "pyoxigraph" in wanted:
        here["pyoxigraph"] = Worker([sys.executable, "-c", PYOXIGRAPH, graph])
    if "oxigraph" in wanted:
        here["oxigraph"] = Command(oxigraph, graph, folder / f"store-{size}") if oxigraph else None
        missing["oxigraph"] = "no such program"
    if "jena" in wanted:
        found = shutil.which("java") and (JARS / "jena-arq.jar").exists()
        here["jena"] = Worker(["java", "-cp", jena(folder), folder / "Jena.java", graph]) if found else None
        missing["jena"] = "no java, or no jena-arq.jar in /usr/share/java"
    if "rdflib" in wanted:
        here["rdflib"] = Worker([sys.executable, "-c", RDFLIB, graph]) if size <= RDFLIB_LIMIT else None
        missing["rdflib"] = f"not above {RDFLIB_LIMIT} triples"
    absent = {name: missing[name] for name, engine in here.items() if engine is None}
    return {name: engine for name, engine in here.items() if engine is not None}, absent


def measure(here, rounds, limit, cut):
    """Medians of seconds and of processor seconds by engine and question, and the rows; fills `cut`."""
    medians, busy, rows = {}, {}, {}
    for question in QUESTIONS:
        taken = {name: [] for name in here if (name, question.stem) not in cut}
        worked = {name: [] for name in taken}
        for _ in range(rounds):
            for name, times in taken.items():
                if (name, question.stem) in cut or sum(times) > limit:
                    continue
                try:
                    seconds, processor, rows[name, question.stem] = here[name].ask(question, limit)
                    times.append(seconds)
                    worked[name].append(processor)
                except Cut:
                    cut.add((name, question.stem))
                    times.clear()
        medians |= {(name, question.stem): statistics.median(times) for name, times in taken.items() if times}
        busy |= {(name, question.stem): statistics.median(worked[name]) for name, times in taken.items() if times}
    return medians, busy, rows


def milliseconds(medians, name, question, cut, limit):
    if (name, question) in medians:
        return f"{medians[name, question] * 1000:.1f}"
    return f"over {limit:g} s" if (name, question) in cut else "-"


def report(size, here, absent, medians, rows, cut, limit, rounds):
    print(f"\n{size} triples, {rounds} rounds, medians in ms, cut after {limit:g} s")
    print(f"  {'question':26}{'rows':>9}" + "".join(f"{name:>14}" for name in here))
    for question in (path.stem for path in QUESTIONS):
        counts = {rows[name, question] for name in here if (name, question) in rows}
        counted = "/".join(map(str, sorted(counts))) or "-"
        times = (milliseconds(medians, name, question, cut, limit) for name in here)
        print(f"  {question:26}{counted:>9}" + "".join(f"{value:>14}" for value in times))
    print(f"  {'engine':12}{'load s':>8}{'all s':>9}{'cut':>5}{'peak MB':>9}   median ratio to {PEER}")
    for name, engine in here.items():
        answered = [question for engine_name, question in medians if engine_name == name]
        both = [medians[name, q] / medians[PEER, q] for q in answered if (PEER, q) in medians]
        ratio = f"{statistics.median(both):.2f} over {len(both)} questions" if both else "-"
        total = sum(medians[name, question] for question in answered)
        lost = sum(engine_name == name for engine_name, _ in cut)
        print(f"  {name:12}{engine.loading:8.1f}{total:9.2f}{lost:5}{engine.peak:9.0f}   {ratio}")
    for name, reason in absent.items():
        print(f"  {name:12}left out: {reason}")


def growth(results, limit):
    """Print how the time of the peer grows from size to size."""
    sizes = sorted(results)
    steps = list(itertools.pairwise(sizes))
    linear = dict.fromkeys(steps, 1.0)
    print(f"\nGrowth with {PEER}: exponent of processor time against max(triples, rows)")
    print(f"  {'question':26}" + "".join(f"{f'{a}-{b}':>18}" for a, b in steps) + "  remark")
    for question in (path.stem for path in QUESTIONS):
        cells, remark = [], ""
        for low, high in steps:
            before, after = (results[size][0].get((PEER, question)) for size in (low, high))
            rows_before, rows_after = (results[size][1].get((PEER, question), 0) for size in (low, high))
            if before is None:
                cells.append("-")
                continue
            read = math.log(max(high, rows_after) / max(low, rows_before))
            exponent = math.log((after or limit) / before) / read
            cells.append(("" if after else "over ") + f"{exponent:.2f}")
            if question in CONTROLS:
                linear[low, high] = max(linear[low, high], exponent)
            slow = (after or limit) > NEGLIGIBLE
            remark = "FASTER THAN LINEAR" if exponent > linear[low, high] + STEEP and slow else ""
        print(f"  {question:26}" + "".join(f"{cell:>18}" for cell in cells) + f"  {remark}".rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=20, help="seconds for one question")
    parser.add_argument("--engines", default="pyoxigraph,oxigraph,jena,rdflib")
    chosen = parser.parse_args()
    results, cut = {}, set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for control, order in CONTROLS.items():
            (folder / f"{control}.rq").write_text(CONTROL + order)
        QUESTIONS[:0] = [folder / f"{control}.rq" for control in CONTROLS]
        for size in sorted(chosen.sizes):
            graph = folder / f"{size}.nt"
            scale.write(size, graph)
            here, absent = engines(graph, size, folder, chosen.engines.split(","))
            for one, engine in list(here.items()):
                try:
                    engine.start()
                except Cut as problem:
                    absent[one] = f"did not start: {problem}"
                    del here[one]
            medians, busy, rows = measure(here, chosen.rounds, chosen.limit, cut)
            for engine in here.values():
                engine.stop()
            report(size, here, absent, medians, rows, cut, chosen.limit, chosen.rounds)
            results[size] = busy, rows
            sys.stdout.flush()
    growth(results, chosen.limit)


if __name__ == "__main__":
    main()
