#!/usr/bin/env python3
"""Holds tools/uncovered.py to what it says, on one file of three lines."""

import json
import os
import subprocess
import sys
import unittest

TOOL = os.path.realpath("tools/uncovered.py")
TEMP = os.environ["TEST_TMPDIR"]
SOURCE = "int F(int n) {\n  if (n > 0) return 1;  // Why.\n  return 0;\n}\n"
UNRUN = "poller/x.cc: never run: return 0;"
NEVER_FALSE = "poller/x.cc: never false: n > 0"


def segments(first_line, last_count):
    """Of F, as Clang counts it: run once, its last return `last_count` times."""
    at = first_line
    return [[at, 14, 1, True, True, False], [at + 1, 14, 1, True, True, False],
            [at + 1, 22, 1, True, False, False],
            [at + 1, 23, last_count, True, False, True],
            [at + 2, 3, last_count, True, True, False],
            [at + 2, 11, 1, True, False, False], [at + 3, 2, 0, False, False, False]]


def branch(true, false, line=2):
    return [line, 7, line, 12, true, false, 0, 0, 4]


class Uncovered(unittest.TestCase):
    def run_tool(self, data, listed="", source=SOURCE):
        os.makedirs(os.path.join(TEMP, "poller"), exist_ok=True)
        for name, text in (("poller/x.cc", source), ("poller/other.cc", ""),
                           ("list", listed)):
            with open(os.path.join(TEMP, name), "w", encoding="utf-8") as file:
                file.write(text)
        files = [{"filename": "./poller/x.cc", **data},
                 {"filename": "tests/y.cc", "segments": segments(1, 0), "branches": []}]
        return subprocess.run(
            [sys.executable, TOOL, "list"], cwd=TEMP, text=True, check=False,
            input=json.dumps({"data": [{"files": files}]}), capture_output=True)

    def expect(self, code, *said, **what):
        done = self.run_tool(**what)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for text in said:
            self.assertIn(text, done.stdout + done.stderr)
        return done.stdout

    def test_all_is_run(self):
        data = {"segments": segments(1, 1), "branches": [branch(1, 1)]}
        self.expect(0, "4 of 4 (100.0 %) lines, 2 of 2",
                    "no test has code of: poller/other.cc", data=data)

    def test_a_line_that_is_not_run(self):
        data = {"segments": segments(1, 0), "branches": []}
        self.expect(1, "poller/x.cc:3: never run: return 0;", data=data)

    def test_a_condition_that_is_never_false_in_any_instance(self):
        data = {"segments": segments(1, 1), "branches": [branch(1, 0), branch(2, 0)]}
        self.expect(1, "poller/x.cc:2: never false: n > 0", data=data)
        data["branches"].append(branch(0, 1))
        self.expect(0, data=data)

    def test_a_condition_that_is_not_run_is_left_to_its_line(self):
        data = {"segments": segments(1, 1), "branches": [branch(0, 0)]}
        self.expect(0, data=data)

    def test_what_is_listed_may_be_and_may_move(self):
        for lines_before in 0, 5:
            at = 1 + lines_before
            data = {"segments": segments(at, 0), "branches": [branch(1, 0, at + 1)]}
            self.expect(0, "listed with a reason: 2", data=data,
                        source="\n" * lines_before + SOURCE,
                        listed=f"# Because.\n{UNRUN}\n{NEVER_FALSE}\n")

    def test_what_is_listed_once_may_be_once(self):
        data = {"segments": segments(1, 0) + segments(5, 0), "branches": []}
        said = self.expect(1, "poller/x.cc:7: never run", data=data,
                           source=SOURCE * 2, listed=f"# Because.\n{UNRUN}\n")
        self.assertNotIn("poller/x.cc:3:", said)

    def test_what_is_listed_and_is_run(self):
        data = {"segments": segments(1, 1), "branches": []}
        self.expect(1, "listed, but not so: " + UNRUN, data=data,
                    listed=f"# Because.\n{UNRUN}\n")

    def test_what_is_listed_without_a_reason(self):
        data = {"segments": segments(1, 0), "branches": []}
        self.expect(1, "list:4: no reason", data=data,
                    listed=f"# Because.\n{NEVER_FALSE}\n\n{UNRUN}\n")


if __name__ == "__main__":
    unittest.main()
