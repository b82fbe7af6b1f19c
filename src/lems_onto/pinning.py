"""Pins columns of a query to values without ever making a value part of its pattern.

An engine of this process binds variables by itself: the query compares each
pinned column with fresh variables (`pinned`), and the engine gives them their
values. A server is reached by text alone: there the values stand in VALUES
clauses, each written as a term by pyoxigraph (`with_values`).
"""

from . import querytext
from .errors import LemsError


class CannotPin(LemsError):
    """A column that cannot be given a value without changing what the query means."""


def pinned(query, counts):
    """The text of a query in which columns are compared with variables that the engine shall bind.

    Args:
        query: a `QueryText`.
        counts: a dict from column to the number of values that it may have.

    Returns:
        The text, and a dict from column to the names of its variables. The
        solutions are those of the query that have one of the values there.

    Raises:
        CannotPin: the query is of a kind in which that is not so.
    """
    refuse(query, counts)
    used = {token.text[1:] for token in query.tokens if token.kind == "variable"}
    fresh = (name for name in (f"pin{number}" for number in range(10**6)) if name not in used)
    names = {column: tuple(next(fresh) for _ in range(count)) for column, count in counts.items()}
    variables = _variables(query)
    tests = [
        " || ".join(f"sameTerm(?{variables[column]}, ?{name})" for name in group) for column, group in names.items()
    ]
    return _framed(query, tests, [name for group in names.values() for name in group]), names


def refuse(query, columns):
    """Refuse to pin columns of a query whose meaning that would change.

    Raises:
        CannotPin: it has no such columns, or it groups or cuts its answer.
    """

    def no(why):
        return CannotPin(f"{query.where}: {', '.join(columns)} cannot be pinned: {why}")

    if query.form == "CONSTRUCT" and query.template() is None:
        raise no("the template is not one triple of three different variables; write a SELECT")
    if query.form in ("ASK", "DESCRIBE"):
        raise no(f"{query.form} has no columns; write a SELECT")
    if query.columns is None:
        raise no("SELECT * names no columns; name them")
    for column in columns:
        if column in query.computed:
            raise no(f"?{column} is computed in the SELECT clause; compute it in a sub-SELECT")
    for keyword, mend in (
        ("GROUP", "put what is grouped into a sub-SELECT"),
        ("HAVING", "put what is grouped into a sub-SELECT"),
        ("LIMIT", "the query cuts its answer; leave LIMIT out"),
        ("OFFSET", "the query cuts its answer; leave OFFSET out"),
        ("VALUES", "move VALUES into the WHERE group"),
    ):
        # Engines end a keyword without a space behind it: LIMIT1.
        if any((word or "").startswith(keyword) for word in query.modifiers):
            raise no(mend)


def with_values(query, pins):
    """The text of a query with its columns pinned to values, for an engine that only text reaches.

    A variable that every solution binds gets its values from VALUES at the
    head of the group, where they narrow the search. Any other is compared at
    the end of the group: joined, its values would fill the rows in which it is
    unbound. So is one whose values have a language, and each in a query with a
    path of any length or with VALUES of its own: there Virtuoso 7 loses rows,
    makes some up, or never ends. Terms are compared by their parts, since it
    leaves datatypes and languages out of sameTerm and =.

    Args:
        query: a `QueryText`.
        pins: a dict from column to pyoxigraph terms, in canonical lexical form.

    Raises:
        CannotPin: the query is of a kind in which that is not so, or a value is a blank node.
    """
    import pyoxigraph as ox

    refuse(query, pins)
    if any(isinstance(term, ox.BlankNode) for terms in pins.values() for term in terms):
        raise CannotPin(f"{query.where}: a blank node has no name there; name an IRI or a literal")
    plain = not query.has_paths() and not query.has("VALUES")
    certain, variables = query.certain() if plain else set(), _variables(query)
    loose = {
        column: terms
        for column, terms in pins.items()
        if variables[column] not in certain or any(getattr(term, "language", None) for term in terms)
    }
    tests = [
        " || ".join(_same(variables[column], term, len(terms) > 1) for term in terms) for column, terms in loose.items()
    ]
    text = _framed(query, tests, ())
    opening = querytext.read(text, query.where)
    opening = opening.tokens[opening.body[0]]
    head = "".join(
        f"\nVALUES ?{variables[column]} {{ {' '.join(map(str, terms))} }}"
        for column, terms in pins.items()
        if column not in loose
    )
    return text[: opening.end] + head + text[opening.end :]


def _same(variable, term, one_of_many):
    """A test that a variable is a term, by its parts."""
    import pyoxigraph as ox

    if isinstance(term, ox.NamedNode):
        # Of two IRIs joined by || behind a path, Virtuoso 7 finds the first alone.
        return f"STR(?{variable}) = {ox.Literal(term.value)}" if one_of_many else f"?{variable} = {term}"
    text = str(ox.Literal(term.value))
    if term.language:
        return f'(STR(?{variable}) = {text} && LCASE(LANG(?{variable})) = "{term.language.lower()}")'
    return f"(STR(?{variable}) = {text} && DATATYPE(?{variable}) = {term.datatype})"


def _variables(query):
    """The variable behind each column: of a CONSTRUCT, that of its template."""
    return dict(zip(query.columns, query.template() or query.columns, strict=True))


def _framed(query, tests, more):
    """The text of a query with tests at the end of its group, as a SELECT that projects some variables more."""
    filters = "".join(f"FILTER ({test})\n" for test in tests)
    before, opening, closing = (query.tokens[at] for at in (query.body[0] - 1, *query.body))
    end = query.projection()
    head = query.text[:end]
    if query.form == "CONSTRUCT":
        form = next(token for token in query.tokens if token.depth == 0 and querytext.keyword(token) == "CONSTRUCT")
        head = f"{query.text[: form.start]}SELECT DISTINCT {' '.join('?' + name for name in query.template())}"
    every = "".join(f" ?{name}" for name in more)
    # What stands between the two, such as FROM, stays.
    between = query.text[end : before.start if querytext.keyword(before) == "WHERE" else opening.start]
    # The group as it is stands inside another one, so that a comment at its
    # end or a sub-SELECT in it cannot swallow the tests.
    group = query.text[opening.start : closing.end]
    return f"{head}{every}{between}\nWHERE {{\n{group}\n{filters}}}{query.text[closing.end :]}"
