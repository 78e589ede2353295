#!/usr/bin/env bash
# Installs what is needed, as far as it is missing:   packages.sh tool|build|checks...
# tool: to build the program `locket`; build: to build and test everything; checks: what .ci/run wants besides.
# Debian and Ubuntu only; elsewhere it says what is needed and leaves the rest to the configure step. A second
# run asks dpkg only.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

# shellcheck disable=SC2034  # read by name below
tool=(g++ cmake ninja-build libfmt-dev rapidjson-dev nlohmann-json3-dev libssl-dev libargon2-dev libcli11-dev
  libsqlite3-dev libsqlitecpp-dev libtomlplusplus-dev libyaml-dev)
# shellcheck disable=SC2034
build=("${tool[@]}" ccache pkgconf zlib1g-dev libcurl4-openssl-dev libcatch2-dev libbenchmark-dev python3-pip
  python3-venv python3-argon2 python3-cryptography python3-dotenv python3-yaml gdb tmux groff-base zsh fish sqlite3 age
  postgresql)
# shellcheck disable=SC2034
checks=(python3 clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev llvm-19 shellcheck)

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
has_catch2() {
  is_installed libcatch2-dev &&
    dpkg --compare-versions "$(dpkg-query -W -f '${Version}' libcatch2-dev)" ge 3
}

wanted=()
for list; do
  declare -n packages=$list
  wanted+=("${packages[@]}")
done

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  echo "no apt-get here: install what Debian calls ${wanted[*]/%libcatch2-dev/libcatch2-dev (3 or newer)}" >&2
  exit 0
fi

missing=() catch2=
for package in "${wanted[@]}"; do
  case $package in
    libcatch2-dev) has_catch2 || catch2=yes ;;
    *) is_installed "$package" || missing+=("$package") ;;
  esac
done
[ ${#missing[@]} -gt 0 ] || [ -n "$catch2" ] || exit 0

if [ "$(id -u)" != 0 ]; then
  echo "missing: ${missing[*]} ${catch2:+libcatch2-dev (3 or newer)}; run this as root, or install them" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
echo "installing: ${missing[*]} ${catch2:+libcatch2-dev}" >&2
apt-get update -qq
[ ${#missing[@]} = 0 ] || apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
[ -z "$catch2" ] || "$here/install-catch2.sh" >/dev/null
