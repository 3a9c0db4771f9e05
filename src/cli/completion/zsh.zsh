#compdef albert
# Completion of `albert` in zsh: source <(albert completion zsh), after compinit
# The program itself says what may come next; this only hands it the words.
_albert() {
  local line candidate
  local -a whole whole_shown open open_shown
  for line in "${(@f)$("${(Q)words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2> /dev/null)}"; do
    candidate=${line%%$'\t'*}
    if [[ -z $candidate ]]; then
      continue
    elif [[ $candidate == :files ]]; then
      compset -P '--*='
      _files
    elif [[ $candidate == *= ]]; then
      open+=("$candidate")
      open_shown+=("${line/$'\t'/  -- }")
    else
      whole+=("$candidate")
      whole_shown+=("${line/$'\t'/  -- }")
    fi
  done
  (( $#whole )) && compadd -l -d whole_shown -a whole
  (( $#open )) && compadd -l -S '' -d open_shown -a open
}
if [[ $funcstack[1] == _albert ]]; then # a file of $fpath, whose first call this is
  _albert "$@"
else
  compdef _albert albert
fi
