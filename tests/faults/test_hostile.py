"""Clients that mean harm, or are merely broken: the right status or a closed connection, never
a hang, never two replies to what is one request; and those who mean well notice nothing.

What one bad request is told, tests/api/test_http.py asks for in detail."""
import json
import pathlib
import resource
import select
import socket
import struct
import subprocess
import sys
import threading
import time

import pytest
import requests

from server import wait_until
from stage import IS_LONG, resident_bytes

HERE = pathlib.Path(__file__).resolve().parent
MIB = 1 << 20
SIGN_IN = json.dumps({"union": "630102", "name": "x", "staff_number": "none"}).encode()
SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def stage(make_stage):
    made = make_stage(1)
    made.server
    return made


def dial(stage, seconds=20):
    return socket.create_connection(("127.0.0.1", stage.server.port), timeout=seconds)


def talk(stage, data, half_close=False):
    """Everything the server says until it closes; the bytes are sent as far as it listens."""
    with dial(stage) as sock:
        try:
            sock.sendall(data)
            if half_close:
                sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        heard = b""
        try:
            while piece := sock.recv(65536):
                heard += piece
        except ConnectionResetError:
            pass
        return heard


def statuses(heard):
    """Of each reply, its body left out by its length."""
    found = []
    while heard:
        head, _, heard = heard.partition(b"\r\n\r\n")
        lines = head.split(b"\r\n")
        assert lines[0].startswith(b"HTTP/1.1 "), heard[:200]
        found.append(int(lines[0].split()[1]))
        length = [int(line.split(b":")[1]) for line in lines[1:]
                  if line.lower().startswith(b"content-length:")]
        heard = heard[length[0] if length else 0:]
    return found


class Bystander:
    """Somebody who plays meanwhile, over a connection of his own."""

    def __init__(self, stage):
        self.person, self.latencies, self.is_over = stage.player("sum"), [], False
        self.trouble, self.n_shed = None, 0
        self.thread = threading.Thread(target=self.live)

    def ask(self, ask):
        """Also a bystander may be told to come again, when the machine is busy; it counts as
        waiting."""
        while (reply := ask()).status == 503:
            assert int(reply.headers["Retry-After"]) > 0
            self.n_shed += 1
            time.sleep(0.05)
        assert reply.status in (200, 201), reply
        return reply.body

    def play(self):
        attempt = self.ask(lambda: self.person.post("/v1/campaigns/sum/attempts"))
        self.ask(lambda: self.person.hand_in(attempt, []))

    def live(self):
        try:
            while not self.is_over:
                for act in (self.play,
                            lambda: self.ask(lambda: self.person.get(
                                "/v1/campaigns/sum/standing")),
                            lambda: self.ask(lambda: self.person.get(
                                "/v1/campaigns/sum/boards/people"))):
                    began = time.monotonic()
                    act()
                    self.latencies.append(time.monotonic() - began)
                time.sleep(0.02)
        except BaseException as error:  # pylint: disable=broad-except
            self.trouble = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, kind, *why):
        end = time.monotonic() + 10
        while kind is None and len(self.latencies) < 30 and time.monotonic() < end:
            time.sleep(0.02)
        self.is_over = True
        self.thread.join()
        if kind is None:
            assert self.trouble is None, self.trouble
            self.latencies.sort()
            p99 = self.latencies[int(len(self.latencies) * 0.99)]
            print(f"a bystander's {len(self.latencies)} acts: p99 {p99 * 1000:.0f} ms, "
                  f"{self.n_shed} of them again", flush=True)
            assert len(self.latencies) > 10 and p99 < 3


def post(*headers, body=b""):
    return b"\r\n".join([b"POST /v1/sessions HTTP/1.1", b"Host: x",
                         b"Content-Type: application/json", *headers, b"", b""]) + body


CHUNKED = b"Transfer-Encoding: chunked"
N = len(SIGN_IN)
# name -> (bytes, status): one reply, and what follows in the same packet is not a request
ONE_REPLY = {
    "a length, then another": (post(b"Content-Length: %d" % N, b"Content-Length: %d" % (N + 40),
                                    body=SIGN_IN + SMUGGLED), 400),
    "the same length twice": (post(b"Content-Length: %d" % N, b"Content-Length: %d" % N,
                                   body=SIGN_IN + SMUGGLED), 400),
    "a length and chunks": (post(b"Content-Length: 5", CHUNKED, body=b"0\r\n\r\n" + SMUGGLED), 400),
    "chunks and a length": (post(CHUNKED, b"Content-Length: 5", body=b"0\r\n\r\n" + SMUGGLED), 400),
    "chunks twice": (post(CHUNKED, CHUNKED, body=b"0\r\n\r\n" + SMUGGLED), 400),
    "a blank before the colon of chunks": (post(b"Transfer-Encoding : chunked",
                                                body=b"0\r\n\r\n" + SMUGGLED), 400),
    "chunks in a folded header": (post(b"Transfer-Encoding:\r\n chunked",
                                       body=b"0\r\n\r\n" + SMUGGLED), 400),
    "a length in a folded header": (post(b"X-Y: a\r\n\tContent-Length: 0", body=SMUGGLED), 400),
    "a vertical tab before chunked": (post(b"Transfer-Encoding: \x0bchunked",
                                           body=b"0\r\n\r\n" + SMUGGLED), 400),
    "NUL in chunked": (post(b"Transfer-Encoding: chun\0ked", body=b"0\r\n\r\n" + SMUGGLED), 400),
    "NUL in a name": (post(b"Content-\0Length: 3", body=b"abc" + SMUGGLED), 400),
    "NUL in the method": (b"GE\0T / HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED, 400),
    "NUL in the target": (b"GET /heal\0thz HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED, 400),
    "NUL only": (b"\0" * 4096 + SMUGGLED, 400),
    "an absolute target": (b"GET http://other/healthz HTTP/1.1\r\nHost: x\r\n\r\n" + SMUGGLED, 400),
    "an absolute target with user": (b"GET http://a:b@x/healthz HTTP/1.1\r\nHost: x\r\n\r\n"
                                     + SMUGGLED, 400),
    "a chunk without its end": (post(CHUNKED, body=b"2\r\n{}0\r\n\r\n" + SMUGGLED), 400),
    "a chunk size in hex with 0x": (post(CHUNKED, body=b"0x2\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    "a signed chunk size": (post(CHUNKED, body=b"+2\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    "a negative chunk size": (post(CHUNKED, body=b"-2\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    "an empty chunk size": (post(CHUNKED, body=b"\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    "chunks that end in LF": (post(CHUNKED, body=b"2\n{}\n0\n\n" + SMUGGLED), 400),
    "a lone CR after a chunk size": (post(CHUNKED, body=b"2\r{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    "NUL in a chunk size": (post(CHUNKED, body=b"2\0\r\n{}\r\n0\r\n\r\n" + SMUGGLED), 400),
    "endless trailers": (post(CHUNKED, body=b"0\r\n" + b"X-Y: z\r\n" * 20000), None),
    "a body of everything": (post(b"Content-Length: 9000000", body=b"x" * 9000000), 413),
    "a request line without end": (b"GET /" + b"a" * 3000000, 431),
    "a method without end": (b"G" * 1000000, None),
    "headers without end": (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200000, 431),
    "blank lines without end": (b"\r\n" * 500000, None),
}


@pytest.mark.parametrize("name", ONE_REPLY)
def test_one_reply_and_then_nothing(stage, name):
    data, status = ONE_REPLY[name]
    found = statuses(talk(stage, data))
    assert len(found) <= 1, found
    if status:
        assert found == [status]
    elif found:
        assert 400 <= found[0] < 500 or found[0] == 501


def test_NUL_in_a_body_is_not_a_body_cut_short(stage):
    body = SIGN_IN[:-1] + b'\0, "union": "x"}'
    found = talk(stage, post(b"Content-Length: %d" % len(body), b"Connection: close", body=body))
    assert statuses(found) == [400] and b"bad_json" in found


def test_who_half_closes_still_gets_all_replies(stage):
    assert statuses(talk(stage, SMUGGLED * 3, half_close=True)) == [200] * 3
    body = post(b"Content-Length: %d" % N, body=SIGN_IN)
    assert statuses(talk(stage, body, half_close=True)) == [401]
    assert statuses(talk(stage, body[:-5], half_close=True)) in ([], [400])


def test_a_pipelined_flood_is_answered_once_each_and_in_order(stage):
    n, heard = 5000, b""
    asked = b"".join(b"GET /v1/unions/%d HTTP/1.1\r\nHost: x\r\n\r\n" %
                     (630102 if i % 7 else 999999) for i in range(n))
    asked += b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with Bystander(stage), dial(stage) as sock:
        thread = threading.Thread(target=sock.sendall, args=(asked,))
        thread.start()
        while piece := sock.recv(1 << 20):
            heard += piece
        thread.join()
    assert statuses(heard) == [200 if i % 7 else 404 for i in range(n)] + [200]


def test_floods_that_nobody_reads_take_little_memory(stage):
    """A hundred connections ask as much as they can and read nothing."""
    quiet, lines = resident_bytes(stage.server.process.pid), []
    asked = b"GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n" * 2000
    with Bystander(stage):
        for _ in range(100):
            sock = dial(stage)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            sock.setblocking(False)
            lines.append(sock)
        for _ in range(20):
            for sock in lines:
                try:
                    sock.send(asked)
                except OSError:
                    pass
            time.sleep(0.05)
        grown = resident_bytes(stage.server.process.pid) - quiet
        if IS_LONG:  # no progress for 30 s: it is cut off
            wait_until(lambda: all(is_cut(sock) for sock in lines), 90, "not cut off")
        for sock in lines:
            sock.close()
    print(f"grown by {grown / MIB:.1f} MiB", flush=True)
    assert grown < 100 * MIB


def is_cut(sock):
    """The other side has reset it, or closed it behind what is unread."""
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def test_slow_heads_and_bodies_are_cut_off(stage):
    """A byte now and then does not keep a connection for ever: 10 s for a head, 30 s for a
    body, in all."""
    heads = [dial(stage) for _ in range(200)]
    bodies = [dial(stage) for _ in range(100)]
    for sock in heads:
        sock.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Drip: ")
    for sock in bodies:
        sock.send(post(b"Content-Length: 1000", body=b"{"))
    cut, began = {}, time.monotonic()
    with Bystander(stage):
        while time.monotonic() - began < (45 if IS_LONG else 16):
            for sock in heads + bodies:
                if sock not in cut and is_cut(sock):
                    cut[sock] = time.monotonic() - began
                elif sock not in cut:
                    try:
                        sock.send(b" ")
                    except OSError:
                        pass
            if len(cut) == len(heads) + len(bodies) * IS_LONG:
                break
            time.sleep(0.5)
    assert all(8 < cut.get(sock, 99) < 16 for sock in heads)
    assert {statuses(sock.recv(65536))[0] for sock in heads} == {408}
    if IS_LONG:
        assert all(28 < cut.get(sock, 99) < 45 for sock in bodies)
        assert {statuses(sock.recv(65536))[0] for sock in bodies} == {408}
    else:
        assert not set(bodies) & set(cut)
    for sock in heads + bodies:
        sock.close()


def test_those_who_vanish_in_the_middle_leave_nothing_behind(stage):
    """Reset while a request is under way, at every stage of it."""
    person = stage.player("open")
    whole = (b"POST /v1/campaigns/open/attempts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
             + person.token.encode() + b"\r\nContent-Length: 0\r\n\r\n")
    with Bystander(stage):
        for i in range(1500):
            sock = dial(stage)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            sock.send(whole[:len(whole) if i % 3 else i % len(whole)])
            sock.close()

    def is_quiet():
        text = stage.anybody().get("/metrics").body.decode()
        found = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[0] != "#")
        return int(found["jingda_http_requests_in_flight"]) <= 1 \
            and int(found["jingda_http_connections"]) < 50
    wait_until(is_quiet, 30, "requests or connections are left over")
    assert stage.sql("select n_started from participation where person = %s", int(person.id)) \
        == [(1,)]


def test_twenty_thousand_connections(make_stage):
    """More than may be; whoever is there already is served, others are told to come again."""
    stage = make_stage(1)
    quiet, helpers = None, []
    person = stage.player("open")
    try:
        with Bystander(stage):
            quiet = resident_bytes(stage.server.process.pid)
            for _ in range(2):
                room = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - 200
                helpers.append(subprocess.Popen(
                    [sys.executable, HERE / "hold.py", str(stage.server.port),
                     str(min(room, 10100))],
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
            held = sum(int(helper.stdout.readline()) for helper in helpers)
            grown = resident_bytes(stage.server.process.pid) - quiet
            print(f"{held} connections held, {grown / MIB:.0f} MiB", flush=True)
            for _ in range(20):
                status, headers = newcomer(stage)
                assert status in (0, 200, 503), status
                assert status != 503 or int(headers["Retry-After"]) > 0
            person.play("open", 5)
    finally:
        for helper in helpers:
            helper.stdin.close()
            helper.wait(60)
    wait_until(lambda: newcomer(stage)[0] == 200, 20, "it does not recover")
    assert held > 15000 or resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 12000
    assert grown < 600 * MIB
    stage.verify()


def newcomer(stage):
    """(status, headers); status 0: the connection was closed."""
    with requests.Session() as session:
        session.trust_env = False
        try:
            reply = session.get(stage.server.url + "/v1/campaigns/open", timeout=10)
        except requests.ConnectionError:
            return 0, {}
        return reply.status_code, reply.headers


def test_the_limit_of_connections_is_told(make_stage):
    stage = make_stage(1, {"JINGDA_MAX_CONNECTIONS": "50"})
    held = [dial(stage) for _ in range(50)]
    wait_until(lambda: newcomer(stage)[0] == 503, 10)
    assert int(newcomer(stage)[1]["Retry-After"]) > 0
    for sock in held:
        sock.close()
    wait_until(lambda: newcomer(stage)[0] == 200, 20, "it does not recover")
