"""Makes each call fail, one after another, by which albert writes files, and looks what it does then. What must hold:

- a signal that interrupts a call (EINTR), or a write that takes half of the bytes, changes nothing;
- a disk that is full or fails (ENOSPC, EDQUOT, EIO) either does not matter to the result, which is whole, or the command ends with the exit
  code 5 and a message that names the file and the reason; what was there before is then there still, whole, or the whole new result;
- no temporary file is left, and the same command then ends with the bytes of one that nothing disturbed."""

import random
import struct
import subprocess
import sys
import time
from pathlib import Path

import commands
from commands import COMMANDS, Command, content, difference

KINDS = ["write", "sync", "rename", "open", "close", "mkdir", "truncate", "link"]
HARD = {"ENOSPC": "No space left on device", "EIO": "Input/output error", "EDQUOT": "Disk quota exceeded"}
REPORT = struct.Struct("<9Q4096s")
IO_ERROR = 5
ALL_UP_TO = 60  # calls of a kind; of more a spread


def build_shim(root: Path) -> Path:
    shim = root / "shim.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-o", shim, Path(__file__).with_name("shim.c")], check=True)
    return shim


class Trial:
    """A command in a folder, once for each fault."""

    def __init__(self, root: Path, command: Command, with_old: bool):
        self.root, self.command, self.with_old = root, command, with_old
        self.name = f"{command.name}{' over another one' if with_old else ''}"
        self.folder = self._folder()
        self.before = content(self.folder)
        self.words = command.again(self.folder)
        result, self.counts, _ = self._run("")
        if result.returncode != 0:
            raise SystemExit(f"albert {self.words}: exit code {result.returncode}\n{result.stderr}")
        if not any(self.counts.values()):
            raise SystemExit(f"albert {self.words}: no call was seen that writes; does it write by one that shim.c does not know?")
        self.after = content(self.folder)

    def _folder(self) -> Path:
        return commands.make_folder(self.root, self.command, self.with_old)

    def _run(self, fault: str):
        """\\return the result, how many calls of each kind there were, and the path of the one that failed first"""
        report = self.root / "report"
        report.write_bytes(bytes(REPORT.size))
        variables = {"LD_PRELOAD": str(self.root / "shim.so"), "ALBERT_FAULTS_FOLDER": str(self.folder), "ALBERT_FAULTS_REPORT": str(report),
                     "ALBERT_FAULTS": fault}
        result = commands.run(self.folder, self.words, self.command.stdin, variables)
        *counts, failed, path = REPORT.unpack(report.read_bytes())
        return result, dict(zip(KINDS, counts)), path.split(b"\0")[0].decode() if failed else ""

    def soft_faults(self) -> list[str]:
        return ["any:every:EINTR", *(["write:every:SHORT"] if self.counts["write"] else [])]

    def hard_faults(self) -> list[str]:
        """Each call once; every other fault goes on, as a full disk does."""
        faults = []
        for kind in KINDS:
            numbers = range(1, self.counts[kind] + 1)
            if len(numbers) > ALL_UP_TO:
                numbers = sorted({*numbers[:20], *numbers[-20:], *random.sample(numbers, ALL_UP_TO - 40)})
            faults += [f"{kind}:{number}{'+' if n % 2 else ''}:{list(HARD)[n % 3]}" for n, number in enumerate(numbers)]
        return faults

    def check(self, fault: str) -> list[str]:
        """\\return what is wrong"""
        self.folder = self._folder()
        result, _, path = self._run(fault)
        error = fault.split(":")[2]
        if not path and error in HARD:
            return []  # a call that another thread makes now and then
        if not path:
            return [f"{self.name}: {fault}: no call met it"]
        wrong = [f"left over: {left}" for left in commands.temporaries(self.folder)]
        after = content(self.folder, lambda place: commands.TEMPORARY.fullmatch(place.parts[0]) is not None)
        if result.returncode == 0 or error not in HARD:
            if result.returncode != 0:
                wrong.append(f"exit code {result.returncode}")
            if error not in HARD and "LOG ERROR" in result.stderr:
                wrong.append("the log is not whole")
            if unequal := difference(after, self.after):
                wrong.append(f"not whole: {unequal}")
        else:
            wrong += self._check_failure(result, path, HARD[error], after)
        if result.returncode != 0 and (self.command.in_steps or wrong or difference(commands.without_printed(after), self.before)):
            wrong += self._check_repeated()
        place = Path(path).relative_to(self.folder)
        return [f"{self.name}: {fault} on {place}: {what}\n{indented(result.stderr)}" for what in wrong]

    def _check_failure(self, result, path: str, reason: str, after: dict) -> list[str]:
        wrong = []
        told = result.stderr + (self.folder / "printed").read_text()
        if result.returncode != IO_ERROR:
            wrong.append(f"exit code {result.returncode}")
        if reason not in told:
            wrong.append("the message does not give the reason")
        if path not in told and not any(name in told for name in names_of(Path(path), self.folder)):
            wrong.append("the message does not name the file")
        if self.command.in_steps:
            return wrong
        now = commands.without_printed(after)
        unequal = difference(now, self.before)
        if unequal and difference(now, commands.without_printed(self.after)):
            wrong.append(f"neither the old nor the new: {unequal}")
        return wrong

    def _check_repeated(self) -> list[str]:
        result = commands.run(self.folder, self.command.again(self.folder), self.command.stdin)
        if result.returncode != 0:
            return [f"repeated: exit code {result.returncode}\n{indented(result.stderr)}"]
        wrong = [f"left over when repeated: {left}" for left in commands.temporaries(self.folder)]
        unequal = commands.unequal_when_repeated(self.command, content(self.folder), self.after)
        return wrong + ([f"repeated: not equal: {unequal}"] if unequal else [])


def names_of(path: Path, folder: Path) -> set[str]:
    """What may stand for a path in a message: its name, or that of what it is a part of; of a temporary one the destination's."""
    names = set()
    for part in path.relative_to(folder).parts:
        temporary = commands.TEMPORARY.fullmatch(part)
        names.add(temporary[1] if temporary else part)
    return names | ({"the output", "the results"} if path.name == "printed" else set())


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines()[-8:])


def try_command(root: Path, command: Command, sample: int | None, draw: random.Random) -> int:
    """\\return how many faults were not met as they should be"""
    num_wrong = 0
    for with_old in [False, True] if command.old else [False]:
        begin = time.monotonic()
        trial = Trial(root, command, with_old)
        faults = trial.hard_faults()
        if sample is not None:
            faults = draw.sample(faults, min(sample, len(faults)))
        faults = trial.soft_faults() + faults
        wrong = [message for fault in faults for message in trial.check(fault)]
        for message in wrong:
            print(message, flush=True)
        calls = ", ".join(f"{count} {kind}" for kind, count in trial.counts.items() if count)
        print(f"{trial.name}: {len(faults)} faults in {calls}: {len(wrong)} wrong ({time.monotonic() - begin:.0f} s)", flush=True)
        num_wrong += len(wrong)
    return num_wrong


def main() -> int:
    parser = commands.parser_of("writes", __doc__, usual="all")
    parser.add_argument("--all", action="store_true", help="all calls of each kind, or a spread where there are more than 60; else a few")
    parser.add_argument("--sample", type=int, default=6, metavar="N", help="without --all: faults of each command [6]")
    options = commands.parse(parser, "writes")
    draw = random.Random(options.seed)
    random.seed(options.seed)
    with commands.scratch_folder("writes") as root:
        build_shim(root)
        commands.make_place(root)
        sample = None if options.all else options.sample
        num_wrong = sum(try_command(root, COMMANDS[name], sample, draw) for name in options.commands or COMMANDS)
    print(f"{num_wrong} wrong", flush=True)
    return 1 if num_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
