"""Writes small inputs for each target of tests/fuzz, by the programs that people have such files from, and a dictionary of the words in them.
usage: make_seeds.py FOLDER

FOLDER/NAME/ has the inputs of the target NAME, FOLDER/NAME.dict its words."""

import bz2
import gzip
import io
import json
import lzma
import re
import struct
import sys
import tempfile
from collections import Counter, OrderedDict
from http.client import HTTPConnection
from pathlib import Path

import numpy
import sentencepiece
import tokenizers
import torch
import yaml
import zstandard
from safetensors.torch import save, save_file
from transformers import AlbertConfig, BertConfig, BertTokenizer

ROOT = Path(__file__).resolve().parents[2]
SEPARATOR = b"\n==FILE==\n"  # as input_file.h has it
STATE = {"albert.embeddings.word_embeddings.weight": torch.arange(24.).reshape(6, 4), "predictions.bias": torch.ones(6).half(),
         "albert.pooler.weight": torch.arange(16.).reshape(4, 4).t(), "albert.embeddings.position_ids": torch.arange(3)[None]}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXT = "Die naïve Ärztin paid 2,000 ﬁnal francs for `` it ''... [MASK] 東京 ½ x²! "


def write(folder, inputs, prefix=b""):
    """Each input, a text, bytes, or a list of parts, under a number."""
    for number, one in enumerate(inputs, len(list(folder.iterdir()))):
        parts = one if isinstance(one, list) else [one]
        content = SEPARATOR.join(part if isinstance(part, bytes) else part.encode() for part in parts)
        (folder / f"{number:03}").write_bytes(prefix + content)


def lines(*objects):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


# ---- weights -----------------------------------------------------------------------------------------------------------------------------


def torch_file(folder):
    nested = {"epoch": 3, "rate": 1e-3, "state_dict": OrderedDict(STATE), "list": [torch.zeros(2, dtype=torch.bfloat16), None, True]}
    for name, value in {"state": STATE, "nested": nested}.items():
        torch.save(value, folder / f"{name}.bin")
        torch.save(value, folder / f"{name}-old.bin", _use_new_zipfile_serialization=False)
    torch.save(STATE, folder / "protocol-4.bin", pickle_protocol=4)


def safetensors(folder):
    save_file({name: tensor.contiguous() for name, tensor in STATE.items()}, folder / "state.safetensors", {"format": "pt"})
    save_file({"a": torch.zeros(0, 3), "b": torch.tensor(1.5)}, folder / "small.safetensors")


def tensorflow_checkpoint(folder):
    """What TensorFlow wrote, in one file each: those of the data, then the index."""
    for index in (ROOT / "tests/fixtures/tensorflow").glob("*/*.index"):
        write(folder, [[file.read_bytes() for file in [*sorted(index.parent.glob("*.data-*")), index]]])


def weight_index(folder):
    file = "model-00001-of-00001.safetensors"
    index = {"metadata": {"total_size": 4}, "weight_map": {name: file for name in ("a", "b")}}
    names = {"metadata": {}, "weight_map": {name: file for name in STATE}}
    write(folder, [[json.dumps(index), save({"a": torch.zeros(0, 3), "b": torch.tensor(1.5)})],
                   [json.dumps(names), save({name: tensor.contiguous() for name, tensor in STATE.items()})]])


# ---- model folders -----------------------------------------------------------------------------------------------------------------------


def sentence_settings(folder):
    """The files of sentence-transformers that are JSON: of its versions 2 to 5, and of 6."""
    modules = [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
               for i, (path, name) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")])]
    sparse = [modules[0], {"idx": 1, "name": "1", "path": "1_SpladePooling",
                           "type": "sentence_transformers.sparse_encoder.models.SpladePooling.SpladePooling"}]
    transformer = {"max_seq_length": 256, "do_lower_case": False}
    common = {"__version__": {"sentence_transformers": "2.0.0"}, "prompts": {"query": "query: "}, "default_prompt_name": None,
              "similarity_fn_name": "cosine"}
    old = {"word_embedding_dimension": 384, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    new = {"embedding_dimension": 384, "pooling_mode": "cls"}
    write(folder, [[json.dumps(part) for part in parts]
                   for parts in [(modules, old, transformer, common), (modules, new, transformer, common), (sparse, {}, transformer, {})]])


def model_config(folder):
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    configs = [AlbertConfig(embedding_size=8, **sizes), BertConfig(**sizes),
               AlbertConfig(**sizes, architectures=["AlbertForSequenceClassification"], id2label={0: "bad", 1: "good"},
                            label2id={"bad": 0, "good": 1}),
               AlbertConfig(**sizes, architectures=["AlbertForTokenClassification"], id2label={0: "O", 1: "B-PER"}, problem_type=None),
               AlbertConfig(**sizes, architectures=["AlbertForQuestionAnswering"]), AlbertConfig(**sizes, architectures=["AlbertForMultipleChoice"])]
    texts = [config.to_json_string(use_diff=False) for config in configs]
    own = json.loads(texts[2])
    own["albert_cpp"] = {"task": {"kind": "text", "name": "classification", "labels": ["bad", "good"], "max_sequence_length": 64,
                                  "text": {"layout": "own", "text": "text", "label": ["label"], "threshold": 0.5}},
                         "ffn_output_dropout": True, "initializer": "truncated_normal"}
    texts.append(json.dumps(own))
    for choice in range(4):
        write(folder, texts, bytes([choice]))


def vectors(folder):
    matrix = io.BytesIO()
    numpy.save(matrix, numpy.arange(6, dtype="<f4").reshape(3, 2))
    second = io.BytesIO()
    numpy.lib.format.write_array(second, numpy.ones((1, 2), "<f4"), version=(2, 0))
    origin = {"model": "run", "weights": "0" * 32, "shape": "1" * 32, "tokenizer": "2" * 32, "pooling": "mean", "layers": "", "normalized": True,
              "max_length": 64}
    write(folder, [matrix.getvalue(), [matrix.getvalue(), "one\ntwo\nthree\n"], [matrix.getvalue(), "one\ntwo\nthree\n", json.dumps(origin)],
                   second.getvalue()], b"\0")
    write(folder, [[matrix.getvalue(), lines({"text": "one"}, {"text": "two"}, {"text": "three", "id": 3}), json.dumps(origin)]], b"\1")


# ---- tokenizers --------------------------------------------------------------------------------------------------------------------------


def train_sentencepiece(**options):
    model = io.BytesIO()
    sentences = [f"{TEXT} the {word} of the {other}s, 2000, cafés" for word in ("house", "garden", "day") for other in ("night", "sea", "word")]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences), model_writer=model, model_type="unigram", hard_vocab_limit=False, pad_id=0, unk_id=1, bos_id=-1, eos_id=-1,
        pad_piece="<pad>", unk_piece="<unk>", control_symbols=["[CLS]", "[SEP]", "[MASK]"], minloglevel=2, **options)
    return model.getvalue()


def sentencepiece_model(folder):
    for choice in range(2):
        write(folder, [[train_sentencepiece(vocab_size=90, normalization_rule_name="identity"), TEXT],
                       [train_sentencepiece(vocab_size=80, normalization_rule_tsv=small_rules(), user_defined_symbols=["<x>", "2,000"]), TEXT]],
              bytes([choice]))


def small_rules():
    """A character map of a few entries: that of nmt_nfkc has 240 kB, of which changes would mean little."""
    rules = Path(tempfile.mkdtemp()) / "rules.tsv"
    rules.write_text("FB01\t66 69\n00BD\t31 2F 32\n00B2\t32\n2026\t2E 2E 2E\n")
    return str(rules)


def vocabulary():
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    return [*SPECIAL, *letters, *("##" + letter for letter in letters), "the", "##ing", "2", "##0", ",", "東", "ä"]


def wordpiece_vocabulary(folder):
    for choice in range(2):
        write(folder, [["\n".join(vocabulary()) + "\n", TEXT], ["\r\n".join(vocabulary()), TEXT]], bytes([choice]))


def json_tokenizers():
    unigram = tokenizers.Tokenizer(tokenizers.models.Unigram(
        [("<pad>", 0.0), ("<unk>", 0.0), ("[CLS]", 0.0), ("[SEP]", 0.0), ("[MASK]", 0.0), ("▁the", -2.0), ("▁", -3.0), ("2,", -105.0)] +
        [(chr(code), -5.0) for code in range(ord("a"), ord("z") + 1)], 1))
    unigram.normalizer = tokenizers.normalizers.Sequence([tokenizers.normalizers.NFKD(), tokenizers.normalizers.StripAccents(),
                                                          tokenizers.normalizers.Lowercase()])
    unigram.pre_tokenizer = tokenizers.pre_tokenizers.Metaspace()
    unigram.add_special_tokens(["[CLS]", "[SEP]", "[MASK]"])
    unigram.add_tokens([tokenizers.AddedToken("<x>", lstrip=True, normalized=False)])
    wordpiece = tokenizers.Tokenizer(tokenizers.models.WordPiece({piece: i for i, piece in enumerate(vocabulary())}, unk_token="[UNK]"))
    wordpiece.normalizer = tokenizers.normalizers.BertNormalizer()
    wordpiece.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    wordpiece.add_special_tokens(SPECIAL)
    return unigram.to_str(), wordpiece.to_str()


def tokenizer_json(folder):
    write(folder, [[text, TEXT] for text in json_tokenizers()])


def tokenizer_folder(folder):
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "vocab.txt").write_text("\n".join(vocabulary()) + "\n")
        made = BertTokenizer(str(place / "vocab.txt"))
        made.add_tokens([tokenizers.AddedToken("<x>", lstrip=True, single_word=True), "the house"])
        made.add_special_tokens({"additional_special_tokens": ["<y>"]})
        made.save_pretrained(place)
        read = [(place / file).read_text() if (place / file).exists() else "{}"
                for file in ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.json")]
    words = "\n".join(vocabulary()) + "\n"
    old_map = json.dumps({"cls_token": "[CLS]", "mask_token": {"content": "[MASK]", "lstrip": True}, "additional_special_tokens": ["<y>"]})
    write(folder, [[words, *read, TEXT], [words, read[0]], [words, '{"do_lower_case": false, "strip_accents": null, "model_max_length": 512}'],
                   [words, "{}", old_map, json.dumps({"<x>": len(vocabulary()), "<y>": len(vocabulary()) + 1})]])


# ---- configurations, and files of runs ---------------------------------------------------------------------------------------------------


def yaml_(folder):
    sets = "optimizer.learning_rate=1e-3\ntask.name=a b\nschedule.warmup_steps=10\nmodel.hidden_size=64\ntask.text.label=[a, b]\nparallel.timeout_s=6"
    inputs = []
    for path in sorted((ROOT / "configs/finetune").glob("*.yaml")):
        content = yaml.safe_load(path.read_text())
        kept = {key: value for key, value in content.items() if key in ("task", "model", "optimizer", "schedule") and not isinstance(value, str)}
        inputs += [yaml.safe_dump(kept), [yaml.safe_dump(kept, default_flow_style=True), sets]]
    strange = "a: &x {b: [1, 2], c: ~}\nd: *x\ne: |\n  text\n  more\nf: 'it''s'\n? g\n: \"\\u00e9\\n\"\n# said\n<<: *x\n"
    stages = "model: {num_hidden_layers: {0: 3, 0.5: 6}}\nschedule: {warmup_ratio: 0.1}\n"
    write(folder, [*inputs, strange, stages])


STATE_OF_RUN = {"step": 4, "epoch": 1, "index_in_epoch": 2, "examples_seen": 32, "tokens_seen": 900, "elapsed_s": 1.5, "seed": 1,
                "longest_sequence": 64,
                "best": {"metric": "accuracy", "value": 0.5, "step": 2, "loss": 0.7, "since": 2},
                "unrecorded": {"sums": [1.0, 2.0], "tokens": 9, "seconds": 0.1, "waited_s": 0, "exchanged_s": 0, "tokens_at_most": 0},
                "evaluation_due": {"epoch": 1.2, "learning_rate": 1e-3, "gradient_norm": 1}, "fingerprints": {"corpus": "ab"}}
MANIFEST_OF_CHECKPOINT = {"version": 1, "files": {"config.json": {"size_bytes": 3, "xxh3_128": "0" * 32}}, "xxh3_128": "0" * 32}


def run_files(folder):
    for choice, content in enumerate(["0\n0\n0\n12\n40\n", json.dumps(STATE_OF_RUN), json.dumps(MANIFEST_OF_CHECKPOINT),
                                       "\ufeffa.txt\r\nb/*.txt\n\ns3://c/d\n",
                                       "key\n\nanother-key\n"]):
        write(folder, [content], bytes([choice]))


def run_folder(folder):
    settings = yaml.safe_dump({"task": {"name": "sst2", "kind": "text"}, "train": {"steps": 8}, "model": {"hidden_size": 32}})
    records_ = lines({"step": 2, "epoch": 0.5, "loss": 0.7, "held_out_accuracy": 0.5}, {"step": 4, "epoch": 1, "loss": None, "gradient_norm": 1e30})
    log = ("2026-01-31 17:05:00 I albert finetune --run-dir runs/a\n2026-01-31 17:06:00 E the run has failed: no space\n"
           "2026-01-31 17:07:00 W half a li")
    runs = {"metric": "accuracy", "runs": [{"name": "a", "state": "failed", "failure": "no space"}]}
    write(folder, [[settings, records_, log, json.dumps(STATE_OF_RUN), json.dumps(MANIFEST_OF_CHECKPOINT),
                    json.dumps(runs), "runs: 2\n"], [settings, records_]])


# ---- corpora -----------------------------------------------------------------------------------------------------------------------------


def compressed(folder):
    content = (TEXT * 3).encode()
    archives = [gzip.compress(content), gzip.compress(content) * 2, bz2.compress(content), lzma.compress(content), lzma.compress(content) + b"\0" * 8,
                zstandard.compress(content), zstandard.compress(content, 19) + zstandard.compress(b""), lzma.compress(content, lzma.FORMAT_ALONE),
                lzma.compress(content, check=lzma.CHECK_CRC32), content, zstandard.ZstdCompressor(write_checksum=True).compress(content)]
    write(folder, archives)


def documents(folder):
    prose = "CHAPTER 1\r\nIt was a dark night.\r\nIt rained.\r\n\r\nCHAPTER 2\r\nThe end, caf\u00e9.\r\n"
    samples = [prose, "One sentence.\nAnother one.\n\nA second document.\n",
               lines({"text": "One\n\ntwo"}, {"doc": {"body": "three"}, "text": "four"}),
               "---\ntitle: x\n---\n# Heading\n* a [link](b)\n", "a\tb\tc\n1\t2\t3\n4\t5\t6\n", "<html><body><p>text</p></body></html>\n",
               b"\xff\xfet\0e\0x\0t\0", "\ufeffbytes\rold\rMac\r", gzip.compress(prose.encode()), b"caf\xe9 \0 \x01"]
    for format_ in range(4):
        for bits in (0, 2, 4, 9, 15):
            write(folder, samples, bytes([format_, bits]))


def corpus(folder):
    """Counts, and what fits them: tokens of two documents, the ends of their sentences and their own."""
    tokens, sentences, documents_ = [5, 6, 7, 8, 9], [2, 5], [1, 2]
    body = struct.pack("<5H6x", *tokens) + struct.pack("<4Q", *sentences, *documents_)
    whole = struct.pack("<8s6I", b"ALBSHARD", 1, 2, 100, 0, 0, 0) + body + struct.pack("<8s3Q32s", b"ALBSHEND", 5, 2, 2, b"0" * 32)
    write(folder, [bytes([2, 2, 5]) + body, whole])


def manifest(folder):
    file = {"name": "tokenizer/spiece.model", "size_bytes": 4, "checksum": "0" * 32}
    shard = {"name": "train-00000.bin", "size_bytes": 144, "checksum": "0" * 32, "split": "train", "documents": 2, "sentences": 2, "tokens": 5}
    whole = {"version": 1, "tokenizer": {"fingerprint": "1" * 32, "vocabulary_size": 100}, "tokenizer_fingerprint": "1" * 32, "vocabulary_size": 100,
             "settings": {"format": "text"}, "statistics": {"input_bytes": 12}, "unknown_characters": {"\u4e1c": 3},
             "duplicates": [{"file": 1, "byte": 0, "like_file": 1, "like_byte": 9, "similarity": 0.9}], "shards": [shard], "files": [file]}
    part = {"version": 2, "kind": "corpus", "program_version": "0.1.0", "part": 1, "parts": 2,
            "input": {"files": 1, "size_bytes": 9, "checksum": "2" * 32}, "text_checksum": "3" * 32, "skips_unreadable": False,
            "tokenizer_fingerprint": "1" * 32, "vocabulary_size": 100, "settings": {"format": "text"}, "statistics": {"input_bytes": 12},
            "documents": 2, "cut_files": [{"file": 1, "good": 2, "bad_at_start": 0}], "files": [file]}
    for way, content in enumerate([whole, part, whole, part]):
        write(folder, [json.dumps({**content, "checksum": "0" * 32}, indent=2) + "\n"], bytes([way]))


# ---- data of tasks -----------------------------------------------------------------------------------------------------------------------

CHOICES = {"csv": ["video-id,fold-ind,startphrase,sent1,sent2,gold-source,ending0,ending1,ending2,ending3,label\n"
                   'v,1,"He, ""he"" says",He,says,gold,a,b,c,d,2\n', "Which one?,a,b,c,d,B\nAnd this?,a,b,c,,1\n"],
           "jsonl": [lines({"id": "q1", "context": "c", "question": "q _ ?", "choices": ["a", "b"], "label": 0},
                           {"question": {"stem": "s", "choices": [{"label": "A", "text": "x"}, {"label": "B", "text": "y"}]}, "answerKey": "B"},
                           {"question": "s", "choices": {"label": ["1", "2"], "text": ["x", "y"]}, "answerKey": "2"})],
           "race": [json.dumps({"article": "It _ .", "questions": ["What _ ?"], "options": [["a", "b", "c", "d"]], "answers": ["C"], "id": "1.txt"})]}

SQUAD = {"version": "v2.0", "data": [{"title": "t", "paragraphs": [{"context": "The café in Zürich opened in 1999.", "qas": [
    {"id": "a", "question": "Where?", "answers": [{"text": "Zürich", "answer_start": 12}], "is_impossible": False},
    {"id": "b", "question": "Who?", "answers": [], "plausible_answers": [{"text": "1999", "answer_start": 29}], "is_impossible": True}]}]}]}
ROWS = [{"id": "a", "question": "Where?", "context": "In Bern.", "answers": {"text": ["Bern"], "answer_start": [3]}},
        {"question": "When?", "context": "In 1999.", "answers": ["1999"]}]

SEMEVAL = ('1\t"The <e1>burst</e1> was caused by <e2>pressure</e2>."\nCause-Effect(e2,e1)\nComment: none\n\n'
           '2\t"A <e1>x</e1> of <e2>y</e2>."\nOther\nComment:\n\n')
RELATION = {"id": 1, "text": "The burst was caused by pressure.", "first": [4, 9], "second": [24, 32], "label": "Other"}

CONLL = "-DOCSTART- -X- O O\n\nAnna NNP B-NP B-PER\nSmith NNP I-NP I-PER\nsleeps VBZ B-VP O\n\nIn IN B-PP O\nBern NNP B-NP B-LOC\n\n"
CONLLU = ("# sent_id = 1\n# text = It's fine\n1-2\tIt's\t_\t_\t_\t_\t_\t_\t_\t_\n1\tIt\tit\tPRON\tPRP\tCase=Nom\t3\tnsubj\t_\t_\n"
          "2\t's\tbe\tVERB\tVBZ\t_\t3\tcop\t_\t_\n3\tfine\tfine\tNOUN\tJJ\t_\t0\troot\t_\t_\n3.1\tx\t_\t_\t_\t_\t_\t_\t_\t_\n\n")
TAG_ROWS = "text_a\tlabel\nAnna sleeps\tB-PER O\nin Bern\tO B-LOC\n"
TAG_LINES = lines({"tokens": ["Anna", "sleeps"], "ner_tags": ["B-PER", "O"]}, {"words": "in Bern", "tags": "O B-LOC"},
                  {"text_a": "Bern", "label": "B-LOC"})

TABLES = ["text\tlabel\nA good film.\tpositive\nA dull one.\tnegative\n", "text,label\n\"A \"\"good\"\", film.\",positive\n\"two\nlines\",negative\n",
          lines({"text": "A good film.", "label": "positive"}, {"text": "A dull one.", "label": 1, "labels": ["joy"]},
                {"text": "x", "label": ["joy", "fear"]}),
          "text\tlabel\nfour\t4.5\nfive\t-1e3\n", "text\tlabel\njoy and fear\tjoy,fear\nnone\t\n", "text\tsecond_text\tlabel\na\tb\t3.5\nc\td\t0\n",
          "gj04\t1\t\tThe sailors rode the breeze.\ngj04\t0\t*\tThe sailors rode.\n",
          "Quality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t1\t2\tone text\tanother \"text\n0\t3\t4\ta\tb\n",
          "index\tgenre\tfilename\tyear\told_index\tsource1\tsource2\tsentence1\tsentence2\tscore\n0\tg\tf\t2012\t1\tnone\tnone\ta\tb\t5.000\n",
          "index\tpromptID\tpairID\tgenre\tsentence1_binary_parse\tsentence2_binary_parse\tsentence1_parse\tsentence2_parse\t"
          "sentence1\tsentence2\tlabel1\tgold_label\n0\t1\t1e\tg\t( a )\t( b )\t(a)\t(b)\ta\tb\tneutral\tentailment\n",
          "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n1\t2\t3\twhat?\twhy?\t0\n", "index\tsentence1\tsentence2\n0\ta\tb\n",
          "DESC:manner How did it go ?\nNUM:count How many ?\n"]


def data_set(folder, num_recipes, files):
    """\\param files their contents, a list for each file"""
    for recipe in range(num_recipes):
        for number, contents in enumerate(files):
            for trains in range(2):
                write(folder, contents, bytes([recipe, number, trains]))


def choices(folder):
    data_set(folder, 2, list(CHOICES.values()))


def questions(folder):
    data_set(folder, 3, [[json.dumps(SQUAD, ensure_ascii=False), json.dumps({"data": ROWS}), json.dumps(ROWS)], [lines(*ROWS)]])


def relations(folder):
    data_set(folder, 1, [[SEMEVAL, '8001\t"A <e1>x</e1> of <e2>y</e2>."\n'], [lines(RELATION, {**RELATION, "id": 2})]])


def tags(folder):
    data_set(folder, 3, [[CONLL, "# said\nAnna\tB-PER\n\nBern\tB-LOC\n"], [CONLLU], [TAG_ROWS], [TAG_LINES]])


def tables(folder):
    data_set(folder, 10, [TABLES, TABLES, TABLES])


def records(folder):
    texts = ["A good film.\nA dull one.\n", "one\ttwo\n", "question?\tThe context.\n", "context\tquestion\ta\tb\n", "The <e1>x</e1> of <e2>y</e2>.\n"]
    tables_ = [*TABLES[:4], "question\tcontext\nWhere?\tIn Bern.\n", "context\tquestion\tchoice_A\tchoice_B\nc\tq\ta\tb\n",
               "sentence\nThe <e1>x</e1> of <e2>y</e2>.\n", "words\nAnna sleeps\n", "text\nAnna sleeps\n"]
    objects = [TABLES[2], TAG_LINES, lines(*ROWS), CHOICES["jsonl"][0], lines(RELATION), lines({"sentence1": "a", "sentence2": "b"})]
    for task in range(9):
        for format_, samples in enumerate([texts, tables_, objects, objects]):
            write(folder, samples, bytes([task, format_]))


def predictions(folder):
    predicted = CONLL.replace(" B-LOC\n", " B-LOC O\n").replace(" O\n", " O O\n").replace("PER\n", "PER I-PER\n")
    own = "text\tlabel\tprediction\nA good film.\tpositive\tnegative\nA dull one.\tnegative\tnegative\n"
    many = lines({"text": "a", "label": ["joy"]}), lines({"text": "a", "label": ["joy"], "prediction": ["joy", "fear"]})
    numbers = "text,label\na,1.5\nb,2\n", "text,label,prediction\na,1.5,1\nb,2,2.5\n"
    answers = json.dumps({"a": "Zürich", "b": ""})
    choices_ = CHOICES["jsonl"][0], lines({"id": "q1", "prediction": 1}, {"id": "2", "prediction": "A"}, {"id": "3", "prediction": 0})
    pairs = TABLES[5], TABLES[5].replace("label\n", "label\tprediction\n").replace("3.5\n", "3.5\t3\n").replace("0\n", "0\t1\n")
    for task, parts in enumerate([(TABLES[0], own), many, numbers, (TABLES[6], "index\tprediction\n0\t1\n1\t0\n"),
                                  (TABLES[9], "index\tprediction\n0\tneutral\n"), (TABLES[8], "index\tprediction\n0\t4.5\n"),
                                  (json.dumps(SQUAD), answers), (json.dumps(SQUAD), answers, json.dumps({"a": 0.1, "b": 0.9})), (CONLL, predicted),
                                  (CONLLU, CONLLU), choices_, (SEMEVAL, "1\tCause-Effect(e2,e1)\n2\tOther\n"), pairs]):
        write(folder, [list(parts)], bytes([task]))


# ---- the server --------------------------------------------------------------------------------------------------------------------------

ASKED = {"/predict": [{"inputs": "a film"}, {"inputs": [["a"], ["b"]], "truncate": True}, {"inputs": {"text": "a"}, "raw_scores": True}],
         "/models/mnli/predict": [{"inputs": ["a", "b"]}, {"inputs": {"sentence1": "a", "sentence2": "b"}}],
         "/tags": [{"inputs": ["Anna sleeps"]}, {"inputs": {"words": ["Anna", "sleeps"]}}],
         "/answer": [{"inputs": {"question": "Where?", "context": "In Bern."}, "n_best": 3}],
         "/choose": [{"inputs": {"question": "q", "choices": ["a", "b"]}}], "/relation": [{"inputs": RELATION}],
         "/embed": [{"inputs": ["a", [1, 5, 6, 2]], "normalize": False, "prompt_name": "query", "truncation_direction": "Left"}],
         "/v1/embeddings": [{"input": "a", "model": "encoder", "encoding_format": "base64", "dimensions": 4}], "/embed_all": [{"inputs": "a"}],
         "/embed_sparse": [{"inputs": "a"}], "/similarity": [{"inputs": {"source_sentence": "a", "sentences": ["b", "c"]}}],
         "/rerank": [{"query": "a", "texts": ["b", "c"], "return_text": True, "raw_scores": False}],
         "/search": [{"inputs": "a", "top_k": 1, "index": "novels"}],
         "/fill-mask": [{"inputs": "the [MASK] of", "top_k": 2}], "/tokenize": [{"inputs": ["a b"], "add_special_tokens": False}],
         "/decode": [{"ids": [[5, 6]], "skip_special_tokens": True}]}


def requests(folder):
    write(folder, [f"POST {path}\n{json.dumps(body)}" for path, bodies in ASKED.items() for body in bodies])
    write(folder, [f"GET {path}\n" for path in ("/info", "/health", "/metrics", "/openapi.json", "/v1/models", "/", "/models/a%20b/info")])
    write(folder, ["OPTIONS /embed\n"])


class Recorder:
    """The socket of a client, which keeps what it is to send."""

    def __init__(self):
        self.bytes = b""

    def sendall(self, data):
        self.bytes += data if isinstance(data, bytes) else b"".join(data)


def http(folder):
    def said(method, path, body=None, headers=None, chunked=False):
        client = HTTPConnection("localhost", 8080)
        client.sock = Recorder()
        client.request(method, path, body, headers or {}, encode_chunked=chunked)
        return client.sock.bytes

    post = said("POST", "/predict", json.dumps({"inputs": "a film"}), {"Content-Type": "application/json", "Authorization": "Bearer key"})
    chunked = said("POST", "/embed", iter([b"{\"inputs\"", b": \"a\"}"]), {"Transfer-Encoding": "chunked"}, True)
    write(folder, [said("GET", "/health"), post, chunked, post + said("HEAD", "http://host/info?x=1") + post,
                   said("PUT", "/x", "y" * 1200),
                   said("POST", "/tags", "{}", {"Expect": "100-continue", "Connection": "close", "Origin": "https://a.org"}),
                   b"GET / HTTP/1.0\r\n\r\n"])


# ---- dictionaries ------------------------------------------------------------------------------------------------------------------------

SYNTAX = [b"{", b"}", b"[", b"]", b"\":", b",\"", b"null", b"true", b"1e999", b"-1", b"9223372036854775808", b"18446744073709551616", b"0.1",
          b"1e300",
          b"\"\\u0000\"", b"\"\\ud800\"", b"\xef\xbb\xbf", b"\xff\xfe", b"\r\n", b"\t", b"\n\n", SEPARATOR, b"\xe2\x80\xae", b"\xed\xa0\x80"]


def write_dictionary(folder, path):
    """The words that the inputs have most often, and signs."""
    max_words = 300
    words = Counter(word for file in folder.iterdir() for word in re.findall(rb"[A-Za-z_#<][\w.>/-]{2,40}", file.read_bytes()))
    tokens = SYNTAX + [word for word, _ in words.most_common(max_words)]
    path.write_text("".join('"' + "".join(f"\\x{byte:02x}" for byte in token) + '"\n' for token in tokens))


MAKERS = [choices, compressed, corpus, documents, http, manifest, model_config, predictions, questions, records, relations, requests, run_files,
          run_folder, safetensors, sentence_settings, sentencepiece_model, tables, tags, tensorflow_checkpoint, tokenizer_folder, tokenizer_json,
          torch_file, vectors, weight_index, wordpiece_vocabulary, yaml_]

for make in MAKERS:
    name = make.__name__.rstrip("_")
    place = Path(sys.argv[1]) / name
    place.mkdir(parents=True, exist_ok=True)
    for file in place.iterdir():
        file.unlink()
    make(place)
    write_dictionary(place, place.with_suffix(".dict"))
