#!/usr/bin/env bash
# Kills trainings and commands that write at random moments, and looks whether they end as if nothing had happened once they are repeated: see
# tests/faults/kills.py, and --help. The last line is the sum.
#
# usage: scripts/faults/kills.sh [--kills N] [--minutes N] [--seed N] [COMMAND...]
#
# ALBERT_BINARY=FILE is the program; else build/release/albert. Takes 3 to 5 minutes for 100 kills.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
exec "$system_python" "$root/tests/faults/kills.py" "$@"
