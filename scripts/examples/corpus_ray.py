#!/usr/bin/env python3
"""Builds a corpus in parts with Ray, a remote task for each, and merges them. The machines of the cluster see the same folders. Ray tries a
part that was killed again; run the script again after a stop, and it builds what is missing.

    pip install ray
    scripts/examples/corpus_ray.py --input TEXTS --tokenizer TOKENIZER --parts 64 --output CORPUS [-- OPTION of corpus build...]
"""

import argparse
import subprocess
from pathlib import Path

import ray

THREADS = 2  # of each part


@ray.remote(num_cpus=THREADS, max_retries=3, retry_exceptions=[RuntimeError])
def build_part(arguments, part):
    """Builds one part. What was killed is tried again; what the program refuses is not."""
    result = subprocess.run(["albert", "--quiet", "corpus", "build", "--part", part, "--threads", str(THREADS), *arguments],
                            stderr=subprocess.PIPE, text=True)
    if result.returncode < 0:
        raise RuntimeError(f"part {part} was killed by signal {-result.returncode}")
    if result.returncode > 0:
        raise SystemError(f"part {part}: {result.stderr}")
    return part


def resolved(text):
    """The whole path of a text, or of a list of texts: "@FILE"."""
    return f"@{Path(text[1:]).resolve()}" if text.startswith("@") else str(Path(text).resolve())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--input", required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--parts", type=int, default=64)
    parser.add_argument("options", nargs="*", help="more options of `albert corpus build`, behind --")
    options = parser.parse_args()

    parts = Path(f"{options.output.resolve()}.parts")
    arguments = ["--input", resolved(options.input), "--tokenizer", options.tokenizer.resolve(), "--output", parts, *options.options]
    ray.init(log_to_driver=False)  # or the cluster that RAY_ADDRESS names
    waiting = [build_part.remote([*map(str, arguments)], f"{i + 1}/{options.parts}") for i in range(options.parts)]
    while waiting:
        done, waiting = ray.wait(waiting)
        print("part", ray.get(done[0]), "is there", flush=True)
    subprocess.run(["albert", "corpus", "merge", parts, "--output", options.output], check=True)


if __name__ == "__main__":
    main()
