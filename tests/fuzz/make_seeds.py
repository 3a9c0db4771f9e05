"""Writes small files of each kind that tests/fuzz reads, by the programs that people have them from. usage: make_seeds.py FOLDER"""

import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from safetensors.torch import save, save_file

SEPARATOR = b"\n==FILE==\n"  # as parts.h has it
STATE = {"albert.embeddings.word_embeddings.weight": torch.arange(24.).reshape(6, 4), "predictions.bias": torch.ones(6).half(),
         "albert.pooler.weight": torch.arange(16.).reshape(4, 4).t(), "albert.embeddings.position_ids": torch.arange(3)[None]}


def torch_file(folder):
    nested = {"epoch": 3, "rate": 1e-3, "state_dict": OrderedDict(STATE), "list": [torch.zeros(2, dtype=torch.bfloat16), None, True]}
    for name, value in {"state": STATE, "nested": nested}.items():
        torch.save(value, folder / f"{name}.bin")
        torch.save(value, folder / f"{name}-old.bin", _use_new_zipfile_serialization=False)
    torch.save(STATE, folder / "protocol-4.bin", pickle_protocol=4)


def safetensors(folder):
    save_file({name: tensor.contiguous() for name, tensor in STATE.items()}, folder / "state.safetensors", {"format": "pt"})
    save_file({"a": torch.zeros(0, 3), "b": torch.tensor(1.5)}, folder / "small.safetensors")


def tensorflow_checkpoint(folder):
    """What TensorFlow wrote, in one file each: those of the data, then the index."""
    fixtures = Path(__file__).resolve().parents[1] / "fixtures/tensorflow"
    for index in fixtures.glob("*/*.index"):
        files = sorted(index.parent.glob("*.data-*")) + [index]
        (folder / index.parent.name).write_bytes(SEPARATOR.join(file.read_bytes() for file in files))


def sentence_settings(folder):
    """The files of sentence-transformers that are JSON: of its versions 2 to 5, and of 6."""
    modules = [{"idx": i, "name": str(i), "path": path, "type": f"sentence_transformers.models.{name}"}
               for i, (path, name) in enumerate([("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")])]
    transformer = {"max_seq_length": 256, "do_lower_case": False}
    common = {"__version__": {"sentence_transformers": "2.0.0"}, "prompts": {"query": "query: "}, "default_prompt_name": None,
              "similarity_fn_name": "cosine"}
    old = {"word_embedding_dimension": 384, "pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    for name, pooling in {"old": old, "new": {"embedding_dimension": 384, "pooling_mode": "cls"}}.items():
        (folder / name).write_bytes(SEPARATOR.join(json.dumps(part).encode() for part in (modules, pooling, transformer, common)))


def weight_index(folder):
    file = "model-00001-of-00001.safetensors"
    index = {"metadata": {"total_size": 4}, "weight_map": {name: file for name in ("a", "b")}}
    (folder / "index").write_bytes(json.dumps(index).encode() + SEPARATOR + save({"a": torch.zeros(0, 3), "b": torch.tensor(1.5)}))


for make in (torch_file, safetensors, tensorflow_checkpoint, sentence_settings, weight_index):
    place = Path(sys.argv[1]) / make.__name__
    place.mkdir(parents=True, exist_ok=True)
    make(place)
