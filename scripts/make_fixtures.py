#!/usr/bin/env python3
"""Writes tests/fixtures/model/*.safetensors: what Transformers computes with tiny ALBERTs, for tests/model/parity_test.cpp.

Each file holds a configuration (as the metadata "config", a Hugging Face config.json), a packed batch, and what AlbertForPreTraining makes
of it in float32: every hidden state, both heads' logits and losses, the gradient of every parameter, and in some files the losses of 20
updates by AdamW and LAMB. The weights are not in it: both languages compute them from the parameter's name (fill below,
tests/support/formula_weights.cpp).

Run it with torch, transformers and safetensors in the versions below: python scripts/make_fixtures.py
"""

import re
from pathlib import Path

import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import AlbertConfig, AlbertForPreTraining

PINNED = {"torch": "2.11.0", "transformers": "5.23.0"}
FOLDER = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "model"

VOCAB_SIZE = 53
FIRST_ORDINARY_ID = 5
CLS, SEP, MASK, PAD = 2, 3, 4, 0
UPDATES = 20
WEIGHT_DECAY = 0.1  # not the usual 0.01, which would hardly show in so few updates
PEAK_RATE = {"adamw": 0.002, "lamb": 0.008}  # small enough that rounding does not grow

RAGGED = [12, 5, 9, 3, 16]
EQUAL = [8, 8, 8]

# name: (changes to the configuration, lengths of the sequences, whether the losses of updates are recorded)
CASES = {
    "shared": (dict(), RAGGED, True),
    "equal_lengths": (dict(), EQUAL, False),
    "groups": (dict(num_hidden_layers=4, num_hidden_groups=2, hidden_act="gelu"), RAGGED, True),
    "uneven_groups": (dict(num_hidden_layers=5, num_hidden_groups=3, hidden_act="relu"), RAGGED, False),
    "inner_groups": (dict(num_hidden_layers=2, inner_group_num=2, hidden_act="gelu"), EQUAL, False),
    "groups_of_inner_groups": (dict(num_hidden_groups=2, num_hidden_layers=2, inner_group_num=2), RAGGED, False),
    "unshared": (dict(num_hidden_layers=3, num_hidden_groups=3, hidden_act="gelu"), RAGGED, True),
    "unfactorised": (dict(embedding_size=16), RAGGED, False),
    "one_layer": (dict(num_hidden_layers=1, num_attention_heads=4), [7], False),
}


def mix(x):
    """The 32-bit hash "lowbias32" of Chris Wellons, on uint32 arrays."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def fill(name, parameter):
    """Values in a range that suits the parameter, from its name and the element's number alone."""
    seed = 2166136261  # FNV-1a, 32 bits
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) % 2**32
    index = np.arange(parameter.numel(), dtype=np.uint32)
    # In [-1, 1) on a grid of 2^-23, which float32 holds exactly.
    unit = (mix(index ^ np.uint32(seed)) >> np.uint32(8)).astype(np.float64) / 2**23 - 1
    if parameter.dim() == 1:
        values = 0.25 * unit + (0 if name.endswith("bias") else 1)
    else:
        values = 0.3 * unit  # larger ones make a network in which float32 itself is near the tolerance of the tests
    return torch.from_numpy(values.astype(np.float32)).view_as(parameter)


def make_model(changes):
    sizes = dict(vocab_size=VOCAB_SIZE, embedding_size=8, hidden_size=16, num_hidden_layers=3, num_attention_heads=2,
                 intermediate_size=32, max_position_embeddings=16, hidden_act="gelu_new", hidden_dropout_prob=0.0,
                 attention_probs_dropout_prob=0.0, classifier_dropout_prob=0.0)
    model = AlbertForPreTraining(AlbertConfig(**(sizes | changes), attn_implementation="eager")).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            parameter.copy_(fill(name, parameter))
    return model


def make_batch(lengths, seed):
    """Sequences [CLS] A [SEP] B [SEP] (shorter ones have no B), about a third of whose tokens are asked for."""
    random = np.random.default_rng(seed)
    batch = dict(token_ids=[], segment_ids=[], masked=[], labels=[])
    for length in lengths:
        ids = random.integers(FIRST_ORDINARY_ID, VOCAB_SIZE, length)
        ids[0], ids[-1] = CLS, SEP
        middle = length // 2 if length >= 5 else length
        if length >= 5:
            ids[middle] = SEP
        ordinary = [i for i in range(1, length - 1) if i != middle]
        masked = sorted(random.choice(ordinary, max(1, length // 3), replace=False))
        batch["masked"].append(masked)
        batch["labels"].append([int(ids[i]) for i in masked])
        ids[masked[: (len(masked) + 1) // 2]] = MASK
        batch["token_ids"].append(ids.tolist())
        batch["segment_ids"].append([int(i > middle) for i in range(length)])
    batch["order_labels"] = random.integers(0, 2, len(lengths)).tolist()
    return batch


def padded(batch):
    """The batch as Transformers takes it."""
    rows, width = len(batch["token_ids"]), max(map(len, batch["token_ids"]))
    ids = torch.full((rows, width), PAD)
    segments, mask = torch.zeros((rows, width), dtype=torch.long), torch.zeros((rows, width), dtype=torch.long)
    labels = torch.full((rows, width), -100)
    for row in range(rows):
        length = len(batch["token_ids"][row])
        ids[row, :length] = torch.tensor(batch["token_ids"][row])
        segments[row, :length] = torch.tensor(batch["segment_ids"][row])
        mask[row, :length] = 1
        labels[row, batch["masked"][row]] = torch.tensor(batch["labels"][row])
    return dict(input_ids=ids, token_type_ids=segments, attention_mask=mask, labels=labels,
                sentence_order_label=torch.tensor(batch["order_labels"]))


def record_states(model, states):
    """Hooks that append the mapped embeddings and what every layer returns."""
    def keep(_module, _inputs, output):
        states.append(output.detach())
    encoder = model.albert.encoder
    return [module.register_forward_hook(keep)
            for module in [encoder.embedding_hidden_mapping_in] + [l for g in encoder.albert_layer_groups for l in g.albert_layers]]


def one_pass(model, batch):
    """Outputs and gradients, packed: rows of padding are left out."""
    inputs, states = padded(batch), []
    hooks = record_states(model, states)
    output = model(**inputs)
    for hook in hooks:
        hook.remove()
    output.loss.backward()
    real, asked = inputs["attention_mask"].bool(), inputs["labels"] != -100
    masked_logits = output.prediction_logits[asked]
    tensors = {f"hidden.{i}": state[real] for i, state in enumerate(states)}
    tensors |= {"masked_lm_logits": masked_logits, "order_logits": output.sop_logits,
                "masked_lm_loss": torch.nn.functional.cross_entropy(masked_logits, inputs["labels"][asked]),
                "order_loss": torch.nn.functional.cross_entropy(output.sop_logits, inputs["sentence_order_label"])}
    torch.testing.assert_close(tensors["masked_lm_loss"] + tensors["order_loss"], output.loss)
    tensors |= {f"gradient.{name}": parameter.grad for name, parameter in model.named_parameters()}
    return tensors


def rate_at(step, peak, warmup=5, total=2 * UPDATES):
    """google-research/albert optimization.py:34-64: linear warm-up, then the polynomial decay at the true step."""
    return peak * step / warmup if step < warmup else peak * (1 - step / total)


def update(rule, name, parameter, state, rate):
    """One update of one parameter (optimization.py:110-180 and lamb_optimizer.py:60-122): no bias correction."""
    excluded = re.search("LayerNorm|layer_norm|bias", name) is not None
    m, v = state.setdefault(name, (torch.zeros_like(parameter), torch.zeros_like(parameter)))
    m.mul_(0.9).add_(parameter.grad, alpha=0.1)
    v.mul_(0.999).add_(parameter.grad**2, alpha=0.001)
    direction = m / (v.sqrt() + 1e-6)
    if not excluded:
        direction = direction + WEIGHT_DECAY * parameter
    ratio = 1.0
    if rule == "lamb" and not excluded:
        weight_norm, direction_norm = parameter.norm().item(), direction.norm().item()
        ratio = weight_norm / direction_norm if weight_norm > 0 and direction_norm > 0 else 1.0
    parameter -= rate * ratio * direction


def losses_of_updates(rule, changes, batch):
    """The loss before each of the updates, every one on the same batch, gradients clipped to a norm of 1."""
    model, inputs, state, losses = make_model(changes), padded(batch), {}, []
    for step in range(UPDATES):
        model.zero_grad()
        loss = model(**inputs).loss
        loss.backward()
        losses.append(loss.item())
        with torch.no_grad():
            norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm().item()
            for parameter in model.parameters():
                parameter.grad.mul_(1.0 / max(norm, 1.0))
            for name, parameter in model.named_parameters():
                update(rule, name, parameter, state, rate_at(step, PEAK_RATE[rule]))
    return losses


def packed(batch):
    lengths = [len(ids) for ids in batch["token_ids"]]
    flat = lambda key: torch.tensor([value for row in batch[key] for value in row])
    return {"lengths": torch.tensor(lengths), "token_ids": flat("token_ids"), "segment_ids": flat("segment_ids"),
            "num_masked": torch.tensor([len(row) for row in batch["masked"]]), "masked_positions": flat("masked"),
            "labels": flat("labels"), "order_labels": torch.tensor(batch["order_labels"])}


def make(name, changes, lengths, with_updates):
    batch = make_batch(lengths, seed=sorted(CASES).index(name))
    model = make_model(changes)
    tensors = packed(batch) | one_pass(model, batch)
    if with_updates:
        for rule in PEAK_RATE:
            tensors[f"losses.{rule}"] = torch.tensor(losses_of_updates(rule, changes, batch))
            print(name, rule, [round(x, 3) for x in tensors[f"losses.{rule}"].tolist()])
    # One entry: the order of several would differ from run to run.
    metadata = {"config": model.config.to_json_string(use_diff=False)}
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, FOLDER / f"{name}.safetensors", metadata)


def check_versions():
    found = {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__}
    if found != PINNED:
        raise SystemExit(f"expected {PINNED}, found {found}")


def main():
    check_versions()
    torch.set_num_threads(1)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, case in CASES.items():
        make(name, *case)


if __name__ == "__main__":
    main()
