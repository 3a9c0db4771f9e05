"""Gives each text on standard input, one a line, or each pair of texts with a tab between, the probability of each class, by Optimum:
ONNX Runtime behind pipeline() of Transformers.

Install:  pip install "optimum-onnx[onnxruntime]==0.1.0" torch      # which brings a Transformers before 4.58
Run:      python optimum_classify.py FOLDER < texts.txt             # FOLDER: what `albert export` wrote
"""

import sys

from optimum.onnxruntime import ORTModelForSequenceClassification
from transformers import AutoTokenizer, pipeline

folder = sys.argv[1]
model = ORTModelForSequenceClassification.from_pretrained(folder, file_name="model.onnx")  # which it finds in onnx/
classify = pipeline("text-classification", model=model, tokenizer=AutoTokenizer.from_pretrained(folder))

texts = [dict(zip(("text", "text_pair"), line.rstrip("\n").split("\t", 1))) for line in sys.stdin]
for scores in classify(texts, top_k=None, truncation=True, batch_size=32):
    by_label = {score["label"]: score["score"] for score in scores}
    print(*(f"{by_label[label]:.8g}" for _, label in sorted(model.config.id2label.items())))
