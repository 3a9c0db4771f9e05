"""Gives each text on standard input, one a line, or each pair of texts with a tab between, the probability of each class, by Transformers.

Install:  pip install torch transformers
Run:      python transformers_classify.py FOLDER < texts.txt      # FOLDER: what `albert export` wrote
"""

import sys

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder = sys.argv[1]
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
# What config.json says the scores are: of one class among several, of several labels, or a number.
to_numbers = {"multi_label_classification": torch.sigmoid, "regression": torch.Tensor.float}.get(
    model.config.problem_type, lambda scores: scores.softmax(-1)
)

texts = [line.rstrip("\n").split("\t", 1) for line in sys.stdin]
for start in range(0, len(texts), 32):
    columns = map(list, zip(*texts[start : start + 32], strict=True))  # the texts, or the first ones and the second ones
    inputs = tokenizer(*columns, padding=True, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        scores = model(**inputs).logits
    for row in to_numbers(scores).tolist():
        print(*(f"{value:.8g}" for value in row))
