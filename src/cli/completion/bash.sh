# Completion of `albert` in bash: source <(albert completion bash)
# The program itself says what may come next; this only hands it the words.
_albert() {
  local line=${COMP_LINE:0:COMP_POINT} words word candidate given
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  word=${words[-1]}
  COMPREPLY=()
  # bash replaces what stands behind the last of the characters that break words.
  given=${word%"${word##*[$COMP_WORDBREAKS]}"}
  while IFS=$'\t' read -r candidate _; do
    if [[ $candidate == :files ]]; then
      compopt -o filenames
      [[ $word == --*=* ]] && word=${word#*=}
      while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$word")
    else
      [[ $candidate == *= ]] && compopt -o nospace
      COMPREPLY+=("${candidate#"$given"}")
    fi
  done < <("${words[0]}" __complete -- "${words[@]:1}" 2> /dev/null)
}
complete -F _albert albert
