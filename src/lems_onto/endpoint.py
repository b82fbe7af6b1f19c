"""Asks a SPARQL 1.1 endpoint: a graph that lives on a server, named by its address.

The protocol is https://www.w3.org/TR/sparql11-protocol/. Nothing is contacted
but the address that the user named: redirections are told and not followed.
"""

import re

from . import credentials, engines, forms, guards, pinning, querytext
from .errors import LemsError, shorten

TIMEOUT = 60
RETRIES = 3
MAX_URL = 2_000
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
_TRIPLES = "application/n-triples, text/turtle;q=0.8"
_SYNTAXES = {"application/n-triples": "N_TRIPLES", "text/turtle": "TURTLE", "text/plain": "N_TRIPLES"}


class EndpointFailed(LemsError):
    """An endpoint that cannot be reached, is too slow, or answers with something else than SPARQL results."""


class Endpoint:
    """An engine that sends queries to a SPARQL 1.1 endpoint.

    Args:
        url: the address of the query endpoint, http or https.
        graph: the IRI of the graph to ask there; the default graph when it is None.
        timeout: seconds after which a question is given up, retries included.
        retries: how often a request is repeated that the server was too busy
            for (429, 502, 503, 504) or that lost its connection.

    Raises:
        EndpointFailed: the address is none.
    """

    remote = True

    def __init__(self, url, graph=None, timeout=TIMEOUT, retries=RETRIES):
        from urllib3.exceptions import LocationParseError
        from urllib3.util import parse_url

        try:
            parts = parse_url(url)
        except LocationParseError as problem:
            raise EndpointFailed(
                f"{shorten(re.split(r'[?#]', url)[0])}: is no http address; name one such as http://localhost:7878/query"
            ) from problem
        if parts.scheme not in ("http", "https") or not parts.host:
            raise EndpointFailed(
                f"{shorten(re.split(r'[?#]', url)[0])}: is no http address; name one such as http://localhost:7878/query"
            )
        if parts.auth:
            raise EndpointFailed(
                f"{parts.scheme}://{parts.host}: the address holds a password, which others can see; "
                "set LEMS_ONTO_USER and LEMS_ONTO_PASSWORD instead"
            )
        if graph is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]+", graph):
            raise EndpointFailed(f"--graph {shorten(graph)}: is no IRI; name the graph by its full IRI")
        self.url = url.partition("#")[0]
        # An address may hold a key behind the question mark: messages leave it out.
        self.name = re.split(r"[?#]", url)[0]
        self.graph = graph
        self.timeout = timeout
        self.retries = retries

    def run(self, query, pins=None) -> engines.Result:
        """Answer a query; as `engines.Pyoxigraph.run`.

        Values are sent in VALUES clauses, written by pyoxigraph as terms.

        Raises:
            EndpointFailed: it cannot be reached, is too slow, or does not answer in SPARQL.
            BrokenQuery: it refuses the query.
            CannotPin: a column of it cannot be pinned.
        """
        text = pinning.with_values(query, pins) if pins else query.text
        makes_triples = query.form in ("CONSTRUCT", "DESCRIBE") and not pins
        return _in_time(self, lambda: self._answer(query, text, makes_triples))

    def _answer(self, query, text, makes_triples):
        status, headers, body = self._request(text, _TRIPLES if makes_triples else _ROWS)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if status != 200:
            raise self._refused(query, status, headers, kind, body)
        if makes_triples:
            return self._triples(query, kind, body)
        return self._rows(query, kind, headers, body)

    def _request(self, text, accept):
        import urllib3

        address, fields = self.url, {"query": text}
        if self.graph:
            fields["default-graph-uri"] = self.graph
        from urllib.parse import urlencode

        encoded = urlencode(fields)
        joint = "&" if "?" in address else "?"
        short = len(address) + len(encoded) < MAX_URL
        headers = {"Accept": accept, "User-Agent": "lems-onto", **credentials.headers()}
        if not short:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        retry = urllib3.Retry(
            total=self.retries, redirect=False, backoff_factor=0.2, backoff_jitter=0.1,
            status_forcelist=(429, 502, 503, 504), allowed_methods=None, raise_on_status=False,
        )  # fmt: skip
        with urllib3.PoolManager(retries=retry, timeout=urllib3.Timeout(self.timeout)) as pool:
            response = pool.request(
                "GET" if short else "POST",
                f"{address}{joint}{encoded}" if short else address,
                body=None if short else encoded,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            try:
                return response.status, response.headers, self._body(response)
            finally:
                response.close()

    def _body(self, response):
        import time

        until, parts, size = time.monotonic() + self.timeout, [], 0
        for part in response.stream(65_536):
            parts.append(part)
            size += len(part)
            if response.status != 200 and size > 65_536:
                break
            if size > engines.MAX_ANSWER:
                most = engines.MAX_ANSWER_SAID
                raise EndpointFailed(f"{self.name}: the answer is larger than {most}; narrow it with --where")
            if time.monotonic() > until:
                # Nobody waits any more: see `_in_time`.
                raise TimeoutError
        return b"".join(parts)

    def _refused(self, query, status, headers, kind, body):
        # Virtuoso repeats the query behind its message.
        said = body.decode("utf-8", "replace").partition("SPARQL query:")[0] if kind != "text/html" else ""
        said = shorten(" ".join(said.split()), 160)
        where = f"{self.name}: answers {status}"
        if 300 <= status < 400:
            return EndpointFailed(
                f"{where}: redirects to {shorten(headers.get('location', 'nowhere'), 160)}; name that address"
            )
        if status in (401, 403, 407):
            return EndpointFailed(
                f"{where}: asks for credentials; set LEMS_ONTO_USER and LEMS_ONTO_PASSWORD, or LEMS_ONTO_TOKEN"
            )
        if status in (404, 405):
            return EndpointFailed(f"{where}: is not a query endpoint; look the address up in the manual of the server")
        if status == 400 or (status == 500 and re.search(r"syntax|SPARQL compiler|parse", said, re.IGNORECASE)):
            return querytext.BrokenQuery(f"{query.where}: {where}: {said or 'bad request'}")
        return EndpointFailed(f"{where}{': ' + said if said else ''}; try again later or ask its keeper")

    def _rows(self, query, kind, headers, body):
        if not kind.endswith(("results+json", "results+xml", "/json")):
            raise self._foreign(kind)
        try:
            found = forms.parse(body, "xml" if kind.endswith("xml") else "json")
        except (SyntaxError, ValueError, OSError) as problem:
            raise self._garbled(problem) from problem.with_traceback(None)
        if isinstance(found, bool):
            if query.form != "ASK":
                raise EndpointFailed(
                    f"{self.name}: answers yes or no to a {query.form}; name the query endpoint itself"
                )
            return engines.Result(query.form, (), [()] if found else [])
        columns, rows = found
        if len(rows) * max(1, len(columns)) > engines.MAX_CELLS:
            raise EndpointFailed(
                f"{self.name}: answers with more than {engines.MAX_CELLS:,} cells; narrow it with --where"
            )
        most = headers.get("x-sparql-maxrows", "")
        if most.isascii() and most.isdecimal() and len(rows) >= int(most):
            raise EndpointFailed(
                f"{self.name}: cuts answers after {most} rows; narrow it with --where, or raise its limit"
            )
        if query.form == "ASK":
            # Virtuoso answers ASK with one row that holds 1 or 0.
            return engines.Result(
                query.form, (), [()] if rows and str(getattr(rows[0][0], "value", "")) in ("1", "true") else []
            )
        kept = query.columns or columns
        if not set(kept) <= set(columns) and query.form == "SELECT":
            raise EndpointFailed(
                f"{self.name}: answers with the columns {', '.join(columns)} and not {', '.join(kept)}"
            )
        if query.form == "CONSTRUCT":
            kept = query.template()
        at = [columns.index(name) for name in kept]
        return engines.selected(query, tuple(kept), (tuple(row[i] for i in at) for row in rows))

    def _triples(self, query, kind, body):
        import pyoxigraph as ox

        if kind not in _SYNTAXES:
            raise self._foreign(kind)
        try:
            text = body.decode("utf-8")
            guards.guard(self.name, text, "Turtle")
            found = ox.parse(text, format=getattr(ox.RdfFormat, _SYNTAXES[kind]))
            return engines.triples(query, [(quad.subject, quad.predicate, quad.object) for quad in found])
        except (SyntaxError, ValueError) as problem:
            raise self._garbled(problem) from problem.with_traceback(None)

    def _garbled(self, problem):
        return EndpointFailed(f"{self.name}: the answer breaks off or is garbled: {shorten(str(problem), 120)}")

    def _foreign(self, kind):
        what = shorten(kind) or "no content type"
        return EndpointFailed(
            f"{self.name}: answers with {what}, not with SPARQL results; name the query endpoint itself"
        )


def _in_time(endpoint, deed):
    """What `deed` returns, or an error when it takes longer than the endpoint may.

    The limits of urllib3 hold for each step of a request; a server that sends
    one byte a minute keeps within them all. So the deed runs in a thread, and
    is left alone when its time is up.
    """
    import threading

    import urllib3

    done = []

    def work():
        try:
            done.append((deed(), None))
        except Exception as problem:
            done.append((None, problem))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(endpoint.timeout)
    late = EndpointFailed(
        f"{endpoint.name}: gave no answer within {endpoint.timeout:g} s; ask less, or raise --timeout"
    )
    if not done:
        raise late
    value, problem = done[0]
    if problem is None:
        return value
    if not isinstance(problem, (urllib3.exceptions.HTTPError, OSError, ValueError)):
        raise problem
    reason = getattr(problem, "reason", None) or problem
    refused = isinstance(reason, urllib3.exceptions.NewConnectionError)
    if isinstance(reason, (urllib3.exceptions.TimeoutError, TimeoutError)) and not refused:
        raise late from problem
    what = re.sub(r"^<.*?>: |^.*?\): ", "", str(reason))
    raise EndpointFailed(f"{endpoint.name}: cannot be reached: {shorten(what, 140)}; is the server up?") from problem
