"""The programs of docs/examples, run as a user would, on every backend."""

import re
import resource
import subprocess
import sys
import time

# No test waits for longer, so that none hangs; nothing should take nearly as
# long.
BOUND = 60


class Ended:
    """What a program printed, returned, and took."""

    def __init__(self, program, *arguments):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        self.process = subprocess.run(
            [f"docs/examples/{program}", *arguments],
            capture_output=True,
            text=True,
            timeout=BOUND,
            check=False,
        )
        self.seconds = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_seconds = (
            after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        )
        self.status = self.process.returncode
        self.lines = self.process.stdout.splitlines()
        self.errors = self.process.stderr


def backends(program):
    """The names of the backends that this system has, best first."""
    errors = Ended(program, "--backend=none").errors
    return re.search(r"choose one of ([a-z, ]+)", errors).group(1).split(", ")


def on_every_backend(program):
    """Makes of a unittest.TestCase one for each backend, as self.backend."""

    def replace(case):
        module = sys.modules[case.__module__]
        for backend in backends(program):
            name = f"{case.__name__}_{backend}"
            body = {"backend": backend, "__module__": case.__module__}
            setattr(module, name, type(name, (case,), body))
        # None: what was decorated is not run itself.

    return replace
