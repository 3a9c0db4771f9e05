#!/usr/bin/env bash
# Checks what a compiler does not: formatting, which folder includes which, the scripts, and clang-tidy's findings.
#
# usage: scripts/lint.sh [--since REV] [--all] [--minutes N]
#   --since REV   clang-tidy reads the files changed since REV (default: since the branch left origin/main, else the previous commit)
#   --all         clang-tidy reads every file; 30 to 100 s each
#   --minutes N   after N minutes clang-tidy begins no further file, and the files left out are named (default 20; 0 = no limit)
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

# Debian's clang-format 14 formats; later ones differ in details. Its clang-tidy 14 rejects much of C++20.
clang_format=clang-format-14
clang_tidy=clang-tidy-19
tidy_build=$root/build/tidy

main() {
  local since='' all=false minutes=20
  while [ $# -gt 0 ]; do
    case $1 in
      --since) since=${2:?--since needs a revision}; shift ;;
      --all) all=true ;;
      --minutes) minutes=${2:?--minutes needs a number}; shift ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
  scripts/setup.sh --lint

  failed=()
  part format check_format
  part includes check_includes
  part shellcheck check_scripts
  if $all; then
    part clang-tidy check_tidy "$minutes" < <(git ls-files 'src/*.cpp' 'tests/*.cpp')
  else
    since=${since:-$(default_revision)}
    part "clang-tidy, files changed since $since" check_tidy "$minutes" < <(changed_sources "$since")
  fi
  [ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}"
  say "lint: clean"
}

# part NAME FUNCTION ARGS...: runs every part, so that one run shows all findings.
part() {
  local start=$SECONDS result=ok
  "${@:2}" || { result=failed; failed+=("${1%%,*}"); }
  say "lint: $1: $result, $((SECONDS - start)) s"
}

check_format() {
  git ls-files -z '*.h' '*.cpp' | xargs -0 "$clang_format" --dry-run -Werror
}

check_includes() {
  scripts/check_includes.py --self-test && scripts/check_includes.py
}

check_scripts() {
  { git ls-files 'scripts/*.sh'; echo .ci/run; } | xargs shellcheck -x
}

# The branch point, or the commit before on the main branch itself; in a clone of one commit, that commit.
default_revision() {
  local base
  base=$(git merge-base HEAD origin/main 2> /dev/null || true)
  if [ -z "$base" ] || [ "$base" = "$(git rev-parse HEAD)" ]; then
    base=$(git rev-parse -q --verify HEAD~1 || git rev-parse HEAD)
  fi
  git rev-parse --short "$base"
}

# changed_sources REV: the .cpp files to read for what changed since: a changed header is read through a file that includes it.
changed_sources() {
  local path name
  { git diff --name-only --diff-filter=d "$1" -- 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h'; } | while read -r path; do
    case $path in
      *.cpp) echo "$path" ;;
      *)
        name=${path#*/}
        if [ -e "${path%.h}.cpp" ]; then
          echo "${path%.h}.cpp"
        else
          git grep -l "#include \"$name\"" -- 'src/*.cpp' 'tests/*.cpp' | head -1
        fi
        ;;
    esac
  done | sort -u
}

# check_tidy MINUTES < FILES: in a build folder of its own, since clang reads none of g++'s precompiled headers.
check_tidy() {
  local deadline=$(($1 == 0 ? 1 << 40 : $(date +%s) + $1 * 60)) status=0 files skipped
  mapfile -t files < <(known_to_cmake)
  [ ${#files[@]} -gt 0 ] || return 0
  skipped=$(mktemp)
  printf '%s\n' "${files[@]}" | xargs -P "$jobs" -I{} bash -c "$(declare -f tidy_file); tidy_file {} $deadline $skipped $clang_tidy $tidy_build" ||
    status=1
  if [ -s "$skipped" ]; then
    say "lint: $(wc -l < "$skipped") of ${#files[@]} files were not read within $1 minutes (scripts/lint.sh --all --minutes 0 reads them):"
    sort "$skipped" >&2
  fi
  rm -f "$skipped"
  return "$status"
}

# known_to_cmake < FILES: configures, and keeps the files that belong to a target.
known_to_cmake() {
  cmake -S . -B "$tidy_build" -G Ninja -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DALBERT_CCACHE=OFF > /dev/null
  grep -Fx -f <(sed -n "s|^  \"file\": \"$root/\(.*\)\",*$|\1|p" "$tidy_build/compile_commands.json") || true
}

tidy_file() {
  local file=$1 deadline=$2 skipped=$3 clang_tidy=$4 build=$5 output
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "$file" >> "$skipped"
  elif ! output=$("$clang_tidy" -p "$build" --quiet "$file" 2> /dev/null); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

main "$@"
