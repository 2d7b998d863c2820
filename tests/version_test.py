#!/usr/bin/env python3
"""Holds every place that names isopoll's version to poller/version.h."""

import json
import re
import unittest


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


VERSION = re.search(r'ISOPOLL_VERSION "(\d+\.\d+\.\d+)"',
                    read("poller/version.h"))[1]


class Version(unittest.TestCase):

    def test_module(self):
        module = re.search(r"^module\((.*?)^\)", read("MODULE.bazel"),
                           re.M | re.S)[1]
        self.assertIn(f'version = "{VERSION}"', module)

    def test_changes(self):
        newest = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.M)[1]
        self.assertEqual(newest, VERSION)

    def test_consumer(self):
        consumer = read("tests/consumers/bazel_module/MODULE.bazel")
        self.assertIn(f'bazel_dep(name = "isopoll", version = "{VERSION}")',
                      consumer)

    def test_recipes(self):
        folder = "tools/packaging"
        vcpkg = json.loads(read(f"{folder}/vcpkg/vcpkg.json"))
        self.assertEqual(vcpkg["version"], VERSION)
        bcr = json.loads(read(f"{folder}/bcr/source.json"))
        self.assertEqual(bcr["strip_prefix"], f"isopoll-{VERSION}")
        recipe = read(f"{folder}/conan/conanfile.py")
        compile(recipe, "conanfile.py", "exec")
        self.assertIn(f'version = "{VERSION}"', recipe)
        self.assertIn(f'"{VERSION}":', read(f"{folder}/conan/conandata.yml"))


if __name__ == "__main__":
    unittest.main()
