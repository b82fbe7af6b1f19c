"""Keeps the made pages of a folder: writes what is new, and removes what nothing makes any more."""

import sys


def keep(folder, made, what, check):
    """Write pages, or only say, with an exit, which is not what it should be.

    Args:
        folder: a path; each Markdown file in it is one of the pages.
        made: a dict from the path of a page to its text.
        what: what a page is of, in one word.
        check: write nothing.
    """
    folder.mkdir(exist_ok=True)
    for path in sorted({*made, *folder.glob("*.md")}):
        old = path.read_text(encoding="utf-8") if path.is_file() else None
        if old == made.get(path):
            continue
        if check:
            why = f"is the page of no {what}" if path not in made else "is not up to date"
            sys.exit(f"{folder.name}/{path.name} {why}; run: make readme")
        if path in made:
            path.write_text(made[path], encoding="utf-8")
        else:
            path.unlink()
