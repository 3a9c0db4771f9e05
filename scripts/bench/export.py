#!/usr/bin/env python3
"""What `albert export` makes of ALBERT-base (random weights), in ONNX Runtime: sizes, and milliseconds of processor time for batches of 1 x 32 and
8 x 64 tokens, in float32, in int8, and as onnxruntime.quantization.quantize_dynamic makes int8 of the float32 file. The three take turns. Prints
the best of --rounds each and the largest difference to float32.

    cmake --build build/release --target albert
    .deps/python/bin/python scripts/bench/export.py --binary build/release/albert --vocabulary spiece.model

--vocabulary is ALBERT's published SentencePiece model. --static adds a file with fixed ranges (quantize_static), calibrated on random texts: it is
slower than ranges that are found for each batch, and less exact, so that `albert export` has no such form."""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime
from finetune import make_model
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_dynamic, quantize_static

SHAPES = [(1, 32), (8, 64)]


def batch(shape, seed=0):
    ids = np.random.default_rng(seed).integers(5, 30000, shape)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}


class Calibration(CalibrationDataReader):
    def __init__(self):
        self.batches = iter([batch((4, 48), seed) for seed in range(8)])

    def get_next(self):
        return next(self.batches, None)


def open_session(file, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def measure(sessions, shape, rounds):
    inputs = batch(shape)
    exact = sessions["float32"].run(None, inputs)[0]
    best = dict.fromkeys(sessions, np.inf)
    for _ in range(rounds):
        for name, session in sessions.items():
            begin = time.process_time()
            found = session.run(None, inputs)[0]
            best[name] = min(best[name], 1000 * (time.process_time() - begin))
    for name, session in sessions.items():
        found = session.run(None, inputs)[0]
        print(f"{shape[0]} x {shape[1]:3} tokens  {name:18}{best[name]:8.1f} ms  {best['float32'] / best[name]:5.2f} times float32  "
              f"difference {np.abs(found - exact).max():.3f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="albert")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--static", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        make_model(options, scratch / "base")
        subprocess.run([options.binary, "--quiet", "export", "--model", scratch / "base", "--head", "hidden-states", "--to", "onnx", "--int8",
                        "--output", scratch / "out"], check=True, stdout=subprocess.DEVNULL)
        files = {"float32": scratch / "out/onnx/model.onnx", "int8": scratch / "out/onnx/model_int8.onnx",
                 "quantize_dynamic": scratch / "dynamic.onnx"}
        quantize_dynamic(files["float32"], files["quantize_dynamic"], per_channel=True, weight_type=QuantType.QInt8)
        if options.static:
            files["quantize_static"] = scratch / "static.onnx"
            quantize_static(files["float32"], files["quantize_static"], Calibration(), quant_format=QuantFormat.QOperator, per_channel=True,
                            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        for name, file in files.items():
            print(f"{name:18}{file.stat().st_size / 1e6:8.2f} MB")
        sessions = {name: open_session(file, options.threads) for name, file in files.items()}
        for shape in SHAPES:
            measure(sessions, shape, options.rounds)


if __name__ == "__main__":
    main()
