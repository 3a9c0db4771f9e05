"""`albert doctor`: what it finds on this computer, and what it says of things that are made up to be wrong."""

import json
import os
import resource
import subprocess

import pytest


def doctor(binary, *words, code=0, **changes):
    """Runs it with changed environment variables (None: not set); returns its standard output."""
    variables = {name: value for name, value in {**os.environ, **changes}.items() if value is not None}
    result = subprocess.run([str(binary), "doctor", *map(str, words)], env=variables, capture_output=True, text=True, timeout=120)
    assert result.returncode == code, result.stdout + result.stderr
    return result.stdout


def advice_of(binary, *words, **changes):
    return [one["text"] for one in json.loads(doctor(binary, "--json", *words, **changes))["advice"]]


def test_it_knows_this_computer(albert_binary, tmp_path):
    facts = json.loads(doctor(albert_binary, "--json", "--run-dir", tmp_path / "runs/new"))
    assert facts["cores"]["allowed"] == len(os.sched_getaffinity(0)) <= facts["cores"]["online"]
    assert 0 < facts["memory"]["available_bytes"] <= facts["memory"]["total_bytes"]
    assert os.path.exists(facts["libtorch"]["path"]) and facts["libtorch"]["version"].startswith("2.")
    assert facts["speed"]["float32_flops"] > 1e8 and facts["speed"]["bfloat16_flops"] > 1e7
    assert facts["open_files"]["limit"] == resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    found = facts["run_dir"]
    assert found["probed"] == str(tmp_path.resolve()) and found["links"] == "symbolic" and found["locks"] and found["free_bytes"] > 0
    assert list(tmp_path.iterdir()) == [], "nothing is left of what was tried"


def test_its_text_has_a_line_for_each(albert_binary, tmp_path):
    text = doctor(albert_binary, "--run-dir", tmp_path)
    for name in ("processor", "LibTorch", "  loaded from", "cores", "threads", "memory", "float32", "bfloat16", "int8", "  to predict", "locale",
                 "run folder", "  fsync"):
        assert f"\n{name} " in "\n" + text, text
    assert "To change:" in text or "Nothing to change." in text


@pytest.mark.parametrize("changes, text", [
    pytest.param({"OMP_NUM_THREADS": "1"}, "OMP_NUM_THREADS=1 leaves", marks=pytest.mark.skipif(len(os.sched_getaffinity(0)) == 1, reason="one core")),
    ({"OMP_WAIT_POLICY": "active"}, "OMP_WAIT_POLICY=active lets threads that wait spin"),
    ({"ATEN_CPU_CAPABILITY": "default"}, "ATEN_CPU_CAPABILITY=default keeps LibTorch from"),
    ({"LC_ALL": "xx_YY"}, "the system has no locale 'xx_YY'"),
])
def test_what_is_worth_changing_is_said(albert_binary, changes, text):
    assert any(text in one for one in advice_of(albert_binary, **changes))
    assert not any(text in one for one in advice_of(albert_binary, **{name: None for name in changes}))


def test_the_choice_of_auto_is_compared_with_what_was_measured(albert_binary):
    facts = json.loads(doctor(albert_binary, "--json"))
    speed = facts["speed"]
    chosen, other = ("bfloat16", "float32") if speed["auto_precision"] == "bfloat16" else ("float32", "bfloat16")
    said = any(one["text"].startswith(f"precision: auto takes {chosen}") for one in facts["advice"])
    assert said == (speed[f"{other}_flops"] >= 1.2 * speed[f"{chosen}_flops"])


def test_a_folder_where_no_run_can_lie_is_a_failure(albert_binary, tmp_path):
    (tmp_path / "file").write_text("")
    text = doctor(albert_binary, "--run-dir", tmp_path / "file/run", code=5)
    assert "fails: no run can lie in" in text and "expected a folder, found a file" in text
    (tmp_path / "link").symlink_to("gone")
    assert "which is not there" in doctor(albert_binary, "--run-dir", tmp_path / "link", code=5)


def test_too_few_open_files_are_a_failure(albert_binary):
    command = f"ulimit -n 64; exec '{albert_binary}' doctor"
    result = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120)
    assert result.returncode == 5 and "the limit of open files is 64: expected at least 256" in result.stdout


def test_output_that_cannot_be_written_is_an_error(albert_binary):
    with open("/dev/full", "w") as full:
        result = subprocess.run([str(albert_binary), "doctor"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=120)
    assert result.returncode == 5
