#!/usr/bin/env bash
# Checks what a compiler does not: formatting, which folder includes which, the scripts and Python, and clang-tidy's findings.
#
# usage: scripts/lint.sh [--all | --since REV] [--minutes N]
#   --all         clang-tidy reads every file, about 10 minutes on 2 cores (the default)
#   --since REV   it reads only the files changed since REV
#   --minutes N   after N minutes clang-tidy begins no further file, and the files left out are named (default 20; 0 = no limit)
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

# Debian's clang-format 14 formats; later ones differ in details. clang-tidy 22 is the first that passes over system headers: with
# LibTorch's, those before it need half a minute a file. clang of the same version makes the precompiled headers that it reads.
clang_format=clang-format-14
clang_tidy=clang-tidy-22
tidy_compiler=clang++-22
tidy_build=$root/build/clang-tidy

main() {
  local since='' minutes=20
  while [ $# -gt 0 ]; do
    case $1 in
      --all) since='' ;;
      --since) since=${2:?--since needs a revision}; shift ;;
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
  part python check_python
  if [ -z "$since" ]; then
    part clang-tidy check_tidy "$minutes" < <(git ls-files 'src/*.cpp' 'tests/*.cpp' 'scripts/bench/*.cpp' 'scripts/examples/*.cpp' 'scripts/gpu/*.cpp')
  else
    git rev-parse -q --verify "$since^{commit}" > /dev/null || die "there is no revision $since"
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

# The Python that is part of the program parses, and its lines have at most 150 columns.
check_python() {
  git ls-files -z 'src/*.py' | xargs -0 python3 -c '
import ast, sys
faults = []
for path in sys.argv[1:]:
    text = open(path, encoding="utf-8").read()
    ast.parse(text, path)
    faults += [f"{path}:{number}: {len(line)} columns" for number, line in enumerate(text.split("\n"), 1) if len(line) > 150]
sys.exit("\n".join(faults) or None)'
}

# changed_sources REV: the .cpp files to read for what changed since: a changed header is read through a file that includes it.
changed_sources() {
  local path name
  { git diff --name-only --diff-filter=d "$1" -- 'src/*.cpp' 'src/*.h' 'tests/*.cpp' 'tests/*.h' 'scripts/bench/*.cpp' \
      'scripts/examples/*.cpp' 'scripts/examples/*.h' 'scripts/gpu/*.cpp' 'scripts/gpu/*.h'; } | while read -r path; do
    case $path in
      *.cpp) echo "$path" ;;
      *)
        name=${path#*/}
        if [ -e "${path%.h}.cpp" ]; then
          echo "${path%.h}.cpp"
        else
          { git grep -l "#include \"$name\"" -- 'src/*.cpp' 'tests/*.cpp' || true; } | sed -n 1p # no failure here may end the loop
        fi
        ;;
    esac
  done | sort -u
}

# check_tidy MINUTES < FILES: in a build folder of its own, where clang has precompiled what files may rely on.
check_tidy() {
  local deadline=$(($1 == 0 ? 1 << 40 : $(date +%s) + $1 * 60)) status=0 files skipped
  configure_for_tidy < /dev/null || return 1
  mapfile -t files < <(known_to_cmake | newest_first)
  [ ${#files[@]} -gt 0 ] || return 0
  skipped=$(mktemp)
  printf '%s\n' "${files[@]}" | xargs -P "$jobs" -I{} bash -c "$(declare -f tidy_file); tidy_file {} $deadline $skipped $clang_tidy $tidy_build" ||
    status=1
  if [ -s "$skipped" ]; then
    say "lint: $(wc -l < "$skipped") of ${#files[@]} files were not read within $1 minutes (scripts/lint.sh --minutes 0 reads them):"
    sort "$skipped" >&2
  fi
  rm -f "$skipped"
  return "$status"
}

# LibTorch's headers include OpenMP's, which g++ keeps in a folder of its own.
configure_for_tidy() {
  local openmp
  openmp=$(dirname "$(g++ -print-file-name=include/omp.h)")
  cmake -S . -B "$tidy_build" -G Ninja -DCMAKE_CXX_COMPILER="$tidy_compiler" -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DCMAKE_CXX_FLAGS="-idirafter $openmp" \
    -DALBERT_CCACHE=OFF -DALBERT_BUILD_BENCHMARKS=ON -DALBERT_FUZZ=ON > /dev/null &&
    cmake --build "$tidy_build" --parallel "$jobs" --target albert_precompiled_headers >&2
}

# newest_first < FILES: by their last commit, so that files which are left out when time is over are those that were read most often before.
newest_first() {
  awk 'is_list { is_wanted[$0] = 1; next }
       $0 in is_wanted { print; delete is_wanted[$0] }
       END { for (file in is_wanted) print file }' is_list=1 - is_list=0 <(git log --format= --name-only)
}

# known_to_cmake < FILES: those that belong to a target.
known_to_cmake() {
  grep -Fx -f <(sed -n "s|^  \"file\": \"$root/\(.*\)\",*$|\1|p" "$tidy_build/compile_commands.json") || true
}

tidy_file() {
  local file=$1 deadline=$2 skipped=$3 clang_tidy=$4 build=$5 output
  if [ "$(date +%s)" -ge "$deadline" ]; then
    echo "$file" >> "$skipped"
  elif ! output=$("$clang_tidy" -p "$build" --quiet "$file" 2>&1); then
    printf '%s\n' "$output" >&2
    return 1
  fi
}

main "$@"
