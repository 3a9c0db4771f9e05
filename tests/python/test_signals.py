"""Signals and files that change while a command works: nothing half-made stays, and nothing half-read passes for the whole."""

import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import tiny_run

SENTENCES = ["the old river ran past a mill and two small bridges", "Anna sold bread to guests", "nobody knew when the water would come back"]


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """tokenizer/, corpus/ and large.txt of 150 MB, which no command has read before a test can stop it."""
    folder = tmp_path_factory.mktemp("signals")
    tiny_run.make_corpus(albert, folder)
    block = "".join(f"{SENTENCES[number % 3]} {number}.\n" for number in range(40_000))
    with (folder / "large.txt").open("w") as file:
        for _ in range(80):
            file.write(block)
    return folder


COMMANDS = {"train": ["tokenizer", "train", "--input", "large.txt", "--vocab-size", "800", "--output", "out"],
            "build": ["corpus", "build", "--input", "large.txt", "--format", "lines", "--tokenizer", "tokenizer", "--output", "out"]}


def has_begun(process, path):
    """Whether a process is in the midst of a file, of whose beginning it looks first what it is."""
    for link in Path(f"/proc/{process.pid}/fd").glob("*"):
        try:
            position = Path(f"/proc/{process.pid}/fdinfo/{link.name}").read_text().split()[1]
            if link.readlink() == path and int(position) > 2_000_000:
                return True
        except FileNotFoundError:
            continue
    return False


def hidden(folder):
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGQUIT])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_leaves_nothing_half_made(albert_binary, place, command, number):
    def prepare():
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for what it starts in the background

    process = subprocess.Popen([albert_binary, *COMMANDS[command]], cwd=place, stderr=subprocess.PIPE, text=True, preexec_fn=prepare)
    deadline = time.monotonic() + 60
    while not hidden(place):
        assert process.poll() is None and time.monotonic() < deadline, "it never began to write"
        time.sleep(0.01)
    process.send_signal(number)
    log = process.communicate(timeout=60)[1]
    assert process.returncode in (-number, 128 + number)
    assert "stopped by" in log
    assert not hidden(place) and not (place / "out").exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_that_becomes_shorter_is_not_taken_for_whole(albert_binary, place, command):
    large, copy = place / "large.txt", place / "copy.txt"
    shutil.copy(large, copy)
    words = ["copy.txt" if word == "large.txt" else word for word in COMMANDS[command]]
    process = subprocess.Popen([albert_binary, *words], cwd=place, stderr=subprocess.PIPE, text=True)
    while not has_begun(process, copy) and process.poll() is None:
        time.sleep(0.001)
    os.truncate(copy, 1_000_000)
    log = process.communicate(timeout=120)[1]
    assert process.returncode == 5 and "became shorter while it was read" in log
    assert not hidden(place) and not (place / "out").exists()


def test_a_signal_ends_the_reading_of_blank_lines(albert_binary, place, tmp_path):
    process = subprocess.Popen([albert_binary, "corpus", "build", "--input", "-", "--tokenizer", place / "tokenizer", "--output", tmp_path / "out"],
                               stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    for _ in range(100):
        process.stdin.write(b"\n" * 10_000)
    process.send_signal(signal.SIGTERM)
    try:
        for _ in range(10_000):
            process.stdin.write(b"\n" * 10_000)
    except BrokenPipeError:
        pass
    assert process.wait(timeout=30) == 128 + signal.SIGTERM
    assert not list(tmp_path.iterdir())


def test_a_file_is_not_read_and_written_at_once(albert_binary, place):
    own = place / "own.txt"
    own.write_text("".join(f"{sentence}\n" for sentence in SENTENCES * 2000))
    before = own.read_bytes()
    with own.open("rb") as source, own.open("ab") as target:
        result = subprocess.run([albert_binary, "tokenizer", "encode", "--tokenizer", place / "tokenizer"], stdin=source, stdout=target,
                                stderr=subprocess.PIPE, text=True, timeout=60)
    assert result.returncode == 2 and "the file that is read" in result.stderr
    assert own.read_bytes() == before


def test_a_tokenizer_does_not_lie_in_what_is_read(albert, place):
    (place / "texts").mkdir()
    (place / "texts/a.txt").write_text("\n".join(SENTENCES * 50))
    message = albert("tokenizer", "train", "--input", place / "texts", "--vocab-size", 60, "--output", place / "texts/tokenizer", code=2)
    assert "lies in the input folder" in message


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's part, which only root can")
def test_what_another_user_owns_in_a_sticky_folder_is_found_before_the_work(albert_binary, place):
    shared = place / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "out").mkdir()
    for folder in (place, *place.parents[:4]):
        folder.chmod(folder.stat().st_mode | 0o055)
    words = ["tokenizer", "convert", "--tokenizer", "tokenizer/spiece.model", "--output", "shared/out", "--overwrite"]
    (shared / "out/tokenizer_config.json").write_text("{}")
    result = subprocess.run([albert_binary, *words], cwd=place, user=65534, group=65534, extra_groups=[], stderr=subprocess.PIPE, text=True)
    assert result.returncode == 2 and "another user's" in result.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's part, which only root can")
def test_of_a_path_the_folder_that_refuses_is_named(albert_binary, place):
    (place / "closed/inner").mkdir(parents=True)
    (place / "closed").chmod(0o700)
    for folder in (place, *place.parents[:4]):
        folder.chmod(folder.stat().st_mode | 0o055)
    result = subprocess.run([albert_binary, "info", "closed/inner/model"], cwd=place, user=65534, group=65534, extra_groups=[],
                            stderr=subprocess.PIPE, text=True)
    assert result.returncode == 5 and "closed: Permission denied" in result.stderr and "inner" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_list_on_a_pipe_is_not_waited_for(albert_binary, place, tmp_path, number):
    process = subprocess.Popen([str(albert_binary), "corpus", "build", "--input", "@/dev/stdin", "--tokenizer", str(place / "tokenizer"), "--output",
                                str(tmp_path / "corpus")], stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if "waiting for what is written to" in line:
            break
    process.send_signal(number)
    assert process.wait(timeout=5) == 128 + number
    assert not list(tmp_path.iterdir())
