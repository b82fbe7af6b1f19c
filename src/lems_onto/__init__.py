"""Lambert-Eaton myasthenic syndrome as a graph: ask it, validate against it, trace it to its text."""

import importlib

# Each name of the face with the module it lives in, imported when it is first
# used: one question should not pay for what it does not need.
_HOMES = {
    "AmbiguousTerm": "errors",
    "Answer": "asking",
    "BrokenQuery": "terminals",
    "BrokenShapes": "errors",
    "CLAIM": "vocabulary",
    "CannotPin": "pinning",
    "Endpoint": "endpoint",
    "EndpointFailed": "endpoint",
    "JavaFailed": "reasoning.processes",
    "LEMS": "vocabulary",
    "LemsError": "errors",
    "NoJava": "reasoning.java",
    "NotTheSource": "errors",
    "Query": "catalog",
    "RefusedQuery": "querytext",
    "TooMuch": "confined",
    "UnknownName": "errors",
    "UnreadableFile": "errors",
    "WrongValue": "terms",
    "ask": "asking",
    "compare": "comparing",
    "explain": "reasoning.explaining",
    "file_info": "info",
    "load": "graphs",
    "merge": "merging",
    "owl": "owl_loading",
    "queries": "catalog",
    "query": "catalog",
    "reason": "reasoning",
    "shipped_info": "info",
    "sparql": "asking",
    "validate": "validation",
    "verify_source": "source",
}
__all__ = sorted(_HOMES)


def __getattr__(name):
    if name == "__version__":
        return __getattr__("shipped_info")().version
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__():
    return __all__
