"""The rules that a merge is held to: one file of SPARQL each, whose header says what a finding means and the mend.

A rule is a file of `queries/merge`. Those in the folder `stated` read what
the two sides state, in the graphs `merge:ours` and `merge:theirs`. Those in
`inferred` read what a reasoner made of it: `merge:news` (what follows from
both and from neither alone), `merge:before` (what could not hold in theirs
alone) and `merge:expected` (how the inferences that are expected fare).
"""

import functools
import os
import re
from collections import namedtuple

from .. import catalog, resources, terms
from ..errors import LemsError, printable

# The gravest first.
SEVERITIES = ("error", "warning", "info")
FOLDERS = ("stated", "inferred")
SPACE = "urn:lems-onto:merge:"
_HEADER = ("summary", "description", "severity", "message", "mend")
# How relations are said between two terms.
_WORDS = {
    "http://www.w3.org/2000/01/rdf-schema#subClassOf": "is a kind of",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "is an instance of",
    "http://www.w3.org/2000/01/rdf-schema#subPropertyOf": "is a kind of",
    "http://www.w3.org/2002/07/owl#equivalentClass": "is the same as",
    "http://www.w3.org/2002/07/owl#equivalentProperty": "is the same as",
    "http://www.w3.org/2000/01/rdf-schema#domain": "the domain",
    "http://www.w3.org/2000/01/rdf-schema#range": "the range",
    "http://www.w3.org/2002/07/owl#AnnotationProperty": "an annotation property",
    "http://www.w3.org/2002/07/owl#Class": "a class",
    "http://www.w3.org/2002/07/owl#DatatypeProperty": "a data property",
    "http://www.w3.org/2002/07/owl#NamedIndividual": "an individual",
    "http://www.w3.org/2002/07/owl#ObjectProperty": "an object property",
    "http://www.w3.org/2000/01/rdf-schema#Datatype": "a datatype",
    "http://www.w3.org/2002/07/owl#Thing": "a thing",
}


class Rule(namedtuple("Rule", "name folder severity summary description message mend text path")):
    """One rule.

    Attributes:
        name: the stem of its file.
        folder: one of `FOLDERS`; what is inferred needs a reasoner.
        severity: one of `SEVERITIES`.
        summary: what it asks, as a question whose answer should be no.
        description: what a finding means.
        message: what a finding says, with the columns of the answer as they are called in SPARQL.
        mend: what to do.
        text: the SPARQL.
        path: where the file lies.
    """

    __slots__ = ()


class Finding(namedtuple("Finding", "rule values why")):
    """One thing that a rule found.

    Attributes:
        rule: the `Rule`.
        values: a dict from column to pyoxigraph term.
        why: minimal sets of axioms that bring it, each a tuple of `reasoning.explaining.Reason`.
    """

    __slots__ = ()

    @property
    def subject(self):
        """The IRI that it is about, or None."""
        return getattr(self.values.get("subject"), "value", None)

    def message(self, names):
        """What it says, in one printable line; `names` are the `reasoning.naming.Names` of the ontologies."""

        def said(match):
            return _said(self.values[match[1]], names) if match[1] in self.values else match[0]

        return printable(re.sub(r"\?(\w+)", said, self.rule.message))


@functools.cache
def rules():
    """All rules, as a dict from name to `Rule`, the gravest first; read once in a process."""
    found = [_rule(path) for folder in FOLDERS for path in _paths(folder)]
    order = sorted(found, key=lambda one: (SEVERITIES.index(one.severity), FOLDERS.index(one.folder), one.name))
    return {one.name: one for one in order}


def of(*folders):
    """The rules of some folders, the gravest first."""
    return tuple(one for one in rules().values() if one.folder in folders)


def findings_of(rule, store):
    """Each `Finding` of a rule in a `pyoxigraph.Store`, in the order of the rule."""
    found = store.query(rule.text)
    names = [variable.value for variable in found.variables]
    rows = ({name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found)
    return [Finding(rule, values, ()) for values in rows]


def _paths(folder):
    top = os.path.join(resources.data_folder(), "queries", "merge", folder)
    return sorted(entry.path for entry in os.scandir(top) if entry.name.endswith(".rq"))


def _rule(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    header = catalog.header(text)
    lacking = [key for key in _HEADER if not header.get(key)]
    if lacking or header["severity"] not in SEVERITIES:
        raise LemsError(f"{path}: the rule has no {lacking[0] if lacking else 'known severity'}; mend its header")
    name, folder = os.path.splitext(os.path.basename(path))[0], os.path.basename(os.path.dirname(path))
    return Rule(name=name, folder=folder, text=text, path=path, **{key: header[key] for key in _HEADER})


def _said(term, names):
    """A term in a sentence: its label and CURIE, or the text of a literal."""
    if hasattr(term, "datatype"):
        return term.value
    if str(term).startswith("_:"):
        return "an expression"
    if term.value in _WORDS:
        return _WORDS[term.value]
    label, short = names.of(term.value), terms.contract(term.value, names.prefixes)
    return short if label in (short, term.value) else f"'{label}' ({short})"
