"""Trains, evaluates, saves and resumes over and over in one folder, and asks a server all the while, which opens its model anew now and then. Looks
whether the memory or the open files of the long-lived processes grow: those of the last quarter of the time are compared with those of the
second one, when everything has been done for the first time."""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import commands

# What may be added between two quarters. Allocators give back what they hold at times of their own.
MAX_MEMORY_MB = 24
MAX_OPEN_FILES = 4
RELOAD_EVERY = 5  # s
SITTINGS = 3  # of the training: in each, a process of its own
EVERY = ["--set", "train.steps=100000000", "--set", "evaluate.every=20", "--set", "checkpoint.every=20", "--set", "log.every=20"]


@dataclass
class Watched:
    """A process, and its memory and open files each second."""

    name: str
    process: subprocess.Popen
    megabytes: list[float] = field(default_factory=list)
    files: list[int] = field(default_factory=list)

    def look(self) -> None:
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
            count = len(os.listdir(f"/proc/{self.process.pid}/fd"))
        except (FileNotFoundError, PermissionError, IndexError):  # it is gone
            return
        self.megabytes.append(pages * os.sysconf("SC_PAGE_SIZE") / 2**20)
        self.files.append(count)

    def verdict(self) -> tuple[str, bool]:
        """\\return a line of the table, and whether nothing grew"""
        quarter = len(self.files) // 4
        if quarter == 0:
            return f"{self.name:<12} was watched too shortly", False
        before, after = slice(quarter, 2 * quarter), slice(-quarter, None)
        memory = max(self.megabytes[before]), max(self.megabytes[after])
        files = max(self.files[before]), max(self.files[after])
        is_well = memory[1] - memory[0] <= MAX_MEMORY_MB and files[1] - files[0] <= MAX_OPEN_FILES
        return (f"{self.name:<12}{len(self.files):>8} s{memory[0]:>28.1f}{memory[1]:>10.1f} MB{files[0]:>6}{files[1]:>7}   "
                f"{'ok' if is_well else 'GREW'}"), is_well


def start(folder: Path, log: str, *words: str, **options) -> subprocess.Popen:
    with open(folder / log, "a") as errors:
        return subprocess.Popen([commands.binary(), *words], cwd=folder, stderr=errors, text=True,
                                env=os.environ | {"OMP_WAIT_POLICY": "passive"}, **options)


class Clients:
    """Asks a server without pause: one text, several, and what is refused."""

    def __init__(self, url: str):
        self.url, self.num_answers, self.num_failures, self.ends = url, 0, 0, False
        self.thread = threading.Thread(target=self._ask)
        self.thread.start()

    def _ask(self) -> None:
        bodies = [({"inputs": "Anna met Clara on day 3."}, 200), ({"inputs": [["Anna met Clara."], ["Bertram saw David " * 40]]}, 200),
                  ({"inputs": ""}, 400)]
        while not self.ends:
            for body, status in bodies:
                request = urllib.request.Request(f"{self.url}/predict", json.dumps(body).encode(), {"Content-Type": "application/json"})
                try:
                    with urllib.request.urlopen(request, timeout=30) as answer:
                        answer.read()
                    self.num_answers += 1
                    self.num_failures += status != 200
                except urllib.error.HTTPError as error:
                    self.num_failures += error.code != status
                except OSError:
                    self.num_failures += not self.ends
            time.sleep(0.01)

    def end(self) -> None:
        self.ends = True
        self.thread.join()


def serve(folder: Path) -> tuple[subprocess.Popen, str]:
    shutil.copytree(folder.parent / "place/tuned", folder / "served", symlinks=True)
    words = ["serve", "--model", "served", "--port", "0", "--device", "cpu", "--threads", "1"]
    server = start(folder, "serve.log", *words, stdout=subprocess.PIPE)
    url = server.stdout.readline().strip()
    if not url:
        raise SystemExit(f"the server does not begin:\n{(folder / 'serve.log').read_text()}")
    return server, url


def sit(folder: Path, number: int, seconds: float, server: Watched) -> tuple[Watched, str]:
    """Resumes the training, watches it and the server for a time, and stops it.

    \\return what was seen, and what was wrong"""
    words = ["pretrain", "--config", "../place/pretrain.yaml", *EVERY, "--run-dir", "run", *(["--resume"] if number else [])]
    training = Watched(f"training {number + 1}", start(folder, "pretrain.log", *words, stdout=subprocess.DEVNULL))
    end = time.monotonic() + seconds
    while time.monotonic() < end and training.process.poll() is None:
        time.sleep(1)
        training.look()
        server.look()
        if len(server.files) % RELOAD_EVERY == 0:
            server.process.send_signal(signal.SIGHUP)
    training.process.send_signal(signal.SIGTERM)
    code = training.process.wait(timeout=120)
    if code == 128 + signal.SIGTERM:
        return training, ""
    return training, f"{training.name} ended with the code {code}\n{(folder / 'pretrain.log').read_text()[-2000:]}"


def steps_done(folder: Path) -> int:
    return json.loads((folder / "run/checkpoints/latest/trainer_state.json").read_text())["step"]


def soak(root: Path, minutes: float) -> bool:
    folder = root / "soak"
    folder.mkdir()
    process, url = serve(folder)
    server, clients = Watched("server", process), Clients(url)
    watched, wrong = [server], []
    try:
        for number in range(SITTINGS):
            training, problem = sit(folder, number, 60 * minutes / SITTINGS, server)
            watched.append(training)
            wrong += [problem] if problem else []
            print(f"sitting {number + 1}: step {steps_done(folder)}, {clients.num_answers} answers", flush=True)
    finally:
        clients.end()
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
    if not clients.num_answers:
        wrong.append("nothing was answered")
    if clients.num_failures:
        wrong.append(f"{clients.num_failures} requests failed:\n{(folder / 'serve.log').read_text()[-2000:]}")
    if left := commands.temporaries(folder):
        wrong.append(f"left over: {', '.join(left)}")
    print(f"{'':<12}{'watched':>10}{'memory of the 2nd and the last quarter':>41}{'open files':>13}")
    for one in watched:
        line, is_well = one.verdict()
        print(line)
        wrong += [] if is_well else [f"{one.name} grew by more than {MAX_MEMORY_MB} MB or {MAX_OPEN_FILES} open files"]
    print("", *wrong, sep="\n")
    print(f"{steps_done(folder)} steps, {clients.num_answers} answers, {len(wrong)} wrong", flush=True)
    return not wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/faults/soak.sh", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, metavar="N", help="how long [10]")
    options = parser.parse_args()
    with commands.scratch_folder("soak") as root:
        commands.make_place(root)
        return 0 if soak(root, options.minutes) else 1


if __name__ == "__main__":
    sys.exit(main())
