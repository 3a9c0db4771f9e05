#!/usr/bin/env bash
# Builds everything and runs every test: unit, parity, golden and end-to-end ones by ctest, then those that compare with live Python
# packages by pytest. That tasks are learnt is for scripts/learn.sh. Works in a fresh clone. The last line is the sum: `N passed, N
# failed`, and `, N skipped` where some were. Exits with another code than 0 where a test failed, or where ctest or pytest could not run
# what it was asked to.
#
# usage: scripts/test.sh [--label REGEX] [--no-python]
#   --label REGEX   only the ctest labels that match (unit, parity, golden, e2e)
#   --no-python     without the tests in tests/python
#
# ALBERT_WARNINGS_AS_ERRORS=ON is what continuous integration sets; without it nothing is compiled twice for the quick start and the tests.
# ALBERT_SHARED_DATA=FOLDER holds real texts and vocabularies for the tests that use them; without it those are skipped, with the reason.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

build=$root/build/release
results=$build/results

main() {
  local label='' python=true
  while [ $# -gt 0 ]; do
    case $1 in
      --label) label=${2:?--label needs a pattern}; shift ;;
      --no-python) python=false ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
  local setup=(scripts/setup.sh)
  $python && setup+=(--tests)

  part setup "${setup[@]}"
  part configure cmake --preset release "-DALBERT_WARNINGS_AS_ERRORS=${ALBERT_WARNINGS_AS_ERRORS:-OFF}"
  part build cmake --build "$build" --parallel "$jobs"
  rm -rf "$results"
  mkdir -p "$results"
  local status=0
  part ctest run_ctest "$label" || status=$?
  if $python; then
    part pytest run_pytest || status=$?
  fi
  shopt -s nullglob # what could not start at all left no report
  "$system_python" scripts/sum_tests.py "$results"/*.xml || status=$?
  return "$status"
}

# part NAME COMMAND...: runs it and says how long it took.
part() {
  local start=$SECONDS status=0
  "${@:2}" || status=$?
  say "test: $1: $((SECONDS - start)) s"
  [ "$status" -eq 0 ] || say "test: $1: exit code $status"
  return "$status"
}

# Cases run side by side: a thread that waits for another one must not keep a core busy.
run_ctest() {
  OMP_WAIT_POLICY=passive ctest --test-dir "$build" --parallel "$jobs" --output-on-failure --progress --no-tests=error \
    --output-junit "$results/ctest.xml" ${1:+--label-regex "$1"}
}

# Nothing is fetched from a model hub: the tests make what they need. Learning has a script of its own, which takes longer than all else.
run_pytest() {
  ALBERT_BINARY=$build/albert HF_HUB_OFFLINE=1 OMP_WAIT_POLICY=passive "$tests_python" -m pytest -q -rs --durations=10 -p no:cacheprovider \
    --numprocesses "$jobs" --dist loadfile --junitxml "$results/pytest.xml" tests/python
}

main "$@"
