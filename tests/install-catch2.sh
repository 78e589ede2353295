#!/usr/bin/env bash
# Installs Catch2 v3 with apt: the distribution's own package where it is new enough, else Debian's backports.
# The backports are asked once, through a source of their own that is gone afterwards: no other package comes
# from them.
set -euo pipefail

version_of() { apt-cache policy libcatch2-dev | awk '/Candidate:/ {print $2}'; }
if dpkg --compare-versions "$(version_of)" ge 3; then
  exec apt-get install -y -qq --no-install-recommends libcatch2-dev
fi

# shellcheck source=/dev/null
. /etc/os-release
suite=${VERSION_CODENAME:?}-backports
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 755 "$scratch"
mkdir -p "$scratch/lists/partial" "$scratch/sources"

# The first mirror of the machine's own sources that serves the release, and the key that it is checked with.
from_deb822() {
  awk -v suite="$suite" -v release="$VERSION_CODENAME" '
    function flush() {
      if (!done && uris != "" && (" " suites " ") ~ (" " release " ")) {
        print "Types: deb\nURIs: " uris "\nSuites: " suite "\nComponents: main"
        if (key != "") print "Signed-By: " key
        done = 1
      }
      uris = suites = key = ""
    }
    FNR == 1 || /^[ \t]*$/ { flush() }
    /^URIs:/ { uris = $2 }
    /^Suites:/ { suites = $0; sub(/^Suites:/, "", suites) }
    /^Signed-By:/ { key = $2 }
    END { flush() }' "$@"
}
from_one_line() {
  awk -v suite="$suite" -v release="$VERSION_CODENAME" '
    $1 == "deb" {
      options = ""; field = 2
      if ($2 ~ /^\[/) { do { options = options $field " " } while ($(field++) !~ /\]$/) }
      if ($(field + 1) == release) { print "deb " options $field " " suite " main"; exit }
    }' "$@"
}
shopt -s nullglob
deb822=(/etc/apt/sources.list.d/*.sources)
lines=(/etc/apt/sources.list.d/*.list)
[ ! -e /etc/apt/sources.list ] || lines+=(/etc/apt/sources.list)
[ ${#deb822[@]} = 0 ] || from_deb822 "${deb822[@]}" >"$scratch/sources/backports.sources"
if [ ! -s "$scratch/sources/backports.sources" ]; then
  rm -f "$scratch/sources/backports.sources"
  [ ${#lines[@]} = 0 ] || from_one_line "${lines[@]}" >"$scratch/sources/backports.list"
fi

apt=(apt-get -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$scratch/sources"
  -o "Dir::State::Lists=$scratch/lists")
"${apt[@]}" update -qq
"${apt[@]}" install -y -qq --no-install-recommends -t "$suite" libcatch2-dev
