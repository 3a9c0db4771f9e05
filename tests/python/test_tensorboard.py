"""The event files of a run, read by the real TensorBoard."""

import signal

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import tiny_run
from tiny_run import Process, records


def scalars(run, tag):
    events = EventAccumulator(str(run / "tensorboard"))
    events.Reload()
    return [(event.step, event.value) for event in events.Scalars(tag)]


def test_tensorboard_shows_what_the_metrics_say(albert, albert_binary, tmp_path):
    tiny_run.make_corpus(albert, tmp_path)
    run = tmp_path / "run"
    command = ["pretrain", "--config", tmp_path / "run.yaml", "--run-dir", run]
    Process(albert_binary, *command).stop_after(run, 8, signal.SIGKILL)
    albert(*command, "--resume")  # what the killed process logged after its last checkpoint is logged again

    expected = records(run)
    for tag in ("loss", "mlm_accuracy", "sop_loss", "learning_rate", "gradient_norm", "tokens_per_second"):
        shown = scalars(run, f"train/{tag}")
        assert [step for step, _ in shown] == [record["step"] for record in expected]
        assert [value for _, value in shown] == pytest.approx([record[tag] for record in expected], rel=1e-6)
    evaluated = [record for record in expected if "held_out_mlm_loss" in record]
    assert scalars(run, "held_out/mlm_loss") == [(record["step"], pytest.approx(record["held_out_mlm_loss"], rel=1e-6)) for record in evaluated]
    assert len(evaluated) == 2
