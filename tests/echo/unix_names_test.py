#!/usr/bin/env python3
"""echo/server at Unix-domain names: whose they are, and what is in them."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest


def start(path, *arguments):
    """A server that serves at `path` by the time this returns."""
    server = subprocess.Popen(
        ["echo/server", f"--listen=unix:{path}", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    )
    server.stdout.readline()
    return server


def connect(path):
    peer = socket.socket(socket.AF_UNIX)
    peer.settimeout(60)
    peer.connect(path)
    return peer


class UnixNames(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="isopoll-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = os.path.join(self.folder, "s")

    def end(self, server):
        server.kill()
        server.communicate()

    def start(self, *arguments):
        server = start(self.path, *arguments)
        self.addCleanup(self.end, server)
        return server

    def stop(self, server):
        server.send_signal(signal.SIGTERM)
        rest = server.communicate(timeout=60)[0]
        self.assertEqual(server.returncode, 0)
        return rest

    def test_the_path_goes_with_the_server(self):
        self.stop(self.start())
        self.assertFalse(os.path.exists(self.path))

    def test_a_successor_keeps_the_path(self):
        first = self.start("--drain_timeout=60s")
        # One that does not read: the server waits for it in the end.
        with connect(self.path) as clogged:
            clogged.send(b"x")
            self.assertEqual(clogged.recv(1), b"x")  # it has been accepted
            clogged.setblocking(False)
            try:
                while True:
                    clogged.send(bytes(10000))
            except BlockingIOError:
                pass
            first.send_signal(signal.SIGTERM)
            while True:  # until it listens no more
                try:
                    connect(self.path).close()
                except BlockingIOError:  # its queue is full
                    pass
                except ConnectionRefusedError:
                    break
            second = self.start()
        first.communicate(timeout=60)
        with connect(self.path) as peer:
            peer.send(b"hello")
            self.assertEqual(peer.recv(5), b"hello")
        self.stop(second)
        self.assertFalse(os.path.exists(self.path))

    def test_a_name_cannot_forge_the_log(self):
        server = self.start("--verbose")
        with socket.socket(socket.AF_UNIX) as peer:
            peer.bind("\0isopoll\nconnection 7: closing\x1b[31m" + self.path)
            peer.connect(self.path)
            peer.send(b"x")
            peer.recv(1)
        log = self.stop(server)
        self.assertIn(r"isopoll\nconnection 7: closing\x1b[31m", log)
        self.assertNotIn("\nconnection 7", log)
        self.assertNotIn("\x1b", log)

    def test_a_directory_is_no_name(self):
        refused = subprocess.run(
            ["echo/server", f"--listen=unix:{self.folder}"],
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(refused.returncode, 1)
        self.assertIn("is a directory", refused.stderr)


if __name__ == "__main__":
    unittest.main()
