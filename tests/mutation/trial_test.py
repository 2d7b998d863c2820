#!/usr/bin/env python3
"""Which tests are run, and what is known when only the quick ones were."""

import math
import os
import sys
import tempfile
import types
import unittest
from unittest import mock

sys.dont_write_bytecode = True
sys.path.insert(0, "tools/mutation")

# pylint: disable=wrong-import-position
import operators
import trial

MUTANT = operators.Mutant("a.cc", 1, "F", "if (a) {", "if (true) {", "condition")


class Graph:
    """Each test is a program of its own, made of nothing, that a.cc changes."""

    def program(self, label):
        return label

    def needed(self, program):
        return [types.SimpleNamespace(source=None, outputs=[program])]

    def changed(self, program, path):
        return [program, path]


class Lane:
    """Runs tests that take `seconds` each, on a clock of its own."""

    def __init__(self, folder, seconds, failing=()):
        self._folder = folder
        self._seconds = seconds
        self._failing = failing
        self.now = 0
        self.runs = []

    def original(self, path):
        name = os.path.join(self._folder, path)
        with open(name, "w", encoding="utf-8") as file:
            file.write(path)
        return name

    def run(self, program, seconds, unchanged=False):
        self.runs.append((program, unchanged))
        self.now += min(seconds, self._seconds[program])
        if self._seconds[program] > seconds:
            return None, ""
        return 1 if program in self._failing else 0, ""

    def change(self, path, text):
        pass

    def restore(self):
        pass

    def build(self, program):
        pass

    def is_same_program(self, programs):
        return False


class QuickOnes(unittest.TestCase):

    def setUp(self):
        # pylint: disable=consider-using-with
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._folder = folder.name
        self._results = trial.Results(os.path.join(folder.name, "results.json"))

    def attempt(self, lane, most_seconds=math.inf, **options):
        with mock.patch.object(trial.time, "monotonic", lambda: lane.now):
            self._tests = trial.Tests(Graph(), ["quick", "slow"], self._results,
                                      most_seconds, **options)
            return trial.attempt(lane, self._tests, MUTANT, MUTANT.before)

    def lane(self, **options):
        return Lane(self._folder, {"quick": 1, "slow": 60}, **options)

    def test_all_are_run_without_a_limit(self):
        lane = self.lane()
        self.assertEqual(self.attempt(lane).most_seconds, math.inf)
        self.assertIn(("slow", False), lane.runs)

    def test_programs_are_compared_when_all_let_it_pass(self):
        lane = self.lane()
        with mock.patch.object(lane, "is_same_program", return_value=True):
            self.assertEqual(self.attempt(lane).result, "same")
            outcome = self.attempt(lane, are_all=False)
            self.assertEqual(outcome.result, "survived")

    def test_a_slow_one_is_left_out(self):
        lane = self.lane()
        outcome = self.attempt(lane, 8)
        self.assertEqual((outcome.result, outcome.most_seconds), ("survived", 8))
        self.assertIn(("quick", False), lane.runs)
        self.assertNotIn(("slow", False), lane.runs)
        self.assertEqual(self._tests.slow, {"slow"})
        # "quick" without the mutant and with it; "slow" was cut short.
        self.assertEqual(lane.now, 1 + 1 + 8)

    def test_a_slow_one_is_known_the_next_time(self):
        self.attempt(self.lane(), 8)
        lane = self.lane()
        self.attempt(lane, 8)
        self.assertEqual(lane.runs, [("quick", False)])
        self.attempt(lane, 90)
        self.assertIn(("slow", False), lane.runs)

    def test_one_that_took_long_in_a_run_of_all_is_left_out(self):
        self.attempt(self.lane())
        lane = self.lane()
        self.attempt(lane, 8)
        self.assertEqual(lane.runs, [("quick", False)])

    def test_one_that_fails_without_a_mutant_is_not_slow(self):
        self.attempt(self.lane(failing=["quick"]), 8)
        self.assertEqual(self._tests.failing, {"quick"})
        self.assertEqual(self._tests.slow, {"slow"})

    def test_a_survivor_stands_up_to_the_limit(self):
        self._results.put(MUTANT, self.attempt(self.lane(), 8))
        stored = trial.Results(os.path.join(self._folder, "results.json"))
        outcome = stored.outcome(MUTANT)
        self.assertTrue(outcome.stands(8))
        self.assertFalse(outcome.stands(9))
        self.assertFalse(outcome.stands(math.inf))

    def test_a_kill_stands_for_good(self):
        for result in "killed", "uncompiled", "same":
            self.assertTrue(trial.Outcome(result).stands(math.inf))


if __name__ == "__main__":
    unittest.main()
