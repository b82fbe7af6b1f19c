"""Reasons over a file of cases, and where it contradicts itself, finds out which of the cases do."""

import collections

from . import expecting, resources
from .casefile import ASSOCIATED, CANCER, FORMS, OWL, RDF, RDFS

# A reasoner's time grows faster than the number of individuals.
MOST_GROUPS = 100
_BINDING = {OWL + "oneOf", OWL + "hasValue", OWL + "hasKey"}


class World:
    """What a reasoner makes of the files: of all at once, and where they contradict themselves, of parts."""

    def __init__(self, file, left_out, timeout, memory):
        from .reasoning import admission, ontologies

        self.file, self._limits = file, {"timeout": timeout, "memory": memory}
        own = [triple for triples in file.own.values() for triple in triples if triple not in left_out]
        admission.admit(own, ", ".join(source.path for source in file.data.sources))
        shipped = ontologies.part(resources.ontology_path(), ontologies.SHIPPED)
        self._shipped = shipped._replace(triples=expecting.beside_claims(shipped.triples))
        self.groups = _groups(file, own)
        grouped = {triple for group in self.groups for triple in group.triples}
        self._schema = [triple for triple in own if triple not in grouped]
        self._found, self._group = {}, {node: group for group in self.groups for node in group.nodes}
        # What leads from one individual to another by way of the classes holds for all of them together alone.
        bound = any(triple.predicate.value in _BINDING for triple in own)
        size = len(self.groups) if bound else MOST_GROUPS
        for at in range(0, max(len(self.groups), 1), size or 1):
            self._ask(self.groups[at : at + size])

    def of(self, node):
        """What was inferred of the statements about an individual; None where they contradict each other."""
        return self._found[self.group(node)]

    def group(self, node):
        """The `Group` of an individual."""
        return self._group[node]

    def part(self, group):
        """The ontology together with a group: one part, so that each tells what kind the terms of the other are."""
        triples = [*self._shipped.triples, *self._schema, *group.triples]
        return self._shipped._replace(triples=triples, prefixes=self.file.prefixes)

    def _ask(self, groups):
        """Reason over some groups; where they contradict themselves, over each half."""
        from .reasoning import inferences, reasoners

        triples = [*self._shipped.triples, *self._schema, *(triple for group in groups for triple in group.triples)]
        found = reasoners.infer(triples, **self._limits)
        if found is not None:
            inferred = inferences.Inferred(reasoners.NAMES[0], True, found)
            self._found.update(dict.fromkeys(groups, inferred))
        elif len(groups) < 2:
            self._found.update(dict.fromkeys(groups))
        else:
            # The likeliest ones one by one: mostly the rest holds together then.
            torn = _torn(self.file, groups)
            rest = [group for group in groups if group not in torn]
            halves = [groups[: len(groups) // 2], groups[len(groups) // 2 :]]
            for some in [*([group] for group in torn), rest] if torn and rest else halves:
                self._ask(some)


class Group(collections.namedtuple("Group", "nodes triples")):
    """Individuals that statements lead between, and all these statements."""

    __slots__ = ()

    def __hash__(self):
        return hash(self.nodes)


def _groups(file, own):
    """The individuals of the files in groups between which no statement leads."""
    of, root = collections.defaultdict(list), {node: node for node in file.individuals}
    for triple in own:
        of[triple.subject].append(triple)

    def top(node):
        while root[node] != node:
            node = root[node]
        return node

    said = {}
    for node in file.individuals:
        # With the class expressions that the statements hold.
        reached, said[node] = [node], []
        for one in reached:
            for triple in of[one]:
                said[node].append(triple)
                if triple.object in root:
                    root[top(triple.object)] = top(node)
                elif str(triple.object).startswith("_:") and triple.object not in reached:
                    reached.append(triple.object)
    members = collections.defaultdict(list)
    for node in file.individuals:
        members[top(node)].append(node)
    return [
        Group(tuple(nodes), tuple(dict.fromkeys(triple for node in nodes for triple in said[node])))
        for nodes in members.values()
    ]


def _torn(file, groups):
    """The groups of a case of which the files say that it goes with a cancer, and that it does not."""
    firm, (with_, without) = file.below(ASSOCIATED, RDFS + "subPropertyOf"), map(file.below, FORMS)
    found = []
    for group in groups:
        for node in group.nodes:
            kinds = [triple.object for triple in file.own[node] if triple.predicate.value == RDF + "type"]
            others = [triple.object for triple in file.own[node] if triple.predicate.value in firm]
            says = with_ & set(file.types(node)) or any(CANCER in file.above(file.types(other)) for other in others)
            if says and (without & set(file.types(node)) or any(str(kind).startswith("_:") for kind in kinds)):
                found.append(group)
                break
    return found


def name(node):
    """The name that a reasoner has for a node: its IRI, or `_:` and its label."""
    return node.value if type(node).__name__ == "NamedNode" else str(node)
