"""How Bazel builds the tests: its compiler and linker commands, as a graph."""

import dataclasses
import json
import os
import re
import subprocess

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)


@dataclasses.dataclass
class Action:
    arguments: list
    inputs: list
    outputs: list

    @property
    def source(self):
        """What it compiles; None if it links."""
        if "-c" not in self.arguments:
            return None
        return self.arguments[self.arguments.index("-c") + 1]


class Bazel:

    def __init__(self, workspace):
        self._workspace = workspace

    def _run(self, *arguments, **options):
        return subprocess.run(["tools/bazel", *arguments], cwd=self._workspace,
                              check=True, text=True, **options)

    def _read(self, *arguments):
        return self._run(*arguments, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL).stdout

    def tests(self, pattern):
        """The test programs that need no files beside them."""
        query = f"kind(cc_test, {pattern}) except attr(data, '.*//.*', {pattern})"
        return sorted(self._read("query", query).split())

    def build(self, targets, jobs):
        self._run("build", f"--jobs={jobs}", "--show_result=0", *targets)

    def info(self, what):
        return self._read("info", what).strip()

    def actions(self, targets):
        query = ("mnemonic('CppCompile|CppLink|CppArchive', "
                 f"deps(set({' '.join(targets)})))")
        return _actions(json.loads(
            self._read("aquery", "--output=jsonproto", query)))


def _actions(graph):
    fragments = {part["id"]: part for part in graph["pathFragments"]}
    sets = {part["id"]: part for part in graph["depSetOfFiles"]}

    def path(identity):
        part = fragments[identity]
        parent = part.get("parentId")
        return (path(parent) + "/" if parent else "") + part["label"]

    paths = {part["id"]: path(part["pathFragmentId"])
             for part in graph["artifacts"]}

    def files(identities, seen):
        for identity in identities:
            if identity not in seen:
                seen.add(identity)
                part = sets[identity]
                yield from (paths[at] for at in part.get("directArtifactIds", []))
                yield from files(part.get("transitiveDepSetIds", []), seen)

    # Bazel lists the arguments, and then once more the file that has them.
    return [Action([word for word in part["arguments"] if word[0] != "@"],
                   list(files(part.get("inputDepSetIds", []), set())),
                   [paths[at] for at in part["outputIds"]])
            for part in graph["actions"]]


class Includes:
    """What the workspace's files include."""

    def __init__(self, root):
        self._root = root
        self._of_file = {}
        self._reached = {}

    def _directives(self, path):
        """The files of the workspace that it includes, and the directives for
        all others."""
        if path not in self._of_file:
            with open(os.path.join(self._root, path), encoding="utf-8") as file:
                found = _INCLUDE.findall(file.read())
            inside = [name for quote, name in found if quote == '"' and
                      os.path.exists(os.path.join(self._root, name))]
            outside = [f'#include {quote}{name}{">" if quote == "<" else quote}'
                       for quote, name in found if name not in inside]
            self._of_file[path] = inside, outside
        return self._of_file[path]

    def reached(self, path):
        """`path` and all files of the workspace that it comes to include."""
        if path not in self._reached:
            found, waiting = {}, [path]
            while waiting:
                at = waiting.pop()
                if at not in found:
                    found[at] = None
                    waiting += reversed(self._directives(at)[0])
            self._reached[path] = found
        return self._reached[path]

    def outside(self, path):
        """What it comes to include that is not the workspace's."""
        found = {}
        for file in self.reached(path):
            found.update(dict.fromkeys(self._directives(file)[1]))
        return list(found)


class Graph:

    def __init__(self, actions, shared, root):
        """`shared` gives the file that a shared library's link stands for."""
        self.actions = actions
        self.includes = Includes(root)
        self._shared = shared
        self._maker = {out: action for action in actions for out in action.outputs}
        self._closures = {}
        self._changed = {}

    def program(self, label):
        """The file of a test."""
        end = "/bin/" + label.removeprefix("//").replace(":", "/")
        return next(out for out in self._maker if out.endswith(end))

    def needed(self, program):
        """The actions that lead to `program`, each after what it needs."""
        if program not in self._closures:
            found = {}
            self._visit(program, found, set())
            self._closures[program] = list(found.values())
        return self._closures[program]

    def _visit(self, path, found, seen):
        action = self._maker.get(self._shared.get(path, path))
        if action is None or id(action) in seen:
            return
        seen.add(id(action))
        for needed in action.inputs:
            self._visit(needed, found, seen)
        found[id(action)] = action

    def changed(self, program, path):
        """Of those, the ones that have other results once `path` has changed. A
        shared library that changes changes nobody who is linked to it."""
        if (program, path) not in self._changed:
            self._changed[program, path] = self._find_changed(program, path)
        return self._changed[program, path]

    def _find_changed(self, program, path):
        outputs, found = set(), []
        for action in self.needed(program):
            if action.source is None:
                is_changed = not outputs.isdisjoint(action.inputs)
            else:
                is_changed = (not action.source.startswith("external/") and
                              path in self.includes.reached(action.source))
            if is_changed:
                found.append(action)
                outputs.update(action.outputs)
        return found
