"""The launchers of scripts/examples as a person starts them: mpirun, Slurm and Kubernetes; torchrun on two hosts is in test_ranks_on_hosts.py."""

import os
import shutil
import subprocess

import pytest
import yaml

import rank_runs
from conftest import ROOT
from rank_runs import Ranks
from test_ranks import arguments, nobody_is_left, place, trained  # noqa: F401 (fixtures)
from tiny_run import weights

FOLDER = ROOT / "scripts/examples"
JOB = FOLDER / "pytorchjob.yaml"


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


def test_slurm_puts_a_run_back_into_the_queue(albert_binary, tmp_path):
    for program in ("munged", "slurmctld", "slurmd", "sbatch"):
        if not shutil.which(program):
            pytest.skip(f"there is no {program}: apt-get install slurm-wlm munge")
    if os.geteuid() != 0:
        pytest.skip("Slurm's daemons need root")
    result = subprocess.run([ROOT / "scripts/try_slurm.sh", tmp_path / "slurm"], capture_output=True, text=True, timeout=240,
                            env=rank_runs.environment(ALBERT_BINARY=albert_binary))
    assert result.returncode == 0, result.stdout + result.stderr
    assert "stopped by SIGUSR1" in result.stdout and "resuming at step" in result.stdout
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
    words = [word.replace("/work/corpus", str(place / "corpus")).replace("/work/run", "run") for word in container["args"]]
    words[words.index("base")] = place / "pretrain.yaml"
    ranks = Ranks(albert_binary, 2, tmp_path, *words, variables={"LOCAL_WORLD_SIZE": None, "LOCAL_RANK": None, "TORCHELASTIC_ERROR_FILE": None})
    assert ranks.wait() == [0, 0], ranks.logs()
    assert weights(tmp_path / "run") == weights(trained("pretrain", 2))


def check_fields(value, kind, path, models):
    """That a job has no field that its kind has not, as far as Kubeflow's and Kubernetes' own packages describe kinds."""
    if kind.startswith("list["):
        for index, one in enumerate(value):
            check_fields(one, kind[5:-1], f"{path}[{index}]", models)
    elif kind.startswith("dict("):
        for name, one in value.items():
            check_fields(one, kind[5:-1].split(", ", 1)[1], f"{path}.{name}", models)
    elif described := next((getattr(module, kind) for module in models if hasattr(module, kind)), None):
        fields = {name: described.openapi_types[attribute] for attribute, name in described.attribute_map.items()}
        for name, one in value.items():
            assert name in fields, f"{path}.{name}: {kind} has no such field"
            check_fields(one, fields[name], f"{path}.{name}", models)
    else:
        plain = {"str": str, "int": int, "bool": bool, "float": (int, float)}
        assert isinstance(value, plain.get(kind, object)), f"{path}: expected {kind}, found {value!r}"


def test_the_kubernetes_job_has_the_fields_of_its_schema():
    reason = "pip install kubeflow-training kubernetes-validate"
    kubeflow = pytest.importorskip("kubeflow.training.models", reason=f"the schema is not here: {reason}")
    kubernetes = pytest.importorskip("kubernetes.client.models", reason=f"the schema is not here: {reason}")
    kubernetes_validate = pytest.importorskip("kubernetes_validate", reason=f"the schema is not here: {reason}")
    models = (kubeflow, kubernetes)
    check_fields(job(), "KubeflowOrgV1PyTorchJob", "job", models)
    for spec in job()["spec"]["pytorchReplicaSpecs"].values():
        kubernetes_validate.validate({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "rank"}, **spec["template"]}, "1.34", strict=True)
    wrong = job()
    wrong["spec"]["pytorchReplicaSpecs"]["Master"]["template"]["spec"]["containers"][0]["volumeMounts"][0]["mountPaht"] = "/"
    with pytest.raises(AssertionError, match="mountPaht"):
        check_fields(wrong, "KubeflowOrgV1PyTorchJob", "job", models)
