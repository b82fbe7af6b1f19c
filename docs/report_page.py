"""The page `docs/report.md`: what `lems-onto report` asks, made from the headers of the rules."""

from lems_onto import quality

INTRO = """\
# Report

```sh
lems-onto report                          # the shipped ontology
lems-onto report mine.ttl                 # one of your own; several files are read as one
lems-onto report mine.ttl --output report.tsv --fail-on warn
```

holds an ontology to the checks that ontologists know by name: the rules of
[ROBOT](https://robot.obolibrary.org/report) `report`, the FAIR tests of
[FOOPS!](https://w3id.org/foops/), and the pitfalls of
[OOPS!](https://oops.linkeddata.es/catalogue.jsp). They are written anew here,
under the names and with the levels of their origin, and need neither Java nor a
network. Each is one file of SPARQL in `queries/report/`, and each is proven on an
example that has the fault and on one that has it not, in `tests/queries/report/`.

| option | what it does |
| --- | --- |
| `--fail-on LEVEL` | end with 1 from this level on: `error` (the default), `warn`, `info`, or `none` |
| `--rule NAME` | run one rule, or all of `robot`, `foops` or `oops`; may be repeated |
| `--format` | `table`, `tsv` (the columns of ROBOT), `json`, `markdown` |
| `--output FILE` | write the report there, whole or not at all; `.tsv`, `.json` and `.md` say the form |
| `--waivers FILE` | findings that are meant to be |
| `--no-waivers` | follow none |

The command ends with 0 where nothing reaches the level of `--fail-on` and every
waiver is used, with 1 otherwise, and with 2 where it could not be carried out.

## Waivers

Some findings are meant to be. A waiver says which, and why: a line of four columns
with tabs between them, below a header.

| column | what it holds |
| --- | --- |
| `rule` | the name of the rule |
| `subject` | a CURIE, an IRI, the beginning of one with `*` behind it (`HP:*`), or `*` for all |
| `value` | the value as the report shows it; empty for any |
| `reason` | why it is meant to be; never empty |

Lines that begin with `#` are notes. A finding is waived by the first line that
covers it. A line that covers nothing is an error, so that the list never outlives
what it excuses. [waivers.tsv](../queries/report/waivers.tsv) holds for the shipped
ontology and for no other: files of your own bring theirs.

## What is left out, and why

Tests of FOOPS! that need the network, for they look an address or a register up:
`CN1` (content negotiation), `DOC1` (a page for people), `FIND2` (the prefix in a
register), `FIND3` and `FIND_3_BIS` (the ontology in a register), `OM4.2` (the licence
opens), `RDF1` (the address gives RDF; a FILE that is no RDF ends with 2), `URI1` (the
address opens), `URI2` (the ontology has the address that it was loaded from), `VER2`
(the version IRI opens).

Pitfalls of OOPS! that need the network: `P37` (the ontology is on the Web) and `P40`
(terms of others exist where they are said to be). Pitfalls that only a person sees,
which OOPS! lists and does not look for either: `P01` (one name for several things),
`P09` (a part of the domain is missing), `P14` (only in place of some), `P15` (some not
in place of not some), `P16` (a class without the definition by which it would
classify), `P17` (a hierarchy too fine), `P18` (a domain or range too narrow), `P23` (a
datatype made anew). Of `P30` and `P31`, what takes a dictionary of synonyms is left
out.

Of ROBOT's default profile nothing is left out.

## Levels

ROBOT's own levels are kept. What OOPS! calls critical, important and minor is ERROR,
WARN and INFO here. FOOPS! knows no levels: what makes an ontology unusable for others
is an ERROR, what keeps it from being found or cited a WARN, the rest an INFO.
"""


def report_page():
    """The page, with a row for each rule."""
    parts = [INTRO]
    for family, title in quality.FAMILIES.items():
        rows = [one for one in quality.rules().values() if one.family == family]
        parts.append(f"## {title}, {len(rows)} rules\n\n| rule | level | what it asks |\n| --- | --- | --- |")
        parts[-1] += "".join(
            f"\n| [`{one.name}`](../queries/report/{family}/{one.name}.rq) | [{one.level}]({one.source}) "
            f"| {one.summary} {one.description} |"
            for one in rows
        )
        parts[-1] += "\n"
    return "\n".join(parts)
