#!/usr/bin/env bash
# From a fresh machine to a trained ALBERT in about 10 minutes on 2 cores, most of which the build takes: sets up, builds, fetches Jane
# Austen's six novels, learns a vocabulary of 8,000 pieces, builds a corpus, pretrains a small model and fills in masked words; then
# fine-tunes it to put punctuation into 300 passages that have none. Everything lands in quickstart/ (ignored by git). Run again, it keeps
# the steps that are done; remove quickstart/ to start over.
#
# usage: scripts/quickstart.sh [--set KEY=VALUE]...
#   --set KEY=VALUE   a setting over the recipe of pretraining, as in --set train.steps=100
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/quickstart_steps.sh
source "$root/scripts/quickstart_steps.sh"
cd "$root"

novels=data/fetched/austen
output=quickstart
text=$output/data/text
task=$output/data/task
chapter='^(CHAPTER|Chapter) [0-9IVXLC]+$'
sentences=(
  "She was very [MASK] to see him again."
  "It is a truth universally acknowledged, that a single [MASK] in possession of a good fortune, must be in want of a wife."
  "Mr. Darcy looked at her, and said [MASK]."
)
heard=(
  "she was very happy to see him but he did not speak a word"
  "my dear jane how could you think of it"
)

main() {
  read_settings "$@"
  step "Setting up" scripts/setup.sh
  step "Building albert" build
  step "Fetching six novels" scripts/fetch_austen.py "$novels"
  step "Making a task of them" scripts/austen_punctuation.py "$novels" "$output/data"
  [ -d $output/tokenizer ] || step "Learning a vocabulary of 8,000 pieces" "$albert" tokenizer train \
    --input $text --document-separator "$chapter" --vocab-size 8000 --output $output/tokenizer
  [ -d $output/corpus ] || step "Building the corpus: every chapter a document, one in thirty held out" "$albert" corpus build \
    --input $text --document-separator "$chapter" --tokenizer $output/tokenizer --held-out 0.03 --output $output/corpus
  step "Pretraining" "$albert" pretrain --config quickstart --set data.corpus=$output/corpus \
    "${settings[@]}" --run-dir $output/run --resume
  step "On text that it was not trained on" "$system_python" scripts/quickstart_report.py $output/run/metrics.jsonl
  step "Filling in masked words" fill_in "${sentences[@]}"
  step "Learning to put punctuation, from 300 passages" finetune $output/punctuation quickstart $task
  step "The same without what was pretrained" finetune $output/from-scratch quickstart $task --set model.fresh_weights=true
  step "On chapters that it was not trained on" "$system_python" scripts/quickstart_report.py --task $task/dev.txt \
    $output/punctuation/figures.json $output/from-scratch/figures.json
  step "Predicting" predict
  say_what_next
}

# Words and their tags as a text with points and commas.
predict() {
  paste -d '\n' <(printf '%s\n' "${heard[@]}") <(printf '%s\n' "${heard[@]}" | "$albert" --quiet predict --model $output/punctuation) |
    awk 'NR % 2 { split($0, words, " "); next }
         { for (i = 1; i <= NF; i++) printf "%s%s", words[i] ($i == "comma" ? "," : $i == "stop" ? "." : ""), i < NF ? " " : "\n" }'
}

say_what_next() {
  cat << END

== Done in $((SECONDS / 60)) min $((SECONDS % 60)) s. What next:
   $albert fill-mask --model $output/run/checkpoints/latest "Your own sentence with a [MASK]."
   echo "some words of your own without any point" | $albert predict --model $output/punctuation
   $albert corpus show $output/corpus --example 0 --epoch 0     what the model was trained on
   $albert info $output/run/checkpoints/latest                  its parameters, part by part
   scripts/quickstart.sh --set train.steps=N                      train further, from where it stopped
   scripts/test.sh                                                run the tests
Text of your own: give its folder to "albert tokenizer train --input" and "albert corpus build --input"; configs/ has larger models, and
configs/finetune a recipe for each kind of task.
END
}

main "$@"
