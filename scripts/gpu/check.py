#!/usr/bin/env python3
"""Checks the program on a GPU, and measures it there: see scripts/gpu_check.sh, which sets up what this needs.

Prints a table, and ends with 1 if a check failed."""

import argparse
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Dense products in bfloat16, as the makers give them, in operations a second.
PEAKS = {"B200": 2250e12, "H200": 989e12, "H100": 989e12, "A100": 312e12, "L40S": 362e12, "4090": 165e12}
NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
CONFIG = """
model: {{hidden_size: 128, num_hidden_layers: 4, num_attention_heads: 2, intermediate_size: 256, embedding_size: 32,
  max_position_embeddings: 64, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1}}
data: {{corpus: corpus, max_sequence_length: 64}}
optimizer: {{name: lamb, learning_rate: 0.003}}
schedule: {{warmup_steps: 4}}
train: {{steps: {steps}, batch_size: 16, micro_batch_size: 8, deterministic: true, device: {device}, precision: {precision}}}
evaluate: {{every: 25, max_sequences: 32}}
checkpoint: {{every: {half}, keep: 3}}
log: {{every: 1}}
"""
FINETUNE = """
task: {{name: guests, kind: text, max_sequence_length: 32, text: {{label: [label], text: sentence}}}}
model: {{hidden_dropout_prob: 0, attention_probs_dropout_prob: 0}}
optimizer: {{learning_rate: 0.002, bias_correction: true}}
schedule: {{warmup_steps: 2}}
train: {{steps: {steps}, batch_size: 32, micro_batch_size: 32, device: {device}, precision: {precision}}}
evaluate: {{every: {steps}}}
checkpoint: {{every: {steps}, keep: 1}}
"""


class Table:
    """The rows of the report; every one is printed as it comes."""

    def __init__(self):
        self.rows, self.failed = [], False

    def add(self, part, name, figure, ok=None):
        self.rows.append({"part": part, "name": name, "figure": figure, "ok": ok})
        self.failed |= ok is False
        print(f"{part:10} {name:72} {figure:>34} {'' if ok is None else 'ok' if ok else 'FAILED'}".rstrip(), flush=True)


class Programs:
    def __init__(self, options):
        self.albert, self.parity, self.step = options.albert, options.parity, options.step
        self.peer = Path(__file__).resolve().parent / "pretrain_step_peer.py"
        if not self.peer.exists():  # in a checkout
            self.peer = Path(__file__).resolve().parents[1] / "bench/pretrain_step_peer.py"

    def run(self, *arguments, stdin=""):
        done = subprocess.run([self.albert, "-q", *map(str, arguments)], capture_output=True, text=True, input=stdin)
        if done.returncode != 0:
            raise RuntimeError(f"albert {' '.join(map(str, arguments[:2]))} ended with {done.returncode}: {done.stderr[-400:]}")
        return done.stdout


def check_parity(table, programs, options):
    process = subprocess.Popen([programs.parity, "--device", options.device], stdout=subprocess.PIPE, text=True)
    count = 0
    for line in process.stdout:
        found = json.loads(line)
        count += 1
        figure = found.get("failure", f"error {found.get('error', 0):.2g}, at most {found['limit']:g}" if "error" in found else "")
        table.add("parity", found["check"], figure, found["ok"])
    table.add("parity", "all checks were made", f"{count} checks, exit code {process.wait()}", process.returncode in (0, 1) and count > 40)


def write_text(path):
    choose = random.Random(3).choice
    names, verbs = "Anna Bertram Clara David Emma Frederick".split(), "met saw heard thanked helped answered visited".split()
    places = "garden church library station harbour kitchen".split()
    lines = []
    for _ in range(60):
        lines += [f"{choose(names)} {choose(verbs)} {choose(names)} in the {choose(places)} on day {n}." for n in range(10)] + [""]
    path.write_text("\n".join(lines))


def write_task(folder):
    """Sentences, labelled by whether Anna is in them: learnt in a few dozen updates."""
    choose = random.Random(4).choice
    folder.mkdir()
    for name, count in (("train", 800), ("dev", 200)):
        rows = ["sentence\tlabel"]
        for i in range(count):
            who = "Anna" if i % 2 else choose(["Clara", "David", "Emma"])
            rows.append(f"{who} {choose(['met', 'saw', 'heard'])} {choose(['Bertram', 'Frederick'])} in the {choose(['garden', 'church'])}.\t{i % 2}")
        (folder / f"{name}.tsv").write_text("\n".join(rows) + "\n")


def weights(run):
    return (run / "checkpoints/latest/model.safetensors").read_bytes(), (run / "checkpoints/latest/optimizer.safetensors").read_bytes()


def losses(run):
    records = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [record["loss"] for record in records if "loss" in record]


def check_training(table, programs, options, folder):
    """Runs repeat and resume to the bit, and learn; in float32 the processor computes the same run."""
    os.chdir(folder)
    write_text(Path("text.txt"))
    programs.run("tokenizer", "train", "--input", "text.txt", "--vocab-size", 60, "--output", "tokenizer")
    programs.run("corpus", "build", "--input", "text.txt", "--format", "lines", "--tokenizer", "tokenizer", "--output", "corpus", "--held-out", 0.1)
    steps = 10 if options.tiny else 50
    values = {"steps": steps, "half": steps // 2, "device": options.device, "precision": "bfloat16"}
    Path("run.yaml").write_text(CONFIG.format(**values))
    for run in ("one", "two"):
        programs.run("pretrain", "--config", "run.yaml", "--run-dir", run)
    found = losses(Path("one"))
    table.add("training", f"{steps} updates are repeated bit for bit", f"loss {found[0]:.3f} to {found[-1]:.3f}",
              weights(Path("one")) == weights(Path("two")) and found == losses(Path("two")))
    table.add("training", "the loss falls", f"{found[-1] / found[0]:.2f} of the first", options.tiny or found[-1] < 0.97 * found[0])

    # As after a loss of power behind the first checkpoint: what the run wrote later is gone.
    shutil.copytree("one", "resumed", symlinks=True)
    checkpoints = sorted(Path("resumed/checkpoints").glob("step-*"))
    shutil.rmtree(checkpoints[-1])
    (Path("resumed/checkpoints") / "latest").unlink()
    (Path("resumed/checkpoints") / "latest").symlink_to(checkpoints[0].name)
    programs.run("pretrain", "--config", "run.yaml", "--run-dir", "resumed", "--resume")
    table.add("training", f"resumed at update {steps // 2}, it ends with the same bits", "", weights(Path("one")) == weights(Path("resumed")))

    # Attention draws other masks on a GPU: without dropout the two have to agree.
    exact = CONFIG.format(**{**values, "precision": "float32"}).replace("dropout_prob: 0.1", "dropout_prob: 0")
    Path("exact.yaml").write_text(exact)
    programs.run("pretrain", "--config", "exact.yaml", "--run-dir", "device")
    programs.run("pretrain", "--config", "exact.yaml", "--run-dir", "processor", "--set", "train.device=cpu")
    # Of the first updates only: later ones enlarge what rounding left of a difference.
    apart = max(abs(a - b) / b for a, b in zip(losses(Path("device"))[:10], losses(Path("processor"))[:10]))
    table.add("training", "in float32 the processor has the same losses", f"{apart:.1e} apart", apart < 1e-3)


def check_finetuning(table, programs, options):
    write_task(Path("task"))
    steps = 4 if options.tiny else 200
    Path("finetune.yaml").write_text(FINETUNE.format(steps=steps, device=options.device, precision="bfloat16"))
    programs.run("finetune", "--config", "finetune.yaml", "--model", "one", "--data", "task", "--run-dir", "tuned")
    report = programs.run("evaluate", "--model", "tuned", "--data", "task", "--device", options.device, "--json")
    accuracy = json.loads(report)["accuracy"]
    table.add("training", f"fine-tuned for {steps} updates: accuracy", f"{accuracy:.3f}", options.tiny or accuracy > 0.95)


def check_using(table, programs, options):
    """A model that is used on the device gives what it gives on the processor."""
    text = "Anna met Bertram in the garden.\nDavid saw Frederick in the church.\n"
    commands = {"predict": ["predict", "--model", "tuned", "--format", "jsonl"], "embed": ["embed", "--model", "one", "--output", "-"],
                "fill-mask": ["fill-mask", "--model", "one", "--json", "Anna met Bertram in the [MASK]."]}
    records = "".join(json.dumps({"sentence": line}) + "\n" for line in text.splitlines())
    for name, command in commands.items():
        stdin = records if name == "predict" else text if name == "embed" else ""
        found, expected = ([float(number) for number in NUMBER.findall(programs.run(*command, "--precision", "float32", "--device", device, stdin=stdin))]
                           for device in (options.device, "cpu"))
        apart = max((abs(a - b) for a, b in zip(found, expected)), default=1)
        table.add("using", f"albert {name} gives what it gives on the processor", f"{len(found)} numbers, {apart:.1e} apart",
                  len(found) == len(expected) > 0 and apart < 1e-3)


class Side:
    """A program that does a step when asked."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.steps = []

    def wait_until_ready(self):
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{Path(self.process.args[0]).name} did not start")

    def step(self):
        self.process.stdin.write("step\n")
        self.process.stdin.flush()
        self.steps.append(json.loads(self.process.stdout.readline()))

    def close(self):
        self.process.kill()
        self.process.wait()

    def seconds(self):
        return statistics.median(step["seconds"] for step in self.steps)


def step_flops(shape, sequences, length):
    """Of a pretraining step: the products of the model as it is described, all rows through all layers; three times the forward pass."""
    hidden, layers, vocabulary, embedding = shape["hidden"], shape["layers"], shape["vocabulary"], 128
    tokens = sequences * length
    layer = 2 * (4 * hidden * hidden + 8 * hidden * hidden) + 4 * length * hidden
    heads = 0.15 * (2 * hidden * embedding + 2 * embedding * vocabulary)
    return 3 * tokens * (layers * layer + 2 * embedding * hidden + heads)


def card(options):
    if options.device == "cpu":
        return "the processor", None
    name = subprocess.run(["nvidia-smi", "--query-gpu=name", "--format=csv,noheader"], capture_output=True, text=True).stdout.splitlines()[0]
    return name, next((peak for key, peak in PEAKS.items() if key in name), None)


def measure_speed(table, programs, options, peak, deadline):
    base, large = {"hidden": 768, "layers": 12, "heads": 12, "vocabulary": 30000}, {"hidden": 1024, "layers": 24, "heads": 16, "vocabulary": 30000}
    cases = [("base", base, 256, 128), ("base", base, 64, 512), ("large", large, 128, 128), ("large", large, 32, 512)]
    if options.tiny:
        cases = [("tiny", {"hidden": 64, "layers": 2, "heads": 2, "vocabulary": 200}, 4, 32)]
    for name, shape, sequences, length in cases:
        title = f"{name}, {sequences} x {length} tokens, bfloat16"
        if time.monotonic() > deadline:
            table.add("speed", title, "left out: no time")
            continue
        common = [part for key, value in shape.items() for part in (f"--{key}", str(value))]
        common += ["--sequences", str(sequences), "--length", str(length), "--device", options.device]
        sides = {"albert": Side([programs.step, *common])}
        if not options.no_peer:
            sides["Transformers"] = Side([sys.executable, str(programs.peer), *common])
            if options.device == "cuda":
                sides["Transformers compiled"] = Side([sys.executable, str(programs.peer), *common, "--compile"])
        try:
            for side in sides.values():
                side.wait_until_ready()
            for _ in range(2 if options.tiny else 12):
                for side in sides.values():
                    side.step()
        except (RuntimeError, ValueError, BrokenPipeError) as error:
            table.add("speed", title, str(error)[:60], False)
            continue
        finally:
            for side in sides.values():
                side.close()
        for who, side in sides.items():
            rate = step_flops(shape, sequences, length) / side.seconds()
            used = f", {100 * rate / peak:.0f}% of the card" if peak else ""
            peak_memory = side.steps[-1]["peak_bytes"] / 1e9
            table.add("speed", f"{title}: {who}", f"{1000 * side.seconds():.1f} ms{used}, {peak_memory:.1f} GB")
        for who in list(sides)[1:]:
            table.add("speed", f"{title}: times as fast as {who}", f"{sides[who].seconds() / sides['albert'].seconds():.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--albert", required=True)
    parser.add_argument("--parity", required=True, help="gpu_parity")
    parser.add_argument("--step", help="bench_pretrain_step; without it no speed is measured")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--tiny", action="store_true", help="sizes that a processor computes in seconds")
    parser.add_argument("--no-peer", action="store_true", help="do not measure Transformers")
    parser.add_argument("--minutes", type=float, default=8, help="begin no measurement of speed in the last of them")
    parser.add_argument("--output", type=lambda name: Path(name).absolute(), help="a file for the rows of the table, as JSON")
    options = parser.parse_args()
    deadline = time.monotonic() + 60 * (options.minutes - 1.5)
    programs, table = Programs(options), Table()
    name, peak = card(options)
    print(f"on {name}", flush=True)
    parts = [lambda: check_parity(table, programs, options), lambda: check_training(table, programs, options, folder),
             lambda: check_finetuning(table, programs, options), lambda: check_using(table, programs, options)]
    if options.step:
        parts.append(lambda: measure_speed(table, programs, options, peak, deadline))
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            try:
                part()
            except Exception as error:  # the other parts can be checked all the same
                table.add("check", "a part could not be finished", f"{type(error).__name__}: {error}"[:300], False)
        os.chdir("/")
    if options.output:
        options.output.write_text(json.dumps({"card": name, "rows": table.rows}, indent=1))
    print("FAILED" if table.failed else "all checks passed", flush=True)
    return 1 if table.failed else 0


if __name__ == "__main__":
    sys.exit(main())
