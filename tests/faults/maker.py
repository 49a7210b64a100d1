"""The fault maker: at random moments, by a seed, it does to the server and its database what
machines, networks, disks and operators do."""
import asyncio
import random
import signal
import time

import requests

from server import wait_until
from stage import IS_LONG, is_alive, send, worker_of

RECOVERY_SECONDS = 60
STOPS = (0.3, 1, 2, 6) if IS_LONG else (0.3, 1, 1.5)  # 6: longer than a query may take


class Maker:
    def __init__(self, stage, between, ledger, seed):
        self.stage, self.between, self.ledger = stage, between, ledger
        self.cluster, self.server = stage.cluster, stage.server
        self.chance = random.Random(seed)
        self.done, self.recoveries = {}, []
        self.settled, self.killed = set(), set()  # processes of the server
        self.stopped = []  # what was stopped and must go on, whatever happens

    # ---- the faults; each returns whether it did anything ----

    def kill_server(self):
        """The supervisor alone, whose workers must follow, or all at once."""
        if self.chance.random() < 0.5:
            self.server.kill_all()
        else:
            self.server.kill()
        self.start_server()

    def start_server(self):
        """As an operator's supervisor does; the database may be away too."""
        end = time.monotonic() + RECOVERY_SECONDS
        while True:
            try:
                self.server.start()
                return
            except AssertionError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def kill_worker(self):
        worker = self.chance.choice(self.server.worker_pids() or [0])
        if worker:
            self.killed.add(worker)
            send(worker, signal.SIGKILL)

    def kill_backend(self):
        self.to_backend(signal.SIGKILL)

    def end_backend(self):
        self.to_backend(signal.SIGTERM)

    def to_backend(self, number):
        backends = self.cluster.backends(self.stage.database)
        if backends:
            send(self.chance.choice(backends), number)

    def kill_database(self):
        self.cluster.kill()
        time.sleep(self.chance.choice((0, 0, 1, 5) if IS_LONG else (0, 1)))
        self.cluster.start_again()

    def restart_database(self):
        self.cluster.stop(self.chance.choice(("fast", "immediate")))
        self.cluster.start_again()

    def stop(self, pids):
        self.stopped = pids
        for pid in pids:
            send(pid, signal.SIGSTOP)
        time.sleep(self.chance.choice(STOPS))
        self.go_on()

    def go_on(self):
        for pid in self.stopped:
            send(pid, signal.SIGCONT)
        self.stopped = []

    def stop_server(self):
        self.stop(self.server.pids())

    def stop_worker(self):
        self.stop([self.chance.choice(self.server.pids())])

    def stop_backend(self):
        backends = self.cluster.backends(self.stage.database)
        self.stop([self.chance.choice(backends)] if backends else [])

    def stop_database(self):
        self.stop(self.cluster.processes())

    def cut_answers(self):
        """In the middle of a reply, several times."""
        for _ in range(self.chance.choice((1, 3, 10))):
            mode = self.chance.choice(("fin", "rst"))
            self.between.tell(f"cut {mode} {self.chance.choice((0, 1, 5, 40, 300, 3000))}")

    def sever(self):
        self.between.tell("sever")

    def stall(self):
        seconds = self.chance.choice(STOPS)
        self.between.tell(f"stall {seconds}")
        time.sleep(seconds)

    def fill_disk(self):
        """To the brim, at once or with a little room; then freed."""
        self.cluster.fill_disk(self.chance.choice((0, 8192, 200_000, 2_000_000)),
                               self.chance.choice((1, 2, 4) if IS_LONG else (1, 2)))
        time.sleep(0.5)
        if not self.cluster.postmaster():  # it gives up when it cannot recover on a full disk
            self.cluster.start_again()

    # ---- the rounds ----

    def kinds(self):
        found = [self.kill_server, self.kill_worker, self.kill_backend, self.end_backend,
                 self.kill_database, self.restart_database, self.stop_server, self.stop_worker,
                 self.stop_backend, self.stop_database, self.cut_answers, self.sever, self.stall]
        return found + [self.fill_disk] * self.cluster.is_mounted

    async def run(self, seconds):
        """All kinds in random order, again and again, at least once each."""
        wait_told = self.ledger.n_told
        while self.ledger.n_told < wait_told + 20:
            await asyncio.sleep(0.05)
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            kinds = self.kinds()
            self.chance.shuffle(kinds)
            for kind in kinds:
                await asyncio.sleep(self.chance.choice((0, 0.1, 0.3, 1)))
                await self.do(kind)
        await self.recovered()

    async def do(self, kind):
        name, began = kind.__name__, time.monotonic()
        print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        try:
            await asyncio.to_thread(kind)
        finally:
            self.go_on()
        self.done[name] = self.done.get(name, 0) + 1
        if self.chance.random() < 0.7:  # else the next one comes on top of it
            await self.recovered()
            took = time.monotonic() - began
            self.recoveries.append((took, name))
        self.look_for_deaths(name)

    def look_for_deaths(self, name):
        """Nobody who had settled dies, if he was not himself killed."""
        gone = [pid for pid in self.settled - self.killed if not is_alive(pid)]
        self.settled.difference_update(gone)
        if gone and name != "kill_server":
            self.ledger.blame(f"{name}: of the server {gone} died\n{self.server.log()}")

    async def recovered(self):
        """All workers are there and ready, and hand-ins are acknowledged again."""
        await asyncio.to_thread(wait_until, self.all_ready, RECOVERY_SECONDS,
                                lambda: f"no recovery:\n{self.server.log()}")
        self.settled = set(self.server.pids())
        wanted, end = self.ledger.n_told + 10, time.monotonic() + RECOVERY_SECONDS
        while self.ledger.n_told < wanted:
            assert time.monotonic() < end, f"no hand-in goes through:\n{self.server.log()}"
            await asyncio.sleep(0.02)

    def all_ready(self):
        wanted = {pid & 0x3fffff for pid in self.server.worker_pids()}
        if len(wanted) < self.stage.n_workers:
            return False
        ready = set()
        for _ in range(8 * self.stage.n_workers):
            try:
                reply = requests.get(self.server.url + "/readyz", timeout=5,
                                     proxies={"http": None})
            except requests.RequestException:
                return False
            if reply.status_code != 200:
                return False
            ready.add(worker_of(reply.headers["X-Request-Id"]))
            if ready == wanted:
                return True
        return False
