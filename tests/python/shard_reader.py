"""Reads a corpus by what src/corpus/README.md says and by nothing else, as a stranger to the C++ code would."""

import json
import struct
from pathlib import Path

import numpy as np


def read_shard(path: Path) -> list[list[np.ndarray]]:
    """The documents of a shard, each a list of sentences, each an array of token ids."""
    data = path.read_bytes()
    magic, version, token_bytes, vocabulary_size = struct.unpack_from("<8sIII", data, 0)
    assert magic == b"ALBSHARD" and version == 1
    end_magic, num_tokens, num_sentences, num_documents = struct.unpack_from("<8sQQQ", data, len(data) - 64)
    assert end_magic == b"ALBSHEND"
    tokens = np.frombuffer(data, f"<u{token_bytes}", num_tokens, 32)
    ends_at = 32 + (num_tokens * token_bytes + 7) // 8 * 8
    sentence_ends = np.frombuffer(data, "<u8", num_sentences, ends_at)
    document_ends = np.frombuffer(data, "<u8", num_documents, ends_at + 8 * num_sentences)
    assert ends_at + 8 * (num_sentences + num_documents) + 64 == len(data)
    assert sentence_ends[-1] == num_tokens and document_ends[-1] == num_sentences and tokens.max() < vocabulary_size

    sentences = np.split(tokens, sentence_ends[:-1].astype(np.int64))
    begins = [0, *document_ends[:-1]]
    return [sentences[int(begin) : int(end)] for begin, end in zip(begins, document_ends, strict=True)]


def read_corpus(folder: Path, split: str) -> list[list[np.ndarray]]:
    """The documents of a split, "train" or "held-out"."""
    manifest = json.loads((folder / "manifest.json").read_text())
    documents = []
    for shard in manifest["shards"]:
        if shard["split"] == split:
            documents += read_shard(folder / shard["name"])
    counts = manifest[split.replace("-", "_")]
    assert len(documents) == counts["documents"]
    assert sum(len(sentence) for document in documents for sentence in document) == counts["tokens"]
    return documents
