"""Subsets of real data sets, written in their public layouts for the tests of learning."""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: One label, a number, or a list of labels.
Label = str | float | list[str]


@dataclass(frozen=True)
class Rows:
    """A data set with a row an example: a line, or a block of lines."""

    train: str  # below the shared folder
    dev: str  # may be the same file
    label: Callable[[str], Label]  # of a row as it is written
    files: tuple[str, str] = ("train.tsv", "dev.tsv")  # as the task's layout names them
    header: int = 1  # lines before the first row
    end: str = "\n"  # of a row
    encoding: str = "utf-8"
    written: Callable[[str], str] = str  # a row as another layout has it
    is_whole: Callable[[str], object] = bool  # what is read of a row; the others are left out

    def read(self, path: Path) -> tuple[str, list[str]]:
        """The header, and the rows in an order that does not depend on how the file was sorted."""
        lines = path.read_text(encoding=self.encoding).replace("\r", "").splitlines(keepends=True)
        text = "".join(lines[self.header :]).replace("\n\t\n", "\n\n")
        rows = [self.written(row.strip("\n")) for row in text.split(self.end) if row.strip() and self.is_whole(row)]
        random.Random(1).shuffle(rows)
        return "".join(lines[: self.header]), rows

    def write(self, shared: Path, folder: Path, train: int, dev: int) -> list[Label]:
        """Leaves both parts in the folder; returns what is right in the second."""
        header, rows = self.read(shared / self.train)
        others = rows[train:] if self.dev == self.train else self.read(shared / self.dev)[1]
        return self.write_parts(folder, header, rows[:train], others[:dev])

    def write_by_heart(self, shared: Path, folder: Path, count: int) -> None:
        """The same rows as both parts."""
        header, rows = self.read(shared / self.train)
        self.write_parts(folder, header, rows[:count], rows[:count])

    def write_parts(self, folder: Path, header: str, train: list[str], dev: list[str]) -> list[Label]:
        for name, rows in zip(self.files, (train, dev), strict=True):
            (folder / name).write_text(header + "".join(f"{row}{self.end}" for row in rows), encoding=self.encoding)
        return [self.label(row) for row in dev]


@dataclass(frozen=True)
class Questions:
    """Questions about short paragraphs in SQuAD's layout."""

    file: str  # below the shared folder
    files: tuple[str, str]

    def paragraphs(self, shared: Path) -> list[dict]:
        articles = [article["paragraphs"] for article in json.loads((shared / self.file).read_text())["data"]]
        return [paragraph for paragraphs in articles for paragraph in paragraphs]

    def write_by_heart(self, shared: Path, folder: Path, count: int) -> None:
        """The same questions, two about each of the shortest paragraphs, as both parts."""
        some = [{**paragraph, "qas": [paragraph["qas"][0], paragraph["qas"][-1]]} for paragraph in self.paragraphs(shared)
                if len(paragraph["qas"]) > 1]
        shortest = sorted(some, key=lambda paragraph: len(paragraph["context"]))[: count // 2]
        for name in self.files:
            data = {"version": "v2.0", "data": [{"title": "", "paragraphs": shortest}]}
            (folder / name).write_text(json.dumps(data, ensure_ascii=False))


def write_race(rows: list[list[str]], folder: Path) -> None:
    """Questions of ARC (question, four choices, letter) as RACE has its own: each the only one about an article, every other with a blank."""
    for part in ("train", "dev"):
        for number, (text, *options, letter) in enumerate(rows):
            question = "The right answer is _ ." if number % 2 else "Which answer is right?"
            article = {"id": f"{'middle' if number % 4 < 2 else 'high'}{number}.txt", "article": text, "questions": [question], "options": [options],
                       "answers": [letter]}
            file = folder / part / ("middle" if number % 4 < 2 else "high") / f"{number}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(article))
