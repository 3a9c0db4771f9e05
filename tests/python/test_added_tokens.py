"""Tokens that were added to a vocabulary, beside Transformers: ids, places and decoded text must be the same, whichever of the files of its
versions names them, and whatever they say of white space, words and normalisation."""

import itertools
import json
import random
import shutil

import pytest
from transformers import AddedToken, AlbertTokenizer, BertTokenizer

from tokenizer_texts import albert, encode, refusal

WORDS = "he was in a film of it Café 中文 Straße don't 2,000 (so) ﬁne İstanbul ½".split()
CONTENTS = ["[E1]", "[/E1]", "<Ent>", "ENTITY", "entity", "Ünder", "中", "film", "né", "@@", "x y", "[E", "#", "ﬁ", "a\u0301", "--"]
FLAGS = ["single_word", "lstrip", "rstrip", "normalized", "special"]
KINDS = {"wordpiece": BertTokenizer, "sentencepiece": AlbertTokenizer}


@pytest.fixture(scope="module")
def vocabularies(tmp_path_factory):
    """A folder of each kind as the program writes it."""
    folder = tmp_path_factory.mktemp("added")
    draw = random.Random(1)
    text = folder / "text.txt"
    text.write_text("\n".join(" ".join(draw.choices(WORDS, k=10)) for _ in range(500)))
    albert("train", "--input", text, "--vocab-size", 44, "--output", folder / "sentencepiece", "--user-defined-symbols", "(", ")")
    letters = sorted({c for word in WORDS for c in word.lower()} | set("abcdefghijklmnopqrstuvwxyz[]/<>@#-"))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), "film", "was"]
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in dict.fromkeys(pieces)))
    albert("convert", "--tokenizer", folder / "vocab.txt", "--output", folder / "wordpiece")
    return folder


def random_tokens(seed):
    """A few tokens with flags; no two that are found by the same spelling."""
    draw = random.Random(seed)
    chosen = draw.sample(CONTENTS, draw.randint(1, 6))
    tokens = {content: {flag: draw.random() < 0.4 for flag in FLAGS} for content in chosen}
    if "ENTITY" in tokens and "entity" in tokens:
        del tokens["entity"]
    return tokens


def random_lines(tokens, seed, count=150):
    draw = random.Random(seed)
    spellings = [form for content in tokens for form in (content, content.lower(), content.upper())] + ["[MASK]", "[CLS]"]
    glue = ["", " ", "  ", "\u3000", ".", "_", "\u0301", "\u200d", "-", "7"]
    return ["".join(draw.choice(WORDS if draw.random() < 0.5 else spellings) + draw.choice(glue) for _ in range(draw.randint(1, 12)))
            for _ in range(count)]


def save_with_transformers(source, folder, kind, tokens):
    tokenizer = KINDS[kind].from_pretrained(source)
    tokenizer.add_tokens([AddedToken(content, **flags) for content, flags in tokens.items()])
    tokenizer.save_pretrained(folder)


def read_json(path):
    return json.loads(path.read_text())


def as_decoder(folder):
    """added_tokens_decoder of tokenizer_config.json, as Transformers 4 wrote it."""
    listed = read_json(folder / "tokenizer.json")["added_tokens"]
    config = read_json(folder / "tokenizer_config.json")
    config["added_tokens_decoder"] = {str(entry.pop("id")): entry for entry in listed}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def forget_tokens(folder):
    """Leaves the five special tokens only in tokenizer.json."""
    content = read_json(folder / "tokenizer.json")
    content["added_tokens"] = [entry for entry in content["added_tokens"] if entry["content"] in ("[MASK]", "[CLS]", "[SEP]", "<pad>", "<unk>", "[PAD]", "[UNK]")]
    (folder / "tokenizer.json").write_text(json.dumps(content))


def add_vocabulary(source, folder, kind):
    shutil.copy(source / {"wordpiece": "vocab.txt", "sentencepiece": "spiece.model"}[kind], folder)


def by_tokenizer_json(source, folder, kind, tokens):
    save_with_transformers(source, folder, kind, tokens)


def by_decoder(source, folder, kind, tokens):
    save_with_transformers(source, folder, kind, tokens)
    as_decoder(folder)
    forget_tokens(folder)
    add_vocabulary(source, folder, kind)


def by_old_files(source, folder, kind, tokens):
    """added_tokens.json and special_tokens_map.json, which know no flags."""
    save_with_transformers(source, folder, kind, tokens)
    listed = {entry["content"]: entry["id"] for entry in read_json(folder / "tokenizer.json")["added_tokens"] if entry["content"] in tokens}
    (folder / "added_tokens.json").write_text(json.dumps(listed))
    special = [content for content in tokens if tokens[content]["special"]]
    (folder / "special_tokens_map.json").write_text(json.dumps({"additional_special_tokens": special}))
    forget_tokens(folder)
    add_vocabulary(source, folder, kind)


def by_names(source, folder, kind, tokens):
    """Tokens that have no id in any file: they get theirs when the folder is opened."""
    save_with_transformers(source, folder, kind, {})
    config = read_json(folder / "tokenizer_config.json")
    names = list(tokens)
    config |= {"bos_token": names[0], "extra_special_tokens": names[1:]}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    add_vocabulary(source, folder, kind)


LAYOUTS = [by_tokenizer_json, by_decoder, by_old_files, by_names]


def places_of(line):
    return [tuple(map(int, piece.split(":"))) for piece in line.split()]


def differences(folder, reference, lines):
    """The lines of which ids or places differ. A lone prefix stands for no character here."""
    output = albert("encode", "--tokenizer", folder, "--offsets", lines=lines)
    expected = reference(lines, return_offsets_mapping=True)
    odd = {reference.convert_tokens_to_ids("▁")}
    different = []
    for line, ours, ids, places in zip(lines, output, expected["input_ids"], expected["offset_mapping"], strict=True):
        found = places_of(ours)
        same_places = all(place[1:] == tuple(given) or place[0] in odd for place, given in zip(found, places))
        if [place[0] for place in found] != ids or not same_places:
            different.append((line, found, list(zip(ids, places))))
    return different


CASES = [(kind, layout, seed) for seed, (layout, kind) in enumerate(itertools.product(LAYOUTS, KINDS))]


@pytest.mark.parametrize("kind, layout, seed", CASES)
def test_same_as_transformers(vocabularies, tmp_path, kind, layout, seed):
    tokens = random_tokens(seed)
    folder = tmp_path / "folder"
    layout(vocabularies / kind, folder, kind, tokens)
    reference = KINDS[kind].from_pretrained(folder)
    lines = random_lines(tokens, seed)
    different = differences(folder, reference, lines)
    assert not different, f"{len(different)} of {len(lines)}: {different[:2]}; {reference.added_tokens_decoder}"
    ids = reference(lines)["input_ids"]
    assert encode(folder, lines) == ids
    decoded = albert("decode", "--tokenizer", folder, lines=[" ".join(map(str, line)) for line in ids])
    assert decoded == reference.batch_decode(ids, skip_special_tokens=True)


@pytest.mark.parametrize("kind, flag", list(zip(itertools.cycle(KINDS), FLAGS[:4])))
def test_a_perturbed_reference_differs(vocabularies, tmp_path, kind, flag):
    """The comparison would find a flag that is not honoured."""
    tokens = {content: dict.fromkeys(FLAGS, False) for content in ("[E1]", "film")}
    save_with_transformers(vocabularies / kind, tmp_path / "ours", kind, tokens)
    lines = random_lines(tokens, 3)
    assert not differences(tmp_path / "ours", KINDS[kind].from_pretrained(tmp_path / "ours"), lines)
    perturbed = {content: flags | {flag: True} for content, flags in tokens.items()}
    save_with_transformers(vocabularies / kind, tmp_path / "perturbed", kind, perturbed)
    assert differences(tmp_path / "ours", KINDS[kind].from_pretrained(tmp_path / "perturbed"), lines)


def test_ids_that_transformers_would_not_give_are_refused(vocabularies, tmp_path):
    by_old_files(vocabularies / "wordpiece", tmp_path / "folder", "wordpiece", {"[E1]": dict.fromkeys(FLAGS, False)})
    size = len((vocabularies / "wordpiece/vocab.txt").read_text().splitlines())
    (tmp_path / "folder/added_tokens.json").write_text(json.dumps({"[E1]": size + 1}))
    message = refusal("info", tmp_path / "folder", code=4)
    assert f"added_tokens.json: the added token '[E1]' has the id {size + 1}; expected {size}" in message
