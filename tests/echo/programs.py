"""Our programs, for tests in Python: run as a user would run them."""

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile

TRANSPORTS = ["tcp", "udp", "unix", "unix-dgram"]
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def backends():
    """The names of the backends that this system has, best first."""
    wrong = subprocess.run(
        ["echo/server", "--backend=none"], capture_output=True, text=True
    )
    return re.search(r"choose one of ([a-z, ]+)", wrong.stderr).group(1).split(", ")


class Server:
    """echo/server on every transport, within a `with`."""

    def __init__(self, *arguments):
        self.folder = tempfile.mkdtemp(prefix="isopoll-echo-")
        self.process = subprocess.Popen(
            [
                "echo/server",
                "--listen=tcp:127.0.0.1:0",
                "--listen=udp:127.0.0.1:0",
                f"--listen=unix:{self.folder}/s",
                f"--listen=unix-dgram:{self.folder}/d",
                *arguments,
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.endpoints = {}
        for transport in TRANSPORTS:
            line = self.process.stdout.readline()
            self.endpoints[transport] = line.split()[2]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        shutil.rmtree(self.folder)

    def stop(self):
        """Ends it in good order, and returns the rest of what it printed."""
        self.process.send_signal(signal.SIGTERM)
        rest = self.process.communicate(timeout=60)[0]
        assert self.process.returncode == 0, self.process.returncode
        return rest

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS

    def resident_bytes(self):
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as statm:
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def start_load(endpoint, *arguments):
    """echo/client with a load, which goes on."""
    return subprocess.Popen(
        ["echo/client", f"--connect={endpoint}", "--json", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def end_load(client, timeout=300):
    """What the load came to; an AssertionError unless every byte was right."""
    out, err = client.communicate(timeout=timeout)
    assert client.returncode == 0, err + out
    return json.loads(out)


def load(endpoint, *arguments):
    return end_load(start_load(endpoint, *arguments))
