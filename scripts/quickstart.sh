#!/usr/bin/env bash
# From a fresh machine to a trained ALBERT in about 15 minutes on 2 cores with AVX512_BF16, an hour on older ones: sets up, builds, fetches
# Jane Austen's six novels, learns a vocabulary of 8,000 pieces, builds a corpus, pretrains a small model and fills in masked words; then
# fetches sentences of film reviews and fine-tunes the model to tell the positive from the negative ones. Everything lands in quickstart/
# (ignored by git). Run again, it keeps the steps that are done; remove quickstart/ to start over.
#
# usage: scripts/quickstart.sh [--set KEY=VALUE]...
#   --set KEY=VALUE   a setting over the recipe of pretraining, as in --set train.steps=100
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

novels=data/fetched/austen
reviews=data/fetched/reviews
output=quickstart
albert=build/release/albert
chapter='^(CHAPTER|Chapter) [0-9IVXLC]+$'
sentences=(
  "She was very [MASK] to see him again."
  "It is a truth universally acknowledged, that a single [MASK] in possession of a good fortune, must be in want of a wife."
  "Mr. Darcy looked at her, and said [MASK]."
)
opinions=(
  "A charming and often moving film, beautifully acted."
  "The plot is dull, the jokes are stale, and it goes on for ever."
  "One of the best comedies of the year."
)

main() {
  local settings=()
  while [ $# -gt 0 ]; do
    case $1 in
      --set) settings+=(--set "${2:?--set needs KEY=VALUE}"); shift ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done

  step "Setting up" scripts/setup.sh
  step "Building albert" build
  step "Fetching six novels" scripts/fetch_austen.py "$novels"
  mkdir -p "$output"
  [ -d $output/tokenizer ] || step "Learning a vocabulary of 8,000 pieces" "$albert" tokenizer train \
    --input $novels --document-separator "$chapter" --vocab-size 8000 --output $output/tokenizer
  [ -d $output/corpus ] || step "Building the corpus: every chapter a document, one in thirty held out" "$albert" corpus build \
    --input $novels --document-separator "$chapter" --tokenizer $output/tokenizer --held-out 0.03 --output $output/corpus
  step "Pretraining" "$albert" pretrain --config quickstart --set data.corpus=$output/corpus \
    "${settings[@]}" --run-dir $output/run --resume
  step "On text that it was not trained on" "$system_python" scripts/quickstart_report.py $output/run/metrics.jsonl
  step "Filling in masked words" fill_in
  step "Fetching film reviews" scripts/fetch_reviews.py "$reviews"
  step "Fine-tuning on film reviews" finetune $output/reviews
  step "The same without what was pretrained" finetune $output/reviews-from-scratch --set model.fresh_weights=true
  step "On reviews that it was not trained on" "$system_python" scripts/quickstart_report.py --reviews $reviews/dev.tsv \
    $output/reviews/figures.json $output/reviews-from-scratch/figures.json
  step "Predicting" predict
  say_what_next
}

step() {
  local start=$SECONDS
  printf '\n== %s\n' "$1"
  "${@:2}"
  printf '   (%d s)\n' $((SECONDS - start))
}

build() {
  cmake --preset release > /dev/null
  cmake --build build/release --target albert --parallel "$jobs"
}

fill_in() {
  local sentence
  for sentence in "${sentences[@]}"; do
    printf '%s\n' "$sentence"
    "$albert" --quiet fill-mask --model $output/run/checkpoints/latest --top-k 3 "$sentence"
  done
}

# finetune RUN-DIR [--set KEY=VALUE]: goes on with a run of the same pretrained model; one of another model starts over.
finetune() {
  local model
  model=$(sha256sum < $output/run/checkpoints/latest/model.safetensors)
  [ "$(cat "$1.model" 2> /dev/null)" = "$model" ] || rm -rf "$1"
  printf '%s\n' "$model" > "$1.model"
  "$albert" finetune --config quickstart --model $output/run/checkpoints/latest --data "$reviews" --run-dir "$1" \
    "${@:2}" --resume
}

predict() {
  printf '%s\n' "${opinions[@]}" | "$albert" --quiet predict --model $output/reviews | paste - <(printf '%s\n' "${opinions[@]}")
}

say_what_next() {
  cat << END

== Done in $((SECONDS / 60)) min $((SECONDS % 60)) s. What next:
   $albert fill-mask --model $output/run/checkpoints/latest "Your own sentence with a [MASK]."
   echo "Your own opinion." | $albert predict --model $output/reviews
   $albert corpus show $output/corpus --example 0 --epoch 0     what the model was trained on
   $albert info $output/run/checkpoints/latest                  its parameters, part by part
   scripts/quickstart.sh --set train.steps=N                      train further, from where it stopped
   scripts/test.sh                                                run the tests
Text of your own: give its folder to "albert tokenizer train --input" and "albert corpus build --input"; configs/ has larger models, and
configs/finetune a recipe for each kind of task.
END
}

main "$@"
