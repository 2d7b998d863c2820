#!/usr/bin/env python3
"""echo/server and its standard output: nobody reads it, it is closed, or it
breaks and is mended."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import unittest


class Output(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="isopoll-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "s")

    def start(self, **how):
        server = subprocess.Popen(
            ["echo/server", f"--listen=unix:{self.path}", "--verbose"], **how
        )
        self.addCleanup(lambda: (server.kill(), server.communicate()))
        return server

    def connect(self):
        end = time.monotonic() + 60
        while True:
            peer = socket.socket(socket.AF_UNIX)
            peer.settimeout(60)
            try:
                peer.connect(self.path)
                self.addCleanup(peer.close)
                return peer
            except OSError:
                peer.close()
                self.assertLess(time.monotonic(), end)

    def expect_echo(self, peer, count=1):
        for _ in range(count):
            peer.send(b"hello")
            self.assertEqual(peer.recv(5), b"hello")

    def test_nobody_reads_it(self):
        server = self.start(stdout=subprocess.PIPE)
        # More lines than a pipe holds.
        self.expect_echo(self.connect(), 3000)
        seen = b""
        while b"lines lost)" not in seen:
            seen += os.read(server.stdout.fileno(), 1 << 16)
            self.expect_echo(self.connect())
        self.assertIn(b"connection 1: received 5 bytes", seen)

    def test_it_is_closed(self):
        server = self.start(preexec_fn=lambda: os.close(1))
        self.expect_echo(self.connect(), 10)
        self.assertEqual(os.readlink(f"/proc/{server.pid}/fd/1"), "/dev/null")

    def test_it_breaks_and_is_mended(self):
        fifo = os.path.join(self.folder, "fifo")
        os.mkfifo(fifo)
        reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        writer = os.open(fifo, os.O_WRONLY)
        self.start(stdout=writer)
        os.close(writer)
        peer = self.connect()
        self.expect_echo(peer)
        os.close(reader)
        self.expect_echo(peer, 5)
        with open(fifo, "rb") as again:
            while b"lines lost)" not in again.readline():
                self.expect_echo(peer)


if __name__ == "__main__":
    unittest.main()
