#!/usr/bin/env python3
"""Builds a corpus in parts with PySpark's mapPartitions, and merges them. The executors and this program see the folder of the output. Spark
tries a part that was killed again; run the script again after a stop, and it builds what is missing.

    pip install pyspark
    scripts/examples/corpus_pyspark.py --input TEXTS --tokenizer TOKENIZER --parts 64 --output CORPUS [-- OPTION of corpus build...]

With --records, Spark reads the input (JSON lines on any file system that it knows, as s3a:// or hdfs://), and each of its partitions goes
through a pipe: it is the part.
"""

import argparse
import subprocess
from pathlib import Path

from pyspark.sql import SparkSession


def build_part(arguments, part, lines=None):
    """Builds one part, of the input's files or of `lines`."""
    command = ["albert", "--quiet", "corpus", "build", "--part", part, *arguments]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL if lines is None else subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               encoding="utf-8")
    try:
        for line in lines or ():
            process.stdin.write(line + "\n")
    except BrokenPipeError:
        pass  # the part is there already, or the program says why not
    _, log = process.communicate()
    if process.returncode != 0:
        raise RuntimeError(f"part {part}: exit code {process.returncode}: {log}")
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
    parser.add_argument("--records", action="store_true", help="let Spark read the input, JSON lines")
    parser.add_argument("options", nargs="*", help="more options of `albert corpus build`, behind --")
    options = parser.parse_args()

    # local[*,4]: all cores of this machine, each task up to 4 times; spark-submit --master names another place.
    context = SparkSession.builder.appName("corpus").master("local[*,4]").getOrCreate().sparkContext
    parts = f"{options.output.resolve()}.parts"
    arguments = ["--tokenizer", str(options.tokenizer.resolve()), "--output", parts, "--threads", "1", *options.options]
    if options.records:
        lines = context.textFile(options.input, options.parts)
        count = lines.getNumPartitions()  # Spark may make more of it
        arguments += ["--input", "-", "--format", "jsonl"]
        built = lines.mapPartitionsWithIndex(lambda i, part: [build_part(arguments, f"{i + 1}/{count}", part)])
    else:
        arguments += ["--input", resolved(options.input)]
        numbers = context.parallelize(range(1, options.parts + 1), options.parts)
        built = numbers.mapPartitions(lambda numbers: [build_part(arguments, f"{i}/{options.parts}") for i in numbers])
    for part in built.collect():
        print("part", part, "is there", flush=True)
    subprocess.run(["albert", "corpus", "merge", parts, "--output", options.output], check=True)


if __name__ == "__main__":
    main()
