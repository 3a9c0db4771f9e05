#!/usr/bin/env python3
"""The other side of finetune.py: Transformers' AlbertForSequenceClassification in a plain training loop, each batch padded to its longest
example; and its pipeline. For every line `train` on standard input a pass over the examples, for every JSON list of texts their prediction; the speed
as JSON, in tokens without padding or texts a second. AdamW (fused), gradients clipped to 1, as the recipes have it."""

import argparse
import json
import random
import resource
import sys
import time
from pathlib import Path

import torch
from transformers import AlbertForSequenceClassification, AutoTokenizer, DataCollatorWithPadding, TextClassificationPipeline, logging


def read_examples(folder, tokenizer):
    """Encoded once, before the clock runs."""
    header, *rows = [line.split("\t") for line in (folder / "train.tsv").read_text(encoding="utf-8").rstrip("\n").split("\n")]
    texts = [header.index(name) for name in ("sentence", "sentence1", "sentence2") if name in header]
    labels = sorted({row[-1] for row in rows})
    return [{**tokenizer(*(row[i] for i in texts), truncation=True, max_length=512), "labels": labels.index(row[-1])} for row in rows]


class Trainer:
    def __init__(self, options, model, tokenizer):
        self.options, self.model = options, model
        self.examples = read_examples(options.data, tokenizer)
        self.collate = DataCollatorWithPadding(tokenizer)
        self.optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, fused=True)

    def update(self, examples):
        batch = self.collate(examples)
        self.optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.options.precision == "bfloat16"):
            loss = self.model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        loss.item()
        return int(batch["attention_mask"].sum())

    def run(self):
        self.model.train()
        random.shuffle(self.examples)
        begin, tokens = time.perf_counter(), 0
        for first in range(0, len(self.examples), self.options.batch):
            tokens += self.update(self.examples[first : first + self.options.batch])
        speed = tokens / (time.perf_counter() - begin)
        return {"speed": speed, "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}


def predict(pipeline, texts):
    inputs = [dict(zip(("text", "text_pair"), text.split("\t"))) for text in texts]
    begin = time.perf_counter()
    answers = pipeline(inputs, batch_size=32)
    assert len(answers) == len(texts)
    return {"speed": len(texts) / (time.perf_counter() - begin)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--dropout", type=float, default=0)
    parser.add_argument("--precision", choices=["bfloat16", "float32"], default="bfloat16")
    options = parser.parse_args()
    logging.set_verbosity_error()
    torch.manual_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AlbertForSequenceClassification.from_pretrained(options.model, hidden_dropout_prob=options.dropout,
                                                            attention_probs_dropout_prob=options.dropout)
    trainer = Trainer(options, model, tokenizer)
    trainer.update(trainer.examples[: options.batch])  # warm-up
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        if line.strip() == "train":
            answer = trainer.run()
        else:
            answer = predict(TextClassificationPipeline(model=model.eval(), tokenizer=tokenizer), json.loads(line))
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
