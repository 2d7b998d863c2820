#!/usr/bin/env python3
"""Many mutants in one program are those that would be programs of their own."""

import os
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tools/mutation")

# pylint: disable=wrong-import-position
import operators
import variants

FILE = """\
#include <cstdio>

constexpr int kAdded = 1;
constexpr int Twice(int x) { return x * 2; }
constexpr int kTwo = Twice(1);

template <typename T>
class Sum {
 public:
  explicit Sum(T x) : x_(x + 3) {
    if (x_ > 5) {
      x_ += 10;
    }
  }
  T get() const { return x_ + kAdded; }

 private:
  T x_;
};

int main() {
  Sum<int> sum(2);
  std::printf("%d %d", sum.get(), Twice(2));
}  // the end

const int kLine = __LINE__;
"""
MUTANTS = operators.mutants("a.cc", FILE)


def run(folder, text, number=0):
    """What the program `text` prints and returns."""
    program = os.path.join(folder, "program")
    with open(program + ".cc", "w", encoding="utf-8") as file:
        file.write(text)
    subprocess.run(["c++", "-std=c++17", program + ".cc", "-o", program], check=True)
    return chosen(program, number)


def chosen(program, number):
    done = subprocess.run([program], env={variants.VARIABLE: str(number)},
                          stdout=subprocess.PIPE, check=False)
    return done.stdout, done.returncode


class Together(unittest.TestCase):

    def setUp(self):
        # pylint: disable=consider-using-with
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self._folder = folder.name

    def test_each_does_what_it_does_alone(self):
        numbered, _ = variants.split(FILE, MUTANTS)
        text = variants.together(FILE, numbered)
        unchanged = run(self._folder, text)
        self.assertEqual(unchanged, (b"6 4", 0))
        program = os.path.join(self._folder, "program")
        together = {number: chosen(program, number) for number in numbered}
        for number, mutant in numbered.items():
            alone = run(self._folder, operators.apply(FILE, mutant))
            self.assertEqual(together[number], alone, mutant)
        self.assertGreater(len(set(together.values())), 5)

    def test_what_is_not_in_a_body_is_left_for_later(self):
        numbered, others = variants.split(FILE, MUTANTS)
        self.assertEqual({mutant.line for mutant in numbered.values()},
                         {4, 11, 12, 15, 22, 23})
        self.assertEqual({mutant.line for mutant in others}, {3, 5})
        self.assertEqual(len(numbered) + len(others), len(MUTANTS))

    def test_the_compiler_runs_what_is_unchanged(self):
        numbered, _ = variants.split(FILE, MUTANTS)
        text = variants.together(FILE, numbered)
        run(self._folder, text + "static_assert(kTwo == 2);")
        self.assertEqual({mutant.line for mutant in numbered.values()
                          if variants.is_constexpr(FILE, mutant)}, {4})

    def test_the_compiler_names_those_with_errors(self):
        numbered, _ = variants.split(FILE, MUTANTS)
        numbered[70] = operators.Mutant(
            "a.cc", 12, "Sum::Sum", "      x_ += 10;", "      y_ += 10;", "")
        done = subprocess.run(
            ["c++", "-std=c++17", "-fsyntax-only", "-x", "c++", "-"], text=True,
            input=variants.together(FILE, numbered), stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C"}, check=False)
        self.assertEqual(variants.named(done.stderr), {70}, done.stderr)

    def test_lines_keep_their_numbers(self):
        numbered, _ = variants.split(FILE, MUTANTS)
        done = subprocess.run(
            ["c++", "-E", "-P", "-x", "c++", "-"], text=True, check=True,
            input=variants.together(FILE, numbered), stdout=subprocess.PIPE)
        line = 1 + FILE[:FILE.index("const int kLine")].count("\n")
        self.assertTrue(f"const int kLine = {line};" in done.stdout)


if __name__ == "__main__":
    unittest.main()
