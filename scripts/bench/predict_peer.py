"""The peers' side of predict.py: reads [texts, tokens] a line, answers with the milliseconds of a classifier of base size.

    predict_peer.py onnxruntime|openvino|transformers float32|bfloat16|int8 FOLDER THREADS"""

import json
import sys
import time
from pathlib import Path

import numpy as np


def make_inputs(count, length):
    ids = np.random.default_rng(0).integers(5, 30000, (count, length))
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}


def open_onnxruntime(folder, precision, threads):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    file = folder / ("model_int8.onnx" if precision == "int8" else "model.onnx")
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, inputs)


def open_openvino(folder, precision, threads):
    import openvino
    hint = {"bfloat16": "bf16", "float32": "f32"}[precision]
    model = openvino.Core().compile_model(str(folder / "model.onnx"), "CPU", {"INFERENCE_PRECISION_HINT": hint, "INFERENCE_NUM_THREADS": threads})
    request = model.create_infer_request()
    return lambda inputs: request.infer(inputs)


def open_transformers(folder, precision, threads):
    import torch
    from transformers import AlbertForSequenceClassification
    torch.set_num_threads(threads)
    model = AlbertForSequenceClassification.from_pretrained(folder).eval()

    def run(inputs):
        tensors = {name: torch.from_numpy(value) for name, value in inputs.items()}
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision == "bfloat16"):
            return model(**tensors)

    return run


def main():
    runtime, precision, folder, threads = sys.argv[1:]
    run = {"onnxruntime": open_onnxruntime, "openvino": open_openvino, "transformers": open_transformers}[runtime](Path(folder), precision, int(threads))
    for line in sys.stdin:
        inputs = make_inputs(*json.loads(line))
        begin = time.perf_counter()
        run(inputs)
        print(1000 * (time.perf_counter() - begin), flush=True)


if __name__ == "__main__":
    main()
