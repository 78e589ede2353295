#!/usr/bin/env python3
"""Holds what dotenv_cases.txt says of python-dotenv against the real one.

It is installed from PyPI, once, into the cache of the tests. Exits with 77 and the reason where it cannot be had, as
locket_check wants it.
"""
import io
import logging
import os
import pathlib
import subprocess
import sys

VERSION = "1.2.4"
CASES = pathlib.Path(__file__).with_name("dotenv_cases.txt")
PICTURES = {"␍": "\r", "␊": "\n", "␉": "\t", "␣": " ", "␀": "\0", "␌": "\f", "␇": "\a", "␈": "\b", "␋": "\v",
            "‹BOM›": "\ufeff"}


def skip(reason):
    print(f"python-dotenv {VERSION} cannot be had: {reason}")
    sys.exit(77)


def install():
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    target = cache / "locket-tests" / f"python-dotenv-{VERSION}"
    if not target.is_dir():
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
                   "--target", str(fresh), f"python-dotenv=={VERSION}"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            skip((run.stderr or run.stdout).strip().splitlines()[-1])
        fresh.rename(target)
    sys.path.insert(0, str(target))


def unpictured(text):
    for picture, character in PICTURES.items():
        text = text.replace(picture, character)
    return text


def statement(line):
    """A (name, value) as a case says it, or "error"."""
    if line == "error":
        return line
    name, bracket, value = line.partition(" [")
    return unpictured(name), unpictured(value.removesuffix("]")) if bracket else None


def cases():
    """Each case's title, the text of its file, and what python-dotenv is said to read."""
    for block in CASES.read_text("utf-8").split("\n== ")[1:]:
        title, *lines = block.split("\n")
        end = next(i for i, line in enumerate(lines) if line.startswith("=> "))
        text = unpictured("".join(line + "\n" for line in lines[:end])).split("‹end›")[0]
        own = [line[3:] for line in lines if line.startswith("=> ") and line != "=> nothing"]
        other = [line[8:] for line in lines if line.startswith("python> ")]
        yield title, text, [statement(line) for line in other or own]


def python_reads(text):
    from dotenv.parser import parse_stream  # only there after install()

    # As from a file, where Python makes LF of whatever ends a line.
    stream = io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), encoding="utf-8")
    read = {}
    for binding in parse_stream(stream):
        if binding.error:
            read[object()] = "error"
        elif binding.key is not None:
            read[binding.key] = (binding.key, binding.value)
    return list(read.values())


def main():
    install()
    logging.disable()
    wrong = count = 0
    for title, text, said in cases():
        count += 1
        read = python_reads(text)
        if read != said:
            wrong += 1
            print(f"{title}: the file says that python-dotenv reads {said}; it reads {read}")
    print(f"{count} cases, {wrong} wrong about python-dotenv {VERSION}")
    return 1 if wrong or count < 60 else 0


if __name__ == "__main__":
    sys.exit(main())
