#!/usr/bin/env python3
"""Two minutes of coming and going on every backend at once: descriptors and
memory must end where they began.

SOAK_SECONDS=600 makes it longer. Not among the ordinary tests: `tools/check
soak` runs it.
"""

import os
import time
import unittest

from programs import Server, backends, end_load, start_load

SECONDS = int(os.environ.get("SOAK_SECONDS", "120"))
WARM_UP = 10
# What an allocator may keep more of after two minutes than after ten seconds.
SLACK_BYTES = 1 << 20


def churn(server, seconds):
    """Loads of all kinds on one server."""
    loads = [
        ("tcp", "--connections=100", "--reconnect_after=3", "--size=300"),
        ("unix", "--connections=50", "--reconnect_after=10", "--size=20000"),
        ("tcp", "--connections=20", "--size=100000", "--rate=200"),
        ("udp", "--connections=20", "--reconnect_after=5", "--rate=2000"),
        ("unix-dgram", "--connections=20", "--reconnect_after=5"),
    ]
    return [
        start_load(
            server.endpoints[transport],
            *arguments,
            f"--duration={seconds}s",
            "--timeout=60s",
            "--datagram_timeout=30s",
        )
        for transport, *arguments in loads
    ]


def settled(server):
    """Descriptors and memory, once all connections are gone."""
    for _ in range(500):
        if server.descriptors() == settled.descriptors[server]:
            break
        time.sleep(0.02)
    return server.descriptors(), server.resident_bytes()


settled.descriptors = {}


class Soak(unittest.TestCase):
    def test_ends_where_it_began(self):
        servers = {
            name: Server(f"--backend={name}", "--threads=2")
            for name in backends()
        }
        for server in servers.values():
            self.addCleanup(server.__exit__)
            settled.descriptors[server] = server.descriptors()
        self.run_all(servers, WARM_UP)
        began = {name: settled(server) for name, server in servers.items()}
        self.run_all(servers, SECONDS)
        for name, server in servers.items():
            descriptors, memory = settled(server)
            print(
                f"{name}: descriptors {began[name][0]} -> {descriptors}, "
                f"memory {began[name][1] >> 10} KiB -> {memory >> 10} KiB"
            )
            self.assertEqual(descriptors, began[name][0], name)
            self.assertLess(memory, began[name][1] + SLACK_BYTES, name)
            print(f"{name}: {server.stop().strip()}")

    def run_all(self, servers, seconds):
        clients = [
            client
            for server in servers.values()
            for client in churn(server, seconds)
        ]
        for client in clients:
            end_load(client, timeout=seconds + 120)


if __name__ == "__main__":
    unittest.main()
