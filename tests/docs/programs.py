"""Starts the programs that docs/ shows, and talks to them."""

import contextlib
import re
import socket
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
# More than any answer takes, on however busy a machine.
PATIENCE_S = 60


def backends(program):
    """What `program` offers as --backend; says which one is on."""
    wrong = subprocess.run(
        [program, "--backend=none"], capture_output=True, text=True
    )
    names = re.search(r"choose one of ([a-z, ]+)", wrong.stderr)[1]
    for backend in names.split(", "):
        print(f"{program}: {backend}", flush=True)
        yield backend


@contextlib.contextmanager
def server(*arguments):
    """A server that runs, and the address that it prints first."""
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def cpu_s(process):
    """How long `process` has had a processor."""
    with open(f"/proc/{process.pid}/schedstat", encoding="utf-8") as stat:
        return int(stat.read().split()[0]) / 1e9


def connect(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=PATIENCE_S)


def connect_in_order_not_to_read(address):
    peer = connect(address)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return peer


def receive(peer, size):
    """That many bytes, or fewer if the end comes first."""
    received = b""
    while len(received) < size:
        piece = peer.recv(size - len(received))
        if not piece:
            break
        received += piece
    return received


def send_until_full(peer):
    """Sends until no more goes for a tenth of a second. How many bytes went."""
    sent = 0
    peer.settimeout(0.1)
    with contextlib.suppress(TimeoutError):
        while True:
            sent += peer.send(bytes(10000))
    peer.settimeout(PATIENCE_S)
    return sent


def reset(peer):
    """Closes with a reset in place of a FIN."""
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
