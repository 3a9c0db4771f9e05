"""One run of the program."""

import os
import subprocess
from collections.abc import Sequence

from albert_cpp._program import AlbertError, environment, program


def run(
    arguments: Sequence[str | os.PathLike[str]],
    *,
    input: str | None = None,
    capture_output: bool = True,
    check: bool = True,
    cwd: str | os.PathLike[str] | None = None,
    timeout: float | None = None,
) -> subprocess.CompletedProcess[str]:
    """Runs `albert ARGUMENTS...` to its end.

    arguments: the words behind `albert`: ["corpus", "info", "corpus"]
    input: what it reads on standard input; None: nothing
    capture_output: keep what it prints and logs, in `stdout` and `stderr` of the result. False: both go where this process prints, as a
        training's log should
    timeout: seconds, after which it is ended and subprocess.TimeoutExpired raised

    Raises AlbertError with what it logged, if `check` and its exit code is not 0.
    """
    kept = subprocess.PIPE if capture_output else None
    result = subprocess.run(
        [program(), *(os.fspath(word) for word in arguments)], input=input or "", stdout=kept, stderr=kept, encoding="utf-8", errors="replace", cwd=cwd,
        timeout=timeout, env=environment(),
    )
    if check and result.returncode != 0:
        said = (result.stderr or "").strip()
        raise AlbertError(said or f"albert {os.fspath(arguments[0]) if arguments else ''} has failed; its log says why", result.returncode)
    return result
