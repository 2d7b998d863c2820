#!/usr/bin/env bash
# Builds and runs the workspace in embedding/ from nothing, as its owner would,
# with all backends and with one, and checks that it is what the README shows.

set -euo pipefail

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# In the source tree, where that workspace finds isopoll as ../..
tests=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "${tests}/embedding"

readme=$(<"${tests}/../README.md")
[[ "${readme}" == *"$(<main.cc)"* ]] || fail "README.md shows another main.cc"
[[ "${readme}" == *"$(sed -n '/^local_repository/,$p' WORKSPACE)"* ]] ||
  fail "README.md shows another WORKSPACE"

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
  [[ "${output}" == "1 ready: r" ]] || fail "with $*, the program said: ${output}"
}

expect_run
expect_run --@isopoll//poller:backends=poll
linked=$(bazel cquery --@isopoll//poller:backends=poll 'deps(//:main)')
[[ "${linked}" == *"@isopoll//poller:poll "* ]] || fail "poll is not linked"
for backend in epoll select; do
  [[ "${linked}" != *"@isopoll//poller:${backend} "* ]] ||
    fail "${backend} is linked, though only poll was asked for"
done
