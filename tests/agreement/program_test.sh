#!/usr/bin/env bash
# The program as it is run: exit codes, and one line for what is wrong.

set -uo pipefail

readonly program=$1
failed=0

fail() {
  echo "FAILED: $*" >&2
  failed=1
}

# complains TEXT ARGUMENT...: exit code 2, and one line that has TEXT in it.
complains() {
  local text=$1 said code
  shift
  said=$("${program}" "$@" 2>&1 >/dev/null)
  code=$?
  ((code == 2)) || fail "$*: exit code ${code}, not 2"
  [[ "${said}" == *"${text}"* ]] || fail "$*: says ${said}, without ${text}"
  (($(wc -l <<<"${said}") == 1)) || fail "$*: says more than a line: ${said}"
}

complains "there is no 'pdf'" --format=pdf
complains "'--colour=yes' is not a flag" --colour=yes
complains "'T08' is not a flag" T08
complains "--filter needs a value" --filter
complains "specified for flag 'progress'" --progress=perhaps
complains "no state is called 'Nope'" --filter=Nope
complains "--format=markdown" --update=file
complains "cannot read" --format=markdown --update=/no/such/file
complains "//tools/agreement:agreement_with_peers" --peers

said=$("${program}" --filter=T08Connected --noprogress) ||
  fail "a good run: exit code $?"
[[ "${said}" == *"1 state, 2 descriptors,"*": all agree with select(2)" ]] ||
  fail "a good run says ${said}"
[[ "${said}" != *$'\033'* ]] || fail "colours though this is no terminal"

said=$("${program}" --help)
[[ "${said}" == *--filter* ]] || fail "--help says ${said}"

exit "${failed}"
