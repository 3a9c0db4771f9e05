"""Weights that torch.save wrote: `pytorch_model.bin` in both of its forms gives the numbers of the safetensors file, and what is damaged, or
holds more than tensors, is refused by name. Nothing of a file is ever run."""

import io
import json
import os
import pickle
import random
import shutil
import struct
import zipfile
from collections import OrderedDict

import pytest
import torch
from safetensors.torch import load_file
from transformers import AlbertConfig, AlbertForMaskedLM

WORDS = "the old river ran past a mill and two small bridges where Anna sold bread to guests".split()
TEXT = "the old [MASK] ran past a mill."


@pytest.fixture(scope="module")
def model(albert, tmp_path_factory):
    """A tiny model as Transformers saves it, with a tokenizer."""
    folder = tmp_path_factory.mktemp("torch")
    draw = random.Random(1)
    (folder / "text.txt").write_text("\n".join(" ".join(draw.choices(WORDS, k=12)) for _ in range(2000)))
    albert("tokenizer", "train", "--input", folder / "text.txt", "--vocab-size", 48, "--output", folder / "model")
    torch.manual_seed(3)
    config = AlbertConfig(vocab_size=48, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                          intermediate_size=64, max_position_embeddings=64, initializer_range=0.5)
    AlbertForMaskedLM(config).save_pretrained(folder / "model")
    return folder / "model"


@pytest.fixture(scope="module")
def state(model):
    return load_file(model / "model.safetensors")


@pytest.fixture
def folder(model, tmp_path):
    """The model without its weights."""
    shutil.copytree(model, tmp_path / "model")
    (tmp_path / "model/model.safetensors").unlink()
    return tmp_path / "model"


def answer(albert, folder):
    return albert("fill-mask", "--model", folder, "--json", TEXT)


def refusal(albert, folder):
    message = albert("fill-mask", "--model", folder, TEXT, code=4)
    assert "pytorch_model.bin: " in message and len(message) < 1500
    return message


def saved(value, **options):
    file = io.BytesIO()
    torch.save(value, file, **options)
    return file.getvalue()


OLD = {"_use_new_zipfile_serialization": False}
FORMS = {
    "zip": lambda state: saved(state),
    "before 1.6": lambda state: saved(state, **OLD),
    "protocol 4": lambda state: saved(state, pickle_protocol=4),
    "parameters": lambda state: saved({name: torch.nn.Parameter(tensor) for name, tensor in state.items()}),
    "of a module": lambda state: saved(with_versions(OrderedDict(state))),
    "a checkpoint": lambda state: saved({"epoch": 3, "rate": 1e-3, "best": None, "seed": 2**80, "step": -7, "sizes": torch.Size([2, 3]),
                                         "state_dict": {f"module.{name}": tensor for name, tensor in state.items()}}),
    "columns": lambda state: saved({name: tensor.t().contiguous().t() if tensor.dim() == 2 else tensor for name, tensor in state.items()}),
    "parts of others": lambda state: saved({name: torch.stack([tensor + 1, tensor])[1] for name, tensor in state.items()}),
    "parts of others, before 1.6": lambda state: saved({name: torch.stack([tensor + 1, tensor])[1] for name, tensor in state.items()}, **OLD),
    "float64": lambda state: saved({name: tensor.double() for name, tensor in state.items()}),
    "with a buffer": lambda state: saved(state | {"albert.embeddings.position_ids": torch.arange(64)[None]}),
}


def with_versions(state):
    state._metadata = OrderedDict({"": {"version": 1}})
    return state


@pytest.mark.parametrize("form", FORMS)
def test_the_numbers_are_those_of_safetensors(albert, model, state, folder, form):
    (folder / "pytorch_model.bin").write_bytes(FORMS[form](state))
    assert answer(albert, folder) == answer(albert, model)


def test_a_weight_that_differs_shows(albert, model, state, folder):
    other = dict(state)
    name = next(name for name in other if name.endswith("query.weight"))
    other[name] = other[name] + 0.01
    (folder / "pytorch_model.bin").write_bytes(saved(other))
    assert answer(albert, folder) != answer(albert, model)


def test_tensors_that_the_model_lacks_are_listed(albert, state, folder):
    more = {"flags": torch.tensor([[True]]), "bytes": torch.tensor([1], dtype=torch.uint8)}
    (folder / "pytorch_model.bin").write_bytes(saved(dict(state) | more))
    message = albert("fill-mask", "--model", folder, TEXT, code=4)
    assert "flags: unexpected" in message and "BOOL [1, 1]" in message and "U8 [1]" in message


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_short_numbers_are_those_of_pytorch(albert, model, state, folder, dtype):
    short = {name: tensor.to(dtype) for name, tensor in state.items()}
    (folder / "pytorch_model.bin").write_bytes(saved(short))
    ours = answer(albert, folder)
    (folder / "pytorch_model.bin").write_bytes(saved({name: tensor.float() for name, tensor in short.items()}))
    assert ours == answer(albert, folder) != answer(albert, model)


def test_several_files_are_one_model(albert, model, state, folder):
    names = list(state)
    files = {"pytorch_model-00001-of-00002.bin": names[:5], "pytorch_model-00002-of-00002.bin": names[5:]}
    for file, part in files.items():
        (folder / file).write_bytes(saved({name: state[name] for name in part}))
    index = {"metadata": {}, "weight_map": {name: file for file, part in files.items() for name in part}}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    assert answer(albert, folder) == answer(albert, model)
    index["weight_map"]["albert.more"] = "pytorch_model-00002-of-00002.bin"
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    assert "albert.more" in albert("fill-mask", "--model", folder, TEXT, code=4)


class Runs:
    """What a hostile file would run."""

    def __init__(self, file):
        self.file = file

    def __reduce__(self):
        return os.system, (f"touch {self.file}",)


def test_nothing_of_a_file_is_run(albert, state, folder, tmp_path):
    for options in ({}, OLD):
        (folder / "pytorch_model.bin").write_bytes(saved(dict(state) | {"more": Runs(tmp_path / "was-run")}, **options))
        assert "'posix.system', and only tensors are read" in refusal(albert, folder)
    (folder / "pytorch_model.bin").write_bytes(saved(torch.nn.Linear(2, 2)))
    assert "'torch.nn.modules.linear.Linear'" in refusal(albert, folder)
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps({"a": 1}))
    assert "another pickle" in refusal(albert, folder) or "safetensors" in refusal(albert, folder)
    assert not (tmp_path / "was-run").exists()


@pytest.mark.parametrize("options", [{}, OLD], ids=["zip", "before 1.6"])
def test_a_file_that_is_cut_off_is_refused(albert, state, folder, options):
    content = saved(state, **options)
    for share in (0.0001, 0.01, 0.1, 0.5, 0.9, 0.999):
        (folder / "pytorch_model.bin").write_bytes(content[: int(len(content) * share)])
        refusal(albert, folder)


def test_changed_bytes_are_noticed(albert, state, folder):
    content = bytearray(saved(state))
    content[len(content) // 2] ^= 1
    (folder / "pytorch_model.bin").write_bytes(content)
    assert "checksum is wrong" in refusal(albert, folder)


def packed(files, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_tricks_with_archives_are_refused(albert, state, folder):
    file = folder / "pytorch_model.bin"
    parts = parts_of(saved(state))
    file.write_bytes(packed(parts, zipfile.ZIP_DEFLATED))
    assert "is compressed" in refusal(albert, folder)
    file.write_bytes(packed({name: content for name, content in parts.items() if not name.endswith("/data/3")}))
    assert "its storage '3' is missing" in refusal(albert, folder)
    file.write_bytes(packed({name: content[:-4] if name.endswith("/data/3") else content for name, content in parts.items()}))
    assert "elements in its storage" in refusal(albert, folder)
    file.write_bytes(packed({"readme": b"x"}))
    assert "without data.pkl" in refusal(albert, folder)
    big = packed(parts | {"archive/byteorder": b"big"})
    file.write_bytes(big)
    assert "big-endian" in refusal(albert, folder)
    good = packed(parts)
    entry = good.rindex(b"PK\x01\x02")
    for offset, value in ((42, 1 << 31), (24, 1 << 30), (20, 7), (28, 60000), (30, 60000)):  # place, sizes, lengths of names and fields
        size = 4 if offset in (42, 24, 20) else 2
        broken = bytearray(good)
        broken[entry + offset : entry + offset + size] = value.to_bytes(size, "little")
        file.write_bytes(broken)
        refusal(albert, folder)
    end = good.rindex(b"PK\x05\x06")
    for offset, value in ((10, 60000), (12, 5), (12, 1 << 31), (16, 1 << 31)):
        size = 2 if offset == 10 else 4
        broken = bytearray(good)
        broken[end + offset : end + offset + size] = value.to_bytes(size, "little")
        file.write_bytes(broken)
        refusal(albert, folder)


def test_two_files_in_one_place_are_refused(albert, state, folder):
    good = bytearray(packed(parts_of(saved(state))))
    first = good.index(b"PK\x01\x02")
    second = good.index(b"PK\x01\x02", first + 4)
    good[second + 42 : second + 46] = good[first + 42 : first + 46]
    (folder / "pytorch_model.bin").write_bytes(good)
    refusal(albert, folder)


def pickled(body):
    return packed({"archive/data.pkl": b"\x80\x02" + body + b".", "archive/version": b"3\n", "archive/data/0": bytes(400)})


STORAGE = b"(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuKdtQ"


def tensor(offset, shape, strides):
    number = lambda value: b"\x8a\x08" + struct.pack("<q", value)
    numbers = lambda values: b"(" + b"".join(map(number, values)) + b"t"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + STORAGE + number(offset) + numbers(shape) + numbers(strides) + b"\x89)tR"


HOSTILE = {
    "deep lists": (b"]" * 200_000 + b"a" * 199_999, "deeper within each other"),
    "a list in itself": (b"]q\x00h\x00a", "holds itself"),
    "lists that hold one list twice, often": (b"]q\x00" + b"".join(b"]q" + bytes([i]) + b"h" + bytes([i - 1]) + b"ah" + bytes([i - 1]) + b"a"
                                                                   for i in range(1, 31)), "values"),
    "much of few bytes": (b"]q\x00(" + b"K\x00K\x01\x86" * 30_000 + b"e0ccollections\nOrderedDict\nq\x010" + b"h\x01(h\x00tR" * 300,
                          "hold more than"),
    "the stack is empty": (b"0", "on the stack"),
    "no mark": (b"t", "expected a mark"),
    "memo": (b"h\x05", "of the memo"),
    "an opcode": (b"\x97", "opcode 0x97"),
    "a long text": (b"X\xff\xff\xff\x7fabc", "cut off"),
    "a huge number of bytes": (b"\x8d" + b"\xff" * 8, "cut off"),
    "behind the storage": (b"}X\x01\x00\x00\x00a" + tensor(99, [2], [1]) + b"s", "reaches behind"),
    "far behind the storage": (b"}X\x01\x00\x00\x00a" + tensor(0, [1 << 40, 1 << 40], [1 << 40, 1]) + b"s", ""),
    "huge strides": (b"}X\x01\x00\x00\x00a" + tensor(0, [2, 2], [1 << 62, 1 << 62]) + b"s", "reaches behind"),
    "negative": (b"}X\x01\x00\x00\x00a" + tensor(0, [-1], [1]) + b"s", "from 0 on"),
    "elements that repeat": (b"}X\x01\x00\x00\x00a" + tensor(0, [1 << 30], [0]) + b"s", "repeats elements"),
    "a shape and no strides": (b"}X\x01\x00\x00\x00a" + tensor(0, [2], []) + b"s", "a stride for each"),
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_tricks_with_pickles_are_refused(albert, folder, trick):
    body, words = HOSTILE[trick]
    (folder / "pytorch_model.bin").write_bytes(pickled(body))
    assert words in refusal(albert, folder)
