"""find_package(albert): scripts/examples/embed_in_cpp, built with what `cmake --install` installs, trains and predicts."""

import random
import subprocess

import pytest
from conftest import ROOT
from head_texts import LABELS
from serving import make_models


@pytest.fixture(scope="module")
def example(albert_binary, tmp_path_factory):
    """The program, built outside of the checkout."""
    folder = tmp_path_factory.mktemp("embed")
    build = albert_binary.parent
    if not (build / "CMakeCache.txt").exists():
        pytest.skip(f"{build} is no folder of a build: there is nothing to install")
    steps = [["cmake", "--install", build, "--prefix", folder / "prefix", "--component", "development"],
             ["cmake", "-S", ROOT / "scripts/examples/embed_in_cpp", "-B", folder / "build", f"-DCMAKE_PREFIX_PATH={folder / 'prefix'}"],
             ["cmake", "--build", folder / "build"]]
    for step in steps:
        made = subprocess.run(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert made.returncode == 0, made.stdout
    return folder / "build/embed_in_cpp"


def test_it_trains_and_predicts(albert, example, tmp_path):
    make_models(albert, tmp_path, ["base"])
    words = ["river", "guests"]
    draw = random.Random(2)
    texts = [" ".join([*draw.choices(["the", "old", "mill"], k=5), words[n % 2]]) for n in range(200)]
    (tmp_path / "table.tsv").write_text("text\tlabel\n" + "".join(f"{text}\t{LABELS[n % 2]}\n" for n, text in enumerate(texts)))
    command = [example, tmp_path / "base", tmp_path / "table.tsv", tmp_path / "run"]
    made = subprocess.run(command, input="".join(text + "\n" for text in texts[:20]), capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stderr
    assert made.stdout == albert("predict", "--model", tmp_path / "run", "--precision", "auto", stdin="".join(text + "\n" for text in texts[:20]))
    right = sum(line.split("\t")[0] == LABELS[n % 2] for n, line in enumerate(made.stdout.splitlines()))
    assert right >= 18
    refused = subprocess.run(command, input="", capture_output=True, text=True)
    assert refused.returncode == 2 and "is not empty" in refused.stderr  # as the program itself does
