"""`albert score` against scikit-learn, SciPy, seqeval, and the rules of the official scripts: random predictions, and the real ones
whose official scores are published. Every comparison is run once more with one prediction changed, and must then fail."""

import json
import random
import re
import string
import warnings
from collections import Counter
from pathlib import Path

import numpy
import pytest
import scipy.stats
import seqeval.metrics
import sklearn.metrics
from nltk.tokenize.destructive import NLTKWordTokenizer
from sklearn.preprocessing import MultiLabelBinarizer

# Both sides compute in float64 and add up in another order.
CLOSE = {"rel": 1e-12, "abs": 1e-12}


@pytest.fixture
def score(albert, tmp_path):
    """Writes gold and predicted lines to files, and returns the figures of `albert score`."""

    def run(task: str, gold: str, predictions: str, extension: str = ".tsv", *options) -> dict:
        gold_file, predicted_file = tmp_path / f"gold{extension}", tmp_path / f"predictions{extension}"
        gold_file.write_text(gold, encoding="utf-8")
        predicted_file.write_text(predictions, encoding="utf-8")
        return json.loads(
            albert("score", "--json", "--task", task, "--gold", gold_file, "--predictions", predicted_file, *options)
        )

    return run


def fails(compare, *arguments):
    """The comparison notices a difference."""
    with pytest.raises(AssertionError):
        compare(*arguments)


# Classes


def rows(header: str, values) -> str:
    return "\n".join([header, *map(str, values)]) + "\n"


def compare_classes(found: dict, gold: list[str], predicted: list[str]):
    labels = sorted(set(gold) | set(predicted))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes that are never predicted
        assert found["accuracy"] == pytest.approx(sklearn.metrics.accuracy_score(gold, predicted), **CLOSE)
        assert found["macro_f1"] == pytest.approx(sklearn.metrics.f1_score(gold, predicted, average="macro"), **CLOSE)
        assert found["micro_f1"] == pytest.approx(sklearn.metrics.f1_score(gold, predicted, average="micro"), **CLOSE)
        assert found["matthews"] == pytest.approx(sklearn.metrics.matthews_corrcoef(gold, predicted), **CLOSE)
        per_class = sklearn.metrics.precision_recall_fscore_support(gold, predicted, labels=labels)
    details = found["details"]
    assert [row["label"] for row in details["classes"]] == labels
    for name, values in zip(["precision", "recall", "f1", "support"], per_class):
        assert [row[name] for row in details["classes"]] == pytest.approx(list(values), **CLOSE)
    assert details["confusion_matrix"] == sklearn.metrics.confusion_matrix(gold, predicted, labels=labels).tolist()
    if len(labels) == 2:
        precision, recall, f1, _ = sklearn.metrics.precision_recall_fscore_support(
            gold, predicted, average="binary", pos_label=labels[1], zero_division=0
        )
        assert [found[name] for name in ("precision", "recall", "f1")] == pytest.approx([precision, recall, f1], **CLOSE)


def random_classes(kind: str) -> tuple[list[str], list[str]]:
    draw = random.Random(kind)
    names = {"two": "ab", "constant": "ab", "many": [f"c{i:02}" for i in range(60)]}.get(kind, "abcdef")
    gold = [draw.choice(names) for _ in range(400)]
    predicted = [label if draw.random() < 0.6 else draw.choice(names) for label in gold]
    if kind == "constant":
        predicted = ["a"] * len(gold)
    if kind == "missing":  # a class that is never gold, and one that is never predicted
        gold = ["b" if label == "a" else label for label in gold]
        predicted = ["d" if label == "c" else label for label in predicted]
    return gold, predicted


@pytest.mark.parametrize("kind", ["two", "six", "many", "missing", "constant"])
def test_classes_equal_scikit_learn(score, kind):
    gold, predicted = random_classes(kind)
    found = score("classification", rows("label", gold), rows("prediction", predicted))
    compare_classes(found, gold, predicted)
    changed = predicted.copy()
    changed[7] = next(label for label in sorted(set(gold)) if label != changed[7])
    fails(compare_classes, found, gold, changed)


def test_glue_submissions_are_scored_alike(score):
    draw = random.Random(5)
    labels = ["contradiction", "entailment", "neutral"]
    gold = [draw.choice(labels) for _ in range(300)]
    predicted = [label if draw.random() < 0.7 else draw.choice(labels) for label in gold]
    order = list(range(300))
    draw.shuffle(order)
    found = score(
        "mnli",
        rows("index\tsentence1\tsentence2\tgold_label", (f"{i}\tA b.\tC d.\t{label}" for i, label in enumerate(gold))),
        rows("index\tprediction", (f"{i}\t{predicted[i]}" for i in order)),
    )
    compare_classes(found, gold, predicted)
    fails(compare_classes, found, gold, [predicted[i] for i in order])


def compare_sets(found: dict, gold: list[set], predicted: list[set]):
    binarizer = MultiLabelBinarizer().fit(gold + predicted)
    right, guess = binarizer.transform(gold), binarizer.transform(predicted)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert found["accuracy"] == pytest.approx(sklearn.metrics.accuracy_score(right, guess), **CLOSE)
        for average in ("macro", "micro"):
            expected = sklearn.metrics.f1_score(right, guess, average=average)
            assert found[f"{average}_f1"] == pytest.approx(expected, **CLOSE)
        per_class = sklearn.metrics.precision_recall_fscore_support(right, guess)
    for name, values in zip(["precision", "recall", "f1", "support"], per_class):
        assert [row[name] for row in found["details"]["classes"]] == pytest.approx(list(values), **CLOSE)


@pytest.mark.parametrize("seed", range(2))
def test_sets_of_labels_equal_scikit_learn(score, seed):
    draw = random.Random(seed)
    names = list("abcdefgh")
    gold = [{name for name in names[:-1] if draw.random() < 0.3} for _ in range(200)]
    predicted = [{name for name in names if (name in labels) != (draw.random() < 0.2)} for labels in gold]
    lines = [
        "".join(json.dumps({key: sorted(labels)}) + "\n" for labels in sets)
        for key, sets in (("label", gold), ("prediction", predicted))
    ]
    found = score("multilabel", *lines, ".jsonl")
    compare_sets(found, gold, predicted)
    fails(compare_sets, found, gold, [predicted[0] ^ {"c"}, *predicted[1:]])


# Numbers


def compare_numbers(found: dict, gold, predicted):
    assert found["pearson"] == pytest.approx(scipy.stats.pearsonr(gold, predicted).statistic, **CLOSE)
    assert found["spearman"] == pytest.approx(scipy.stats.spearmanr(gold, predicted).statistic, **CLOSE)


@pytest.mark.parametrize("kind", ["smooth", "ties", "far from zero"])
def test_correlations_equal_scipy(score, kind):
    draw = numpy.random.default_rng(3)
    gold = draw.normal(size=500)
    predicted = gold + draw.normal(size=500)
    if kind == "ties":
        gold, predicted = numpy.round(gold), numpy.round(predicted * 2) / 2
    if kind == "far from zero":
        gold, predicted = gold * 1e-3 + 1e4, -predicted
    found = score("regression", rows("label", map(repr, gold.tolist())), rows("prediction", map(repr, predicted.tolist())))
    # The mean is taken off numbers 10^7 times larger than what is left of them.
    tolerance = {"rel": 1e-7} if kind == "far from zero" else CLOSE
    assert found["pearson"] == pytest.approx(scipy.stats.pearsonr(gold, predicted).statistic, **tolerance)
    assert found["spearman"] == pytest.approx(scipy.stats.spearmanr(gold, predicted).statistic, **CLOSE)
    changed = predicted.copy()
    changed[0] += 1
    fails(compare_numbers, found, gold, changed)


def test_undefined_correlations_are_absent(score, albert, tmp_path):
    found = score("regression", rows("label", [1, 2, 3]), rows("prediction", [2, 2, 2]))
    assert found == {"undefined": dict.fromkeys(("pearson", "spearman"), "all predicted values are equal")}
    text = albert(
        "score", "--task", "regression", "--gold", tmp_path / "gold.tsv", "--predictions", tmp_path / "predictions.tsv"
    )
    assert "all predicted values are equal" in text


# Entities


def random_tags(draw: random.Random, scheme: str, length: int) -> list[str]:
    """Tags in no order that a scheme would allow: what models predict."""
    letters = {"IOB1": "IIIBO", "BIO": "BIIOO", "BIOES": "BIESO"}[scheme]
    types = ["PER", "LOC", "creative-work"]
    tags = []
    for _ in range(length):
        letter = draw.choice(letters)
        kind = tags[-1][2:] if tags and tags[-1] != "O" and draw.random() < 0.7 else draw.choice(types)
        tags.append("O" if letter == "O" else f"{letter}-{kind}")
    return tags


def compare_entities(found: dict, gold: list[list[str]], predicted: list[list[str]]):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert found["precision"] == pytest.approx(seqeval.metrics.precision_score(gold, predicted), **CLOSE)
        assert found["recall"] == pytest.approx(seqeval.metrics.recall_score(gold, predicted), **CLOSE)
        assert found["f1"] == pytest.approx(seqeval.metrics.f1_score(gold, predicted), **CLOSE)
        assert found["macro_f1"] == pytest.approx(seqeval.metrics.f1_score(gold, predicted, average="macro"), **CLOSE)
        assert found["accuracy"] == pytest.approx(seqeval.metrics.accuracy_score(gold, predicted), **CLOSE)
        report = seqeval.metrics.classification_report(gold, predicted, output_dict=True)
    types = {name: row for name, row in report.items() if not name.endswith(" avg")}
    assert [row["type"] for row in found["details"]["types"]] == sorted(types)
    for row in found["details"]["types"]:
        expected = types[row["type"]]
        assert row["support"] == expected["support"]
        for ours, theirs in (("precision", "precision"), ("recall", "recall"), ("f1", "f1-score")):
            assert row[ours] == pytest.approx(expected[theirs], **CLOSE)


@pytest.mark.parametrize("scheme", ["IOB1", "BIO", "BIOES"])
def test_entities_equal_seqeval(score, scheme):
    draw = random.Random(scheme)
    gold = [random_tags(draw, scheme, draw.randint(1, 12)) for _ in range(150)]
    predicted = [
        [tag if draw.random() < 0.8 else other for tag, other in zip(tags, random_tags(draw, scheme, len(tags)))]
        for tags in gold
    ]

    def columns(*sides) -> str:
        return "".join("".join(" ".join(["word", *tags]) + "\n" for tags in zip(*sentence)) + "\n" for sentence in zip(*sides))

    found = score("conll", columns(gold), columns(gold, predicted), ".conll")
    compare_entities(found, gold, predicted)
    changed = [tags.copy() for tags in predicted]
    changed[3][0] = "B-LOC" if changed[3][0] != "B-LOC" else "O"
    fails(compare_entities, found, gold, changed)


# Questions


def normalize(text: str) -> str:
    """The rule of SQuAD's scripts."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def squad_scores(gold: list[str], prediction: str, may_be_none: bool) -> tuple[float, float]:
    if may_be_none:
        gold = [answer for answer in gold if normalize(answer)] or [""]
    best = [0.0, 0.0]
    for answer in gold:
        right, guess = normalize(answer).split(), normalize(prediction).split()
        common = sum((Counter(right) & Counter(guess)).values())
        if may_be_none and (not right or not guess):
            f1 = float(right == guess)
        elif common == 0:
            f1 = 0.0
        else:
            precision, recall = common / len(guess), common / len(right)
            f1 = 2 * precision * recall / (precision + recall)
        best = [max(best[0], float(right == guess)), max(best[1], f1)]
    return best[0], best[1]


def best_by_brute_force(scores: list[float], has_answer: list[bool], odds: list[float]) -> float:
    """The mean score when predictions with odds above the best threshold are taken back."""
    best = -1.0
    for threshold in [-1e9, *odds]:
        kept = [value <= threshold for value in odds]
        best = max(best, sum(s if keep else float(not answerable) for s, keep, answerable in zip(scores, kept, has_answer)))
    return 100 * best / len(scores)


WORDS = ["the", "a", "an", "Rome,", "rome", "Paris", "in", "1066", "St.", "Mary's", "café", "CAFÉ", "\u0130st", "a²", "–", "\u00a0"]


def random_questions(seed: int, may_be_none: bool):
    draw = random.Random(seed)

    def answer() -> str:
        return " ".join(draw.choice(WORDS) for _ in range(draw.randint(1, 4)))

    gold = {f"q{i}": [answer() for _ in range(draw.randint(1, 3))] for i in range(120)}
    if may_be_none:
        gold = {key: [] if draw.random() < 0.4 else answers for key, answers in gold.items()}
    predictions = {
        key: "" if draw.random() < 0.2 else draw.choice(answers) if answers and draw.random() < 0.4 else answer()
        for key, answers in gold.items()
    }
    return draw, gold, predictions


def squad_file(gold: dict[str, list[str]]) -> str:
    paragraphs = []
    for key, answers in gold.items():
        context, starts = "Context", []
        for answer in answers:
            starts.append(len(context) + 1)
            context += " " + answer
        listed = [{"text": text, "answer_start": start} for text, start in zip(answers, starts)]
        paragraphs.append({"context": context, "qas": [{"id": key, "question": "What?", "answers": listed}]})
    return json.dumps({"data": [{"paragraphs": paragraphs}]})


def compare_answers(found: dict, gold: dict, predictions: dict, may_be_none: bool):
    scores = [squad_scores(gold[key], predictions[key], may_be_none) for key in gold]
    exact, f1 = (100 * sum(column) / len(scores) for column in zip(*scores))
    assert [found["exact_match"], found["f1"]] == pytest.approx([exact, f1], **CLOSE)


@pytest.mark.parametrize("task", ["squad1", "squad2"])
def test_answers_equal_the_rule_of_squad(score, task):
    may_be_none = task == "squad2"
    _, gold, predictions = random_questions(11, may_be_none)
    found = score(task, squad_file(gold), json.dumps(predictions), ".json")
    compare_answers(found, gold, predictions, may_be_none)
    wrong = next(key for key in gold if squad_scores(gold[key], predictions[key], may_be_none)[0] == 1)
    fails(compare_answers, found, gold, predictions | {wrong: "nothing of it"}, may_be_none)


def test_the_best_threshold_is_the_best_of_all(score, tmp_path):
    draw, gold, predictions = random_questions(12, True)
    # An answer that is all articles is right where there is none, but the script's search takes it for a wrong one.
    predictions = {key: text if normalize(text) else "" for key, text in predictions.items()}
    odds = {key: draw.gauss(0 if answers else 1.5, 1) for key, answers in gold.items()}
    odds_file = tmp_path / "odds.json"
    odds_file.write_text(json.dumps(odds))
    found = score("squad2", squad_file(gold), json.dumps(predictions), ".json", "--null-odds", odds_file)
    scores = list(zip(*(squad_scores(gold[key], predictions[key], True) for key in gold)))
    has_answer = [bool(answers) for answers in gold.values()]
    for name, column in zip(["exact_match", "f1"], scores):
        best = best_by_brute_force(list(column), has_answer, list(odds.values()))
        assert found[f"best_{name}"] == pytest.approx(best, **CLOSE)
        at_threshold = score(
            "squad2", squad_file(gold), json.dumps(predictions), ".json",
            "--null-odds", odds_file, "--null-threshold", repr(found[f"best_{name}_threshold"]),
        )  # fmt: skip
        assert at_threshold[name] == pytest.approx(best, **CLOSE)
        assert at_threshold[name] != pytest.approx(found[name], **CLOSE)  # another threshold, another figure


def chinese_segments(text: str) -> list[str]:
    """The rule of CMRC 2018's script, but for its splitting of foreign text into sentences."""
    marks = "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』"
    segments, foreign = [], ""
    for c in text.lower().strip() + "。":
        if c in marks and c != "。":
            continue
        if "\u4e00" <= c <= "\u9fa5" or c == "。":
            segments += NLTKWordTokenizer().tokenize(foreign)
            foreign = ""
            if c != "。":
                segments.append(c)
        else:
            foreign += c
    return segments


def chinese_scores(gold: list[str], prediction: str) -> tuple[float, float]:
    def without_marks(text: str) -> str:
        return "".join(c for c in text.lower().strip() if c not in "-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")

    best = 0.0
    for answer in gold:
        right, guess = chinese_segments(answer), chinese_segments(prediction)
        longest = max(
            (size for size in range(1, len(right) + 1) for i in range(len(right) - size + 1)
             if any(right[i:i + size] == guess[j:j + size] for j in range(len(guess)))),
            default=0,
        )  # fmt: skip
        if longest:
            precision, recall = longest / len(guess), longest / len(right)
            best = max(best, 2 * precision * recall / (precision + recall))
    return float(any(without_marks(answer) == without_marks(prediction) for answer in gold)), best


def compare_chinese(found: dict, gold: dict, predictions: dict):
    scores = [chinese_scores(gold[key], predictions[key]) for key in gold]
    exact, f1 = (100 * sum(column) / len(scores) for column in zip(*scores))
    assert [found["exact_match"], found["f1"]] == pytest.approx([exact, f1], **CLOSE)


def test_chinese_answers_equal_the_rule_of_cmrc(score):
    draw = random.Random(8)
    parts = ["中", "国", "北京", "，", "《", "》", "“", "Nintendo 3DS", "don't", "(", ")", "1,998", "U.S.", "……", "\u3000", ".", "%"]
    gold, predictions = {}, {}
    for i in range(150):
        chosen = [draw.choice(parts) for _ in range(draw.randint(2, 8))]
        # "\u3000" inside of an answer is no white space at its ends.
        gold[f"q{i}"] = ["中" + "".join(chosen) + "国", "中国"]
        predictions[f"q{i}"] = "中" + "".join(part for part in chosen if draw.random() < 0.8 or part in "，《》") + "国"
    found = score("cmrc2018", squad_file(gold), json.dumps(predictions), ".json")
    compare_chinese(found, gold, predictions)
    assert 0 < found["exact_match"] < 100
    fails(compare_chinese, found, gold, predictions | {"q1": ""})


# Relations

RELATIONS = [
    "Cause-Effect", "Component-Whole", "Content-Container", "Entity-Destination", "Entity-Origin", "Instrument-Agency",
    "Member-Collection", "Message-Topic", "Product-Producer",
]  # fmt: skip


def compare_relations(found: dict, gold: list[str], predicted: list[str]):
    scores = []
    for relation in RELATIONS:
        right = sum(g == p and g.startswith(relation) for g, p in zip(gold, predicted))
        precision = right / max(1, sum(p.startswith(relation) for p in predicted))
        recall = right / max(1, sum(g.startswith(relation) for g in gold))
        scores.append(2 * precision * recall / (precision + recall) if right else 0.0)
    assert found["macro_f1"] == pytest.approx(100 * sum(scores) / len(RELATIONS), **CLOSE)


def test_relations_equal_the_rule_of_the_official_scorer(score):
    draw = random.Random(2)
    labels = [f"{relation}({order})" for relation in RELATIONS for order in ("e1,e2", "e2,e1")] + ["Other"]
    gold = [draw.choice(labels) for _ in range(600)]
    predicted = [draw.choice(labels) if draw.random() < 0.4 else label for label in gold]
    lines = ["".join(f"{8001 + i}\t{label}\n" for i, label in enumerate(side)) for side in (gold, predicted)]
    found = score("semeval2010", *lines, ".txt")
    compare_relations(found, gold, predicted)
    turned = next(i for i, label in enumerate(predicted) if label == gold[i] and label.endswith("(e1,e2)"))
    fails(compare_relations, found, gold, [*predicted[:turned], predicted[turned][:-7] + "(e2,e1)", *predicted[turned + 1 :]])


# Real predictions


@pytest.mark.parametrize(
    "task, gold, predictions, exact, f1",
    [
        ("squad1", "dev-v1.1.json", "v1.1-r-net-plus.json", "82.4693", "88.4779"),
        ("squad2", "dev-v2.0.json", "v2.0-bidaf-elmo.json", "65.70369746483618", "67.87648921451334"),
    ],
)
def test_official_scores_of_real_answers(albert, shared_data: Path, tmp_path, task, gold, predictions, exact, f1):
    folder = shared_data / "data/squad"
    arguments = ["score", "--json", "--task", task, "--gold", folder / gold]

    def compare(found: dict):
        for name, official in (("exact_match", exact), ("f1", f1)):
            digits = len(official.split(".")[1])
            assert f"{found[name]:.{digits}f}" == official

    compare(json.loads(albert(*arguments, "--predictions", folder / "predictions" / predictions)))
    answers = json.loads((folder / "predictions" / predictions).read_text())
    changed = tmp_path / "changed.json"
    changed.write_text(json.dumps(answers | {key: "none of these words" for key in list(answers)[:5]}))
    fails(compare, json.loads(albert(*arguments, "--predictions", changed)))


def test_random_answers_to_the_key_of_semeval(score, shared_data: Path):
    key = (shared_data / "data/relation/semeval2010_task8/TEST_FILE_KEY.TXT").read_text()
    gold = dict(line.split("\t") for line in key.splitlines())
    draw = random.Random(7)
    labels = sorted(set(gold.values()))
    predicted = {number: draw.choice(labels) if draw.random() < 0.4 else label for number, label in gold.items()}
    found = score("semeval2010", key, "".join(f"{number}\t{label}\n" for number, label in predicted.items()), ".txt")
    compare_relations(found, list(gold.values()), list(predicted.values()))
    fails(compare_relations, found, list(gold.values()), list(gold.values()))
