"""Tasks are learnt: by the recipes of configs/finetune, a small encoder that is pretrained here beats whoever knows no more than how often
each answer is right, and learns 64 examples by heart; cases.py says which tasks, and why others are not. Run by scripts/learn.sh,
where ALBERT_SHARED_DATA names a folder of real data."""

import csv
import json
import os
import re
import time
from collections import Counter

import numpy as np
import pytest
import scipy.stats

from cases import ARC, CASES, glue
from data import Questions, write_race
from models import Models, finetune


@pytest.fixture(scope="session")
def albert(albert):
    """Of the fixture of all tests, but trainings may take long, and none begins after ALBERT_LEARN_UNTIL, in seconds since 1970."""

    def run(*arguments, **options):
        if time.time() > float(os.environ.get("ALBERT_LEARN_UNTIL", "inf")):
            pytest.skip("the time given to scripts/learn.sh is over")
        return albert(*arguments, timeout_s=7200, **options)

    return run


@pytest.fixture(scope="session")
def models(albert, shared_data, tmp_path_factory):
    """Shared by the processes that pytest-xdist starts."""
    folder = tmp_path_factory.getbasetemp()
    return Models(albert, shared_data, folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


def evaluate(albert, run, data, *options):
    return json.loads(albert("evaluate", "--model", run, "--data", data, "--json", *options))


# ---- what can be had without learning ------------------------------------------------------------------------------------------------


def best_constant_f1(sets):
    """The micro F1 of whoever gives every text the same most frequent labels."""
    counts = Counter(label for labels in sets for label in labels).most_common()
    hits = np.cumsum([count for _, count in counts])
    return max(2 * hit / (len(sets) * (i + 1) + hits[-1]) for i, hit in enumerate(hits))


def untrained_spearman(albert, encoder, data, folder):
    """Of the cosines of the pretrained encoder's vectors."""
    rows = [line.split("\t") for line in (data / "dev.tsv").read_text().splitlines()[1:]]
    vectors = []
    for number in (7, 8):
        albert("embed", "--model", encoder, "--output", folder / f"{number}.npy", stdin="".join(f"{row[number]}\n" for row in rows))
        vectors.append(np.load(folder / f"{number}.npy"))
    return scipy.stats.spearmanr((vectors[0] * vectors[1]).sum(1), [float(row[9]) for row in rows]).statistic


def best_first_words(albert, recipe, gold, questions, figure, folder):
    """Of whoever answers every question with as many words, or Chinese characters, from the beginning of its text, or never."""
    figures = []
    for count in (0, 1, 2, 3, 5, 10, 20, 30, 50):
        text = {question["id"]: re.match(r"(\s*([^\W\u4e00-\uffff]+|\S)){0,%d}" % count, question["context"])[0] for question in questions}
        (folder / "first.json").write_text(json.dumps(text))
        figures.append(json.loads(albert("score", "--task", recipe, "--gold", gold, "--predictions", folder / "first.json", "--json"))[figure])
    return max(figures)


def constant_guess(albert, name, models, data, right, folder):
    if isinstance(CASES[name].data, Questions):
        figure = CASES[name].figure.removeprefix("best_")
        return best_first_words(albert, name, data / CASES[name].data.files[1], right, figure, folder)
    if name == "embedding":
        return untrained_spearman(albert, models.get("english"), data, folder)
    if CASES[name].figure == "micro_f1":
        return best_constant_f1(right)
    if CASES[name].figure == "accuracy":
        labels = [label for entry in right for label in (entry if isinstance(entry, list) else [entry])]
        return max(Counter(labels).values()) / len(labels)
    return 0.0  # correlations, and entities where none are found


# ---- tests ---------------------------------------------------------------------------------------------------------------------------


BY_HEART = {"optimizer.learning_rate": 0.001, "train.batch_size": 8, "train.micro_batch_size": 8, "evaluate.every": 0}


def learn_by_heart(albert, recipe, encoder, data, run, figure, settings):
    """Whether 64 examples are learnt by heart."""
    finetune(albert, recipe, encoder, data, run, {**BY_HEART, **settings})
    figures = evaluate(albert, run, data)
    right = figures["exact_match"] / 100 if "exact_match" in figures else figures[figure]
    print(f"{recipe}: {figure} {right:.4f}")
    assert figures["examples"] == 64
    assert right > 0.95


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.by_heart])
def test_sixty_four_examples_are_learnt_by_heart(albert, shared_data, models, case, tmp_path):
    CASES[case].data.write_by_heart(shared_data, tmp_path, 64)
    settings = {**CASES[case].settings, **CASES[case].by_heart}
    learn_by_heart(albert, CASES[case].recipe, models.get(CASES[case].encoder), tmp_path, tmp_path / "run", CASES[case].figure, settings)


def test_sixty_four_pairs_of_questions_are_learnt_by_heart(albert, shared_data, models, tmp_path):
    """QQP, of which there are no data: pairs of MRPC in its columns. From there on it is MRPC's code."""
    rows = [line.split("\t") for line in glue("MRPC", str).read(shared_data / "data/glue/MRPC/train.tsv")[1][:64]]
    lines = [f"{i}\t{first}\t{second}\t{row[3]}\t{row[4]}\t{row[0]}" for i, row in enumerate(rows) for first, second in [row[1:3]]]
    for part in ("train", "dev"):
        (tmp_path / f"{part}.tsv").write_text("\n".join(["id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate", *lines]) + "\n")
    learn_by_heart(albert, "qqp", models.get("english"), tmp_path, tmp_path / "run", "f1", {"train.steps": 150})


def test_sixty_four_questions_about_articles_are_learnt_by_heart(albert, shared_data, models, tmp_path):
    """RACE, of which there are no data: questions of ARC in its layout. From there on it is ARC's code."""
    with open(shared_data / ARC[0], newline="", encoding="utf-8") as source:
        write_race([row for row in csv.reader(source) if len(row) == 6 and all(row)][:64], tmp_path / "RACE")
    learn_by_heart(albert, "race", models.get("english"), tmp_path / "RACE", tmp_path / "run", "accuracy", {"train.steps": 150})


# The last cases first: what a second process begins with is then what takes longest, and another encoder than the first one makes.
@pytest.mark.parametrize("case", [name for name, case in reversed(CASES.items()) if case.learns])
def test_it_beats_the_constant_guess(albert, shared_data, models, case, tmp_path):
    recipe, learns, figure = CASES[case].recipe, CASES[case].learns, CASES[case].figure
    data = tmp_path / "data"
    data.mkdir()
    right = CASES[case].data.write(shared_data, data, learns.train, learns.dev)
    finetune(albert, recipe, models.get(learns.model or CASES[case].encoder), data, tmp_path / "run", {
        **CASES[case].settings, "optimizer.learning_rate": learns.rate, "train.steps": learns.steps, "train.batch_size": 16,
        "train.micro_batch_size": 16, "evaluate.every": 0})
    figures = evaluate(albert, tmp_path / "run", data, *CASES[case].options)
    constant = constant_guess(albert, case, models, data, right, tmp_path)
    print(f"{case}: {figure} {figures[figure]:.4f}, measured {learns.measured}; by a constant guess {constant:.4f}")
    assert figures["examples"] == len(right)
    assert figures[figure] > learns.at_least > constant
