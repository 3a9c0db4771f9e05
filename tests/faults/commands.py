"""Commands of albert that write, on inputs so small that each takes less than a second, and what is compared of what they write. For
writes.py, which makes their writes fail, and for kills.py, which kills them."""

import argparse
import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPORARY = re.compile(r"\.(.*)\.[0-9a-f]{16}\.(?:partial|old)")
# Of the time, not of the result.
UNEQUAL_FILES = {".lock", "run.log", "tensorboard"}
UNEQUAL_KEYS = {"tokens_per_second", "data_wait_fraction", "elapsed_s", "seconds", "waited_s", "trainer_state.json", "xxh3_128"}
PRETRAIN = """
model: {hidden_size: 16, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 32, embedding_size: 8, max_position_embeddings: 64}
data: {corpus: ../place/corpus, max_sequence_length: 48}
schedule: {warmup_steps: 2}
train: {steps: 6, batch_size: 4, micro_batch_size: 4, precision: float32, device: cpu, threads: 1}
evaluate: {every: 3, max_sequences: 8}
checkpoint: {every: 3, keep: 1}
log: {every: 1}
"""
FINETUNE = """
task: {name: days, kind: text, max_sequence_length: 32, text: {label: [label], text: text}}
schedule: {warmup_steps: 1}
train: {steps: 8, batch_size: 8, micro_batch_size: 8, precision: float32, device: cpu, threads: 1}
evaluate: {every: 4}
checkpoint: {every: 4, keep: 1}
log: {every: 1}
"""


@dataclass(frozen=True)
class Command:
    """A command line, which runs in a folder of its own; the inputs lie in ../place. It writes `output` there, and standard output to the
    file `printed`. `old` is the command line that leaves something there for it to replace, or `inputs` to work on."""

    name: str
    words: str
    output: str = "out"
    old: str = ""
    over: str = "--overwrite"
    stdin: str = ""
    inputs: tuple[str, ...] = ()  # copied from place to where it works
    in_steps: bool = False  # what is there changes step by step: after a failure the same command goes on

    def again(self, folder: Path) -> str:
        """What is called after a failure."""
        return f"{self.words} {self.over}" if (folder / self.output).exists() else self.words


def training(name: str, words: str, steps: int) -> Command:
    words = f"{words} --run-dir out"
    return Command(name, words, old=f"{words} --set train.steps={steps}", over="--resume", in_steps=True)


BUILD = "corpus build --input ../place/text.txt --format lines --tokenizer ../place/tokenizer --threads 1"
COMMANDS = {
    command.name: command
    for command in [
        training("pretrain", "pretrain --config ../place/pretrain.yaml", 3),
        training("finetune", "finetune --config ../place/finetune.yaml --model ../place/base --data ../place/data", 4),
        Command("build", f"{BUILD} --held-out 0.1 --output out", old=f"{BUILD} --held-out 0.5 --output out"),
        Command("build-without-duplicates", f"{BUILD} --deduplicate near --drop-repeated-lines 3 --held-out-by sections --output out",
                old=f"{BUILD} --output out"),
        Command("part", f"{BUILD} --deduplicate near --part 1/2 --output out", old=f"{BUILD} --deduplicate near --part 2/2 --output out", over="",
                in_steps=True),
        Command("merge", "corpus merge ../place/parts --output out", old=f"{BUILD} --output out"),
        Command("tokenizer", "tokenizer train --input ../place/text.txt --vocab-size 60 --output out",
                old="tokenizer train --input ../place/text.txt --vocab-size 56 --output out"),
        Command("evaluate", "evaluate --model ../place/tuned --data ../place/data/dev.tsv --device cpu --threads 1 --output out",
                old="evaluate --model ../place/tuned --data ../place/data/train.tsv --device cpu --threads 1 --output out"),
        Command("predict", "predict --model ../place/tuned --device cpu --threads 1", output="printed", over="", stdin="texts.txt"),
        Command("embed", "embed --model ../place/tuned --device cpu --threads 1 --output out.npy", output="out.npy",
                old="embed --model ../place/base --device cpu --threads 1 --output out.npy", stdin="texts.txt"),
        Command("embed-tokens", "embed --model ../place/tuned --device cpu --threads 1 --tokens --attention --output out.npy", output="out.npy",
                old="embed --model ../place/base --device cpu --threads 1 --tokens --output out.npy", stdin="texts.txt"),
        Command("export", "export --model ../place/tuned --to transformers --output out", old="export --model ../place/base --to onnx --output out"),
        Command("export-shards", "export --model ../place/tuned --to transformers --max-shard-size 0.01 --output out",
                old="export --model ../place/base --to transformers --output out"),
        Command("export-onnx", "export --model ../place/tuned --to onnx --int8 --output out",
                old="export --model ../place/base --to onnx --output out"),
        Command("export-pt2", "export --model ../place/tuned --to pt2 --output out", old="export --model ../place/base --to pt2 --output out"),
        Command("import", "import --from ../place/exported --output out", old="import --from ../place/exported-base --output out"),
        Command("report", "report ../place/tuned ../place/corpus --device cpu --threads 1 --output out",
                old="report ../place/base --device cpu --threads 1 --output out"),
        Command("clean", "clean whole --keep-best --yes", output="whole", over="", inputs=("whole",), in_steps=True),
        Command("clean-states", "clean whole --optimizer-states --yes", output="whole", over="", inputs=("whole",), in_steps=True),
    ]
}


def parser_of(tool: str, description: str, usual: str) -> argparse.ArgumentParser:
    """What the tools of this folder that work on commands have in common.

    \\param usual the commands that are taken where none is named"""
    parser = argparse.ArgumentParser(prog=f"scripts/faults/{tool}.sh", description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commands", nargs="*", metavar="COMMAND", help=f"which: {', '.join(COMMANDS)} [{usual}]")
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(2), "big"), metavar="N", help="of what is drawn [another each time]")
    return parser


def parse(parser: argparse.ArgumentParser, tool: str) -> argparse.Namespace:
    options = parser.parse_args()
    if unknown := set(options.commands) - set(COMMANDS):
        parser.error(f"no such command: {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    print(f"{tool}: seed {options.seed}", flush=True)
    return options


@contextlib.contextmanager
def scratch_folder(tool: str) -> Iterator[Path]:
    root = Path(tempfile.mkdtemp(prefix=f"albert-{tool}-")).resolve()
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def binary() -> Path:
    return Path(os.environ.get("ALBERT_BINARY", ROOT / "build/release/albert")).resolve()


def run(folder: Path, words: str, stdin: str = "", variables: dict[str, str] | None = None) -> subprocess.CompletedProcess:
    """Runs `albert words` in a folder. Locks of another process that has just been killed may live on for a moment."""
    with open(folder.parent / "place" / stdin if stdin else os.devnull) as source, open(folder / "printed", "w") as printed:
        return subprocess.run([binary(), "--quiet", *words.split()], cwd=folder, stdin=source, stdout=printed, stderr=subprocess.PIPE, text=True,
                              timeout=120, env=os.environ | {"OMP_WAIT_POLICY": "passive"} | (variables or {}))


def succeed(folder: Path, words: str, stdin: str = "") -> None:
    result = run(folder, words, stdin)
    if result.returncode != 0:
        raise SystemExit(f"albert {words}: exit code {result.returncode}\n{result.stderr}")


def make_place(root: Path) -> None:
    """place/ with what all commands read."""
    place = root / "place"
    place.mkdir(parents=True)
    names, verbs, places = "Anna Bertram Clara David".split(), "met saw heard thanked".split(), "garden church library".split()
    lines = []
    for document in range(24):
        lines += [f"{names[n % 4]} {verbs[(n + document) % 4]} {names[(n + 1) % 4]} in the {places[document % 3]} on day {n * document}."
                  for n in range(8)]
        lines.append("")
    (place / "text.txt").write_text("\n".join(lines))
    (place / "texts.txt").write_text("\n".join(lines[:7]) + "\n")
    (place / "data").mkdir()
    for name, count in (("train", 40), ("dev", 20)):
        rows = [f"Anna met {'Bertram' if n % 2 else 'Clara'} on day {n}.\t{'odd' if n % 2 else 'even'}" for n in range(count)]
        (place / f"data/{name}.tsv").write_text("\n".join(["text\tlabel", *rows]) + "\n")
    (place / "pretrain.yaml").write_text(PRETRAIN)
    (place / "finetune.yaml").write_text(FINETUNE)
    for words in ["tokenizer train --input text.txt --vocab-size 60 --output tokenizer",
                  f"{BUILD} --held-out 0.1 --output corpus",
                  f"{BUILD} --deduplicate near --part 1/2 --output parts",
                  f"{BUILD} --deduplicate near --part 2/2 --output parts",
                  "pretrain --config pretrain.yaml --run-dir base",
                  "pretrain --config pretrain.yaml --set checkpoint.every=2 --set checkpoint.keep=9 --run-dir whole",
                  "finetune --config finetune.yaml --model base --data data --run-dir tuned",
                  "export --model tuned --to transformers --output exported",
                  "export --model base --to transformers --output exported-base"]:
        succeed(place, words)
    (place / "printed").unlink()


def make_folder(root: Path, command: Command, with_old: bool) -> Path:
    """An empty folder for a command, but for what it works on, and for what it is to replace."""
    folder = root / "work"
    shutil.rmtree(folder, ignore_errors=True)
    stored = root / "old" / command.name
    if with_old and not stored.exists():
        folder.mkdir()
        succeed(folder, command.old, command.stdin)
        (folder / "printed").unlink()
        stored.parent.mkdir(exist_ok=True)
        folder.rename(stored)
    if with_old:
        shutil.copytree(stored, folder, symlinks=True)
    else:
        folder.mkdir()
    for name in command.inputs:
        shutil.copytree(root / "place" / name, folder / name, symlinks=True)
    return folder


def without_timings(content: bytes) -> bytes:
    """JSON, or lines of it, without what differs from one run to the next."""
    def strip(value):
        if isinstance(value, dict):
            return {key: strip(part) for key, part in value.items() if key not in UNEQUAL_KEYS}
        return [strip(part) for part in value] if isinstance(value, list) else value

    try:
        return json.dumps([strip(json.loads(line)) for line in content.splitlines()]).encode()
    except ValueError:
        return json.dumps(strip(json.loads(content))).encode()


def read(path: Path) -> bytes:
    content = path.read_bytes()
    is_timed = path.name in ("metrics.jsonl", "trainer_state.json") or (path.name == "manifest.json" and "checkpoints" in path.parts)
    return without_timings(content) if is_timed else content


def entry(path: Path) -> bytes | str:
    """A link of a run (latest, best) is a file with the name where no symbolic link can be made."""
    if path.is_symlink():
        return os.readlink(path)
    if path.is_dir():
        return "a folder"
    return path.read_text().strip() if path.name in ("latest", "best") else read(path)


def content(folder: Path, but: Callable[[Path], bool] = lambda path: False) -> dict[str, bytes | str]:
    """What lies below a folder: the bytes of files, the targets of links."""
    found = {}
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if UNEQUAL_FILES & set(relative.parts) or but(relative):
            continue
        found[str(relative)] = entry(path)
    return found


def without_printed(found: dict) -> dict:
    return {name: value for name, value in found.items() if name != "printed"}


def unequal_when_repeated(command: Command, found: dict, expected: dict) -> str:
    """Which entries differ after a command that goes on where another one failed. It says what was left to do. A training that failed in
    removing an old checkpoint leaves that for the next one that is saved."""
    if not command.in_steps:
        return difference(found, expected)
    is_surplus = re.compile(r".*/checkpoints/step-[0-9]+(/.*)?").fullmatch
    return difference(without_printed({name: value for name, value in found.items() if name in expected or not is_surplus(name)}),
                      without_printed(expected))


def temporaries(folder: Path) -> list[str]:
    places = os.walk(folder)  # which passes over what goes meanwhile
    return [os.path.relpath(os.path.join(place, name), folder) for place, folders, files in places for name in folders + files
            if TEMPORARY.fullmatch(name)]


def difference(one: dict, other: dict) -> str:
    """Which entries differ; empty if none does."""
    return ", ".join(sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key)))
