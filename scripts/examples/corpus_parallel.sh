#!/bin/sh
# Builds a corpus in parts with GNU parallel, on this machine or on several that share a folder, and merges them. A part that fails is tried
# again twice; run the script again after a stop, and it builds what is missing.
#
#     scripts/examples/corpus_parallel.sh TEXTS TOKENIZER OUTPUT [OPTION of corpus build]...
#
# PARTS: how many (64). JOBS: how many at once on each machine (2). SSH_HOSTS: "node1,node2", machines to use, which see the same folders.
set -eu
if [ $# -lt 3 ]; then sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; fi
case $1 in
  @*) texts=@$(realpath "${1#@}") ;; # a list of texts, one a line: for other machines, with whole paths
  *) texts=$(realpath "$1") ;;
esac
tokenizer=$(realpath "$2") output=$(realpath -m "$3")
shift 3
parts=${PARTS:-64}

seq "$parts" | parallel --jobs "${JOBS:-2}" ${SSH_HOSTS:+--sshlogin "$SSH_HOSTS"} --retries 3 --halt soon,fail=1 --quote \
  albert --quiet corpus build --part "{}/$parts" --input "$texts" --tokenizer "$tokenizer" --output "$output.parts" "$@"
albert corpus merge "$output.parts" --output "$output"
