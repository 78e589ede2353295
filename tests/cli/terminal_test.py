#!/usr/bin/env python3
"""The command line tool at a terminal: prompts, colours, tables, progress, Ctrl-C.   terminal_test.py LOCKET

What a user types and sees goes through a pseudo-terminal; the last cases look at a screen of tmux."""

import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

PATIENCE = 60
# Linux stops a job before it echoes the key that did: the echo may reach the screen when the job goes on.
LATE_ECHO = r"(\^Z)?"
README = pathlib.Path(__file__).resolve().parents[2] / "README.md"


class Terminal:
    """A program at a terminal of its own, 80 columns wide unless told otherwise."""

    def __init__(self, case, *command, columns=80):
        self.shown = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
                os.chdir(case.folder)
                os.execvpe(command[0], command, case.environment)
            finally:
                os._exit(127)

    def read(self):
        """More of what is shown; False at the end."""
        if not select.select([self.fd], [], [], PATIENCE)[0]:
            raise AssertionError(f"nothing more is shown after {self.shown!r}")
        try:
            more = os.read(self.fd, 65536)
        except OSError:  # the other side is closed
            return False
        self.shown += more
        return bool(more)

    def wait_for(self, text):
        while not re.search(text.encode(), self.shown):
            assert self.read(), f"{text!r} is not shown, but {self.shown!r}"

    def answer(self, question, text):
        """Waits until the question stands there and the terminal is ready for the answer: shows it no more."""
        self.wait_for(question)
        deadline = time.monotonic() + PATIENCE
        while termios.tcgetattr(self.fd)[3] & termios.ECHO and time.monotonic() < deadline:
            os.sched_yield()
        self.shown = b""
        os.write(self.fd, text.encode())

    def end(self):
        while self.read():
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return status


class Case:
    def __init__(self, locket, folder):
        self.folder = folder
        self.environment = {"HOME": str(folder), "TERM": "xterm-256color", "LANG": "C.UTF-8",
                            "PATH": f"{locket.parent}:{os.environ['PATH']}"}

    def at_terminal(self, *arguments, columns=80):
        return Terminal(self, *arguments, columns=columns)

    def run(self, *arguments, text=b"", status=0):
        done = subprocess.run(["locket", *arguments], cwd=self.folder, env=self.environment, input=text,
                              capture_output=True, timeout=PATIENCE, check=False, start_new_session=True)
        assert done.returncode == status, done
        return done.stdout

    def shown(self, *arguments, columns=80):
        terminal = self.at_terminal("locket", *arguments, columns=columns)
        assert terminal.end() == 0, terminal.shown
        return terminal.shown.decode().replace("\r\n", "\n")


def prompt_is_hidden_and_asks_twice(case):
    case.run("init")
    terminal = case.at_terminal("locket", "set", "db/password")
    terminal.answer("Value for db/password: ", "hunter2\n")
    terminal.answer("Once more: ", "hunter2\n")
    assert terminal.end() == 0, terminal.shown
    assert b"hunter2" not in terminal.shown
    assert case.run("get", "db/password") == b"hunter2"


def different_answers_change_nothing(case):
    case.run("init")
    terminal = case.at_terminal("locket", "set", "a")
    terminal.answer("Value for a: ", "one\n")
    terminal.answer("Once more: ", "two\n")
    assert terminal.end() == 2
    assert b"the two answers differ" in terminal.shown
    assert case.run("list") == b""


def empty_answer_is_refused(case):
    case.run("init")
    terminal = case.at_terminal("locket", "set", "a")
    terminal.answer("Value for a: ", "\n")
    assert terminal.end() == 2
    assert b"nothing was typed" in terminal.shown


def ctrl_c_at_the_prompt(case):
    case.run("init")
    terminal = case.at_terminal("locket", "set", "a")
    terminal.answer("Value for a: ", "hal\x03")
    assert terminal.end() == 3, terminal.shown
    assert b"nothing was changed" in terminal.shown and b"hal" not in terminal.shown
    assert case.run("list") == b""


def ctrl_d_at_the_prompt(case):
    case.run("init")
    terminal = case.at_terminal("locket", "set", "a")
    terminal.answer("Value for a: ", "\x04")
    assert terminal.end() in (2, 3), terminal.shown
    assert case.run("list") == b""


def echo_is_back_after_ctrl_c(case):
    case.run("init")
    terminal = case.at_terminal("sh", "-c", "trap : INT; locket set a; echo status $?; stty -a")
    terminal.answer("Value for a: ", "\x03")
    terminal.end()
    assert b"status 3" in terminal.shown and re.search(rb"(?<!-)\becho\b", terminal.shown), terminal.shown


def each_field_is_asked_for(case):
    case.run("init")
    terminal = case.at_terminal("locket", "set", "db", "--field", "username", "--field", "password")
    for field, value in (("username", "app"), ("password", "p")):
        terminal.answer(f"Value for {field} of db: ", f"{value}\n")
        terminal.answer("Once more: ", f"{value}\n")
    assert terminal.end() == 0, terminal.shown
    assert case.run("get", "db") == b'{"username":"app","password":"p"}'


def passphrase_is_asked_for(case):
    terminal = case.at_terminal("locket", "init", "--passphrase")
    terminal.answer("New passphrase: ", "correct horse\n")
    terminal.answer("Once more: ", "correct horse\n")
    assert terminal.end() == 0, terminal.shown
    terminal = case.at_terminal("sh", "-c", "printf v | locket set a")
    terminal.answer("Passphrase of .*store.db: ", "correct horse\n")
    assert terminal.end() == 0, terminal.shown
    terminal = case.at_terminal("locket", "get", "a")
    terminal.answer("Passphrase of .*store.db: ", "correct horse\n")
    assert terminal.end() == 0 and b"v" in terminal.shown, terminal.shown
    terminal = case.at_terminal("locket", "key", "status")
    terminal.answer("Passphrase of .*store.db: ", "wrong\n")
    assert terminal.end() == 4, terminal.shown
    terminal = case.at_terminal("locket", "--no-prompt", "get", "a")
    assert terminal.end() == 4, terminal.shown


def purge_asks_first(case):
    case.run("init")
    case.run("set", "a", text=b"x")
    terminal = case.at_terminal("locket", "rm", "a", "--purge")
    terminal.wait_for("Destroy every version of a")
    os.write(terminal.fd, b"no\n")
    assert terminal.end() == 3, terminal.shown
    assert case.run("get", "a") == b"x"
    terminal = case.at_terminal("locket", "rm", "a", "--purge")
    terminal.wait_for("Destroy every version of a")
    os.write(terminal.fd, b"yes\n")
    assert terminal.end() == 0, terminal.shown
    case.run("get", "a", status=5)


def get_ends_the_line(case):
    case.run("init")
    case.run("set", "a", text=b"x")
    assert case.shown("get", "a") == "x\n"


def list_is_a_coloured_table(case):
    case.run("init")
    for name in ("db/password", "a"):
        case.run("set", name, text=b"x")
    case.run("rm", "a")
    shown = case.shown("list", "--deleted")
    assert re.search("\x1b\\[1mNAME +VERSION +STATE +UPDATED\x1b\\[0m\n", shown), shown
    assert re.search("\x1b\\[2ma +1 +deleted +[0-9-]+\x1b\\[0m\n", shown), shown
    assert re.search("\ndb/password +1 ", shown), shown


def no_color(case):
    case.run("init")
    case.run("set", "a", text=b"x")
    case.environment["NO_COLOR"] = "1"
    assert "\x1b" not in case.shown("list")
    terminal = case.at_terminal("locket", "get", "b")
    assert terminal.end() == 5 and b"\x1b" not in terminal.shown


def errors_are_coloured(case):
    case.run("init")
    terminal = case.at_terminal("locket", "get", "b")
    assert terminal.end() == 5 and b"\x1b[31mlocket:\x1b[0m no secret" in terminal.shown, terminal.shown


def wide_tables_are_cut(case):
    case.run("init")
    case.run("set", "a", "--description", "d" * 300, text=b"x")
    lines = case.shown("list", "--long", columns=50).splitlines()
    assert all(len(re.sub("\x1b\\[[0-9]*m", "", line)) <= 50 for line in lines), lines
    assert lines[1].endswith("…"), lines
    assert "d" * 300 in case.run("list", "--long", "--format", "table").decode()


def ctrl_c_in_the_middle_of_key_rotate(case):
    """Interrupted after the first of many batches; the next run goes on, and nothing is lost."""
    case.run("init")
    (case.folder / "many.json").write_text("{" + ",".join(f'"s/{i}": "v{i}"' for i in range(350)) + "}")
    case.run("import", "many.json")
    terminal = case.at_terminal("locket", "key", "rotate")
    status = None
    for _ in range(10000):
        state = case.run("key", "status", "--format", "json")
        if b"decrypt-only" in state or b"destroyed" in state:
            os.kill(terminal.pid, signal.SIGINT)
            status = terminal.end()
            break
    assert status is not None, "the rotation never began"
    if status == 0:
        return "the rotation was faster than the test"
    assert status == 3, terminal.shown
    assert re.search(rb"interrupted when \d+ of 350", terminal.shown), terminal.shown
    assert b"goes on where it stopped" in terminal.shown
    assert case.run("get", "s/349") == b"v349" and case.run("get", "s/0") == b"v0"
    case.run("key", "rotate")
    state = case.run("key", "status", "--format", "json")
    assert state.count(b"destroyed") == 1 and b"decrypt-only" not in state, state
    assert case.run("get", "s/349") == b"v349"
    return None

RUN = ("locket", "run", "--env", "P=$<secret:p>", "--")


def with_secret(case, value=b"hunter2"):
    case.run("init")
    case.run("set", "p", text=value)


def waiting_for(name, then):
    """A program that says "ready" on standard error, waits for this signal and goes on."""
    return sys.executable, "-c", (f"import signal, sys\nsignal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIG{name}}})\n"
                                  f"print('ready', file=sys.stderr, flush=True)\nsignal.sigwait({{signal.SIG{name}}})\n{then}")


def run_has_a_terminal(case):
    """What is a terminal stays one, colours pass, and the secret does not."""
    with_secret(case)
    terminal = case.at_terminal(*RUN, "sh", "-c", r"test -t 0 && test -t 1 && test -t 2 && printf '\033[32m%s\033[m\n' $P; "
                                "tty </dev/tty; echo $P >&2")
    assert terminal.end() == 0, terminal.shown
    assert b"\x1b[32m***\x1b[m\r\n" in terminal.shown and b"hunter2" not in terminal.shown, terminal.shown
    assert terminal.shown.endswith(b"***\r\n") and b"not a tty" not in terminal.shown, terminal.shown


def run_forwards_what_is_typed(case):
    with_secret(case)
    terminal = case.at_terminal(*RUN, "sh", "-c", "printf 'Name: '; read name; echo hello $name")
    terminal.wait_for("Name: ")
    os.write(terminal.fd, b"worldx\x7f\n")
    assert terminal.end() == 0 and b"hello world\r\n" in terminal.shown, terminal.shown


def run_shows_each_letter(case):
    """Also one that a secret begins with, before the next is typed."""
    with_secret(case)
    terminal = case.at_terminal(*RUN, "sh", "-c", "echo ready; read name")
    terminal.wait_for("ready")
    os.write(terminal.fd, b"h")
    terminal.wait_for("ready\r\nh")
    os.write(terminal.fd, b"\n")
    assert terminal.end() == 0


def run_ends_input(case):
    with_secret(case)
    terminal = case.at_terminal(*RUN, "sh", "-c", "echo ready; cat; echo over")
    terminal.wait_for("ready")
    os.write(terminal.fd, b"\x04")
    assert terminal.end() == 0 and b"over" in terminal.shown, terminal.shown


def run_ctrl_c_reaches_the_program(case):
    with_secret(case)
    terminal = case.at_terminal(*RUN, "sh", "-c", "echo ready; while :; do read x; done")
    terminal.wait_for("ready")
    os.write(terminal.fd, b"\x03")
    assert terminal.end() == 130, terminal.shown


def run_ctrl_c_comes_once(case):
    """Also where the program is in locket's own group, and gets it from the terminal."""
    with_secret(case)
    for redirection in ("", " >/dev/null", " </dev/null"):
        terminal = case.at_terminal("sh", "-c", f"""trap : INT; locket run -- "$@" {redirection}; echo status $?""", "sh",
                                    *waiting_for("INT", "again = signal.sigtimedwait({signal.SIGINT}, 0.2)\n"
                                                 "sys.exit(1 if again is None else 2)"))
        terminal.wait_for("ready")
        os.write(terminal.fd, b"\x03")
        terminal.end()
        assert b"status 1\r\n" in terminal.shown, (redirection, terminal.shown)


def run_ctrl_backslash(case):
    with_secret(case)
    terminal = case.at_terminal(*RUN, "sh", "-c", "ulimit -c 0; echo ready; while :; do read x; done")
    terminal.wait_for("ready")
    os.write(terminal.fd, b"\x1c")
    assert terminal.end() == 128 + signal.SIGQUIT, terminal.shown


def run_follows_the_window(case):
    with_secret(case)
    show = "print(*os.get_terminal_size(1), flush=True)\n"
    python, flag, program = waiting_for("WINCH", show)
    terminal = case.at_terminal(*RUN, python, flag, f"import os\n{show}{program}", columns=91)
    terminal.wait_for("91 24\r\nready")
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 101, 0, 0))
    terminal.wait_for("101 30")
    assert terminal.end() == 0, terminal.shown


def run_puts_the_terminal_back(case):
    with_secret(case)
    for end in ("exit 3", "kill -9 $$", "stty raw -echo; kill -15 $$"):
        terminal = case.at_terminal("sh", "-c", 'stty -a; locket run -- sh -c "$0"; echo; echo status $?; stty -a', end)
        terminal.end()
        before, after = re.split(rb"status \d+\r\n", terminal.shown)
        assert before.strip() == after.strip(), terminal.shown


def run_keeps_colours_with_a_pipe(case):
    """Each of the two that is a terminal stays one for the program."""
    with_secret(case)
    look = 'for i in 0 1 2; do test -t $i && printf "$i " >&2; done; printf "o " ; echo $P >&2'
    for redirection, seen in ((" | cat", b"0 2 "), (" 2>&1 | cat", b"0 "), (" </dev/null", b"1 2 ")):
        terminal = case.at_terminal("sh", "-c", f'locket run --env "P=\\$<secret:p>" -- sh -c "$0"{redirection}', look)
        assert terminal.end() == 0, terminal.shown
        assert seen in terminal.shown and b"***" in terminal.shown, (redirection, terminal.shown)
        assert b"hunter2" not in terminal.shown and b"\r\r" not in terminal.shown, (redirection, terminal.shown)


def run_is_forwarded_signals_at_a_terminal(case):
    with_secret(case)
    terminal = case.at_terminal(*RUN, *waiting_for("USR1", "print('got it')\nsys.exit(5)"))
    terminal.wait_for("ready")
    os.kill(terminal.pid, signal.SIGUSR1)
    assert terminal.end() == 5 and b"got it" in terminal.shown, terminal.shown


def run_ends_with_its_terminal(case):
    """A window that is closed ends the program."""
    with_secret(case)
    terminal = case.at_terminal(*RUN, *waiting_for("HUP", "open('gone', 'w')"))
    terminal.wait_for("ready")
    os.close(terminal.fd)
    terminal.fd = os.open("/dev/null", os.O_RDONLY)
    terminal.end()
    deadline = time.monotonic() + PATIENCE
    while not (case.folder / "gone").exists():
        assert time.monotonic() < deadline, "the program never heard of it"
        os.sched_yield()


class Screen:
    """A shell on a screen of tmux."""

    def __init__(self, case, socket="tmux"):
        self.case = case
        self.tmux = ["tmux", "-S", str(case.folder / socket), "-f", "/dev/null"]

    def __enter__(self):
        self.call("new-session", "-d", "-x", "100", "-y", "24", "sh")
        self.type_line("PS1='$ '; clear", r"\A\$")
        return self

    def __exit__(self, *_):
        self.call("kill-server")

    def call(self, *arguments):
        return subprocess.run([*self.tmux, *arguments], env=self.case.environment | {"ENV": ""}, cwd=self.case.folder,
                              check=True, capture_output=True, timeout=PATIENCE).stdout.decode()

    def wait_for(self, text):
        deadline = time.monotonic() + PATIENCE
        while True:
            screen = self.call("capture-pane", "-p", "-t", "0").rstrip() + "\n"
            if re.search(text, screen, re.MULTILINE):
                return screen
            assert time.monotonic() < deadline, f"{text!r} is not on the screen:\n{screen}"
            select.select([], [], [], 0.02)

    def press(self, *keys):
        self.call("send-keys", "-t", "0", *keys)

    def type_line(self, text, then):
        self.press("-l", text)
        self.press("Enter")
        return self.wait_for(then)


def in_tmux(case):
    """A whole session on a screen, as a person sees it."""
    if not shutil.which("tmux"):
        return "tmux is not installed"
    with Screen(case) as screen:
        screen.type_line("locket init --quiet", r"^key .*\n\$")
        screen.type_line("locket set db/password --tag team=core --expires 2199-12-31", "^Value for db/password:")
        screen.type_line("hunter2", "^Once more:")
        screen.type_line("hunter2", r"version 1\n\$")
        screen.type_line("locket set api/key --generate length=32", r"^set api/key.*\n\$")
        screen.type_line("locket get db/pasword", r"did you mean.*\n\$")
        shown = screen.type_line("locket list", r"^db/password +1 +20.*2199-12-31\n\$")
        assert "hunter2" not in shown, shown
        today = r"(?!2199)2[0-9]{3}-[0-9]{2}-[0-9]{2}"
        seen = re.sub(today, "2026-11-22", shown.replace(str(case.folder), "/home/me"))
        seen = seen.removesuffix("$\n").replace(" \n", "\n")
        assert seen in README.read_text(), f"the README shows another session than this one:\n{seen}"
    return None


def run_is_a_job(case):
    """Stopped with Ctrl-Z, continued in the background and in front, as without locket."""
    if not shutil.which("tmux"):
        return "tmux is not installed"
    with_secret(case)
    (case.folder / "job.sh").write_text("echo begun $P\nwhile read line; do echo got $line; done\necho over\n")
    for socket, redirection in (("whole", ""), ("output", " 2>err"), ("pipe", " | cat")):
        with Screen(case, socket) as screen:
            screen.type_line(f"locket run --env 'P=$<secret:p>' -- sh job.sh{redirection}", r"^begun \*\*\*$")
            screen.type_line("a", "^got a$")
            screen.press("C-z")
            screen.wait_for(r"Stopped.*locket run(.|\n)*^\$")
            screen.type_line("echo echo is $(stty -a | grep -o '.echo ')", "^echo is echo")
            screen.type_line("fg", r"\$ fg\n(.|\n)*locket run")
            screen.type_line("b", "^" + LATE_ECHO + "got b$")
            screen.press("C-z")
            screen.wait_for(r"got b\n(.|\n)*Stopped.*locket run(.|\n)*^\$")
            screen.type_line("bg", r"\$ bg\n(.|\n)*locket run.*\n(.|\n)*")
            screen.type_line("fg", r"\$ bg\n(.|\n)*\$ " + LATE_ECHO + r"fg\n(.|\n)*locket run")
            screen.type_line("c", "^" + LATE_ECHO + "got c$")
            screen.press("C-d")
            screen.wait_for(r"^over\n(.|\n)*\$")
            screen.type_line("echo status $?", "^status 0")
    return None


CASES = [prompt_is_hidden_and_asks_twice, different_answers_change_nothing, empty_answer_is_refused,
         ctrl_c_at_the_prompt, ctrl_d_at_the_prompt, echo_is_back_after_ctrl_c, each_field_is_asked_for,
         passphrase_is_asked_for, purge_asks_first, get_ends_the_line, list_is_a_coloured_table, no_color,
         errors_are_coloured, wide_tables_are_cut, ctrl_c_in_the_middle_of_key_rotate, run_has_a_terminal,
         run_forwards_what_is_typed, run_shows_each_letter, run_ends_input, run_ctrl_c_reaches_the_program,
         run_ctrl_c_comes_once, run_ctrl_backslash, run_follows_the_window, run_puts_the_terminal_back,
         run_keeps_colours_with_a_pipe, run_is_forwarded_signals_at_a_terminal, run_ends_with_its_terminal,
         run_is_a_job, in_tmux]


def main():
    locket = pathlib.Path(sys.argv[1]).resolve()
    lines = []
    for test in CASES:
        if len(sys.argv) > 2 and test.__name__ not in sys.argv[2:]:
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                reason = test(Case(locket, pathlib.Path(folder).resolve()))
                lines.append(f"skip cli/{test.__name__}: {reason}" if reason else f"pass cli/{test.__name__}")
            except (AssertionError, OSError, subprocess.SubprocessError) as failure:
                lines.append(f"fail cli/{test.__name__}")
                print(f"{test.__name__}: {failure}")
    text = "".join(line + "\n" for line in lines)
    print(text, end="")
    if "LOCKET_CASES" in os.environ:
        pathlib.Path(os.environ["LOCKET_CASES"]).write_text(text)
    return any(line.startswith("fail") for line in lines)


if __name__ == "__main__":
    sys.exit(main())
