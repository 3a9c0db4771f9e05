#!/usr/bin/env python3
"""Makes a task of six novels by one author: which novel a paragraph is from. Leaves in FOLDER
    texts/           the novels without every sixth chapter, to pretrain on
    train.tsv        a few labelled paragraphs of those, as many of each novel, with the columns `text` and `label`
    dev.tsv          labelled paragraphs of the chapters that were left out
Which paragraphs those are follows from checksums, so that they are the same on every machine. Does nothing where the files are there already.

usage: make_novels_task.py NOVELS FOLDER      NOVELS: what fetch_austen.py fetches
"""

import re
import sys
import zlib
from pathlib import Path

CHAPTER = re.compile(r"^(CHAPTER|Chapter) [0-9IVXLC]+$", re.MULTILINE)
EVERY = 6  # chapters, of which the last is left out
LABELLED = 30  # paragraphs of each novel
DEVELOPMENT = 250  # likewise, at most
WORDS = (25, 80)  # of a paragraph


def paragraphs(chapters):
    """In an order that only their text decides."""
    found = (" ".join(paragraph.split()) for chapter in chapters for paragraph in re.split(r"\n\s*\n", chapter))
    fitting = [paragraph for paragraph in found if WORDS[0] <= len(paragraph.split()) <= WORDS[1]]
    return sorted(fitting, key=lambda paragraph: zlib.crc32(paragraph.encode()))


def write(path, rows):
    lines = ["text\tlabel", *("\t".join(row) for row in sorted(rows, key=lambda row: zlib.crc32(row[0].encode())))]
    partial = path.with_suffix(".partial")
    partial.write_text("\n".join(lines) + "\n", encoding="utf-8")
    partial.rename(path)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    novels, folder = map(Path, sys.argv[1:])
    if (folder / "dev.tsv").exists():
        return
    (folder / "texts").mkdir(parents=True, exist_ok=True)
    train, development = [], []
    for novel in sorted(novels.glob("*.txt")):
        text = novel.read_text(encoding="utf-8")
        begins = [match.start() for match in CHAPTER.finditer(text)]
        chapters = [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)])]
        kept = [chapter for i, chapter in enumerate(chapters) if i % EVERY != EVERY - 1]
        left_out = [chapter for i, chapter in enumerate(chapters) if i % EVERY == EVERY - 1]
        (folder / "texts" / novel.name).write_text("".join(kept), encoding="utf-8")
        train += [(paragraph, novel.stem) for paragraph in paragraphs(kept)[:LABELLED]]
        development += [(paragraph, novel.stem) for paragraph in paragraphs(left_out)[:DEVELOPMENT]]
    write(folder / "train.tsv", train)
    write(folder / "dev.tsv", development)
    print(f"{len(train)} labelled paragraphs to train on, {len(development)} of other chapters to judge by", file=sys.stderr)


if __name__ == "__main__":
    main()
