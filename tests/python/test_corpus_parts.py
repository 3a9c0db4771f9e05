"""Corpora and samples in parts, as a user builds them: `albert corpus build --part`, `albert corpus merge`, `albert tokenizer sample`; and the
scripts of scripts/examples that do so on several machines."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT
from test_corpus import content, novel, tokenizer  # noqa: F401 (a fixture)

EXAMPLES = ROOT / "scripts/examples"
LAUNCHERS = ROOT / ".deps/launchers/bin/python"
PARTS = 8
CHAPTERS = ("--document-separator", "^CHAPTER ")


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    for i in range(6):
        (folder / f"{i}.txt").write_text(novel(40 * i, 40 * i + 60))  # a third of the chapters are there twice
    return folder


@pytest.fixture
def corpus(albert, tokenizer, texts, tmp_path):  # noqa: F811
    """corpus(*options): the bytes of one build."""

    def build(*options):
        albert("corpus", "build", "--input", texts, "--tokenizer", tokenizer, "--output", tmp_path / "corpus", *options)
        return content(tmp_path / "corpus")

    return build


def build_part(albert, texts, tokenizer, folder, part, *options, **more):  # noqa: F811
    return albert("corpus", "build", "--part", part, "--input", texts, "--tokenizer", tokenizer, "--output", folder, *options, **more)


def merged(albert, folder):
    albert("corpus", "merge", folder, "--output", folder.parent / "merged", "--overwrite")
    return content(folder.parent / "merged")


@pytest.mark.parametrize("options", [(), ("--deduplicate", "near", "--drop-repeated-lines", "30")])
def test_parts_give_the_corpus_of_one_build(albert, corpus, texts, tokenizer, tmp_path, options):  # noqa: F811
    expected = corpus(*CHAPTERS, *options)
    for i in range(PARTS, 0, -1):
        build_part(albert, texts, tokenizer, tmp_path / "parts", f"{i}/{PARTS}", *CHAPTERS, *options)
    assert merged(albert, tmp_path / "parts") == expected
    if options:
        info = json.loads(albert("corpus", "info", tmp_path / "merged", "--json"))
        assert info["statistics"]["exact_duplicates"] == 100
        assert len(info["duplicates"]) == 100
        assert "100 exact and" in albert("corpus", "info", tmp_path / "merged")


def peak_memory(binary, *words):
    process = subprocess.Popen([binary, "--quiet", *map(str, words)])
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return usage.ru_maxrss / 1024


def test_memory_does_not_grow_with_the_text(albert_binary, tokenizer, tmp_path):  # noqa: F811
    """In MB; the texts have 8 and 64 MB. What is known of each document and line is sorted on the disk."""
    peaks = []
    for times in (1, 8):
        folder = tmp_path / str(times)
        (folder / "texts").mkdir(parents=True)
        for i in range(times):
            (folder / f"texts/{i}.txt").write_text(novel(100_000 * i, 100_000 * i + 5_000))
        built = [albert_binary, "corpus", "build", "--input", folder / "texts", "--tokenizer", tokenizer, *CHAPTERS, "--deduplicate", "near",
                 "--drop-repeated-lines", "1000000"]
        peaks.append([peak_memory(*built, "--output", folder / "corpus"), peak_memory(*built, "--part", "1/1", "--output", folder / "parts"),
                      peak_memory(albert_binary, "corpus", "merge", folder / "parts", "--output", folder / "merged")])
    assert all(large < 1.5 * small + 20 for small, large in zip(*peaks)), peaks


def test_a_killed_part_is_built_again(albert, albert_binary, corpus, texts, tokenizer, tmp_path):  # noqa: F811
    expected = corpus(*CHAPTERS)
    for i in (1, 3):
        build_part(albert, texts, tokenizer, tmp_path / "parts", f"{i}/3", *CHAPTERS)
    os.mkfifo(tmp_path / "pipe")
    command = [albert_binary, "corpus", "build", "--part", "2/3", "--input", tmp_path / "pipe", "--tokenizer", tokenizer, "--output",
               tmp_path / "parts", *CHAPTERS]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    with open(tmp_path / "pipe", "w") as pipe:
        pipe.write(novel(0, 100))
        pipe.flush()
        for _ in range(600):
            if any((tmp_path / "parts").glob(".part-00002*/blocks")):
                break
            time.sleep(0.05)
        else:
            pytest.fail("the part was not begun within 30 s")
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
    assert any((tmp_path / "parts").glob(".part-00002*/blocks"))
    assert "part 2 of 3 is missing" in albert("corpus", "merge", tmp_path / "parts", "--output", tmp_path / "merged", code=3)
    for i in (1, 2, 3):
        build_part(albert, texts, tokenizer, tmp_path / "parts", f"{i}/3", *CHAPTERS)
    assert {path.name for path in (tmp_path / "parts").iterdir()} == {f"part-0000{i}-of-00003" for i in (1, 2, 3)}
    assert merged(albert, tmp_path / "parts") == expected


def test_parts_built_at_once(albert_binary, albert, corpus, texts, tokenizer, tmp_path):  # noqa: F811
    expected = corpus(*CHAPTERS)
    commands = [[albert_binary, "corpus", "build", "--part", f"{i}/4", "--input", texts, "--tokenizer", tokenizer, "--output", tmp_path / "parts",
                 *CHAPTERS, "--threads", "1"] for i in range(1, 5)]
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    assert [process.wait(timeout=300) for process in processes] == [0] * 4
    assert merged(albert, tmp_path / "parts") == expected


def test_lists_and_addresses(albert, albert_binary, corpus, texts, tokenizer, tmp_path):  # noqa: F811
    expected = corpus()
    command = f"{albert_binary} corpus build --input @<(find {texts} -type f | sort) --tokenizer {tokenizer} --output {tmp_path / 'piped'}"
    subprocess.run(["bash", "-c", command], check=True, capture_output=True)
    assert content(tmp_path / "piped") == expected
    (tmp_path / "list.txt").write_text("".join(f"{path}\n" for path in sorted(texts.iterdir())))
    arguments = ("--tokenizer", tokenizer, "--output", tmp_path / "listed")
    albert("corpus", "build", "--input", f"@{tmp_path / 'list.txt'}", *arguments)
    assert content(tmp_path / "listed") == expected
    (texts / "here").write_text("0.txt\n\nnone.txt\n")
    message = albert("corpus", "build", "--input", f"@{texts / 'here'}", "--tokenizer", tokenizer, "--output", tmp_path / "no", code=5)
    assert f"line 1 of {texts / 'here'}: cannot read input 0.txt" in message and "not from the list's" in message
    (texts / "here").unlink()
    message = albert("corpus", "build", "--input", "s3://bucket/text.gz", "--tokenizer", tokenizer, "--output", tmp_path / "no", code=2)
    assert "aws s3 cp s3://bucket/text.gz - | albert" in message


def test_a_file_on_standard_input_is_the_part_already(albert_binary, albert, corpus, texts, tokenizer, tmp_path):  # noqa: F811
    expected = corpus(*CHAPTERS)
    for i in range(6):
        arguments = ["--part", f"{i + 1}/6", "--input", "-", "--tokenizer", tokenizer, "--output", tmp_path / "parts", *CHAPTERS]
        for _ in range(1 if i else 2):  # the second time it is left
            with open(texts / f"{i}.txt") as text:
                subprocess.run([albert_binary, "corpus", "build", *arguments], stdin=text, check=True, capture_output=True)
    made = merged(albert, tmp_path / "parts")
    assert made.keys() == expected.keys()
    assert all(made[name] == expected[name] for name in made if name.endswith(".shard"))


def test_an_empty_pipe_is_no_part(albert, albert_binary, texts, tokenizer, tmp_path):  # noqa: F811
    """The command before it failed, most likely; an empty file may be meant."""
    command = f": | {albert_binary} corpus build --part 1/2 --input - --tokenizer {tokenizer} --output {tmp_path / 'parts'}"
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert result.returncode == 3 and "/dev/stdin: nothing came through; did the command fail that writes it?" in result.stderr
    (tmp_path / "empty.txt").touch()
    albert("corpus", "build", "--part", "1/2", "--input", tmp_path / "empty.txt", "--tokenizer", tokenizer, "--output", tmp_path / "parts")


def test_only_the_files_of_a_part_are_merged(albert, corpus, texts, tokenizer, tmp_path):  # noqa: F811
    for part in ("1/2", "2/2"):
        build_part(albert, texts, tokenizer, tmp_path / "parts", part)
    (tmp_path / "secret").write_text("secret")
    inside = tmp_path / "parts/part-00001-of-00002/tokenizer"
    (inside / ".DS_Store").write_text("junk")
    (inside / "notes").symlink_to(tmp_path / "secret")
    os.mkfifo(inside / "pipe")
    albert("corpus", "merge", tmp_path / "parts", "--output", tmp_path / "merged")
    assert content(tmp_path / "merged") == corpus()
    (inside / "spiece.model").write_bytes((inside / "spiece.model").read_bytes() + b"\n")
    assert "spiece.model" in albert("corpus", "merge", tmp_path / "parts", "--output", tmp_path / "other", code=4)


def test_a_list_of_texts_for_gnu_parallel(albert_binary, corpus, texts, tokenizer, tmp_path):  # noqa: F811
    need("parallel", "parallel")
    expected = corpus()
    (tmp_path / "list.txt").write_text("".join(f"{path}\n" for path in sorted(texts.iterdir())))
    environment = {**os.environ, "PATH": f"{albert_binary.parent}:{os.environ['PATH']}", "PARTS": "2"}
    subprocess.run([EXAMPLES / "corpus_parallel.sh", "@list.txt", tokenizer, tmp_path / "made"], env=environment, cwd=tmp_path, check=True,
                   capture_output=True)
    assert content(tmp_path / "made") == expected


def test_settings_are_looked_at_before_samples_are_read(albert, texts, tmp_path):
    albert("tokenizer", "sample", "--part", "1/1", "--input", texts, "--output", tmp_path / "samples")
    (tmp_path / "samples/part-00001-of-00001/lines").write_text("damaged")
    arguments = ("tokenizer", "train", "--sample", tmp_path / "samples", "--output", tmp_path / "tokenizer")
    assert "asked for 5" in albert(*arguments, "--vocab-size", 5, code=2)
    assert "is damaged" in albert(*arguments, "--vocab-size", 80, code=3)


def test_a_vocabulary_of_samples_is_that_of_one(albert, texts, tmp_path):
    limits = ("--sample-lines", 300, "--seed", 3)
    train = ("tokenizer", "train", "--vocab-size", 80)
    albert(*train, "--input", texts, *limits, "--output", tmp_path / "one")
    for i in (2, 1, 3):
        albert("tokenizer", "sample", "--part", f"{i}/3", "--input", texts, *limits, "--output", tmp_path / "samples")
    albert(*train, "--sample", tmp_path / "samples", "--output", tmp_path / "parts")
    assert content(tmp_path / "one") == content(tmp_path / "parts")
    albert(*train, "--input", texts, "--sample-lines", 300, "--seed", 4, "--output", tmp_path / "other")
    assert content(tmp_path / "one") != content(tmp_path / "other")
    message = albert(*train, "--sample", tmp_path / "samples", "--seed", 4, "--output", tmp_path / "seed", code=2)
    assert "--seed is for --input" in message
    shutil.rmtree(tmp_path / "samples/part-00002-of-00003")
    assert "part 2 of 3 is missing" in albert(*train, "--sample", tmp_path / "samples", "--output", tmp_path / "less", code=3)


# The scripts of scripts/examples. Each builds 8 parts, of which one is killed on its first try.


def need(program, package):
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed: apt-get install {package}")


def engine(name):
    """The Python that has it."""
    for python in (LAUNCHERS, Path(sys.executable)):
        if python.exists() and subprocess.run([python, "-c", f"import {name}"], capture_output=True).returncode == 0:
            return python
    pytest.skip(f"no Python here has {name}: scripts/setup.sh --launchers")


@pytest.fixture
def books(texts, tokenizer, tmp_path):  # noqa: F811
    """(texts, tokenizer): a hundred real books where there are some."""
    shared = os.environ.get("ALBERT_SHARED_DATA")
    if not shared:
        return texts, tokenizer
    vocabulary = tmp_path / "vocabulary"
    vocabulary.mkdir()
    shutil.copy(f"{shared}/vocab/albert-v2.spiece.model", vocabulary / "spiece.model")
    return Path(shared, "data/corpora/gutenberg"), vocabulary


@pytest.fixture
def expected(albert, books, tmp_path):
    """The bytes of one build of these."""
    albert("corpus", "build", "--input", books[0], "--tokenizer", books[1], "--output", tmp_path / "expected")
    return content(tmp_path / "expected")


@pytest.fixture
def dying_albert(albert_binary, tmp_path):
    """A program that is albert, but for the first try of part 3: that is given text which does not end, and killed once the part is begun. What is
    left of it is listed in the file `tried`."""
    program = tmp_path / "bin/albert"
    program.parent.mkdir()
    program.write_text(f"""#!{sys.executable}
import glob, os, signal, subprocess, sys, time

arguments = sys.argv[1:]
tried, pipe = "{tmp_path}/tried", "{tmp_path}/endless"
if "3/8" in arguments and not os.path.exists(tried):
    os.mkfifo(pipe)
    arguments[arguments.index("--input") + 1] = pipe
    pattern = arguments[arguments.index("--output") + 1] + "/.part-00003*/blocks"
    process = subprocess.Popen(["{albert_binary}", *arguments])
    with open(pipe, "w") as text:
        for _ in range(600):
            if glob.glob(pattern):
                break
            time.sleep(0.05)
        process.kill()
        process.wait()
    with open(tried, "w") as file:
        file.write(" ".join(glob.glob(pattern)))
    os.kill(os.getpid(), signal.SIGKILL)
os.execv("{albert_binary}", ["{albert_binary}", *arguments])
""")
    program.chmod(0o755)
    return program


def assert_killed(tmp_path, parts):
    """That part 3 was killed when it was half written, and of that nothing is left."""
    assert "/.part-00003" in (tmp_path / "tried").read_text()
    assert not list(parts.glob(".*"))


def run(command, program, **environment):
    """Runs a script of the examples with `program` first on the path."""
    path = f"{program.parent}:{os.environ['PATH']}"
    result = subprocess.run(command, env={**os.environ, "PATH": path, **environment}, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def test_gnu_parallel(dying_albert, expected, books, tmp_path):
    need("parallel", "parallel")
    run([EXAMPLES / "corpus_parallel.sh", *books, tmp_path / "made"], dying_albert, PARTS=str(PARTS), JOBS="2")
    assert_killed(tmp_path, tmp_path / "made.parts")
    assert content(tmp_path / "made") == expected


def test_the_tasks_of_a_slurm_array(dying_albert, expected, books, tmp_path):
    """Without Slurm: each task of the array as Slurm would start it, and again where it failed, as --requeue does."""
    environment = {"INPUT": str(books[0]), "TOKENIZER": str(books[1]), "PARTS_FOLDER": str(tmp_path / "parts"), "PARTS": str(PARTS)}
    path = f"{dying_albert.parent}:{os.environ['PATH']}"
    failures = 0
    for i in range(1, PARTS + 1):
        task = {**os.environ, **environment, "PATH": path, "SLURM_ARRAY_TASK_ID": str(i)}
        while subprocess.run(["bash", EXAMPLES / "corpus_slurm.sbatch"], env=task, capture_output=True).returncode != 0:
            failures += 1
            assert failures < 3
    assert failures == 1
    assert_killed(tmp_path, tmp_path / "parts")
    run(["albert", "corpus", "merge", tmp_path / "parts", "--output", tmp_path / "made"], dying_albert)
    assert content(tmp_path / "made") == expected


def test_ray(dying_albert, expected, books, tmp_path):
    python = engine("ray")
    run([python, EXAMPLES / "corpus_ray.py", "--input", books[0], "--tokenizer", books[1], "--parts", str(PARTS), "--output",
         tmp_path / "made"], dying_albert)
    assert_killed(tmp_path, tmp_path / "made.parts")
    assert content(tmp_path / "made") == expected


def test_pyspark(dying_albert, expected, books, tmp_path):
    python = engine("pyspark")
    need("java", "default-jre-headless")
    run([python, EXAMPLES / "corpus_pyspark.py", "--input", books[0], "--tokenizer", books[1], "--parts", str(PARTS), "--output",
         tmp_path / "made"], dying_albert)
    assert_killed(tmp_path, tmp_path / "made.parts")
    assert content(tmp_path / "made") == expected


def test_partitions_of_pyspark(albert, dying_albert, texts, tokenizer, tmp_path):  # noqa: F811
    """What Spark reads is the same text, but counted as a file for each partition."""
    python = engine("pyspark")
    need("java", "default-jre-headless")
    records = tmp_path / "texts.jsonl"
    records.write_text("".join(json.dumps({"text": path.read_text()[10 * i :]}) + "\n" for path in sorted(texts.iterdir()) for i in range(9)))
    run([python, EXAMPLES / "corpus_pyspark.py", "--records", "--input", records, "--tokenizer", tokenizer, "--parts", str(PARTS),
         "--output", tmp_path / "made"], dying_albert)
    albert("corpus", "build", "--input", records, "--format", "jsonl", "--tokenizer", tokenizer, "--output", tmp_path / "one")
    made, one = content(tmp_path / "made"), content(tmp_path / "one")
    assert json.loads(made.pop("manifest.json"))["shards"] == json.loads(one.pop("manifest.json"))["shards"]
    assert made == one
