"""Gives each text on standard input, one a line, or each pair of texts with a tab between, the probability of each class, by ONNX Runtime.

Install:  pip install onnxruntime tokenizers numpy
Run:      python onnxruntime_classify.py FOLDER [FILE] < texts.txt
          FOLDER: what `albert export` wrote; FILE: a graph in it [onnx/model.onnx], as onnx/model_int8.onnx
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder = Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
tokenizer_config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.enable_truncation(tokenizer_config["model_max_length"])
tokenizer.enable_padding(pad_token=tokenizer_config["pad_token"], pad_id=tokenizer.token_to_id(tokenizer_config["pad_token"]))
session = onnxruntime.InferenceSession(folder / (sys.argv[2] if len(sys.argv) > 2 else "onnx/model.onnx"))


def to_numbers(scores):
    """What config.json says the scores are: of one class among several, of several labels, or a number."""
    if config.get("problem_type") == "regression":
        return scores
    if config.get("problem_type") == "multi_label_classification":
        return 1 / (1 + np.exp(-scores))
    powers = np.exp(scores - scores.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


texts = [line.rstrip("\n").split("\t", 1) for line in sys.stdin]
for start in range(0, len(texts), 32):
    encoded = tokenizer.encode_batch([text[0] if len(text) == 1 else tuple(text) for text in texts[start : start + 32]])
    inputs = {
        "input_ids": np.array([text.ids for text in encoded], np.int64),
        "attention_mask": np.array([text.attention_mask for text in encoded], np.int64),
        "token_type_ids": np.array([text.type_ids for text in encoded], np.int64),
    }
    for row in to_numbers(session.run(["logits"], inputs)[0]):
        print(*(f"{value:.8g}" for value in row))
