#!/usr/bin/env python3
"""What the echo service does on this machine, as a table in Markdown.

    tools/bazel run -c opt //echo:measure
    tools/bazel run -c opt //echo:measure -- --seconds=5 --connections=500

For each backend and transport: requests on many connections, each of which
waits for its answer (throughput, the server's CPU time for a request, latency);
the same of 20 000 bytes on one connection; a stream on one connection, or large datagrams; and the memory of the server for
each further idle connection. Server and client share the machine.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def program(name):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), name)


def backends():
    wrong = subprocess.run(
        [program("server"), "--backend=none"], capture_output=True, text=True
    )
    return re.search(r"choose one of ([a-z, ]+)", wrong.stderr)[1].split(", ")


class Server:
    def __init__(self, backend, *flags):
        self.folder = tempfile.mkdtemp(prefix="isopoll-echo-")
        self.process = subprocess.Popen(
            [
                program("server"),
                f"--backend={backend}",
                "--listen=tcp:127.0.0.1:0",
                "--listen=udp:127.0.0.1:0",
                f"--listen=unix:{self.folder}/s",
                f"--listen=unix-dgram:{self.folder}/d",
                *flags,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.endpoints = {}
        for transport in ["tcp", "udp", "unix", "unix-dgram"]:
            line = self.process.stdout.readline()
            self.endpoints[transport] = line.split()[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate()
        shutil.rmtree(self.folder)

    def cpu(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * PAGE


def client(backend, endpoint, *flags):
    return subprocess.Popen(
        [
            program("client"),
            f"--backend={backend}",
            f"--connect={endpoint}",
            "--json",
            *flags,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process):
    out, err = process.communicate()
    if process.returncode != 0:
        sys.exit(err + out)
    return json.loads(out)


def requests(server, backend, transport, flags):
    """Many connections, one small request under way on each."""
    cpu = server.cpu()
    report = finish(
        client(
            backend,
            server.endpoints[transport],
            f"--connections={flags.connections}",
            f"--duration={flags.seconds}s",
        )
    )
    cpu = server.cpu() - cpu
    latency = report["latency_ns"]
    return [
        f"{report['requests_per_second']:,.0f}",
        f"{cpu / report['requests'] * 1e6:.1f}",
        f"{latency['p50'] / 1e3:,.0f}",
        f"{latency['p99'] / 1e3:,.0f}",
        f"{latency['p99.9'] / 1e3:,.0f}",
    ]


def long_requests(server, backend, transport, flags):
    """One connection, one request under way that takes several segments."""
    report = finish(
        client(
            backend,
            server.endpoints[transport],
            "--size=20000",
            f"--duration={flags.seconds}s",
        )
    )
    return [f"{report['requests_per_second']:,.0f}"]


def stream(server, backend, transport, flags):
    """One connection with as much under way as it takes."""
    is_stream = transport in ["tcp", "unix"]
    cpu = server.cpu()
    report = finish(
        client(
            backend,
            server.endpoints[transport],
            f"--size={65536 if is_stream else 8192}",
            "--pipeline=8",
            f"--duration={flags.seconds}s",
        )
    )
    cpu = server.cpu() - cpu
    return [
        f"{report['megabytes_per_second']:,.0f}",
        f"{cpu / report['bytes'] * 1e9:.2f}",
    ]


def memory(backend, transport, flags):
    """Bytes for a connection that is open and does nothing."""
    if transport not in ["tcp", "unix"]:
        return ["-"]
    with Server(backend) as server:
        count = flags.idle_connections
        before = server.memory()
        loading = client(
            backend,
            server.endpoints[transport],
            f"--connections={count}",
            "--messages=2",
            f"--rate={count}",
        )
        most = 0
        while loading.poll() is None:
            most = max(most, server.memory())
        finish(loading)
        return [f"{(most - before) / count:.0f}"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--connections", type=int, default=100)
    parser.add_argument("--idle_connections", type=int, default=5000)
    parser.add_argument(
        "--server", action="append", default=[], help="a flag for the server"
    )
    flags = parser.parse_args()
    print(
        "| backend | transport | requests/s | CPU us per request | p50 us | "
        "p99 us | p99.9 us | 20 kB requests/s | stream MB/s | CPU ns per byte | "
        "bytes per idle connection |"
    )
    print("| --- | --- |" + " ---: |" * 9)
    for backend in backends():
        for transport in ["tcp", "udp", "unix", "unix-dgram"]:
            with Server(backend, *flags.server) as server:
                row = requests(server, backend, transport, flags)
                row += long_requests(server, backend, transport, flags)
                row += stream(server, backend, transport, flags)
            row += memory(backend, transport, flags)
            print(f"| {backend} | {transport} | " + " | ".join(row) + " |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
