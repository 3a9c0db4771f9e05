"""`albert fill-mask`, `albert info` and `albert config` from outside."""

import json
import shutil
from pathlib import Path

import pytest

import tiny_run

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def model(albert, tmp_path_factory):
    """A folder with no more than what a model is made of."""
    folder = tmp_path_factory.mktemp("commands")
    tiny_run.make_corpus(albert, folder)
    albert("pretrain", "--config", folder / "run.yaml", "--run-dir", folder / "run", "--set", "train.steps=2")
    (folder / "model").mkdir()
    for name in ("config.json", "model.safetensors", "spiece.model"):
        shutil.copy(folder / "run/checkpoints/latest" / name, folder / "model")
    return folder / "model"


def test_fill_mask_answers_every_mask(albert, model):
    masks = json.loads(albert("fill-mask", "--model", model, "Anna [MASK] Emma in the [MASK].", "--top-k", 3, "--json"))
    assert len(masks) == 2 and masks[0]["position"] < masks[1]["position"]
    for mask in masks:
        assert list(mask) == ["position", "predictions"]
        probabilities = [prediction["probability"] for prediction in mask["predictions"]]
        assert len(probabilities) == 3 and probabilities == sorted(probabilities, reverse=True)
        assert 0 < sum(probabilities) < 1
        assert all(list(prediction) == ["id", "token", "probability"] for prediction in mask["predictions"])


def test_fill_mask_probabilities_are_those_of_the_whole_vocabulary(albert, model):
    size = json.loads((model / "config.json").read_text())["vocab_size"]
    (mask,) = json.loads(albert("fill-mask", "--model", model, "Anna [MASK] Emma.", "--top-k", 10 * size, "--json"))
    assert len({prediction["id"] for prediction in mask["predictions"]}) == size
    assert sum(prediction["probability"] for prediction in mask["predictions"]) == pytest.approx(1, abs=1e-5)


def test_fill_mask_in_bfloat16_is_near(albert, model):
    text = "Anna [MASK] Emma."
    exact, rough = (json.loads(albert("fill-mask", "--model", model, text, "--json", *more))[0]["predictions"][0]["probability"]
                    for more in ((), ("--precision", "bfloat16")))
    assert rough != exact and rough == pytest.approx(exact, rel=0.02)


def test_fill_mask_refuses(albert, model, tmp_path):
    assert "[MASK]" in albert("fill-mask", "--model", model, "nothing to fill in", code=3)
    assert "64 positions" in albert("fill-mask", "--model", model, "[MASK] " * 100, code=3)
    assert "config.json" in albert("fill-mask", "--model", tmp_path, "a [MASK]", code=4)
    albert("fill-mask", "--model", model, "a [MASK]", "--precision", "float8", code=2)


def test_info_counts_the_published_model(albert):
    info = json.loads(albert("info", ROOT / "configs/pretrain/base.yaml", "--json", "--batch-size", 8, "--sequence-length", 128))
    assert info["albert"]["parameters"]["total"] == 11_813_810
    assert info["bert"]["parameters"]["layers"] == 12 * info["albert"]["parameters"]["layers"]
    assert info["albert"]["flops_per_token"]["training"] >= 3 * info["albert"]["flops_per_token"]["layers"]
    assert sum(info["albert"]["training_memory_bytes"].values()) == pytest.approx(2 * info["albert"]["training_memory_bytes"]["total"], rel=1e-6)


def test_info_opens_model_folders(albert, model):
    info = json.loads(albert("info", model, "--json"))
    assert info["sequence_length"] == 64
    assert info["albert"]["parameters"]["total"] > 0


def test_info_of_other_json_is_refused(albert, tmp_path):
    (tmp_path / "figures.json").write_text('{"step": 3}')
    assert "neither its hidden_size nor its model_type" in albert("info", tmp_path / "figures.json", code=4)


def test_a_printed_configuration_reads_back(albert, tmp_path):
    printed = albert("config", "print", "--config", ROOT / "configs/pretrain/tiny.yaml", "--set", "train.steps=7")
    assert "steps: 7  # --set train.steps" in printed
    (tmp_path / "printed.yaml").write_text(printed)
    again = albert("config", "print", "--config", tmp_path / "printed.yaml")
    values = [[line.split("  #")[0] for line in text.splitlines()] for text in (printed, again)]
    assert values[0] == values[1]


def test_every_pretraining_configuration_is_in_order(albert, tmp_path):
    files = sorted((ROOT / "configs/pretrain").glob("*.yaml"))
    assert len(files) == 9
    assert albert("config", "validate", *files).count("in order") == len(files)
    (tmp_path / "bad.yaml").write_text("train: {steps: many}\noptimiser: {}\n")
    message = albert("config", "validate", files[0], tmp_path / "bad.yaml", code=2)
    assert "bad.yaml:1: train.steps" in message and "did you mean 'optimizer'" in message
    (tmp_path / "deep.yaml").write_text(f"optimizer: {{exclude_from_weight_decay: ['{'(' * 50_000}a{')' * 50_000}']}}\n")
    assert "exclude_from_weight_decay: the pattern '((((" in albert("config", "validate", tmp_path / "deep.yaml", code=2)
    shape = (tmp_path / "config.json")
    shape.write_text('{"model_type": "albert", "hidden_size": 64, "num_attention_heads": 2, "vocab_size": 100}')
    assert albert("info", "-", stdin=shape.read_text()) == albert("info", shape) != albert("info", "-", stdin="hidden_size: 128\n")
    (tmp_path / "near.yaml").write_text("train: {steps: ten}\nmodell: 3\nschedule: {warmup_steps: 5, warmup_ratio: 0.1}\ntask: {kind: text}\n")
    message = albert("config", "validate", tmp_path / "near.yaml", code=2)
    assert "3 mistakes" in message and "schedule.warmup_ratio: has no effect beside" in message
    (tmp_path / "worse.yaml").write_text("train: {steps: some}\n")
    message = albert("config", "validate", tmp_path / "bad.yaml", tmp_path / "worse.yaml", code=2)
    assert "bad.yaml:1: train.steps" in message and "worse.yaml:1: train.steps" in message and "2 of 2 configurations" in message
