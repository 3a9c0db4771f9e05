"""What the tests of training need: a corpus made of invented sentences, and runs of a tiny model on it."""

import json
import os
import random
import signal
import subprocess
import time
from pathlib import Path

STEPS = 40
CONFIG = f"""
model: {{hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 64, embedding_size: 16,
  max_position_embeddings: 64, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1}}
data: {{corpus: corpus, max_sequence_length: 48}}
optimizer: {{name: adamw, learning_rate: 0.003}}
schedule: {{warmup_steps: 4}}
train: {{steps: {STEPS}, batch_size: 6, micro_batch_size: 4, precision: float32, device: cpu, threads: 1}}
evaluate: {{every: 20, max_sequences: 16}}
checkpoint: {{every: 5, keep: 3}}
log: {{every: 1}}
"""
TIMINGS = {"tokens_per_second", "data_wait_fraction"}


def write_text(path: Path) -> None:
    choose = random.Random(3).choice
    names = "Anna Bertram Clara David Emma Frederick".split()
    verbs = "met saw heard thanked helped answered visited".split()
    places = "garden church library station harbour kitchen".split()
    lines = []
    for _ in range(30):
        lines += [f"{choose(names)} {choose(verbs)} {choose(names)} in the {choose(places)} on day {n}." for n in range(10)]
        lines.append("")
    path.write_text("\n".join(lines))


def make_corpus(albert, folder: Path, write=write_text) -> None:
    """Leaves text.txt, tokenizer/, corpus/ and run.yaml in the folder."""
    write(folder / "text.txt")
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", 60, "--output", folder / "tokenizer")
    albert("corpus", "build", "--input", folder / "text.txt", "--format", "lines", "--tokenizer", folder / "tokenizer", "--output",
           folder / "corpus", "--held-out", 0.1)
    (folder / "run.yaml").write_text(CONFIG)


def records(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def without_timings(run: Path) -> list[dict]:
    return [{key: value for key, value in record.items() if key not in TIMINGS} for record in records(run)]


def weights(run: Path) -> dict[str, bytes]:
    latest = run / "checkpoints/latest"
    return {name: (latest / name).read_bytes() for name in ("model.safetensors", "optimizer.safetensors")}


def steps_done(run: Path) -> int:
    metrics = run / "metrics.jsonl"
    return metrics.read_text().count("\n") if metrics.exists() else 0


class Process:
    """`albert ARGUMENT...` running beside the test."""

    def __init__(self, binary: Path, *arguments):
        self.process = subprocess.Popen([str(binary), *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def stop_after(self, run: Path, steps: int, number: signal.Signals) -> tuple[int, str]:
        """Sends a signal once so many steps are recorded; returns the exit code and the log."""
        deadline = time.monotonic() + 120
        while steps_done(run) < steps and self.process.poll() is None:
            assert time.monotonic() < deadline, "no step was recorded"
            time.sleep(0.001)
        os.kill(self.process.pid, number)
        _, log = self.process.communicate(timeout=120)
        return self.process.returncode, log
