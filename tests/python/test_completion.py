"""What shells complete: asked of the program, and pressed as a tab in real bash, zsh and fish, where they are installed."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT
from test_command_line import helps_of


@pytest.fixture
def complete(albert):
    """complete(words...): {what the last word may become: its help}; ":files" where paths are taken."""

    def run(*words):
        lines = albert("__complete", "--", *words).splitlines()
        return {word: help_text for word, _, help_text in (line.partition("\t") for line in lines)}

    return run


def test_every_command_and_option_of_the_help_is_completed(albert, complete):
    """Each help names the same words, and so neither can be out of date."""
    for words, text in helps_of(albert).items():
        found = complete(*words, "--")
        options = {name for line in re.findall(r"^  (-.*?)(?:\s{2,}| [A-Z\[(]|$)", text, re.M) for name in re.findall(r"--[a-z][a-z0-9-]*", line)}
        assert options and options <= set(found), words
        names = re.findall(r"^  (\S+)", text.partition("\nSubcommands:\n")[2].split("\n\n")[0], re.M)
        if names:
            assert list(complete(*words, "")) == names, words


@pytest.mark.parametrize("words, expected, unexpected", [
    (["pre"], {"predict", "pretrain"}, {"embed"}),
    (["corpus", "ver"], {"verify"}, {"build"}),
    (["predict", "--for"], {"--format"}, {"--model"}),
    (["predict", "--format", ""], {"text", "tsv", "jsonl"}, {":files"}),
    (["predict", "--format=t"], {"--format=text", "--format=tsv"}, {"--format=jsonl"}),
    (["predict", "--model", "x"], {":files"}, {"--format"}),
    (["predict", "--model=x"], {":files"}, set()),
    (["-q", "predict", "--precision", "b"], {"bfloat16"}, {"auto"}),
    (["finetune", "--config", "s"], {"sst2", "squad1", ":files"}, {"small", "mnli"}),
    (["pretrain", "--config", ""], {"base", "tiny"}, {"sst2"}),
    (["config", "show", "ba"], {"base-v2"}, {"sst2"}),
    (["config", "print", "m"], {"mnli", "mrpc"}, {"medium"}),
    (["pretrain", "--set", "train.s"], {"train.steps=", "train.seed="}, {"train.epochs="}),
    (["pretrain", "--set", "train.precision="], {"train.precision=float32", "train.precision=bfloat16"}, {":files"}),
    (["pretrain", "--set", "data.corpus=x"], {":files"}, set()),
    (["finetune", "--config", "squad2", "--set", "task."], {"task.question.n_best="}, {"task.text.text="}),
    (["finetune", "--config", "sst2", "--set", "task."], {"task.text.layout="}, {"task.question.n_best="}),
    (["finetune", "--config=sst2", "--set", "task."], {"task.text.layout="}, {"task.question.n_best="}),
    (["score", "--task=sst2", "--set", "task."], {"task.text.layout="}, {"task.question.n_best="}),
    (["finetune", "--set", "task."], {"task.text.layout=", "task.question.n_best="}, {"data.corpus="}),
    (["config", "print", "squad1", "--set", "task.q"], {"task.question.n_best="}, set()),
    (["predict", "--set", ""], {"task.text.threshold="}, {"train.steps="}),
    (["corpus", "show", "corpus", "--set", ""], {"data.max_sequence_length="}, {"train.steps="}),
    (["corpus", "build", "--input", "a", "b"], {":files"}, {"--tokenizer"}),
    (["help", "ex"], {"exit-codes", "export"}, {"memory"}),
    (["completion", ""], {"bash", "zsh", "fish"}, set()),
    (["nope", ""], set(), {":files"}),
    (["predict", "--nope", "x"], set(), {"--model"}),
    ([], {"pretrain", "finetune"}, set()),
])
def test_what_a_word_may_become(complete, words, expected, unexpected):
    found = set(complete(*words))
    assert expected <= found and not unexpected & found


def test_each_has_its_help(complete):
    assert complete("pretr")["pretrain"].startswith("Pretrain a model")
    assert complete("finetune", "--config", "sst")["sst2"] and complete("pretrain", "--set", "train.st")["train.steps="]
    assert complete("predict", "--format", "t")["text"] == ""


def bash(environment, line):
    """What bash would offer behind a line: the function is called as readline does."""
    script = """
        source <(albert completion bash)
        COMP_LINE=$1 COMP_POINT=${#1}
        compopt() { :; }
        _albert
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    return subprocess.run(["bash", "--norc", "-c", script, "bash", line], capture_output=True, text=True, check=True, **environment).stdout.split("\n")[:-1]


@pytest.fixture
def environment(albert_binary, tmp_path):
    """A folder with files to complete, and a PATH on which an albert is that completes, and else only writes down what it was called with."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/albert").write_text(f"""#!/bin/sh
case $1 in __complete | completion) exec '{albert_binary}' "$@" ;; esac
printf '%s\\n' "$@" > "$HOME/partial" && mv "$HOME/partial" "$HOME/called"
""")
    (tmp_path / "bin/albert").chmod(0o755)
    (tmp_path / "here").mkdir()
    (tmp_path / "here/my model").mkdir()
    (tmp_path / "here/texts.txt").touch()
    variables = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb", "LANG": "C.UTF-8"}
    return {"cwd": tmp_path / "here", "env": variables}


def test_bash(environment):
    assert bash(environment, "albert finet") == ["finetune"]
    assert {"build", "merge", "show"} <= set(bash(environment, "albert corpus "))
    assert bash(environment, "albert predict --model te") == ["texts.txt"]
    assert bash(environment, "albert predict --model my") == ["my model"]
    # bash replaces what stands behind the last = only
    assert bash(environment, "albert predict --format=t") == ["text", "tsv"]
    assert bash(environment, "albert predict --model=te") == ["texts.txt"]
    assert bash(environment, "albert pretrain --set train.precision=f") == ["float32"]
    assert bash(environment, "albert pretrain --config quickstart --set train.step") == ["train.steps="]


def press(environment, command, setting_up, *keys):
    """The words that albert is called with after some keys in a shell with a terminal, each followed by a tab."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(environment["cwd"])
        os.execvpe(command[0], command, environment["env"])
    shown = b""

    def read(first_s, then_s=0.5):
        """What is shown, until it ends: of a busy machine the begin may take long."""
        nonlocal shown
        wait = first_s
        while select.select([terminal], [], [], wait)[0]:
            shown += os.read(terminal, 65536)
            wait = then_s

    try:
        read(10)
        os.write(terminal, f"{setting_up}; echo set''up\r".encode())
        while b"setup" not in shown:
            read(10, 0.1)
        read(1)
        for some in keys:
            os.write(terminal, some.encode())
            read(1)
            os.write(terminal, b"\t")
            read(20)
        os.write(terminal, b"\r")
        called = Path(environment["env"]["HOME"]) / "called"
        for _ in range(100):
            if called.exists():
                return called.read_text().splitlines()
            read(0.1)
        raise AssertionError(shown.decode(errors="replace"))
    finally:
        os.kill(child, signal.SIGKILL)
        os.close(terminal)
        os.waitpid(child, 0)


KEYS = ["albert fine", "--conf", "ss", "--model my"]
PRESSED = ["finetune", "--config", "sst2", "--model", "my model"]


def test_tabs_in_bash(environment):
    assert press(environment, ["bash", "--norc", "-i"], "source <(albert completion bash)", *KEYS) == [*PRESSED[:-1], PRESSED[-1] + "/"]


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed: scripts/setup.sh --tests")
def test_tabs_in_zsh(environment):
    assert press(environment, ["zsh", "-f", "-i"], "autoload -U compinit; compinit -u; source <(albert completion zsh)", *KEYS) == PRESSED


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed: scripts/setup.sh --tests")
def test_tabs_in_zsh_with_the_file_that_is_installed(environment):
    functions = environment["cwd"] / "functions"
    functions.mkdir()
    (functions / "_albert").write_text((ROOT / "src/cli/completion/zsh.zsh").read_text())
    assert press(environment, ["zsh", "-f", "-i"], "fpath+=(functions); autoload -U compinit; compinit -u", *KEYS) == PRESSED


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed: scripts/setup.sh --tests")
def test_fish(environment):
    ask = lambda line: subprocess.run(["fish", "--no-config", "-c", f"albert completion fish | source; complete -C '{line}'"], capture_output=True,
                                      text=True, check=True, **environment).stdout.splitlines()
    assert [line.split("\t")[0] for line in ask("albert finet")] == ["finetune"]
    assert ask("albert predict --format=t") == ["--format=text", "--format=tsv"]
    assert "texts.txt" in ask("albert predict --model te")[0]
    assert ask("albert predict --model=te")[0].startswith("--model=texts.txt")
    assert "train.steps=" in "\n".join(ask("albert pretrain --set train.st"))
