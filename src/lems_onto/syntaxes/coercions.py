"""What the values of a property have in common, over all its subjects, so that JSON-LD can say it once."""

import collections

from .layout import NIL, XSD, List, Node

Coercion = collections.namedtuple("Coercion", "type language container by_language is_list")
Coercion.__doc__ = """What a context says of a property: @type, @language, @container, and the form of its values."""


def coercion(uses):
    """What the values of a property have in common, over all its subjects."""
    is_list = all(len(values) == 1 and (isinstance(values[0], List) or _is_nil(values[0])) for values in uses)
    several = any(len(values) > 1 for values in uses)
    names = nested = False
    languages, datatypes = set(), set()
    for value in (value for values in uses for value in flat(values)):
        if isinstance(value, Node):
            nested = True
        elif not hasattr(value, "datatype"):
            names = names or not (is_list and _is_nil(value))
        elif value.language:
            languages.add(value.language)
        else:
            datatypes.add(value.datatype.value)
    kind = language = None
    by_language = False
    if not languages and not datatypes:
        kind = "@id" if names else None
    elif not names and not languages and len(datatypes) == 1:
        (kind,) = datatypes - {XSD + "string"} or {None}
    elif not names and not datatypes and len(languages) == 1:
        (language,) = languages
    elif not names and not nested and not is_list and datatypes <= {XSD + "string"}:
        by_language = not any(isinstance(value, List) for values in uses for value in values)
    if by_language:
        several = any(len({value.language for value in values}) < len(values) for values in uses)
        container = ["@language", "@set"] if several else "@language"
    else:
        container = "@list" if is_list else "@set" if several else None
    return Coercion(kind, language, container, by_language, is_list)


def flat(values):
    """Values, and those of the lists among them."""
    todo = list(values)
    while todo:
        value = todo.pop()
        if isinstance(value, List):
            todo.extend(value.values)
        else:
            yield value


def is_name(value):
    """Whether a value is an IRI."""
    return not isinstance(value, tuple) and not hasattr(value, "datatype") and not str(value).startswith("_:")


def _is_nil(value):
    return is_name(value) and value.value == NIL
