#!/usr/bin/env python3
"""Vectors over HTTP, one text a request: `albert serve` beside ONNX Runtime behind FastAPI (serve_peer.py) and infinity-emb, by wrk with 1, 8, 64 and
512 clients. The servers are loaded and take turns; those that do not are stopped meanwhile. Prints for each number of clients the requests a second,
the latencies of half and of 99 in 100, the processor time that the server needs for one, and what was no answer; then the memory that each held at most.

    apt-get install wrk && scripts/setup.sh --tests
    python3 -m venv peer && peer/bin/pip install fastapi uvicorn onnxruntime tokenizers
    python3 -m venv infinity && infinity/bin/pip install "infinity-emb[server,torch]==0.0.78"    # 6 GB, as its PyTorch brings CUDA
    .deps/python/bin/python scripts/bench/serve.py --binary build/release/albert --peer-python peer/bin/python --infinity infinity/bin/infinity_emb

The model is all-MiniLM-L6-v2, which setup.sh fetches, or what --model names: a folder of sentence-transformers, or for albert.cpp and ONNX Runtime any."""

import argparse
import json
import os
import random
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = "the old river ran past a mill and two small bridges where she sold bread to guests of a house near town".split()
LUA = """
local bodies = {%s}
local next = 0
request = function()
  next = next %% #bodies + 1
  return wrk.format("POST", "%s", {["Content-Type"] = "application/json"}, bodies[next])
end
"""


def bodies(options, key):
    draw = random.Random(1)
    low, high = (options.words.split("-") * 2)[:2]
    texts = [" ".join(draw.choices(WORDS, k=draw.randint(int(low), int(high)))) for _ in range(500)]
    return [json.dumps({key: [text], "model": "served"}) for text in texts]


class Server:
    def __init__(self, name, command, port, path, key, options, folder):
        self.name, self.port, self.path = name, port, path
        self.script = folder / f"{port}.lua"
        self.script.write_text(LUA % (",".join(f"[[{body}]]" for body in bodies(options, key)), path))
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.peak = 0
        self.results = {}
        for _ in range(600):
            try:
                self.ask(bodies(options, key)[0])
                return
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{command}: ended with {self.process.returncode}") from None
                time.sleep(0.2)
        self.signal(signal.SIGKILL)
        raise SystemExit(f"{command}: does not answer")

    def ask(self, body):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{self.path}", body.encode(), {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=60))

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def usage(self):
        """(bytes, seconds of the processor) of the process and of its children."""
        resident = seconds = 0
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = status.read_text().rsplit(")", 1)[1].split()
                if int(fields[2]) == self.process.pid:
                    resident += int((status.parent / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
                    seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
            except OSError:
                pass
        return resident, seconds

    def measure(self, clients, seconds):
        self.signal(signal.SIGCONT)
        before = self.usage()[1]
        output = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "--latency", "-s", self.script,
                                 f"http://127.0.0.1:{self.port}"], capture_output=True, text=True, check=True).stdout
        resident, after = self.usage()
        self.peak = max(self.peak, resident)
        self.signal(signal.SIGSTOP)
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
        share = lambda percent: milliseconds(re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)", output))
        faults = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses: |connect |read |write |timeout )(\d+)", output)))
        work = 1000 * (after - before) / int(re.search(r"(\d+) requests in", output)[1])
        self.results.setdefault(clients, []).append((rate, share(50), share(99), work, faults))


def milliseconds(match):
    return float(match[1]) * {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}[match[2]]


def start(started, *arguments):
    """Adds a server, ready to answer, and then stopped."""
    started.append(Server(*arguments))
    started[-1].signal(signal.SIGSTOP)


def start_all(started, options, folder):
    exported = folder / "exported"
    subprocess.run([options.binary, "-q", "export", "--model", options.model, "--output", exported, "--head", "embedding"], check=True)
    threads = str(options.threads)
    for precision in options.precisions.split(","):
        port = options.port + len(started)
        command = [options.binary, "-q", "serve", "--model", f"served={options.model}", "--port", str(port), "--precision", precision, "--threads", threads,
                   "--max-concurrent-requests", "1024"]
        start(started, f"albert {precision}", command, port, "/embed", "inputs", options, folder)
    if options.peer_python:
        port = options.port + len(started)
        command = [options.peer_python, Path(__file__).with_name("serve_peer.py"), exported, str(port), threads]
        start(started, "FastAPI + ONNX Runtime float32", command, port, "/embed", "inputs", options, folder)
    if options.infinity:
        port = options.port + len(started)
        command = [options.infinity, "v2", "--model-id", options.model, "--served-model-name", "served", "--port", str(port), "--device", "cpu"]
        start(started, "infinity-emb", command, port, "/embeddings", "input", options, folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--model", default=ROOT / ".deps/models/all_minilm_l6_v2")
    parser.add_argument("--precisions", default="float32,bfloat16", help="of albert serve, with commas between them")
    parser.add_argument("--peer-python", help="interpreter with fastapi, uvicorn, onnxruntime and tokenizers")
    parser.add_argument("--infinity", help="the program infinity_emb")
    parser.add_argument("--clients", default="1,8,64,512")
    parser.add_argument("--words", default="20", help="of a text; 5-60: as many as are drawn from these")
    parser.add_argument("--seconds", type=int, default=10, help="of one measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--port", type=int, default=18080, help="the first of the servers' ports")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        started = []
        try:
            start_all(started, options, Path(scratch))
            for clients in map(int, options.clients.split(",")):
                for _ in range(options.rounds):
                    for server in started:
                        server.measure(clients, options.seconds)
                for server in started:
                    rate, half, most, work, faults = (statistics.median(column) for column in zip(*server.results[clients]))
                    print(f"{clients:4} clients  {server.name:32} {rate:9.1f} requests/s  p50 {half:8.1f} ms  p99 {most:8.1f} ms  "
                          f"{work:6.2f} ms of the processor each  faults {faults:.0f}", flush=True)
            for server in started:
                print(f"{server.name}: {server.peak / 1e6:.0f} MB")
        finally:
            for server in started:
                server.signal(signal.SIGKILL)
                server.process.wait()


if __name__ == "__main__":
    main()
