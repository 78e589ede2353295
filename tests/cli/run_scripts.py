#!/usr/bin/env python3
"""Runs plain-text scripts over the command line tool, each in a folder and a home of its own:

    run_scripts.py LOCKET [SCRIPT...]        without scripts, all of scripts/*.txt

A script is a line for each step, in the quoting of a POSIX shell; what follows `-- NAME --` lines are files. Steps:

    env NAME=VALUE            for the programs that follow; `env NAME` unsets it
    stdin 'TEXT'              what the next program reads (\\n is a newline); without it nothing, as from /dev/null
    stdin < FILE              a file
    exec PROGRAM ARG...       runs it; it must end with 0 unless the next step is
    status N                  its exit status
    stdout REGEX, stderr REGEX          it printed that (multi-line mode); `! stdout REGEX`: it did not
    stdout = 'TEXT', stderr = 'TEXT'    it printed exactly that
    json PATH VALUE           standard output is JSON, and VALUE (in JSON, or text) stands at PATH (secrets.0.name);
                              `! json PATH`: nothing stands there
    exists FILE, ! exists FILE, mode 600 FILE, contains FILE REGEX, ! contains FILE REGEX
    copy FROM TO, remove FILE, chmod MODE FILE
    skip-unless PROGRAM       where it is not installed, the rest is skipped; `skip-unless-root`; `skip-unless-store SCHEME`:
                              where the program is built without such stores

$WORK is the script's folder, in steps and in files. Each script counts as one test; $LOCKET_CASES, when it is set, is
the file that gets a line for each."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

TIMEOUT = 60


class Failure(Exception):
    pass


class Skipped(Exception):
    pass


def expect(condition, message):
    if not condition:
        raise Failure(message)


def unescaped(text):
    return re.sub(r"\\(n|t|0|\\|x[0-9a-f]{2})", lambda m: {"n": "\n", "t": "\t", "0": "\0", "\\": "\\"}.get(m[1])
                  or chr(int(m[1][1:], 16)), text).encode("latin-1" if "\\x" in text else "utf-8")


def read_script(text):
    """The steps as (line number, text), and the files."""
    parts = re.split(r"^-- (\S+) --\n", text, flags=re.MULTILINE)
    steps = [(number, line.strip()) for number, line in enumerate(parts[0].splitlines(), 1)]
    return [step for step in steps if step[1] and not step[1].startswith("#")], dict(zip(parts[1::2], parts[2::2]))


class Script:
    def __init__(self, locket, work, files):
        self.work = work
        self.environment = {"HOME": str(work / "home"), "LANG": "C.UTF-8", "TERM": "xterm", "WORK": str(work),
                            "PATH": f"{locket.parent}:{os.environ['PATH']}"}
        for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if variable in os.environ:
                self.environment[variable] = os.environ[variable]
        (work / "home").mkdir()
        self.input = b""
        self.result = None
        self.checked = True
        for name, text in files.items():
            path = work / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.expanded(text))

    def expanded(self, text):
        return text.replace("$WORK", str(self.work))

    def path(self, name):
        return self.work / name

    def step(self, line):
        words = [self.expanded(word) for word in shlex.split(line)]
        negated = words[0] == "!"
        command, *arguments = words[negated:]
        if command != "status":
            self.check_status()
        method = getattr(self, "do_" + command.replace("-", "_"), None)
        expect(method, f"there is no step '{command}'")
        return method(arguments, negated) if negated else method(arguments)

    def check_status(self):
        if not self.checked:
            self.do_status(["0"])

    def do_env(self, arguments):
        for argument in arguments:
            name, equals, value = argument.partition("=")
            self.environment.pop(name, None)
            if equals:
                self.environment[name] = value

    def do_stdin(self, arguments):
        self.input = self.path(arguments[1]).read_bytes() if arguments[0] == "<" else unescaped(arguments[0])

    def do_exec(self, arguments):
        # A session of its own has no terminal, whatever the tests were started from.
        self.result = subprocess.run(arguments, cwd=self.work, env=self.environment, input=self.input,
                                     capture_output=True, timeout=TIMEOUT, start_new_session=True, check=False)
        self.input = b""
        self.checked = False

    def do_status(self, arguments):
        self.checked = True
        expect(self.result.returncode == int(arguments[0]),
               f"it ended with {self.result.returncode} and not {arguments[0]}")

    def printed(self, text, arguments, negated):
        if arguments[0] == "=":
            expect(text == unescaped(arguments[1]), f"it is {text!r} and not {arguments[1]!r}")
        else:
            found = re.search(arguments[0], text.decode("utf-8", "backslashreplace"), re.MULTILINE)
            expect(bool(found) != negated, f"{arguments[0]!r} is {'there' if negated else 'missing'}")

    def do_stdout(self, arguments, negated=False):
        self.printed(self.result.stdout, arguments, negated)

    def do_stderr(self, arguments, negated=False):
        self.printed(self.result.stderr, arguments, negated)

    def do_json(self, arguments, negated=False):
        value = json.loads(self.result.stdout)
        for step in arguments[0].split("."):
            key = int(step) if isinstance(value, list) else step
            there = key < len(value) if isinstance(value, list) else key in value
            if negated and not there:
                return
            expect(there, f"nothing stands at {arguments[0]}")
            value = value[key]
        expect(not negated, f"{value!r} stands at {arguments[0]}")
        wanted = arguments[1]
        expect(value == wanted or json.dumps(value) == wanted, f"{arguments[0]} is {value!r}")

    def do_exists(self, arguments, negated=False):
        for name in arguments:
            expect(self.path(name).exists() != negated, f"{name} is {'there' if negated else 'missing'}")

    def do_mode(self, arguments):
        mode = self.path(arguments[1]).stat().st_mode & 0o777
        expect(mode == int(arguments[0], 8), f"its mode is {mode:o}")

    def do_contains(self, arguments, negated=False):
        found = re.search(arguments[1].encode(), self.path(arguments[0]).read_bytes(), re.MULTILINE)
        expect(bool(found) != negated, f"{arguments[1]!r} is {'there' if negated else 'missing'}")

    def do_copy(self, arguments):
        shutil.copy(self.path(arguments[0]), self.path(arguments[1]))

    def do_remove(self, arguments):
        self.path(arguments[0]).unlink()

    def do_chmod(self, arguments):
        self.path(arguments[1]).chmod(int(arguments[0], 8))

    def do_skip_unless(self, arguments):
        if not shutil.which(arguments[0]):
            raise Skipped(f"{arguments[0]} is not installed")

    def do_skip_unless_store(self, arguments):
        known = subprocess.run(["locket", "backends", "--format", "json"], env=self.environment, capture_output=True,
                               timeout=TIMEOUT, check=True).stdout
        if arguments[0] not in [each["scheme"] for each in json.loads(known)["backends"]]:
            raise Skipped(f"{arguments[0]}: is not built in")

    def do_skip_unless_root(self, _):
        if os.geteuid() != 0:
            raise Skipped("only root can set that up")

    def said(self):
        if self.result is None:
            return ""
        return "".join(f"  {name}: {text.decode('utf-8', 'backslashreplace')!r}\n"
                       for name, text in (("stdout", self.result.stdout), ("stderr", self.result.stderr)))


def run(locket, path):
    """None when it passed; raises Skipped; else what went wrong."""
    steps, files = read_script(path.read_text())
    with tempfile.TemporaryDirectory() as temporary:
        script = Script(locket, pathlib.Path(temporary).resolve(), files)
        number, line = 0, ""
        try:
            for number, line in steps:
                script.step(line)
            script.check_status()
        except (Failure, subprocess.TimeoutExpired, json.JSONDecodeError, OSError) as failure:
            return f"{path.name}:{number}: {line}\n  {failure}\n{script.said()}"
    return None


def main():
    locket = pathlib.Path(sys.argv[1]).resolve()
    here = pathlib.Path(__file__).parent
    paths = [pathlib.Path(name) for name in sys.argv[2:]] or sorted((here / "scripts").glob("*.txt"))
    lines, failed = [], 0
    for path in paths:
        try:
            problem = run(locket, path)
        except Skipped as skipped:
            lines.append(f"skip cli/{path.stem}: {skipped}")
            continue
        lines.append(f"{'fail' if problem else 'pass'} cli/{path.stem}")
        if problem:
            failed += 1
            print(problem, end="")
    if "LOCKET_CASES" in os.environ:
        pathlib.Path(os.environ["LOCKET_CASES"]).write_text("".join(line + "\n" for line in lines))
    print(f"{len(paths)} scripts, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
