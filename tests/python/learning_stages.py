"""What an encoder learns between pretraining and a task, from texts alone: examples in the layouts that the recipes read."""

import itertools
import random
import re
from collections import Counter, defaultdict
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


class SpoiltSentences:
    """Sentences of books, half of them spoilt as learners of a language do it: a word in another form, missing, added or at another place."""

    #: Forms that no ending tells.
    FORMS = [group.split() for group in (
        "he him his himself", "she her hers herself", "they them their theirs themselves", "i me my mine myself", "we us our ours ourselves",
        "you your yours yourself", "is are was were be been being", "has have had having", "do does did done doing", "go goes went gone",
        "this these that those", "who whom whose which what", "a an the some any every", "to of in on at for with by from about into",
        "can could will would should may must", "not never no none", "that if whether because", "take takes took taken", "see sees saw seen",
        "give gives gave given", "come comes came coming", "say says said", "make makes made", "know knows knew known", "man men", "there it")]
    ENDINGS = ("ing", "ed", "es", "s", "ly", "er", "est", "en", "y")

    def __init__(self, sentences: list[Sentence]):
        self.sentences = [words for words in sentences if len(words) <= 22 and re.fullmatch(r"[A-Z][A-Za-z' ,;-]+\.", " ".join(words))]
        counts = Counter(re.sub(r"[^a-z]", "", word.lower()) for words in self.sentences for word in words)
        self.common = [word for word, _ in counts.most_common(150) if word]
        self.words = [word for word, count in counts.items() if count >= 20 and word]
        self.weights = list(itertools.accumulate(counts[word] ** 0.75 for word in self.words))
        self.forms = {word: [other for other in group if other != word] for group in self.FORMS for word in group}
        families = defaultdict(list)
        for word in sorted(word for word, count in counts.items() if count >= 5 and len(word) > 2):
            families[self.stem(word)].append(word)
        for word, family in ((word, family) for family in families.values() for word in family):
            self.forms.setdefault(word, [other for other in family if other != word])
        self.random = random.Random(3)

    def stem(self, word: str) -> str:
        ending = next((ending for ending in self.ENDINGS if word.endswith(ending) and len(word) - len(ending) >= 3), "")
        return word.removesuffix(ending).rstrip("e")

    def other_word(self, word: str) -> str:
        forms = self.forms.get(word)
        return self.random.choice(forms) if forms and self.random.random() < 0.85 else self.random.choices(self.words, cum_weights=self.weights)[0]

    def spoil(self, sentence: Sentence, times: int) -> list[tuple[str, bool]]:
        """Words, and whether they are wrong where they stand; behind a missing word the next one is."""
        words = [(word, False) for word in sentence]
        for _ in range(times):
            place, kind = self.random.randrange(len(words) - 1), self.random.random()
            if kind < 0.5:
                before, word, behind = re.fullmatch(r"(\W*)(.*?)(\W*)", words[place][0]).groups()
                other = self.other_word(word.lower())
                words[place] = (before + (other.capitalize() if place == 0 else other) + behind, True)
            elif kind < 0.65:
                missing = self.random.choice([i for i in range(len(words) - 1) if words[i][0].lower() in self.common] or [place])
                words[missing : missing + 2] = [(words[missing + 1][0], True)]
            elif kind < 0.75:
                words.insert(place, (self.random.choice(self.common), True))
            elif kind < 0.9:
                words[place : place + 2] = [(word, True) for word, _ in reversed(words[place : place + 2])]
            else:
                words.insert(self.random.randrange(len(words) - 1), (words.pop(place)[0], True))
            if len(words) < 4:
                break
        return words

    def write_tags(self, file: Path, count: int) -> None:
        """In columns: which words are wrong? One of eight."""
        with file.open("w") as lines:
            for sentence in self.random.choices(self.sentences, k=count):
                words = self.spoil(sentence, sum(self.random.random() < 0.12 for _ in sentence))
                lines.write("\n".join(f"{word} {'B-WRONG' if is_wrong else 'O'}" for word, is_wrong in words) + "\n\n")

    def write_judgements(self, file: Path, count: int) -> None:
        """Is a sentence spoilt?"""
        rows = ["sentence\tlabel"]
        for sentence in self.random.choices(self.sentences, k=count):
            words = [word for word, _ in self.spoil(sentence, self.random.choice((0, 0, 0, 0, 1, 1, 1, 2)))]
            rows.append(f"{' '.join(words)}\t{'good' if words == sentence else 'spoilt'}")
        file.write_text("\n".join(rows) + "\n")
