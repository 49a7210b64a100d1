"""The program under test: its commands, and `jingda serve` as a process of ours."""
import os
import pathlib
import signal
import socket
import subprocess
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
# It is always the same Wednesday morning when the tests begin: never just before midnight,
# nor at the end of a week or a month.
BEGINNING_MS = 1778637600000  # 2026-05-13T10:00:00+08:00
CLOCK_OFFSET_MS = BEGINNING_MS - round(time.time() * 1000)
WORKERS = int(os.environ.get("JINGDA_TEST_WORKERS", "1"))
BINARY = os.environ.get("JINGDA", str(ROOT / "build" / "jingda"))


def wait_until(holds, seconds=30, why="waited too long"):
    """Asks again and again until it holds; its value."""
    end = time.monotonic() + seconds
    while True:
        value = holds()
        if value:
            return value
        assert time.monotonic() < end, why() if callable(why) else why
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """The binary with the settings that all its processes over one database share."""

    def __init__(self, database_url, folder):
        self.folder = pathlib.Path(folder)
        self.settings = {
            "DATABASE_URL": database_url,
            "JINGDA_ADDRESS": "127.0.0.1",
            "JINGDA_VAR": str(self.folder / "var"),
            "JINGDA_QUESTIONS": str(ROOT / "questions"),
            "JINGDA_SCHEMA": str(ROOT / "schema"),
            "JINGDA_API_DOCS": str(ROOT / "api-docs"),
            "JINGDA_CLIENTS": str(self.folder / "clients"),  # not built
            "JINGDA_CLOCK_OFFSET_MS": str(CLOCK_OFFSET_MS),
        }
        (self.folder / "var").mkdir(parents=True, exist_ok=True)

    def environment(self, more=None):
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith("JINGDA_") and name != "DATABASE_URL"}
        return {**inherited, **self.settings, **(more or {})}

    def run(self, *arguments, status=0, more=None):
        """One command to its end; what it printed."""
        done = subprocess.run([BINARY, *map(str, arguments)], env=self.environment(more), cwd=ROOT,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, timeout=300)
        assert done.returncode == status, \
            f"jingda {' '.join(map(str, arguments))} ended with {done.returncode}, " \
            f"not {status}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout


class Server:
    """One `jingda serve`.  `contract` and `bank` are what its replies are judged by."""

    def __init__(self, program, contract, bank, seconds_ahead=0, workers=WORKERS, port=None):
        self.program, self.contract, self.bank = program, contract, bank
        self.clock_offset_ms = CLOCK_OFFSET_MS + round(seconds_ahead * 1000)
        self.workers = workers
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = program.folder / f"serve-{self.port}.log"
        self.process = None

    def log(self):
        return self.log_path.read_text(encoding="utf-8", errors="replace")[-6000:]

    def start(self):
        more = {"JINGDA_PORT": str(self.port), "JINGDA_WORKERS": str(self.workers),
                "JINGDA_CLOCK_OFFSET_MS": str(self.clock_offset_ms)}
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                [BINARY, "serve"], env=self.program.environment(more), cwd=ROOT,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_until(self.is_ready, 60, lambda: f"the server is not ready:\n{self.log()}")
        return self

    def is_ready(self):
        assert self.process.poll() is None, \
            f"the server ended with {self.process.returncode}:\n{self.log()}"
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.get(self.url + "/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def stop(self, seconds=30):
        """Asks it to end, as an operator does; its exit status."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise AssertionError(f"the server does not end:\n{self.log()}") from None
        return self.process.returncode if self.process else None

    def children(self):
        """The processes that it has started."""
        path = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(path, encoding="ascii") as file:
            return [int(pid) for pid in file.read().split()]

    def kill(self):
        """Ends it, and its workers, without a warning."""
        if self.process and self.process.poll() is None:
            workers = self.children()
            self.process.kill()
            self.process.wait()
            for pid in workers:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass  # it went with its parent

    def kill_worker(self):
        """Ends one of several workers without a warning; another takes its place."""
        before = self.children()
        os.kill(before[0], signal.SIGKILL)
        wait_until(lambda: len(self.children()) == len(before)
                   and before[0] not in self.children(), 30, "no worker takes its place")
