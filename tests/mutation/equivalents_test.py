#!/usr/bin/env python3
"""The list of mutants that nothing tells from the code fits the code."""

import pathlib
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tools/mutation")

# pylint: disable=wrong-import-position
import equivalents
import operators

ENTRY = """\
# A comment.

a.cc: F
-  if (a < b) {
+  if (a <= b) {
Both do
the same.
"""


def mutants(text):
    return operators.mutants("a.cc", text)


class List(unittest.TestCase):

    def test_an_entry_is_found_by_its_change(self):
        entries = equivalents.read(ENTRY)
        found = [mutant for mutant in mutants("int F() {\n\n if (a < b) {\n }\n}")
                 if mutant.key() in entries]
        self.assertEqual([mutant.after for mutant in found], [" if (a <= b) {"])
        self.assertEqual(entries[found[0].key()].reason, "Both do the same.")

    def test_an_entry_that_fits_nothing_is_stale(self):
        entries = equivalents.read(ENTRY)
        for text in "int F() { if (a < c) {\n}\n}", "int G() {\n if (a < b) {\n}\n}":
            stale = equivalents.stale(entries, mutants(text))
            self.assertEqual([entry.line for entry in stale], [3])

    def test_an_entry_is_whole(self):
        lines = ENTRY.splitlines(keepends=True)
        for text in ("".join(lines[:5]), "".join(lines[3:]),
                     "".join(lines[:3] + lines[4:]), ENTRY + "\n" + ENTRY,
                     "".join(lines + lines[2:])):
            with self.assertRaises(equivalents.Error):
                equivalents.read(text)

    def test_the_list_of_the_tree(self):
        path = pathlib.Path("tools/mutation/equivalents.txt")
        entries = equivalents.read(path.read_text(encoding="utf-8"))
        every = [mutant for root in ("poller", "net")
                 for file in pathlib.Path(root).rglob("*")
                 if file.suffix in (".cc", ".h") for mutant in
                 operators.mutants(str(file), file.read_text(encoding="utf-8"))]
        self.assertGreater(len(every), 1000)
        self.assertEqual([f"{path}:{entry.line}" for entry in
                          equivalents.stale(entries, every)], [])


if __name__ == "__main__":
    unittest.main()
