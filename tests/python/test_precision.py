"""In which precision a model predicts: int8 beside float32 and ONNX Runtime, and what --precision auto chooses."""

import json
import subprocess

import numpy as np
import pytest
from test_finetune import arguments, place, rows, sentences, whole  # noqa: F401 (fixtures)

TEXTS = [text for text, _ in sentences(120, 7)]


def probabilities(albert, model, *more, texts=TEXTS):
    lines = [json.dumps({"text": text}) for text in texts]
    printed = albert("predict", "--model", model, "--format", "jsonl", *more, stdin="\n".join(lines) + "\n")
    return [list(json.loads(line)["probabilities"].values()) for line in printed.splitlines()]


def log_of(albert_binary, *command):
    """What the program logs; it reads one text."""
    return subprocess.run([albert_binary, *map(str, command)], input="Anna met Emma.\n", capture_output=True, text=True, check=True).stderr


@pytest.fixture
def model(whole, tmp_path):  # noqa: F811
    """A copy of the model folder, of which nothing is measured."""
    folder = tmp_path / "model"
    folder.mkdir()
    for file in (whole / "checkpoints/best").resolve().iterdir():
        if file.name in ("config.json", "model.safetensors", "spiece.model", "tokenizer_config.json", "tokenizer.json", "special_tokens_map.json"):
            (folder / file.name).write_bytes(file.read_bytes())
    return folder


def measure(model, **figures):
    (model / "precisions.json").write_text(json.dumps({"metric": "accuracy", **figures}))


@pytest.mark.parametrize("precision, limit", [("bfloat16", 0.05), ("int8", 0.05)])
def test_other_precisions_are_near_float32(albert, whole, precision, limit):  # noqa: F811
    exact, found = (np.array(probabilities(albert, whole, "--precision", one)) for one in ("float32", precision))
    assert 0 < np.abs(exact - found).max() < limit


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "int8"])
def test_a_text_gives_the_same_alone_and_among_others(albert, whole, precision):  # noqa: F811
    kernels = json.loads(albert("doctor", "--json"))["processor"]["own_kernels"]
    if precision == "bfloat16" and not kernels.startswith("avx512"):
        pytest.skip(f"products in bfloat16 are LibTorch's on this processor ({kernels})")
    among = probabilities(albert, whole, "--precision", precision)
    for i in (0, 5, 119):
        assert probabilities(albert, whole, "--precision", precision, texts=[TEXTS[i]]) == [among[i]]
    assert probabilities(albert, whole, "--precision", precision, "--threads", "1") == among


def test_auto_takes_what_was_measured_to_be_as_good(albert, albert_binary, model, tmp_path):
    command = ["predict", "--model", model]
    assert "precision: float32; in others nothing was measured of this model" in log_of(albert_binary, *command)
    measure(model, float32=0.9, bfloat16=0.7, int8=0.8)
    assert "precision: float32; on development data: float32 accuracy 0.9000, bfloat16 0.7000, int8 0.8000" in log_of(albert_binary, *command)
    measure(model, float32=0.9, bfloat16=0.896, int8=0.896)
    fastest = [*json.loads(albert("doctor", "--json"))["fast_precisions"], "float32"][0]
    assert f"precision: {fastest}; on development data: float32 accuracy 0.9000, bfloat16 0.8960, int8 0.8960" in log_of(albert_binary, *command)
    assert "precision: " not in log_of(albert_binary, *command, "--precision", "float32")
    (model / "precisions.json").write_text('{"metric": 5}')
    message = albert(*command, "--precision", "auto", stdin="a\n", code=4)
    assert "precisions.json: metric: expected a text, found 5; remove the file, or say --precision" in message
    albert(*command, "--precision", "bfloat16", stdin="a\n")


def test_a_training_and_evaluate_measure(albert, albert_binary, whole, model, place):  # noqa: F811
    fast = json.loads(albert("doctor", "--json"))["fast_precisions"]
    if not fast:
        pytest.skip("this processor predicts in no other precision faster than in float32")
    written = json.loads((whole / "checkpoints/best/precisions.json").read_text())
    assert list(written) == ["metric", "float32", *sorted(fast)] and written["metric"] == "accuracy"
    assert written["float32"] == json.loads((whole / "figures.json").read_text())["accuracy"]
    for precision in fast:
        found = json.loads(albert("evaluate", "--model", whole, "--data", place / "data", "--precision", precision, "--json"))
        assert found["accuracy"] == written[precision]
    albert("evaluate", "--model", model, "--data", place / "data/dev.tsv", "--measure-precisions")
    assert json.loads((model / "precisions.json").read_text()) == written
    assert "the model was measured by precision: float32 accuracy" in log_of(albert_binary, "evaluate", "--model", model, "--data", place / "data/dev.tsv")
    message = albert("evaluate", "--model", model, "--data", place / "data/dev.tsv", "--measure-precisions", "--precision", "int8", code=2)
    assert "leave --precision out" in message
    (model / "unlabelled.tsv").write_text("text\n" + "".join(f"{text}\n" for text in TEXTS[:5]))
    message = albert("evaluate", "--model", model, "--data", model / "unlabelled.tsv", "--part", "test", "--measure-precisions", code=3)
    assert "the file has no labels" in message and "examples\n" not in message
