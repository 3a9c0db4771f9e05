#!/usr/bin/env python3
"""Writes tests/fixtures/heads/*.safetensors: what the heads of the downstream tasks compute, for tests/model/head_parity_test.cpp.

Each file holds a configuration (as the metadata "config", a Hugging Face config.json; what the head is made with lies under its key
"head"), items as they come packed, and in float32 the scores, the loss, and the gradient of every parameter. The weights are not in it:
both languages compute them from the parameter's name (make_fixtures.fill).

The reference is the class of Transformers where there is one. Nothing is padded, because where Transformers' softmax runs over a row of
scores (question answering, multiple choice) it would run over the padding too: every item goes through the model alone, and the loss is
the mean over what is to be predicted. Where there is no class, the head is written out below, one sequence at a time.

Run it with torch, transformers and safetensors in the versions of make_fixtures.py: python scripts/make_head_fixtures.py
"""

import json

import numpy as np
import torch
from make_fixtures import CLS, FIRST_ORDINARY_ID, FOLDER, SEP, VOCAB_SIZE, check_versions, fill
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional
from transformers import (AlbertConfig, AlbertForMultipleChoice, AlbertForQuestionAnswering, AlbertForSequenceClassification,
                          AlbertForTokenClassification, AlbertModel)

LENGTHS = [12, 5, 9, 16]
HIDDEN = 16


def make_config(head):
    problem_type = {"regression": "regression", "multilabel": "multi_label_classification",
                    "classification": "single_label_classification"}.get(head["kind"])
    labels = {"regression": 1, "question_answering": 2}.get(head["kind"], head.get("num_labels", 2))
    return AlbertConfig(vocab_size=VOCAB_SIZE, embedding_size=8, hidden_size=HIDDEN, num_hidden_layers=2, num_attention_heads=2,
                        intermediate_size=32, max_position_embeddings=16, hidden_act="gelu_new", hidden_dropout_prob=0.0,
                        attention_probs_dropout_prob=0.0, classifier_dropout_prob=0.0, num_labels=labels, problem_type=problem_type,
                        attn_implementation="eager")


def make_sequence(length, random):
    """[CLS] A [SEP] B [SEP], as (ids, tokens of segment 0)."""
    ids = random.integers(FIRST_ORDINARY_ID, VOCAB_SIZE, length)
    first_length = length // 2 + 1
    ids[0], ids[first_length - 1], ids[-1] = CLS, SEP, SEP
    return torch.tensor(ids), first_length


def inputs_of(sequence):
    ids, first_length = sequence
    return dict(input_ids=ids[None], token_type_ids=(torch.arange(len(ids)) >= first_length).long()[None])


class Encoder(nn.Module):
    """An ALBERT for the heads that Transformers does not have."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        self.albert = AlbertModel(config, add_pooling_layer=False)

    def states(self, sequence):
        return self.albert(**inputs_of(sequence)).last_hidden_state[0]  # [L, H]


class JointQuestionAnswering(Encoder):
    """google-research/albert squad_utils.py:1428-1575 and :1654-1664, with the first matrix of the end's score in two halves."""

    def __init__(self, config):
        super().__init__(config)
        hidden = config.hidden_size
        self.start_logits = nn.Linear(hidden, 1)
        self.end_logits = nn.Module()
        self.end_logits.dense_0_token = nn.Linear(hidden, hidden)
        self.end_logits.dense_0_start = nn.Linear(hidden, hidden, bias=False)
        self.end_logits.LayerNorm = nn.LayerNorm(hidden, eps=1e-12)
        self.end_logits.dense_1 = nn.Linear(hidden, 1)
        self.answer_class = nn.Module()
        self.answer_class.dense_0 = nn.Linear(2 * hidden, hidden)
        self.answer_class.dense_1 = nn.Linear(hidden, 1, bias=False)

    def ends(self, states, start, p_mask):
        end, hidden = self.end_logits, states.shape[1]
        dense_0 = torch.cat([end.dense_0_token.weight, end.dense_0_start.weight], 1)  # over [token; start]
        both = torch.cat([states, states[start].expand(len(states), hidden)], 1)
        inner = end.LayerNorm(torch.tanh(both @ dense_0.T + end.dense_0_token.bias))
        return end.dense_1(inner)[:, 0] * (1 - p_mask) - 1e30 * p_mask

    def forward(self, item, num_starts=None):
        """Scores and loss; with num_starts, the scores for as many best starts, as they are in use."""
        sequence = item["sequences"][0]
        states, length = self.states(sequence), len(sequence[0])
        p_mask = torch.ones(length)
        p_mask[0] = 0
        p_mask[sequence[1]:length - 1] = 0
        start_scores = self.start_logits(states)[:, 0] * (1 - p_mask) - 1e30 * p_mask
        start, end, answerable = item["labels"]
        starts = [start] if num_starts is None else np.argsort(-start_scores.detach().numpy(), kind="stable")[:num_starts]
        ends = [self.ends(states, int(s), p_mask) for s in starts]
        expected = functional.softmax(start_scores, 0) @ states
        feature = torch.tanh(self.answer_class.dense_0(torch.cat([expected, states[0]])))
        no_answer = self.answer_class.dense_1(feature)
        target = torch.tensor([1.0 - answerable])
        loss = 0.5 * (functional.cross_entropy(start_scores, torch.tensor(start)) + functional.cross_entropy(ends[0], torch.tensor(end)))
        loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(no_answer, target)
        return torch.cat([start_scores, *ends, no_answer]), loss


class EntityPair(Encoder):
    """Baldini Soares et al., arXiv 1906.03158, "entity start"."""

    def __init__(self, config):
        super().__init__(config)
        self.classifier = nn.Linear(2 * config.hidden_size, config.num_labels)

    def forward(self, item):
        states = self.states(item["sequences"][0])
        first, second = item["positions"]
        scores = self.classifier(torch.cat([states[first], states[second]]))
        return scores, functional.cross_entropy(scores, torch.tensor(item["labels"][0]))


class Embedding(Encoder):
    """Vectors of pairs of texts, and the three things that they are trained for."""

    def __init__(self, config, head):
        super().__init__(config)
        self.head = head
        if head["objective"] == "classification":  # Reimers and Gurevych, arXiv 1908.10084
            self.classifier = nn.Linear(3 * config.hidden_size, config.num_labels)

    def vector(self, sequence):
        states = self.states(sequence)
        pooled = states.mean(0) if self.head["pooling"] == "mean" else states[0]
        return pooled / pooled.norm()

    def loss(self, items, pairs):
        losses = []
        for i, (item, (u, v)) in enumerate(zip(items, pairs)):
            if self.head["objective"] == "cosine":
                losses.append((functional.cosine_similarity(u, v, dim=0) - item["values"][0]) ** 2)
            elif self.head["objective"] == "classification":
                features = torch.cat([u, v, (u - v).abs()]) * len(u) ** 0.5
                losses.append(functional.cross_entropy(self.classifier(features), torch.tensor(item["labels"][0])))
            else:
                cosines = torch.stack([functional.cosine_similarity(u, other, dim=0) for _, other in pairs])
                losses.append(functional.cross_entropy(self.head["scale"] * cosines, torch.tensor(i)))
        return torch.stack(losses).mean()


def alone(model, items, run):
    """Scores of every item, end to end, and the mean of their losses."""
    results = [run(model, item) for item in items]
    return torch.cat([scores.flatten() for scores, _ in results]), torch.stack([loss for _, loss in results]).mean()


def classify(model, item):
    """All of AlbertForSequenceClassification; Transformers' losses of a batch of one are the means over its scores."""
    target = torch.tensor(item["labels"]) if "labels" in item else torch.tensor([item["values"]])
    output = model(**inputs_of(item["sequences"][0]), labels=target)
    return output.logits, output.loss


def tag_all(model, items):
    """The mean over the tokens of all items, not over items."""
    scores, labels = [], []
    for item in items:
        scores.append(model(**inputs_of(item["sequences"][0])).logits[0, item["positions"]])
        labels += item["labels"]
    scores = torch.cat(scores)
    return scores.flatten(), functional.cross_entropy(scores, torch.tensor(labels))


def answer(model, item):
    start, end = (torch.tensor([place]) for place in item["labels"])
    output = model(**inputs_of(item["sequences"][0]), start_positions=start, end_positions=end)
    return torch.cat([output.start_logits, output.end_logits]), output.loss


def choose(model, item):
    """An item's sequences are padded to one another, and masked: here the softmax runs over the choices alone."""
    parts = [inputs_of(sequence) for sequence in item["sequences"]]
    width = max(part["input_ids"].shape[1] for part in parts)
    pad = lambda row: functional.pad(row, (0, width - row.shape[1]))
    mask = torch.stack([pad(torch.ones_like(part["input_ids"]))[0] for part in parts])[None]
    stacked = {name: torch.stack([pad(part[name])[0] for part in parts])[None] for name in parts[0]}
    output = model(**stacked, attention_mask=mask, labels=torch.tensor(item["labels"]))
    return output.logits, output.loss


def embed(model, items):
    pairs = [[model.vector(sequence) for sequence in item["sequences"]] for item in items]
    return torch.stack([vector for pair in pairs for vector in pair]).flatten(), model.loss(items, pairs)


def single(random, **more):
    """Items of one sequence; `more` gives members by functions of the length."""
    items = []
    for length in LENGTHS:
        item = {"sequences": [make_sequence(length, random)]}
        for name, make in more.items():
            item[name] = make(length)
        items.append(item)
    return items


def of_several(random, lengths, **more):
    return [{"sequences": [make_sequence(length, random) for length in item]} | {name: make(i) for name, make in more.items()}
            for i, item in enumerate(lengths)]


def answerable_places(random, length, index):
    """In turn an answer in segment 1, and none, which is trained as the first token."""
    first_length = length // 2 + 1
    if index % 2:
        return [0, 0, 0]
    start = int(random.integers(first_length, length - 1))
    return [start, int(random.integers(start, length - 1)), 1]


def joint_items(random):
    return [{"sequences": [make_sequence(length, random)], "labels": answerable_places(random, length, i)}
            for i, length in enumerate(LENGTHS)]


def tagged_items(random):
    """Some tokens of each sequence, among them neither the first nor the last; one sequence has none."""
    items = []
    for count, length in zip([5, 0, 3, 7], LENGTHS):
        positions = sorted(random.choice(np.arange(1, length - 1), count, replace=False).tolist())
        items.append({"sequences": [make_sequence(length, random)], "positions": positions,
                      "labels": random.integers(0, 5, count).tolist()})
    return items


PAIRS = [[12, 5], [9, 16], [3, 8]]
# name: (what the head is made with, its items, the model, how scores and loss are computed)
CASES = {
    "classification": (dict(kind="classification", num_labels=3), lambda r: single(r, labels=lambda _: [int(r.integers(3))]),
                       lambda c, _: AlbertForSequenceClassification(c), lambda m, items: alone(m, items, classify)),
    "regression": (dict(kind="regression"), lambda r: single(r, values=lambda _: [float(np.float32(5 * r.random()))]),
                   lambda c, _: AlbertForSequenceClassification(c), lambda m, items: alone(m, items, classify)),
    "multilabel": (dict(kind="multilabel", num_labels=4),
                   lambda r: single(r, values=lambda _: r.integers(0, 2, 4).astype(float).tolist()),
                   lambda c, _: AlbertForSequenceClassification(c), lambda m, items: alone(m, items, classify)),
    "token_classification": (dict(kind="token_classification", num_labels=5), tagged_items,
                             lambda c, _: AlbertForTokenClassification(c), tag_all),
    "question_answering": (dict(kind="question_answering"), lambda r: single(r, labels=lambda n: sorted(r.integers(0, n, 2).tolist())),
                           lambda c, _: AlbertForQuestionAnswering(c), lambda m, items: alone(m, items, answer)),
    "multiple_choice": (dict(kind="multiple_choice"),
                        lambda r: of_several(r, [[12, 5, 9, 16], [4, 11], [7, 7, 7]], labels=lambda i: [[2, 1, 0][i]]),
                        lambda c, _: AlbertForMultipleChoice(c), lambda m, items: alone(m, items, choose)),
    "joint_question_answering": (dict(kind="joint_question_answering", num_starts=5), joint_items,
                                 lambda c, _: JointQuestionAnswering(c), lambda m, items: alone(m, items, lambda m, i: m(i))),
    "entity_pair": (dict(kind="entity_pair", num_labels=3),
                    lambda r: single(r, positions=lambda n: r.choice(n, 2, replace=False).tolist(), labels=lambda _: [int(r.integers(3))]),
                    lambda c, _: EntityPair(c), lambda m, items: alone(m, items, lambda m, i: m(i))),
    "embedding_cosine": (dict(kind="embedding", pooling="mean", objective="cosine"),
                         lambda r: of_several(r, PAIRS, values=lambda _: [float(np.float32(2 * r.random() - 1))]), Embedding, embed),
    "embedding_classification": (dict(kind="embedding", pooling="first_token", objective="classification", num_labels=3),
                                 lambda r: of_several(r, PAIRS, labels=lambda _: [int(r.integers(3))]), Embedding, embed),
    "embedding_negatives": (dict(kind="embedding", pooling="mean", objective="in_batch_negatives", scale=20.0),
                            lambda r: of_several(r, PAIRS), Embedding, embed),
}


def flat(items):
    """The items as tests/model/head_fixture.cpp reads them: every array end to end, and how many of each an item has."""
    sequences = [sequence for item in items for sequence in item["sequences"]]
    tensors = {"token_ids": torch.cat([ids for ids, _ in sequences]), "lengths": torch.tensor([len(ids) for ids, _ in sequences]),
               "first_lengths": torch.tensor([first for _, first in sequences]),
               "num_sequences": torch.tensor([len(item["sequences"]) for item in items])}
    for name, dtype in (("positions", torch.long), ("labels", torch.long), ("values", torch.float32)):
        tensors["num_" + name] = torch.tensor([len(item.get(name, [])) for item in items])
        tensors[name] = torch.tensor([value for item in items for value in item.get(name, [])], dtype=dtype)
    return tensors


def make(name, head, make_items, make_model, run):
    items = make_items(np.random.default_rng(sorted(CASES).index(name)))
    config = make_config(head)
    model = make_model(config, head).eval()
    with torch.no_grad():
        for parameter_name, parameter in model.named_parameters():
            parameter.copy_(fill(parameter_name, parameter))
    scores, loss = run(model, items)
    loss.backward()
    tensors = flat(items) | {"scores": scores, "loss": loss}
    tensors |= {f"gradient.{name}": parameter.grad for name, parameter in model.named_parameters() if parameter.grad is not None}
    if head["kind"] == "joint_question_answering":
        tensors["scores_in_use"] = torch.cat([model(item, head["num_starts"])[0] for item in items])
    metadata = {"config": json.dumps(config.to_dict() | {"head": head}, sort_keys=True)}
    folder = FOLDER.parent / "heads"
    folder.mkdir(parents=True, exist_ok=True)
    save_file({key: value.detach().contiguous() for key, value in tensors.items()}, folder / f"{name}.safetensors", metadata)
    print(f"{name}: loss {loss.item():.4f}")


def main():
    check_versions()
    torch.set_num_threads(1)
    for name, case in CASES.items():
        make(name, *case)


if __name__ == "__main__":
    main()
