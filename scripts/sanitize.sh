#!/usr/bin/env bash
# Builds with sanitizers and runs the unit tests under them.
#
# usage: scripts/sanitize.sh asan-ubsan|tsan
#   asan-ubsan   everything, for addresses and undefined behaviour
#   tsan         base, config, text, corpus, metrics, tasks, the loader and the threads of the server, for races; without LibTorch and OpenMP,
#                whose runtime synchronises in ways that the thread sanitizer cannot see and would report
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

preset=${1:-}
case $preset in
  asan-ubsan | tsan) ;;
  -h | --help) usage 0 ;;
  *) usage 2 >&2 ;;
esac

scripts/setup.sh
cmake --preset "$preset"
cmake --build --preset "$preset" --parallel "$jobs"
# LibTorch keeps some memory until the process ends; a leak of ours shows with detect_leaks=1 in the folders without it. The stack frames that
# g++ 12 makes for detect_stack_use_after_return are not aligned for 512-bit vectors: kernels fault in correct code.
ASAN_OPTIONS=detect_leaks=0:strict_string_checks=1:detect_stack_use_after_return=0 \
  UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
  TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1 \
  ctest --preset "$preset" --parallel "$jobs" --label-regex unit --no-tests=error
