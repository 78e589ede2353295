#!/usr/bin/env bash
# Runs a command as one check:   run-check.sh RESULTS NAME COMMAND...
# 0 passes; 77 skips, and the last line of output says why; anything else fails. The result and what was printed are
# kept in RESULTS. A command that makes several tests writes a line for each ("pass NAME", "fail NAME", "skip NAME: why")
# into the file $LOCKET_CASES, and they count instead; that it failed counts even when none of them says so.
set -uo pipefail
results=$1 name=$2
shift 2
mkdir -p "$results"
echo "fail $name" >"$results/$name.check"
output=$results/$name.log
export LOCKET_CASES=$results/$name.cases
rm -f "$LOCKET_CASES"
"$@" 2>&1 | tee "$output"
status=${PIPESTATUS[0]}
case $status in
  0) echo "pass $name" >"$results/$name.check" ;;
  77) echo "skip $name: $(tail -n 1 "$output")" >"$results/$name.check"; exit 0 ;;
esac
if [ -s "$LOCKET_CASES" ]; then
  [ "$status" = 0 ] || grep -q '^fail ' "$LOCKET_CASES" || echo "fail $name" >>"$LOCKET_CASES"
  mv "$LOCKET_CASES" "$results/$name.check"
fi
exit "$status"
