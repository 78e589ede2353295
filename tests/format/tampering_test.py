#!/usr/bin/env python3
"""Tests of what reader.py refuses: rows altered without the key, and records that are sealed well and wrong inside."""

import contextlib
import hashlib
import pathlib
import sqlite3
import unittest

import crypto
import reader
from records import DESTROYED, Version, lp16, u32
from store_case import OTHER_ROOT, ROOT, StoreTest, example_store
import writer
from writer import Writer, padded


@contextlib.contextmanager
def rows_in(path):
    """A connection to alter the rows of the store at `path` as one likes."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA synchronous=OFF")
        db.execute("PRAGMA ignore_check_constraints=ON")
        yield db
        db.commit()


def rewrite_schema(db, former, latter):
    db.execute("PRAGMA writable_schema=ON")
    db.execute("UPDATE sqlite_schema SET sql = replace(sql, ?, ?)", (former, latter))


class SchemaTampering(StoreTest):
    def test_anything_else_than_the_schema_is_refused(self):
        for statement in ("CREATE TABLE more(a)", "CREATE INDEX more ON item(val)", "CREATE VIEW more AS SELECT 1",
                          "CREATE TRIGGER more AFTER INSERT ON item BEGIN DELETE FROM old; END",
                          "DROP INDEX item_bucket", "ALTER TABLE item ADD COLUMN more TEXT", "DROP TABLE old",
                          "ANALYZE", "CREATE TABLE more(a INTEGER PRIMARY KEY AUTOINCREMENT)"):
            path = self.saved(example_store())
            with self.subTest(statement=statement):
                with rows_in(path) as db:
                    db.execute(statement)
                self.assert_refused("schema", path)

    def test_other_white_space_is_another_schema(self):
        path = self.saved(Writer(ROOT))
        with rows_in(path) as db:
            rewrite_schema(db, "dek(", "dek (")
        self.assert_refused("schema", path)


BLOBS = (("header", "body", "damaged-header"), ("header", "sum", "damaged-header"), ("header", "mac", "wrong-key"),
         ("dek", "box", "integrity"), ("state", "box", "integrity"), ("item", "meta", "integrity"),
         ("item", "val", "integrity"), ("old", "val", "integrity"))


class RowTampering(StoreTest):
    """What someone without the key may do to the rows."""

    def refused_after(self, kind, *statements):
        path = self.saved(example_store())
        with self.subTest(statements=statements):
            with rows_in(path) as db:
                for statement in statements:
                    db.execute(statement)
            self.assert_refused(kind, path)

    def test_each_blob_with_one_bit_turned(self):
        for table, column, kind in BLOBS:
            for place in ("first", "fifth", "sixth", "last"):
                path = self.saved(example_store())
                with self.subTest(table=table, column=column, place=place):
                    with rows_in(path) as db:
                        blob, = db.execute(f"SELECT {column} FROM {table}").fetchone()
                        at = {"first": 0, "fifth": 4, "sixth": 5, "last": len(blob) - 1}[place]
                        db.execute(f"UPDATE {table} SET {column} = ? WHERE {column} = ?",
                                   (blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1:], blob))
                    self.assert_refused(kind, path)

    def test_each_blob_cut_short_or_gone(self):
        for table, column, kind in BLOBS:
            self.refused_after(kind, f"UPDATE {table} SET {column} = substr({column}, 1, length({column}) - 1)")
            self.refused_after(kind, f"UPDATE {table} SET {column} = x''")

    def test_tables_without_rows(self):
        for table in ("header", "dek", "state", "item", "old"):
            self.refused_after("damaged-header" if table == "header" else "integrity", f"DELETE FROM {table}")

    def test_rows_that_are_moved_or_go_missing(self):
        for statement in ("DELETE FROM item WHERE name = 'b'", "DELETE FROM dek WHERE id = 1",
                          "UPDATE item SET name = 'c' WHERE name = 'b'", "UPDATE item SET bucket = (bucket + 1) % 256",
                          "UPDATE item SET bucket = bucket + 256", "UPDATE item SET bucket = -1",
                          "INSERT INTO item SELECT 'c', bucket, meta, val FROM item WHERE name = 'a'",
                          "UPDATE item SET meta = (SELECT meta FROM item WHERE name = 'a')",
                          "UPDATE item SET val = (SELECT val FROM item WHERE name = 'a')",
                          "UPDATE item SET val = (SELECT val FROM old) WHERE name = 'a'",
                          "UPDATE old SET val = (SELECT val FROM item WHERE name = 'a')", "UPDATE old SET ver = 2",
                          "UPDATE old SET ver = 3", "UPDATE old SET name = 'b'",
                          "INSERT INTO old SELECT 'c', 1, val FROM old", "INSERT INTO old SELECT name, 9, val FROM old",
                          "UPDATE dek SET state = 3 - state", "UPDATE dek SET state = 1", "UPDATE dek SET state = 2",
                          "UPDATE dek SET state = 3, box = x'' WHERE id = 1", "UPDATE dek SET state = 300 WHERE id = 1",
                          "UPDATE dek SET id = id + 1000", "UPDATE dek SET id = -id", "UPDATE dek SET id = id - 1",
                          "INSERT INTO dek SELECT id + 2, 2, box FROM dek WHERE id = 1",
                          "INSERT INTO state SELECT 2, box FROM state"):
            self.refused_after("integrity", statement)
        self.refused_after("damaged-header", "INSERT INTO header SELECT 2, body, sum, mac FROM header")

    def test_a_name_that_no_box_can_belong_to(self):
        store = example_store()
        path, name = self.saved(store), "n" * 2**16
        with rows_in(path) as db:
            db.execute("INSERT INTO item SELECT ?, ?, meta, val FROM item WHERE name = 'a'", (name, store.bucket(name)))
        self.assert_refused("integrity", path)

    def test_an_altered_header_with_the_right_sum(self):
        body = Writer(OTHER_ROOT).body
        self.refused_after("wrong-key", f"UPDATE header SET body = x'{body.hex()}',"
                                        f" sum = x'{hashlib.sha256(body).hexdigest()[:16]}'")

    def test_types_that_strict_tables_do_not_take(self):
        for kind, statement in (("integrity", "UPDATE item SET name = CAST(name AS BLOB)"),
                                ("integrity", "UPDATE item SET bucket = CAST(bucket AS TEXT) || 'x'"),
                                ("integrity", "UPDATE old SET ver = 1.5"),
                                ("integrity", "UPDATE dek SET state = state || 'x'"),
                                ("integrity", "UPDATE state SET box = 'text'"),
                                ("damaged-header", "UPDATE header SET mac = 'text'")):
            path = self.saved(example_store())
            with rows_in(path) as db:
                rewrite_schema(db, "STRICT", "/*  */")
            with rows_in(path) as db:
                db.execute(statement)
                rewrite_schema(db, "/*  */", "STRICT")
            with self.subTest(statement=statement):
                self.assert_refused(kind, path)

    def test_former_rows_among_newer_ones(self):
        store = example_store()
        former_row, former_state = store.items["a"], store.state_box
        store.put("a", b"four", 4)
        row, state = store.items["a"], store.state_box
        for what, store.items["a"], store.state_box in (("item", former_row, state), ("state", row, former_state),
                                                        ("value", (row[0], former_row[1]), state)):
            with self.subTest(what=what):
                self.assert_refused("integrity", self.saved(store))
        store.items["a"], store.state_box = row, state
        self.assertEqual(reader.read(self.saved(store), self.source)["secrets"][0]["current"], 3)


class SealedTampering(StoreTest):
    """Records that are sealed as they should be and are wrong inside."""

    def test_headers(self):
        base = Writer(ROOT).body[:28]
        for kind, body in (("damaged-header", base), ("damaged-header", base + b"\0"), ("damaged-header", base + b"\4"),
                           ("damaged-header", base + b"\1\0"), ("damaged-header", b"x" + base[1:] + b"\1"),
                           ("damaged-header", base[:24] + u32(0) + b"\1"), ("damaged-header", base + b"\2" + bytes(27)),
                           ("damaged-header", base + b"\3" + lp16(b"") + lp16(b"r") + lp16(b"b")),
                           ("damaged-header", base + b"\3" + lp16(b"p") + lp16(b"r") + b"\0\1"),
                           ("damaged-header", base + b"\3" + lp16(b"p") + lp16(b"r") + lp16(bytes(8192)))):
            store = Writer(ROOT)
            store.body, store.store_id = body, body[8:24]
            with self.subTest(body=body[:60]):
                self.assert_refused(kind, self.saved(store))

    def test_the_longest_header_is_read(self):
        start = b"\3" + lp16(b"p") + lp16(b"r")
        store = Writer(ROOT, start + lp16(bytes(8192 - 28 - len(start) - 2)))
        self.assertEqual(len(store.body), 8192)
        reader.read(self.saved(store), self.source)

    def test_states_and_data_keys(self):
        def state(store, change):
            store.seal_state(change(store.state_bytes()))

        def data_key(store, row):
            store.deks[2] = row(store)
            store.seal_state()

        def two_primary_keys(store):
            store.deks[1] = (1, store.deks[1][1])
            store.seal_state()

        def destroyed_with_a_box(store):
            store.deks[3] = (3, store.seal_data_key(3, bytes(32)))
            store.seal_state()

        def other_epoch(store):
            store.key_epoch = 2
            store.seal_state()

        for what, tamper in {
                "short state": lambda store: state(store, lambda plain: plain[:-1]),
                "long state": lambda store: state(store, lambda plain: plain + b"\0"),
                "state under a data key": lambda store: store.seal_state(key_id=1),
                "state of another epoch": other_epoch,
                "another ring": lambda store: state(store, lambda plain: plain[:40] + bytes(32) + plain[72:]),
                "another count": lambda store: state(store, lambda plain: plain[:75] + b"\x09" + plain[76:]),
                "another sum": lambda store: state(store, lambda plain: plain[:-1] + bytes([plain[-1] ^ 1])),
                "no primary key": lambda store: data_key(store, lambda _: (2, store.deks[2][1])),
                "two primary keys": two_primary_keys,
                "state 4": lambda store: data_key(store, lambda _: (4, store.deks[2][1])),
                "destroyed with a box": destroyed_with_a_box,
                "live without a box": lambda store: data_key(store, lambda _: (1, b"")),
                "another key's number": lambda store: data_key(
                    store, lambda _: (1, store.seal_data_key(1, store.data_keys[2]))),
                "a short key": lambda store: data_key(store, lambda _: (1, store.seal_data_key(2, bytes(31))))}.items():
            store = example_store()
            tamper(store)
            with self.subTest(what=what):
                self.assert_refused("integrity", self.saved(store))

    def refused_with_item(self, what, change=None, plain=None):
        """Refused when the secret `a` of the example has its Item changed, or its plaintext made by `plain`."""
        store = example_store()
        item = store.secrets["a"]
        if change:
            change(item)
        store.write_item("a", item, plain=plain(padded(writer.item_bytes(item))) if plain else None)
        store.seal_state()
        with self.subTest(what=what):
            self.assert_refused("integrity", self.saved(store))

    def test_items(self):
        number = len(writer.item_bytes(example_store().secrets["a"]))
        for what, change in {
                "current is not there": lambda item: setattr(item, "current", 3),
                "current is 0": lambda item: setattr(item, "current", 0),
                "last is lower": lambda item: setattr(item, "last_version", 1),
                "no versions": lambda item: item.versions.clear(),
                "a version too few": lambda item: item.versions.pop(1),
                "version 0": lambda item: setattr(item.versions[1], "number", 0),
                "descending": lambda item: setattr(item.versions[1], "number", 3),
                "twice": lambda item: setattr(item.versions[1], "number", 2),
                "state 3": lambda item: setattr(item.versions[1], "state", 3),
                "destroyed with its value": lambda item: item.versions.update({2: Version(2, 1, DESTROYED, bytes(16))}),
                "another tag": lambda item: setattr(item.versions[2], "value_tag", bytes(16)),
                "another former tag": lambda item: setattr(item.versions[1], "value_tag", bytes(16))}.items():
            self.refused_with_item(what, change)
        for what, plain in {
                "64 zeros more": lambda data: data + bytes(64), "another length": lambda data: data + b"\0",
                "nothing": lambda data: b"", "a padding of ones": lambda data: data[:-1] + b"\1",
                "a length beyond": lambda data: u32(len(data)) + data[4:],
                "a byte more": lambda data: padded(data[4:4 + number] + b"\0"),
                "a byte less": lambda data: padded(data[4:4 + number - 1])}.items():
            self.refused_with_item(what, plain=plain)

    def test_a_destroyed_version_with_a_tag(self):
        store = example_store()
        store.destroy("a", 1)
        store.secrets["a"].versions[1].value_tag = b"x" * 16
        store.write_item("a", store.secrets["a"])
        store.seal_state()
        self.assert_refused("integrity", self.saved(store))

    def test_a_list_of_fields_that_is_too_long(self):
        store = Writer(ROOT)
        store.put("a", b"x", 1, metadata={b"fields": lp16(b"n" * 16_383)})
        store.destroy("a", 1)
        store.seal_state()
        self.assert_refused("integrity", self.saved(store))

    def test_metadata(self):
        for what, entries in {
                "unknown": {b"more": b"x"}, "the prefix of a tag": {b"tag": b"x"}, "an empty key": {b"": b"x"},
                "descending": {b"type": b"x", b"status": b"y"}, "empty": {b"description": b""},
                "not UTF-8": {b"description": b"\xff"}, "a tag not UTF-8": {b"tag/a": b"\xff"},
                "a tag's key not UTF-8": {b"tag/\xff": b""}, "a short time": {b"created": bytes(7)},
                "a long time": {b"last_rotated": bytes(9)}, "long days": {b"reminder_days": bytes(8)},
                "a short period": {b"rotation_period": bytes(4)}, "fields of bytes": {b"fields": lp16(b"user")},
                "cut fields": {b"fields": b"\0\4use"}}.items():
            self.refused_with_item(what, lambda item, entries=entries: setattr(item, "metadata", entries))
        self.refused_with_item("a key twice", plain=lambda data: padded(
            data[4:4 + 48 + 2 * 29] + b"\0\2" + 2 * (lp16(b"type") + u32(1) + b"x")))

    def test_values(self):
        for what, kind, value, metadata in (
                ("kind 2", 2, b"x", {}), ("no JSON", 1, b"{", {}), ("no object", 1, b"[]", {}),
                ("not UTF-8", 1, b'{"\xff":""}', {}),
                ("a field twice", 1, b'{"a":"","a":""}', {b"fields": 2 * lp16(b"a")}),
                ("deep", 1, b"[" * 100_000, {}), ("fields not listed", 1, b'{"a":""}', {}),
                ("fields out of order", 1, b'{"a":"","b":""}', {b"fields": lp16(b"b") + lp16(b"a")}),
                ("fields that are none", 1, b"{}", {b"fields": lp16(b"a")})):
            store = Writer(ROOT)
            store.put("a", value, 1, kind=kind, metadata=metadata)
            with self.subTest(what=what):
                self.assert_refused("integrity", self.saved(store))

    def test_a_value_without_a_kind(self):
        store = Writer(ROOT)
        store.put("a", b"x", 1)
        box = store.sealed(crypto.VALUE, 1, "a", padded(b""))
        store.secrets["a"].versions[1].value_tag = box[-16:]
        store.write_item("a", store.secrets["a"], box)
        store.seal_state()
        self.assert_refused("integrity", self.saved(store))

    def test_a_value_of_another_version_or_name(self):
        for name, number in (("a", 2), ("b", 1)):
            store = Writer(ROOT)
            store.put("a", b"x", 1)
            box = store.sealed(crypto.VALUE, number, name, padded(b"\0x"))
            store.secrets["a"].versions[1].value_tag = box[-16:]
            store.write_item("a", store.secrets["a"], box)
            store.seal_state()
            self.assert_refused("integrity", self.saved(store))


class Anchors(StoreTest):
    def test_the_store_is_never_behind_its_anchor(self):
        store, path = example_store(), str(self.folder / "anchor")
        saved, other = self.saved(store), Writer(ROOT)
        for kind, content in (
                (None, writer.anchor_bytes(store.store_id, store.generation, store.state_box)),
                (None, writer.anchor_bytes(store.store_id, store.generation - 1, b"former")),
                ("rollback", writer.anchor_bytes(store.store_id, store.generation, b"other")),
                ("rollback", writer.anchor_bytes(store.store_id, store.generation + 1, store.state_box)),
                ("foreign-anchor", writer.anchor_bytes(other.store_id, 0, store.state_box)),
                ("damaged-anchor", b""), ("damaged-anchor", b"x" + bytes(71)),
                ("damaged-anchor", b"lkanchr1" + bytes(64)),
                ("damaged-anchor", writer.anchor_bytes(store.store_id, store.generation, store.state_box) + b"\0")):
            pathlib.Path(path).write_bytes(content)
            with self.subTest(kind=kind, content=content):
                if kind is None:
                    reader.read(saved, self.source, path)
                else:
                    self.assert_refused(kind, saved, anchor=path)
        self.assert_refused("damaged-anchor", saved, anchor=str(self.folder / "missing"))


if __name__ == "__main__":
    unittest.main()
