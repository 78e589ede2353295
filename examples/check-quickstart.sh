#!/usr/bin/env bash
# The guided tour shows what it says, tells no value before the end, and comes again:   check-quickstart.sh LOCKET
set -euo pipefail
locket=$1
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
fail() { printf '%s\n' "$1"; cat "$folder/tour"; exit 1; }

# Whoever takes the tour may have a store, or a choice of one, which it must leave alone.
export LOCKET_STORE='local:/nonexistent/store.db?key-file=/nonexistent/key' LOCKET_CONFIG=/nonexistent/locket.toml
export XDG_DATA_HOME=$folder/mine XDG_CONFIG_HOME=$folder/mine
take() { "$here/quickstart.sh" --program "$locket" "$folder/shop" >"$folder/tour" 2>&1; }
take || fail "the tour failed"
take || fail "the second tour failed"
[ ! -e "$folder/mine" ] || fail "it touched the user's own folders"

for n in 1 2 3 4 5 6; do
  sed -n "/^== $n of 6:/,/^== $((n + 1)) of 6:/p" "$folder/tour" | grep -q '^\$ ' || fail "step $n shows no command"
done
says() { grep -qxF -- "$1" "$folder/tour" || fail "it does not say: $1"; }
says '5 references in 1 file are there, 1 by its default'
says 'app: connecting to postgresql://shop-app@db.internal:5432/orders with a password of 24 characters'
says "app: debug: DB_PASSWORD is '***'"
says './app.resolved.yaml'
says '-rw------- data/locket/store.db'
says '-rw------- config/locket/key'

# Values stand in the resolved configuration alone, which comes last.
values=$folder/values
cd "$folder/shop"
unset LOCKET_STORE LOCKET_CONFIG
export XDG_DATA_HOME=$folder/shop/data XDG_CONFIG_HOME=$folder/shop/config
{ "$locket" get payments/api_key; echo; "$locket" get web/session_key; echo; } >"$values"
[ "$(grep -cFf "$values" app.resolved.yaml)" = 2 ] || fail "the resolved configuration lacks values"
if grep -qF '$<secret:' app.resolved.yaml; then fail "a reference was left over"; fi
if sed '/^The resolved configuration:$/,$d' "$folder/tour" | grep -v '^\$ printf' | grep -qFf "$values"; then
  fail "a value was printed"
fi

# A folder of somebody else's is not emptied.
mkdir "$folder/other"
echo kept >"$folder/other/file"
if "$here/quickstart.sh" --program "$locket" "$folder/other" >"$folder/tour" 2>&1; then
  fail "it took a foreign folder"
fi
grep -qF 'is not empty' "$folder/tour" || fail "it did not say why it refused the folder"
[ "$(cat "$folder/other/file")" = kept ] || fail "it emptied a foreign folder"
