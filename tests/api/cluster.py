"""A throw-away PostgreSQL: a data folder of its own, a unix socket only, as durable as a
real one."""
import os
import pathlib
import shutil
import subprocess
import tempfile

import psycopg2


def find_bin():
    """The folder of initdb and pg_ctl."""
    places = []
    try:
        places.append(subprocess.check_output(["pg_config", "--bindir"], text=True).strip())
    except (OSError, subprocess.CalledProcessError):
        pass
    places += sorted(map(str, pathlib.Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    for place in places:
        if os.access(os.path.join(place, "initdb"), os.X_OK):
            return place
    raise RuntimeError("no initdb: is PostgreSQL's server installed?")


class Cluster:
    def __init__(self):
        self.bin = find_bin()
        self.folder = tempfile.mkdtemp(prefix="jingda-api.", dir="/tmp")
        self.data = os.path.join(self.folder, "data")
        self.as_owner = []
        if os.geteuid() == 0:
            self.as_owner = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
            shutil.chown(self.folder, "postgres", "postgres")
        self._run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8", "--no-sync")
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="utf-8") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n"
                       "unix_socket_permissions = 0777\nmax_connections = 300\n")
        self.start()

    def _run(self, program, *arguments):
        done = subprocess.run([*self.as_owner, os.path.join(self.bin, program), *arguments],
                              cwd=self.folder, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, f"{program}: {done.stdout}\n{self.log()}"
        return done.stdout

    def log(self):
        path = os.path.join(self.folder, "log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()[-4000:]

    def start(self):
        # pg_ctl hands its standard output on to the server: a pipe would never end
        subprocess.run([*self.as_owner, os.path.join(self.bin, "pg_ctl"), "-D", self.data, "-w",
                        "-t", "60", "-l", os.path.join(self.folder, "log"), "start"],
                       cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)

    def stop(self, mode="fast"):
        self._run("pg_ctl", "-D", self.data, "-w", "-t", "60", "-m", mode, "stop")

    def close(self):
        """Ends the server, whatever state it is in, and takes its files away."""
        subprocess.run([*self.as_owner, os.path.join(self.bin, "pg_ctl"), "-D", self.data, "-w",
                        "-m", "immediate", "stop"], cwd="/", stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def connect(self, database):
        connection = psycopg2.connect(self.url(database))
        connection.autocommit = True
        return connection

    def create(self, database, template="template0"):
        connection = self.connect("postgres")
        try:
            connection.cursor().execute(f'create database "{database}" template "{template}"')
        finally:
            connection.close()

    def drop(self, database):
        connection = self.connect("postgres")
        try:
            connection.cursor().execute(f'drop database if exists "{database}" with (force)')
        finally:
            connection.close()
