"""What `albert export` makes of models without a task: masked words, hidden states, and vectors of texts; and what it refuses."""

import json
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from sentence_transformers import SentenceTransformer
from test_export import BATCHES, RUNTIMES, TOLERANCE, difference, ragged, run_onnx, sentences, tensors
from test_heads import MAX_LENGTH, WORDS, base  # noqa: F401 (a fixture)
from transformers import AlbertForPreTraining, AutoConfig, AutoModel, AutoTokenizer


@pytest.fixture(scope="module")
def words(albert, base, tmp_path_factory):
    """A pretrained model with both heads, and its export."""
    folder = tmp_path_factory.mktemp("words")
    torch.manual_seed(5)
    shutil.copytree(base, folder / "model")
    AlbertForPreTraining(AutoConfig.from_pretrained(base)).save_pretrained(folder / "model")
    albert("export", "--model", folder / "model", "--output", folder / "export")
    return folder


@pytest.mark.parametrize("run, file", RUNTIMES)
def test_masked_words_and_sentence_order(words, run, file):
    model = AlbertForPreTraining.from_pretrained(words / "model").eval()
    for batch, length in BATCHES:
        inputs = ragged("words", batch, length)
        with torch.no_grad():
            wanted = model(**tensors(inputs))
        found = run(words / "export" / file, inputs)
        assert difference(found, {"logits": wanted.prediction_logits, "sop_logits": wanted.sop_logits}) < TOLERANCE


def test_a_model_without_sentence_order_has_no_such_output(albert, base, tmp_path):
    albert("export", "--model", base, "--output", tmp_path / "out", "--to", "onnx,transformers")
    assert list(run_onnx(tmp_path / "out/onnx/model.onnx", ragged("words", 1, 5))) == ["logits"]
    saved, stored = load_file(tmp_path / "out/model.safetensors"), load_file(base / "model.safetensors")
    assert saved.keys() == stored.keys() and all(torch.equal(saved[name], stored[name]) for name in saved)


def test_hidden_states(albert, words, tmp_path):
    albert("export", "--model", words / "model", "--output", tmp_path / "out", "--head", "hidden-states")
    model = AutoModel.from_pretrained(tmp_path / "out").eval()
    for batch, length in BATCHES:
        inputs = ragged("words", batch, length)
        with torch.no_grad():
            wanted = model(**tensors(inputs)).last_hidden_state
        assert difference(run_onnx(tmp_path / "out/onnx/model.onnx", inputs), {"last_hidden_state": wanted}) < TOLERANCE


@pytest.fixture(scope="module", params=["mean", "first"])
def vectors(albert, words, request, tmp_path_factory):
    """(the export of the encoder as one that makes vectors, the vectors that `albert embed` makes of sentences(200, 1))"""
    folder = tmp_path_factory.mktemp("vectors")
    albert("export", "--model", words / "model", "--head", "embedding", "--pooling", request.param, "--output", folder / "export")
    albert("embed", "--model", words / "model", "--pooling", request.param, "--output", folder / "vectors.npy",
           stdin="".join(sentence + "\n" for sentence in sentences(200, 1)))
    return folder / "export", np.load(folder / "vectors.npy")


@pytest.mark.parametrize("run, file", RUNTIMES)
def test_vectors_in_graphs(vectors, run, file):
    export, wanted = vectors
    tokenizer = AutoTokenizer.from_pretrained(export)
    inputs = dict(tokenizer(sentences(200, 1), padding=True, truncation=True, return_tensors="np"))
    inputs = {name: inputs[name].astype(np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    found = run(export / file, inputs)
    assert np.abs(found["sentence_embedding"] - wanted).max() < 1e-5
    assert found["token_embeddings"].shape == (*inputs["input_ids"].shape, 32)


def test_vectors_in_sentence_transformers(vectors):
    export, wanted = vectors
    model = SentenceTransformer(str(export), device="cpu")
    assert model.max_seq_length == MAX_LENGTH and model.get_sentence_embedding_dimension() == 32
    assert np.abs(model.encode(sentences(200, 1)) - wanted).max() < 1e-5
    pooling = json.loads((export / "1_Pooling/config.json").read_text())
    assert pooling["pooling_mode_cls_token"] != pooling["pooling_mode_mean_tokens"]
    # The other pooling must make a difference that shows.
    pooling.update({key: not pooling[key] for key in ("pooling_mode_cls_token", "pooling_mode_mean_tokens")})
    (export / "1_Pooling/config.json").write_text(json.dumps(pooling))
    assert np.abs(SentenceTransformer(str(export), device="cpu").encode(sentences(9, 1)) - wanted[:9]).max() > 1e-2


def test_overwrite_replaces_nothing_but_an_export(albert, words, tmp_path):
    """Neither what lies beside it, nor the model that is read, nor a model that another program made of it."""
    export = lambda *more, model=words / "model", code=0: albert("export", "--model", model, "--to", "transformers", "--output", tmp_path / "out",
                                                                 *more, code=code)
    export()
    assert "pass --overwrite" in export(code=2)
    export("--overwrite")
    assert "is the folder of what is read" in export("--overwrite", model=tmp_path / "out", code=2)
    (tmp_path / "out/1_Pooling").mkdir()
    assert "it holds 1_Pooling, which the command did not write" in export("--overwrite", code=2)
    (tmp_path / "out/1_Pooling").rmdir()
    shutil.copytree(words / "model", tmp_path / "out/model")
    assert "it holds model, which the command did not write" in export("--overwrite", model=tmp_path / "out/model", code=2)
    shutil.rmtree(tmp_path / "out/model")
    model = AutoModel.from_pretrained(tmp_path / "out")
    shutil.rmtree(tmp_path / "out")
    model.save_pretrained(tmp_path / "out")
    assert "it holds nothing that `albert export` wrote" in export("--overwrite", code=2)


@pytest.mark.parametrize("options, message", [
    (["--max-loss", 2], "--max-loss has no effect without --data"), (["--no-vnni"], "--no-vnni has no effect without --int8"),
    (["--pooling", "mean"], "--pooling has no effect without --head"), (["--to", ""], "--to: expected formats"),
    (["--pooling", "mean", "--head", "hidden-states"], "--pooling has no effect without --head embedding"),
    (["--max-shard-size", 1, "--to", "onnx"], "--max-shard-size has no effect without model.safetensors"),
    (["--int8", "--data", "no-data"], "are the numbers of no task"),
    (["--to", "onnx,torch"], "--to 'torch': expected one or more of"), (["--to", "transformers", "--int8"], "--int8 makes an ONNX file"),
    (["--int8", "--to", "onnx", "--precision", "bfloat16"], "--precision bfloat16"),
    (["--to", "sentence-transformers"], "expected a model that makes vectors")])
def test_options_that_do_not_go_together_are_refused(albert, words, tmp_path, options, message):
    assert message in albert("export", "--model", words / "model", "--output", tmp_path / "out", *options, code=2)


def sentence_folder(words, place, modules=("Transformer", "Pooling"), pooling="max_tokens", **settings):
    """A pretrained model that is also a folder of sentence-transformers."""
    shutil.copytree(words / "model", place)
    path = {"Transformer": "", "Pooling": "1_Pooling", "Normalize": "2_Normalize"}
    listed = [{"idx": i, "name": str(i), "type": f"sentence_transformers.models.{name}", "path": path[name]} for i, name in enumerate(modules)]
    (place / "modules.json").write_text(json.dumps(listed))
    (place / "1_Pooling").mkdir()
    (place / "1_Pooling/config.json").write_text(json.dumps({f"pooling_mode_{pooling}": True, "word_embedding_dimension": 32}))
    (place / "sentence_bert_config.json").write_text(json.dumps(settings))
    return place


def test_a_pooling_that_is_given_takes_the_place_of_that_alone(albert, words, tmp_path):
    """Length and case of texts are those of the folder all the same, also of tokens."""
    model = sentence_folder(words, tmp_path / "model", max_seq_length=7, do_lower_case=False)
    text = " ".join(WORDS[:-5]) + "\n"
    embed = lambda *more, model=model, code=0: albert("embed", "--model", model, "--output", tmp_path / "v.npy", "--overwrite", *more, stdin=text,
                                                      code=code)
    assert "found max_tokens; --pooling says" in embed(code=4)
    embed("--pooling", "mean")
    vectors = np.load(tmp_path / "v.npy")
    embed("--tokens")
    assert len(np.load(tmp_path / "v.npy")) == 7
    embed("--pooling", "mean", model=words / "model")
    assert np.abs(np.load(tmp_path / "v.npy") - vectors).max() > 1e-3
    albert("export", "--model", model, "--head", "embedding", "--pooling", "mean", "--output", tmp_path / "out", "--to", "sentence-transformers")
    assert json.loads((tmp_path / "out/sentence_bert_config.json").read_text())["max_seq_length"] == 7
    assert np.abs(SentenceTransformer(str(tmp_path / "out"), device="cpu").encode([text]) - vectors).max() < 1e-5
    refused = sentence_folder(words, tmp_path / "lower", do_lower_case=True)
    settings = json.loads((refused / "tokenizer_config.json").read_text()) | {"do_lower_case": False}
    (refused / "tokenizer_config.json").write_text(json.dumps(settings))
    for more in (["--pooling", "mean"], ["--tokens"]):
        assert "do_lower_case: true over a tokenizer that keeps capitals" in embed(*more, model=refused, code=4)


def test_a_folder_of_vectors_with_masked_words_stays_both(albert, words, tmp_path):
    """An export gives the vectors, an import keeps all."""
    model = sentence_folder(words, tmp_path / "model", ["Transformer", "Pooling", "Normalize"], "cls_token", max_seq_length=9)
    albert("export", "--model", model, "--output", tmp_path / "out", "--to", "onnx")
    assert "sentence_embedding" in run_onnx(tmp_path / "out/onnx/model.onnx", ragged("words", 1, 5))
    albert("import", "--from", model, "--output", tmp_path / "imported")
    albert("fill-mask", "--model", tmp_path / "imported", "the [MASK] river")
    texts = sentences(5, 2)
    for folder in (model, tmp_path / "imported"):
        albert("embed", "--model", folder, "--output", folder / "v.npy", stdin="".join(text + "\n" for text in texts))
    assert np.array_equal(np.load(model / "v.npy"), np.load(tmp_path / "imported/v.npy"))
    assert np.abs(SentenceTransformer(str(tmp_path / "imported"), device="cpu").encode(texts) - np.load(model / "v.npy")).max() < 1e-5


@pytest.fixture
def spoilt(words, tmp_path):
    """spoilt(value): the model with one number replaced."""

    def make(value):
        shutil.copytree(words / "model", tmp_path / "spoilt")
        weights = load_file(tmp_path / "spoilt/model.safetensors")
        weights["predictions.dense.weight"][3, 2] = value
        save_file(weights, tmp_path / "spoilt/model.safetensors", {"format": "pt"})
        return tmp_path / "spoilt"

    return make


def test_weights_that_int8_cannot_hold_are_refused_by_name(albert, spoilt, tmp_path):
    export = lambda *more, code: albert("export", "--model", model, "--to", "onnx", "--int8", "--output", tmp_path / "out", *more, code=code)
    model = spoilt(float("nan"))
    assert "predictions.dense.weight: expected finite numbers to round to int8, found nan" in export(code=4)
    # What is asked for wrongly is said before the work.
    assert "no-texts" in export("--verify", "--texts", tmp_path / "no-texts", code=5)
    assert not (tmp_path / "out").exists()


def test_weights_beyond_float16_are_refused_by_name(albert, spoilt, tmp_path):
    model = spoilt(1e5)
    export = lambda precision, code=0: albert("export", "--model", model, "--to", "transformers", "--precision", precision, "--output",
                                              tmp_path / precision, code=code)
    assert "predictions.dense.weight: expected numbers within the range of float16, found one of size 100000" in export("float16", code=4)
    export("bfloat16")


def test_a_model_card_has_the_name_of_its_folder(albert, words, tmp_path):
    albert("export", "--model", words / "model", "--to", "onnx", "--output", f"{tmp_path}/sentiment/")
    assert "\n# sentiment\n" in (tmp_path / "sentiment/README.md").read_text()


@pytest.mark.parametrize("file, content, message", [
    ("config_sentence_transformers.json", {"prompts": {"query": "query: "}, "default_prompt_name": "query"}, "default_prompt_name"),
    ("sentence_bert_config.json", {"max_seq_length": "64"}, "max_seq_length: expected a whole number"),
    ("1_Pooling/config.json", {"pooling_mode_max_tokens": True}, "found max_tokens"),
    ("modules.json", [{"type": "sentence_transformers.models.Pooling", "path": "../1_Pooling"}], "expected modules in the folder"),
    ("modules.json", [], "expected a module Pooling, found none")])
def test_settings_of_vectors_that_are_not_computed_are_refused(albert, vectors, tmp_path, file, content, message):
    shutil.copytree(vectors[0], tmp_path / "model")
    (tmp_path / "model" / file).write_text(json.dumps(content))
    assert message in albert("embed", "--model", tmp_path / "model", "--output", tmp_path / "v.npy", stdin="a\n", code=4)
