"""Models that Transformers fine-tuned and saved, with no word of ours in their config.json: `albert evaluate`, `predict` and `embed` use them
as they are and give Transformers' numbers, `finetune` goes on from them, and what their folder cannot know is said or asked for."""

import json
import resource
import random
import re
import shutil
import subprocess

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import (AlbertConfig, AlbertForMultipleChoice, AlbertForQuestionAnswering, AlbertForSequenceClassification,
                          AlbertForTokenClassification, AutoTokenizer)

TOLERANCE = 1e-5  # predictions are written with six decimals; a wrong weight shows at 1e-3 and more
WORDS = "the old river ran past a mill and two small bridges where Anna sold bread to guests 1999 for 3,50".split()
LABELS = ["dry", "wet", "cold"]
TAGS = ["O", "B-PLACE", "I-PLACE"]
MAX_LENGTH = 80  # of the tokenizer: shorter than the model's positions
TASKS = {  # the class, and what its configuration says
    "classification": (AlbertForSequenceClassification, {"id2label": dict(enumerate(LABELS))}),
    "regression": (AlbertForSequenceClassification, {"num_labels": 1}),
    "multilabel": (AlbertForSequenceClassification,
                   {"id2label": dict(enumerate(LABELS)), "problem_type": "multi_label_classification"}),
    "tokens": (AlbertForTokenClassification, {"id2label": dict(enumerate(TAGS))}),
    "question": (AlbertForQuestionAnswering, {}),
    "multiple_choice": (AlbertForMultipleChoice, {}),
}


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """A folder for models, and in tokenizer/ a vocabulary with all its files."""
    folder = tmp_path_factory.mktemp("foreign")
    draw = random.Random(1)
    (folder / "text.txt").write_text("\n".join(" ".join(draw.choices(WORDS, k=12)) for _ in range(2000)))
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", 56, "--output", folder / "tokenizer")
    return folder


@pytest.fixture(scope="module")
def saved(place):
    """The folder of a task's model, with random weights, as Transformers saves it with its tokenizer."""

    def save(name):
        folder = place / name
        if folder.exists():
            return folder
        kind, settings = TASKS[name]
        torch.manual_seed(3)
        config = AlbertConfig(vocab_size=56, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                              intermediate_size=64, max_position_embeddings=96, initializer_range=0.5, **settings)
        kind(config).save_pretrained(folder)
        tokenizer = AutoTokenizer.from_pretrained(place / "tokenizer")
        tokenizer.model_max_length = MAX_LENGTH
        tokenizer.save_pretrained(folder)
        assert sorted(path.name for path in folder.glob("tokenizer*")) == ["tokenizer.json", "tokenizer_config.json"]
        assert not (folder / "spiece.model").exists() and "albert_cpp" not in (folder / "config.json").read_text()
        return folder

    return save


def text(draw, low=3, high=10):
    return " ".join(draw.choice(WORDS) for _ in range(draw.randint(low, high)))


def texts(count, seed=9):
    """The last ones are longer than the tokenizer's bound."""
    draw = random.Random(seed)
    return [text(draw) for _ in range(count - 2)] + [text(draw, 60, 60) for _ in range(2)]


def predict(albert, folder, records, *more):
    lines = albert("predict", "--model", folder, "--format", "jsonl", *more, stdin="".join(json.dumps(r) + "\n" for r in records))
    return [json.loads(line) for line in lines.splitlines()]


def open_model(name, folder):
    return TASKS[name][0].from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)


@torch.no_grad()
def logits_of_texts(name, folder, given):
    model, tokenizer = open_model(name, folder)
    return torch.stack([model(**tokenizer(t, truncation=True, return_tensors="pt")).logits[0] for t in given])


def check_close(found, expected):
    found, expected = torch.as_tensor(found, dtype=torch.float64), torch.as_tensor(expected, dtype=torch.float64)
    assert expected.std(0).max() > 1e-2  # something is told apart
    torch.testing.assert_close(found, expected, rtol=TOLERANCE, atol=TOLERANCE)
    assert (found - expected.roll(1, 0)).abs().max() > 100 * TOLERANCE  # another text's would show


@pytest.mark.parametrize("name, function", [("classification", lambda logits: logits.softmax(-1)), ("multilabel", torch.sigmoid)])
def test_classes_of_texts(albert, saved, name, function):
    found = predict(albert, saved(name), [{"text": t} for t in texts(12)])
    expected = function(logits_of_texts(name, saved(name), texts(12)))
    check_close([[line["probabilities"][label] for label in LABELS] for line in found], expected)
    for line, row in zip(found, expected):
        chosen = [label for label, probability in zip(LABELS, row) if probability >= 0.5]
        assert line["prediction"] == (chosen if name == "multilabel" else LABELS[int(row.argmax())])


def test_numbers_of_texts(albert, saved):
    found = predict(albert, saved("regression"), [{"text": t} for t in texts(12)])
    check_close([[line["prediction"]] for line in found], logits_of_texts("regression", saved("regression"), texts(12)))


def test_pairs_are_asked_for(albert, saved):
    draw = random.Random(4)
    pairs = [(text(draw), text(draw)) for _ in range(8)]
    found = predict(albert, saved("classification"), [{"text": a, "second_text": b} for a, b in pairs], "--set",
                    "task.text.second_text=second_text")
    model, tokenizer = open_model("classification", saved("classification"))
    with torch.no_grad():
        expected = torch.stack([model(**tokenizer(a, b, return_tensors="pt")).logits[0].softmax(-1) for a, b in pairs])
    check_close([[line["probabilities"][label] for label in LABELS] for line in found], expected)


def test_tags_of_words(albert, saved):
    draw = random.Random(2)
    sentences = [text(draw).split() for _ in range(8)]
    found = predict(albert, saved("tokens"), [{"words": words} for words in sentences])
    model, tokenizer = open_model("tokens", saved("tokens"))
    kinds = set()
    for words, line in zip(sentences, found):
        encoded = tokenizer(words, is_split_into_words=True, return_tensors="pt")
        with torch.no_grad():
            probabilities = model(**encoded).logits[0].softmax(-1)
        firsts = [encoded.word_ids().index(n) for n in range(len(words))]
        assert line["tags"] == [TAGS[int(probabilities[i].argmax())] for i in firsts]
        assert np.abs(np.array(line["probabilities"]) - [float(probabilities[i].max()) for i in firsts]).max() < TOLERANCE
        assert "entities" in line
        kinds.update(line["tags"])
    assert len(kinds) > 1


def test_answers_to_questions(albert, saved):
    draw = random.Random(5)
    records = [{"question": "where ran the river", "context": " ".join(draw.sample(WORDS, 10))} for _ in range(6)]
    model, tokenizer = open_model("question", saved("question"))
    found = predict(albert, saved("question"), records, "--n-best")
    assert len({line["answer"] for line in found}) > 2
    for record, line in zip(records, found):
        encoded = tokenizer(record["question"], record["context"], return_tensors="pt", return_offsets_mapping=True)
        places = encoded.pop("offset_mapping")[0].tolist()
        for piece, place in zip(encoded.tokens(), places):
            if piece == "\u2581":
                place[1] = place[0]  # stands for no character here, for the first one of its word there
        assert encoded["input_ids"].shape[1] <= MAX_LENGTH  # one window
        with torch.no_grad():
            output = model(**encoded)
        start, end = output.start_logits[0].double(), output.end_logits[0].double()
        context = range(encoded.sequence_ids().index(1), len(encoded.sequence_ids()) - 1)
        scores = {}
        for i in start.topk(20).indices.tolist():  # as run_squad.py looks for answers of at most 30 tokens
            for j in end.topk(20).indices.tolist():
                if i not in context or j not in context or not i <= j < i + 30:
                    continue
                answer = record["context"][places[i][0]:places[j][1]].strip()
                if answer:
                    scores[answer] = max(scores.get(answer, -1e9), float(start[i] + end[j]))
        assert line["answer"] == max(scores, key=scores.get) and len(line["n_best"]) > 5
        listed = torch.tensor([scores[other["answer"]] for other in line["n_best"]])
        found_probabilities = torch.tensor([other["probability"] for other in line["n_best"]])
        torch.testing.assert_close(found_probabilities, listed.softmax(0), rtol=0, atol=TOLERANCE)
        assert listed.tolist() == sorted(listed.tolist(), reverse=True)


def test_choices(albert, saved):
    draw = random.Random(6)
    records = [{"context": text(draw, 5, 15), "question": text(draw, 2, 4), "choices": [text(draw, 1, 4) for _ in range(3)]} for _ in range(8)]
    model, tokenizer = open_model("multiple_choice", saved("multiple_choice"))
    expected = []
    for record in records:
        seconds = [f"{record['question']} {choice}" for choice in record["choices"]]
        encoded = tokenizer([record["context"]] * 3, seconds, padding=True, truncation="only_first", return_tensors="pt")
        with torch.no_grad():
            expected.append(model(**{key: value[None] for key, value in encoded.items()}).logits[0].softmax(-1))
    check_close([line["probabilities"] for line in predict(albert, saved("multiple_choice"), records)], torch.stack(expected))


def test_what_was_taken_for_granted_is_said(albert_binary, saved):
    result = subprocess.run([albert_binary, "predict", "--model", saved("classification")], input="the mill\n", capture_output=True, text=True)
    said = [line for line in result.stderr.splitlines() if "assumed" in line]
    assert result.returncode == 0 and len(said) == 1
    for part in ["AlbertForSequenceClassification", "3 labels", "'dry', 'wet', 'cold'", "at most 80 tokens", "lower-cased", "not pairs",
                 "columns text and label"]:
        assert part in said[0]


def write_tsv(path, rows):
    path.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows))
    return path


def test_own_files_are_evaluated(albert, saved, tmp_path):
    given = texts(30)
    expected = logits_of_texts("classification", saved("classification"), given)
    labels = [LABELS[n % 3] for n in range(30)]
    data = write_tsv(tmp_path / "dev.tsv", [("body", "kind"), *zip(given, labels)])
    found = json.loads(albert("evaluate", "--model", saved("classification"), "--data", data, "--json", "--set", "task.text.text=body",
                              "--set", "task.text.label=[kind]", "--output", tmp_path / "out.tsv"))
    right = torch.tensor([LABELS.index(label) for label in labels])
    assert found["accuracy"] == pytest.approx(float((expected.argmax(-1) == right).double().mean()))
    assert found["loss"] == pytest.approx(float(torch.nn.functional.cross_entropy(expected, right)), abs=1e-5)
    assert "'text'" in albert("evaluate", "--model", saved("classification"), "--data", data, code=3)
    assert (tmp_path / "out.tsv").read_text().splitlines()[0].startswith("body\tkind\tprediction\tprobability_dry")


def test_files_of_one_stem_are_told_apart(albert, saved, tmp_path):
    (tmp_path / "data").mkdir()
    rows = [{"context": "a", "question": "b", "choices": ["x", "y"], "label": 0}]
    for name in ["dev.jsonl", "dev.json"]:
        (tmp_path / "data" / name).write_text("".join(json.dumps(row) + "\n" for row in rows))
    evaluate = ("evaluate", "--model", saved("multiple_choice"), "--data", tmp_path / "data", "--json", "--output")
    assert set(json.loads(albert(*evaluate, tmp_path / "out.tsv"))) == {"dev.jsonl", "dev.json"}
    assert (tmp_path / "out-dev.json.tsv").exists() and (tmp_path / "out-dev.jsonl.tsv").exists()
    assert "there is no folder" in albert(*evaluate, tmp_path / "nowhere/out.tsv", code=2)


def test_files_of_glue_are_evaluated(albert, saved, place, tmp_path):
    """MNLI in the order of Hugging Face's data set, which is not that of google-research/albert."""
    folder = tmp_path / "mnli"
    shutil.copytree(saved("classification"), folder)
    config = json.loads((folder / "config.json").read_text())
    names = ["entailment", "neutral", "contradiction"]
    config |= {"id2label": {str(n): name.upper() for n, name in enumerate(names)}, "label2id": {name.upper(): n for n, name in enumerate(names)}}
    (folder / "config.json").write_text(json.dumps(config))
    draw = random.Random(8)
    rows = [(n, text(draw), text(draw), names[n % 3]) for n in range(24)]
    data = write_tsv(tmp_path / "dev_matched.tsv", [("index", "sentence1", "sentence2", "gold_label"), *rows])
    found = json.loads(albert("evaluate", "--model", folder, "--data", data, "--json", "--set", "task.text.layout=mnli"))
    model, tokenizer = open_model("classification", folder)
    with torch.no_grad():
        expected = [int(model(**tokenizer(a, b, return_tensors="pt")).logits.argmax()) for _, a, b, _ in rows]
    assert found["accuracy"] == pytest.approx(np.mean([names[e] == row[3] for e, row in zip(expected, rows)]))
    assert "sst2 has 2 labels" in albert("evaluate", "--model", folder, "--data", data, "--set", "task.text.layout=sst2", code=2)


def test_another_head_is_not_to_be_had_by_a_setting(albert, saved):
    message = albert("predict", "--model", saved("classification"), "--set", "task.kind=tokens", code=2, stdin="")
    assert "another head" in message and "AlbertForSequenceClassification" in message
    assert "no_answr" in albert("predict", "--model", saved("question"), "--set", "task.question.no_answr=true", code=2, stdin="")
    assert "--format jsonl" in albert("predict", "--model", saved("question"), "--n-best", code=2, stdin="")
    message = albert("predict", "--model", saved("classification"), "--format", "jsonl", "--n-best", code=2, stdin="")
    assert "--n-best has no effect" in message and "show_n_best" not in message
    assert "max_position_embeddings" in albert("predict", "--model", saved("classification"), "--set", "task.max_sequence_length=4000",
                                               code=2, stdin="")


def test_vectors_are_those_of_the_encoder(albert, saved, tmp_path):
    given = texts(6)
    albert("embed", "--model", saved("classification"), "--output", tmp_path / "index.npy", stdin="".join(t + "\n" for t in given))
    model, tokenizer = open_model("classification", saved("classification"))
    with torch.no_grad():
        means = [model.albert(**tokenizer(t, truncation=True, return_tensors="pt")).last_hidden_state[0].mean(0) for t in given]
    expected = torch.nn.functional.normalize(torch.stack(means), dim=1)
    assert np.abs(np.load(tmp_path / "index.npy") - expected.numpy()).max() < TOLERANCE


def test_a_folder_with_spiece_model_alone(albert, saved, place, tmp_path):
    folder = tmp_path / "old"
    folder.mkdir()
    for source in (saved("classification") / "config.json", saved("classification") / "model.safetensors", place / "tokenizer/spiece.model"):
        shutil.copy(source, folder)
    given = [{"text": t} for t in texts(10)[:-2]]  # without tokenizer_config.json the positions are the bound
    assert predict(albert, folder, given) == predict(albert, saved("classification"), given)


def test_weights_in_another_form_are_named(albert, saved, tmp_path):
    folder = tmp_path / "pickled"
    shutil.copytree(saved("classification"), folder)
    (folder / "model.safetensors").rename(folder / "tf_model.h5")
    message = albert("predict", "--model", folder, code=4, stdin="the mill\n")
    assert "expected model.safetensors, found only tf_model.h5" in message and "save_pretrained" in message


def test_too_little_memory_says_what_to_lower(albert_binary, saved, tmp_path):
    folder = tmp_path / "huge"
    shutil.copytree(saved("classification"), folder)
    config = json.loads((folder / "config.json").read_text()) | {"hidden_size": 2**16, "intermediate_size": 2**20}
    (folder / "config.json").write_text(json.dumps(config))
    eight_gib = 8 << 30
    result = subprocess.run([albert_binary, "predict", "--model", folder], input="the mill\n", capture_output=True, text=True,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (eight_gib, eight_gib)))
    message = result.stderr
    assert result.returncode == 5, message
    assert "out of memory" in message and "--batch-tokens" in message and "train.micro_batch_size" in message


def test_wrapped_weights_in_several_files_are_read(albert, saved, tmp_path):
    """As DataParallel and Lightning name them, and as Transformers writes large models."""
    given = [{"text": t} for t in texts(6)]
    expected = predict(albert, saved("classification"), given)
    model = AlbertForSequenceClassification.from_pretrained(saved("classification"))
    folder = tmp_path / "sharded"
    model.save_pretrained(folder, max_shard_size="10KB")
    assert len(list(folder.glob("*.safetensors"))) > 2 and not (folder / "model.safetensors").exists()
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(saved("classification") / name, folder)
    assert predict(albert, folder, given) == expected
    for index in [folder / "model.safetensors.index.json", *folder.glob("*.safetensors")]:
        index.unlink()
    save_file({"model._orig_mod." + name: tensor for name, tensor in model.state_dict().items()}, folder / "model.safetensors")
    assert predict(albert, folder, given) == expected


CONFIG = """
task: {name: test, kind: text, max_sequence_length: 32}
optimizer: {learning_rate: 0.000001}
schedule: {warmup_steps: 1}
train: {steps: 1, batch_size: 8, micro_batch_size: 8, precision: float32, device: cpu, threads: 1}
evaluate: {every: 1}
"""


@pytest.fixture(scope="module")
def further(albert_binary, saved, place):
    """Fine-tunes the classifier by one tiny step on texts with the labels; returns the model's folder and the log."""

    def finetune(name, labels, *more, code=0):
        data = place / f"{name}-data"
        data.mkdir()
        (place / f"{name}.yaml").write_text(CONFIG)
        for part in ("train", "dev"):
            write_tsv(data / f"{part}.tsv", [("text", "label"), *((t, labels[n % len(labels)]) for n, t in enumerate(texts(24)))])
        command = [albert_binary, "finetune", "--config", place / f"{name}.yaml", "--model", saved("classification"), "--data", data, "--run-dir",
                   place / f"{name}-run", *more]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == code, result.stderr
        return place / f"{name}-run/checkpoints/latest", result.stderr

    return finetune


def head_distance(folder, saved):
    models = [AlbertForSequenceClassification.from_pretrained(f) for f in (folder, saved("classification"))]
    return float((models[0].classifier.weight - models[1].classifier.weight).detach().abs().max())


def test_finetuning_goes_on_with_the_head_of_the_same_task(saved, further):
    ordered = ["task.text.labels=[dry, wet, cold]"]
    folder, log = further("same", LABELS, "--set", *ordered)
    assert "Transformers opens the checkpoints with AutoModelForSequenceClassification" in log
    assert "its head included" in log and re.search(r"loaded \d+ of \d+ parameters.*classifier\.\* \(2\)", log) and "NOT loaded" not in log
    assert head_distance(folder, saved) < 1e-4
    folder, log = further("fresh", LABELS, "--set", *ordered, "--set", "model.head=fresh")
    assert "NOT loaded, so they keep their initial values: classifier.* (2)" in log and head_distance(folder, saved) > 0.1


def test_finetuning_leaves_the_head_of_another_task(saved, further):
    folder, log = further("other", LABELS)  # sorted: cold, dry, wet
    assert "is not taken: its labels are 'dry', 'wet', 'cold', those of the task 'cold', 'dry', 'wet'" in log
    assert "NOT loaded, so they keep their initial values: classifier.* (2)" in log and head_distance(folder, saved) > 0.1
    assert "model.head: take would take it all the same" in log
    _, log = further("fewer", LABELS[:2])
    assert "is not taken: its labels are" in log and "take would" not in log
    folder, log = further("taken", LABELS, "--set", "model.head=take")
    assert "its head included" in log and head_distance(folder, saved) < 1e-4
    _, log = further("refused", LABELS[:2], "--set", "model.head=take", code=2)
    assert "no head of the shape that the task needs" in log
