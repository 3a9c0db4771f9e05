# Sourced by the other scripts: where things are, and how to say something.
# shellcheck shell=bash disable=SC2034 # the variables are for the script that sources this

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=$root/.deps
# The system's Python, whichever one comes first on PATH: only that one is known to match the packages that setup.sh installs.
system_python=/usr/bin/python3
tests_python=$deps/python/bin/python

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$(basename "$0"): $*"
  exit 1
}
# usage <exit code>: the comment at the top of the calling script.
usage() {
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
  exit "$1"
}

# The number of processes to build and check with: one a core, and one for each 2 GB of memory, which a file with LibTorch may take.
jobs=$(awk -v cores="$(nproc)" '/^MemAvailable/ { fit = int($2 / 2097152); print (fit < 1 ? 1 : fit < cores ? fit : cores) }' /proc/meminfo)
