# Sourced by the other scripts: where things are, and how to say something.
# shellcheck shell=bash disable=SC2034 # the variables are for the script that sources this

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps=$root/.deps
# The system's Python, whichever one comes first on PATH: only that one is known to match the packages that setup.sh installs.
system_python=/usr/bin/python3
tests_python=$deps/python/bin/python

say() { printf '%s\n' "$*" >&2; }
die() {
  say "$(basename "$0"): $*"
  exit 1
}
# usage <exit code>: the comment at the top of the calling script.
usage() {
  sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
  exit "$1"
}

# The number of processes to build and check with: one a core, and one for each 2 GB of memory, which a file with LibTorch may take.
jobs=$(awk -v cores="$(nproc)" '/^MemAvailable/ { fit = int($2 / 2097152); print (fit < 1 ? 1 : fit < cores ? fit : cores) }' /proc/meminfo)

# make_tiny_training ALBERT STEPS EVALUATE_EVERY SAVE_EVERY: in the current folder a corpus of invented sentences, and run.yaml, a training on it
# that takes seconds.
make_tiny_training() {
  local albert=$1 steps=$2 evaluate_every=$3 save_every=$4
  awk 'BEGIN { srand(1); split("Anna Bertram Clara met saw heard in the garden church on day", w, " ")
    for (i = 0; i < 600; ++i) { s = ""; for (k = 0; k < 9; ++k) s = s w[1 + int(rand() * 12)] " "; print s "."; if (i % 8 == 7) print "" } }' > text.txt
  "$albert" -q tokenizer train --input text.txt --vocab-size 36 --output tokenizer
  "$albert" -q corpus build --input text.txt --format lines --tokenizer tokenizer --output corpus > /dev/null 2>&1
  cat > run.yaml << END
model: {vocab_size: 0, embedding_size: 16, hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, intermediate_size: 64}
data: {corpus: corpus, max_sequence_length: 64}
train: {steps: $steps, batch_size: 8, micro_batch_size: 4, precision: float32, device: cpu, threads: 1}
schedule: {warmup_steps: 10}
evaluate: {every: $evaluate_every}
checkpoint: {every: $save_every, keep: 2}
log: {every: 1}
parallel: {timeout_s: 6}
END
}
