#!/usr/bin/env python3
"""The whole process of `locket get` beside that of `sqlite3 FILE 'select …'`, as a row of the table:

    cli_get.py LOCKET

Both read one row of a file that is in the page cache. The two take turns, and the medians are compared."""

import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 300
AIM = 6


def took(arguments, environment):
    begin = time.perf_counter()
    process = os.posix_spawnp(arguments[0], arguments, environment,
                              file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    status = os.waitpid(process, 0)[1]
    assert status == 0, arguments
    return time.perf_counter() - begin


def main():
    if not shutil.which("sqlite3"):
        print("the sqlite3 shell is not installed")
        return 0
    locket = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": os.environ["PATH"]}
        subprocess.run([locket, "-q", "init"], env=environment, check=True, stdout=subprocess.DEVNULL)
        subprocess.run([locket, "-q", "set", "db/password"], env=environment, check=True, input=b"hunter2")
        table = f"{home}/plain.db"
        subprocess.run(["sqlite3", table, "create table item(name text primary key, val blob) without rowid; "
                        "insert into item values('db/password', 'hunter2')"], check=True)
        pair = ([locket, "get", "db/password"], ["sqlite3", table, "select val from item where name = 'db/password'"])
        times = [[took(command, environment) for command in pair] for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(column) * 1e6 for column in zip(*times))
    ratio = ours / theirs
    verdict = f"≤ {AIM} ×" + ("" if ratio <= AIM else " (missed)")
    print(f"| locket get, whole process | {ours:.0f} µs | {theirs:.0f} µs | {ratio:.2f} × | {verdict} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
