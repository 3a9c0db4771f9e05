#!/usr/bin/env bash
# Feeds every reader of what others wrote with broken inputs, by libFuzzer, under the address and undefined-behaviour sanitizers (tests/fuzz).
# Begins with seeds, with what earlier runs kept in build/fuzz/corpus, and with what they found. An input that is read wrongly ends its reader, and
# stays in build/fuzz/findings/READER. A table says at the end how many inputs each reader had; the exit code is 1 if one was read wrongly.
#
# usage: scripts/fuzz.sh [--minutes N | --seconds N | --count N] [--seed N] [READER...]
#   --minutes N, --seconds N   of each reader
#   --count N                  inputs for each reader (default 1000000)
#   --seed N                   where the draws begin (default: another one each time)
#   READER                     a name of the table in tests/fuzz/README.md (default: all)
#
# As many readers run at a time as there are cores.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

build=$root/build/fuzz
programs=$build/tests/fuzz

main() {
  local limit=-runs=1000000 seed=0 readers=() name
  while [ $# -gt 0 ]; do
    case $1 in
      --minutes) limit=-max_total_time=$((60 * ${2:?--minutes needs a number})); shift ;;
      --seconds) limit=-max_total_time=${2:?--seconds needs a number}; shift ;;
      --seed) seed=${2:?--seed needs a number}; shift ;;
      --count) limit=-runs=${2:?--count needs a number}; shift ;;
      -h | --help) usage 0 ;;
      -*) usage 2 >&2 ;;
      *) readers+=("$1") ;;
    esac
    shift
  done

  scripts/setup.sh --fuzz --tests
  mkdir -p "$build"/{logs,findings}
  rm -rf "$build/seeds"
  "$tests_python" tests/fuzz/make_seeds.py "$build/seeds"
  [ ${#readers[@]} -gt 0 ] || mapfile -t readers < <(find "$build/seeds" -mindepth 1 -type d -printf '%f\n' | sort)
  for name in "${readers[@]}"; do
    [ -e "$build/seeds/$name" ] || die "there is no reader $name; tests/fuzz/README.md lists them"
  done
  cmake --preset fuzz > /dev/null
  cmake --build --preset fuzz --parallel "$jobs" --target "${readers[@]/#/fuzz_}"
  printf '%s\n' "${readers[@]}" |
    xargs -P "$jobs" -I{} bash -c "$(declare -f run_reader); run_reader {} $limit $seed '$build' '$programs'"
  report "${readers[@]}"
}

# run_reader NAME LIMIT SEED BUILD PROGRAMS: in a folder in memory, where files cost least.
run_reader() {
  local name=$1 limit=$2 seed=$3 build=$4 programs=$5 status=0
  place=$(mktemp -d "/dev/shm/albert-fuzz-$name.XXXXXX")
  trap 'rm -rf "$place"' EXIT
  mkdir -p "$build"/{corpus,findings}/"$name"
  # Memory that was freed waits for its reuse, but not so long that large buffers are cold again.
  (cd "$place" &&
    ASAN_OPTIONS=quarantine_size_mb=8:allow_addr2line=1 UBSAN_OPTIONS=print_stacktrace=1:allow_addr2line=1 \
      "$programs/fuzz_$name" "$limit" -seed="$seed" -timeout=20 -report_slow_units=20 -rss_limit_mb=4096 -malloc_limit_mb=2048 -print_final_stats=1 \
      -dict="$build/seeds/$name.dict" -artifact_prefix="$build/findings/$name/" \
      "$build/corpus/$name" "$build/findings/$name" "$build/seeds/$name") > "$build/logs/$name" 2>&1 || status=$?
  echo "exit code: $status" >> "$build/logs/$name"
}

# report READER...: the table.
report() {
  local name inputs status=0
  printf '%-24s %12s  %s\n' reader inputs result
  for name in "$@"; do
    inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/logs/$name")
    if grep -q '^exit code: 0$' "$build/logs/$name"; then
      printf '%-24s %12s  %s\n' "$name" "$inputs" ok
    else
      printf '%-24s %12s  %s\n' "$name" "${inputs:-none}" "wrong: build/fuzz/logs/$name"
      status=1
    fi
  done
  [ "$status" -eq 0 ] || say "fuzz: to read an input again: build/fuzz/tests/fuzz/fuzz_READER build/fuzz/findings/READER/FILE"
  return "$status"
}

main "$@"
