"""Each task learns: by the recipes of configs/finetune, a small encoder that is pretrained here beats whoever knows no more than how often
each answer is right, and learns 64 examples by heart. Runs where ALBERT_SHARED_DATA names a folder of real data."""

import csv
import json
import re
from collections import Counter

import numpy as np
import pytest
import scipy.stats

from conftest import ROOT
from learning_cases import ARC, CASES, SMALL, glue
from learning_data import PairsWithCommonWords, sentences_of_books, write_race

IN_32 = {"task.held_out": 0, "train.batch_size": 32, "train.micro_batch_size": 32, "evaluate.every": 0}
CHILDRENS = "alcott alger baum burnett goldfrap henty nesbit".split()


def books(shared_data):
    """For children: their language is simple."""
    return sorted(path for path in (shared_data / "data/corpora/gutenberg").iterdir() if path.name.split("-")[0] in CHILDRENS)


def pretrain(albert, folder, tokenizer, texts, options, steps, rate):
    """A small encoder after so many updates, as the quick start trains it but for their size and number."""
    albert("corpus", "build", "--input", *texts, "--tokenizer", tokenizer, "--output", folder / "corpus", *options)
    settings = {"data.corpus": folder / "corpus", "train.steps": steps, "train.batch_size": 64, "train.micro_batch_size": 64,
                "optimizer.learning_rate": rate, "schedule.warmup_steps": steps // 10, "evaluate.every": 0, "checkpoint.every": 0,
                "train.device": "cpu", "train.threads": 2}
    albert("pretrain", "--config", ROOT / "configs/pretrain/quickstart.yaml", "--run-dir", folder / "run", *assignments(settings))
    return folder / "run"


def assignments(settings):
    return [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]


@pytest.fixture(scope="module")
def english(albert, shared_data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("english")
    texts = books(shared_data)
    albert("tokenizer", "train", "--input", *texts, "--vocab-size", 4000, "--output", folder / "tokenizer")
    return pretrain(albert, folder, folder / "tokenizer", texts, [], 1500, 0.002)


@pytest.fixture(scope="module")
def chinese(albert, shared_data, tmp_path_factory):
    """Of news, with the characters that occur in them. At a higher rate so few updates teach it the frequencies of characters and undo all else."""
    folder = tmp_path_factory.mktemp("chinese")
    news = shared_data / "data/corpora/zh_news/clue_sample_bert.txt"
    counts = Counter(news.read_text().lower())
    characters = sorted(character for character, count in counts.items() if count > 2 and not character.isspace())
    continued = [f"##{character}" for character in characters if character.isascii() and character.isalnum()]
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters, *continued]) + "\n")
    albert("tokenizer", "convert", "--tokenizer", folder / "vocab.txt", "--output", folder / "tokenizer")
    return pretrain(albert, folder, folder / "tokenizer", [news], ["--format", "lines"], 400, 0.0005)


@pytest.fixture
def encoder(request, case):
    return request.getfixturevalue("chinese" if CASES[case].chinese else "english")


def finetune(albert, recipe, encoder, data, run, settings):
    albert("finetune", "--config", ROOT / f"configs/finetune/{recipe}.yaml", "--model", encoder, "--data", data, "--run-dir", run,
           *assignments({**SMALL, **settings}))


def evaluate(albert, run, data, *options):
    return json.loads(albert("evaluate", "--model", run, "--data", data, "--json", *options))


# ---- what every comparison of two texts needs, learnt from texts alone -----------------------------------------------------------------


def learn_matching(albert, folder, encoder, sentences):
    """The encoder after it has learnt to find the words of a text in another one: first a tag for each word, then a number for each pair.
    Masked words teach that only to an encoder that is pretrained for hours; without it no comparison of two texts is learnt, and without
    the tags the numbers are learnt by other means."""
    pairs = PairsWithCommonWords(sentences)
    for recipe, write, file, steps, settings in (
        ("conll", pairs.write_tags, "tags.conll", 1200, {"task.tokens.score": "tags"}),
        ("regression", pairs.write_shares, "shares.tsv", 400, {"task.text.text": "first", "task.text.second_text": "second"}),
    ):
        write(folder / file, 32 * steps)
        finetune(albert, recipe, encoder, folder / file, folder / recipe, {**settings, **IN_32, "train.steps": steps})
        encoder = folder / recipe
    return encoder


@pytest.fixture(scope="module")
def matching(albert, shared_data, english, tmp_path_factory):
    return learn_matching(albert, tmp_path_factory.mktemp("matching"), english, sentences_of_books(books(shared_data)))


@pytest.fixture(scope="module")
def reading(albert, shared_data, matching, tmp_path_factory):
    """Which then has learnt to find what is missing in a question."""
    folder = tmp_path_factory.mktemp("reading")
    CASES["squad1"].data.write_clozes(shared_data, folder / "clozes.jsonl", 32 * 1200)
    finetune(albert, "squad1", matching, folder / "clozes.jsonl", folder / "run", {**CASES["squad1"].settings, **IN_32, "train.steps": 1200})
    return folder / "run"


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
    """Of whoever answers every question with as many words, or Chinese characters, from the beginning of its text."""
    figures = []
    for count in (1, 2, 3, 5, 10, 20, 30, 50):
        text = {question["id"]: re.match(r"(\s*([^\W\u4e00-\uffff]+|\S)){1,%d}" % count, question["context"])[0] for question in questions}
        (folder / "first.json").write_text(json.dumps(text))
        figures.append(json.loads(albert("score", "--task", recipe, "--gold", gold, "--predictions", folder / "first.json", "--json"))[figure])
    return max(figures)


def constant_guess(albert, name, encoder, data, right, folder):
    if name in ("squad1", "cmrc2018"):
        return best_first_words(albert, name, data / CASES[name].data.files[1], right, CASES[name].figure, folder)
    if name == "embedding":
        return untrained_spearman(albert, encoder, data, folder)
    if CASES[name].figure == "micro_f1":
        return best_constant_f1(right)
    if CASES[name].figure == "accuracy":
        labels = [label for entry in right for label in (entry if isinstance(entry, list) else [entry])]
        return max(Counter(labels).values()) / len(labels)
    return 0.0  # correlations, and entities where none are found


# ---- tests ---------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.learns])
def test_it_beats_the_constant_guess(request, albert, shared_data, encoder, case, tmp_path):
    recipe, learns, figure = CASES[case].recipe, CASES[case].learns, CASES[case].figure
    data = tmp_path / "data"
    data.mkdir()
    right = CASES[case].data.write(shared_data, data, learns.train, learns.dev)
    model = request.getfixturevalue(learns.model) if learns.model else encoder
    finetune(albert, recipe, model, data, tmp_path / "run", {
        **CASES[case].settings, "optimizer.learning_rate": learns.rate, "train.steps": learns.steps, "train.batch_size": 16,
        "train.micro_batch_size": 16, "evaluate.every": 0})
    figures = evaluate(albert, tmp_path / "run", data, *CASES[case].options)
    constant = constant_guess(albert, case, encoder, data, right, tmp_path)
    print(f"{case}: {figure} {figures[figure]:.4f}, measured {learns.measured}; by a constant guess {constant:.4f}")
    assert figures["examples"] == len(right)
    assert figures[figure] > learns.at_least > constant


BY_HEART = {"optimizer.learning_rate": 0.001, "train.batch_size": 8, "train.micro_batch_size": 8, "evaluate.every": 0}


def learn_by_heart(albert, recipe, encoder, data, run, figure, settings):
    """Whether 64 examples are learnt by heart."""
    finetune(albert, recipe, encoder, data, run, {**BY_HEART, **settings})
    figures = evaluate(albert, run, data)
    print(f"{recipe}: {figure} {figures[figure]:.4f}")
    assert figures["examples"] == 64
    assert figures[figure] > (95 if figure == "exact_match" else 0.95)


@pytest.mark.parametrize("case", [name for name, case in CASES.items() if case.by_heart])
def test_sixty_four_examples_are_learnt_by_heart(albert, shared_data, encoder, case, tmp_path):
    CASES[case].data.write_by_heart(shared_data, tmp_path, 64)
    settings = {**CASES[case].settings, **CASES[case].by_heart}
    learn_by_heart(albert, CASES[case].recipe, encoder, tmp_path, tmp_path / "run", CASES[case].figure, settings)


def test_sixty_four_pairs_of_questions_are_learnt_by_heart(albert, shared_data, english, tmp_path):
    """QQP, of which there are no data: pairs of MRPC in its columns. From there on it is MRPC's code."""
    rows = [line.split("\t") for line in glue("MRPC", str).read(shared_data / "data/glue/MRPC/train.tsv")[1][:64]]
    lines = [f"{i}\t{first}\t{second}\t{row[3]}\t{row[4]}\t{row[0]}" for i, row in enumerate(rows) for first, second in [row[1:3]]]
    for part in ("train", "dev"):
        (tmp_path / f"{part}.tsv").write_text("\n".join(["id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate", *lines]) + "\n")
    learn_by_heart(albert, "qqp", english, tmp_path, tmp_path / "run", "f1", {"train.steps": 150})


def test_sixty_four_questions_about_articles_are_learnt_by_heart(albert, shared_data, english, tmp_path):
    """RACE, of which there are no data: questions of ARC in its layout. From there on it is ARC's code."""
    with open(shared_data / ARC[0], newline="", encoding="utf-8") as source:
        write_race([row for row in csv.reader(source) if len(row) == 6 and all(row)][:64], tmp_path / "RACE")
    learn_by_heart(albert, "race", english, tmp_path / "RACE", tmp_path / "run", "accuracy", {"train.steps": 150})
