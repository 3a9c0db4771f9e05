#!/usr/bin/env bash
# Makes each call fail by which albert writes files, and looks what it does then: see tests/faults/writes.py, and --help. The last line is the
# sum. tests/python/test_faults.py has a short form.
#
# usage: scripts/faults/writes.sh [--all] [--sample N] [--seed N] [COMMAND...]
#
# ALBERT_BINARY=FILE is the program; else build/release/albert. Files are written below TMPDIR, where a file system in memory is fastest.
# With --all there are about 2,300 faults, each of which takes a second or less on a core of its own.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
exec "$system_python" "$root/tests/faults/writes.py" "$@"
