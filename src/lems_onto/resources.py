"""Where the ontology, the shapes and the questions lie, installed or in a checkout."""

import os

from .errors import DamagedInstallation

_HERE = os.path.dirname(os.path.abspath(__file__))
_CHECKOUT = os.path.dirname(os.path.dirname(_HERE))


def data_folder():
    """Path of the folder that holds `ontology`, `shapes` and `queries`.

    A wheel carries them inside the package. In a checkout, or installed in
    editable mode, they lie at its top.

    Raises:
        DamagedInstallation: the folder holds no ontology.
    """
    for folder in (os.path.join(_HERE, "data"), _CHECKOUT):
        if os.path.isfile(os.path.join(folder, "ontology", "lems.ttl")):
            return folder
    raise DamagedInstallation(
        f"{_HERE}: ontology/lems.ttl is missing; install again: pip install --force-reinstall lems-onto"
    )


def package_folder():
    """Path of the folder in which the package `lems_onto` lies."""
    return os.path.dirname(_HERE)


def ontology_path():
    """Path of `ontology/lems.ttl`."""
    return os.path.join(data_folder(), "ontology", "lems.ttl")


def shape_paths():
    """Paths of the files of `shapes`, sorted."""
    return _files(os.path.join(data_folder(), "shapes"), ".ttl")


def query_paths():
    """Paths of the files one folder below `queries`, sorted by folder and name."""
    top = os.path.join(data_folder(), "queries")
    groups = sorted(entry.path for entry in os.scandir(top) if entry.is_dir())
    return [path for group in groups for path in _files(group, ".rq")]


def report_paths():
    """Paths of the rules of `report`, two folders below `queries`, sorted by folder and name."""
    top = os.path.join(data_folder(), "queries", "report")
    groups = sorted(entry.path for entry in os.scandir(top) if entry.is_dir())
    return [path for group in groups for path in _files(group, ".rq")]


def _files(folder, suffix):
    return sorted(entry.path for entry in os.scandir(folder) if entry.name.endswith(suffix))
