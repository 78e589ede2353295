#!/usr/bin/env bash
# Looks for secrets in core dumps of a program that holds 1,000 and has released 1,000:   core-dump.sh PROGRAM
# An ordinary dump must show none. A dump of what is excluded from dumps, too, must show all that are held (or the search
# proves nothing) and none of the released. Half a secret counts as one.
set -euo pipefail
program=$1
skip() { echo "skipped because $1"; exit 77; }
command -v gdb >/dev/null || skip "gdb is not installed"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
coproc subject { exec "$program"; }
# shellcheck disable=SC2154  # coproc sets it
pid=$subject_PID
# shellcheck disable=SC2154
exec {input}>&"${subject[1]}"
read -r ready <&"${subject[0]}"
[ "$ready" = ready ]

HOME=$scratch DEBUGINFOD_URLS='' gdb -nx -batch -p "$pid" \
  -ex "generate-core-file $scratch/ordinary" \
  -ex 'set use-coredump-filter off' -ex 'set dump-excluded-mappings on' \
  -ex "generate-core-file $scratch/everything" >"$scratch/log" 2>&1 || true
exec {input}>&-
eval "exec ${subject[1]}>&-"
wait "$pid"
if grep -qi 'ptrace: operation not permitted' "$scratch/log"; then skip "this system does not let gdb attach to a process"; fi
if [ ! -s "$scratch/ordinary" ] || [ ! -s "$scratch/everything" ]; then cat "$scratch/log" >&2; exit 1; fi

# count DUMP held|released: how many different halves of secrets it shows
count() {
  "$program" list "$2" >"$scratch/patterns"
  { LC_ALL=C grep -a -o -F -f "$scratch/patterns" "$scratch/$1" || [ $? = 1 ]; } | sort -u | wc -l
}
failed=0
expect() {
  local found
  found=$(count "$1" "$2")
  echo "$1 dump: $found halves of $2 secrets, expected $3"
  [ "$found" = "$3" ] || failed=1
}
expect ordinary held 0
expect ordinary released 0
expect everything held 2000
expect everything released 0
exit $failed
