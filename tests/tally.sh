#!/usr/bin/env bash
# Adds up what test runs left behind:   tally.sh RESULTS...
# Prints why each skipped test was skipped and what failed, then one closing line. Fails when something
# failed, or when nothing ran at all.
set -euo pipefail

# build/dev/results/unit-core.root.xml is shown as dev/unit-core.root.
shown() {
  local folder=${1%/results/*}
  printf '%s/%s' "$(basename "$folder")" "$(basename "${1%.*}")"
}

# One line for each result of a Catch2 run: "pass N", "fail N", "skip N", and for people "why TEST: REASON".
read_catch() {
  awk -v file="$(shown "$1")" '
    function attribute(name) {
      if (!match($0, " " name "=\"[^\"]*\"")) return ""
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    }
    function plain(text) {
      gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&amp;/, "\\&", text)
      gsub(/^ +| +$/, "", text)
      return text
    }
    /<TestCase / { test = attribute("name") }
    /<Skip / { reason = ""; inside = 1; next }
    /<\/Skip>/ { print "why " file ": " plain(test) ": " plain(reason); inside = 0 }
    inside { gsub(/^ +/, ""); reason = reason (reason == "" ? "" : " ") $0 }
    /<OverallResult success="false"/ { print "bad " file ": " plain(test) }
    /<OverallResultsCases / {
      ended = 1
      print "pass " attribute("successes") + attribute("expectedFailures")
      print "fail " attribute("failures") + 0
      print "skip " attribute("skips") + 0
    }
    END { if (!ended) { print "fail 1"; print "bad " file ": did not come to its end" } }' "$1"
}

# The same for a check: "pass NAME", "fail NAME" or "skip NAME: REASON".
read_check() {
  local result rest folder
  folder=$(basename "${1%/results/*}")
  while read -r result rest; do
    echo "$result 1"
    case $result in fail) echo "bad $folder/$rest" ;; skip) echo "why $folder/$rest" ;; esac
  done <"$1"
}

for results; do
  for file in "$results"/*; do
    case $file in *.xml) read_catch "$file" ;; *.check) read_check "$file" ;; esac
  done
done | awk '
  $1 == "why" { sub(/^why /, "skipped: "); print; next }
  $1 == "bad" { sub(/^bad /, "failed: "); print; next }
  { count[$1] += $2 }
  END {
    printf "%d passed, %d failed, %d skipped\n", count["pass"], count["fail"], count["skip"]
    exit count["fail"] > 0 || count["pass"] == 0
  }'
