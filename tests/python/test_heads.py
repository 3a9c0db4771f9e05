"""Every head that Transformers has a class for: what `albert finetune` writes opens there with every weight in its place and gives the same
numbers, and so does, here, what Transformers saves. Heads without a class open as AutoModel, and nothing but the head is left over."""

import json
import random

import pytest
import torch
from head_texts import CONFIG, LABELS, MAX_LENGTH, WORDS, text
from rank_runs import difference
from transformers import (AlbertConfig, AlbertForMaskedLM, AutoModel, AutoModelForMultipleChoice, AutoModelForQuestionAnswering,
                          AutoModelForSequenceClassification, AutoModelForTokenClassification, AutoTokenizer)

# Predictions are written with six decimals; a wrong weight shows at 1e-4 and more.
TOLERANCE = 2e-6


def question(draw):
    choices = [text(draw, 1, 5) for _ in range(3)]
    return {"context": text(draw, 5, 20), "question": text(draw), "choices": choices, "label": draw.randrange(3)}


def relation(draw):
    words = text(draw, 5, 12).split()
    first, second = sorted(draw.sample(range(len(words)), 2))
    place = lambda i: [len(" ".join([*words[:i], ""])), len(" ".join(words[: i + 1]))]
    label = draw.choice(["R(e1,e2)", "R(e2,e1)", "Other"])
    return {"text": " ".join(words), "first": place(first), "second": place(second), "label": label}


def squad(draw):
    context = text(draw, 12, 20)
    answer = context.split()[3]
    return {"question": text(draw), "context": context, "answers": [{"text": answer, "answer_start": context.index(answer)}]}


# name: (the task's configuration, a record of its data, the Auto class, or None)
TASKS = {
    "classification": ("kind: text", lambda r: {"text": text(r), "label": r.choice(LABELS)}, AutoModelForSequenceClassification),
    "regression": ("kind: text, text: {output: regression}", lambda r: {"text": text(r), "label": r.random()},
                   AutoModelForSequenceClassification),
    "multilabel": ("kind: text, text: {output: multilabel}", lambda r: {"text": text(r), "label": r.sample(LABELS, 2)},
                   AutoModelForSequenceClassification),
    "multiple_choice": ("kind: multiple_choice", question, AutoModelForMultipleChoice),
    "relation": ("kind: relation", relation, AutoModelForSequenceClassification),
    "tokens": ("kind: tokens", None, AutoModelForTokenClassification),
    "question": ("kind: question, question: {max_question_length: 16}", squad, AutoModelForQuestionAnswering),
    "entity_starts": ("kind: relation, relation: {head: entity_starts}", relation, None),
    "joint_question": ("kind: question, question: {max_question_length: 16, no_answer: true, joint_head: true}", squad, None),
}
PROBABILITIES = [name for name in TASKS if name not in ("tokens", "question", "entity_starts", "joint_question")]


@pytest.fixture(scope="module")
def base(albert, tmp_path_factory):
    """A small model of random weights, with a vocabulary of its own."""
    folder = tmp_path_factory.mktemp("heads") / "base"
    source = folder.parent / "text.txt"
    draw = random.Random(1)
    source.write_text("\n".join(" ".join(draw.choices(WORDS, k=12)) for _ in range(2000)))
    albert("tokenizer", "train", "--input", source, "--vocab-size", 56, "--output", folder)
    torch.manual_seed(3)
    config = AlbertConfig(vocab_size=56, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                          intermediate_size=64, max_position_embeddings=MAX_LENGTH, initializer_range=0.3)
    AlbertForMaskedLM(config).save_pretrained(folder)
    return folder


def write_data(folder, record):
    folder.mkdir()
    for seed, part in enumerate(["train", "dev"]):
        draw = random.Random(seed)
        if record is None:
            sentences = ["".join(f"{word}\t{draw.choice(['B-X', 'O'])}\n" for word in text(draw).split()) for _ in range(24)]
            (folder / f"{part}.conll").write_text("\n".join(sentences))
        else:
            (folder / f"{part}.jsonl").write_text("".join(json.dumps(record(draw)) + "\n" for _ in range(24)))


def finetune(albert, base, name, folder):
    """(name of the task, its model after three updates)"""
    task, record, _ = TASKS[name]
    (folder / "config.yaml").write_text(CONFIG.format(task=task, length=MAX_LENGTH))
    write_data(folder / "data", record)
    albert("finetune", "--config", folder / "config.yaml", "--model", base, "--data", folder / "data", "--run-dir", folder / "run")
    return name, folder / "run/checkpoints/latest"


@pytest.fixture(scope="module", params=TASKS)
def tuned(albert, base, request, tmp_path_factory):
    return finetune(albert, base, request.param, tmp_path_factory.mktemp(request.param))


def open_in_transformers(name, folder):
    """The model, and what Transformers says of its weights."""
    model, info = (TASKS[name][2] or AutoModel).from_pretrained(folder, output_loading_info=True)
    return model.eval(), info


def records_to_predict(name):
    draw = random.Random(9)
    records = [TASKS[name][1](draw) for _ in range(6)]
    for record in records:
        del record["label"]
    return records


def marked(record):
    """The sentence with its entities between their markers."""
    sentence, ((a, b), (c, d)) = record["text"], (record["first"], record["second"])
    return f"{sentence[:a]} $ {sentence[a:b]} $ {sentence[b:c]} # {sentence[c:d]} # {sentence[d:]}"


def their_numbers(name, folder, model):
    """Of each record the probabilities, or the number."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    numbers = []
    for record in records_to_predict(name):
        if name == "multiple_choice":
            firsts = [record["context"]] * len(record["choices"])
            seconds = [f"{record['question']} {choice}" for choice in record["choices"]]
            encoded = tokenizer(firsts, seconds, padding=True, truncation="only_first", max_length=MAX_LENGTH, return_tensors="pt")
            encoded = {key: value[None] for key, value in encoded.items()}
        else:
            encoded = tokenizer(marked(record) if name == "relation" else record["text"], return_tensors="pt")
        with torch.no_grad():
            logits = model(**encoded).logits[0]
        numbers.append(logits if name == "regression" else logits.sigmoid() if name == "multilabel" else logits.softmax(-1))
    return torch.stack(numbers)


def our_numbers(albert, name, folder):
    lines = "".join(json.dumps(record) + "\n" for record in records_to_predict(name))
    predicted = [json.loads(line) for line in albert("predict", "--model", folder, "--format", "jsonl", stdin=lines).splitlines()]
    if name == "regression":
        return torch.tensor([[line["prediction"]] for line in predicted])
    if name == "multiple_choice":
        return torch.tensor([line["probabilities"] for line in predicted])
    labels = json.loads((folder / "config.json").read_text())["id2label"]
    return torch.tensor([[line["probabilities"][labels[str(i)]] for i in range(len(labels))] for line in predicted])


def test_three_ranks_share_the_updates_of_every_head(albert, base, tuned):
    name, folder = tuned
    place = folder.parents[2]
    albert("finetune", "--config", place / "config.yaml", "--model", base, "--data", place / "data", "--run-dir", place / "ranks", "--ranks", 3)
    assert difference(place / "run", place / "ranks") < 1e-4  # of losses near 1, after three updates at a high rate


def test_transformers_finds_every_weight(tuned):
    name, folder = tuned
    model, info = open_in_transformers(name, folder)
    assert not info["mismatched_keys"]
    config = json.loads((folder / "config.json").read_text())
    assert config["architectures"] == [type(model).__name__]
    if TASKS[name][2] is None:
        assert all(key.startswith("pooler.") for key in info["missing_keys"])
        heads = {"entity_starts": "classifier.", "joint_question": ("start_logits.", "end_logits.", "answer_class.")}
        assert info["unexpected_keys"] and all(key.startswith(heads[name]) for key in info["unexpected_keys"])
    else:
        assert not info["missing_keys"] and not info["unexpected_keys"]


@pytest.mark.parametrize("tuned", PROBABILITIES, indirect=True)
def test_both_give_the_same_numbers(albert, tuned):
    name, folder = tuned
    model, _ = open_in_transformers(name, folder)
    ours = our_numbers(albert, name, folder)
    assert ours.std(0).max() > 1e-3  # something is told apart
    torch.testing.assert_close(ours, their_numbers(name, folder, model), rtol=0, atol=TOLERANCE)
    with torch.no_grad():
        model.classifier.weight[0] += 0.01
    assert (ours - their_numbers(name, folder, model)).abs().max() > 10 * TOLERANCE


@pytest.mark.parametrize("tuned", PROBABILITIES, indirect=True)
def test_what_transformers_saves_opens_here(albert, tuned, tmp_path):
    name, folder = tuned
    model, _ = open_in_transformers(name, folder)
    torch.manual_seed(5)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.02 * torch.randn_like(parameter)
    model.save_pretrained(tmp_path / "saved")
    AutoTokenizer.from_pretrained(folder).save_pretrained(tmp_path / "saved")
    if not (tmp_path / "saved/spiece.model").exists():
        (tmp_path / "saved/spiece.model").write_bytes((folder / "spiece.model").read_bytes())
    before = our_numbers(albert, name, folder)
    after = our_numbers(albert, name, tmp_path / "saved")
    assert (before - after).abs().max() > 10 * TOLERANCE
    torch.testing.assert_close(after, their_numbers(name, folder, model), rtol=0, atol=TOLERANCE)
