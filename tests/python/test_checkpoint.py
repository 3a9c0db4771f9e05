"""Checkpoints of `albert pretrain`, opened by the real Transformers: names, tokenizer, and the same numbers in both."""

import json
import random
import shutil
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from transformers import AlbertForMaskedLM, AlbertModel, AutoModelForPreTraining, AutoTokenizer

STEPS = 6
VOCABULARY = 100
TEXT = "The old captain [MASK] the small boat, and the [MASK] garden was quiet."

# Probabilities near 1/100 in float32 from another order of summation: far below 1e-6. A wrong weight shows at 1e-5 and more.
TOLERANCE = 1e-6


def write_text(path: Path) -> None:
    """Documents of made-up sentences: enough words for a vocabulary of VOCABULARY pieces."""
    choose = random.Random(7).choice
    people = "captain gardener teacher sailor daughter brother stranger merchant".split()
    things = "boat garden letter window lantern river kitchen market harbour winter".split()
    verbs = "painted watched remembered crossed repaired described followed forgot".split()
    ways = "slowly again gladly yesterday together quietly".split()
    qualities = "old small quiet yellow distant broken honest narrow".split()
    lines = []
    for _ in range(60):
        for _ in range(12):
            lines.append(f"The {choose(qualities)} {choose(people)} {choose(verbs)} the {choose(qualities)} {choose(things)} {choose(ways)}.")
        lines.append("")
    path.write_text("\n".join(lines))


@pytest.fixture(scope="module")
def run_dir(albert, tmp_path_factory) -> Path:
    """A run of a few steps of a tiny model, saved every second step."""
    folder = tmp_path_factory.mktemp("checkpoint")
    write_text(folder / "text.txt")
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", VOCABULARY, "--output", folder / "tokenizer")
    albert("corpus", "build", "--input", folder / "text.txt", "--format", "lines", "--tokenizer", folder / "tokenizer", "--output",
           folder / "corpus", "--held-out", 0.1)
    (folder / "run.yaml").write_text(f"""
model: {{hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 64, embedding_size: 16,
  max_position_embeddings: 64, hidden_act: gelu_new}}
data: {{corpus: corpus, max_sequence_length: 64}}
optimizer: {{name: lamb, learning_rate: 0.01}}
schedule: {{warmup_steps: 1}}
train: {{steps: {STEPS}, batch_size: 8, micro_batch_size: 4, precision: float32, device: cpu, threads: 1}}
evaluate: {{every: {STEPS}}}
checkpoint: {{every: 2, keep: 2}}
""")
    albert("pretrain", "--config", folder / "run.yaml", "--run-dir", folder / "run")
    return folder / "run"


@pytest.fixture(scope="module")
def checkpoint(run_dir) -> Path:
    return run_dir / "checkpoints" / "latest"


def our_probabilities(albert, model: Path) -> list[dict[int, float]]:
    """For every mask, the probability of each of the ten likeliest pieces."""
    masks = json.loads(albert("fill-mask", "--model", model, "--json", "--top-k", 10, TEXT))
    return [{p["id"]: p["probability"] for p in mask["predictions"]} for mask in masks]


def their_probabilities(model: torch.nn.Module, folder: Path) -> torch.Tensor:
    """[masks, vocabulary]"""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    encoded = tokenizer(TEXT, return_tensors="pt")
    with torch.no_grad():
        output = model.eval()(**encoded)
    logits = output.prediction_logits if hasattr(output, "prediction_logits") else output.logits
    return logits[0][encoded["input_ids"][0] == tokenizer.mask_token_id].softmax(-1)


def largest_difference(ours: list[dict[int, float]], theirs: torch.Tensor) -> float:
    assert len(ours) == len(theirs) == 2
    for mask, row in zip(ours, theirs):
        assert len(mask) == 10
        assert min(mask.values()) >= row.topk(11).values[-1] - TOLERANCE, "not the likeliest pieces"
    return max(abs(probability - row[id].item()) for mask, row in zip(ours, theirs) for id, probability in mask.items())


def test_transformers_opens_it_as_it_is(checkpoint):
    model, info = AutoModelForPreTraining.from_pretrained(checkpoint, output_loading_info=True)
    assert type(model).__name__ == "AlbertForPreTraining"
    assert {key: list(value) for key, value in info.items() if value} == {}
    assert model.config.hidden_size == 32 and model.config.vocab_size == VOCABULARY and model.config.num_labels == 2
    tokenizer = AutoTokenizer.from_pretrained(checkpoint)
    assert "Albert" in type(tokenizer).__name__
    assert (tokenizer.pad_token_id, tokenizer.unk_token_id, tokenizer.cls_token_id, tokenizer.sep_token_id, tokenizer.mask_token_id) == (0, 1, 2, 3, 4)


def test_both_compute_the_same(albert, checkpoint):
    model = AutoModelForPreTraining.from_pretrained(checkpoint)
    ours = our_probabilities(albert, checkpoint)
    assert largest_difference(ours, their_probabilities(model, checkpoint)) < TOLERANCE
    # The comparison must see a wrong weight.
    with torch.no_grad():
        model.albert.encoder.albert_layer_groups[0].albert_layers[0].attention.value.weight[0] += 0.5
    assert largest_difference_or_order(ours, their_probabilities(model, checkpoint)) > TOLERANCE


def largest_difference_or_order(ours, theirs) -> float:
    try:
        return largest_difference(ours, theirs)
    except AssertionError:
        return float("inf")


def test_the_files_are_sound_safetensors(checkpoint):
    with safe_open(checkpoint / "model.safetensors", "pt") as model:
        assert model.metadata() == {"format": "pt"}
        names = set(model.keys())
        assert "predictions.bias" in names and not any("decoder" in name for name in names)
        shapes = {name: list(model.get_tensor(name).shape) for name in names}
    with safe_open(checkpoint / "optimizer.safetensors", "pt") as state:
        assert state.get_tensor("step").item() == STEPS
        assert set(state.keys()) == {f"{name}.{part}" for name in names for part in ("exp_avg", "exp_avg_sq")} | {"step"}
        for name in names:
            assert list(state.get_tensor(f"{name}.exp_avg").shape) == shapes[name]
        assert state.get_tensor("predictions.bias.exp_avg_sq").min() >= 0
    assert json.loads((checkpoint / "trainer_state.json").read_text())["step"] == STEPS


def minimal_folder(source: Path, target: Path, save) -> Path:
    """config.json and model.safetensors as `save` writes them, and the vocabulary beside them."""
    save(target)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json"):
        (target / name).unlink(missing_ok=True)
    shutil.copy(source / "spiece.model", target)
    return target


def test_what_transformers_saves_opens_here(albert, checkpoint, tmp_path):
    model = AutoModelForPreTraining.from_pretrained(checkpoint)
    expected = their_probabilities(model, checkpoint)
    folder = minimal_folder(checkpoint, tmp_path / "whole", model.save_pretrained)
    assert {path.name for path in folder.iterdir()} == {"config.json", "model.safetensors", "spiece.model"}
    assert largest_difference(our_probabilities(albert, folder), expected) < TOLERANCE

    masked_lm = AlbertForMaskedLM.from_pretrained(checkpoint)  # has neither pooler nor order head
    folder = minimal_folder(checkpoint, tmp_path / "masked", masked_lm.save_pretrained)
    assert largest_difference(our_probabilities(albert, folder), expected) < TOLERANCE

    half = AutoModelForPreTraining.from_pretrained(checkpoint, dtype=torch.bfloat16)
    folder = minimal_folder(checkpoint, tmp_path / "half", half.save_pretrained)
    rounded = AutoModelForPreTraining.from_pretrained(folder, dtype=torch.float32)
    assert largest_difference(our_probabilities(albert, folder), their_probabilities(rounded, checkpoint)) < TOLERANCE


def test_an_encoder_without_heads_is_no_model_but_a_start(albert, checkpoint, run_dir, tmp_path):
    folder = minimal_folder(checkpoint, tmp_path / "encoder", AlbertModel.from_pretrained(checkpoint).save_pretrained)
    message = albert("fill-mask", "--model", folder, TEXT, code=4)
    assert "a head for masked words (predictions.*), found none" in message
    albert("pretrain", "--config", run_dir.parent / "run.yaml", "--set", "train.steps=1", "--run-dir", tmp_path / "run", "--init-from", folder)


def test_a_damaged_checkpoint_is_named_and_passed_over(albert, run_dir, tmp_path):
    again = shutil.copytree(run_dir, tmp_path / "again", symlinks=True)
    final = (run_dir / "checkpoints/latest/model.safetensors").read_bytes()
    weights = again / f"checkpoints/step-{STEPS:08}/model.safetensors"
    damaged = bytearray(final)
    damaged[len(damaged) // 2] ^= 1
    weights.write_bytes(damaged)
    albert("pretrain", "--config", run_dir.parent / "run.yaml", "--run-dir", again, "--resume")
    assert weights.read_bytes() == final, "the run resumed from the one before is the run that was never stopped"

    for folder in (again / "checkpoints").glob("step-*"):
        (folder / "optimizer.safetensors").write_bytes(b"short")
    message = albert("pretrain", "--config", run_dir.parent / "run.yaml", "--run-dir", again, "--resume", code=4)
    assert "none of the 2 checkpoints is whole" in message and "optimizer.safetensors: expected" in message


def test_a_text_that_is_no_utf8_is_named(albert, checkpoint):
    assert "the text: " in albert("fill-mask", "--model", checkpoint, "-", stdin="a \udcff [MASK]", code=3)
