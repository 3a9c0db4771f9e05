"""The scripts of scripts/examples, run as a person runs them on what `albert export` writes: the numbers of `albert predict` and `albert
embed` on every line."""

import json
import random
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT
from test_heads import CONFIG, LABELS, MAX_LENGTH, base, text, write_data  # noqa: F401 (a fixture)

TOLERANCE = 1e-5  # of probabilities, of numbers near 1, and of vectors of length 1
FOLDER = ROOT / "scripts/examples"
OPTIMUM = ROOT / ".deps/optimum/bin/python"
# name: (the task's configuration, whether it is of pairs, what a record is labelled with)
TASKS = {
    "pairs": ("kind: text, text: {second_text: second_text}", True, lambda r: {"label": r.choice(LABELS)}),
    "singles": ("kind: text", False, lambda r: {"label": r.choice(LABELS)}),
    "labels": ("kind: text, text: {output: multilabel}", False, lambda r: {"label": r.sample(LABELS, 2)}),
    "number": ("kind: text, text: {output: regression}", False, lambda r: {"label": r.random()}),
    "embedding": ("kind: embedding, embedding: {max_score: 5, label: score}", True, lambda r: {"score": r.choice([0, 5])}),
}
QUICK = ["onnxruntime_classify.py", "onnxruntime_classify", "torch_export_classify"]
SLOW = ["transformers_classify.py", "torch_export_classify.py"]  # which import for seconds
RUNS = {"pairs": [*QUICK, *SLOW, "optimum_classify.py"], "singles": QUICK, "labels": [*QUICK, *SLOW], "number": QUICK}


def texts_to_use(is_pair):
    """More than a batch of the scripts; some are too long for the model, and some have capitals and unknown characters."""
    draw = random.Random(4)
    ordinary = [[text(draw) for _ in range(1 + is_pair)] for _ in range(40)]
    special = [["The OLD River", "brød, 3,50 $"], [text(draw, 90, 100), "a mill"], ["two guests", text(draw, 90, 100)]]
    return ordinary + [texts[: 1 + is_pair] for texts in special]


@pytest.fixture(scope="module")
def made(albert, base, tmp_path_factory):
    """made(task): a folder with two fine-tuned models, run/ and other/, and export/, the first of them."""
    folders = {}

    def make(name):
        if name not in folders:
            task, is_pair, label = TASKS[name]
            folder = folders[name] = tmp_path_factory.mktemp(name)
            (folder / "config.yaml").write_text(CONFIG.format(task=task, length=MAX_LENGTH))
            second = lambda r: {"second_text": text(r)} if is_pair else {}
            write_data(folder / "data", lambda r: {"text": text(r), **second(r), **label(r)})
            for run, rate in [("run", 0.01), ("other", 0.02)]:
                albert("finetune", "--config", folder / "config.yaml", "--model", base, "--data", folder / "data", "--run-dir", folder / run,
                       "--set", f"optimizer.learning_rate={rate}")
            albert("export", "--model", folder / "run", "--output", folder / "export", "--int8")
        return folders[name]

    return make


def command(script, build):
    """How a script is run. One that is missing for a reason is skipped, with the reason."""
    if script == "optimum_classify.py":
        if not OPTIMUM.exists():
            pytest.skip(f"there is no {OPTIMUM.relative_to(ROOT)}: run scripts/setup.sh --tests")
        return [OPTIMUM, FOLDER / script]
    if script.endswith(".py"):
        return [sys.executable, FOLDER / script]
    program = build / "scripts/examples" / script
    if script == "onnxruntime_classify" and not program.exists():
        pytest.skip("onnxruntime_classify is not built: the headers of ONNX Runtime were not found, see scripts/examples/README.md")
    return [program]


def run(script, build, folder, texts, *more):
    """The numbers that a script prints, a row for each text."""
    result = subprocess.run([*command(script, build), folder, *more], input="".join("\t".join(fields) + "\n" for fields in texts),
                            capture_output=True, encoding="utf-8", timeout=300)
    assert result.returncode == 0, result.stderr
    return np.array([[float(number) for number in line.split(" ")] for line in result.stdout.splitlines()])


def predicted(albert, model, texts):
    """The same of `albert predict`."""
    records = "".join(json.dumps(dict(zip(("text", "second_text"), fields))) + "\n" for fields in texts)
    answers = [json.loads(line) for line in albert("predict", "--model", model, "--format", "jsonl", stdin=records).splitlines()]
    if "probabilities" not in answers[0]:
        return np.array([[answer["prediction"]] for answer in answers])
    return np.array([[answer["probabilities"][label] for label in sorted(LABELS)] for answer in answers])


def difference(found, wanted):
    assert found.shape == wanted.shape
    return np.abs(found - wanted).max()


@pytest.mark.parametrize(("task", "script"), [(task, script) for task, scripts in RUNS.items() for script in scripts])
def test_a_script_gives_the_numbers_of_predict(albert, albert_binary, made, task, script):
    folder, texts = made(task), texts_to_use(TASKS[task][1])
    found = run(script, albert_binary.parent, folder / "export", texts)
    assert difference(found, predicted(albert, folder / "run", texts)) < TOLERANCE
    assert difference(found, predicted(albert, folder / "other", texts)) > 100 * TOLERANCE  # other weights are seen


@pytest.mark.parametrize("script", QUICK[:2])
def test_another_graph_of_the_folder(albert, albert_binary, made, script):
    folder, texts = made("pairs"), texts_to_use(True)
    found = run(script, albert_binary.parent, folder / "export", texts, "onnx/model_int8.onnx")
    assert TOLERANCE < difference(found, predicted(albert, folder / "run", texts)) < 0.1


def test_vectors_are_those_of_embed(albert, albert_binary, made, tmp_path):
    folder, texts = made("embedding"), texts_to_use(False)
    found = run("sentence_transformers_embed.py", albert_binary.parent, folder / "export", texts)
    for model, more in [("run", ()), ("other", ()), ("run", ("--pooling", "first"))]:
        albert("embed", "--model", folder / model, "--output", tmp_path / "vectors.npy", "--overwrite", *more,
               stdin="".join(fields[0] + "\n" for fields in texts))
        worst = difference(found, np.load(tmp_path / "vectors.npy"))
        if model == "run" and not more:
            assert worst < TOLERANCE
        else:
            assert worst > 100 * TOLERANCE  # other weights are seen, and another pooling


def test_the_readme_names_every_script():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for path in FOLDER.iterdir():
        if path.suffix in (".py", ".sh", ".sbatch", ".yaml") or path.name.endswith("_classify.cpp"):
            assert f"`{path.name}`" in readme or f"[`{path.name}`]({path.name})" in readme, path.name
