"""The records of the local store's file, format 1: bytes to fields and nothing else (backends/local/FORMAT.md)."""

from dataclasses import dataclass
import hashlib
import json

MAX_HEADER = 8192
KINDS = {1: "raw", 2: "passphrase", 3: "provider"}
VERSION_STATES = LIVE, DELETED, DESTROYED = range(3)
VALUE_KINDS = {0: "bytes", 1: "fields"}
MAX_FIELDS_ENTRY = 16 * 1024
TAG = 16


class Refusal(Exception):
    """Why a store is not read. `kind` is one of those that reader.py lists; the text holds no key and no value."""

    def __init__(self, kind, text):
        super().__init__(text)
        self.kind = kind


def u32(number):
    return number.to_bytes(4, "big")


def lp16(data):
    return len(data).to_bytes(2, "big") + data


class Cursor:
    """Takes fields from the front of `data`; what does not fit is a Refusal of `kind` that names `what`."""

    def __init__(self, data, kind, what):
        self._data, self._at, self._kind, self._what = data, 0, kind, what

    def take(self, size):
        if len(self._data) - self._at < size:
            self.refuse("ends too early")
        self._at += size
        return self._data[self._at - size:self._at]

    def unsigned(self, size):
        return int.from_bytes(self.take(size), "big")

    def i64(self):
        return int.from_bytes(self.take(8), "big", signed=True)

    def lp16(self):
        return self.take(self.unsigned(2))

    def text(self, data):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.refuse("has a text that is not UTF-8")

    def left(self):
        return len(self._data) - self._at

    def end(self):
        if self.left():
            self.refuse("has bytes behind its last field")

    def require(self, holds, text):
        if not holds:
            self.refuse(text)

    def refuse(self, text):
        raise Refusal(self._kind, f"{self._what} {text}") from None


@dataclass
class Header:
    store_id: bytes
    key_epoch: int
    kind: int
    m: int = 0
    t: int = 0
    p: int = 0
    salt: bytes = b""
    provider: str = ""
    key_ref: str = ""


def parse_header(body, checksum):
    """The header's fields, its sum compared; the limits of Argon2id too, as nothing may be allocated before."""
    at = Cursor(body, "damaged-header", "the header")
    at.require(len(body) <= MAX_HEADER, "is too long")
    at.require(checksum == hashlib.sha256(body).digest()[:8], "does not have the sum that stands beside it")
    at.require(at.take(8) == b"locketv1", "does not begin as one")
    header = Header(at.take(16), at.unsigned(4), at.unsigned(1))
    at.require(header.key_epoch >= 1, "has key epoch 0")
    at.require(header.kind in KINDS, "is of an unknown kind")
    if header.kind == 2:
        header.m, header.t, header.p, header.salt = (at.unsigned(4), at.unsigned(4), at.unsigned(4), at.take(16))
    elif header.kind == 3:
        header.provider, header.key_ref = at.text(at.lp16()), at.text(at.lp16())
        at.lp16()
        at.require(header.provider, "names no provider")
    at.end()
    if header.kind == 2:
        check_kdf_limits(header)
    return header


def check_kdf_limits(header):
    m, t, p = header.m, header.t, header.p
    if not (19_456 <= m <= 262_144 and 1 <= t <= 8 and m * t <= 1_048_576 and 1 <= p <= 16):
        raise Refusal("kdf-limits", f"Argon2id with m={m} KiB, t={t}, p={p} is outside the limits")


@dataclass
class Version:
    number: int
    created: int
    state: int
    value_tag: bytes


@dataclass
class Item:
    current: int
    last_version: int
    updated: int
    expires: int
    put_token: bytes
    versions: dict
    metadata: dict

    def current_version(self):
        return self.versions[self.current]


def parse_item(data, name):
    at = Cursor(data, "integrity", f"the item of {name!r}")
    current, last = at.unsigned(4), at.unsigned(4)
    item = Item(current, last, at.i64(), at.i64(), at.take(16), _parse_versions(at, last), _parse_metadata(at))
    at.end()
    at.require(current in item.versions, "has a current version that is not among its versions")
    return item


def _parse_versions(at, last):
    versions, before = {}, 0
    for _ in range(at.unsigned(4)):
        version = Version(at.unsigned(4), at.i64(), at.unsigned(1), at.take(TAG))
        at.require(before < version.number <= last, "has versions that do not ascend from 1 to the last one")
        at.require(version.state in VERSION_STATES, "has a version in an unknown state")
        if version.state == DESTROYED:
            at.require(not any(version.value_tag), "has a value tag for a destroyed version")
        versions[version.number], before = version, version.number
    return versions


def _parse_metadata(at):
    metadata, before = {}, None
    for _ in range(at.unsigned(2)):
        key = at.lp16()
        at.require(before is None or before < key, "has metadata keys that do not ascend")
        metadata[at.text(key)] = _decode_entry(at, key, at.take(at.unsigned(4)))
        before = key
    return metadata


def _decode_entry(at, key, value):
    if key.startswith(b"tag/"):
        return at.text(value)
    at.require(value, "has an empty metadata entry")
    if key in (b"description", b"provider", b"status", b"type"):
        return at.text(value)
    if key == b"fields":
        at.require(len(value) <= MAX_FIELDS_ENTRY, "has too long a list of fields")
        return parse_names(value)
    size = {b"created": 8, b"last_rotated": 8, b"rotation_period": 8, b"reminder_days": 4}.get(key)
    at.require(len(value) == size, "has a metadata entry that is unknown or of a wrong length")
    return int.from_bytes(value, "big", signed=size == 8)


def parse_names(data):
    at, names = Cursor(data, "integrity", "a list of field names"), []
    while at.left():
        names.append(at.text(at.lp16()))
    return names


@dataclass
class Value:
    kind: int
    data: bytes


def parse_value(plain, what):
    at = Cursor(plain, "integrity", what)
    value = Value(at.unsigned(1), at.take(len(plain) - 1))
    at.require(value.kind in VALUE_KINDS, "is of an unknown kind")
    return value


def field_names(data, what):
    """The keys of the JSON object `data`, in its order; a Refusal if it is none or names a field twice."""
    try:
        pairs = json.loads(data.decode("utf-8"), object_pairs_hook=tuple)
    except (ValueError, RecursionError):
        pairs = None
    names = [key for key, _ in pairs] if isinstance(pairs, tuple) else None
    if names is None or len(set(names)) != len(names):
        raise Refusal("integrity", f"{what} is not a JSON object of distinct fields")
    return names


@dataclass
class State:
    generation: int
    k_set: bytes
    ring: bytes
    buckets: list


def parse_state(data):
    at = Cursor(data, "integrity", "the state")
    state = State(at.unsigned(8), at.take(32), at.take(32), [(at.unsigned(4), at.unsigned(32)) for _ in range(256)])
    at.end()
    return state


def unpad(padded, what):
    """The x of padded(x): as few zeros as make a multiple of 64 bytes, and all of them zero."""
    at = Cursor(padded, "integrity", what)
    data = at.take(at.unsigned(4))
    at.require(len(padded) == -(-(4 + len(data)) // 64) * 64, "is padded to a wrong length")
    at.require(not any(at.take(at.left())), "is padded with something else than zeros")
    return data


@dataclass
class Anchor:
    store_id: bytes
    generation: int
    state_digest: bytes


def parse_anchor(data):
    at = Cursor(data, "damaged-anchor", "the anchor")
    at.require(at.take(8) == b"lkanchr1", "does not begin as one")
    anchor = Anchor(at.take(16), at.unsigned(8), at.take(32))
    at.require(at.take(8) == hashlib.sha256(data[:64]).digest()[:8], "does not have the sum that it ends with")
    at.end()
    return anchor
