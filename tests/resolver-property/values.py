"""Secret values that documents have trouble with. A value is a type (one letter, as rewrite_documents.cpp says) and text."""

import json

NASTY = [
    "", " ", "  both ends  ", "\t", "\n", "\r", "\r\n", "a\nb", "a\r\nb\n\n", "\n\nlead", "trail\n", "a: b", "a:", ": a", ":",
    "a #b", "#a", "# a", "-", "- a", "--- ", "---", "---\na: 1", "...", "%YAML 1.1", "?", "? a", "'", "''", '"', '""', '"""', "'''",
    "it's", 'say "hi"', "'\"'", "\\", "\\\\", "\\n", "\\u0041", "\\'", '\\"', "a\\", "{", "}", "[", "]", "{}", "[]", "{a: 1}",
    "[1, 2]", ",", "a, b", "&a", "*a", "!a", "!!str a", "|", ">", "@a", "`a`", "=", "<<", "~", "null", "Null", "NULL", "true",
    "True", "yes", "Yes", "no", "NO", "on", "off", "y", "N", "false", "0", "1", "-1", "+1", "007", "0o7", "0x1F", "0b1", "1_000", "1.5",
    ".5", "1.", "1e5", "1E+5", "-.inf", ".nan", ".NaN", "inf", "nan", "12:30", "12:30:45", "190:20:30", "2001-12-14",
    "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "$HOME", "${HOME}", "$(id)", "$$", "`id`", "$<secret:v0>",
    "$<secret:other|default>", "$$<secret:x>", "${secret:x}", "$<env:HOME>", "\0", "a\0b", "\x01", "\x07\x08\x0b\x0c\x1b", "\x7f",
    "\x80", "\x85", "a\x85b", "\xa0", "\xad", "\u2028", "a\u2029b", "\ufeff", "\ufeffa", "\ufffe", "\uffff", "\ufffd", "\u200b",
    "\u202e", "\U0001f511", "\U0001f511 key", "\U0010ffff", "\U0001fffe", "\ue000", "Grüße", "日本語", "e\u0301", "a b", "a  b",
    "a\tb", " a", "a ", "plain", "with-dash", "postgres://user:p@ss@host:5432/db?x=1&y=2#f", "/etc/passwd", "C:\\dir\\new",
    "-----BEGIN KEY-----\nMIIB+/=\n-----END KEY-----\n", "a=b", "export A=b", "A=1\nB=2", "\"\nB=2\n\"", "'\nadmin: true\n'",
    '"\nadmin = true\n#', '","admin":true,"x":"', "' #", "\" #", "x\\", "\\x", "\\N", "\\\n", "a\\\nb", "%", "100%", "%s%n", "<b>&amp;</b>",
    "None", "undefined", "a]", "a}", "a,", "a{", "k: {", "0.0.0.0", "1.2.3", "key = \"v\"", "[table]", "[[t]]", "a.b", "é: ü",
]
LETTERS = ["a", "Z", "0", " ", "\n", "\r", "\t", ":", "#", "'", '"', "\\", ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "%", "@", "`",
           "-", "?", "=", "~", "$", "<", ".", "/", "\0", "\x1b", "\x7f", "\x85", "\xa0", "\u2028", "\ufeff", "\ufffe", "é", "漢", "\U0001f600"]
NOT_UTF8 = [b"\xff", b"a\x80", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"ok\xe2\x82"]


def random_text(rng):
    choice = rng.random()
    if choice < 0.55:
        return rng.choice(NASTY)
    if choice < 0.6:
        return rng.choice(NASTY) * rng.randrange(2, 400)
    if choice < 0.75:
        return rng.choice(NASTY) + rng.choice(NASTY)
    return "".join(rng.choices(LETTERS, k=rng.randrange(1, 24)))


def random_json(rng, depth=0):
    choice = rng.random()
    if depth > 3 or choice < 0.5:
        return random_text(rng)
    if choice < 0.6:
        return rng.choice([0, -1, 2**31, -2**63, 2**63 - 1, 10**20, 1.5, -0.25, 1e5, 1e-7, 1.5e300, True, False, None])
    if choice < 0.8:
        return [random_json(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {random_text(rng): random_json(rng, depth + 1) for _ in range(rng.randrange(4))}


def random_value(rng):
    """Type, the bytes of the value, and what a parser is to make of it."""
    choice = rng.random()
    if choice < 0.8:
        text = random_text(rng)
        return "t", text.encode(), text
    if choice < 0.86:
        number = rng.choice([0, 7, -1, 5432, 2**63 - 1, -2**63, 2**63, rng.randrange(-10**6, 10**6)])
        return "i", str(number).encode(), number
    if choice < 0.9:
        truth = rng.random() < 0.5
        return "b", str(truth).lower().encode(), truth
    if choice < 0.93:
        return "n", b"", None
    if choice < 0.998:
        value = random_json(rng)
        spaced = rng.choice([None, 1])
        text = json.dumps(value, ensure_ascii=rng.random() < 0.5, indent=spaced).replace("/", rng.choice(["/", "\\/"]))
        return "j", text.encode(), value
    return "t", rng.choice(NOT_UTF8), None
