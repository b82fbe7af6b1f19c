"""The questions: one SPARQL file each, whose header is its documentation.

A header line begins with `#+`; together they are YAML, as grlc reads it
(https://github.com/CLARIAH/grlc): `summary`, `description`, `tags`, `columns`.
"""

import functools
import os
import re
from collections import namedtuple

from . import resources
from .errors import LemsError, UnknownName

CHECK = "check"


class Query(namedtuple("Query", "name group summary description tags columns text path")):
    """One question.

    Attributes:
        name: the stem of its file, its name everywhere.
        group: the folder it lies in; `check` for a rule that must answer nothing.
        summary: the question in one sentence.
        description: what it answers and how to read it.
        tags: words to find it by.
        columns: each projected variable with its meaning, in the order of the answer.
        text: the whole file, SPARQL 1.1 that runs as it is.
        path: where the file lies.
    """

    __slots__ = ()

    @property
    def is_check(self):
        """Whether this is a rule: a question that must have no solution."""
        return self.group == CHECK


def queries():
    """All questions, checks among them, as a dict from name to `Query`, in order of group and name."""
    return {name: read(path) for name, path in _paths().items()}


def query(name):
    """The question of that name.

    Raises:
        UnknownName: there is none; the message names the likeliest.
    """
    paths = _paths()
    if not isinstance(name, str) or name not in paths:
        raise UnknownName("question", str(name), paths, "'lems-onto list' names them all")
    return read(paths[name])


@functools.cache
def _paths():
    """The path of each question by its name; the folders are read once in a process."""
    return {_stem(path): path for path in resources.query_paths()}


@functools.cache
def read(path):
    """The question in the file at `path`, read once in a process.

    Raises:
        LemsError: the header lacks a part.
    """
    with open(path, encoding="utf-8") as file:
        text = file.read()
    said = header(text)
    missing = [key for key in ("summary", "description", "tags", "columns") if not said.get(key)]
    if missing:
        raise LemsError(f"{path}: the header has no {' and no '.join(missing)}; add '#+ {missing[0]}:'")
    return Query(
        name=_stem(path),
        group=os.path.basename(os.path.dirname(path)),
        summary=said["summary"],
        description=said["description"],
        tags=tuple(tag.strip() for tag in said["tags"].strip("[]").split(",")),
        columns=said["columns"],
        text=text,
        path=path,
    )


def _stem(path):
    return os.path.splitext(os.path.basename(path))[0]


def header(text):
    """The subset of YAML that headers use: `key: value`, a folded `>-` text, one mapping.

    A YAML library would cost more time than the whole question; a test holds
    every header against one.
    """
    found, key = {}, None
    for line in re.findall(r"^#\+(.*)$", text, re.MULTILINE):
        indented, content = line.startswith("   "), line.strip()
        name, _, value = content.partition(":")
        value = value.strip()
        if not indented:
            key = name
            found[key] = {} if not value else "" if value == ">-" else value
        elif isinstance(found[key], dict):
            found[key][name] = value
        else:
            found[key] = f"{found[key]} {content}".strip()
    return found
