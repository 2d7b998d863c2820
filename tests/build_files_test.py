#!/usr/bin/env python3
"""Holds the build files to what no Bazel that the tests run would notice.

- Each rule for C++ or shell is loaded: Bazel 9 has none of its own.
- MODULE.bazel and deps.bzl bring the same repositories, for those who use
  modules and for those who do not.
"""

import os
import re
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
RULE = re.compile(r"^ *((?:cc|sh)_\w+)\($", re.M)
LOAD = re.compile(r'^load\(("@rules_.*)\)$', re.M)


def read(*path):
    with open(os.path.join(TREE, *path), encoding="utf-8") as file:
        return file.read()


def build_files():
    """The paths of this workspace's BUILD files."""
    for folder, folders, files in os.walk(TREE):
        folders[:] = [name for name in folders if name[0] != "." and name[:6] != "bazel-"]
        for name in files:
            if name == "BUILD" or name.endswith(".BUILD"):
                yield os.path.join(folder, name)


def loaded(text):
    return set(re.findall(r'"(\w+)"', " ".join(LOAD.findall(text))))


class BuildFiles(unittest.TestCase):
    def test_every_rule_is_loaded(self):
        rules = 0
        for path in build_files():
            text = read(path)
            used = set(RULE.findall(text))
            rules += len(used)
            with self.subTest(path):
                self.assertLessEqual(used - {"cc_toolchain_config"}, loaded(text))
        self.assertGreater(rules, 50, "no BUILD files were read")

    def test_both_lists_of_dependencies_are_one(self):
        modules = set()
        for line in re.findall(r"bazel_dep\((.*)\)", read("MODULE.bazel")):
            named = dict(re.findall(r'(\w+) = "([^"]*)"', line))
            modules.add(named.get("repo_name", named["name"]))
        repositories = set(re.findall(r'\bname = "(\w+)"', read("deps.bzl")))
        # Where there are no modules, Bazel itself brings it.
        self.assertEqual(modules, repositories | {"rules_cc"})


if __name__ == "__main__":
    unittest.main()
