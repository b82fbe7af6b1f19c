"""Lambert-Eaton myasthenic syndrome as a graph: ask it, validate against it, trace it to its text."""

from .asking import Answer, ask
from .catalog import Query, queries, query
from .errors import AmbiguousTerm, BrokenShapes, LemsError, NotTheSource, UnknownName, UnreadableFile
from .graphs import load
from .info import file_info, shipped_info
from .source import verify_source
from .validation import validate

__all__ = [
    "AmbiguousTerm",
    "Answer",
    "BrokenShapes",
    "LemsError",
    "NotTheSource",
    "Query",
    "UnknownName",
    "UnreadableFile",
    "ask",
    "file_info",
    "load",
    "queries",
    "query",
    "shipped_info",
    "validate",
    "verify_source",
]
