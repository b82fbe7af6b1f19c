"""Finds the minimal sets of axioms that entail a statement.

QuickXplain (Junker 2004) gives one set, a hitting set tree (Reiter 1987; for
OWL: Kalyanpur et al. 2007) the others. Each question goes to HermiT, so that
nothing depends on how a reasoner works inside.
"""

import time


def justifications(axioms, entails, most, seconds):
    """Minimal sets of axioms that entail something.

    Args:
        axioms: a list of axioms that entail it.
        entails: a function from a list of axioms to whether they entail it.
        most: how many sets to find.
        seconds: after how long to stop looking for further ones.

    Returns:
        A list of lists of axioms in the order of `axioms`, the shortest first, and whether these are all.
    """
    end = time.monotonic() + seconds
    first = minimal(axioms, entails)
    found, left, seen = [first], [(frozenset(), first)], {frozenset()}
    while left:
        removed, held = left.pop(0)
        for axiom in held:
            path = removed | {axiom}
            if path in seen:
                continue
            if len(found) >= most or time.monotonic() > end:
                return sorted(found, key=len), False
            seen.add(path)
            # A set that shares nothing with the path holds beside it, and need not be looked for again.
            again = next((one for one in found if not path & set(one)), None)
            if again is None:
                kept = [one for one in axioms if one not in path]
                if not entails(kept):
                    continue
                again = minimal(kept, entails)
                found.append(again)
            left.append((path, again))
    return sorted(found, key=len), True


def minimal(axioms, entails):
    """A minimal part of a list of axioms that still entails what the list does."""
    if entails([]):
        return []
    return _quick([], False, list(axioms), entails)


def _quick(background, grew, axioms, entails):
    if grew and entails(background):
        return []
    if len(axioms) == 1:
        return axioms
    middle = len(axioms) // 2
    first, second = axioms[:middle], axioms[middle:]
    of_second = _quick(background + first, bool(first), second, entails)
    of_first = _quick(background + of_second, bool(of_second), first, entails)
    return of_first + of_second
