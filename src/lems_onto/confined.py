"""Runs a query in a process of its own, which can be killed: for queries and data that are not ours.

An engine that is busy cannot be interrupted, and a hostile query can exhaust
the memory or crash the interpreter. The process gets a limit of memory and of
processor time from the system where that knows such limits (Linux, and macOS
in part); the clock is held by the parent everywhere.

Parent and child speak in lines of JSON and in SPARQL results (JSON).
"""

import os
import sys

from . import answering, engines, forms, graphs, limits, querytext, resources, terms
from .errors import LemsError

TIMEOUT = 60
MEMORY = 4096
_SERVE = "import sys; sys.path.append(sys.argv[1]); from lems_onto import confined; confined.serve()"


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
    child = subprocess.Popen(
        # -P: no file of the folder that one happens to be in is taken for a module.
        [sys.executable, "-P", "-c", _SERVE, resources.package_folder()],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
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


class Confined:
    """An engine of this machine in processes of their own, one for each query.

    Args:
        name: a name of `engines.NAMES`.
        files, ontology, timeout, memory: as `answer` takes them.
    """

    remote = False

    def __init__(self, name, files, ontology=True, timeout=TIMEOUT, memory=MEMORY):
        self.name = name
        self.asked = files, ontology, None, timeout, memory

    def run(self, query, pins=None):
        """Answer a query; as `engines.Pyoxigraph.run`."""
        found = answer(query, pins or {}, self.name, *self.asked, True, False)
        return engines.Result(found.form, found.columns, found.solutions)


def serve():
    """What the child does: read a request from standard input, answer it on standard output."""
    import json

    request = json.loads(sys.stdin.buffer.readline())
    limits.limit(request["memory"], request["seconds"])
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
    _close_the_net(request["engine"])
    found = answering.answer(query, request["pins"], engine, prefixes, request["canned"], request["want_labels"])
    cells = len(found.solutions) * max(1, len(found.columns))
    if cells > engines.MAX_CELLS:
        raise TooMuch(f"{query.where}: the answer has more than {engines.MAX_CELLS:,} cells; ask less, or add LIMIT")
    head = {**found._asdict(), "solutions": len(found.solutions)}
    return f"{json.dumps(head)}\n{forms.to_json(found.columns, found.solutions)}".encode()


def _close_the_net(engine):
    """Let no file and no socket be opened any more, where the system can do that.

    What calls out is refused before it comes here; this holds should an engine
    read a query otherwise than we do.
    """
    try:
        import resource
    except ImportError:
        return
    # What engines import late, they import now.
    warm = querytext.read("SELECT ?s WHERE { ?s ?p 1 OPTIONAL { ?s ?q ?o FILTER (REGEX(STR(?o), 'x')) } } ORDER BY ?s")
    import rdflib  # noqa: F401

    (engines.Rdflib(graphs.to_rdflib([])) if engine == "rdflib" else engines.Pyoxigraph(graphs.store([]))).run(warm)
    for late in ("decimal", "datetime", "difflib", "json", "urllib.parse"):
        __import__(late)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))


def _error(told):
    """The error that the child tells of, of the class that it was raised with."""
    kinds = [LemsError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    kind = next((kind for kind in kinds if kind.__name__ == told["kind"]), LemsError)
    problem = kind.__new__(kind, told["error"])
    problem.__dict__.update(told["more"])
    return problem
