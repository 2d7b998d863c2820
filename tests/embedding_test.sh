#!/usr/bin/env bash
# Builds and runs the workspace in embedding/ from nothing, as its owner would,
# and checks that it is what the README shows.

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

output=$(echo hello | "${tests}/../tools/bazel" --batch \
  --output_user_root="${TEST_TMPDIR}/bazel" \
  run --symlink_prefix=/ --nosandbox_debug --noshow_progress //:main)
[[ "${output}" == "1 ready: r" ]] || fail "the program said: ${output}"
