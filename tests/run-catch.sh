#!/usr/bin/env bash
# Runs one Catch2 program for CTest:   run-catch.sh PROGRAM RESULTS
# Root ignores permissions and limits, so for root the tests tagged [unprivileged] run as nobody, the others as root.
# Each run leaves what Catch2 counted in RESULTS (tests/tally.sh adds it up).
set -uo pipefail
program=$1 results=$2 name=$(basename "$1")
mkdir -p "$results" && rm -f "$results/$name".*
status=0

# run SUFFIX LAUNCHER... -- CATCH_ARGUMENT...
run() {
  local suffix=$1 launcher=() xml
  shift
  while [ "$1" != -- ]; do launcher+=("$1"); shift; done
  shift
  xml=$TMPDIR/$name.$suffix.xml
  "${launcher[@]}" "$program" --allow-running-no-tests --reporter console --reporter "xml::out=$xml" "$@" || status=1
  cp "$xml" "$results/" || status=1
}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export TMPDIR=$scratch
if [ "$(id -u)" != 0 ]; then
  run all --
  exit $status
fi
run root -- '~[unprivileged]'
chown 65534:65534 "$scratch"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if ! "${nobody[@]}" test -x "$program"; then
  echo "$name: nobody may not execute $program: move the build where other users can read it" >&2
  exit 1
fi
run nobody "${nobody[@]}" -- '[unprivileged]'
exit $status
