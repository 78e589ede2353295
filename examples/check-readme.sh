#!/usr/bin/env bash
# The README's program is the one beside this script, and prints what the README says:   check-readme.sh PROGRAM
set -euo pipefail
program=$1
cd "$(dirname "$0")/.."
fence='^```'
# The first of its programs is the whole one.
diff <(awk "/${fence}cpp\$/ { on = 1; next } on && /${fence}\$/ { exit } on" README.md) examples/readme.cpp

empty=$(mktemp -d)
trap 'rm -rf "$empty"' EXIT
# The README's folder is /run/secrets; an empty one stands in for it here.
expect() {
  local wanted=$1 got
  shift
  got=$(env "$@" "$program" 2>&1) || true
  got=${got//"$empty"//run/secrets}
  [ "$got" = "$wanted" ] || { printf 'wanted: %s\ngot:    %s\n' "$wanted" "$got"; exit 1; }
  grep -qF "$wanted" README.md || { echo "not in the README: $wanted"; exit 1; }
}
expect 'connecting as app with ***' LOCKET_STORE='env:?prefix=MYAPP_' MYAPP_DB_PASSWORD=hunter2
expect "no file 'db/password' in /run/secrets; hint: names are paths of files below that folder; list the ones that there are" \
  LOCKET_STORE="dir:$empty"
