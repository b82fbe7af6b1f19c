"""What can go wrong, each error with the exit code that the command ends with.

======  ==========================================================
code    meaning
======  ==========================================================
0       yes: solutions, none for a check, data conform, spans hold
1       an honest no: no solution, a violation, a wrong span
2       could not be asked: usage, or unreadable input
3       broken shapes
4       nothing was checked
130     interrupted
141     the reader of the output went away
======  ==========================================================
"""


class LemsError(Exception):
    """Base of all errors of this package: one line that says what, where and the mend."""

    exit_code = 2


class UnknownName(LemsError):
    """A question, column or term that does not exist.

    Attributes:
        name: what was asked for.
        suggestions: existing names that look like it, the likeliest first.
    """

    def __init__(self, kind, name, known, mend):
        from difflib import get_close_matches

        folded = {}
        for candidate in known:
            folded.setdefault(candidate.casefold(), candidate)
        asked = name.casefold()
        close = [key for key in sorted(folded, key=len) if len(asked) > 2 and asked in key]
        close += [key for key in get_close_matches(asked, folded, n=3, cutoff=0.6) if key not in close]
        self.name = name
        self.suggestions = tuple(folded[key] for key in close[:3])
        guess = " or ".join(f"'{one}'" for one in self.suggestions)
        tail = f"did you mean {guess}?" if guess else mend
        super().__init__(f"no {kind} '{shorten(name)}': {tail}")

    def __reduce__(self):
        return _again, (type(self), str(self), dict(vars(self)))


def _again(kind, message, carried):
    """An error as it was, without its making: for other processes."""
    problem = kind.__new__(kind, message)
    problem.__dict__.update(carried)
    return problem


class AmbiguousTerm(LemsError):
    """A label that more than one term bears."""


class UnreadableFile(LemsError):
    """A file that is missing, empty, not text, or not the RDF that it claims to be."""


class NotTheSource(LemsError):
    """A text that is not the document whose spans the graph holds."""


class DamagedInstallation(LemsError):
    """A data file of this package that is missing."""


class BrokenShapes(LemsError):
    """Shapes that cannot be carried out."""

    exit_code = 3


def printable(text):
    """One line of a text in which what could command a terminal is escaped."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def shorten(text, limit=60):
    """One printable line of a text, cut after `limit` characters."""
    flat = printable(text[: limit + 1])
    return flat if len(text) <= limit else flat[:limit] + "..."
