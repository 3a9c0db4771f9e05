#!/usr/bin/env bash
# Trains on two machines with torchrun (pip install torch), a rank on each; run it on both. HEAD is one of them, as both reach it. When a rank
# is lost, torchrun starts all of them again, up to three times, and they go on from the last checkpoint: the run's folder must be one that
# both machines see. On one machine: torchrun --no-python --standalone --nproc-per-node=2 albert pretrain ...
#
# usage: HEAD=node01 torchrun.sh pretrain --config base --set data.corpus=corpus --run-dir run
#   RANKS=2       so many ranks on each machine, as one for each socket or GPU
#   MACHINES=4    so many machines
#   ADDRESS=IP    of this machine in the network, where its own name means 127.0.1.1, as on Debian
set -euo pipefail

torchrun --no-python \
  --nnodes="${MACHINES:-2}" --nproc-per-node="${RANKS:-1}" --max-restarts=3 \
  --rdzv-id=albert --rdzv-backend=c10d --rdzv-endpoint="${HEAD:?the name of one of the machines}:${PORT:-29400}" \
  ${ADDRESS:+--local-addr="$ADDRESS"} \
  albert "$@" --resume
