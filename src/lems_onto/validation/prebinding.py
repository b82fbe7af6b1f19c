"""Whether a SPARQL constraint may be evaluated once, and not anew for each focus node.

https://www.w3.org/TR/shacl/#pre-binding.
"""

import re

from .. import querytext


def once(query):
    """Whether a query may be evaluated once for all focus nodes: whether binding $this first would change nothing.

    It may when every group in which $this occurs binds it by a plain triple,
    or by such groups in all branches of a union, before anything else
    mentions it, and when nothing counts, cuts or groups solutions. The groups
    of EXISTS are evaluated for each solution, so that $this is bound in them.
    """
    whole = ("SELECT", "LIMIT", "OFFSET", "HAVING", "GROUP", "GRAPH", "MINUS", "VALUES")
    body, after = query.tokens[query.body[0] : query.body[1] + 1], query.tokens[query.body[1] :]
    if query.computed or any((querytext.keyword(token) or "").startswith(whole) for token in [*body, *after]):
        return False
    return _binds(_grouped(iter(body[1:]), body[0]), False)


class _Group(list):
    """The tokens of a group and the groups in it; `opening` is its brace, `before` the keyword before that."""


def _grouped(tokens, opening, before=None):
    group = _Group()
    group.opening, group.before = opening, before
    last = None
    for token in tokens:
        if token.text == "}":
            break
        group.append(_grouped(tokens, token, querytext.keyword(last) if last else None) if token.text == "{" else token)
        last = token
    return group


def _binds(group, bound):
    """True where a group binds $this safely, None where it does not mention it, False else.

    Args:
        group: a `_Group`.
        bound: whether $this is bound before the group is evaluated, as in EXISTS.
    """
    mentioned, branches = bound, []
    for at, part in enumerate(group):
        if isinstance(part, _Group):
            if part.before == "EXISTS":
                found = _binds(part, True)
                if found is False:
                    return False
                continue
            found = _binds(part, False)
            if found is False or (found and part.before == "OPTIONAL" and not bound):
                return False
            mentioned = mentioned or bool(found)
            branches = [*branches, found] if part.before == "UNION" else [found]
            following = group[at + 1] if at + 1 < len(group) else None
            ends = isinstance(following, _Group) or following is None or querytext.keyword(following) != "UNION"
            bound = bound or (part.before != "OPTIONAL" and ends and all(branches))
        elif part.kind == "variable" and part.text[1:] == "this":
            mentioned = True
            if not bound:
                if part.depth != group.opening.depth + 1 or not _plain(group, at):
                    return False
                bound = True
    return bound if mentioned else None


def _plain(group, at):
    """Whether a variable is subject or object of a triple whose predicate is no path that may be empty."""

    def text(place):
        part = group[place] if 0 <= place < len(group) else None
        return "{" if isinstance(part, _Group) else part.text if part is not None else ""

    def is_term(place):
        return bool(re.match(r"[?$]\w|<|a$|[\w.-]*:", text(place)))

    marks = ("/", "|", "*", "+", "^", "?", ")")
    return (is_term(at + 1) and text(at + 2) not in marks) or (
        is_term(at - 1) and text(at - 2) not in marks and (is_term(at - 2) or text(at - 2) == ";")
    )
