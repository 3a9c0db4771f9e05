"""Tasks are learnt: by the recipes of configs/finetune, a small encoder that is pretrained here beats whoever knows no more than how often
each answer is right, and learns 64 examples by heart; cases.py says which tasks, and why others are not. Run by scripts/learn.sh,
where ALBERT_SHARED_DATA names a folder of real data."""

import json
import math
import os
import re
import time
from collections import Counter

import numpy as np
import pytest
import scipy.stats

from cases import CASES
from data import Questions, words_of
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


def threshold_on_common_words(data, right):
    """The accuracy of whoever takes two questions for the same from some share of common words on (Jaccard); the share suits the training
    rows best."""

    def shares(part):
        rows = [line.split("\t") for line in (data / f"{part}.tsv").read_text().splitlines()[1:]]
        pairs = [(set(words_of(row[3])), set(words_of(row[4]))) for row in rows]
        return np.array([len(first & second) / max(1, len(first | second)) for first, second in pairs]), np.array([row[5] == "1" for row in rows])

    known, labels = shares("train")
    threshold = max(np.unique(known), key=lambda share: np.mean((known >= share) == labels))
    return np.mean((shares("dev")[0] >= threshold) == (np.array(right) == "1"))


def densest_window(data, right):
    """The accuracy of whoever takes the choice which has with the question the most words of a window of the article, rare ones before others
    (the sliding window of Richardson et al. 2013)."""

    def weight(article, asked):
        weights = np.array([math.log(1 + 1 / article.count(word)) if word in asked else 0 for word in article])
        return np.convolve(weights, np.ones(min(len(asked), len(article)))).max()

    hits = 0
    for number, letter in enumerate(right):
        entry = json.loads((data / f"dev/middle/{number}.txt").read_text())
        question, article = set(words_of(entry["questions"][0])), words_of(entry["article"])
        hits += int(np.argmax([weight(article, question | set(words_of(choice))) for choice in entry["options"][0]])) == "ABCD".index(letter)
    return hits / len(right)


#: What the words alone tell, beside which the encoder's figure is printed.
BY_WORDS = {"qqp": threshold_on_common_words, "race": densest_window}


def standard_error(first, second, count):
    """Of the difference of two accuracies, as if they were independent."""
    return math.sqrt((first * (1 - first) + second * (1 - second)) / count)


# ---- tests ---------------------------------------------------------------------------------------------------------------------------


BY_HEART = {"optimizer.learning_rate": 0.001, "train.batch_size": 8, "train.micro_batch_size": 8, "evaluate.every": 0}


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.by_heart])
def test_sixty_four_examples_are_learnt_by_heart(albert, shared_data, models, case, tmp_path):
    recipe, figure = CASES[case].recipe, CASES[case].figure
    CASES[case].data.write_by_heart(shared_data, tmp_path, 64)
    finetune(albert, recipe, models.get(CASES[case].encoder), tmp_path, tmp_path / "run", {
        **BY_HEART, **CASES[case].settings, **CASES[case].by_heart})
    figures = evaluate(albert, tmp_path / "run", tmp_path)
    right = figures["exact_match"] / 100 if "exact_match" in figures else figures[figure]
    print(f"{case}: {figure} {right:.4f}")
    assert figures["examples"] == 64
    assert right > 0.95


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
    if case in BY_WORDS:
        print(f"{case}: by the words alone {BY_WORDS[case](data, right):.4f}")
    assert figures["examples"] == len(right)
    assert figures[figure] > learns.at_least > constant
    if learns.standard_errors:
        error = standard_error(learns.at_least, constant, len(right))
        print(f"{case}: asked for are {learns.at_least}, {(learns.at_least - constant) / error:.1f} standard errors of {error:.4f} above the guess")
        assert learns.at_least > constant + learns.standard_errors * error
