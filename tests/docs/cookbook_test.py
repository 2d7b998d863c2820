#!/usr/bin/env python3
"""Runs the recipes of docs/cookbook.md, on each backend."""

import signal
import socket
import subprocess
import threading
import time
import unittest

import programs

COOKBOOK = "docs/cookbook/"


def task_count(process):
    with open(f"/proc/{process.pid}/status", encoding="utf-8") as status:
        return int(status.read().split("Threads:")[1].split()[0])


def ask(address, request):
    with programs.connect(address) as peer:
        peer.sendall(request)
        return programs.receive(peer, len(request))


class Cookbook(unittest.TestCase):
    def commands(self, recipe, *arguments):
        """How to run `recipe`, on each backend."""
        program = COOKBOOK + recipe
        for backend in programs.backends(program):
            yield [program, f"--backend={backend}", *arguments]

    def expect_stop(self, process, code=0):
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(programs.PATIENCE_S), code)

    def connect_with_timeout(self, address, timeout="60s"):
        """What it says, on each backend."""
        flag = f"--timeout={timeout}"
        for command in self.commands("connect_with_timeout", flag, address):
            done = subprocess.run(command, capture_output=True, text=True)
            yield done.stdout + done.stderr

    def test_connect(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = "127.0.0.1:%d" % listener.getsockname()[1]
            for said in self.connect_with_timeout(address):
                self.assertEqual(said, "connected\n")

    def test_connect_refused(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            address = "127.0.0.1:%d" % bound.getsockname()[1]
            for said in self.connect_with_timeout(address):
                self.assertIn("refused", said)

    def test_connect_in_vain(self):
        """On Linux a listener whose queue is full does not answer."""
        with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
            name = listener.getsockname()
            with socket.create_connection(name):
                address = "127.0.0.1:%d" % name[1]
                for said in self.connect_with_timeout(address, "50ms"):
                    self.assertIn("DEADLINE_EXCEEDED", said)

    def test_deadline_loop(self):
        for command in self.commands("deadline_loop", "--idle=1s"):
            with programs.server(*command) as (_, address):
                self.expect_only_the_silent_dropped(address)

    def expect_only_the_silent_dropped(self, address):
        talker, silent = programs.connect(address), programs.connect(address)
        silent.settimeout(0.05)
        begin = last = time.monotonic()
        longest = 0.0
        while True:
            talker.send(b"x")
            longest = max(longest, time.monotonic() - last)
            last = time.monotonic()
            try:
                self.assertEqual(silent.recv(1), b"")
                break
            except TimeoutError:
                self.assertLess(last - begin, programs.PATIENCE_S)
        self.assertGreater(time.monotonic() - begin, 0.9)
        talker.settimeout(0)
        if longest < 0.5:  # or else this test was too slow a talker
            with self.assertRaises(BlockingIOError):
                talker.recv(1)
        talker.settimeout(programs.PATIENCE_S)
        self.assertEqual(talker.recv(1), b"")

    def test_graceful_stop(self):
        size = 10_000_000
        for command in self.commands(
            "graceful_stop", f"--bytes={size}", "--drain=60s"
        ):
            with programs.server(*command) as (process, address):
                peer = programs.connect(address)
                self.assertEqual(len(programs.receive(peer, 1000)), 1000)
                process.send_signal(signal.SIGTERM)
                self.wait_until_refused(address)
                rest = programs.receive(peer, size)
                self.assertEqual(len(rest), size - 1000)
                self.assertEqual(process.wait(programs.PATIENCE_S), 0)

    def wait_until_refused(self, address):
        deadline = time.monotonic() + programs.PATIENCE_S
        while time.monotonic() < deadline:
            try:
                # One that is taken before the end gets everything as well.
                programs.connect(address).close()
            except (ConnectionRefusedError, ConnectionResetError):
                return
        self.fail("it still listens")

    def test_graceful_stop_ends(self):
        for command in self.commands(
            "graceful_stop", "--bytes=10000000", "--drain=100ms"
        ):
            with programs.server(*command) as (process, address):
                peer = programs.connect_in_order_not_to_read(address)
                peer.recv(1)
                self.expect_stop(process, code=1)

    def test_idle_graceful_stop(self):
        for command in self.commands("graceful_stop"):
            with programs.server(*command) as (process, _):
                self.expect_stop(process)

    def test_thread_pool_in_parallel(self):
        """Eight requests of a second each take less than eight seconds."""
        for command in self.commands("thread_pool", "--threads=8", "--work=1s"):
            with programs.server(*command) as (process, address):
                begin = time.monotonic()
                clients = [
                    threading.Thread(target=ask, args=[address, b"x"])
                    for _ in range(8)
                ]
                for client in clients:
                    client.start()
                for client in clients:
                    client.join()
                self.assertLess(time.monotonic() - begin, 7)
                self.expect_stop(process)

    def test_thread_pool_answers(self):
        request = b"".join(b"line %d\n" % i for i in range(10000))
        for command in self.commands("thread_pool", "--threads=4"):
            with programs.server(*command) as (process, address):
                for _ in range(3):
                    with programs.connect(address) as peer:
                        sender = threading.Thread(
                            target=peer.sendall, args=[request]
                        )
                        sender.start()
                        received = programs.receive(peer, len(request))
                        self.assertEqual(received, request.upper())
                        sender.join()
                # A sanitizer may have one of its own.
                self.assertGreaterEqual(task_count(process), 5)
                self.expect_stop(process)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
