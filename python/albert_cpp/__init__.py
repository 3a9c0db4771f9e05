"""albert.cpp in Python: the program `albert`, and models of it that stay loaded.

    import albert_cpp

    albert_cpp.run(["finetune", "--config", "sst2", "--model", "albert-base-v2", "--data", "SST-2", "--run-dir", "sst2"])
    with albert_cpp.Predictor("sst2") as predictor:
        for answer in predictor(open("texts.txt")):
            print(answer["prediction"])

A Predictor, an Embedder or a Tokenizer keeps one process of `albert` with its model, which ends with the `with` or with close(). It
answers in the order of what it is given, as it comes, and reads ahead at most 2,048 records: a file of any length fits. One object is for
one thread at a time: a second call, while the answers of the first are not all taken, raises InUseError. Two objects know nothing of each
other.

The package needs nothing beside `torch`, whose libraries the program uses.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:  # what follows is imported when it is first used: the command `albert` needs none of it
    from albert_cpp._clients import Embedder, Prediction, Predictor, Record, Tokenizer, Tokens, embed, predict, tokenize
    from albert_cpp._conversation import InUseError
    from albert_cpp._program import AlbertError, program
    from albert_cpp._run import run

__all__ = [
    "AlbertError", "Embedder", "InUseError", "Prediction", "Predictor", "Record", "Tokenizer", "Tokens", "embed", "predict", "program",
    "run", "tokenize",
]

_PLACES = {"AlbertError": "_program", "program": "_program", "InUseError": "_conversation", "run": "_run"}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_PLACES.get(name, '_clients')}"), name)
