#!/usr/bin/env python3
"""Writes tests/fixtures/tensorflow: checkpoints of tiny models, by TensorFlow itself, for tests/checkpoint/tensorflow_checkpoint_test.cpp and
tests/python/test_tensorflow_checkpoints.py.

The variables have the names and shapes that the programs of Google's ALBERT and BERT and of albert_zh give them. What is in them is known:
every element is computed from the variable's name and the element's number (fill below), so no test needs a file of expected values.

Run it with TensorFlow in a Python of its own: pip install tensorflow-cpu==2.21.0 && python scripts/make_tensorflow_fixtures.py [FOLDER]
"""

import shutil
import sys
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "fixtures" / "tensorflow"
PREFIX = "model.ckpt-best"  # as Google calls its own

VOCABULARY, EMBEDDING, HIDDEN, INTERMEDIATE, POSITIONS, SEGMENTS = 60, 8, 16, 32, 24, 2


def mix(x):
    """The 32-bit hash "lowbias32" of Chris Wellons, on uint32 arrays; as in make_fixtures.py, which cannot be imported without torch."""
    x = x ^ (x >> np.uint32(16))
    x = x * np.uint32(0x7FEB352D)
    x = x ^ (x >> np.uint32(15))
    x = x * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def fill(name, shape):
    """Values in [-0.5, 0.5) on a grid of 2^-24, which float32 holds exactly, from the name and the element's number alone; a
    normalisation's gamma has 1 more, on a grid of 2^-23."""
    seed = 2166136261  # FNV-1a, 32 bits
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) % 2**32
    index = np.arange(int(np.prod(shape, dtype=np.int64)), dtype=np.uint32)
    values = (mix(index ^ np.uint32(seed)) >> np.uint32(8)).astype(np.float64) / 2**24 - 0.5
    return (values + name.endswith("gamma")).astype(np.float32).reshape(shape)


def dense(name, inputs, outputs):
    return {f"{name}/kernel": [inputs, outputs], f"{name}/bias": [outputs]}


def normalization(name, size):
    return {f"{name}/gamma": [size], f"{name}/beta": [size]}


def embeddings(width, inner):
    return {"bert/embeddings/word_embeddings": [VOCABULARY, inner], "bert/embeddings/position_embeddings": [POSITIONS, width],
            "bert/embeddings/token_type_embeddings": [SEGMENTS, width]} | normalization("bert/embeddings/LayerNorm", width)


def heads(width):
    return (dense("bert/pooler/dense", HIDDEN, HIDDEN) | dense("cls/predictions/transform/dense", HIDDEN, width)
            | normalization("cls/predictions/transform/LayerNorm", width)
            | {"cls/predictions/output_bias": [VOCABULARY], "cls/seq_relationship/output_weights": [2, HIDDEN],
               "cls/seq_relationship/output_bias": [2]})


def albert(width=EMBEDDING):
    """Google's ALBERT; without a mapping where the embeddings are as wide as the layers."""
    layer = "bert/encoder/transformer/group_0/inner_group_0"
    shapes = embeddings(width, width) | heads(width)
    if width != HIDDEN:
        shapes |= dense("bert/encoder/embedding_hidden_mapping_in", width, HIDDEN)
    for part in ("query", "key", "value"):
        shapes |= dense(f"{layer}/attention_1/self/{part}", HIDDEN, HIDDEN)
    return (shapes | dense(f"{layer}/attention_1/output/dense", HIDDEN, HIDDEN) | normalization(f"{layer}/LayerNorm", HIDDEN)
            | dense(f"{layer}/ffn_1/intermediate/dense", HIDDEN, INTERMEDIATE)
            | dense(f"{layer}/ffn_1/intermediate/output/dense", INTERMEDIATE, HIDDEN) | normalization(f"{layer}/LayerNorm_1", HIDDEN))


def bert_layer(layer):
    shapes = {}
    for part in ("query", "key", "value"):
        shapes |= dense(f"{layer}/attention/self/{part}", HIDDEN, HIDDEN)
    return (shapes | dense(f"{layer}/attention/output/dense", HIDDEN, HIDDEN) | normalization(f"{layer}/attention/output/LayerNorm", HIDDEN)
            | dense(f"{layer}/intermediate/dense", HIDDEN, INTERMEDIATE) | dense(f"{layer}/output/dense", INTERMEDIATE, HIDDEN)
            | normalization(f"{layer}/output/LayerNorm", HIDDEN))


def albert_zh():
    """brightmart/albert_zh: BERT's names, one layer for all, and word embeddings that are projected before all else."""
    return (embeddings(HIDDEN, EMBEDDING) | {"bert/embeddings/word_embeddings_2": [EMBEDDING, HIDDEN]} | heads(HIDDEN)
            | bert_layer("bert/encoder/layer_shared"))


def bert():
    return embeddings(HIDDEN, HIDDEN) | heads(HIDDEN) | bert_layer("bert/encoder/layer_0") | bert_layer("bert/encoder/layer_1")


def hub(shapes):
    """As TF-Hub has a module, whose heads are another one's."""
    return {f"module/{name}": shape for name, shape in shapes.items() if not name.startswith("cls/seq_relationship")}


def with_slots(shapes, names):
    return shapes | {f"{name}/{slot}": shape for name, shape in shapes.items() for slot in names}


# name: (shapes of the variables, number of data files)
MODELS = {
    "albert": (with_slots(albert(), ("adam_m", "adam_v")), 2),
    "albert_hub": (hub(albert()), 1),
    "albert_unfactorised": (albert(HIDDEN), 1),
    "albert_zh": (albert_zh(), 1),
    "bert": (with_slots(bert(), ("adam_m", "adam_v")), 1),
}


def save(tensorflow, folder, make_variables, **options):
    """A checkpoint of a graph's variables, as programs of TensorFlow 1 save it."""
    tf = tensorflow.compat.v1
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tf.Graph().as_default():
        make_variables(tf)
        saver = tf.train.Saver(**options)
        with tf.Session(config=tf.ConfigProto(device_count={"CPU": 2})) as session:
            session.run(tf.global_variables_initializer())
            saver.save(session, str(folder / PREFIX), write_meta_graph=False)
    (folder / "checkpoint").unlink()  # the list of checkpoints, with paths of this machine


def save_model(tensorflow, folder, shapes, num_files):
    def make_variables(tf):
        for number, (name, shape) in enumerate(shapes.items()):
            with tf.device(f"/cpu:{number % num_files}"):
                tf.get_variable(name, initializer=fill(name, shape), use_resource=False)
        with tf.device("/cpu:0"):
            tf.get_variable("global_step", initializer=np.int64(125000), use_resource=False)

    save(tensorflow, folder, make_variables, sharded=num_files > 1)


def save_types(tensorflow, folder):
    """A variable of each type, a scalar, an empty one, and texts."""
    def make_variables(tf):
        for name in ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int8", "uint8", "bool"):
            dtype = tf.as_dtype(name)
            values = np.array([[0, 1, 2], [3, 4, 100]]).astype(dtype.as_numpy_dtype)
            tf.get_variable(f"types/{name}", initializer=tf.constant(values, dtype), use_resource=False)
        tf.get_variable("types/scalar", initializer=np.float32(0.25), use_resource=False)
        tf.get_variable("types/empty", initializer=np.zeros((0, 3), np.float32), use_resource=False)
        tf.get_variable("types/int16", initializer=np.zeros(3, np.int16), use_resource=False)
        tf.get_variable("types/texts", initializer=np.array(["a", "bc"], object), dtype=tf.string, use_resource=False)

    save(tensorflow, folder, make_variables)


def save_refused(tensorflow, folder):
    """What is refused: the first format, parts of variables, objects."""
    def one(tf):
        tf.get_variable("bert/pooler/dense/bias", initializer=fill("bert/pooler/dense/bias", [4]), use_resource=False)

    def partitioned(tf):
        tf.get_variable("bert/embeddings/word_embeddings", [6, 4], initializer=tf.zeros_initializer(),
                        partitioner=tf.fixed_size_partitioner(2), use_resource=False)

    save(tensorflow, folder / "first_format", one, write_version=tensorflow.compat.v1.train.SaverDef.V1)
    save(tensorflow, folder / "partitioned", partitioned)
    objects = folder / "objects"
    shutil.rmtree(objects, ignore_errors=True)
    objects.mkdir(parents=True)
    tensorflow.train.Checkpoint(weight=tensorflow.Variable([1.0, 2.0])).write(str(objects / PREFIX))


def write_all(folder):
    import tensorflow

    for name, (shapes, num_files) in MODELS.items():
        save_model(tensorflow, folder / name, shapes, num_files)
    save_types(tensorflow, folder / "types")
    save_refused(tensorflow, folder)


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
