"""Fixtures of the tests that compare the built program with live Python packages. Run by scripts/test.sh, or by hand:
`ALBERT_BINARY=build/release/albert .deps/python/bin/python -m pytest tests/python`."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PREDICTING = ("predict", "embed", "search", "fill-mask")  # whose --precision is auto


@pytest.fixture(scope="session")
def albert_binary() -> Path:
    path = Path(os.environ.get("ALBERT_BINARY", ROOT / "build/release/albert")).resolve()
    if not path.exists():
        pytest.fail(f"{path} is missing: build it, or name it in ALBERT_BINARY")
    return path


@pytest.fixture(scope="session")
def albert(albert_binary):
    """Runs `albert ARGUMENT...` and returns what it printed; `code` is the exit code that is expected. With another code, or where it takes
    longer than `timeout_s`, the test fails and shows the program's log. It runs in the folder `cwd`. A byte that is no UTF-8 is written "\\udc80" to "\\udcff" in `stdin`.
    Predictions are in float32, to be compared with those of others, unless the arguments say --precision."""

    def run(*arguments, stdin: str | None = None, code: int = 0, timeout_s: int = 600, cwd: Path | None = None) -> str:
        command = [str(albert_binary), *map(str, arguments)]
        if command[1:2] and command[1] in PREDICTING and "--precision" not in command and "--help" not in command:
            command += ["--precision", "float32"]
        result = subprocess.run(command, input=stdin, capture_output=True, encoding="utf-8", errors="surrogateescape", timeout=timeout_s,
                                cwd=cwd)
        assert result.returncode == code, f"{' '.join(command)}: exit code {result.returncode}\n{result.stderr}"
        assert "\\x0a" not in result.stderr or any("\n" in str(word) for word in arguments), f"an end of a line is shown: {result.stderr}"
        return result.stdout if code == 0 else result.stdout + result.stderr

    return run


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """A folder of real texts and vocabularies that are not part of the repository."""
    folder = os.environ.get("ALBERT_SHARED_DATA")
    if not folder:
        pytest.skip("ALBERT_SHARED_DATA names no folder of texts and vocabularies")
    return Path(folder)
