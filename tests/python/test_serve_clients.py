"""`albert serve` under load, with bad clients, and at its end: no answer is lost or another one's."""

import concurrent.futures
import contextlib
import json
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import serving
from serving import Server, choice, model_options, question, text

NUM_CLIENTS = 200


@pytest.fixture(scope="module")
def models(albert, tmp_path_factory):
    folder = tmp_path_factory.mktemp("server")
    serving.make_models(albert, folder)
    return folder


@pytest.fixture(scope="module")
def server(albert_binary, models):
    with Server(albert_binary, *model_options(models), "--threads", 3) as started:  # on however few cores: several batches at a time
        yield started
    assert started.process.returncode == 0


def bodies(count):
    draw = random.Random(11)
    kinds = [("/models/classes/predict", lambda: text(draw, 3, 40)), ("/tags", lambda: text(draw)), ("/answer", lambda: question(draw, 12, 60)),
             ("/embed", lambda: text(draw)), ("/choose", lambda: choice(draw)), ("/fill-mask", lambda: "the [MASK] " + text(draw))]
    for number in range(count):
        path, make = kinds[number % len(kinds)]
        yield path, json.dumps({"inputs": make()}).encode()


def test_answers_are_the_same_bytes_alone_and_among_500_others(server):
    asked = list(bodies(500))
    alone = [server.fetch(path, raw=raw)[2] for path, raw in asked]
    assert len(set(alone)) > 400
    with concurrent.futures.ThreadPoolExecutor(NUM_CLIENTS) as pool:
        together = list(pool.map(lambda one: server.fetch(one[0], raw=one[1])[2], asked))
    assert together == alone
    metrics = server.fetch("/metrics")[2].decode()
    batches = float(next(line for line in metrics.splitlines() if line.startswith("te_batch_next_size_count")).split()[1])
    items = float(next(line for line in metrics.splitlines() if line.startswith("te_batch_next_size_sum")).split()[1])
    assert items > 1.1 * batches  # some went together


def connect(server):
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def post(path, raw, more=""):
    return f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(raw)}\r\n{more}\r\n".encode() + raw


def read_all(connection):
    with contextlib.suppress(ConnectionResetError):
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_bad_clients_disturb_nobody(server):
    whole = post("/predict", b'{"inputs": "the old river"}')
    held = []
    for number in range(120):
        connection = connect(server)
        if number % 4 == 0:  # half a request, and then nothing
            connection.sendall(whole[: number // 2 + 1])
            held.append(connection)
        elif number % 4 == 1:  # a reset in the middle
            connection.sendall(whole[:-5])
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        elif number % 4 == 2:  # a whole request whose answer is not waited for
            connection.sendall(whole)
            connection.close()
        else:  # a slow reader of many answers
            connection.sendall(whole * 20)
            held.append(connection)
    expected = server.answer("/predict", {"inputs": "the old river"})
    for connection in held[1::2]:
        connection.shutdown(socket.SHUT_WR)
    assert server.answer("/predict", {"inputs": "the old river"}) == expected
    for connection in held:
        connection.close()
    assert server.process.poll() is None


def test_others_notice_nothing_of_faults(albert_binary, models):
    """The short form of scripts/faults/serve.py."""
    script = Path(__file__).resolve().parents[2] / "scripts/faults/serve.py"
    command = [sys.executable, script, "--binary", albert_binary, "--model", models / "base", "--minutes", "0.15", "--clients", "60", "--seed", "3"]
    result = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=100, check=False)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-2000:]


CHUNKED = b"POST /predict HTTP/1.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize("raw, status", [
    (b"nonsense\r\n\r\n", 400), (b"GET / HTTP/1.1\r\n" + b"A: " + b"x" * 20000 + b"\r\n\r\n", 431),
    (b"POST /predict HTTP/1.1\r\nContent-Length: -5\r\n\r\n", 400), (b"POST /predict HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", 413),
    (CHUNKED + b"e\r\n" + b'{"inputs":"a"}' + b"\r\n0\r\n\r\n", 200), (CHUNKED + b"1;a=" + b"x" * 50_000_000 + b"\r\na\r\n0\r\n\r\n", 431),
    (CHUNKED + b"1\r\na\r\n0\r\nA: " + b"x" * 100_000 + b"\r\n\r\n", 431), (b"\0" * 64 + b"\r\n\r\n", 400), (b"GET /health HTTP/1.0\r\n\r\n", 200),
    (b"GET http://a.org/health?x=/ HTTP/1.1\r\nConnection: close\r\n\r\n", 200), (b"HEAD /info HTTP/1.1\r\nConnection: close\r\n\r\n", 200)])
def test_requests_byte_by_byte(server, raw, status):
    with connect(server) as connection:
        connection.sendall(raw)
        answer = read_all(connection)
    assert answer.startswith(f"HTTP/1.{0 if b'1.0' in raw else 1} {status} ".encode()), answer[:200]
    if raw.startswith(b"HEAD"):
        assert answer.endswith(b"\r\n\r\n") and b"Content-Length: 0" not in answer


def test_a_connection_serves_many_requests_also_in_one_piece(server):
    with connect(server) as connection:
        connection.sendall(post("/predict", b'{"inputs": "a"}') * 5 + post("/predict", b'{"inputs": "a"}', "Connection: close\r\n"))
        assert read_all(connection).count(b"HTTP/1.1 200 OK") == 6
    with connect(server) as connection:  # as curl sends large bodies
        head, body = post("/predict", b'{"inputs": "a"}', "Expect: 100-continue\r\nConnection: close\r\n").split(b"\r\n\r\n")
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert read_all(connection).startswith(b"HTTP/1.1 200 OK")


# Load, time, and the end.


def heavy(count=8):
    draw = random.Random(2)
    return {"inputs": [question(draw, 2000, 2000) for _ in range(count)]}


def test_too_many_requests_are_refused_at_once(albert_binary, models):
    with Server(albert_binary, *model_options(models, "question"), "--max-concurrent-requests", 2) as server:
        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            statuses = list(pool.map(lambda _: server.ask("/answer", heavy())[0], range(12)))
        assert set(statuses) == {200, 429}
        assert server.ask("/answer", {"inputs": {"question": "a", "context": "b"}})[0] == 200


def test_a_request_has_its_time(albert_binary, models):
    with Server(albert_binary, *model_options(models, "question"), "--timeout", 0.05) as server:
        status, answer = server.ask("/answer", heavy())
        assert status == 503 and "in time" in answer["error"]


def test_a_stop_finishes_what_was_accepted(albert_binary, models):
    with Server(albert_binary, *model_options(models, "question")) as server, concurrent.futures.ThreadPoolExecutor(20) as pool:
        expected = server.answer("/answer", heavy())
        kept = connect(server)
        kept.sendall(post("/predict", b"{}"))
        assert kept.recv(65536).startswith(b"HTTP/1.1 422")
        asked = [pool.submit(server.ask, "/answer", heavy()) for _ in range(8)]
        wait_for(lambda: "te_active_requests 8" in server.fetch("/metrics")[2].decode())
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: server.ask("/health")[0] == 503)
        kept.sendall(post("/predict", b"{}"))
        assert kept.recv(65536).startswith(b"HTTP/1.1 503")
        assert [one.result() for one in asked] == [(200, expected)] * 8
        assert server.end() == 0


def test_a_second_stop_ends_at_once(albert_binary, models):
    with Server(albert_binary, *model_options(models, "question")) as server, concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in range(8):
            pool.submit(lambda: contextlib.suppress(OSError).__enter__() or server.ask("/answer", heavy()))
        wait_for(lambda: "te_active_requests 8" in server.fetch("/metrics")[2].decode())
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: any("finishing" in line for line in server.log))
        server.process.send_signal(signal.SIGINT)
        assert server.end() == 128 + signal.SIGINT


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_models_are_reloaded_without_a_lost_request(albert_binary, models, tmp_path):
    shutil.copytree(models / "classes", tmp_path / "model")
    with Server(albert_binary, "--model", tmp_path / "model") as server:
        before = server.answer("/predict", {"inputs": "the old river ran past a mill"})
        statuses, is_done = [], threading.Event()

        def ask():
            while not is_done.is_set():
                statuses.append(server.ask("/predict", {"inputs": "the old river ran past a mill"}))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        shutil.copytree(models / "labels", tmp_path / "model", dirs_exist_ok=True)
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: any("1 model reloaded" in line for line in server.log))
        after = server.answer("/predict", {"inputs": "the old river ran past a mill"})
        (tmp_path / "model/config.json").write_text("{")
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: any("0 models reloaded" in line for line in server.log))
        is_done.set()
        for thread in threads:
            thread.join()
        assert any("could not be reloaded" in line for line in server.log)
        assert server.answer("/predict", {"inputs": "the old river ran past a mill"}) == after != before
        assert {status for status, _ in statuses} == {200} and all(answer in (before, after) for _, answer in statuses)


def test_a_model_that_searches_is_not_replaced_by_one_that_cannot(albert_binary, models, tmp_path):
    shutil.copytree(models / "base", tmp_path / "model")
    with Server(albert_binary, "--model", tmp_path / "model", "--index", models / "texts.npy") as server:
        before = server.answer("/search", {"inputs": "the old river"})
        shutil.rmtree(tmp_path / "model")
        shutil.copytree(models / "classes", tmp_path / "model")
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: any("0 models reloaded" in line for line in server.log))
        assert any("--index texts: the model 'model' makes no vectors" in line for line in server.log)
        assert server.answer("/search", {"inputs": "the old river"}) == before


def test_a_reload_is_asked_for_under_nohup(albert_binary, models):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which the server inherits
    try:
        server = Server(albert_binary, *model_options(models, "classes"))
    finally:
        signal.signal(signal.SIGHUP, before)
    with server:
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: any("1 model reloaded" in line for line in server.log))


def test_a_client_that_leaves_is_not_computed_for(albert_binary, models):
    with Server(albert_binary, *model_options(models, "question")) as server:
        for _ in range(40):
            with connect(server) as connection:
                connection.sendall(post("/answer", json.dumps(heavy()).encode()))
        begin = time.monotonic()
        assert server.ask("/answer", {"inputs": {"question": "a", "context": "b"}})[0] == 200
        first = time.monotonic() - begin
        wait_for(lambda: "te_active_requests 0" in server.fetch("/metrics")[2].decode())
        success = server.fetch("/metrics")[2].decode()
        assert first < 5 and 'te_request_success{method="batch"} 40' not in success
