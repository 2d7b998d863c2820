#!/usr/bin/env python3
"""echo/client between pipes: what it is given comes out, or it says why not."""

import fcntl
import os
import select
import socket
import subprocess
import threading
import unittest

from programs import TRANSPORTS, Server

LONG = bytes(range(256)) * 1000


def client(endpoint, **how):
    return subprocess.Popen(
        ["echo/client", f"--connect={endpoint}"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **how,
    )


class PipedClient(unittest.TestCase):
    def test_a_file_over_every_transport(self):
        with Server() as server:
            for transport in TRANSPORTS:
                with self.subTest(transport):
                    process = client(
                        server.endpoints[transport], stdout=subprocess.PIPE
                    )
                    out, err = process.communicate(LONG, timeout=60)
                    self.assertEqual(process.returncode, 0, err)
                    self.assertEqual(out, LONG)

    def test_an_output_that_does_not_block(self):
        reader, writer = os.pipe()
        flags = fcntl.fcntl(writer, fcntl.F_GETFL)
        fcntl.fcntl(writer, fcntl.F_SETFL, flags | os.O_NONBLOCK)
        with Server() as server:
            process = client(server.endpoints["tcp"], stdout=writer)
            feeder = threading.Thread(
                target=lambda: (process.stdin.write(LONG), process.stdin.close())
            )
            feeder.start()
            while select.select([], [writer], [], 0)[1]:
                self.assertIsNone(process.poll())  # it will be full
            os.close(writer)
            out = b""
            while select.select([reader], [], [], 60)[0]:
                data = os.read(reader, 1000)
                if not data:
                    break
                out += data
            feeder.join()
            err = process.stderr.read()
            process.stderr.close()
            self.assertEqual(process.wait(), 0, err)
            self.assertEqual(out, LONG)
        os.close(reader)

    def test_a_server_that_closes(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            host, port = listener.getsockname()
            process = client(f"tcp:{host}:{port}", stdout=subprocess.PIPE)
            process.stdin.write(b"hello\n")
            process.stdin.flush()
            connection = listener.accept()[0]
            received = connection.recv(6, socket.MSG_WAITALL)
            self.assertEqual(received, b"hello\n")
            connection.shutdown(socket.SHUT_WR)
            out, err = process.communicate(timeout=60)
            connection.close()
            self.assertEqual(process.returncode, 1)
            self.assertEqual(out, b"")
            self.assertIn(b"which is not all", err)


if __name__ == "__main__":
    unittest.main()
