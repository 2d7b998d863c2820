"""A copy of what Bazel has built, in which one mutant at a time is built and run.

A lane has all files under the names that Bazel knows them by, so that its
commands do here what they did there. The files are links to one copy, the base,
which stays as Bazel made it.
"""

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading

import variants

_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
# A program that asks for more than this much address space, or writes a longer
# file, has run away.
_ADDRESS_SPACE = 8 << 30
_FILE_SIZE = 256 << 20
# Sources that are worth compiling twice to see whether a survivor is one.
_MOST_COMPARED = 8


class DoesNotCompile(Exception):
    pass


def link(source, target):
    """`target` becomes the file that `source` is."""
    os.makedirs(os.path.dirname(target), exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def make_base(base, graph, execution_root, output_base, workspace):
    """Copies what Bazel has built, the sources, and nothing else."""
    shutil.rmtree(base, ignore_errors=True)
    os.makedirs(base)
    os.symlink(os.path.join(output_base, "external"), os.path.join(base, "external"))
    for path in _sources(workspace):
        link_copy = os.path.join(base, path)
        os.makedirs(os.path.dirname(link_copy), exist_ok=True)
        shutil.copyfile(os.path.join(workspace, path), link_copy)
    files = {path for action in graph.actions
             for path in (*action.inputs, *action.outputs)}
    for path in sorted(files):
        if path.startswith("bazel-out/"):
            _copy_built(path, execution_root, base)


def _sources(workspace):
    for folder, folders, files in os.walk(workspace):
        folders[:] = [name for name in folders if name[0] != "."]
        for name in files:
            if name.endswith((".cc", ".h")):
                yield os.path.relpath(os.path.join(folder, name), workspace)


def _copy_built(path, execution_root, base):
    source, target = os.path.join(execution_root, path), os.path.join(base, path)
    if os.path.islink(source):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        real = os.readlink(source).split("/bazel-out/", 1)[1]
        os.symlink(os.path.relpath(os.path.join(base, "bazel-out", real),
                                   os.path.dirname(target)), target)
    elif os.path.isfile(source):
        link(source, target)


def shared_libraries(actions, execution_root):
    """Which file each link to a shared library names."""
    found = {}
    for path in {path for action in actions for path in action.inputs}:
        full = os.path.join(execution_root, path)
        if path.startswith("bazel-out/") and os.path.islink(full):
            found[path] = "bazel-out/" + os.readlink(full).split("/bazel-out/", 1)[1]
    return found


class Headers:
    """Precompiled headers: all that a source includes and that is not ours, which
    is most of the compiler's work. Made when a source is compiled again."""

    def __init__(self, base, graph):
        self._base = base
        self._graph = graph
        self._lock = threading.Lock()
        self._times = {}
        self._made = {}

    def flags(self, action):
        with self._lock:
            key = action.outputs[0]
            self._times[key] = self._times.get(key, 0) + 1
            if self._times[key] < 2:
                return []
            lock = self._made.setdefault(key, [threading.Lock(), None])
        with lock[0]:
            if lock[1] is None:
                lock[1] = self._make(action)
        return lock[1]

    def _make(self, action):
        name = hashlib.sha256(action.outputs[0].encode()).hexdigest()[:16]
        header = os.path.join(self._base, "precompiled", name + ".h")
        os.makedirs(os.path.dirname(header), exist_ok=True)
        with open(header, "w", encoding="utf-8") as file:
            print(*self._graph.includes.outside(action.source), sep="\n", file=file)
        command = _quiet(action.arguments)
        at = command.index("-c")
        command[at:at + 2] = ["-x", "c++-header", header]
        command[command.index("-o") + 1] = header + ".gch"
        done = subprocess.run(command, cwd=self._base, env=_ENVIRONMENT, check=False,
                              capture_output=True)
        return [] if done.returncode else ["-include", header]


def _quiet(arguments):
    """A compiler's command without warnings and lists of headers."""
    kept = []
    drop = False
    for argument in arguments:
        if drop or argument == "-MF":
            drop = not drop
        elif argument != "-MD" and not re.fullmatch(r"-W(?!l,)\S+", argument):
            kept.append(argument)
    return [*kept, "-w"]


class Lane:

    def __init__(self, root, base, graph, headers):
        self._root = root
        self._base = base
        self._graph = graph
        self._headers = headers
        self._path = None  # of the file that is changed
        self._done = {}  # the actions run since then
        self._process = None
        shutil.rmtree(root, ignore_errors=True)
        self._copy_base()

    def _copy_base(self):
        for folder, folders, files in os.walk(self._base):
            folders[:] = [name for name in folders if name != "precompiled"]
            below = os.path.join(self._root, os.path.relpath(folder, self._base))
            os.makedirs(below, exist_ok=True)
            for name in files + folders:
                source, target = os.path.join(folder, name), os.path.join(below, name)
                if os.path.islink(source):
                    os.symlink(os.readlink(source), target)
                elif os.path.isfile(source):
                    link(source, target)

    def original(self, path):
        return os.path.join(self._base, path)

    def change(self, path, text):
        """From now on `path` has the content `text`."""
        self._path, self._done = path, {}
        full = os.path.join(self._root, path)
        os.unlink(full)
        with open(full, "w", encoding="utf-8") as file:
            file.write(text)

    def restore(self):
        """All is as it was before change()."""
        changed = [out for action in self._done.values() for out in action.outputs]
        for path in [self._path, *changed]:
            full, original = (os.path.join(self._root, path),
                              os.path.join(self._base, path))
            if os.path.exists(full):
                os.unlink(full)
            if os.path.exists(original):
                link(original, full)

    def build(self, program):
        """Makes of `program` what the change makes of it."""
        for action in self._graph.changed(program, self._path):
            if id(action) not in self._done:
                self._done[id(action)] = action
                self._make(action)

    def _make(self, action):
        for path in action.outputs:
            if os.path.exists(os.path.join(self._root, path)):
                os.unlink(os.path.join(self._root, path))
        command = action.arguments
        if action.source:
            command = [*_quiet(command), *self._headers.flags(action)]
        done = subprocess.run(command, cwd=self._root, env=_ENVIRONMENT, check=False,
                              capture_output=True, text=True, errors="replace")
        if done.returncode:
            raise DoesNotCompile(done.stderr)

    def is_same_program(self, programs):
        """Whether optimized code shows nothing of the change: then no test can."""
        actions = {id(action): action for program in programs
                   for action in self._graph.changed(program, self._path)
                   if action.source}.values()
        return len(actions) <= _MOST_COMPARED and all(
            self._optimized(self._root, action) == self._optimized(self._base, action)
            for action in actions)

    def _optimized(self, root, action):
        with tempfile.NamedTemporaryFile(suffix=".o") as file:
            command = [*_quiet(action.arguments), "-O2"]
            command[command.index("-o") + 1] = file.name
            done = subprocess.run(command, cwd=root, env=_ENVIRONMENT, check=False,
                                  capture_output=True)
            return file.read() if done.returncode == 0 else object()

    def run(self, program, seconds, number=0, unchanged=False):
        """Runs a test: its exit status, None if its time was up; and its output.
        `number` chooses one of variants.together()."""
        program = os.path.join(self._base if unchanged else self._root, program)
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "log"), "w+b") as log:
                status = self._run(program, seconds, number, folder, log)
                log.seek(max(0, log.tell() - (1 << 20)))
                return status, log.read().decode(errors="replace")

    def _run(self, program, seconds, number, folder, log):
        environment = {**_ENVIRONMENT, "GTEST_FAIL_FAST": "1", "GTEST_COLOR": "no",
                       "TEST_TMPDIR": folder, "TEST_SRCDIR": folder, "HOME": folder,
                       variants.VARIABLE: str(number)}
        limits = [f"--as={_ADDRESS_SPACE}", f"--fsize={_FILE_SIZE}", "--core=0"]
        self._process = subprocess.Popen(
            ["prlimit", *limits, program], cwd=folder,
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True)
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.stop()

    def stop(self):
        """Ends the test that runs, and its children."""
        if self._process:
            try:
                os.killpg(self._process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self._process.wait()
