#!/usr/bin/env bash
# Lets a training and a server work for long, and looks whether their memory or the number of their open files grows: see tests/faults/soak.py,
# and --help. Ends with a table.
#
# usage: scripts/faults/soak.sh [--minutes N]
#
# ALBERT_BINARY=FILE is the program; else build/release/albert.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../common.sh"
exec "$system_python" "$root/tests/faults/soak.py" "$@"
