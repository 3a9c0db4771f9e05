"""The wheel of scripts/package.sh in a fresh virtual environment, as pip installs it: the command, and the module that keeps models loaded.
torch, which has a gigabyte, is not fetched again: links stand for what pip would put beside the package."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import zipfile

import pytest
from conftest import ROOT
from head_texts import text
from serving import make_models

PACKAGES = ROOT / ".deps"


@pytest.fixture(scope="module")
def wheel(albert_binary, tmp_path_factory):
    if albert_binary != ROOT / "build/release/albert":
        pytest.skip(f"scripts/package.sh packs build/release, and {albert_binary} is tested")
    made = subprocess.run([ROOT / "scripts/package.sh", "wheel", "--output", tmp_path_factory.mktemp("wheel")], stdout=subprocess.PIPE, text=True)
    assert made.returncode == 0
    return made.stdout.strip()


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A virtual environment with the wheel, and with torch by links."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    site = next(folder.glob("lib/python3*/site-packages"))
    libtorch = next(PACKAGES / name for name in ("libtorch-cuda", "libtorch-cpu") if (PACKAGES / name).exists())
    for path in [libtorch / "torch", libtorch / "nvidia", *libtorch.glob("torch-*.dist-info")]:
        (site / path.name).symlink_to(path)
    subprocess.run([folder / "bin/pip", "install", "--quiet", "--no-index", "--no-deps", "--disable-pip-version-check", wheel], check=True)
    return folder


@pytest.fixture(scope="module")
def models(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    make_models(albert, folder, ["classes", "tags", "question", "base", "pairs"])
    return folder


@pytest.fixture
def python(environment, models):
    """python(code): what code prints that uses the package in its environment; MODELS is the folder of the models."""

    def run(code, timeout=120):
        code = f"import albert_cpp, itertools, json, threading, time\nMODELS = {str(models)!r}\n" + code
        variables = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
        result = subprocess.run([environment / "bin/python", "-c", code], capture_output=True, text=True, timeout=timeout, env=variables)
        assert result.returncode == 0, result.stderr
        return result.stdout

    return run


def texts(count, seed=1):
    draw = random.Random(seed)
    return [text(draw) for _ in range(count)]


def test_the_metadata_is_what_pip_asks_for(wheel, albert):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
        record = archive.read(next(name for name in names if name.endswith("/RECORD"))).decode()
    version = re.match(r"albert (\S+?),? ", albert("--version").splitlines()[0])[1]
    assert f"\nVersion: {version}\n" in metadata and re.findall("^Requires-Dist: (.*)$", metadata, re.M) == ["torch==2.11.*"]
    assert {line.rsplit(",", 2)[0] for line in record.splitlines()} == set(names)
    bundled = {name.rsplit("/")[-1].split(".so")[0] for name in names if "/lib/" in name}
    assert {"libsentencepiece", "libspdlog", "libicuuc", "libyaml-cpp"} <= bundled and not {"libtorch_cpu", "libc", "libstdc++", "libgomp"} & bundled
    licences = re.findall("^License-File: (.*)$", metadata, re.M)
    assert {"libsentencepiece0.txt", "libicu72.txt"} <= set(licences)


def test_the_tag_is_true(wheel, environment):
    """No symbol is of a later glibc than the tag says."""
    tag = re.search(r"manylinux_2_(\d+)_", wheel)[1]
    site = next(environment.glob("lib/python3*/site-packages"))
    files = [site / "albert_cpp/bin/albert", *(site / "albert_cpp/lib").iterdir()]
    symbols = subprocess.run(["objdump", "-T", *files], capture_output=True, text=True, check=True).stdout
    assert max(map(int, re.findall(r"GLIBC_2\.(\d+)", symbols))) <= int(tag)


def test_all_libraries_are_found_in_the_environment(environment):
    """Those of the package and torch's by RPATH; the rest are those that every Linux has."""
    site = next(environment.glob("lib/python3*/site-packages"))
    variables = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}
    found = subprocess.run(["ldd", site / "albert_cpp/bin/albert"], capture_output=True, text=True, check=True, env=variables).stdout
    assert "not found" not in found
    elsewhere = {line.split()[0] for line in found.splitlines() if "=>" in line and str(site) not in line}
    assert elsewhere <= {f"lib{name}.so.{n}" for name, n in [("c", 6), ("m", 6), ("dl", 2), ("pthread", 0), ("rt", 1), ("util", 1), ("gcc_s", 1), ("stdc++", 6)]}


def test_the_command_is_the_program(environment, albert, models):
    command = environment / "bin/albert"
    assert subprocess.run([command, "--version"], capture_output=True, text=True, check=True).stdout == albert("--version")
    refused = subprocess.run([command, "nope"], capture_output=True, text=True)
    assert refused.returncode == 2 and "there is no subcommand 'nope'" in refused.stderr
    waiting = subprocess.Popen([command, "tokenizer", "encode", "--tokenizer", models / "tokenizer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    waiting.stdin.write(b"a text\n")
    waiting.stdin.flush()
    assert waiting.stdout.readline()
    with open(f"/proc/{waiting.pid}/comm") as name:
        assert name.read() == "albert\n"  # no interpreter stands before it
    waiting.send_signal(signal.SIGTERM)
    assert waiting.wait(timeout=10) == -signal.SIGTERM


def test_torch_may_lie_elsewhere_on_the_path(environment, wheel, tmp_path, albert):
    """As where an environment borrows the packages of another one."""
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    (site / "albert_cpp/bin/albert").chmod(0o755)
    code = "import sys, albert_cpp; sys.stdout.write(albert_cpp.run(['--version']).stdout)"
    run = lambda **more: subprocess.run([environment / "bin/python", *more.pop("flags", []), "-c", code], capture_output=True, text=True,
                                        env={"PYTHONPATH": str(site)} | more)
    assert run().stdout == albert("--version")
    without = run(flags=["-S"])
    assert without.returncode == 1 and "pip install 'torch==2.11.*'" in without.stderr


def test_run_returns_what_was_printed_and_raises_what_was_said(python, albert):
    said = python("""
print(albert_cpp.run(["config", "list"]).stdout, end="")
try:
    albert_cpp.run(["corpus", "info", "/nowhere"])
except albert_cpp.AlbertError as error:
    print(error.returncode, "/nowhere" in error.message)
print(albert_cpp.run(["nope"], check=False).returncode)
print(albert_cpp.run(["tokenizer", "encode", "--tokenizer", MODELS + "/tokenizer"], input="a text\\n").stdout == albert_cpp.run(
    ["tokenizer", "encode", "--tokenizer", MODELS + "/tokenizer"], input="a text\\n").stdout)
""")
    assert said == albert("config", "list") + "3 True\n2\nTrue\n"


def test_predictions_are_those_of_the_command(python, albert, models):
    asked = texts(3000)
    (models / "asked.json").write_text(json.dumps(asked))
    answers = json.loads(python("""
asked = json.load(open(MODELS + "/asked.json"))
with albert_cpp.Predictor(MODELS + "/classes", precision="float32") as predictor:
    first = list(predictor(asked))
    again = list(predictor(asked[:5]))
assert again == first[:5]
print(json.dumps(first))
"""))
    lines = "".join(json.dumps({"text": one}) + "\n" for one in asked)
    assert answers == [json.loads(line) for line in albert("predict", "--model", models / "classes", "--format", "jsonl", stdin=lines).splitlines()]


def test_pairs_words_and_objects(python):
    said = python("""
for model, record in [("pairs", ("a text", "another")), ("tags", ["a", "text"]), ("question", {"question": "what", "context": "a text of some words"})]:
    [answer] = albert_cpp.predict(f"{MODELS}/{model}", [record])
    print(model, sorted(answer.keys() & {"prediction", "tags", "answer"}))
""")
    assert said == "pairs ['prediction']\ntags ['tags']\nquestion ['answer']\n"


def test_vectors_are_those_of_the_command(python, albert, models, tmp_path):
    numpy = pytest.importorskip("numpy")
    asked = texts(300)
    (models / "asked.json").write_text(json.dumps(asked))
    vectors = json.loads(python("""
print(json.dumps(list(albert_cpp.Embedder(MODELS + "/base", precision="float32")(json.load(open(MODELS + "/asked.json"))))))
"""))
    albert("embed", "--model", models / "base", "--output", tmp_path / "vectors.npy", stdin="".join(one + "\n" for one in asked))
    assert (numpy.array(vectors, dtype="float32") == numpy.load(tmp_path / "vectors.npy")).all()


def test_tokens_are_those_of_the_command_and_100000_texts_go_through(python, albert, models):
    asked = [f"{one} {number}" for number, one in enumerate(texts(100) * 1000)]
    (models / "asked.json").write_text(json.dumps(asked))
    said = python("""
asked = json.load(open(MODELS + "/asked.json"))
with albert_cpp.Tokenizer(MODELS + "/tokenizer") as tokenizer:
    tokens = list(tokenizer(asked))
for one in tokens[:50]:
    print(" ".join(f"{id}:{begin}:{end}" for id, (begin, end) in zip(one.ids, one.offsets)))
print(len(tokens), tokens[-1].ids)
""")
    lines = albert("tokenizer", "encode", "--offsets", "--tokenizer", models / "tokenizer", stdin="".join(one + "\n" for one in asked)).splitlines()
    last = [int(token.split(":")[0]) for token in lines[-1].split()]
    assert said.splitlines() == [*lines[:50], f"100000 {last}"]


def test_a_bad_record_raises_in_its_place_with_the_reason(python):
    said = python("""
predictor = albert_cpp.Predictor(MODELS + "/classes")
answers = predictor(["a text", "another", "", "more"])
print("prediction" in next(answers), "prediction" in next(answers))
try:
    next(answers)
except albert_cpp.AlbertError as error:
    print(error.returncode, "standard input:3" in error.message, "empty" in error.message)
print(len(list(predictor(["a text", "more"]))))  # the program is started again
lenient = albert_cpp.Predictor(MODELS + "/classes", on_bad_record="none")
print([answer is None for answer in lenient(["a text", "", "more"])])
try:
    next(albert_cpp.Predictor(MODELS + "/nowhere")(["a"]))
except albert_cpp.AlbertError as error:
    print(error.returncode, "nowhere" in error.message)
""")
    assert said == "True True\n3 True True\n2\n[False, True, False]\n4 True\n"


def test_answers_that_nobody_takes_do_not_reach_the_next_call(python):
    said = python("""
tokenizer = albert_cpp.Tokenizer(MODELS + "/tokenizer")
expected = list(tokenizer(["some other text"]))
for number, answer in enumerate(tokenizer(f"text {n}" for n in itertools.count())):
    if number == 10:
        break
del answer
print(list(tokenizer(["some other text"])) == expected)
taking = tokenizer(["a", "b"])
next(taking)
try:
    next(tokenizer(["c"]))
except albert_cpp.InUseError as error:
    print("own for each thread" in str(error))
print(len(list(taking)))
def broken():
    yield "a"
    raise KeyError("mine")
try:
    list(tokenizer(broken()))
except KeyError as error:
    print(error)
print(list(tokenizer(["some other text"])) == expected)
""")
    assert said == "True\nTrue\n1\n'mine'\nTrue\n"


def test_closing_ends_the_process_and_a_lost_one_is_told(python):
    said = python("""
import os, signal
def ended(process):
    return not os.path.exists(f"/proc/{process}")
with albert_cpp.Tokenizer(MODELS + "/tokenizer") as tokenizer:
    list(tokenizer(["a"]))
    process = tokenizer._conversation._process.pid
print(ended(process))
tokenizer = albert_cpp.Tokenizer(MODELS + "/tokenizer")
list(tokenizer(["a"]))
os.kill(tokenizer._conversation._process.pid, signal.SIGKILL)
try:
    list(tokenizer(["a"]))
except albert_cpp.AlbertError as error:
    print(error.returncode)
process = tokenizer._conversation._process
del tokenizer
print(process)
waiting = albert_cpp.Tokenizer(MODELS + "/tokenizer")
answers = waiting(f"text {n}" for n in itertools.count())
next(answers)
waiting.close()
try:
    list(answers)
except albert_cpp.AlbertError as error:
    print("closed" in str(error))
two = [albert_cpp.Tokenizer(MODELS + "/tokenizer") for _ in range(2)]
results = [None, None]
def work(number):
    results[number] = list(two[number](f"text {n}" for n in range(5000)))
threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(results[0] == results[1], len(results[0]))
""")
    assert said == "True\n-9\nNone\nTrue\nTrue 5000\n"


def test_the_types_are_strict(tmp_path):
    mypy = subprocess.run([sys.executable, "-m", "mypy", "--version"], capture_output=True)
    if mypy.returncode != 0:
        pytest.skip("this Python has no mypy: run scripts/setup.sh --tests")
    (tmp_path / "user.py").write_text("""
import albert_cpp
with albert_cpp.Predictor("model") as predictor:
    for answer in predictor(["a", ("b", "c"), {"text": "d"}]):
        if answer is not None:
            print(answer["prediction"])
ids: list[int] = next(albert_cpp.tokenize("model", ["a"])).ids
vectors: list[list[float] | None] = list(albert_cpp.embed("model", ["a"]))
print(albert_cpp.run(["config", "list"]).stdout.upper())
""")
    check = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", tmp_path / "cache", ROOT / "python/albert_cpp", tmp_path / "user.py"]
    result = subprocess.run(check, capture_output=True, text=True, cwd=tmp_path, env=os.environ | {"MYPYPATH": str(ROOT / "python")})
    assert result.returncode == 0, result.stdout
    (tmp_path / "user.py").write_text("import albert_cpp\nx: int = albert_cpp.run(['a']).stdout\nalbert_cpp.Predictor('m', threads='two')\n")
    wrong = subprocess.run(check, capture_output=True, text=True, cwd=tmp_path, env=os.environ | {"MYPYPATH": str(ROOT / "python")})
    assert wrong.stdout.count("user.py:") == 2, wrong.stdout
