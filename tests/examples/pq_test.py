#!/usr/bin/env python3
"""docs/examples/query: libpq on every backend."""

import glob
import hashlib
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import unittest

from programs import BOUND, Ended, on_every_backend

READY = b"database system is ready to accept connections"
USER = "tester"


class Cluster:
    """A PostgreSQL server, on a Unix socket and on a port of loopback's."""

    def __init__(self, folder):
        self.folder = folder
        self.data = os.path.join(folder, "data")
        self.process = None

    def init(self):
        subprocess.run(
            [
                program("initdb"),
                f"--pgdata={self.data}",
                f"--username={USER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
            **as_nobody_special(),
        )

    def copy_to(self, other):
        shutil.copytree(self.data, other.data)
        give_away(other.data)

    def start(self, *options):
        # Keeps the port for the server, which may bind it as well, since this
        # socket does not listen.
        with socket.socket() as keeper:
            keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            keeper.bind(("127.0.0.1", 0))
            self.port = keeper.getsockname()[1]
            settings = [
                f"port={self.port}",
                "listen_addresses=127.0.0.1",
                f"unix_socket_directories={self.folder}",
                "fsync=off",
                "shared_buffers=16MB",
                *options,
            ]
            self.process = subprocess.Popen(
                [program("postgres"), "-D", self.data]
                + [word for setting in settings for word in ("-c", setting)],
                stderr=subprocess.PIPE,
                cwd=self.folder,
                **as_nobody_special(),
            )
            self.log = []
            for line in self.process.stderr:
                self.log.append(line)
                if READY in line:
                    break
            else:
                raise RuntimeError(b"".join(self.log))
        self.reader = threading.Thread(
            target=self.log.extend, args=[self.process.stderr]
        )
        self.reader.start()

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(BOUND)
        self.reader.join()
        self.process.stderr.close()


def program(name):
    """Debian's, of the newest version, which is not in PATH."""
    found = glob.glob(f"/usr/lib/postgresql/*/bin/{name}")
    return max(found, key=lambda path: int(path.split("/")[4]))


def as_nobody_special():
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give_away(folder):
    if os.geteuid() != 0:
        return
    user = pwd.getpwnam("postgres")
    for path, folders, files in os.walk(folder):
        os.chown(path, user.pw_uid, user.pw_gid)
        for name in folders + files:
            os.chown(os.path.join(path, name), user.pw_uid, user.pw_gid)


class Relay:
    """A port of loopback's, from which connections lead to clusters.

    What comes on one is passed on by `serve(data, target, to_client)`, until it
    returns False. With several clusters, each takes one connection, and only
    when the one before has ended.
    """

    def __init__(self, serve, *clusters):
        self.serve = serve
        self.clusters = clusters
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.sockets = []
        self.threads = []
        self.start(self.accept)

    def start(self, call, *arguments):
        self.threads.append(threading.Thread(target=call, args=arguments))
        self.threads[-1].start()

    def accept(self):
        for cluster in itertools.cycle(self.clusters):
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server = socket.create_connection(("127.0.0.1", cluster.port))
            self.sockets += [client, server]
            self.start(self.one_way, server, client, True)
            self.start(self.one_way, client, server, False)
            if len(self.clusters) > 1:
                for thread in self.threads[-2:]:
                    thread.join(BOUND)

    def one_way(self, source, target, to_client):
        """Ends both when one has ended, or when `serve` says so."""
        try:
            while data := source.recv(65536):
                if not self.serve(data, target, to_client):
                    break
        except OSError:
            pass  # The other way has ended.
        for each in (source, target):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def stop(self):
        for each in (self.listener, *self.sockets):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self.threads:
            thread.join(BOUND)
        for each in (self.listener, *self.sockets):
            each.close()


def at_once(data, target, _):
    target.sendall(data)
    return True


def byte_by_byte(data, target, to_client):
    for i in range(len(data)) if to_client else ():
        target.sendall(data[i : i + 1])
    if not to_client:
        target.sendall(data)
    return True


class MuteAfter:
    """Says nothing more once the client has said `words`, and cancels nothing."""

    def __init__(self, words):
        self.words = words
        self.mute = False

    def __call__(self, data, target, to_client):
        if self.mute:
            # A second connection would cancel: it ends.
            return to_client
        self.mute = not to_client and self.words in data
        target.sendall(data)
        return True


class CutAfter:
    """Ends the connection after so many bytes to the client."""

    def __init__(self, left):
        self.left = left

    def __call__(self, data, target, to_client):
        if not to_client:
            target.sendall(data)
            return True
        target.sendall(data[: self.left])
        self.left -= len(data)
        return self.left > 0


CLUSTER = None  # takes writers
READ_ONLY = None  # does not


def setUpModule():
    global CLUSTER, READ_ONLY
    # Not TEST_TMPDIR: the name of a Unix socket is short, and another user may
    # have to get there.
    folder = tempfile.mkdtemp(prefix="isopoll-pq-", dir="/tmp")
    unittest.addModuleCleanup(shutil.rmtree, folder)
    os.chmod(folder, 0o755)
    clusters = []
    for name in ("main", "read-only"):
        os.mkdir(os.path.join(folder, name))
        clusters.append(Cluster(os.path.join(folder, name)))
    give_away(folder)
    CLUSTER, READ_ONLY = clusters
    CLUSTER.init()
    CLUSTER.copy_to(READ_ONLY)
    for cluster, read_only in ((CLUSTER, "off"), (READ_ONLY, "on")):
        cluster.start(f"default_transaction_read_only={read_only}")
        unittest.addModuleCleanup(cluster.stop)


def database(*ports, host="127.0.0.1", more=""):
    """A connection string that names a host for each port."""
    hosts = ",".join([host] * len(ports))
    return (
        f"host={hosts} port={','.join(map(str, ports))} "
        f"user={USER} dbname=postgres {more}"
    )


@on_every_backend("query")
class Pq(unittest.TestCase):
    def query(self, databases, *arguments):
        return Ended(
            "query",
            f"--backend={self.backend}",
            f"--database={databases}",
            f"--connect_timeout={BOUND / 3}s",
            f"--query_timeout={BOUND / 2}s",
            *arguments,
        )

    def unix(self):
        return database(CLUSTER.port, host=CLUSTER.folder)

    def expect(self, ended, lines, status=0):
        self.assertEqual((ended.lines, ended.status), (lines, status), ended.errors)

    # Also with check_closed: then the program fails if it leaves a descriptor
    # registered that libpq has closed.
    def expect_either_way(self, databases, *arguments, lines, status=0):
        for check_closed in ("false", "true"):
            with self.subTest(check_closed=check_closed):
                ended = self.query(
                    databases, f"--check_closed={check_closed}", *arguments
                )
                self.expect(ended, lines, status)

    def refused(self):
        """A port that refuses, kept until the test is over."""
        keeper = socket.socket()
        self.addCleanup(keeper.close)
        keeper.bind(("127.0.0.1", 0))
        return keeper.getsockname()[1]

    def silent(self):
        """A port that takes connections and says nothing."""
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        return listener.getsockname()[1]

    def relay(self, serve, *clusters):
        relay = Relay(serve, *(clusters or [CLUSTER]))
        self.addCleanup(relay.stop)
        return relay.port

    def test_a_query(self):
        for where in (self.unix(), database(CLUSTER.port)):
            self.expect_either_way(
                where,
                "SELECT 1, 'a' UNION SELECT 2, 'b'",
                lines=["0: 1|a", "0: 2|b", "0: end"],
            )

    def test_a_query_that_is_wrong(self):
        ended = self.query(self.unix(), "SELECT nothing")
        self.assertIn('column "nothing" does not exist', ended.lines[0])
        self.assertEqual((ended.lines[-1], ended.status), ("0: end", 1))

    # Each goes on only when all have come.
    def test_many_connections_at_once(self):
        name = f"arrived_{self.backend}"
        self.expect(self.query(self.unix(), f"CREATE SEQUENCE {name}"), ["0: end"])
        meet = (
            f"DO $$ BEGIN PERFORM nextval('{name}'); "
            f"WHILE (SELECT last_value FROM {name}) < 20 "
            "LOOP PERFORM pg_sleep(0.01); END LOOP; END $$"
        )
        ended = self.query(self.unix(), *[meet] * 20)
        self.assertEqual(sorted(ended.lines), sorted(f"{i}: end" for i in range(20)))

    def test_a_large_result(self):
        ended = self.query(
            self.unix(),
            "SELECT i, repeat(chr(97 + i % 26), 1000) FROM generate_series(1, 20000) i",
        )
        expected = [f"0: {i}|{chr(97 + i % 26) * 1000}" for i in range(1, 20001)]
        self.assertEqual(ended.status, 0, ended.errors)
        self.assertTrue(ended.lines == expected + ["0: end"])

    # More than the sockets hold: libpq has to wait until it can write.
    def test_a_large_parameter(self):
        text = "0123456789abcdef" * 500_000
        with tempfile.NamedTemporaryFile("w") as file:
            file.write(text)
            file.flush()
            for where in (self.unix(), database(CLUSTER.port)):
                ended = self.query(
                    where,
                    f"--parameter_file={file.name}",
                    "SELECT length($1), md5($1)",
                )
                digest = hashlib.md5(text.encode()).hexdigest()
                self.expect(ended, [f"0: {len(text)}|{digest}", "0: end"])

    def test_hosts_that_refuse(self):
        self.expect_either_way(
            database(self.refused(), self.refused(), CLUSTER.port),
            "SHOW port",
            lines=[f"0: {CLUSTER.port}", "0: end"],
        )

    # libpq talks to the first until it knows that it takes no writers.
    def test_a_host_that_is_read_only(self):
        self.expect_either_way(
            database(
                READ_ONLY.port,
                self.refused(),
                READ_ONLY.port,
                CLUSTER.port,
                more="target_session_attrs=read-write",
            ),
            "SHOW port",
            lines=[f"0: {CLUSTER.port}", "0: end"],
        )

    # The first connection is well. Its number is free when the second finds its
    # host read-only and connects to the next, so that this has a lower number
    # than before.
    def test_a_socket_with_another_number(self):
        for check_closed in ("false", "true"):
            first = self.relay(at_once, CLUSTER, READ_ONLY)
            ended = self.query(
                database(first, CLUSTER.port, more="target_session_attrs=read-write"),
                f"--check_closed={check_closed}",
                "SELECT 'first'",
                "SELECT 'second'",
            )
            self.expect(ended, ["0: first", "0: end", "1: second", "1: end"])

    def test_a_host_that_says_nothing(self):
        where = f"{database(self.silent())};{database(CLUSTER.port)}"
        for check_closed in ("false", "true"):
            ended = self.query(
                where,
                "--connect_timeout=2s",
                f"--check_closed={check_closed}",
                "SHOW port",
            )
            self.expect(ended, [f"0: {CLUSTER.port}", "0: end"])
            self.assertGreaterEqual(ended.seconds, 2)
            self.assertLess(ended.cpu_seconds, 0.4)  # It slept.

    def test_no_host_at_all(self):
        for check_closed in ("false", "true"):
            ended = self.query(
                f"{database(self.refused())};{database(1, host='/nowhere')}",
                f"--check_closed={check_closed}",
                "SELECT 1",
            )
            self.assertEqual((len(ended.lines), ended.status), (1, 1), ended.errors)
            self.assertIn("Connection refused", ended.lines[0])
            self.assertIn("No such file or directory", ended.lines[0])

    def test_a_slow_network(self):
        self.expect_either_way(
            database(self.relay(byte_by_byte)),
            "SELECT repeat('x', 1000)",
            lines=["0: " + "x" * 1000, "0: end"],
        )

    def test_a_query_that_takes_too_long(self):
        ended = self.query(
            database(CLUSTER.port),
            "--query_timeout=2s",
            "SELECT pg_sleep(3600)",
            "SELECT 1",
        )
        self.expect(
            ended,
            [
                "1: 1",
                "1: end",
                "0: ERROR:  canceling statement due to user request",
                "0: end",
            ],
            status=1,
        )
        self.assertGreaterEqual(ended.seconds, 2)
        self.assertLess(ended.cpu_seconds, 0.4)  # It slept.

    def test_a_server_that_goes_mute(self):
        port = self.relay(MuteAfter(b"pg_sleep"))
        ended = self.query(
            database(port),
            "--connect_timeout=2s",
            "--query_timeout=1s",
            "SELECT pg_sleep(3600)",
        )
        self.expect(ended, ["0: no answer in time, nor that it was canceled"], status=1)
        self.assertGreaterEqual(ended.seconds, 3)

    def test_a_server_that_hangs_up(self):
        for check_closed in ("false", "true"):
            port = self.relay(CutAfter(100_000))
            ended = self.query(
                database(port),
                f"--check_closed={check_closed}",
                "SELECT repeat('x', 1000000)",
            )
            self.assertEqual(ended.status, 1, ended.errors)
            self.assertIn("server closed the connection", "\n".join(ended.lines))


if __name__ == "__main__":
    unittest.main()
