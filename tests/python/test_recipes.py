"""The recipes of configs/ from outside: listed, shown, and found by their names in any folder."""

import shutil

import pytest
from conftest import ROOT
from tiny_run import make_corpus, records

FILES = sorted((ROOT / "configs").glob("*/*.yaml"))
FOLDERS = ["finetune", "pretrain", "model"]


def test_the_list_has_every_recipe_with_its_first_line(albert, tmp_path):
    lines = albert("config", "list", cwd=tmp_path).splitlines()
    for folder in FOLDERS:
        at = lines.index(folder)
        names = [file for file in FILES if file.parent.name == folder]
        for file, line in zip(names, lines[at + 1:]):
            name, summary = line.split(maxsplit=1)
            assert name == file.stem and f"# {summary}" == file.read_text().splitlines()[0]
        assert lines[at + 1 + len(names):at + 2 + len(names)] in ([""], [])
    assert len(lines) == len(FILES) + 2 * len(FOLDERS) - 1


@pytest.mark.parametrize("name", ["finetune/sst2", "pretrain/base", "model/tiny"])
def test_a_recipe_that_is_shown_begins_ones_own(albert, tmp_path, name):
    own, file = tmp_path / "own.yaml", ROOT / f"configs/{name}.yaml"
    own.write_text(albert("config", "show", name, cwd=tmp_path))
    assert own.read_text() == file.read_text()
    look = ["info", "--json"] if name == "model/tiny" else ["config", "print"]
    of_copy, of_file, of_name = ([line.split("  #")[0] for line in albert(*look, way, cwd=tmp_path).splitlines()] for way in (own, file, name))
    assert of_copy == of_file == of_name


@pytest.mark.parametrize("words, message", [
    (["show", "tiny"], "several recipes have the name tiny; say which: pretrain/tiny or model/tiny"),
    (["show", "squad"], "there is no recipe squad; is it 'finetune/squad1' or 'finetune/squad2'? `albert config list`"),
    (["schedule", "quickstart"], "say which: finetune/quickstart or pretrain/quickstart"),
    (["print", "configs/pretrain/base.yaml"], "neither a file nor a recipe configs/pretrain/base.yaml; is it 'pretrain/base'?"),
    (["print", "pretrain/base", "--set", "model=base-v3"], "no recipe base-v3; is it 'base-v1' or 'base-v2'?"),
    (["validate", "sst2", "sst3"], "sst3: there is neither a file nor a recipe sst3; is it 'finetune/sst2'"),
])
def test_a_name_that_does_not_tell_is_answered(albert, tmp_path, words, message):
    assert message in albert("config", *words, cwd=tmp_path, code=2)


def test_a_mistake_of_a_command_line_is_not_one_of_the_recipe(albert, tmp_path):
    message = albert("config", "print", "sst2", "--set", "task.text.layout=own", "--set", "train.batch_size=0", cwd=tmp_path, code=2)
    assert "--set train.batch_size: train.batch_size" in message
    printed = albert("config", "print", "sst2", cwd=tmp_path)
    line = (ROOT / "configs/finetune/sst2.yaml").read_text().splitlines().index("  steps: 20935") + 1
    assert f"steps: 20935  # recipe finetune/sst2:{line}\n" in printed


def test_info_takes_names_of_models_first(albert, tmp_path):
    def info(name):
        return albert("info", name, "--json", cwd=tmp_path)

    assert info("base") == info("base-v2") == info(ROOT / "configs/model/base-v2.yaml")
    assert info("tiny") == info("model/tiny")
    assert "is it 'model/base-v1' or 'model/base-v2'" in albert("info", "base-v3", cwd=tmp_path, code=2)


def test_a_run_by_name_goes_on_beside_a_folder_of_that_name(albert, tmp_path):
    make_corpus(albert, tmp_path)
    (tmp_path / "run.yaml").unlink()
    pretrain = ["pretrain", "--config", "tiny", "--set", "data.corpus=corpus", "--run-dir", "tiny", "--set", "evaluate.every=2"]
    albert(*pretrain, "--set", "train.steps=6", cwd=tmp_path)
    albert(*pretrain, "--set", "train.steps=8", "--resume", cwd=tmp_path)
    assert records(tmp_path / "tiny")[-1]["step"] == 8
    (tmp_path / "train.tsv").write_text("sentence\tlabel\n" + "".join(f"Anna met Clara {i}\t{i % 2}\n" for i in range(20)))
    finetune = ["finetune", "--config", "sst2", "--model", "tiny", "--data", "train.tsv", "--run-dir", "sst2", "--set", "evaluate.every=2",
                "--set", "schedule.warmup_steps=1", "--set", "task.max_sequence_length=32"]
    albert(*finetune, "--set", "train.steps=2", cwd=tmp_path)
    albert(*finetune, "--set", "train.steps=3", "--resume", cwd=tmp_path)
    shutil.move(tmp_path / "sst2", tmp_path / "moved")
    albert("finetune", "--run-dir", "moved", "--set", "train.steps=4", "--resume", cwd=tmp_path)
    assert records(tmp_path / "moved")[-1]["step"] == 4


def test_score_takes_recipes_and_own_files(albert, tmp_path):
    (tmp_path / "gold.tsv").write_text("kin\nyes\nno\n")
    (tmp_path / "predictions.tsv").write_text("prediction\nyes\nyes\n")
    files = ["--gold", "gold.tsv", "--predictions", "predictions.tsv"]
    by_name = albert("score", "--task", "classification", "--set", "task.text.label=[kin]", *files, cwd=tmp_path)
    (tmp_path / "own.yaml").write_text(albert("config", "show", "classification").replace("[label]", "[kin]"))
    assert "0.5" in by_name and albert("score", "--task", "own.yaml", *files, cwd=tmp_path) == by_name
