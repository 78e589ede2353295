#!/usr/bin/env python3
"""100 MB through `locket run` with 100 secrets to mask, beside a plain pipe, as a row of the table:

    cli_run.py LOCKET

`locket run -- cat FILE >/dev/null` and `cat FILE | cat >/dev/null` take turns, and the medians are compared. The file is
a log's text and is in the page cache; a secret stands in one of a thousand lines."""

import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 9
SECRETS = 100
SIZE = 100_000_000
AIM = 0.3
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
WORDS = "GET POST /api/v1/orders user session 200 404 took cached connected to the database in ms request id".split()


def write_secrets(folder, chance):
    values = ["".join(chance.choices(LETTERS, k=chance.choice((12, 24, 40)))) for _ in range(SECRETS)]
    (folder / "secrets").mkdir()
    for number, value in enumerate(values):
        (folder / "secrets" / f"s{number}").write_text(value)
    references = "".join(f"S{number}=$<secret:s{number}>\n" for number in range(SECRETS))
    (folder / "app.env").write_text(references)
    return values


def write_log(path, values, chance):
    lines = []
    for number in range(20_000):
        line = f"2026-11-22T13:{number % 60:02}:07.{number % 1000:03}Z INFO " + " ".join(chance.choices(WORDS, k=12))
        lines.append(line + (" " + chance.choice(values) if number % 1000 == 0 else ""))
    page = "\n".join(lines) + "\n"
    path.write_text((page * (SIZE // len(page) + 1))[:SIZE])


def took(command, environment):
    begin = time.perf_counter()
    subprocess.run(["sh", "-c", command], env=environment, check=True)
    return time.perf_counter() - begin


def check(command, environment, values):
    shown = subprocess.run(["sh", "-c", command], env=environment, check=True, capture_output=True).stdout
    assert shown.count(b"***") >= SIZE // 2_500_000, "nothing was masked"
    assert not any(value.encode() in shown for value in values), "a secret came through"


def main():
    locket = str(pathlib.Path(sys.argv[1]).resolve())
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        values = write_secrets(folder, chance)
        write_log(folder / "log", values, chance)
        environment = {"HOME": name, "PATH": os.environ["PATH"], "LOCKET_STORE": f"dir:{folder}/secrets"}
        ours = f"{locket} run --env-file {folder}/app.env -- cat {folder}/log"
        check(ours, environment, values)
        pair = (f"{ours} >/dev/null", f"cat {folder}/log | cat >/dev/null")
        times = [[took(command, environment) for command in pair] for _ in range(ROUNDS)]
    masked, plain = (SIZE / statistics.median(column) for column in zip(*times))
    ratio = masked / plain
    verdict = f"≥ {AIM} ×" + ("" if ratio >= AIM else " (missed)")
    print(f"| locket run, 100 MB, 100 secrets | {masked / 1e6:.0f} MB/s | {plain / 1e6:.0f} MB/s | {ratio:.2f} × | {verdict} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
