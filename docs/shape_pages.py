"""Writes a page for each shape: why it exists, its rules, an example that passes, one that fails, what is said of it.

    python docs/shape_pages.py          write docs/shapes/, and remove the page of a shape that is no more
    python docs/shape_pages.py --check  say whether they are what they should be

All of a page is made from `shapes/*.ttl` and `tests/shapes/examples/*.trig`.
What the command says is what it does say, of the example that fails.
"""

import re
import sys
import textwrap
from pathlib import Path

import folder_pages
import pyoxigraph as ox

from lems_onto import graphs, resources, terms
from lems_onto.validation import outputs, shapesgraph, validate, validating
from lems_onto.validation.vocabulary import CONSTRAINING, PARAMETERS, RDFS

DOCS = Path(__file__).resolve().parent
EXAMPLES = DOCS.parent / "tests" / "shapes" / "examples"
SHAPE = "https://w3id.org/lems-onto/shape/"
_KINDS = {
    "IRI": "an IRI",
    "BlankNode": "a blank node",
    "Literal": "a literal",
    "BlankNodeOrIRI": "a blank node or an IRI",
    "BlankNodeOrLiteral": "a blank node or a literal",
    "IRIOrLiteral": "an IRI or a literal",
}
_TARGETS = {
    "targetClass": "every instance of {} and of the classes below it",
    "targetNode": "{}",
    "targetSubjectsOf": "whatever has {}",
    "targetObjectsOf": "whatever is the value of {}",
}
# How the choices of a shape are numbered, and those within one of them.
_NUMBERS = ("123456789", "abcdefghi", ("i", "ii", "iii", "iv", "v", "vi", "vii"))


def pages():
    """The text of each page, by its path in `docs/`."""
    graph = shapesgraph.shipped()
    chapters, made = [], {}
    for path in resources.shape_paths():
        text = Path(path).read_text(encoding="utf-8")
        blocks = {
            found[1]: found[0] for found in re.finditer(r"^shape:([\w-]+)\n.*?^    \.$", text, re.DOTALL | re.MULTILINE)
        }
        shapes = [graph.shapes.get(ox.NamedNode(SHAPE + name)) for name in blocks]
        shapes = [shape for shape in shapes if shape and shape.targets]
        for shape in shapes:
            made[f"shapes/{_name(shape)}.md"] = _page(graph, shape, Path(path).name, blocks)
        if shapes:
            chapters.append((Path(path).name, text.partition("\n")[0].lstrip("# "), shapes))
    targeted = [shape for shape in graph.shapes.values() if shape.targets]
    missing = sorted(shape.id for shape in targeted if f"shapes/{_name(shape)}.md" not in made)
    if missing:
        sys.exit(f"no block of a file of shapes begins with the name of {', '.join(missing)}")
    made["shapes/README.md"] = _index(graph, chapters)
    return made


def write(check=False):
    """Write all pages and remove those of no shape; or only say, with an exit, which is not what it should be."""
    folder_pages.keep(DOCS / "shapes", {DOCS / path: text for path, text in pages().items()}, "shape", check)


def _name(shape):
    return shape.id.removeprefix(SHAPE)


def _index(graph, chapters):
    rules = sum(len(_rules(graph, shape)) for _, _, shapes in chapters for shape in shapes)
    count = sum(len(shapes) for _, _, shapes in chapters)
    lines = [
        "# Shapes",
        "",
        f"{count} shapes with {rules} rules hold the ontology, and what is written in its terms, to what its",
        "claims need. Each has a page: why it exists, what it holds for, its rules with the message that says",
        "the mend, an example that passes, one that fails, and what the command says of that one.",
        "[validating.md](../validating.md) tells how to run them.",
    ]
    for file, title, shapes in chapters:
        lines += ["", f"## {title.rstrip('.')}", "", f"In [{file}](../../shapes/{file}).", ""]
        lines += ["| shape | what it holds to | holds for | rules | severity |", "| --- | --- | --- | --- | --- |"]
        for shape in shapes:
            cells = (_why(graph, shape), _targets(graph, shape), len(_rules(graph, shape)), _severity(graph, shape))
            lines.append(f"| [{_name(shape)}]({_name(shape)}.md) | {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"


def _page(graph, shape, file, blocks):
    name, parts = _name(shape), [shape, *_hung(graph, shape)]
    about, right, wrong = example(name)
    rows = [
        f'| <a id="{rule}"></a>{_code("shape:" + rule)} | {" | ".join(cells)} |'
        for rule, *cells in _rules(graph, shape)
    ]
    sources = dict.fromkeys(value.value for part in parts for value in graph.values(part.node, "seeAlso", RDFS))
    lines = [
        f"# {name}",
        "",
        _why(graph, shape),
        "",
        f"- holds for: {_targets(graph, shape)}",
        f"- severity: {_severity(graph, shape)}",
        f"- rests on: {', '.join(f'<{source}>' for source in sources)}",
        f"- stands in: [{file}](../../shapes/{file})",
        "",
        "## Rules",
        "",
        "| rule | path | what must be | severity | message |",
        "| --- | --- | --- | --- | --- |",
        *rows,
        "",
        "## Passes",
        "",
        *_fenced("turtle", right),
        "",
        "## Fails",
        "",
        _text(about),
        "",
        *_fenced("turtle", wrong),
        "",
        "## What the command says",
        "",
        "Of the example that fails, in `example.ttl`; findings of other shapes, and their counts, are left out.",
        "",
        *_fenced("text", told(graph, shape, wrong)),
        "",
        "## The shape itself",
        "",
        *_fenced("turtle", "\n\n".join(blocks[_name(part)] for part in parts)),
        "",
        "## Run it",
        "",
        *_fenced(
            "sh",
            "lems-onto validate example.ttl --no-ontology   # the example alone\n"
            "lems-onto validate mine.ttl                    # a file of yours, together with the ontology",
        ),
        "",
        f"The examples, and the findings that are expected of them, stand in "
        f"[{name}.trig](../../tests/shapes/examples/{name}.trig). "
        "All shapes are in the [index](README.md); the command is told in [validating.md](../validating.md).",
    ]
    return "\n".join(lines) + "\n"


def example(name):
    """What an example is about, and as Turtle what passes in it and what fails."""
    path = EXAMPLES / f"{name}.trig"
    if not path.is_file():
        sys.exit(f"shape:{name} has no example; write tests/shapes/examples/{name}.trig")
    text = path.read_text(encoding="utf-8")
    prefixes = re.findall(r"^(@prefix (\S*:) .*)$", text, re.MULTILINE)
    graph = {
        found[1]: textwrap.dedent(found[2]).strip("\n")
        for found in re.finditer(r"^ex:(\w+) \{\n(.*?)^\}", text, re.DOTALL | re.MULTILINE)
    }

    def turtle(part):
        plain = re.sub(r'"(\\.|[^"\\\n])*"|<[^<>\s]*>', "", graph[part])
        used = [line for line, prefix in prefixes if re.search(rf"(?<![\w:.-]){re.escape(prefix)}", graph[part])]
        used = [line for line, prefix in prefixes if line in used and re.search(rf"(?<![\w-]){prefix}", plain)]
        return "\n".join(used) + "\n\n" + graph[part]

    return text.partition("\n")[0].lstrip("# "), turtle("pass"), turtle("fail")


def told(graph, shape, turtle):
    """What the command says of a text of Turtle that stands in `example.ttl`, the findings of one shape alone."""
    own = {part.id for part in (shape, *_hung(graph, shape))}
    report = validate("example.ttl", ontology=False, contents={"example.ttl": (turtle + "\n").encode()})
    report = report._replace(
        results=tuple(result for result in report.results if result.rule in own),
        focus_nodes={shape.id: report.focus_nodes[shape.id]},
    )
    prefixes = {**graphs.shipped()[1], **graph.prefixes, "sh": "http://www.w3.org/ns/shacl#", **report.prefixes}
    return outputs.render(report, "human", prefixes=prefixes, width=80).rstrip("\n")


def _fenced(language, text):
    return [f"```{language}", text, "```"]


def _why(graph, shape):
    said = graph.value(shape.node, "comment", RDFS) or graph.value(shape.node, "message")
    return _text(said.value)


def _hung(graph, shape):
    """The property shapes of a shape."""
    return [graph.shapes[node] for node in graph.values(shape.node, "property")]


def _rules(graph, shape):
    """Name, path, words, severity and message of each rule of a shape: of itself, and of its property shapes."""
    found = []
    for part in (shape, *_hung(graph, shape)):
        path = _code(_path(graph, part.path)) if part.path else "the node itself"
        severity = validating.severity(graph, part.node)
        own = any(graph.values(part.node, name) for name in CONSTRAINING if name not in ("sparql", "property"))
        said = [value.value for value in graph.values(part.node, "message")]
        if own:
            found.append((_name(part), path, _words(graph, part, 0, top=True), severity, _text(" ".join(said))))
        for node in graph.values(part.node, "sparql"):
            message = " ".join(value.value for value in graph.values(node, "message")) or " ".join(said)
            words = "no row of [its query](#the-shape-itself)"
            found.append((_name(part), path, words, severity, _text(message)))
    return found


def _severity(graph, shape):
    return ", ".join(dict.fromkeys(rule[3] for rule in _rules(graph, shape)))


def _targets(graph, shape):
    """What a shape holds for, in words; targets of one kind stand together."""
    kinds = {}
    for kind, node in shape.targets:
        kinds.setdefault(kind, []).append(_term(graph, node))
    words = {kind: _listed(nodes, "and" if kind == "targetNode" else "or") for kind, nodes in kinds.items()}
    return "; ".join(_TARGETS[kind].format(nodes) for kind, nodes in words.items())


def _words(graph, shape, depth, top=False):
    """The constraints of a shape in words, its path before them unless a column has it."""
    node, most = shape.node, _number(graph, shape.node, "maxCount")
    each = "each " if shape.path and most != 1 else ""
    # One value at most, and a certain one: that makes one.
    least = 1 if most == 1 and graph.values(node, "hasValue") else _number(graph, node, "minCount")
    counts = _count(least, most)
    said = [counts] if counts else []
    for name in PARAMETERS:
        for value in graph.values(node, name):
            words = _word(graph, node, name, value, each, depth)
            said += [words] if words and not (top and name == "property") else []
    text = ", ".join(said)
    return text if top or not shape.path else f"{_code(_path(graph, shape.path))}: {text}"


def _word(graph, node, name, value, each, depth):
    """One constraint in words; empty for what another one tells."""
    if name in ("minCount", "maxCount", "flags", "ignoredProperties", "qualifiedMinCount", "qualifiedMaxCount"):
        return ""
    if name == "qualifiedValueShape":
        counts = (_number(graph, node, "qualifiedMinCount"), _number(graph, node, "qualifiedMaxCount"))
        return f"{_count(*counts)} that is {_words(graph, graph.shapes[value], depth)}"
    if name in ("and", "or", "xone"):
        start = {"and": "all of", "or": "at least one of", "xone": "exactly one of"}[name]
        ways = [_words(graph, graph.shapes[member], depth + 1) for member in graph.members(value)]
        numbered = (f"({number}) {way}" for number, way in zip(_NUMBERS[depth], ways, strict=False))
        return f"{each}{start}: {'; '.join(numbered)}"
    if name in ("not", "node", "property"):
        # What has an IRI is told on a page of its own.
        told = _code(graph.title(graph.shapes[value]))
        inner = told if isinstance(value, ox.NamedNode) else _words(graph, graph.shapes[value], depth)
        if name == "property":
            return inner
        inner = inner if inner == told else f"({inner})"
        return f"{each}not {inner}" if name == "not" else f"{each}conforming to {inner}"
    if name in ("in", "languageIn"):
        members = [_term(graph, member) for member in graph.members(value)]
        where = "in the language " if name == "languageIn" else ""
        return f"{each}{where}{_listed(members)}"
    if name == "nodeKind":
        return each + _KINDS[value.value.rpartition("#")[2]]
    if name == "pattern":
        flags = graph.value(node, "flags")
        return f"{each}matching {_code(value.value)}" + (f" with the flags {_code(flags.value)}" if flags else "")
    if name == "closed":
        members = [_term(graph, one) for head in graph.values(node, "ignoredProperties") for one in graph.members(head)]
        beside = f" and {', '.join(members)}" if members else ""
        return f"no property but those of its rules{beside}" if value.value in ("true", "1") else ""
    told = _term(graph, value)
    if name == "hasValue":
        return f"{told} among them" if each else told
    return {
        "class": f"{each}an instance of {told}",
        "datatype": f"{each}of the datatype {told}",
        "minExclusive": f"{each}above {told}",
        "minInclusive": f"{each}{told} or above",
        "maxExclusive": f"{each}below {told}",
        "maxInclusive": f"{each}{told} or below",
        "minLength": f"{each}of {value.value} or more characters",
        "maxLength": f"{each}of {value.value} characters at most",
        "uniqueLang": "no two of one language",
        "equals": f"the same as those of {told}",
        "disjoint": f"none of those of {told}",
        "lessThan": f"{each}less than every value of {told}",
        "lessThanOrEquals": f"{each}at most every value of {told}",
        "qualifiedValueShapesDisjoint": "none of them counted for another rule beside it",
        "sparql": "no row of its query",
    }[name]


def _number(graph, node, name):
    value = graph.value(node, name)
    return None if value is None else int(value.value)


def _count(least, most):
    """How many values there may be, in words; empty for any number."""
    words = {0: "none", 1: "one"}
    low, high = words.get(least, least), words.get(most, most)
    if least == most:
        return "" if least is None else "none" if not least else f"exactly {low}"
    if not most and most is not None:
        return "none"
    if most is None:
        return f"at least {low}" if least else ""
    return f"from {low} to {high}" if least else f"at most {high}"


def _listed(words, last="or"):
    return " ".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _term(graph, node):
    """A term as code; one whose name is a number with its label."""
    if isinstance(node, ox.Literal):
        return _code(node.value)
    short = _curie(graph, node.value)
    label = _label(node) if re.search(r"\d{3}$", node.value) else None
    return _code(short) + (f" ({_text(label)})" if label else "")


def _label(node):
    found = graphs.shipped()[0].quads_for_pattern(node, ox.NamedNode(RDFS + "label"), None)
    return next((quad.object.value for quad in found), None)


def _curie(graph, iri):
    short = terms.contract(iri, {**graphs.shipped()[1], **graph.prefixes})
    return short if short != iri else f"<{iri}>"


def _path(graph, path):
    return re.sub(r"<([^<>]*)>", lambda found: _curie(graph, found[1]), path)


def _code(text):
    """Code within a line of Markdown, a cell of a table included."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text.replace('|', chr(92) + '|')}{fence}"


def _text(text):
    """A text within a line of Markdown, a cell of a table included."""
    return re.sub(r"([\\|*<`\[])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    write("--check" in sys.argv[1:])
