"""OWLAPI, out of the archives that owlready2 carries, in a Java machine within this process.

A process can start one Java machine, once; it lives as long as the process.
"""

import contextlib
import functools
import importlib.util
import os
import re
import sys

from ..errors import LemsError
from . import java, ontologies
from .processes import JavaFailed

MEMORY = 2048


class NoBridge(LemsError):
    """JPype, by which Python reaches OWLAPI, is not installed."""


@functools.cache
def start(memory=MEMORY):
    """Start the Java machine, and return a function from the name of a Java class to that class.

    Raises:
        NoBridge: JPype is not installed.
        NoJava: there is no Java, or no whole one.
        JavaFailed: the machine does not start.
    """
    try:
        import jpype
    except ImportError as problem:
        raise NoBridge(f"OWLAPI needs JPype, which is not installed: {java.MEND}") from problem
    if not jpype.isJVMStarted():
        found = java.find()
        flags = [f"-Xmx{memory:.0f}m", "-Xss16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
        # An older Java does not know the flag, and would not start with it.
        if _version(found) >= 17:
            flags.append("--enable-native-access=ALL-UNNAMED")
        library = java.machine(found)
        try:
            with _silenced():
                jpype.startJVM(library, *flags, classpath=[archive()], convertStrings=True)
        except LemsError:
            raise
        except Exception as problem:
            first = (str(problem).strip().splitlines() or ["it said nothing"])[0]
            raise JavaFailed(
                f"{found.path} ({found.origin}): does not start: {first}; see lems-onto doctor"
            ) from problem
        # What OWLAPI logs about imports that we leave out is not for the user.
        level = jpype.JClass("java.util.logging.Level")
        jpype.JClass("java.util.logging.Logger").getLogger("").setLevel(level.OFF)
    return functools.cache(jpype.JClass)


@contextlib.contextmanager
def _silenced():
    """Keep what a Java machine that does not start says on standard output out of the answer."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def archive():
    """Path of the archive that holds HermiT and OWLAPI."""
    found = importlib.util.find_spec("owlready2")
    return os.path.join(os.path.dirname(found.origin), "hermit", "HermiT.jar")


def _version(found):
    """The main version of a Java, by the file that every one has since 9; 8 where it is missing."""
    home = os.path.dirname(os.path.dirname(os.path.realpath(found.path)))
    try:
        with open(os.path.join(home, "release"), encoding="utf-8", errors="replace") as file:
            match = re.search(r'JAVA_VERSION="(\d+)', file.read())
    except OSError:
        match = None
    return int(match[1]) if match else 8


def load(triples):
    """The OWLAPI ontology of triples of pyoxigraph, in a manager of its own; imports are left out.

    Raises:
        Unwritable: RDF/XML cannot hold a name or a character.
        JavaFailed: OWLAPI cannot read them.
    """
    cls = start()
    import jpype

    kept = [one for one in ontologies.stated(triples) if one.predicate.value != ontologies.OWL + "imports"]
    content = jpype.JArray(jpype.JByte)(ontologies.rdf_xml(kept))
    source = cls("org.semanticweb.owlapi.io.StreamDocumentSource")(cls("java.io.ByteArrayInputStream")(content))
    try:
        return manager().loadOntologyFromOntologyDocument(source)
    except jpype.JException as problem:
        raise JavaFailed(f"OWLAPI cannot read the ontology: {_first(problem)}") from problem


def manager():
    """A new manager of ontologies."""
    return start()("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()


def _first(problem):
    lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
    return lines[0] if lines else type(problem).__name__


class Reasoner:
    """Asks HermiT, within this process, what sets of axioms entail."""

    def __init__(self):
        cls = start()
        self._factory = cls("org.semanticweb.HermiT.Reasoner$ReasonerFactory")()
        self._set = cls("java.util.HashSet")
        self._manager = manager()

    def entails(self, axioms, goal=None):
        """Whether axioms entail an axiom; without one, whether they are inconsistent.

        Raises:
            JavaFailed: the axioms are such that HermiT cannot answer.
        """
        import jpype

        held = self._set()
        for axiom in axioms:
            held.add(axiom)
        ontology = self._manager.createOntology(held)
        try:
            reasoner = self._factory.createNonBufferingReasoner(ontology)
            try:
                if not reasoner.isConsistent():
                    return True
                return goal is not None and bool(reasoner.isEntailed(goal))
            finally:
                reasoner.dispose()
        except jpype.JException as problem:
            if "Inconsistent" in type(problem).__name__:
                return True
            raise JavaFailed(
                f"HermiT cannot answer: {_first(problem)}; lems-onto profile says what it cannot take"
            ) from problem
        finally:
            self._manager.removeOntology(ontology)
