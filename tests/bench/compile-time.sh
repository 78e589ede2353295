#!/usr/bin/env bash
# How long <locket/store.hpp> takes to compile beside the standard headers that it needs: one more row of the table, from
# the medians of nine interleaved runs each. Aim: at most 1.3 times.
set -euo pipefail
cd "$(dirname "$0")/../.."
cxx=${CXX:-g++}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo '#include <locket/store.hpp>' >"$scratch/locket.cpp"
"$cxx" -std=c++20 -Iinclude -M "$scratch/locket.cpp" | grep -oE 'include/locket/[a-z_/]+\.hpp' |
  xargs grep -hoE '^#include <[a-z_]+>' | sort -u >"$scratch/standard.cpp"
# Processor time, which a busy machine stretches less than the clock's.
TIMEFORMAT=%3U
seconds() { { time "$cxx" -std=c++20 -Iinclude -fsyntax-only "$1"; } 2>&1; }
for _ in 1 2 3 4 5 6 7 8 9; do
  seconds "$scratch/locket.cpp" >>"$scratch/locket"
  seconds "$scratch/standard.cpp" >>"$scratch/standard"
done
median() { sort -n "$1" | sed -n 5p; }
awk -v a="$(median "$scratch/locket")" -v b="$(median "$scratch/standard")" 'BEGIN {
  ratio = a / b
  verdict = ratio > 1.3 ? " (missed)" : ""
  printf "| compiling store.hpp | %d ms | %d ms | %.2f × | ≤ 1.3 ×%s |\n", a * 1000, b * 1000, ratio, verdict }'
