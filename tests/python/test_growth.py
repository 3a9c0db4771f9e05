"""`albert pretrain` of a model that grows: deeper, with longer sequences, larger updates and fewer hidden words."""

import json
import signal

import pytest
from safetensors.torch import load_file
from transformers import AlbertForPreTraining

import tiny_run
from rank_runs import difference, order
from tiny_run import STEPS, Process, records, weights, without_timings

# Of 40 updates the borders are at 10 (depth), 20 (batch) and 30 (depth and length).
GROWTH = ["train.depth_schedule={0: 1, 0.25: 2, 0.75: 4}", "data.length_schedule={0: 24, 0.75: 48}", "train.batch_schedule={0: 4, 0.5: 6}",
          "data.masking_rate={0: 0.4, 1: 0.15}", "schedule.rewarm_steps=3", "model.num_hidden_layers=4"]


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("growth")
    tiny_run.make_corpus(albert, folder)
    return folder


def arguments(place, run, *more):
    return ["pretrain", "--config", place / "run.yaml", "--run-dir", run, *(word for setting in GROWTH for word in ("--set", setting)), *more]


@pytest.fixture(scope="module")
def whole(albert, place):
    """A run that was never stopped."""
    albert(*arguments(place, place / "whole"))
    return place / "whole"


UNSHARED = ["--set", "model.num_hidden_groups=4"]


@pytest.mark.parametrize("step", [10, 18, 30])
def test_killed_and_resumed_equals_never_stopped(albert, albert_binary, place, whole, tmp_path, step):
    run = tmp_path / "run"
    code, _ = Process(albert_binary, *arguments(place, run)).stop_after(run, step, signal.SIGTERM)
    assert code == 128 + signal.SIGTERM
    albert(*arguments(place, run, "--resume", "--set", "data.threads=3"))
    assert weights(run) == weights(whole)
    assert without_timings(run) == without_timings(whole)


def test_records_say_what_each_update_was_made_with(whole):
    lines = records(whole)
    shape = lambda step: tuple(lines[step - 1][name] for name in ("layers", "sequence_length", "batch_size"))
    assert [shape(step) for step in (1, 10, 11, 20, 21, 30, 31, 40)] == [
        (1, 24, 4), (1, 24, 4), (2, 24, 4), (2, 24, 4), (2, 24, 6), (2, 24, 6), (4, 48, 6), (4, 48, 6)]
    rates = [line["masking_rate"] for line in lines]
    assert rates == pytest.approx([0.4 - 0.25 * step / STEPS for step in range(STEPS)])


@pytest.mark.parametrize("ranks", [2, 3])
def test_ranks_grow_as_one_process(albert, place, whole, tmp_path, ranks):
    albert(*arguments(place, tmp_path / "run", "--ranks", ranks))
    assert order(tmp_path / "run") == order(whole)
    assert difference(tmp_path / "run", whole) < 1e-5


def test_a_saved_model_is_as_deep_as_it_was(albert, place, whole, tmp_path):
    """So that its figures are those of the evaluation in the training, and Transformers opens it as it was judged."""
    run = tmp_path / "run"
    albert(*arguments(place, run, "--set", "checkpoint.every=20", "--set", "checkpoint.keep=5"))
    layers = {folder.name: json.loads((folder / "config.json").read_text())["num_hidden_layers"]
              for folder in (run / "checkpoints").glob("step-*") if not folder.is_symlink()}
    assert sorted(layers.values()) == [2, 4], layers
    assert json.loads((whole / "checkpoints/latest/config.json").read_text())["num_hidden_layers"] == 4


def layer_of(state, number):
    begin = f"albert.encoder.albert_layer_groups.{number}."
    return {name.removeprefix(begin): tensor for name, tensor in state.items() if name.startswith(begin)}


def test_layers_that_share_nothing_are_stacked(albert, albert_binary, place, tmp_path):
    """A deeper model begins with copies of the layers that it has. Without a rate, they stay as they were."""
    still = tmp_path / "still"
    albert(*arguments(place, still, *UNSHARED, "--set", "train.depth_schedule={0: 2, 0.75: 4}", "--set", "optimizer.learning_rate=0", "--set",
                      "checkpoint.every=1", "--set", "checkpoint.keep=99"))
    before, after, end = (load_file(still / f"checkpoints/step-{step:08}/model.safetensors") for step in (30, 31, 40))
    assert set(layer_of(before, 1)) and not layer_of(before, 2), "a saved model has the layers that it reaches"
    for number in range(4):
        for name, tensor in layer_of(after, number).items():
            assert tensor.equal(layer_of(before, number % 2)[name]) and tensor.equal(layer_of(end, number)[name]), name
    before, after = (load_file(still / f"checkpoints/step-{step:08}/optimizer.safetensors") for step in (30, 31))
    for number in (2, 3):
        for name, square in layer_of(after, number).items():
            if name.endswith(".exp_avg_sq"):  # it decays from what the original had
                assert (square >= 0.9 * layer_of(before, number % 2)[name]).all() and square.any(), name
    after = load_file(still / "checkpoints/step-00000031/model.safetensors")
    assert not layer_of(after, 2)["albert_layers.0.ffn.weight"].equal(layer_of(after, 3)["albert_layers.0.ffn.weight"])

    albert(*arguments(place, tmp_path / "whole", *UNSHARED))
    for step in (10, 30):
        run = tmp_path / str(step)
        Process(albert_binary, *arguments(place, run, *UNSHARED)).stop_after(run, step, signal.SIGTERM)
        albert(*arguments(place, run, *UNSHARED, "--resume"))
        assert weights(run) == weights(tmp_path / "whole")
    albert(*arguments(place, tmp_path / "ranks", *UNSHARED, "--ranks", 2))
    assert difference(tmp_path / "ranks", tmp_path / "whole") < 1e-5
    AlbertForPreTraining.from_pretrained(still / "checkpoints/step-00000030")


def test_the_rate_rises_again_and_the_order_does_not_depend_on_the_masks(albert, place, whole, tmp_path):
    rates = [record["learning_rate"] for record in records(whole)]
    for border in (10, 30):
        assert rates[border] < rates[border + 1] < rates[border + 2] < rates[border - 1]
    assert rates[20] < rates[19] and rates[21] < rates[20]  # a larger batch is no border
    albert(*arguments(place, tmp_path / "run", "--set", "data.masking_rate=0.15"))
    assert order(tmp_path / "run") == order(whole)
    assert weights(tmp_path / "run") != weights(whole)


def test_the_schedule_is_shown(albert, place):
    settings = [word for setting in [*GROWTH, f"train.steps={STEPS}"] for word in ("--set", setting)]
    shown = albert("config", "schedule", place / "run.yaml", *settings)
    rows = [line.split() for line in shown.splitlines()[1:5]]
    assert [row[:6] for row in rows] == [["1", "to", "10", "1", "24", "4"], ["11", "to", "20", "2", "24", "4"], ["21", "to", "30", "2", "24", "6"],
                                         ["31", "to", "40", "4", "48", "6"]]
    assert "deeper or longer from here" in shown


def test_settings_of_growth_stay_on_resuming(albert, place, whole, tmp_path):
    run = tmp_path / "run"
    albert(*arguments(place, run, "--set", "checkpoint.every=0"))
    message = albert(*arguments(place, run, "--resume", "--set", "train.depth_schedule={0: 2, 0.75: 4}"), code=2)
    assert "train.depth_schedule: was 0: 1, 0.25: 2, 0.75: 4, now 0: 2, 0.75: 4" in message
    message = albert(*arguments(place, run, "--resume", "--set", f"train.steps={2 * STEPS}"), code=2)
    assert f"train.steps: was {STEPS}, now {2 * STEPS} (the shares in data.length_schedule, data.masking_rate, train.batch_schedule," in message
    message = albert(*arguments(place, tmp_path / "other", "--set", "train.depth_schedule={0: 2, 0.75: 3}"), code=2)
    assert "train.depth_schedule: ends with 3, but model.num_hidden_layers is 4" in message
    message = albert(*arguments(place, tmp_path / "other", "--set", "data.length_schedule={0: 24, 1: 48}"), code=2)
    assert "data.length_schedule: has 48 at the share 1, which is the end of the run" in message
    message = albert(*arguments(place, tmp_path / "other", "--set", "train.steps=1"), code=2)
    assert "ends before its model has grown" in message
    assert not (tmp_path / "other").exists()


# By the clock: half a minute would suffice a person to kill it; the tests have three seconds.
BY_THE_CLOCK = ["--set", "train.minutes=0.05", "--set", "schedule.warmup_ratio=0.1", "--set", "schedule.rewarm_ratio=0.05", "--set",
                "checkpoint.every=3"]


def clock(run):
    return [int(line) for line in (run / "clock.txt").read_text().splitlines()]


@pytest.mark.parametrize("ranks", [1, 2])
def test_a_run_by_the_clock_is_repeated(albert, place, tmp_path, ranks):
    more = ["--ranks", ranks]
    albert(*arguments(place, tmp_path / "run", *BY_THE_CLOCK, *more))
    places = clock(tmp_path / "run")
    num_updates = max(record["step"] for record in records(tmp_path / "run"))
    assert places == sorted(places) and places[num_updates - 1] < 3000 <= places[num_updates]
    (summary,) = json.loads(albert("runs", tmp_path, "--json"))
    assert (summary["state"], summary["step"], summary["num_steps"]) == ("complete", num_updates, num_updates)
    last = json.loads((tmp_path / "run/checkpoints/latest/config.json").read_text())
    assert last["num_hidden_layers"] == 4, "it has gone through all its stages"
    albert(*arguments(place, tmp_path / "again", *BY_THE_CLOCK, *more, "--set", f"train.clock={tmp_path / 'run/clock.txt'}"))
    assert weights(tmp_path / "again") == weights(tmp_path / "run")
    assert clock(tmp_path / "again") == places


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_a_run_by_the_clock_is_resumed(albert, albert_binary, place, tmp_path, stop):
    """It has the same updates as one that repeats it without a stop: also those again that were lost."""
    run = tmp_path / "run"
    Process(albert_binary, *arguments(place, run, *BY_THE_CLOCK)).stop_after(run, 8, stop)
    before = clock(run)
    albert("pretrain", "--run-dir", run, "--resume")
    after = clock(run)
    assert after[:len(before)] == before and len(after) > len(before)
    assert after[-1] < 3600, "the time of lost updates counts once"
    assert after.count(before[-1]) <= before.count(before[-1]) + 3, "the clock stands still in no update of the second sitting"
    albert(*arguments(place, tmp_path / "again", *BY_THE_CLOCK, "--set", f"train.clock={run / 'clock.txt'}"))
    assert weights(tmp_path / "again") == weights(run)
