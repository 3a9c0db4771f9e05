"""scripts/gpu_check.sh, as a person runs it on a machine with a GPU, with --device cpu and tiny sizes: that the script itself works, that what it
checks holds for the processor, and that it tells a failure."""

import json
import os
import subprocess

from conftest import ROOT


def test_it_checks_the_processor(albert_binary, tmp_path):
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1"}  # so little work that more only wait for one another
    done = subprocess.run([ROOT / "scripts/gpu_check.sh", "--folder", albert_binary.parent, "--device", "cpu", "--tiny", "--no-peer", "--output",
                           tmp_path / "rows.json"], capture_output=True, text=True, timeout=600, env=one_thread)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("all checks passed\n")
    rows = json.loads((tmp_path / "rows.json").read_text())["rows"]
    assert {"parity", "training"} <= {row["part"] for row in rows} and not any(row["ok"] is False for row in rows)


def test_it_tells_a_failure(albert_binary, tmp_path):
    for name in ("albert", "gpu_parity"):
        (tmp_path / name).write_text('#!/bin/sh\necho \'{"check": "one", "limit": 1, "error": 2, "ok": false}\'\nexit 1\n')
        (tmp_path / name).chmod(0o755)
    done = subprocess.run([ROOT / "scripts/gpu_check.sh", "--folder", tmp_path, "--device", "cpu", "--tiny"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout.endswith("FAILED\n")
    assert "a part could not be finished" in done.stdout
