"""A model with the tokenizer of another one reads words by foreign ids, and nothing but its results would tell: what is noticed of it."""

import json
import random
import shutil
import subprocess

import pytest
from safetensors.torch import load_file, save_file

import tiny_run

CONFIG = """
task: {name: own, kind: text, max_sequence_length: 48}
train: {steps: 2, batch_size: 8, micro_batch_size: 8, precision: float32, device: cpu, threads: 1}
evaluate: {every: 0}
"""


WORDS = "Anna Bertram Clara David Emma met saw heard helped thanked visited in the garden church kitchen".split()


def write_texts(path, words, count=40):
    draw = random.Random(1)
    rows = [f"{' '.join(draw.choices(words, k=8))}\t{'ab'[n % 2]}" for n in range(count)]
    path.write_text("\n".join(["text\tlabel", *rows]) + "\n")


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """tuned/, the run of a fine-tuned model; data.tsv in its language; other/, a tokenizer of as many pieces; smaller/, one of fewer."""
    folder = tmp_path_factory.mktemp("mixed")
    tiny_run.make_corpus(albert, folder)
    albert("pretrain", "--config", folder / "run.yaml", "--run-dir", folder / "base", "--set", "train.steps=2")
    write_texts(folder / "data.tsv", WORDS)
    (folder / "task.yaml").write_text(CONFIG)
    albert(*finetune(folder, folder / "base", folder / "tuned"))
    text = (folder / "text.txt").read_text()
    (folder / "other.txt").write_text(text.replace("Anna", "Hanne").replace("garden", "Garten").replace("the", "der"))
    for name, source, size in (("other", "other.txt", 60), ("smaller", "data.tsv", 45)):
        albert("tokenizer", "train", "--input", folder / source, "--format", "text", "--vocab-size", size, "--output", folder / name)
    return folder


def finetune(place, model, run, data=None):
    return ["finetune", "--config", place / "task.yaml", "--model", model, "--data", data or place / "data.tsv", "--run-dir", run]


def copy_of(place, folder, *without):
    """The fine-tuned model in a folder of its own."""
    shutil.copytree((place / "tuned/checkpoints/latest").resolve(), folder)
    for name in without:
        (folder / name).unlink()
    return folder


def refusals(albert, place, model, code=4):
    """What evaluating the model and fine-tuning it further say."""
    return [albert("evaluate", "--model", model, "--data", place / "data.tsv", code=code),
            albert(*finetune(place, model, model.parent / "further"), code=code)]


def warnings(albert_binary, *arguments):
    result = subprocess.run([str(albert_binary), *map(str, arguments)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return [line for line in result.stderr.splitlines() if line.split(" ")[1:2] == ["W"]]  # behind the time


@pytest.mark.parametrize("name", ["spiece.model", "tokenizer.json", "tokenizer_config.json"])
def test_a_file_that_is_not_the_checkpoints(albert, place, tmp_path, name):
    folder = copy_of(place, tmp_path / "model")
    assert (folder / name).read_bytes() != (place / "other" / name).read_bytes()
    shutil.copy(place / "other" / name, folder)
    for message in refusals(albert, place, folder):
        assert f"{folder / name}: expected" in message and "found" in message and "put back the file of the checkpoint" in message


@pytest.mark.parametrize("name", ["spiece.model", "tokenizer.json"])
def test_two_vocabularies_in_one_folder(albert, place, tmp_path, name):
    folder = copy_of(place, tmp_path / "model", "manifest.json")
    shutil.copy(place / "other" / name, folder)
    for message in refusals(albert, place, folder):
        assert f"{folder / 'tokenizer.json'}: holds another vocabulary than spiece.model" in message
        assert "expected '" in message and "found '" in message and "put back the file" in message


def test_a_vocabulary_that_is_too_large(albert, place, tmp_path):
    folder = copy_of(place, tmp_path / "model", "manifest.json")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"vocab_size": 50}))
    for message in refusals(albert, place, folder):
        assert f"{folder / 'config.json'}: expected a tokenizer of at most 50 pieces (vocab_size), found one of 60" in message


@pytest.mark.parametrize("rows, is_told", [(60, True), (50, True), (48, False), (45, False)])
def test_a_vocabulary_that_is_too_small(albert_binary, place, tmp_path, rows, is_told):
    """45 pieces beside more rows of embeddings, which training programs round up: to 48 here."""
    folder = copy_of(place, tmp_path / "model", "manifest.json", "tokenizer.json")
    shutil.copy(place / "smaller/spiece.model", folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"vocab_size": rows}))
    tensors = load_file(folder / "model.safetensors")
    name = "albert.embeddings.word_embeddings.weight"
    save_file(tensors | {name: tensors[name][:rows].clone()}, folder / "model.safetensors")
    told = "\n".join(warnings(albert_binary, "evaluate", "--model", folder, "--data", place / "data.tsv"))
    assert ("pieces" in told) == is_told == (f"vocab_size is {rows}, but the tokenizer beside it has only 45 pieces" in told)


def test_texts_that_the_vocabulary_cannot_read(albert_binary, place, tmp_path):
    write_texts(tmp_path / "chinese.tsv", ["\u623f\u95f4", "\u5f88\u597d", "Anna"])
    commands = [("evaluate", "--model", place / "tuned", "--data", tmp_path / "chinese.tsv"),
                finetune(place, place / "base", tmp_path / "run", tmp_path / "chinese.tsv")]
    for command in commands:
        said = [line for line in warnings(albert_binary, *command) if "unknown" in line]
        assert said and all("chinese.tsv" in line and "% of the tokens" in line and "another language" in line for line in said)
    readable = finetune(place, place / "base", tmp_path / "readable")
    assert not any("unknown" in line for line in warnings(albert_binary, *readable))
