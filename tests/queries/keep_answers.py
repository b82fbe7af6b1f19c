"""Writes the answers that are kept beside the tests anew: `make answers`, then read what git shows as changed."""

from pathlib import Path

import lems_onto
from lems_onto import forms

FOLDER = Path(__file__).parent / "answers"


def main():
    FOLDER.mkdir(exist_ok=True)
    wanted = {f"{name}.tsv": name for name, query in lems_onto.queries().items() if not query.is_check}
    for path in FOLDER.iterdir():
        if path.name not in wanted:
            path.unlink()
    for file, name in wanted.items():
        (FOLDER / file).write_text(forms.write(lems_onto.ask(name), "tsv"), encoding="utf-8")


if __name__ == "__main__":
    main()
