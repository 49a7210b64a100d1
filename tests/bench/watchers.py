#!/usr/bin/python3
"""tests/bench/watchers.py [WATCHERS]: what it costs that so many watch a wall (5,000).

A server and a PostgreSQL of its own, watchers from 127.0.0.1, a hand-in each half second.  Told are
memory and CPU time of the server, when the last watcher has a state that the first has, and how
others are served meanwhile.
"""
import os
import pathlib
import selectors
import socket
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "api")]

import cluster as clusters  # noqa: E402
from world import Worlds    # noqa: E402

SLUG, QUIET_S, BUSY_S, MANY_NAMES = "sum", 16, 20, 16
TICKS = os.sysconf("SC_CLK_TCK")


def cpu(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def mib(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2 ** 20


class Hall:
    """All who watch, read by one thread."""

    def __init__(self, port, n):
        self.selector, self.is_over = selectors.DefaultSelector(), False
        self.seen = {}  # state -> (first, last, how many)
        self.n_bytes = self.n_states = 0
        for _ in range(n):
            line = socket.create_connection(("127.0.0.1", port))
            line.sendall(f"GET /v1/campaigns/{SLUG}/wall HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            line.setblocking(False)
            self.selector.register(line, selectors.EVENT_READ)
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self):
        while not self.is_over:
            for key, _ in self.selector.select(0.2):
                data = key.fileobj.recv(1 << 16)
                assert data, "a watcher was cut off"
                self.n_bytes += len(data)
                if b"event: state" in data:
                    self.note(int(data[:data.index(b"\nevent")].rsplit(b"id: ", 1)[1]))

    def note(self, state):
        now = time.monotonic()
        first, _, n = self.seen.get(state, (now, now, 0))
        self.seen[state] = (first, now, n + 1)
        self.n_states += 1

    def leave(self):
        self.is_over = True
        self.thread.join()
        for key in list(self.selector.get_map().values()):
            key.fileobj.close()


def ask_others(client, seconds, found):
    """How long others wait, one request at a time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        client.get(f"/v1/campaigns/{SLUG}").ok()
        found.append((time.monotonic() - began) * 1000)
        time.sleep(0.005)


def measure(world, n):
    pid = world.server.process.pid
    people = [world.player(SLUG) for _ in range(MANY_NAMES)]
    for person in people:
        person.play(SLUG, 4)
    before = mib(pid)
    hall = Hall(world.server.port, n)
    time.sleep(2)
    during = mib(pid)
    print(f"{n} watchers: {during - before:.1f} MiB, {(during - before) * 1024 / n:.1f} KiB each")
    spent = cpu(pid)
    time.sleep(QUIET_S)
    print(f"quiet: {(cpu(pid) - spent) / QUIET_S * 100:.1f} % of a core")
    hall.seen.clear()
    hall.n_bytes = hall.n_states = 0
    waits, spent, began = [], cpu(pid), time.monotonic()
    other = threading.Thread(target=ask_others, args=(world.anybody(), BUSY_S, waits))
    other.start()
    while time.monotonic() < began + BUSY_S:
        people[int(time.monotonic() * 2) % len(people)].play(SLUG, 4)
        time.sleep(0.5)
    other.join()
    time.sleep(1.5)
    seconds, spent = time.monotonic() - began, cpu(pid) - spent
    n_states = len(hall.seen)
    spreads = sorted(last - first for first, last, _ in hall.seen.values())
    print(f"a hand-in each 0.5 s: {n_states / seconds:.2f} states a second of "
          f"{hall.n_bytes / max(1, hall.n_states):.0f} bytes, {spent / seconds * 100:.1f} % of a core, "
          f"{spent / n_states * 1000:.0f} ms a state; {mib(pid) - during:+.1f} MiB")
    print(f"from the first watcher to the last: median {spreads[len(spreads) // 2] * 1000:.0f} ms, "
          f"most {spreads[-1] * 1000:.0f} ms; missed by {sum(n - k for _, _, k in hall.seen.values())}")
    waits.sort()
    print(f"others meanwhile: p50 {waits[len(waits) // 2]:.1f} ms, "
          f"p99 {waits[int(len(waits) * 0.99)]:.1f} ms, most {waits[-1]:.1f} ms")
    hall.leave()


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    cluster = clusters.Cluster()
    with tempfile.TemporaryDirectory(prefix="jingda-watchers.") as folder:
        try:
            world = Worlds(cluster, folder).make()
            try:
                measure(world, n)
            finally:
                world.close()
        finally:
            cluster.close()


main()
