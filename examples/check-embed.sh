#!/usr/bin/env bash
# The program embed.cpp makes its key once, whoever starts first, and keeps it:   check-embed.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

for start in 1 2 3 4; do "$program" >"$start.out" 2>&1 & done
wait
"$program" >last.out
for out in *.out; do
  [ "$(cat "$out")" = 'signing with ***, version 1' ] || { echo "$out:"; cat "$out"; exit 1; }
done
[ "$(stat -c %a app.db app.key | sort -u)" = 600 ] || { echo "others can read the files:"; ls -l; exit 1; }

rm app.key
told=$("$program" 2>&1) && { echo "it opened the store without its key"; exit 1; }
grep -qF 'app.key' <<<"$told" || { printf 'it did not say what is missing: %s\n' "$told"; exit 1; }
