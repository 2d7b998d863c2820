#!/usr/bin/env python3
"""docs/examples/fetch: libcurl on every backend."""

import hashlib
import http.server
import os
import socket
import sys
import tempfile
import threading
import unittest

from programs import BOUND, Ended, on_every_backend


def pattern(size):
    return bytes(i * 7 % 251 for i in range(min(size, 251))) * (size // 251 + 1)


class Handler(http.server.BaseHTTPRequestHandler):
    """/SIZE/HOW answers with SIZE bytes; a PUT, with the digest of its body."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        _, size, how = self.path.split("/")
        body = pattern(int(size))[: int(size)]
        if how == "silent":
            self.server.over.wait(BOUND)
            self.close_connection = True
            return
        self.start(body)
        half = len(body) // 2
        self.wfile.write(body[:half])
        if how == "cut":
            self.close_connection = True
            return
        if how == "held":
            self.server.released.wait(BOUND)
        self.wfile.write(body[half:])
        if how == "release":
            self.server.released.set()

    def do_PUT(self):
        _, size, how = self.path.split("/")
        if how == "held":  # The sender fills what is between us meanwhile.
            self.server.released.wait(BOUND)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = hashlib.sha256(body).hexdigest().encode()
        self.start(answer)
        self.wfile.write(answer)
        if how == "release":
            self.server.released.set()

    def start(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 100

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.released = threading.Event()
        self.over = threading.Event()
        self.failed = False
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self.thread.start()

    def url(self, size, how="plain", host="127.0.0.1"):
        return f"http://{host}:{self.server_port}/{size}/{how}"

    def stop(self):
        self.over.set()
        self.released.set()
        self.shutdown()
        self.thread.join()
        self.server_close()
        assert not self.failed

    def handle_error(self, request, client_address):
        # A client goes away when its time is up. Nothing else may go wrong.
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)
            self.failed = True


@on_every_backend("fetch")
class Curl(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def fetch(self, *arguments):
        return Ended(
            "fetch",
            f"--backend={self.backend}",
            f"--folder={self.folder}",
            f"--timeout={BOUND / 2}s",
            *arguments,
        )

    def body(self, index):
        with open(os.path.join(self.folder, str(index)), "rb") as file:
            return file.read()

    def upload(self, size):
        name = os.path.join(self.folder, "upload")
        with open(name, "wb") as file:
            file.write(pattern(size)[:size])
        return f"--upload={name}"

    def expect_bodies(self, sizes):
        for index, size in enumerate(sizes):
            self.assertEqual(self.body(index), pattern(size)[:size], index)

    def test_many_transfers_at_once(self):
        sizes = [size for size in (0, 1, 1000, 100_000, 3_000_000) for _ in range(8)]
        for check_closed in ("false", "true"):
            with self.subTest(check_closed):
                ended = self.fetch(
                    f"--check_closed={check_closed}",
                    *map(self.server.url, sizes),
                )
                self.assertEqual(ended.status, 0, ended.lines + [ended.errors])
                self.assertEqual(len(ended.lines), len(sizes))
                self.expect_bodies(sizes)

    def test_a_slow_body_holds_nobody_up(self):
        slow = self.server.url(100_000, "held")
        quick = self.server.url(1000, "release")
        ended = self.fetch(slow, quick)
        self.assertEqual(ended.status, 0, ended.lines + [ended.errors])
        self.expect_bodies([100_000, 1000])

    # More than the sockets hold: curl has to wait until it can write.
    def test_uploads_to_a_slow_reader(self):
        size = 20_000_000
        urls = [self.server.url(0, how) for how in ("held", "held", "release")]
        ended = self.fetch(self.upload(size), *urls)
        self.assertEqual(ended.status, 0, ended.lines + [ended.errors])
        digest = hashlib.sha256(pattern(size)[:size]).hexdigest().encode()
        for index in range(len(urls)):
            self.assertEqual(self.body(index), digest)

    def test_a_refused_port_and_a_body_cut_short(self):
        with socket.socket() as closed:  # Bound, but listens not.
            closed.bind(("127.0.0.1", 0))
            refused = f"http://127.0.0.1:{closed.getsockname()[1]}/"
            cut = self.server.url(100_000, "cut")
            good = self.server.url(1000)
            for check_closed in ("false", "true"):
                ended = self.fetch(
                    f"--check_closed={check_closed}", refused, cut, good
                )
                self.assertEqual(
                    sorted(ended.lines),
                    sorted(
                        [
                            f"{refused}: 0, 0 bytes, Couldn't connect to server",
                            f"{cut}: 200, 50000 bytes, Transferred a partial file",
                            f"{good}: 200, 1000 bytes, No error",
                        ]
                    ),
                    ended.errors,
                )
                self.assertEqual(ended.status, 1)

    # Another thread of curl's finds the address, and says so on a socket pair.
    def test_a_host_by_name(self):
        ended = self.fetch(self.server.url(1000, host="localhost"))
        self.assertEqual(ended.status, 0, ended.lines + [ended.errors])
        self.expect_bodies([1000])

    def test_a_server_that_says_nothing(self):
        ended = self.fetch("--timeout=2s", self.server.url(1, "silent"))
        self.assertEqual(len(ended.lines), 1, ended.errors)
        self.assertIn(" Timeout was reached", ended.lines[0])
        self.assertGreaterEqual(ended.seconds, 2)
        self.assertLess(ended.cpu_seconds, 0.4)  # It slept.


if __name__ == "__main__":
    unittest.main()
