#!/usr/bin/env bash
# Brings a server that the tests run against, and prints its path:   tests/servers/get.sh [--built] SERVER
#   openbao     Vault's interface (MPL-2.0): an installed `bao`, else built from its Go module: 6-12 minutes, 127 MB
#   toxiproxy   faults between a client and a server (MIT): built from its Go module: 90 seconds, 11 MB
#   postgresql  the folder of its programs; Debian's package of that name, which tests/packages.sh installs
# What is built is built once per machine; with --built, it was before or is not to be had.
# Exit 77 and the reason on standard error when that cannot be done here; 1 when what came is not what was pinned.
set -euo pipefail
cache=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/locket-tests

cannot() { echo "$1" >&2; exit 77; }
wrong() { echo "$1" >&2; exit 1; }

needs_go() {
  command -v go >/dev/null || cannot "go is not installed, and $1 is built from its Go module"
  local have
  have=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null)
  have=${have#go}
  [ "$(printf '%s\n' "$2" "$have" | sort -V | head -n 1)" = "$2" ] || cannot "$1 needs Go $2 or newer, and here is $have"
}

# The module refuses `go install` (it has replace directives), so a program of two lines calls it.
build_openbao() {
  local module=github.com/openbao/openbao version=v0.0.0-20250828202315-f9407a27fbee # release 2.4.0
  local sum=h1:TqHCYIwKxup9rYGBlqYdC23EdZ0q5QJCa1KYVyVWyDU= answer
  needs_go OpenBao 1.24.6
  cat >main.go <<'GO'
package main

import (
	"os"

	"github.com/openbao/openbao/command"
)

func main() { os.Exit(command.Run(os.Args[1:])) }
GO
  printf 'module bao\n\ngo 1.24.6\n\nrequire %s %s\n' "$module" "$version" >go.mod
  field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}$/\1/p" <<<"$answer"; }
  answer=$(go mod download -json "$module" 2>log) || cannot "go cannot download $module: $(tail -n 1 log)"
  [ "$(field Sum)" = "$sum" ] || wrong "$module has another sum than the pinned one"
  # The checksum database lacks three of its modules; the module names all of them itself.
  cp --no-preserve=mode "$(field Dir)/go.sum" go.sum
  echo "building OpenBao, which takes 6 to 12 minutes and is done once" >&2
  go build -trimpath -ldflags='-s -w' -o built . 2>>log || cannot "OpenBao cannot be built: $(tail -n 1 log)"
}

build_toxiproxy() {
  needs_go Toxiproxy 1.22
  GOBIN=$PWD go install -trimpath -ldflags='-s -w' github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0 2>log ||
    cannot "Toxiproxy cannot be built: $(tail -n 1 log)"
  mv server built
}

find_postgresql() {
  local initdb
  initdb=$(find /usr/lib/postgresql/*/bin /usr/local/bin /usr/bin -maxdepth 1 -name initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$initdb" ] || initdb=$(command -v initdb) || cannot "PostgreSQL is not installed: no initdb"
  initdb=$(readlink -f "$initdb")
  [ -x "${initdb%/*}/psql" ] || cannot "PostgreSQL's psql is not installed beside its initdb"
  echo "${initdb%/*}"
}

may_build=yes
if [ "${1-}" = --built ]; then
  may_build=
  shift
fi
case ${1-} in
  openbao) program=$cache/openbao-2.4.0 ;;
  toxiproxy) program=$cache/toxiproxy-2.12.0 ;;
  postgresql) find_postgresql; exit 0 ;;
  *) sed -n '2,7p' "$0" >&2; exit 2 ;;
esac
if [ "$1" = openbao ] && command -v bao; then exit 0; fi
if [ ! -x "$program" ]; then
  [ -n "$may_build" ] || cannot "$1 is not built; tests/servers/get.sh $1 does that"
  mkdir -p "$cache" 2>/dev/null || cannot "the cache for test servers, $cache, cannot be made"
  # One build at a time: others wait for it and then find it.
  exec 9>"$program.lock"
  flock 9
fi
if [ ! -x "$program" ]; then
  scratch=$(mktemp -d "$cache/new.XXXXXX")
  trap 'rm -rf "$scratch"' EXIT
  cd "$scratch"
  export GOFLAGS=-mod=mod GOTOOLCHAIN=local CGO_ENABLED=0
  "build_$1"
  mv built "$program"
fi
echo "$program"
