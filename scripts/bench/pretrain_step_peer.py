#!/usr/bin/env python3
"""The other side of pretrain_step.py: a pretraining step of Transformers' AlbertForPreTraining, as pretrain_step.cpp does it: for every line on
standard input a step, and its seconds as JSON. bfloat16 autocast unless --float32, AdamW, gradients clipped to 1. Attention is PyTorch's scaled_dot_product_attention; --compile compiles
the model."""

import argparse
import json
import resource
import sys
import time

import torch
from transformers import AlbertConfig, AlbertForPreTraining


def random_batch(sequences, length, vocab_size):
    ids = torch.randint(5, vocab_size, (sequences, length))
    masked = torch.rand(sequences, length) < 0.15
    segments = torch.zeros_like(ids)
    segments[:, length // 2 :] = 1
    return dict(input_ids=ids.masked_fill(masked, 4), token_type_ids=segments, attention_mask=torch.ones_like(ids),
                labels=ids.masked_fill(~masked, -100), sentence_order_label=torch.randint(0, 2, (sequences,)))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sequences", type=int, default=8)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--hidden", type=int, default=768)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--vocabulary", type=int, default=30000)
    parser.add_argument("--dropout", type=float, default=0.0)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--float32", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    config = AlbertConfig(vocab_size=options.vocabulary, hidden_size=options.hidden, num_hidden_layers=options.layers,
                          num_attention_heads=options.heads, intermediate_size=4 * options.hidden, hidden_act="gelu_new",
                          hidden_dropout_prob=options.dropout, attention_probs_dropout_prob=options.dropout)
    config._attn_implementation = "sdpa"
    model = AlbertForPreTraining(config).train().to(options.device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
    host = random_batch(options.sequences, options.length, config.vocab_size)
    if options.device == "cuda":  # all sequences have one length, and a mask would keep attention from its fastest kernel
        del host["attention_mask"]
    batch = {name: values.to(options.device) for name, values in host.items()}
    forward = torch.compile(model) if options.compile else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(options.device, dtype=torch.bfloat16, enabled=not options.float32):
            loss = forward(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        return loss.item()

    step()  # warm-up
    print("ready", flush=True)
    for _line in sys.stdin:
        begin = time.perf_counter()
        loss = step()
        peak = torch.cuda.max_memory_allocated() if options.device == "cuda" else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": time.perf_counter() - begin, "loss": loss, "peak_bytes": peak}), flush=True)


if __name__ == "__main__":
    main()
