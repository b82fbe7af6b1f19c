"""Writes answers for people: tables as wide as the terminal, Markdown, HTML.

A label and its CURIE stand in one column, the label first.

No library draws the tables: each of those measured (prettytable, tabulate,
texttable, rich) takes longer to import than reading the graph and answering.
"""

import re

from . import forms, terminal, terms
from .errors import printable

FORMATS = ("table", "markdown", "html", *forms.ROWS, *forms.TRIPLES)
FOR_PEOPLE = FORMATS[:3]


def render(answer, form="table", raw=False, color=False):
    """The text of an answer.

    Args:
        answer: an `Answer`.
        form: one of `FORMATS`.
        raw: for people, show full IRIs in place of CURIEs.
        color: for people, set off header and CURIEs with ANSI colors.

    Raises:
        LemsError: the answer cannot be written in this form.
    """
    if form not in FOR_PEOPLE:
        return forms.write(answer, form)
    if answer.form == "ASK":
        return "yes\n" if answer.solutions else "no\n"
    header, rows = _for_people(answer, raw)
    if form == "html":
        return _html(header, rows)
    text = _pretty(header, rows, markdown=form == "markdown")
    return _colored(text, header, answer.prefixes) if color and form == "table" else text


def to_html(answer):
    """An answer as an HTML table, as notebooks show it."""
    return render(answer, "html")


def plain(header, rows, markdown=False):
    """A table of strings."""
    return _pretty(header, rows, markdown)


def _for_people(answer, raw):
    """Header and rows with each label column folded into the column that it labels."""

    def shown(term, alone=False):
        if term is None:
            return ""
        if hasattr(term, "datatype"):
            return _printable(term.value)
        if str(term).startswith("_:"):
            return str(term)
        short = printable(term.value if raw else terms.contract(term.value, answer.prefixes))
        label = answer.labels.get(term.value) if alone else None
        return f"{_printable(label)} {short}" if label else short

    at = {name: index for index, name in enumerate(answer.columns)}
    kept = [name for name in answer.columns if not (name.endswith("Label") and name[:-5] in at)]
    rows = []
    for solution in answer.solutions:
        row = []
        for name in kept:
            pair = name + "Label" in at
            cell = shown(solution[at[name]], alone=not pair)
            if pair and cell:
                cell = f"{shown(solution[at[name + 'Label']])} {cell}".lstrip()
            row.append(cell)
        rows.append(row)
    header = [re.sub(r"(?<=[a-z])([A-Z])", r" \1", name).lower() for name in kept]
    return header, rows


def _pretty(header, rows, markdown):
    header = [name.capitalize() for name in header]
    if markdown:
        lines = [header, ["---"] * len(header), *([_escaped(cell) for cell in row] for row in rows)]
        return "".join(f"| {' | '.join(' '.join(cell.split()) for cell in line)} |\n" for line in lines)
    widths = _widths(header, rows)
    if widths is None:
        return _records(header, rows)
    text = ""
    for row in [header, ["-" * wide for wide in widths], *rows]:
        cells = [_wrap(cell, wide) for cell, wide in zip(row, widths, strict=True)]
        for at in range(max(map(len, cells))):
            line = (cell[at : at + 1] or [""] for cell in cells)
            text += "  ".join(_padded(part, wide) for (part,), wide in zip(line, widths, strict=True)).rstrip() + "\n"
    return text


def _long(text):
    """How many columns of a terminal a text takes: letters of East Asia take two, combining marks none."""
    if text.isascii():
        return len(text)
    import unicodedata

    marks = sum(unicodedata.combining(c) > 0 for c in text)
    return len(text) - marks + sum(unicodedata.east_asian_width(c) in "WF" for c in text)


def _padded(text, wide):
    return text + " " * (wide - _long(text))


def _wrap(text, wide):
    """The words of a text in lines of at most `wide` columns; a longer word stays whole."""
    lines = []
    for word in text.split():
        if lines and _long(lines[-1]) + 1 + _long(word) <= wide:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines or [""]


def _widths(header, rows):
    """How wide each column is so that the table fits, or None where a word would have to break.

    Narrow columns keep their width; the widest give way first.
    """
    cells = [[name, *(row[i] for row in rows)] for i, name in enumerate(header)]
    wanted = [max(map(_long, column)) for column in cells]
    least = [max(_long(word) for cell in column for word in cell.split() or [""]) for column in cells]
    # Words around a span are to be read as a line of text.
    least = [max(wide, min(want, 40)) if name.endswith("in text") else wide
             for name, wide, want in zip(header, least, wanted, strict=True)]  # fmt: skip
    room = terminal.width() - 2 * (len(header) - 1)
    if sum(least) > room:
        return None
    while sum(wanted) > room:
        wanted[max((i for i in range(len(header)) if wanted[i] > least[i]), key=lambda i: wanted[i])] -= 1
    return wanted


def _records(header, rows):
    """Each row as a block of lines, for what is too wide for a table."""
    indent = max(map(len, header)) + 2

    def block(name, cell):
        return name.ljust(indent) + ("\n" + " " * indent).join(_wrap(cell, terminal.width() - indent))

    blocks = ("\n".join(block(*pair) for pair in zip(header, row, strict=True) if pair[1]) for row in rows)
    return "\n\n".join(blocks) + "\n"


def _escaped(text):
    """A cell of Markdown in which nothing is markup."""
    return re.sub(r"([\\|])", r"\\\1", text).replace("<", "&lt;")


def _printable(text):
    """A text whose control characters, which could command a terminal, are written out; white space stays."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c.isspace() else repr(c)[1:-1] for c in text)


def _html(header, rows):
    from html import escape

    def line(cells, tag):
        return f"<tr>{''.join(f'<{tag}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"

    body = "\n".join(line(row, "td") for row in rows)
    head = line([name.capitalize() for name in header], "th")
    return f"<table>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody>\n</table>\n"


def _colored(text, header, prefixes):
    """A table with its header in bold and its CURIEs dim."""
    known = "|".join(sorted(map(re.escape, prefixes), key=len, reverse=True))
    text = re.sub(rf"(?<![\w:])(?:{known}):[\w.,-]+", "\033[2m\\g<0>\033[0m", text)
    first, rest = text.split("\n", 1)
    if first.startswith(header[0].capitalize() + " ") and rest.startswith("---"):
        return f"\033[1m{first}\033[0m\n{rest}"
    names = "|".join(re.escape(name.capitalize()) for name in header)
    return re.sub(rf"(?m)^(?:{names})(?= {{2}})", "\033[1m\\g<0>\033[0m", text)
