"""Watching a wall: its stream of server-sent events over a bare socket."""
import json
import socket
import time

from requests.structures import CaseInsensitiveDict


class Watcher:
    def __init__(self, server, campaign, measure=None, version="1.1", receive_buffer=None):
        self.server = server
        self.path = f"/v1/campaigns/{campaign}/wall"
        self.buffer, self.status, self.headers, self.is_over = b"", None, None, False
        self.text = ""     # of the stream, as it came
        self.states = []   # [(id, state)]
        self.n_comments = 0
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", server.port))
        query = f"?measure={measure}" if measure else ""
        self.socket.sendall(f"GET {self.path}{query} HTTP/{version}\r\nHost: x\r\n"
                            "Accept: text/event-stream\r\n\r\n".encode())

    def __enter__(self):
        return self

    def __exit__(self, *why):
        self.close()

    def close(self):
        self.socket.close()

    def fileno(self):
        return self.socket.fileno()

    def read(self, seconds=0.0):
        """Takes what has come, or comes within the time; false at the end of the stream."""
        self.socket.settimeout(seconds)
        try:
            piece = self.socket.recv(1 << 20)
        except (BlockingIOError, socket.timeout):
            return True
        except ConnectionResetError:
            piece = b""
        self.buffer += piece
        self._take_head()
        self._take_chunks()
        self._take_events()
        return bool(piece)

    def _take_head(self):
        if self.headers is not None or b"\r\n\r\n" not in self.buffer:
            return
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = CaseInsensitiveDict(line.split(": ", 1) for line in lines[1:])

    def _take_chunks(self):
        if self.headers is None:
            return
        if self.headers.get("Transfer-Encoding") != "chunked":
            self.text += self.buffer.decode()
            self.buffer = b""
            return
        while b"\r\n" in self.buffer:
            line, _, rest = self.buffer.partition(b"\r\n")
            size = int(line, 16)
            if len(rest) < size + 2:
                return
            assert rest[size:size + 2] == b"\r\n"
            self.text += rest[:size].decode()
            self.buffer = rest[size + 2:]
            self.is_over |= size == 0

    def _take_events(self):
        while self.status == 200 and "\n\n" in self.text:
            event, _, self.text = self.text.partition("\n\n")
            lines = event.split("\n")
            if lines == [":"]:
                self.n_comments += 1
            elif lines != ["retry: 3000"]:
                fields = dict(line.split(": ", 1) for line in lines)
                assert list(fields) == ["id", "event", "data"] and fields["event"] == "state"
                self.states.append((int(fields["id"]), self._judge(fields["data"], event)))

    def _judge(self, data, event):
        state = json.loads(data)
        contract = self.server.contract
        if hasattr(contract, "document"):
            contract.validate(state, contract.document["components"]["schemas"]["WallState"],
                              self.path)
            contract.check("GET", self.path, 200, self.headers, (event + "\n\n").encode())
        return state

    def until(self, holds, seconds=10):
        """The first state, of those that have come and those that come, of which it holds."""
        end, n = time.monotonic() + seconds, 0
        while True:
            for _, state in self.states[n:]:
                if holds(state):
                    return state
            n = len(self.states)
            assert time.monotonic() < end, \
                f"no such state within {seconds} s: {self.states[-1:]} {self.text[:500]}"
            assert self.read(0.1) or len(self.states) > n, \
                f"the stream has ended: {self.status} {self.text}"

    def first(self):
        return self.until(lambda state: True)
