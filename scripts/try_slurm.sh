#!/usr/bin/env bash
# Sets up a Slurm of one node on this machine, in a folder of its own, and submits scripts/examples/slurm.sbatch to it: a training in two ranks.
# Shows that USR1 saves the run, that it is put back into the queue and goes on; that the same follows when a rank is killed; and that it ends
# with the weights of a run that nothing disturbed. Then builds a corpus by the array of scripts/examples/corpus_slurm.sbatch, of which one task is
# killed. Takes two minutes. Needs root, and the packages slurm-wlm and munge; ends the daemons that it started.
#
# usage: scripts/try_slurm.sh [FOLDER]
#   FOLDER   where to work; else a temporary one, removed afterwards
#
# ALBERT_BINARY=FILE is the program; else build/release/albert.
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

albert=$(realpath "${ALBERT_BINARY:-$root/build/release/albert}")
main() {
  case ${1:-} in -h | --help) usage 0 ;; esac
  [ "$(id -u)" -eq 0 ] || die "needs root, as Slurm's daemons do"
  local program
  for program in munged slurmctld slurmd sbatch; do
    command -v "$program" > /dev/null || die "there is no $program: apt-get install slurm-wlm munge"
  done
  folder=${1:-$(mktemp -d)}
  [ $# -gt 0 ] || trap 'rm -rf "$folder"' EXIT
  mkdir -p "$folder"
  cd "$folder"
  folder=$PWD
  make_tiny_training "$albert" 600 0 1000
  start_slurm
  trap 'stop_slurm; [ -n "${1:-}" ] || rm -rf "$folder"' EXIT

  local job
  job=$(PATH=$(dirname "$albert"):$PATH sbatch --parsable --nodes=1 --ntasks-per-node=2 --cpus-per-task=1 --time=10 --output=job.log \
    "$root/scripts/examples/slurm.sbatch" pretrain --config run.yaml --run-dir run)
  until_true "the run makes 40 updates" test_steps 40
  scancel --signal=USR1 "$job"
  back_in_queue "$job" 1
  grep -o 'stopped by SIGUSR1 after step [0-9]*; the state is saved' job.log
  until_true "the run makes 80 updates" test_steps 80
  kill -KILL "$(process_of_rank 1)"
  back_in_queue "$job" 2
  grep -o 'rank 1 on .* gave no sign of life' job.log
  until_true "the job ends" ended "$job"
  grep -o 'resuming at step [0-9]*' job.log
  scontrol show job "$job" | grep -oE 'JobState=[A-Z]+|Restarts=[0-9]+|ExitCode=[0-9:]+'
  "$albert" -q pretrain --config run.yaml --run-dir undisturbed --ranks 2 > undisturbed.log
  cmp run/checkpoints/latest/model.safetensors undisturbed/checkpoints/latest/model.safetensors
  echo "the weights are those of a run that nothing disturbed"
  try_array
}

# The corpus of the tiny training in 4 parts. The first try of part 3 is killed.
try_array() {
  mkdir bin
  cat > bin/albert << END
#!/bin/sh
case " \$* " in *" 3/4 "*) [ -e "$folder/tried" ] || { touch "$folder/tried"; kill -KILL \$\$; } ;; esac
exec "$albert" "\$@"
END
  chmod +x bin/albert
  local array merge
  array=$(PATH=$folder/bin:$PATH sbatch --parsable --array=1-4 --cpus-per-task=1 --output=array-%a.log \
    --export="ALL,PARTS=4,INPUT=$folder/text.txt,TOKENIZER=$folder/tokenizer,PARTS_FOLDER=$folder/parts" "$root/scripts/examples/corpus_slurm.sbatch")
  back_in_queue "${array}_3" 1
  merge=$(PATH=$folder/bin:$PATH sbatch --parsable --dependency=afterok:"$array" --output=merge.log --wrap "albert corpus merge parts --output merged")
  until_true "the merge ends" ended "$merge"
  "$albert" -q corpus build --input text.txt --tokenizer tokenizer --output single > /dev/null
  diff -r single merged
  echo "the corpus of the array is that of one build"
}

# back_in_queue JOB TIMES: waits until it has been put back so often, and lets it start again.
back_in_queue() {
  until_true "the job is put back into the queue" restarted "$1" "$2"
  # Slurm lets a job that was put back wait for two minutes. Some of that is needed: what it started before has to be gone.
  sleep 5
  scontrol update JobId="$1" StartTime=now
}

process_of_rank() {
  local process
  for process in /proc/[0-9]*; do
    if [ "$(readlink "$process/exe") $(readlink "$process/cwd")" != "$albert $folder" ]; then continue; fi
    if tr '\0' '\n' < "$process/environ" | grep -qx "SLURM_PROCID=$1"; then echo "${process#/proc/}"; fi
  done 2> /dev/null
}

start_slurm() {
  mkdir -p munge state spool
  chmod 700 munge
  head -c 1024 /dev/urandom > munge/key
  chmod 600 munge/key
  munged --foreground --force --key-file="$folder/munge/key" --socket="$folder/munge/socket" --pid-file="$folder/munge/pid" \
    --log-file="$folder/munge/log" --seed-file="$folder/munge/seed" 2> munge/errors &
  daemons=($!)
  export SLURM_CONF=$folder/slurm.conf
  cat > slurm.conf << END
ClusterName=albert-try
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$((26000 + $$ % 2000))
SlurmdPort=$((28000 + $$ % 2000))
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=batch_sched_delay=1,sched_interval=1
SchedulerType=sched/builtin
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=4000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
  until_true "munge answers" test -S munge/socket
  slurmctld -D 2> slurmctld.errors &
  daemons+=($!)
  slurmd -D 2> slurmd.errors &
  daemons+=($!)
  until_true "the node is idle" node_is_idle
}

stop_slurm() {
  scancel --full --signal=KILL --user=root 2> /dev/null || true
  local process
  for process in "${daemons[@]}"; do kill "$process" 2> /dev/null || true; done
  wait "${daemons[@]}" 2> /dev/null || true
}

until_true() {
  local deadline=$((SECONDS + 90))
  until "${@:2}" > /dev/null 2>&1; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      tail -n 20 slurmctld.log slurmd.log job.log >&2 || true
      die "not within 90 s: $1"
    fi
    sleep 0.2
  done
}

node_is_idle() { [ "$(sinfo --noheader --format=%T)" = idle ]; }
test_steps() { [ "$(wc -l < run/metrics.jsonl)" -ge "$1" ]; }
state_of() { scontrol show job "$1" | grep -o 'JobState=[A-Z]*'; }
restarted() { scontrol show job "$1" | grep -q "Restarts=$2 " && [ "$(state_of "$1")" = JobState=PENDING ]; }
ended() { [[ $(state_of "$1") =~ =(COMPLETED|FAILED|CANCELLED|TIMEOUT) ]]; }

main "$@"
