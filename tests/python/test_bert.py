"""BERT beside ALBERT: a folder of Transformers' BertModel is read, pretrained and fine-tuned further, and written under its own names."""

import json
import random
import re
import sys

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from test_export import BATCHES, difference, ragged, run_onnx, tensors
from test_heads import MAX_LENGTH, TASKS, WORDS, finetune, text
from transformers import AutoModel, AutoTokenizer, BertConfig, BertForMaskedLM, BertForPreTraining, BertModel

TOLERANCE = 1e-5
VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(word.lower() for word in WORDS if word != "3,50"), "##s", "3", ",",
              "##50", "##,"]
HEADS = ["classification", "multilabel", "regression", "tokens", "question", "multiple_choice", "entity_starts", "joint_question"]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A small BERT of random weights with both heads of pretraining."""
    folder = tmp_path_factory.mktemp("bert") / "base"
    torch.manual_seed(3)
    config = BertConfig(vocab_size=56, hidden_size=32, num_hidden_layers=3, num_attention_heads=2, intermediate_size=64,
                        max_position_embeddings=MAX_LENGTH, initializer_range=0.3)
    model = BertForPreTraining(config)
    for module in model.modules():  # what starts as zeros and ones would hide a mix-up
        if isinstance(module, torch.nn.LayerNorm):
            torch.nn.init.normal_(module.bias), torch.nn.init.uniform_(module.weight, 0.5, 1.5)
        elif isinstance(module, torch.nn.Linear):
            torch.nn.init.normal_(module.bias)
    model.save_pretrained(folder)
    (folder / "vocab.txt").write_text("".join(word + "\n" for word in VOCABULARY))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True}))
    return folder


def sentences(count, seed=1):
    draw = random.Random(seed)
    return [text(draw) for _ in range(count)]


def test_hidden_states_and_masked_words_are_transformers(albert, base, tmp_path):
    texts = sentences(20)
    albert("embed", "--model", base, "--output", tmp_path / "v.npy", stdin="".join(line + "\n" for line in texts))
    tokenizer, model = AutoTokenizer.from_pretrained(base), BertModel.from_pretrained(base).eval()
    encoded = tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        states = model(**encoded).last_hidden_state
    mask = encoded["attention_mask"][..., None]
    wanted = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1)).numpy()
    assert np.abs(np.load(tmp_path / "v.npy") - wanted).max() < TOLERANCE
    # The attention of one layer taken from its neighbour must show.
    layers = model.encoder.layer
    layers[0].attention, layers[1].attention = layers[1].attention, layers[0].attention
    with torch.no_grad():
        states = model(**encoded).last_hidden_state
    assert np.abs(torch.nn.functional.normalize((states * mask).sum(1)).numpy() - wanted).max() > 100 * TOLERANCE

    filled = json.loads(albert("fill-mask", "--model", base, "--json", "the old [MASK] ran past a mill"))
    encoded = tokenizer("the old [MASK] ran past a mill", return_tensors="pt")
    with torch.no_grad():
        scores = BertForMaskedLM.from_pretrained(base).eval()(**encoded).logits[0, 3]
    scores = scores[: len(VOCABULARY)].softmax(-1)  # ids without a piece are left out
    assert filled[0]["predictions"][0]["probability"] == pytest.approx(float(scores.max()), abs=TOLERANCE)


def test_both_heads_of_pretraining_are_verified(albert, base, tmp_path):
    """Each under the name that Transformers' BERT gives it."""
    printed = albert("export", "--model", base, "--output", tmp_path / "out", "--verify", "--python", sys.executable)
    for file, runtime in [("onnx/model.onnx", "onnxruntime"), ("onnx/model.onnx", "openvino"), ("model.pt2", "LibTorch"), ("model.pt2", "torch"),
                          ("model.safetensors", "transformers")]:
        assert re.search(rf"{file} +{runtime} \S+ +differs by \d", printed)
    assert list(run_onnx(tmp_path / "out/onnx/model.onnx", ragged("words", 1, 5))) == ["logits", "seq_relationship_logits"]


@pytest.fixture(scope="module", params=HEADS)
def tuned(albert, base, request, tmp_path_factory):
    return finetune(albert, base, request.param, tmp_path_factory.mktemp(request.param))


def test_what_is_fine_tuned_is_a_bert_again(albert, base, tuned, tmp_path):
    name, checkpoint = tuned
    config = json.loads((checkpoint / "config.json").read_text())
    auto = TASKS[name][2] or AutoModel
    assert config["model_type"] == "bert" and config["architectures"] == [(auto.__name__).replace("AutoModel", "Bert") if auto is not AutoModel else "BertModel"]
    assert not {"embedding_size", "num_hidden_groups", "inner_group_num"} & config.keys()
    model, info = auto.from_pretrained(checkpoint, output_loading_info=True)
    assert {key for key in info["missing_keys"] if "pooler" not in key} == set() and not info["mismatched_keys"]
    assert auto is AutoModel or not info["unexpected_keys"]
    weights, before = load_file(checkpoint / "model.safetensors"), load_file(base / "model.safetensors")
    query = "bert.encoder.layer.2.attention.self.query.weight"
    assert not torch.equal(weights[query], before[query])
    albert("export", "--model", checkpoint, "--output", tmp_path / "out")
    again = load_file(tmp_path / "out/model.safetensors")
    assert again.keys() == weights.keys() and all(torch.equal(again[key], weights[key]) for key in again)
    if TASKS[name][2] is None:
        return  # Transformers has no such head
    for batch, length in BATCHES:
        inputs = ragged(name, batch, length)
        inputs["input_ids"] %= len(VOCABULARY)
        with torch.no_grad():
            wanted = dict(model.eval()(**tensors(inputs)))
        assert difference(run_onnx(tmp_path / "out/onnx/model.onnx", inputs), wanted) < 1e-4


def test_settings_that_are_not_computed_are_refused(albert, base, tmp_path):
    for key, value in {"position_embedding_type": "relative_key", "is_decoder": True, "hidden_act": "silu", "add_cross_attention": True}.items():
        folder = tmp_path / key
        folder.mkdir()
        for file in base.iterdir():
            (folder / file.name).write_bytes(file.read_bytes())
        config = json.loads((base / "config.json").read_text()) | {key: value}
        (folder / "config.json").write_text(json.dumps(config))
        assert key in albert("embed", "--model", folder, "--output", tmp_path / "v.npy", stdin="a\n", code=4)
