"""Runs a query in a process of its own, which can be killed: for queries and data that are not ours.

An engine that is busy cannot be interrupted, and a hostile query can exhaust
the memory or crash the interpreter. The process gets a limit of memory and of
processor time from the system where that knows such limits (Linux, and macOS
in part); the clock is held by the parent everywhere.

Parent and child speak in lines of JSON and in SPARQL results (JSON).
"""

import os
import sys

from . import answering, engines, forms, graphs, querytext, resources, terms
from .errors import LemsError

TIMEOUT = 60
MEMORY = 4096


class TooMuch(LemsError):
    """A query that takes more time or memory than it may, or that crashes its engine."""


def answer(query, where, engine, files, ontology, graph, timeout, memory, canned, want_labels) -> answering.Found:
    """Answer a query in a process of its own.

    Args:
        query, where, canned, want_labels: as `answering.answer` takes them.
        engine: a name of `engines.NAMES`.
        files: RDF files to ask.
        ontology: whether to ask the shipped ontology together with them.
        graph: an `rdflib.Graph` to ask as well, or None.
        timeout: seconds until the process is killed, loading included.
        memory: megabytes of address space that the process may take.

    Raises:
        TooMuch: it took more time or memory, or crashed.
        LemsError: whatever the engine, the values or the reading of the files raises.
    """
    import json

    request = {
        "text": query.text, "where": str(query.where), "pins": _as_text(where, query), "engine": engine,
        "files": [str(path) for path in files], "ontology": ontology, "memory": memory, "seconds": timeout,
        "canned": canned, "want_labels": want_labels, "head": query.head,
    }  # fmt: skip
    lines = json.dumps(request).encode() + b"\n"
    if graph is not None:
        rows = (tuple(map(terms.from_rdflib, triple)) for triple in graph)
        lines += b"".join(f"{' '.join(map(str, row))} .\n".encode() for row in rows)
    head, _, body = _in_a_child(lines, query, timeout, memory).partition(b"\n")
    told = json.loads(head)
    if "error" in told:
        raise _error(told)
    rows = [()] * told["solutions"] if told["form"] == "ASK" else forms.parse(body)[1]
    return answering.Found(
        told["form"], tuple(told["columns"]), rows, told["labels"], tuple(told["missing"]), told["why"]
    )


def _as_text(where, query):
    """The values of columns as text, for the way to the child."""
    pins = {}
    for column, values in where.items():
        values = values if isinstance(values, (list, tuple, set, frozenset)) else [values]
        pins[column] = [
            value if type(value) is str else str(terms.of_python(value, f"column {column} of {query.where}"))
            for value in values
        ]
    return pins


def _in_a_child(lines, query, timeout, memory):
    import signal
    import subprocess

    late = TooMuch(f"{query.where}: did not end within {timeout:g} s and was stopped; ask less, or raise --timeout")
    paths = [resources.package_folder(), os.environ.get("PYTHONPATH")]
    child = subprocess.Popen(
        [sys.executable, "-c", "from lems_onto import confined; confined.serve()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        # Ctrl-C reaches the parent alone, which kills the child.
        start_new_session=True,
    )  # fmt: skip
    try:
        answer, said = child.communicate(lines, timeout=timeout)
    except subprocess.TimeoutExpired as problem:
        raise late from problem
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()
    code = child.returncode
    if code == 0 and answer:
        return answer
    if code == -getattr(signal, "SIGXCPU", 24):
        raise late
    hungry = (b"memory allocation of", b"failed to map segment", b"MemoryError", b"can't start new thread")
    if code in (-signal.SIGABRT, 77) or any(sign in said for sign in hungry):
        raise TooMuch(f"{query.where}: needs more than {memory:,.0f} MB and was stopped; ask less, or raise --memory")
    if code < 0:
        raise TooMuch(f"{query.where}: crashed the engine ({signal.Signals(-code).name}); write it simpler")
    last = said.decode("utf-8", "replace").strip().split("\n")[-1][-160:]
    raise TooMuch(f"{query.where}: the engine ended with exit code {code}: {last}; write it simpler")


def serve():
    """What the child does: read a request from standard input, answer it on standard output."""
    import json

    request = json.loads(sys.stdin.buffer.readline())
    _limit(request["memory"], request["seconds"])
    try:
        out = _answer(request)
        if len(out) > engines.MAX_ANSWER:
            raise TooMuch(f"{request['where']}: the answer is larger than {engines.MAX_ANSWER_SAID}; ask less")
    except MemoryError:
        os._exit(77)
    except LemsError as problem:
        told = {"error": str(problem), "kind": type(problem).__name__, "more": vars(problem)}
        out = json.dumps(told).encode() + b"\n"
    sys.stdout.buffer.write(out)
    sys.stdout.buffer.flush()
    # A store of a million triples takes a while to take down, for nothing.
    os._exit(0)


def _answer(request):
    import json

    query = querytext.read(request["text"], request["where"], request["head"])
    paths = [*([resources.ontology_path()] if request["ontology"] else []), *request["files"]]
    store = graphs.store_of(*paths, more=sys.stdin.buffer.read())
    engine = engines.local(request["engine"], store)
    _, prefixes = graphs.shipped()
    found = answering.answer(query, request["pins"], engine, prefixes, request["canned"], request["want_labels"])
    head = {**found._asdict(), "solutions": len(found.solutions)}
    return f"{json.dumps(head)}\n{forms.to_json(found.columns, found.solutions)}".encode()


def _limit(memory, seconds):
    """Limits of the system, where it has them: memory, processor time, no core file, no life without the parent."""
    try:
        import resource
    except ImportError:
        return
    if sys.platform == "linux":
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    for what, most in (
        (resource.RLIMIT_AS, int(memory) * 1024 * 1024),
        # Should the parent be killed, nobody holds the clock any more.
        (resource.RLIMIT_CPU, int(seconds) * (os.cpu_count() or 1) + 5),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            _, hard = resource.getrlimit(what)
            resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
        except (ValueError, OSError):
            continue


def _error(told):
    """The error that the child tells of, of the class that it was raised with."""
    kinds = [LemsError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    kind = next((kind for kind in kinds if kind.__name__ == told["kind"]), LemsError)
    problem = kind.__new__(kind, told["error"])
    problem.__dict__.update(told["more"])
    return problem
