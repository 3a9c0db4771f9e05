"""What the tests of several processes that train together ("ranks") need: to start them as launchers do, to disturb them, to see that none
of them is left, and to compare what they trained."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import tiny_run

MARK = f"ALBERT_TEST_RANKS={uuid.uuid4()}"  # in the environment of all that this process starts: by it they are found again
os.environ.update([MARK.split("=")])
OF_RANKS = tiny_run.TIMINGS | {"rank_wait_fraction", "rank_imbalance"}  # what one process has not, or otherwise


def environment(**more) -> dict[str, str]:
    """That of this process without what a launcher may have set, and with more variables, but for those that are None."""
    launchers = ("SLURM_", "OMPI_", "PMIX_", "TORCH", "RANK", "WORLD_SIZE", "LOCAL_", "MASTER_", "GLOO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(launchers)}
    return {**kept, **{name: str(value) for name, value in more.items() if value is not None}}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def running(binary: Path) -> dict[int, int]:
    """The process of each rank that this test has started; a launcher's child that knows no rank counts as -1."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            variables = (folder / "environ").read_bytes().decode(errors="replace").split("\0")
            if MARK in variables and (folder / "exe").resolve() == binary:
                rank = next((int(text.removeprefix("RANK=")) for text in variables if text.startswith("RANK=")), -1)
                found[rank] = int(folder.name)
    return found


def wait_until(condition, what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.005)


class Ranks:
    """`albert ARGUMENT...` in so many processes, each of which the environment tells who it is, as Kubernetes does.

    own: more arguments of single ranks; variables: more variables of all of them; prefix: what a rank is started by, as `ip netns exec`;
    at: the folder in which a rank is started, else `folder`. There the logs and the files for torchrun (TORCHELASTIC_ERROR_FILE) are."""

    def __init__(self, binary: Path, count: int, folder: Path, *arguments, own=None, variables=None, prefix=lambda rank: (), at=None):
        self.folder, self.begin = folder, time.monotonic()
        address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": free_port(), "WORLD_SIZE": count, "LOCAL_WORLD_SIZE": count}
        self.processes = []
        for rank in range(count):
            words = [*prefix(rank), binary, *arguments, *(own or {}).get(rank, ())]
            more = {"RANK": rank, "LOCAL_RANK": rank, "TORCHELASTIC_ERROR_FILE": folder / f"error{rank}.json"}
            with (folder / f"log{rank}").open("wb") as log:
                self.processes.append(subprocess.Popen(list(map(str, words)), cwd=at(rank) if at else folder, stdout=log, stderr=log,
                                                       env=environment(**{**address, **more, **(variables or {})})))

    def log(self, rank: int) -> str:
        return (self.folder / f"log{rank}").read_text(errors="replace")

    def logs(self) -> str:
        return "".join(f"--- rank {rank}\n{self.log(rank)}" for rank in range(len(self.processes)))

    def error(self, rank: int) -> str:
        """What torchrun would show as the root cause."""
        return json.loads((self.folder / f"error{rank}.json").read_text())["message"]["message"]

    def wait_for_steps(self, run: Path, steps: int) -> None:
        def have_come():
            assert all(process.poll() is None for process in self.processes), self.logs()
            return tiny_run.steps_done(run) >= steps

        wait_until(have_come, f"step {steps}")

    def send(self, rank: int, number: signal.Signals) -> None:
        self.begin = time.monotonic()
        self.processes[rank].send_signal(number)

    def wait(self, *ranks: int, seconds: float = 60) -> list[int]:
        """The exit codes of these ranks, or of all. None may take longer than so many seconds since the last signal, or the start."""
        codes = []
        for process in [self.processes[rank] for rank in ranks] or self.processes:
            try:
                codes.append(process.wait(timeout=max(0.1, self.begin + seconds - time.monotonic())))
            except subprocess.TimeoutExpired:
                self.end()
                raise AssertionError(f"a rank still runs after {seconds} s\n{self.logs()}") from None
        return codes

    def end(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()


def torchrun(binary: Path, count: int, folder: Path, *arguments, options=(), variables=None) -> subprocess.Popen:
    """`torchrun --no-python OPTION... albert ARGUMENT...`. Its log, and those of the ranks, are in folder/torchrun.log."""
    command = [sys.executable, "-m", "torch.distributed.run", "--no-python", "--standalone", f"--nproc-per-node={count}", *options]
    with (folder / "torchrun.log").open("wb") as log:
        return subprocess.Popen([*command, *map(str, (binary, *arguments))], cwd=folder, stdout=log, stderr=log,
                                env=environment(**(variables or {})))


def write_text(path):
    """Documents of one to twelve sentences of three to fifteen words: examples of very different lengths."""
    draw = random.Random(5)
    words = "Anna Bertram Clara met saw heard thanked in the garden church library on day and again".split()
    documents = [[" ".join(draw.choices(words, k=draw.randint(3, 15))) + "." for _ in range(draw.randint(1, 12))] for _ in range(80)]
    path.write_text("\n\n".join("\n".join(document) for document in documents))


def write_rows(path, count, seed):
    draw = random.Random(seed)
    rows = []
    for _ in range(count):
        label = draw.choice(["garden", "church"])
        rows.append(" ".join(["Clara saw the", label, *["again"] * draw.randint(0, 30)]) + "\t" + label)
    path.write_text("\n".join(["text\tlabel", *rows]) + "\n")


def without_ranks(run: Path) -> list[dict]:
    return [{key: value for key, value in record.items() if key not in OF_RANKS} for record in tiny_run.records(run)]


def order(run: Path) -> list[tuple]:
    """What does not depend on rounding: how far in its epoch each update was, and its rate."""
    return [(record["step"], record["epoch"], record["learning_rate"]) for record in tiny_run.records(run)]


def difference(first: Path, second: Path) -> float:
    """The largest one of any loss, of training and of evaluations, in two runs of as many steps."""
    pairs = list(zip(without_ranks(first), without_ranks(second), strict=True))
    assert all(one.keys() == other.keys() for one, other in pairs)
    return max(abs(one[key] - other[key]) for one, other in pairs for key in one if key.endswith("loss"))


def state(run: Path) -> dict:
    return json.loads((run / "checkpoints/latest/trainer_state.json").read_text())
