#!/usr/bin/env python3
"""Fine-tuning and prediction of ALBERT-base (random weights) beside Transformers: SST-2, whose phrases are short and ragged, and RTE. The two
sides take turns, so that a busy minute of the machine slows both. Both train on the same examples by the recipe in configs/finetune: a plain
loop with dynamic padding, bfloat16 autocast or float32, and fused AdamW in Transformers; `albert finetune` here. Speed is that of training
alone: tokens a second without padding, from the second pass over the examples. Prediction is `albert predict`, its start included, beside a
pipeline with batch_size 32 that has already been loaded, in float32. Prints medians, the ratio of each pair, and the peak memory.

    cmake --build build/release --target albert
    scripts/bench/finetune.py --binary build/release/albert --vocabulary spiece.model --glue GLUE

--glue is a folder with SST-2 and RTE, --vocabulary ALBERT's published SentencePiece model. Run it with a Python that has transformers and torch."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BATCH = 32  # of both recipes
SETTINGS = {"train.device": "cpu", "train.epochs": 2, "train.steps": 0, "schedule.warmup_steps": 1, "evaluate.every": 0}


@dataclass
class Task:
    recipe: str
    folder: str
    updates: int  # in one pass
    predictions: int
    dropout: float  # of the encoder, in the recipe


TASKS = [Task("sst2", "SST-2", 6, 192, 0.0), Task("rte", "RTE", 2, 64, 0.1)]


class Peer:
    """finetune_peer.py, which does what it is asked once more."""

    def __init__(self, model, data, task, precision):
        command = [sys.executable, str(Path(__file__).with_name("finetune_peer.py")), str(model), str(data), "--batch", str(BATCH), "--dropout",
                   str(task.dropout), "--precision", precision]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("finetune_peer.py failed")
        return json.loads(line)

    def ask(self, what):
        self.process.stdin.write(f"{what}\n")
        self.process.stdin.flush()
        return self.answer()

    def finish(self):
        self.process.stdin.close()
        self.process.wait()


def train(options, task, model, data, precision, run_dir):
    """`albert finetune` twice over the examples: tokens a second of the second time, peak memory."""
    settings = {**SETTINGS, "train.precision": precision, "log.every": task.updates}
    command = [options.binary, "--quiet", "finetune", "--config", ROOT / f"configs/finetune/{task.recipe}.yaml", "--model", model, "--data", data,
               "--run-dir", run_dir, *(word for key, value in settings.items() for word in ("--set", f"{key}={value}"))]
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"albert finetune failed:\n{log}")
    records = [json.loads(line) for line in (run_dir / "metrics.jsonl").read_text().splitlines()]
    return {"speed": records[-1]["tokens_per_second"], "peak_bytes": usage.ru_maxrss * 1024}


def predict(options, task, model, texts):
    """Texts a second of `albert predict`, from its start to its end."""
    start = time.monotonic()
    result = subprocess.run([str(options.binary), "--quiet", "predict", "--model", str(model)], input="".join(f"{text}\n" for text in texts),
                            capture_output=True, text=True, check=True)
    assert result.stdout.count("\n") == len(texts)
    return {"speed": len(texts) / (time.monotonic() - start)}


def compare(name, unit, ours, peer):
    ratios = sorted(a["speed"] / b["speed"] for a, b in zip(ours, peer, strict=True))
    for side, runs in (("albert.cpp", ours), ("transformers", peer)):
        peak = f"  peak {max(entry['peak_bytes'] for entry in runs) / 1e9:.2f} GB" if "peak_bytes" in runs[0] else ""
        print(f"{name:28}{side:14}{statistics.median(entry['speed'] for entry in runs):8.0f} {unit}{peak}")
    print(f"{name:28}speed-up: median {statistics.median(ratios):.2f} of {len(ratios)} pairs, from {ratios[0]:.2f} to {ratios[-1]:.2f}", flush=True)


def make_model(options, folder):
    """ALBERT-base of random weights with its vocabulary."""
    command = [options.binary, "--quiet", "tokenizer", "convert", "--tokenizer", options.vocabulary, "--output", folder]
    subprocess.run([str(word) for word in command], check=True)
    code = ("import sys, torch; from transformers import AlbertConfig, AlbertForMaskedLM; torch.manual_seed(0); "
            "AlbertForMaskedLM(AlbertConfig(vocab_size=30000, hidden_size=768, num_attention_heads=12, intermediate_size=3072, "
            "hidden_act='gelu_new', hidden_dropout_prob=0, attention_probs_dropout_prob=0)).save_pretrained(sys.argv[1])")
    subprocess.run([sys.executable, "-c", code, str(folder)], check=True, stderr=subprocess.DEVNULL)


def write_part(options, task, folder):
    """The first examples of a task, which both sides train on, with a development file that costs nothing; the texts to predict."""
    folder.mkdir()
    lines = (options.glue / task.folder / "train.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "train.tsv").write_text("".join(lines[: task.updates * BATCH + 1]))
    (folder / "dev.tsv").write_text("".join(lines[:3]))
    columns = slice(0, 1) if task.recipe == "sst2" else slice(1, 3)
    return ["\t".join(line.rstrip("\n").split("\t")[columns]).strip() for line in lines[1 : task.predictions + 1]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="albert")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--glue", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--tasks", nargs="+", choices=[task.recipe for task in TASKS], default=[task.recipe for task in TASKS])
    parser.add_argument("--precisions", nargs="+", choices=["bfloat16", "float32"], default=["bfloat16", "float32"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        make_model(options, scratch / "base")
        for task in [task for task in TASKS if task.recipe in options.tasks]:
            texts = write_part(options, task, scratch / task.recipe)
            for precision in options.precisions:
                compare_task(options, task, precision, texts, scratch)


def compare_task(options, task, precision, texts, scratch):
    data = scratch / task.recipe
    peer = Peer(scratch / "base", data, task, precision)
    sides = [], []
    for pair in range(options.pairs):
        run_dir = scratch / f"run-{task.recipe}-{precision}-{pair}"
        sides[0].append(train(options, task, scratch / "base", data, precision, run_dir))
        sides[1].append(peer.ask("train"))
    compare(f"{task.folder}, training, {precision}", "tokens/s", *sides)
    if precision == "float32":
        sides = [], []
        for _pair in range(options.pairs):
            sides[0].append(predict(options, task, run_dir, texts))
            sides[1].append(peer.ask(json.dumps(texts)))
        compare(f"{task.folder}, prediction", "texts/s", *sides)
    peer.finish()


if __name__ == "__main__":
    main()
