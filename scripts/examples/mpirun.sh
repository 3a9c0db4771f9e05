#!/usr/bin/env bash
# Trains on several machines with Open MPI's mpirun, a rank on each. Open MPI only starts the ranks; they talk over Gloo. When a rank is lost,
# mpirun ends them all: run it again, and it goes on from the last checkpoint. The first host keeps the run's folder; the corpus is on each.
#
# usage: HOSTS=node01,node02 mpirun.sh pretrain --config base --set data.corpus=corpus --run-dir run
#   RANKS=2   so many ranks on each machine
set -euo pipefail

hosts=${HOSTS:?the machines, with commas between them} ranks=${RANKS:-1}
mpirun --host "${hosts//,/:$ranks,}:$ranks" --map-by "ppr:$ranks:node" --bind-to none \
  -x MASTER_ADDR="${hosts%%,*}" -x MASTER_PORT="${PORT:-29500}" \
  albert "$@" --resume
