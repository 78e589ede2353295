"""Reads Google Benchmark's JSON from the files given after rows.tsv and prints the table of ratios, in Markdown.

Ratios are of medians: the repetitions of all benchmarks of one file are interleaved, so both sides of a ratio saw the
same machine.
"""

import json
import sys


def medians(paths):
    found = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for run in json.load(file)["benchmarks"]:
                if run.get("aggregate_name") == "median":
                    found[run["run_name"]] = run["real_time"]
    return found


def row(line, times):
    title, measured, limit, aim = line.rstrip("\n").split("\t")
    ratio = times[measured] / times[limit]
    verdict = "" if aim == "-" else f"≤ {aim} ×" + ("" if ratio <= float(aim) else " (missed)")
    return f"| {title} | {times[measured]:.0f} ns | {times[limit]:.0f} ns | {ratio:.2f} × | {verdict} |"


def main():
    times = medians(sys.argv[2:])
    print("| path | locket | limit | ratio | aim |\n|---|---|---|---|---|")
    with open(sys.argv[1], encoding="utf-8") as rows:
        for line in rows:
            if not line.startswith("#"):
                print(row(line, times))


main()
