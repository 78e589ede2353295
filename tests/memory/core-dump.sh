#!/usr/bin/env bash
# Looks for secrets in core dumps of a program:   core-dump.sh PROGRAM
#   PROGRAM              prints "ready" when it is to be dumped, and ends when its input does
#   PROGRAM list KIND    then prints what to look for, half a secret a line: half a secret counts as one
#   PROGRAM expect       prints lines "DUMP KIND NUMBER", how many different halves of a kind are to be found where
# "ordinary" is an ordinary dump, which must show none. "everything" has what is excluded from dumps, too: it must show
# what is held (or the search proves nothing), and nothing that was released.
# The program may keep in the folder $LOCKET_DUMP what it must remember for the list.
set -euo pipefail
program=$1
skip() { echo "skipped because $1"; exit 77; }
command -v gdb >/dev/null || skip "gdb is not installed"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export LOCKET_DUMP=$scratch
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

# count DUMP KIND: how many different halves of secrets it shows
count() {
  "$program" list "$2" >"$scratch/patterns"
  { LC_ALL=C grep -a -o -F -f "$scratch/patterns" "$scratch/$1" || [ $? = 1 ]; } | sort -u | wc -l
}
failed=0
"$program" expect >"$scratch/expected"
while read -r dump kind number; do
  found=$(count "$dump" "$kind")
  echo "$dump dump: $found halves of $kind secrets, expected $number"
  [ "$found" = "$number" ] || failed=1
done <"$scratch/expected"
exit $failed
