"""Texts as vectors: what `albert embed` writes beside Transformers' vectors, `search` beside NumPy, models fine-tuned on pairs of texts;
and `fill-mask --iterative` beside a loop over Transformers' model."""

import json
import random
import shutil
import subprocess
import sys
import time

import numpy as np
import pytest
import torch
from transformers import AlbertForMaskedLM, AutoModel, AutoTokenizer

import tiny_run

PLACES = {"garden": 0, "lawn": 0, "harbour": 1, "quay": 1, "kitchen": 2, "stove": 2}  # two words for each kind of place
CONFIG = """
# albert finetune --config embedding.yaml --model MODEL --data DATA --run-dir RUN
task: {name: places, kind: embedding, max_sequence_length: 48, embedding: {max_score: 5, label: score}}
model: {hidden_dropout_prob: 0, attention_probs_dropout_prob: 0}
optimizer: {learning_rate: 0.005, bias_correction: true}
schedule: {warmup_steps: 5}
train: {steps: 200, batch_size: 16, micro_batch_size: 16, precision: float32, device: cpu, threads: 1}
evaluate: {every: 25}
"""


NAMES = "Anna Bertram Clara David Emma Frederick Georgina Henry Isabel Jonathan Katharine Leopold Margaret Nicholas".split()


def sentence(choose, place, names=NAMES):
    return f"{choose(names)} {choose('met saw heard'.split())}: {place}, {place}, {place}."


def sentences(count, seed):
    choose = random.Random(seed).choice
    return [sentence(choose, choose(list(PLACES))) for _ in range(count)]


def pairs(count, seed):
    """(first, second, 5 if both are of the same kind of place, else 0)"""
    choose = random.Random(seed).choice
    for number in range(count):
        kind = choose([0, 1, 2])
        first = choose([place for place in PLACES if PLACES[place] == kind])
        second = choose([place for place in PLACES if (PLACES[place] == kind) == (number % 2 == 0)])
        yield sentence(choose, first, NAMES[:4]), sentence(choose, second, NAMES[:4]), 5 if PLACES[second] == kind else 0


def write_text(path):
    lines = sentences(300, 3)
    path.write_text("\n".join(line for n in range(0, 300, 10) for line in [*lines[n : n + 10], ""]))


def write_pairs(path, count, seed):
    path.write_text("text\tsecond_text\tscore\n" + "".join(f"{a}\t{b}\t{score}\n" for a, b, score in pairs(count, seed)))


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """base/, a pretrained model of a few steps; data/train.tsv and dev.tsv; embedding.yaml."""
    folder = tmp_path_factory.mktemp("embed")
    tiny_run.make_corpus(albert, folder, write_text)
    albert("pretrain", "--config", folder / "run.yaml", "--set", "model.initializer_range=0.5", "--run-dir", folder / "base")
    (folder / "data").mkdir()
    write_pairs(folder / "data/train.tsv", 400, 1)
    write_pairs(folder / "data/dev.tsv", 100, 2)
    (folder / "embedding.yaml").write_text(CONFIG)
    return folder


@pytest.fixture(scope="module")
def base(place):
    return place / "base/checkpoints/latest"


@pytest.fixture(scope="module")
def tuned(albert, place):
    albert("finetune", "--config", place / "embedding.yaml", "--model", place / "base", "--data", place / "data", "--run-dir",
           place / "tuned")
    return place / "tuned/checkpoints/best"


def embed(albert, model, texts, output, *more):
    albert("embed", "--model", model, "--output", output, "--overwrite", *more, stdin="".join(text + "\n" for text in texts))
    return np.load(output)


def transformers_vectors(folder, texts, pooling):
    model, info = AutoModel.from_pretrained(folder, add_pooling_layer=False, output_loading_info=True)
    assert not info["missing_keys"] and not info["mismatched_keys"]
    batch = AutoTokenizer.from_pretrained(folder)(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        states = model.eval()(**batch).last_hidden_state
    mask = batch["attention_mask"]
    means = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return torch.nn.functional.normalize(means if pooling == "mean" else states[:, 0], dim=1).numpy()


@pytest.mark.parametrize("pooling", ["mean", "first", "cls"])
def test_vectors_are_those_of_transformers(albert, base, tmp_path, pooling):
    texts = [" ".join(sentences(1 + n % 2, n)) for n in range(40)]
    found = embed(albert, base, texts, tmp_path / "index.npy", "--pooling", pooling)
    assert found.dtype == np.float32 and found.shape == (40, 32)
    assert np.abs(np.linalg.norm(found, axis=1) - 1).max() < 1e-6
    assert np.abs(found - transformers_vectors(base, texts, pooling)).max() < 2e-6
    other = transformers_vectors(base, texts, "first" if pooling == "mean" else "mean")
    assert np.abs(found - other).max() > 1e-3  # the comparison sees another pooling
    assert (tmp_path / "index.npy.txt").read_text().splitlines() == texts


def inside_transformers(folder, text, dtype=torch.float32):
    """The hidden states [layers + 1, tokens, H], the attention probabilities [layers, heads, tokens, tokens], and the tokens of a text."""
    model = AutoModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="eager").to(dtype).eval()
    batch = AutoTokenizer.from_pretrained(folder)(text, return_tensors="pt")
    with torch.no_grad():
        output = model(**batch, output_hidden_states=True, output_attentions=True)
    return torch.cat(output.hidden_states).numpy(), torch.cat(output.attentions).numpy(), batch.input_ids[0].numpy()


def test_hidden_states_and_attention_are_those_of_transformers(albert, base, tmp_path):
    texts = [" ".join(sentences(1 + n % 2, n)) for n in range(9)]
    index = tmp_path / "inside.npy"
    all_layers = embed(albert, base, texts, index, "--tokens", "--layer", "0,1,-1")
    offsets, ids = (np.load(f"{index}.{name}.npy") for name in ("offsets", "ids"))
    assert offsets.dtype == ids.dtype == np.int64 and offsets[0] == 0 and offsets[-1] == len(ids) == len(all_layers)
    layers = embed(albert, base, texts, index, "--tokens", "--layer", "-1,1", "--attention")
    attention = np.load(f"{index}.attention.npy")
    for n, text in enumerate(texts):
        states, probabilities, tokens = inside_transformers(base, text)
        rows = slice(offsets[n], offsets[n + 1])
        assert ids[rows].tolist() == tokens.tolist()
        assert np.abs(all_layers[rows].reshape(-1, 3, 32).swapaxes(0, 1) - states).max() < 1e-5 * np.abs(states).max()
        assert np.abs(layers[rows].reshape(-1, 2, 32).swapaxes(0, 1) - states[[2, 1]]).max() < 1e-5 * np.abs(states).max()
        found, attention = np.split(attention, [probabilities.size])
        # Where scores are large, so are the roundings of float32 on both sides: ours are held against those of Transformers.
        exact = inside_transformers(base, text, torch.float64)[1][[1, 0]]
        assert np.abs(found.reshape(exact.shape) - exact).max() < 2 * np.abs(probabilities[[1, 0]] - exact).max() + 1e-6
    assert attention.size == 0 and np.abs(states[1] - states[2]).max() > 1e-2
    last = embed(albert, base, texts, index, "--tokens")
    assert np.array_equal(last, layers[:, :32]) and not (tmp_path / "inside.npy.attention.npy").exists()

    vector = embed(albert, base, texts[-1:], index, "--layer", "1", "--pooling", "mean")[0]
    assert np.abs(vector - states[1].mean(0) / np.linalg.norm(states[1].mean(0))).max() < 2e-6
    assert not (tmp_path / "inside.npy.offsets.npy").exists()  # those of the older index
    assert "layers" in albert("search", "--index", index, "--model", base, stdin="a text", code=3)


def test_layers_that_there_are_not_are_refused(albert, base, tmp_path):
    def refusal(*options):
        return albert("embed", "--model", base, "--output", tmp_path / "index.npy", *options, stdin="a text", code=2)

    assert "expected 0 (the embeddings) to 2" in refusal("--layer", "3") and "-4" in refusal("--layer=-4")
    assert "'1;2'" in refusal("--layer", "1;2") and "--tokens" in refusal("--attention")
    assert "no attention" in refusal("--tokens", "--attention", "--layer", "0")
    assert "--pooling has no effect" in refusal("--tokens", "--pooling", "first")


def test_texts_of_json_lines_are_kept_and_bad_lines_keep_their_places(albert, base, tmp_path):
    index = tmp_path / "index.npy"
    texts = sentences(3, 1)
    lines = [json.dumps({"id": n, "text": text}) for n, text in enumerate(texts)]
    mixed = [lines[0], "no object", lines[1], '{"text": " "}', lines[2]]
    aligned = embed(albert, base, mixed, index, "--format", "jsonl")
    assert np.isnan(aligned).all(axis=1).tolist() == [False, True, False, True, False]
    assert (tmp_path / "index.npy.jsonl").read_text().splitlines() == [lines[0], "{}", lines[1], "{}", lines[2]]
    answer = json.loads(albert("search", "--index", index, "--model", base, "--json", "--top-k", 5, stdin=texts[1]))
    assert [result["line"] for result in answer["results"]][0] == 3 and len(answer["results"]) == 3
    found = embed(albert, base, mixed, index, "--format", "jsonl", "--on-bad-record", "skip")
    assert found.shape[0] == 3 and (found == aligned[::2]).all() and (tmp_path / "index.npy.jsonl").read_text().splitlines() == lines
    answer = json.loads(albert("search", "--index", index, "--model", base, "--json", "--top-k", 1, stdin=texts[1]))
    assert answer["results"][0]["line"] == 2 and answer["results"][0]["text"] == texts[1]
    assert "--overwrite" in albert("embed", "--model", base, "--output", index, stdin="a text\n", code=2)
    message = albert("embed", "--model", base, "--output", index, "--overwrite", "--on-bad-record", "stop", stdin="a text\n\n", code=3)
    assert "standard input:2" in message and np.load(index).shape[0] == 3  # the old index is whole


def test_vectors_on_standard_output_are_those_of_the_file(albert, base, tmp_path):
    texts = [*sentences(600, 5), "", *sentences(3, 6)]
    lines = "".join(text + "\n" for text in texts)
    expected = embed(albert, base, texts, tmp_path / "texts.npy")
    printed = albert("embed", "--model", base, "--output", "-", stdin=lines).splitlines()
    assert printed[600] == "null" and np.isnan(expected[600]).all()
    rows = [number for number in range(len(expected)) if number != 600]
    assert (np.array([json.loads(printed[number]) for number in rows], dtype="float32") == expected[rows]).all()
    for more in (["--tokens"], ["--overwrite"]):
        assert "--output -" in albert("embed", "--model", base, "--output", "-", *more, stdin=lines, code=2)


def test_search_is_exact(albert, base, tmp_path):
    texts, queries = sentences(300, 5), sentences(20, 6)
    index = embed(albert, base, texts, tmp_path / "index.npy")
    asked = embed(albert, base, queries, tmp_path / "queries.npy")
    answers = [json.loads(line) for line in albert("search", "--index", tmp_path / "index.npy", "--model", base, "--top-k", 7, "--json",
                                                   stdin="\n".join(queries)).splitlines()]
    cosines = asked @ index.T
    assert [answer["query"] for answer in answers] == queries
    for answer, row in zip(answers, cosines):
        lines = [result["line"] - 1 for result in answer["results"]]
        assert [result["rank"] for result in answer["results"]] == list(range(1, 8)) and len(set(lines)) == 7
        assert np.abs(np.array([result["score"] for result in answer["results"]]) - row[lines]).max() < 2e-6
        assert np.abs(np.sort(row)[::-1][:7] - row[lines]).max() < 2e-6
        assert [result["text"] for result in answer["results"]] == [texts[line] for line in lines]
    printed = albert("search", "--index", tmp_path / "index.npy", "--model", base, "--top-k", 1, stdin=texts[4])
    assert printed.splitlines()[0] == texts[4] and texts[4] in printed.splitlines()[1]


def test_a_text_of_several_lines_is_printed_on_one(albert, base, tmp_path):
    lines = [json.dumps({"text": text}) for text in ("first\nsecond \x1b[2J", "another text")]
    embed(albert, base, lines, tmp_path / "index.npy", "--format", "jsonl")
    printed = albert("search", "--index", tmp_path / "index.npy", "--model", base, stdin="first").splitlines()
    assert len(printed) == 3 and any(line.endswith("first\\x0asecond \\x1b[2J") for line in printed)


def test_no_text_makes_no_index(albert, base, tmp_path):
    albert("embed", "--model", base, "--output", tmp_path / "a.npy", stdin="one text\n")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert "no index is written" in albert("embed", "--model", base, "--output", tmp_path / "a.npy", "--overwrite", stdin="", code=3)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_index_that_does_not_fit_is_refused(albert, base, tmp_path):
    index = tmp_path / "index.npy"
    np.save(index, np.ones((4, 8), np.float32))
    assert "expected vectors of 32 numbers" in albert("search", "--index", index, "--model", base, stdin="a", code=3)
    np.save(index, np.ones((4, 32)))
    assert "float32" in albert("search", "--index", index, "--model", base, stdin="a", code=3)
    embed(albert, base, sentences(4, 1), index)
    index.write_bytes(index.read_bytes()[:-4])
    assert "damaged" in albert("search", "--index", index, "--model", base, stdin="a", code=3)
    embed(albert, base, sentences(4, 1), index)
    (tmp_path / "index.npy.txt").write_text("one\n")
    assert "expected a text for each of the 4 vectors" in albert("search", "--index", index, "--model", base, stdin="a", code=3)
    (tmp_path / "index.npy.txt").write_bytes(b"caf\xe9\n" * 4)
    for more in ([], ["--json"]):
        assert "index.npy.txt:" in albert("search", "--index", index, "--model", base, *more, stdin="a", code=3)


def test_an_index_is_found_through_a_link(albert, base, tmp_path):
    link = tmp_path / "links/link.npy"
    link.parent.mkdir()
    link.symlink_to("../index.npy")
    texts = sentences(4, 1)
    embed(albert, base, texts[:2], tmp_path / "index.npy")
    assert embed(albert, base, texts, link).shape == (4, 32) and link.is_symlink()
    answer = json.loads(albert("search", "--index", link, "--model", base, "--json", "--top-k", 1, stdin=texts[1]))
    assert answer["results"][0]["text"] == texts[1]


def test_search_finishes_what_a_killed_embed_began(albert, base, tmp_path):
    index, hidden, texts = tmp_path / "index.npy", tmp_path / ".index.npy.0123456789abcdef.partial", sentences(4, 1)
    embed(albert, base, texts, index)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    embed(albert, base, sentences(2, 2), index, "--tokens")
    hidden.mkdir()
    for name, content in written.items():
        (hidden / name).write_bytes(content)
    (hidden / "index.npy").rename(index)  # the kill came behind this file
    pending = {"folder": ".0123456789abcdef.partial", "files": ["", ".txt"], "removed": [".offsets.npy", ".ids.npy"]}
    (tmp_path / "index.npy.model.json").write_text(json.dumps({"replacement": pending}))
    answer = json.loads(albert("search", "--index", index, "--model", base, "--json", "--top-k", 1, stdin=texts[1]))
    assert answer["results"][0]["text"] == texts[1]
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == written
    (tmp_path / "index.npy.model.json").write_text(json.dumps({"replacement": pending}))
    assert "only parts of this index are there" in albert("search", "--index", index, "--model", base, stdin="a", code=3)
    assert embed(albert, base, texts, index).shape == (4, 32)


def test_what_is_no_index_is_not_written_over(albert, base, tmp_path):
    data = tmp_path / "data.jsonl"
    data.write_text('{"text": "a"}\n')
    message = albert("embed", "--model", base, "--format", "jsonl", "--output", tmp_path / "data", stdin=data.read_text(), code=2)
    assert "ends in .npy" in message and data.read_text() == '{"text": "a"}\n'


def test_an_index_of_another_model_is_refused(albert, albert_binary, base, tuned, tmp_path):
    index, moved = tmp_path / "index.npy", tmp_path / "moved"
    embed(albert, base, sentences(4, 1), index)
    origin = json.loads((tmp_path / "index.npy.model.json").read_text())
    assert origin["pooling"] == "mean" and origin["normalized"] is True and origin["model"] == str(base)
    search = ("search", "--index", index, "--model")
    message = albert(*search, base, "--pooling", "first", stdin="a", code=3)
    assert 'pooling: expected "first", found "mean"' in message and "weights" not in message
    message = albert(*search, tuned, stdin="a", code=3)  # its vectors have the same size
    assert "weights: expected" in message and f"made with {base}" in message
    shutil.copytree(base, moved)
    assert albert(*search, moved, stdin="a") == albert(*search, base, stdin="a")
    (tmp_path / "index.npy.model.json").unlink()
    assert "may be of another index" in albert(*search, base, stdin="a", code=3)
    (tmp_path / "index.npy.txt").unlink()
    result = subprocess.run([albert_binary, *search, tuned], input="a\n", capture_output=True, text=True)
    assert result.returncode == 0 and "nothing beside it says which model made its vectors" in result.stderr


# A small process of its own: the peak that the system reports of a child begins with what its parent held when it was started, and a
# process with PyTorch holds more than the program that is measured.
MEASURE = "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True); " \
          "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)"


def peak_memory(binary, model, texts, output):
    """Of `albert embed`, in bytes."""
    with open(output.with_suffix(".in"), "w") as file:
        file.writelines(text + "\n" for text in texts)
    with open(output.with_suffix(".in")) as file:
        command = [str(binary), "-q", "embed", "--model", str(model), "--threads", "1", "--output", str(output)]
        measured = subprocess.run([sys.executable, "-S", "-c", MEASURE, *command], stdin=file, capture_output=True, text=True, check=True)
    return int(measured.stdout)


def test_memory_does_not_grow_with_the_stream(albert_binary, base, tmp_path):
    """20,000 lines of 1 kB each: held in memory they would be 20 MB, with their vectors and tokens more."""
    short = sentences(100, 7)
    lines = [text + " " * (1000 - len(text)) + "." for text in short]
    few = peak_memory(albert_binary, base, lines * 20, tmp_path / "few.npy")
    many = peak_memory(albert_binary, base, lines * 200, tmp_path / "many.npy")
    assert many - few < 10e6  # 4 MB were measured: 158 and 162 MB
    vectors = np.load(tmp_path / "many.npy", mmap_mode="r")
    assert vectors.shape == (20000, 32) and np.abs(vectors[:100] - vectors[-100:]).max() < 1e-6


def figures(albert, model, data, *more):
    return json.loads(albert("evaluate", "--model", model, "--data", data, "--json", *more))


def ranks(values):
    """From 1; equal values share their mean rank."""
    values = np.asarray(values)
    return np.array([(values < v).sum() + ((values == v).sum() + 1) / 2 for v in values])


def test_pairs_with_scores_are_learnt(albert, place, tuned, tmp_path):
    found = figures(albert, tuned, place / "data", "--output", tmp_path / "dev.tsv")
    rows = [line.split("\t") for line in (tmp_path / "dev.tsv").read_text().splitlines()]
    assert rows[0] == ["text", "second_text", "score", "prediction"] and len(rows) == 101
    scores, cosines = (np.array([float(row[column]) for row in rows[1:]]) for column in (2, 3))
    assert found["examples"] == 100 and found["spearman"] > 0.8  # by chance 0; 0.866 was measured, the most with two scores
    assert found["spearman"] == pytest.approx(np.corrcoef(ranks(scores), ranks(cosines))[0, 1], abs=1e-4)
    assert found["loss"] == pytest.approx(((cosines - scores / 5) ** 2).mean(), abs=1e-4)
    scored = json.loads(albert("score", "--task", "embedding", "--gold", place / "data/dev.tsv", "--predictions",
                               tmp_path / "dev.tsv", "--set", "task.embedding.layout=own", "--set", "task.embedding.label=score", "--json"))
    assert scored["spearman"] == pytest.approx(found["spearman"], abs=1e-4)


def test_files_whose_names_are_no_utf8_have_figures(albert, place, tuned, tmp_path):
    for name in ("a\udcff.tsv", "b.tsv"):
        shutil.copy(place / "data/dev.tsv", tmp_path / name)
    found = figures(albert, tuned, tmp_path / "*.tsv")
    assert list(found) == ["a\ufffd", "b"] and found["b"] == found["a\ufffd"]


def test_a_tuned_model_opens_in_transformers_and_embeds_as_it_predicts(albert, place, tuned, tmp_path):
    rows = [line.split("\t") for line in (place / "data/dev.tsv").read_text().splitlines()[1:]]
    vectors = [embed(albert, tuned, [row[n] for row in rows], tmp_path / f"{n}.npy") for n in (0, 1)]
    for n in (0, 1):
        assert np.abs(vectors[n] - transformers_vectors(tuned, [row[n] for row in rows], "mean")).max() < 1e-5
    predicted = albert("predict", "--model", tuned, stdin="".join(f"{a}\t{b}\n" for a, b, _ in rows)).splitlines()
    cosines = (vectors[0] * vectors[1]).sum(1)
    assert np.abs(cosines - np.array([float(line.split()[0]) for line in predicted])).max() < 2e-6
    assert np.abs(cosines[::-1] - np.array([float(line.split()[0]) for line in predicted])).max() > 0.1  # of other pairs


def partners(path, count, seed):
    """Pairs without a label: each text's partner is the only one with its two names."""
    choose = random.Random(seed)
    names = [f"{a} and {b}" for a in "Anna Bertram Clara David Emma".split() for b in "Frida Georg met saw heard".split()]
    rows = [json.dumps({"text": f"{name} in the garden.", "second_text": f"the garden: {name}."}) for name in names]
    path.write_text("".join(choose.choice(rows) + "\n" for _ in range(count)) if count else "\n".join(rows) + "\n")


def test_pairs_without_scores_find_each_other(albert, place, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    partners(data / "train.jsonl", 200, 1)
    partners(data / "dev.jsonl", 0, 2)
    config = tmp_path / "partners.yaml"
    config.write_text(CONFIG.replace("{max_score: 5, label: score}", "{objective: in_batch_negatives}"))
    command = ["finetune", "--config", config, "--model", place / "base", "--data", data, "--run-dir"]
    albert(*command, tmp_path / "run")
    before = next(line for line in tiny_run.records(tmp_path / "run") if "held_out_mrr" in line)
    found = figures(albert, tmp_path / "run", data, "--output", tmp_path / "dev.jsonl")
    assert found["mrr"] > 0.8 and found["recall_at_1"] <= found["mrr"] <= found["recall_at_10"]  # by chance 0.15
    assert "loss" not in found and before["held_out_mrr"] <= found["mrr"]
    assert all("prediction" in json.loads(line) for line in (tmp_path / "dev.jsonl").read_text().splitlines())
    message = albert(*command, tmp_path / "other", "--set", "train.micro_batch_size=8", code=2)
    assert "train.micro_batch_size" in message and "in_batch_negatives" in message


def test_shared_pairs_are_read_whole(albert, place, shared_data, tmp_path):
    config = tmp_path / "embedding.yaml"
    config.write_text(CONFIG.replace("max_score: 5, label: score", "layout: stsb"))
    glue = shared_data / "data/glue"
    short = ["--set", "train.steps=1", "--set", "evaluate.every=1"]
    albert("finetune", "--config", config, "--model", place / "base", "--data", glue / "STS-B", "--run-dir", tmp_path / "stsb", *short)
    for part, count in [("train", 5749), ("dev", 1500), ("test", 1379)]:
        found = figures(albert, tmp_path / "stsb", glue / f"STS-B/{part}.tsv", "--part", part)
        assert found["examples"] == count and ("spearman" in found) == (part != "test")
    config.write_text(CONFIG.replace("max_score: 5, label: score", "layout: mrpc, objective: classification"))
    albert("finetune", "--config", config, "--model", place / "base", "--data", glue / "MRPC", "--run-dir", tmp_path / "mrpc", *short)
    found = figures(albert, tmp_path / "mrpc", glue / "MRPC", "--output", tmp_path / "MRPC.tsv")
    assert found["examples"] == 408 and "spearman" in found and "loss" in found
    assert len((tmp_path / "MRPC.tsv").read_text().splitlines()) == 409


def iterate(folder, text, refresh=True):
    """(position, id, probability) of each mask in the order of filling. `refresh`: ask the model again after each."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AlbertForMaskedLM.from_pretrained(folder).eval()
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    left = (ids[0] == tokenizer.mask_token_id).nonzero()[:, 0].tolist()
    steps, logits = [], None
    while left:
        if logits is None or refresh:
            with torch.no_grad():
                logits = model(ids).logits[0]
            logits[:, tokenizer.all_special_ids] = -torch.inf
        probabilities = logits[left].softmax(-1)
        mask = probabilities.max(1).values.argmax().item()
        best = probabilities[mask].argmax().item()
        steps.append((left[mask], best, probabilities[mask, best].item()))
        ids[0, left.pop(mask)] = best
    return steps


def test_masks_are_filled_in_order_of_confidence(albert, base):
    text = "Anna [MASK] Frida in [MASK] garden. David met [MASK] in the [MASK] [MASK]"
    found = json.loads(albert("fill-mask", "--model", base, "--iterative", "--json", text))
    steps = [(step["position"], step["id"], step["probability"]) for step in found["steps"]]
    expected = iterate(base, text)
    assert [step[:2] for step in steps] == [step[:2] for step in expected] and len(steps) == 5
    assert [step[2] for step in steps] == pytest.approx([step[2] for step in expected], abs=1e-5)
    assert [step[2] for step in steps] != pytest.approx([step[2] for step in iterate(base, text, refresh=False)], abs=1e-4)
    assert found["text"] == found["steps"][-1]["text"] and "[MASK]" not in found["text"]
    assert [step["text"].count("[MASK]") for step in found["steps"]] == [4, 3, 2, 1, 0]
    assert found["text"].startswith("Anna") and "garden. David met" in found["text"]
    assert albert("fill-mask", "--model", base, "--iterative", text) == found["text"] + "\n"


def test_sampling_repeats_itself_and_obeys_its_bounds(albert, base):
    text = "Anna [MASK] Frida in [MASK] garden [MASK]"
    fill = lambda *more: albert("fill-mask", "--model", base, "--iterative", "--sample", *more, text)
    assert fill("--seed", 3) == fill("--seed", 3)
    assert len({fill("--seed", seed, "--temperature", 3) for seed in range(5)}) > 1
    surest = albert("fill-mask", "--model", base, "--iterative", text)
    assert fill("--top-k", 1, "--seed", 8) == surest == fill("--temperature", 0.001)
    assert "requires" in albert("fill-mask", "--model", base, "--sample", text, code=2).lower()
    assert "--top-k has no effect" in albert("fill-mask", "--model", base, "--iterative", "--top-k", 3, text, code=2)


@pytest.mark.parametrize("name", ["x.npy", "x.npy.txt", "x.npy.jsonl", "x.npy.model.json"])
def test_an_index_does_not_replace_the_texts_that_it_is_made_from(albert_binary, base, tmp_path, name):
    texts = tmp_path / name
    texts.write_bytes(b"one\n\xff\xfe two\nthree\n")
    before = texts.read_bytes()
    with texts.open("rb") as source:
        result = subprocess.run([albert_binary, "embed", "--model", base, "--output", tmp_path / "x.npy", "--overwrite"], stdin=source,
                                stderr=subprocess.PIPE, text=True)
    assert result.returncode == 2 and "which is read and would be replaced" in result.stderr
    assert texts.read_bytes() == before and list(tmp_path.iterdir()) == [texts]


def test_what_comes_beside_the_index_meanwhile_stays(albert_binary, base, tmp_path):
    process = subprocess.Popen([albert_binary, "-q", "embed", "--model", base, "--output", tmp_path / "x.npy"], stdin=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    process.stdin.write("The first text.\n")
    process.stdin.flush()
    for _ in range(600):
        if any(tmp_path.glob(".*partial")):
            break
        time.sleep(0.05)
    (tmp_path / "x.npy.jsonl").write_text("mine")
    _, message = process.communicate()
    assert process.returncode == 2 and "has been made by somebody else meanwhile" in message, message
    assert [path.name for path in tmp_path.iterdir()] == ["x.npy.jsonl"]
