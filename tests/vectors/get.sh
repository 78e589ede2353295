#!/usr/bin/env bash
# Fetches the test vectors that are too large to keep here, once, and prints their folder:   tests/vectors/get.sh SET
#   wycheproof   AES-GCM, HMAC-SHA256, HKDF-SHA256 (Apache-2.0), through Go's module proxy
#   nist         AES-256-GCM (public domain), in PyPI's cryptography_vectors
# Exit 77 and the reason on standard error when that cannot be done here; 1 when what came is not what was pinned.
set -euo pipefail
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/locket-tests

cannot() { echo "$1" >&2; exit 77; }
wrong() { echo "$1" >&2; exit 1; }

# Puts what stands in $scratch/new at $1, whoever else does the same at this moment.
keep() { mv -T "$scratch/new" "$1" 2>/dev/null || [ -d "$1" ] || wrong "cannot write to $1"; }

get_wycheproof() {
  local module=github.com/C2SP/wycheproof@v0.0.0-20250901140545-b51abcfb8daf
  local sum=h1:5BKKVVVj676FUWirLcouEEL6GCYR9X0opkMlEUck8FY= answer folder
  command -v go >/dev/null || cannot "go is not installed, and Wycheproof's vectors come as a Go module"
  field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"$answer"; }
  answer=$(cd "$scratch" && go mod download -json "$module" 2>"$scratch/log") ||
    cannot "go cannot download $module: $(field Error) $(tail -n 1 "$scratch/log")"
  [ "$(field Sum)" = "$sum" ] || wrong "$module has another sum than the pinned one"
  folder=$(field Dir)/testvectors_v1
  cp --no-preserve=mode "$folder"/{aes_gcm,hmac_sha256,hkdf_sha256}_test.json "$scratch/new/"
}

get_nist() {
  python3 -m pip --version >/dev/null 2>&1 ||
    cannot "pip is not installed, and NIST's vectors come as a Python package"
  echo "cryptography_vectors==50.0.2" \
    --hash=sha256:51641f03a3eb4edbe9fb68e3a3574d25f86aa502d06391fffa886330d02778a0 >"$scratch/list"
  if ! python3 -m pip --quiet --disable-pip-version-check download --no-deps --only-binary :all: --require-hashes \
    --requirement "$scratch/list" --dest "$scratch/wheel" >"$scratch/log" 2>&1; then
    ! grep -q 'DO NOT MATCH THE HASHES' "$scratch/log" || wrong "cryptography_vectors has another hash than the pinned one"
    cannot "pip cannot download cryptography_vectors: $(tail -n 1 "$scratch/log")"
  fi
  python3 - "$scratch"/wheel/*.whl "$scratch/new" <<'PYTHON'
import pathlib, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    for name in ("gcmDecrypt256.rsp", "gcmEncryptExtIV256.rsp"):
        data = wheel.read("cryptography_vectors/ciphers/AES/GCM/" + name)
        pathlib.Path(sys.argv[2], name).write_bytes(data)
PYTHON
}

case ${1-} in
  wycheproof) folder=$cache/wycheproof-20250901 ;;
  nist) folder=$cache/nist-gcm-50.0.2 ;;
  *) sed -n '2,5p' "$0" >&2; exit 2 ;;
esac
if [ ! -d "$folder" ]; then
  mkdir -p "$cache" 2>/dev/null || cannot "the cache for test vectors, $cache, cannot be made"
  scratch=$(mktemp -d "$cache/new.XXXXXX") || cannot "the cache for test vectors, $cache, cannot be written to"
  trap 'rm -rf "$scratch"' EXIT
  mkdir "$scratch/new"
  "get_$1"
  keep "$folder"
fi
echo "$folder"
