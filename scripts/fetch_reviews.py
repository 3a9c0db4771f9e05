#!/usr/bin/env python3
"""Fetches sentences from film reviews with the mean of twenty people's ratings, -4 to 4 (Hutto & Gilbert, ICWSM 2014), from the source
distribution of the Python package vaderSentiment (MIT licence), and makes a data set of two classes of them: train.tsv and dev.tsv with
the columns `text` and `label`. A sentence is positive or negative by the sign of its rating; those within 0.5 of zero are left out. A
tenth is for development, chosen by a checksum of the sentence, so that the split is the same on every machine. Does nothing where the
files are there already.

usage: fetch_reviews.py [FOLDER]      default: data/fetched/reviews
"""

import io
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

PACKAGE = "vaderSentiment==2.5"
INNER = "vaderSentiment-2.5/additional_resources/hutto_ICWSM_2014.tar.gz"
RATINGS = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
NUM_SENTENCES = 10_605
MIDDLE = 0.5
DEVELOPMENT_SHARE = 10  # one sentence in so many


def download(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), PACKAGE]
    subprocess.run(command, check=True)
    return next(folder.glob("*.tar.gz"))


def read_ratings(archive: Path) -> list[tuple[float, str]]:
    """(rating, sentence) in the order of the file, whose lines are number, rating and sentence apart by tabs."""
    with tarfile.open(archive) as outer:
        inner = outer.extractfile(INNER).read()
    with tarfile.open(fileobj=io.BytesIO(inner)) as files:
        text = files.extractfile(RATINGS).read().decode("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line]
    if len(rows) != NUM_SENTENCES:
        sys.exit(f"{RATINGS}: expected {NUM_SENTENCES} sentences, found {len(rows)}")
    return [(float(rating), " ".join(sentence.split())) for _, rating, sentence in rows]


def is_for_development(sentence: str) -> bool:
    return zlib.crc32(sentence.encode()) % DEVELOPMENT_SHARE == 0


def write(path: Path, rows: list[tuple[float, str]]) -> None:
    lines = [f"{sentence}\t{'positive' if rating > 0 else 'negative'}" for rating, sentence in rows]
    partial = path.with_suffix(".partial")
    partial.write_text("\n".join(["text\tlabel", *lines]) + "\n", encoding="utf-8")
    partial.rename(path)


def main() -> None:
    if {"-h", "--help"} & set(sys.argv[1:]):
        print(__doc__.strip())
        return
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "data/fetched/reviews")
    if all((folder / name).exists() for name in ("train.tsv", "dev.tsv")):
        print(f"{folder}: the reviews are there")
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        rated = [row for row in read_ratings(download(Path(place))) if abs(row[0]) > MIDDLE]
    train = [row for row in rated if not is_for_development(row[1])]
    development = [row for row in rated if is_for_development(row[1])]
    write(folder / "train.tsv", train)
    write(folder / "dev.tsv", development)
    print(f"{folder}: {len(train)} sentences to learn from, {len(development)} to judge by")


if __name__ == "__main__":
    main()
