"""Writes the files that are made of the ontology, below `ontology/products`: python tests/ontology/keep_products.py"""

from pathlib import Path

from lems_onto import resources
from lems_onto.reasoning import products


def main():
    """Write each of them."""
    folder = Path(resources.ontology_path()).parent
    for name, text in products.shipped().items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
