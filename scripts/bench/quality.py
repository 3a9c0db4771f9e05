#!/usr/bin/env python3
"""What a recipe learns in a given time: pretrains on the same text by several recipes, and by a plain loop in Transformers, and scores what each
saved on the way on text that none of them saw. Prints the processor minutes after which the loss of masked words fell below some values.

    scripts/setup.sh --tests
    .deps/python/bin/python scripts/bench/quality.py --binary build/release/albert --text FOLDER --work FOLDER \\
      [--run NAME=RECIPE[,KEY=VALUE...] ...] [--transformers NAME=KEY=VALUE[,...] ...] [--cores 0 1]

--text holds .txt files, of which every tenth by name is held out. --work is made, and used again: what was trained is not trained anew. RECIPE is
what `albert pretrain --config` takes, {} in values for lists that hold commas. A run has one thread, on a core of its own; `--cores` are those that
work at the same time. Minutes are processor time of the whole process, evaluations are off. All sides have the vocabulary of `--vocabulary` pieces
that `albert tokenizer train` made of the training text, without dropout. Ours compute in the type that is faster on this processor; Transformers
in bfloat16, or with bfloat16=0 in float32.

The score: 1,024 windows of 128 tokens, evenly from the held-out texts, in which the same 15% of the pieces are [MASK] for everybody; float32,
computed by Transformers from each checkpoint."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from lanes import run_in_lanes

ROOT = Path(__file__).resolve().parents[2]
LOSSES = (6.5, 6.0, 5.5, 5.0, 4.5, 4.0, 3.5)
LENGTH, WINDOWS, RATE = 128, 1024, 0.15
CLS, SEP, MASK = 2, 3, 4


def cpu_seconds(process):
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def prepare(options):
    """work/train and work/held-out (links to the texts), work/tokenizer, work/corpus."""
    work = options.work
    files = sorted(options.text.glob("*.txt"))
    for i, file in enumerate(files):
        link = work / ("train" if i % 10 else "held-out") / file.name
        link.parent.mkdir(parents=True, exist_ok=True)
        if not link.exists():
            link.symlink_to(file.resolve())
    albert = lambda *words: subprocess.run([options.binary, *map(str, words)], check=True, stdout=sys.stderr)
    if not (work / "tokenizer").exists():
        albert("tokenizer", "train", "--input", work / "train", "--vocab-size", options.vocabulary, "--output", work / "tokenizer")
    if not (work / "corpus").exists():
        albert("corpus", "build", "--input", work / "train", "--tokenizer", work / "tokenizer", "--output", work / "corpus")


def split(words):
    """Of KEY=VALUE,KEY=VALUE: a comma within brackets does not part."""
    return [word for word in re.split(r",(?![^{\[]*[}\]])", words) if word]


def command_of(options, kind, words, folder):
    if kind == "transformers":
        return [sys.executable, ROOT / "scripts/bench/quality_peer.py", options.work, folder, *split(words)]
    recipe, *settings = split(words)
    fixed = [f"data.corpus={options.work}/corpus", "train.threads=1", "train.device=cpu", "evaluate.every=0",
             "checkpoint.keep=1000"]
    return [options.binary, "--quiet", "pretrain", "--config", recipe, "--run-dir", folder, *(word for one in fixed + settings for word in ("--set", one))]


def train(options, name, kind, words, core):
    """Trains, and notes the processor time at which each checkpoint came."""
    folder = options.work / "runs" / name
    if (folder / "minutes.json").exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command = ["taskset", "-c", core, *command_of(options, kind, words, folder)]
    with open(f"{folder}.log", "w") as log:
        process = subprocess.Popen(list(map(str, command)), stdout=log, stderr=log, env={**os.environ, "OMP_NUM_THREADS": "1"})
    minutes, used = {}, 0.0
    while True:
        ended = process.poll() is not None
        for checkpoint in (folder / "checkpoints").glob("step-*[0-9]"):
            minutes.setdefault(checkpoint.name, round(used / 60, 2))
        if ended:
            break
        used = cpu_seconds(process.pid)
        time.sleep(0.5)
    if process.returncode != 0:
        print(f"{name} failed: see {folder}.log", file=sys.stderr)
        return
    (folder / "minutes.json").write_text(json.dumps(minutes))


def held_out(work, tokenizer):
    """ids [WINDOWS, LENGTH], segments, masks (bool)"""
    import numpy as np
    import torch

    rows = []
    for file in sorted((work / "held-out").iterdir()):
        text = " ".join(file.read_text(encoding="utf-8", errors="replace").lower().split())
        ids = tokenizer.encode(text)
        rows += [ids[i : i + LENGTH - 3] for i in range(0, len(ids) - LENGTH, LENGTH - 3)]
    rows = [rows[i] for i in np.linspace(0, len(rows) - 1, WINDOWS).astype(int)]
    half = (LENGTH - 3) // 2
    ids = torch.tensor([[CLS, *row[:half], SEP, *row[half:], SEP] for row in rows])
    segments = torch.tensor([[0] * (half + 2) + [1] * (LENGTH - half - 2)] * len(rows))
    masks = (torch.rand(ids.shape, generator=torch.Generator().manual_seed(1)) < RATE) & (ids > MASK)
    return ids, segments, masks


def score(options, name):
    """(minutes, loss, accuracy) of each checkpoint"""
    import sentencepiece
    import torch
    from transformers import AlbertForPreTraining

    folder = options.work / "runs" / name
    if not (folder / "minutes.json").exists():
        return []
    ids, segments, masks = held_out(options.work, sentencepiece.SentencePieceProcessor(model_file=str(options.work / "tokenizer/spiece.model")))
    known = json.loads((folder / "scores.json").read_text()) if (folder / "scores.json").exists() else {}
    for checkpoint in json.loads((folder / "minutes.json").read_text()):
        if checkpoint in known:
            continue
        model = AlbertForPreTraining.from_pretrained(folder / "checkpoints" / checkpoint).eval()
        loss = right = 0.0
        with torch.inference_mode():
            for some, segment, mask in zip(ids.split(64), segments.split(64), masks.split(64)):
                hidden = model.albert(input_ids=some.masked_fill(mask, MASK), token_type_ids=segment).last_hidden_state[mask]
                logits = model.predictions(hidden)
                loss += torch.nn.functional.cross_entropy(logits, some[mask], reduction="sum").item()
                right += (logits.argmax(-1) == some[mask]).sum().item()
        known[checkpoint] = (loss / masks.sum().item(), right / masks.sum().item())
        (folder / "scores.json").write_text(json.dumps(known))
    minutes = json.loads((folder / "minutes.json").read_text())
    return sorted((minutes[checkpoint], *known[checkpoint]) for checkpoint in minutes)


def passes(curve, loss):
    """The minutes at which the curve first falls below, between two checkpoints in a straight line; None if it does not."""
    if curve[0][1] < loss:
        return curve[0][0]
    for before, after in zip(curve, curve[1:]):
        if after[1] < loss <= before[1]:
            return before[0] + (after[0] - before[0]) * (before[1] - loss) / (before[1] - after[1])
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), required=True, help="albert")
    parser.add_argument("--text", type=Path, required=True)
    parser.add_argument("--work", type=lambda path: Path(path).resolve(), required=True)
    parser.add_argument("--vocabulary", type=int, default=8000)
    parser.add_argument("--run", action="append", default=[])
    parser.add_argument("--transformers", action="append", default=[])
    parser.add_argument("--cores", nargs="+", default=["0"])
    options = parser.parse_args()
    prepare(options)
    wanted = [("ours", *run.split("=", 1)) for run in options.run] + [("transformers", *run.partition("=")[::2]) for run in options.transformers]
    run_in_lanes(((name, kind, words) for kind, name, words in wanted), options.cores, lambda *job: train(options, *job))
    print("| run | minutes | loss | accuracy | " + " | ".join(f"< {loss:g}" for loss in LOSSES) + " |\n|---|---|---|---|" + "---|" * len(LOSSES))
    for _, name, _ in wanted:
        curve = score(options, name)
        if not curve:
            continue
        times = (passes(curve, loss) for loss in LOSSES)
        minutes, loss, accuracy = curve[-1]
        print(f"| {name} | {minutes:.1f} | {loss:.3f} | {accuracy:.1%} | " + " | ".join("" if at is None else f"{at:.1f}" for at in times) + " |", flush=True)


if __name__ == "__main__":
    main()
