"""Tries mutants of one file together: they are compiled once, for all of them.

What cannot be compiled so is tried alone, as trial.py does.
"""

import time

import lane as lanes
import trial
import variants

_MOST = 60


def batches(mutants, lanes_count):
    """Mutants of one file each, so many that each lane has some of a file."""
    of_file = {}
    for mutant in mutants:
        of_file.setdefault(mutant.path, []).append(mutant)
    for part in of_file.values():
        size = min(_MOST, -(-len(part) // lanes_count))
        yield from (part[at:at + size] for at in range(0, len(part), size))


class Batch:

    def __init__(self, lane, tests, mutants, text):
        self._lane = lane
        self._tests = tests
        self._path = mutants[0].path
        self._text = text
        self._waiting, self._alone = variants.split(text, mutants)
        self._unnoticed = []

    def outcomes(self):
        """Tries them: each mutant and its outcome."""
        while self._waiting:
            yield from self._try_together()
        for mutant in self._alone:
            yield mutant, trial.attempt(self._lane, self._tests, mutant, self._text)
        for mutant in self._unnoticed:
            yield mutant, trial.unnoticed(self._lane, self._tests, mutant,
                                          self._text)

    def _try_together(self):
        """Goes on until one does not compile."""
        trusted = set()
        self._lane.change(self._path,
                          variants.together(self._text, self._waiting))
        try:
            for number, mutant in list(self._waiting.items()):
                start = time.monotonic()
                outcome = self._noticed(number, trusted)
                del self._waiting[number]
                if outcome:
                    outcome.seconds = round(time.monotonic() - start, 1)
                    yield mutant, outcome
                elif variants.is_constexpr(self._text, mutant):
                    self._alone.append(mutant)  # as the compiler may run it
                else:
                    self._unnoticed.append(mutant)
        except lanes.DoesNotCompile as error:
            self._set_aside(variants.named(str(error)))
        finally:
            self._lane.restore()

    def _noticed(self, number, trusted):
        outcome = trial.noticed(self._lane, self._tests, self._path, number)
        if outcome and outcome.test not in trusted:
            self._check(outcome.test)
            trusted.add(outcome.test)
        return outcome

    def _check(self, label):
        """A test that fails when no mutant is chosen says nothing of any."""
        status, _ = self._lane.run(self._tests.programs[label],
                                   self._tests.limit(self._lane, label))
        if status != 0:
            raise lanes.DoesNotCompile(f"{label} fails with no mutant chosen")

    def _set_aside(self, numbers):
        """These are tried alone; if none is known to be the cause, all are."""
        for number in numbers & self._waiting.keys() or list(self._waiting):
            self._alone.append(self._waiting.pop(number))
