"""`albert tokenizer` with WordPiece vocabularies beside the BertTokenizer of Transformers: ids, offsets, pairs and decoding must be the same.

Most vocabularies are made here of all kinds of characters, so that a character treated otherwise is another id and not just [UNK]; one
is trained. With ALBERT_SHARED_DATA set, the Chinese vocabulary of BERT and ALBERT is used too, and real text.
"""

import json
import os
import pathlib
import random
import unicodedata

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import AutoTokenizer, BertTokenizer

from tokenizer_texts import ASSIGNED, HAND_MADE, SHARED, albert, encode, every_character, random_lines, real_lines, refusal

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
#: For `albert tokenizer convert`, and what it means to Transformers.
SETTINGS = {
    "uncased": ([], {}),
    "cased": (["--cased"], {"do_lower_case": False}),
    "accents": (["--keep-accents"], {"strip_accents": False}),
    "ideographs": (["--ideographs-in-words"], {"tokenize_chinese_chars": False}),
}
NAMES = [*SETTINGS, "trained"] + (["chinese"] if SHARED else [])

# Lower-case forms that are newer than the program's tables.
NEW_CASE = {c for c in range(0x110000) if 0x1C89 <= c <= 0x1C8A or 0xA7CB <= c <= 0xA7DC or 0x10D50 <= c <= 0x10D65 or 0x16EA0 <= c <= 0x16EB8}


# ---- vocabularies --------------------------------------------------------------------------------------------------------------------


def character_vocabulary():
    """Special tokens in unusual places, and every kind of character, alone and going on with a word."""
    rare = [c for i, c in enumerate(ASSIGNED) if unicodedata.category(c) != "Lo" or i % 10 == 0]
    forms = {form for c in rare for form in (c, c.lower(), unicodedata.normalize("NFD", c), unicodedata.normalize("NFD", c).lower())}
    characters = sorted({c for form in forms for c in form if c not in "\0\r\n"})
    pieces = ["first", *characters[:99], *SPECIAL, *characters[99:], *(f"##{c}" for c in characters), "hel", "##lo", "hello", "##llo", "中文", "##"]
    return list(dict.fromkeys(pieces))


def trained_vocabulary():
    """Pieces of the usual kind, learnt by the tokenizers library from the source text of Python's own library."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    sources = sorted(pathlib.Path(os.__file__).parent.glob("*.py"))[:60]
    trainer = trainers.WordPieceTrainer(vocab_size=3000, special_tokens=SPECIAL, show_progress=False)
    tokenizer.train_from_iterator((path.read_text(encoding="utf-8", errors="replace") for path in sources), trainer)
    return sorted(tokenizer.get_vocab(), key=tokenizer.get_vocab().get)


class Vocabulary:
    """A folder of ours with the tokenizers that must agree with it."""

    def __init__(self, folder, vocab_file, name):
        options, self.settings = SETTINGS.get(name, ([], {}))
        self.folder = folder / name
        albert("convert", "--tokenizer", vocab_file, "--output", self.folder, *options)
        self.pieces = vocab_file.read_text(encoding="utf-8").split("\n")[:-1]
        self.ours = AutoTokenizer.from_pretrained(self.folder)
        self.independent = self.rebuild()
        self.file_alone = Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    def rebuild(self, **changes):
        """The tokenizer that Transformers makes of the pieces, without a file of ours."""
        return BertTokenizer(vocab={piece: i for i, piece in enumerate(self.pieces)}, **{**self.settings, **changes})

    def references(self, lines):
        yield "Transformers, our folder", self.ours(lines)["input_ids"]
        yield "Transformers, by itself", self.independent(lines)["input_ids"]
        yield "tokenizers, our tokenizer.json", [line.ids for line in self.file_alone.encode_batch(lines)]


@pytest.fixture(scope="session")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("wordpiece")


@pytest.fixture(scope="session")
def vocabularies(scratch):
    files = {name: scratch / "characters.txt" for name in SETTINGS}
    files["trained"] = scratch / "trained.txt"
    (scratch / "characters.txt").write_text("".join(f"{piece}\n" for piece in character_vocabulary()), encoding="utf-8")
    files["trained"].write_text("".join(f"{piece}\n" for piece in trained_vocabulary()), encoding="utf-8")
    if SHARED:
        files["chinese"] = pathlib.Path(SHARED) / "vocab/bert-chinese.vocab.txt"
    return {name: Vocabulary(scratch, file, name) for name, file in files.items()}


@pytest.fixture(params=NAMES)
def vocabulary(request, vocabularies):
    return vocabularies[request.param]


def test_the_real_vocabulary_is_used():
    if not SHARED:
        pytest.skip("ALBERT_SHARED_DATA is not set: no Chinese vocabulary, no real text")


# ---- comparison ----------------------------------------------------------------------------------------------------------------------


def known_case(lines):
    return ["".join(c for c in line if ord(c) not in NEW_CASE) for line in lines]


def chinese_lines(count, seed):
    """Ideographs of every block, with words, punctuation, digits and marks between them."""
    draw = random.Random(seed)
    kinds = ["的一是在不了有和人这中大为上个国我以要他", "，。！？“”《》、：", "㐀䶵一龥鿿豈﫿𠀀𪜀𫠠𬺱丽", "かなカナ한글ㄅ", "0123456789", "ABC abc é", "\u0301\u200b\u3000"]
    return ["".join(draw.choice(draw.choice(kinds)) for _ in range(draw.randint(0, 30))) for _ in range(count)]


def real_chinese_lines():
    for name, count in (("zh/chnsenticorp/train.tsv", 3000), ("corpora/zh_news", 3000), ("zh/msra_ner/dev.tsv", 500)):
        path = pathlib.Path(SHARED) / "data" / name
        file = sorted(path.iterdir())[0] if path.is_dir() else path
        yield from file.read_text(encoding="utf-8").split("\n")[:count]


def check_same_ids(vocabulary, lines):
    ours = encode(vocabulary.folder, lines)
    for name, reference in vocabulary.references(lines):
        different = [i for i, (left, right) in enumerate(zip(ours, reference, strict=True)) if left != right]
        shown = [(ascii(lines[i]), ours[i], reference[i]) for i in different[:3]]
        assert not different, f"{name}: {len(different)} of {len(lines)} lines differ, such as {shown}"


# ---- tests ---------------------------------------------------------------------------------------------------------------------------


def test_opens_as_bert_tokenizer(vocabulary):
    for tokenizer in (vocabulary.ours, vocabulary.independent):
        assert type(tokenizer) is BertTokenizer
        assert tokenizer.convert_ids_to_tokens(range(len(tokenizer))) == vocabulary.pieces
    assert vocabulary.ours.model_max_length == 512
    assert vocabulary.ours.do_lower_case is vocabulary.settings.get("do_lower_case", True)
    assert vocabulary.ours.special_tokens_map == vocabulary.independent.special_tokens_map
    segments = vocabulary.ours("a b", "c")["token_type_ids"]
    assert segments == [0] * (len(segments) - 2) + [1] * 2


def test_same_ids_on_hand_made_text(vocabulary):
    check_same_ids(vocabulary, HAND_MADE)


def test_same_ids_on_random_text(vocabulary):
    check_same_ids(vocabulary, known_case(random_lines(3000, seed=1)) + chinese_lines(2000, seed=2))


def test_same_ids_for_every_character(vocabularies):
    for name, step in (("uncased", 1), ("cased", 7), ("accents", 7), ("ideographs", 7)):
        check_same_ids(vocabularies[name], known_case(every_character(step)))


@pytest.mark.skipif(not SHARED, reason="ALBERT_SHARED_DATA is not set: no real text")
def test_same_ids_on_real_text(vocabulary):
    check_same_ids(vocabulary, [*real_lines(), *real_chinese_lines()])


@pytest.mark.parametrize("change", [{"do_lower_case": False}, {"strip_accents": False}, {"tokenize_chinese_chars": False}])
def test_a_perturbed_reference_differs(vocabularies, change):
    """The comparison would find another treatment of case, accents or ideographs."""
    vocabulary = vocabularies["uncased"]
    lines = HAND_MADE + chinese_lines(100, seed=3)
    assert encode(vocabulary.folder, lines) == vocabulary.rebuild()(lines)["input_ids"]
    assert encode(vocabulary.folder, lines) != vocabulary.rebuild(**change)(lines)["input_ids"]


def test_long_words_are_unknown(vocabularies):
    lines = ["a" * 100, "a" * 101, "é" * 101, "中" * 101, "!" * 101, "a" * 100 + "\u0301", "a\u200b" * 100]
    unknown = vocabularies["uncased"].ours.unk_token_id
    ours = encode(vocabularies["uncased"].folder, lines, "--no-special")
    assert [ids == [unknown] for ids in ours] == [False, True, True, False, False, False, False]
    check_same_ids(vocabularies["uncased"], lines)


def test_pairs(vocabulary):
    lines = [line.replace("\t", " ") for line in HAND_MADE]
    pairs = list(zip(lines, reversed(lines)))
    ours = encode(vocabulary.folder, [f"{a}\t{b}" for a, b in pairs], "--pair")
    assert ours == vocabulary.ours([a for a, _ in pairs], [b for _, b in pairs])["input_ids"]


def test_invalid_utf8_is_what_python_replaces(vocabulary):
    draw = random.Random(3)
    broken = [b"a\xffb", b"\xc3", b"\xe2\x82", b"x\xf0\x9f\x98 y", b"\xed\xa0\x80z", b"a\x80\x80[MASK]\xfe", b"\xe4\xb8\xadx\xe4\xb8"]
    broken += [bytes(draw.choice([c for c in range(256) if c != 10]) for _ in range(12)) for _ in range(500)]
    assert encode(vocabulary.folder, broken) == vocabulary.ours([line.decode(errors="replace") for line in broken])["input_ids"]


def test_offsets(vocabulary):
    lines = HAND_MADE + known_case(random_lines(3000, seed=4)) + chinese_lines(1000, seed=5)
    output = albert("encode", "--tokenizer", vocabulary.folder, "--offsets", lines=lines)
    reference = vocabulary.ours(lines, return_offsets_mapping=True)
    for line, ours, ids, places in zip(lines, output, reference["input_ids"], reference["offset_mapping"], strict=True):
        found = [tuple(map(int, piece.split(":"))) for piece in ours.split()]
        assert [piece[0] for piece in found] == ids
        assert [piece[1:] for piece in found] == places, ascii(line)


def test_decode(vocabulary):
    lines = HAND_MADE + random_lines(1000, seed=6) + chinese_lines(200, seed=7)
    draw = random.Random(8)
    ids = vocabulary.ours(lines)["input_ids"]
    ids += [[draw.randrange(len(vocabulary.pieces)) for _ in range(20)] for _ in range(200)]
    given = [" ".join(map(str, line)) for line in ids]
    for flags, skip in ([], True), (["--keep-special"], False):
        expected = vocabulary.ours.batch_decode(ids, skip_special_tokens=skip)
        kept = [i for i, text in enumerate(expected) if "\n" not in text]
        assert albert("decode", "--tokenizer", vocabulary.folder, *flags, lines=[given[i] for i in kept]) == [expected[i] for i in kept]


def test_bare_vocabulary_is_lower_cased(vocabularies, scratch):
    assert encode(scratch / "characters.txt", HAND_MADE) == encode(vocabularies["uncased"].folder, HAND_MADE)


def test_convert_repeats_itself(vocabularies, scratch):
    albert("convert", "--tokenizer", vocabularies["trained"].folder / "vocab.txt", "--output", scratch / "again")
    for name in ("vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        assert (scratch / "again" / name).read_bytes() == (vocabularies["trained"].folder / name).read_bytes(), name


def test_info(vocabularies):
    lines = dict(line.split("  ", 1) for line in albert("info", vocabularies["uncased"].folder))
    begin = sum(not piece.startswith("##") for piece in vocabularies["uncased"].pieces)
    assert lines["kind"].strip() == "WordPiece" and int(lines["begin a word"]) == begin
    assert lines["special tokens"].strip() == "[PAD] 100, [UNK] 101, [CLS] 102, [SEP] 103, [MASK] 104"


@pytest.mark.skipif(not SHARED, reason="ALBERT_SHARED_DATA is not set: no Chinese vocabulary")
def test_the_chinese_vocabulary_is_read_whole(vocabularies):
    assert len(vocabularies["chinese"].pieces) == len(vocabularies["chinese"].ours) == 21128
    assert albert("encode", "--tokenizer", vocabularies["chinese"].folder, "--pieces", lines=["中文，ALBERT模型"]) == ["[CLS] 中 文 ， al ##bert 模 型 [SEP]"]


def test_what_does_not_fit_is_refused(vocabularies, scratch):
    folder = scratch / "mixed"
    folder.mkdir()
    vocab = folder / "vocab.txt"
    vocab.write_bytes((vocabularies["trained"].folder / "vocab.txt").read_bytes())
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "AlbertTokenizer"}))
    assert "belongs to a AlbertTokenizer" in refusal("info", folder, code=4)
    (folder / "tokenizer_config.json").unlink()
    (folder / "spiece.model").write_bytes(b"x")
    assert "holds both spiece.model and vocab.txt" in refusal("info", folder, code=4)
    vocab.write_text("[PAD]\n[UNK]\n[CLS]\n[SEP]\n")
    assert "vocab.txt: the special token [MASK] is not among its 4 lines" in refusal("info", vocab, code=4)
    vocab.write_bytes(b"[PAD]\n\xff\xfe\n")
    assert "vocab.txt: is not a WordPiece vocabulary: line 2" in refusal("info", vocab, code=4)
