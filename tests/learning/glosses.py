"""What a dictionary says about a question and an answer to it, found as search engines find it."""

import functools
import re
from pathlib import Path

import numpy as np
import scipy.sparse
from nltk.stem.snowball import SnowballStemmer
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, CountVectorizer

stem = functools.cache(SnowballStemmer("english").stem)


def terms(text: str) -> list[str]:
    return [stem(word) for word in re.findall("[a-z]+", text.lower()) if word not in ENGLISH_STOP_WORDS]


class Glosses:
    """WordNet's, as "food, nutrient: any substance that can be metabolized by an animal to give energy and build tissue"."""

    FOLDER = Path("/usr/share/wordnet")  # of Debian's package wordnet-base
    LONGEST = 30  # words of a gloss

    def __init__(self):
        if not self.FOLDER.exists():
            raise FileNotFoundError(f"{self.FOLDER} is missing: run scripts/setup.sh --learning")
        lines = (line for file in sorted(self.FOLDER.glob("data.*")) for line in file.read_text().splitlines() if line[0] != " ")
        self.texts = [self.text(*line.split(" | ", 1)) for line in lines]
        self.counter = CountVectorizer(analyzer=terms)
        self.weights = self.bm25(self.counter.fit_transform(self.texts).tocoo())

    def text(self, synset: str, gloss: str) -> str:
        """Up to three of the words of a line of data.noun and its like, see wndb(5WN), and what they mean, without examples."""
        fields = synset.split()
        words = [word.replace("_", " ") for word in fields[4:][: 2 * int(fields[3], 16) : 2]]
        meaning, *_examples = gloss.split('; "')
        return " ".join(f"{', '.join(words[:3])}: {meaning}".split()[: self.LONGEST])

    @staticmethod
    def bm25(counts: scipy.sparse.coo_array, k1: float = 1.2, b: float = 0.75) -> scipy.sparse.csr_array:
        """The weights of Robertson and Zaragoza (2009), [terms, texts], of counts [texts, terms]."""
        num_texts, num_terms = counts.shape
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        texts_with = np.bincount(counts.col, minlength=num_terms)
        rarity = np.log(1 + (num_texts - texts_with + 0.5) / (texts_with + 0.5))[counts.col]
        weights = rarity * counts.data * (k1 + 1) / (counts.data + k1 * (1 - b + b * (lengths / lengths.mean())[counts.row]))
        return scipy.sparse.csr_array((weights, (counts.col, counts.row)), shape=(num_terms, num_texts))

    def best(self, question: str, choices: list[str]) -> list[str]:
        """For each choice, of the glosses that have a word of it the one that suits it and the question best; an empty one if none has."""
        rows = (self.counter.transform([question, *choices]) > 0) @ self.weights
        of_question = rows[[0]].toarray()[0]
        found = (rows[[i]].tocoo() for i in range(1, len(choices) + 1))
        return [self.texts[row.col[np.argmax(row.data + of_question[row.col])]] if row.nnz else "" for row in found]
