"""Writes a report as JUnit XML: every shape and every check is a test case."""

from __future__ import annotations

from ..errors import printable, shorten
from . import wording
from .findings import CHECK, SEVERITIES, SHACL

SUITE = "lems-onto validate"


def render(report, fail_on="violation", prefixes=None) -> str:
    """The report as JUnit XML, without times.

    A case fails on results that are as grave as `fail_on`, all of them in one
    failure, since readers show but the first of several; lighter results and
    those that a baseline accepts stand in its output. It is skipped where a
    shape had no focus node, and an error where the shape cannot be trusted.
    """
    from io import BytesIO

    import junitparser

    suite = junitparser.TestSuite(SUITE)
    for name, value in (("engine", report.engine), *(("file", file) for file in report.files)):
        suite.add_property(name, _attribute(str(value)))
    suite.add_testcases([*_cases(report, fail_on, prefixes)])
    document = junitparser.JUnitXml(SUITE)
    document.add_testsuite(suite)
    document.update_statistics()
    buffer = BytesIO()
    document.write(buffer, pretty=True)
    return buffer.getvalue().decode()


def _cases(report, fail_on, prefixes):
    """The test cases: a case for each rule, one for faults of no rule, one for whether anything was checked."""
    grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
    accepted = report.baseline.accepted if report.baseline else ()
    results, kept, faults = {}, {}, {}
    for found, by in ((report.results, results), (accepted, kept)):
        for result in found:
            by.setdefault(result.rule, []).append(result)
    for fault in report.faults:
        faults.setdefault(fault.shape, []).append(fault)
    seen = set()
    for name in dict.fromkeys((*report.rules, *results, *(one for one in faults if one is not None))):
        rule = wording.rule_of(report, name)
        own = results.get(name, [])
        failed = [one for one in own if one.severity in grave]
        light = [_told(report, one, prefixes) for one in own if one.severity not in grave]
        light += [f"accepted by the baseline: {_told(report, one, prefixes)}" for one in kept.get(name, [])]
        title = wording.title(report, name)
        # Two rules of one title would be one case for those who read the file.
        title = title if (rule.kind, title) not in seen else f"{title} ({printable(name)})"
        seen.add((rule.kind, title))
        yield _case(report, title, rule, failed, light, faults.get(name, []), prefixes)
    if None in faults:
        rule = wording.rule_of(report, "shapes")._replace(kind=SHACL)
        yield _case(report, "shapes", rule, [], [], faults[None], prefixes)
    if not report.checked and not report.broken:
        yield _unchecked(report)


def _case(report, title, rule, failed, light, faults, prefixes):
    import junitparser

    case = junitparser.TestCase(_attribute(title), _attribute(f"lems-onto.{rule.kind}"))
    grave = [fault for fault in faults if fault.kind == "broken" or not report.allow_unused]
    if grave:
        text = "\n".join((f"{wording.where(fault.place)}: " if fault.place else "") + fault.message for fault in grave)
        case.result = [_filled(junitparser.Error, _more(grave), grave[0].kind, text)]
    elif failed:
        text = "\n".join(_told(report, one, prefixes) for one in failed)
        case.result = [_filled(junitparser.Failure, _more(failed), failed[0].severity, text)]
    elif rule.kind != CHECK and report.focus_nodes.get(rule.id) == 0:
        case.result = [junitparser.Skipped("no focus node")]
    if light:
        case.system_out = _xml("\n".join(light))
    return case


def _unchecked(report):
    import junitparser

    case = junitparser.TestCase("something was checked", "lems-onto.run")
    message = _attribute(wording.verdict(report))
    case.result = [_filled(junitparser.Error, message, "unchecked", message)]
    return case


def _filled(kind, message, type_, text):
    result = kind(_attribute(message), _attribute(type_))
    result.text = _xml(text)
    return result


def _more(found):
    """The message of the first of several, and how many more there are."""
    return shorten(found[0].message, 500) + (f" (and {len(found) - 1:,} more)" if len(found) > 1 else "")


def _told(report, result, prefixes):
    """A result in one line: place, severity, message, then node, path and value."""
    where = f"{wording.where(result.place)}: " if result.place else ""
    details = ", ".join(f"{word} {text}" for word, text in wording.told(report, result, prefixes))
    return f"{where}{result.severity}: {result.message}" + (f" [{details}]" if details else "")


def _attribute(text):
    """A text for an attribute, in which an end of line would be lost."""
    return printable(text)


def _xml(text):
    """A text without the characters that XML has no place for, not even as references."""
    return wording.harmless(wording.safe(text))
