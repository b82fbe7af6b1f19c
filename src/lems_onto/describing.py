"""Says what a question takes and gives: its columns, each a parameter, with type, meaning and example."""

import re
from collections import Counter

from . import answering, asking, terms

XSD = terms.XSD


def columns(query):
    """Four texts for each column of a question: name, type, meaning, an example of a value.

    Types and examples are those of the answer on the shipped ontology.
    """
    import pyoxigraph as ox

    answer = asking.by_engine(query, answering.shipped_engine())
    described = []
    for at, name in enumerate(answer.columns):
        values = [row[at] for row in answer.solutions if row[at] is not None]
        kinds = Counter(_kind(term) for term in values)
        example = values[0] if values else None
        if isinstance(example, ox.NamedNode):
            example = terms.contract(example.value, answer.prefixes)
        described.append(
            (name, " or ".join(sorted(kinds)), query.columns[name], getattr(example, "value", example) or "")
        )
    return described


def commented(query):
    """The text of a question with its path and its columns before it as comments, so that it still runs."""
    lines = [f"queries/{query.group}/{query.name}.rq", "", "Any column can be given values: --where COLUMN=VALUE"]
    for name, kind, _, example in columns(query):
        lines.append(f"  {name:<22} {kind or 'no value here'}{f', such as {_short(example)}' if example else ''}")
    return "".join(f"# {line}".rstrip() + "\n" for line in lines) + query.text


def values(query, column):
    """What a column can be pinned to: CURIEs and names of terms, or values, as they occur on the shipped ontology."""
    import pyoxigraph as ox

    answer = asking.by_engine(query, answering.shipped_engine())
    if column not in answer.columns:
        return []
    at = answer.columns.index(column)
    found = {row[at] for row in answer.solutions} - {None}
    nodes = {term for term in found if isinstance(term, ox.NamedNode)}
    names = {term.value for term in found - nodes} | {terms.contract(node.value, answer.prefixes) for node in nodes}
    # The last part of an IRI, where it is a word.
    names |= {part for node in nodes for part in re.findall(r"/([a-z][a-z-]*)$", node.value)}
    return sorted(names | {name for node in nodes for name in answering.shipped_names(node)}, key=str.casefold)


def _kind(term):
    if not hasattr(term, "datatype"):
        return "term"
    if term.language:
        return f"text in {term.language}"
    name = re.split(r"[/#]", term.datatype.value)[-1]
    return "text" if name == "string" else name


def _short(text):
    return text if len(text) <= 40 else text[:39] + "…"
