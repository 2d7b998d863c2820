#!/usr/bin/env python3
"""Holds .ci/count to what it says: a gate that miscounts passes or stops all."""

import json
import os
import subprocess
import sys
import unittest

TEMP = os.environ["TEST_TMPDIR"]

BUILT = {"id": {"targetCompleted": {}}, "completed": {"success": True}}
NOT_BUILT = {"id": {"targetCompleted": {}}, "completed": {}}
ABORTED = {"id": {"targetCompleted": {}}, "aborted": {"reason": "USER_INTERRUPTED"}}
OTHER_SYSTEM = {"id": {"targetCompleted": {}}, "aborted": {"reason": "SKIPPED"}}


def test_result(status, suite):
    """The event of a program that left `suite`, an element or nothing."""
    path = os.path.join(TEMP, "test report.xml")
    with open(path, "w", encoding="utf-8") as report:
        report.write(suite)
    uri = "file://" + path.replace(" ", "%20")
    outputs = [{"name": "test.log", "uri": "none"}, {"name": "test.xml", "uri": uri}]
    result = {"status": status, "testActionOutput": outputs}
    return {"id": {"testResult": {}}, "testResult": result}


class Count(unittest.TestCase):
    def expect(self, events, said, code):
        path = os.path.join(TEMP, "events.json")
        with open(path, "w", encoding="utf-8") as file:
            for event in events:
                print(json.dumps(event), file=file)
        done = subprocess.run(
            [sys.executable, ".ci/count", path],
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual((done.stdout, done.returncode), (said + "\n", code))

    def test_cases_are_counted(self):
        passed = test_result("PASSED", '<testsuite tests="5" skipped="1" disabled="1"/>')
        self.expect([BUILT, passed], "3 passed, 0 failed, 2 skipped", 0)

    def test_a_failed_case_is_failed(self):
        failed = test_result("FAILED", '<testsuite tests="5" failures="1" errors="1"/>')
        self.expect([BUILT, failed], "3 passed, 2 failed", 1)

    def test_a_crash_is_a_failed_case(self):
        for left in "", '<testsuite tests="0"/>':
            crashed = test_result("TIMEOUT", left)
            self.expect([BUILT, crashed], "0 passed, 1 failed", 1)

    def test_a_target_not_built_is_failed(self):
        passed = test_result("PASSED", '<testsuite tests="1"/>')
        for event in NOT_BUILT, ABORTED:
            self.expect([passed, event], "1 passed, 1 failed", 1)

    def test_a_target_for_another_system_is_not_counted(self):
        passed = test_result("PASSED", '<testsuite tests="1"/>')
        self.expect([passed, OTHER_SYSTEM], "1 passed, 0 failed", 0)

    def test_nothing_at_all_is_no_success(self):
        self.expect([], "0 passed, 0 failed", 1)


if __name__ == "__main__":
    unittest.main()
