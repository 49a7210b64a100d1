"""Bytes that are not quite HTTP, and HTTP that is seldom seen, over a bare socket."""
import json
import socket

import pytest

from requests.structures import CaseInsensitiveDict


class Line:
    """A connection, and a reader of the replies on it."""

    def __init__(self, server):
        self.server = server
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=40)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough; what it said is still to be read
        return self

    def more(self):
        try:
            piece = self.socket.recv(65536)
        except ConnectionResetError:
            piece = b""
        self.buffer += piece
        return bool(piece)

    def reply(self, method="GET", path=None):
        """(status, headers, body) of the next reply, checked if a path is given; None at the
        end of the connection."""
        while b"\r\n\r\n" not in self.buffer:
            if not self.more():
                assert not self.buffer, self.buffer
                return None
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        version, status = lines[0].split(" ")[:2]
        assert version == "HTTP/1.1"
        headers = CaseInsensitiveDict(line.split(": ", 1) for line in lines[1:])
        status = int(status)
        if status == 100:
            return status, headers, b""
        length = int(headers.get("Content-Length", 0))
        if method == "HEAD" or status in (204, 304):
            length = 0
        while len(self.buffer) < length:
            assert self.more(), "the reply is cut off"
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        if path:
            self.server.contract.check(method, path, status, headers, body)
        return status, headers, body

    def is_closed(self):
        return self.reply() is None


def get(path="/healthz", *headers, version="1.1", method="GET"):
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *headers, "", ""]
    return "\r\n".join(lines).encode("latin-1")


def post(body, *headers, path="/v1/sessions"):
    return get(path, "Content-Type: application/json", *headers, method="POST") + body


SIGN_IN = json.dumps({"union": "630102", "name": "x", "staff_number": "none"}).encode()

# name -> (bytes, the path if it can be told, status, codes)
BAD = {
    "no HTTP at all": (b"hello\r\n\r\n", None, 501, ["method_unknown"]),
    "binary": (bytes(range(256)), None, 400, ["bad_http"]),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 64, None, 400, ["bad_http"]),
    "an unknown method": (get(method="BREW"), "/healthz", 501, ["method_unknown"]),
    "a small method": (get(method="get"), "/healthz", 501, ["method_unknown", "bad_http"]),
    "CONNECT": (b"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", None, 501,
                ["method_unknown"]),
    "TRACE": (get(method="TRACE"), "/healthz", 405, ["method_not_allowed"]),
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", None, 505, ["http_version"]),
    "HTTP/1.2": (get(version="1.2"), "/healthz", 505, ["http_version"]),
    "HTTP/2.0 as text": (get(version="2.0"), "/healthz", 505, ["http_version"]),
    "HTTP/0.9": (b"GET /healthz\r\n\r\n", None, 505, ["http_version", "bad_http"]),
    "no version": (b"GET /healthz HTTP\r\n\r\n", None, 400, ["bad_http", "http_version"]),
    "no Host": (b"GET /healthz HTTP/1.1\r\n\r\n", "/healthz", 400, ["bad_host"]),
    "an empty Host in HTTP/1.1": (b"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", "/healthz", 400,
                                  ["bad_host"]),
    "two Hosts": (get("/healthz", "Host: other"), "/healthz", 400, ["bad_http", "bad_host"]),
    "a header without colon": (get("/healthz", "Nonsense"), "/healthz", 400, ["bad_http"]),
    "a space before the colon": (get("/healthz", "X-Y : z"), "/healthz", 400, ["bad_http"]),
    "an empty name": (get("/healthz", ": z"), "/healthz", 400, ["bad_http"]),
    "a folded header": (get("/healthz", "X-Y: a", " b"), "/healthz", 400, ["bad_http"]),
    "NUL in a header": (get("/healthz", "X-Y: a\0b"), "/healthz", 400, ["bad_http"]),
    "a lone CR in a header": (get("/healthz", "X-Y: a\rb"), "/healthz", 400, ["bad_http"]),
    "lines that end in LF": (b"GET /healthz HTTP/1.1\nHost: x\n\n", "/healthz", 400,
                             ["bad_http"]),
    "an absolute target": (get("http://localhost/healthz"), None, 400, ["bad_target"]),
    "a star": (get("*", method="OPTIONS"), None, 400, ["bad_target", "bad_http"]),
    "no slash": (get("healthz"), None, 400, ["bad_target", "bad_http"]),
    "a fragment": (get("/healthz#x"), None, 400, ["bad_target", "bad_http"]),
    "a space in the target": (get("/heal thz"), None, 400, ["bad_http", "http_version"]),
    "a bad escape": (get("/v1/unions/%zz"), "/v1/unions/%zz", 400, ["bad_target"]),
    "a cut escape": (get("/v1/unions/%4"), "/v1/unions/%4", 400, ["bad_target"]),
    "an escaped NUL": (get("/v1/unions/a%00b"), "/v1/unions/a%00b", 400, ["bad_target"]),
    "an escaped newline": (get("/v1/unions/a%0ab"), "/v1/unions/a%0ab", 400, ["bad_target"]),
    "escaped bad UTF-8": (get("/v1/unions/%ff"), "/v1/unions/%ff", 400, ["bad_target"]),
    "a negative length": (post(b"{}", "Content-Length: -2"), "/v1/sessions", 400, ["bad_http"]),
    "a length that is no number": (post(b"{}", "Content-Length: two"), "/v1/sessions", 400,
                                   ["bad_http"]),
    "a signed length": (post(b"{}", "Content-Length: +2"), "/v1/sessions", 400, ["bad_http"]),
    "a length with a comma": (post(b"{}", "Content-Length: 2, 2"), "/v1/sessions", 400,
                              ["bad_http"]),
    "two lengths": (post(b"{}", "Content-Length: 2", "Content-Length: 3"), "/v1/sessions", 400,
                    ["bad_http"]),
    "a length beyond 64 bits": (post(b"{}", "Content-Length: 99999999999999999999999"),
                                "/v1/sessions", 400, ["bad_http"]),
    "a length over the limit": (post(b"", "Content-Length: 65537"), "/v1/sessions", 413,
                                ["body_too_large"]),
    "a huge length": (post(b"", "Content-Length: 9000000000000000000"), "/v1/sessions", 413,
                      ["body_too_large"]),
    "length and chunks": (post(b"0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"),
                          "/v1/sessions", 400, ["bad_http"]),
    "an unknown coding": (post(b"{}", "Transfer-Encoding: gzip"), "/v1/sessions", 400,
                          ["bad_http"]),
    "two codings": (post(b"0\r\n\r\n", "Transfer-Encoding: gzip, chunked"), "/v1/sessions", 400,
                    ["bad_http"]),
    "chunked twice": (post(b"0\r\n\r\n", "Transfer-Encoding: chunked, chunked"), "/v1/sessions",
                      400, ["bad_http"]),
    "chunks in HTTP/1.0": (b"POST /v1/sessions HTTP/1.0\r\nContent-Type: application/json\r\n"
                           b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                           "/v1/sessions", 400, ["bad_http"]),
    "a chunk size that is no number": (post(b"zz\r\n{}\r\n0\r\n\r\n",
                                            "Transfer-Encoding: chunked"),
                                       "/v1/sessions", 400, ["bad_http"]),
    "a chunk size beyond 64 bits": (post(b"fffffffffffffffff\r\n", "Transfer-Encoding: chunked"),
                                    "/v1/sessions", 400, ["bad_http"]),
    "a chunk longer than it says": (post(b"1\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked"),
                                    "/v1/sessions", 400, ["bad_http"]),
    "chunks over the limit": (post(b"4000\r\n" + b" " * 0x4000 + b"\r\n"
                                   + b"c001\r\n" + b" " * 0xc001 + b"\r\n0\r\n\r\n",
                                   "Transfer-Encoding: chunked"),
                              "/v1/sessions", 413, ["body_too_large"]),
    "an endless chunk extension": (post(b"1;" + b"x" * 200000, "Transfer-Encoding: chunked"),
                                   "/v1/sessions", 413, ["body_too_large"]),
    "a long target": (get("/healthz?" + "x" * 20000), "/healthz", 431, ["headers_too_large"]),
    "a long header": (get("/healthz", "X-Y: " + "y" * 20000), "/healthz", 431,
                      ["headers_too_large"]),
    "an endless header": (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Y: " + b"y" * 100000,
                          "/healthz", 431, ["headers_too_large"]),
    "headers of 17 KiB": (get("/healthz", *[f"X-{i}: {'y' * 300}" for i in range(60)]),
                          "/healthz", 431, ["headers_too_large"]),
    "too many headers": (get("/healthz", *[f"X-{i}: y" for i in range(150)]), "/healthz", 431,
                         ["headers_too_many"]),
    "leaving the folder": (get("/docs/../openapi.yaml"), None, 400, ["bad_target"]),
    "leaving the folder in disguise": (get("/docs/%2e%2e/openapi.yaml"), None, 400,
                                       ["bad_target"]),
    "a slash in disguise": (get("/docs/..%2fopenapi.yaml"), None, 400, ["bad_target"]),
    "two slashes": (get("//healthz"), None, 400, ["bad_target"]),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_right_is_told_and_the_server_lives(world, anybody, name):
    data, path, status, codes = BAD[name]
    with Line(world.server) as line:
        reply = line.send(data).reply(data.split(b" ")[0].decode("latin-1"), path)
        assert reply, "the connection ended without a reply"
        found, headers, body = reply
        problem = json.loads(body)
        assert (found, problem["code"]) in [(status, code) for code in codes], problem
        assert headers["Content-Type"] == "application/problem+json"
        world.contract.validate(problem, world.contract.document["components"]["schemas"][
            "Problem"], name)
        assert problem["status"] == found and problem["request_id"] == headers["X-Request-Id"]
    anybody.get("/healthz").ok()


@pytest.mark.parametrize("name", [name for name, case in BAD.items()
                                  if case[3][0] in ("bad_http", "headers_too_large")])
def test_after_what_cannot_be_parsed_the_connection_ends(world, name):
    with Line(world.server) as line:
        _, headers, _ = line.send(BAD[name][0]).reply()
        assert headers.get("Connection") == "close"
        assert line.is_closed()


def test_a_problem_of_http_speaks_english_when_asked(world):
    with Line(world.server) as line:
        line.send(get("/nowhere", "Accept-Language: en"))
        status, headers, body = line.reply("GET", "/nowhere")
        assert status == 404 and json.loads(body)["title"] == "Not found"
        assert headers["Content-Language"] == "en"


def test_requests_sent_at_once_are_answered_in_order(world):
    paths = ["/healthz", "/v1/unions/630102", "/nowhere", "/v1/unions/999999", "/healthz"]
    with Line(world.server) as line:
        line.send(b"".join(get(path) for path in paths))
        assert [line.reply("GET", path)[0] for path in paths] == [200, 200, 404, 404, 200]


def test_a_request_in_single_bytes_is_answered(world):
    with Line(world.server) as line:
        data = post(SIGN_IN, f"Content-Length: {len(SIGN_IN)}")
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for i in range(len(data)):
            line.send(data[i:i + 1])
        assert line.reply("POST", "/v1/sessions")[0] == 401


def test_a_body_in_chunks_is_read(world):
    pieces = [SIGN_IN[i:i + 7] for i in range(0, len(SIGN_IN), 7)]
    body = b"".join(b"%x;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    with Line(world.server) as line:
        line.send(post(body + b"0\r\nTrailer: x\r\n\r\n", "Transfer-Encoding: chunked"))
        assert line.reply("POST", "/v1/sessions")[0] == 401
        line.send(get())
        assert line.reply("GET", "/healthz")[0] == 200


def test_a_body_that_is_promised_is_asked_for(world):
    with Line(world.server) as line:
        line.send(post(b"", f"Content-Length: {len(SIGN_IN)}", "Expect: 100-continue"))
        assert line.reply()[0] == 100
        line.send(SIGN_IN)
        assert line.reply("POST", "/v1/sessions")[0] == 401


def test_a_body_that_is_too_large_is_not_asked_for(world):
    with Line(world.server) as line:
        line.send(post(b"", "Content-Length: 70000", "Expect: 100-continue"))
        assert line.reply("POST", "/v1/sessions")[0] == 413


@pytest.mark.parametrize("path", ["/healthz", "/v1/unions", "/openapi.yaml", "/nowhere",
                                  "/v1/campaigns/open/boards/people"])
def test_head_tells_what_get_would_without_a_body(world, path):
    with Line(world.server) as line:
        line.send(get(path))
        status, headers, body = line.reply("GET", path)
        line.send(get(path, method="HEAD"))
        asked, told, nothing = line.reply("HEAD", path)
        assert (asked, told["Content-Length"]) == (status, headers["Content-Length"])
        assert told["Content-Type"] == headers["Content-Type"] and nothing == b""
        line.send(get())
        assert line.reply("GET", "/healthz")[0] == 200


def test_a_connection_closes_when_asked_to(world):
    with Line(world.server) as line:
        _, headers, _ = line.send(get("/healthz", "Connection: close")).reply("GET", "/healthz")
        assert headers["Connection"] == "close" and line.is_closed()
    with Line(world.server) as line:
        line.send(b"GET /healthz HTTP/1.0\r\n\r\n")
        assert line.reply("GET", "/healthz")[0] == 200 and line.is_closed()
    with Line(world.server) as line:
        line.send(b"GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        assert line.reply("GET", "/healthz")[1]["Connection"].lower() == "keep-alive"
        line.send(get())
        assert line.reply("GET", "/healthz")[0] == 200


def test_after_a_problem_the_connection_goes_on(world):
    with Line(world.server) as line:
        for body, code in [(b"{", "bad_json"), (b"[]", "body_missing"), (b"{}", "field_missing")]:
            line.send(post(body, f"Content-Length: {len(body)}"))
            status, _, document = line.reply("POST", "/v1/sessions")
            assert (status, json.loads(document)["code"]) == (400, code)
        line.send(get())
        assert line.reply("GET", "/healthz")[0] == 200


def test_the_methods_of_an_address_are_told(anybody):
    for method, path, allowed in [("PUT", "/healthz", {"GET", "HEAD"}),
                                  ("GET", "/v1/sessions", {"DELETE", "POST"}),
                                  ("DELETE", "/v1/me", {"GET", "HEAD", "PATCH", "PUT"}),
                                  ("PATCH", "/v1/campaigns/open/attempts",
                                   {"GET", "HEAD", "POST"}),
                                  ("OPTIONS", "/v1/unions", {"GET", "HEAD"})]:
        reply = anybody.ask(method, path)
        reply.problem(405, "method_not_allowed")
        assert set(reply.headers["Allow"].replace(" ", "").split(",")) == allowed


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/", "/v1/union", "/v1/unions/630102/x",
                                  "/healthz/", "/V1/unions", "/v1/campaigns/open/boards",
                                  "/docs/nothing.js", "/openapi.json"])
def test_where_nothing_is_nothing_is_found(anybody, path):
    anybody.ask("GET", path).problem(404, "not_found")


def test_a_head_that_does_not_come_to_an_end_is_cut_off(world):
    with Line(world.server) as line:
        line.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        status, _, body = line.reply()
        assert (status, json.loads(body)["code"]) == (408, "too_slow")
        assert line.is_closed()


def test_a_quiet_connection_is_not_answered_before_it_asks(world):
    with Line(world.server) as line:
        line.socket.settimeout(0.3)
        with pytest.raises(socket.timeout):
            line.socket.recv(1)
        line.socket.settimeout(20)
        line.send(get())
        assert line.reply("GET", "/healthz")[0] == 200


def test_many_connections_are_served(world):
    lines = [Line(world.server) for _ in range(400)]
    try:
        for line in lines:
            line.send(get("/v1/campaigns/open"))
        assert {line.reply("GET", "/v1/campaigns/open")[0] for line in lines} == {200}
    finally:
        for line in lines:
            line.socket.close()


def test_metrics_are_in_prometheus_text(anybody):
    reply = anybody.get("/metrics")
    text = reply.ok()
    assert reply.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for line in text.splitlines():
        assert line.startswith("#") or len(line.rsplit(" ", 1)) == 2
        if not line.startswith("#"):
            float(line.rsplit(" ", 1)[1])
    assert "jingda_up 1" in text


def test_a_request_id_is_never_given_twice(world):
    clients = [world.anybody() for _ in range(5)]
    ids = [client.get("/healthz").headers["X-Request-Id"] for client in clients for _ in range(20)]
    assert len(set(ids)) == 100
