#!/usr/bin/env bash
# Kills ranks at random moments, and looks whether the run ends as if nothing had happened: a training of a few seconds under torchrun, which
# starts its two ranks again after each kill. It does so until the kills are used up; every training must end with the weights, bit for bit,
# of the one that nothing disturbed, and leave no process. tests/python/test_ranks.py has a short form. The last line is the sum.
#
# usage: scripts/faults/ranks.sh [--kills N] [--seed N] [--signal NAME]
#   --kills N       20 by default; up to three in a training, as torchrun's --max-restarts=3 has it
#   --seed N        of the moments and the ranks; else another one each time, which is printed
#   --signal NAME   KILL by default; STOP for ranks that hang
#
# ALBERT_BINARY=FILE is the program; else build/release/albert. Takes about a minute for 5 kills on 2 cores.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"

albert=$(realpath "${ALBERT_BINARY:-$root/build/release/albert}")
per_training=3
steps=600

main() {
  local kills=20 signal=KILL seed=$RANDOM
  while [ $# -gt 0 ]; do
    case $1 in
      --kills) kills=${2:?--kills needs a number}; shift ;;
      --seed) seed=${2:?--seed needs a number}; shift ;;
      --signal) signal=${2:?--signal needs a name}; shift ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
  RANDOM=$seed
  say "ranks: seed $seed"
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  cd "$folder"
  make_tiny_training "$albert" "$steps" 100 25
  train undisturbed > undisturbed.log 2>&1 || { tail -n 30 undisturbed.log >&2; die "the undisturbed run failed"; }

  local done=0 training=0 wrong=0
  while [ "$done" -lt "$kills" ]; do
    training=$((training + 1))
    local wanted=$((kills - done < per_training ? kills - done : per_training)) status=0
    train "run$training" > "run$training.log" 2>&1 &
    local launcher=$!
    disturb "$launcher" "run$training" "$wanted" "$signal" > killed
    wait "$launcher" || status=$?
    done=$((done + $(wc -l < killed)))
    if judge "run$training" "$status"; then
      say "training $training: $(paste -sd, killed): equal"
      rm -rf "run$training"
    else
      wrong=$((wrong + 1))
      say "training $training: $(paste -sd, killed): NOT EQUAL (torchrun's exit code $status)"
      tail -n 40 "run$training.log" >&2
    fi
  done
  echo "$done kills in $training trainings, $wrong of which did not end equal"
  [ "$wrong" -eq 0 ]
}

# train RUN: with the mark by which its ranks are found.
train() {
  ALBERT_FAULTS="$folder" OMP_WAIT_POLICY=passive "$tests_python" -m torch.distributed.run --no-python --standalone --nproc-per-node=2 \
    --max-restarts="$per_training" "$albert" pretrain --config run.yaml --run-dir "$1"
}

# ranks_of: the processes of the ranks that run, in the order of their ranks.
ranks_of() {
  local process variables
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/exe" 2> /dev/null)" = "$albert" ] || continue
    variables=$(tr '\0' '\n' 2> /dev/null < "$process/environ") || continue
    grep -qx "ALBERT_FAULTS=$folder" <<< "$variables" || continue
    sed -n "s|^RANK=|&${process#/proc/} |p" <<< "$variables"
  done | sed 's/^RANK=\([0-9]*\) \([0-9]*\)/\2 \1/' | sort -n | cut -d' ' -f2
}

# disturb LAUNCHER RUN NUMBER SIGNAL: sends signals to random ranks at random moments after both have come; prints which and when.
disturb() {
  local number ranks
  for ((number = 0; number < $3; ++number)); do
    until mapfile -t ranks < <(ranks_of) && [ "${#ranks[@]}" -eq 2 ]; do
      kill -0 "$1" 2> /dev/null || return 0
      sleep 0.1
    done
    sleep "$((RANDOM % 3)).$((RANDOM % 10))$((RANDOM % 10))"
    local victim=$(((RANDOM >> 5) % 2))
    if kill -s "$4" "${ranks[victim]}" 2> /dev/null; then
      echo "rank $victim after $({ wc -l < "$2/metrics.jsonl"; } 2> /dev/null || echo 0) records"
    fi
    while mapfile -t others < <(ranks_of) && [[ " ${others[*]} " == *" ${ranks[0]} "* || " ${others[*]} " == *" ${ranks[1]} "* ]]; do
      kill -0 "$1" 2> /dev/null || return 0
      sleep 0.1
    done
  done
}

# judge RUN STATUS
judge() {
  [ "$2" -eq 0 ] && cmp -s "$1/checkpoints/latest/model.safetensors" undisturbed/checkpoints/latest/model.safetensors &&
    cmp -s "$1/checkpoints/latest/optimizer.safetensors" undisturbed/checkpoints/latest/optimizer.safetensors && [ -z "$(ranks_of)" ]
}

main "$@"
