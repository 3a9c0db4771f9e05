"""The launchers of scripts/examples as a person starts them: mpirun, Slurm and Kubernetes; torchrun on two hosts is in test_ranks_on_hosts.py."""

import os
import shutil
import signal
import subprocess

import pytest
import yaml

import rank_runs
import tiny_run
from conftest import ROOT
from rank_runs import Ranks, wait_until
from test_ranks import QUICK, arguments, nobody_is_left, place, trained  # noqa: F401 (fixtures)
from tiny_run import records, weights

FOLDER = ROOT / "scripts/examples"
JOB = FOLDER / "pytorchjob.yaml"
LAUNCHERS = ROOT / ".deps/launchers/bin/python"
CHECK = ROOT / "tests/python/check_pytorch_job.py"


def test_mpirun_gives_the_bits_of_ranks(albert_binary, place, trained, tmp_path):
    if not shutil.which("mpirun"):
        pytest.skip("there is no mpirun: apt-get install openmpi-bin")
    path = f"{albert_binary.parent}:{os.environ['PATH']}"
    result = subprocess.run([FOLDER / "mpirun.sh", *map(str, arguments(place, "pretrain", "run"))], cwd=tmp_path, capture_output=True, text=True,
                            timeout=120, env=rank_runs.environment(
                                PATH=path, HOSTS="localhost", RANKS=2, PORT=rank_runs.free_port(), OMPI_ALLOW_RUN_AS_ROOT=1,
                                OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1))
    assert result.returncode == 0, result.stderr
    assert "2 ranks, started by Open MPI's mpirun: this is rank 0" in result.stderr
    assert weights(tmp_path / "run") == weights(trained("pretrain", 2))


def test_a_signal_to_mpirun_stops_all_ranks(albert_binary, place, tmp_path):
    """mpirun ends all soon after the first one has ended otherwise than with 0: none may before rank 0 has saved."""
    if not shutil.which("mpirun"):
        pytest.skip("there is no mpirun: apt-get install openmpi-bin")
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(["mpirun", "--host", "localhost:2", "--bind-to", "none", albert_binary,
                                    *map(str, arguments(place, "pretrain", "run", *QUICK))], cwd=tmp_path, stdout=log, stderr=log,
                                   env=rank_runs.environment(MASTER_PORT=rank_runs.free_port(), OMPI_ALLOW_RUN_AS_ROOT=1,
                                                             OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1))
    wait_until(lambda: tiny_run.steps_done(tmp_path / "run") >= 5 or process.poll() is not None, "step 5")
    process.send_signal(signal.SIGUSR1)
    assert process.wait(timeout=60) == 128 + signal.SIGUSR1, (tmp_path / "log").read_text()
    assert (tmp_path / "log").read_text().count("the state is saved. To go on") == 1
    assert rank_runs.state(tmp_path / "run")["step"] == len(records(tmp_path / "run"))


def test_slurm_puts_a_run_back_into_the_queue(albert_binary, tmp_path):
    for program in ("munged", "slurmctld", "slurmd", "sbatch"):
        if not shutil.which(program):
            pytest.skip(f"there is no {program}: apt-get install slurm-wlm munge")
    if os.geteuid() != 0:
        pytest.skip("Slurm's daemons need root")
    result = subprocess.run([ROOT / "scripts/try_slurm.sh", tmp_path / "slurm"], capture_output=True, text=True, timeout=240,
                            env=rank_runs.environment(ALBERT_BINARY=albert_binary))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "stopped by SIGUSR1" in result.stdout and "rank 1 on" in result.stdout and "resuming at step" in result.stdout
    assert "the weights are those of a run that nothing disturbed" in result.stdout


def job():
    return yaml.safe_load(JOB.read_text())


def ranks_of_job():
    replicas = job()["spec"]["pytorchReplicaSpecs"]
    return {kind: replicas[kind]["template"]["spec"]["containers"][0] for kind in replicas}


def test_the_command_of_the_kubernetes_job_trains(albert_binary, place, trained, tmp_path):
    """With the variables that the operator sets: it knows nothing of local ranks."""
    (container,) = {str(container): container for container in ranks_of_job().values()}.values()
    assert container["name"] == "pytorch"  # or the operator finds no port, and sets no MASTER_ADDR
    words = [word.replace("/storage/corpus", str(place / "corpus")).replace("/storage/run", "run") for word in container["args"]]
    words[words.index("base")] = place / "pretrain.yaml"
    words[words.index("train.threads=16")] = "train.threads=1"  # as many as the run has that this one is compared with
    ranks = Ranks(albert_binary, 2, tmp_path, *words, variables={"LOCAL_WORLD_SIZE": None, "LOCAL_RANK": None, "TORCHELASTIC_ERROR_FILE": None})
    assert ranks.wait() == [0, 0], ranks.logs()
    assert weights(tmp_path / "run") == weights(trained("pretrain", 2))


def test_the_kubernetes_job_has_the_fields_of_its_schema(tmp_path):
    if not LAUNCHERS.exists():
        pytest.skip(f"there is no {LAUNCHERS.relative_to(ROOT)}, which has the schemas: run scripts/setup.sh --launchers")
    check = lambda path: subprocess.run([LAUNCHERS, CHECK, path], capture_output=True, text=True, timeout=60)
    assert check(JOB).returncode == 0, check(JOB).stderr
    (tmp_path / "wrong.yaml").write_text(JOB.read_text().replace("mountPath", "mountPaht"))
    assert "mountPaht: V1VolumeMount has no such field" in check(tmp_path / "wrong.yaml").stderr
