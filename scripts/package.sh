#!/usr/bin/env bash
# Makes a package of the program from a release build, and prints its path. What it was put together from stays in build/package/KIND.
#
# usage: scripts/package.sh wheel|deb|tar [--output FOLDER]
#   wheel             for pip: the program, which uses the LibTorch of the Python package torch, and a Python module
#   deb               for Debian 12: with LibTorch, man pages and completion
#   tar               a folder that runs where it is unpacked: with LibTorch and the other libraries
#   --output FOLDER   where the package goes (default: build/package)
set -euo pipefail
# shellcheck source=scripts/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$root"

build=build/release
packaging=scripts/packaging

main() {
  local kind='' output=build/package
  while [ $# -gt 0 ]; do
    case $1 in
      wheel | deb | tar) kind=$1 ;;
      --output) output=${2:?--output needs a folder}; shift ;;
      -h | --help) usage 0 ;;
      *) usage 2 >&2 ;;
    esac
    shift
  done
  [ -n "$kind" ] || usage 2 >&2

  scripts/setup.sh --packages >&2
  cmake --preset release > /dev/null
  cmake --build $build --target albert --parallel "$jobs" >&2
  version=$(cached CMAKE_PROJECT_VERSION)
  libtorch=$(cached LIBTORCH_ROOT)
  stage=build/package/$kind
  rm -rf "$stage"
  mkdir -p "$stage" "$output"
  "make_$kind" "$output"
}

# cached NAME: a value of the build's configuration.
cached() {
  sed -n "s/^$1:[A-Z]*=//p" $build/CMakeCache.txt
}

# install_to PREFIX COMPONENT...
install_to() {
  local component
  for component in "${@:2}"; do
    cmake --install $build --prefix "$root/$1" --strip --component "$component" > /dev/null
  done
}

make_wheel() {
  local package=$stage/files/albert_cpp
  install_to "$package" program
  cp python/albert_cpp/{*.py,py.typed} "$package"
  copy_libraries "$package/lib" "$stage/licences"
  # In site-packages it has the folder torch beside its own. An RPATH, unlike a RUNPATH, holds for the libraries of the libraries, too.
  patchelf --force-rpath --set-rpath "\$ORIGIN/../lib:\$ORIGIN/../../torch/lib" "$package/bin/albert"
  "$system_python" $packaging/make_wheel.py "$stage/files" "$version" "py3-none-manylinux_$(oldest_glibc "$package/bin/albert" "$package"/lib/*)_$(uname -m)" \
    "$stage/licences" $packaging/albert README.md "$1"
}

make_deb() {
  local files=$stage/files name doc
  name=albert_${version}_$(dpkg --print-architecture).deb
  doc=$files/usr/share/doc/albert
  install_to "$files/usr" program libtorch documents
  strip_libtorch "$files/usr/lib/albert"
  mv "$files/usr/share/zsh/site-functions" "$files/usr/share/zsh/vendor-completions" # where Debian's zsh looks
  mkdir -p "$doc/licences" "$files/DEBIAN"
  copy_libtorch_licences "$doc/licences"
  cp $packaging/copyright "$doc"
  changelog | gzip -9n > "$doc/changelog.gz"
  gzip -9n "$files"/usr/share/man/man1/*
  chmod -R u=rwX,go=rX "$files"
  control "$files" > "$files/DEBIAN/control"
  (cd "$files" && find usr -type f -print0 | sort -z | xargs -0 md5sum) > "$files/DEBIAN/md5sums"
  dpkg-deb --root-owner-group -Zxz -z1 --build "$files" "$1/.$name.partial" > /dev/null
  mv "$1/.$name.partial" "$1/$name"
  echo "$1/$name"
}

# control FILES: what dpkg is told of the package. Which packages of Debian hold the libraries that it needs, dpkg-shlibdeps finds out.
control() {
  local depends own=() library
  mkdir -p "$stage/debian"
  printf 'Source: albert\n\nPackage: albert\nArchitecture: any\n' > "$stage/debian/control"
  for library in "$root/$1"/usr/lib/albert/*; do own+=(-e "$library"); done
  depends=$(cd "$stage" && dpkg-shlibdeps -O --warnings=0 -l"$root/$1/usr/lib/albert" -e "$root/$1/usr/bin/albert" "${own[@]}")
  cat << END
Package: albert
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $(git log -1 --format='%an <%ae>')
Installed-Size: $(du -ks --exclude=DEBIAN "$1" | cut -f1)
Depends: ${depends#shlibs:Depends=}
Section: science
Priority: optional
Description: training framework for ALBERT language models
 The program albert makes a vocabulary and a corpus from raw text, pretrains
 an ALBERT, fine-tunes it on a task, and uses it. It reads and writes
 checkpoints of Hugging Face, and exports to ONNX and PyTorch.
 .
 LibTorch for CPUs is part of the package, in /usr/lib/albert.
END
}

changelog() {
  printf 'albert (%s) unstable; urgency=medium\n\n  * The commit %s.\n\n -- %s\n' "$version" "$(git log -1 --format=%h)" \
    "$(git log -1 --format='%an <%ae>  %aD')"
}

make_tar() {
  local name
  name=albert-$version-linux-$(uname -m)
  install_to "$stage/$name" program libtorch documents
  copy_libraries "$stage/$name/lib/albert" "$stage/$name/share/doc/albert/licences"
  copy_libtorch_licences "$stage/$name/share/doc/albert/licences"
  strip_libtorch "$stage/$name/lib/albert"
  patchelf --force-rpath --set-rpath "\$ORIGIN/../lib/albert" "$stage/$name/bin/albert"
  cp README.md "$stage/$name"
  tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 -C "$stage" -c "$name" | xz -T0 -1 > "$1/.$name.partial"
  mv "$1/.$name.partial" "$1/$name.tar.xz"
  say "package: $name needs glibc 2.$(oldest_glibc "$stage/$name/bin/albert" "$stage/$name"/lib/albert/* | sed 's/.*_//') or a later one"
  echo "$1/$name.tar.xz"
}

# copy_libraries FOLDER LICENCES: what the program loads beside LibTorch and what every Linux has, with the texts of its packages.
copy_libraries() {
  local path package
  mkdir -p "$1" "$2"
  foreign_libraries | while read -r path; do
    cp -L "$path" "$1"
    package=$(package_of "$path")
    cp "/usr/share/doc/$package/copyright" "$2/$package.txt"
  done
}

foreign_libraries() {
  ldd $build/albert | sed -n 's/.* => \(\/[^ ]*\).*/\1/p' | grep -vE '/(lib(c|m|dl|pthread|rt|util|resolv)\.so\.[0-9]+|libstdc\+\+\.so\.6|libgcc_s\.so\.1)$' |
    grep -vF "$(dirname "$libtorch")/"
}

# package_of FILE: Debian's. Its list may have the file below /usr/lib, or below /lib, which is a link to that.
package_of() {
  local path
  path=$(readlink -f "$1")
  { dpkg-query -S "$path" 2> /dev/null || dpkg-query -S "${path#/usr}"; } | sed 's/:.*//' | sed -n 1p
}

strip_libtorch() {
  strip --strip-unneeded "$1"/libtorch_cpu.so "$1"/libc10.so "$1"/libgomp*
}

copy_libtorch_licences() {
  local folder
  for folder in "$libtorch/../"{torch,nvidia_cuda_runtime,nvidia_cuda_cupti}-*.dist-info; do
    [ -d "$folder/licenses" ] || continue # a LibTorch that is no wheel has them elsewhere
    cat "$folder"/licenses/* > "$1/$(basename "$folder" .dist-info).txt"
  done
}

# oldest_glibc FILE...: the oldest glibc that has what they need, as 2_35. The version of libstdc++ counts as the glibc that is the oldest with
# it in the definition of manylinux_2_N.
oldest_glibc() {
  local glibc glibcxx
  glibc=$(newest_version GLIBC "$@")
  glibcxx=$(newest_version GLIBCXX "$@")
  case ${glibcxx#3.4.} in
    29) glibcxx=2.34 ;;
    30) glibcxx=2.35 ;;
    *) [ "${glibcxx#3.4.}" -lt 29 ] || die "it is not known which glibc comes with GLIBCXX_$glibcxx" ; glibcxx=2.33 ;;
  esac
  printf '%s\n' "$glibc" "$glibcxx" | sort -V | tail -1 | tr . _
}

# newest_version NAME FILE...: of the symbols that the files need from elsewhere.
newest_version() {
  objdump -T "${@:2}" | sed -n "s/.*\*UND\*.*[( ]$1_\([0-9.]*\).*/\1/p" | sort -V | tail -1
}

main "$@"
