"""`albert pretrain` on several corpora, and on damaged ones."""

import json
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

import tiny_run
from rank_runs import difference, order
from tiny_run import STEPS, Process, records, weights, without_timings

# Two corpora whose words differ, so that the text of an example tells where it is from.
WORDS = {"sea": "ship wave sail harbour anchor tide".split(), "farm": "cow barn field plough orchard hay".split()}


def write_text(path: Path, name: str, num_documents: int) -> None:
    words = WORDS[name]
    lines = []
    for document in range(num_documents):
        lines += [f"the {words[(document + n) % 6]} and the {words[(document + 2 * n + 1) % 6]} of day {n}." for n in range(8)]
        lines.append("")
    path.write_text("\n".join(lines))


@pytest.fixture(scope="module")
def place(albert, tmp_path_factory):
    """sea is four times as large as farm; other has another tokenizer."""
    folder = tmp_path_factory.mktemp("corpora")
    write_text(folder / "sea.txt", "sea", 80)
    write_text(folder / "farm.txt", "farm", 20)
    both = ["--input", folder / "sea.txt", "--input", folder / "farm.txt"]
    albert("tokenizer", "train", *both, "--vocab-size", 50, "--output", folder / "tokenizer")
    albert("tokenizer", "train", *both, "--vocab-size", 46, "--output", folder / "tokenizer46")
    for name, source, tokenizer in (("sea", "sea", "tokenizer"), ("farm", "farm", "tokenizer"), ("other", "farm", "tokenizer46")):
        albert("corpus", "build", "--input", folder / f"{source}.txt", "--format", "lines", "--tokenizer", folder / tokenizer, "--output",
               folder / name, "--held-out", 0.2)
    config = tiny_run.CONFIG.replace("corpus: corpus", "corpora: [{corpus: sea, weight: 0.4}, {corpus: farm, weight: 0.6}]")
    (folder / "run.yaml").write_text(config)
    return folder


@pytest.fixture(scope="module")
def whole(albert, place):
    """A run that was never stopped."""
    albert("pretrain", "--config", place / "run.yaml", "--run-dir", place / "whole")
    return place / "whole"


def arguments(place, run, *more):
    return ["pretrain", "--config", place / "run.yaml", "--run-dir", run, *more]


def log_of(albert_binary, *command) -> str:
    return subprocess.run([str(albert_binary), *map(str, command)], check=True, capture_output=True, text=True).stderr


def test_the_log_says_how_often_each_corpus_is_seen(albert_binary, place, tmp_path):
    log = log_of(albert_binary, *arguments(place, tmp_path / "run", "--set", "train.steps=1"))
    sizes = {}
    for line in log.splitlines():
        if " corpus sea: " in line or " corpus farm: " in line:
            name = line.split(" corpus ")[1].split(":")[0]
            share, of_epoch, own, times = (line.split(before)[1].split()[0].rstrip("%") for before in
                                           (f"{name}: ", "examples, ", "it has ", "is seen "))
            sizes[name] = (float(share), int(of_epoch.replace(",", "")), int(own.rstrip(",").replace(",", "")), float(times))
    total = sum(size[2] for size in sizes.values())
    for name, share in (("sea", 0.4), ("farm", 0.6)):
        said, of_epoch, own, times = sizes[name]
        assert said == 100 * share
        assert abs(of_epoch - share * total) < 1
        assert times == pytest.approx(of_epoch / own, abs=0.006)
    assert sizes["farm"][3] > 1 > sizes["sea"][3]


def test_the_evaluation_is_of_both_and_of_each(whole):
    record = next(line for line in records(whole) if "held_out_loss" in line)
    for name in ("sea", "farm"):
        for figure in ("loss", "mlm_loss", "mlm_accuracy", "sop_loss", "sop_accuracy"):
            assert f"held_out_{name}_{figure}" in record
    sea, farm = record["held_out_sea_sop_loss"], record["held_out_farm_sop_loss"]
    assert record["held_out_sop_loss"] == pytest.approx(0.4 * sea + 0.6 * farm, rel=1e-6)
    # The two differ, so that other weights would be seen: those of their sizes, none, and of 16 sequences, 6 and 10 of them.
    for weight in (0.8, 0.5, 6 / 16):
        assert record["held_out_sop_loss"] != pytest.approx(weight * sea + (1 - weight) * farm, rel=1e-6)


def test_killed_and_resumed_equals_never_stopped(albert, albert_binary, place, whole, tmp_path):
    run = tmp_path / "run"
    code, _ = Process(albert_binary, *arguments(place, run)).stop_after(run, 8, signal.SIGKILL)
    assert code == -signal.SIGKILL
    albert(*arguments(place, run, "--resume", "--set", "data.threads=3"))
    assert weights(run) == weights(whole)
    assert without_timings(run) == without_timings(whole)


@pytest.mark.parametrize("ranks", [2, 3])
def test_ranks_see_the_mix_of_one_process(albert, place, whole, tmp_path, ranks):
    run = tmp_path / "run"
    albert(*arguments(place, run, "--ranks", ranks, "--set", "train.steps=22"))
    albert(*arguments(place, run, "--ranks", 5 - ranks, "--resume"))
    one, other_seed = tmp_path / "one", tmp_path / "other"
    for folder, seed in ((one, 1), (other_seed, 2)):  # the length of a run decides its rates
        albert(*arguments(place, folder, "--set", "train.steps=22", "--set", f"train.seed={seed}"))
        albert(*arguments(place, folder, "--resume", "--set", f"train.seed={seed}"))
    assert order(run) == order(one)
    assert difference(run, one) < 1e-5
    assert difference(run, other_seed) > 1e-3


def test_the_saved_configuration_runs_again_and_other_weights_do_not(albert, place, whole, tmp_path):
    albert("pretrain", "--config", whole / "run.yaml", "--run-dir", tmp_path / "again")
    assert weights(tmp_path / "again") == weights(whole)
    albert(*arguments(place, tmp_path / "other", "--set", f"data.corpora=[{{corpus: {place}/sea}}, {{corpus: {place}/farm}}]"))
    assert weights(tmp_path / "other") != weights(whole)


def test_folders_may_move_and_weights_may_not_change(albert, place, whole, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(whole, run, symlinks=True)
    shutil.copytree(place / "sea", tmp_path / "moved")
    longer = ["--resume", "--set", f"train.steps={STEPS + 2}", "--set"]
    message = albert(*arguments(place, run, *longer, f"data.corpora=[{{corpus: {place}/sea, weight: 0.5}}, {{corpus: {place}/farm, weight: 0.6}}]"),
                     code=2)
    assert "data.corpora[0].weight: was 0.4, now 0.5" in message
    message = albert(*arguments(place, run, *longer, f"data.corpora=[{{corpus: {place}/farm, weight: 0.4}}, {{corpus: {place}/farm2, weight: 0.6}}]"),
                     code=3)
    assert f"{place}/farm2: no manifest.json there" in message
    shutil.copytree(place / "farm", tmp_path / "farm")
    message = albert(*arguments(place, run, *longer, f"data.corpora=[{{corpus: {tmp_path}/farm, weight: 0.4}}, {{corpus: {place}/farm, weight: 0.6}}]"),
                     code=2)
    assert "the content of corpus 001 is not the one that the run was started with" in message
    albert(*arguments(place, run, *longer, f"data.corpora=[{{corpus: {tmp_path}/moved, weight: 0.4}}, {{corpus: {place}/farm, weight: 0.6}}]"))
    assert len(records(run)) == STEPS + 2


def test_temperature_makes_shares_more_even(albert_binary, place, tmp_path):
    shares = {}
    for temperature in (1, 4):
        log = log_of(albert_binary, *arguments(place, tmp_path / str(temperature), "--set", "train.steps=1", "--set",
                                               f"data.corpora=[{{corpus: {place}/sea}}, {{corpus: {place}/farm}}]", "--set",
                                               f"data.sampling_temperature={temperature}"))
        shares[temperature] = float(log.split(" corpus farm: ")[1].split("%")[0]) / 100
    assert shares[1] == pytest.approx(0.2, abs=0.04)  # by tokens, where the names differ in length
    small, large = shares[1] ** 0.25, (1 - shares[1]) ** 0.25
    assert shares[4] == pytest.approx(small / (small + large), abs=0.01)


def test_what_is_wrong_with_a_list_of_corpora_is_named(albert, place, tmp_path):
    def refusal(corpora, *more, code=2):
        return albert(*arguments(place, tmp_path / "run", "--set", f"data.corpora={corpora}", *more), code=code)

    assert "data.corpora[0].weight: expected a number greater than 0, found 0" in refusal(f"[{{corpus: {place}/sea, weight: 0}}]")
    assert "data.corpora[0].weight: expected a number greater than 0, found -2" in refusal(f"[{{corpus: {place}/sea, weight: -2}}]")
    assert "data.corpora: data.corpus names a corpus, too" in refusal(f"[{{corpus: {place}/sea}}]", "--set", f"data.corpus={place}/farm")
    assert "has no effect beside the weights" in refusal(f"[{{corpus: {place}/sea, weight: 2}}]", "--set", "data.sampling_temperature=3")
    message = refusal(f"[{{corpus: {place}/sea}}, {{corpus: {place}/nothing}}]", code=3)
    assert f"{place}/nothing: no manifest.json there" in message
    message = refusal(f"[{{corpus: {place}/sea}}, {{corpus: {place}/other}}]", code=3)
    assert f"{place}/other was encoded with another tokenizer than {place}/sea" in message
    (tmp_path / "bad.yaml").write_text("data:\n  corpora:\n    - corpus: a\n      wieght: 1\n")
    message = albert("config", "validate", tmp_path / "bad.yaml", code=2)
    assert "bad.yaml:4: unknown key 'data.corpora[0].wieght'; did you mean 'data.corpora[0].weight'?" in message
    assert not (tmp_path / "run").exists()


def test_config_print_shows_the_list_with_origins(albert, place):
    printed = albert("config", "print", place / "run.yaml")
    assert f"    - corpus: {place}/sea  # {place}/run.yaml:" in printed
    assert "      weight: 0.6  # " in printed


def flip_token(shard: Path) -> None:
    content = bytearray(shard.read_bytes())
    content[32 + 2 * 100] ^= 1
    shard.write_bytes(bytes(content))


@pytest.mark.parametrize("single", [True, False])
def test_a_flipped_token_ends_the_run_and_names_the_shard(albert, place, tmp_path, single):
    for name in ("sea", "farm"):
        shutil.copytree(place / name, tmp_path / name)
    shard = tmp_path / ("sea" if single else "farm") / "train-00000.shard"
    checksum = next(one["checksum"] for one in json.loads((shard.parent / "manifest.json").read_text())["shards"] if one["name"] == shard.name)
    flip_token(shard)
    corpora = f"data.corpora=[{{corpus: {tmp_path}/sea}}" + ("]" if single else f", {{corpus: {tmp_path}/farm}}]")
    # Long enough for the check to come to its end: it has the lowest priority.
    message = albert(*arguments(place, tmp_path / "run", "--set", corpora, "--set", "train.steps=100000", "--set", "evaluate.every=0",
                                "--set", "checkpoint.every=0"), code=3)
    assert f"{shard}: damaged since the corpus was built: expected the checksum {checksum}, found " in message
    assert "Copy the file from where it is whole, or build the corpus again" in message
    assert "train-00000.shard" in albert("corpus", "verify", shard.parent, code=3)


def test_a_flipped_token_ends_all_ranks(albert, place, tmp_path):
    shutil.copytree(place / "farm", tmp_path / "farm")
    shard = tmp_path / "farm/train-00000.shard"
    flip_token(shard)
    message = albert(*arguments(place, tmp_path / "run", "--set", f"data.corpora=[{{corpus: {place}/sea}}, {{corpus: {shard.parent}}}]", "--set",
                                "train.steps=100000", "--ranks", 2), code=3)
    assert f"{shard}: damaged since the corpus was built" in message


def test_a_flipped_token_of_the_held_out_part_ends_a_run_too(albert, place, tmp_path):
    shutil.copytree(place / "sea", tmp_path / "sea")
    flip_token(tmp_path / "sea/held-out-00000.shard")
    message = albert(*arguments(place, tmp_path / "run", "--set", f"data.corpora=[{{corpus: {tmp_path}/sea}}]", "--set",
                                "train.steps=100000"), code=3)
    assert "held-out-00000.shard: damaged since" in message


def test_a_whole_corpus_is_found_whole(albert_binary, place, tmp_path):
    command = [albert_binary, "--verbose", *arguments(place, tmp_path / "run", "--set", "train.steps=100000")]
    with subprocess.Popen([str(each) for each in command], stderr=subprocess.PIPE, text=True) as process:
        found = next((line for line in process.stderr if "are as they were written" in line), "")  # or the end of the run
        process.kill()
    assert "4 shards of " in found
