"""Writes a report for people in a terminal, each finding with its line of the file, as good compilers do."""

from __future__ import annotations

import unicodedata

from ..errors import printable, shorten
from . import wording

_TINTS = {"violation": "1;31", "warning": "1;33", "info": "1;36", "broken": "1;31", "unused": "1;33"}
_BOLD, _DIM, _GREEN = "1", "2", "1;32"
# How much of a message people are shown; the other forms have it whole.
_MESSAGE = 600
_TAB = "    "


def render(report, fail_on="violation", prefixes=None, color=False, width=80, verbose=False) -> str:
    """The report as text of at most `width` columns, names of files apart; the verdict comes last.

    Results of one rule on one node that say the same stand together. With
    `verbose` there is a table of the focus nodes of every shape.
    """

    def paint(text, code):
        return f"\033[{code}m{text}\033[0m" if color and text else text

    blocks = [_fault(report, fault, width, paint) for fault in report.faults]
    files = {}
    for result in report.results:
        files.setdefault(str(result.place.file) if result.place else None, []).append(result)
    for file, results in files.items():
        if len(files) > 1:
            name = printable(file) if file is not None else "in no file"
            blocks.append([paint(f"{name}: {wording.tally(results)}", _BOLD)])
        blocks += [_group(report, group, prefixes, width, paint) for group in _groups(results)]
    if verbose:
        blocks.append(_table(report, width))
    last = _flow(wording.coverage(report), width)
    if report.imports:
        last += _flow(f"imported and not fetched: {', '.join(map(str, report.imports))}", width)
    if report.baseline:
        last += _baseline(report.baseline, width)
    blocks.append(last)
    kind, rest = wording.verdict(report, fail_on).split(":", 1)
    lines = _flow(f"{kind}:{rest}", width)
    code = _TINTS["violation"] if report.exit_code(fail_on) else _TINTS["warning"] if report.results else _GREEN
    # A verdict that wraps within its first words stays plain.
    lines[0] = paint(kind, code) + lines[0][len(kind) :] if lines[0].startswith(kind) else lines[0]
    blocks.append([*lines, *_flow(wording.counts(report), width)])
    text = "\n\n".join("\n".join(line.rstrip() for line in block) for block in blocks) + "\n"
    return wording.harmless(text)


def _groups(results):
    """Results of one rule, node and message, in the order of the first of each."""
    found = {}
    for one in results:
        found.setdefault((one.severity, one.rule, one.focus_node, one.path, one.message), []).append(one)
    return found.values()


def _group(report, results, prefixes, width, paint):
    """What a rule says of one node: the message, then each place with its line and its values."""
    first = results[0]
    head = f"{first.severity}[{wording.title(report, first.rule)}]"
    lines = _headline(first.severity, head, first.message, width, paint)
    node_and_path = wording.told(report, first._replace(value=None), prefixes)
    places = {}
    for result in results:
        places.setdefault(result.place, []).append(result)
    for at, (place, here) in enumerate(places.items()):
        if at == wording.NAMED:
            lines.append(f"   ... and {wording.number(len(places) - at, 'place')} more")
            break
        gutter = _gutter(place)
        lines += _shown(place, gutter, width, first.severity, paint)
        values = [wording.shown(report, one.value, prefixes) for one in here if one.value is not None]
        pairs = [] if at else list(node_and_path)
        pairs += [("value", value) for value in values[: wording.NAMED]]
        lines += _notes(pairs, gutter, width, paint)
        if len(values) > wording.NAMED:
            lines.append(f"{gutter} = ... and {len(values) - wording.NAMED:,} more values")
    return lines


def _fault(report, fault, width, paint):
    lines = _headline(fault.kind, wording.heading(report, fault), fault.message, width, paint)
    return lines + _shown(fault.place, _gutter(fault.place), width, fault.kind, paint)


def _headline(kind, head, message, width, paint):
    message = shorten(" ".join(message.split()), _MESSAGE)
    lines = _flow(f"{head}: {message}", width)
    return [paint(kind, _TINTS[kind]) + lines[0][len(kind) :], *lines[1:]]


def _notes(pairs, gutter, width, paint):
    """Node, path and value: on one line where they fit, else each on its own."""
    one = ", ".join(f"{word} {text}" for word, text in pairs)
    if pairs and len(gutter) + 3 + _columns(one) <= width:
        return [f"{gutter} {paint('=', _DIM)} {one}"]
    lines = []
    for word, text in pairs:
        head, *rest = _flow(f"{word} {text}", width - len(gutter) - 3)
        lines += [f"{gutter} {paint('=', _DIM)} {head}", *(f"{gutter}   {more}" for more in rest)]
    return lines


def _gutter(place):
    return " " * (len(str(place.line)) + 1 if place and place.line else 2)


def _shown(place, gutter, width, kind, paint):
    """A place, and its line of the file with the span underlined."""
    if place is None:
        return []
    lines = [f"{gutter[1:]}{paint('-->', _DIM)} {wording.where(place)}"]
    if not place.line or place.excerpt is None:
        return lines
    text, start, wide = _cut(place, width - len(gutter) - 3)
    bar = paint("|", _DIM)
    lines += [f"{gutter} {bar}", f" {paint(str(place.line), _DIM)} {bar} {text}"]
    if wide:
        lines.append(f"{gutter} {bar} {' ' * start}{paint('^' * wide, _TINTS[kind])}")
    return lines


def _cut(place, room):
    """The part of a line that fits, with where its span begins in it and how wide that is, in columns."""
    excerpt = place.excerpt
    begin = min(max((place.column or 1) - 1, 0), len(excerpt))
    same = place.end_line in (None, place.line)
    end = min(place.end_column - 1, len(excerpt)) if same and place.end_column else len(excerpt)
    end = max(end, begin)
    # No character takes less than a column but marks do; nothing farther off than this can be seen.
    near, far = max(begin - 2 * room, 0), min(begin + 4 * room, len(excerpt))
    cells = [_TAB if c == "\t" else printable(c) for c in excerpt[near:far]]
    widths = [_columns(cell) for cell in cells]
    first, last = begin - near, min(end, far) - near
    whole = near == 0 and far == len(excerpt) and sum(widths) <= room
    left, right = (0, len(cells)) if whole else _window(widths, first, last, room - 6)
    before = "..." * (near + left > 0)
    text = before + "".join(cells[left:right]) + "..." * (near + right < len(excerpt))
    last = min(last, right)
    wide = max(sum(widths[first:last]), 1) if place.column else 0
    return text, len(before) + sum(widths[left:first]), wide


def _window(widths, first, last, room):
    """From where to where cells are shown, so that the span is, with half of the rest before it."""
    left = right = first
    while right < last and widths[right] <= room:
        room -= widths[right]
        right += 1
    before = room // 2
    while left and widths[left - 1] <= before:
        left -= 1
        before -= widths[left]
        room -= widths[left]
    while right < len(widths) and widths[right] <= room:
        room -= widths[right]
        right += 1
    while left and widths[left - 1] <= room:
        left -= 1
        room -= widths[left]
    return left, right


def _columns(text):
    """How many columns a printable text takes: letters of East Asia take two, marks on letters none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _flow(text, width):
    """The words of a text in printable lines of at most `width` columns, later ones indented; long words are broken."""
    lines, indent = [""], "  "
    for word in text.split():
        word = printable(word)
        space = " " if lines[-1].strip() else ""
        if _columns(lines[-1]) + len(space) + _columns(word) <= width:
            lines[-1] += space + word
            continue
        if lines[-1].strip():
            lines.append(indent)
        for char in word:
            if _columns(lines[-1]) + _columns(char) > width:
                lines.append(indent)
            lines[-1] += char
    return lines


def _table(report, width):
    """The focus nodes of every shape."""
    rows = [(wording.title(report, shape), f"{count:,}") for shape, count in report.focus_nodes.items()]
    wide = max([len("shape"), *(_columns(name) for name, _ in rows)])
    if wide > width - 14:
        return ["shape: focus nodes", *(line for name, count in rows for line in _flow(f"{name}: {count}", width))]
    rows = [("shape", "focus nodes"), ("-" * wide, "-" * 11), *rows]
    return [f"{name}{' ' * (wide - _columns(name))}  {count:>11}" for name, count in rows]


def _baseline(baseline, width):
    """How much a baseline accepted, and what in it is stale."""
    counts = f"{len(baseline.accepted):,} accepted, {len(baseline.stale):,} stale"
    lines = _flow(f"baseline {baseline.file}: {counts}", width)
    for entry in baseline.stale:
        words = (str(entry.get(name) or "") for name in ("fingerprint", "rule", "focus", "path", "value"))
        told = " ".join(shorten(word, wording.LIMIT) for word in words if word)
        lines += [f"  {line}" for line in _flow(f"stale, remove it: {told}", width - 2)]
    return lines
