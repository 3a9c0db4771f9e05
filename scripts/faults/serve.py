#!/usr/bin/env python3
"""Disturbs `albert serve` and looks whether anybody else notices. Some clients ask and compare each answer with the one that the same request got
alone: none may be lost, refused, changed or another one's. The others read slowly, send half a request, 5 MB or bytes that are no text, reset their
connections, or leave before the answer comes. Meanwhile memory, descriptors and threads of the server are watched; afterwards no request may be left
in it. Prints a line a minute, and at the end the sum; exits with 1 if something was wrong. tests/python/test_serve_clients.py has a short form.

    scripts/faults/serve.py --binary build/release/albert --minutes 15

The model is all-MiniLM-L6-v2, which `scripts/setup.sh --tests` fetches, or what --model names: any that makes vectors."""

import argparse
import asyncio
import collections
import contextlib
import json
import os
import random
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS = "the old river ran past a mill and two small bridges where she sold bread to guests of a house near town".split()
GROWTH_BYTES = 64e6  # that memory may grow by after a third of the time


def request_bytes(path, body):
    return b"POST %s HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (path.encode(), len(body)) + body


def make_requests(draw, count):
    def text():
        return " ".join(draw.choices(WORDS, k=draw.choice([1, 3, 10, 30, 90])))

    makers = [("/embed", lambda: {"inputs": text()}), ("/embed", lambda: {"inputs": [text() for _ in range(draw.randint(1, 20))]}),
              ("/embed_all", lambda: {"inputs": text()}), ("/embed", lambda: {"inputs": text(), "normalize": False}),
              ("/v1/embeddings", lambda: {"input": text(), "encoding_format": "base64"}), ("/tokenize", lambda: {"inputs": text()}),
              ("/similarity", lambda: {"inputs": {"source_sentence": text(), "sentences": [text(), text()]}})]
    for number in range(count):
        path, make = makers[number % len(makers)]
        yield request_bytes(path, json.dumps(make()).encode())


async def read_answer(reader):
    """(status, body); IncompleteReadError where the connection ends."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = next(int(line.split(":")[1]) for line in head.split("\r\n") if line.lower().startswith("content-length:"))
    return int(head.split()[1]), await reader.readexactly(length)


class Soak:
    def __init__(self, port, seed):
        self.port = port
        self.draw = random.Random(seed)
        self.counts = collections.Counter()
        self.requests = list(make_requests(self.draw, 210))
        self.expected = []
        self.is_over = False

    def note(self, what):
        self.counts["wrong"] += 1
        if self.counts["wrong"] <= 20:
            print(f"wrong: {what}", flush=True)

    @contextlib.asynccontextmanager
    async def connection(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 26)
        try:
            yield reader, writer
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def ask_alone(self):
        async with self.connection() as (reader, writer):
            for request in self.requests:
                writer.write(request)
                status, body = await read_answer(reader)
                assert status == 200, body
                self.expected.append(body)

    async def check(self, reader, number, patience_s=60):
        try:
            status, body = await asyncio.wait_for(read_answer(reader), patience_s)
        except (OSError, EOFError, TimeoutError) as error:
            return self.note(f"request {number}: no answer: {error!r}")
        self.counts["answers"] += 1
        if status != 200 or body != self.expected[number]:  # no refusal, either: --max-concurrent-requests is more than there are clients
            self.note(f"request {number}: {status} {body[:150]!r}")

    # The clients. Each lasts for one connection.

    async def good(self):
        async with self.connection() as (reader, writer):
            for _ in range(self.draw.randint(1, 30)):
                numbers = [self.draw.randrange(len(self.requests)) for _ in range(self.draw.choice([1, 1, 1, 4]))]
                writer.write(b"".join(self.requests[number] for number in numbers))
                for number in numbers:
                    await self.check(reader, number)
                await asyncio.sleep(self.draw.random() * 0.1)
                if self.is_over:
                    return

    async def slow_reader(self):
        """Many requests at once; their answers byte by byte, as it were."""
        numbers = [self.draw.randrange(len(self.requests)) for _ in range(10)]
        with socket.socket() as raw:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            raw.setblocking(False)
            await asyncio.get_running_loop().sock_connect(raw, ("127.0.0.1", self.port))
            await asyncio.get_running_loop().sock_sendall(raw, b"".join(self.requests[number] for number in numbers))
            reader = asyncio.StreamReader(limit=1 << 26)
            pump = asyncio.create_task(self.pump(raw, reader))
            for number in numbers:
                await self.check(reader, number, patience_s=600)  # it is this client that takes its time, on a busy machine most of all
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump  # it still watches the socket

    async def pump(self, raw, reader):
        while data := await asyncio.get_running_loop().sock_recv(raw, 4096):
            reader.feed_data(data)
            await asyncio.sleep(0.002)
        reader.feed_eof()

    async def half_request(self):
        async with self.connection() as (_, writer):
            request = self.draw.choice(self.requests)
            writer.write(request[:self.draw.randrange(len(request))])
            await writer.drain()
            await asyncio.sleep(self.draw.random() * 3)

    async def large_body(self):
        async with self.connection() as (reader, writer):
            writer.write(request_bytes("/embed", b"x" * 5_000_000))
            status, _ = await read_answer(reader)
            if status != 413:
                self.note(f"5 MB: {status}")

    async def no_text(self):
        async with self.connection() as (reader, writer):
            writer.write(request_bytes("/embed", b'{"inputs": "\xff\xfe\xc3"}'))
            status, body = await read_answer(reader)
            if status != 400:
                self.note(f"no UTF-8: {status} {body[:150]!r}")

    async def reset(self):
        async with self.connection() as (_, writer):
            request = self.draw.choice(self.requests)
            writer.write(request[:self.draw.choice([len(request) - 5, len(request)])])
            await writer.drain()
            await asyncio.sleep(self.draw.random() * 0.05)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def leaver(self):
        async with self.connection() as (_, writer):
            writer.write(self.draw.choice(self.requests) * self.draw.randint(1, 5))
            await asyncio.sleep(self.draw.random() * 0.02)

    async def client(self, kind):
        while not self.is_over:
            self.counts[kind.__name__] += 1
            try:
                await kind()
            except (OSError, EOFError) as error:
                if kind in (self.good, self.slow_reader):
                    self.note(f"{kind.__name__}: {error!r}")
            await asyncio.sleep(self.draw.random() * 0.2)

    async def run(self, clients, seconds, watch):
        await self.ask_alone()
        kinds = [self.good] * 4 + [self.slow_reader, self.half_request, self.large_body, self.no_text, self.reset, self.leaver]
        tasks = [asyncio.create_task(self.client(kinds[number % len(kinds)])) for number in range(clients)]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            await asyncio.sleep(min(1, seconds / 20))
            watch(seconds - (end - time.monotonic()))
        self.is_over = True
        await asyncio.gather(*tasks)


class Watch:
    """Memory, descriptors and threads of a process, over the time."""

    def __init__(self, pid, soak, seconds):
        self.pid, self.soak, self.seconds = pid, soak, seconds
        self.memory, self.threads, self.minute = [], [], 0
        self.most_descriptors = 0

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def __call__(self, passed):
        resident = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self.memory.append((passed, resident))
        self.threads.append((passed, len(os.listdir(f"/proc/{self.pid}/task"))))
        self.most_descriptors = max(self.most_descriptors, self.descriptors())
        if passed >= 60 * self.minute:
            self.minute += 1
            print(f"{passed:6.0f} s  {resident / 1e6:.0f} MB  {self.descriptors()} descriptors  {dict(self.soak.counts)}", flush=True)

    def growth(self, values):
        """From the largest of the middle third to the largest of the last."""
        third = self.seconds / 3
        middle = max(value for passed, value in values if third < passed <= 2 * third)
        return max(value for passed, value in values if passed > 2 * third) - middle


def active_requests(port):
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        text = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    return int(next(line for line in text.splitlines() if line.startswith("te_active_requests")).split()[1])


def is_quiet(port, watch, descriptors, seconds=40):
    """Whether the server has nothing left of anybody, in so many seconds."""
    for _ in range(seconds * 5):
        if active_requests(port) == 0 and watch.descriptors() <= descriptors:
            return True
        time.sleep(0.2)
    return False


def disturb(process, port, options):
    seconds = 60 * options.minutes
    soak = Soak(port, options.seed)
    watch = Watch(process.pid, soak, seconds)
    before = watch.descriptors()
    asyncio.run(soak.run(options.clients, seconds, watch))
    if not is_quiet(port, watch, before):
        soak.note(f"{active_requests(port)} requests and {watch.descriptors()} descriptors are left, expected 0 and {before}")
    if watch.growth(watch.memory) > GROWTH_BYTES:
        soak.note(f"memory grew by {watch.growth(watch.memory) / 1e6:.0f} MB")
    if watch.growth(watch.threads) > 0:
        soak.note(f"threads grew by {watch.growth(watch.threads)}")
    if not soak.counts["answers"]:
        soak.note("nothing was answered")
    print(f"{soak.counts['answers']} answers, {soak.counts['wrong']} wrong; at most {max(resident for _, resident in watch.memory) / 1e6:.0f} MB, "
          f"{watch.most_descriptors} descriptors and {max(count for _, count in watch.threads)} threads")
    return 1 if soak.counts["wrong"] else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--model", default=ROOT / ".deps/models/all_minilm_l6_v2")
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    process = subprocess.Popen([options.binary, "-q", "serve", "--model", options.model, "--port", "0", "--precision", "float32"], stdout=subprocess.PIPE, text=True)
    try:
        status = disturb(process, int(process.stdout.readline().rsplit(":", 1)[1]), options)
    finally:
        process.terminate()
        code = process.wait(timeout=60)
    if code != 0:
        print(f"wrong: the server ended with {code}")
    sys.exit(status or (1 if code else 0))


if __name__ == "__main__":
    main()
