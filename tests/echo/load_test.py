#!/usr/bin/env python3
"""Thousands of connections at once, every byte checked; and a server that is
stopped, overrun and idle.

How many connections, is a matter of the descriptors that a process may have;
it is printed, as is the memory that each takes.
"""

import resource
import signal
import time
import unittest

from programs import Server, backends, end_load, load, start_load

MOST = 10000
STREAMS = ["tcp", "unix"]
SPARE = 100  # descriptors, for other things than connections


def connections():
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return MOST if limit == resource.RLIM_INFINITY else min(MOST, limit - SPARE)


def await_that(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not come to pass")
        time.sleep(0.01)


def waiting_in_queue(port):
    """How many connections wait to be accepted on a port of 127.0.0.1."""
    with open("/proc/net/tcp", encoding="ascii") as sockets:
        for line in sockets:
            fields = line.split()
            # State 0A is LISTEN; its "receive queue" is that of connections.
            if fields[3] == "0A" and fields[1] == f"0100007F:{port:04X}":
                return int(fields[4].split(":")[1], 16)
    return 0


class Load(unittest.TestCase):
    def test_many_connections(self):
        count = connections()
        for backend in backends():
            for transport in STREAMS:
                with self.subTest(backend=backend, transport=transport):
                    self.many_connections(count, backend, transport)

    def many_connections(self, count, backend, transport):
        with Server(f"--backend={backend}") as server:
            before = server.resident_bytes()
            client = start_load(
                server.endpoints[transport],
                f"--backend={backend}",
                f"--connections={count}",
                "--size=100",
                "--messages=3",
                "--rate=15000",
                "--timeout=120s",
            )
            # While there are still requests to come, all are open.
            most = 0
            while client.poll() is None:
                most = max(most, server.resident_bytes())
                time.sleep(0.02)
            report = end_load(client)
            self.assertEqual(report["most_open"], count)
            self.assertEqual(report["requests"], 3 * count)
            self.assertIn(f"{count} finished", server.stop())
        print(
            f"{backend} {transport}: {count} connections, "
            f"{(most - before) / count:.0f} bytes of memory each, "
            f"{report['requests_per_second']:.0f} requests/s"
        )

    def test_a_stopped_server_loses_nobody(self):
        """SIGSTOP, more clients than its queue holds, and SIGCONT."""
        for backend in backends():
            for transport in STREAMS:
                with self.subTest(backend=backend, transport=transport):
                    self.stopped_server(backend, transport)

    def stopped_server(self, backend, transport):
        with Server(f"--backend={backend}") as server:
            endpoint = server.endpoints[transport]
            self.addCleanup(self.resume, server.process)
            server.process.send_signal(signal.SIGSTOP)
            client = start_load(
                endpoint, "--connections=1300", "--messages=2", "--timeout=60s"
            )
            if transport == "tcp":
                port = int(endpoint.rsplit(":", 1)[1])
                await_that(lambda: waiting_in_queue(port) > 1024)
            server.process.send_signal(signal.SIGCONT)
            self.assertEqual(end_load(client)["requests"], 2600)
            self.assertIn(
                "served 1300 connections (1300 finished, 0 reset", server.stop()
            )

    def resume(self, process):
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)

    def test_idle_costs_nothing(self):
        for backend in backends():
            with self.subTest(backend=backend), Server(
                f"--backend={backend}", "--threads=2"
            ) as server:
                client = start_load(
                    server.endpoints["tcp"],
                    "--connections=500",
                    "--messages=2",
                    "--rate=250",  # the second round comes after 2 s
                )
                descriptors = server.descriptors()
                await_that(lambda: server.descriptors() > descriptors + 490)
                client.send_signal(signal.SIGSTOP)
                time.sleep(0.3)  # what was on its way arrives
                before = server.cpu_seconds()
                time.sleep(1)
                spent = server.cpu_seconds() - before
                client.send_signal(signal.SIGCONT)
                self.assertLessEqual(spent, 0.02, "it spins")
                self.assertEqual(end_load(client)["requests"], 1000)

    def test_crowds_come_and_go(self):
        for backend in backends():
            with self.subTest(backend=backend), Server(
                f"--backend={backend}"
            ) as server:
                descriptors = server.descriptors()
                for transport, endpoint in server.endpoints.items():
                    report = load(
                        endpoint,
                        # As many datagrams as the kernel surely keeps.
                        f"--connections={300 if transport in STREAMS else 50}",
                        "--reconnect_after=1",
                        "--duration=500ms",
                        "--timeout=60s",
                        "--datagram_timeout=60s",
                    )
                    self.assertGreater(
                        report["opened"], report["most_open"], transport
                    )
                await_that(lambda: server.descriptors() == descriptors)


if __name__ == "__main__":
    unittest.main()
