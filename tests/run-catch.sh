#!/usr/bin/env bash
# Runs one Catch2 program for CTest:   run-catch.sh RESULTS PROGRAM
# Root ignores permissions and limits, so for root the tests tagged [unprivileged] run as nobody, the others
# as root. Each run leaves what Catch2 counted in RESULTS; a file without counts is a program that did not
# come to its end, and a failure is added when all its tests passed and it failed still (a leak found at
# exit).
set -uo pipefail
results=$1 program=$2 name=$(basename "$2")
mkdir -p "$results" && rm -f "$results/$name".*
# In memory where that can be had: thousands of durable writes wait for a disk each, and no test here cuts the power.
scratch=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT
chmod 711 "$scratch"  # a test that gives up root's rights must still reach what it made
export TMPDIR=$scratch
status=0

# run SUFFIX FILTER LAUNCHER...
run() {
  local suffix=$1 filter=$2 code=0
  local kept=$results/$name.$suffix
  shift 2
  : >"$kept.xml"
  "$@" "$program" --allow-running-no-tests --reporter console --reporter "xml::out=$scratch/$suffix.xml" \
    "$filter" || code=$?
  cp "$scratch/$suffix.xml" "$kept.xml" || status=1
  [ $code != 0 ] || return 0
  status=1
  if grep -q '<OverallResultsCases .*failures="0"' "$kept.xml"; then
    echo "fail $name.$suffix: ended with $code after its tests" >"$kept.check"
  fi
}

if [ "$(id -u)" != 0 ]; then
  run user '*' env
  exit $status
fi
run root '~[unprivileged]' env
chown 65534:65534 "$scratch"
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
if "${nobody[@]}" test -x "$program"; then
  run nobody '[unprivileged]' "${nobody[@]}"
else
  echo "$name: other users cannot reach $program, so its unprivileged tests cannot run" >&2
  : >"$results/$name.nobody.xml"
  status=1
fi
exit $status
