"""`albert help`: its topics, whose commands must be commands of the program, and the manual pages."""

import re
import shutil
import subprocess

import pytest
from conftest import ROOT
from test_command_line import calls_of_albert, check_call, helps_of
from torch.distributed.run import get_args_parser

TOPICS = sorted(path.stem for path in (ROOT / "src/cli/help").glob("*.txt"))


def commands_of(text):
    """The calls of albert in a topic: of indented lines, and between backticks."""
    text = re.sub(r"\\\n *", "", text)
    lines = re.findall(r"^ {2,}(?:torchrun .* )?((?:echo .* \| )?albert .*)$", text, re.M)
    return [call for line in lines + re.findall(r"`(albert [^`]*)`", text) for call in calls_of_albert(line)]


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_short_and_its_commands_parse(albert, albert_binary, tmp_path, topic):
    text = albert("help", topic)
    assert text == (ROOT / f"src/cli/help/{topic}.txt").read_text()
    lines = text.splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 125 and re.match("[A-Z][a-z ]+: ", lines[0])
    calls = commands_of(text)
    assert len(calls) == len(re.findall(r"(?<!=)\balbert (?!TOPIC|COMMAND)[a-z-]", text)), "a command of this topic is not tried"
    assert calls
    for call in calls:
        if "TOPIC" not in call:
            check_call(albert_binary, call, tmp_path)


def test_torchrun_has_the_same_flags_everywhere():
    """And they are those of the torchrun that there is."""
    script = re.sub(r"\$\{ADDRESS:\S+", "", (ROOT / "scripts/examples/torchrun.sh").read_text())
    script = re.sub(r"\$\{HEAD:[^}]*\}", "node01", re.sub(r"\$\{[A-Z]+:-(\d+)\}", r"\1", script)).replace('"', "")
    texts = [script, (ROOT / "README.md").read_text(), (ROOT / "src/cli/help/several-machines.txt").read_text()]
    found = [re.findall(r"^ *torchrun (--[^`]*?) albert ", re.sub(r"\s*\\\n\s*", " ", text), re.M) for text in texts]
    assert [len(calls) for calls in found] == [1, 1, 1]
    flags = [call.split() for (call,) in found]
    assert flags[0] == flags[1] == flags[2]
    known = get_args_parser().parse_args([*flags[0], "albert"])
    assert (known.nnodes, known.max_restarts, known.rdzv_endpoint) == ("2", 3, "node01:29400")


def test_the_topics_are_listed(albert):
    listed = dict(re.findall(r"^  (\S+) +(.*)$", albert("help"), re.M))
    assert list(listed) == TOPICS and len(TOPICS) >= 10
    assert listed["exit-codes"].startswith("Exit codes: ")


def test_help_of_a_command_is_its_help(albert):
    assert albert("help", "corpus", "build") == albert("corpus", "build", "--help")
    assert albert("help", "finetune") == albert("finetune", "--help")


def test_an_unknown_topic_is_named_with_what_is_near(albert):
    said = albert("help", "exit-code", code=2)
    assert "there is no topic or command 'exit-code'; is it 'exit-codes'?" in said and "data-formats" in said


def test_the_codes_of_the_topic_are_those_of_the_program(albert):
    codes = re.findall(r"k[A-Z][a-z]+ = (\d+),", (ROOT / "src/base/error.h").read_text())
    assert len(codes) >= 7 and set(codes) <= set(re.findall(r"^  (\d+) ", albert("help", "exit-codes"), re.M))


def test_version_tells_what_was_built(albert):
    lines = albert("--version").splitlines()
    project = re.search(r"project\(albert VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert re.fullmatch(rf"albert {re.escape(project)}(, commit [0-9a-f]{{9,}}(-dirty)?)?", lines[0])
    assert re.fullmatch(r"LibTorch 2\.11\.\d+", lines[1]) and lines[2].startswith("instruction set: ")


@pytest.fixture(scope="module")
def pages(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("man") / "man1"
    albert("help", "--man", folder)
    return folder


def test_manual_pages_are_those_of_all_commands(albert, tmp_path):
    assert "leave out 'corpus build'" in albert("help", "--man", tmp_path / "man1", "corpus", "build", code=2)
    assert not (tmp_path / "man1").exists()


def test_every_command_has_a_manual_page_that_is_clean(albert, pages):
    helps = helps_of(albert)
    assert {path.name for path in pages.iterdir()} == {"-".join(("albert", *words)) + ".1" for words in helps}
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed: scripts/setup.sh --tests")
    files = sorted(pages.iterdir())
    lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *files], capture_output=True, text=True)
    assert lint.returncode == 0 and not lint.stdout, lint.stdout
    groff = subprocess.run(["groff", "-man", "-ww", "-Tutf8", "-z", *files], capture_output=True, text=True)
    assert groff.returncode == 0 and not groff.stderr, groff.stderr


def test_a_page_says_what_the_help_says(albert, pages):
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed: scripts/setup.sh --tests")
    for words, text in helps_of(albert).items():
        page = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=500", pages / ("-".join(("albert", *words)) + ".1")], capture_output=True,
                              text=True, check=True).stdout
        page = " ".join(re.sub(".\b", "", page).split())
        for name in set(re.findall(r"--[a-z][a-z0-9-]+", text.partition("\nOptions:\n")[2].partition("\n\n")[0])):
            assert name in page, (words, name)
        for line in text.partition("\nExample:\n")[2].strip().splitlines():
            assert line.strip() in page, (words, line)
