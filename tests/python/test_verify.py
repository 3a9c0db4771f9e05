"""What `albert export --verify` does with the runtimes that it finds, and with those that go wrong. test_export.py has it with the real ones."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from test_export_encoders import words  # noqa: F401 (a fixture)
from test_heads import base  # noqa: F401 (a fixture)


def program(path, text):
    path.write_text(text)
    path.chmod(0o755)
    return path


@pytest.fixture
def export(albert, words, tmp_path):
    """export(formats, option...): what the command prints."""
    return lambda formats, *more, code=0: albert("export", "--model", words / "model", "--output", tmp_path / "out", "--to", formats, "--verify",
                                                 *more, code=code)


def python_with(folder, **modules):
    """This interpreter, with modules in the place of its own."""
    for name, text in modules.items():
        (folder / f"{name}.py").write_text(text)
    return program(folder / "python", f"#!/bin/sh\nPYTHONPATH='{folder}' exec '{sys.executable}' \"$@\"\n")


FAKE = """
import numpy as np
__version__ = "0.1"
class Output:
    def __init__(self, name): self.name = name
class InferenceSession:
    def __init__(self, file, providers): pass
    def get_outputs(self): return [Output("logits"), Output("sop_logits")]
    def run(self, names, inputs):
        batch, length = inputs["input_ids"].shape
        return [{logits}, np.zeros((batch, 2), np.float32)]
"""
MISSING = "raise ImportError"


@pytest.mark.parametrize("logits, message", [
    ("np.full((batch, length, 56), np.nan, np.float32)",
     "onnxruntime 0.1 refuses onnx/model.onnx: ValueError: logits: expected finite numbers, found nan"),
    ("np.zeros((1, 1, 1), np.float32)", "logits: expected the shape ["),
    ("np.zeros((batch, length, 56), np.float32)", "found a difference of")])
def test_what_a_runtime_gives_wrongly_is_seen(export, tmp_path, logits, message):
    python = python_with(tmp_path, onnxruntime=FAKE.format(logits=logits), openvino=MISSING)
    assert message in export("onnx", "--python", python, code=4)
    assert not (tmp_path / "out").exists()


def test_without_numpy_no_runtime_is_found(export, tmp_path):
    python = python_with(tmp_path, numpy=MISSING)
    assert "(each needs numpy, too)" in export("onnx", "--python", python, code=2)


def test_a_file_that_no_runtime_opened_ends_the_export(export, words, albert_binary, tmp_path, monkeypatch):
    python = python_with(tmp_path, onnxruntime=MISSING, openvino=MISSING)
    said = export("onnx,pt2", "--python", python, code=2)
    assert re.search(r"onnx/model.onnx was not verified: \S+/python imports none of onnxruntime, openvino .*; compared: model.pt2 in LibTorch \(C\+\+\) "
                     r"\(differs by \d\S* at most\)(, model.pt2 in torch .*)?; nothing is written", said)
    assert not (tmp_path / "out").exists()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert re.search(r"model.pt2 +LibTorch \(C\+\+\) +differs by \d", export("pt2"))
    assert "onnx/model.onnx was not verified: there is no python3 to open it in; compared: nothing;" in export("onnx", "--overwrite", code=2)
    assert "model.safetensors was not verified: there is no python3 to open it in; compared: model.pt2" in export("transformers,pt2", "--overwrite", code=2)
    assert "'no-python' did not run to its end (exit code 127)" in export("pt2", "--overwrite", "--python", "no-python", code=2)
    # What no runtime can open is named, with the reason.
    command = [albert_binary, "export", "--model", words / "model", "--head", "embedding", "--output", tmp_path / "vectors", "--verify", "--to"]
    run = subprocess.run([*command, "transformers,pt2"], capture_output=True, text=True, check=True)
    assert "model.safetensors was not verified: Transformers has no class with its head" in run.stderr
    run = subprocess.run([*command, "transformers", "--overwrite"], capture_output=True, text=True)
    assert run.returncode == 2 and "model.safetensors was not verified: Transformers has no class with its head; compared: nothing;" in run.stderr


@pytest.mark.parametrize("python, message", [("#!/bin/sh\nkill -SEGV $$\n", "did not run to its end"),
                                             ("#!/bin/sh\necho one >&2; echo two >&2; exit 3\n", "(exit code 3: two)"),
                                             ('#!/bin/sh\necho \'{"junk": 1}\'\n', "which is no result")])
def test_an_interpreter_that_fails_is_told_from_one_without_runtimes(export, tmp_path, python, message):
    assert message in export("onnx", "--python", program(tmp_path / "python", python), code=4 if "junk" in python else 2)
    assert not (tmp_path / "out").exists()


def test_vectors_are_verified_in_sentence_transformers(albert, words, tmp_path):
    printed = albert("export", "--model", words / "model", "--head", "embedding", "--output", tmp_path / "out", "--to", "sentence-transformers",
                     "--verify", "--python", sys.executable)
    assert re.search(r"model.safetensors +sentence_transformers \S+ +differs by \d", printed)


def test_a_kill_during_verify_leaves_nothing_that_the_next_export_does_not_remove(albert, albert_binary, words, tmp_path):
    python = program(tmp_path / "python", f"#!/bin/sh\ntouch '{tmp_path}/begun'\nexec sleep 60\n")
    command = ["export", "--model", words / "model", "--to", "onnx", "--output", tmp_path / "place/out"]
    process = subprocess.Popen([albert_binary, *command, "--verify", "--python", python], start_new_session=True, stderr=subprocess.DEVNULL)
    while not (tmp_path / "begun").exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert [path.suffix for path in (tmp_path / "place").iterdir()] == [".partial"]
    albert(*command)
    assert [path.name for path in (tmp_path / "place").iterdir()] == ["out"]
    assert not list((tmp_path / "place/out").glob(".*"))
