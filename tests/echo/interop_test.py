#!/usr/bin/env python3
"""Our server with the clients that people have, and our client with another
server: nc, socat and Python, over each transport. A program that is not
installed is left out, and the test says so."""

import os
import shutil
import socket
import socketserver
import subprocess
import tempfile
import threading
import unittest

from programs import Server, load

MESSAGE = b"hello, world\n"
LONG = bytes(range(256)) * 4000  # a megabyte


def needs(program):
    return unittest.skipUnless(
        shutil.which(program), f"{program} is not installed"
    )


def host_and_port(endpoint):
    host, port = endpoint.split(":", 1)[1].rsplit(":", 1)
    return host, int(port)


def path(endpoint):
    return endpoint.split(":", 1)[1]


class OtherClients(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.__exit__)

    def expect_echo(self, command, data):
        done = subprocess.run(
            command, input=data, capture_output=True, timeout=60
        )
        self.assertEqual(done.stdout, data, done.stderr)

    @needs("nc")
    def test_nc(self):
        host, port = host_and_port(self.server.endpoints["tcp"])
        for data in [MESSAGE, LONG]:
            self.expect_echo(["nc", "-N", host, str(port)], data)
            self.expect_echo(
                ["nc", "-N", "-U", path(self.server.endpoints["unix"])], data
            )

    @needs("nc")
    def test_nc_with_datagrams(self):
        host, port = host_and_port(self.server.endpoints["udp"])
        # It cannot know when it has everything: -w is how long it waits.
        self.expect_echo(["nc", "-u", "-w", "1", host, str(port)], MESSAGE)

    @needs("socat")
    def test_socat(self):
        ends = self.server.endpoints
        host, port = host_and_port(ends["tcp"])
        for data in [MESSAGE, LONG]:
            for to in [f"TCP:{host}:{port}", f"UNIX-CONNECT:{path(ends['unix'])}"]:
                self.expect_echo(["socat", "-t", "30", "-", to], data)

    @needs("socat")
    def test_socat_with_datagrams(self):
        ends = self.server.endpoints
        host, port = host_and_port(ends["udp"])
        own = f"{self.server.folder}/socat"
        for to in [
            f"UDP:{host}:{port}",
            f"UNIX-SENDTO:{path(ends['unix-dgram'])},bind={own}",
        ]:
            self.expect_echo(["socat", "-t", "1", "-", to], MESSAGE)

    def test_python(self):
        ends = self.server.endpoints
        for transport, family, where in [
            ("tcp", socket.AF_INET, host_and_port(ends["tcp"])),
            ("unix", socket.AF_UNIX, path(ends["unix"])),
        ]:
            with self.subTest(transport), socket.socket(family) as peer:
                peer.settimeout(60)
                peer.connect(where)
                sender = threading.Thread(target=self.send_and_finish, args=[peer])
                sender.start()
                received = b""
                while piece := peer.recv(1 << 16):
                    received += piece
                sender.join()
                self.assertEqual(received, LONG)

    def send_and_finish(self, peer):
        peer.sendall(LONG)
        peer.shutdown(socket.SHUT_WR)

    def test_python_with_datagrams(self):
        ends = self.server.endpoints
        own = f"{self.server.folder}/python"
        for transport, family, bind, where in [
            ("udp", socket.AF_INET, ("127.0.0.1", 0), host_and_port(ends["udp"])),
            ("unix-dgram", socket.AF_UNIX, own, path(ends["unix-dgram"])),
        ]:
            with self.subTest(transport), socket.socket(
                family, socket.SOCK_DGRAM
            ) as peer:
                peer.settimeout(60)
                peer.bind(bind)
                for data in [MESSAGE, b"", LONG[:9000]]:
                    peer.sendto(data, where)
                    self.assertEqual(peer.recv(1 << 16), data)


class StreamEcho(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1 << 16):
            self.request.sendall(data)


class DatagramEcho(socketserver.BaseRequestHandler):
    def handle(self):
        data, own = self.request
        own.sendto(data, self.client_address)


class UnixStreams(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


class OtherServers(unittest.TestCase):
    def test_python(self):
        with tempfile.TemporaryDirectory(prefix="isopoll-echo-") as folder:
            for transport, kind, where, handler in [
                ("tcp", socketserver.ThreadingTCPServer, None, StreamEcho),
                ("udp", socketserver.UDPServer, None, DatagramEcho),
                ("unix", UnixStreams, f"{folder}/s", StreamEcho),
                (
                    "unix-dgram",
                    socketserver.UnixDatagramServer,
                    f"{folder}/d",
                    DatagramEcho,
                ),
            ]:
                with self.subTest(transport):
                    server = kind(where or ("127.0.0.1", 0), handler)
                    threading.Thread(target=server.serve_forever).start()
                    try:
                        self.put_load_on(transport, where, server)
                    finally:
                        server.shutdown()
                        server.server_close()

    def put_load_on(self, transport, where, server):
        endpoint = where or "%s:%d" % server.server_address
        report = load(
            f"{transport}:{endpoint}",
            "--connections=5",
            "--messages=20",
            "--pipeline=3",
            "--timeout=60s",
            "--datagram_timeout=30s",
        )
        self.assertEqual(report["requests"], 100)

    @needs("socat")
    def test_socat(self):
        with tempfile.TemporaryDirectory(prefix="isopoll-echo-") as folder:
            server = subprocess.Popen(
                ["socat", f"UNIX-LISTEN:{folder}/s,fork", "EXEC:cat"]
            )
            try:
                while not os.path.exists(f"{folder}/s"):
                    self.assertIsNone(server.poll())
                report = load(
                    f"unix:{folder}/s", "--connections=3", "--messages=20"
                )
                self.assertEqual(report["requests"], 60)
            finally:
                server.terminate()
                server.wait()


if __name__ == "__main__":
    unittest.main()
