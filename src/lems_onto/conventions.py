"""Writes the questions in the forms of others: SPARQL examples in RDF, grlc, a Markdown catalogue."""

import re

from . import asking, querytext, tables
from .errors import LemsError

_HEAD = """\
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix question: <https://w3id.org/lems-onto/query/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def to_rdf(queries, target=None):
    """Turtle of questions as SHACL executables, the form of https://github.com/sib-swiss/sparql-examples.

    Columns are left out: no term of SHACL says what a column of an answer means.

    Args:
        queries: `Query` objects; the same ones give the same text in any order.
        target: the IRI of an endpoint that answers them, where there is one.

    Raises:
        LemsError: two questions give one prefix two meanings, or the target is no IRI.
    """
    queries = sorted(queries)
    return "\n".join([_HEAD, _declarations(queries), *(_executable(query, target) for query in queries)])


def to_grlc(query, endpoint=None, graph=None, parameters=()):
    """A question as https://grlc.io serves it: decorators that it knows, then SPARQL.

    Args:
        query: a `Query`. What its columns mean becomes part of the description.
        endpoint: the IRI of the endpoint to ask.
        graph: the IRI of the named graph there that holds the ontology; it becomes FROM.
        parameters: columns that shall be optional parameters of the web call.
            grlc writes their values into the text of the query as string
            literals; a row is kept where the column, as a string, is the value.

    Raises:
        LemsError: an IRI is none, or a column cannot be a parameter.
    """
    odd = re.search(r": |:$| #|^\W", query.summary)
    lines = [f"summary: {_literal(query.summary) if odd else query.summary}"]
    lines += ["description: |-", f"  {query.description}", ""]
    lines += [f"  - `{name}`: {meaning}" for name, meaning in query.columns.items()]
    lines.append(f"tags: [{', '.join(query.tags)}]")
    if endpoint:
        lines.append(f"endpoint: {_iri(endpoint)}")
    header = "".join(f"#+ {line}".rstrip() + "\n" for line in lines)
    return f"{header}\n{_served(query, graph, parameters)}"


def to_markdown(queries, diagram=None, intro="", files="../queries"):
    """A catalogue of questions with an index, for people who read.

    Args:
        queries: `Query` objects.
        diagram: a function from the text of a question to a Mermaid diagram.
        intro: a paragraph to stand before the index.
        files: where the folder of the questions lies, as seen from the page.
    """
    queries = sorted(queries, key=lambda query: (query.is_check, query.group, query.name))
    groups = list(dict.fromkeys(query.group for query in queries))
    parts = ["# Questions", *([intro] if intro else [])]
    for group in groups:
        links = [f"- [{q.summary}](#{anchor(q.summary)}) `{q.name}`" for q in queries if q.group == group]
        parts.append(f"**[{group.capitalize()}](#{anchor(group)})**\n\n" + "\n".join(links))
    for group in groups:
        parts.append(f"## {group.capitalize()}")
        parts += [_entry(query, diagram, files) for query in queries if query.group == group]
    return "\n\n".join(parts) + "\n"


def anchor(heading):
    """The anchor that GitHub gives to a heading.

    >>> anchor("What is Lambert-Eaton myasthenic syndrome?")
    'what-is-lambert-eaton-myasthenic-syndrome'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _sparql(query):
    """The text of a question without its header."""
    return "\n".join(line for line in query.text.split("\n") if not line.startswith("#+")).strip() + "\n"


def _iri(text):
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", str(text)):
        raise LemsError(f"'{text}' is no IRI; write one, for example https://example.org/sparql")
    return text


# Turtle


def _declarations(queries):
    """The prefixes of the questions, declared once for all of them as `sh:prefixes` expects it."""
    spaces = {}
    for query in queries:
        for prefix, space in querytext.read(query.text, query.name).prologue():
            if spaces.setdefault(prefix, space) != space:
                raise LemsError(f"{query.path}: {prefix}: is {spaces[prefix]} elsewhere; give it another prefix")
    lines = ["a owl:Ontology", 'rdfs:label "Questions on Lambert-Eaton myasthenic syndrome"@en']
    for prefix, space in sorted(spaces.items()):
        lines.append(f'sh:declare [ sh:prefix "{prefix}" ; sh:namespace "{space}"^^xsd:anyURI ]')
    return "question:\n" + "".join(f"    {line} ;\n" for line in lines) + "    .\n"


def _executable(query, target):
    form = querytext.read(query.text, query.name).form
    lines = [
        f"a sh:SPARQLExecutable, sh:SPARQL{form.capitalize()}Executable",
        f"rdfs:comment {_literal(query.summary)}@en",
        f"dcterms:description {_literal(query.description)}@en",
        f"schema:keywords {', '.join(map(_literal, sorted(query.tags)))}",
        *([f"schema:target <{_iri(target)}>"] if target else []),
        "sh:prefixes question:",
        f"sh:{form.lower()} {_literal(_sparql(query))}",
    ]
    return f"question:{query.name}\n" + "".join(f"    {line} ;\n" for line in lines) + "    .\n"


def _literal(text):
    escaped = text.replace("\\", "\\\\")
    if "\n" not in text:
        return '"' + escaped.replace('"', '\\"') + '"'
    return '"""' + re.sub(r'"(?="|\Z)', r"\"", escaped) + '"""'


# grlc


def _served(query, graph, parameters):
    """The SPARQL with its named graph, and with a condition for each parameter."""
    text = querytext.read(_sparql(query), query.name)
    opening, closing = (text.tokens[at] for at in text.body)
    body = text.text[opening.start : closing.end]
    if parameters:
        conditions = "".join(f"    {_condition(text, column)}\n" for column in parameters)
        body = f"{{\n    {body}\n{conditions}}}"
    head = re.sub(r"\s*\bWHERE\s*$", "", text.text[: opening.start], flags=re.IGNORECASE).rstrip()
    source = f"\nFROM <{_iri(graph)}>" if graph else ""
    return f"{head}{source}\nWHERE {body}{text.text[closing.end :]}"


def _condition(text, column):
    """True while grlc leaves its variable unbound, whose ending keeps grlc from finding one name in another."""
    variables = dict(zip(text.columns or (), text.template() or text.columns or (), strict=True))
    if column not in variables or column in text.computed or {"GROUP", "HAVING", "LIMIT", "OFFSET"} & {*text.modifiers}:
        raise LemsError(f"{text.where}: {column} cannot be a parameter; name a column that the pattern binds")
    value = f"STR(?{variables[column]})"
    return f'FILTER (COALESCE(?__{column}_literal, {value}, "") = COALESCE({value}, ""))'


# Markdown


def _entry(query, diagram, files):
    columns = [f"| `{name}` | {_cell(meaning)} |" for name, meaning in query.columns.items()]
    calls = [f"lems-onto ask {query.name}", *_example(query)]
    parts = [
        f"### {query.summary}",
        f"[`{query.name}`]({files}/{query.group}/{query.name}.rq), {', '.join(query.tags)}",
        query.description,
        "\n".join(["| column | what it holds |", "| --- | --- |", *columns]),
        "\n".join(["```sh", *calls, "```"]),
        *_sample(query),
        *([f"```mermaid\n{diagram(query.text)}```"] if diagram else []),
        f"<details><summary>SPARQL</summary>\n\n```sparql\n{_sparql(query)}```\n\n</details>",
    ]
    return "\n\n".join(parts)


def _sample(query, count=3):
    """The first rows of the answer, as people see them."""
    if query.is_check:
        return []
    answer = asking.ask(query.name, labels=True)
    first = answer.first(count)
    head = "All rows:" if len(first) == len(answer) else f"The first {len(first)} of {len(answer)} rows:"
    return [f"{head}\n\n{tables.render(first, 'markdown').strip()}"]


def _cell(text):
    return text.replace("|", r"\|").replace("<", "&lt;")


def _example(query):
    """A call that pins a column to a label of the answer, where that leaves some rows and not all."""
    if query.is_check:
        return []
    answer = asking.ask(query.name)
    for at, column in enumerate(answer.columns):
        if column + "Label" not in answer.columns:
            continue
        label = answer.solutions[0][answer.columns.index(column + "Label")]
        rows = [solution for solution in answer.solutions if solution[at] == answer.solutions[0][at]]
        if label is not None and len(rows) < len(answer.solutions) and not re.search(r'["$`\\!]', label.value):
            return [f'lems-onto ask {query.name} --where {column}="{label.value}"']
    return []
