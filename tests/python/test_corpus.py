"""`albert corpus build | info | verify` as a user runs it: the real program on text that is made here."""

import gzip
import json
import os
import signal
import subprocess
import time

import pytest

WORDS = "the rain fell on quiet houses while a child read old stories about seas and ships that never came home".split()


def novel(first_chapter, last_chapter):
    """Wrapped text of some chapters, each of its own words."""
    lines = []
    for chapter in range(first_chapter, last_chapter):
        lines += [f"CHAPTER {chapter}", ""]
        for sentence in range(30):
            words = [WORDS[(chapter * 7 + sentence * sentence + i * i) % len(WORDS)] for i in range(5 + sentence % 9)]
            lines.append(" ".join(words).capitalize() + ".")
            lines += [""] * (sentence % 5 == 0)
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def tokenizer(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    (folder / "text").write_text(novel(0, 50))
    albert("tokenizer", "train", "--input", folder / "text", "--vocab-size", 80, "--output", folder / "tokenizer")
    return folder / "tokenizer"


@pytest.fixture
def build(albert, tokenizer, tmp_path):
    def run(source, *options, output="corpus", code=0):
        return albert("corpus", "build", "--input", source, "--tokenizer", tokenizer, "--output", tmp_path / output, *options, code=code)

    return run


def content(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_compression_and_threads_change_no_byte(build, albert, tmp_path):
    (tmp_path / "a.txt").write_text(novel(0, 200))
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress((tmp_path / "a.txt").read_bytes()))
    chapters = ("--document-separator", "^CHAPTER ", "--held-out", "0.1")
    build(tmp_path / "a.txt", *chapters, "--threads", 1)
    build(tmp_path / "a.txt.gz", *chapters, "--threads", 3, output="compressed")
    assert content(tmp_path / "corpus") == content(tmp_path / "compressed")
    albert("corpus", "verify", tmp_path / "corpus")
    info = json.loads(albert("corpus", "info", tmp_path / "corpus", "--json"))
    assert info["train"]["documents"] + info["held_out"]["documents"] == 200
    assert 5 <= info["held_out"]["documents"] <= 40
    assert str(tmp_path) not in (tmp_path / "corpus/manifest.json").read_text()


def test_text_may_come_through_a_pipe(build, albert, tokenizer, tmp_path):
    (tmp_path / "a.txt").write_text(novel(0, 20))
    build(tmp_path / "a.txt")
    albert("corpus", "build", "--input", "/dev/stdin", "--tokenizer", tokenizer, "--output", tmp_path / "piped", stdin=novel(0, 20))
    assert content(tmp_path / "corpus") == content(tmp_path / "piped")


def test_verify_finds_a_flipped_byte(build, albert, tmp_path):
    (tmp_path / "a.txt").write_text(novel(0, 20))
    build(tmp_path / "a.txt")
    shard = tmp_path / "corpus/train-00000.shard"
    data = bytearray(shard.read_bytes())
    data[len(data) // 2] ^= 1
    shard.write_bytes(data)
    assert "train-00000.shard" in albert("corpus", "verify", tmp_path / "corpus", code=3)


@pytest.mark.parametrize(
    ("name", "data", "options", "code", "message"),
    [
        ("missing.txt", None, (), 5, "missing.txt"),
        ("empty.txt", b"", (), 3, "holds no text"),
        ("cut.gz", gzip.compress(novel(0, 9).encode())[:200], (), 3, "truncated: the file ends at byte 200"),
        ("a.txt", b"One. Two.", ("--language", "xx"), 2, "unknown language 'xx'"),
        ("a.txt", b"One. Two.", ("--document-separator", "("), 2, "no regular expression"),
        ("a.txt", b"One. Two.", ("--format", "csv"), 2, "csv"),
        ("a.jsonl", b"One. Two.", ("--format", "jsonl"), 3, "is a JSON object with text in the field 'text'"),
    ],
)
def test_wrong_input_is_named_and_leaves_nothing(build, tmp_path, name, data, options, code, message):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    assert message in build(tmp_path / name, *options, code=code)
    assert {path.name for path in tmp_path.iterdir()} <= {name}


def test_what_was_repaired_is_told(build, tmp_path):
    (tmp_path / "a.txt").write_bytes(b"Good text.\nCaf\xe9 \x00here. More text.\n")
    build(tmp_path / "a.txt", "--held-out", 0)
    statistics = json.loads((tmp_path / "corpus/manifest.json").read_text())["statistics"]
    assert (statistics["invalid_utf8_bytes"], statistics["nul_bytes"]) == (1, 1)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_nothing(albert_binary, tokenizer, tmp_path, number, code):
    os.mkfifo(tmp_path / "pipe")
    command = [albert_binary, "corpus", "build", "--input", tmp_path / "pipe", "--tokenizer", tokenizer, "--output", tmp_path / "corpus"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    with open(tmp_path / "pipe", "w"):  # opens when the build reads, and gives it nothing
        process.send_signal(number)
        _, log = process.communicate(timeout=60)
    assert process.returncode == code
    assert "no corpus was written" in log
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_the_tokenizer_of_a_corpus_is_not_replaced(albert, build, tmp_path):
    (tmp_path / "a.txt").write_text(novel(0, 20))
    build(tmp_path / "a.txt")
    message = albert("tokenizer", "train", "--input", tmp_path / "a.txt", "--vocab-size", 60, "--output", tmp_path / "corpus/tokenizer",
                     "--overwrite", code=2)
    assert "is the tokenizer of the corpus" in message
    albert("corpus", "verify", tmp_path / "corpus")


def test_a_killed_build_is_no_corpus(albert, albert_binary, build, tokenizer, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    command = [albert_binary, "corpus", "build", "--input", tmp_path / "pipe", "--tokenizer", tokenizer, "--output", tmp_path / "corpus"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    with open(tmp_path / "pipe", "w") as pipe:
        pipe.write(novel(0, 100))
        pipe.flush()
        process.kill()
        process.wait(timeout=60)
    assert not (tmp_path / "corpus").exists()
    (tmp_path / "a.txt").write_text(novel(0, 20))
    build(tmp_path / "a.txt")
    assert not list(tmp_path.glob(".corpus.*"))
    albert("corpus", "verify", tmp_path / "corpus")


def test_only_a_corpus_is_overwritten(albert, build, tmp_path):
    (tmp_path / "a.txt").write_text(novel(0, 20))
    site = tmp_path / "site"
    (site / "tokenizer").mkdir(parents=True)
    (site / "manifest.json").write_text('{"name": "My web app"}')
    (site / "users.shard").write_text("mine")
    assert "is no corpus" in build(tmp_path / "a.txt", "--overwrite", output="site", code=2)
    assert (site / "users.shard").read_text() == "mine"
    build(tmp_path / "a.txt")
    for name in ("tokenizer/thesis.txt", "users.shard"):
        (tmp_path / "corpus" / name).write_text("mine")
        assert f"it holds {name.rpartition('/')[2]}" in build(tmp_path / "a.txt", "--overwrite", code=2)
        (tmp_path / "corpus" / name).unlink()
    build(tmp_path / "a.txt", "--overwrite")


def test_what_comes_into_the_output_meanwhile_stays(albert_binary, tokenizer, tmp_path):
    out = tmp_path / "corpus"
    out.mkdir()
    process = subprocess.Popen([albert_binary, "-q", "corpus", "build", "--input", "-", "--tokenizer", tokenizer, "--output", out], stdin=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    process.stdin.write(novel(0, 50))
    process.stdin.flush()
    for _ in range(600):
        if any(tmp_path.glob(".corpus*/*")):
            break
        time.sleep(0.05)
    (out / "thesis.txt").write_text("precious")
    _, message = process.communicate()
    assert process.returncode == 2 and "is no corpus" in message, message
    assert [path.name for path in out.iterdir()] == ["thesis.txt"]
