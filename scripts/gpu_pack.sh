#!/usr/bin/env bash
# Makes a folder with the program, built for GPUs, and with all that scripts/gpu_check.sh needs on another machine, but for LibTorch, which
# comes from the Python package torch 2.11 (CUDA 13) there. It has at most 60 MB (programs.tar.xz has the programs and their libraries). On that
# machine: FOLDER/gpu_check.sh
#
# usage: scripts/gpu_pack.sh [--build FOLDER] [--output FOLDER]
#   --build FOLDER   a build that exists, instead of one that is made with the preset cuda
#   --output FOLDER  default: build/gpu-pack
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

max_mb=60

main() {
  local build='' output=build/gpu-pack name
  while [ $# -gt 0 ]; do
    case $1 in
      --build) build=${2:?--build needs a folder}; shift ;;
      --output) output=${2:?--output needs a folder}; shift ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
  if [ -z "$build" ]; then
    build=build/cuda
    scripts/setup.sh --cuda --packages >&2
    cmake --preset cuda -DALBERT_BUILD_TESTS=OFF -DALBERT_BUILD_BENCHMARKS=ON > /dev/null
    cmake --build $build --parallel "$jobs" --target albert gpu_parity bench_pretrain_step >&2
  fi
  rm -rf "$output"
  mkdir -p "$output/bin" "$output/lib"
  other_libraries "$build/albert" | while read -r name; do cp -L "$name" "$output/lib"; done
  for name in albert scripts/gpu/gpu_parity scripts/bench/bench_pretrain_step; do
    strip -o "$output/bin/$(basename $name)" "$build/$name"
    # An RPATH, unlike a RUNPATH, holds for the libraries of the libraries, too.
    patchelf --force-rpath --set-rpath "\$ORIGIN/../lib" "$output/bin/$(basename $name)"
  done
  tar --sort=name --owner=0 --group=0 --numeric-owner -C "$output" -c bin lib | xz -T0 -6 > "$output/programs.tar.xz"
  rm -r "${output:?}/bin" "${output:?}/lib"
  cp scripts/gpu_check.sh scripts/gpu/check.py scripts/bench/pretrain_step_peer.py "$output"
  check_size "$output"
  say "gpu_pack: $output has $(du -sm "$output" | cut -f1) MB; copy it to the machine with the GPU and run $output/gpu_check.sh there"
  printf '%s\n' "$output"
}

# other_libraries PROGRAM: what it loads beside LibTorch, CUDA, and what every Linux has. LibTorch's own OpenMP is among them: its name is
# another one in other builds of LibTorch.
other_libraries() {
  ldd "$1" | sed -n 's/.* => \(\/[^ ]*\).*/\1/p' | sort -u |
    grep -vE '/(lib(c|m|dl|pthread|rt|util|resolv)\.so\.[0-9]+|libstdc\+\+\.so\.6|libgcc_s\.so\.1)$' |
    grep -vE '/nvidia/|/lib(torch|c10|caffe2|shm|cu|nv)[^/]*$'
}

check_size() {
  local size
  size=$(du -sm "$1" | cut -f1)
  [ "$size" -le $max_mb ] || die "$1 has $size MB, more than $max_mb: see du -a $1"
}

main "$@"
