"""The words that the forms of a report share: the verdict, the counts, terms and paths on one line."""

from __future__ import annotations

import re

from .. import terms
from ..errors import printable, shorten
from .findings import NEAR_MISS, SEVERITIES, SHACL, Rule

# How much of a literal, a path or a name people are shown.
LIMIT = 200
# How many of a kind are named one by one before the rest is counted.
NAMED = 10


def number(count, word):
    """A count with its word: `1 warning`, `1,234 warnings`."""
    return f"{count:,} {word}{'s' * (count != 1)}"


def tally(results):
    """How many results there are of each severity, those that there are: `2 violations, 1 info`."""
    counts = [(sum(one.severity == severity for one in results), severity) for severity in SEVERITIES]
    return ", ".join(number(count, severity) for count, severity in counts if count) or "no results"


def verdict(report, fail_on="violation"):
    """One sentence on what came out, its first words up to the colon the same for each outcome."""
    accepted = len(report.baseline.accepted) if report.baseline else 0
    more = f" ({accepted:,} more accepted by the baseline)" if accepted else ""
    code = report.exit_code(fail_on)
    if code == 3:
        return f"broken shapes: {number(len(report.broken), 'fault')}; mend them, until then no result can be trusted"
    if code == 1:
        return f"does not conform: {tally(report.results)}{more}"
    if code == 4 and not report.checked:
        return "nothing checked: no shape had a focus node; name a file of which the shapes speak"
    if code == 4:
        return f"unused shapes: {number(len(report.unused), 'shape')} checked nothing; mend or remove them{more}"
    if report.results:
        return f"passes with {tally(report.results)}: none is as grave as {_article(fail_on)} {fail_on}{more}"
    return f"conforms: nothing was found{more}"


def _article(word):
    return "an" if word[0] in "aeiou" else "a"


def counts(report):
    """What was read and what was held to, in numbers."""
    each = (number(sum(one.severity == severity for one in report.results), severity) for severity in SEVERITIES)
    return (
        f"{number(report.triples, 'triple')}, {number(sum(report.focus_nodes.values()), 'focus node')}, "
        f"{number(len(report.focus_nodes), 'shape')}, {number(report.checks, 'check')}; "
        f"{', '.join(each)}; {printable(str(report.engine))}"
    )


def coverage(report, limit=NAMED):
    """How many focus nodes the shapes had, and the first of those that had none."""
    none = [title(report, shape) for shape, count in report.focus_nodes.items() if not count]
    text = f"{number(len(report.focus_nodes), 'shape')}, {number(sum(report.focus_nodes.values()), 'focus node')}"
    if not none:
        return text
    rest = f" and {len(none) - limit:,} more" if len(none) > limit else ""
    return f"{text}; {len(none):,} had none: {', '.join(none[:limit])}{rest}"


def rule_of(report, name):
    """The `Rule` of an id; one made of the id alone where the report has none."""
    known = report.rules.get(name)
    return known or Rule(name, NEAR_MISS if name == NEAR_MISS else SHACL, name, "", "violation", None, None)


def title(report, name):
    """The short name of a rule, on one printable line."""
    return shorten(rule_of(report, name).title or name, LIMIT)


def heading(report, fault):
    """What a fault is and of which shape, as far as that is known: `unused shape[ex:Made]`."""
    return f"{fault.kind} shape" + (f"[{title(report, fault.shape)}]" if fault.shape else "")


def labels(report):
    """A dict from each blank node among the results to a label, numbered as they come.

    Their own labels differ from run to run.
    """
    import pyoxigraph as ox

    found = {}
    for result in (*report.results, *(report.baseline.accepted if report.baseline else ())):
        for term in (result.focus_node, result.value):
            if isinstance(term, ox.BlankNode):
                found.setdefault(term, f"n{len(found) + 1}")
    return found


def shown(report, term, prefixes=None):
    """A term for people, on one printable line, long ones shortened; empty for None."""
    import pyoxigraph as ox

    if not isinstance(term, ox.Literal):
        return shorten(report.named(term, prefixes), LIMIT)
    text = printable(str(ox.Literal(term.value[:LIMIT]))) + "..." * (len(term.value) > LIMIT)
    if term.language:
        return f"{text}@{term.language}"
    datatype = term.datatype.value
    if datatype == terms.XSD + "string":
        return text
    short = terms.contract(datatype, {"xsd": terms.XSD, **(prefixes or {})})
    return f"{text}^^{shorten(short if short != datatype else str(term.datatype), LIMIT)}"


def path_of(path, prefixes=None):
    """A path for people, on one printable line, its IRIs shortened; empty for None."""

    def short(found):
        curie = terms.contract(found[1], prefixes or {})
        return curie if curie != found[1] else found[0]

    return shorten(re.sub(r"<([^<>]*)>", short, path or ""), LIMIT)


def safe(text):
    """The lines of a text with everything escaped that is neither printable nor the end of a line."""
    return "\n".join(printable(line) for line in text.replace("\r\n", "\n").split("\n"))


def harmless(text):
    """A text of which no line is a command to the runner of GitHub, which takes one that begins with :: for that."""
    return re.sub(r"(?m)^([ \t]*)::", r"\1\\::", text)


def where(place):
    """A place as file, line and column, as far as they are known; empty for None."""
    if place is None:
        return ""
    return printable(":".join(str(part) for part in place[:3] if part))


def told(report, result, prefixes=None):
    """Node, path and value of a result as pairs of a word and a text, those that it has."""
    pairs = (
        ("node", shown(report, result.focus_node, prefixes)),
        ("path", path_of(result.path, prefixes)),
        ("value", shown(report, result.value, prefixes)),
    )
    return [pair for pair in pairs if pair[1]]


def unicode_escaped(text):
    """A text of Turtle or SPARQL in which what is not printable, the ends of lines apart, stands as an escape."""

    def escape(found):
        code = ord(found[0])
        return found[0] if found[0].isprintable() else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"

    return re.sub(r"[^\n -~]", escape, text)
