#!/usr/bin/env python3
"""A pretraining step of ALBERT-base beside Transformers': both in processes of their own, step by step in turn, so that a busy minute of the
machine slows both. Prints the median seconds, the ratio of each pair and the peak memory. Beside them stands the floor: the time of the step's
matrix products alone, by LibTorch, in the same turns; --no-floor leaves it out.

    cmake --preset release -DALBERT_BUILD_BENCHMARKS=ON && ninja -C build/release bench_pretrain_step
    scripts/bench/pretrain_step.py --binary build/release/scripts/bench/bench_pretrain_step

Run it with a Python that has transformers and torch. --peer names another script with the protocol of pretrain_step_peer.py."""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path


class Side:
    """One of the two programs: does a step when asked."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer("ready")
        self.steps = []

    def answer(self, expected=None):
        line = self.process.stdout.readline().strip()
        if not line or (expected and line != expected):
            raise SystemExit(f"{self.process.args[0]} failed: found {line!r}")
        return line

    def step(self):
        self.process.stdin.write("step\n")
        self.process.stdin.flush()
        self.steps.append(json.loads(self.answer()))

    def finish(self):
        self.process.stdin.close()
        self.process.wait()

    def seconds(self):
        return [step["seconds"] for step in self.steps]

    def describe(self, name, tokens):
        median, peak = statistics.median(self.seconds()), self.steps[-1]["peak_bytes"]
        return f"{name:14}{median:7.3f} s a step  {tokens / median:7.0f} tokens/s  peak {peak / 1e9:.2f} GB"


def main():
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, help="bench_pretrain_step")
    parser.add_argument("--peer", default=str(here / "pretrain_step_peer.py"))
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--sequences", type=int, default=8)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--no-floor", dest="floor", action="store_false")
    options = parser.parse_args()
    common = ["--sequences", str(options.sequences), "--length", str(options.length), "--dropout", str(options.dropout)]
    common += ["--float32"] if options.float32 else []

    ours, peer = Side([options.binary, *common]), Side([sys.executable, options.peer, *common])
    floor = Side([options.binary, *common, "--floor"]) if options.floor else None
    sides = [side for side in (ours, peer, floor) if side]
    for _turn in range(options.pairs):
        for side in sides:
            side.step()
    for side in sides:
        side.finish()
    tokens = options.sequences * options.length
    print(f"{options.sequences} x {options.length} tokens, dropout {options.dropout}, {'float32' if options.float32 else 'bfloat16'}")
    print(ours.describe("albert.cpp", tokens))
    print(peer.describe("transformers", tokens))
    print("speed-up: " + ratios(peer, ours))
    if floor:
        print(f"floor         {statistics.median(floor.seconds()):7.3f} s of matrix products; of a step of ours it is {ratios(floor, ours)}")


def ratios(longer, shorter):
    values = sorted(a / b for a, b in zip(longer.seconds(), shorter.seconds()))
    return f"median {statistics.median(values):.2f} of {len(values)} turns, from {values[0]:.2f} to {values[-1]:.2f}"


if __name__ == "__main__":
    main()
