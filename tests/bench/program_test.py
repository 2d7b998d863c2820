#!/usr/bin/env python3
"""Runs the benchmark for as short as can be, and what is made of its figures.

Every workload on each of isopoll's backends; the figures are not looked at.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

TREE = os.path.dirname(os.path.dirname(
    os.path.dirname(os.path.realpath(__file__))))
BENCH = "tools/bench/bench"

sys.dont_write_bytecode = True


def run(*arguments):
    done = subprocess.run([BENCH, "--rounds=1", "--slice=10us", *arguments],
                          capture_output=True, check=True, text=True)
    return done.stdout


class Program(unittest.TestCase):

    def test_runs_each_workload_on_each_subject(self):
        path = os.path.join(tempfile.mkdtemp(), "figures.json")
        # Not the largest: the limit of descriptors may be low here.
        for part in ("C=1 ", "C=4 ", "N=3 ", "N=10 ", "churn", "toggle",
                     "wake"):
            table = run(f"--only={part}", f"--json={path}")
            with open(path, encoding="utf-8") as file:
                figures = json.load(file)["figures"]
            self.assertTrue(all(figure["ratio"] > 0 for figure in figures))
            for subject in ("raw epoll", "raw poll", "raw select",
                            "isopoll epoll", "isopoll poll", "isopoll select"):
                self.assertIn(subject, table)
                self.assertIn(subject,
                              [figure["subject"] for figure in figures])

    def test_only_needs_all_its_parts(self):
        table = run("--only=idle N=3 A=0,isopoll poll")
        self.assertIn("isopoll poll", table)
        self.assertNotIn("raw", table)
        self.assertNotIn("N=10", table)

    def test_refuses_what_cannot_be_measured(self):
        for flag, reason in (
                ("--rounds=0", "--rounds must be 1 or more"),
                ("--slice=0", "--slice must be longer than 0"),
                ("--slice=-1ms", "--slice must be longer than 0"),
                ("--only=nothing", "--only leaves nothing to measure"),
                ("--json=/nowhere/figures.json", "--json cannot be written"),
                ("idle", "every argument is a flag")):
            done = subprocess.run([BENCH, flag], capture_output=True,
                                  check=False, text=True)
            self.assertEqual(done.returncode, 1, flag)
            self.assertIn(reason, done.stderr)

    def test_help_lists_the_flags(self):
        done = subprocess.run([BENCH, "--help"], capture_output=True,
                              check=False, text=True)
        for flag in ("--only", "--rounds", "--slice", "--json"):
            self.assertIn(flag, done.stdout)


class Document(unittest.TestCase):

    def test_is_what_the_figures_make_it(self):
        made = subprocess.run([
            sys.executable, "-B",
            os.path.join(TREE, "tools/bench/document.py"),
            "docs/benchmark.json"
        ], capture_output=True, check=True, text=True).stdout
        with open("docs/benchmark.md", encoding="utf-8") as file:
            self.assertEqual(
                made, file.read(), "what its template or its figures say has "
                "changed: tools/bench/document.py docs/benchmark.json "
                ">docs/benchmark.md")


if __name__ == "__main__":
    unittest.main()
