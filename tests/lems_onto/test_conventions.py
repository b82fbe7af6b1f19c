"""The forms of others are read back by the tools of others: RDF parsers, grlc, a browser that draws."""

import functools
import hashlib
import html
import importlib.util
import json
import random
import re
import shlex
import shutil
import subprocess
import tarfile
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import yaml
from rdflib import OWL, RDF, RDFS, SH, XSD
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

import lems_onto
from lems_onto import conventions, graphs, querytext, resources
from servers import absent

ROOT = Path(__file__).resolve().parent.parent.parent
QUERIES = lems_onto.queries()
QUESTIONS = [name for name, query in QUERIES.items() if not query.is_check]
BASE = "https://w3id.org/lems-onto/query/"
GRAPH = "https://example.org/graph"
SCHEMA = rdflib.Namespace("https://schema.org/")
TEXTS = (SH.select, SH.ask, SH.construct)
# The Mermaid that draws in the test, as npm gives it.
MERMAID = ("mermaid@11.17.2", "581ed7d74bd9048d0e3a91363927d72ef22942d7722546b27f7cc29e35390eb8")
CHROMIUM = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--allow-file-access-from-files",
    "--virtual-time-budget=120000", "--dump-dom",
]  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><pre id="found"></pre><script src="mermaid.min.js"></script><script>
(async () => {
    mermaid.initialize({startOnLoad: false});
    const found = {};
    for (const [name, text] of Object.entries(DIAGRAMS)) {
        try {
            const {svg} = await mermaid.render("d-" + name, text);
            const box = document.createElement("div");
            box.innerHTML = svg;
            const count = (what) => box.querySelectorAll(what).length;
            const labels = [...box.querySelectorAll(".nodeLabel, .edgeLabel")].map((one) => one.textContent);
            const [nodes, edges, boxes] = ["g.node", "path.flowchart-link", "g.cluster"].map(count);
            found[name] = {nodes, edges, boxes, labels};
        } catch (problem) {
            found[name] = {problem: String(problem)};
        }
    }
    document.getElementById("found").textContent = JSON.stringify(found);
})();
</script>"""


@pytest.fixture(scope="module")
def turtle():
    return conventions.to_rdf(QUERIES.values())


@pytest.fixture(scope="module")
def parsed(turtle):
    return rdflib.Graph().parse(data=turtle)


@pytest.fixture(scope="module")
def diagrams():
    path = ROOT / "docs" / "diagrams.py"
    spec = importlib.util.spec_from_file_location("diagrams", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def drawn(diagrams):
    return {query.text: diagrams.flowchart(query.text) for query in QUERIES.values()}


@functools.cache
def dataset():
    """The shipped ontology in the default graph, and once more in a named graph with another one beside it."""
    shipped, _ = graphs.shipped()
    store = ox.Store()
    store.extend(ox.Quad(*quad.triple, ox.NamedNode(GRAPH)) for quad in shipped)
    store.add(ox.Quad(ox.NamedNode("urn:x"), ox.NamedNode(str(RDFS.label)), ox.Literal("x"), ox.NamedNode("urn:y")))
    return shipped, store


def rows(text, store=None):
    """The solutions of a query as tuples in their order, triples sorted."""
    found = (store or dataset()[0]).query(text)
    if isinstance(found, ox.QuerySolutions):
        return [tuple(solution) for solution in found]
    return sorted(map(tuple, found), key=str)


def question(stem, **parts):
    return QUERIES[stem]._replace(**parts)


# RDF


def test_the_turtle_is_read_alike_by_two_parsers_and_holds_every_question_once(turtle, parsed):
    others = list(ox.parse(turtle.encode(), format=ox.RdfFormat.TURTLE))
    assert len(others) == len(parsed) > 7 * len(QUERIES)
    found = sorted(parsed.subjects(RDF.type, SH.SPARQLExecutable))
    assert found == sorted(rdflib.URIRef(BASE + name) for name in QUERIES)
    assert len(found) == len(resources.query_paths()) >= 28


def test_the_turtle_does_not_depend_on_the_order_of_the_questions(turtle):
    shuffled = list(QUERIES.values())
    random.Random(1).shuffle(shuffled)
    assert conventions.to_rdf(shuffled) == turtle
    assert turtle.endswith("    .\n")


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_in_rdf_gives_the_rows_of_its_file(name, parsed):
    node = rdflib.URIRef(BASE + name)
    (text,) = (str(text) for part in TEXTS for text in parsed.objects(node, part))
    declared = {
        str(parsed.value(one, SH.prefix)): parsed.value(one, SH.namespace)
        for prefixes in parsed.objects(node, SH.prefixes)
        for one in parsed.objects(prefixes, SH.declare)
    }
    assert all(space.datatype == XSD.anyURI for space in declared.values())
    prologue = "".join(f"PREFIX {prefix}: <{space}>\n" for prefix, space in declared.items())
    expected = rows(QUERIES[name].text)
    assert "#+" not in text
    assert rows(text) == expected
    assert rows(prologue + text) == expected
    assert rows(prologue + re.sub(r"^PREFIX .*$", "", text, flags=re.MULTILINE)) == expected


def test_the_rules_of_the_sparql_examples_hold_but_for_the_endpoint_that_we_have_not(parsed):
    """Those of spex.shacl in https://github.com/sib-swiss/sparql-examples-utils."""
    nodes = set(parsed.subjects(RDF.type, SH.SPARQLExecutable))
    kinds = {
        SH.select: SH.SPARQLSelectExecutable,
        SH.ask: SH.SPARQLAskExecutable,
        SH.construct: SH.SPARQLConstructExecutable,
    }
    for node in nodes:
        (kind,) = (part for part in TEXTS for _ in parsed.objects(node, part))
        assert set(parsed.objects(node, RDF.type)) == {SH.SPARQLExecutable, kinds[kind]}
        (comment,) = parsed.objects(node, RDFS.comment)
        assert comment.language == "en"
        keywords = list(parsed.objects(node, SCHEMA.keywords))
        assert keywords
        assert all(re.search(r"^[^\s].*[^\s]$", keyword) for keyword in keywords)
        assert not set(parsed.predicates(node)) & {SCHEMA.keyword, SCHEMA.keyowrds, SCHEMA.target}
        assert list(parsed.objects(node, SH.prefixes)) == [rdflib.URIRef(BASE)]
    assert len(nodes) == len(QUERIES)
    assert (rdflib.URIRef(BASE), RDF.type, OWL.Ontology) in parsed


def test_what_the_header_says_is_in_the_rdf(parsed):
    for name, query in QUERIES.items():
        node = rdflib.URIRef(BASE + name)
        assert str(parsed.value(node, RDFS.comment)) == query.summary
        assert str(parsed.value(node, rdflib.DCTERMS.description)) == query.description
        assert sorted(map(str, parsed.objects(node, SCHEMA.keywords))) == sorted(query.tags)


def test_an_endpoint_is_named_when_the_caller_has_one():
    target = "https://example.org/sparql"
    graph = rdflib.Graph().parse(data=conventions.to_rdf(QUERIES.values(), target))
    assert len(list(graph.subjects(SCHEMA.target, rdflib.URIRef(target)))) == len(QUERIES)
    for bad in ("example.org", "https://example.org/> .", "https://a b"):
        with pytest.raises(lems_onto.LemsError, match="is no IRI"):
            conventions.to_rdf(QUERIES.values(), bad)
        with pytest.raises(lems_onto.LemsError, match="is no IRI"):
            conventions.to_grlc(QUERIES["symptoms"], bad)


def test_ask_is_an_ask():
    turtle = conventions.to_rdf([question("symptoms", text="ASK { ?s ?p ?o }\n")])
    graph = rdflib.Graph().parse(data=turtle)
    assert str(next(graph.objects(None, SH.ask))) == "ASK { ?s ?p ?o }\n"
    assert graph.value(predicate=RDF.type, object=SH.SPARQLAskExecutable)


@pytest.mark.parametrize("odd", ['say "so"', "back\\slash\\", 'end"', '""""', '"', "C:\\new", "naïve ≥ 1"])
def test_odd_characters_survive(odd, tmp_path):
    text = f"SELECT ?x WHERE {{ ?x ?y ?z }} # {odd}\n# {odd}"
    turtle = conventions.to_rdf([question("symptoms", summary=odd, tags=(odd,), text=text)])
    path = tmp_path / "odd.ttl"
    path.write_text(turtle, encoding="utf-8")
    for graph in (rdflib.Graph().parse(data=turtle), lems_onto.load(path)):
        assert str(next(graph.objects(None, RDFS.comment))) == odd
        assert str(next(graph.objects(None, SCHEMA.keywords))) == odd
        assert str(next(graph.objects(None, SH.select))) == text + "\n"


def test_one_prefix_with_two_meanings_is_refused():
    other = question("symptoms", name="zzz", text=QUERIES["symptoms"].text.replace("ns/oa#", "ns/other#"))
    with pytest.raises(lems_onto.LemsError, match=r"oa: is http://www\.w3\.org/ns/oa# elsewhere"):
        conventions.to_rdf([QUERIES["symptoms"], other])


# grlc


@pytest.mark.parametrize("name", QUERIES)
def test_grlc_decorators_are_yaml_and_the_query_gives_the_rows_of_its_file(name):
    query = QUERIES[name]
    text = conventions.to_grlc(query, "https://example.org/sparql", GRAPH)
    header = yaml.safe_load("\n".join(line[2:] for line in text.split("\n") if line.startswith("#+")))
    assert set(header) == {"summary", "description", "tags", "endpoint"}
    assert header["summary"] == query.summary
    assert header["description"].startswith(query.description)
    assert header["description"].count("\n- `") == len(query.columns)
    assert header["tags"] == list(query.tags)
    expected = rows(query.text)
    assert rows(text, dataset()[1]) == expected
    assert rows(conventions.to_grlc(query)) == expected


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_column_is_a_parameter_that_may_be_left_out(name):
    query = QUERIES[name]
    read = querytext.read(query.text)
    columns = [column for column in query.columns if column not in read.computed]
    if {"GROUP", "HAVING", "LIMIT", "OFFSET"} & set(read.modifiers):
        with pytest.raises(lems_onto.LemsError, match=f"{columns[0]} cannot be a parameter"):
            conventions.to_grlc(query, parameters=columns)
        return
    text = conventions.to_grlc(query, parameters=columns)
    expected = rows(query.text)
    assert rows(text) == expected
    for column in columns:
        at = list(query.columns).index(column)
        values = dict.fromkeys(row[at] for row in expected if row[at] is not None)
        assert values
        for value in list(values)[:3]:
            kept = [row for row in expected if row[at] is not None and row[at].value == value.value]
            assert rows(replaced(text, column, value.value)) == kept


def replaced(text, column, value):
    """What grlc makes of a query; a test below holds it against grlc."""
    return text.replace(f"?__{column}_literal", f'"{value}"')


def test_what_the_pattern_does_not_bind_cannot_be_a_parameter():
    for text in ("SELECT ?x (1 AS ?y) WHERE { ?x ?p ?o }", "SELECT ?x ?y WHERE { ?x ?p ?y } LIMIT 1"):
        with pytest.raises(lems_onto.LemsError, match="y cannot be a parameter"):
            conventions.to_grlc(question("symptoms", text=text), parameters=["y"])
    with pytest.raises(lems_onto.LemsError, match="nothing cannot be a parameter"):
        conventions.to_grlc(QUERIES["symptoms"], parameters=["nothing"])


def test_a_graph_and_parameters_go_into_patterns_of_every_build():
    for text in (
        "SELECT ?x { { SELECT ?x { ?x a ?class } } } ORDER BY ?x",
        "SELECT ?x WHERE { SELECT ?x { ?x a ?class } } ORDER BY ?x",
        "SELECT ?x where { ?x a ?class # }\n}\nORDER BY ?x",
    ):
        query = question("symptoms", text=text)
        served = conventions.to_grlc(query, graph=GRAPH, parameters=["x"])
        assert rows(served, dataset()[1]) == rows(text) != []


@pytest.fixture
def grlc(monkeypatch, tmp_path, recwarn):
    """grlc's reader of queries; it prints, and looks for a configuration where it is imported."""
    if importlib.util.find_spec("grlc") is None:
        absent("grlc", "pip install grlc")
    monkeypatch.chdir(tmp_path)
    import grlc.gquery
    import grlc.swagger

    return grlc


@pytest.mark.filterwarnings("ignore")
def test_grlc_itself_reads_every_question_back(grlc):
    endpoint = "https://example.org/sparql"
    for query in QUERIES.values():
        text = conventions.to_grlc(query, endpoint)
        assert grlc.gquery.guess_endpoint_uri(text, None) == (endpoint, None)
        item = grlc.swagger.process_sparql_query_text(text, None, query.name, [])
        assert item["call_name"] == f"/{query.name}"
        assert (item["summary"], item["tags"], item["method"]) == (query.summary, list(query.tags), "get")
        assert item["description"].startswith(query.description)
        assert [one["name"] for one in item["params"]] == ["endpoint"]
        assert rows(item["query"]) == rows(query.text)


@pytest.mark.filterwarnings("ignore")
def test_grlc_itself_offers_the_parameters_and_writes_them_into_the_query(grlc):
    for name in QUESTIONS:
        query = QUERIES[name]
        try:
            text = conventions.to_grlc(query, "https://example.org/sparql", parameters=query.columns)
        except lems_onto.LemsError:
            continue
        parameters = grlc.gquery.get_parameters(text, "", {})
        assert sorted(parameters) == sorted(query.columns)
        assert not any(one["required"] for one in parameters.values())
        assert grlc.gquery.rewrite_query(text, parameters, {}) == text
        for column in query.columns:
            assert grlc.gquery.rewrite_query(text, parameters, {column: "a b"}) == replaced(text, column, "a b")


# Markdown


@pytest.fixture(scope="module")
def page(diagrams, drawn):
    return conventions.to_markdown(QUERIES.values(), drawn.get, diagrams.LEGEND)


def test_the_page_holds_every_question_under_a_heading_of_its_own(page):
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.*)$", prose, re.MULTILINE)
    anchors = [conventions.anchor(heading) for heading in headings]
    assert len(set(anchors)) == len(anchors) == 1 + len({query.group for query in QUERIES.values()}) + len(QUERIES)
    assert sorted(one for one in headings if one.endswith("?")) == sorted(query.summary for query in QUERIES.values())
    for query in QUERIES.values():
        assert page.count(f"\n### {query.summary}\n") == 1
        for column, meaning in query.columns.items():
            assert f"\n| `{column}` | {meaning} |\n" in page
    assert page.count("```mermaid\n") == page.count("<details>") == page.count("```sparql\n") == len(QUERIES)


def test_every_link_of_the_page_leads_somewhere(page):
    prose = re.sub(r"^```.*?^```$", "", page, flags=re.DOTALL | re.MULTILINE)
    anchors = {conventions.anchor(heading) for heading in re.findall(r"^#+ (.*)$", prose, re.MULTILINE)}
    links = re.findall(r"\]\(([^)]*)\)", prose)
    inner, files = [link[1:] for link in links if link.startswith("#")], [link for link in links if link[0] != "#"]
    assert set(inner) <= anchors
    assert len(inner) == len(QUERIES) + len({query.group for query in QUERIES.values()})
    assert sorted((ROOT / "docs" / link).resolve() for link in files) == sorted(
        (ROOT / "queries" / query.group / f"{query.name}.rq") for query in QUERIES.values()
    )


def test_every_call_of_the_page_is_answered(page):
    calls = [
        shlex.split(line) for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()
    ]
    assert [call[2] for call in calls if len(call) == 3] == [
        query.name for query in sorted(QUERIES.values(), key=lambda one: (one.is_check, one.group, one.name))
    ]
    pinned = [call for call in calls if len(call) > 3]
    assert len(pinned) >= 12
    for _, _, name, option, pair in pinned:
        assert option == "--where"
        answer = lems_onto.ask(name, dict([pair.split("=", 1)]))
        assert 0 < len(answer.solutions) < len(lems_onto.ask(name).solutions)


def test_a_page_of_one_question_needs_no_diagram_and_escapes_its_table():
    query = question("symptoms", columns={"symptom": "a|b <c>"})
    page = conventions.to_markdown([query], files="queries")
    assert "| `symptom` | a\\|b &lt;c> |" in page
    assert "mermaid" not in page
    assert "(queries/symptoms/symptoms.rq)" in page


# Diagrams


@pytest.mark.parametrize("name", QUERIES)
def test_a_diagram_leaves_no_name_and_no_column_of_its_question_out(name, diagrams, drawn):
    query = QUERIES[name]
    diagram = drawn[query.text]
    assert diagrams.flowchart(query.text) == diagram
    read = querytext.read(query.text)
    names = {token.text for token in read.tokens[read.body[0] : read.body[1]] if token.kind in ("name", "variable")}
    missing = {one for one in names if not re.search(re.escape(one.removesuffix(":")) + r"(?!\w)", diagram)}
    assert not missing or re.search(r"and \d+ more", diagram)
    assert all(f'"?{column}"' in diagram for column in query.columns)


@pytest.mark.parametrize("name", QUERIES)
def test_a_diagram_has_an_arrow_for_each_triple_that_rdflib_plans_to_match(name, drawn):
    def planned(part):
        """The triples of the algebra, but for those of conditions, which a diagram holds as text."""
        inner = [value for key, value in part.items() if key != "expr" and isinstance(value, CompValue)]
        inner = inner[:1] if part.name == "Minus" else inner
        return len(part.triples if part.name == "BGP" else ()) + sum(map(planned, inner))

    triples = planned(prepareQuery(QUERIES[name].text).algebra)
    diagram = drawn[QUERIES[name].text]
    arrows = re.findall(r'^ +\w+ -- "(?!as")', diagram, re.MULTILINE)
    assert triples == len(arrows) + diagram.count("]:::path")


def test_what_cannot_be_drawn_is_refused(diagrams):
    # The second one rdflib itself reads without the IRI.
    for pattern in ("SERVICE <https://example.org> { ?x ?y ?z }", "?x !(^<urn:y>|<urn:z>) ?z"):
        with pytest.raises(ValueError, match="has no drawing yet"):
            diagrams.flowchart(f"SELECT ?x {{ {pattern} }}")


def test_every_form_of_a_condition_is_written_as_one_writes_it(diagrams):
    cases = {
        "(?a + 1 > 2 && ?b IN (1, 2))": "?a + 1 > 2 and ?b IN (1, 2)",
        '(!BOUND(?a) || ?a NOT IN ("x"@en))': 'not BOUND(?a) or ?a NOT IN ("x"@en)',
        "((?a || ?b) && ?c)": "(?a or ?b) and ?c",
        "((1 + 2) * 3 = ?a)": "(1 + 2) * 3 = ?a",
        'REGEX(STR(?a), "b", "i")': 'REGEX(STR(?a), "b", "i")',
        "(?a = 1.50 || ?a = -2)": "?a = 1.50 or ?a = -2",
        "NOT EXISTS { ?a (^?b|!a)+ ?c }".replace("?b", "<urn:b>"): "NOT EXISTS\n?a (^<urn:b>|!(a))+ ?c",
        "(!(?a && ?b))": "not (?a and ?b)",
        "(?a - (?b - 1) = 0)": "?a - (?b - 1) = 0",
    }
    for written, drawn in cases.items():
        text = diagrams.flowchart(f"SELECT ?a {{ ?a ?b ?c FILTER {written} }}")
        assert f'{{{{"{diagrams.escape(drawn)}"}}}}' in text


@pytest.fixture(scope="module")
def mermaid(request):
    """The path of mermaid.min.js, fetched by npm once and kept in pytest's cache."""
    version, checksum = MERMAID
    kept = request.config.cache.mkdir("mermaid") / f"{version}.js"
    if not kept.is_file():
        if shutil.which("npm") is None:
            absent("npm", "apt-get install npm")
        pack = ["npm", "pack", version]
        done = subprocess.run(pack, cwd=kept.parent, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            absent(version, "npm cannot fetch it: " + done.stderr.strip().split("\n")[0])
        archive = kept.parent / done.stdout.split()[-1]
        with tarfile.open(archive) as tar:
            kept.write_bytes(tar.extractfile("package/dist/mermaid.min.js").read())
        archive.unlink()
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == checksum
    return kept


def test_a_browser_draws_every_diagram_with_all_of_its_nodes_and_arrows(drawn, mermaid, tmp_path):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        absent("Chromium", "apt-get install chromium")
    named = {name: drawn[query.text] for name, query in QUERIES.items()}
    (tmp_path / "mermaid.min.js").write_bytes(mermaid.read_bytes())
    page = tmp_path / "page.html"
    shown = json.dumps({**named, "broken": "flowchart LR\n  a --"}).replace("</", "<\\/")
    page.write_text(PAGE.replace("DIAGRAMS", shown))
    done = subprocess.run(
        [chromium, *CHROMIUM, f"--user-data-dir={tmp_path / 'profile'}", page.as_uri()],
        capture_output=True, text=True, timeout=300, check=True,
    )  # fmt: skip
    found = json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', done.stdout, re.DOTALL)[1]))
    assert "problem" in found.pop("broken")
    assert {name: one["problem"] for name, one in found.items() if "problem" in one} == {}
    assert len(found) == len(QUERIES)
    for name, one in found.items():
        lines = named[name].split("\n")
        edges = [line for line in lines if re.match(r" +\w+ (-->|-- |-\.-)", line)]
        nodes = [line for line in lines if re.search(r":::\w+$", line)]
        boxes = [line for line in lines if line.strip().startswith("subgraph")]
        assert (one["nodes"], one["edges"], one["boxes"]) == (len(nodes), len(edges), len(boxes)), name
        assert {f"?{column}" for column in QUERIES[name].columns} <= set(one["labels"])
        assert not any("Unsupported" in label for label in one["labels"])
