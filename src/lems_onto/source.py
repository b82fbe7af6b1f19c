"""Holds every span of the graph against a copy of the text that the reader has."""

import re
from collections import namedtuple

from . import graphs
from .errors import LemsError, NotTheSource, UnreadableFile
from .reading import read_bytes

OA = "http://www.w3.org/ns/oa#"
LEMS = "https://w3id.org/lems-onto/"
DOCUMENT = LEMS + "document/gard-6851"


class Span(namedtuple("Span", "start end exact found")):
    """One span: its offsets, the phrase in the graph, and the characters of the text there."""

    __slots__ = ()

    @property
    def holds(self):
        """Whether the text says exactly this at exactly these characters."""
        return self.exact == self.found


class Verification(namedtuple("Verification", "path spans checksum expected")):
    """What comparing a text with the graph found.

    Attributes:
        path: the file that was compared.
        spans: all spans of the graph, in the order of the text.
        checksum: the SHA-256 of the file, in hexadecimal.
        expected: the SHA-256 that the graph gives for the document.
    """

    __slots__ = ()

    @property
    def wrong(self):
        """The spans that do not hold."""
        return tuple(span for span in self.spans if not span.holds)

    @property
    def holds(self):
        """Whether there are spans, all of them hold, and the file is the document byte for byte."""
        return bool(self.spans) and not self.wrong and self.checksum == self.expected


def verify_source(path) -> Verification:
    """Compare all spans with the text in a file.

    Offsets count characters from 0, and the end is the first character after
    the span (RFC 5147), over the file as it is: line endings are not changed.

    Raises:
        UnreadableFile: the file is missing, empty or not UTF-8.
        NotTheSource: hardly a span holds, so that this is another text.
    """
    import hashlib

    content = read_bytes(path)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise UnreadableFile(f"{path}: byte {problem.start} is not UTF-8; save the text as UTF-8") from problem
    store, _ = graphs.shipped()
    spans = tuple(
        Span(start, end, exact, text[start:end])
        for start, end, exact in sorted(
            (int(start.value), int(end.value), exact.value)
            for start, end, exact in store.query(
                f"SELECT ?start ?end ?exact WHERE {{ ?span <{OA}start> ?start ; <{OA}end> ?end ; <{OA}exact> ?exact }}"
            )
        )
    )
    (expected,) = next(iter(store.query(f"SELECT ?sum WHERE {{ <{DOCUMENT}> <{LEMS}sha256> ?sum }}")))
    found = Verification(str(path), spans, hashlib.sha256(content).hexdigest(), expected.value)
    if len(found.wrong) > len(spans) / 2:
        raise NotTheSource(f"{path}: {_why(text, content, spans)}")
    return found


def in_text(answer, path):
    """An answer with a column more for each column of spans: the words of a text around each of them.

    Args:
        answer: an `Answer`.
        path: the reader's copy of the source text.

    Returns:
        The answer with columns named as the spans' with `InText` behind; the
        span itself stands between « and ».

    Raises:
        NotTheSource: the text is another one, or differs at a span.
        LemsError: the answer has no span.
    """
    import pyoxigraph as ox

    found = verify_source(path)
    if found.wrong:
        first = found.wrong[0]
        place = f"characters {first.start} to {first.end}"
        raise NotTheSource(f"{path}: {place} differ from the source; take the file unchanged")
    text = read_bytes(path).decode("utf-8")
    shown = answer
    for at, name in enumerate(answer.columns):
        cells = [_offsets(solution[at]) for solution in answer.solutions]
        if any(cells):
            shown = shown.with_column(
                name + "InText", [ox.Literal(_around(text, *cell)) if cell else None for cell in cells]
            )
    if answer.solutions and shown is answer:
        raise LemsError(f"{answer.query.name} gives no span, whose words could be shown; leave out --with-source")
    return shown


def _offsets(term):
    match = re.fullmatch(re.escape(DOCUMENT) + r"#char=(\d+),(\d+)", getattr(term, "value", ""))
    return (int(match[1]), int(match[2])) if match else None


def _around(text, start, end, most=40):
    """The span between « and », with whole words of at most `most` characters on each side."""
    before = text[max(start - most, 0) : start]
    after = text[end : end + most]
    if start > most:
        before = "…" + before.partition(" ")[2]
    if end + most < len(text):
        after = after.rpartition(" ")[0] + "…"
    return " ".join(f"{before}«{text[start:end]}»{after}".split())


def _why(text, content, spans):
    """What is the matter with a text at whose offsets most spans do not hold."""
    present = sum(span.exact in text for span in spans)
    if present < len(spans) / 2:
        return f"is not the source: {len(spans) - present} of {len(spans)} phrases occur nowhere in it"
    if content.startswith(b"\xef\xbb\xbf"):
        return "begins with a byte order mark, which shifts every offset; save it without one"
    if b"\r" in content:
        return "has Windows line endings, which shift the offsets; save it with \\n alone"
    first = next(span for span in spans if not span.holds)
    place = [match.start() for match in re.finditer(re.escape(first.exact), text)]
    moved = f"stands at {place[0]} instead of {first.start}" if place else f"is missing at {first.start}"
    return f"is the source with shifted characters: '{first.exact}' {moved}; take the file unchanged"
