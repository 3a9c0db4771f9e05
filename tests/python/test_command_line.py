"""What `albert` says of words that it does not know: which one, what is near, and what there is."""

import subprocess

import pytest


@pytest.mark.parametrize("words, what, near, known", [
    (["nope"], "albert: there is no subcommand 'nope'", None, "pretrain, finetune, evaluate"),
    (["-q", "pretran", "--config", "x"], "albert: there is no subcommand 'pretran'", "pretrain", "tokenizer, corpus"),
    (["tokenizer", "nope"], "albert tokenizer: there is no subcommand 'nope'", None, "train, convert, encode, decode, info"),
    (["corpus", "verfy", "folder"], "albert corpus: there is no subcommand 'verfy'", "verify", "build"),
    (["finetune", "--confg", "x"], "albert finetune: there is no option '--confg'", "--config", "--model, --data"),
    (["corpus", "build", "--inputt=a"], "albert corpus build: there is no option '--inputt'", "--input", "--output"),
    (["--versoin"], "albert: there is no option '--versoin'", "--version", "--quiet"),
])
def test_unknown_words_are_named(albert, words, what, near, known):
    message = albert(*words, code=2)
    assert what in message and known in message
    assert f"is it '{near}'?" in message if near else "is it" not in message


def test_what_is_missing_is_still_said(albert):
    assert "subcommand is required" in albert(code=2)
    assert "--run-dir is required" in albert("finetune", code=2)


def test_words_behind_two_dashes_are_no_options(albert):
    message = albert("info", "--", "--nope", code=2)
    assert "there is no --nope; name a model folder" in message


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


def test_the_value_of_an_option_may_begin_with_dashes(albert, tmp_path):
    words = ["corpus", "build", "--input", tmp_path, "--document-separator", "--- x", "--tokenizer", "b", "--output", "c"]
    assert "there is no option" not in albert(*words, code=4)


def test_every_configuration_is_checked(albert, tmp_path):
    (tmp_path / "bad.yaml").write_text("train: {stepz: 3}\n")
    message = albert("config", "validate", tmp_path / "bad.yaml", tmp_path / "none.yaml", code=2)
    assert "stepz" in message and "none.yaml" in message
