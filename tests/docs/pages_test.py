#!/usr/bin/env python3
"""Holds the pages of docs/ to the files that they show and link to.

- A block of C++ is a part of the file that was linked last before it. The
  blocks of a file follow each other as in the file, and nothing is left out but
  empty lines, the end of a namespace, and what comes before its beginning.
- Every file that is there to be shown is shown.
- Links lead to files of the source tree, and to headings of theirs.
"""

import glob
import os
import re
import unittest

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
# The pages that show the programs in the folder of the same name.
WITH_LISTINGS = ["docs/cookbook", "docs/tutorial"]
BLOCK = r"^```\w*\n.*?^```$"


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def blocks_by_file(page):
    """The blocks of C++ in `page`, by the file they are from."""
    blocks, file = {}, None
    for link, block in re.findall(
        r"\]\(([\w/.]+\.cc)\)|^```cpp\n(.*?)^```$", page, re.M | re.S
    ):
        if link:
            file = link
        else:
            blocks.setdefault(file, []).append(block)
    return blocks


def anchor(heading):
    """As GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(page):
    prose = re.sub(BLOCK, "", page, flags=re.M | re.S)
    return {anchor(heading) for heading in re.findall(r"^#+ (.*)$", prose, re.M)}


def links(page):
    prose = re.sub(BLOCK, "", page, flags=re.M | re.S)
    return re.findall(r"\]\(([^)\s]+)\)", prose)


class Pages(unittest.TestCase):
    def test_listings_are_the_files(self):
        for folder in WITH_LISTINGS:
            for file, blocks in blocks_by_file(read(f"{folder}.md")).items():
                with self.subTest(file):
                    self.expect_parts(read(f"docs/{file}"), blocks)

    def expect_parts(self, rest, blocks):
        """The blocks are all there is."""
        if not rest.startswith(blocks[0]):
            rest = rest.partition("\nnamespace {\n")[2]
        for block in blocks:
            before, found, rest = rest.partition(block)
            self.assertTrue(found, "not as in the file:\n" + block)
            self.expect_nothing(before)
        self.expect_nothing(rest)

    def expect_nothing(self, text):
        text = text.replace("}  // namespace\n", "")
        self.assertEqual(text.strip("\n"), "", "not shown")

    def test_every_file_is_shown(self):
        for folder in WITH_LISTINGS:
            shown = blocks_by_file(read(f"{folder}.md"))
            files = glob.glob(f"{folder}/*.cc")
            self.assertTrue(files)
            for file in files:
                self.assertIn(os.path.relpath(file, "docs"), shown)

    def test_links(self):
        for page in glob.glob("docs/*.md"):
            for target in links(read(page)):
                if "://" not in target:
                    with self.subTest(page=page, target=target):
                        self.expect_link(page, *target.partition("#")[::2])

    def expect_link(self, page, file, heading):
        path = os.path.normpath(os.path.join("docs", file)) if file else page
        path = os.path.join(TREE, path)
        self.assertTrue(os.path.exists(path), "no such file")
        if heading:
            self.assertIn(heading, anchors(read(path)))


if __name__ == "__main__":
    unittest.main(warnings="ignore")
