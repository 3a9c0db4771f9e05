#!/usr/bin/env python3
"""Prediction with ALBERT-base (random weights, a classifier of two classes): `albert predict` over a pipe, text in and label out, beside ONNX Runtime,
OpenVINO and Transformers, which get token ids and are called from Python. All are loaded and take turns. Prints for each the median milliseconds,
its range, and the median over the rounds of its time divided by that of albert.cpp in the precision of the same kind; then the memory of each process,
and what `albert predict` needs from its start to the first answer.

    scripts/setup.sh --tests && .deps/python/bin/pip install openvino onnxruntime
    .deps/python/bin/python scripts/bench/predict.py --binary build/release/albert --vocabulary spiece.model

--vocabulary is ALBERT's published SentencePiece model."""

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import sentencepiece

SHAPES = [(1, 32), (1, 128), (32, 32), (16, 128)]  # texts, tokens of each with [CLS] and [SEP]
#: albert.cpp's precision that each peer is compared with
PEERS = {"onnxruntime float32": "float32", "openvino float32": "float32", "transformers float32": "float32", "openvino bfloat16": "bfloat16",
         "transformers bfloat16": "bfloat16", "onnxruntime int8": "int8"}


def resident_bytes(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Albert:
    def __init__(self, options, model, precision):
        self.begin = time.perf_counter()
        self.process = subprocess.Popen([options.binary, "--quiet", "predict", "--model", model, "--precision", precision, "--threads", str(options.threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        self.output = os.fdopen(self.process.stdout.fileno(), "rb", closefd=False)

    def milliseconds(self, texts):
        begin = time.perf_counter()
        os.write(self.process.stdin.fileno(), "".join(f"{text}\n" for text in texts).encode())
        for _ in texts:
            if not self.output.readline():
                raise SystemExit("albert predict failed")
        return 1000 * (time.perf_counter() - begin)

    def finish(self):
        self.process.stdin.close()
        self.process.wait()


class Peer:
    """predict_peer.py, which computes what it is asked once more."""

    def __init__(self, options, name, folder):
        runtime, precision = name.split()
        self.process = subprocess.Popen([sys.executable, Path(__file__).with_name("predict_peer.py"), runtime, precision, folder, str(options.threads)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def milliseconds(self, texts):
        self.process.stdin.write(json.dumps([len(texts), 2 + len(texts[0].split())]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.process.args} failed")
        return json.loads(line)

    def finish(self):
        self.process.stdin.close()
        self.process.wait()


def texts_of(vocabulary, count, length, seed=0):
    """Texts that have so many pieces each: of words that are a piece, and that lower-casing leaves alone."""
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    words = [word[1:] for word in map(pieces.id_to_piece, range(pieces.get_piece_size())) if re.fullmatch("\u2581[a-z]+", word)]
    choice = random.Random(seed)
    texts = []
    while len(texts) < count:
        text = " ".join(choice.choices(words, k=length - 2))
        if len(pieces.encode(text)) == length - 2:
            texts.append(text)
    return texts


def make_folders(options, scratch):
    """A classifier as `albert predict` opens it, and as ONNX files."""
    from transformers import AlbertConfig, AlbertForSequenceClassification
    config = AlbertConfig(vocab_size=30000, embedding_size=128, hidden_size=768, num_hidden_layers=12, num_attention_heads=12,
                          intermediate_size=3072, hidden_act="gelu_new", hidden_dropout_prob=0, attention_probs_dropout_prob=0)
    model = scratch / "model"
    AlbertForSequenceClassification(config).save_pretrained(model)
    (model / "spiece.model").write_bytes(options.vocabulary.read_bytes())
    subprocess.run([options.binary, "--quiet", "export", "--model", model, "--to", "onnx", "--int8", "--output", scratch / "exported"],
                   check=True, stdout=subprocess.DEVNULL)
    return model, scratch / "exported/onnx"


def first_answer(options, model, precision, text):
    """Milliseconds from the start of the program."""
    seconds = []
    for _ in range(5):
        side = Albert(options, model, precision)
        side.milliseconds([text])
        seconds.append(time.perf_counter() - side.begin)
        side.finish()
    return 1000 * statistics.median(seconds)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, required=True, help="albert")
    parser.add_argument("--vocabulary", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--precisions", nargs="+", default=["float32", "bfloat16", "int8"])
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        model, onnx = make_folders(options, Path(scratch))
        sides = {precision: Albert(options, model, precision) for precision in options.precisions}
        sides |= {name: Peer(options, name, onnx if "transformers" not in name else model) for name in options.peers}
        for count, length in SHAPES:
            texts = texts_of(options.vocabulary, count, length)
            times = {name: [] for name in sides}
            for round_ in range(options.rounds + 1):
                for name, side in sides.items():
                    side.milliseconds(texts)  # its threads and its weights are awake
                    times[name].append(min(side.milliseconds(texts) for _ in range(3 if count == 1 else 1)))
                    time.sleep(0.05)  # threads that spin have stopped
            print(f"\n{count} x {length} tokens")
            for name, values in times.items():
                values = values[1:]
                line = f"{name:22}{statistics.median(values):8.1f} ms ({min(values):.1f} to {max(values):.1f})"
                if PEERS.get(name) in sides:
                    line += f"   {statistics.median(a / b for a, b in zip(values, times[PEERS[name]][1:])):.2f} of albert.cpp {PEERS[name]}"
                print(line, flush=True)
        print()
        for name, side in sides.items():
            print(f"{name:22}{resident_bytes(side.process.pid) / 1e6:8.0f} MB")
            side.finish()
        for precision in options.precisions:
            print(f"{precision:22}{first_answer(options, model, precision, texts_of(options.vocabulary, 1, 32)[0]):8.0f} ms to the first answer")


if __name__ == "__main__":
    main()
