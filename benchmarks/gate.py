"""Measures `lems-onto validate` on the shipped graph and on scaled ones, each beside named peers in the same run.

    python benchmarks/gate.py [ROUNDS] [COUNT ...]

Whole processes, cold. The peers are the `pyshacl` command with the same shapes
in one file, and a bare load of the same file into a pyoxigraph store. A peer
that takes longer than CUT seconds is stopped, and its ratio is a lower bound.
The numbers of results are printed too: they must agree.
"""

import contextlib
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import scale

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology" / "lems.ttl"
PYTHON = sys.executable
LEMS_ONTO = str(Path(PYTHON).parent / "lems-onto")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
LOAD = (
    "import sys, pyoxigraph as ox; store = ox.Store(); "
    "store.bulk_load(path=sys.argv[1], format=ox.RdfFormat.from_extension(sys.argv[1].rsplit('.', 1)[1]))"
)
CUT = 600


def run(command, out):
    """Seconds, peak memory in MB and exit code of one process; None for the seconds when it was stopped."""
    with open(out, "wb") as file:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
        while time.perf_counter() - start < CUT:
            done, status, usage = os.wait4(process.pid, os.WNOHANG)
            if done:
                took = time.perf_counter() - start
                return took, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2), status
            time.sleep(0.005)
        process.kill()
        os.wait4(process.pid, 0)
    return None, 0, None


def results(name, out):
    """How many results SHACL gave, by what a process printed."""
    text = Path(out).read_text(encoding="utf-8", errors="replace")
    if name.startswith("lems-onto"):
        with contextlib.suppress(ValueError):
            return sum(1 for result in json.loads(text)["results"] if result["component"])
    found = re.search(r"Results \((\d+)\)", text)
    return int(found[1]) if found else 0 if "Conforms: True" in text else None


def table(title, commands, rounds, peer, once=()):
    """Run all commands in turns, those of `once` in the first round alone, and print a row for each."""
    seconds, memory, counts = {name: [] for name in commands}, dict.fromkeys(commands, 0), {}
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        for at in range(rounds):
            for name, command in commands.items():
                if at and name in once:
                    continue
                took, peak, _ = run(command, out)
                seconds[name].append(took)
                memory[name] = max(memory[name], peak)
                counts[name] = results(name, out)
    print(f"{title}: {rounds} rounds, ratio to: {peer}")
    own = statistics.median(seconds[peer])
    for name, values in seconds.items():
        stopped = None in values
        median = CUT if stopped else statistics.median(values)
        told = f"> {CUT}" if stopped else f"{median:.2f}"
        ratio = f"{'> ' if stopped else ''}{median / own:.2f}"
        found = "" if counts[name] is None or stopped else f"  {counts[name]:,} results"
        print(f"  {name:36} {told:>8} s  ratio {ratio:>8}  peak {memory[name]:6.0f} MB{found}", flush=True)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    sizes = [int(count) for count in sys.argv[2:]] or [10**4, 10**5, 10**6]
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder) / "shapes.ttl"
        shapes.write_text("\n".join(path.read_text() for path in sorted((ROOT / "shapes").glob("*.ttl"))))
        pyshacl = [PYTHON, "-m", "pyshacl", "-s", str(shapes)]
        ours = [LEMS_ONTO, "validate", "--format", "json"]
        commands = {
            "lems-onto validate": ours,
            "lems-onto validate --engine mixed": [*ours, "--engine", "mixed"],
            "pyshacl": [*pyshacl, str(ONTOLOGY)],
        }
        table("the shipped graph", commands, rounds, "lems-onto validate", once=("pyshacl",))
        for count in sizes:
            data = Path(folder) / f"{count}.nt"
            scale.write(count, str(data))
            commands = {
                "lems-onto validate": [*ours, "--no-ontology", str(data)],
                "load into pyoxigraph": [PYTHON, "-c", LOAD, str(data)],
                "pyshacl": [*pyshacl, str(data)],
            }
            if count > 10**5:
                commands.pop("pyshacl")
            table(f"{count:,} triples", commands, rounds, "lems-onto validate", once=("pyshacl",))


if __name__ == "__main__":
    main()
