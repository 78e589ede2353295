#!/usr/bin/env bash
# Runs a command as one check:   run-check.sh RESULTS NAME COMMAND...
# 0 passes; 77 skips, and the last line of output says why; anything else fails. The result and what was printed are
# kept in RESULTS.
set -uo pipefail
results=$1 name=$2
shift 2
mkdir -p "$results"
echo "fail $name" >"$results/$name.check"
output=$results/$name.log
"$@" 2>&1 | tee "$output"
status=${PIPESTATUS[0]}
case $status in
  0) echo "pass $name" >"$results/$name.check" ;;
  77) echo "skip $name: $(tail -n 1 "$output")" >"$results/$name.check"; exit 0 ;;
esac
exit "$status"
