#!/usr/bin/env python3
"""Prints the figures of the quick start beside what guessing would reach.

usage: quickstart_report.py RUN/metrics.jsonl
       quickstart_report.py --reviews DEV.tsv FINETUNED/figures.json FROM-SCRATCH/figures.json
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


def final_accuracy(figures: str) -> float:
    with open(figures, encoding="utf-8") as file:
        return json.load(file)["accuracy"]


def report_reviews(development: str, finetuned: str, from_scratch: str) -> None:
    with open(development, encoding="utf-8") as lines:
        labels = Counter(line.rstrip("\n").split("\t")[1] for line in list(lines)[1:])
    print(f"pretrained, then fine-tuned     {final_accuracy(finetuned):6.1%}")
    print(f"the same model from scratch     {final_accuracy(from_scratch):6.1%}")
    print(f"always the more frequent label  {max(labels.values()) / labels.total():6.1%}")


def main() -> None:
    if sys.argv[1] == "--reviews":
        report_reviews(*sys.argv[2:])
    else:
        report_pretraining(sys.argv[1])


if __name__ == "__main__":
    main()
