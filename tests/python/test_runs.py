"""`albert runs` and `albert clean` on real tiny runs: those that are whole, stopped, killed, failed, training, of a series, damaged; and a
removal that is killed in the middle."""

import json
import os
import re
import shutil
import signal
import subprocess
import time

import pytest
from transformers import AutoModelForPreTraining

import tiny_run
from tiny_run import Process, records, steps_done

LONG = ["--set", "train.steps=100000", "--set", "checkpoint.every=5"]
TEXT = "Anna met [MASK] in the garden."


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """corpus/ and run.yaml; data/, with train.tsv and dev.tsv; runs/whole, a pretraining of 40 steps, of which all 8 checkpoints are kept."""
    folder = tmp_path_factory.mktemp("runs")
    tiny_run.make_corpus(albert, folder)
    albert(*pretrain(folder, folder / "runs/whole", "--set", "checkpoint.keep=20"))
    (folder / "data").mkdir()
    for name, count in (("train", 40), ("dev", 20)):
        lines = [f"Anna met {'Bertram' if n % 2 else 'Clara'} on day {n}.\t{'odd' if n % 2 else 'even'}" for n in range(count)]
        (folder / f"data/{name}.tsv").write_text("\n".join(["text\tlabel", *lines]) + "\n")
    return folder


def pretrain(place, run, *more):
    return ["pretrain", "--config", place / "run.yaml", "--run-dir", run, *more]


def finetune(place, run, *more):
    settings = ["task.max_sequence_length=32", "train.steps=8", "train.batch_size=8", "train.device=cpu", "train.threads=1", "evaluate.every=4", "schedule.warmup_steps=1"]
    words = [word for setting in settings for word in ("--set", setting)]
    return ["finetune", "--config", "classification", "--model", place / "runs/whole", "--data", place / "data", "--run-dir", run, *words, *more]


@pytest.fixture
def whole(place, tmp_path):
    """A copy of the whole run."""
    return shutil.copytree(place / "runs/whole", tmp_path / "whole", symlinks=True)


def listed(albert, folder):
    return {run["path"]: run for run in json.loads(albert("runs", folder, "--json"))}


def checkpoints(run):
    return sorted(int(path.name.removeprefix("step-")) for path in (run / "checkpoints").glob("step-*") if not path.is_symlink())


def content(folder):
    return {path.relative_to(folder): path.read_bytes() if path.is_file() else None for path in folder.rglob("*") if not path.is_symlink()}


def damage(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_states_of_runs(albert, albert_binary, place, tmp_path):
    process = Process(albert_binary, *pretrain(place, tmp_path / "stopped", *LONG))
    code, _ = process.stop_after(tmp_path / "stopped", 3, signal.SIGTERM)
    assert code == 128 + signal.SIGTERM
    Process(albert_binary, *pretrain(place, tmp_path / "killed", *LONG)).stop_after(tmp_path / "killed", 12, signal.SIGKILL)
    albert(*pretrain(place, tmp_path / "failed", "--set", "optimizer.learning_rate=1e38", "--set", "checkpoint.every=1"), code=6)
    (tmp_path / "begun/checkpoints").mkdir(parents=True)
    shutil.copy(tmp_path / "stopped/run.log", tmp_path / "begun/run.log")
    shutil.copytree(place / "runs/whole", tmp_path / "deep/whole", symlinks=True)
    runs = listed(albert, tmp_path)
    assert {path: run["state"] for path, run in runs.items()} == {
        "stopped": "stopped", "killed": "stopped", "failed": "failed", "begun": "not begun", "deep/whole": "complete"}
    assert "NaN" in runs["failed"]["failure"] or "Inf" in runs["failed"]["failure"] or "number" in runs["failed"]["failure"]
    assert runs["stopped"]["step"] == max(checkpoints(tmp_path / "stopped")) and runs["stopped"]["num_steps"] == 100000
    assert runs["killed"]["step"] == max(checkpoints(tmp_path / "killed"))
    assert runs["deep/whole"]["command"] == "pretrain" and runs["deep/whole"]["step"] == runs["deep/whole"]["num_steps"] == tiny_run.STEPS
    best = min((line["held_out_loss"], line["step"]) for line in records(place / "runs/whole") if "held_out_loss" in line)
    assert runs["deep/whole"]["best"] == {"metric": "loss", "value": best[0], "step": best[1]}
    size = sum(path.lstat().st_blocks * 512 for path in [tmp_path / "deep/whole", *(tmp_path / "deep/whole").rglob("*")])
    assert runs["deep/whole"]["size_bytes"] == size
    table = albert("runs", tmp_path)
    assert len(table.splitlines()) == 7 and f"failed: failed: {runs['failed']['failure'][:150]}" in table
    albert(*pretrain(place, tmp_path / "stopped", *LONG, "--resume", "--set", "model.hidden_size=64"), code=2)  # refused: no failure of the run
    assert listed(albert, tmp_path)["stopped"]["state"] == "stopped"


def test_a_run_that_failed_while_it_saved_is_not_complete(albert, place, tmp_path):
    """What a full disk leaves of a fine-tuning: records to the end, one checkpoint before it, and the reason."""
    run = tmp_path / "run"
    albert(*finetune(place, run, "--set", "optimizer.learning_rate=0"))
    albert(*pretrain(place, tmp_path / "other", "--set", "optimizer.learning_rate=1e38"), code=6)
    assert checkpoints(run) == [4, 8]
    (run / "figures.json").unlink()
    for link in ("latest", "best"):
        (run / f"checkpoints/{link}").unlink()
    shutil.rmtree(run / "checkpoints/step-00000008")
    assert listed(albert, tmp_path)["run"]["state"] == "complete"
    with open(run / "run.log", "a") as log:
        lines = (tmp_path / "other/run.log").read_text().splitlines()
        log.write(next(line for line in lines if "the run has failed" in line) + "\n2026-12-01 00:00:00 D what a thread says that ends later\n")
    found = listed(albert, tmp_path)["run"]
    assert (found["state"], found["step"], found["num_steps"]) == ("failed", 4, 8)


def test_no_run_is_no_error(albert, tmp_path):
    assert albert("runs", tmp_path) == f"no run below {tmp_path}\n"
    assert albert("runs", tmp_path, "--json") == "[]\n"
    assert "expected a folder, found nothing" in albert("runs", tmp_path / "none", code=2)


def test_a_run_that_is_training_is_listed_and_left_alone(albert, albert_binary, place, tmp_path):
    run = tmp_path / "run"
    process = Process(albert_binary, *pretrain(place, run, *LONG, "--set", "checkpoint.keep=4"))
    try:
        deadline = time.monotonic() + 120
        while steps_done(run) < 25:
            assert time.monotonic() < deadline and process.process.poll() is None
            time.sleep(0.01)
        os.kill(process.process.pid, signal.SIGSTOP)  # what is there now stays so
        found = listed(albert, tmp_path)["run"]
        assert found["state"] == "training" and found["step"] >= 25 and "problems" not in found
        before = content(run)
        assert "is training: left alone" in albert("clean", tmp_path, "--yes")
        assert content(run) == before
    finally:
        os.kill(process.process.pid, signal.SIGCONT)
    for _ in range(5):  # while it writes and removes checkpoints
        assert listed(albert, tmp_path)["run"].get("problems", []) == []
    assert process.process.poll() is None, "looking did it no harm"
    process.stop_after(run, 1, signal.SIGTERM)
    assert listed(albert, tmp_path)["run"]["state"] == "stopped"


def test_a_damaged_manifest_is_said_beside_its_run(albert, whole, tmp_path):
    (whole / "checkpoints/step-00000040/manifest.json").write_text('{"version": 1, "files"')
    (whole / "metrics.jsonl").write_text("no record\n")
    runs = listed(albert, tmp_path)
    assert runs["whole"]["step"] == 35 and runs["whole"]["state"] == "stopped"
    assert any("manifest is damaged" in problem for problem in runs["whole"]["problems"])
    assert any("metrics.jsonl" in problem for problem in runs["whole"]["problems"])
    assert "whole: " in albert("runs", tmp_path)
    text = albert("clean", whole, "--yes")
    assert "stays: step-00000040: damaged" in text and checkpoints(whole)[-2:] == [35, 40], "the last whole one stays, too"


def test_a_series_and_its_failed_runs(albert, place, tmp_path):
    albert(*finetune(place, tmp_path / "s", "--seeds", 2, "--sweep", "optimizer.learning_rate=1e-3,1e30"), code=6)
    runs = listed(albert, tmp_path)
    assert len(runs) == 4 and {run["series"] for run in runs.values()} == {"s"}
    states = {path: run["state"] for path, run in runs.items()}
    assert sorted(states.values()) == ["complete", "complete", "failed", "failed"]
    assert all(("1e30" in path) == (state == "failed") for path, state in states.items())
    done = next(run for run in runs.values() if run["state"] == "complete")
    assert done["command"] == "finetune" and done["kind"] == "text" and done["best"]["metric"] == "accuracy"
    (tmp_path / "s/runs.json").write_text("{")
    assert len(listed(albert, tmp_path)) >= 2
    albert("clean", tmp_path, "--keep-best", "--yes")
    for path, run in runs.items():
        if run["state"] == "complete":
            assert checkpoints(tmp_path / path) == [run["best"]["step"]]
            assert listed(albert, tmp_path)[path]["state"] == "complete"
            assert "accuracy" in albert("evaluate", "--model", tmp_path / path, "--data", place / "data")


def test_a_series_that_was_killed_at_its_start_is_resumed(albert, place, tmp_path):
    """What kills leave before the first update of the first run."""
    run = tmp_path / "s"
    (run / "seed-1/checkpoints").mkdir(parents=True)
    for name in (".lock", "seed-1/.lock", "seed-1/run.log", ".runs.yaml.0123456789abcdef.partial", "seed-1/.run.yaml.0123456789abcdef.partial"):
        (run / name).touch()
    (run / "seed-1/checkpoints/.latest.0123456789abcdef.partial").symlink_to("target")
    albert(*finetune(place, run, "--seeds", 2, "--resume"))
    assert (run / "runs.json").exists() and checkpoints(run / "seed-2")
    (tmp_path / "foreign/seed-1").mkdir(parents=True)
    (tmp_path / "foreign/seed-1/notes").touch()
    assert "it holds seed-1" in albert(*finetune(place, tmp_path / "foreign", "--seeds", 2, "--resume"), code=2)


def test_clean_shows_and_then_removes(albert, whole):
    before = content(whole)
    shown = albert("clean", whole)
    assert "goes: step-00000005" in shown and re.search("stays: step-00000040: .*newest", shown) and "nothing is removed without --yes" in shown
    assert content(whole) == before
    best = int((whole / "checkpoints/best").resolve().name.removeprefix("step-"))
    text = albert("clean", whole, "--yes")
    assert "removed: step-00000005" in text and "freed " in text
    assert checkpoints(whole) == sorted({best, 40})
    assert "nothing to remove" in albert("clean", whole)
    assert "excludes --keep" in albert("clean", whole, "--keep", 2, "--keep-best", code=2)
    assert "is no run and holds none" in albert("clean", whole.parent / "whole/checkpoints", code=2)


def test_a_cleaned_run_goes_on_to_the_same_weights(albert, place, tmp_path):
    short = pretrain(place, tmp_path / "short", "--set", "checkpoint.every=5", "--set", "checkpoint.keep=20")
    albert(*short)
    shutil.rmtree(tmp_path / "short/checkpoints/step-00000040")
    (tmp_path / "short/checkpoints/latest").unlink()
    (tmp_path / "short/checkpoints/latest").symlink_to("step-00000035")
    albert("clean", tmp_path / "short", "--yes")
    albert(*short, "--resume")
    assert tiny_run.weights(tmp_path / "short") == tiny_run.weights(place / "runs/whole")


def test_without_optimizer_states_every_model_works(albert, place, whole):
    shown = albert("clean", whole, "--optimizer-states")
    assert "goes: step-00000005: optimizer.safetensors and trainer_state.json" in shown and "stays: step-00000040: to resume from" in shown
    expected = albert("fill-mask", "--model", whole / "checkpoints/step-00000010", TEXT)
    albert("clean", whole, "--optimizer-states", "--yes")
    assert checkpoints(whole) == list(range(5, 45, 5))
    assert [step for step in checkpoints(whole) if (whole / f"checkpoints/step-{step:08}/optimizer.safetensors").exists()] == [40]
    assert albert("fill-mask", "--model", whole / "checkpoints/step-00000010", TEXT) == expected
    _, info = AutoModelForPreTraining.from_pretrained(whole / "checkpoints/step-00000010", output_loading_info=True)
    assert {key: list(value) for key, value in info.items() if value} == {}
    tokenizer = whole / "checkpoints/step-00000010/spiece.model"
    damage(tokenizer)  # the manifest still vouches for what is left
    assert "spiece.model" in albert("fill-mask", "--model", whole / "checkpoints/step-00000010", TEXT, code=4)
    albert(*pretrain(place, whole, "--resume", "--set", "checkpoint.keep=20"))
    assert listed(albert, whole)["."]["state"] == "complete"


def test_links_in_odd_places(albert, whole, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "thesis").write_text("years")
    (whole / "checkpoints/step-00000001").symlink_to(outside)
    (whole / "checkpoints/step-00000005/more").symlink_to(outside)
    (whole / "checkpoints/step-00000010/thesis").write_text("more years")
    moved = whole / "checkpoints/step-00000015/model.safetensors"
    shutil.move(moved, outside / "model.safetensors")
    moved.symlink_to(outside / "model.safetensors")
    (tmp_path / "link").symlink_to("whole")
    text = albert("clean", tmp_path, "--yes")
    for step in (5, 10, 15):
        assert f"stays: step-{step:08}: holds" in text
    assert checkpoints(whole)[:3] == [5, 10, 15] and 25 not in checkpoints(whole)
    assert (whole / "checkpoints/step-00000001").is_symlink() and sorted(path.name for path in outside.iterdir()) == ["model.safetensors", "thesis"]
    assert list(listed(albert, tmp_path)) == ["whole"], "links to folders are not followed"
    shutil.move(whole / "checkpoints", outside / "checkpoints")
    (whole / "checkpoints").symlink_to(outside / "checkpoints")
    before = content(outside)
    assert "expected a folder of checkpoints, found a link" in albert("clean", whole, "--yes", code=5)
    assert content(outside) == before


def is_whole(folder):
    manifest = json.loads((folder / "manifest.json").read_text())
    return all((folder / name).stat().st_size == file["size_bytes"] for name, file in manifest["files"].items())


@pytest.mark.parametrize("rule", [[], ["--optimizer-states"]], ids=["whole checkpoints", "optimizer states"])
def test_a_killed_clean_leaves_whole_checkpoints(albert, albert_binary, whole, rule):
    """Killed as soon as something has changed, again and again, until nothing is left to do."""
    folder = whole / "checkpoints"

    def state():
        try:
            return sorted(os.listdir(folder)), [len(os.listdir(path)) for path in sorted(folder.glob("step-*"))]
        except FileNotFoundError:
            return None  # one has lost its name meanwhile

    num_killed = 0
    for _ in range(300):
        before = state()
        process = subprocess.Popen([str(albert_binary), "clean", str(whole), "--yes", *rule], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        while process.poll() is None and state() == before:
            pass
        process.kill()
        num_killed += process.wait() == -signal.SIGKILL
        for path in folder.glob("step-*"):
            assert is_whole(path)
        if process.returncode == 0:
            break
    assert process.returncode == 0 and num_killed >= 1
    left = albert("clean", whole, *rule)
    assert "nothing to remove" in left
    assert [name for name in os.listdir(folder) if name.startswith(".")] == []
    assert listed(albert, whole)["."]["state"] == "complete"
    if rule:
        assert [path.parent.name for path in folder.glob("step-*/optimizer.safetensors")] == ["step-00000040"]
        assert not list(folder.glob("step-000000[0-3]*/trainer_state.json"))
