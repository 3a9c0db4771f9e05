"""`albert tokenizer extend` and `albert tokenizer replace`: a model gets pieces for words of its own, or another vocabulary. Ids are compared
with Transformers', rows with the means that they are to be."""

import json
import random
import shutil
import string

import pytest
import sentencepiece
import tiny_run
import torch
from safetensors.torch import load_file, save_file
from test_heads import CONFIG
from transformers import AlbertConfig, AlbertForMaskedLM, AutoModelForMaskedLM, AutoModelForSequenceClassification, AutoTokenizer, BertConfig, BertForMaskedLM

OLD = "the patient sat by an old mill and ran past two small bridges with bread for her guests in 1999".split()
NEW = "hypoglycemia hypo Metformin nephropathies nephro insulin2 résumé".split()
NORMALISED = "hypoglycemia hypo metformin nephropathies nephro insulin2 resume".split()
EMBEDDINGS = {"sentencepiece": "albert.embeddings.word_embeddings.weight", "wordpiece": "bert.embeddings.word_embeddings.weight"}
BIAS = {"sentencepiece": "predictions.bias", "wordpiece": "cls.predictions.bias"}
# Sums of a few numbers of size 1 in float32; a piece more or less shows at 1e-2 and more.
TOLERANCE = 1e-6


def write_sentencepiece(albert, folder):
    """Of a table that was rounded up: the tokenizer has 66 pieces, the model 72 rows."""
    draw = random.Random(1)
    text = folder.parent / "text.txt"
    text.write_text("\n".join(" ".join([*draw.choices(OLD, k=10), draw.choice(string.ascii_lowercase)]) for _ in range(500)))
    albert("tokenizer", "train", "--input", text, "--vocab-size", 66, "--output", folder)
    AlbertForMaskedLM(AlbertConfig(vocab_size=72, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                                   intermediate_size=64, max_position_embeddings=64, initializer_range=0.3)).save_pretrained(folder)


def write_wordpiece(folder):
    letters = string.ascii_lowercase + "19.,-'"
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *OLD, *letters, *(f"##{letter}" for letter in letters), "##pathies", "hyp"]
    BertForMaskedLM(BertConfig(vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
                               max_position_embeddings=64, initializer_range=0.3)).save_pretrained(folder)
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in pieces))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True}))


@pytest.fixture(scope="module", params=["sentencepiece", "wordpiece"])
def kind(request):
    return request.param


@pytest.fixture(scope="module")
def base(albert, kind, tmp_path_factory):
    """A small model of random weights."""
    folder = tmp_path_factory.mktemp(kind) / "base"
    torch.manual_seed(3)
    write_sentencepiece(albert, folder) if kind == "sentencepiece" else write_wordpiece(folder)
    weights = load_file(folder / "model.safetensors")
    torch.nn.init.normal_(weights[BIAS[kind]])  # zeros would hide a mix-up
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def known_word(base):
    """A word that is one piece already."""
    pieces = AutoTokenizer.from_pretrained(base).get_vocab()
    return next(word for word in OLD if word in pieces or "▁" + word in pieces)


@pytest.fixture(scope="module")
def extended(albert, base):
    words = base.parent / "words.txt"
    words.write_text("\ufeff" + "\r\n\n".join([known_word(base), *NEW, "hypo"]))
    albert("tokenizer", "extend", "--model", base, "--add", words, "--output", base.parent / "extended")
    return base.parent / "extended"


def ids_of(albert, folder, lines):
    output = albert("tokenizer", "encode", "--tokenizer", folder, stdin="".join(line + "\n" for line in lines))
    return [[int(number) for number in line.split()] for line in output.splitlines()]


def texts(count=200):
    """Old and new words in all neighbourhoods: with signs, in capitals, with endings, joined."""
    draw = random.Random(7)
    words = OLD + 3 * NEW + NORMALISED
    change = [str, str, str.upper, str.capitalize, lambda word: word + draw.choice("s .,-'9x"), lambda word: "(" + word + ")", lambda word: word[:-2],
              lambda word: draw.choice("xé-") + word, lambda word: word + draw.choice(words)]
    return [" ".join(draw.choice(change)(draw.choice(words)) for _ in range(draw.randint(1, 9))) for _ in range(count)]


def first_new(base):
    return len(AutoTokenizer.from_pretrained(base))


def test_ids_are_transformers_and_old_ones_stay(albert, kind, base, extended):
    ours = ids_of(albert, extended, texts())
    assert ours == AutoTokenizer.from_pretrained(extended)(texts())["input_ids"]
    assert {id for line in ours for id in line} >= set(range(first_new(base), first_new(base) + len(NEW)))
    assert ours != ids_of(albert, base, texts())
    for i, word in enumerate(NEW):
        assert ids_of(albert, extended, [word]) == [[2, first_new(base) + i, 3]]
    assert ids_of(albert, extended, OLD) == ids_of(albert, base, OLD)
    old = AutoTokenizer.from_pretrained(base).get_vocab()
    assert old.items() <= AutoTokenizer.from_pretrained(extended).get_vocab().items()
    if kind == "sentencepiece":
        compare_with_library(albert, base, extended)


def compare_with_library(albert, base, extended):
    """SentencePiece opens the file too, and adds scores in single precision: ties of the old pieces may fall otherwise there, no new ones."""
    plain = ["".join(c for c in line.lower().replace("é", "e") if c.isalnum() or c == " ") for line in texts()]
    agree = []
    for folder in (base, extended):
        library = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spiece.model"))
        agree.append([[2, *library.encode(line), 3] == ids for line, ids in zip(plain, ids_of(albert, folder, plain), strict=True)])
    assert sum(agree[0]) > 0.95 * len(plain)
    assert all(after for before, after in zip(*agree) if before)


def test_rows_are_means_and_old_ones_stay(kind, base, extended):
    before, after = load_file(base / "model.safetensors"), load_file(extended / "model.safetensors")
    before.pop("predictions.decoder.bias", None), before.pop("cls.predictions.decoder.bias", None)
    before.pop("cls.predictions.decoder.weight", None), before.pop("predictions.decoder.weight", None)
    assert before.keys() == after.keys()
    tables = {EMBEDDINGS[kind], BIAS[kind]}
    assert all(torch.equal(before[name], after[name]) for name in before.keys() - tables)
    tokenizer, first = AutoTokenizer.from_pretrained(base), first_new(base)
    for name in tables:
        assert len(after[name]) == max(first + len(NEW), len(before[name]))
        assert torch.equal(before[name][:first], after[name][:first])
        for i, word in enumerate(NEW):
            ids = tokenizer(word, add_special_tokens=False)["input_ids"]
            known = [id for id in ids if id != tokenizer.unk_token_id]
            rows = before[name][known] if known else before[name][:first]
            assert (rows.mean(0) - after[name][first + i]).abs().max() < TOLERANCE
            # A piece that is left out must show.
            assert (rows[1:].mean(0) - after[name][first + i]).abs().max() > 100 * TOLERANCE


def test_transformers_opens_it_with_every_weight_in_its_place(kind, base, extended):
    model, info = AutoModelForMaskedLM.from_pretrained(extended, output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"] and not info["mismatched_keys"]
    weights = load_file(extended / "model.safetensors")
    assert torch.equal(model.get_input_embeddings().weight, weights[EMBEDDINGS[kind]])
    assert torch.equal(model.get_output_embeddings().weight, weights[EMBEDDINGS[kind]])
    assert torch.equal(model.get_output_embeddings().bias, weights[BIAS[kind]])
    before, after = (json.loads((folder / "config.json").read_text()) for folder in (base, extended))
    assert after.pop("vocab_size") == len(weights[BIAS[kind]])
    note = json.loads((extended / "albert_cpp.json").read_text())
    assert note["written_by"] == "tokenizer extend"
    assert {*note["content"], "albert_cpp.json"} == {path.name for path in extended.iterdir()}
    kept = before.keys() - {"vocab_size", "dtype"}
    assert {key: before[key] for key in kept} == {key: after[key] for key in after.keys() - {"dtype"}}


def test_the_program_uses_it(albert, extended):
    assert "vocabulary of" in albert("info", extended)
    assert albert("fill-mask", "--model", extended, "the [MASK] of hypoglycemia").count("%") == 5


@pytest.fixture(scope="module")
def tuned(albert, base):
    folder = base.parent
    draw = random.Random(5)
    (folder / "data").mkdir()
    for part in ("train", "dev"):
        lines = [json.dumps({"text": " ".join(draw.choices(OLD, k=6)), "label": draw.choice("ab")}) for _ in range(24)]
        (folder / f"data/{part}.jsonl").write_text("\n".join(lines))
    (folder / "config.yaml").write_text(CONFIG.format(task="kind: text", length=64))
    albert("finetune", "--config", folder / "config.yaml", "--model", base, "--data", folder / "data", "--run-dir", folder / "run")
    return folder / "run"


def test_a_fine_tuned_model_keeps_its_head_and_its_answers(albert, base, tuned, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("\n".join(NEW))
    albert("tokenizer", "extend", "--model", tuned, "--add", words, "--output", tmp_path / "extended")
    lines = "".join(json.dumps({"text": text}) + "\n" for text in ["the old mill", "bread for two guests"])
    predicted = [albert("predict", "--model", folder, "--format", "jsonl", stdin=lines) for folder in (tuned, tmp_path / "extended")]
    assert predicted[0] == predicted[1]
    _, info = AutoModelForSequenceClassification.from_pretrained(tmp_path / "extended", output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"]
    before, after = (json.loads((folder / "config.json").read_text()) for folder in (tuned / "checkpoints/latest", tmp_path / "extended"))
    assert before["albert_cpp"] == after["albert_cpp"] and before["id2label"] == after["id2label"]


def test_what_cannot_be_added_is_refused_with_its_line(albert, kind, base, tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("fine\ntwo words\n\n[MASK]\n\u200b\x01\n")
    message = albert("tokenizer", "extend", "--model", base, "--add", words, "--output", tmp_path / "out", code=3)
    assert "line 2: 'two words' is 2 words to the tokenizer" in message and "line 4: '[MASK]' holds the special token" in message
    words.write_text(f"{known_word(base)}\n{known_word(base).upper()}\n")
    assert "expected new words, found none" in albert("tokenizer", "extend", "--model", base, "--add", words, "--output", tmp_path / "out", code=3)
    for options in ([], ["--add", words, "--from-corpus", words]):
        assert "expected either --add" in albert("tokenizer", "extend", "--model", base, *options, "--output", tmp_path / "out", code=2)
    assert "--max-pieces is for --from-corpus" in albert("tokenizer", "extend", "--model", base, "--add", words, "--max-pieces", 3, "--output",
                                                         tmp_path / "out", code=2)
    assert "is no model with another vocabulary" in albert("tokenizer", "extend", "--model", base, "--add", words, "--output", base, "--overwrite", code=2)
    assert not (tmp_path / "out").exists()


def test_ids_of_added_tokens_stay(albert, base, tmp_path):
    """Tokens behind the pieces leave no room for more pieces."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.add_tokens(["[E1]"])
    folder = tmp_path / "model"
    model = AutoModelForMaskedLM.from_pretrained(base)
    model.resize_token_embeddings(max(len(tokenizer), model.config.vocab_size))
    model.save_pretrained(folder), tokenizer.save_pretrained(folder)
    words = tmp_path / "words.txt"
    words.write_text("metformin")
    message = albert("tokenizer", "extend", "--model", folder, "--add", words, "--output", tmp_path / "out", code=4)
    assert "'[E1]'" in message and "every id has to stay" in message


def write_general(path):
    draw = random.Random(2)
    path.write_text("\n".join(line for _ in range(40) for line in [*(" ".join(draw.choices(OLD, k=8)) + "." for _ in range(8)), ""]))


MEDICAL = "hypoglycaemia metformin nephropathy insulin glucagon ketoacidosis dialysis creatinine albuminuria retinopathy".split()


def write_domain(path):
    """Sentences in which the words of the domain depend on their neighbours."""
    draw = random.Random(4)
    lines = []
    for _ in range(40):
        for _ in range(8):
            i = draw.randrange(len(MEDICAL) - 2)
            lines.append(f"the patient with {MEDICAL[i]} and {MEDICAL[i + 1]} has {MEDICAL[i + 2]} in {draw.choice(['two', 'small'])} {draw.choice(OLD)}.")
        lines.append("")
    path.write_text("\n".join(lines))


def loss_per_character(albert, folder, model, text, tmp_path):
    """Builds the domain's corpus with a model's tokenizer, continues pretraining on it, and returns the tokens of the text and its loss per character:
    that of a token times the tokens that a character has."""
    corpus, run = tmp_path / f"corpus-{model.name}", tmp_path / f"run-{model.name}"
    albert("corpus", "build", "--input", text, "--format", "lines", "--tokenizer", model, "--output", corpus, "--held-out", 0.2)
    albert("pretrain", "--config", folder / "run.yaml", "--init-from", model, "--run-dir", run, "--set", f"data.corpus={corpus}", "--set",
           "train.steps=120", "--set", "evaluate.every=120", "--set", "evaluate.max_sequences=200")
    tokens = sum(len(ids) - 2 for ids in ids_of(albert, model, text.read_text().splitlines()))
    characters = len(text.read_text().replace("\n", ""))
    return tokens, tiny_run.records(run)[-1]["held_out_mlm_loss"] * tokens / characters


def test_pretraining_on_a_domain_is_shorter_and_better(albert, tmp_path):
    tiny_run.make_corpus(albert, tmp_path, write_general)
    albert("pretrain", "--config", tmp_path / "run.yaml", "--run-dir", tmp_path / "general", "--set", f"data.corpus={tmp_path / 'corpus'}")
    domain = tmp_path / "domain.txt"
    write_domain(domain)
    base, extended = tmp_path / "general/checkpoints/latest", tmp_path / "extended"
    report = albert("tokenizer", "extend", "--model", tmp_path / "general", "--from-corpus", domain, "--format", "lines", "--max-pieces", 12, "--output", extended)
    before = loss_per_character(albert, tmp_path, base, domain, tmp_path)
    after = loss_per_character(albert, tmp_path, extended, domain, tmp_path)
    assert f"the text has {before[0]:,} tokens, {after[0]:,} with the new pieces" in report
    assert after[0] < 0.6 * before[0]
    assert after[1] < 0.9 * before[1]


def test_replacing_keeps_the_rows_of_shared_pieces(albert, kind, base, tmp_path):
    """By the vocabulary of the other kind, whose marks are others, and by one of the same kind."""
    pieces = ["[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]", *OLD[:6], "mills", "bridged", "metformin", *string.ascii_lowercase,
              *(f"##{letter}" for letter in string.ascii_lowercase), "##ed", ",", "☃"]
    (tmp_path / "vocab.txt").write_text("".join(f"{piece}\n" for piece in pieces))
    report = albert("tokenizer", "replace", "--model", base, "--tokenizer", tmp_path / "vocab.txt", "--output", tmp_path / "new")
    before, after = AutoTokenizer.from_pretrained(base), AutoTokenizer.from_pretrained(tmp_path / "new")
    old, new = (load_file(folder / "model.safetensors") for folder in (base, tmp_path / "new"))
    mark = "▁" if kind == "sentencepiece" else ""
    spelled = {piece: piece[2:] if kind == "sentencepiece" and piece.startswith("##") else piece if piece.startswith("##") else mark + piece
               for piece in pieces[5:]}
    vocabulary = before.get_vocab()
    spelled[","] = ","
    roles = ["pad_token_id", "cls_token_id", "sep_token_id", "mask_token_id", "unk_token_id"]
    counts = [5, 0, 0]
    for name in (EMBEDDINGS[kind], BIAS[kind]):
        assert len(new[name]) == len(pieces)
        for role in roles:
            assert torch.equal(new[name][getattr(after, role)], old[name][getattr(before, role)])
    for id, piece in enumerate(pieces[5:], 5):
        shared = vocabulary.get(spelled[piece])
        ids = [shared] if shared is not None else before(piece, add_special_tokens=False)["input_ids"]
        known = [id for id in ids if id != before.unk_token_id]
        counts[0 if shared is not None else 1 if known else 2] += 1
        if piece.startswith("##") and shared is None:
            continue
        for name in (EMBEDDINGS[kind], BIAS[kind]):
            rows = old[name][known] if known else old[name][: len(before)]
            assert (new[name][id] - rows.mean(0)).abs().max() < TOLERANCE, piece
            assert shared is None or torch.equal(new[name][id], old[name][shared])
            # A piece that is left out must show.
            assert len(rows) == 1 or (new[name][id] - rows[1:].mean(0)).abs().max() > 100 * TOLERANCE
    assert f"{counts[0]} kept, {counts[1]} from their old pieces, {counts[2]} from the mean of all" in report
    assert new.keys() == {name for name in old if "decoder" not in name}
    config = json.loads((tmp_path / "new/config.json").read_text())
    assert (config["vocab_size"], config["pad_token_id"], config["bos_token_id"], config["eos_token_id"]) == (len(pieces), 0, 1, 2)
    _, info = AutoModelForMaskedLM.from_pretrained(tmp_path / "new", output_loading_info=True)
    assert not info["missing_keys"] and not info["unexpected_keys"]
    assert ids_of(albert, tmp_path / "new", texts()) == after(texts())["input_ids"]
    assert albert("fill-mask", "--model", tmp_path / "new", "the [MASK] mill").count("%") == 5


def test_what_is_read_is_not_replaced(albert, base, extended, tmp_path):
    shutil.copytree(extended, tmp_path / "model")
    (tmp_path / "words.txt").write_text("zyxwvuts\n")
    refusal = lambda *words: albert("tokenizer", *words, "--output", tmp_path / "model", "--overwrite", code=2)
    assert "is the folder of what is read" in refusal("extend", "--model", tmp_path / "model", "--add", tmp_path / "words.txt")
    vocabulary = next(tmp_path / "model" / name for name in ("spiece.model", "vocab.txt") if (tmp_path / "model" / name).exists())
    for tokenizer in (tmp_path / "model", vocabulary):
        assert "is the folder of what is read" in refusal("replace", "--model", base, "--tokenizer", tokenizer)
