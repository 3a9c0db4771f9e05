"""What `albert export` writes, loaded by the programs that it is for: the same numbers as Transformers gives for padded batches of ragged
texts. Heads without a class of Transformers are computed here from its hidden states."""

import json
import random
import re
import sys

import numpy as np
import onnx
import onnxruntime
import openvino
import pytest
import torch
from safetensors.torch import load_file
from test_heads import CONFIG, MAX_LENGTH, TASKS, WORDS, base, open_in_transformers, tuned, write_data  # noqa: F401 (fixtures)
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

# Of logits that reach about 10; a wrong weight shows at 1e-2 and more.
TOLERANCE = 1e-4
BATCHES = [(1, 5), (3, 17), (2, MAX_LENGTH)]
OUTPUTS = {"question": ["start_logits", "end_logits"],
           "joint_question": ["start_logits", "start_top_index", "end_logits", "cls_logits"]}


def ragged(name, batch, length, seed=7):
    """A padded batch: numpy int64 by the names of the inputs."""
    draw = np.random.default_rng(seed + batch)
    shape = (batch, 3, length) if name == "multiple_choice" else (batch, length)
    ids, mask, segments = draw.integers(5, 56, shape), np.ones(shape, np.int64), np.zeros(shape, np.int64)
    for row in np.ndindex(shape[:-1]):
        used = length if sum(row) == 0 else int(draw.integers(min(length, 14), length + 1))
        ids[row][0], ids[row][used - 1] = 2, 3
        ids[row][used:], mask[row][used:] = 0, 0
        segments[row][used // 2 : used] = 1
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": segments}
    if name == "entity_starts":
        inputs["entity_positions"] = np.stack([draw.integers(0, int(m.sum()), 2) for m in mask])
    return inputs


def tensors(inputs):
    return {key: torch.from_numpy(value) for key, value in inputs.items()}


def entity_scores(folder, inputs):
    weights = load_file(folder / "model.safetensors")
    positions = inputs.pop("entity_positions")
    states = AutoModel.from_pretrained(folder).eval()(**inputs).last_hidden_state
    pairs = torch.cat([states[torch.arange(len(states)), positions[:, i]] for i in (0, 1)], 1)
    return {"logits": torch.nn.functional.linear(pairs, weights["classifier.weight"], weights["classifier.bias"])}


def joint_scores(folder, inputs, num_starts=5):
    """The head of google-research/albert squad_utils.py, from its description in src/model/head_config.h."""
    w = load_file(folder / "model.safetensors")
    linear = lambda x, name: torch.nn.functional.linear(x, w[f"{name}.weight"], w.get(f"{name}.bias"))
    states = AutoModel.from_pretrained(folder).eval()(**inputs).last_hidden_state
    batch, length, hidden = states.shape
    columns, last = torch.arange(length), inputs["attention_mask"].sum(1, keepdim=True) - 1
    possible = ((inputs["token_type_ids"] == 1) & (inputs["attention_mask"] == 1) & (columns != last)) | (columns == 0)
    start = linear(states, "start_logits").squeeze(2).masked_fill(~possible, -1e30)
    best = start.sort(dim=1, descending=True, stable=True).indices[:, :num_starts]
    of_start = linear(states.gather(1, best[..., None].expand(-1, -1, hidden)), "end_logits.dense_0_start")
    given = torch.tanh(linear(states, "end_logits.dense_0_token")[:, None] + of_start[:, :, None])
    given = torch.nn.functional.layer_norm(given, [hidden], w["end_logits.LayerNorm.weight"], w["end_logits.LayerNorm.bias"], 1e-12)
    end = linear(given, "end_logits.dense_1").squeeze(3).masked_fill(~possible[:, None], -1e30)
    expected = (start.softmax(1)[:, None] @ states).squeeze(1)
    answerless = linear(torch.tanh(linear(torch.cat([expected, states[:, 0]], 1), "answer_class.dense_0")), "answer_class.dense_1")
    return {"start_logits": start, "start_top_index": best, "end_logits": end, "cls_logits": answerless.squeeze(1)}


def expected(name, folder, inputs):
    inputs = tensors(inputs)
    with torch.no_grad():
        if name == "entity_starts":
            return entity_scores(folder, inputs)
        if name == "joint_question":
            return joint_scores(folder, inputs)
        return dict(open_in_transformers(name, folder)[0](**inputs))


def run_onnx(file, inputs):
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))


def run_openvino(file, inputs):
    core = openvino.Core()
    model = core.compile_model(core.read_model(file), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    results = model(inputs)
    ports = [next(name for name in output.get_names() if "/" not in name) for output in model.outputs]  # it keeps inner names, too
    return {name: results[output] for name, output in zip(ports, model.outputs)}


def run_torch_export(file, inputs):
    """A program of torch.export, opened once for all shapes."""
    if file not in PROGRAMS:
        PROGRAMS[file] = torch.export.load(file).module()
    with torch.no_grad():
        return {name: values.numpy() for name, values in PROGRAMS[file](*tensors(inputs).values()).items()}


PROGRAMS = {}


def difference(found, wanted):
    """The largest, also of what is given for padding."""
    largest = 0.0
    assert set(wanted) <= set(found)
    for key, values in wanted.items():
        assert found[key].shape == tuple(values.shape), key
        largest = max(largest, float(np.abs(found[key] - values.numpy()).max()))
    return largest


@pytest.fixture(scope="module")
def exported(albert, tuned, tmp_path_factory):
    name, checkpoint = tuned
    folder = tmp_path_factory.mktemp("export") / name
    albert("export", "--model", checkpoint, "--output", folder)
    return name, checkpoint, folder


@pytest.mark.parametrize("run", [run_onnx, run_openvino])
def test_onnx_gives_the_numbers_of_transformers(exported, run):
    name, checkpoint, folder = exported
    for batch, length in BATCHES:
        if name == "joint_question" and run is run_openvino and length < 10:
            continue  # of equal scores, as those of tokens that cannot be a start, OpenVINO may take any
        inputs = ragged(name, batch, length)
        found = run(folder / "onnx/model.onnx", inputs)
        wanted = expected(name, checkpoint, inputs)
        assert list(found) == OUTPUTS.get(name, ["logits"])
        assert difference(found, wanted) < TOLERANCE
        # A mask that is not read would go unseen with texts of one length.
        if batch > 1:
            inputs["attention_mask"] = np.ones_like(inputs["attention_mask"])
            assert difference(run(folder / "onnx/model.onnx", inputs), wanted) > 100 * TOLERANCE


def test_pt2_gives_the_numbers_of_transformers(exported):
    name, checkpoint, folder = exported
    for batch, length in [(1, 1), *BATCHES]:
        inputs = ragged(name, batch, length)
        wanted = expected(name, checkpoint, inputs)
        found = run_torch_export(folder / "model.pt2", inputs)
        assert list(found) == OUTPUTS.get(name, ["logits"])
        assert difference(found, wanted) < TOLERANCE / 10
        if batch > 1:
            inputs["attention_mask"] = np.ones_like(inputs["attention_mask"])
            assert difference(run_torch_export(folder / "model.pt2", inputs), wanted) > 100 * TOLERANCE
    sample = torch.export.load(folder / "model.pt2").example_inputs[0]
    assert [tuple(values.shape) for values in sample][0] == ((2, 3, 7) if name == "multiple_choice" else (2, 7))


def verify(albert, model, output, python=sys.executable, code=0, **more):
    return albert("export", "--model", model, "--output", output, "--verify", "--python", python, "--int8", *more.get("words", []), code=code)


def test_verify_compares_in_every_runtime(albert, exported, tmp_path):
    name, checkpoint, _ = exported
    if name not in ("tokens", "joint_question", "multiple_choice", "entity_starts"):
        pytest.skip("the other heads have the same outputs")
    (tmp_path / "texts.txt").write_text("the old river\nand two small bridges where Anna sold bread\n\npast a mill\n")
    printed = verify(albert, checkpoint, tmp_path / "out", words=["--texts", tmp_path / "texts.txt"])
    rows = [re.fullmatch(r"(\S+) +(\S.*?) +differs by (\S+) at most, of numbers up to \S+", line) for line in printed.splitlines()]
    found = {(row[1], row[2].split()[0]): float(row[3]) for row in rows if row}
    files = {(file, runtime) for file in ("onnx/model.onnx", "onnx/model_int8.onnx") for runtime in ("onnxruntime", "openvino")}
    files |= {("model.pt2", "LibTorch"), ("model.pt2", "torch")}
    assert set(found) == files | ({("model.safetensors", "transformers")} if TASKS[name][2] else set())
    for (file, _), difference in found.items():
        assert (0 if "int8" in file else -1) < difference < (2 if "int8" in file else 1e-5)


def test_verify_writes_nothing_that_differs_or_was_not_opened(albert, exported, tmp_path):
    name, checkpoint, _ = exported
    if name != "tokens":
        pytest.skip("once is enough")
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\necho \'{"file": "onnx/model.onnx", "runtime": "other 1", "difference": 0.01}\'\n')
    python.chmod(0o755)
    assert "found a difference of 0.01" in verify(albert, checkpoint, tmp_path / "out", python, code=4)
    python.write_text('#!/bin/sh\necho \'{"file": "onnx/model.onnx", "runtime": "other 1", "error": "no such operator"}\'\n')
    assert "other 1 refuses onnx/model.onnx: no such operator" in verify(albert, checkpoint, tmp_path / "out", python, code=4)
    assert "imports none of" in verify(albert, checkpoint, tmp_path / "out", "/bin/true", code=2, words=["--to", "onnx"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["python"]


RUNTIMES = [(run_onnx, "onnx/model.onnx"), (run_openvino, "onnx/model.onnx"), (run_torch_export, "model.pt2")]


def sentences(count, seed):
    draw = random.Random(seed)
    return [" ".join(draw.choices(WORDS[:-5], k=draw.randint(1, 30))) for _ in range(count)]


# Numbers of other formats.


def test_float16(albert, tuned, tmp_path):
    name, checkpoint = tuned
    albert("export", "--model", checkpoint, "--output", tmp_path / "out", "--precision", "float16")
    weights = load_file(tmp_path / "out/model.safetensors")
    for key, values in load_file(checkpoint / "model.safetensors").items():
        assert torch.equal(weights[key], values.half())
    assert not (tmp_path / "out/model.pt2").exists()  # which is written in float32 only
    inputs = ragged(name, 3, 17)
    found, wanted = run_onnx(tmp_path / "out/onnx/model.onnx", inputs), expected(name, checkpoint, inputs)
    assert {values.dtype for values in found.values()} <= {np.dtype(np.float32), np.dtype(np.int64)}
    found.pop("start_top_index", None), wanted.pop("start_top_index", None)
    if name != "joint_question":  # whose ends belong to starts that nearly tie
        assert TOLERANCE / 10 < difference(found, wanted) < 0.2


def test_bfloat16_weights_in_shards(albert, tuned, tmp_path):
    name, checkpoint = tuned
    albert("export", "--model", checkpoint, "--output", tmp_path / "out", "--to", "transformers", "--precision", "bfloat16",
           "--max-shard-size", 0.01)
    index = json.loads((tmp_path / "out/model.safetensors.index.json").read_text())
    files = sorted(path.name for path in (tmp_path / "out").glob("model-*.safetensors"))
    assert len(files) > 2 and sorted(set(index["weight_map"].values())) == files
    stored, total = load_file(checkpoint / "model.safetensors"), 0
    assert stored.keys() == index["weight_map"].keys()
    for key, file in index["weight_map"].items():
        values = load_file(tmp_path / "out" / file)[key]
        assert torch.equal(values, stored[key].bfloat16())
        total += values.nbytes
    assert total == index["metadata"]["total_size"]
    model, info = open_in_transformers(name, tmp_path / "out")
    assert model.dtype == torch.bfloat16 and not info["mismatched_keys"]
    # Of what suits the model, that is all: the other formats have no such numbers.
    albert("export", "--model", checkpoint, "--output", tmp_path / "all", "--precision", "bfloat16")
    assert not (tmp_path / "all/onnx").exists() and not (tmp_path / "all/model.pt2").exists()


def test_int8(albert, tuned, tmp_path):
    """Every matrix of every layer and every table is int8, and the numbers are near those of float32."""
    name, checkpoint = tuned
    albert("export", "--model", checkpoint, "--output", tmp_path / "out", "--to", "onnx", "--int8")
    file = tmp_path / "out/onnx/model_int8.onnx"
    model = onnx.load(file)
    onnx.checker.check_model(model, full_check=True)
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    floats = {name for name, tensor in constants.items() if tensor.data_type == onnx.TensorProto.FLOAT and len(tensor.dims) == 2}
    assert all(name.endswith(".scale") or name.split(".")[0] not in ("albert", "predictions") for name in floats)
    products = [node for node in model.graph.node if node.op_type == "MatMul" and set(node.input) & constants.keys()]
    assert len(products) <= 3  # of a head
    inputs = ragged(name, 3, 17)
    found, wanted = run_onnx(file, inputs), expected(name, checkpoint, inputs)
    if name != "joint_question":
        assert TOLERANCE < difference(found, wanted) < 1.0


def test_the_graph_is_as_runtimes_want_it(exported):
    name, _, folder = exported
    model = onnx.load(folder / "onnx/model.onnx")
    onnx.checker.check_model(model, full_check=True)
    assert [(entry.domain, entry.version) for entry in model.opset_import] == [("", 17)]
    assert {node.domain for node in model.graph.node} == {""}
    assert not {"Identity", "Constant"} & {node.op_type for node in model.graph.node}
    constants = {tensor.name: tensor for tensor in model.graph.initializer}
    used = [name for node in model.graph.node for name in node.input]
    assert set(constants) <= set(used)
    for node in model.graph.node:
        if node.op_type == "MatMul" and "heads" not in node.name:
            assert node.input[0] not in constants
    query = "albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight"
    assert used.count(query) == 2  # stored once for both layers
    assert {node.input[1] for node in model.graph.node if query in node.input} == {query}
    assert [value.name for value in model.graph.input][:3] == ["input_ids", "attention_mask", "token_type_ids"]
    axes = [dim.dim_param for dim in model.graph.input[0].type.tensor_type.shape.dim]
    assert axes == ["batch_size", *(["num_choices"] if name == "multiple_choice" else []), "sequence_length"]
    # What the graph says of its outputs is what comes out.
    sizes = {"batch_size": 3, "sequence_length": 17, "num_choices": 3, "num_starts": 5}
    found = run_onnx(folder / "onnx/model.onnx", ragged(name, 3, 17))
    for value in model.graph.output:
        shape = [sizes.get(dim.dim_param, dim.dim_value) for dim in value.type.tensor_type.shape.dim]
        assert list(found[value.name].shape) == shape


def test_int8_is_compared_on_data(albert, tuned, tmp_path):
    """The figures are those of `albert evaluate` and, in int8, about those of ONNX Runtime; what loses too much is refused."""
    name, checkpoint = tuned
    data = checkpoint.parents[2] / "data"
    report = albert("export", "--model", checkpoint, "--output", tmp_path / "out", "--to", "onnx", "--int8", "--data", data, "--max-loss", 100)
    rows = {line.split()[0]: line.split()[1:] for line in report.splitlines() if len(line.split()) == 3}
    figures = json.loads(albert("evaluate", "--model", checkpoint, "--data", data, "--json"))
    for metric, value in figures.items():
        if metric != "examples" and isinstance(value, float):
            assert float(rows[metric][0]) == pytest.approx(value, rel=1e-5)
    if name != "joint_question":  # which has no loss where ends are searched for
        assert rows["loss"][0] != rows["loss"][1] and float(rows["loss"][1]) == pytest.approx(float(rows["loss"][0]), rel=0.2)
    assert "model-index:" in (tmp_path / "out/README.md").read_text()


def test_a_temperature_is_in_what_is_exported(albert, base, tmp_path):
    """Other programs know nothing of it: the probabilities are those of `albert predict` all the same."""
    write_data(tmp_path / "data", TASKS["classification"][1])
    (tmp_path / "config.yaml").write_text(CONFIG.format(task="kind: text, temperature: 3", length=MAX_LENGTH))
    albert("finetune", "--config", tmp_path / "config.yaml", "--model", base, "--data", tmp_path / "data", "--run-dir", tmp_path / "run")
    albert("export", "--model", tmp_path / "run", "--output", tmp_path / "out")
    texts = sentences(8, 3)
    stdin = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    predict = lambda model: np.array([list(json.loads(line)["probabilities"].values())
                                      for line in albert("predict", "--model", model, "--format", "jsonl", stdin=stdin).splitlines()])
    wanted = predict(tmp_path / "run")
    assert np.abs(predict(tmp_path / "out") - wanted).max() < 1e-6
    encoded = dict(AutoTokenizer.from_pretrained(tmp_path / "out")(texts, padding=True, truncation=True, return_tensors="np"))
    inputs = {name: encoded[name].astype(np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    for run, file in RUNTIMES:
        logits = torch.from_numpy(run(tmp_path / "out" / file, inputs)["logits"])
        assert np.abs(logits.softmax(1).numpy() - wanted).max() < 1e-5
    model = AutoModelForSequenceClassification.from_pretrained(tmp_path / "out").eval()
    with torch.no_grad():
        logits = model(**tensors(inputs)).logits
    assert np.abs(logits.softmax(1).numpy() - wanted).max() < 1e-5
