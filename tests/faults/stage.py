"""Where the faults happen: a PostgreSQL that may be hurt in every way, and servers of several
workers.  What is shared with the tests of the API comes from tests/api."""
import base64
import csv
import hashlib
import hmac
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

import campaigns
from bank import Bank
from client import Client
from cluster import Cluster, find_bin
from server import CLOCK_OFFSET_MS, ROOT, Program, Server, wait_until
from world import World

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"
SECONDS = float(os.environ.get("JINGDA_FAULTS_SECONDS", "0"))  # 0: the short form
IS_LONG = SECONDS > 0


class Trusting:
    """Stands where the OpenAPI document stands in tests/api, which judges by it."""

    def check(self, method, path, status, headers, content):
        kind = headers.get("Content-Type", "")
        return json.loads(content) if content and "json" in kind else content


def is_alive(pid):
    """Runs or may run again; a zombie does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def children(parent):
    """The processes that this one started and that live."""
    found = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as file:
                state, ppid = file.read().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state not in "ZX":
            found.append(int(entry))
    return sorted(found)


def send(pid, number):
    """True if the process was there to get it."""
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def resident_bytes(pid):
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def worker_of(request_id):
    """The lower 22 bits of the process number are part of every request's id."""
    number = 0
    for letter in request_id[:12]:
        number = number * 32 + BASE32.index(letter)
    return number & 0x3fffff


class Hurt(Cluster):
    """A PostgreSQL whose processes and whose disk the tests can get at."""

    def __init__(self, megabytes=0, settings=""):
        self.bin = find_bin()
        self.folder = tempfile.mkdtemp(prefix="jingda-faults.", dir="/tmp")
        self.data = os.path.join(self.folder, "data")
        self.is_mounted = False
        self.as_owner = []
        if os.geteuid() == 0:
            self.as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        try:
            self._make(megabytes, settings)
        except BaseException:
            self.close()
            raise

    def _make(self, megabytes, settings):
        os.mkdir(self.data)
        if megabytes and os.geteuid() == 0:
            self.is_mounted = subprocess.run(
                ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "jingda-faults", self.data],
                stderr=subprocess.DEVNULL).returncode == 0
        if self.as_owner:
            shutil.chown(self.folder, "postgres", "postgres")
            shutil.chown(self.data, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
                       "unix_socket_permissions = 0777\nmax_connections = 200\n"
                       "min_wal_size = 32MB\nmax_wal_size = 96MB\ncheckpoint_timeout = 30s\n"
                       "shared_buffers = 64MB\n" + settings)
        self.start()

    @property
    def socket(self):
        return os.path.join(self.folder, ".s.PGSQL.5432")

    def postmaster(self):
        """Its number; 0 when it is not there."""
        try:
            with open(os.path.join(self.data, "postmaster.pid"), encoding="ascii") as file:
                pid = int(file.readline())
        except (OSError, ValueError):
            return 0
        return pid if is_alive(pid) and self._is_ours(pid) else 0

    def _is_ours(self, pid):
        try:
            return os.path.samefile(f"/proc/{pid}/cwd", self.data)
        except OSError:
            return False

    def processes(self):
        postmaster = self.postmaster()
        return [postmaster, *children(postmaster)] if postmaster else []

    def backends(self, database):
        """Those that serve connections to this database."""
        found = []
        for pid in self.processes()[1:]:
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    title = file.read().decode("utf-8", "replace")
            except OSError:
                continue
            if title.startswith(f"postgres: postgres {database} "):
                found.append(pid)
        return found

    def kill(self):
        """All of it at once, as when the power goes."""
        postmaster = self.postmaster()
        if not postmaster:
            return
        send(postmaster, signal.SIGSTOP)  # so that it starts nobody meanwhile
        pids = self.processes()
        for pid in pids:
            send(pid, signal.SIGKILL)
        wait_until(lambda: not any(map(is_alive, pids)), 30, "PostgreSQL does not die")

    def start_again(self, seconds=60):
        """As an operator's supervisor does: until it runs."""
        end = time.monotonic() + seconds
        while not self.postmaster():
            try:
                self.start()
            except subprocess.CalledProcessError:
                assert time.monotonic() < end, f"PostgreSQL does not start:\n{self.log()}"
                time.sleep(0.2)

    def fill_disk(self, spare, seconds):
        """For so long there are no more than so many bytes left; then all is free again."""
        path, end = os.path.join(self.data, "filler"), time.monotonic() + seconds
        with open(path, "wb") as file:
            while time.monotonic() < end:
                about, size = os.statvfs(self.data), os.fstat(file.fileno()).st_size
                more = about.f_bavail * about.f_frsize - spare
                try:
                    if more > 0:
                        os.posix_fallocate(file.fileno(), size, more)
                except OSError:  # the database was quicker
                    continue
                time.sleep(0.05)
        os.unlink(path)

    def close(self):
        for pid in self.processes():
            send(pid, signal.SIGCONT)
        super().close()
        if self.is_mounted:
            subprocess.run(["umount", "-l", self.data], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Troupe(Server):
    """`jingda serve` with several workers."""

    def worker_pids(self):
        return children(self.process.pid) if self.process and self.process.poll() is None else []

    def pids(self):
        return [self.process.pid, *self.worker_pids()]

    def kill_all(self):
        for pid in reversed(self.pids()):
            send(pid, signal.SIGKILL)
        self.process.wait()


class Stage(World):
    """A world whose servers have workers, and whose clients can be told which one to ask."""

    def __init__(self, cluster, database, folder, workers=2, settings=None):
        super().__init__(cluster, database, folder, Trusting(), BANK)
        self.program.settings["JINGDA_WORKERS"] = str(workers)
        self.program.settings.update(settings or {})
        self.n_workers, self.pinned = workers, None
        self.serve_url = None  # how the servers reach the database, if not directly

    def serve(self, seconds=0):
        server = Troupe(self.program, self.contract, self.bank, seconds, self.n_workers)
        self.servers.append(server)
        if self.serve_url:
            url, program = self.serve_url, Program(self.serve_url, self.folder)
            program.settings.update(self.program.settings, DATABASE_URL=url)
            server.program = program
        return server.start()

    @property
    def folder(self):
        return self.program.folder

    def close(self):
        for client in self.clients:
            client.close()
        for server in self.servers:
            if server.process and server.process.poll() is None:
                for pid in server.pids():
                    send(pid, signal.SIGCONT)
                server.kill_all()

    def pin(self, client):
        """The client's connection leads to the worker wanted, and stays."""
        if self.pinned:
            def is_there():
                client.session.close()
                return worker_of(client.get("/healthz").headers["X-Request-Id"]) \
                    == self.pinned & 0x3fffff
            wait_until(is_there, 30, f"worker {self.pinned} cannot be reached")
        return client

    def anybody(self, server=None):
        return self.pin(super().anybody(server))

    def organizer(self, server=None):
        return self.pin(super().organizer(server))

    def make_players(self, slug, n):
        """So many people of the roster's unions who have chosen, by SQL: their numbers."""
        rows = self.sql("""
            with made as (
                insert into person (name) select '人' || i from generate_series(1, %s) i
                returning id
            ), chosen as (
                insert into participation (bucket, campaign, person, union_id)
                select 0, (select id from campaign where slug = %s), m.id,
                       (select id from org_union where code = '630102')
                  from made m
            ) select id from made""", n, slug)
        return [person for person, in rows]

    def token(self, person):
        """A session's token without a session, signed with the server's own secret."""
        text = (self.folder / "var" / "secret").read_text(encoding="ascii")
        kid, secret = next(line.split()[1:] for line in text.splitlines()
                           if line.startswith("session"))
        now = int(time.time() + CLOCK_OFFSET_MS / 1000)
        parts = [{"alg": "HS256", "typ": "JWT", "kid": kid},
                 {"iss": "jingda", "aud": "jingda", "sub": str(person), "sid": str(10**9 + person),
                  "iat": now, "nbf": now, "exp": now + 7200}]
        signed = ".".join(encoded(json.dumps(part).encode()) for part in parts)
        key = mac(bytes.fromhex(secret), "access token")
        return f"{signed}.{encoded(mac(key, signed))}"


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


BANK = Bank(ROOT / "questions")
SLUGS = ("open", "sum", "daily", "two-a-day")


def fill(cluster, database, folder, n_people=400):
    """A database with the unions, people and some campaigns of tests/api."""
    folder = pathlib.Path(folder)
    cluster.create(database)
    program = Program(cluster.url(database), folder)
    (folder / "unions.csv").write_text(campaigns.UNIONS, encoding="utf-8")
    with open(folder / "roster.csv", "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["union_code", "staff_number", "name"])
        rows.writerows(campaigns.roster(n_people))
    program.run("migrate")
    program.run("import", "unions", folder / "unions.csv")
    program.run("import", "roster", folder / "roster.csv")
    program.run("import", "questions", *sorted((ROOT / "questions").glob("*.json")))
    for rules in campaigns.CAMPAIGNS:
        if rules["campaign"] in SLUGS:
            path = folder / f"{rules['campaign']}.json"
            path.write_text(json.dumps(rules, ensure_ascii=False), encoding="utf-8")
            program.run("import", "campaign", path)
