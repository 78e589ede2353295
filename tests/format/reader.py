#!/usr/bin/env python3
"""A second implementation of a reader of the local store's file, format 1.

    reader.py STORE --key-file FILE | --key-env VARIABLE | --passphrase-env VARIABLE  [--anchor FILE]

It was written from backends/local/FORMAT.md and the specifications that the page names alone, without a look at
locket's code: it shows that the page is enough. It makes every check that the page asks of a reader and prints the
whole store as one JSON document, values in hexadecimal: for tests, not for use. A store whose root key a provider wraps
is read with the unwrapped key in --key-env. Nothing is written, but SQLite rolls a hot journal back.

On a refusal it prints "KIND: text" to stderr, neither a key nor a value among it, and returns 1. KIND is one of
  not-found unsafe-file                        the path: nothing to read; a link, or not the user's alone
  foreign-file newer-format wal schema         what the file is instead of a store of this format
  damaged-file busy                            what SQLite says of it
  damaged-header kdf-limits                    the header, before any key
  no-key bad-key other-kind wrong-key          the key: none, malformed, of another kind than the store's, not its own
  integrity                                    the rows are not what the holder of the key wrote
  damaged-anchor foreign-anchor rollback       the anchor: no longer one, another store's, ahead of the store
"""

import argparse
import contextlib
import hashlib
import json
import os
import pathlib
import sqlite3
import stat
import sys

import crypto
from crypto import DEK, ITEM, STATE, VALUE
import records
from records import DELETED, DESTROYED, LIVE, Refusal, lp16, u32

APPLICATION_ID = 0x4C4B5431
FORMAT = 1
U32_MAX = 2**32 - 1
DEK_STATES = {1: "primary", 2: "decrypt-only", 3: "destroyed"}
VERSION_STATES = {LIVE: "live", DELETED: "deleted", DESTROYED: "destroyed"}
SCHEMA = {
    ("table", "header", "header"): "CREATE TABLE header(id INTEGER PRIMARY KEY NOT NULL CHECK(id=1),"
                                   " body BLOB NOT NULL, sum BLOB NOT NULL, mac BLOB NOT NULL) STRICT",
    ("table", "dek", "dek"): "CREATE TABLE dek(id INTEGER PRIMARY KEY NOT NULL, state INTEGER NOT NULL,"
                             " box BLOB NOT NULL) STRICT",
    ("table", "state", "state"): "CREATE TABLE state(id INTEGER PRIMARY KEY NOT NULL CHECK(id=1),"
                                 " box BLOB NOT NULL) STRICT",
    ("table", "item", "item"): "CREATE TABLE item(name TEXT PRIMARY KEY NOT NULL, bucket INTEGER NOT NULL,"
                               " meta BLOB NOT NULL, val BLOB NOT NULL) STRICT, WITHOUT ROWID",
    ("index", "item_bucket", "item"): "CREATE INDEX item_bucket ON item(bucket)",
    ("table", "old", "old"): "CREATE TABLE old(name TEXT NOT NULL, ver INTEGER NOT NULL, val BLOB NOT NULL,"
                             " PRIMARY KEY(name, ver)) STRICT, WITHOUT ROWID",
}


def require(holds, kind, text):
    if not holds:
        raise Refusal(kind, text)


# ---- the file

def check_file(path):
    try:
        status = os.lstat(path)
    except OSError as error:
        raise Refusal("not-found", error.strerror) from None
    require(stat.S_ISREG(status.st_mode), "unsafe-file", "not a regular file")
    require(status.st_uid == os.geteuid(), "unsafe-file", "another user's file")
    require(not status.st_mode & 0o077, "unsafe-file", "group or others have rights to it")


def check_first_bytes(path):
    # The page reads them through SQLite so as not to drop the process's locks. There are none here yet.
    try:
        with open(path, "rb") as file:
            start = file.read(100)
    except OSError as error:
        raise Refusal("not-found", error.strerror) from None
    require(len(start) == 100 and start.startswith(b"SQLite format 3\0"), "foreign-file", "not an SQLite database")
    number = {offset: int.from_bytes(start[offset:offset + 4], "big") for offset in (60, 68)}
    require(number[68] == APPLICATION_ID, "foreign-file", "another application's database")
    require(number[60] <= FORMAT, "newer-format", f"format {number[60]}")
    require(number[60] == FORMAT, "foreign-file", f"format {number[60]}")
    require(2 not in start[18:20], "wal", "the database writes ahead (WAL)")


def connect(path):
    """A connection inside a read transaction."""
    db = sqlite3.connect(pathlib.Path(path).absolute().as_uri() + "?mode=rw", uri=True, isolation_level=None)
    for setting in ("synchronous=EXTRA", "secure_delete=ON", "mmap_size=0", "cell_size_check=ON", "trusted_schema=OFF",
                    "query_only=ON"):
        db.execute("PRAGMA " + setting)
    db.execute("BEGIN")
    return db


def check_schema(db):
    rows = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    require(len(rows) == len(SCHEMA) and {row[:3]: row[3] for row in rows} == SCHEMA, "schema",
            "the tables are not those of a store")


def rows_of(db, query, types, kind, what):
    """The rows, each column of the type that its table declares: a forged file may hold others despite STRICT."""
    rows = db.execute(query).fetchall()
    require(all(tuple(map(type, row)) == types for row in rows), kind, f"a row of {what} holds another type")
    return rows


def only_row(db, query, types, kind, what):
    rows = rows_of(db, query, types, kind, what)
    require(len(rows) == 1, kind, f"{what} does not have one row")
    return rows[0]


# ---- keys

class KeySource:
    """Where the root key comes from: a way (file, key variable, passphrase variable) and its argument."""

    KINDS = {"file": (1,), "key": (1, 3), "passphrase": (2,)}

    def __init__(self, way, argument):
        self._way, self._argument = way, argument

    def attempts(self, header):
        """Functions that return a root key or refuse, to be tried in turn."""
        require(header.kind in self.KINDS[self._way], "other-kind", f"the store's key is {records.KINDS[header.kind]}")
        if self._way == "file":  # between a rekey's commit and its end the key is in FILE.next, a moment later in FILE
            return [lambda path=path: self._from_file(path)
                    for path in (self._argument, self._argument + ".next", self._argument)]
        if self._way == "key":
            return [lambda: crypto.root_from_variable(self._variable())]
        return [lambda: crypto.root_from_passphrase(self._variable(), header)]

    def _variable(self):
        text = os.environb.get(os.fsencode(self._argument))
        require(text is not None, "no-key", f"{self._argument} is not set")
        return text

    @staticmethod
    def _from_file(path):
        try:
            with open(path, "rb") as file:
                return crypto.root_from_text(file.read(crypto.KEY_FILE_SIZE + 1))
        except OSError as error:
            raise Refusal("no-key", f"{path}: {error.strerror}") from None


def unlock(header, body, mac, source):
    """The first root key whose header is the store's; if there is none, what was wrong with the first one."""
    first = None
    for attempt in source.attempts(header):
        try:
            root = attempt()
            require(crypto.same(mac, crypto.hmac(crypto.derived_key(root, header.store_id, b"header"), body)),
                    "wrong-key", "another key, or an altered header")
            return root
        except Refusal as refusal:
            first = first or refusal
    raise first


# ---- the store

class Store:
    """A store that is open: header, state and data keys are compared, secrets are when they are read."""

    def __init__(self, path, source, anchor=None):
        check_file(path)
        check_first_bytes(path)
        self._db = connect(path)
        try:
            self._open(source, anchor)
        except BaseException:
            self.close()
            raise

    def close(self):
        self._db.close()

    def _open(self, source, anchor):
        check_schema(self._db)
        body, checksum, mac = only_row(self._db, "SELECT body, sum, mac FROM header", (bytes, bytes, bytes),
                                       "damaged-header", "header")
        self.header = records.parse_header(body, checksum)
        root = unlock(self.header, body, mac, source)
        state_box = self._open_state(crypto.derived_key(root, self.header.store_id, b"state"))
        self._open_data_keys(crypto.derived_key(root, self.header.store_id, b"wrap"))
        if anchor is not None:
            self._compare_anchor(anchor, state_box)

    def _open_state(self, key):
        box, = only_row(self._db, "SELECT box FROM state", (bytes,), "integrity", "state")
        require(crypto.box_key_id(box, "the state") == 0, "integrity", "the state is under another key")
        self.state = records.parse_state(
            crypto.open_box(box, key, STATE, self.header.store_id, self.header.key_epoch, b"", "the state"))
        return box

    def _open_data_keys(self, wrap):
        rows = rows_of(self._db, "SELECT id, state, box FROM dek ORDER BY id", (int, int, bytes), "integrity", "dek")
        for number, state, _ in rows:
            require(1 <= number <= U32_MAX and state in DEK_STATES, "integrity", "a data key's number or state is none")
        ring = b"".join(u32(number) + bytes([state]) + u32(len(box)) + box for number, state, box in rows)
        require(crypto.same(hashlib.sha256(ring).digest(), self.state.ring), "integrity",
                "the data keys are not those of the state")
        require([row[1] for row in rows].count(1) == 1, "integrity", "there is not exactly one primary data key")
        self.dek_states = {number: state for number, state, _ in rows}
        self._data_keys = {number: self._unwrap(wrap, number, box) for number, state, box in rows if state != 3}
        require(not any(box for _, state, box in rows if state == 3), "integrity", "a destroyed data key has a box")

    def _unwrap(self, wrap, number, box):
        what = f"data key {number}"
        require(crypto.box_key_id(box, what) == number, "integrity", f"{what} has the box of another one")
        key = crypto.open_box(box, wrap, DEK, self.header.store_id, self.header.key_epoch, b"", what)
        require(len(key) == 32, "integrity", f"{what} has a wrong length")
        return key

    def _compare_anchor(self, path, state_box):
        try:
            anchor = records.parse_anchor(pathlib.Path(path).read_bytes())
        except OSError as error:
            raise Refusal("damaged-anchor", error.strerror) from None
        require(anchor.store_id == self.header.store_id, "foreign-anchor", "the anchor is another store's")
        require(anchor.generation <= self.state.generation, "rollback", "the store is older than its anchor")
        require(anchor.generation < self.state.generation
                or anchor.state_digest == hashlib.sha256(state_box).digest(), "rollback",
                "the store has another state than its anchor at the same generation")

    def secrets(self):
        """Everything about each secret, in the order of their names' bytes."""
        rows = rows_of(self._db, "SELECT name, bucket, meta, val FROM item", (str, int, bytes, bytes), "integrity",
                       "item")
        old = rows_of(self._db, "SELECT name, ver, val FROM old", (str, int, bytes), "integrity", "old")
        self._compare_buckets(rows)
        boxes = {(name, number): box for name, number, box in old}
        secrets = [self._secret(name, meta, val, boxes)
                   for name, _, meta, val in sorted(rows, key=lambda row: row[0].encode())]
        require(not boxes, "integrity", "there are values of versions that no secret has")
        return secrets

    def _compare_buckets(self, rows):
        counts, sums = [0] * 256, [0] * 256
        for name, bucket, meta, _ in rows:
            encoded, k_set = name.encode(), self.state.k_set
            require(len(encoded) < 2**16, "integrity", "a name is too long")
            require(bucket == crypto.hmac(k_set, b"b" + encoded)[0], "integrity", f"{name!r} is in another bucket")
            counts[bucket] += 1
            sums[bucket] += int.from_bytes(crypto.hmac(k_set, b"e" + lp16(encoded) + meta[-records.TAG:]), "big")
        for bucket, (count, total) in enumerate(self.state.buckets):
            require(counts[bucket] == count and sums[bucket] % 2**256 == total, "integrity",
                    f"bucket {bucket} does not have the secrets that the state names")

    def _unseal(self, box, label, n, name, what):
        number = crypto.box_key_id(box, what)
        require(number in self._data_keys, "integrity", f"{what} is under a data key that is not there")
        key, store_id = self._data_keys[number], self.header.store_id
        return records.unpad(crypto.open_box(box, key, label, store_id, n, name.encode(), what), what)

    def _secret(self, name, meta, val, boxes):
        """The secret, whose boxes of other versions than the current one are taken out of `boxes`."""
        item = records.parse_item(self._unseal(meta, ITEM, 0, name, f"the item of {name!r}"), name)
        current = item.current_version()
        require((current.state == DESTROYED) == (val == b""), "integrity",
                f"{name!r} has a value although it is destroyed, or none although it is not")
        versions = []
        for version in item.versions.values():
            value = None
            if version.state != DESTROYED:
                box = val if version is current else boxes.pop((name, version.number), None)
                value = self._value(name, version, box)
            if version is current and value:
                check_fields(item, value, name)
            versions.append(version_document(version, value))
        return secret_document(name, item, versions)

    def _value(self, name, version, box):
        what = f"version {version.number} of {name!r}"
        require(box is not None, "integrity", f"{what} has no value")
        require(crypto.same(box[-records.TAG:], version.value_tag), "integrity", f"{what} has another value's box")
        return records.parse_value(self._unseal(box, VALUE, version.number, name, what), what)


def check_fields(item, value, name):
    """The item's list of fields is the value's own; without a list, there are no fields or too many to list."""
    names = records.field_names(value.data, f"the value of {name!r}") if value.kind == 1 else []
    size = sum(2 + len(field.encode(errors="surrogatepass")) for field in names)
    listed = names if 0 < size <= records.MAX_FIELDS_ENTRY else None
    require(item.metadata.get("fields") == listed, "integrity", f"{name!r} lists other fields than its value has")


# ---- the document

def version_document(version, value):
    document = {"number": version.number, "created": version.created, "state": VERSION_STATES[version.state]}
    if value is not None:
        document |= {"value_kind": records.VALUE_KINDS[value.kind], "value": value.data.hex()}
    return document


def secret_document(name, item, versions):
    return {
        "name": name, "removed": item.current_version().state == DELETED, "current": item.current,
        "last_version": item.last_version, "updated": item.updated, "expires": item.expires or None,
        "put_token": item.put_token.hex() if any(item.put_token) else None, "metadata": item.metadata,
        "versions": versions,
    }


def store_document(store):
    header = store.header
    document = {"store_id": header.store_id.hex(), "key_epoch": header.key_epoch, "kind": records.KINDS[header.kind]}
    if header.kind == 2:
        document |= {"argon2id": {"m": header.m, "t": header.t, "p": header.p}}
    elif header.kind == 3:
        document |= {"provider": header.provider, "key_ref": header.key_ref}
    keys = [{"id": number, "state": DEK_STATES[state]} for number, state in store.dek_states.items()]
    return document | {"generation": store.state.generation, "data_keys": keys}


def read(path, source, anchor=None):
    """The whole store as a document of what JSON has, or a Refusal."""
    try:
        with contextlib.closing(Store(path, source, anchor)) as store:
            return {"store": store_document(store), "secrets": store.secrets()}
    except sqlite3.Error as error:
        busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        raise Refusal("busy" if busy else "damaged-file", str(error)) from None


def main(arguments):
    parser = argparse.ArgumentParser(description="Prints a local store as JSON, values and all.", allow_abbrev=False)
    parser.add_argument("store")
    ways = parser.add_mutually_exclusive_group(required=True)
    for option, way in (("--key-file", "file"), ("--key-env", "key"), ("--passphrase-env", "passphrase")):
        ways.add_argument(option, dest="source", type=lambda argument, way=way: KeySource(way, argument))
    parser.add_argument("--anchor")
    options = parser.parse_args(arguments)
    try:
        document = read(options.store, options.source, options.anchor)
    except Refusal as refusal:
        print(f"{refusal.kind}: {refusal}".replace("\n", " "), file=sys.stderr)
        return 1
    print(json.dumps(document, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
