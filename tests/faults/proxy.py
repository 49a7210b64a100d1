"""Stands between server and database, and fails as networks do: `proxy.py PORT SOCKET`.

It listens on 127.0.0.1:PORT, passes everything to and from the unix socket, and takes
commands, one a line, from standard input:
    cut MODE BYTES   the next connection that is answered gets so many bytes of the answer,
                     then is closed (MODE fin) or reset (MODE rst)
    sever            every connection is reset now
    stall SECONDS    nothing passes for so long, and nobody is told
It ends with its standard input."""
import asyncio
import socket
import struct
import subprocess
import sys


class Proxy:
    def __init__(self, path):
        self.path, self.cuts, self.writers = path, [], set()
        self.flowing = asyncio.Event()
        self.flowing.set()

    def reset(self, writer):
        sock = writer.get_extra_info("socket")
        if sock.family == socket.AF_INET:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def pump(self, reader, writer, other, is_answer):
        try:
            while data := await reader.read(65536):
                await self.flowing.wait()
                if is_answer and self.cuts:
                    mode, left = self.cuts.pop(0)
                    writer.write(data[:left])
                    if mode == "rst":
                        await asyncio.sleep(0.01)  # else the bytes would be lost too
                        self.reset(writer)
                    break
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            for end in (writer, other):
                end.close()

    async def serve(self, reader, writer):
        await self.flowing.wait()
        try:
            far_reader, far_writer = await asyncio.open_unix_connection(self.path)
        except OSError:
            self.reset(writer)
            return
        self.writers.add(writer)
        try:
            await asyncio.gather(self.pump(reader, far_writer, writer, False),
                                 self.pump(far_reader, writer, far_writer, True))
        finally:
            self.writers.discard(writer)

    async def obey(self, line):
        words = line.split()
        if words[0] == "cut":
            self.cuts.append((words[1], int(words[2])))
        elif words[0] == "sever":
            for writer in list(self.writers):
                self.reset(writer)
        elif words[0] == "stall":
            self.flowing.clear()
            await asyncio.sleep(float(words[1]))
            self.flowing.set()


async def main(port, path):
    proxy = Proxy(path)
    loop = asyncio.get_running_loop()
    commands = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    await asyncio.start_server(proxy.serve, "127.0.0.1", port)
    print("ready", flush=True)
    while line := await commands.readline():
        await proxy.obey(line.decode())


class Between:
    """The proxy as a process of its own."""

    def __init__(self, port, path):
        self.port = port
        self.process = subprocess.Popen([sys.executable, __file__, str(port), path], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout.readline() == "ready\n"

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()

    def close(self):
        self.process.kill()
        self.process.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
