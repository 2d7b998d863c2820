#!/usr/bin/env bash
# bazel_consumer_test.sh FOLDER: builds and runs the workspace in
# consumers/FOLDER from nothing, as its owner would, with all backends and with
# one.

set -euo pipefail

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# In the source tree, where that workspace finds isopoll as ../../..
tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "${tests}/consumers/$1"

bazel() {
  local command=$1
  shift
  "${tests}/../tools/bazel" --batch --output_user_root="${TEST_TMPDIR}/bazel" \
    "${command}" --nosandbox_debug --noshow_progress "$@"
}

# expect_run [FLAG]: the program does what it should.
expect_run() {
  local output
  output=$(echo hello | bazel run --symlink_prefix=/ "$@" //:main)
  [[ "${output}" == "token 7 is ready (r): 6 bytes" ]] ||
    fail "with $*, the program said: ${output}"
}

expect_run
expect_run --@isopoll//poller:backends=poll
linked=$(bazel cquery --@isopoll//poller:backends=poll 'deps(//:main)')
[[ "${linked}" == *"//poller:poll "* ]] || fail "poll is not linked"
for backend in epoll select; do
  [[ "${linked}" != *"//poller:${backend} "* ]] ||
    fail "${backend} is linked, though only poll was asked for"
done
