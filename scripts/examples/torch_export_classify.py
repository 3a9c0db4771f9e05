"""Gives each text on standard input, one a line, or each pair of texts with a tab between, the probability of each class, by the program
of torch.export in model.pt2: PyTorch computes it without any code of the model.

Install:  pip install torch tokenizers numpy
Run:      python torch_export_classify.py FOLDER < texts.txt      # FOLDER: what `albert export` wrote
"""

import json
import sys
import warnings
from pathlib import Path

import torch
from tokenizers import Tokenizer

warnings.filterwarnings("ignore", message="The given buffer is not writable")  # said of every archive by PyTorch's own reader
folder = Path(sys.argv[1])
config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
tokenizer_config = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.enable_truncation(tokenizer_config["model_max_length"])
tokenizer.enable_padding(pad_token=tokenizer_config["pad_token"], pad_id=tokenizer.token_to_id(tokenizer_config["pad_token"]))
model = torch.export.load(folder / "model.pt2").module()
# What config.json says the scores are: of one class among several, of several labels, or a number.
to_numbers = {"multi_label_classification": torch.sigmoid, "regression": torch.Tensor.float}.get(
    config.get("problem_type"), lambda scores: scores.softmax(-1)
)

texts = [line.rstrip("\n").split("\t", 1) for line in sys.stdin]
for start in range(0, len(texts), 32):
    encoded = tokenizer.encode_batch([text[0] if len(text) == 1 else tuple(text) for text in texts[start : start + 32]])
    input_ids = torch.tensor([text.ids for text in encoded])
    attention_mask = torch.tensor([text.attention_mask for text in encoded])
    token_type_ids = torch.tensor([text.type_ids for text in encoded])
    with torch.inference_mode():
        scores = model(input_ids, attention_mask, token_type_ids)["logits"]
    for row in to_numbers(scores).tolist():
        print(*(f"{value:.8g}" for value in row))
