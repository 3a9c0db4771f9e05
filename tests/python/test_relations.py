"""Relations on real data, as a user runs them: 64 sentences are learnt by heart with either head, and the official test gets its answer file."""

import json

import pytest
import torch
from transformers import AlbertConfig, AlbertForMaskedLM

from conftest import ROOT

SETTINGS = ["train.precision=float32", "train.device=cpu", "model.hidden_dropout_prob=0", "model.attention_probs_dropout_prob=0",
            "model.classifier_dropout_prob=0", "train.batch_size=8", "train.micro_batch_size=8", "train.epochs=40", "evaluate.every=0",
            "optimizer.learning_rate=0.0005", "task.held_out=0"]


@pytest.fixture(scope="module")
def base(albert, shared_data, tmp_path_factory):
    """A small encoder of random weights with the published vocabulary."""
    folder = tmp_path_factory.mktemp("base")
    albert("tokenizer", "convert", "--tokenizer", shared_data / "vocab/albert-v2.spiece.model", "--output", folder / "base")
    torch.manual_seed(1)
    config = AlbertConfig(vocab_size=30000, embedding_size=64, hidden_size=128, num_hidden_layers=2, num_attention_heads=4,
                          intermediate_size=256, max_position_embeddings=512, initializer_range=0.05)
    AlbertForMaskedLM(config).save_pretrained(folder / "base")
    return folder / "base"


@pytest.fixture(scope="module", params=["cls", "entity_starts"])
def learnt(albert, shared_data, base, tmp_path_factory, request):
    """A model with one of the heads, and the 64 sentences that it learnt."""
    folder = tmp_path_factory.mktemp(request.param)
    source = shared_data / "data/relation/semeval2010_task8/TRAIN_FILE.TXT"
    part = folder / "TRAIN_FILE.TXT"
    part.write_text("\n\n".join(source.read_text().replace("\r", "").split("\n\n")[:64]) + "\n")
    labels = {line.split("\t")[1] for line in (source.parent / "TEST_FILE_KEY.TXT").read_text().splitlines()}
    labels = f"task.relation.labels={json.dumps(sorted(labels))}"  # 64 sentences do not have all of them
    settings = [word for setting in [*SETTINGS, f"task.relation.head={request.param}", labels] for word in ("--set", setting)]
    recipe, run = ROOT / "configs/finetune/semeval2010.yaml", folder / "run"
    albert("finetune", "--config", recipe, "--model", base, "--data", part, "--run-dir", run, *settings)
    return run, part


def test_sixty_four_sentences_are_learnt_by_heart(albert, learnt):
    model, part = learnt
    figures = json.loads(albert("evaluate", "--model", model, "--data", part, "--json"))
    assert figures["examples"] == 64 and figures["accuracy"] > 0.95


def test_the_official_test_gets_its_answer_file(albert, shared_data, learnt, tmp_path):
    data = shared_data / "data/relation/semeval2010_task8"
    key = [line.split("\t")[1] for line in (data / "TEST_FILE_KEY.TXT").read_text().splitlines()]
    answers = tmp_path / "answers.txt"
    figures = json.loads(albert("evaluate", "--model", learnt[0], "--data", data, "--part", "test", "--output", answers, "--json"))
    given = [line.split("\t") for line in answers.read_text().splitlines()]
    assert [number for number, _ in given] == [str(8001 + i) for i in range(2717)]
    assert figures["accuracy"] == pytest.approx(sum(label == right for (_, label), right in zip(given, key)) / len(key))
    scored = json.loads(albert("score", "--task", "semeval2010", "--gold", data / "TEST_FILE_KEY.TXT", "--predictions", answers, "--json"))
    assert scored["macro_f1"] == figures["macro_f1"]
