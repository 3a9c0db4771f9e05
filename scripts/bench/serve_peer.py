"""The peer's side of serve.py: POST /embed {"inputs": [text]} by FastAPI and ONNX Runtime, over a folder that `albert export` wrote. What comes while
the model computes is computed together next, padded to the longest.

    serve_peer.py FOLDER PORT THREADS"""

import asyncio
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Response
from tokenizers import Tokenizer

MAX_TEXTS = 64
folder, port, threads = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
session = onnxruntime.InferenceSession(folder / "onnx/model.onnx", options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.enable_padding()
tokenizer.enable_truncation(256)
waiting = asyncio.Queue()


def compute(texts):
    encoded = tokenizer.encode_batch(texts)
    columns = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
    inputs = {name: np.array([getattr(one, column) for one in encoded], dtype=np.int64) for name, column in columns.items()}
    return session.run(["sentence_embedding"], inputs)[0]


async def answer_all():
    while True:
        batch = [await waiting.get()]
        while len(batch) < MAX_TEXTS and not waiting.empty():
            batch.append(waiting.get_nowait())
        vectors = await asyncio.to_thread(compute, [text for text, _ in batch])
        for vector, (_, future) in zip(vectors, batch):
            if not future.done():
                future.set_result(vector)


@asynccontextmanager
async def lifespan(_):
    task = asyncio.create_task(answer_all())
    yield
    task.cancel()


app = FastAPI(lifespan=lifespan)


@app.post("/embed")
async def embed(body: dict):
    futures = []
    for text in body["inputs"]:
        futures.append(asyncio.get_running_loop().create_future())
        waiting.put_nowait((text, futures[-1]))
    vectors = [await future for future in futures]
    return Response("[" + ",".join("[" + ",".join(map(repr, vector.tolist())) + "]" for vector in vectors) + "]", media_type="application/json")


uvicorn.run(app, port=port, log_level="warning", access_log=False)
