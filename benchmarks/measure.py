"""Paired, repeated measurements of whole processes; prints medians and ratios.

    python benchmarks/measure.py [ROUNDS]

In each round every command runs once, so that a noisy spell falls on all of
them alike. Ratios are between medians of one run; seconds of different runs or
machines say nothing.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ONTOLOGY = ROOT / "ontology" / "lems.ttl"
QUERY = ROOT / "queries" / "treatment" / "treatments.rq"
RDFLIB = f"""
import rdflib
graph = rdflib.Graph().parse({str(ONTOLOGY)!r})
for row in graph.query(open({str(QUERY)!r}).read()):
    print(*row, sep="\\t")
"""
PYTHON = [sys.executable]
LEMS_ONTO = str(Path(sys.executable).parent / "lems-onto")
# Compiled modules may be kept, as they are on any machine where the command is used twice.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
ASK = {
    "python -c pass": [*PYTHON, "-c", "pass"],
    "python -c 'import pyoxigraph'": [*PYTHON, "-c", "import pyoxigraph"],
    "lems-onto ask treatments": [LEMS_ONTO, "ask", "treatments"],
    "the same with rdflib alone": [*PYTHON, "-c", RDFLIB],
}


def run(command):
    """Seconds and peak memory in MB of one process."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def table(commands, rounds, peer):
    """Run all commands in turns and print a row for each, with its ratio to the peer."""
    seconds, memory = {name: [] for name in commands}, dict.fromkeys(commands, 0)
    for command in commands.values():
        run(command)
    for _ in range(rounds):
        for name, command in commands.items():
            took, peak = run(command)
            seconds[name].append(took)
            memory[name] = max(memory[name], peak)
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    print(f"{rounds} rounds, ratio to: {peer}")
    for name, median in medians.items():
        print(f"  {name:34} {median * 1000:8.0f} ms  ratio {median / medians[peer]:6.2f}  peak {memory[name]:5.0f} MB")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    table(ASK, rounds, "python -c 'import pyoxigraph'")
    with tempfile.TemporaryDirectory() as folder:
        shapes = Path(folder) / "shapes.ttl"
        shapes.write_text("\n".join(path.read_text() for path in sorted((ROOT / "shapes").glob("*.ttl"))))
        validate = {
            "lems-onto validate": [LEMS_ONTO, "validate"],
            "pyshacl": [*PYTHON, "-m", "pyshacl", "-s", str(shapes), str(ONTOLOGY)],
        }
        table(validate, max(1, rounds // 5), "pyshacl")


if __name__ == "__main__":
    main()
