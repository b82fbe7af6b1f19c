"""What a validation finds: results, faults of the shapes, and the report that holds them."""

from __future__ import annotations

from collections import namedtuple

from .. import terms

SH = "http://www.w3.org/ns/shacl#"
# From the gravest to the lightest, as the severities of SHACL are named.
SEVERITIES = ("violation", "warning", "info")
SHACL, CHECK, NEAR_MISS = "shape", "check", "near-miss"


class Place(namedtuple("Place", "file line column end_line end_column excerpt")):
    """Where a finding stands.

    Attributes:
        file: the path as it was named; `<stdin>` for standard input.
        line, column: where it begins, both from 1, columns in characters;
            None where the syntax of the file keeps no positions.
        end_line, end_column: where it ends, the column exclusive; None as well.
        excerpt: the line of the file, without its end; None as well.
    """

    __slots__ = ()

    def __str__(self):
        return f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)


class Rule(namedtuple("Rule", "id kind title description severity source help")):
    """What was held to: a shape, a check, or the search for near misses.

    Attributes:
        id: the IRI of the shape (for a shape without one, that of the shape
            around it with the path), the name of a check, or "near-miss".
        kind: `SHACL`, `CHECK` or `NEAR_MISS`.
        title: a short name: the CURIE of a shape, the name of a check.
        description: one sentence on what it holds to; may be empty.
        severity: one of `SEVERITIES`.
        source: an IRI on which the rule rests, or None.
        help: the IRI of a shape of this package, by which its page is found; None for what is none.
    """

    __slots__ = ()


class Result(namedtuple("Result", "severity rule component focus_node path value message place fingerprint")):
    """One finding in the data.

    Attributes:
        severity: one of `SEVERITIES`.
        rule: the id of the `Rule`.
        component: the IRI of the constraint component, None for what is no SHACL.
        focus_node: a pyoxigraph term, None for a row of a check without one.
        path: the result path as SPARQL writes it (IRIs in angle brackets), or None.
        value: a pyoxigraph term or None.
        message: what is wrong and the mend.
        place: a `Place`, or None where no file says anything of the node.
        fingerprint: 16 hexadecimal digits, the same in every run as long as rule,
            node, path and value are; lines do not enter into it.
    """

    __slots__ = ()


class Found(namedtuple("Found", "shape component focus_node path value messages")):
    """A validation result, as an engine gives it.

    Attributes:
        shape: the node of the source shape in the shapes graph.
        component: the IRI of the constraint component.
        focus_node: a pyoxigraph term.
        path: the result path as SPARQL writes it, or None.
        value: a pyoxigraph term, or None.
        messages: those that the constraint itself makes; none where the shape's or ours hold.
    """

    __slots__ = ()


class Fault(namedtuple("Fault", "kind message shape place")):
    """Why the shapes cannot be trusted.

    Attributes:
        kind: `broken` for what SHACL does not know or cannot carry out,
            `unused` for a shape that checks nothing.
        message: what is wrong and the mend, without the name of the shape.
        shape: the id of the shape, or None.
        place: a `Place` in the file of shapes, or None.
    """

    __slots__ = ()


class Baseline(namedtuple("Baseline", "file accepted stale")):
    """What a baseline did.

    Attributes:
        file: its path.
        accepted: the results that it accepts, which are not among the results of the report.
        stale: its entries (dicts with fingerprint, rule, focus, path, value, message) that nothing matched.
    """

    __slots__ = ()


class Report(
    namedtuple(
        "Report",
        "files shapes triples focus_nodes rules results faults checks imports engine baseline names allow_unused "
        "prefixes",
        defaults=[{}],
    )
):
    """What a validation found.

    Attributes:
        files: the files that were validated; empty for the shipped ontology.
        shapes: the files of shapes that were named; empty for the shipped ones.
        triples: how many triples were validated, the shipped ones among them.
        focus_nodes: a dict from the id of each shape that has a target to the
            number of its focus nodes; for files read together with the
            ontology, of those nodes alone of which the files say something.
        rules: a dict from id to `Rule`, of all that was held to, sorted by id.
        results: the `Result` of each finding, in the order of files and lines.
        faults: the `Fault` of each shape that cannot be trusted.
        checks: how many checks ran.
        imports: ontologies that are imported and that were not fetched.
        engine: what carried out the shapes.
        baseline: a `Baseline` or None.
        names: a dict from blank node to the text that tells it by what is said of it.
        allow_unused: whether unused shapes were allowed.
        prefixes: those of the files.
    """

    __slots__ = ()

    def __repr__(self):
        return (
            f"<Report conforms={self.conforms} checked={self.checked} results={len(self.results)} "
            f"faults={len(self.faults)} files={self.files}>"
        )

    @property
    def checked(self):
        """Whether any shape had a focus node."""
        return any(self.focus_nodes.values())

    @property
    def broken(self):
        """The faults that keep the shapes from being carried out."""
        return tuple(fault for fault in self.faults if fault.kind == "broken")

    @property
    def unused(self):
        """The faults of shapes that check nothing."""
        return tuple(fault for fault in self.faults if fault.kind == "unused")

    @property
    def conforms(self):
        """Whether something was checked by shapes that can be trusted, and nothing was found."""
        return self.exit_code("info") == 0

    def failing(self, fail_on="violation"):
        """The results that are at least as grave as `fail_on`, one of `SEVERITIES`."""
        grave = SEVERITIES[: SEVERITIES.index(fail_on) + 1]
        return tuple(result for result in self.results if result.severity in grave)

    def exit_code(self, fail_on="violation"):
        """3 for broken shapes, 1 for results as grave as `fail_on`, 4 where nothing was checked, else 0.

        A shape that checks nothing makes 4 as well, unless unused shapes are allowed.
        """
        if self.broken:
            return 3
        if self.failing(fail_on):
            return 1
        return 4 if not self.checked or (self.unused and not self.allow_unused) else 0

    def named(self, term, prefixes=None):
        """A term as Turtle writes it, shortened with `prefixes`; a blank node is told by what is said of it.

        Empty for None.
        """
        import pyoxigraph as ox

        if term is None:
            return ""
        if isinstance(term, ox.BlankNode):
            return self.names.get(term, "[]")
        if isinstance(term, ox.NamedNode):
            short = terms.contract(term.value, prefixes) if prefixes else term.value
            return short if short != term.value else str(term)
        return str(term)
