#!/usr/bin/env python3
"""Prints the figures of the quick start beside what guessing would reach.

usage: quickstart_report.py RUN/metrics.jsonl
       quickstart_report.py --task DEV.txt FINETUNED/figures.json FROM-SCRATCH/figures.json
       quickstart_report.py --figures NAME=HEADING,NAME=HEADING FINETUNED/figures.json FROM-SCRATCH/figures.json
"""

import json
import sys
from collections import Counter


def report_pretraining(metrics: str) -> None:
    with open(metrics, encoding="utf-8") as lines:
        evaluations = [entry for entry in map(json.loads, lines) if "held_out_mlm_accuracy" in entry]
    if not evaluations:
        sys.exit(f"{metrics}: no evaluation was logged")
    last = evaluations[-1]
    accuracy, guess = last["held_out_mlm_accuracy"], last["held_out_constant_guess_mlm_accuracy"]
    print(f"masked words, rightly guessed   {accuracy:6.1%}   always the most frequent word {guess:6.1%}: {accuracy / guess:.1f} times as many")
    if "held_out_sop_accuracy" in last:
        print(f"order of sentences, rightly told {last['held_out_sop_accuracy']:5.1%}   tossing a coin {0.5:21.1%}")
        if last["held_out_sop_accuracy"] < 0.55:
            print("Sentence order often takes longer than minutes to learn; near 50% is no defect.")


def read_figures(path: str, names: list[str]) -> list[float]:
    with open(path, encoding="utf-8") as file:
        values = json.load(file)
    return [values[name] for name in names]


def print_table(headings: list[str], rows: list[tuple[str, list[float]]]) -> None:
    print(" " * 27 + "".join(f"{heading:>22}" for heading in headings))
    for name, values in rows:
        print(f"{name:27}" + "".join(f"{value:22.1%}" for value in values))


def trained_rows(finetuned: str, from_scratch: str, names: list[str]) -> list[tuple[str, list[float]]]:
    return [("pretrained, then fine-tuned", read_figures(finetuned, names)), ("the same model from scratch", read_figures(from_scratch, names))]


def report_task(development: str, finetuned: str, from_scratch: str) -> None:
    with open(development, encoding="utf-8") as lines:
        tags = Counter(line.split()[1] for line in lines if line.strip())
    (tag, count), total = tags.most_common(1)[0], tags.total()
    guess = (f"always {tag}", [2 * count / (total + count) / len(tags), count / total])
    print_table(["mean F1 of the tags", "words that are right"], [*trained_rows(finetuned, from_scratch, ["macro_f1", "accuracy"]), guess])


def report_figures(columns: str, finetuned: str, from_scratch: str) -> None:
    names, headings = zip(*(column.split("=") for column in columns.split(",")))
    print_table(list(headings), trained_rows(finetuned, from_scratch, list(names)))


def main() -> None:
    if sys.argv[1] == "--task":
        report_task(*sys.argv[2:])
    elif sys.argv[1] == "--figures":
        report_figures(*sys.argv[2:])
    else:
        report_pretraining(sys.argv[1])


if __name__ == "__main__":
    main()
