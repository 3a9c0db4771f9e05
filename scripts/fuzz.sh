#!/usr/bin/env bash
# Feeds the readers of files by others with a million broken ones each, under the address and undefined-behaviour sanitizers
# (tests/fuzz). An input that is read wrongly ends the script and stays.
#
# usage: scripts/fuzz.sh [--count N] [--seed N] [READER...]
#   --count N   inputs for each reader (default 1000000)
#   --seed N    of the random numbers (default 1)
#   READER      torch_file, safetensors, tensorflow_checkpoint, sentence_settings, weight_index (default: all)
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

count=1000000 seed=1 readers=()
while [ $# -gt 0 ]; do
  case $1 in
    --count) count=${2:?--count needs a number}; shift ;;
    --seed) seed=${2:?--seed needs a number}; shift ;;
    -h | --help) usage 0 ;;
    -*) usage 2 >&2 ;;
    *) readers+=("$1") ;;
  esac
  shift
done
[ ${#readers[@]} -gt 0 ] || readers=(torch_file safetensors tensorflow_checkpoint sentence_settings weight_index)

scripts/setup.sh --tests
build=$root/build/fuzz
mkdir -p "$build"
"$tests_python" tests/fuzz/make_seeds.py "$build/seeds"
for reader in "${readers[@]}"; do
  [ -e "tests/fuzz/$reader.cpp" ] || die "there is no reader $reader"
  g++ -std=c++20 -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -Isrc -Itests -Itests/fuzz -DSPDLOG_COMPILED_LIB -DSPDLOG_FMT_EXTERNAL \
    -o "$build/$reader" tests/fuzz/fuzz.cpp "tests/fuzz/$reader.cpp" src/base/*.cpp \
    src/checkpoint/{bert_names,pickle,safetensors,safetensors_header,stored_weights,torch_file,zip}.cpp \
    src/checkpoint/{embedding_mapping,string_table,tensor_bundle,tensorflow_checkpoint,tensorflow_names}.cpp src/inference/sentence_settings.cpp -lspdlog -lfmt -licuuc -lxxhash -lz -lpthread
  say "fuzz: $reader: $count inputs"
  # In memory, where files cost nothing.
  input=$(mktemp "/dev/shm/albert-fuzz-$reader.XXXXXX")
  ASAN_OPTIONS=max_allocation_size_mb=2048:hard_rss_limit_mb=4096 UBSAN_OPTIONS=print_stacktrace=1 \
    "$build/$reader" "$count" "$seed" "$input" "$build/seeds/$reader"/* || die "$reader: the input is $input"
  rm -r "$input"*
done
