#!/usr/bin/env python3
"""Holds libc_calls.cc to be complete.

Every C function that the libraries of poller/ and net/ call is one that the
test program replaces, or is listed here as one that makes no system call, or
none that fails. The kqueue backend calls its kernel by a table alone.
"""

import glob
import os
import re
import subprocess
import unittest

PROGRAM = "tests/faults/poller_faults_test"

# Memory and text, and the language's own.
PLAIN = """
    memchr memcmp memcpy memmove memset strlen strnlen bcmp
    htons inet_ntop inet_pton ntohs gai_strerror freeaddrinfo getenv unsetenv
""".split()
# Calls that cannot fail, or not for these arguments.
CANNOT_FAIL = """
    clock_gettime getpid pthread_mutex_lock pthread_mutex_unlock
    pthread_setcancelstate sysconf
""".split()
# Only for want of memory, as operator new; its caller goes on without.
FOR_MEMORY = ["pthread_atfork", "__register_atfork"]
# What compilers and sanitizers put in.
COMPILER = re.compile(
    r"_Z|__cxa|__gxx|__gcc|_Unwind|__asan|__tsan|__ubsan|__sanitizer|_ITM|"
    r"__gmon|__gcov|__llvm|__dso|__stack_chk|__assert_fail|__errno_location|"
    r"__popcount|__tls_get_addr"
)


def symbols(path, *flags):
    listing = subprocess.run(
        ["nm", "--dynamic", "--format=posix", *flags, path],
        check=True,
        stdout=subprocess.PIPE,
        universal_newlines=True,
    ).stdout
    return {line.split()[0].split("@")[0] for line in listing.splitlines()}


def called(path):
    return {
        name
        for name in symbols(path, "--undefined-only")
        if not COMPILER.match(name)
    }


def libraries(pattern):
    return sorted(glob.glob(f"_solib_*/{pattern}.so"))


class CalledFunctions(unittest.TestCase):
    def test_are_replaced_or_cannot_fail(self):
        replaced = symbols(PROGRAM, "--defined-only")
        known = replaced.union(PLAIN, CANNOT_FAIL, FOR_MEMORY)
        paths = libraries("libpoller_S*") + libraries("libnet_S*")
        # Both folders, with more than a library or two, were found.
        self.assertGreater(len(paths), 10)
        for path in paths:
            self.assertEqual(called(path) - known, set(), os.path.basename(path))

    def test_of_kqueue_are_in_its_table(self):
        (path,) = libraries("libtests_Skqueue_Slibkqueue_Uset")
        self.assertEqual(called(path) - set(PLAIN) - set(CANNOT_FAIL), set())


if __name__ == "__main__":
    unittest.main()
