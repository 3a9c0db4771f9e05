"""The health check of the Docker image, beside processes as a container has them: of a server it asks, all else is left alone."""

import socket
import subprocess

import pytest
from conftest import ROOT
from serving import Server, make_models


@pytest.fixture(scope="module")
def models(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    make_models(albert, folder, ["classes"])
    return folder


def health(tmp_path, *words):
    """The exit code beside a first process of these words."""
    (tmp_path / "cmdline").write_text("".join(f"{word}\0" for word in words))
    return subprocess.run([ROOT / "scripts/docker_health.sh", tmp_path / "cmdline"], capture_output=True, timeout=30).returncode


def test_a_server_is_healthy_while_it_answers(albert_binary, models, tmp_path):
    with Server(albert_binary, "--model", models / "classes") as server:
        words = ["albert", "-v", "serve", "--model", "classes", "--host", "0.0.0.0", "--port", str(server.port)]
        assert health(tmp_path, *words) == 0
        assert health(tmp_path, "/sbin/docker-init", "--", *words[:-2], f"--port={server.port}") == 0
        assert subprocess.run([ROOT / "scripts/docker_health.sh", f"/proc/{server.process.pid}/cmdline"], timeout=30).returncode != 0  # --port 0
    assert health(tmp_path, *words) != 0


def test_a_server_that_says_another_status_is_not(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        command = ["albert", "serve", "--port", str(listener.getsockname()[1])]
        (tmp_path / "cmdline").write_text("".join(f"{word}\0" for word in command))
        check = subprocess.Popen([ROOT / "scripts/docker_health.sh", tmp_path / "cmdline"])
        connection, _ = listener.accept()
        with connection:
            assert b"GET /health" in connection.recv(1000)
            connection.sendall(b"HTTP/1.1 503 Service Unavailable\r\n\r\n")
            assert check.wait(timeout=30) == 1


@pytest.mark.parametrize("words", [["albert", "pretrain", "--run-dir", "serve"], ["bash"], ["albert", "--help"], []])
def test_other_commands_are_left_alone(tmp_path, words):
    assert health(tmp_path, *words) == 0
