#!/usr/bin/env bash
# Adds up what test runs left behind:   tally.sh RESULTS...
# Prints why tests were skipped (how many of a program for each reason), then what failed with what it said, then
# one closing line: the end of a long log is what people see first. Fails when something failed, or when nothing ran
# at all.
set -euo pipefail

# build/dev/results/unit-core.root.xml is shown as dev/unit-core.root.
shown() {
  local folder=${1%/results/*}
  printf '%s/%s' "$(basename "$folder")" "$(basename "${1%.*}")"
}

# One line for each result of a Catch2 run: "pass N", "fail N", "skip N", and for people "why PROGRAM: REASON" and
# "bad PROGRAM: TEST", with "said TEXT" behind it.
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
    function place() { return attribute("filename") ":" attribute("line") ": " }
    /<TestCase / { test = attribute("name"); delete said; count = 0 }
    /<Skip / { reason = ""; inside = 1; next }
    /<\/Skip>/ { print "why " file ": " plain(reason); inside = 0 }
    inside { gsub(/^ +/, ""); reason = reason (reason == "" ? "" : " ") $0 }
    /<(Failure|Exception|FatalErrorCondition) / || /<Expression success="false"/ { said[++count] = place(); telling = 1; next }
    /<\/(Failure|Exception|FatalErrorCondition|Expression)>/ { telling = 0 }
    telling && !/<\/?(Original|Expanded)>/ { said[count] = said[count] " " plain($0) }
    /<OverallResult success="false"/ {
      print "bad " file ": " plain(test)
      for (i = 1; i <= count; i++) print "said " said[i]
    }
    /<OverallResultsCases / {
      ended = 1
      print "pass " attribute("successes") + attribute("expectedFailures")
      print "fail " attribute("failures") + 0
      print "skip " attribute("skips") + 0
    }
    END { if (!ended) { print "fail 1"; print "bad " file ": did not come to its end" } }' "$1"
}

# The same for a check: "pass NAME", "fail NAME" or "skip NAME: REASON", and the end of what it printed.
read_check() {
  local result rest folder
  folder=$(basename "${1%/results/*}")
  while read -r result rest; do
    echo "$result 1"
    case $result in
      fail)
        echo "bad $folder/$rest"
        [ ! -f "${1%.check}.log" ] || tail -n 15 "${1%.check}.log" | sed 's/^/said /'
        ;;
      skip) echo "why $folder/$rest" ;;
    esac
  done <"$1"
}

for results; do
  for file in "$results"/*; do
    case $file in *.xml) read_catch "$file" ;; *.check) read_check "$file" ;; esac
  done
done | awk '
  $1 == "why" { sub(/^why /, ""); if (!times[$0]++) reasons[++kinds] = $0; next }
  $1 == "bad" { sub(/^bad /, "failed: "); failures = failures $0 "\n"; next }
  $1 == "said" { sub(/^said /, "    "); failures = failures $0 "\n"; next }
  { count[$1] += $2 }
  END {
    for (i = 1; i <= kinds; i++) print "skipped: " reasons[i] (times[reasons[i]] > 1 ? " (" times[reasons[i]] " tests)" : "")
    printf "%s%d passed, %d failed, %d skipped\n", failures, count["pass"], count["fail"], count["skip"]
    exit count["fail"] > 0 || count["pass"] == 0
  }'
