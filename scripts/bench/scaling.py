#!/usr/bin/env python3
"""How training scales over machines: what a rank computes and what a sum of gradients over ranks takes are measured here, a model is fitted to
both, checked on trainings of 2 to 4 ranks, and asked what 8 to 512 ranks would do.

    scripts/setup.sh --tests
    .deps/python/bin/python scripts/bench/scaling.py --binary build/release/albert --corpus CORPUS [--measured FILE]

CORPUS has a vocabulary of at most 30,000 pieces. What was measured is kept in FILE, and not measured again. As root, since network namespaces are the hosts and `tc` sets how fast their links are.
About 25 minutes on 2 quiet cores, and 8 GB of memory for xxlarge.

The time of an update of T tokens over N ranks is taken to be

    fixed + token * T / N + sum(bytes, N, rate)

`fixed` is the optimizer and the bookkeeping, `token` a token forward and backward, both from trainings of one rank with two sizes of batch.
`sum` is that of a ring: 2 (N - 1) steps, each with a delay, and 2 (N - 1) / N times the bytes, which the processor copies and adds, and the link
carries; the slower of the two counts. Delay, processor's time for a byte, and the share of a link's rate that is data are fitted. Gradients are summed
in one piece, after the backward pass (parallel.bucket_elements): where all cores compute, sums that began before were seen to hide nothing.
The trainings of 3 and 4 ranks share 2 cores: what as many ranks take that exchange nothing is measured beside them.

Prints both tables in Markdown. Exits with 1 if a training of 2 to 4 ranks is off by more than 15%."""

import argparse
import contextlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import yaml
from scipy.optimize import least_squares

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from hosts import Hosts, why_not  # noqa: E402

BUCKET = 4 << 20  # elements, as src/parallel/gradient_sum.h
LIMIT = 0.15
MODELS = {"base": "base-v2", "large": "large-v2", "xlarge": "xlarge-v2", "xxlarge": "xxlarge-v2", "BERT-base": "bert-base"}
RANKS = (8, 32, 128, 512)
BATCH, LENGTH = 4096, 512

SUM = f"""
import json, os, sys, time, torch, torch.distributed as c10d
torch.set_num_threads(1)
c10d.init_process_group("gloo")
for megabytes in map(float, sys.argv[1:]):
    buckets = torch.ones(int(megabytes * 250000)).split({BUCKET})
    seconds = []
    for _ in range(7 if megabytes < 100 else 3):
        c10d.barrier()
        begin = time.monotonic()
        for work in [c10d.all_reduce(bucket, async_op=True) for bucket in buckets]:
            work.wait()
        seconds.append(time.monotonic() - begin)
    if c10d.get_rank() == 0:
        print(json.dumps([megabytes, sorted(seconds[1:])[len(seconds[1:]) // 2]]), flush=True)
c10d.barrier()
time.sleep(0.5 if c10d.get_rank() == 0 else 0)
os._exit(0)  # the threads of PyTorch sometimes abort an ordinary end
"""


def free_port():
    with socket.socket() as found:
        found.bind(("", 0))
        return found.getsockname()[1]


def run_ranks(hosts, count, command, output, more=None):
    """A process on each of the first hosts; what rank 0 prints is written to a file."""
    port = free_port()
    processes = []
    for rank in range(count):
        variables = {"RANK": rank, "WORLD_SIZE": count, "LOCAL_RANK": 0, "LOCAL_WORLD_SIZE": 1, "MASTER_ADDR": hosts.addresses[0], "MASTER_PORT": port,
                     "GLOO_SOCKET_IFNAME": "eth0", "OMP_WAIT_POLICY": "passive", **(more or {})}
        with open(output if rank == 0 else os.devnull, "wb") as file, open(f"{output}.{rank}.log", "wb") as log:
            processes.append(subprocess.Popen([*hosts.on(rank), *map(str, command)], stdout=file, stderr=log,
                                              env={**os.environ, **{name: str(value) for name, value in variables.items()}}))
    if any([process.wait() for process in processes]):
        logs = (f"rank {rank} ended with {processes[rank].returncode}: {Path(f'{output}.{rank}.log').read_text()}" for rank in range(count))
        raise SystemExit("a rank failed:\n" + "\n".join(logs))


class Bench:
    def __init__(self, options, scratch, hosts):
        self.options, self.scratch, self.hosts, self.count = options, scratch, hosts, 0
        self.cores = len(os.sched_getaffinity(0))

    def place(self):
        self.count += 1
        return self.scratch / str(self.count)

    def training(self, model, length, batch, micro_batch, threads, steps):
        """The words of a short training, and the folder in which it will lie."""
        folder = self.place()
        settings = {"model": model, "model.hidden_dropout_prob": 0, "model.attention_probs_dropout_prob": 0, "data.corpus": self.options.corpus,
                    "data.max_sequence_length": length, "data.short_sequence_probability": 0, "train.steps": steps, "train.batch_size": batch,
                    "train.micro_batch_size": micro_batch, "train.threads": threads, "train.device": "cpu",
                    "schedule.warmup_steps": 0, "parallel.bucket_elements": 10**9, "evaluate.every": 0, "checkpoint.every": 0, "log.every": 1}
        words = [self.options.binary, "--quiet", "pretrain", "--config", "base", "--run-dir", folder]
        return words + [word for key, value in settings.items() for word in ("--set", f"{key}={value}")], folder

    def seconds(self, folder, tokens):
        """The median time of an update, without the first ones. The run is gone then: its checkpoint may have gigabytes."""
        records = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
        shutil.rmtree(folder)
        return statistics.median(tokens / record["tokens_per_second"] for record in records[2:])

    def compute(self, model, length, batches, micro_batch, threads, count, steps=5):
        """(fixed, token) of one rank in seconds, where `count` of them compute on this machine at a time and exchange nothing."""
        times = []
        for batch in batches:
            runs = [self.training(model, length, batch, micro_batch, threads, steps) for _ in range(count)]
            processes = [subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                          env={**os.environ, "OMP_WAIT_POLICY": "passive"}) for words, _ in runs]
            for process in processes:
                log = process.communicate()[1]
                if process.returncode != 0:
                    raise SystemExit(f"a training failed:\n{log}")
            times.append(statistics.mean(self.seconds(folder, batch * length) for _, folder in runs))
        token = (times[1] - times[0]) / (length * (batches[1] - batches[0]))
        return max(times[0] - token * length * batches[0], 0), token

    def sums(self, ranks, rate, megabytes):
        self.hosts.set_rate(rate)
        output = self.place()
        run_ranks(self.hosts, ranks, [sys.executable, "-c", SUM, *megabytes], output)
        return [json.loads(line) for line in output.read_text().splitlines()]

    def update(self, model, length, batch, micro_batch, ranks, rate, steps=6):
        self.hosts.set_rate(rate)
        words, folder = self.training(model, length, batch, micro_batch, 1, steps)
        run_ranks(self.hosts, ranks, words, self.place())
        return self.seconds(folder, batch * length)


class Sum:
    """Seconds that a sum over ranks adds to an update; see above."""

    def __init__(self, delay, byte, share, cores):
        self.delay, self.byte, self.share, self.cores = delay, byte, share, cores

    def __call__(self, size, ranks, rate, one_machine=False):
        """size: bytes; rate: gigabits a second, None without a limit; one_machine: the ranks share the cores of this one."""
        crowd = max(1, ranks / self.cores) if one_machine else 1
        carried = 2 * (ranks - 1) / ranks * size
        link = carried * 8e-9 / (rate * self.share) if rate else 0
        return 2 * (ranks - 1) * self.delay * crowd + max(carried * self.byte, link)

    @classmethod
    def fitted(cls, measured, cores):
        """measured: [(bytes, ranks, rate, seconds)]"""
        make = lambda logs: cls(*np.exp(logs), cores)
        error = lambda logs: [np.log(make(logs)(size, ranks, rate, one_machine=True) / seconds) for size, ranks, rate, seconds in measured]
        return make(least_squares(error, np.log([1e-4, 1e-9, 0.9]), loss="soft_l1").x)


def read_model(name):
    return yaml.safe_load((ROOT / f"configs/model/{name}.yaml").read_text())


def parameters(model, vocabulary):
    embedding, hidden, inner = model["embedding_size"], model["hidden_size"], model["intermediate_size"]
    layer = 4 * hidden * (hidden + 1) + 2 * hidden * inner + hidden + inner + 4 * hidden
    return (vocabulary + 514) * embedding + (embedding + 1) * hidden + model.get("num_hidden_groups", 1) * layer + hidden * (hidden + embedding)


def operations(model, vocabulary):
    """Of a token of a sequence of LENGTH, forward and backward; 15% of the tokens are masked."""
    embedding, hidden, inner = model["embedding_size"], model["hidden_size"], model["intermediate_size"]
    layer = 8 * hidden * hidden + 4 * hidden * inner + 4 * LENGTH * hidden
    return 3 * (model["num_hidden_layers"] * layer + 2 * embedding * hidden + 0.15 * 2 * embedding * (hidden + vocabulary))


def link_name(rate):
    return f"{rate} Gbit/s" if rate else "no limit"


class Measurements:
    """What was measured, kept in a file where one is named."""

    def __init__(self, file):
        self.file = file
        self.values = json.loads(file.read_text()) if file and file.exists() else {}

    def get(self, key, measure):
        if key not in self.values:
            self.values[key] = measure()
            print(f"{key}: {self.values[key]}", file=sys.stderr, flush=True)
            if self.file:
                self.file.write_text(json.dumps(self.values, indent=1))
        return self.values[key]


CHECK_LENGTH, CHECK_MICRO_BATCH, CHECK_SHARE = 128, 2, 4


def alone(bench, name, count):
    """Seconds of an update of one rank's share, between those of two other sizes, beside as many others as will share the cores of this machine."""
    fixed, token = bench.compute(MODELS[name], CHECK_LENGTH, (CHECK_SHARE // 2, CHECK_SHARE // 2 * 3), CHECK_MICRO_BATCH, threads=1,
                                 count=max(count, bench.cores))
    return fixed + token * CHECK_SHARE * CHECK_LENGTH


def check(bench, known, sums):
    """Trainings of 2 to 4 ranks beside the model; whether all are within the limit."""
    good = True
    print("\n| model | ranks | link | measured | of it the sum, as modelled | modelled | off |\n|---|---|---|---|---|---|---|")
    for name in ("base", "BERT-base"):
        size = 4 * parameters(read_model(MODELS[name]), bench.options.vocabulary)
        for ranks in (2, 3, 4):
            for rate in (None, 1):
                # Other work on the machine comes and goes: ranks that exchange nothing are measured before and after each training.
                before, measured, after = known.get(f"{name}, {ranks} ranks, {link_name(rate)}", lambda: [
                    alone(bench, name, ranks), bench.update(MODELS[name], CHECK_LENGTH, CHECK_SHARE * ranks, CHECK_MICRO_BATCH, ranks, rate),
                    alone(bench, name, ranks)])
                one = (before + after) / 2
                sum_time = sums(size, ranks, rate, one_machine=True)
                off = (one + sum_time) / measured - 1
                good = good and abs(off) <= LIMIT
                print(f"| {name} | {ranks} | {link_name(rate)} | {measured:.2f} s | {sum_time:.2f} s | {one + sum_time:.2f} s | {off:+.0%} |", flush=True)
    return good


def predict(options, sums, tokens, heading):
    """tokens: {model: (fixed, token)}."""
    rates = (1, 10, 25, 100)
    print(f"\nModelled, not measured: {BATCH} sequences of {LENGTH} an update, {heading}\n")
    print("| model | gradients | " + " | ".join(f"{ranks} ranks" for ranks in RANKS) + " |\n|---|---|" + "---|" * len(RANKS))
    for name, (fixed, token) in tokens.items():
        size = 4 * parameters(read_model(MODELS[name]), options.vocabulary)
        cells = []
        for ranks in RANKS:
            share = BATCH * LENGTH / ranks
            times = (fixed + token * share + sums(size, ranks, rate) for rate in rates)
            cells.append(" / ".join(f"{(fixed + token * BATCH * LENGTH) / ranks / time:.0%}" for time in times))
        print(f"| {name} | {size / 1e6:.0f} MB | " + " | ".join(cells) + " |", flush=True)
    print(f"\nEfficiency at {' / '.join(map(str, rates))} Gbit/s.", flush=True)


def report(bench, known):
    measured = []
    print("| ranks | link | MB | seconds |\n|---|---|---|---|")
    for ranks in (2, 3, 4):
        for rate in (None, 1, 10, 25):
            for megabytes, seconds in known.get(f"sums, {ranks} ranks, {link_name(rate)}", lambda: bench.sums(ranks, rate, (0.1, 4, 16, 48, 96))):
                measured.append((megabytes * 1e6, ranks, rate, seconds))
                print(f"| {ranks} | {link_name(rate)} | {megabytes} | {seconds:.4f} |", flush=True)
    sums = Sum.fitted(measured, bench.cores)
    print(f"\nfitted: {sums.delay * 1e6:.0f} us a step, {sums.byte * 1e9:.2f} ns of a core a byte, {sums.share:.0%} of a link's rate is data")
    errors = [abs(sums(size, ranks, rate, one_machine=True) / seconds - 1) for size, ranks, rate, seconds in measured]
    large = [error for error, (size, *_) in zip(errors, measured) if size >= 16e6]
    print(f"of sums alone the model is off by {np.median(errors):.0%} in the median; of those from 16 MB, {np.max(large):.0%} at most", flush=True)

    good = check(bench, known, sums)
    options = bench.options
    tokens = {}
    for name in options.models:
        fixed, token = known.get(name, lambda: bench.compute(MODELS[name], LENGTH, (1, 2), 1, threads=bench.cores, count=1, steps=3))
        tokens[name] = (fixed, token)
        print(f"{name}: {1 / token:.0f} tokens/s, {fixed:.2f} s an update beside", file=sys.stderr, flush=True)
    predict(options, sums, tokens, f"a rank has {bench.cores} cores of this machine")
    supposed = {name: (0.0, operations(read_model(MODELS[name]), options.vocabulary) / options.device_teraflops / 1e12)
                for name in options.models}
    predict(options, Sum(options.device_delay_us / 1e6, 0.0, sums.share, bench.cores), supposed,
            f"a rank is a device that sustains {options.device_teraflops:g} TFLOP/s and sends by itself, {options.device_delay_us:g} us a step (supposed)")
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="albert")
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--measured", type=Path, help="file of what was measured")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--vocabulary", type=int, default=30000, help="pieces of the modelled vocabulary, and of the corpus")
    parser.add_argument("--device-teraflops", type=float, default=300, help="that a supposed GPU sustains, for the second table")
    parser.add_argument("--device-delay-us", type=float, default=20, help="of a step of a sum among supposed GPUs")
    options = parser.parse_args()
    options.binary, options.corpus = options.binary.resolve(), options.corpus.resolve()
    if reason := why_not():
        raise SystemExit(f"scaling.py {reason}")
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hosts = Hosts(4)
        stack.callback(hosts.remove)
        good = report(Bench(options, scratch, hosts), Measurements(options.measured))
    if not good:
        raise SystemExit(f"a training of 2 to 4 ranks is off by more than {LIMIT:.0%}")


if __name__ == "__main__":
    main()
