#!/usr/bin/env python3
"""Stores that locket wrote, read by the other implementation:   cross_test.py WRITE_STORES

Each must hold exactly what locket says that it holds; and a wrong key, or one flipped bit, is refused by both."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import reader

KEY = "1f" * 32
SOURCES = {"variable": ("key", "KEY_VARIABLE"), "passphrase": ("passphrase", "PASSPHRASE_VARIABLE")}
DATA_KEYS = {"rotated": ["destroyed", "primary"], "half-rotated": ["decrypt-only", "primary"]}
# What only the file knows: locket's interface does not tell them.
INTERNAL = ("last_version", "put_token")


def source(folder, name):
    way, where = SOURCES.get(name, ("file", str(folder / f"{name}.key")))
    return reader.KeySource(way, where)


def compare(folder, name):
    document = reader.read(str(folder / f"{name}.db"), source(folder, name))
    secrets = document["secrets"]
    for secret in secrets:
        for key in INTERNAL:
            secret.pop(key)
        # locket releases no value of a removed secret.
        for version in secret["versions"] if secret["removed"] else []:
            version.pop("value", None), version.pop("value_kind", None)
        for version in secret["versions"]:
            if version["state"] == "deleted":
                version.pop("value", None), version.pop("value_kind", None)
    expected = json.loads((folder / f"{name}.json").read_text())
    by_name = {secret["name"]: secret for secret in expected}
    assert [secret["name"] for secret in secrets] == sorted(by_name), f"{name}: other names"
    for secret in secrets:
        assert secret == by_name[secret["name"]], f"{name}: {secret['name'][:40]} differs:\n{secret}\n{by_name[secret['name']]}"
    states = [key["state"] for key in document["store"]["data_keys"]]
    assert states == DATA_KEYS.get(name, ["primary"]), f"{name}: data keys are {states}"
    return len(secrets), sum(len(secret["versions"]) for secret in secrets)


def refuses(kind, *arguments):
    try:
        reader.read(*arguments)
    except reader.Refusal as refusal:
        assert refusal.kind == kind, f"{refusal.kind} and not {kind}: {refusal}"
    else:
        raise AssertionError(f"read what is {kind}")


def main(write_stores):
    os.environ |= {"KEY_VARIABLE": KEY, "PASSPHRASE_VARIABLE": "correct horse"}
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        subprocess.run([write_stores, temporary], check=True)
        stores = sorted(path.stem for path in folder.glob("*.json"))
        assert stores == ["anchored", "half-rotated", "key-file", "passphrase", "rotated", "variable"], stores
        for name in stores:
            print("{}: {} secrets, {} versions, the same".format(name, *compare(folder, name)))
        anchored = str(folder / "anchored.db")
        reader.read(anchored, source(folder, "anchored"), str(folder / "anchored.anchor"))
        refuses("foreign-anchor", str(folder / "key-file.db"), source(folder, "key-file"), str(folder / "anchored.anchor"))
        refuses("wrong-key", anchored, source(folder, "key-file"))
        refuses("other-kind", anchored, source(folder, "passphrase"))


if __name__ == "__main__":
    main(sys.argv[1])
