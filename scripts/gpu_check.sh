#!/usr/bin/env bash
# Checks and measures the program on a machine with one GPU, in at most 8 minutes: values and gradients of every operation and of a model
# beside the processor's, 50 updates repeated bit for bit, resuming, a fine-tuning, the speed of base and large beside Transformers (attention by
# scaled_dot_product_attention, eager and compiled) with the share of the card's products, and the memory. Prints a table, and ends with 1 if
# a check fails.
#
# usage: scripts/gpu_check.sh [--folder FOLDER] [--device cuda|cpu] [--tiny] [--no-peer] [--minutes N] [--output FILE]
#   --folder FOLDER  what scripts/gpu_pack.sh made (default: the folder of this script, if it lies in one); a build folder serves as well
#   --device cpu     the same checks without a GPU, of the script and of the forms for the processor
#   --tiny           sizes that a processor computes in seconds
#   --no-peer        do not measure Transformers
#   --minutes N      how long it may take (default: 8)
#   --output FILE    the rows of the table as JSON
#
# LibTorch is that of the Python package torch, 2.11 with CUDA 13, of the python3 that comes first; PYTHON=/path/to/python3 names another one.
set -euo pipefail

main() {
  local here folder arguments=() minutes=8
  here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
  folder=$here
  while [ $# -gt 0 ]; do
    case $1 in
      --folder) folder=$(cd "${2:?--folder needs a folder}" && pwd); shift ;;
      --minutes) minutes=${2:?--minutes needs a number}; shift ;;
      --device | --output) arguments+=("$1" "${2:?$1 needs a value}"); shift ;;
      --tiny | --no-peer) arguments+=("$1") ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
  local python=${PYTHON:-python3} check=$here/check.py
  [ -e "$check" ] || check=$here/gpu/check.py # in a checkout
  if [ -e "$folder/programs.tar.xz" ]; then   # a pack: its LibTorch is Python's
    local torch
    unpacked=$(mktemp -d)
    trap 'rm -rf "$unpacked"' EXIT # a global variable: it is there when the script ends
    "$python" -m tarfile -e "$folder/programs.tar.xz" "$unpacked"
    folder=$unpacked
    torch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))') || die "$python has no package torch; name another one in PYTHON"
    export LD_LIBRARY_PATH=$torch/lib:$torch/../nvidia/cu13/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
  fi
  local albert parity step
  albert=$(needed albert "$folder")
  parity=$(needed gpu_parity "$folder")
  step=$(program bench_pretrain_step "$folder") # none: no speed is measured
  timeout --kill-after=10 "$(awk -v minutes="$minutes" 'BEGIN { print minutes * 60 }')" "$python" "$check" --minutes "$minutes" \
    --albert "$albert" --parity "$parity" ${step:+--step "$step"} "${arguments[@]}"
}

# program NAME FOLDER: where it is in a pack or in a build folder; nothing where it is not.
program() {
  find "$2" -maxdepth 3 -name "$1" -type f -executable -print -quit
}

needed() {
  local found
  found=$(program "$@")
  [ -n "$found" ] || die "$2 has no $1; make the folder with scripts/gpu_pack.sh, or build the targets albert, gpu_parity and bench_pretrain_step"
  printf '%s\n' "$found"
}

usage() {
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
  exit "$1"
}

die() {
  printf '%s\n' "gpu_check.sh: $*" >&2
  exit 1
}

main "$@"
