#!/usr/bin/env python3
"""docs/examples/resolve: c-ares on every backend."""

import ipaddress
import socket
import struct
import threading
import unittest

from programs import BOUND, Ended, on_every_backend

A, AAAA = 1, 28
ANSWER, TRUNCATED, NO_SUCH_NAME = 0x8180, 0x0200, 3
MANY = 300


class Query:
    def __init__(self, message):
        self.id = message[:2]
        labels, at = [], 12
        while message[at]:
            labels.append(message[at + 1 : at + 1 + message[at]].decode())
            at += 1 + message[at]
        self.name = ".".join(labels)
        self.kind = struct.unpack("!H", message[at + 1 : at + 3])[0]
        self.question = message[12 : at + 5]

    def answer(self, addresses=(), flags=0):
        records = b"".join(
            b"\xc0\x0c" + struct.pack("!HHIH", self.kind, 1, 60, len(data)) + data
            for data in (ipaddress.ip_address(address).packed for address in addresses)
        )
        header = struct.pack("!5H", ANSWER | flags, 1, len(addresses), 0, 0)
        return self.id + header + self.question + records


def addresses(name):
    """What is said of it over TCP, or where that fits over UDP, by kind."""
    word, _, number = name.removesuffix(".test").partition("-")
    number = int(number or 0)
    if word == "large":
        return {A: [f"10.1.{i // 250}.{i % 250}" for i in range(MANY)], AAAA: []}
    if word in ("small", "lost", "held", "release"):
        return {A: [f"10.0.0.{number}"], AAAA: [f"fd00::{number:x}"]}
    return None


class Server:
    """Each name says how it is answered; unknown ones are not found."""

    def __init__(self):
        self.tcp, self.udp = sockets_of_one_port()
        self.port = self.udp.getsockname()[1]
        self.held = []
        self.seen = set()
        self.connections = []
        self.tcp_queries = 0
        self.threads = []
        self.start(self.serve_udp)
        self.start(self.serve_tcp)

    def start(self, call, *arguments):
        self.threads.append(threading.Thread(target=call, args=arguments))
        self.threads[-1].start()

    def stop(self):
        # Ends what blocks in each of them, for the threads to end.
        for each in (self.tcp, *self.connections):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # Closed already.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ender:
            ender.sendto(b"", self.udp.getsockname())
        for thread in self.threads:
            thread.join(BOUND)
            assert not thread.is_alive()
        for each in (self.tcp, self.udp, *self.connections):
            each.close()

    def serve_udp(self):
        while True:
            message, sender = self.udp.recvfrom(512)
            if not message:
                return
            self.serve_datagram(Query(message), sender)

    def serve_datagram(self, query, sender):
        word = query.name.removesuffix(".test").partition("-")[0]
        again = (query.name, query.kind) in self.seen
        self.seen.add((query.name, query.kind))
        found = addresses(query.name)
        if word == "deaf" or (word == "lost" and not again):
            return
        if word in ("large", "cut"):
            answer = query.answer(flags=TRUNCATED)
        elif found is None:
            answer = query.answer(flags=NO_SUCH_NAME)
        else:
            answer = query.answer(found[query.kind])
        if word == "held":
            self.held.append((answer, sender))
            return
        if word == "release":
            for answer_to_held in self.held:
                self.udp.sendto(*answer_to_held)
        self.udp.sendto(answer, sender)

    def serve_tcp(self):
        while True:
            try:
                self.connections.append(self.tcp.accept()[0])
            except OSError:
                return
            self.start(self.serve_connection, self.connections[-1])

    def serve_connection(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with connection.makefile("rb") as stream:
            while length := stream.read(2):
                query = Query(stream.read(struct.unpack("!H", length)[0]))
                self.tcp_queries += 1
                if query.name.startswith("cut"):
                    connection.sendall(b"\x01")
                    connection.shutdown(socket.SHUT_RDWR)
                    return
                answer = query.answer(addresses(query.name)[query.kind])
                message = struct.pack("!H", len(answer)) + answer
                # The length by itself, and the rest in two.
                for part in (message[:1], message[1:100], message[100:]):
                    connection.sendall(part)


def sockets_of_one_port():
    while True:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            udp.bind(tcp.getsockname())
            return tcp, udp
        except OSError:  # Somebody else has that one; there are others.
            tcp.close()
            udp.close()


@on_every_backend("resolve")
class Ares(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)

    def resolve(self, *arguments, servers=None):
        return Ended(
            "resolve",
            f"--backend={self.backend}",
            f"--servers={servers or self.address()}",
            f"--timeout={BOUND / 2}s",
            *arguments,
        )

    def address(self):
        return f"127.0.0.1:{self.server.port}"

    def expect_found(self, ended, names):
        self.assertEqual(ended.status, 0, ended.lines + [ended.errors])
        found = dict(line.split(": ") for line in ended.lines)
        self.assertEqual(sorted(found), sorted(names))
        for name in names:
            expected = [each for kind in addresses(name).values() for each in kind]
            self.assertEqual(sorted(found[name].split()), sorted(expected))

    def test_many_names_at_once(self):
        names = [f"small-{i}.test" for i in range(1, 60)]
        for check_closed in ("false", "true"):
            ended = self.resolve(f"--check_closed={check_closed}", *names)
            self.expect_found(ended, names)

    # The answer by UDP is cut short: c-ares asks by TCP, and has to wait until
    # it can write there.
    def test_truncated_answers(self):
        names = [f"large-{i}.test" for i in range(20)] + ["small-1.test"]
        for check_closed in ("false", "true"):
            ended = self.resolve(f"--check_closed={check_closed}", *names)
            self.expect_found(ended, names)
        self.assertEqual(self.server.tcp_queries, 2 * 2 * 20)

    def test_a_slow_answer_holds_nobody_up(self):
        names = ["held-1.test", "release-2.test"]
        self.expect_found(self.resolve(*names), names)

    def test_a_lost_datagram(self):
        ended = self.resolve("--timeout=300ms", "lost-1.test", "small-1.test")
        self.expect_found(ended, ["lost-1.test", "small-1.test"])
        self.assertEqual(ended.lines[0][:5], "small")
        self.assertGreaterEqual(ended.seconds, 0.3)

    def test_a_server_that_says_nothing(self):
        ended = self.resolve("--timeout=700ms", "--tries=2", "deaf.test")
        self.assertEqual(
            ended.lines,
            ["deaf.test: Timeout while contacting DNS servers"],
            ended.errors,
        )
        self.assertGreaterEqual(ended.seconds, 3 * 0.7)  # twice as long for two
        self.assertLess(ended.cpu_seconds, 0.4)  # It slept.

    def test_no_such_name(self):
        ended = self.resolve("none.test", "small-1.test")
        self.assertEqual(
            sorted(ended.lines),
            ["none.test: Domain name not found", "small-1.test: 10.0.0.1 fd00::1"],
        )
        self.assertEqual(ended.status, 1)

    # Nobody is at the first server's port. c-ares finds that out as it sends
    # the next question, goes on to the second server with that one, and with
    # the one before when its time is up.
    def test_a_refused_port(self):
        names = [f"small-{i}.test" for i in range(1, 20)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as keeper:
            keeper.bind(("127.0.0.1", 0))
            keeper.connect(keeper.getsockname())  # Hears nobody but itself.
            refused = f"127.0.0.1:{keeper.getsockname()[1]}"
            for check_closed in ("false", "true"):
                ended = self.resolve(
                    f"--check_closed={check_closed}",
                    "--timeout=300ms",
                    *names,
                    servers=f"{refused},{self.address()}",
                )
                self.expect_found(ended, names)

    def test_a_server_that_hangs_up(self):
        for check_closed in ("false", "true"):
            ended = self.resolve(
                f"--check_closed={check_closed}",
                "--tries=2",
                "cut.test",
                "small-1.test",
            )
            self.assertEqual(len(ended.lines), 2, ended.errors)
            lines = dict(line.split(": ") for line in ended.lines)
            self.assertEqual(lines["cut.test"], "Could not contact DNS servers")
            self.assertEqual(lines["small-1.test"], "10.0.0.1 fd00::1")


if __name__ == "__main__":
    unittest.main()
