"""An exported folder in what people call by one line: pipeline(task, folder) of Transformers, and Optimum's classes over its ONNX file, for each
head that they have. The answers are those of `albert predict`, `albert fill-mask` and `albert embed`, the numbers those of Transformers."""

import json
import random
import subprocess

import numpy as np
import pytest
import torch
from conftest import ROOT
from test_export import ragged, tensors
from test_export_encoders import words  # noqa: F401 (a fixture)
from test_heads import LABELS, base, finetune, open_in_transformers, text  # noqa: F401 (a fixture)
from transformers import AutoModel, AutoModelForMaskedLM, pipeline

TOLERANCE = 1e-5
OPTIMUM = ROOT / ".deps/optimum/bin/python"
TEXTS = [text(draw) for draw in map(random.Random, range(12))]


@pytest.fixture(scope="module")
def made(albert, base, words, tmp_path_factory):
    """made(head): (the model, its export)"""
    folders = {"words": (words / "model", words / "export")}

    def make(name):
        if name not in folders:
            folder = tmp_path_factory.mktemp(name)
            if name == "states":
                model, more = words / "model", ["--head", "hidden-states"]
            else:
                model, more = finetune(albert, base, name, folder)[1], []
            albert("export", "--model", model, "--output", folder / "export", "--to", "transformers,onnx", *more)
            folders[name] = (model, folder / "export")
        return folders[name]

    return make


def predict(albert, model):
    stdin = "".join(json.dumps({"text": line}) + "\n" for line in TEXTS)
    return [json.loads(line) for line in albert("predict", "--model", model, "--format", "jsonl", stdin=stdin).splitlines()]


@pytest.mark.parametrize("head", ["classification", "multilabel", "regression"])
def test_text_classification(albert, made, head):
    model, export = made(head)
    given = pipeline("text-classification", str(export))(TEXTS, top_k=None)
    for answer, scores in zip(predict(albert, model), given, strict=True):
        found = {score["label"]: score["score"] for score in scores}
        if head == "regression":
            assert list(found.values())[0] == pytest.approx(answer["prediction"], abs=TOLERANCE)
        else:
            assert found == pytest.approx(answer["probabilities"], abs=TOLERANCE)
    probabilities = [score["score"] for score in given[0]]
    assert len(given) == len(TEXTS) and (head != "classification" or sum(probabilities) == pytest.approx(1, abs=TOLERANCE))


def test_token_classification(albert, made):
    """The tag of a word is that of its first piece."""
    model, export = made("tokens")
    given = pipeline("token-classification", str(export), ignore_labels=[])(TEXTS)
    seen = set()
    for line, answer, pieces in zip(TEXTS, predict(albert, model), given, strict=True):
        firsts = [piece for piece in pieces if piece["word"].startswith("▁") and piece["word"] != "▁"]
        by_word = dict(zip(line.split(), answer["tags"]))
        for piece in firsts:
            word = line[piece["start"] :].split()[0] if piece["start"] == 0 or line[piece["start"] - 1] == " " else None
            if word and line.split().count(word) == 1:
                assert piece["entity"] == by_word[word]
                seen.add(piece["entity"])
    assert len(seen) > 1


def test_fill_mask(albert, made):
    _, export = made("words")
    sentence = "the old [MASK] ran past a mill"
    found = pipeline("fill-mask", str(export))(sentence, top_k=5)
    wanted = json.loads(albert("fill-mask", "--model", export, "--json", sentence))[0]["predictions"]
    assert [guess["token"] for guess in found] == [guess["id"] for guess in wanted[:5]]
    assert [guess["score"] for guess in found] == pytest.approx([guess["probability"] for guess in wanted[:5]], abs=TOLERANCE)


def test_feature_extraction(albert, made, tmp_path):
    model, export = made("states")
    albert("embed", "--model", model, "--tokens", "--output", tmp_path / "v.npy", stdin="".join(line + "\n" for line in TEXTS))
    found = np.concatenate([np.array(states)[0] for states in pipeline("feature-extraction", str(export))(TEXTS)])
    assert np.abs(found - np.load(tmp_path / "v.npy")).max() < 10 * TOLERANCE  # of numbers up to about 3


# In the environment of Optimum: the outputs of its classes, and answers to a question by its pipeline.
SCRIPT = """
import json, sys
import numpy as np
import optimum.onnxruntime
import torch
from transformers import AutoTokenizer, pipeline

for head, (name, folder, inputs, output, question) in json.load(open(sys.argv[1])).items():
    model = getattr(optimum.onnxruntime, name).from_pretrained(folder, file_name="model.onnx")
    given = model(**{key: torch.tensor(values) for key, values in inputs.items()})
    np.savez(output, **{key: given[key].numpy() for key in given.keys()})
    if question:
        answer = pipeline("question-answering", model=model, tokenizer=AutoTokenizer.from_pretrained(folder))
        print(json.dumps(answer(**question, max_answer_len=30, align_to_words=False)))
"""
CLASSES = {"tokens": ("ORTModelForTokenClassification", ["logits"]), "question": ("ORTModelForQuestionAnswering", ["start_logits", "end_logits"]),
           "states": ("ORTModelForFeatureExtraction", ["last_hidden_state"]), "words": ("ORTModelForMaskedLM", ["logits"])}


def expected(head, export, inputs):
    opened = {"states": AutoModel, "words": AutoModelForMaskedLM}
    model = opened[head].from_pretrained(export).eval() if head in opened else open_in_transformers(head, export)[0]
    with torch.no_grad():
        return model(**tensors(inputs))


def test_optimum(albert, made, tmp_path):
    if not OPTIMUM.exists():
        pytest.skip(f"there is no {OPTIMUM.relative_to(ROOT)}: run scripts/setup.sh --tests")
    inputs = {head: ragged(head, 3, 17) for head in CLASSES}
    asked = {"question": "a mill", "context": "the river ran past bridges to where Anna sold bread"}  # one window
    request = {head: [name, str(made(head)[1]), {key: values.tolist() for key, values in inputs[head].items()}, str(tmp_path / f"{head}.npz"),
                      asked if head == "question" else None] for head, (name, _) in CLASSES.items()}
    (tmp_path / "request.json").write_text(json.dumps(request))
    (tmp_path / "script.py").write_text(SCRIPT)
    run = subprocess.run([OPTIMUM, tmp_path / "script.py", tmp_path / "request.json"], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    for head, (_, names) in CLASSES.items():
        found, wanted = np.load(tmp_path / f"{head}.npz"), expected(head, made(head)[1], inputs[head])
        for name in names:
            assert np.abs(found[name] - wanted[name].numpy()).max() < 10 * TOLERANCE
    answer = json.loads(run.stdout.splitlines()[-1])
    ours = json.loads(albert("predict", "--model", made("question")[0], "--format", "jsonl", stdin=json.dumps(asked) + "\n"))
    assert answer["answer"].strip() == ours["answer"].strip()
