#!/usr/bin/env python3
"""Makes of Jane Austen's novels what the quick start learns from: text to pretrain on, and a task.

    OUTPUT/text/*.txt              the novels without every tenth chapter
    OUTPUT/task/train.txt dev.txt  passages of 24 words in lower case, a word a line with what follows it: none, comma (also ; and :) or
                                   stop (also ! and ?). train.txt has 300 of the chapters in text/, dev.txt 1,000 of the others.

So a model learns to put punctuation where there is none, as in what a computer heard.

usage: austen_punctuation.py NOVELS OUTPUT      NOVELS is what fetch_austen.py made"""

import random
import re
import sys
from pathlib import Path

CHAPTER = re.compile(r"(?m)^(?=(?:CHAPTER|Chapter) [0-9IVXLC]+$)")
WORD_OR_MARK = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*|[.,;:!?]")
MARKS = {",": "comma", ";": "comma", ":": "comma", ".": "stop", "!": "stop", "?": "stop"}
ABBREVIATIONS = {"mr", "mrs", "dr", "st"}  # their point ends no sentence
WORDS, TRAINING, DEVELOPMENT = 24, 300, 1000


def tagged(chapter):
    """[word, tag] for every word."""
    words = []
    for token in WORD_OR_MARK.findall(chapter):
        if token not in MARKS:
            words.append([token.lower(), "none"])
        elif words and words[-1][1] == "none" and words[-1][0] not in ABBREVIATIONS:
            words[-1][1] = MARKS[token]
    return words


def passages(chapter):
    words = tagged(chapter)
    return [words[i : i + WORDS] for i in range(0, len(words) - WORDS + 1, WORDS)]


def write(path, some):
    path.write_text("\n".join("".join(f"{word} {tag}\n" for word, tag in passage) for passage in some), encoding="utf-8")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    novels, output = map(Path, sys.argv[1:])
    (output / "text").mkdir(parents=True, exist_ok=True)
    (output / "task").mkdir(exist_ok=True)
    known, others = [], []
    for novel in sorted(novels.glob("*.txt")):
        chapters = CHAPTER.split(novel.read_text(encoding="utf-8"))
        kept = [chapter for i, chapter in enumerate(chapters) if i % 10 != 5]
        (output / "text" / novel.name).write_text("".join(kept), encoding="utf-8")
        known += [passage for chapter in kept for passage in passages(chapter)]
        others += [passage for chapter in chapters[5::10] for passage in passages(chapter)]
    if len(known) < TRAINING or len(others) < DEVELOPMENT:
        sys.exit(f"{novels}: expected the six novels that fetch_austen.py fetches, found too little text")
    draw = random.Random(1)
    write(output / "task/train.txt", draw.sample(known, TRAINING))
    write(output / "task/dev.txt", draw.sample(others, DEVELOPMENT))


if __name__ == "__main__":
    main()
