#!/usr/bin/env bash
# The backend of custom_backend.cpp keeps the contract, and reads what age wrote:   check-custom-backend.sh PROGRAM
set -euo pipefail
program=$1
command -v age-keygen >/dev/null || { echo "skipped because age is not installed"; exit 77; }
"$program" --test

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/secrets/db"
age-keygen -o "$folder/key.txt" 2>/dev/null
printf 'hunter2' | age --encrypt --identity "$folder/key.txt" --output "$folder/secrets/db/password.age"

store="age:$folder/secrets?identity=$folder/key.txt"
[ "$("$program" "$store" db/password)" = hunter2 ] || { echo "db/password is another"; exit 1; }
fails() {
  local wanted=$1 told
  shift
  told=$("$program" "$@" 2>&1) && { echo "it went well: $*"; exit 1; }
  grep -qF -- "$wanted" <<<"$told" || { printf 'wanted: %s\ngot:    %s\n' "$wanted" "$told"; exit 1; }
}
fails "no file 'db/pasword.age'" "$store" db/pasword
fails "age cannot read the identity" "age:$folder/secrets?identity=$folder/none" db/password
fails "did you mean 'identity'" "age:$folder/secrets?identiy=$folder/key.txt" db/password
