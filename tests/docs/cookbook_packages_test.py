#!/usr/bin/env python3
"""Runs the recipes of docs/cookbook.md that take packages, on each backend."""

import os
import select
import signal
import socket
import ssl
import subprocess
import time
import unittest

import programs

TLS = "docs/cookbook/tls_echo_server"
GLIB = "docs/cookbook/glib_main_loop"
# More than the buffers between two sockets hold.
LONG = bytes(range(256)) * (16 << 12)


def echo(peer, data):
    """What comes back of `data`, for which there is room."""
    peer.sendall(data)
    return programs.receive(peer, len(data))


def send_until_full(peer, data):
    """How much went before no more did for a tenth of a second."""
    peer.setblocking(False)
    sent = 0
    while sent < len(data):
        try:
            sent += peer.send(data[sent : sent + 16384])
        except ssl.SSLWantWriteError:
            if not select.select([], [peer], [], 0.1)[1]:
                break
    return sent


def receive_and_send(peer, size, rest):
    """What comes back: `size` bytes that were sent, and then the rest."""
    size += len(rest)
    received = bytearray()
    while len(received) < size:
        try:
            if rest:
                rest = rest[peer.send(rest[:16384]) :]
        except ssl.SSLWantWriteError:
            pass
        try:
            piece = peer.recv(65536)
            if not piece:
                break
            received += piece
        except ssl.SSLWantReadError:
            select.select([peer], [peer] if rest else [], [], programs.PATIENCE_S)
    return bytes(received)


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.pem = os.path.join(os.environ["TEST_TMPDIR"], "certificate.pem")
        with open(cls.pem, "wb") as pem:
            subprocess.run(
                ["tests/docs/make_certificate"], stdout=pem, check=True
            )
        cls.context = ssl.create_default_context(cafile=cls.pem)

    def connect(self, address):
        return self.context.wrap_socket(
            programs.connect(address), server_hostname="localhost"
        )

    def servers(self):
        for backend in programs.backends(TLS):
            with programs.server(
                TLS, f"--backend={backend}", self.pem
            ) as (process, address):
                yield address, process
                self.assertIsNone(process.poll())

    def test_records_larger_than_what_is_read(self):
        """16 KiB each, of which the socket says nothing once it is read."""
        for address, _ in self.servers():
            with self.connect(address) as peer:
                self.assertEqual(echo(peer, LONG[:16384]), LONG[:16384])
                self.assertEqual(echo(peer, b"x"), b"x")

    def test_close_is_answered(self):
        for address, _ in self.servers():
            with programs.connect(address) as raw:
                self.say_and_close(raw)
                # Its close_notify, and not only the end of the connection.
                self.assertNotEqual(raw.recv(100), b"")

    def say_and_close(self, raw):
        received, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        peer = self.context.wrap_bio(received, sent, server_hostname="localhost")
        for step in [peer.do_handshake, lambda: peer.write(b"x"), peer.read]:
            while True:
                try:
                    step()
                    break
                except ssl.SSLWantReadError:
                    raw.sendall(sent.read())
                    received.write(raw.recv(65536))
        with self.assertRaises(ssl.SSLWantReadError):
            peer.unwrap()
        raw.sendall(sent.read())

    def expect_rest(self, process):
        """Soon half a second passes in which it does nearly nothing."""
        deadline = time.monotonic() + programs.PATIENCE_S
        while time.monotonic() < deadline:
            before = programs.cpu_s(process)
            time.sleep(0.5)
            if programs.cpu_s(process) - before < 0.005:
                return
        self.fail("it waits for what is there already")

    def test_more_than_there_is_room_for(self):
        for address, process in self.servers():
            with self.connect(address) as peer:
                sent = send_until_full(peer, LONG)
                self.assertLess(sent, len(LONG))
                self.expect_rest(process)
                self.assertEqual(receive_and_send(peer, sent, LONG[sent:]), LONG)

    def test_others_go_on(self):
        """Beside one that does not read, one that says nothing, one that
        speaks no TLS, and one that is gone."""
        for address, _ in self.servers():
            clogged = self.connect(address)
            send_until_full(clogged, LONG)
            silent = programs.connect(address)
            stranger = programs.connect(address)
            stranger.send(b"GET / HTTP/1.0\r\n\r\n")
            gone = self.connect(address)
            gone.send(b"half")
            programs.reset(gone)
            with self.connect(address) as peer:
                self.assertEqual(echo(peer, b"hello"), b"hello")
            silent.close()


class GlibMainLoop(unittest.TestCase):
    def test_echo(self):
        for backend in programs.backends(GLIB):
            with self.subTest(backend):
                with programs.server(GLIB, f"--backend={backend}") as (
                    process,
                    address,
                ):
                    first = programs.connect(address)
                    second = programs.connect(address)
                    for peer in [first, second, first]:
                        for _ in range(100):
                            self.assertEqual(echo(peer, b"hello"), b"hello")
                    first.shutdown(socket.SHUT_WR)
                    self.assertEqual(first.recv(1), b"")
                    process.send_signal(signal.SIGTERM)
                    self.assertEqual(process.wait(programs.PATIENCE_S), 0)


if __name__ == "__main__":
    unittest.main(warnings="ignore")
