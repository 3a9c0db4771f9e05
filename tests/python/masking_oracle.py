"""The rules by which words are chosen for prediction, written a second time from their description: google-research/albert
create_pretraining_data.py:393-598 and src/corpus/examples/masking.h, which says where we differ from it. Only distributions can be compared."""

import random
import string

SYMBOLS = set("!\"#$%&()*+,-./:;?@[\\]^_`{|}~")
SPACE = "\N{LOWER ONE EIGHTH BLOCK}"


def starts_word(piece: str) -> bool:
    """Google's test of a SentencePiece piece."""
    if piece.startswith((SPACE, "<")) or piece in SYMBOLS:
        return True
    return any(c.lower() not in string.ascii_lowercase and c not in SYMBOLS for c in piece)


def words_of(ids: list[int], pieces: list[str], special: set[int], unknown: int) -> list[list[int]]:
    """The positions of each word; none reaches over a special token, and none has an unknown one."""
    words, previous = [], None
    for position, id in enumerate(ids):
        if id in special:
            previous = "unknown" if id == unknown else None
        elif starts_word(pieces[id]) or previous is None:
            words.append([position])
            previous = "word"
        elif previous == "word":
            words[-1].append(position)
    return words


def budget(length: int, fraction: float = 0.15) -> int:
    return max(1, round(length * fraction))


def choose(words: list[list[int]], most: int, weights: list[float], rng: random.Random) -> set[int]:
    """Positions to predict. weights[n - 1] is the weight of an n-gram of n words."""
    chosen: set[int] = set()
    for first in rng.sample(range(len(words)), len(words)):
        if len(chosen) >= most:
            break
        n = rng.choices(range(1, len(weights) + 1), weights)[0]
        run = [words[first]]
        while len(run) < n and first + len(run) < len(words) and words[first + len(run)][0] == run[-1][-1] + 1:
            run.append(words[first + len(run)])
        while run and len(chosen) + sum(map(len, run)) > most:
            run.pop()
        positions = {position for word in run for position in word}
        if not positions & chosen:
            chosen |= positions
    return chosen
