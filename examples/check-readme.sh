#!/usr/bin/env bash
# The README's program is the one beside this script, and prints what the README says; its other pieces of code compile:
#     check-readme.sh PROGRAM COMPILER
set -euo pipefail
program=$1 compiler=$2
cd "$(dirname "$0")/.."
fence='^```'
# The first of its programs is the whole one.
diff <(awk "/${fence}cpp\$/ { on = 1; next } on && /${fence}\$/ { exit } on" README.md) examples/readme.cpp

# The others stand in functions; what they include, before them.
pieces() {
  awk -v cpp="${fence}cpp\$" -v end="${fence}\$" '
    $0 ~ cpp { on = 1; count++; if (count > 1) code = code "void piece_" count "() {\n"; next }
    on && $0 ~ end { on = 0; if (count > 1) code = code "}\n"; next }
    on && /^#include/ { print; next }
    on && count > 1 { code = code $0 "\n" }
    END { print "static const auto store = locket::open_default(locket::default_registry());\n" code }' README.md
}
pieces | "$compiler" -std=c++20 -fsyntax-only -Iinclude -x c++ -

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
