"""What `albert` says of words that it does not know: which one, what is near, and what there is; and whether it knows all words of the
commands that its help, the READMEs and the recipes show."""

import functools
import json
import os
import re
import shlex
import subprocess
import threading
import time
from pathlib import Path

import pytest

from conftest import ROOT

RECIPES = sorted((ROOT / "configs").glob("*/*.yaml"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "configs").glob("*/README.md")), ROOT / "data/README.md", ROOT / "scripts/examples/README.md"]


def calls_of_albert(shell):
    """The words behind `albert` of each call in lines of shell."""
    for line in shell.replace("\\\n", " ").splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        call = []
        for word in [*words, ";"]:
            if not set(word) <= set("|;&<>"):
                call.append(word)
                continue
            if call[:1] == ["albert"]:
                yield tuple(call[1:])
            call = []


@functools.cache
def helps_of(albert, words=()):
    """The help of the program and of each of its commands, by their words."""
    text = albert(*words, "--help")
    names = re.findall(r"^  (\S+)", text.partition("\nSubcommands:\n")[2].split("\n\n")[0], re.M)
    return {words: text} | {deeper: help_text for name in names for deeper, help_text in helps_of(albert, (*words, name)).items()}


#: Options whose value may be any name: commands that differ in nothing else are tried once.
NAMES = {"--config", "--model", "--data", "--run-dir", "--output", "--tokenizer"}
tried = set()


def check_call(albert_binary, words, folder):
    """In an empty folder a command fails for want of files; but no word of it may be wrong, and none may be missing. The files that options
    check on the command line are there."""
    for name in ("vocab.txt", "keys.txt"):
        (folder / name).touch()
    kind = "pretrain" if words[0] == "pretrain" else "finetune"
    for option, value in zip(words, words[1:]):
        if option == "--config" and "/" not in value and not value.endswith(".yaml"):
            assert ROOT / f"configs/{kind}/{value}.yaml" in RECIPES, f"{words}: there is no recipe {value}"
    shape = tuple(word for before, word in zip(("", *words), words) if before not in NAMES)
    if shape in tried:
        return
    result = subprocess.run([str(albert_binary), *words], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    said = result.stdout + result.stderr
    assert "there is no option" not in said and "there is no subcommand" not in said and "Run with --help" not in said, f"{words}: {said}"
    assert result.returncode in (0, 2, 3, 4, 5), f"{words}: {said}"
    tried.add(shape)


def test_every_help_ends_with_an_example_that_parses(albert, albert_binary, tmp_path):
    helps = helps_of(albert)
    assert len(helps) >= 26
    for words, text in helps.items():
        example = text.partition("\nExample:\n")[2]
        calls = list(calls_of_albert(example))
        assert calls and calls[-1][:len(words)] == words, f"{words}: the help ends with no example of it"
        assert len(example.strip().splitlines()) <= 2
        for call in calls:
            check_call(albert_binary, call, tmp_path)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_readme_parse(albert_binary, tmp_path, page):
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text(), re.M | re.S):
        for call in calls_of_albert(block):
            check_call(albert_binary, call, tmp_path)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: str(recipe.relative_to(ROOT / "configs")))
def test_a_recipe_begins_with_one_line_for_people(albert_binary, tmp_path, recipe):
    """`albert config list` shows it. What follows in the comment stands apart."""
    first, second = recipe.read_text().splitlines()[:2]
    assert first.startswith("# ") and first.endswith(".") and len(first) <= 110
    assert second == "#" or not second.startswith("#")
    for call in calls_of_albert("\n".join(re.findall(r"^#     (albert .*)$", recipe.read_text(), re.M))):
        check_call(albert_binary, call, tmp_path)


@pytest.mark.parametrize("words, what, near, known", [
    (["nope"], "albert: there is no subcommand 'nope'", None, "pretrain, finetune, evaluate"),
    (["-q", "pretran", "--config", "x"], "albert: there is no subcommand 'pretran'", "pretrain", "tokenizer, corpus"),
    (["tokenizer", "nope"], "albert tokenizer: there is no subcommand 'nope'", None, "train, sample, convert, encode, decode, info"),
    (["corpus", "verfy", "folder"], "albert corpus: there is no subcommand 'verfy'", "verify", "build"),
    (["finetune", "--confg", "x"], "albert finetune: there is no option '--confg'", "--config", "--model, --data"),
    (["corpus", "build", "--inputt=a"], "albert corpus build: there is no option '--inputt'", "--input", "--output"),
    (["--versoin"], "albert: there is no option '--versoin'", "--version", "--quiet"),
])
def test_unknown_words_are_named(albert, words, what, near, known):
    message = albert(*words, code=2)
    assert what in message and known in message
    assert f"is it '{near}'?" in message if near else "is it" not in message


@pytest.mark.parametrize("words, place", [(["embed", "--model", "m\udcff"], 3), (["-q", "evaluate", "--data=a", "--", "m\udcff"], 5)])
def test_a_word_that_is_no_utf8_is_refused_at_once(albert, words, place):
    message = albert(*words, code=2)
    assert f"argument {place}: expected UTF-8, found 'm\\xff'; rename" in message


def test_what_is_missing_is_still_said(albert):
    assert "subcommand is required" in albert(code=2)
    assert "--run-dir is required" in albert("finetune", code=2)


def test_words_behind_two_dashes_are_no_options(albert):
    message = albert("info", "--", "--nope", code=2)
    assert "there is no --nope; name a model folder" in message


def test_a_deleted_current_folder_is_named(albert_binary, tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    result = subprocess.run(["sh", "-c", 'rmdir ../gone; exec "$0" --version', albert_binary], cwd=folder, capture_output=True, text=True, timeout=60)
    assert result.returncode == 5 and "the current folder was deleted" in result.stderr and "MKL" not in result.stderr


@pytest.mark.parametrize("words", [["--help"], ["corpus", "--help"], ["tokenizer", "train", "--help"], ["--version"]])
def test_help_is_no_mistake(albert, words):
    assert albert(*words).strip()


def test_help_that_cannot_be_written_is_an_error(albert_binary):
    with open("/dev/full", "w") as full:
        result = subprocess.run([str(albert_binary), "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert result.returncode == 5 and "could not be written" in result.stderr


@pytest.mark.parametrize("value", ["1025", "-1", "many"])
def test_a_number_out_of_bounds_is_named_with_them(albert, value):
    words = ["corpus", "build", "--input", "a", "--tokenizer", "b", "--output", "c"]
    message = albert(*words, f"--threads={value}", code=2)
    assert f"--threads: expected a number from 0 to 1024, found {value}" in message


def test_whole_numbers_are_those_that_people_write(albert, tmp_path):
    (tmp_path / "text.txt").write_text("".join(f"Sentence {n} of a text about nothing at all.\n" for n in range(300)))
    words = ["tokenizer", "train", "--input", tmp_path / "text.txt", "--overwrite", "--output", tmp_path / "tokenizer"]
    for value in ("060", "+60"):
        albert(*words, "--vocab-size", value)
        assert "pieces          60\n" in albert("tokenizer", "info", "--tokenizer", tmp_path / "tokenizer")
    for value in ("0x40", "6e1", "60.0", "99999999999999999999"):
        assert "--vocab-size: expected a" in albert(*words, f"--vocab-size={value}", code=2), value
    assert "--seed: expected a number from 0 on, found -1" in albert(*words, "--vocab-size", 60, "--seed=-1", code=2)


def test_a_pipe_that_does_not_wait_for_its_reader_gets_everything(albert_binary, tmp_path):
    (tmp_path / "text.txt").write_text("".join(f"Sentence {n} of a text about nothing at all.\n" for n in range(300)))
    subprocess.run([albert_binary, "-q", "tokenizer", "train", "--input", tmp_path / "text.txt", "--vocab-size", "60", "--output", tmp_path / "tokenizer"],
                   check=True)
    read, write = os.pipe()
    os.set_blocking(write, False)
    process = subprocess.Popen([albert_binary, "-q", "tokenizer", "encode", "--tokenizer", tmp_path / "tokenizer"], stdin=subprocess.PIPE, stdout=write)
    os.close(write)
    feeder = threading.Thread(target=process.communicate, args=((tmp_path / "text.txt").read_bytes() * 20,))
    feeder.start()
    lines = 0
    while some := os.read(read, 4096):
        lines += some.count(b"\n")
        time.sleep(0.005)
    feeder.join()
    assert process.returncode == 0 and lines == 6000


def test_the_value_of_an_option_may_begin_with_dashes(albert, tmp_path):
    words = ["corpus", "build", "--input", tmp_path, "--document-separator", "--- x", "--tokenizer", "b", "--output", "c"]
    assert "there is no option" not in albert(*words, code=4)


def test_every_configuration_is_checked(albert, tmp_path):
    (tmp_path / "bad.yaml").write_text("train: {stepz: 3}\n")
    message = albert("config", "validate", tmp_path / "bad.yaml", tmp_path / "none.yaml", code=2)
    assert "stepz" in message and "none.yaml" in message


def test_what_is_closed_is_no_output(albert_binary, tmp_path):
    """Without it, the first file that is opened would be taken for standard output or error."""
    (tmp_path / "in.txt").write_text("A text.\n")
    command = f"'{albert_binary}' tokenizer train --input in.txt --vocab-size 30 --output out <&- >&- 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, timeout=60).returncode == 2  # too little text: a message is logged
    assert [path.name for path in tmp_path.iterdir()] == ["in.txt"]
    command = f"'{albert_binary}' config list >&-"
    result = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 5 and "Bad file descriptor" in result.stderr


def test_an_output_that_cannot_be_written_is_found_before_the_work(albert, tmp_path):
    (tmp_path / "file").write_text("")
    message = albert("tokenizer", "train", "--input", tmp_path / "none", "--vocab-size", 30, "--output", tmp_path / "file/tokenizer", code=5)
    assert "cannot create the folder" in message


def test_standard_input_that_is_a_device_is_not_read(albert_binary):
    with open("/dev/zero") as endless:
        command = [str(albert_binary), "score", "--task", "arc", "--gold", "-", "--predictions", "none"]
        result = subprocess.run(command, stdin=endless, capture_output=True, text=True, timeout=60)
    assert result.returncode == 5 and "/dev/stdin: expected a file, found a device" in result.stderr


def test_a_dash_is_standard_input(albert, tmp_path):
    gold = "".join(json.dumps({"id": str(n), "question": "?", "choices": ["a", "b"], "label": n % 2}) + "\n" for n in range(4))
    predictions = "id\tanswer\n0\t0\n1\t1\n2\t0\n3\t0\n"
    (tmp_path / "gold.jsonl").write_text(gold)
    (tmp_path / "predictions.tsv").write_text(predictions)
    by_file = albert("score", "--task", "arc", "--gold", tmp_path / "gold.jsonl", "--predictions", tmp_path / "predictions.tsv")
    assert "accuracy  0.7500" in by_file
    assert albert("score", "--task", "arc", "--gold", "-", "--predictions", tmp_path / "predictions.tsv", stdin=gold) == by_file
    assert albert("score", "--task", "arc", "--gold", tmp_path / "gold.jsonl", "--predictions", "-", stdin=predictions) == by_file
    assert "one file only" in albert("score", "--task", "arc", "--gold", "-", "--predictions", "-", stdin=gold, code=2)
    assert "in order" in albert("config", "validate", "-", stdin=RECIPES[0].read_text())
    printed = albert("config", "print", "--config", "-", stdin="data: {corpus: c}")  # a stream lies in no folder: the current one counts
    assert f"corpus: {Path.cwd() / 'c'}  #" in printed
    assert "write < texts.txt" in albert("predict", "--model", tmp_path, "texts.txt", code=2)
