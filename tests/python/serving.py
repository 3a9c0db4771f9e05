"""What the tests of `albert serve` need: small models of random weights for every head, an index, and a server of them."""

import contextlib
import json
import random
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import torch
from head_texts import CONFIG, LABELS, MAX_LENGTH, WORDS, text
from transformers import (AlbertConfig, AlbertForMaskedLM, AlbertForMultipleChoice, AlbertForQuestionAnswering,
                          AlbertForSequenceClassification, AlbertForTokenClassification, AutoTokenizer)

TAGS = ["O", "B-PLACE", "I-PLACE", "B-PERSON"]
HEADS = {  # the class, and what its configuration says
    "classes": (AlbertForSequenceClassification, {"id2label": dict(enumerate(LABELS))}),
    "number": (AlbertForSequenceClassification, {"num_labels": 1}),
    "labels": (AlbertForSequenceClassification, {"id2label": dict(enumerate(LABELS)), "problem_type": "multi_label_classification"}),
    "tags": (AlbertForTokenClassification, {"id2label": dict(enumerate(TAGS))}),
    "question": (AlbertForQuestionAnswering, {}),
    "choice": (AlbertForMultipleChoice, {}),
    "base": (AlbertForMaskedLM, {}),
}
# Those that Transformers cannot describe, made by `albert finetune`: the task, and a record of its data.
TUNED = {
    "pairs": ("kind: text, text: {second_text: second_text}",
              lambda draw: {"text": text(draw), "second_text": text(draw), "label": draw.choice(["no", "yes"])}),
    "relation": ("kind: relation", lambda draw: relation(draw) | {"label": draw.choice(["R(e1,e2)", "R(e2,e1)", "Other"])}),
    "nullable": ("kind: question, question: {max_question_length: 16, no_answer: true}", lambda draw: squad(draw)),
}
MODELS = [*HEADS, *TUNED]


def choice(draw):
    return {"context": text(draw, 5, 20), "question": text(draw), "choices": [text(draw, 1, 5) for _ in range(3)]}


def relation(draw):
    words = text(draw, 5, 12).split()
    first, second = sorted(draw.sample(range(len(words)), 2))
    place = lambda i: [len(" ".join([*words[:i], ""])), len(" ".join(words[: i + 1]))]
    return {"text": " ".join(words), "first": place(first), "second": place(second)}


def question(draw, low=12, high=200):
    return {"question": text(draw), "context": text(draw, low, high)}


def squad(draw):
    record = question(draw, 12, 20)
    answer = record["context"].split()[3]
    return record | {"answers": draw.choice([[], [{"text": answer, "answer_start": record["context"].index(answer)}]])}


def make_models(albert, folder, names=MODELS):
    """A model for each of some heads in a folder of its name (those of TUNED need `base`), and with `base` texts.npy, an index that it made."""
    draw = random.Random(1)
    (folder / "text.txt").write_text("\n".join(" ".join(draw.choices(WORDS, k=12)) for _ in range(2000)))
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", 56, "--output", folder / "tokenizer")
    tokenizer = AutoTokenizer.from_pretrained(folder / "tokenizer")
    tokenizer.model_max_length = MAX_LENGTH
    for name, (kind, settings) in HEADS.items():
        if name not in names:
            continue
        torch.manual_seed(3)
        config = AlbertConfig(vocab_size=56, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                              intermediate_size=64, max_position_embeddings=96, initializer_range=0.5, **settings)
        kind(config).save_pretrained(folder / name)
        tokenizer.save_pretrained(folder / name)
    for name, (task, record) in TUNED.items():
        if name not in names:
            continue
        data = folder / f"{name}-data"
        data.mkdir()
        (data / "config.yaml").write_text(CONFIG.format(task=task, length=MAX_LENGTH))
        for seed, part in enumerate(["train", "dev"]):
            part_draw = random.Random(seed)
            (data / f"{part}.jsonl").write_text("".join(json.dumps(record(part_draw)) + "\n" for _ in range(24)))
        albert("finetune", "--config", data / "config.yaml", "--model", folder / "base", "--data", data, "--run-dir", folder / name)
    if "base" not in names:
        return
    lines = "".join(text(draw) + "\n" for _ in range(50))
    albert("embed", "--model", folder / "base", "--output", folder / "texts.npy", stdin=lines)


def model_options(folder, *names):
    return [word for name in names or MODELS for word in ("--model", folder / name)]


class Server:
    """`albert serve ARGUMENT...`, until the end of the `with`."""

    def __init__(self, binary, *arguments):
        command = [str(binary), "-v", "serve", "--port", "0", "--precision", "float32", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.log = []
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()
        self.url = self.process.stdout.readline().strip()
        if not self.url:
            self.end()
            raise AssertionError("the server did not start:\n" + "".join(self.log))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        self.end()

    def end(self):
        """The exit code, once the server has ended."""
        code = self.process.wait(timeout=60)
        self.reader.join(timeout=10)
        return code

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])

    def ask(self, path, body=None, headers=None, raw=None):
        """(status, what the JSON of the response holds)"""
        status, _, text = self.fetch(path, body, headers, raw)
        return status, json.loads(text) if text else None

    def fetch(self, path, body=None, headers=None, raw=None):
        """(status, headers, body as bytes)"""
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Content-Type": "application/json", **(headers or {})})
        with contextlib.ExitStack() as stack:
            try:
                response = stack.enter_context(urllib.request.urlopen(request, timeout=60))
            except urllib.error.HTTPError as error:
                response = stack.enter_context(error)
            return response.status, response.headers, response.read()

    def answer(self, path, body):
        """The answer to what must be answered."""
        status, answer = self.ask(path, body)
        assert status == 200, answer
        return answer
