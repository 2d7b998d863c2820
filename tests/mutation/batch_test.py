#!/usr/bin/env python3
"""Mutants that are compiled together, and what is tried alone."""

import math
import re
import sys
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tools/mutation")

# pylint: disable=wrong-import-position
import batch
import lane as lanes
import operators
import variants

TEXT = """\
int k = 1;
int F(int x) {
  x += 1;
  G(x);
  return x;
}
"""
MUTANTS = operators.mutants("a.cc", TEXT)


class Lane:
    """One test, which fails with the mutants whose lines are in `noticed`; a text
    with a line of `errors` does not compile."""

    def __init__(self, noticed=(), errors=(), fails_unchanged=False):
        self._noticed = noticed
        self._errors = errors
        self._fails_unchanged = fails_unchanged
        self._text = None
        self.compiled_alone = 0

    def change(self, path, text):
        assert self._text is None
        self._text = text

    def restore(self):
        self._text = None

    def build(self, program):
        self.compiled_alone += variants.VARIABLE not in self._text
        errors, body = [], "a.cc"
        for line in self._text.split("\n"):
            if line.startswith("#line"):
                body = line.split('"')[1]
            if line.strip() in self._errors:
                errors.append(f"{body}:3:5: error: no")
        if errors:
            raise lanes.DoesNotCompile("\n".join(errors))

    def run(self, program, seconds, number=0):
        del program, seconds
        if variants.VARIABLE not in self._text:
            return int(self._has_noticed(self._text)), ""
        if number == 0:
            return int(self._fails_unchanged), ""
        body = re.search(rf'"mutant/{number}"\n(.*?)#line', self._text, re.DOTALL)
        return int(self._has_noticed(body.group(1))), ""

    def _has_noticed(self, text):
        return any(line.strip() in self._noticed for line in text.split("\n"))

    def is_same_program(self, programs):
        return variants.VARIABLE not in self._text and "G(x + 0)" in self._text


class Batch(unittest.TestCase):

    def attempt(self, lane, mutants, text=TEXT):
        tests = types.SimpleNamespace(
            in_order=lambda path: ["test"], touched=lambda path: ["test"],
            limit=lambda lane, label: 9, programs={"test": "test"},
            most_seconds=math.inf, are_all=True)
        found = list(batch.Batch(lane, tests, mutants, text).outcomes())
        self.assertCountEqual([mutant for mutant, _ in found], mutants)
        return {mutant.after.strip(): outcome.result for mutant, outcome in found}

    def in_body(self):
        return [mutant for mutant in MUTANTS if mutant.line > 1]

    def test_those_in_a_body_are_compiled_together(self):
        lane = Lane(noticed=["x -= 1;", "return {};"])
        found = self.attempt(lane, self.in_body())
        self.assertEqual(found, {
            "if (false) x += 1;": "survived", "x -= 1;": "killed",
            "x += 0;": "survived", "if (false) G(x);": "survived",
            "return {};": "killed"})
        self.assertEqual(lane.compiled_alone, 0)

    def test_others_are_tried_alone(self):
        found = self.attempt(Lane(noticed=["int k = 0;"]), MUTANTS)
        self.assertEqual(found["int k = 0;"], "killed")
        self.assertEqual(found["x += 0;"], "survived")

    def test_one_that_does_not_compile_does_not_spoil_the_others(self):
        lane = Lane(noticed=["x -= 1;"], errors=["x += 0;"])
        found = self.attempt(lane, self.in_body())
        self.assertEqual(found["x += 0;"], "uncompiled")
        self.assertEqual(lane.compiled_alone, 1)
        self.assertEqual(found["x -= 1;"], "killed")
        self.assertEqual(found["return {};"], "survived")

    def test_all_are_tried_alone_if_none_is_the_cause(self):
        lane = Lane(noticed=["x -= 1;"], errors=["#define ISOPOLL_MUTATION"])
        found = self.attempt(lane, self.in_body())
        self.assertEqual(found["x -= 1;"], "killed")
        self.assertEqual(found["return {};"], "survived")

    def test_a_test_that_fails_with_none_chosen_is_not_believed(self):
        lane = Lane(noticed=["if (false) x += 1;"], fails_unchanged=True)
        found = self.attempt(lane, self.in_body())
        self.assertEqual(found["if (false) x += 1;"], "killed")
        self.assertEqual(lane.compiled_alone, len(found))

    def test_a_survivor_is_compared_alone(self):
        same = operators.Mutant("a.cc", 4, "F", "  G(x);", "  G(x + 0);", "")
        found = self.attempt(Lane(), [same, *self.in_body()])
        self.assertEqual(found["G(x + 0);"], "same")
        self.assertEqual(found["x += 0;"], "survived")


    def test_a_survivor_that_the_compiler_runs_is_tried_alone(self):
        text = TEXT.replace("int F", "constexpr int F")
        lane = Lane(noticed=["x -= 1;", "x += 0;"])
        found = self.attempt(lane, operators.mutants("a.cc", text)[1:], text)
        self.assertEqual(found["x -= 1;"], "killed")
        self.assertEqual(found["return {};"], "survived")
        self.assertEqual(lane.compiled_alone, list(found.values()).count("survived"))


class Batches(unittest.TestCase):

    def test_each_is_of_one_file(self):
        mutants = [operators.Mutant(path, line, "", "", "", "")
                   for path in ("a.cc", "b.cc") for line in range(150)]
        found = list(batch.batches(mutants, 2))
        self.assertEqual([mutant for part in found for mutant in part], mutants)
        for part in found:
            self.assertEqual(len({mutant.path for mutant in part}), 1)
        self.assertEqual([len(part) for part in found], [60, 60, 30, 60, 60, 30])

    def test_each_lane_has_some_of_a_small_file(self):
        found = list(batch.batches(MUTANTS[:5], 2))
        self.assertEqual([len(part) for part in found], [3, 2])


if __name__ == "__main__":
    unittest.main()
