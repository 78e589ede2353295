#!/usr/bin/env bash
# Measures locket beside its limits and prints the table of ratios:   tests/bench/run.sh [BUILD_DIR]
# Builds the release preset with the benchmarks when no folder is given. Each ratio is of medians of one interleaved run.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build/release}
if [ $# -eq 0 ]; then
  cmake --preset release -DLOCKET_BENCH=ON >/dev/null
  cmake --build --preset release
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for bench in "$build"/tests/bench/*-bench; do
  beside=()
  if [ "$(basename "$bench")" = vault-bench ]; then beside=(tests/servers/with-openbao.sh tests/servers/with-toxiproxy.sh); fi
  status=0
  "${beside[@]}" "$bench" --benchmark_repetitions=9 --benchmark_min_time=0.05 --benchmark_enable_random_interleaving=true \
    --benchmark_report_aggregates_only=true --benchmark_out="$out/$(basename "$bench").json" \
    --benchmark_out_format=json >/dev/null 2>"$out/log" || status=$?
  grep '^skipped: ' "$out/log" >>"$out/skipped" || true
  case $status in
    0) ;;
    77) echo "skipped: $(basename "$bench"), because $(tail -n 1 "$out/log")" >>"$out/skipped" ;;
    *) cat "$out/log" >&2; exit 1 ;;
  esac
done
python3 tests/bench/report.py tests/bench/rows.tsv "$out"/*.json
cat "$out/skipped"
if [ -x "$build/src/cli/locket" ]; then
  tests/bench/cli_get.py "$build/src/cli/locket"
  tests/bench/cli_run.py "$build/src/cli/locket"
fi
tests/bench/compile-time.sh
