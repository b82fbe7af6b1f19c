"""A plugin of pytest: RDF files as tests (`pytest --lems-validate PATH`), and a graph held to shapes within a test.

Whoever uses neither pays for the import of this module alone.
"""

import os

import pytest

# Those of `validation.findings`, which is not imported before it is needed.
SEVERITIES = ("violation", "warning", "info")
NAME = "lems-onto"
# How many results of a rule are told one by one, and how much of a line is shown.
TOLD, WIDE = 20, 160
_REPORT = pytest.StashKey()


class NotSo(AssertionError):
    """What an item says when it fails."""


def pytest_addoption(parser):
    """Add the options."""
    group = parser.getgroup("lems-onto", "validation of RDF")
    add = group.addoption
    add(
        "--lems-validate", metavar="PATH", action="append", default=[],
        help="hold RDF files to SHACL shapes: a file, a folder or a pattern; may be repeated, all are read together",
    )  # fmt: skip
    add("--lems-shapes", metavar="FILE", action="append", default=[], help="shapes of your own; may be repeated")
    add("--lems-no-ontology", action="store_true", help="leave the ontology of lems-onto out")
    add(
        "--lems-fail-on", choices=SEVERITIES, default=SEVERITIES[0],
        help="the lightest severity that fails (default: violation)",
    )  # fmt: skip
    add("--lems-baseline", metavar="FILE", help="accept the findings that this file lists")
    add("--lems-allow-unused", action="store_true", help="accept shapes that check nothing")


def pytest_configure(config):
    """Make the mark of the items known."""
    config.addinivalue_line("markers", "lems_onto: a shape or a check that RDF files are held to (--lems-validate)")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session, config, items):
    """Add the items of the files that were named, so that `-k` and `-m` choose among them."""
    if config.getoption("--lems-validate"):
        node = RdfFiles.from_parent(session, name=NAME, nodeid=NAME)
        items.extend(session.genitems(node))


def pytest_terminal_summary(terminalreporter, config):
    """Say what was checked."""
    report = config.stash.get(_REPORT, None)
    if report is not None:
        from .validation import wording

        terminalreporter.section(NAME)
        terminalreporter.line(wording.verdict(report, config.getoption("--lems-fail-on")))
        terminalreporter.line(wording.counts(report))
        if kept := report.baseline:
            terminalreporter.line(f"baseline: {len(kept.accepted):,} accepted, {len(kept.stale):,} stale")


class RdfFiles(pytest.Collector):
    """All the files of one run, read together, as items: whether something was checked, then each shape and check."""

    def collect(self):
        """Validate, and give the items; of shapes that are broken no result can be trusted, and there is one item."""
        from .errors import LemsError, printable
        from .validation import wording

        option = self.config.getoption
        try:
            report = _validated(
                option("--lems-validate"), shapes=option("--lems-shapes"), ontology=not option("--lems-no-ontology"),
                baseline=option("--lems-baseline"), allow_unused=option("--lems-allow-unused"),
            )  # fmt: skip
        except LemsError as problem:
            raise self.CollectError(str(problem)) from problem
        self.config.stash[_REPORT] = report
        yield Checked.from_parent(self, name="something was checked", report=report)
        results = {}
        for result in report.results:
            results.setdefault(result.rule, []).append(result)
        seen = set()
        for name in () if report.broken else dict.fromkeys((*report.rules, *results)):
            rule = wording.rule_of(report, name)
            # A shape within another counts by what it finds; one without focus nodes would pass for nothing.
            if rule.kind == "shape" and not report.focus_nodes.get(name) and name not in results:
                continue
            title = wording.title(report, name)
            title = title if title not in seen else f"{title} ({printable(name)})"
            seen.add(title)
            yield OneRule.from_parent(self, name=title, report=report, results=results.get(name, []))


class _Item(pytest.Item):
    """An item without code of its own, which fails with a text."""

    def __init__(self, *, report, **more):
        super().__init__(**more)
        self.report = report
        self.add_marker("lems_onto")

    def repr_failure(self, excinfo):
        """The text alone, without a traceback, where it is ours."""
        return str(excinfo.value) if isinstance(excinfo.value, NotSo) else super().repr_failure(excinfo)


class Checked(_Item):
    """Fails with broken shapes, with shapes that check nothing, and where no shape had a focus node."""

    def runtest(self):
        """Fail where the other items say nothing, or not enough."""
        from .validation import wording

        faults = self.report.broken or (() if self.report.allow_unused else self.report.unused)
        if faults or not self.report.checked:
            # The verdict on what was checked, whatever was found.
            lines = [wording.verdict(self.report._replace(results=()))]
            told = [(one.place, f"{wording.heading(self.report, one)}: {one.message}") for one in faults[:TOLD]]
            lines += [_line(place, text) for place, text in told]
            raise NotSo("\n".join([*lines, *_rest(faults)]))


class OneRule(_Item):
    """Fails with the results of a shape or a check; tells of lighter ones in its output."""

    def __init__(self, *, results, **more):
        super().__init__(**more)
        self.results = results

    def runtest(self):
        """Fail with the results that are grave enough."""
        from .validation import wording

        failing = set(self.report.failing(self.config.getoption("--lems-fail-on")))
        grave = [result for result in self.results if result in failing]
        light = [result for result in self.results if result not in failing]
        if light:
            self.add_report_section("call", NAME, "\n".join(self._told(light)))
        if grave:
            # The first line stands in the summary of pytest too, so that it is the first result.
            raise NotSo("\n".join([*self._told(grave), *[wording.tally(grave)] * (len(grave) > 1)]))

    def reportinfo(self):
        """The file and the line of the first result."""
        place = next((result.place for result in self.results if result.place), None)
        return (place.file, (place.line or 1) - 1, self.name) if place else (self.path, None, self.name)

    def _told(self, results):
        """For each result its place, its message and its line of the file, then node, path and value."""
        from .validation import wording

        lines, prefixes = [], _prefixes()
        for result in results[:TOLD]:
            lines.append(_line(result.place, f"{result.severity}: {result.message}"))
            lines += [f"    {word} {text}" for word, text in wording.told(self.report, result, prefixes)]
        return lines + _rest(results)


def _rest(found):
    return [f"... and {len(found) - TOLD:,} more"] if len(found) > TOLD else []


def _line(place, text):
    from .errors import shorten
    from .validation import wording

    text = shorten(" ".join(text.split()), 2000)
    head = f"{wording.where(place)}: " if place else ""
    shown = [f"    > {shorten(place.excerpt.strip(), WIDE)}"] if place and place.excerpt else []
    return "\n".join([head + text, *shown])


def _prefixes():
    from . import graphs
    from .validation import shapesgraph

    return {**graphs.shipped()[1], **shapesgraph.shipped().prefixes, "sh": "http://www.w3.org/ns/shacl#"}


def _validated(data, shapes=(), contents=None, **options):
    """The `Report` of data and shapes, each of them graphs, paths, patterns or texts."""
    import warnings

    from .errors import LemsError, UnreadableFile
    from .validation import inputs, validate

    __tracebackhide__ = True
    if not data:
        raise TypeError("give an rdflib.Graph, a path, or Turtle as a text; nothing is no data")
    contents = dict(contents or {})
    # What libraries deprecate among themselves fails no test of a user who makes warnings errors.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            if "-" in data:
                raise UnreadableFile("-: pytest keeps standard input to itself; name a file")
            paths, _ = inputs.expanded([_named(one, contents) for one in data])
            more, _ = inputs.expanded(
                [_named(one, contents) for one in (shapes if isinstance(shapes, list | tuple) else [shapes])]
            )
            return validate(*paths, shapes=more, contents=contents, **options)
        except LemsError as problem:
            # The error leads to the line of the test, and not into this package.
            raise problem.with_traceback(None) from None


def _named(given, contents):
    """A path or a pattern as it is; for a graph or a text a name, under which `contents` takes what it holds."""
    if hasattr(given, "serialize"):
        syntax = "nquads" if getattr(given, "context_aware", False) else "nt"
        name, content = f"<graph {len(contents) + 1}>.nq", given.serialize(format=syntax, encoding="utf-8")
    elif isinstance(given, str) and ("\n" in given or (given.rstrip().endswith(".") and not os.path.exists(given))):
        name, content = f"<text {len(contents) + 1}>.ttl", given.encode()
    elif isinstance(given, str | os.PathLike):
        return given
    else:
        raise TypeError(f"{type(given).__name__}: give an rdflib.Graph, a path, or Turtle as a text")
    contents[name] = content
    return name


@pytest.fixture(scope="session")
def lems_validate():
    """A function that holds data to shapes and returns the `Report` of `lems_onto.validate`.

    It takes rdflib graphs, paths (files, folders, patterns) and Turtle as
    texts, which have more lines than one or end with a full stop; `shapes`
    likewise, and the other keyword arguments of `lems_onto.validate`.
    """

    def run(*data, **options):
        __tracebackhide__ = True
        return _validated(data, **options)

    return run


@pytest.fixture(scope="session")
def assert_conforms():
    """A function that fails the test, with file, line and mend, unless data conform; it returns the `Report`.

    It takes what the fixture `lems_validate` takes, and `fail_on`, the
    lightest severity that fails.
    """

    def check(*data, fail_on=SEVERITIES[0], **options):
        __tracebackhide__ = True
        report = _validated(data, **options)
        if report.exit_code(fail_on):
            from .validation import outputs

            raise AssertionError(outputs.render(report, "human", fail_on, prefixes=_prefixes(), width=100).rstrip())
        return report

    return check
