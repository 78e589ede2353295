#!/usr/bin/env python3
"""Tests of reader.py: published vectors, the page's own example, and stores that writer.py makes."""

import contextlib
import functools
import hashlib
import io
import itertools
import json
import os
import pathlib
import re
import sqlite3
import unittest
import unittest.mock

import crypto
import reader
import records
from reader import KeySource
from records import DELETED, lp16, u32
from store_case import OTHER_ROOT, ROOT, VARIABLE, StoreTest, example_store
import writer
from writer import Writer, i64

NEW_YEAR = 1_893_456_000_000  # 2030-01-01 00:00 UTC
HERE = pathlib.Path(__file__).parent
PAGE = HERE / "../../backends/local/FORMAT.md"
VECTORS = HERE / "../vectors"
CHEAPEST = (19_456, 1, 1)

try:
    import argon2
except ImportError:
    argon2 = None


def blocks(path):
    """The groups of "Name = value" lines of a file of vectors."""
    for group in path.read_text().split("\n\n"):
        found = dict(re.findall(r"^(\w+) = ?(.*)$", group, re.M))
        if found:
            yield found


def page_example():
    """The blobs at the end of the page, by their names there."""
    blobs = re.findall(r"^([A-Za-z][^\n]*)\n((?:  [0-9a-f]+\n)+)", PAGE.read_text().split("## An example")[1], re.M)
    return {name: int(text) if name == "item.bucket" else bytes.fromhex("".join(text.split())) for name, text in blobs}


def passphrase_bytes(m, t, p, salt=bytes(16)):
    return b"\2" + u32(m) + u32(t) + u32(p) + salt


class Published(unittest.TestCase):
    def test_xaes_256_gcm_gives_the_specification_s_boxes(self):
        for vector in (found for found in blocks(VECTORS / "xaes-256-gcm.txt") if "Key" in found):
            key, nonce, aad, plain, box = (bytes.fromhex(vector[name])
                                           for name in ("Key", "Nonce", "AAD", "Plaintext", "Box"))
            gcm, gcm_nonce = crypto.xaes_256_gcm(key, nonce)
            self.assertEqual(gcm.encrypt(gcm_nonce, plain, aad), box)
            self.assertEqual(gcm.decrypt(gcm_nonce, box, aad), plain)

    def test_xaes_256_gcm_gives_the_specification_s_hash_of_many_boxes(self):
        expected = next(found["Hash"] for found in blocks(VECTORS / "xaes-256-gcm.txt")
                        if found.get("Iterations") == "10000")
        stream, digest = io.BytesIO(hashlib.shake_128().digest(6_000_000)), hashlib.shake_128()
        for _ in range(10_000):
            gcm, nonce = crypto.xaes_256_gcm(stream.read(32), stream.read(24))
            plain, aad = (stream.read(stream.read(1)[0]) for _ in range(2))
            digest.update(gcm.encrypt(nonce, plain, aad))
        self.assertEqual(digest.hexdigest(32), expected)

    @unittest.skipIf(argon2 is None, "because Debian's python3-argon2 is not installed")
    def test_argon2id_gives_the_published_keys(self):
        usable = [found for found in blocks(VECTORS / "argon2id.txt") if "Password" in found and "Secret" not in found
                  and len(found["Output"]) == 64]
        self.assertTrue(usable)
        for vector in usable:
            header = records.Header(b"", 1, 2, int(vector["Memory"]), int(vector["Passes"]), int(vector["Lanes"]),
                                    bytes.fromhex(vector["Salt"]))
            root = crypto.root_from_passphrase(bytes.fromhex(vector["Password"]), header)
            self.assertEqual(root.hex(), vector["Output"])


class PageExample(StoreTest):
    def written(self):
        counter = itertools.count()
        store = Writer(ROOT, random=lambda size: bytes(next(counter) & 0xFF for _ in range(size)))
        store.put("db/password", b"hunter2", NEW_YEAR, metadata={b"description": b"main", b"tag/team": b"core"})
        store.put("db/password", b"hunter3", NEW_YEAR, idempotency_key=b"k")
        return store

    def test_the_writer_makes_the_example_s_bytes(self):
        store = self.written()
        _, body, checksum, mac = store.header_row()
        meta, val = store.items["db/password"]
        self.assertEqual(page_example(), {
            "header.body": body, "header.sum": checksum, "header.mac": mac, "dek.box": store.deks[1][1],
            "item.bucket": store.bucket("db/password"), "item.meta": meta, "item.val": val,
            "old.val, version 1": store.olds["db/password", 1],
            "SHA-256 of state.box": hashlib.sha256(store.state_box).digest()})

    def test_the_reader_finds_in_it_what_the_page_says(self):
        document = reader.read(self.saved(self.written()), self.source)
        self.assertEqual(document["store"], {
            "store_id": "000102030405060708090a0b0c0d0e0f", "key_epoch": 1, "kind": "raw", "generation": 2,
            "data_keys": [{"id": 1, "state": "primary"}]})
        secret, = document["secrets"]
        self.assertEqual(secret["metadata"], {"created": NEW_YEAR, "description": "main", "tag/team": "core"})
        self.assertEqual([bytes.fromhex(version["value"]) for version in secret["versions"]], [b"hunter2", b"hunter3"])


class Documents(StoreTest):
    def test_everything_about_a_secret_is_decoded(self):
        store = Writer(ROOT)
        fields = {"user": "öre", "password": "x"}
        store.put("z", b"one", 1000)
        store.put("z", b"two", 2000)
        store.add_data_key()
        store.put("z", json.dumps(fields).encode(), 3000, kind=1, metadata={
            b"fields": b"".join(lp16(name.encode()) for name in fields), b"reminder_days": u32(7),
            b"rotation_period": i64(-86400), b"last_rotated": i64(3000), b"type": b"login", b"status": "weiß".encode(),
            b"provider": b"me", b"tag/": b"", b"tag/a": b""})
        item = store.secrets["z"]
        item.expires, item.versions[3].state = 1, DELETED
        store.destroy("z", 1)
        store.put("é", b"", 5)
        store.put("Z", b"\0" * 60, 6)
        store.seal_state()
        document = reader.read(self.saved(store), self.source)
        self.assertEqual([secret["name"] for secret in document["secrets"]], ["Z", "z", "é"])
        self.assertEqual(document["store"]["data_keys"],
                         [{"id": 1, "state": "decrypt-only"}, {"id": 2, "state": "primary"}])
        self.assertEqual(document["secrets"][1], {
            "name": "z", "removed": True, "current": 3, "last_version": 3, "updated": 3000, "expires": 1,
            "put_token": None,
            "metadata": {"created": 1000, "fields": ["user", "password"], "last_rotated": 3000, "provider": "me",
                         "reminder_days": 7, "rotation_period": -86400, "status": "weiß", "tag/": "", "tag/a": "",
                         "type": "login"},
            "versions": [{"number": 1, "created": 1000, "state": "destroyed"},
                         {"number": 2, "created": 2000, "state": "live", "value_kind": "bytes", "value": b"two".hex()},
                         {"number": 3, "created": 3000, "state": "deleted", "value_kind": "fields",
                          "value": json.dumps(fields).encode().hex()}]})

    def test_a_current_version_may_be_destroyed(self):
        store = Writer(ROOT)
        store.put("a", b"one", 1)
        store.destroy("a", 1)
        store.seal_state()
        secret, = reader.read(self.saved(store), self.source)["secrets"]
        self.assertIsNone(secret["versions"][0].get("value"))
        self.assertEqual((secret["removed"], secret["versions"][0]["state"]), (False, "destroyed"))

    def test_a_finished_rotation_leaves_a_destroyed_key(self):
        store = Writer(ROOT)
        store.add_data_key()
        store.deks[1] = (3, b"")
        store.put("a", b"one", 1)
        keys = reader.read(self.saved(store), self.source)["store"]["data_keys"]
        self.assertEqual(keys, [{"id": 1, "state": "destroyed"}, {"id": 2, "state": "primary"}])

    def test_too_many_fields_are_not_listed(self):
        store = Writer(ROOT)
        store.put("a", json.dumps({f"{number:08}": "" for number in range(1639)}).encode(), 1, kind=1)
        self.assertEqual(len(reader.read(self.saved(store), self.source)["secrets"]), 1)


class Keys(StoreTest):
    def test_a_variable_holds_hexadecimal_or_a_key_file_s_text(self):
        path, text = self.saved(Writer(ROOT)), writer.key_file_text(ROOT)
        self.assertEqual(len(text), 62)
        for good in (ROOT.hex(), ROOT.hex().upper(), text.decode(), text.decode().strip()):
            os.environ[VARIABLE] = good
            reader.read(path, self.source)
        strange = text.decode().replace(text[20:21].decode(), "+", 1)
        for bad in ("", ROOT.hex()[:-1], ROOT.hex() + "\n", text.decode() + "\n", "x" + text.decode()[1:], strange,
                    text.decode()[:-3] + "!\n", writer.key_file_text(ROOT + b"x").decode()):
            os.environ[VARIABLE] = bad
            self.assert_refused("bad-key", path)
        os.environ[VARIABLE] = OTHER_ROOT.hex()
        self.assert_refused("wrong-key", path)
        self.assert_refused("no-key", path, KeySource("key", "READER_TEST_UNSET"))

    def test_a_rekey_that_was_cut_short_left_its_key_in_next(self):
        path, key = self.saved(Writer(ROOT, key_epoch=2)), self.folder / "key"
        source, following = KeySource("file", str(key)), self.folder / "key.next"
        self.assert_refused("no-key", path, source)
        for former in (None, b"damaged", writer.key_file_text(OTHER_ROOT)):
            if former is not None:
                key.write_bytes(former)
            following.write_bytes(writer.key_file_text(ROOT))
            self.assertEqual(reader.read(path, source)["store"]["key_epoch"], 2)
            following.write_bytes(writer.key_file_text(OTHER_ROOT))
            self.assert_refused({None: "no-key", b"damaged": "bad-key"}.get(former, "wrong-key"), path, source)
        key.write_bytes(writer.key_file_text(ROOT))
        reader.read(path, source)

    @unittest.skipIf(argon2 is None, "because Debian's python3-argon2 is not installed")
    def test_a_passphrase(self):
        header = records.Header(b"", 1, 2, *CHEAPEST, bytes(16))
        root = crypto.root_from_passphrase(b"correct horse", header)
        path = self.saved(Writer(root, passphrase_bytes(*CHEAPEST)))
        source = KeySource("passphrase", VARIABLE)
        os.environ[VARIABLE] = "correct horse"
        self.assertEqual(reader.read(path, source)["store"]["argon2id"], dict(zip("mtp", CHEAPEST)))
        os.environ[VARIABLE] = "correct horse "
        self.assert_refused("wrong-key", path, source)

    def test_limits_of_argon2id(self):
        source = KeySource("passphrase", VARIABLE)
        for limits in ((19_455, 1, 1), (262_145, 1, 1), (19_456, 0, 1), (19_456, 9, 1), (262_144, 5, 1), (19_456, 1, 0),
                       (19_456, 1, 17), (2**32 - 1, 8, 16)):
            with self.subTest(limits=limits):
                self.assert_refused("kdf-limits", self.saved(Writer(ROOT, passphrase_bytes(*limits))), source)

    def test_a_key_of_another_kind(self):
        raw, provider = self.saved(Writer(ROOT)), b"\3" + lp16(b"kms") + lp16(b"ref") + lp16(b"blob")
        self.assert_refused("other-kind", raw, KeySource("passphrase", VARIABLE))
        self.assert_refused("other-kind", self.saved(Writer(ROOT, passphrase_bytes(*CHEAPEST))))
        self.assert_refused("other-kind", self.saved(Writer(ROOT, provider)), KeySource("file", "key"))
        store = reader.read(self.saved(Writer(ROOT, provider)), self.source)["store"]
        self.assertEqual((store["provider"], store["key_ref"]), ("kms", "ref"))


class Files(StoreTest):
    def patched(self, offset, data):
        path = pathlib.Path(self.saved(Writer(ROOT)))
        content = bytearray(path.read_bytes())
        content[offset:offset + len(data)] = data
        path.write_bytes(content)
        return str(path)

    def test_the_first_bytes_tell_what_a_file_is(self):
        for kind, offset, data in (("foreign-file", 0, b"x"), ("foreign-file", 68, b"LKT2"),
                                   ("foreign-file", 60, u32(0)), ("newer-format", 60, u32(2)),
                                   ("newer-format", 60, u32(2**32 - 1)),
                                   ("wal", 18, b"\2"), ("wal", 19, b"\2")):
            with self.subTest(kind=kind, offset=offset):
                self.assert_refused(kind, self.patched(offset, data))

    def test_what_is_no_store_at_all(self):
        path = self.folder / "file"
        self.assert_refused("not-found", str(path))
        self.assert_refused("unsafe-file", str(self.folder))
        for content in (b"", b"SQLite format 3\0", bytes(4096)):
            path.write_bytes(content)
            path.chmod(0o600)
            self.assert_refused("foreign-file", str(path))

    def test_a_link_and_others_rights_are_refused(self):
        path, link = self.saved(Writer(ROOT)), self.folder / "link"
        link.symlink_to(path)
        self.assert_refused("unsafe-file", str(link))
        with unittest.mock.patch("os.geteuid", return_value=os.geteuid() + 1):
            self.assert_refused("unsafe-file", path)
        for mode in (0o640, 0o604, 0o601):
            os.chmod(path, mode)
            self.assert_refused("unsafe-file", path)

    def test_damage_that_sqlite_sees(self):
        path = pathlib.Path(self.patched(100, b"\xff" * 64))
        self.assert_refused("damaged-file", str(path))

    def test_a_writer_at_work(self):
        path = self.saved(Writer(ROOT))
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            impatient = functools.partial(sqlite3.connect, timeout=0)
            with unittest.mock.patch("sqlite3.connect", impatient):
                self.assert_refused("busy", path)


class CommandLine(StoreTest):
    def run_main(self, *arguments):
        out, errors = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            code = reader.main([str(argument) for argument in arguments])
        return code, out.getvalue(), errors.getvalue()

    def test_a_store_is_one_document_and_a_refusal_one_line(self):
        path = self.saved(example_store())
        code, out, errors = self.run_main(path, "--key-env", VARIABLE)
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(json.loads(out), reader.read(path, self.source))
        os.environ[VARIABLE] = "hunter2"
        code, out, errors = self.run_main(path, "--key-env", VARIABLE)
        self.assertEqual((code, out), (1, ""))
        self.assertRegex(errors, r"\Abad-key: [^\n]+\n\Z")
        self.assertNotIn("hunter2", errors)


if __name__ == "__main__":
    unittest.main()
