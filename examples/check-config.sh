#!/usr/bin/env bash
# The program config.cpp says what it should:   check-config.sh PROGRAM
set -euo pipefail
program=$1
cd "$(dirname "$0")"
[ "$(wc -l <config.cpp)" -le 40 ] || { echo "config.cpp has more than 40 lines"; exit 1; }

expect() {
  local wanted=$1 got
  shift
  got=$(env "$@" 2>&1) || true
  [ "$got" = "$wanted" ] || { printf 'wanted: %s\ngot:    %s\n' "$wanted" "$got"; exit 1; }
}
store='LOCKET_STORE=env:?prefix=MYAPP_'
expect 'db.internal:5432, ***, 30 s' "$store" MYAPP_DB_PASSWORD=hunter2 "$program" app.yaml
expect 'db.internal:6543, ***, 30 s' "$store" MYAPP_DB_PASSWORD=hunter2 MYAPP_DB_PORT=6543 "$program" app.yaml production
expect 'app.production.yaml:3:9: db.port: the integer is not between 0 and 65535' \
  "$store" MYAPP_DB_PASSWORD=hunter2 MYAPP_DB_PORT=65536 "$program" app.yaml production

# What is missing in both files is told at once.
told=$(env "$store" "$program" app.yaml production 2>&1) && { echo "it went without its secrets"; exit 1; }
for place in 'app.yaml:6:13: db.password:' 'app.production.yaml:3:9: db.port:'; do
  grep -qF "$place" <<<"$told" || { printf 'not told: %s\ngot: %s\n' "$place" "$told"; exit 1; }
done

# The README shows what is told of a mistyped name.
told=$(cd .. && env "$store" MYAPP_DB_PASSWRD=hunter2 "$program" examples/app.yaml 2>&1) || true
while IFS= read -r line; do
  grep -qxF -- "$line" ../README.md || { echo "not in the README: $line"; exit 1; }
done <<<"$told"
