"""The other side of quality.py: pretrains an ALBERT with Transformers on WORK/train as its documentation would have it, and saves it in
FOLDER/checkpoints every so many updates.

usage: quality_peer.py WORK FOLDER [KEY=VALUE ...]    the keys are those of DEFAULTS"""

import json
import random
import sys
from pathlib import Path

import sentencepiece
import torch
from transformers import AlbertConfig, AlbertForPreTraining

DEFAULTS = {"layers": 4, "hidden": 256, "length": 128, "batch": 64, "steps": 6000, "warmup": 250, "rate": 1e-3, "range": 0.02, "save": 250, "bfloat16": 1}
CLS, SEP, MASK = 2, 3, 4


def encoded(work, tokenizer):
    """The ids of each text. They are kept: ours have their corpus beforehand, too."""
    if not (work / "ids.json").exists():
        texts = (file.read_text(encoding="utf-8", errors="replace") for file in sorted((work / "train").iterdir()))
        (work / "ids.partial").write_text(json.dumps([tokenizer.encode(" ".join(text.lower().split())) for text in texts]))
        (work / "ids.partial").rename(work / "ids.json")
    return json.loads((work / "ids.json").read_text())


def example(documents, weights, length, draw):
    """ids and segments of two neighbouring pieces of text, in order or not, and which."""
    document = draw.choices(documents, cum_weights=weights)[0]
    start = draw.randrange(len(document) - length)
    body = document[start : start + length - 3]
    cut = draw.randrange(1, len(body))
    first, second = body[:cut], body[cut:]
    swapped = draw.random() < 0.5
    if swapped:
        first, second = second, first
    return [CLS, *first, SEP, *second, SEP], [0] * (len(first) + 2) + [1] * (len(second) + 1), int(swapped)


def mask(ids, vocabulary):
    """(masked ids, labels): 15% of the pieces, of which 80% are [MASK] and 10% another piece."""
    chosen = (torch.rand(ids.shape) < 0.15) & (ids > MASK)
    fate = torch.rand(ids.shape)
    masked = torch.where(chosen & (fate < 0.8), MASK, ids)
    masked = torch.where(chosen & (fate >= 0.9), torch.randint(MASK + 1, vocabulary, ids.shape), masked)
    return masked, ids.masked_fill(~chosen, -100)


def main():
    work, folder = map(Path, sys.argv[1:3])
    values = dict(DEFAULTS)
    for word in sys.argv[3:]:
        key, value = word.split("=")
        values[key] = type(DEFAULTS[key])(float(value))
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(work / "tokenizer/spiece.model"))
    documents = encoded(work, tokenizer)
    documents = [document for document in documents if len(document) > 2 * values["length"]]
    weights = [sum(len(document) for document in documents[: i + 1]) for i in range(len(documents))]
    torch.manual_seed(1)
    draw = random.Random(1)
    config = AlbertConfig(vocab_size=tokenizer.get_piece_size(), embedding_size=128, hidden_size=values["hidden"], num_hidden_layers=values["layers"],
                          num_attention_heads=values["hidden"] // 64, intermediate_size=4 * values["hidden"], hidden_act="gelu_new",
                          hidden_dropout_prob=0, attention_probs_dropout_prob=0, initializer_range=values["range"])
    model = AlbertForPreTraining(config).train()
    decayed = [parameter for parameter in model.parameters() if parameter.dim() > 1]
    others = [parameter for parameter in model.parameters() if parameter.dim() == 1]
    optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": 0.01}, {"params": others, "weight_decay": 0}], lr=values["rate"],
                                  betas=(0.9, 0.98), eps=1e-6, fused=True)
    for step in range(1, values["steps"] + 1):
        rate = values["rate"] * min(step / values["warmup"], (values["steps"] - step) / max(1, values["steps"] - values["warmup"]))
        for group in optimizer.param_groups:
            group["lr"] = rate
        ids, segments, swapped = zip(*(example(documents, weights, values["length"], draw) for _ in range(values["batch"])))
        masked, labels = mask(torch.tensor(ids), config.vocab_size)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=values["bfloat16"] == 1):
            loss = model(input_ids=masked, token_type_ids=torch.tensor(segments), labels=labels, sentence_order_label=torch.tensor(swapped)).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 50 == 0:
            print(step, f"{loss.item():.3f}", flush=True)
        if step % values["save"] == 0 or step == values["steps"]:
            model.save_pretrained(folder / f"checkpoints/.step-{step:08}")
            (folder / f"checkpoints/.step-{step:08}").rename(folder / f"checkpoints/step-{step:08}")


if __name__ == "__main__":
    main()
