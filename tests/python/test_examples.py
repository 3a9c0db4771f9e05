"""Pretraining examples of the real program against the corpus they are made of and against a second statement of the masking rules."""

import json
import random
from collections import Counter

import pytest
import sentencepiece

from masking_oracle import budget, choose, words_of
from shard_reader import read_corpus

LENGTH = 64
PAD, UNKNOWN, CLS, SEP, MASK = range(5)
SPECIAL = {PAD, UNKNOWN, CLS, SEP, MASK}
GOOGLE = [1, 1 / 2, 1 / 3]


def random_text(rng: random.Random, num_documents: int) -> str:
    """Documents of random sentences of made-up words, so that a run of tokens occurs at one place only."""
    syllables = [a + b for a in "bdfgklmnprst" for b in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(600)]
    sentence = lambda: " ".join(rng.choices(words, k=rng.randint(4, 25))) + rng.choice([".", "!", " 1999."])
    documents = ["\n".join(sentence() for _ in range(rng.randint(1, 40))) for _ in range(num_documents)]
    return "\n\n".join(documents) + "\n"


@pytest.fixture(scope="module")
def corpus(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    (folder / "text.txt").write_text(random_text(random.Random(1), 60))
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", 300, "--output", folder / "tokenizer")
    albert("corpus", "build", "--format", "lines", "--input", folder / "text.txt", "--tokenizer", folder / "tokenizer",
           "--held-out", 0.1, "--output", folder / "corpus")
    return folder / "corpus"


@pytest.fixture(scope="module")
def pieces(corpus):
    model = sentencepiece.SentencePieceProcessor(model_file=str(corpus / "tokenizer/spiece.model"))
    return [model.id_to_piece(id) for id in range(model.get_piece_size())]


def show(albert, corpus, count: int, *options) -> list[dict]:
    text = albert("corpus", "show", corpus, "--count", count, "--json", "--set", f"data.max_sequence_length={LENGTH}", *options)
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def examples(albert, corpus):
    return [example for epoch in range(4) for example in show(albert, corpus, 400, "--epoch", epoch)]


def original(example: dict) -> list[int]:
    ids = list(example["input_ids"])
    for position, label in zip(example["masked_positions"], example["labels"], strict=True):
        ids[position] = label
    return ids


def segments(example: dict) -> tuple[list[int], list[int]]:
    ids = original(example)
    first_end = ids.index(SEP)
    assert ids[0] == CLS and ids[-1] == SEP and ids.count(SEP) == 2
    assert example["token_type_ids"] == [0] * (first_end + 1) + [1] * (len(ids) - first_end - 1)
    return ids[1:first_end], ids[first_end + 1 : -1]


def is_run_of_one_document(first, second, documents: list[str]) -> bool:
    """Whether some document has `second` after `first`."""
    earlier, later = ("".join(map(chr, segment)) for segment in (first, second))
    for document in documents:
        place = document.find(earlier)
        if place >= 0 and document.find(later, place + len(earlier)) >= 0:
            return True
    return False


def test_segments_are_consecutive_text_in_the_order_that_the_label_says(corpus, examples):
    documents = ["".join(chr(id) for sentence in document for id in sentence) for document in read_corpus(corpus, "train")]
    labels = Counter()
    contradicted = 0
    for example in examples:
        first, second = segments(example)
        if example["order_label"] == 1:
            first, second = second, first
        assert is_run_of_one_document(first, second, documents)
        contradicted += not is_run_of_one_document(second, first, documents)
        labels[example["order_label"]] += 1
    assert abs(labels[0] - labels[1]) < 4 * len(examples) ** 0.5 / 2
    # With the labels flipped the same test fails, except where a segment is so short that it occurs again.
    assert contradicted > 0.9 * len(examples)


def test_held_out_examples_are_of_held_out_documents(albert, corpus):
    held_out, train = (["".join(chr(id) for sentence in document for id in sentence) for document in read_corpus(corpus, split)]
                       for split in ("held-out", "train"))
    for example in show(albert, corpus, 20, "--held-out"):
        longer = max(segments(example), key=len)
        assert any("".join(map(chr, longer)) in document for document in held_out)
        assert len(longer) < 5 or not any("".join(map(chr, longer)) in document for document in train)


def test_an_example_is_the_same_whenever_it_is_asked_for(albert, corpus, examples):
    assert show(albert, corpus, 3, "--example", 7, "--epoch", 1) == examples[407:410]
    assert show(albert, corpus, 3, "--example", 7, "--epoch", 1, "--seed", 2) != examples[407:410]


def test_words_are_whole_and_within_the_budget(examples, pieces):
    for example in examples:
        masked = set(example["masked_positions"])
        words = words_of(original(example), pieces, SPECIAL, UNKNOWN)
        chosen = [word for word in words if masked & set(word)]
        assert masked == {position for word in chosen for position in word}
        assert 0 < len(masked) <= budget(len(example["input_ids"])) or not any(len(word) <= budget(len(example["input_ids"])) for word in words)


def run_lengths(ids: list[int], masked: set[int], pieces: list[str]) -> Counter:
    """How many words the runs of masked words have; and how many tokens are masked short of the budget."""
    counts = Counter()
    run = 0
    previous_end = None
    for word in [*words_of(ids, pieces, SPECIAL, UNKNOWN), [len(ids) + 1]]:
        goes_on = word[0] in masked and (run == 0 or previous_end == word[0])
        if run and not goes_on:
            counts["run", min(run, 6)] += 1
            run = 0
        if word[0] in masked:
            run += 1
        previous_end = word[-1] + 1
    counts["left", min(budget(len(ids)) - len(masked), 3)] += 1
    return counts


def two_sample_chi_squared(a: Counter, b: Counter) -> float:
    """Pearson's statistic of the hypothesis that both samples have one distribution."""
    size_a, size_b = sum(a.values()), sum(b.values())
    statistic = 0.0
    for key in a.keys() | b.keys():
        both = a[key] + b[key]
        for count, size in ((a[key], size_a), (b[key], size_b)):
            expected = both * size / (size_a + size_b)
            statistic += (count - expected) ** 2 / expected
    return statistic


def distribution(examples: list[dict], pieces: list[str], weights: list[float]) -> tuple[Counter, Counter]:
    """Of the program's masks and of the oracle's on the same sequences."""
    rng = random.Random(5)
    program, oracle = Counter(), Counter()
    for example in examples:
        ids = original(example)
        program += run_lengths(ids, set(example["masked_positions"]), pieces)
        words = words_of(ids, pieces, SPECIAL, UNKNOWN)
        oracle += run_lengths(ids, choose(words, budget(len(ids)), weights, rng), pieces)
    return program, oracle


def test_masks_have_the_distribution_of_the_rules(examples, pieces):
    program, oracle = distribution(examples, pieces, GOOGLE)
    assert sum(program.values()) > 4000
    # Up to 10 cells; runs of one sequence are not quite independent. 35 is far beyond p = 0.001, and the perturbation is far beyond 35.
    assert two_sample_chi_squared(program, oracle) < 35, (program, oracle)
    program, reversed_lengths = distribution(examples, pieces, GOOGLE[::-1])
    assert two_sample_chi_squared(program, reversed_lengths) > 100


def test_tokens_are_hidden_kept_or_replaced_80_10_10(examples, pieces):
    counts = Counter()
    for example in examples:
        for position, label in zip(example["masked_positions"], example["labels"], strict=True):
            shown = example["input_ids"][position]
            assert label not in SPECIAL and 0 < shown < len(pieces) and shown not in SPECIAL - {MASK}
            counts["hidden" if shown == MASK else "kept" if shown == label else "replaced"] += 1
    same = 0.1 / (len(pieces) - len(SPECIAL))  # a random token that happens to be the original
    expected = {"hidden": 0.8, "kept": 0.1 + same, "replaced": 0.1 - same}
    total = sum(counts.values())
    assert sum((counts[kind] - share * total) ** 2 / (share * total) for kind, share in expected.items()) < 13.8  # p = 0.001
