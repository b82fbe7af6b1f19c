"""HermiT and Pellet, out of the archives that owlready2 carries, each as a program of its own."""

import collections
import os
import re
import secrets
import tempfile

from ..errors import LemsError, shorten
from . import java, ontologies, processes
from .admission import OWL, RDF
from .inferences import NOTHING, THING
from .processes import JavaFailed

NAMES = ("hermit", "pellet")
TIMEOUT = 600
MEMORY = 2048
# From so many triples on, Java's second compiler earns the time that it takes.
LARGE = 20_000
ANONYMOUS = "urn:lems-onto:anonymous:"

_LINE = re.compile(r"^([A-Za-z]+)\( ((?:<[^>]+>\s*)+)\)\s*$", re.MULTILINE)
_KINDS = {"SubClassOf": "subclasses", "Type": "types"}
_INCONSISTENT = re.compile(
    r'^(?:Exception in thread "main" org\.semanticweb\.owlapi\.reasoner\.InconsistentOntologyException'
    r"|ERROR: Ontology is inconsistent)",
    re.MULTILINE,
)
# What a reasoner says when it gives up, and what that means for whoever wrote the ontology.
_COMPLAINTS = (
    (
        r"OutOfMemoryError|insufficient memory|Could not (?:reserve|allocate)|Too small maximum heap",
        "ran out of memory ({memory:,.0f} MB); raise --memory",
    ),
    (r"StackOverflowError", "an expression is nested too deep for it; flatten it"),
    (
        r"datatype '(http[^']+)' is not part of the OWL 2 datatype map",
        "the datatype {0} is none that OWL 2 can reason with; keep such values on annotation properties",
    ),
    (
        r"is not an? (?:object|data) property.*|not in OWL 2 DL.*|[Nn]on-simple property '?(\S+?)'? .*",
        "the ontology is outside of OWL 2 DL: {0}; lems-onto profile says where",
    ),
)


def command(java_path, reasoner, path, memory, large=False):
    """The command line of a reasoner over a file: RDF/XML for HermiT, N-Triples for Pellet."""
    import owlready2

    home = os.path.dirname(owlready2.__file__)
    flags = [f"-Xmx{memory:.0f}m", "-Xss16m", "-XX:+UseSerialGC"] + ([] if large else ["-XX:TieredStopAtLevel=1"])
    if reasoner == "hermit":
        archives = [os.path.join(home, "hermit"), os.path.join(home, "hermit", "HermiT.jar")]
        deed = ["org.semanticweb.HermiT.cli.CommandLine", "-c", "-O", "-D", "-I", _url(path)]
    else:
        folder = os.path.join(home, "pellet")
        archives = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".jar"))
        deed = ["pellet.Pellet", "realize", "--loader", "Jena", "--input-format", "N-Triples", "--ignore-imports", path]
    return [java_path, *flags, "-cp", os.pathsep.join(archives), *deed]


def infer(triples, reasoner=NAMES[0], timeout=TIMEOUT, memory=MEMORY):
    """What a reasoner infers from triples.

    Args:
        triples: triples of pyoxigraph that are admitted (see `admission`).
        reasoner: `hermit` or `pellet`.
        timeout: seconds after which it is stopped.
        memory: megabytes that its heap may take.

    Returns:
        None where the ontology is inconsistent, else a dict from `unsatisfiable`, `subclasses`, `equivalents` and
        `types` to a set of IRIs or pairs or groups of them.

    Raises:
        NoJava: there is no Java.
        JavaFailed: it did not end in time, ran out of memory, died, or did not say that it finished.
        Unwritable: RDF/XML cannot hold a name or a character.
    """
    found = java.find()
    named, names = _skolemized(ontologies.logical(triples))
    canary = _Canary()
    content = (ontologies.rdf_xml if reasoner == "hermit" else ontologies.n_triples)(named + canary.triples)
    try:
        with tempfile.TemporaryDirectory(prefix="lems-onto-", ignore_cleanup_errors=True) as folder:
            path = os.path.join(folder, "ontology")
            with open(path, "wb") as file:
                file.write(content)
            done = processes.run(command(found.path, reasoner, path, memory, len(named) > LARGE), timeout)
    except OSError as problem:
        raise LemsError(
            f"{tempfile.gettempdir()}: the copy for the reasoner cannot be written there: "
            f"{(problem.strerror or str(problem)).lower()}; make room or set TMPDIR"
        ) from problem
    if _inconsistent(done):
        # Anybody can say so: the same Java must find an ontology consistent that is.
        if triples:
            infer([], reasoner, timeout, memory)
            return None
        raise JavaFailed(f"{reasoner} on {found.path} ({found.origin}): finds everything inconsistent; is it a Java?")
    read = (_of_hermit if reasoner == "hermit" else _of_pellet)(done.output)
    if done.code or not canary.sings(read):
        raise JavaFailed(f"{reasoner} on {found.path} ({found.origin}): {_complaint(done, memory)}")
    return canary.without(_renamed(read, names))


class _Canary:
    """A class below another and an individual, which a reasoner that did its work must report."""

    def __init__(self):
        self.names = [f"urn:lems-onto:canary:{secrets.token_hex(8)}" for _ in range(3)]

    @property
    def triples(self):
        """The axioms of the canary."""
        import pyoxigraph as ox

        below, above, one = map(ox.NamedNode, self.names)
        type_, thing = ox.NamedNode(RDF + "type"), ox.NamedNode(OWL + "Class")
        return [
            ox.Triple(below, type_, thing),
            ox.Triple(above, type_, thing),
            ox.Triple(below, ox.NamedNode(ontologies.RDFS + "subClassOf"), above),
            ox.Triple(one, type_, ox.NamedNode(OWL + "NamedIndividual")),
            ox.Triple(one, type_, below),
        ]

    def sings(self, read):
        """Whether what was read holds what follows of the canary."""
        below, above, one = self.names
        return (below, above) in read["subclasses"] and (one, below) in read["types"]

    def without(self, read):
        """What was read, without the canary."""
        return {key: {one for one in values if not set(self.names) & {*_flat(one)}} for key, values in read.items()}


def _flat(value):
    return (value,) if isinstance(value, str) else value


def _skolemized(triples):
    """Triples in which individuals without a name have one, for no reasoner tells of others; and these names."""
    import pyoxigraph as ox

    individuals = {
        triple.subject
        for triple in triples
        if triple.predicate.value == RDF + "type"
        and isinstance(triple.subject, ox.BlankNode)
        and not getattr(triple.object, "value", OWL).startswith(ontologies.BUILT_IN)
    }
    names = {node: ox.NamedNode(ANONYMOUS + node.value) for node in individuals}
    if not names:
        return triples, {}
    made = [ox.Triple(names.get(t.subject, t.subject), t.predicate, names.get(t.object, t.object)) for t in triples]
    return made, {name.value: f"_:{node.value}" for node, name in names.items()}


def _renamed(read, names):
    """What was read, with the individuals that have no name as `_:` and their label."""
    if not names:
        return read

    def rename(value):
        return names.get(value, value) if isinstance(value, str) else tuple(names.get(one, one) for one in value)

    return {key: {rename(one) for one in values} for key, values in read.items()}


def _of_hermit(output):
    read = collections.defaultdict(set)
    for kind, terms in _LINE.findall(output.replace("\r", "")):
        names = re.findall("<([^>]+)>", terms)
        if kind == "EquivalentClasses" and NOTHING in names:
            read["unsatisfiable"] |= {name for name in names if name != NOTHING}
        elif kind == "EquivalentClasses":
            if not any(name.startswith(OWL) for name in names):
                read["equivalents"].add(tuple(sorted(names)))
        elif kind in _KINDS and names[0] != NOTHING and not names[0].startswith(OWL):
            read[_KINDS[kind]].add(tuple(names))
    return read


def _of_pellet(output):
    """A tree of classes, each deeper by its indentation, with its direct instances behind a dash."""
    read, above = collections.defaultdict(set), []
    for line in output.replace("\r", "").splitlines():
        text = line.strip()
        if not re.match(r"[A-Za-z][\w+.-]*:\S", text):
            continue
        depth = len(line) - len(line.lstrip())
        classes, _, instances = text.partition(" - (")
        names = [name for name in classes.split(" = ") if name]
        while above and above[-1][0] >= depth:
            above.pop()
        if NOTHING in names:
            read["unsatisfiable"] |= {name for name in names if name != NOTHING}
            continue
        if len(names) > 1 and THING not in names:
            read["equivalents"].add(tuple(sorted(names)))
        if above and THING not in above[-1][1]:
            read["subclasses"] |= {(name, over) for name in names for over in above[-1][1]}
        above.append((depth, names))
        for instance in filter(None, instances.removesuffix(")").split(", ")):
            if ":" in instance:
                read["types"] |= {(instance, name) for name in names}
    return read


def _inconsistent(done):
    return done.code == 1 and bool(_INCONSISTENT.search(done.errors))


def _complaint(done, memory):
    """What a failed run says, in one line."""
    said = done.errors + done.output
    for pattern, meaning in _COMPLAINTS:
        match = re.search(pattern, said, re.DOTALL)
        if match:
            return meaning.format(*(group or "" for group in match.groups() or [shorten(match[0], 120)]), memory=memory)
    if done.code < 0:
        return f"it was killed by signal {-done.code}; lems-onto doctor says what is wrong with this Java"
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    first = next((line for line in lines if re.search("error|exception", line, re.IGNORECASE)), (lines or [""])[0])
    if done.code:
        return f"ended with {done.code}: {shorten(first, 160) or 'it printed nothing'}"
    what = f"it printed '{shorten(first)}'" if first else "it printed nothing"
    return f"did not say that it finished ({what}); lems-onto doctor says what is wrong with this Java"


def _url(path):
    from urllib.request import pathname2url

    return "file://" + pathname2url(os.path.abspath(path))
