"""Kills albert (SIGKILL) at random moments while it trains or writes, and repeats the command, which may be killed again, until it ends by
itself. The result must be that of a command that nothing disturbed, bit for bit, and nothing else may lie there."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import commands
from commands import COMMANDS, Command, content

KILLED = ["pretrain", "finetune", "build", "build-without-duplicates", "part", "merge", "tokenizer", "evaluate", "embed-tokens", "export", "import",
          "report", "clean"]
MOST_OF_A_COMMAND = 4
# A training that goes on for a while, with many checkpoints.
LONGER = " --set train.steps=60 --set checkpoint.keep=3"
TRIED = {name: replace(command, words=command.words + LONGER) if command.over == "--resume" else command for name, command in COMMANDS.items()}


class Undisturbed:
    """What a command leaves, and how long it takes."""

    def __init__(self, root: Path, command: Command, with_old: bool):
        folder = commands.make_folder(root, command, with_old)
        begin = time.monotonic()
        commands.succeed(folder, command.again(folder), command.stdin)
        self.seconds = time.monotonic() - begin
        self.content = content(folder)


def kill_once(folder: Path, command: Command, seconds: float, draw: random.Random) -> bool:
    """Runs a command, and kills it: at any moment, or soon after it began to write.

    \\return whether it was killed, and had not ended before"""
    with open(folder.parent / "place" / command.stdin if command.stdin else os.devnull) as source, open(folder / "printed", "w") as printed:
        process = subprocess.Popen([commands.binary(), "--quiet", *command.again(folder).split()], cwd=folder, stdin=source, stdout=printed,
                                   stderr=subprocess.DEVNULL, env=os.environ | {"OMP_WAIT_POLICY": "passive"})
        if draw.random() < 0.5:
            time.sleep(draw.uniform(0, seconds))
        else:
            while process.poll() is None and not commands.temporaries(folder):
                time.sleep(0.0005)
            time.sleep(draw.uniform(0, 0.2 * seconds) if draw.random() < 0.5 else draw.uniform(0, 0.02))
        process.kill()
        return process.wait(timeout=60) == -signal.SIGKILL


def try_command(root: Path, name: str, with_old: bool, undisturbed: Undisturbed, kills: int, draw: random.Random) -> tuple[int, list[str]]:
    """\\return how many kills there were, and what is wrong"""
    command = TRIED[name]
    folder = commands.make_folder(root, command, with_old)
    done = 0
    for _ in range(kills):
        if not kill_once(folder, command, undisturbed.seconds, draw):
            break
        done += 1
    left = len(commands.temporaries(folder))
    result = commands.run(folder, command.again(folder), command.stdin)
    wrong = [] if result.returncode == 0 else [f"exit code {result.returncode}\n{result.stderr}"]
    if unequal := commands.unequal_when_repeated(command, content(folder), undisturbed.content):
        wrong.append(f"not equal: {unequal}")
    told = f"{name}{' over another one' if with_old else ''}: {done} killed, {left} temporary left by the last"
    print(f"{told}: {'equal' if not wrong else 'WRONG'}", flush=True)
    return done, [f"{told}: {what}" for what in wrong]


def main() -> int:
    parser = commands.parser_of("kills", __doc__, usual=", ".join(KILLED))
    parser.add_argument("--kills", type=int, default=100, metavar="N", help="how many, if the time suffices [100]")
    parser.add_argument("--minutes", type=float, default=0, metavar="N", help="kill for so many minutes, however many those are [as --kills says]")
    options = commands.parse(parser, "kills")
    draw = random.Random(options.seed)
    undisturbed: dict[tuple[str, bool], Undisturbed] = {}
    end = time.monotonic() + 60 * options.minutes
    done, trials, wrong = 0, 0, []
    with commands.scratch_folder("kills") as root:
        commands.make_place(root)
        while time.monotonic() < end if options.minutes else done < options.kills:
            name = draw.choice(options.commands or KILLED)
            with_old = bool(COMMANDS[name].old) and draw.random() < 0.5
            if (name, with_old) not in undisturbed:
                undisturbed[name, with_old] = Undisturbed(root, TRIED[name], with_old)
            killed, found = try_command(root, name, with_old, undisturbed[name, with_old], draw.randint(1, MOST_OF_A_COMMAND), draw)
            done, trials, wrong = done + killed, trials + 1, wrong + found
    print(*wrong, sep="\n")
    print(f"{done} kills of {trials} commands, {len(wrong)} of which did not end as if nothing had happened", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
