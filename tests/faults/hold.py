"""Holds many connections open and is no use to anybody: `hold.py PORT COUNT`.

They come from several addresses; a third say nothing, a third begin a request, a third send
one and do not read.  Prints how many it holds; lets go when its standard input ends."""
import socket
import sys

BEGUN = [b"", b"GET /v1/campaigns/open HTTP/1.1\r\nHost: x\r\nX-Slow: ",
         b"GET /openapi.yaml HTTP/1.1\r\nHost: x\r\n\r\n"]


def main(port, count):
    held = []
    for i in range(count):
        sock = socket.socket()
        try:
            sock.bind((f"127.0.0.{2 + i % 50}", 0))
            sock.settimeout(10)
            sock.connect(("127.0.0.1", port))
            sock.send(BEGUN[i % 3])
        except OSError:
            sock.close()
            continue
        held.append(sock)
    print(len(held), flush=True)
    sys.stdin.read()


main(int(sys.argv[1]), int(sys.argv[2]))
