"""Checkpoints of TensorFlow: a model folder with `model.ckpt-best.index` and its data gives the numbers of the same weights in Transformers. The
checkpoints are those of tests/fixtures, which TensorFlow wrote; where it is installed, others are made by it. The values are known by formula
(scripts/make_tensorflow_fixtures.py), so that the models beside them are made without reading a checkpoint."""

import importlib.util
import json
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AlbertConfig, AlbertForPreTraining, AutoTokenizer, BertConfig, BertForMaskedLM

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import make_tensorflow_fixtures as fixtures  # noqa: E402

WORDS = "the old river ran past a mill and two small bridges where Anna sold bread to guests; vexed kiwis quack, just 1987 of 60 4325".split()
TEXT = "the old [MASK] ran [MASK] mill"
TOLERANCE = 1e-5
LAYERS = 3
SIZES = dict(vocab_size=fixtures.VOCABULARY, hidden_size=fixtures.HIDDEN, num_hidden_layers=LAYERS, num_attention_heads=2,
             intermediate_size=fixtures.INTERMEDIATE, max_position_embeddings=fixtures.POSITIONS, type_vocab_size=fixtures.SEGMENTS,
             hidden_act="gelu_new")

LAYER = "albert.encoder.albert_layer_groups.0.albert_layers.0"
ALBERT = [  # the beginning of a variable's name, and Hugging Face's
    ("bert/encoder/transformer/group_0/inner_group_0/attention_1/self/", f"{LAYER}.attention."),
    ("bert/encoder/transformer/group_0/inner_group_0/attention_1/output/", f"{LAYER}.attention."),
    ("bert/encoder/transformer/group_0/inner_group_0/ffn_1/intermediate/output/dense", f"{LAYER}.ffn_output"),
    ("bert/encoder/transformer/group_0/inner_group_0/ffn_1/intermediate/dense", f"{LAYER}.ffn"),
    ("bert/encoder/transformer/group_0/inner_group_0/LayerNorm_1", f"{LAYER}.full_layer_layer_norm"),
    ("bert/encoder/transformer/group_0/inner_group_0/LayerNorm", f"{LAYER}.attention.LayerNorm"),
    ("bert/pooler/dense", "albert.pooler"),
    ("bert/", "albert."),
    ("cls/predictions/output_bias", "predictions.bias"),
    ("cls/predictions/transform/", "predictions."),
    ("cls/seq_relationship/output_", "sop_classifier.classifier."),
]
BERT = [
    ("bert/encoder/layer_", "bert.encoder.layer."),
    ("cls/predictions/output_bias", "cls.predictions.bias"),
    ("cls/seq_relationship/output_", "cls.seq_relationship."),
]
PARTS = {"kernel": "weight", "gamma": "weight", "beta": "bias", "weights": "weight"}


def weights(shapes, names):
    """The variables of a model by formula, as PyTorch has them."""
    state = {}
    for variable, shape in shapes.items():
        name = variable.removeprefix("module/")
        begin, theirs = next(((begin, theirs) for begin, theirs in names if name.startswith(begin)), ("", ""))
        name = (theirs + name.removeprefix(begin)).replace("/", ".")
        name = re.sub(r"(kernel|gamma|beta|weights)$", lambda match: PARTS[match[0]], name)
        name = re.sub(r"(_embeddings)$", r"\1.weight", name)
        values = fixtures.fill(variable, shape)
        state[name] = torch.from_numpy(values.T.copy() if variable.endswith("kernel") else values)
    return state


def load(model, state):
    """Every weight must have its place, and every place its weight, but for copies and what a test leaves out."""
    found = model.load_state_dict(state, strict=False)
    assert not found.unexpected_keys
    tied = {"predictions.decoder.weight", "predictions.decoder.bias", "cls.predictions.decoder.weight", "cls.predictions.decoder.bias"}
    missing = {name for name in found.missing_keys if name not in tied and "pooler" not in name and "sop_classifier" not in name}
    assert not missing
    model.tie_weights()
    return model.eval()


def google(name, **more):
    """Google's ALBERT, in Transformers' model of it."""
    shapes, _ = fixtures.MODELS[name]
    state = weights({variable: shape for variable, shape in shapes.items() if "adam_" not in variable}, ALBERT)
    size = state["albert.embeddings.word_embeddings.weight"].shape[1]
    mapping = "albert.encoder.embedding_hidden_mapping_in"
    if size == fixtures.HIDDEN:
        state |= {f"{mapping}.weight": torch.eye(size), f"{mapping}.bias": torch.zeros(size)}
    return load(AlbertForPreTraining(AlbertConfig(embedding_size=size, **SIZES)), state), size


def albert_zh(name):
    """albert_zh, in Transformers' BERT: its layers are BERT's, all the same one, and its word embeddings are projected before all else. That
    ALBERT computes the same is what the program has to show."""
    shapes, _ = fixtures.MODELS[name]
    variables = {variable: shape for variable, shape in shapes.items() if "layer_shared" not in variable}
    projection = torch.from_numpy(fixtures.fill("bert/embeddings/word_embeddings_2", variables.pop("bert/embeddings/word_embeddings_2")))
    state = {name: value for name, value in weights(variables, BERT).items() if "pooler" not in name and "seq_relationship" not in name}
    state["bert.embeddings.word_embeddings.weight"] = (state["bert.embeddings.word_embeddings.weight"].double() @ projection.double()).float()
    shared = weights({variable: shape for variable, shape in shapes.items() if "layer_shared" in variable}, BERT)
    for layer in range(LAYERS):
        state |= {name.replace("layer.shared", f"layer.{layer}"): value for name, value in shared.items()}
    return load(BertForMaskedLM(BertConfig(**SIZES)), state), fixtures.HIDDEN


MODELS = {"albert": google, "albert_hub": google, "albert_unfactorised": google, "albert_zh": albert_zh}


@pytest.fixture(scope="module", params=["fixtures", "live"])
def checkpoints(request, tmp_path_factory):
    """A folder of checkpoints as scripts/make_tensorflow_fixtures.py writes them."""
    if request.param == "fixtures":
        return fixtures.FOLDER
    if not importlib.util.find_spec("tensorflow"):
        pytest.skip("TensorFlow is not installed")
    folder = tmp_path_factory.mktemp("tensorflow")
    fixtures.write_all(folder)
    return folder


@pytest.fixture(scope="module")
def tokenizer(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    draw = random.Random(1)
    (folder / "text.txt").write_text("\n".join(" ".join(draw.choices(WORDS, k=12)) for _ in range(2000)))
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", fixtures.VOCABULARY, "--output", folder / "model")
    return folder / "model"


def make_folder(folder, checkpoint, tokenizer, embedding_size):
    """A model folder whose weights are a checkpoint."""
    shutil.copytree(tokenizer, folder)
    AlbertConfig(embedding_size=embedding_size, **SIZES).save_pretrained(folder)
    for file in checkpoint.iterdir():
        shutil.copy(file, folder)
    return folder


def their_probabilities(model, tokenizer):
    """[masks, vocabulary]"""
    tokenizer = AutoTokenizer.from_pretrained(tokenizer)
    encoded = tokenizer(TEXT, return_tensors="pt")
    with torch.no_grad():
        output = model(**encoded)
    logits = output.prediction_logits if hasattr(output, "prediction_logits") else output.logits
    return logits[0][encoded["input_ids"][0] == tokenizer.mask_token_id].softmax(-1).numpy()


@pytest.mark.parametrize("name", MODELS)
def test_the_numbers_are_those_of_transformers(albert, checkpoints, tokenizer, tmp_path, name):
    model, embedding_size = MODELS[name](name)
    folder = make_folder(tmp_path / "model", checkpoints / name, tokenizer, embedding_size)
    masks = json.loads(albert("fill-mask", "--model", folder, "--json", "--top-k", fixtures.VOCABULARY, TEXT))
    theirs = their_probabilities(model, tokenizer)
    assert len(masks) == len(theirs) == 2
    for mask, row in zip(masks, theirs):
        ours = np.zeros_like(row)
        for prediction in mask["predictions"]:
            ours[prediction["id"]] = prediction["probability"]
        assert np.abs(ours - row).max() < TOLERANCE


def test_what_is_damaged_is_refused(albert, checkpoints, tokenizer, tmp_path):
    folder = make_folder(tmp_path / "model", checkpoints / "albert", tokenizer, fixtures.EMBEDDING)
    refusal = lambda: albert("fill-mask", "--model", folder, TEXT, code=4)
    data = folder / "model.ckpt-best.data-00001-of-00002"
    whole = data.read_bytes()
    data.write_bytes(bytes(byte ^ 1 for byte in whole))  # that of an optimizer's variable alone would not be read
    assert "model.ckpt-best.data-00001-of-00002: tensor " in refusal() and "checksum is wrong" in refusal()
    data.write_bytes(whole[: len(whole) // 4])  # behind the weights lies what the optimizer keeps
    assert "cut off" in refusal() or "checksum is wrong" in refusal()
    data.unlink()
    assert "model.ckpt-best.data-00001-of-00002 that holds it is missing" in refusal()
    data.write_bytes(whole)
    albert("fill-mask", "--model", folder, TEXT)
    index = folder / "model.ckpt-best.index"
    index.write_bytes(index.read_bytes()[:-10])
    assert "model.ckpt-best.index: expected the index of a TensorFlow checkpoint" in refusal()


@pytest.mark.parametrize("name, words", [("partitioned", "stored in several parts"), ("objects", "named after an object of TensorFlow 2")])
def test_other_checkpoints_are_refused_by_name(albert, checkpoints, tokenizer, tmp_path, name, words):
    folder = make_folder(tmp_path / "model", checkpoints / name, tokenizer, fixtures.EMBEDDING)
    assert words in albert("fill-mask", "--model", folder, TEXT, code=4)


def google_folder(folder, checkpoint, tokenizer, config, name="albert_config.json"):
    """A checkpoint as Google hands it out: its files, a configuration in Google's words, and the vocabulary under its own name."""
    shutil.copytree(checkpoint, folder)
    shutil.copy(tokenizer / "spiece.model", folder / "30k-clean.model")
    sizes = {key: value for key, value in SIZES.items() if key != "hidden_act"}
    google = {"attention_probs_dropout_prob": 0, "hidden_dropout_prob": 0, "hidden_act": "gelu", "initializer_range": 0.02, "num_hidden_groups": 1,
              "net_structure_type": 0, "gap_size": 0, "num_memory_blocks": 0, "inner_group_num": 1, "down_scale_factor": 1}
    (folder / name).write_text(json.dumps(google | sizes | config))
    return folder


@pytest.mark.parametrize("name, file, config", [
    ("albert", "albert_config.json", {"embedding_size": fixtures.EMBEDDING}),
    ("albert_zh", "albert_config_base.json", {"embedding_size": fixtures.EMBEDDING, "ln_type": "postln"})])
def test_import_makes_a_model_folder(albert, checkpoints, tokenizer, tmp_path, name, file, config):
    """With Google's configuration, in which gelu is the tanh approximation; named by its folder, by its prefix and by its kind."""
    model, _ = MODELS[name](name)
    folder = google_folder(tmp_path / "google", checkpoints / name, tokenizer, config, file)
    theirs = their_probabilities(model, tokenizer)
    for number, words in enumerate([["--from", folder], ["--from", folder / "model.ckpt-best"], ["--from", folder, "--kind", "tensorflow"]]):
        printed = albert("import", *words, "--output", tmp_path / f"out{number}")
        assert "with the head for masked words" in printed
    masks = json.loads(albert("fill-mask", "--model", tmp_path / "out2", "--json", "--top-k", fixtures.VOCABULARY, TEXT))
    for mask, row in zip(masks, theirs):
        best = mask["predictions"][0]
        assert row[best["id"]] == pytest.approx(best["probability"], abs=TOLERANCE)
    opened, info = AlbertForPreTraining.from_pretrained(tmp_path / "out0", output_loading_info=True)
    assert not info["unexpected_keys"] and not info["mismatched_keys"]
    if name == "albert":
        assert not info["missing_keys"]
        encoded = AutoTokenizer.from_pretrained(tmp_path / "out0")(TEXT, return_tensors="pt")
        with torch.no_grad():
            ours, wanted = opened.eval()(**encoded), model(**encoded)
        assert torch.equal(ours.sop_logits, wanted.sop_logits) and torch.equal(ours.prediction_logits, wanted.prediction_logits)
    assert "exists" in albert("import", "--from", folder, "--output", tmp_path / "out0", code=2)
    assert "no weights of this kind" in albert("import", "--from", folder, "--kind", "pytorch", "--output", tmp_path / "none", code=2)


def test_import_of_a_hub_module_by_its_kind(albert, albert_binary, checkpoints, tokenizer, tmp_path):
    """Its checkpoint lies in a folder below; what is remarkable about it is said once."""
    folder = google_folder(tmp_path / "hub", checkpoints / "albert_hub", tokenizer, {"embedding_size": fixtures.EMBEDDING + 1})
    (folder / "variables").mkdir(exist_ok=True)
    for file in [*folder.glob("*.index"), *folder.glob("*.data-*")]:
        file.rename(folder / "variables" / file.name)
    for number, words in enumerate([[], ["--kind", "tensorflow"]]):
        run = subprocess.run([albert_binary, "import", "--from", folder, "--output", tmp_path / f"out{number}", *words], check=True,
                             capture_output=True, text=True)
        assert run.stderr.count("but the weights have") == 1
        assert run.stderr.count("left out, training state") <= 1
    first, second = (load_file(tmp_path / f"out{number}/model.safetensors") for number in range(2))
    assert first.keys() == second.keys() and all(torch.equal(first[key], second[key]) for key in first)


@pytest.mark.parametrize("key, value", [("down_scale_factor", 2), ("net_structure_type", 1), ("ln_type", "preln"), ("hidden_act", "swish")])
def test_import_refuses_what_is_not_computed(albert, checkpoints, tokenizer, tmp_path, key, value):
    folder = google_folder(tmp_path / "google", checkpoints / "albert", tokenizer, {"embedding_size": fixtures.EMBEDDING, key: value})
    assert key in albert("import", "--from", folder, "--output", tmp_path / "out", code=4)
    assert not (tmp_path / "out").exists()


def test_import_lists_what_it_leaves_out(albert, checkpoints, tokenizer, tmp_path):
    folder = make_folder(tmp_path / "model", checkpoints / "albert", tokenizer, fixtures.EMBEDDING)
    albert("import", "--from", folder, "--output", tmp_path / "one")
    state = load_file(tmp_path / "one/model.safetensors")
    save_file(state | {"classifier.weight": torch.zeros(2, fixtures.HIDDEN)}, tmp_path / "one/model.safetensors", {"format": "pt"})
    albert("import", "--from", tmp_path / "one", "--output", tmp_path / "two", code=4)
    del state["albert.encoder.embedding_hidden_mapping_in.bias"]
    save_file(state, tmp_path / "one/model.safetensors", {"format": "pt"})
    refusal = albert("import", "--from", tmp_path / "one", "--output", tmp_path / "two", code=4)
    assert f"albert.encoder.embedding_hidden_mapping_in.bias: missing; expected [{fixtures.HIDDEN}]" in refusal


def test_its_vocabulary_can_be_extended(albert, checkpoints, tokenizer, tmp_path):
    folder = google_folder(tmp_path / "google", checkpoints / "albert", tokenizer, {"embedding_size": fixtures.EMBEDDING})
    albert("import", "--from", folder, "--output", tmp_path / "imported")
    (tmp_path / "words.txt").write_text("zyxwvuts\n")
    albert("tokenizer", "extend", "--model", folder, "--add", tmp_path / "words.txt", "--output", tmp_path / "extended")
    before, after = (load_file(tmp_path / name / "model.safetensors") for name in ("imported", "extended"))
    assert before.keys() == after.keys()
    assert all(torch.equal(value, after[name][: len(value)] if value.dim() else after[name]) for name, value in before.items())
