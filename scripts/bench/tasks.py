#!/usr/bin/env python3
"""What a pretrained model is worth on tasks: fine-tunes models on each, with several seeds, and prints a table of the figures on the development
data: the median of the seeds, and the range.

    .deps/python/bin/python scripts/bench/tasks.py --binary build/release/albert --data FOLDER --work FOLDER \\
      --model hour=run,5e-4 [--model scratch=run,1e-3,fresh] [--model NAME=...] [--chinese NAME=PATH,RATE ...] [--task NAME ...] [--seeds 3] [--cores 0 1]

A model is a path and the peak of its learning rate, which suits one size of model and not another; with `fresh` its weights are drawn anew, which is
the same model from scratch. --data holds glue/, squad/, ner/, pos/ and zh/ as their publishers divide them. Of QNLI, MNLI and SQuAD the development
file alone is read, and a share of it is held out: their training files take far longer, and may be missing. --work is made, and used again: what
was trained is not trained anew. A training has one thread, on a core of its own. Nothing is chosen by the development data: each model is the last
one of its run.

The guess is the most frequent answer; for correlations and for entities it is 0."""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from lanes import run_in_lanes


@dataclass(frozen=True)
class Task:
    recipe: str
    data: tuple[str, ...]  # a folder or a file; or a file for training and one for development
    figure: str
    epochs: int
    gold: str = ""  # (?P<label>...) of a line of the development data; nothing where there is no answer to guess
    settings: dict = field(default_factory=dict)
    chinese: bool = False


TAB = r"[^\t]*\t"
FIFTH_OF_DEV = {"task.held_out": 0.2}
TASKS = {
    "SST-2": Task("sst2", ("glue/SST-2",), "accuracy", 2, rf"{TAB}(?P<label>[01])$"),
    "MRPC": Task("mrpc", ("glue/MRPC",), "accuracy", 5, r"(?P<label>[01])\t"),
    "STS-B": Task("stsb", ("glue/STS-B",), "spearman", 6),
    "QNLI": Task("qnli", ("glue/QNLI/dev.tsv",), "accuracy", 5, r".*\t(?P<label>\w+)$", FIFTH_OF_DEV),
    "RTE": Task("rte", ("glue/RTE",), "accuracy", 6, r".*\t(?P<label>\w+)$"),
    "MNLI": Task("mnli", ("glue/MNLI/dev_matched.jsonl",), "accuracy", 5, r'.*"label": "(?P<label>\w+)"', FIFTH_OF_DEV),
    "CoLA": Task("cola", ("glue/CoLA",), "matthews", 6),
    "SQuAD 1.1": Task("squad1", ("squad/dev-v1.1.json",), "f1", 3, settings={"task.max_sequence_length": 256, "task.question.stride": 96, "train.batch_size": 32, "train.micro_batch_size": 16}),
    "WNUT17": Task("wnut17", ("ner/wnut17/train.conll", "ner/wnut17/dev.conll"), "f1", 8),
    "UD English": Task("ud_pos", ("pos/ud_ewt/train.conllu", "pos/ud_ewt/dev.conllu"), "accuracy", 2, rf"\d+\t{TAB}{TAB}(?P<label>[A-Z]+)\t"),
    "ChnSentiCorp": Task("classification", ("zh/chnsenticorp/train.tsv", "zh/chnsenticorp/dev.tsv"), "accuracy", 3, r"(?P<label>[01])\t",
                         {"task.text.text": "text_a", "task.max_sequence_length": 128}, chinese=True),
    "MSRA NER": Task("conll", ("zh/msra_ner/test.tsv", "zh/msra_ner/dev.tsv"), "f1", 5, chinese=True),
}


@dataclass(frozen=True)
class Model:
    name: str
    path: str
    rate: str
    fresh: bool
    chinese: bool


def read_model(words, chinese):
    name, _, rest = words.partition("=")
    path, rate, *fresh = rest.split(",")
    return Model(name, path, rate, fresh == ["fresh"], chinese)


def data_of(options, name, task):
    """The folder or file that `albert finetune --data` reads: two files become train and dev of a folder."""
    files = [options.data / path for path in task.data]
    if len(files) == 1:
        return files[0]
    folder = options.work / "data" / name.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    for part, file in zip(("train", "dev"), files):
        link = folder / f"{part}{file.suffix}"
        if not link.exists():
            link.symlink_to(file.resolve())
    return folder


def guess(options, task):
    """In percent: how often the most frequent label of the development data is right."""
    if not task.gold:
        return 0.0
    file = options.data / task.data[-1]
    lines = (file / "dev.tsv" if file.is_dir() else file).read_text(encoding="utf-8").splitlines()
    labels = Counter(match["label"] for match in map(re.compile(task.gold).match, lines) if match)
    return 100 * max(labels.values()) / labels.total()


def run_folder(options, task, model, seed):
    return options.work / "runs" / task.replace(" ", "-") / f"{model.name}-{seed}"


def finetune(options, name, model, seed, core):
    """Leaves figures.json in the folder of the run."""
    task, run = TASKS[name], run_folder(options, name, model, seed)
    if (run / "figures.json").exists():
        return
    run.parent.mkdir(parents=True, exist_ok=True)
    settings = {"optimizer.learning_rate": model.rate, "optimizer.bias_correction": "true", "schedule.warmup_steps": 0, "schedule.warmup_ratio": 0.1,
                "train.steps": 0, "train.epochs": task.epochs, "train.seed": seed, "train.threads": 1, "train.device": "cpu", "evaluate.every": 0,
                "checkpoint.every": 0, "model.fresh_weights": str(model.fresh).lower(), **task.settings}
    command = ["taskset", "-c", core, options.binary, "--quiet", "finetune", "--config", task.recipe, "--model", model.path, "--data",
               data_of(options, name, task), "--run-dir", run, "--resume", *(word for key, value in settings.items() for word in ("--set", f"{key}={value}"))]
    with open(f"{run}.log", "w") as log:
        status = subprocess.run(list(map(str, command)), stdout=log, stderr=log, env={**os.environ, "OMP_NUM_THREADS": "1"}).returncode
    if status != 0:
        print(f"{name}, {model.name}: failed: see {run}.log", file=sys.stderr)


def percent(figures, figure):
    """Figures of questions are percent already."""
    return figures[figure] * (1 if "exact_match" in figures else 100)


def cell(options, name, models):
    """Of the seeds that are there: the median, and the range."""
    values = []
    for model in models:
        for seed in range(1, options.seeds + 1):
            figures = run_folder(options, name, model, seed) / "figures.json"
            if figures.exists():
                values.append(percent(json.loads(figures.read_text()), TASKS[name].figure))
    if not values:
        return ""
    median = f"{statistics.median(values):.1f}"
    return median if len(values) == 1 else f"{median} ({min(values):.1f} to {max(values):.1f})"


def print_table(options, tasks, models):
    names = list(dict.fromkeys(model.name for model in models))
    print("| task | figure | guess | " + " | ".join(names) + " |\n|---|---|" + "---|" * (1 + len(names)))
    for name in tasks:
        task = TASKS[name]
        of_column = ([model for model in models if model.name == column and model.chinese == task.chinese] for column in names)
        cells = [cell(options, name, column) for column in of_column]
        print(f"| {name} | {task.figure} | {guess(options, task):.1f} | " + " | ".join(cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=lambda path: Path(path).resolve(), required=True, help="albert")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=lambda path: Path(path).resolve(), required=True)
    parser.add_argument("--model", action="append", default=[], help="NAME=PATH,RATE[,fresh]")
    parser.add_argument("--chinese", action="append", default=[], help="the same for the Chinese tasks")
    parser.add_argument("--task", action="append", choices=TASKS)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cores", nargs="+", default=["0"])
    options = parser.parse_args()
    tasks = options.task or list(TASKS)
    models = [read_model(words, False) for words in options.model] + [read_model(words, True) for words in options.chinese]
    jobs = [(name, model, seed) for seed in range(1, options.seeds + 1) for name in tasks for model in models if model.chinese == TASKS[name].chinese]
    run_in_lanes(jobs, options.cores, lambda *job: finetune(options, *job))
    print_table(options, tasks, models)


if __name__ == "__main__":
    main()
