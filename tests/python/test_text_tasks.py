"""Texts and pairs with labels, sets of labels or numbers, from outside: files in several formats, the same numbers as Transformers, figures
as scikit-learn and SciPy compute them, GLUE's submission, and what is refused."""

import csv
import json
import random

import numpy as np
import pytest
import torch
from scipy.optimize import minimize_scalar
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import accuracy_score, f1_score, matthews_corrcoef
from sklearn.utils.class_weight import compute_class_weight
from transformers import AutoModelForSequenceClassification, AutoTokenizer

import tiny_run

CONFIG = """
# albert finetune --config task.yaml --model MODEL --data DATA --run-dir RUN
task: {{name: own, kind: text, max_sequence_length: {length}, text: {text}}}
optimizer: {{learning_rate: 0.005}}
train: {{steps: {steps}, batch_size: 8, micro_batch_size: 8, precision: float32, device: cpu, threads: 1}}
evaluate: {{every: 0}}
"""
NAMES = "Anna Bertram Clara David Emma Frederick".split()


@pytest.fixture(scope="module")
def base(albert, tmp_path_factory):
    """A pretrained model of a few steps."""
    folder = tmp_path_factory.mktemp("base")
    tiny_run.make_corpus(albert, folder)
    albert("pretrain", "--config", folder / "run.yaml", "--set", "model.initializer_range=0.2", "--run-dir", folder / "run")
    return folder / "run"


def sentence(random_, words=6):
    return " ".join(random_.choice([*NAMES, "met", "saw", "heard", "garden", "library", "kitchen"]) for _ in range(words)) + "."


def finetune(albert, base, folder, text, data, steps=10, length=48):
    (folder / "task.yaml").write_text(CONFIG.format(text=text, steps=steps, length=length))
    albert("finetune", "--config", folder / "task.yaml", "--model", base, "--data", data, "--run-dir", folder / "run")
    return folder / "run/checkpoints/latest"


def evaluate(albert, model, data, output):
    """The figures, and the predictions that they are made of."""
    return json.loads(albert("evaluate", "--model", model, "--data", data, "--output", output, "--json"))


def logits(model, texts, cut=None):
    """Transformers' own, one sequence at a time; `cut` shortens the two texts' ids."""
    albert_model = AutoModelForSequenceClassification.from_pretrained(model).eval()
    tokenizer = AutoTokenizer.from_pretrained(model)
    rows = []
    for pair in texts:
        ids = [tokenizer(text, add_special_tokens=False).input_ids for text in pair]
        if cut:
            cut(ids)
        token_ids, segments = [tokenizer.cls_token_id], [0]
        for segment, part in enumerate(ids):
            token_ids += [*part, tokenizer.sep_token_id]
            segments += [segment] * (len(token_ids) - len(segments))
        with torch.no_grad():
            rows.append(albert_model(torch.tensor([token_ids]), token_type_ids=torch.tensor([segments])).logits[0])
    return torch.stack(rows)


def cut_as_google(ids, limit=24 - 3):
    """classifier_utils.py:751-765."""
    while len(ids[0]) + len(ids[1]) > limit:
        ids[0 if len(ids[0]) > len(ids[1]) else 1].pop()


def cut_the_second(ids, limit=24 - 3):
    """Another rule, which the comparison has to tell from Google's."""
    del ids[1][max(1, limit - len(ids[0])):]
    del ids[0][limit - len(ids[1]):]


def test_pairs_in_csv_are_cut_as_google_does_and_judged_as_scikit_learn_does(albert, base, tmp_path):
    random_ = random.Random(7)
    rows = [[random_.choice(["same", "other", "don't, know"]), sentence(random_, random_.randint(1, 9)) + '\n"quoted"',
             sentence(random_, random_.randint(1, 9))] for _ in range(60)]
    (tmp_path / "data").mkdir()
    for part, lines in {"train": rows[:30], "dev": rows[30:]}.items():
        with (tmp_path / f"data/{part}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([["label", "first", "second"], *lines])
    text = "{text: first, second_text: second, label: [label]}"
    model = finetune(albert, base, tmp_path, text, tmp_path / "data", length=24)
    figures = evaluate(albert, model, tmp_path / "data", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(newline="") as file:
        header, *found = csv.reader(file)
    labels = ["don't, know", "other", "same"]
    assert header == ["label", "first", "second", "prediction", *(f"probability_{label}" for label in labels)]
    assert [row[:3] for row in found] == rows[30:]
    gold, predicted = [row[0] for row in found], [row[3] for row in found]
    assert figures["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
    assert figures["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro", zero_division=0))
    assert figures["matthews"] == pytest.approx(matthews_corrcoef(gold, predicted))

    probabilities = torch.tensor([[float(value) for value in row[4:]] for row in found])
    texts = [row[1:3] for row in found]
    assert (logits(model, texts, cut_as_google).softmax(-1) - probabilities).abs().max() < 2e-6
    assert (logits(model, texts, cut_the_second).softmax(-1) - probabilities).abs().max() > 1e-4


def test_sets_of_labels(albert, base, tmp_path):
    random_ = random.Random(8)
    labels = ["calm", "loud", "rude"]
    objects = [{"text": sentence(random_), "tags": [label for label in labels if random_.random() < 0.5]} for _ in range(40)]
    (tmp_path / "data").mkdir()
    for part, lines in {"train": objects[:20], "dev": objects[20:]}.items():
        (tmp_path / f"data/{part}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    model = finetune(albert, base, tmp_path, "{output: multilabel, text: text, label: [tags], threshold: 0.45}", tmp_path / "data")
    figures = evaluate(albert, model, tmp_path / "data", tmp_path / "out.jsonl")
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [{key: line[key] for key in ("text", "tags")} for line in found] == objects[20:]
    matrix = lambda key: [[int(label in line[key]) for label in labels] for line in found]  # noqa: E731
    gold, predicted = matrix("tags"), matrix("prediction")
    assert figures["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
    for average in ("micro", "macro"):
        assert figures[f"{average}_f1"] == pytest.approx(f1_score(gold, predicted, average=average, zero_division=0))
    probabilities = torch.tensor([[line["probabilities"][label] for label in labels] for line in found])
    expected = logits(model, [[line["text"]] for line in found]).sigmoid()
    assert (expected - probabilities).abs().max() < 2e-6
    assert predicted == (expected >= 0.45).int().tolist()


def expected_calibration_error(probabilities, gold):
    """Guo et al., arXiv 1706.04599: 15 bins of equal width, each with its upper end."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == gold
    edges, error = np.linspace(0, 1, 16), 0.0
    for low, high in zip(edges, edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += abs(right[inside].mean() - confidence[inside].mean()) * inside.mean()
    return error


def test_temperature_and_threshold_come_from_development_data(albert, base, tmp_path):
    random_ = random.Random(12)
    rows = []
    for _ in range(160):  # a rare class, with some labels that are wrong
        text, is_rare = sentence(random_), random_.random() < 0.2
        rows.append((f"Anna {text}" if is_rare else text.replace("Anna", "Clara"), str(int(is_rare != (random_.random() < 0.1)))))
    (tmp_path / "data").mkdir()
    for part, lines in {"train": rows[:80], "dev": rows[80:]}.items():
        (tmp_path / f"data/{part}.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in lines))
    settings = "{threshold: search}, metric: f1, temperature: fit, class_weights: balanced, label_smoothing: 0.1"
    (tmp_path / "task.yaml").write_text(CONFIG.format(text=settings, steps=40, length=48))
    albert("finetune", "--config", tmp_path / "task.yaml", "--set", "evaluate.every=20", "--model", base, "--data", tmp_path / "data",
           "--run-dir", tmp_path / "run")
    model = tmp_path / "run/checkpoints/latest"
    figures = evaluate(albert, model, tmp_path / "data", tmp_path / "out.tsv")
    trained = [json.loads(line) for line in (tmp_path / "run/metrics.jsonl").read_text().splitlines()][-1]
    assert trained["held_out_f1"] == pytest.approx(figures["f1"])  # a run's figures are those that evaluate gives

    gold = np.array([int(label) for _, label in rows[80:]])
    scores = logits(model, [[text] for text, _ in rows[80:]]).double()
    task = json.loads((model / "config.json").read_text())["albert_cpp"]["task"]
    loss = lambda beta: torch.nn.functional.cross_entropy(scores * beta, torch.tensor(gold)).item()  # noqa: E731
    best = minimize_scalar(loss, bounds=(0.01, 100), method="bounded", options={"xatol": 1e-10})
    assert task["temperature"] == pytest.approx(1 / best.x, rel=1e-3) and abs(task["temperature"] - 1) > 1e-2
    probabilities = (scores / task["temperature"]).softmax(1).numpy()
    found = [line.split("\t") for line in (tmp_path / "out.tsv").read_text().splitlines()[1:]]
    assert np.abs(np.array([[float(value) for value in row[3:]] for row in found]) - probabilities).max() < 1e-5
    assert figures["expected_calibration_error"] == pytest.approx(expected_calibration_error(probabilities, gold), abs=1e-5)

    predicted = (probabilities[:, 1] > task["text"]["threshold"]).astype(int)
    assert [int(row[2]) for row in found] == predicted.tolist()
    by_hand = max(f1_score(gold, probabilities[:, 1] >= value, zero_division=0) for value in probabilities[:, 1])
    assert figures["f1"] == pytest.approx(f1_score(gold, predicted)) == pytest.approx(by_hand)
    as_usual = json.loads(albert("evaluate", "--model", model, "--data", tmp_path / "data", "--json", "--set", "task.text.threshold=0.5",
                                 "--set", "task.temperature=1"))
    plain = scores.softmax(1).numpy()
    assert as_usual["f1"] == pytest.approx(f1_score(gold, plain.argmax(1), zero_division=0))
    assert as_usual["expected_calibration_error"] == pytest.approx(expected_calibration_error(plain, gold), abs=1e-5)


@pytest.mark.parametrize("output", ["classification", "multilabel"])
def test_the_loss_of_training_is_that_of_pytorch(albert, base, tmp_path, output):
    """Of the first update of a model that was trained before: weights by hand, and balanced as scikit-learn does."""
    random_ = random.Random(13)
    rows = [(sentence(random_), "bad" if n < 5 else "good" if n < 12 else "fair") for n in range(32)]
    (tmp_path / "data.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t{label}\n" for text, label in rows))
    text = f"{{output: {output}}}, held_out: 0"
    model = finetune(albert, base, tmp_path, text, tmp_path / "data.tsv", steps=3)
    labels = ["bad", "fair", "good"]
    gold = np.array([labels.index(label) for _, label in rows])
    scores = logits(model, [[text] for text, _ in rows])
    for weights in ("balanced", [0.5, 1, 3]):
        folder = tmp_path / f"again-{len(weights)}"
        albert("finetune", "--config", tmp_path / "task.yaml", "--model", model, "--data", tmp_path / "data.tsv", "--run-dir", folder, "--set",
               f"task.class_weights={weights}", "--set", "task.label_smoothing=0.1", "--set", "train.batch_size=32", "--set", "train.steps=1",
               "--set", "log.every=1", "--set", "model.hidden_dropout_prob=0", "--set", "model.attention_probs_dropout_prob=0", "--set",
               "model.classifier_dropout_prob=0")
        loss = json.loads((folder / "metrics.jsonl").read_text().splitlines()[0])["loss"]
        marks = torch.nn.functional.one_hot(torch.tensor(gold), 3).float()
        if output == "classification":
            weight = compute_class_weight("balanced", classes=np.arange(3), y=gold) if weights == "balanced" else weights
            criterion = torch.nn.CrossEntropyLoss(weight=torch.tensor(weight, dtype=torch.float), label_smoothing=0.1)
            expected = criterion(scores, torch.tensor(gold))
        else:
            weight = (len(gold) - marks.sum(0)) / marks.sum(0) if weights == "balanced" else torch.tensor(weights)
            expected = torch.nn.BCEWithLogitsLoss(pos_weight=weight)(scores, marks * 0.9 + 0.05)
        assert loss == pytest.approx(expected.item(), abs=2e-5), weights


def test_numbers(albert, base, tmp_path):
    random_ = random.Random(9)
    rows = [f"{random_.random():.3f}\t{sentence(random_)}\n" for _ in range(80)]
    (tmp_path / "data.tsv").write_text("".join(rows))
    text = "{output: regression, text: '2', label: ['1']}, held_out: 0.4"
    model = finetune(albert, base, tmp_path, text, tmp_path / "data.tsv")
    figures = evaluate(albert, model, tmp_path / "data.tsv", tmp_path / "out.tsv")
    lines = [line.split("\t") for line in (tmp_path / "out.tsv").read_text().splitlines()]
    assert 15 < len(lines) < 50 and all(f"{score}\t{text}\n" in rows for score, text, _ in lines)
    gold, predicted = [float(line[0]) for line in lines], [float(line[2]) for line in lines]
    assert figures["pearson"] == pytest.approx(pearsonr(gold, predicted).statistic, abs=1e-4)
    assert figures["spearman"] == pytest.approx(spearmanr(gold, predicted).statistic, abs=1e-4)
    assert (logits(model, [[line[1]] for line in lines])[:, 0] - torch.tensor(predicted)).abs().max() < 1e-5
    streamed = albert("predict", "--model", model, stdin="".join(line[1] + "\n" for line in lines)).split()
    assert [float(value) for value in streamed] == pytest.approx(predicted, abs=1e-5)

    equal = tmp_path / "equal.tsv"
    equal.write_text("".join(f"0.5\t{sentence(random_)}\n" for _ in range(3)))
    found = evaluate(albert, model, equal, tmp_path / "equal_out.tsv")
    assert found["undefined"] == dict.fromkeys(("pearson", "spearman"), "all gold values are equal") and "pearson" not in found


def test_predictions_do_not_replace_the_data(albert, base, tmp_path):
    data = tmp_path / "data.tsv"
    data.write_text("".join(f"{i % 2}\tAnna met {name}.\n" for i, name in enumerate(NAMES)))
    model = finetune(albert, base, tmp_path, "{text: '2', label: ['1'], header: absent}", data, steps=1)
    content = data.read_bytes()
    (tmp_path / "link.tsv").symlink_to(data)
    for output in (data, tmp_path / "link.tsv", tmp_path / "run/../data.tsv"):
        message = albert("evaluate", "--model", model, "--data", data, "--output", output, code=2)
        assert f"--output {output}: is {data} itself, which is read" in message
        assert data.read_bytes() == content
    assert "itself, which is read" in albert("evaluate", "--model", model, "--data", data, "--output", model / "config.json", "--overwrite", code=2)
    for more in (), ("--overwrite",):
        albert("evaluate", "--model", model, "--data", data, "--output", tmp_path / "out.tsv", *more)
        assert "--overwrite" in albert("evaluate", "--model", model, "--data", data, "--output", tmp_path / "out.tsv", code=2)


def write_label_text(path, rows):
    path.write_bytes("".join(f"{label}:x {text}\tcaf\xe9\n" for text, label in rows).encode("iso-8859-1"))


def write_quoted(path, rows):
    with path.open("w", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([["text", "label"], *((f"{text}\t\n{text}", label) for text, label in rows)])


def write_bare(path, rows):
    path.write_text("".join(f"{label}\t{text}\n" for text, label in rows))


def write_numbers(path, rows):
    path.write_text("text,label\n" + "".join(f'"{text}",{len(text)}e-2\n' for text, _ in rows))


def write_label_columns(path, rows):
    path.write_text("text\tloud\tb, c\n" + "".join(f"{text}\t{float(label)}\t{float(i % 3 == 0)}\n" for i, (text, label) in enumerate(rows)))


def write_label_lists(path, rows):
    path.write_text("text\tlabel\n" + "".join(f"{text}\t{'b, c; loud' if int(label) else 'b, c'}\n" for text, label in rows))


def write_json_lists(path, rows):
    path.write_text("".join(json.dumps({"text": text, "label": ["b, c", label]}) + "\n" for text, label in rows))


@pytest.mark.parametrize(
    ("task", "write", "name", "settings"),
    [
        ("classification", write_label_text, "data.txt", {"format": "label_text", "encoding": "iso-8859-1"}),
        ("classification", write_quoted, "data.tsv", {"format": "tsv_quoted"}),
        ("classification", write_bare, "data.tsv", {"text": "2", "label": "[1]", "header": "absent"}),
        ("regression", write_numbers, "data.csv", {}),
        ("multilabel", write_label_columns, "data.tsv", {"label": "[loud, 'b, c']", "label_separator": "'|'"}),
        ("multilabel", write_label_lists, "data.tsv", {"label_separator": "';'"}),
        ("multilabel", write_json_lists, "data.jsonl", {"label_separator": "''"}),
    ],
)
def test_score_gives_the_figures_of_evaluate(albert, base, tmp_path, task, write, name, settings):
    random_ = random.Random(11)
    data, output = tmp_path / name, tmp_path / f"out{name[4:]}"
    write(data, [(sentence(random_), str(i % 2)) for i in range(40)])
    text = ", ".join(f"{key}: {value}" for key, value in ({"output": task} | settings).items())
    # All rows are for both: none is held out.
    model = finetune(albert, base, tmp_path, f"{{{text}}}, held_out: 0", data, steps=4)
    figures = evaluate(albert, model, data, output)
    # --set takes a text as it stands, YAML with its quotes.
    given = [word for key, value in settings.items() for word in ("--set", "task.text.{}={}".format(key, value.strip("'")))]
    scored = json.loads(albert("score", "--json", "--task", task, "--gold", data, "--predictions", output, *given))
    assert scored.keys() == figures.keys() - {"examples", "loss", "expected_calibration_error"} and len(scored) > 1
    for figure, value in scored.items():
        assert value == figures[figure]


@pytest.fixture(scope="module")
def glue(tmp_path_factory):
    """CoLA, MNLI and AX as GLUE distributes them, invented."""
    folder = tmp_path_factory.mktemp("glue")
    random_ = random.Random(10)
    for task in ("CoLA", "MNLI", "AX"):
        (folder / task).mkdir()
    cola = lambda n: "".join(f'gj04\t{i % 2}\t{"" if i % 2 else "*"}\t"{sentence(random_)}\n' for i in range(n))  # noqa: E731
    (folder / "CoLA/train.tsv").write_text(cola(20))
    (folder / "CoLA/dev.tsv").write_text(cola(10))
    (folder / "CoLA/test.tsv").write_text("index\tsentence\n" + "".join(f"{i}\t{sentence(random_)}\n" for i in range(7)))
    labels = ["neutral", "entailment", "contradiction"]
    for name, size in {"train": 20, "dev_matched": 6, "dev_mismatched": 6}.items():
        rows = [f"{i}\t{sentence(random_)}\t{sentence(random_)}\t{labels[i % 3]}\n" for i in range(size)]
        (folder / f"MNLI/{name}.tsv").write_text("index\tsentence1\tsentence2\tgold_label\n" + "".join(rows))
    for name, size in {"MNLI/test_matched": 5, "MNLI/test_mismatched": 4, "AX/diagnostic": 3}.items():
        rows = [f"{i}\t{sentence(random_)}\t{sentence(random_)}\n" for i in range(size)]
        (folder / f"{name}.tsv").write_text("index\tsentence1\tsentence2\n" + "".join(rows))
    return folder


def test_a_submission_has_the_leaderboards_files(albert, base, glue, tmp_path):
    runs = []
    for task in ("cola", "mnli"):
        (tmp_path / task).mkdir()
        runs.append(finetune(albert, base, tmp_path / task, f"{{layout: {task}}}", glue, steps=2))
    printed = albert("glue-submission", "--model", *runs, "--data", glue, "--output", tmp_path / "out")
    assert printed.count("predictions for") == 4
    sizes = {"CoLA": 7, "MNLI-m": 5, "MNLI-mm": 4, "AX": 3}
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(sizes)
    for name, size in sizes.items():
        header, *rows = [line.split("\t") for line in (tmp_path / f"out/{name}.tsv").read_text().splitlines()]
        assert header == ["index", "prediction"] and [row[0] for row in rows] == [str(i) for i in range(size)]
        assert {row[1] for row in rows} <= ({"0", "1"} if name == "CoLA" else {"neutral", "entailment", "contradiction"})
    figures = json.loads(albert("evaluate", "--model", runs[1], "--data", glue / "MNLI", "--json"))
    assert figures["dev_matched"]["examples"] == figures["dev_mismatched"]["examples"] == 6
    assert "no task of GLUE" not in printed
    albert("evaluate", "--model", runs[1], "--set", "task.text.layout=ax", "--data", glue, "--part", "test", "--output", tmp_path / "AX.tsv")
    assert (tmp_path / "AX.tsv").read_text() == (tmp_path / "out/AX.tsv").read_text()
    for wrong, words, code in [(runs[0], "name one model for each task", 2), (base, "tells of no task", 4)]:
        assert words in albert("glue-submission", "--model", runs[0], wrong, "--data", glue, "--output", tmp_path / "wrong", code=code)
        assert not (tmp_path / "wrong").exists()  # nothing is predicted before all models are known to be right
    (tmp_path / "file").touch()
    message = albert("glue-submission", "--model", runs[0], "--data", glue, "--output", tmp_path / "file", code=2)
    assert "expected the name of a folder, found that of a file" in message


@pytest.mark.parametrize(
    ("name", "content", "settings", "code", "words"),
    [
        ("a.tsv", "text\tlabel\na\tx\nb\ty\tz\n", [], 3, ["a.tsv:3", "expected 2 columns", "found 3"]),
        ("a.tsv", "text\tlable\na\tx\nb\ty\n", [], 3, ["a.tsv:1", "'label'", "is it 'lable'?"]),
        ("a.tsv", "text\tlabel\n \tx\nb\ty\n", [], 3, ["a.tsv:2", "empty"]),
        ("a.tsv", "text\tlabel\na\tx\nb\tx\n", [], 3, ["a.tsv", "no label but 'x'"]),
        ("a.tsv", b"text\tlabel\na\tx\ncaf\xe9\ty\n", [], 3, ["a.tsv:3", "0xe9", "offset 18", "task.text.encoding", "iso-8859-1"]),
        ("a.csv", 'text,label\n"a,x\nb,y\n', [], 3, ["a.csv:2", "has no end"]),
        ("a.jsonl", '{"text": "a", "label": 1}\n{"text": "b"}\n', [], 3, ["a.jsonl:2", "no field 'label'"]),
        ("a.tsv", "text\tlabel\na\tx\nb\ty\n", ["task.text.encoding=utf-9"], 2, ["task.text.encoding", "utf-9"]),
        ("a.tsv", "text\tlabel\na\tx\nb\ty\n", ["task.text.labels=[x,z]"], 3, ["a.tsv:3", "'y'", "'x', 'z'"]),
        ("a.tsv", "text\tlabel\na\tx\nb\ty\n", ["task.metric=pearson"], 2, ["task.metric", "accuracy"]),
    ],
)
def test_bad_data_are_named(albert, base, tmp_path, name, content, settings, code, words):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "task.yaml").write_text(CONFIG.format(text="{label: [label]}", steps=1, length=16))
    message = albert("finetune", "--config", tmp_path / "task.yaml", "--model", base, "--data", tmp_path / name, "--run-dir",
                     tmp_path / "run", *[argument for setting in settings for argument in ("--set", setting)], code=code)
    assert all(word in message for word in words), message


def test_a_label_that_is_no_part_of_a_line_is_refused(albert, base, tmp_path):
    """It would be another one in the predictions, and two columns could become one."""
    records = [{"text": f"a b {number}", "label": ["a\tb", "a b"][number % 2]} for number in range(30)]
    (tmp_path / "data.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    message = albert("finetune", "--config", "classification", "--model", base, "--data", tmp_path / "data.jsonl", "--run-dir",
                     tmp_path / "run", "--set", "task.max_sequence_length=48", code=3)
    assert "data.jsonl:1: the label 'a\\x09b' holds a control character" in message and not (tmp_path / "run").exists()
