"""Files that are not what they should be end in one clear line, and nothing is fetched."""

import gzip
import os
import socket
import tracemalloc

import pyoxigraph as ox
import pytest
import rdflib

import lems_onto
from lems_onto import graphs, reading, terms
from lems_onto.errors import UnreadableFile

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://example.org/"'
XML = f'<?xml version="1.0"?><rdf:RDF {RDF}><rdf:Description rdf:about="http://example.org/a"><x:p>v</x:p></rdf:Description></rdf:RDF>'
TRIPLE = "<http://example.org/a> <http://example.org/p> <http://example.org/b> .\n"
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "'
    + "a" * 100_000
    + '">]>'
    + XML[21:].replace(">v<", ">" + "&a;" * 10_000 + "<")
)
LAUGHS = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + XML[21:].replace(">v<", ">&b;<")

BAD = {
    "empty.ttl": (b"", "is empty"),
    "blank.ttl": (b" \n\n", "is empty"),
    "comment.ttl": (b"# nothing\n", "holds no triple"),
    "picture.ttl": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\xff", "is a binary file"),
    "zeros.nt": (b"\0" * 100, "NUL byte"),
    "archive.ttl": (b"PK\x03\x04rest", "is a ZIP archive"),
    "cut.ttl.gz": (gzip.compress(TRIPLE.encode())[:-9], "gzip data are cut off"),
    "head.ttl.gz": (b"\x1f\x8b", "gzip data are cut off"),
    "damaged.ttl.gz": (gzip.compress(TRIPLE.encode())[:-8] + b"\0" * 8, "gzip data are damaged"),
    "second.nt.gz": (gzip.compress(TRIPLE.encode()) + b"<a:a> <a:b> <a:c> .", "gzip data are damaged"),
    "nothing.ttl.gz": (gzip.compress(b" \n"), "is empty"),
    "typo.ttl.gz": (gzip.compress(TRIPLE.encode() + b"nope"), "typo.ttl.gz:2:"),
    "xml.ttl.gz": (gzip.compress(XML.encode()), "is named Turtle and holds RDF/XML"),
    "paper.ttl": (b"%PDF-1.7", "is a PDF"),
    "page.owl": (b"<!DOCTYPE html><html><body>Not found</body></html>", "is a web page"),
    "old.ttl": (b"format-version: 1.2\n", "is OBO format"),
    "functional.owl": (b"Prefix(:=<http://example.org/>)\nOntology()", "functional syntax"),
    "manchester.omn": (b"Prefix: : <http://example.org/>\n", "Manchester syntax"),
    "owlxml.owl": (b'<?xml version="1.0"?>\n<Ontology xmlns="http://www.w3.org/2002/07/owl#"/>', "is OWL/XML"),
    "wide.ttl": (TRIPLE.encode("utf-16"), "is UTF-16"),
    "latin.ttl": (
        b'<http://example.org/a> <http://example.org/p>\n "caf\xe9" .',
        "latin.ttl:2:6: byte 0xe9 is not UTF-8",
    ),
    "cut.ttl": (b"<http://example.org/a> <http://example.org/p> <http://exam", "cut.ttl:1:"),
    "typo.ttl": (b"@prefix ex: <http://example.org/> .\nex:a ex:b ; .\nex:c exx:d ex:e .", "typo.ttl:2:"),
    "xml.ttl": (XML.encode(), "is named Turtle and holds RDF/XML; rename it to .rdf"),
    "turtle.rdf": (TRIPLE.encode(), "not RDF/XML"),
    "json.ttl": (b'{"@id": "http://example.org/a"}', "is named Turtle and holds JSON-LD; rename it to .jsonld"),
    "cut.rdf": (XML[:150].encode(), "not RDF/XML"),
    "parameter.rdf": (b'<!DOCTYPE r [<!ENTITY % p "x">]>' + XML[21:].encode(), "holds other entities"),
    "apostrophe.rdf": (BOMB.replace('"aaa', "\"'aaa", 1).encode(), "expand to"),
    "doctypes.rdf": (b"<!DOCTYPE " * 20_000, "not RDF/XML"),
    "entities.rdf": (b"<!ENTITY " * 20_000, "not RDF/XML"),
    "quotes.jsonld": (b'{"' + b'\\"' * 40_000, "not JSON"),
    "terms.nt": (b"<a:a> <a:b> " + b"<<( <a:a> <a:b> " * 20_000 + b"<a:c>" + b" )>>" * 20_000 + b" .", "levels deep"),
    "prefix.ttl": (b"@prefix p: <http://e/" + b"a" * 20_000 + b"#> .\np:a p:b p:c .", "prefix.ttl:1: an IRI is longer"),
    "namespace.rdf": (
        XML.replace('http://example.org/"', "http://e/" + "a" * 20_000 + '#"', 1).encode(),
        "IRI is longer",
    ),
    "vocab.jsonld": (b'{"@context": {"@vocab": "http://e/' + b"a" * 20_000 + b'#"}, "p": 1}', "IRI is longer"),
    "tail.rdf": (XML[: -len("</rdf:RDF>")].encode(), "tail.rdf:1:"),
    "encoded.rdf": (
        XML.replace("?>", ' encoding="ISO-8859-1"?>').replace(">v<", ">\u00e9<").encode(),
        "declares the encoding",
    ),
    "external.rdf": (
        XML.replace("?><", '?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><').encode(),
        "external entity",
    ),
    "dtd.rdf": (XML.replace("?><", '?><!DOCTYPE r SYSTEM "http://example.org/r.dtd"><').encode(), "external entity"),
    "laughs.rdf": (LAUGHS.encode(), "holds other entities"),
    "bomb.rdf": (BOMB.encode(), "expand to"),
    "remote.jsonld": (
        b'{"@context": "https://schema.org/", "@id": "http://example.org/a", "name": "x"}',
        "nothing is fetched",
    ),
    "import.jsonld": (
        b'{"@context": {"@import": "https://schema.org/"}, "@id": "http://example.org/a"}',
        "nothing is fetched",
    ),
    "inner.jsonld": (
        b'{"@graph": [{"@context": ["file:///etc/passwd"], "@id": "http://example.org/a"}]}',
        "nothing is fetched",
    ),
    "deep.jsonld": (b'{"http://example.org/p":' * 4000 + b"1" + b"}" * 4000, "levels deep"),
    "cut.jsonld": (b'{"@id": "http://example.org/a", ', "not JSON"),
    "broken.jsonld": (b'{"@id": ["a", "b"], "http://example.org/p": 1}', "not JSON-LD"),
}
GOOD = {
    "a.ttl": TRIPLE.encode(),
    "a.ttl.gz": gzip.compress(TRIPLE.encode()),
    "A.NT.GZ": gzip.compress(TRIPLE.encode()),
    "packed.ttl": gzip.compress(TRIPLE.encode()),
    "members.nt.gz": gzip.compress(b"<http://example.org/a> <http://example.org/p> ")
    + gzip.compress(b"<http://example.org/b> .\n")
    + gzip.compress(b""),
    "padded.nt.gz": gzip.compress(TRIPLE.encode()) + b"\0" * 500,
    "a.rdf.gz": gzip.compress(XML.encode()),
    "bom.ttl": b"\xef\xbb\xbf" + TRIPLE.encode(),
    "a.nt": TRIPLE.encode(),
    "a.nq": TRIPLE.encode(),
    "a.trig": b"<http://example.org/g> { " + TRIPLE.encode() + b" }",
    "a.n3": TRIPLE.encode(),
    "a.rdf": XML.encode(),
    "a.owl": XML.encode(),
    "turtle.owl": TRIPLE.encode(),
    "entity.owl": XML.replace("?><", '?><!DOCTYPE rdf:RDF [<!ENTITY x "http://example.org/">]><').encode(),
    "a.jsonld": b'{"@id": "http://example.org/a", "http://example.org/p": "v"}',
    "a.json": b'[{"@id": "http://example.org/a", "http://example.org/p": "v"}]',
    "unknown.txt": TRIPLE.encode(),
    "deep.ttl": b"<http://example.org/a> <http://example.org/p> " + b"(" * 3000 + b")" * 3000 + b" .",
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("something tried to connect")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def write(folder, name, content):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_one_line_that_names_it_and_the_reason(name, tmp_path):
    content, reason = BAD[name]
    path = write(tmp_path, name, content)
    with pytest.raises(UnreadableFile) as problem:
        reading.parse(path)
    assert str(problem.value).startswith(f"{path}:")
    assert reason in str(problem.value)
    assert "\n" not in str(problem.value)
    assert len(str(problem.value)) < len(str(path)) + 250
    assert path.read_bytes() == content


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_of_each_syntax_is_read(name, tmp_path):
    path = write(tmp_path, name, GOOD[name])
    assert len(reading.parse(path)[2]) >= 1
    if not name.startswith("deep"):
        assert len(lems_onto.load(path)) == 1


@pytest.mark.parametrize("members", [1, 40])
def test_a_compressed_file_that_unpacks_to_too_much_is_refused_before_it_does(members, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED", 1_000_000)
    path = write(tmp_path, "bomb.nt.gz", gzip.compress(b" " * (40_000_000 // members)) * members)
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="unpacks to more than 1,000,000 bytes"):
        reading.parse(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_missing_file_a_folder_and_a_device_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.ttl")
    for path, reason in (
        (tmp_path / "none.ttl", "no such file"),
        (tmp_path, "is a folder"),
        ("/dev/zero", "is not a regular file"),
        (tmp_path / "pipe.ttl", "is not a regular file"),
        ("nul\0.ttl", "null byte"),
    ):
        with pytest.raises(UnreadableFile, match=reason):
            reading.parse(path)


def test_a_file_without_rights_is_refused(tmp_path):
    path = write(tmp_path, "secret.ttl", TRIPLE.encode())
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("this user may read every file")
    with pytest.raises(UnreadableFile, match="permission denied"):
        reading.parse(path)


def test_blank_nodes_of_two_files_stay_apart(tmp_path):
    paths = [
        write(tmp_path, name, b'_:same <http://example.org/p> "' + name[:1].encode() + b'" .')
        for name in ("a.nt", "b.nt")
    ]
    graph = lems_onto.load(*paths)
    assert len(set(graph.subjects())) == 2


def test_literals_keep_the_form_in_which_they_are_written(tmp_path):
    path = write(
        tmp_path,
        "a.ttl",
        b'<http://example.org/a> <http://example.org/p> 0.90 , "01"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    )
    assert {str(value) for value in lems_onto.load(path).objects()} == {"0.90", "01"}


def test_a_plain_literal_and_an_xsd_string_are_one_term(tmp_path):
    path = write(
        tmp_path,
        "a.ttl",
        b'<http://example.org/a> <http://example.org/p> "x" , "x"^^<http://www.w3.org/2001/XMLSchema#string> .',
    )
    assert list(lems_onto.load(path).objects()) == [rdflib.Literal("x")]


def test_a_triple_term_is_refused_in_a_clear_line(tmp_path):
    path = write(
        tmp_path,
        "a.ttl",
        b"<http://example.org/a> <http://example.org/p> <<( <http://example.org/a> <http://example.org/p> 1 )>> .",
    )
    with pytest.raises(UnreadableFile, match="reify"):
        lems_onto.load(path)


def test_terms_go_from_rdflib_to_pyoxigraph_and_back():
    for term in (
        rdflib.URIRef("http://example.org/a"),
        rdflib.Literal("x"),
        rdflib.Literal("x", lang="en"),
        rdflib.Literal("2016-12", datatype=rdflib.XSD.gYearMonth),
        rdflib.BNode("b1"),
    ):
        assert graphs.to_rdflib_term(terms.from_rdflib(term)) == term
    assert graphs.to_rdflib_term(None) is None


def test_the_prefixes_of_the_shipped_ontology_are_those_that_a_parser_reads():
    parser = ox.parse(path=lems_onto.resources.ontology_path(), format=ox.RdfFormat.TURTLE)
    for _ in parser:
        pass
    assert graphs.shipped()[1] == parser.prefixes
