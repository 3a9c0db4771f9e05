"""`albert tokenizer` beside the AlbertTokenizer of Transformers: ids, offsets, pairs and decoding must be the same.

The vocabularies are trained here, on the source text of Python's own library; with ALBERT_SHARED_DATA set, the official English vocabulary and a
cased German one are used too, and real text.
"""

import json
import os
import pathlib
import random
import re
import subprocess
import unicodedata

import pytest
from sentencepiece import sentencepiece_model_pb2
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoTokenizer

from tokenizer_texts import BINARY, HAND_MADE, SHARED, albert, encode, every_character, random_lines, real_lines

SPECIAL = ["<pad>", "<unk>", "[CLS]", "[SEP]", "[MASK]"]

# ---- vocabularies --------------------------------------------------------------------------------------------------------------------


def training_text(folder):
    """English prose and numbers with some accents, from the files of the standard library."""
    sources = sorted(pathlib.Path(os.__file__).parent.glob("*.py"))[:60]
    text = "\n\n".join(path.read_text(encoding="utf-8", errors="replace") for path in sources)
    text += "\n\n" + "In 1,000 cafés, 2,000 naïve Ärzte sagten: „Größe 3,5“, déjà vu, 1999, 2000, 2001. " * 40
    path = folder / "text.txt"
    path.write_text(text, encoding="utf-8")
    return path


def train(folder, name, *options):
    output = folder / name
    albert("train", "--input", training_text(folder), "--vocab-size", 3000, "--output", output, *options)
    return output


def read_proto(path):
    proto = sentencepiece_model_pb2.ModelProto()
    proto.ParseFromString(path.read_bytes())
    return proto


def ends_in_digit_and_comma(piece):
    return len(piece) > 1 and piece[-1] == "," and piece[-2].isdigit()


def build_independently(model_file, folder, *, lower_case=True, keep_accents=False, digit_comma=True):
    """A tokenizer folder in the published layout, made by the tokenizers library from the SentencePiece model."""
    proto = read_proto(model_file)
    vocabulary = [
        (piece.piece, piece.score - 100 if digit_comma and ends_in_digit_and_comma(piece.piece) else piece.score)
        for piece in proto.pieces
    ]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=1, byte_fallback=False))
    steps = [normalizers.Replace("``", '"'), normalizers.Replace("''", '"')]
    if not keep_accents:
        steps += [normalizers.NFKD(), normalizers.StripAccents()]
    if lower_case:
        steps.append(normalizers.Lowercase())
    steps.append(normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap))
    tokenizer.normalizer = normalizers.Sequence(steps)
    metaspace = dict(replacement="▁", prepend_scheme="always")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(**metaspace)]
    )
    tokenizer.decoder = decoders.Metaspace(**metaspace)
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.add_special_tokens(
        [AddedToken(token, lstrip=token == "[MASK]", normalized=False, special=True) for token in SPECIAL]
    )
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": "AlbertTokenizer", "do_lower_case": lower_case, "keep_accents": keep_accents}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return folder


class Vocabulary:
    """A folder of ours with the tokenizers that must agree with it."""

    def __init__(self, folder, scratch):
        self.folder = folder
        config = json.loads((folder / "tokenizer_config.json").read_text())
        self.settings = {"lower_case": config["do_lower_case"], "keep_accents": config["keep_accents"]}
        self.ours = AutoTokenizer.from_pretrained(folder)
        self.independent = AutoTokenizer.from_pretrained(
            build_independently(folder / "spiece.model", scratch / f"independent-{folder.name}", **self.settings)
        )
        self.file_alone = Tokenizer.from_file(str(folder / "tokenizer.json"))
        proto = read_proto(folder / "spiece.model")
        self.scores = [p.score - 100 if ends_in_digit_and_comma(p.piece) else p.score for p in proto.pieces]

    def references(self, lines):
        """The ids of every line by each tokenizer."""
        yield "Transformers, our folder", self.ours(lines)["input_ids"]
        yield "Transformers, independent folder", self.independent(lines)["input_ids"]
        yield "tokenizers, our tokenizer.json", [line.ids for line in self.file_alone.encode_batch(lines)]

    def is_tie(self, left, right):
        """Whether two segmentations have the same total score up to rounding."""
        totals = [sum(self.scores[i] for i in ids) for ids in (left, right)]
        return abs(totals[0] - totals[1]) < 1e-4 and left.count(1) == right.count(1)


OFFICIAL = {"albert-v2": [], "german": ["--cased"]}


def convert(name, folder):
    """A tokenizer folder around a published spiece.model."""
    albert("convert", "--tokenizer", pathlib.Path(SHARED) / "vocab" / f"{name}.spiece.model", "--output", folder, *OFFICIAL[name])
    return folder


NAMES = ["uncased", "cased", "accents", "cased-accents"] + (sorted(OFFICIAL) if SHARED else [])


@pytest.fixture(scope="session")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("tokenizer")


@pytest.fixture(scope="session")
def vocabularies(scratch):
    options = {"uncased": [], "cased": ["--cased"], "accents": ["--keep-accents"], "cased-accents": ["--cased", "--keep-accents"]}
    made = {name: Vocabulary(train(scratch, name, *flags), scratch) for name, flags in options.items()}
    if SHARED:
        made.update({name: Vocabulary(convert(name, scratch / name), scratch) for name in OFFICIAL})
    return made


@pytest.fixture(params=NAMES)
def vocabulary(request, vocabularies):
    return vocabularies[request.param]


def test_the_real_vocabularies_are_used():
    if not SHARED:
        pytest.skip("ALBERT_SHARED_DATA is not set: no official vocabulary, no real text")


def differences(ours, reference, vocabulary):
    """Indices of the lines that differ in more than a tie, and the number of ties."""
    different, ties = [], 0
    for i, (left, right) in enumerate(zip(ours, reference, strict=True)):
        if left == right:
            continue
        if vocabulary.is_tie(left, right):
            ties += 1
        else:
            different.append(i)
    return different, ties


def check_same_ids(vocabulary, lines):
    ours = encode(vocabulary.folder, lines)
    for name, reference in vocabulary.references(lines):
        different, ties = differences(ours, reference, vocabulary)
        shown = [(ascii(lines[i]), ours[i], reference[i]) for i in different[:3]]
        assert not different, f"{name}: {len(different)} of {len(lines)} lines differ, such as {shown}"
        print(f"{name}: {len(lines)} lines, {ties} ties that fell the other way")


# ---- tests ---------------------------------------------------------------------------------------------------------------------------


def test_opens_as_albert_tokenizer(vocabularies):
    for name, lower_case, keep_accents in [("uncased", True, False), ("cased-accents", False, True)]:
        tokenizer = vocabularies[name].ours
        assert type(tokenizer).__name__ == "AlbertTokenizer"
        assert tokenizer.do_lower_case is lower_case and tokenizer.keep_accents is keep_accents
        assert tokenizer.convert_tokens_to_ids(SPECIAL) == [0, 1, 2, 3, 4]
        assert tokenizer.model_max_length == 512
        assert [str(tokenizer.special_tokens_map[f"{kind}_token"]) for kind in ("pad", "unk", "cls", "sep", "mask")] == SPECIAL
        assert len(tokenizer) == 3000 and not tokenizer.get_added_vocab().keys() - set(SPECIAL)
        assert tokenizer("a", "b")["token_type_ids"] == [0] * (len(tokenizer("a")["input_ids"])) + [1] * (
            len(tokenizer("b")["input_ids"]) - 1
        )


def test_same_ids_on_hand_made_text(vocabulary):
    check_same_ids(vocabulary, HAND_MADE)


def test_same_ids_on_random_text(vocabulary):
    check_same_ids(vocabulary, random_lines(3000, seed=1))


def test_same_ids_for_every_character(vocabularies):
    check_same_ids(vocabularies["uncased"], list(every_character(step=1)))
    check_same_ids(vocabularies["cased-accents"], list(every_character(step=7)))


@pytest.mark.skipif(not SHARED, reason="ALBERT_SHARED_DATA is not set: no real text")
def test_same_ids_on_real_text(vocabulary):
    check_same_ids(vocabulary, list(real_lines()))


def test_a_perturbed_reference_differs(vocabularies, scratch):
    """The comparison would find another treatment of case, accents, or digits before commas."""
    vocabulary = vocabularies["uncased"]
    lines = HAND_MADE + random_lines(500, seed=2)
    ours = encode(vocabulary.folder, lines)
    for i, change in enumerate([{"lower_case": False}, {"keep_accents": True}, {"digit_comma": False}]):
        settings = {**vocabulary.settings, **change}
        folder = build_independently(vocabulary.folder / "spiece.model", scratch / f"perturbed-{i}", **settings)
        different, _ = differences(ours, AutoTokenizer.from_pretrained(folder)(lines)["input_ids"], vocabulary)
        assert different, f"nothing differs with {change}"


@pytest.mark.skipif(not SHARED, reason="ALBERT_SHARED_DATA is not set: no official vocabulary")
def test_official_pieces():
    model = pathlib.Path(SHARED) / "vocab/albert-v2.spiece.model"
    lines = ["2000,", "(a)b U.S.", "``It's'' [MASK] cafés"]
    expected = ["▁2000 ,", "▁ ( a ) b ▁u . s .", '▁ " it \' s " [MASK] ▁cafe s']
    assert albert("encode", "--tokenizer", model, "--no-special", "--pieces", lines=lines) == expected


def test_special_tokens_only_where_asked(vocabulary):
    lines = ["a [MASK] b", ""]
    with_special, without = (encode(vocabulary.folder, lines, *options) for options in ([], ["--no-special"]))
    assert [[2, *ids, 3] for ids in without] == with_special
    assert without[0].count(4) == 1 and without[1] == []


def test_pairs(vocabulary):
    lines = [line.replace("\t", " ") for line in HAND_MADE]
    pairs = list(zip(lines, reversed(lines)))
    ours = encode(vocabulary.folder, [f"{a}\t{b}" for a, b in pairs], "--pair")
    assert ours == vocabulary.ours([a for a, _ in pairs], [b for _, b in pairs])["input_ids"]


def test_invalid_utf8_is_what_python_replaces(vocabulary):
    broken = [b"a\xffb", b"\xc3", b"\xe2\x82", b"x\xf0\x9f\x98 y", b"\xed\xa0\x80z", b"\xc0\xaf", b"\xf5\x80", b"caf\xc3\xa9\xc3", b"a\x80\x80[MASK]\xfe"]
    draw = random.Random(3)
    broken += [bytes(draw.choice([c for c in range(256) if c != 10]) for _ in range(12)) for _ in range(500)]
    ours = encode(vocabulary.folder, broken)
    assert ours == vocabulary.ours([line.decode(errors="replace") for line in broken])["input_ids"]


# What Transformers says otherwise about places (see src/text/sentencepiece_tokenizer.h): quotes that were two characters, spaces before
# [MASK], what follows a control character that was removed, and sequences composed to one character.
ODD_PLACES = re.compile("``|''|\\s\\[MASK\\]|[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f]")


def may_be_composed(line):
    return any(unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf") for character in line)


def test_offsets(vocabulary):
    lines = [line for line in HAND_MADE + random_lines(3000, seed=4) if not ODD_PLACES.search(line)]
    if vocabulary.settings["keep_accents"]:
        lines = [line for line in lines if not may_be_composed(line)]
    assert len(lines) > 500
    output = albert("encode", "--tokenizer", vocabulary.folder, "--offsets", lines=lines)
    reference = vocabulary.ours(lines, return_offsets_mapping=True)
    lone = vocabulary.ours.convert_tokens_to_ids("▁")
    compared = 0
    for line, ours, ids, places in zip(lines, output, reference["input_ids"], reference["offset_mapping"], strict=True):
        for piece, expected_id, expected_place in zip(ours.split(), ids, places, strict=True):
            number, begin, end = map(int, piece.split(":"))
            assert number == expected_id
            if number == lone and begin == end == expected_place[0]:
                continue  # a lone prefix stands for no character here
            assert (begin, end) == expected_place, ascii(line)
            compared += 1
    assert compared > 3000


def test_offsets_where_we_differ(vocabularies):
    folder = vocabularies["uncased"].folder
    cases = {"``a": [(0, 0), (0, 2)], "a  [MASK]": [(0, 1), (3, 9)], "\x01(": [(1, 1), (1, 2)]}
    for line, expected in cases.items():
        output = albert("encode", "--tokenizer", folder, "--no-special", "--offsets", lines=[line])[0]
        places = [tuple(map(int, piece.split(":")[1:])) for piece in output.split()]
        assert places[: len(expected)] == expected, (ascii(line), output)


def test_decode(vocabulary):
    lines = HAND_MADE + random_lines(1000, seed=5)
    ids = vocabulary.ours(lines)["input_ids"]
    given = [" ".join(map(str, line)) for line in ids]
    for flags, skip in ([], True), (["--keep-special"], False):
        expected = vocabulary.ours.batch_decode(ids, skip_special_tokens=skip)
        kept = [i for i, text in enumerate(expected) if "\n" not in text]
        ours = albert("decode", "--tokenizer", vocabulary.folder, *flags, lines=[given[i] for i in kept])
        assert ours == [expected[i] for i in kept]


def test_pieces_there_and_back(vocabulary):
    lines = ["Hello world", "", "[MASK] 2000, x"]
    pieces = albert("encode", "--tokenizer", vocabulary.folder, "--pieces", lines=lines)
    assert pieces == [" ".join(vocabulary.ours.convert_ids_to_tokens(ids)) for ids in vocabulary.ours(lines)["input_ids"]]
    by_pieces = albert("decode", "--tokenizer", vocabulary.folder, "--pieces", lines=pieces)
    by_ids = albert("decode", "--tokenizer", vocabulary.folder, lines=albert("encode", "--tokenizer", vocabulary.folder, lines=lines))
    assert by_pieces == by_ids


def test_bare_model_is_lower_cased_and_stripped(vocabularies):
    folder = vocabularies["uncased"].folder
    assert encode(folder / "spiece.model", HAND_MADE) == encode(folder, HAND_MADE)


def test_training_repeats_itself(vocabularies, scratch):
    again = train(scratch, "again")
    for name in ("spiece.model", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
        assert (again / name).read_bytes() == (vocabularies["uncased"].folder / name).read_bytes(), name


def test_a_dialogue_gets_its_answers(vocabularies):
    """Output is flushed when the input pauses, so a program can ask line by line."""
    command = [BINARY, "tokenizer", "encode", "--tokenizer", str(vocabularies["uncased"].folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for _ in range(3):
            process.stdin.write(b"hello\n")
            process.stdin.flush()
            assert process.stdout.readline().startswith(b"2 ")
        process.stdin.close()
        assert process.wait(timeout=20) == 0
