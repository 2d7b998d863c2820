#!/usr/bin/env python3
"""That //echo:measure measures: each cell of its tables is a number. What
the numbers are is the machine's affair."""

import subprocess
import unittest

QUICK = ["--seconds=0.1", "--connections=3", "--idle_connections=30"]


def rows():
    """The cells of each line below the head."""
    table = subprocess.run(
        ["echo/measure.py", *QUICK],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    lines = [line.strip("| ").split(" | ") for line in table.splitlines()]
    return lines[2:]


class Measure(unittest.TestCase):
    def expect_numbers(self, cells):
        for cell in cells:
            self.assertGreaterEqual(float(cell.replace(",", "")), 0, cells)

    def test_of_each_backend_and_transport(self):
        table = rows()
        self.assertEqual(
            [row[:2] for row in table],
            [
                [backend, transport]
                for backend in ["epoll", "poll", "select"]
                for transport in ["tcp", "udp", "unix", "unix-dgram"]
            ],
        )
        for row in table:
            self.assertEqual(len(row), 11)
            is_stream = row[1] in ["tcp", "unix"]
            self.expect_numbers(row[2:] if is_stream else row[2:-1])


if __name__ == "__main__":
    unittest.main()
