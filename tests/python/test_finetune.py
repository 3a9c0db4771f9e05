"""`albert finetune`, `evaluate` and `predict` from outside: what a run learns and leaves behind, and what happens when it is stopped,
resumed, or asked for the impossible."""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForSequenceClassification, AutoTokenizer

import tiny_run
from tiny_run import Process, records, weights, without_timings

STEPS = 60
INDOORS = {"box", "maze", "annex", "gazebo"}  # told by two letters: what so small a model learns in seconds
CONFIG = f"""
# albert finetune --config finetune.yaml --model MODEL --data DATA --run-dir RUN
task: {{name: places, kind: text, max_sequence_length: 32, text: {{label: [label], text: text}}}}
model: {{hidden_dropout_prob: 0, attention_probs_dropout_prob: 0, classifier_dropout_prob: 0.1}}
optimizer: {{learning_rate: 0.005, bias_correction: true}}
schedule: {{warmup_steps: 5}}
train: {{steps: {STEPS}, batch_size: 16, micro_batch_size: 8, precision: float32, device: cpu, threads: 1}}
evaluate: {{every: 10}}
checkpoint: {{every: 5, keep: 3}}
log: {{every: 1}}
"""
LONG = "train.steps=4000"  # a run that a signal is to meet in the middle


def sentences(count, seed):
    """So many sentences with the place that each is about."""
    choose = random.Random(seed).choice
    names = "Anna Bertram Clara David Emma Frederick".split()
    verbs = "met saw heard thanked helped answered visited".split()
    places = "garden harbour river field box maze annex gazebo".split()
    for _ in range(count):
        place = choose(places)
        yield f"{choose(names)} {choose(verbs)}: {place}, {place}, {place}.", place


def write_text(path):
    lines = [text for text, _ in sentences(300, 3)]
    path.write_text("\n".join(line for n in range(0, 300, 10) for line in [*lines[n : n + 10], ""]))


def write_examples(path, count, seed):
    lines = [f"{text}\t{'inside' if place in INDOORS else 'outside'}" for text, place in sentences(count, seed)]
    path.write_text("\n".join(["text\tlabel", *lines]) + "\n")


def rows(path):
    return [line.split("\t") for line in path.read_text().splitlines()[1:]]


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """base/, a pretrained model of a few steps; data/train.tsv and dev.tsv; finetune.yaml."""
    folder = tmp_path_factory.mktemp("finetune")
    tiny_run.make_corpus(albert, folder, write_text)
    albert("pretrain", "--config", folder / "run.yaml", "--set", "model.initializer_range=0.2", "--run-dir", folder / "base")
    (folder / "data").mkdir()
    write_examples(folder / "data/train.tsv", 200, 1)
    write_examples(folder / "data/dev.tsv", 60, 2)
    (folder / "finetune.yaml").write_text(CONFIG)
    return folder


def arguments(place, run, *more):
    return ["finetune", "--config", place / "finetune.yaml", "--model", place / "base", "--data", place / "data", "--run-dir", run, *more]


@pytest.fixture(scope="module")
def whole(albert, place):
    """A run that was never stopped."""
    albert(*arguments(place, place / "whole"))
    return place / "whole"


def test_it_learns_and_keeps_the_best(whole, place):
    lines = records(whole)
    evaluated = {line["step"]: (line["held_out_accuracy"], -line["held_out_loss"]) for line in lines if "held_out_accuracy" in line}
    assert sorted(evaluated) == [10, 20, 30, 40, 50, 60]
    labels = [label for _, label in rows(place / "data/dev.tsv")]
    majority = max(labels.count(label) for label in set(labels)) / len(labels)
    assert majority < 0.75 and max(evaluated.values())[0] > 0.9  # 1.0 was measured
    best = int((whole / "checkpoints/best").resolve().name.removeprefix("step-"))
    assert evaluated[best] == max(evaluated.values())
    assert list(lines[0])[:3] == ["step", "epoch", "loss"] and lines[-1]["epoch"] == pytest.approx(60 / 13, abs=0.1)


def test_evaluate_repeats_the_runs_own_figures(albert, whole, place):
    step = int((whole / "checkpoints/best").resolve().name.removeprefix("step-"))
    recorded = next(line for line in records(whole) if line["step"] == step)
    figures = json.loads(albert("evaluate", "--model", whole, "--data", place / "data", "--json"))
    assert figures["accuracy"] == recorded["held_out_accuracy"] and figures["examples"] == 60
    assert figures["loss"] == pytest.approx(recorded["held_out_loss"], abs=1e-6)
    assert "accuracy" in albert("evaluate", "--model", whole / "checkpoints/best", "--data", place / "data/dev.tsv")


def test_evaluate_writes_into_no_run_and_several_files_into_no_stream(albert, whole, place):
    data = place / "data"
    assert "which is read" in albert("evaluate", "--model", whole, "--data", data, "--output", whole / "metrics.jsonl", "--overwrite", code=2)
    message = albert("evaluate", "--model", whole, "--data", data / "train.tsv", "--data", data / "dev.tsv", "--output", "/dev/stdout", code=2)
    assert "the predictions of 2 files go to one each" in message


def test_an_output_that_cannot_be_written_is_found_before_the_predictions(albert, whole, place, tmp_path):
    os.mkfifo(tmp_path / "unread")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
    for output, words in ((tmp_path / "unread", "a named pipe (FIFO) that nobody reads"), (tmp_path / "socket", "found a socket"),
                          ("/dev/fd/77", "no descriptor 77 to write to")):
        message = albert("evaluate", "--model", whole, "--data", place / "data/dev.tsv", "--output", output, code=5 if "unread" in str(output) else 2)
        assert words in message and "examples" not in message, message


def test_data_may_come_through_a_pipe(albert_binary, whole, place, tmp_path):
    """Twice, where two models are compared."""
    for command in ("evaluate", f"export --to onnx --int8 --output {tmp_path}/exported"):
        result = subprocess.run(["bash", "-c", f'"$0" {command} --model "$1" --data <(cat "$2")', albert_binary, whole, place / "data/dev.tsv"],
                                capture_output=True, text=True)
        assert result.returncode == 0, result.stderr


def test_a_run_ends_with_the_figures_that_evaluate_gives(albert, place, tmp_path):
    printed = albert(*arguments(place, tmp_path / "run", "--set", "train.precision=bfloat16", "--set", "train.steps=20"))
    figures = json.loads(albert("evaluate", "--model", tmp_path / "run", "--data", place / "data", "--json"))
    assert f"held out: loss {figures['loss']:.4f}," in printed and f"best accuracy: {figures['accuracy']:.4f} at step" in printed
    last = json.loads((tmp_path / "run/figures.json").read_text())
    assert last == {"step": last["step"]} | {name: figures[name] for name in last if name != "step"} and "accuracy" in last
    assert all(line["held_out_loss"] != figures["loss"] for line in records(tmp_path / "run") if "held_out_loss" in line)


def test_transformers_opens_it_with_the_same_logits(albert, whole, place):
    folder = whole / "checkpoints/best"
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    assert model.config.id2label == {0: "inside", 1: "outside"} and model.config.problem_type == "single_label_classification"
    texts = [text for text, _ in rows(place / "data/dev.tsv")]
    with torch.no_grad():
        expected = model(**tokenizer(texts, padding=True, return_tensors="pt")).logits.softmax(-1)
    lines = albert("predict", "--model", folder, "--format", "jsonl",
                   stdin="".join(json.dumps({"text": text}) + "\n" for text in texts)).splitlines()
    found = torch.tensor([[json.loads(line)["probabilities"][label] for label in ("inside", "outside")] for line in lines])
    assert (found - expected).abs().max() < 2e-6
    assert (found.flip(1) - expected).abs().max() > 0.1  # the comparison sees labels that are exchanged


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_a_resumed_run_is_the_run_that_was_never_stopped(albert, albert_binary, place, whole, tmp_path, number):
    run = tmp_path / "run"
    code, log = Process(albert_binary, *arguments(place, run)).stop_after(run, 22, number)
    assert code in {-9, 128 + number}, log
    albert(*arguments(place, run, "--resume", "--set", "data.threads=3"))
    assert weights(run) == weights(whole)
    assert without_timings(run) == without_timings(whole)


def test_a_signal_before_the_first_update_is_answered(albert_binary, place, tmp_path):
    run = tmp_path / "run"
    write_examples(tmp_path / "many.tsv", 300_000, 1)  # takes longer to read than the signal to come
    stopped = Process(albert_binary, *arguments(place, run, "--data", tmp_path / "many.tsv")).process
    stopped.stderr.readline()  # the first thing that it says is which model it begins with
    stopped.send_signal(signal.SIGUSR1)
    _, log = stopped.communicate(timeout=120)
    assert stopped.returncode == 128 + signal.SIGUSR1
    assert "stopped by SIGUSR1; what was saved before stays. To go on:\n  albert finetune" in log and log.endswith(" --resume\n")


def test_a_killed_run_loses_no_more_than_what_came_after_its_last_evaluation(albert_binary, place, tmp_path):
    """By default: nothing is said of checkpoints, and all evaluations are equal."""
    run = tmp_path / "run"
    (tmp_path / "finetune.yaml").write_text(CONFIG.replace("checkpoint: {every: 5, keep: 3}\n", ""))
    still = arguments(place, run, "--set", "optimizer.learning_rate=0", "--set", "train.steps=4000", "--config", tmp_path / "finetune.yaml")
    del still[1:3]
    Process(albert_binary, *still).stop_after(run, 47, signal.SIGKILL)
    assert (run / "checkpoints/latest").resolve().name >= "step-00000040"
    assert (run / "checkpoints/best").resolve().name >= "step-00000040"
    assert len(list((run / "checkpoints").glob("step-*"))) in {3, 4}  # the last three, and one that was being written


def test_other_data_are_refused_on_resuming(albert, place, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(place / "data", data)
    command = ["finetune", "--config", place / "finetune.yaml", "--model", place / "base", "--data", data, "--run-dir", tmp_path / "run",
               "--set", "train.steps=5"]
    albert(*command)
    write_examples(data / "train.tsv", 200, 9)
    refused = albert(*command, "--resume", "--set", "train.steps=9", code=2)
    assert "training data is not the one" in refused and "with --model" in refused and "--init-from" not in refused
    refused = albert(*command, "--resume", "--set", "train.steps=9", "--set", "train.batch_size=8", code=2)
    assert "train.batch_size: was 16, now 8" in refused and "with --model" in refused and "--init-from" not in refused


def test_it_ends_when_nothing_gets_better(albert, place, tmp_path):
    run = tmp_path / "run"
    still = ["--set", "optimizer.learning_rate=0", "--set", "evaluate.patience=2", "--set", "evaluate.every=3", "--set", "checkpoint.every=0"]
    albert(*arguments(place, run, *still))
    assert "learning_rate is 0: nothing will be learnt" in (run / "run.log").read_text()
    assert records(run)[-1]["step"] == 9
    assert (run / "checkpoints/latest").resolve().name == "step-00000009"
    albert(*arguments(place, run, *still, "--resume"))
    assert records(run)[-1]["step"] == 9


def test_a_frozen_encoder_keeps_its_weights(albert, place, tmp_path):
    albert(*arguments(place, tmp_path / "run", "--set", "model.freeze_encoder=true", "--set", "train.steps=10"))
    before = load_file(place / "base/checkpoints/best/model.safetensors")
    after = load_file(tmp_path / "run/checkpoints/latest/model.safetensors")
    changed = {name for name in after if name not in before or not torch.equal(before[name], after[name])}
    assert changed == {"albert.pooler.weight", "albert.pooler.bias", "classifier.weight", "classifier.bias"}


def test_several_seeds_give_their_median(albert, place, tmp_path):
    printed = albert(*arguments(place, tmp_path / "run", "--seeds", 3, "--set", "train.steps=10"))
    values = [float(line.split(":")[2].split()[0]) for line in printed.splitlines() if line.startswith("seed-")]
    assert len(values) == 3 and "median of 3 seeds" in printed and printed.splitlines()[-1].split()[0] == f"{sorted(values)[1]:.4f}"
    assert weights(tmp_path / "run/seed-1") != weights(tmp_path / "run/seed-2")
    written = json.loads((tmp_path / "run/runs.json").read_text())
    assert written["metric"] == "accuracy" and written["groups"][0]["median"] == pytest.approx(sorted(values)[1], abs=5e-5)
    assert [run["folder"] for run in written["runs"]] == ["seed-1", "seed-2", "seed-3"]
    assert values[int(written["best"][-1]) - 1] == max(values)


def test_folds_and_sweeps_are_runs_of_one_grid(albert, place, tmp_path):
    """Two folds of the training file for each of two learning rates, of which one makes the loss infinite; the file is in two parts."""
    lines = (place / "data/train.tsv").read_text().splitlines(keepends=True)
    for name, part in (("a", lines[1::2]), ("b", lines[2::2])):
        (tmp_path / f"part-{name}.tsv").write_text(lines[0] + "".join(part))
    command = [*arguments(place, tmp_path / "run", "--folds", 2, "--sweep", "optimizer.learning_rate=1e-3,1e30", "--set", "train.steps=10")]
    command[command.index("--data") + 1] = tmp_path / "part-*.tsv"
    assert "2 of 4 runs failed, since a number was NaN or Inf" in albert(*command, code=6)
    written = json.loads((tmp_path / "run/runs.json").read_text())
    assert [run["folder"] for run in written["runs"]] == [f"learning_rate={rate},fold-{fold}" for rate in ("1e-3", "1e30") for fold in (1, 2)]
    right, wrong = written["groups"]
    assert right["mean"] == pytest.approx(sum(run["value"] for run in written["runs"][:2]) / 2) and "mean" not in wrong
    assert "failure" in written["runs"][2]
    model = tmp_path / "run/learning_rate=1e-3,fold-1"
    assert "into folds together with other files" in albert("evaluate", "--model", model, "--data", tmp_path / "part-a.tsv", code=3)


def test_several_seeds_go_on_without_a_configuration(albert, albert_binary, place, tmp_path):
    short = ("--seeds", 2, "--set", "train.steps=100")
    albert(*arguments(place, tmp_path / "whole", *short))
    run = tmp_path / "run"
    code, log = Process(albert_binary, *arguments(place, run, *short)).stop_after(run / "seed-1", 12, signal.SIGINT)
    assert code == 128 + signal.SIGINT and not (run / "seed-2").exists() and not (run / "runs.json").exists(), log
    albert("finetune", "--run-dir", run, "--seeds", 2, "--resume")
    assert weights(run / "seed-1") == weights(tmp_path / "whole/seed-1") and weights(run / "seed-2") == weights(tmp_path / "whole/seed-2")
    assert json.loads((run / "runs.json").read_text()) == json.loads((tmp_path / "whole/runs.json").read_text())
    assert f"{run} holds the run seed-" in albert("finetune", "--run-dir", run, "--folds", 2, "--resume", code=2)


def test_masked_words_want_another_head(albert, whole):
    refused = albert("fill-mask", "--model", whole, "Anna met [MASK].", code=4)
    assert "a head for masked words" in refused and "AlbertForSequenceClassification" in refused and "pretrained model" in refused


def test_a_metric_that_is_undefined_is_told(albert_binary, place, tmp_path):
    for name in ("train", "dev"):
        (tmp_path / f"{name}.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t0.5\n" for text, _ in sentences(16, 1)))
    command = [*arguments(place, tmp_path / "run"), "--set", "task.text.output=regression", "--set", "train.steps=20"]
    command[command.index("--data") + 1] = tmp_path
    log = subprocess.run([str(part) for part in (albert_binary, *command)], capture_output=True, text=True, check=True).stderr
    (warning,) = [line for line in log.splitlines() if "the evaluation has no" in line]
    assert "no pearson, by which models are compared" in warning and "no checkpoint is kept as the best" in warning
    assert log.count("pearson is undefined: all gold values are equal") == 1


def test_a_model_that_is_no_better_than_a_constant_guess_is_told(albert_binary, place, whole, tmp_path):
    def log_of(*command):
        return subprocess.run([str(part) for part in (albert_binary, *command)], capture_output=True, text=True, check=True).stderr

    hint = r"dev.tsv: accuracy (0\.\d+) is no better than the (0\.\d+) of always saying '(in|out)side': .*optimizer.learning_rate"
    log = log_of(*arguments(place, tmp_path / "run", "--set", "train.steps=1", "--set", "optimizer.learning_rate=1e-9", "--set", "evaluate.every=1"))
    (said,) = re.findall(hint, log)
    assert float(said[0]) <= float(said[1])
    assert re.findall(hint, log_of("evaluate", "--model", tmp_path / "run", "--data", place / "data")) == [said]
    assert "no better than" not in log_of("evaluate", "--model", whole, "--data", place / "data")


def test_predictions_come_in_order_and_bad_lines_are_named(albert, whole):
    texts = ["Anna met Clara: harbour, harbour, harbour.", "", "Clara saw Emma: maze, maze, maze. " * 40, "Emma saw Anna: annex, annex, annex."]
    lines = albert("predict", "--model", whole, stdin="\n".join(texts)).splitlines()
    assert [line.split("\t")[0] for line in lines] == ["outside", "", "inside", "inside"]  # beside the input, as `paste` puts them
    broken = '{"text": "Anna met Clara: harbour, harbour, harbour."}\nnot json\n{"text": "caf\udce9"}\n{"text": "Emma saw Anna: annex, annex, annex."}\n'
    predict = lambda *more, stdin=broken: albert("predict", "--model", whole, *more, stdin=stdin).splitlines()
    predicted = [json.loads(line) for line in predict("--format", "jsonl", "--on-bad-record", "empty")]
    assert ["prediction" in record for record in predicted] == [True, False, False, True] and predicted[1:3] == [{}, {}]
    assert len(predict("--format", "jsonl")) == len(predict("--format", "jsonl", "--on-bad-record", "skip")) == 2
    assert len(predict("--on-bad-record", "skip", stdin="\n".join(texts))) == 3
    table = "text\n" + "\n".join(texts[:2]) + "\n"
    assert len(predict("--format", "tsv", stdin=table)) == 2 and len(predict("--format", "tsv", "--on-bad-record", "empty", stdin=table)) == 3


def test_a_stream_that_stops_at_a_bad_record_ends_behind_what_was_good(albert_binary, whole):
    texts = ["Anna met Clara: harbour, harbour, harbour.", "", "Emma saw Anna: annex, annex, annex."]
    result = subprocess.run([albert_binary, "predict", "--model", whole, "--on-bad-record", "stop"], input="\n".join(texts), capture_output=True, text=True)
    assert result.returncode == 3 and "standard input:2" in result.stderr
    assert [line.split("\t")[0] for line in result.stdout.splitlines()] == ["outside"]


def test_a_stream_that_cannot_be_read_at_all_is_an_error(albert, whole):
    printed = albert("predict", "--model", whole, "--format", "jsonl", stdin='{"body": "a"}\n{"body": "b"}\n', code=3)
    assert "standard input: none of 2 records could be read" in printed and "no field 'text'" in printed
    assert albert("predict", "--model", whole, "--format", "jsonl", stdin="") == ""


def test_what_a_record_held_comes_out_as_it_stood(albert, whole):
    record = '{"id": 12345678901234567890123, "price": 1.10, "text": "a maze"}'
    printed = albert("predict", "--model", whole, "--format", "jsonl", stdin=record)
    assert printed.startswith('{"id": 12345678901234567890123,"price": 1.10,"text": "a maze","prediction":')


def test_texts_that_are_too_long_are_counted(albert_binary, whole):
    texts = "a b c\n" + "word " * 3000 + "\n" + "more " * 3000 + "\n"
    result = subprocess.run([str(albert_binary), "predict", "--model", str(whole)], input=texts, capture_output=True, text=True)
    assert len(result.stdout.splitlines()) == 3
    assert "2 records were longer than the" in result.stderr and "tokens that the model reads, and cut" in result.stderr


def test_whoever_waits_for_an_answer_gets_it(albert_binary, whole):
    with subprocess.Popen([str(albert_binary), "predict", "--model", str(whole)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:
        for text, label in [("Anna met Clara: harbour, harbour, harbour.", "outside"), ("Emma saw Anna: annex, annex, annex.", "inside")]:
            process.stdin.write(text + "\n")
            process.stdin.flush()
            assert process.stdout.readline().split("\t")[0] == label
        process.stdin.close()
        assert process.wait(timeout=60) == 0


def test_long_streams_are_predicted_as_short_ones(albert, whole, place):
    texts = [text for text, _ in rows(place / "data/train.tsv")] * 10
    lines = albert("predict", "--model", whole, stdin="\n".join(texts) + "\n").splitlines()
    assert len(lines) == 2000 and lines[:200] == lines[200:400]


def test_a_model_without_encoder_weights_is_refused(albert, place, tmp_path):
    empty = tmp_path / "empty"
    shutil.copytree(place / "base/checkpoints/best", empty)
    kept = {name: tensor for name, tensor in load_file(empty / "model.safetensors").items() if not name.startswith("albert.encoder")}
    save_file(kept, empty / "model.safetensors", metadata={"format": "pt"})
    for model in (empty, place / "data"):
        message = albert("finetune", "--config", place / "finetune.yaml", "--model", model, "--data", place / "data", "--run-dir",
                         tmp_path / "run", code=4)
        assert str(model) in message


def test_a_pretrained_model_has_no_task_to_evaluate(albert, place):
    assert "albert finetune --config" in albert("evaluate", "--model", place / "base", "--data", place / "data", code=4)


def test_an_unknown_label_in_the_development_data_is_named(albert, place, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(place / "data", data)
    with (data / "dev.tsv").open("a") as file:
        file.write("Anna met Clara: harbour, harbour, harbour.\tabove\n")
    message = albert("finetune", "--config", place / "finetune.yaml", "--model", place / "base", "--data", data, "--run-dir",
                     tmp_path / "run", code=3)
    assert "dev.tsv:62" in message and "above" in message and "inside" in message


def test_what_is_trained_on_is_not_evaluated_on(albert, place, tmp_path):
    """One file serves both training and evaluation, of any task: it is divided, or nothing is evaluated."""
    data = tmp_path / "train.tsv"
    data.write_text("sentence\tlabel\n" + "".join(f"Anna met Clara {i}\t{i % 2}\n" for i in range(20)))
    folder = Path(__file__).resolve().parents[2] / "configs/finetune"
    run = ["--config", folder / "sst2.yaml", "--set", "train.steps=2", "--set", "schedule.warmup_steps=1", "--set",
           "task.max_sequence_length=32", "--model", place / "base", "--data", data, "--run-dir", tmp_path / "run"]
    assert "held out" in albert("finetune", *run)
    assert json.loads(albert("evaluate", "--model", tmp_path / "run", "--data", data, "--json"))["examples"] < 20
    assert json.loads(albert("evaluate", "--model", tmp_path / "run", "--data", data, "--part", "test", "--json"))["examples"] == 20
    whole = [*run[:-1], tmp_path / "whole", "--set", "task.held_out=0"]
    assert "held out" not in albert("finetune", *whole) and not (tmp_path / "whole/checkpoints/best").exists()


def test_config_reads_recipes_of_both_kinds(albert, tmp_path):
    configs = Path(__file__).resolve().parents[2] / "configs"
    printed = albert("config", "print", configs / "finetune/classification.yaml", "--set", "train.steps=20")
    assert "steps: 20  # --set train.steps" in printed and "epochs: 0  # --set train.steps" in printed
    files = [configs / "finetune/sst2.yaml", configs / "pretrain/tiny.yaml"]
    assert albert("config", "validate", *files).count("in order") == 2
    assert "20935 updates" in albert("config", "schedule", configs / "finetune/sst2.yaml")
