"""Short forms of scripts/faults/writes.sh and kills.sh: commands whose writes fail, and commands that are killed. What is killed in the tests of
trainings and corpora is not killed here again."""

import subprocess
import sys
from pathlib import Path

FAULTS = Path(__file__).resolve().parents[1] / "faults"


def run(albert_binary, monkeypatch, *words):
    monkeypatch.setenv("ALBERT_BINARY", str(albert_binary))
    result = subprocess.run([sys.executable, FAULTS / words[0], *words[1:]], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    assert result.returncode == 0, result.stdout
    return result.stdout


def test_a_write_that_fails_loses_nothing(albert_binary, monkeypatch):
    commands = ["pretrain", "build-without-duplicates", "embed-tokens", "export-shards", "clean-states"]
    report = run(albert_binary, monkeypatch, "writes.py", "--sample", "4", *commands)
    assert report.count("6 faults in") == 2 * len(commands) - 1, report  # and over what is there; of what is cleaned there is no other


def test_a_killed_command_is_repeated(albert_binary, monkeypatch):
    run(albert_binary, monkeypatch, "kills.py", "--kills", "10", "merge", "tokenizer", "embed-tokens", "export")


def test_a_fault_that_no_command_meets_is_seen(tmp_path):
    """Another program than albert, which writes in place and does not look whether that succeeds."""
    (tmp_path / "work").mkdir()
    source = f"import sys; sys.path.insert(0, {str(FAULTS)!r}); import writes, pathlib; writes.build_shim(pathlib.Path({str(tmp_path)!r}))"
    subprocess.run([sys.executable, "-c", source], check=True)
    (tmp_path / "report").write_bytes(bytes(9 * 8 + 4096))
    script = "for i in 1 2 3; do echo line; done > work/file 2> /dev/null; true"
    for fault, lines in (("", 3), ("write:2:ENOSPC", 2), ("write:2+:EIO", 1), ("write:every:EINTR", 1)):
        variables = {"LD_PRELOAD": str(tmp_path / "shim.so"), "ALBERT_FAULTS_FOLDER": str(tmp_path / "work"),
                     "ALBERT_FAULTS_REPORT": str(tmp_path / "report"), "ALBERT_FAULTS": fault}
        subprocess.run(["bash", "-c", script], cwd=tmp_path, env=variables, check=True)
        assert (tmp_path / "work/file").read_text() == "line\n" * lines, fault
        (tmp_path / "report").write_bytes(bytes(9 * 8 + 4096))
