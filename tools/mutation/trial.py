"""Tries mutants: which test notices each, and how long that took."""

import dataclasses
import hashlib
import json
import math
import os
import re
import threading
import time

import lane as lanes
import operators

# A test may take this much longer than it does without a mutant, on a machine
# that has other things to do.
_PATIENCE = 5
_LEAST_SECONDS = 15
_MOST_SECONDS = 900
# For the order of tests that have not run yet.
_GUESSES = (("/poller:", 0.1), ("/net:", 0.2), ("/kqueue", 0.5), ("random", 60),
            ("stress", 30), ("differential", 10))


@dataclasses.dataclass
class Outcome:
    # "killed", "uncompiled", "survived", or "same": the compiler makes the same
    # program of it.
    result: str
    test: str = ""
    case: str = ""
    seconds: float = 0
    # Of a survivor, the --most_seconds of the run: longer tests did not see it.
    most_seconds: float = math.inf

    def stands(self, most_seconds):
        """Whether a run with this --most_seconds would say the same."""
        return self.result != "survived" or self.most_seconds >= most_seconds


class Results:
    """What is known from this run and earlier ones, in a file."""

    def __init__(self, path):
        self._path = path
        self._lock = threading.Lock()
        self._outcomes = {}
        self._durations = {}
        try:
            with open(path, encoding="utf-8") as file:
                stored = json.load(file)
        except (OSError, ValueError):
            return
        self._durations = stored["durations"]
        self._outcomes = {key: Outcome(**part)
                          for key, part in stored["outcomes"].items()}

    def outcome(self, mutant):
        return self._outcomes.get(_text(mutant))

    def put(self, mutant, outcome):
        with self._lock:
            self._outcomes[_text(mutant)] = outcome
            self._write()

    def duration(self, key, otherwise=None):
        return self._durations.get(key, otherwise)

    def put_duration(self, key, seconds):
        with self._lock:
            self._durations[key] = seconds
            self._write()

    def kills(self, path):
        """How often each test noticed a mutant: in all, and of this file."""
        everywhere, here = {}, {}
        with self._lock:
            for key, outcome in self._outcomes.items():
                if outcome.result == "killed":
                    test = outcome.test
                    everywhere[test] = everywhere.get(test, 0) + 1
                    if key.startswith(path + "\n"):
                        here[test] = here.get(test, 0) + 1
        return everywhere, here

    def _write(self):
        new = self._path + ".new"
        with open(new, "w", encoding="utf-8") as file:
            json.dump({"durations": self._durations,
                       "outcomes": {key: dataclasses.asdict(part) for key, part
                                    in self._outcomes.items()}}, file, indent=1)
        os.replace(new, self._path)


def _text(mutant):
    return "\n".join(mutant.key())


class Tests:
    """The tests, and in which order to run them."""

    def __init__(self, graph, labels, results, most_seconds=math.inf,
                 are_all=True):
        self.are_all = are_all  # not some that were chosen
        self._graph = graph
        self._results = results
        self.most_seconds = most_seconds
        self._locks = {label: threading.Lock() for label in labels}
        self._seconds = {}
        self.programs = {label: graph.program(label) for label in labels}
        self.failing = set()  # without a mutant
        self.slow = set()  # take most_seconds or more without a mutant

    def limit(self, lane, label):
        """How long it may take; None: it is left out."""
        with self._locks[label]:
            if label not in self._seconds.keys() | self.failing | self.slow:
                self._measure(lane, label)
        if label in self.failing | self.slow:
            return None
        return _LEAST_SECONDS + _PATIENCE * self._seconds[label]

    def _measure(self, lane, label):
        if self._results.duration(label, 0) >= self.most_seconds:
            self.slow.add(label)
            return
        program = self.programs[label]
        digest = self._digest(lane, program)
        seconds = self._results.duration(digest)
        if seconds is None:
            status, seconds = self._run_unchanged(lane, program)
            if status is None and seconds >= self.most_seconds:
                # Of the test, not of this program: the next one is as slow.
                self._results.put_duration(label, seconds)
            elif status == 0:
                self._results.put_duration(digest, seconds)
            else:
                self.failing.add(label)
                return
        if seconds >= self.most_seconds:
            self.slow.add(label)
        else:
            self._seconds[label] = seconds

    def _run_unchanged(self, lane, program):
        start = time.monotonic()
        status, _ = lane.run(program, min(self.most_seconds, _MOST_SECONDS),
                             unchanged=True)
        return status, time.monotonic() - start

    def _digest(self, lane, program):
        """Names the program and its shared libraries."""
        digest = hashlib.sha256()
        for action in self._graph.needed(program):
            if not action.source and "/external/" not in action.outputs[0]:
                with open(lane.original(action.outputs[0]), "rb") as file:
                    digest.update(file.read())
        return digest.hexdigest()

    def touched(self, path):
        """The tests that a change of `path` may change."""
        return [label for label, program in self.programs.items()
                if self._graph.changed(program, path)]

    def in_order(self, path):
        """Those first that are quick, and that noticed what was near."""
        everywhere, here = self._results.kills(path)
        return sorted(self.touched(path), key=lambda label: self._guess(label) / (
            1 + everywhere.get(label, 0) + 20 * here.get(label, 0)))

    def _guess(self, label):
        """How many seconds it takes, as far as is known."""
        if label in self._seconds:
            return self._seconds[label]
        return next((seconds for part, seconds in _GUESSES if part in label), 2)


def attempt(lane, tests, mutant, text):
    """Tries one mutant of the file `text`."""
    return _with_change(lane, mutant, text, lambda: noticed(
        lane, tests, mutant.path) or _unnoticed(lane, tests, mutant.path))


def unnoticed(lane, tests, mutant, text):
    """The outcome of a mutant that no test notices."""
    return _with_change(lane, mutant, text,
                        lambda: _unnoticed(lane, tests, mutant.path))


def _with_change(lane, mutant, text, find):
    start = time.monotonic()
    lane.change(mutant.path, operators.apply(text, mutant))
    try:
        outcome = find()
    except lanes.DoesNotCompile as error:
        outcome = Outcome("uncompiled", case=str(error)[:300])
    finally:
        lane.restore()
    outcome.seconds = round(time.monotonic() - start, 1)
    return outcome


def noticed(lane, tests, path, number=0):
    """Runs the tests that the change of `path` may change, until one fails: the
    outcome, or None. `number` chooses a mutant, where there are many."""
    for label in tests.in_order(path):
        program = tests.programs[label]
        limit = tests.limit(lane, label)
        if limit is None:
            continue
        lane.build(program)
        status, log = lane.run(program, limit, number)
        # Twice, unless it hangs: a busy machine may fail a test once.
        if status == 0 or (status is not None and
                           lane.run(program, limit, number)[0] == 0):
            continue
        return Outcome("killed", label, _case(status, log))
    return None


def _unnoticed(lane, tests, path):
    if not tests.are_all:
        return Outcome("survived")  # only so far: it will be tried again
    programs = [tests.programs[label] for label in tests.touched(path)]
    if lane.is_same_program(programs):
        return Outcome("same")
    return Outcome("survived", most_seconds=tests.most_seconds)


def _case(status, log):
    """Which case of a test failed."""
    failed = re.findall(r"^\[  FAILED  \] ([^\s,]+)", log, re.MULTILINE)
    begun = re.findall(r"^\[ RUN      \] (\S+)", log, re.MULTILINE)
    case = failed[0] if failed else begun[-1] if begun else ""
    return case + (" (time is up)" if status is None else "")
