"""Several processes that train together: the losses of one process, whatever their number, and an end for all of them when one is lost.
What hosts and their network add is in test_ranks_on_hosts.py."""

import json
import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

import rank_runs
import tiny_run
from rank_runs import Ranks, difference, order, running, state, torchrun, wait_until, write_rows, write_text
from tiny_run import records, weights

STEPS = 200
# Sums in float32 in another order. One example, mask, dropout mask or divisor that is not the same shows at 1e-2.
TOLERANCE = 1e-5
CONFIG = f"""
optimizer: {{name: adamw, learning_rate: 0.001}}
schedule: {{warmup_steps: 10}}
train: {{steps: {STEPS}, batch_size: 14, micro_batch_size: 3, precision: float32, device: cpu, threads: 1}}
checkpoint: {{every: 50, keep: 2}}
evaluate: {{every: 100}}
log: {{every: 1}}
parallel: {{timeout_s: 10}}
"""
PRETRAIN = """
model: {hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 64, embedding_size: 16,
  max_position_embeddings: 64, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1}
data: {corpus: corpus, max_sequence_length: 64, short_sequence_probability: 0.5}
"""
FINETUNE = """
task: {name: places, kind: text, max_sequence_length: 64, text: {label: [label], text: text}}
model: {hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1, classifier_dropout_prob: 0.1}
"""
KINDS = ["pretrain", "finetune"]
SMALL = 4  # s: the least that parallel.timeout_s takes
QUICK = ["--set", "train.steps=100000", "--set", f"parallel.timeout_s={SMALL}", "--set", "checkpoint.every=20", "--set", "evaluate.every=0"]
BRIEF = ["--set", "train.steps=12", "--set", "evaluate.every=0", "--set", "schedule.warmup_steps=2"]
RANKS_LOST = 7


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """tokenizer/, corpus/, data/, base/ (a model to fine-tune) and a configuration for each kind of training."""
    folder = tmp_path_factory.mktemp("ranks")
    tiny_run.make_corpus(albert, folder, write_text)
    (folder / "pretrain.yaml").write_text(PRETRAIN + CONFIG)
    (folder / "finetune.yaml").write_text(FINETUNE + CONFIG)
    (folder / "data").mkdir()
    write_rows(folder / "data/train.tsv", 230, 1)
    write_rows(folder / "data/dev.tsv", 300, 2)  # several batches of an evaluation, which the ranks share
    albert("pretrain", "--config", folder / "pretrain.yaml", "--set", "train.steps=20", "--run-dir", folder / "base")
    return folder


def arguments(place, kind, run, *more):
    inputs = ["--model", place / "base", "--data", place / "data"] if kind == "finetune" else []
    return [kind, "--config", place / f"{kind}.yaml", *inputs, "--run-dir", run, *more]


@pytest.fixture(scope="module")
def trained(albert, place):
    """trained(kind, ranks): a whole run."""

    def run(kind, ranks):
        folder = place / f"{kind}{ranks}"
        if not folder.exists():
            albert(*arguments(place, kind, folder, "--ranks", ranks))
        return folder

    return run


@pytest.fixture(autouse=True)
def nobody_is_left(albert_binary):
    yield
    wait_until(lambda: not running(albert_binary), "all processes of the run end", 20)


@pytest.mark.parametrize("ranks", [2, 3, 4])
@pytest.mark.parametrize("kind", KINDS)
def test_the_losses_are_those_of_one_process(trained, kind, ranks):
    assert len(records(trained(kind, ranks))) == STEPS
    assert order(trained(kind, 1)) == order(trained(kind, ranks))
    assert difference(trained(kind, 1), trained(kind, ranks)) < TOLERANCE
    for record in records(trained(kind, ranks)):
        assert 0 <= record["rank_wait_fraction"] < 1 and record["rank_imbalance"] >= 0
    assert "rank_imbalance" not in records(trained(kind, 1))[0]


def test_the_matrices_of_muon_are_the_same_on_all_ranks(albert, place, tmp_path):
    """Each has one owner. Its products are in bfloat16 where that is fast, which makes more of how sums are rounded."""
    muon = ["--set", "optimizer.name=muon", *BRIEF, "--set", "schedule.decay=constant"]
    for ranks in (1, 3):
        albert(*arguments(place, "pretrain", tmp_path / str(ranks), "--ranks", ranks, *muon))
    assert order(tmp_path / "1") == order(tmp_path / "3")
    assert difference(tmp_path / "1", tmp_path / "3") < 100 * TOLERANCE
    albert(*arguments(place, "pretrain", tmp_path / "resumed", "--ranks", 3, *muon, "--set", "train.steps=5"))
    albert(*arguments(place, "pretrain", tmp_path / "resumed", "--ranks", 3, *muon, "--resume"))
    albert(*arguments(place, "pretrain", tmp_path / "sharded", "--ranks", 3, *muon, "--set", "parallel.shard_optimizer=true"))
    assert weights(tmp_path / "resumed") == weights(tmp_path / "sharded") == weights(tmp_path / "3")


@pytest.mark.parametrize("kind", KINDS)
def test_another_seed_is_noticed(albert, place, trained, kind, tmp_path):
    albert(*arguments(place, kind, tmp_path / "run", "--set", "train.seed=2"))
    assert difference(trained(kind, 1), tmp_path / "run") > 100 * TOLERANCE


@pytest.mark.parametrize("kind", KINDS)
def test_evaluations_are_exactly_those_of_one_process(albert, place, kind, tmp_path):
    """Compared with the same weights: the rate of the first update is 0, as `schedule.warmup_steps` has it."""
    figures = []
    for ranks in (1, 2, 3):
        run = tmp_path / str(ranks)
        albert(*arguments(place, kind, run, "--ranks", ranks, "--set", "train.steps=1", "--set", "evaluate.every=1"))
        figures.append({key: value for key, value in records(run)[0].items() if key.startswith("held_out")})
    assert len(figures[0]) >= 3 and all(other == figures[0] for other in figures)


def test_the_same_number_of_ranks_repeats_bit_for_bit(albert, place, trained, tmp_path):
    albert(*arguments(place, "pretrain", tmp_path / "run", "--ranks", 3, "--set", "data.threads=3"))
    assert weights(tmp_path / "run") == weights(trained("pretrain", 3))
    assert weights(tmp_path / "run") != weights(trained("pretrain", 2))


def test_an_update_may_have_fewer_examples_than_ranks(albert, place, tmp_path):
    few = ["--set", "train.batch_size=2", "--set", "train.steps=60", "--set", "evaluate.every=60"]
    for ranks in (1, 4):
        albert(*arguments(place, "pretrain", tmp_path / str(ranks), "--ranks", ranks, *few))
    assert order(tmp_path / "1") == order(tmp_path / "4") and difference(tmp_path / "1", tmp_path / "4") < TOLERANCE


def test_gradients_in_bfloat16_differ_a_little_and_learn(albert, place, trained, tmp_path):
    albert(*arguments(place, "finetune", tmp_path / "run", "--ranks", 2, "--set", "parallel.gradient_type=bfloat16"))
    assert TOLERANCE < difference(tmp_path / "run", trained("finetune", 2)) < 0.1
    losses = [record["loss"] for record in records(tmp_path / "run")]
    assert sum(losses[-10:]) < 0.5 * sum(losses[:10])


def test_the_state_of_the_optimizer_may_be_shared_out(albert, albert_binary, place, tmp_path):
    """Layers with weights of their own; their gradients travel while others are computed, as buffers are small enough. A checkpoint does not
    tell who kept what."""
    settings = ["--set", "model.num_hidden_groups=2", "--set", "optimizer.name=lamb", "--set", "train.steps=40", "--set", "checkpoint.every=25",
                "--set", "parallel.bucket_elements=2000"]
    train = lambda name, *more: albert(*arguments(place, "pretrain", tmp_path / name, *settings, *more))
    train("one")
    train("whole", "--ranks", 3)
    assert order(tmp_path / "whole") == order(tmp_path / "one") and difference(tmp_path / "whole", tmp_path / "one") < TOLERANCE
    train("shared", "--ranks", 3, "--set", "parallel.shard_optimizer=true")
    assert weights(tmp_path / "shared") == weights(tmp_path / "whole")
    rounded = ["--ranks", 2, "--set", "parallel.gradient_type=bfloat16", "--set", "train.steps=20", "--set"]
    for is_shared in ("true", "false"):
        train(f"rounded {is_shared}", *rounded, f"parallel.shard_optimizer={is_shared}")
    assert weights(tmp_path / "rounded true") == weights(tmp_path / "rounded false")
    words = arguments(place, "pretrain", "run", *settings, "--set", "parallel.shard_optimizer=true")
    ranks = Ranks(albert_binary, 3, tmp_path, *words)
    ranks.wait_for_steps(tmp_path / "run", 10)
    ranks.send(1, signal.SIGUSR1)
    assert ranks.wait() == [128 + signal.SIGUSR1] * 3, ranks.logs()
    train("run", "--resume", "--ranks", 3)
    assert weights(tmp_path / "run") == weights(tmp_path / "whole")


def stopped(place, albert_binary, folder, count, steps, *more, **options):
    """A run of so many ranks that has made so many steps, and its folder."""
    ranks = Ranks(albert_binary, count, folder, *arguments(place, "pretrain", "run", *more), **options)
    ranks.wait_for_steps(folder / "run", steps)
    return ranks, folder / "run"


@pytest.mark.parametrize(("number", "rank", "then"), [(signal.SIGUSR1, 3, 2), (signal.SIGTERM, 0, 1)])
def test_a_signal_to_one_rank_stops_all_and_another_number_goes_on(albert, albert_binary, place, trained, tmp_path, number, rank, then):
    ranks, run = stopped(place, albert_binary, tmp_path, 4, 60)
    ranks.send(rank, number)
    assert ranks.wait(seconds=25) == [128 + number] * 4
    step = len(records(run))
    assert state(run)["step"] == step < STEPS and f"stopped by {number.name} after step {step}" in ranks.log(0)
    folders = {path.name for path in (run / "checkpoints").iterdir() if not path.is_symlink()}
    assert folders == {"step-00000050", f"step-{step:08d}"} | ({"step-00000100"} if step > 100 else set())
    albert(*arguments(place, "pretrain", run, "--resume", "--ranks", then))
    whole = trained("pretrain", 1)
    assert order(run) == order(whole) and difference(run, whole) < TOLERANCE
    assert {key: state(run)[key] for key in ("epoch", "index_in_epoch", "examples_seen", "tokens_seen")} == {
        key: state(whole)[key] for key in ("epoch", "index_in_epoch", "examples_seen", "tokens_seen")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_parent_saves_once(albert_binary, place, tmp_path, number):
    command = tiny_run.Process(albert_binary, *arguments(place, "pretrain", tmp_path / "run", "--ranks", 3, *QUICK))
    code, log = command.stop_after(tmp_path / "run", 5, number)
    assert code == 128 + number
    assert log.count("the state is saved") == 1 and "--ranks 3 --resume" in log
    assert state(tmp_path / "run")["step"] == len(records(tmp_path / "run"))


def test_ranks_do_not_outlive_their_parent(albert_binary, place, tmp_path):
    command = subprocess.Popen([albert_binary, *map(str, arguments(place, "pretrain", tmp_path / "run", "--ranks", 2, *QUICK))],
                               stderr=subprocess.DEVNULL, env=rank_runs.environment())
    wait_until(lambda: tiny_run.steps_done(tmp_path / "run") >= 5, "step 5")
    command.kill()
    command.wait()
    wait_until(lambda: not running(albert_binary), "the ranks end", 2 * SMALL + 5)


def test_a_stopped_rank_does_not_keep_its_parent(albert_binary, place, tmp_path):
    command = subprocess.Popen([albert_binary, *map(str, arguments(place, "pretrain", tmp_path / "run", "--ranks", 2, *QUICK))],
                               stderr=subprocess.PIPE, text=True, env=rank_runs.environment())
    wait_until(lambda: tiny_run.steps_done(tmp_path / "run") >= 5, "step 5")
    children = [int(child) for child in Path(f"/proc/{command.pid}/task/{command.pid}/children").read_text().split()]
    os.kill(children[1], signal.SIGSTOP)
    _, log = command.communicate(timeout=1.5 * SMALL + 40)
    assert command.returncode == RANKS_LOST and "rank 1: still there 10 s after another one failed, and asked to end" in log, log
    assert "killed" not in log


@pytest.mark.parametrize(("number", "rank"), [(signal.SIGKILL, 1), (signal.SIGKILL, 0), (signal.SIGSTOP, 2), (signal.SIGSTOP, 0)])
def test_a_rank_that_is_lost_ends_the_others(albert_binary, place, tmp_path, number, rank):
    ranks, run = stopped(place, albert_binary, tmp_path, 3, 5, *QUICK)
    ranks.send(rank, number)
    others = [other for other in range(3) if other != rank]
    assert ranks.wait(*others, seconds=1.5 * SMALL + 3) == [RANKS_LOST] * 2
    ranks.send(rank, signal.SIGCONT)  # one that was stopped finds that the others are gone
    assert ranks.wait(rank) == [-signal.SIGKILL if number == signal.SIGKILL else RANKS_LOST]
    host = os.uname().nodename
    for other in others:
        # Rank 0 serves the store here, by which the others would tell.
        assert re.search(f"rank 0 on {host} (gave no sign of life|is lost, which serves the store of the ranks at 127.0.0.1:)" if rank == 0
                         else f"rank {rank} on {host} gave no sign of life for [0-9]+ s", ranks.log(other)), ranks.logs()
        assert ranks.error(other) in ranks.log(other)
        assert "--resume goes on from it" in ranks.log(other)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk, which only root can")
def test_a_full_disk_ends_all_ranks_with_the_reason(albert_binary, place, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "albert-test", run], check=True)
    try:
        ranks = Ranks(albert_binary, 3, tmp_path, *arguments(place, "pretrain", "run", *QUICK))
        codes = ranks.wait(seconds=60)
    finally:
        subprocess.run(["umount", "--lazy", run], check=True)
    assert codes == [5, RANKS_LOST, RANKS_LOST], ranks.logs()
    for rank in range(3):
        assert "No space left on device" in ranks.log(rank) and "No space left on device" in ranks.error(rank)
    assert f"rank 0 on {os.uname().nodename} ended: " in ranks.log(2)


@pytest.mark.parametrize(("own", "names"), [
    (["--set", "data.corpus=other/corpus"], "rank 1 on {} has another corpus than rank 0 on {}"),
    (["--set", "optimizer.learning_rate=0.002"], "rank 1 on {} has other settings than rank 0 on {}:\n  optimizer.learning_rate: 0.002 instead"),
])
def test_a_rank_that_differs_is_named(albert, albert_binary, place, tmp_path, own, names):
    if not (place / "other").exists():
        (place / "other").mkdir()
        tiny_run.make_corpus(albert, place / "other")
        albert("corpus", "build", "--input", place / "other/text.txt", "--format", "lines", "--tokenizer", place / "tokenizer", "--output",
               place / "other/corpus", "--held-out", 0.1, "--overwrite")
    own = [word.replace("other/", f"{place}/other/") for word in own]
    ranks = Ranks(albert_binary, 3, tmp_path, *arguments(place, "pretrain", "run", *QUICK), own={1: own})
    assert set(ranks.wait(seconds=30)) <= {2, RANKS_LOST}
    host = os.uname().nodename
    for rank in range(3):
        assert names.format(host, host) in ranks.log(rank), ranks.logs()
    assert not (tmp_path / "run").exists()


def test_rank_0_alone_writes_the_folder_of_the_run(albert_binary, place, tmp_path):
    (tmp_path / "other").mkdir()
    ranks = Ranks(albert_binary, 2, tmp_path, *arguments(place, "finetune", "run", "--set", "train.steps=3"),
                  at=lambda rank: tmp_path / ("other" if rank == 1 else ""))
    assert ranks.wait() == [0, 0], ranks.logs()
    assert (tmp_path / "run/checkpoints/latest").exists() and not list((tmp_path / "other").iterdir())
    assert "latest: step 3" in ranks.log(0) and ranks.log(1) == ""


def test_the_cores_are_shared_whatever_torchrun_says(albert_binary, place, tmp_path):
    cores = len(os.sched_getaffinity(0))
    ranks = Ranks(albert_binary, 2, tmp_path, *arguments(place, "pretrain", "run", "--set", "train.steps=1", "--set", "train.threads=0"),
                  variables={"OMP_NUM_THREADS": cores + 1})
    assert ranks.wait() == [0, 0], ranks.logs()
    assert re.search(rf"computing on cpu, {max(1, cores // 2)} threads?, float32, each of 2 ranks", ranks.log(0))


def test_a_rank_that_does_not_come_is_named(albert_binary, place, tmp_path):
    ranks = Ranks(albert_binary, 3, tmp_path, *arguments(place, "pretrain", "run", "--set", "parallel.join_timeout_s=3"),
                  own={1: ["--set", "train.stepps=1"]})
    assert ranks.wait(seconds=20) == [RANKS_LOST, 2, RANKS_LOST], ranks.logs()
    assert "rank 1 of 3 did not come within 3 s" in ranks.log(0) and "did not come" in ranks.error(0)
    assert "rank 1 of 3 did not come" in ranks.log(2) or "another one did not come" in ranks.log(2)
    assert "train.stepps" in ranks.error(1) and not (tmp_path / "run").exists()


def test_a_local_rank_that_dies_at_once_is_told(albert_binary, place, tmp_path):
    command = subprocess.Popen([albert_binary, *map(str, arguments(place, "pretrain", tmp_path / "run", "--ranks", 2, *QUICK))],
                               stderr=subprocess.PIPE, env=rank_runs.environment(), text=True)
    wait_until(lambda: 1 in running(albert_binary), "rank 1 is there")
    os.kill(running(albert_binary)[1], signal.SIGKILL)
    assert "rank 1 was ended by SIGKILL" in command.communicate(timeout=30)[1]
    assert command.returncode == 128 + signal.SIGKILL


def test_ranks_of_other_instructions_are_named(albert_binary, place, tmp_path):
    """Sums are rounded otherwise there."""
    ranks = Ranks(albert_binary, 2, tmp_path, *arguments(place, "pretrain", "run", *QUICK),
                  prefix=lambda rank: ["env", "ATEN_CPU_CAPABILITY=default"] if rank == 1 else [])
    assert set(ranks.wait(seconds=30)) <= {2, RANKS_LOST}
    assert "rank 1 on {0} has another instruction set than rank 0 on {0}".format(os.uname().nodename) in ranks.log(0), ranks.logs()


def test_a_child_of_before_is_none_of_the_ranks(albert_binary, place, tmp_path):
    """A script may start something, and then become this program: its children are those of the program then, too."""
    words = [albert_binary, *arguments(place, "pretrain", tmp_path / "run", "--ranks", 2, *BRIEF)]
    result = subprocess.run(["bash", "-c", 'sleep 0.3 & exec "$@"', "bash", *map(str, words)], capture_output=True, text=True, timeout=60,
                            env=rank_runs.environment())
    assert result.returncode == 0, result.stderr
    assert state(tmp_path / "run")["step"] == 12


def test_too_few_descriptors_are_told_before_the_ranks_begin(albert_binary, place, tmp_path):
    """The limit is raised where the system lets it; where not, nobody waits for ranks that cannot connect."""
    words = [albert_binary, *arguments(place, "pretrain", tmp_path / "run", "--ranks", 2, *BRIEF)]

    def run(limit):
        return subprocess.run(["bash", "-c", f'ulimit {limit} && exec "$@"', "bash", *map(str, words)], capture_output=True, text=True, timeout=60,
                              env=rank_runs.environment())

    for limit in ("-n 12", "-n 16", "-n 71"):
        result = run(limit)
        assert result.returncode == 5, result.stderr
        assert f"the limit of open files is {limit[3:]}: expected at least 72" in result.stderr, result.stderr
        assert not (tmp_path / "run").exists()
    result = run("-Sn 16")
    assert result.returncode == 0, result.stderr


def test_what_is_wrong_with_the_configuration_is_told_once(albert, albert_binary, place, tmp_path):
    log = albert(*arguments(place, "pretrain", tmp_path / "run", "--ranks", 3, "--set", "train.stepps=1"), code=2)
    assert log.count("has 1 mistake") == 1
    pairs = ["--set", "task.embedding.objective=in_batch_negatives", "--set", "task.embedding.layout=own", "--model", "nowhere", "--data", "nowhere"]
    log = albert("finetune", "--config", "embedding", *pairs, "--run-dir", tmp_path / "run", "--ranks", 2, code=2)
    assert log.count("cannot be shared by 2 ranks") == 1
    ranks = Ranks(albert_binary, 2, tmp_path, *arguments(place, "pretrain", "run", "--set", "train.stepps=1"))
    assert ranks.wait() == [2, 2] and "rank 1: " in ranks.log(1), ranks.logs()


def test_a_series_is_that_of_one_process(albert, place, tmp_path):
    """With what makes losses and ends of runs differ: weights of classes, smoothed labels, patience. The last run's numbers are none, which
    rank 0 finds in evaluations that it computes."""
    settings = [*BRIEF, "--set", "evaluate.every=4", "--set", "evaluate.patience=1", "--set", "task.class_weights=balanced", "--set",
                "task.label_smoothing=0.1", "--sweep", "optimizer.learning_rate=1e-3,3e-3,1e30"]
    found = []
    for ranks in (1, 2):
        log = albert(*arguments(place, "finetune", tmp_path / str(ranks), *settings, "--ranks", ranks), code=6)
        assert "1 of 3 runs failed" in log
        found.append(sorted((tmp_path / str(ranks)).glob("*/metrics.jsonl")))
    assert len(found[0]) == len(found[1]) >= 2
    for one, other in zip(*found, strict=True):
        assert order(one.parent) == order(other.parent) and difference(one.parent, other.parent) < TOLERANCE


def test_connecting_late_is_refused(albert_binary, place, tmp_path):
    ranks = Ranks(albert_binary, 2, tmp_path, *arguments(place, "pretrain", "run"), variables={"TORCH_GLOO_LAZY_INIT": 1})
    assert ranks.wait() == [2, 2] and "unset it" in ranks.log(1)


def test_torchrun_starts_again_and_ends_where_an_undisturbed_run_ends(albert_binary, place, trained, tmp_path):
    """Three kills, each of a random rank at a random moment. --ranks 2 and torchrun's two give the same bits."""
    draw = random.Random()
    run = tmp_path / "run"
    begin = time.monotonic()
    process = torchrun(albert_binary, 2, tmp_path, *arguments(place, "pretrain", run, "--set", f"parallel.timeout_s={SMALL}"),
                       options=["--max-restarts=3", "--log-dir", tmp_path / "logs"])
    killed = []
    for steps in (draw.randint(0, 40), draw.randint(51, 100), draw.randint(101, 160)):
        wait_until(lambda: tiny_run.steps_done(run) >= steps and len(running(albert_binary)) == 2 or process.poll() is not None, f"step {steps}")
        victim = draw.choice([0, 1])
        before = running(albert_binary)
        os.kill(before[victim], signal.SIGKILL)
        killed.append((victim, steps, time.monotonic() - begin))
        wait_until(lambda: not set(before.values()) & set(running(albert_binary).values()), "all end", 40)
    process.wait(timeout=60)
    log = (tmp_path / "torchrun.log").read_text()
    assert process.returncode == 0, f"killed: {killed}\n{log}"
    assert weights(run) == weights(trained("pretrain", 2)), f"killed: {killed}"
    assert log.count("has started the ranks anew") == 3


def test_torchrun_passes_on_that_it_was_asked_to_stop(albert_binary, place, tmp_path):
    run = tmp_path / "run"
    process = torchrun(albert_binary, 2, tmp_path, *arguments(place, "pretrain", run, *QUICK, "--set", "checkpoint.every=0"),
                       options=["--max-restarts=3", "--log-dir", tmp_path / "logs"])
    wait_until(lambda: tiny_run.steps_done(run) >= 20, "step 20")
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=25)
    wait_until(lambda: not running(albert_binary), "all ranks end", 10)
    assert state(run)["step"] >= 20
    assert "has started the ranks anew" not in (tmp_path / "torchrun.log").read_text()


def test_torchrun_names_the_root_cause(albert_binary, place, tmp_path):
    process = torchrun(albert_binary, 2, tmp_path, *arguments(place, "pretrain", "run", "--set", "data.corpus=none"),
                       options=["--log-dir", tmp_path / "logs"])
    assert process.wait(timeout=60) == 1
    log = (tmp_path / "torchrun.log").read_text()
    assert "Root Cause" in log and "none: no manifest.json there" in log.split("Root Cause")[1]
