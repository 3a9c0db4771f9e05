"""Checks a PyTorchJob against the schemas of Kubeflow's and Kubernetes' own packages: every field is one of its kind, and of the right type.

usage: check_pytorch_job.py FILE    in the environment of requirements-launchers.txt"""

import sys
from pathlib import Path

import kubernetes.client.models
import kubernetes_validate
import yaml
from kubeflow.training import models

PLAIN = {"str": str, "int": int, "bool": bool, "float": (int, float)}


def check(value, kind: str, path: str) -> None:
    if kind.startswith("list["):
        for index, one in enumerate(value):
            check(one, kind[5:-1], f"{path}[{index}]")
    elif kind.startswith("dict("):
        for name, one in value.items():
            check(one, kind[5:-1].split(", ", 1)[1], f"{path}.{name}")
    elif described := getattr(models, kind, None) or getattr(kubernetes.client.models, kind, None):
        fields = {name: described.openapi_types[attribute] for attribute, name in described.attribute_map.items()}
        for name, one in value.items():
            if name not in fields:
                sys.exit(f"{path}.{name}: {kind} has no such field")
            check(one, fields[name], f"{path}.{name}")
    elif not isinstance(value, PLAIN.get(kind, object)):
        sys.exit(f"{path}: expected {kind}, found {value!r}")


job = yaml.safe_load(Path(sys.argv[1]).read_text())
check(job, "KubeflowOrgV1PyTorchJob", "job")
for replica in job["spec"]["pytorchReplicaSpecs"].values():
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "rank"}, **replica["template"]}
    kubernetes_validate.validate(pod, "1.34", strict=True)
