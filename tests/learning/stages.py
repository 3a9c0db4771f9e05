"""What an encoder learns between pretraining and a task, from texts alone: examples in the layouts that the recipes read."""

import random
import re
from pathlib import Path

#: Words, or Chinese characters.
Sentence = list[str]


def sentences_of_books(paths: list[Path]) -> list[Sentence]:
    """Those of some length, without the breaks of lines."""
    paragraphs = (" ".join(text.split()) for path in paths for text in path.read_text(encoding="utf-8", errors="replace").split("\n\n"))
    sentences = (sentence.split() for paragraph in paragraphs for sentence in re.split(r"(?<=[.!?]) (?=\S)", paragraph))
    return [sentence for sentence in sentences if 5 <= len(sentence) <= 40]


def chinese_sentences(texts: list[str]) -> list[Sentence]:
    """As characters."""
    sentences = ("".join(sentence.split()) for text in texts for sentence in re.findall(r"[^。！？\n]+[。！？]?", text))
    return [list(sentence) for sentence in sentences if 8 <= len(sentence) <= 80]


class PairsWithCommonWords:
    """Pairs of texts made of real sentences: beside each text some of its own words among words of another one."""

    def __init__(self, sentences: list[Sentence], longest: int):
        self.sentences = sentences
        self.longest = longest  # words of the first text
        self.random = random.Random(2)

    def text(self) -> list[str]:
        """One to three sentences that follow each other, or their beginning."""
        count = self.random.choice((1, 1, 2, 3))
        first = self.random.randrange(len(self.sentences) - count)
        return sum(self.sentences[first : first + count], [])[: self.longest]

    def pair(self) -> tuple[list[str], list[str]]:
        """The second text has 4 to 60 words."""
        length, share = self.random.randint(4, min(30, self.longest // 2)), self.random.random()
        first, other = self.text(), self.text()
        begins = [self.random.randrange(max(1, len(words) - length)) for words in (first, other)]
        own, foreign = first[begins[0] :][:length], other[begins[1] :][:length]
        own = [word for word in own if self.random.random() < share] or own[:1]
        foreign = [word for word in foreign if self.random.random() > share]
        second = own + foreign if self.random.random() < 0.5 else foreign + own
        if self.random.random() < 0.3:
            self.random.shuffle(second)
        return (second, first) if len(first) <= 30 and self.random.random() < 0.3 else (first, second)

    def write_tags(self, file: Path, count: int) -> None:
        """Both texts as one, in columns: which words stand in the other text too?"""

        def lines(words: list[str], others: list[str]) -> list[str]:
            known = {word.lower() for word in others}
            return [f"{word} {'B-BOTH' if word.lower() in known else 'O'}" for word in words]

        pairs = (self.pair() for _ in range(count))
        file.write_text("".join("\n".join([*lines(a, b), "| O", *lines(b, a)]) + "\n\n" for a, b in pairs))

    def write_shares(self, file: Path, count: int) -> None:
        """How many of the second text's words stand in the first one, from 0 to 1?"""
        rows = ["first\tsecond\tlabel"]
        for first, second in (self.pair() for _ in range(count)):
            known = {word.lower() for word in first}
            share = sum(word.lower() in known for word in second) / len(second)
            rows.append(f"{' '.join(first)}\t{' '.join(second)}\t{share:.3f}")
        file.write_text("\n".join(rows) + "\n")
