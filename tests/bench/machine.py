"""What runs on this machine while we measure: processes of ours, their time and memory."""

import collections
import http.client
import json
import os
import resource
import signal
import socket
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """Parent and CPU seconds of a process, its children that ended included."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return int(fields[1]), sum(int(x) for x in fields[11:15]) / TICKS


def tree(top):
    """The process and all below it."""
    children = collections.defaultdict(list)
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                children[stat(name)[0]].append(int(name))
            except (FileNotFoundError, ProcessLookupError):
                pass
    found = [top]
    for pid in found:
        found += children[pid]
    return found


def each(pids, read):
    total = 0
    for pid in pids:
        try:
            total += read(pid)
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def cpu_seconds(top):
    return each(tree(top), lambda pid: stat(pid)[1])


def cpu_of_children():
    """Of what we started and waited for: the generators of load."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def memory(top):
    """Bytes in memory of a process and those below it; what they share is counted once."""

    def pss(pid):
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))

    return each(tree(top), pss)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def is_answering(port, path="/readyz"):
    try:
        return get(port, path)[0] == 200
    except (OSError, http.client.HTTPException):
        return False


def get(port, path, token=None):
    """Status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
    reply = connection.getresponse()
    body = reply.read()
    connection.close()
    return reply.status, dict(reply.getheaders()), body


class Program:
    """One that we start, wait for until it answers, and stop by its pid."""

    def __init__(self, words, is_ready, log, env=None, patience_s=180):
        began = time.monotonic()
        with open(log, "ab") as out:
            self.child = subprocess.Popen(words, stdout=out, stderr=out, env={**os.environ, **(env or {})})
        self.pid = self.child.pid
        while not is_ready():
            if self.child.poll() is not None or time.monotonic() > began + patience_s:
                self.stop()
                raise SystemExit(f"bench: {words[0]} does not start, see {log}")
            time.sleep(0.005)
        self.started_s = time.monotonic() - began

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()


def nginx(folder, routes):
    """nginx on a port of its own that returns each path's bytes from memory, with the headers
    that jingda sends too.  One worker, as jingda is one process."""
    port = free_port()
    blocks = []
    for path, headers, body in routes:
        # a word of its configuration has at most 4096 bytes
        text = body.decode().replace("\\", "\\\\").replace("'", "\\'")
        assert "$" not in text
        parts = [text[i : i + 1000] for i in range(0, len(text), 1000)]
        kept = [(k, v) for k, v in headers.items() if k not in ("Date", "Content-Length", "Content-Type")]
        name = f"b{len(blocks)}_"
        blocks.append(
            f"location = {path} {{ default_type application/json;"
            + "".join(f"add_header {k} '{v}';" for k, v in kept)
            + "".join(f"set ${name}{i} '{part}';" for i, part in enumerate(parts))
            + f"return 200 \"{''.join('${' + name + str(i) + '}' for i in range(len(parts)))}\"; }}"
        )
    conf = f"{folder}/nginx.conf"
    with open(conf, "w", encoding="utf-8") as file:
        file.write(
            f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;"
            "events { worker_connections 4096; } http { access_log off; keepalive_requests 1000000000;"
            f"server {{ listen 127.0.0.1:{port} backlog=4096; {' '.join(blocks)} }} }}"
        )
    path = routes[0][0]
    program = Program(["/usr/sbin/nginx", "-c", conf, "-e", f"{folder}/nginx.log"],
                      lambda: is_answering(port, path), f"{folder}/nginx.log")
    for path, _, body in routes:
        assert get(port, path)[2] == body, f"nginx returns something else for {path}"
    return program, port


def describe():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    with open("/proc/meminfo", encoding="ascii") as file:
        kib = int(file.readline().split()[1])
    return (f"{len(models)} x {models[0] if models else '?'}, {kib / 2**20:.0f} GiB, "
            f"Linux {os.uname().release}, load {os.getloadavg()[0]:.1f} before")


def fsync_ms(folder, times=400):
    """Median and 99th of writing 8 KiB into a file that is there and forcing it to the disk, as
    PostgreSQL does with its log."""
    path, block, laps = f"{folder}/fsync-probe", os.urandom(8192), []
    with open(path, "wb", buffering=0) as file:
        file.write(bytes(8192 * times))
        os.fsync(file.fileno())
        for i in range(times):
            began = time.perf_counter()
            os.pwrite(file.fileno(), block, 8192 * i)
            os.fdatasync(file.fileno())
            laps.append(1000 * (time.perf_counter() - began))
    os.unlink(path)
    laps.sort()
    return laps[times // 2], laps[times * 99 // 100]


def one_json(words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=False, **more)
    try:
        return json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise SystemExit(f"bench: {words[0]} failed ({done.returncode}): {done.stdout[-500:]}") from None
