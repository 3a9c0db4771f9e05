#!/usr/bin/env python3
"""Builds a corpus with every step included, beside SentencePiece's Encode alone over the same lines: the linked library, and the PyPI package
where this Python has it. They take turns, so that a busy minute of the machine slows all. Prints MB/s by the clock and by processor time
(which others on the machine disturb less), and then the peak memory for the input once, ten times, and for a line of 100 MB.

    cmake --preset release -DALBERT_BUILD_BENCHMARKS=ON && ninja -C build/release albert bench_sentencepiece
    scripts/bench/corpus.py --binaries build/release --input FOLDER --tokenizer spiece.model

Exits with 1 if the build is slower than the linked Encode, or if peak memory grows by more than 20% with the input."""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEER_PACKAGE = """
import json, sys, time
import sentencepiece
processor = sentencepiece.SentencePieceProcessor(model_file=sys.argv[1])
lines = [line.rstrip("\\n") for path in sys.argv[3:] for line in open(path, encoding="utf-8")]
start, cpu = time.monotonic(), time.process_time()
processor.encode(lines, num_threads=int(sys.argv[2]))
print(json.dumps({"seconds": time.monotonic() - start, "cpu_seconds": time.process_time() - cpu}))
"""


def measure(command):
    """Runs a command; its seconds, processor seconds and peak memory in bytes."""
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{log}")
    return {"seconds": time.monotonic() - start, "cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_bytes": usage.ru_maxrss * 1024}


def run_json(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def has_package():
    return subprocess.run([sys.executable, "-c", "import sentencepiece"], capture_output=True).returncode == 0


def compare_speed(options, build, files, scratch):
    size = sum(path.stat().st_size for path in files)
    arguments = [str(options.tokenizer), str(options.threads), *map(str, files)]
    sides = {"albert corpus build": lambda: measure(build(options.input, scratch / "speed"))}
    sides["linked Encode alone"] = lambda: run_json([options.binaries / "scripts/bench/bench_sentencepiece", *arguments])
    if has_package():
        sides["PyPI encode alone"] = lambda: run_json([sys.executable, "-c", PEER_PACKAGE, *arguments])
    runs = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, side in sides.items():
            runs[name].append(side())
    print(f"{size / 1e6:.1f} MB in {len(files)} files, {options.threads} threads, {options.rounds} rounds; median MB/s by the clock, and by processor time")
    for name, results in runs.items():
        wall, cpu = (statistics.median(size / 1e6 / run[key] for run in results) for key in ("seconds", "cpu_seconds"))
        print(f"{name:22}{wall:8.1f} MB/s {cpu:8.1f} MB per processor second")
    ratio = {}
    for name in list(sides)[1:]:
        ratio[name] = statistics.median(peer["seconds"] / ours["seconds"] for ours, peer in zip(runs["albert corpus build"], runs[name]))
        print(f"{'speed relative to ' + name:42}{ratio[name]:6.2f}")
    return ratio["linked Encode alone"] >= 1


def write_line(path, files, size):
    """A single line of text. Piece by piece: a child's peak memory as the system tells it begins with its parent's."""
    with open(path, "wb") as line:
        for source in itertools.cycle(files):
            line.write(source.read_bytes().replace(b"\n", b" ").replace(b"\r", b" "))
            if line.tell() >= size:
                break
        line.truncate(size)


def compare_memory(build, files, scratch):
    inputs = {times: scratch / f"input-{times}" for times in (1, 10)}
    for times, folder in inputs.items():
        folder.mkdir()
        for i in range(times):
            for path in files:
                shutil.copy(path, folder / f"{i}-{path.name}")
    write_line(scratch / "line", files, 100_000_000)
    inputs["line"] = scratch / "line"
    peaks = {name: measure(build(path, scratch / "memory"))["peak_bytes"] for name, path in inputs.items()}
    for name, peak in peaks.items():
        print(f"peak memory, {'one line of 100 MB' if name == 'line' else f'input {name} times':20}{peak / 1e6:8.1f} MB")
    return max(peaks.values()) <= 1.2 * peaks[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binaries", type=Path, required=True, help="build folder")
    parser.add_argument("--input", type=Path, required=True, help="folder of plain text files")
    parser.add_argument("--tokenizer", type=Path, required=True, help="a spiece.model")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    files = sorted(path for path in options.input.rglob("*") if path.is_file())

    def build(source, output):
        return [options.binaries / "albert", "--quiet", "corpus", "build", "--input", source, "--tokenizer", options.tokenizer, "--output", output,
                "--overwrite", "--threads", str(options.threads)]

    with tempfile.TemporaryDirectory() as scratch:
        fast = compare_speed(options, build, files, Path(scratch))
        frugal = compare_memory(build, files, Path(scratch))
    return 0 if fast and frugal else 1


if __name__ == "__main__":
    sys.exit(main())
