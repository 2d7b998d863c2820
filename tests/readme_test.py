#!/usr/bin/env python3
"""Holds README.md, docs/tour.md and docs/embedding.md to the truth.

- In a block that begins with `$ tools/bazel run LABEL`, that program is run,
  and must print the lines below it; `...` stands for more. Ports and the order
  of what concerns two clients are chance, and so are not compared; nor are the
  numbers that a load comes to.
- Links lead to files of the source tree.
- The server on one page is the one in the source tree, and serves.

- What embeds isopoll is the text of the programs in tests/consumers, whose own
  tests build and run them.
"""

import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import threading
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
PAGES = ("README.md", "docs/embedding.md", "docs/tour.md")
RUN = "$ tools/bazel run "
PROGRAMS = {
    "//echo:client": "echo/client",
    "//echo:demo": "tests/echo/demo",
    "//echo:server": "echo/server",
    "//tests:replay": "tests/differential/replay",
    "//tools:agreement": "tools/agreement/agreement",
}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


README = "".join(map(read, PAGES))


def blocks():
    """What the pages show; a program is the same however it is compiled."""
    text = README.replace("bazel run -c opt ", "bazel run ")
    return re.findall(r"^```\w*\n(.*?)^```$", text, re.M | re.S)


def without_ports(text):
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)


def without_measures(text):
    text = re.sub(r"(?<![\w.])\d+(\.\d+)?(e\+\d+)? (ns|us|ms|s)\b", "TIME", text)
    return re.sub(r"(?<![\w.])\d+(\.\d+)?", "N", text)


def backends():
    wrong = subprocess.run(
        ["echo/server", "--backend=none"], capture_output=True, text=True
    )
    return re.search(r"choose one of ([a-z, ]+)", wrong.stderr)[1].split(", ")


def connect(address):
    host, port = address.rsplit(":", 1)
    peer = socket.create_connection((host, int(port)), timeout=60)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    return peer


def fill(peer):
    """Sends until no more goes for a tenth of a second."""
    peer.settimeout(0.1)
    try:
        while True:
            peer.send(bytes(10000))
    except TimeoutError:
        pass


def send_all(peer, data):
    peer.sendall(data)
    peer.shutdown(socket.SHUT_WR)


def receive_all(peer):
    received = b""
    while piece := peer.recv(1 << 16):
        received += piece
    return received


class Readme(unittest.TestCase):
    def expect(self, shown, printed):
        """Every line shown was printed."""
        lines = without_ports(printed).splitlines() + ["..."]
        for line in without_ports(shown).splitlines():
            self.assertIn(line, lines)

    def command(self, label, flag=""):
        """The arguments and the shown output of `label` with that flag."""
        for block in blocks():
            first, shown = block.split("\n", 1)
            if first.startswith(RUN + label) and flag in first:
                words = shlex.split(first[len(RUN) :])
                return [PROGRAMS[label]] + words[2:], shown
        self.fail(f"README shows no run of {label}")

    def expect_run(self, label):
        arguments, shown = self.command(label)
        done = subprocess.run(
            arguments, capture_output=True, text=True, timeout=60, check=True
        )
        self.expect(shown, done.stdout)

    def test_programs_that_stand_alone(self):
        for label in "//echo:demo", "//tests:replay", "//tools:agreement":
            with self.subTest(label):
                self.expect_run(label)

    def test_every_run_is_tested(self):
        for block in blocks():
            if block.startswith(RUN):
                self.assertIn(block[len(RUN) :].split()[0], PROGRAMS)

    def start_server(self, arguments):
        return subprocess.Popen(
            [argument.replace(":8090", ":0") for argument in arguments],
            stdout=subprocess.PIPE,
            text=True,
        )

    def test_load(self):
        server = self.start_server(["echo/server", "--listen=127.0.0.1:8090"])
        try:
            port = re.search(r":(\d+) ", server.stdout.readline()).group(1)
            arguments, shown = self.command("//echo:client", "--duration")
            done = subprocess.run(
                [argument.replace("8090", port) for argument in arguments],
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
            self.assertEqual(
                without_measures(done.stdout), without_measures(shown)
            )
        finally:
            server.kill()
            server.communicate()

    def test_the_server_on_one_page(self):
        self.assertIn(f"```cpp\n{read('echo/minimal_server.cc')}```", README)
        for backend in backends():
            with self.subTest(backend):
                self.minimal_server(backend)

    def minimal_server(self, backend):
        server = subprocess.Popen(
            ["echo/minimal_server", f"--backend={backend}", "127.0.0.1:0"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            address = server.stdout.readline().strip()
            clogged = connect(address)
            fill(clogged)  # and does not read
            reset = connect(address)
            reset.send(b"half a mess")
            reset.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            reset.close()
            finished = connect(address)
            data = bytes(range(256)) * 1000
            sender = threading.Thread(target=send_all, args=[finished, data])
            sender.start()
            self.assertEqual(receive_all(finished), data)
            sender.join()
            finished.close()
            # Many come and go, a few of them in one turn of its loop.
            done = subprocess.run(
                [
                    "echo/client",
                    f"--connect={address}",
                    "--connections=50",
                    "--reconnect_after=3",
                    "--duration=300ms",
                    "--timeout=60s",
                ],
                capture_output=True,
                text=True,
                timeout=120,
            )
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            clogged.close()
            self.assertIsNone(server.poll())
        finally:
            server.kill()
            server.communicate()

    def test_embedding(self):
        for path, first in (
            ("bazel_module/main.cc", "#include"),
            ("bazel_module/BUILD", "load"),
            ("bazel_module/MODULE.bazel", "bazel_dep"),
            ("bazel_module/.bazelrc", "build"),
            ("bazel_workspace/main.cc", "#include"),
            ("bazel_workspace/BUILD", "load"),
            ("bazel_workspace/WORKSPACE", "local_repository"),
            ("bazel_workspace/.bazelrc", "build"),
        ):
            with self.subTest(path):
                text = read(f"tests/consumers/{path}")
                self.assertIn(f"\n{text[text.index(first) :]}```", README)

    def test_server_and_client(self):
        arguments, server_shown = self.command("//echo:server")
        server = self.start_server(arguments)
        try:
            listening = server.stdout.readline()
            port = re.search(r":(\d+) ", listening).group(1)
            arguments, shown = self.command("//echo:client", "--message")
            done = subprocess.run(
                [argument.replace("8090", port) for argument in arguments],
                capture_output=True,
                text=True,
                timeout=60,
                check=True,
            )
            self.expect(shown, done.stdout)
        finally:
            server.send_signal(signal.SIGINT)
            rest = server.communicate(timeout=60)[0]
        self.assertEqual(server.returncode, 0)
        self.expect(server_shown, listening + rest)

    def test_links(self):
        for page in PAGES:
            for target in re.findall(r"\]\(([^)#:]+)\)", read(page)):
                path = os.path.join(TREE, os.path.dirname(page), target)
                self.assertTrue(os.path.exists(path), f"{page}: {target}")


if __name__ == "__main__":
    unittest.main()
