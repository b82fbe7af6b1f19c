"""Endpoints: two real servers answer as they should; one made to misbehave ends in one clear line, in time."""

import base64
import contextlib
import http.server
import json
import re
import socket
import threading
import time

import pytest

import lems_onto
from lems_onto import querytext

ONE = {"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "uri", "value": "urn:x"}}]}}
QUERY = "SELECT ?s WHERE { ?s ?p ?o }"


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the test says, and keeps what it was asked."""

    def handle_request(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(length).decode()))
        with contextlib.suppress(OSError):
            self.server.answer(self)

    do_GET = do_POST = handle_request  # noqa: N815, the names that http.server looks for

    def log_message(self, *_):
        pass

    def reply(self, status=200, body=b"", kind="application/sparql-results+json", **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def server():
    """A function that starts a server with the given way of answering, and gives its address and what it was asked."""
    started = []

    def start(answer):
        made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        made.daemon_threads, made.asked, made.answer = True, [], answer
        threading.Thread(target=made.serve_forever, args=(0.05,), daemon=True).start()
        started.append(made)
        return f"http://127.0.0.1:{made.server_port}/sparql", made.asked

    yield start
    for made in started:
        made.shutdown()
        made.server_close()


def ask(url, text=QUERY, **options):
    return lems_onto.Endpoint(url, **{"timeout": 10, **options}).run(querytext.read(text))


def good(handler):
    handler.reply(body=json.dumps(ONE).encode())


def drip(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.1)


def drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(90):
        handler.wfile.write(f"X-{number}: x\r\n".encode())
        time.sleep(0.1)


def endless(handler):
    handler.send_response(200)
    handler.send_header("Content-Type", "application/sparql-results+json")
    handler.end_headers()
    while True:
        handler.wfile.write(b" " * 1_000_000)


DEEP = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":' + b'{"type":"triple","value":{"subject":' * 5000
BAD = {
    "a redirection": (lambda h: h.reply(302, Location="http://example.org/other"), "302: redirects to http://example.org/other"),
    "a web page": (lambda h: h.reply(body=b"<html>", kind="text/html; charset=x"), "text/html, not with SPARQL"),
    "no content type": (lambda h: h.reply(body=b"x", kind=""), "answers with no content type"),
    "garbage": (lambda h: h.reply(body=b"\xff\xfe{"), "breaks off or is garbled"),
    "an empty answer": (lambda h: h.reply(), "breaks off or is garbled"),
    "half an answer": (lambda h: h.reply(body=json.dumps(ONE).encode()[:-9]), "breaks off or is garbled"),
    "deep brackets": (lambda h: h.reply(body=b"[" * 300_000), "breaks off or is garbled"),
    "deep triple terms": (lambda h: h.reply(body=DEEP), "levels deep"),
    "an IRI that is none": (lambda h: h.reply(body=json.dumps(ONE).replace("urn:x", "a b>").encode()), "garbled"),
    "other columns": (lambda h: h.reply(body=json.dumps(ONE).replace('"s"', '"t"').encode()), "columns t and not s"),
    "not found": (lambda h: h.reply(404), "answers 404: is not a query endpoint"),
    "not allowed": (lambda h: h.reply(401), "answers 401: asks for credentials; set LEMS_ONTO_USER"),
    "a refused query": (lambda h: h.reply(400, b"Parse error:\n line 1", "text/plain"), "400: Parse error: line 1"),
    "broken for long": (lambda h: h.reply(503), "answers 503"),
    "broken": (lambda h: h.reply(500, b"\x1b[31mout of memory", "text/plain"), "answers 500: \\x1b[31mout of memory"),
    "a cut answer": (lambda h: h.reply(body=json.dumps(ONE).encode(), X_SPARQL_MaxRows="1"), "cuts answers after 1"),
}  # fmt: skip


@pytest.mark.parametrize("way", BAD)
def test_a_server_that_misbehaves_is_told_in_one_line(way, server):
    answer, part = BAD[way]
    url, _ = server(answer)
    with pytest.raises(lems_onto.LemsError) as caught:
        ask(url, retries=1)
    assert part in str(caught.value)
    assert str(caught.value).isprintable()
    assert url in str(caught.value)


@pytest.mark.parametrize("way", [drip, drip_headers, lambda handler: time.sleep(30)])
def test_a_server_that_is_slow_in_any_way_is_given_up_in_time(way, server):
    url, _ = server(way)
    start = time.monotonic()
    with pytest.raises(lems_onto.EndpointFailed, match=r"no answer within 1 s; ask less, or raise --timeout"):
        ask(url, timeout=1)
    assert time.monotonic() - start < 8


def test_a_server_that_never_stops_sending_is_given_up(server, monkeypatch):
    from lems_onto import engines

    monkeypatch.setattr(engines, "MAX_ANSWER", 20_000_000)
    url, _ = server(endless)
    with pytest.raises(lems_onto.EndpointFailed, match="the answer is larger than"):
        ask(url, timeout=60)


def test_an_endpoint_that_is_down_or_none_is_told_in_one_line(command):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/sparql"
    for address, part in (
        (url, "cannot be reached"),
        ("http://nowhere.invalid/sparql", "cannot be reached"),
        ("ftp://127.0.0.1/x", "is no http address"),
        ("localhost:7878", "is no http address"),
        ("http://[", "is no http address"),
        ("http://user:secret@127.0.0.1/x", "set LEMS_ONTO_USER and LEMS_ONTO_PASSWORD instead"),
    ):
        done = command("ask", "symptoms", "--endpoint", address, "--timeout", "5")
        assert done.returncode == 2
        assert re.fullmatch(r"lems-onto: .+\n", done.stderr), done.stderr
        assert part in done.stderr, done.stderr
        assert "secret" not in done.stderr


def test_a_short_query_is_sent_by_get_and_a_long_one_by_post(server):
    url, asked = server(good)
    ask(url + "?key=1", graph="urn:g")
    ask(url, QUERY + " #" + "x" * 3000, graph="urn:g")
    (get, path, headers, body), (post, longer, _, form) = asked
    assert (get, body, post, longer) == ("GET", "", "POST", "/sparql")
    assert path.startswith("/sparql?key=1&query=SELECT")
    assert "default-graph-uri=urn%3Ag" in path
    assert form.startswith("query=SELECT+%3Fs")
    assert "default-graph-uri=urn%3Ag" in form
    assert headers["Accept"].startswith("application/sparql-results+json")


def test_a_server_that_is_busy_is_asked_again(server):
    times = iter([503, 429, 200])
    url, asked = server(lambda h: good(h) if (status := next(times)) == 200 else h.reply(status))
    assert len(ask(url).rows) == 1
    assert len(asked) == 3


def test_credentials_come_from_the_environment_and_go_to_the_named_address_alone(server, monkeypatch):
    url, asked = server(good)
    ask(url)
    monkeypatch.setenv("LEMS_ONTO_USER", "me")
    monkeypatch.setenv("LEMS_ONTO_PASSWORD", "sécret:1")
    ask(url)
    monkeypatch.setenv("LEMS_ONTO_TOKEN", "t0ken")
    ask(url)
    sent = [headers.get("Authorization") for _, _, headers, _ in asked]
    assert sent == [None, "Basic " + base64.b64encode("me:sécret:1".encode()).decode(), "Bearer t0ken"]
    away, others = server(lambda h: h.reply(302, Location=url))
    with pytest.raises(lems_onto.EndpointFailed):
        ask(away)
    assert len(others) == 1
    assert len(asked) == 3


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_a_real_server_answers_every_form_and_refuses_what_is_wrong(name, request):
    found = request.getfixturevalue(name)
    engine = lems_onto.Endpoint(*((found,) if name == "oxigraph" else found))
    claims = "?claim a <https://w3id.org/lems-onto/PhenotypeClaim>"
    assert lems_onto.sparql(f"ASK {{ {claims} }}", endpoint=engine).solutions == [()]
    assert lems_onto.sparql("ASK { ?s <urn:none> ?o }", endpoint=engine).solutions == []
    made = lems_onto.sparql(f"CONSTRUCT {{ ?claim a lems:Claim }} WHERE {{ {claims} }}", endpoint=engine)
    assert len(made.solutions) == len(
        lems_onto.sparql(f"SELECT ?claim WHERE {{ {claims} }}", endpoint=engine).solutions
    )
    assert {str(row["object"]) for row in made.rows} == {"https://w3id.org/lems-onto/Claim"}
    # A query of one's own is checked here before it is sent, so that this one is sent by hand.
    with pytest.raises(lems_onto.BrokenQuery, match=r"the query: http.*answers"):
        engine.run(querytext.read("SELECT ?s WHERE { ?s ?p ?o FILTER (nonsense(?s)) }"))
    blank = lems_onto.sparql("SELECT ?b WHERE { ?b a owl:Axiom }", endpoint=engine)
    assert len(blank.solutions) == len(lems_onto.sparql("SELECT ?b WHERE { ?b a owl:Axiom }").solutions) > 5


@pytest.mark.parametrize("name", ["oxigraph", "virtuoso"])
def test_the_command_asks_a_real_server_by_label(name, request, command):
    found = request.getfixturevalue(name)
    where = ["--endpoint", found] if name == "oxigraph" else ["--endpoint", found[0], "--graph", found[1]]
    done = command("ask", "symptoms", "--where", "symptom=double vision", "--where", "symptom=gagging", *where)
    assert done.returncode == 0, done.stderr
    assert (
        done.stdout
        == command("ask", "symptoms", "--where", "symptom=double vision", "--where", "symptom=gagging").stdout
    )
    done = command("ask", "symptoms", "--where", "symptom=duble vision", *where)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean 'double vision'" in done.stderr
    done = command("ask", "direct-edges", "--where", "object=double vision", *where)
    assert "Diplopia HP:0000651" in done.stdout


def test_an_empty_graph_of_a_server_says_which_terms_occur_nowhere(virtuoso, command):
    done = command("ask", "unknowns", "--endpoint", virtuoso[0], "--graph", "urn:empty")
    assert done.returncode == 1
    assert "occur nowhere in the data" in done.stderr
    assert "lems:UnknownClaim" in done.stderr
