# Sourced by the quick starts: the steps that they share. The script has set `output`, the folder for everything.
# shellcheck shell=bash disable=SC2154,SC2034
albert=build/release/albert

# read_settings ARGS...: sets `settings` to what --set says over the recipe of pretraining.
read_settings() {
  settings=()
  while [ $# -gt 0 ]; do
    case $1 in
      --set) settings+=(--set "${2:?--set needs KEY=VALUE}"); shift ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
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

# fill_in TEXT...: the three likeliest words for each mask.
fill_in() {
  local sentence
  for sentence in "$@"; do
    printf '%s\n' "$sentence"
    "$albert" --quiet fill-mask --model "$output/run/checkpoints/latest" --top-k 3 "$sentence"
  done
}

# finetune RUN-DIR CONFIG DATA [--set KEY=VALUE]...: goes on with a run of the same pretrained model; one of another model starts over.
finetune() {
  local model
  model=$(sha256sum < "$output/run/checkpoints/latest/model.safetensors")
  [ "$(cat "$1.model" 2> /dev/null)" = "$model" ] || rm -rf "$1"
  printf '%s\n' "$model" > "$1.model"
  "$albert" finetune --config "$2" --model "$output/run/checkpoints/latest" --data "$3" --run-dir "$1" "${@:4}" --resume
}
