"""Puts the same question to several engines and says where their answers differ."""

import time
from collections import Counter, namedtuple

from . import asking
from .errors import LemsError

SAME = "same"


class Comparison(namedtuple("Comparison", "name rows engine seconds verdict")):
    """How one engine answers one question, held against the first engine.

    Attributes:
        name: the question.
        rows: the number of rows that the first engine gives.
        engine: the name of this engine.
        seconds: how long its answer took.
        verdict: `same` for the same rows in the same order; else in words what differs.
    """

    __slots__ = ()

    @property
    def same(self):
        """Whether the answers are the same."""
        return self.verdict == SAME


def compare(queries, engines):
    """Compare the answers of engines to questions, one by one.

    Rows are compared term by term, with lexical form, datatype and language,
    as multisets; where a question has ORDER BY their order counts too.

    Args:
        queries: `Query` objects.
        engines: two or more engines; the first one is what others are held against.

    Yields:
        A `Comparison` for each question and engine, the first engine included.
    """
    for query in queries:
        first = None
        for engine in engines:
            start = time.perf_counter()
            try:
                rows, failed = asking.by_engine(query, engine).solutions, None
            except LemsError as problem:
                rows, failed = None, str(problem)
            seconds = time.perf_counter() - start
            if first is None:
                first = rows
            verdict = failed or ("the first engine failed" if first is None else difference(first, rows))
            yield Comparison(query.name, len(first or ()), engine.name, seconds, verdict)


def difference(first, other):
    """What differs between two lists of rows, in words; `same` when nothing does."""
    if first == other:
        return SAME
    lost, more = Counter(first) - Counter(other), Counter(other) - Counter(first)
    if not lost and not more:
        at = next(at for at, (one, two) in enumerate(zip(first, other, strict=True)) if one != two)
        return f"the same rows in another order, from row {at + 1} on"
    parts = [f"{lost.total()} rows are missing, such as {_row(next(iter(lost)))}"] if lost else []
    parts += [f"{more.total()} rows are new, such as {_row(next(iter(more)))}"] if more else []
    return "; ".join(parts)


def _row(row):
    return " ".join("UNDEF" if term is None else str(term) for term in row)
