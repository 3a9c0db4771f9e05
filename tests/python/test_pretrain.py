"""`albert pretrain` from outside: what a run leaves behind, and what happens when it is stopped, resumed, or asked for the impossible."""

import contextlib
import itertools
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import tiny_run
from tiny_run import STEPS, Process, records, weights, without_timings

RECORD = ["step", "epoch", "loss", "mlm_loss", "mlm_accuracy", "sop_loss", "sop_accuracy", "learning_rate", "gradient_norm",
          "layers", "sequence_length", "batch_size", "masking_rate", "tokens_per_second", "data_wait_fraction"]
GOLDEN = Path(__file__).resolve().parents[1] / "golden/tiny_pretrain_loss.json"
LONG = 4000  # steps of a run that a signal is to meet in the middle


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pretrain")
    tiny_run.make_corpus(albert, folder)
    return folder


@pytest.fixture(scope="module")
def whole(albert, place):
    """A run that was never stopped."""
    albert("pretrain", "--config", place / "run.yaml", "--run-dir", place / "whole")
    return place / "whole"


def arguments(place, run, *more):
    return ["pretrain", "--config", place / "run.yaml", "--run-dir", run, *more]


def test_a_run_leaves_records_and_checkpoints(whole):
    lines = records(whole)
    assert [line["step"] for line in lines] == list(range(1, STEPS + 1))
    assert all(list(line)[: len(RECORD)] == RECORD for line in lines)
    assert lines[-1]["mlm_loss"] < 0.9 * lines[0]["mlm_loss"]
    assert [line["step"] for line in lines if "held_out_mlm_accuracy" in line] == [20, 40]
    assert lines[0]["learning_rate"] == 0 and lines[4]["learning_rate"] == pytest.approx(0.003 * (1 - 4 / STEPS))
    folders = sorted(path.name for path in (whole / "checkpoints").iterdir() if not path.is_symlink())
    best = (whole / "checkpoints/best").resolve()
    assert (whole / "checkpoints/latest").resolve().name == "step-00000040"
    assert best.name in {"step-00000020", "step-00000040"}
    assert set(folders) == {"step-00000030", "step-00000035", "step-00000040", best.name}


def test_the_loss_follows_the_golden_curve(whole):
    """A change of the trainer, the model or the examples shows here first. Float32 sums in another order differ by about 1e-6 a step;
    one dropout mask, learning rate or example that is not as before, by more than 1e-2. Where a change is meant:
    ALBERT_UPDATE_GOLDEN=1 pytest tests/python/test_pretrain.py -k golden, and say why in the commit."""
    losses = {str(line["step"]): round(line["loss"], 5) for line in records(whole) if line["step"] % 4 == 0}
    if os.environ.get("ALBERT_UPDATE_GOLDEN"):
        GOLDEN.write_text(json.dumps(losses, indent=1) + "\n")
    golden = json.loads(GOLDEN.read_text())
    assert losses == pytest.approx(golden, rel=1e-3)
    shifted = list(golden.values())[1:] + [0]
    assert list(losses.values()) != pytest.approx(shifted, rel=1e-3)


def test_the_best_checkpoint_is_the_one_with_the_smallest_loss(whole):
    evaluated = {line["step"]: line["held_out_loss"] for line in records(whole) if "held_out_loss" in line}
    best = int((whole / "checkpoints/best").resolve().name.removeprefix("step-"))
    assert evaluated[best] == min(evaluated.values())


def test_the_saved_configuration_runs_again_to_the_same_weights(albert, whole, tmp_path):
    albert("pretrain", "--config", whole / "run.yaml", "--run-dir", tmp_path / "again")
    assert weights(tmp_path / "again") == weights(whole)
    # Another seed must not: the comparison above would notice.
    albert("pretrain", "--config", whole / "run.yaml", "--set", "train.seed=2", "--run-dir", tmp_path / "other")
    assert weights(tmp_path / "other") != weights(whole)


def test_killed_and_resumed_equals_never_stopped(albert, albert_binary, place, whole, tmp_path):
    run = tmp_path / "run"
    code, _ = Process(albert_binary, *arguments(place, run)).stop_after(run, 8, signal.SIGKILL)
    if code == 0:
        pytest.fail("the run ended before it could be killed")
    assert code == -signal.SIGKILL
    assert not (run / "checkpoints/step-00000040").exists()
    albert(*arguments(place, run, "--resume", "--set", "data.threads=3"))
    assert weights(run) == weights(whole)
    assert without_timings(run) == without_timings(whole)


def test_an_interrupted_run_says_how_to_go_on(albert_binary, place, whole, tmp_path):
    run = tmp_path / "run"
    code, log = Process(albert_binary, *arguments(place, run)).stop_after(run, 7, signal.SIGINT)
    assert code == 128 + signal.SIGINT
    stopped_at = len(records(run))
    assert stopped_at < STEPS and (run / f"checkpoints/step-{stopped_at:08d}").is_dir()
    command = shlex.split(next(line for line in log.splitlines() if line.strip().startswith("albert pretrain") and "--resume" in line))
    subprocess.run([str(albert_binary), *command[1:]], check=True, capture_output=True)
    assert weights(run) == weights(whole)
    assert without_timings(run) == without_timings(whole)


def test_only_one_process_may_use_a_run_directory(albert, albert_binary, place, tmp_path):
    run = tmp_path / "run"
    first = Process(albert_binary, *arguments(place, run, "--set", f"train.steps={LONG}"))
    while tiny_run.steps_done(run) == 0:
        assert first.process.poll() is None
    message = albert(*arguments(place, run, "--resume"), code=2)
    assert "in use by another run" in message and str(first.process.pid) in message
    assert first.stop_after(run, 1, signal.SIGTERM)[0] == 128 + signal.SIGTERM


@pytest.mark.parametrize("is_moved", [True, False])
def test_a_run_whose_folder_is_gone_says_so(albert_binary, place, tmp_path, is_moved):
    """It does not begin another folder, which would be no run."""
    run = tmp_path / "run"
    process = Process(albert_binary, *arguments(place, run, "--set", "train.steps=2000", "--set", "checkpoint.every=500"))
    while tiny_run.steps_done(run) < 5:
        assert process.process.poll() is None
    run.rename(tmp_path / "moved")
    if not is_moved:
        shutil.rmtree(tmp_path / "moved")
    _, log = process.process.communicate(timeout=120)
    assert process.process.returncode == 5 and "the folder of the run was moved or deleted while the run was going on" in log
    assert not run.exists()


def test_a_used_run_directory_wants_resume(albert, place, whole):
    assert "--resume" in albert(*arguments(place, whole), code=2)


def test_resume_in_an_empty_directory_starts_from_the_beginning(albert, place, tmp_path):
    log = tmp_path / "log"
    run = tmp_path / "run"
    with open(log, "w") as errors:
        command = arguments(place, run, "--resume", "--set", "train.steps=2", "--set", "train.batch_size=300")
        subprocess.run([os.environ["ALBERT_BINARY"], *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=errors)
    assert "holds no checkpoint: the run begins anew" in log.read_text()
    assert "fewer than a batch takes (14,400)" in log.read_text()
    assert len(records(run)) == 2


def test_a_changed_setting_is_refused_with_both_values(albert, place, whole):
    message = albert(*arguments(place, whole, "--resume", "--set", "optimizer.learning_rate=0.004", "--set", "train.seed=9"), code=2)
    assert "optimizer.learning_rate: was 0.003, now 0.004" in message
    assert "train.seed: was 1, now 9" in message


def test_misspelt_keys_are_all_named(albert, place, tmp_path):
    message = albert(*arguments(place, tmp_path / "run", "--set", "train.stepps=1", "--set", "optimizer.learning_rte=1"), code=2)
    assert "train.steps" in message and "optimizer.learning_rate" in message
    assert not (tmp_path / "run").exists()


def test_a_full_disk_leaves_the_last_checkpoint_whole(albert, albert_binary, place, whole, tmp_path):
    """The limit on a file's size stands for the full disk: the same call fails in the same way."""
    run = tmp_path / "run"
    shutil.copytree(whole, run, symlinks=True)
    longer = [str(albert_binary), *map(str, arguments(place, run, "--resume", "--set", f"train.steps={STEPS + 5}"))]
    limit = (whole / "checkpoints/latest/model.safetensors").stat().st_size // 2
    failed = subprocess.run(longer, capture_output=True, text=True,
                            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
    assert failed.returncode == 5, failed.stderr
    assert "cannot write" in failed.stderr and "step-00000045" in failed.stderr
    assert weights(run) == weights(whole)
    assert [path.name for path in (run / "checkpoints").iterdir() if "45" in path.name] == []
    subprocess.run(longer, check=True, capture_output=True)
    assert (run / "checkpoints/latest").resolve().name == "step-00000045"


def test_a_loss_that_is_no_number_stops_the_run(albert, place, tmp_path):
    run = tmp_path / "run"
    message = albert(*arguments(place, run, "--set", "optimizer.learning_rate=1e38", "--set", "checkpoint.every=1"), code=6)
    assert "not a finite number" in message and "they were: loss" in message
    steps = len(records(run))
    assert 2 <= steps < STEPS and (run / "checkpoints/latest").resolve().name == f"step-{steps - 1:08d}"  # of the last there is no finite loss


def test_micro_batches_change_memory_only(albert, place, tmp_path):
    losses = []
    for size in (6, 1):
        run = tmp_path / str(size)
        albert(*arguments(place, run, "--set", f"train.micro_batch_size={size}", "--set", "train.steps=10"))
        losses.append([record["loss"] for record in records(run)])
    assert losses[0] == pytest.approx(losses[1], rel=1e-4)


def test_memory_does_not_grow_with_the_number_of_updates(albert_binary, place, tmp_path):
    """Nearly every update has a number of tokens of its own, for which code is made, and tensors of their own sizes."""
    run = tmp_path / "run"
    settings = ["train.steps=300", "train.batch_size=16", "train.micro_batch_size=16", "evaluate.every=0", "checkpoint.every=0",
                "data.short_sequence_probability=1", "train.precision=auto"]
    process = subprocess.Popen([str(albert_binary), "pretrain", "--config", str(place / "run.yaml"), "--run-dir", str(run),
                                *(word for setting in settings for word in ("--set", setting))], stderr=subprocess.DEVNULL)
    peaks = {}
    while process.poll() is None:
        with contextlib.suppress(OSError, StopIteration):
            status = Path(f"/proc/{process.pid}/status").read_text().splitlines()
            peaks[tiny_run.steps_done(run)] = int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024
        time.sleep(0.02)
    assert process.returncode == 0
    early = max(peak for step, peak in peaks.items() if step <= 60)
    late = max(peaks.values())
    assert max(peaks) > 200 and late < early + 40, (early, late)  # MB: code of 1,024 products alone took 600


def test_weights_of_another_run_are_a_head_start(albert_binary, place, whole, tmp_path):
    command = arguments(place, tmp_path / "run", "--init-from", whole, "--set", "train.steps=2")
    done = subprocess.run([str(albert_binary), *map(str, command)], check=True, capture_output=True, text=True)
    assert "weights taken from another model" in done.stderr
    assert records(tmp_path / "run")[0]["mlm_loss"] < 0.9 * records(whole)[0]["mlm_loss"]


def test_a_branch_goes_on_as_the_trunk_would_have(albert, place, tmp_path):
    """Warm-up, stable, decay: the decay is a run of its own, with the optimizer of the trunk and at its place in the data."""
    half = STEPS // 2
    settings = lambda *words: [word for setting in words for word in ("--set", setting)]
    albert(*arguments(place, tmp_path / "whole", *settings("schedule.decay=inverse_root", "schedule.decay_ratio=0.5")))
    trunk, branch = tmp_path / "trunk", tmp_path / "branch"
    albert(*arguments(place, trunk, *settings("schedule.decay=constant", f"train.steps={half}")))
    late = settings("schedule.decay=inverse_root", f"schedule.decay_steps={half}")
    for of in (trunk, trunk / f"checkpoints/step-{half:08}"):
        albert(*arguments(place, branch, "--branch-from", of, *late))
        assert f"after step {half}, with its optimizer; the data go on where it was" in (branch / "run.log").read_text()
        assert weights(branch) == weights(tmp_path / "whole")
        assert without_timings(branch) == [record for record in without_timings(tmp_path / "whole") if record["step"] > half]
        shutil.rmtree(branch)
    albert(*arguments(place, branch, "--branch-from", trunk, *late, *settings("train.seed=2")))
    assert "the examples are others" in (branch / "run.log").read_text()
    other = tmp_path / "other"
    assert f"is at step {half}" in albert(*arguments(place, other, "--branch-from", trunk, *settings(f"train.steps={half}")), code=2)
    assert "expected a run" in albert(*arguments(place, other, "--branch-from", place / "corpus"), code=2)
    assert "--init-from" in albert(*arguments(place, other, "--branch-from", trunk, "--init-from", trunk), code=2)
    different = settings("model.num_attention_heads=4", "optimizer.name=lamb")
    message = albert(*arguments(place, other, "--branch-from", trunk, *late, *different), code=2)
    assert "model.num_attention_heads: was 2, now 4" in message and "optimizer.name: was adamw, now lamb" in message
    assert "train.epochs" in albert(*arguments(place, other, "--branch-from", trunk, *settings("train.epochs=3")), code=2)
    assert not other.exists()
    albert(*arguments(place, other, "--branch-from", trunk, *settings("schedule.decay=linear")))
    assert "which is before this branch begins" in (other / "run.log").read_text()


def test_a_killed_branch_goes_on_from_its_own_beginning(albert, albert_binary, place, tmp_path):
    half = STEPS // 2
    settings = lambda *words: [word for setting in words for word in ("--set", setting)]
    trunk, branch = tmp_path / "trunk", tmp_path / "branch"
    albert(*arguments(place, trunk, *settings("schedule.decay=constant", f"train.steps={half}")))
    words = arguments(place, branch, "--branch-from", trunk, *settings(f"train.steps={LONG}", "checkpoint.every=0", "evaluate.every=0"), "--ranks", 2)
    Process(albert_binary, *words).stop_after(branch, 5, signal.SIGKILL)
    albert(*arguments(place, trunk, "--resume", *settings("schedule.decay=constant", f"train.steps={STEPS}")))
    albert(*words, "--resume", *settings(f"train.steps={STEPS}"))
    assert f"resuming at step {half + 1} from" in (branch / "run.log").read_text()


def orthogonalised(matrix, coefficients, steps, eps):
    """As PyTorch's, but in float32: its bfloat16 would be all that the test sees."""
    a, b, c = coefficients
    x = matrix.T if matrix.shape[0] > matrix.shape[1] else matrix
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return x.T if matrix.shape[0] > matrix.shape[1] else x


def replayed(states, name, **changed):
    """The relative error of each change of a matrix, beside PyTorch's Muon with the gradients that our momentum tells."""
    momentum, rate, decay = 0.95, 0.003, 0.01
    parameter = torch.nn.Parameter(states[0][0][name].clone())
    optimizer = torch.optim.Muon([parameter], **{"lr": rate, "weight_decay": decay, "momentum": momentum, "adjust_lr_fn": "match_rms_adamw", "eps": 1e-12, **changed})
    errors, sum_before = [], torch.zeros_like(parameter)
    for (before, _), (after, state) in itertools.pairwise(states):
        sum_now = state[f"{name}.exp_avg"]
        parameter.grad = sum_now - momentum * sum_before
        sum_before = sum_now
        own = parameter.detach().clone()
        optimizer.step()
        change, expected = after[name] - before[name], parameter.detach() - own
        errors.append(((change - expected).norm() / expected.norm()).item())
        parameter.data.copy_(after[name])
    return errors


def test_muon_is_that_of_pytorch(albert, place, tmp_path, monkeypatch):
    monkeypatch.setattr("torch.optim._muon._zeropower_via_newtonschulz", orthogonalised)
    settings = ["optimizer.name=muon", "schedule.warmup_steps=0", "schedule.decay=constant", "train.steps=4", "checkpoint.every=1",
                "checkpoint.keep=9", "evaluate.every=0"]
    words = [word for setting in settings for word in ("--set", setting)]
    albert(*arguments(place, tmp_path / "run", *words))
    albert(*arguments(place, tmp_path / "start", *words, "--set", "train.steps=1", "--set", "optimizer.learning_rate=0"))
    checkpoints = [tmp_path / "start/checkpoints/step-00000001", *(tmp_path / f"run/checkpoints/step-{step:08}" for step in range(1, 5))]
    states = [(load_file(folder / "model.safetensors"), load_file(folder / "optimizer.safetensors")) for folder in checkpoints]
    matrices = [name for name in states[0][0] if "encoder" in name and states[0][0][name].dim() == 2]
    assert len(matrices) == 7
    for name in matrices:
        assert f"{name}.exp_avg_sq" not in states[1][1]
        assert max(replayed(states, name)) < 1e-3, (name, replayed(states, name))
        assert max(replayed(states, name, momentum=0.9)) > 0.01, name
    assert "albert.pooler.weight.exp_avg_sq" in states[1][1]


def test_cuda_where_there_is_none_is_a_clear_error(albert, place, tmp_path):
    if os.path.exists("/dev/nvidia0"):
        pytest.skip("this machine has a GPU")
    assert "the device is cuda" in albert(*arguments(place, tmp_path / "run", "--set", "train.device=cuda"), code=2)


def test_weights_with_which_nothing_can_be_computed_replace_no_checkpoint(albert, place, tmp_path):
    """A rate of 1e30 leaves weights that are finite, and yet every loss after them is NaN."""
    settings = ["optimizer.name=adamw", "optimizer.learning_rate=1e30", "schedule.decay=constant", "checkpoint.every=1", "checkpoint.keep=1"]
    words = [word for setting in settings for word in ("--set", setting)]
    common = ["pretrain", "--config", place / "run.yaml", *words, "--set", "evaluate.every=0", "--run-dir"]
    said = albert(*common, tmp_path / "run", "--set", "schedule.warmup_steps=2", code=6)
    assert "step 2: with the weights after it the loss is not a finite number" in said and "run/checkpoints/step-00000001; to start" in said
    assert [path.name for path in (tmp_path / "run/checkpoints").glob("step-*")] == ["step-00000001"]
    assert "%" in albert("fill-mask", "--model", tmp_path / "run", "Anna met [MASK] in the garden.")
    said = albert(*common, tmp_path / "evaluated", "--set", "schedule.warmup_steps=0", "--set", "train.steps=1", "--set", "evaluate.every=1", code=6)
    assert "step 1, held out: " in said and "No checkpoint had been written yet" in said
    assert not list((tmp_path / "evaluated/checkpoints").glob("step-*"))


def test_a_model_without_finite_numbers_fills_no_mask(albert, whole, tmp_path):
    model = shutil.copytree(whole / "checkpoints/latest", tmp_path / "model")
    tensors = load_file(model / "model.safetensors")
    tensors["albert.encoder.embedding_hidden_mapping_in.weight"].fill_(float("nan"))
    save_file(tensors, model / "model.safetensors", metadata={"format": "pt"})
    (model / "manifest.json").unlink()
    for more in ([], ["--iterative"]):
        said = albert("fill-mask", "--model", model, *more, "Anna met [MASK].", code=6)
        assert "the model's scores hold NaN or Inf" in said and "embedding_hidden_mapping_in.weight holds NaN or Inf" in said


def test_links_that_are_missing_are_made_on_resuming(albert, place, whole, tmp_path):
    run = shutil.copytree(whole, tmp_path / "run", symlinks=True)
    links = {name: os.readlink(run / f"checkpoints/{name}") for name in ("latest", "best")}
    for name in links:
        (run / f"checkpoints/{name}").unlink()
    albert("pretrain", "--config", place / "run.yaml", "--run-dir", run, "--resume")
    assert {name: os.readlink(run / f"checkpoints/{name}") for name in links} == links
