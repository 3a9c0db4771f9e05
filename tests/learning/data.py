"""Subsets of real data sets, written in their public layouts for the tests of learning."""

import csv
import json
import math
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from glosses import Glosses

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
    word: str = r"[\w'’-]+"
    longest: int = 3  # words that a cloze asks for
    excerpt: int = 250  # characters
    asking: tuple[str, ...] = ("what", "who", "which", "when", "how many", "where", "in what")
    unanswerable: float = 0.5  # share of the questions that the paragraph does not answer, at most

    def articles(self, shared: Path) -> list[list[dict]]:
        return [article["paragraphs"] for article in json.loads((shared / self.file).read_text())["data"]]

    def paragraphs(self, shared: Path) -> list[dict]:
        return sum(self.articles(shared), [])

    def parts(self, shared: Path) -> tuple[list[dict], list[dict]]:
        """The paragraphs of the first three quarters of the articles, and the others, which are evaluated on."""
        articles = self.articles(shared)
        border = len(articles) * 3 // 4
        return self.with_fewer_unanswerable(sum(articles[:border], [])), self.with_fewer_unanswerable(sum(articles[border:], []))

    def with_fewer_unanswerable(self, paragraphs: list[dict]) -> list[dict]:
        draw = random.Random(1)
        are_answerable = [bool(question["answers"]) for paragraph in paragraphs for question in paragraph["qas"]]
        kept = self.unanswerable / (1 - self.unanswerable) * sum(are_answerable) / max(1, are_answerable.count(False))
        return [{**paragraph, "qas": [question for question in paragraph["qas"] if question["answers"] or draw.random() < kept]}
                for paragraph in paragraphs]

    def texts_to_learn_from(self, shared: Path) -> list[str]:
        return [paragraph["context"] for paragraph in self.parts(shared)[0]]

    def write(self, shared: Path, folder: Path, train: int, dev: int) -> list[dict]:
        """Trained on are excerpts around the answers, evaluated on are whole paragraphs. Returns for each question its name and its text."""
        draw = random.Random(1)
        paragraphs, others = self.parts(shared)
        known = [excerpt(draw, self.excerpt, question["question"], paragraph["context"], answer["answer_start"], answer["text"])
                 for paragraph in paragraphs for question in paragraph["qas"]
                 for answer in question["answers"][:1] or [{"text": "", "answer_start": draw.randrange(len(paragraph["context"]))}]
                 if paragraph["context"].startswith(answer["text"], answer["answer_start"])]
        draw.shuffle(known)
        (folder / "train.jsonl").write_text("".join(f"{json.dumps(question)}\n" for question in known[:train]))
        draw.shuffle(others)
        while sum(len(paragraph["qas"]) for paragraph in others) > dev:
            others.pop()
        (folder / self.files[1]).write_text(json.dumps({"version": "", "data": [{"title": "", "paragraphs": others}]}))
        return [{"id": question["id"], "context": paragraph["context"]} for paragraph in others for question in paragraph["qas"]]

    def write_clozes(self, shared: Path, file: Path, count: int) -> None:
        """Questions without the trouble of asking them (Lewis et al. 2019, arXiv 1906.04980): a sentence of a paragraph, of which some words
        are asked for and others are missing. None of the paragraphs is evaluated on."""
        draw = random.Random(1)
        texts = self.texts_to_learn_from(shared)
        with file.open("w") as lines:
            while count:
                text = draw.choice(texts)
                sentences = re.finditer(r".+?(?:[a-z0-9)”\"][.!?](?= [A-Z])|[。！？]|$)", text, re.DOTALL)
                begin, end = draw.choice([match.span() for match in sentences])
                words = [match.span() for match in re.compile(self.word).finditer(text, begin, end)]
                if len(words) < 6:
                    continue
                size = draw.randint(1, self.longest)
                first = draw.randrange(max(1, len(words) - size))
                start, stop = words[first][0], words[min(first + size, len(words)) - 1][1]
                answer = text[start:stop]
                # Names and numbers, as people ask for; of other words fewer.
                if not re.fullmatch(r"[\w' -]+", answer) or (not re.match(r"[A-Z0-9\u4e00-\uffff]", answer) and draw.random() < 0.9):
                    continue
                before, after = ([text[slice(*span)] for span in spans if draw.random() > 0.3]
                                 for spans in (words[max(0, first - 10) : first], words[first + size :][:10]))
                question = draw.choice(([draw.choice(self.asking), *before, *after], [*before, draw.choice(self.asking), *after]))
                lines.write(json.dumps(excerpt(draw, self.excerpt, " ".join(question), text, start, answer)) + "\n")
                count -= 1

    def write_by_heart(self, shared: Path, folder: Path, count: int) -> None:
        """The same questions, two about each of the shortest paragraphs, as both parts."""
        some = [{**paragraph, "qas": [paragraph["qas"][0], paragraph["qas"][-1]]} for paragraph in self.paragraphs(shared)
                if len(paragraph["qas"]) > 1]
        shortest = sorted(some, key=lambda paragraph: len(paragraph["context"]))[: count // 2]
        for name in self.files:
            data = {"version": "v2.0", "data": [{"title": "", "paragraphs": shortest}]}
            (folder / name).write_text(json.dumps(data, ensure_ascii=False))


@dataclass(frozen=True)
class AnswerSentences:
    """Which of four sentences of a paragraph answers the question? Made from questions in SQuAD's layout; the last articles are held out."""

    file: str  # below the shared folder

    def questions(self, paragraphs: list[dict]) -> list[dict]:
        draw = random.Random(1)
        questions = []
        for paragraph in paragraphs:
            sentences = re.split(r"(?<=[a-z0-9)\]][.!?]) (?=[A-Z])", paragraph["context"])
            for question in paragraph["qas"]:
                right = [sentence for sentence in sentences if question["answers"][0]["text"] in sentence]
                others = [sentence for sentence in sentences if sentence not in right]
                if len(right) == 1 and len(others) >= 3:
                    choices = draw.sample([*right, *draw.sample(others, 3)], 4)
                    questions.append({"question": question["question"], "choices": choices, "label": choices.index(right[0])})
        draw.shuffle(questions)
        return questions

    def write(self, shared: Path, folder: Path, train: int, dev: int) -> list[Label]:
        parts = [self.questions(paragraphs) for paragraphs in Questions(self.file, ("", "")).parts(shared)]
        for name, questions in (("train", parts[0][:train]), ("dev", parts[1][:dev])):
            (folder / f"{name}.jsonl").write_text("".join(f"{json.dumps(question)}\n" for question in questions))
        return [str(question["label"]) for question in parts[1][:dev]]


@dataclass(frozen=True)
class QuestionsWithGlosses:
    """Questions of ARC with what a dictionary says beside each choice. Those of the second file are trained on, and of the first one those
    that are not evaluated on."""

    train: str  # below the shared folder
    dev: str

    def questions(self, file: Path) -> list[list[str]]:
        """Question, four choices, letter. Some rows of the files have no choices."""
        with file.open(newline="", encoding="utf-8") as source:
            return [row for row in csv.reader(source) if len(row) == 6 and all(row) and row[-1] in "ABCD"]

    def write(self, shared: Path, folder: Path, train: int, dev: int) -> list[Label]:
        glosses = Glosses()
        questions = self.questions(shared / self.train)
        random.Random(1).shuffle(questions)
        parts = {"train": [*questions[dev:], *self.questions(shared / self.dev)][:train], "dev": questions[:dev]}
        for name, rows in parts.items():
            with (folder / f"{name}.jsonl").open("w") as lines:
                for question, *choices, letter in rows:
                    told = [f"{choice.rstrip('.')}. {gloss}" for choice, gloss in zip(choices, glosses.best(question, choices), strict=True)]
                    lines.write(json.dumps({"question": question, "choices": told, "label": "ABCD".index(letter)}) + "\n")
        return [letter for *_, letter in parts["dev"]]


@dataclass(frozen=True)
class Articles:
    """Questions about articles, in RACE's layout: each with an article of its own, of which only the sentences are left that are nearest to
    the question and its choices. Such an encoder has seen too little of long texts."""

    train: str  # below the shared folder: folders of articles
    dev: tuple[str, ...]
    words: int = 50  # of an article

    def questions(self, folders: tuple[Path, ...], count: int) -> list[dict]:
        """In an order that does not depend on the names of the files."""
        articles = [json.loads(file.read_text(encoding="utf-8")) for folder in folders for file in sorted(folder.iterdir())]
        asked = [(article, *asked) for article in articles
                 for asked in zip(article["questions"], article["options"], article["answers"], strict=True)]
        random.Random(1).shuffle(asked)
        return [{"id": article["id"], "article": nearest_sentences(article["article"], " ".join([question, *options]), self.words),
                 "questions": [question], "options": [options], "answers": [letter]} for article, question, options, letter in asked[:count]]

    def write(self, shared: Path, folder: Path, train: int, dev: int) -> list[Label]:
        others = self.questions(tuple(shared / name for name in self.dev), dev)
        return self.write_parts(folder, self.questions((shared / self.train,), train), others)

    def write_by_heart(self, shared: Path, folder: Path, count: int) -> None:
        """The same questions as both parts."""
        questions = self.questions((shared / self.train,), count)
        self.write_parts(folder, questions, questions)

    def write_parts(self, folder: Path, train: list[dict], dev: list[dict]) -> list[Label]:
        for name, questions in (("train", train), ("dev", dev)):
            level = folder / name / "middle"
            level.mkdir(parents=True)
            for number, question in enumerate(questions):
                (level / f"{number}.txt").write_text(json.dumps(question))
        return [question["answers"][0] for question in dev]


def excerpt(draw: random.Random, size: int, question: str, text: str, start: int, answer: str) -> dict:
    """A question of which only some characters around the answer are to be read, so that it is learnt in a small window. Without an answer
    they are around the start."""
    begin = max(0, start - draw.randrange(size))
    end = max(start + len(answer), begin + size)
    return {"question": question, "context": text[begin:end], "answers": [{"text": answer, "answer_start": start - begin}] if answer else []}


def nearest_sentences(text: str, asked: str, size: int) -> str:
    """About so many words of a text: those of its sentences, in their order, that have most of the words asked for, rare ones before others."""
    sentences = [sentence for sentence in re.split(r"(?<=[.!?\"”])\s+", text) if words_of(sentence)]
    words = [words_of(sentence) for sentence in sentences]
    counts = Counter(word for sentence in words for word in set(sentence))
    asked_for = dict.fromkeys(words_of(asked))  # a set whose order is always the same, and so is a sum over it
    weights = [sum(math.log(1 + len(words) / counts[word]) for word in asked_for if word in sentence) / math.sqrt(len(sentence) + 8)
               for sentence in words]
    kept, left = [], size
    for i in sorted(range(len(words)), key=lambda i: -weights[i]):
        if not kept or len(words[i]) <= left:
            kept.append(i)
            left -= len(words[i])
    return " ".join(sentences[i] for i in sorted(kept))


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
