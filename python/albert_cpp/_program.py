"""Where the program is, and how it finds LibTorch. Imports little: the command `albert` begins here."""

import os
import sys

_PACKAGE = os.path.dirname(os.path.abspath(__file__))
_LIBTORCH = os.path.join("torch", "lib")


class AlbertError(RuntimeError):
    """The program could not do what it was asked to.

    returncode: its exit code, as `albert help exit-codes` lists them; negative: the number of the signal that ended it
    message: what it said, the lines of its log
    """

    def __init__(self, message: str, returncode: int) -> None:
        super().__init__(f"{message} (exit code {returncode})")
        self.message = message
        self.returncode = returncode


def program() -> str:
    """The path of the program.

    Raises FileNotFoundError if this is a checkout, which has none: the wheel does.
    """
    path = os.path.join(_PACKAGE, "bin", "albert")
    if not os.path.exists(path):
        raise FileNotFoundError(f"{path} is missing: install the wheel that scripts/package.sh makes")
    return path


def environment() -> dict[str, str]:
    """The environment to start the program in. It knows LibTorch where pip puts it, beside this package. Where it lies elsewhere on
    sys.path, as in an environment that borrows the packages of another one, the loader has to be told.

    Raises FileNotFoundError if there is none.
    """
    variables = dict(os.environ)
    if os.path.exists(os.path.join(os.path.dirname(_PACKAGE), _LIBTORCH, "libtorch_cpu.so")):
        return variables
    for folder in sys.path:
        libraries = os.path.join(folder, _LIBTORCH)
        if os.path.exists(os.path.join(libraries, "libtorch_cpu.so")):
            before = variables.get("LD_LIBRARY_PATH")
            variables["LD_LIBRARY_PATH"] = libraries + (os.pathsep + before if before else "")
            return variables
    raise FileNotFoundError("the Python package torch, whose libraries albert uses, was not found: pip install 'torch==2.11.*'")


def main() -> None:
    """Becomes the program: its exit code and the signals that it gets are its own."""
    try:
        path = program()
        os.execve(path, [path, *sys.argv[1:]], environment())
    except FileNotFoundError as error:
        sys.exit(f"albert: {error}")
