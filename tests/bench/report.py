"""Reads Google Benchmark's JSON from the files given after rows.tsv and prints the table of ratios, in Markdown.

Ratios are of medians: the repetitions of all benchmarks of one file are interleaved, so both sides of a ratio saw the
same machine.
"""

import json
import re
import sys


def medians(paths):
    found = {}
    for path in paths:
        with open(path, encoding="utf-8") as file:
            for run in json.load(file)["benchmarks"]:
                if run.get("aggregate_name") == "median":
                    name = re.split("/(?:iterations|min_time):", run["run_name"])[0]
                    found[name] = run["real_time"]
                    found[name + ":cpu"] = run["cpu_time"]
    return found


UNITS = {"ns": 1, "µs": 1_000, "ms": 1_000_000}


def limit_of(text, times):
    number, _, unit = text.partition(" ")
    return float(number) * UNITS[unit] if unit in UNITS else times[text]


def shown(nanoseconds):
    unit = max((u for u in UNITS if UNITS[u] * 10 <= nanoseconds), key=UNITS.get, default="ns")
    return f"{nanoseconds / UNITS[unit]:.0f} {unit}"


def row(line, times):
    title, measured, limit, aim = line.rstrip("\n").split("\t")
    if measured not in times:
        return f"| {title} | not built | | | |"
    time, least = times[measured], limit_of(limit, times)
    verdict = "" if aim == "-" else f"≤ {aim} ×" + ("" if time / least <= float(aim) else " (missed)")
    return f"| {title} | {shown(time)} | {shown(least)} | {time / least:.2f} × | {verdict} |"


def main():
    times = medians(sys.argv[2:])
    print("| path | locket | limit | ratio | aim |\n|---|---|---|---|---|")
    with open(sys.argv[1], encoding="utf-8") as rows:
        for line in rows:
            if not line.startswith("#"):
                print(row(line, times))


main()
