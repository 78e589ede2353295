"""Random documents of each format, with references "$<secret:vN>" in their values, keys and comments."""

import json


class Writer:
    """What the formats' generators share: chance, and how many references there are so far."""

    def __init__(self, rng, most_references):
        self.rng = rng
        self.most = most_references
        self.names = 0

    def reference(self):
        return f"$<secret:v{self.rng.randrange(self.most)}>"

    def text(self):
        """The text of one value."""
        choice = self.rng.random()
        if choice < 0.5:
            return self.reference()
        if choice < 0.6:
            return "pre " + self.reference()
        if choice < 0.7:
            return self.reference() + "/é/" + self.reference()
        return self.rng.choice(["word", "two words", "x", "Grüße 日本", "\U0001f511 key", "it's", 'a "quoted" one', "a\\b", ""])

    def key(self):
        self.names += 1
        return self.rng.choice(["key", "k-", "K_", "a"]) + str(self.names)

    def comment(self):
        return self.rng.choice(["", "", "", "  # note", " # $<secret:v0>", " # é: 'x'", " #"])

    def some(self, low, high):
        return range(self.rng.randrange(low, high))

    def maybe(self, chance):
        return self.rng.random() < chance


def double_quoted(text, rng):
    """As JSON writes it, which YAML and TOML read, too, but for its pairs of surrogates."""
    escaped = rng.random() < 0.2 and max(text, default="") < "\U00010000"
    return json.dumps(text, ensure_ascii=escaped)


class Yaml(Writer):
    OTHER = ["1", "-2.5", "true", "no", "null", "~", "0x1f", "12:30:45", "2001-12-14", "''", '""', "", ".inf", "1e3", "plain words"]

    def document(self):
        parts = [self.node(0)]
        while self.maybe(0.08):
            parts.append(self.rng.choice(["--- # second\n", "...\n---\n"]) + self.node(0))
        text = "".join(parts)
        if self.maybe(0.1):
            text = self.rng.choice(["---\n", "%YAML 1.1\n---\n", "# $<secret:v0>\n---\n", "\n\n"]) + text
        if self.maybe(0.1):
            text = text.replace("\n", "\r\n")
        if self.maybe(0.1):
            text = text.rstrip("\r\n")
        return ("\ufeff" if self.maybe(0.05) else "") + text

    def node(self, indent):
        choice = self.rng.random()
        if indent == 0 and choice < 0.04:
            return self.scalar(0) + "\n"
        if indent == 0 and choice < 0.1:
            return self.flow(0) + self.comment() + "\n"
        if choice < 0.7:
            return self.mapping(indent)
        return self.sequence(indent)

    def mapping(self, indent):
        pad = " " * indent
        lines = [self.line(pad) for _ in self.some(0, 2)]
        for _ in self.some(1, 6):
            lines.append(pad + self.yaml_key() + ":" + self.value(indent) + "\n")
            lines.extend(self.line(pad) for _ in self.some(0, 2))
        return "".join(lines)

    def sequence(self, indent):
        pad = " " * indent
        items = []
        for _ in self.some(1, 5):
            if indent < 6 and self.maybe(0.35):
                items.append(pad + "- " + self.compact(indent + 2))
            else:
                items.append(pad + "-" + self.value(indent, True) + "\n")
        return "".join(items)

    def compact(self, indent):
        """A nested collection that begins on its parent's line: `- - a: x`."""
        lines = self.node(indent).split("\n")
        while lines[0].lstrip() == "" or lines[0].lstrip().startswith("#"):
            lines.pop(0)
        return "\n".join(lines)[indent:]

    def line(self, pad):
        if self.maybe(0.02):
            return " \t\n"  # which libyaml takes behind some scalars
        return self.rng.choice(["", "\n", pad + "# comment: $<secret:v0>\n"])

    def yaml_key(self):
        key = self.key()
        return self.rng.choice([key, key, key, f'"{key} $<secret:v0>"', f"'{key}'"])

    def value(self, indent, in_sequence=False):
        choice = self.rng.random()
        if indent < 6 and choice < 0.25:
            return self.comment() + "\n" + self.node(indent + 2).rstrip("\n")
        if choice < 0.4:
            return " " + self.flow(0) + self.comment()
        if choice < 0.5:
            return " " + self.properties() + self.rng.choice(self.OTHER) + self.comment()
        gap = self.rng.choice([" ", "  ", "  " if in_sequence else " \t", "\n" + " " * (indent + 1)])
        return gap + self.properties() + self.scalar(indent + 1)

    def properties(self):
        if self.maybe(0.85):
            return ""
        self.names += 1
        return self.rng.choice([f"&a{self.names} ", "!!str ", f"&b{self.names} !!str ", "!<tag:yaml.org,2002:str> "])

    def scalar(self, indent):
        text = self.text()
        choice = self.rng.random()
        if choice < 0.25:
            return self.block(text, indent)
        return self.inline(text) + self.comment()

    def inline(self, text):
        style = self.rng.choice(["plain", "single", "double"])
        if style == "plain" and text.startswith(("$", "pre")):
            return text
        if style == "single":
            return "'" + text.replace("'", "''") + "'"
        return double_quoted(text, self.rng)

    def block(self, text, indent):
        indent = max(indent, 1)
        deeper = self.rng.randrange(1, 4)
        header = self.rng.choice("|>") + self.rng.choice(["", "-", "+"])
        pad = " " * (indent + deeper)
        lines = [pad + (text or "x")]
        lines.extend(self.rng.choice([pad + "more", pad + "# no comment", "", pad + "  deeper"]) for _ in self.some(0, 3))
        return header + self.comment() + "\n" + "\n".join(lines)

    def flow(self, depth):
        choice = self.rng.random()
        if depth > 2 or choice < 0.4:
            return self.inline(self.text())
        entries = [self.flow(depth + 1) for _ in self.some(0, 4)]
        gap = self.rng.choice([", ", ",", " , "])
        if choice < 0.7:
            return "[" + gap.join(entries) + "]"
        return "{" + gap.join(self.flow_key() + entry for entry in entries) + "}"

    def flow_key(self):
        key = self.key()
        return self.rng.choice([key + ": ", f'"{key}":', f'"{key}": ', f"'{key}' : ", f"? {key} : "])


class Toml(Writer):
    OTHER = ["1", "-2.5", "true", "0x1f", "1979-05-27T07:32:00Z", "1979-05-27", "inf", "1e3", "[]", "{}", "''", '""']

    def document(self):
        parts = [self.pairs(0, 4)]
        for _ in self.some(0, 4):
            name = self.key() + self.rng.choice(["", "", ".sub", ' . "q.$<secret:v0>"', ".'lit'"])
            if self.maybe(0.3):
                for _ in self.some(1, 4):
                    parts.append(f"[[{name}]]{self.comment()}\n" + self.pairs(0, 3))
            else:
                parts.append(f"[{name}]{self.comment()}\n" + self.pairs(0, 4))
        text = "".join(parts)
        if self.maybe(0.1):
            text = text.replace("\n", "\r\n")
        return ("\ufeff" if self.maybe(0.05) else "") + (text.rstrip("\r\n") if self.maybe(0.1) else text)

    def pairs(self, low, high):
        lines = []
        for _ in self.some(low, high):
            lines.append(self.rng.choice(["", "\n", "# comment = $<secret:v0>\n", "  "]))
            lines.append(self.pair(0, self.rng.choice([" = ", "=", "\t=  "])) + self.comment() + "\n")
        return "".join(lines)

    def pair(self, depth, sign):
        key = self.key()
        name = self.rng.choice([key, key, f'"{key}"', f"'{key} $<secret:v0>'", f"{key}.x", f"{key} . 'y'"])
        return name + sign + self.value(depth)

    def value(self, depth):
        choice = self.rng.random()
        if choice < 0.15:
            return self.rng.choice(self.OTHER)
        if depth > 2 or choice < 0.6:
            return self.string(self.text())
        if choice < 0.8:
            return self.array(depth + 1)
        entries = [self.pair(depth + 1, " = ") for _ in self.some(0, 4)]
        return self.rng.choice(["{ ", "{"]) + self.rng.choice([", ", ",", " , "]).join(entries) + self.rng.choice([" }", "}"])

    def array(self, depth):
        gap = self.rng.choice(["", " ", "\n  ", "  # é\n", "\n"])
        entries = [gap + self.value(depth) + self.rng.choice(["", "", " ", " # note\n"]) for _ in self.some(0, 4)]
        comma = "," if entries and self.maybe(0.3) else ""
        return "[" + ",".join(entries) + comma + self.rng.choice(["", " ", "\n", " # end $<secret:v0>\n"]) + "]"

    def string(self, text):
        style = self.rng.randrange(4)
        if style == 0 and "'" not in text:
            return f"'{text}'"
        if style == 1:
            return self.rng.choice(['"""', '"""\n', '"""\\\n  ']) + text.replace("\\", "\\\\") + self.rng.choice(['"""', '\n"""'])
        if style == 2:
            return self.rng.choice(["'''", "'''\n"]) + text + self.rng.choice(["'''", "\n'''"])
        return double_quoted(text, self.rng)


class Json(Writer):
    def document(self):
        text = json.dumps(self.node(0), ensure_ascii=self.maybe(0.5), indent=self.rng.choice([None, 1, "\t"]))
        return self.rng.choice(["", "\n", " "]) + text + self.rng.choice(["", "\n"])

    def node(self, depth):
        choice = self.rng.random()
        if depth > 3 or (depth and choice < 0.5):
            return self.rng.choice([self.text(), self.text(), 1, -2.5, True, None, []])
        if choice < 0.7:
            return [self.node(depth + 1) for _ in self.some(0, 4)]
        return {self.key() + self.rng.choice(["", " $<secret:v0>"]): self.node(depth + 1) for _ in self.some(0, 5)}


class Dotenv(Writer):
    def document(self):
        lines = []
        for _ in self.some(0, 6):
            lines.append(self.rng.choice(["", "\n", "# $<secret:v0>\n"]))
            lines.append(self.rng.choice(["", "", "export "]) + self.key().replace("-", "_") + "=" + self.value() + "\n")
        text = "".join(lines)
        return text.rstrip("\n") if self.maybe(0.1) else text

    def value(self):
        text = self.rng.choice([self.reference(), "pre-" + self.reference(), self.reference() + self.reference(), "word", ""])
        written = self.rng.choice([text, f"'{text}'", f'"{text}"'])
        return written + self.rng.choice(["", "", " # note", " # $<secret:v0>"] if written else [""])


FORMATS = {"yaml": Yaml, "toml": Toml, "json": Json, "dotenv": Dotenv}
