"""What `albert export --verify` runs in a Python interpreter: every file of an exported folder in every runtime that can be imported. It prints a
line of JSON for each. usage: verify.py FOLDER REQUEST; verify.cpp writes the request, with inputs and the outputs that are expected."""

import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
request = json.loads(pathlib.Path(sys.argv[2]).read_text())


def largest_difference(found):
    """As largest_difference() in reference_values.cpp; where no finite number is expected, there is only padding."""
    largest = 0.0
    for name, values in wanted.items():
        if name not in found:
            raise ValueError(f"expected the output {name}, found only {', '.join(found)}")
        given = np.asarray(found[name])
        if given.shape != values.shape:
            raise ValueError(f"{name}: expected the shape {list(values.shape)}, found {list(given.shape)}")
        counts = np.isfinite(values)
        if not np.isfinite(given[counts]).all():
            raise ValueError(f"{name}: expected finite numbers, found {given[counts][~np.isfinite(given[counts])][0]}")
        largest = max(largest, float(np.abs(given[counts] - values[counts]).max(initial=0)))
    return largest


def report(file, runtime, run):
    try:
        result = {"difference": largest_difference(run())}
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"file": file, "runtime": runtime, **result}), flush=True)


def tensors():
    return {name: torch.from_numpy(values) for name, values in inputs.items()}


def run_onnxruntime(file):
    session = onnxruntime.InferenceSession(str(folder / file), providers=["CPUExecutionProvider"])
    return dict(zip([output.name for output in session.get_outputs()], session.run(None, inputs)))


def run_openvino(file):
    core = openvino.Core()
    model = core.compile_model(core.read_model(str(folder / file)), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    results = model(inputs)
    return {name: results[output] for output in model.outputs for name in output.get_names()}


def run_torch(file):
    with torch.no_grad():
        outputs = torch.export.load(str(folder / file)).module()(*tensors().values())
    return {name: values.numpy() for name, values in outputs.items()}


def run_sentence_transformers(file):
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    with torch.no_grad():
        outputs = model(tensors())
    return {"sentence_embedding": outputs["sentence_embedding"].numpy()}


def run_transformers(file):
    model = getattr(transformers, request["class"]).from_pretrained(folder, dtype="float32").eval()
    with torch.no_grad():
        outputs = dict(model(**tensors()))
    outputs["logits"] = outputs.get("prediction_logits", outputs.get("logits"))
    return {name: values.numpy() for name, values in outputs.items() if values is not None}


RUNTIMES = [("onnxruntime", run_onnxruntime, ".onnx"), ("openvino", run_openvino, ".onnx"), ("torch", run_torch, ".pt2"),
            ("transformers", run_transformers, "config.json"), ("sentence_transformers", run_sentence_transformers, "modules.json")]

for name, run, suffix in RUNTIMES:
    files = [file for file in request["files"] if file.endswith(suffix)]
    if not files:
        continue
    try:
        import numpy as np

        runtime = globals()[name] = __import__(name)
        if name in ("torch", "transformers", "sentence_transformers"):
            import torch
            import torch.export
    except Exception:
        continue
    inputs = {i["name"]: np.array(i["values"], np.int64).reshape(i["shape"]) for i in request["inputs"]}
    wanted = {o["name"]: np.fromfile(o["file"], np.float32).reshape(o["shape"]) for o in request["outputs"]}
    for file in files:
        report("model.safetensors" if suffix.endswith(".json") else file, f"{name} {runtime.__version__.split('-')[0]}", lambda: run(file))
