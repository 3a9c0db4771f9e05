"""Models that stay loaded: what `albert predict`, `albert embed` and `albert tokenizer encode` answer, in Python's types."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Generic, Literal, NamedTuple, TypeVar, Union

from albert_cpp._conversation import Conversation

#: What a model predicts of: a text, two texts, the words of a sentence, or an object as of `albert predict --format jsonl`.
Record = Union[str, tuple[str, str], Sequence[str], Mapping[str, Any]]
#: The record with what was found, as `albert predict --format jsonl` adds it: "prediction" of texts, choices and relations, "tags" and "entities"
#: of words, "answer" of a question, and "probabilities" or "probability" where there are some.
Prediction = dict[str, Any]
Path = Union[str, "os.PathLike[str]"]
OnBadRecord = Literal["raise", "none"]
Precision = Literal["auto", "float32", "bfloat16", "int8"]

_FOUND = ("prediction", "tags", "answer")  # of which each answer has one

Asked = TypeVar("Asked")
Answer = TypeVar("Answer")
Self = TypeVar("Self", bound="_Client[Any, Any]")


class Tokens(NamedTuple):
    """The tokens of a text."""

    ids: list[int]
    offsets: list[tuple[int, int]]  #: of each token its characters in the text, [begin, end); (0, 0) of [CLS] and [SEP]


class _Client(Generic[Asked, Answer]):
    """One process of the program with its model. It starts with the first call, and ends with the `with`, or with close()."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._conversation = Conversation(["--quiet", *arguments])

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_conversation"):
            self.close()

    def __call__(self, records: Iterable[Asked]) -> Iterator[Answer]:
        """The answers, in the order of the records, as they come.

        records: of any number; at most 2,048 are read ahead of the answers

        Raises AlbertError with the program's message if it fails; the next call starts it again. InUseError.
        """
        for line in self._conversation.ask(map(self._line, records)):
            yield self._answer(line)

    def close(self) -> None:
        """Ends the process. The next call would start another one."""
        self._conversation.close()

    def _line(self, record: Asked) -> bytes:
        raise NotImplementedError

    def _answer(self, line: bytes) -> Answer:
        raise NotImplementedError


class Predictor(_Client[Record, "Prediction | None"]):
    """A fine-tuned model.

    model: its folder, or that of its run
    on_bad_record: what an answer is of which nothing can be predicted, as an empty text: "raise" an AlbertError in its place, which says
        why, or "none": None
    precision, threads, settings: as --precision, --threads and --set of `albert predict`
    """

    def __init__(
        self, model: Path, *, on_bad_record: OnBadRecord = "raise", precision: Precision = "auto", threads: int = 0,
        settings: Iterable[str] = (),
    ) -> None:
        sets = [word for setting in settings for word in ("--set", setting)]
        super().__init__(["predict", "--format", "jsonl", *sets, *_model_words(model, on_bad_record, precision, threads)])

    def _line(self, record: Record) -> bytes:
        if isinstance(record, str):
            record = {"text": record.removesuffix("\n")}
        elif isinstance(record, tuple):
            record = {"text": record[0], "second_text": record[1]}
        elif not isinstance(record, Mapping):
            record = {"words": list(record)}
        return _json_line(record)

    def _answer(self, line: bytes) -> Prediction | None:
        answer: Prediction = json.loads(line)
        return answer if any(name in answer for name in _FOUND) else None


class Embedder(_Client[str, "list[float] | None"]):
    """A model that turns texts into vectors of length 1: lists of numbers, of which numpy.array() makes a matrix.

    model: the folder of a model, or of a run
    pooling: "mean" or "first"; None: as the model says
    on_bad_record: as of Predictor
    precision, threads: as of `albert embed`
    """

    def __init__(
        self, model: Path, *, pooling: str | None = None, on_bad_record: OnBadRecord = "raise", precision: Precision = "auto", threads: int = 0
    ) -> None:
        words = ["--pooling", pooling] if pooling else []
        super().__init__(["embed", "--format", "jsonl", "--output", "-", *words, *_model_words(model, on_bad_record, precision, threads)])

    def _line(self, record: str) -> bytes:
        return _json_line({"text": record.removesuffix("\n")})

    def _answer(self, line: bytes) -> list[float] | None:
        vector: list[float] | None = json.loads(line)
        return vector


class Tokenizer(_Client[str, Tokens]):
    """A vocabulary.

    tokenizer: the folder of a tokenizer or a model, or a bare spiece.model or vocab.txt
    special: with [CLS] and [SEP] around the text

    Line breaks within a text count as spaces.
    """

    def __init__(self, tokenizer: Path, *, special: bool = True) -> None:
        words = [] if special else ["--no-special"]
        super().__init__(["tokenizer", "encode", "--offsets", *words, "--tokenizer", os.fspath(tokenizer)])

    def _line(self, record: str) -> bytes:
        return record.removesuffix("\n").replace("\n", " ").replace("\r", " ").encode() + b"\n"

    def _answer(self, line: bytes) -> Tokens:
        numbers = [tuple(map(int, token.split(b":"))) for token in line.split()]
        return Tokens([token[0] for token in numbers], [(token[1], token[2]) for token in numbers])


def predict(model: Path, records: Iterable[Record]) -> Iterator["Prediction | None"]:
    """Predicts with a model that is loaded for this call, and ends with its last answer; see Predictor."""
    with Predictor(model) as predictor:
        yield from predictor(records)


def embed(model: Path, texts: Iterable[str]) -> Iterator["list[float] | None"]:
    """Vectors by a model that is loaded for this call; see Embedder."""
    with Embedder(model) as embedder:
        yield from embedder(texts)


def tokenize(tokenizer: Path, texts: Iterable[str]) -> Iterator[Tokens]:
    """Tokens by a vocabulary that is loaded for this call; see Tokenizer."""
    with Tokenizer(tokenizer) as loaded:
        yield from loaded(texts)


def _model_words(model: Path, on_bad_record: OnBadRecord, precision: Precision, threads: int) -> list[str]:
    bad = {"raise": "stop", "none": "empty"}[on_bad_record]
    return ["--model", os.fspath(model), "--on-bad-record", bad, "--precision", precision, "--threads", str(threads)]


def _json_line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record).encode() + b"\n"
