"""The page `docs/merging.md`: what `lems-onto merge` does and asks, made from the headers of the rules."""

from lems_onto.merging import rules

INTRO = """\
# Into your ontology: merge

```sh
lems-onto merge mine.owl --check                        # what would change for you
lems-onto merge mine.owl --output merged.ttl            # one file of both
lems-onto merge mine.owl more.ttl --check --output merged.ttl --format markdown
lems-onto merge mondo.owl --bridge mondo --check        # one class for the disease, and what that costs
```

joins the shipped ontology with yours in one file with one header, and says what that changes *for you*: labels and
definitions that clash, withdrawn terms in use, properties of two kinds, classes that become impossible and why,
what follows anew about your own terms, a profile of OWL 2 that is lost. Files are read in every syntax that
`lems-onto validate` reads, packed with gzip or not; several are merged together. Nothing is fetched.

| option | what it does |
| --- | --- |
| `--output FILE` | write the merged ontology there, whole or not at all: `.ttl`, `.owl`, `.rdf`, `.nt` or `.jsonld` |
| `--check` | ask a reasoner too; without it the rules that need none are run |
| `--bridge mondo` | merge a bridge to another ontology too |
| `--format` | `human`, `json` or `markdown`: the form of what is said |
| `--fail-on SEVERITY` | with `--check`, end with 1 from this severity on: `error` (the default), `warning` or `info` |
| `--timeout SECONDS` | stop after so long (600) |
| `--memory MB` | heap of each of two Javas (2048) |

The command ends with 0 where nothing reaches `--fail-on`, with 1 where something does, with 2 where it could
not be carried out, and with 4 where `--check` had nothing to check, for the files describe no term. Without
`--check` a merge that was written ends with 0, whatever was found. The file is written whether or not
something is found: that is how to look at it in another tool.

`--check` needs a Java, and to name the axioms behind a finding and the profiles also JPype: both come with
`pip install '.[reasoner]'` ([what is needed](reasoning.md)). From Python:

```python
import lems_onto

merged = lems_onto.merge("docs/examples/extension.ttl")  # and check=True to ask a reasoner
for finding in merged.findings:
    print(finding.rule.severity, finding.rule.name, finding.message(merged.names))
```

## One file, one header

- **Your header is kept**, for it is your file: its IRI and its annotations. With several files it is that of the
  first that has one. An ontology without a header gets one without a name.
- **Your version IRI goes** where the merge adds something, for the file is no longer that version; the command says
  so. Give the merged file a version of its own.
- **What went in is named**: `dcterms:source` of the header leads to each version that was merged, and the citation
  of the shipped ontology, which its licence asks for, stands beside it.
- **An import of the shipped ontology is answered** by the merge and dropped, whichever version it names; so is an
  import of another of the files. All other imports are kept, and named on standard error.
- **What stands in both stands once**: an axiom with the same class expression, whatever its blank nodes are called,
  and the annotations on it. Merging with a file that holds a copy of the shipped ontology adds nothing, and
  leaves its header whole. Blank nodes of two files never run into each other.
- The same input gives the same bytes. Comments are lost, as in any merge.

## What a check does

HermiT is asked about your ontology alone, about the shipped one alone, and about both; what is new is told in the
fewest statements that imply the others. The claims of the shipped ontology and the patients of
`ontology/expected/` are asked about with only those axioms that decide about them (a locality module), since each
individual costs a reasoner time for each class. With 10,000 classes that takes about twice as long as one
run of HermiT over them; `benchmarks/merge.py` measures it.

What must follow and what must never follow from the shipped ontology is held in `ontology/expected/`; the check
holds the merged ontology to it, so that no hedge of the document becomes an axiom by way of your hierarchy.

## The bridge to MONDO

The ontology maps its disease to MONDO:0018556 by `skos:exactMatch`, which says nothing to a reasoner.
[mondo.ttl](../ontology/bridges/mondo.ttl) equates the two, and is merged only where it is asked for. The
consequence is documented by a test, and by the check itself:

- MONDO (2026-05-05) has one parent for the disease, MONDO:0018215 *paraneoplastic neurologic syndrome*. With the
  bridge **every case becomes paraneoplastic**, also one that is not associated with cancer, against the document.
  The check ends with 1 (`unwanted`) and names the two axioms that bring it.
- Where paraneoplastic is defined so that it goes together with a cancer, **nothing can be
  `lems:NonCancerAssociatedLems` any more** (`unsatisfiable`), and a patient in whom a cancer is excluded
  contradicts the whole (`impossible-cases`).

To have one class for the disease without that, leave the axiom `MONDO:0018556 rdfs:subClassOf MONDO:0018215` out
of your copy of MONDO.

## The JSON

`--format json` writes one object:

| key | what it holds |
| --- | --- |
| `files`, `bridges` | what was merged with the shipped ontology |
| `ontology` | the IRI of the merged ontology, or null |
| `versionTakenOut` | the version IRI that it no longer has, or null |
| `imports` | what is still imported |
| `triples`, `sharedTerms`, `adds` | how large it is, how many terms both describe, whether the merge adds something |
| `consistent` | true or false; null where no reasoner was asked |
| `counts` | how many findings there are of each severity |
| `rules` | each rule that was run: `name`, `severity`, `summary`, `description`, `mend` |
| `findings` | `rule`, `severity`, `subject` (an IRI or null), `message`, `mend`, `values` (by column), `why` |
| `notes` | what could not be said, and why |

`why` holds minimal sets of axioms, the shortest first; each axiom is an object of `axiom` (functional syntax),
`words`, `files` and `claims`. The first five findings of a rule are explained; infos, and classes below an
impossible one, are not.
"""
TITLES = {
    "stated": "Rules that need no reasoner",
    "inferred": "Rules of `--check`",
}


def merging_page():
    """The page, with a row for each rule."""
    parts = [INTRO]
    for folder, title in TITLES.items():
        rows = rules.of(folder)
        parts.append(f"## {title}\n\n| rule | severity | what it asks | mend |\n| --- | --- | --- | --- |")
        parts[-1] += "".join(
            f"\n| [`{one.name}`](../queries/merge/{folder}/{one.name}.rq) | {one.severity} "
            f"| {one.summary} {one.description} | {one.mend} |"
            for one in rows
        )
        parts[-1] += "\n"
    return "\n".join(parts)
