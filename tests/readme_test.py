#!/usr/bin/env python3
"""Holds README.md to the truth.

- In a block that begins with `$ tools/bazel run //echo:NAME`, that program is
  run, and must print the lines below it; `...` stands for more. Ports and the
  order of what concerns two clients are chance, and so are not compared.
- Links lead to files of the source tree.

What README says of embedding is embedding_test's to prove.
"""

import os
import re
import shlex
import signal
import subprocess
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
README = open("README.md", encoding="utf-8").read()
RUN = "$ tools/bazel run //echo:"


def blocks():
    return re.findall(r"^```\w*\n(.*?)^```$", README, re.M | re.S)


def without_ports(text):
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", text)


class Readme(unittest.TestCase):
    def expect(self, shown, printed):
        """Every line shown was printed."""
        lines = without_ports(printed).splitlines() + ["..."]
        for line in without_ports(shown).splitlines():
            self.assertIn(line, lines)

    def command(self, name):
        """The arguments and the shown output of the program `name`."""
        for block in blocks():
            first, shown = block.split("\n", 1)
            if first.startswith(RUN + name):
                words = shlex.split(first[len(RUN) :])
                return [f"echo/{name}"] + words[2:], shown
        self.fail(f"README shows no run of //echo:{name}")

    def test_demo(self):
        arguments, shown = self.command("demo")
        done = subprocess.run(
            arguments, capture_output=True, text=True, timeout=60, check=True
        )
        self.expect(shown, done.stdout)

    def test_server_and_client(self):
        arguments, server_shown = self.command("server")
        server = subprocess.Popen(
            [argument.replace(":8090", ":0") for argument in arguments],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            listening = server.stdout.readline()
            port = re.search(r":(\d+)", listening).group(1)
            arguments, shown = self.command("client")
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
        for target in re.findall(r"\]\(([^)#:]+)\)", README):
            self.assertTrue(os.path.exists(os.path.join(TREE, target)), target)


if __name__ == "__main__":
    unittest.main()
