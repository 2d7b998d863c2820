#!/usr/bin/env python3
"""Runs the programs of docs/tutorial.md."""

import re
import socket
import subprocess
import threading
import unittest

import programs

POLLER_SERVER = "docs/tutorial/poller_server"
CONDITIONS = "docs/tutorial/conditions"
# What docs/tutorial.md says that it prints.
SHOWN = r"\$ tools/bazel run //docs/tutorial:conditions\n(.*?)```"


class Tutorial(unittest.TestCase):
    def on_each_backend(self, program):
        for backend in programs.backends(program):
            yield [program, f"--backend={backend}"]

    def expect_echo(self, peer, data):
        """What `peer` sends comes back."""
        sender = threading.Thread(target=peer.sendall, args=[data])
        sender.start()
        self.assertEqual(programs.receive(peer, len(data)), data)
        sender.join()

    def expect_classic_service(self, address):
        """Several clients, one at its end and one that resets."""
        first, second = programs.connect(address), programs.connect(address)
        self.expect_echo(first, b"one")
        self.expect_echo(second, bytes(range(256)) * 1000)
        self.expect_echo(first, b"three")
        programs.reset(second)
        self.expect_echo(first, b"four")
        first.shutdown(socket.SHUT_WR)
        self.assertEqual(first.recv(1), b"")

    def test_select_server(self):
        with programs.server("docs/tutorial/select_server") as (_, address):
            self.expect_classic_service(address)

    def test_a_client_stops_the_select_server(self):
        with programs.server("docs/tutorial/select_server") as (_, address):
            other = programs.connect(address)
            self.expect_echo(other, b"alone")
            clogged = programs.connect_in_order_not_to_read(address)
            other.settimeout(0.5)
            with self.assertRaises(TimeoutError):
                for _ in range(100):
                    programs.send_until_full(clogged)
                    other.settimeout(0.5)
                    other.send(b"anybody there?")
                    programs.receive(other, 14)
            programs.reset(clogged)
            other.settimeout(programs.PATIENCE_S)
            self.assertEqual(programs.receive(other, 14), b"anybody there?")

    def test_poller_server(self):
        for command in self.on_each_backend(POLLER_SERVER):
            with programs.server(*command) as (process, address):
                clogged = programs.connect_in_order_not_to_read(address)
                programs.send_until_full(clogged)
                self.expect_classic_service(address)
                programs.reset(clogged)
                self.expect_classic_service(address)
                self.assertIsNone(process.poll())

    def test_a_client_that_reads_late_gets_everything(self):
        for command in self.on_each_backend(POLLER_SERVER):
            with programs.server(*command) as (_, address):
                peer = programs.connect(address)
                sent = programs.send_until_full(peer)
                self.assertEqual(len(programs.receive(peer, sent)), sent)
                peer.sendall(b"the last")
                peer.shutdown(socket.SHUT_WR)
                self.assertEqual(programs.receive(peer, 9), b"the last")

    def test_conditions(self):
        with open("docs/tutorial.md", encoding="utf-8") as page:
            shown = re.search(SHOWN, page.read(), re.S)[1]
        for command in self.on_each_backend(CONDITIONS):
            done = subprocess.run(
                command, capture_output=True, text=True, check=True, timeout=300
            )
            self.assertEqual(done.stdout, shown)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
