"""Admits an ontology to the tools that reason over it: what would run code in them, hang or mislead them is refused."""

import collections
import itertools

from ..errors import UnreadableFile, shorten

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Loading an ontology with this annotation, owlready2 imports the module of that name, and so runs its code.
PYTHON_MODULE = "http://www.lesfleursdunormal.fr/static/_downloads/owlready_ontology.owl#python_module"
# How deep class expressions may nest: the tools walk through them by recursion.
DEEPEST = 250
FIRST, REST, NIL = RDF + "first", RDF + "rest", RDF + "nil"
LISTS = {
    OWL + name
    for name in "intersectionOf unionOf oneOf disjointUnionOf members distinctMembers propertyChainAxiom hasKey "
    "withRestrictions onProperties".split()
}
FILLERS = {
    OWL + name
    for name in "someValuesFrom allValuesFrom hasValue hasSelf cardinality minCardinality maxCardinality "
    "qualifiedCardinality minQualifiedCardinality maxQualifiedCardinality".split()
}
QUALIFIED = {OWL + name for name in "qualifiedCardinality minQualifiedCardinality maxQualifiedCardinality".split()}
# What leads from a class expression to its parts (https://www.w3.org/TR/owl2-mapping-to-rdf/).
PARTS = LISTS | {FIRST, REST} | {
    OWL + name for name in "complementOf datatypeComplementOf someValuesFrom allValuesFrom onClass onDataRange".split()
}  # fmt: skip


def admit(triples, path):
    """Refuse triples that no reasoner and no OWL library can be given.

    Args:
        triples: a list of triples or quads of pyoxigraph.
        path: the file that they are from, named in messages.

    Raises:
        UnreadableFile: they ask for a Python module to be run, or hold a list or a class expression that is broken
            or contains itself.
    """
    parts = collections.defaultdict(list)
    for triple in triples:
        predicate = triple.predicate.value
        if predicate == PYTHON_MODULE:
            module = shorten(triple.object.value)
            raise UnreadableFile(
                f"{path}: asks owlready2 to import the Python module '{module}', which would run it; "
                "remove the annotation owlready_ontology.owl#python_module"
            )
        if predicate in PARTS or predicate in FILLERS or predicate == OWL + "onProperty":
            parts[triple.subject].append((predicate, triple.object))
    lists = {value for arcs in parts.values() for predicate, value in arcs if predicate in LISTS}
    for node in itertools.chain(lists, (node for node, arcs in parts.items() if any(p == REST for p, _ in arcs))):
        _admit_cell(node, parts, path)
    for node, arcs in parts.items():
        _admit_restriction(node, arcs, path)
        if not _blank(node) and any(predicate == OWL + "onProperty" for predicate, _ in arcs):
            raise UnreadableFile(
                f"{path}: the restriction {_name(node)} has a name, which OWL tools pass over; write it as [ ... ]"
            )
    _admit_nesting(parts, path)


def _admit_cell(node, parts, path):
    if getattr(node, "value", None) == NIL:
        return
    arcs = parts.get(node, ())
    firsts, rests = ([value for predicate, value in arcs if predicate == one] for one in (FIRST, REST))
    if len(firsts) != 1 or len(rests) != 1:
        raise UnreadableFile(
            f"{path}: the list cell {_name(node)} has {len(firsts)} members and {len(rests)} rests, not one of each; "
            "write lists as ( ... )"
        )
    rest = rests[0]
    if rest not in parts and getattr(rest, "value", None) != NIL:
        raise UnreadableFile(f"{path}: the list at {_name(node)} does not end in rdf:nil; write it as ( ... )")


def _admit_restriction(node, arcs, path):
    counts = collections.Counter(predicate for predicate, _ in arcs)
    properties, fillers = counts[OWL + "onProperty"], [one for one in arcs if one[0] in FILLERS]
    if not properties and not fillers:
        return
    if properties != 1 or len(fillers) != 1:
        raise UnreadableFile(
            f"{path}: the restriction {_name(node)} has {properties} properties and {len(fillers)} things that it asks "
            "of them, not one of each; mend it"
        )
    predicate, value = fillers[0]
    if predicate in QUALIFIED and counts[OWL + "onClass"] + counts[OWL + "onDataRange"] != 1:
        raise UnreadableFile(f"{path}: the restriction {_name(node)} does not say of what it counts; add owl:onClass")
    asked = predicate.removeprefix(OWL)
    if asked in ("someValuesFrom", "allValuesFrom") and hasattr(value, "datatype"):
        raise UnreadableFile(
            f"{path}: the restriction {_name(node)} asks by owl:{asked} for a literal, not a class; name a class"
        )


def _admit_nesting(parts, path):
    """Refuse a blank node that is a part of itself or nested too deep; asked without recursion."""
    done, open_ = set(), set()
    for start in parts:
        if not _blank(start) or start in done:
            continue
        stack = [(start, 0, iter([arc for arc in parts[start] if arc[0] in PARTS]))]
        open_.add(start)
        while stack:
            node, depth, arcs = stack[-1]
            predicate, value = next(arcs, (None, None))
            if value is None:
                stack.pop()
                open_.discard(node)
                done.add(node)
            elif value in open_:
                kind = "list" if any(one == REST for one, _ in parts[value]) else "class expression"
                raise UnreadableFile(f"{path}: the {kind} {_name(value)} contains itself; mend it")
            elif value not in done and value in parts and _blank(value):
                # The next cell of a list is no deeper.
                deeper = depth + (predicate != REST)
                if deeper > DEEPEST:
                    raise UnreadableFile(
                        f"{path}: the class expression {_name(value)} is nested more than {DEEPEST} levels deep; "
                        "give the inner ones names"
                    )
                open_.add(value)
                stack.append((value, deeper, iter([arc for arc in parts[value] if arc[0] in PARTS])))


def _blank(node):
    return type(node).__name__ == "BlankNode"


def _name(node):
    return shorten(str(node))
