#!/usr/bin/env bash
# The program copy.cpp takes secrets along as they are, with their metadata, and leaves alone what is there:
#     check-copy.sh PROGRAM LOCKET
set -euo pipefail
program=$1 locket=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME=$folder
old="local:$folder/old.db?key-file=$folder/old.key" new="local:$folder/new.db?key-file=$folder/new.key"
fail() { printf '%s\n' "$@"; exit 1; }
"$locket" --quiet --store "$old" init >"$folder/said"
"$locket" --quiet --store "$new" init >"$folder/said"
printf 'hunter2\n' | "$locket" --quiet --store "$old" set db/password --tag team=core --expires 2199-12-31 2>"$folder/said"
printf app | "$locket" --quiet --store "$old" set db/login --field username
printf mine | "$locket" --quiet --store "$old" set there
printf yours | "$locket" --quiet --store "$new" set there

said=$("$program" "$old" "$new" | sort)
[ "$said" = $'copied db/login\ncopied db/password\nkept   there' ] || fail "it told: $said"
shown() { "$locket" --store "$1" get "$2" --format json | grep -vE '"(created|updated)"'; }
for name in db/password db/login; do diff <(shown "$old" "$name") <(shown "$new" "$name") || fail "$name is another"; done
[ "$("$locket" --store "$new" get there)" = yours ] || fail 'it wrote over what was there'

told=$("$program" "dir:$folder/nothing" "$new" 2>&1) && fail 'it copied from a store that is not there'
grep -qF "$folder/nothing" <<<"$told" || fail "it did not say which store is missing: $told"
