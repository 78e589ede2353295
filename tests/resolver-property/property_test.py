#!/usr/bin/env python3
"""Parsing a rewritten document gives what parsing the document and replacing the values gives, by the parsers of others.

  property_test.py REWRITE_DOCUMENTS [FORMAT SEED]     the second form: one document again, with all that is known of it

LOCKET_PROPERTY_DOCUMENTS says how many documents (100000), LOCKET_PROPERTY_SEED the first seed (the time)."""

import io
import json
import logging
import math
import os
import random
import re
import struct
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor

try:
    import dotenv
    import yaml
except ImportError as missing:
    print(f"the Python package {missing.name} is missing (Debian: python3-yaml, python3-dotenv)")
    sys.exit(77)

from documents import FORMATS
from values import random_value

logging.getLogger("dotenv").setLevel(logging.ERROR)
VALUES = 6
REFERENCE = re.compile(r"\$<secret:v([0-9]+)>")
WITHOUT_NULL = ("toml", "dotenv")
CUT = object()


def parse(name, text):
    """By a parser that is not ours."""
    if name == "yaml":
        return list(yaml.load_all(text.encode(), yaml.CSafeLoader))
    if name == "toml":
        return tomllib.loads(text.removeprefix("\ufeff"))
    if name == "json":
        return json.loads(text)
    return dict(dotenv.dotenv_values(stream=io.StringIO(text, newline=""), interpolate=False))


def replaced(tree, values, name):
    """The tree with the values in place; keys stay. Where the format has no null, what is null is cut."""
    if isinstance(tree, dict):
        entries = {key: replaced(value, values, name) for key, value in tree.items()}
        return {key: value for key, value in entries.items() if value is not CUT}
    if isinstance(tree, list):
        return [value for value in (replaced(item, values, name) for item in tree) if value is not CUT]
    if not isinstance(tree, str):
        return tree
    whole = REFERENCE.fullmatch(tree)
    if whole:
        kind, text, value = values[int(whole[1])]
        if kind == "n" and name in WITHOUT_NULL:
            return CUT
        return text.decode() if name == "dotenv" else value
    return REFERENCE.sub(lambda match: values[int(match[1])][1].decode(), tree)


def pruned(tree):
    """Without empty tables: one that dotted keys made goes with its last key."""
    if isinstance(tree, dict):
        entries = {key: pruned(value) for key, value in tree.items()}
        return {key: value for key, value in entries.items() if value != {}}
    return [pruned(item) for item in tree] if isinstance(tree, list) else tree


def same(left, right):
    """Equal, types and all: in Python 1 == True == 1.0."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right or (isinstance(left, float) and math.isnan(left) and math.isnan(right))


def used(tree, values):
    """The values that stand in a scalar of the parsed tree, each with whether it is all of it."""
    if isinstance(tree, dict):
        return [pair for value in tree.values() for pair in used(value, values)]
    if isinstance(tree, list):
        return [pair for value in tree for pair in used(value, values)]
    if not isinstance(tree, str):
        return []
    return [(values[int(match[1])], match[0] == tree) for match in REFERENCE.finditer(tree)]


def too_much_for_toml(value):
    if isinstance(value, dict):
        return any(map(too_much_for_toml, value.values()))
    if isinstance(value, list):
        return any(map(too_much_for_toml, value))
    return value is None or (isinstance(value, int) and not -2**63 <= value < 2**63)


def may_refuse(name, document, pairs):
    """Whether the format may say that it cannot write these values there."""
    for (kind, text, value), whole in pairs:
        if kind == "t" and value is None:
            return True
        if name == "toml" and whole and (kind in "ij" and too_much_for_toml(value) or kind == "n" and "{" in document):
            return True
        if name == "yaml" and whole and kind != "t" and "!" in document:
            return True
        if name == "dotenv" and b"\0" in text:
            return True
    if name == "dotenv":
        told = document.encode() + b"".join(text for (_, text, _), _ in pairs)
        return any(sign in told for sign in b"$`") and any(sign in told for sign in b"'\\\r")
    return False


class Rewriter:
    """rewrite_documents, which does as the resolver does."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, name, document, values):
        frames = [name.encode(), document.encode(), *(kind.encode() + text for kind, text, _ in values), b""]
        self.process.stdin.write(b"".join(struct.pack("<I", len(frame)) + frame for frame in frames))
        self.process.stdin.flush()
        (size,) = struct.unpack("<I", self.process.stdout.read(4))
        return self.process.stdout.read(size)


def make(name, seed):
    rng = random.Random(f"{name} {seed}")
    return FORMATS[name](rng, VALUES).document(), [random_value(rng) for _ in range(VALUES)]


def check(rewriter, name, seed):
    """None when all is well, else what is wrong; and whether the document was refused."""
    document, values = make(name, seed)
    answer = rewriter(name, document, values)
    try:
        before = parse(name, document)
    except (ValueError, yaml.YAMLError) as error:
        return (None if answer == f"-{name}.syntax".encode() else f"only the other parser refuses: {error}"), True
    pairs = used(before, values)
    if answer.startswith(b"-"):
        allowed = answer == f"-{name}.unwritable".encode() and may_refuse(name, document, pairs)
        return (None if allowed else f"refused: {answer}"), True
    try:
        after = parse(name, answer[1:].decode())
    except (ValueError, yaml.YAMLError) as error:
        return f"no longer a document: {error}", False
    expected = replaced(before, values, name)
    if name == "toml":
        after, expected = pruned(after), pruned(expected)
    if name == "dotenv" and any(value.endswith("\\") for value in expected.values()) and not same(after, expected):
        # python-dotenv takes the quote behind the last backslash of "a\\\\" for an escaped one when another quote follows.
        return None, True
    return (None if same(after, expected) else f"parsed {after!r}\nexpect {expected!r}"), False


def run(program, name, first, count):
    """How many were refused, and the first failure."""
    rewriter = Rewriter(program)
    refused = 0
    for seed in range(first, first + count):
        try:
            wrong, was_refused = check(rewriter, name, seed)
        except Exception as error:
            wrong, was_refused = f"{type(error).__name__}: {error}", False
        if wrong:
            return refused, f"{name} {seed}: {wrong}"
        refused += was_refused
    return refused, None


def show(program, name, seed):
    document, values = make(name, seed)
    print(f"document {document!r}\nvalues {values}\nanswer {Rewriter(program)(name, document, values)!r}")
    print(check(Rewriter(program), name, seed)[0] or "all is well")


def main(program, *again):
    if again:
        return show(program, again[0], int(again[1]))
    documents = int(os.environ.get("LOCKET_PROPERTY_DOCUMENTS", 100000))
    first = int(os.environ.get("LOCKET_PROPERTY_SEED", int(time.time())))
    names = os.environ.get("LOCKET_PROPERTY_FORMATS", "yaml toml json dotenv").split()
    each, parts, failed = -(-documents // len(names)), 8, False
    size = -(-each // parts)
    with ProcessPoolExecutor(max_workers=2) as pool:
        jobs = {name: [pool.submit(run, program, name, first + part * size, size) for part in range(parts)] for name in names}
        for name, parted in jobs.items():
            results = [job.result() for job in parted]
            for wrong in filter(None, (result[1] for result in results)):
                failed = True
                print(f"FAILED, again with: property_test.py REWRITE_DOCUMENTS {' '.join(wrong.split(':')[0].split())}\n{wrong}")
            print(f"{name}: {size * parts} documents from seed {first}, {sum(result[0] for result in results)} refused as they must be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
