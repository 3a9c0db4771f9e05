#!/usr/bin/env python3
"""Prints the last evaluation in a run's metrics beside the best guess that never looks at the text.

usage: quickstart_report.py RUN/metrics.jsonl
"""

import json
import sys


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as lines:
        evaluations = [entry for entry in map(json.loads, lines) if "held_out_mlm_accuracy" in entry]
    if not evaluations:
        sys.exit(f"{sys.argv[1]}: no evaluation was logged")
    last = evaluations[-1]
    accuracy, guess = last["held_out_mlm_accuracy"], last["held_out_constant_guess_mlm_accuracy"]
    print(f"masked words, rightly guessed   {accuracy:6.1%}   always the most frequent word {guess:6.1%}: {accuracy / guess:.1f} times as many")
    if "held_out_sop_accuracy" in last:
        print(f"order of sentences, rightly told {last['held_out_sop_accuracy']:5.1%}   tossing a coin {0.5:21.1%}")
        if last["held_out_sop_accuracy"] < 0.55:
            print("Sentence order often takes longer than minutes to learn; near 50% is no defect.")


if __name__ == "__main__":
    main()
