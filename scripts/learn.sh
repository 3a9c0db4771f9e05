#!/usr/bin/env bash
# Shows what is learnt: trains small encoders on real data, task by task, in two processes (tests/learning/test_learning.py).
# ALBERT_SHARED_DATA=FOLDER holds the data; scripts/test.sh has built the program, or else this does. A processor without AVX512_BF16 takes
# several times as long as one with it.
#
# usage: scripts/learn.sh [--minutes N] [PATTERN]
#   --minutes N   after N minutes no further training begins, and the cases left out are named (default 0: no limit)
#   PATTERN       only the cases that match, as in pytest -k
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

minutes=0 pattern=''
while [ $# -gt 0 ]; do
  case $1 in
    --minutes) minutes=${2:?--minutes needs a number}; shift ;;
    -h | --help) usage 0 ;;
    -*) usage 2 >&2 ;;
    *) pattern=$1 ;;
  esac
  shift
done
[ -n "${ALBERT_SHARED_DATA:-}" ] || die "ALBERT_SHARED_DATA names no folder of real data"

deadline=$(($(date +%s) + minutes * 60)) # setting up and building count too
scripts/setup.sh --tests --learning
[ -e build/release/CMakeCache.txt ] || cmake --preset release
cmake --build build/release --parallel "$jobs" --target albert
[ "$minutes" -eq 0 ] || export ALBERT_LEARN_UNTIL=$deadline
exec env ALBERT_BINARY="$root/build/release/albert" HF_HUB_OFFLINE=1 OMP_WAIT_POLICY=passive \
  "$tests_python" -m pytest -q -rs --no-fold-skipped --durations=10 -p no:cacheprovider --numprocesses 2 --dist worksteal -k "$pattern" \
  tests/learning/test_learning.py
