"""A small writer of the local store's file, format 1, for the reader's tests: from FORMAT.md alone, as the reader is.

It keeps the rows in memory, so that a test can put a wrong one among them and still have it sealed as its holder would.
"""

import base64
import hashlib
import os
import sqlite3

import crypto
from crypto import DEK, ITEM, STATE, VALUE
from reader import APPLICATION_ID, FORMAT, SCHEMA
from records import DESTROYED, LIVE, TAG, Item, Version, lp16, u32


def i64(number):
    return number.to_bytes(8, "big", signed=True)


def padded(data):
    return u32(len(data)) + data + bytes(-(4 + len(data)) % 64)


def seal(key, label, store_id, key_id, n, name, plain, nonce):
    gcm, gcm_nonce = crypto.xaes_256_gcm(key, nonce)
    aad = crypto.associated_data(label, store_id, key_id, n, name)
    return b"\1" + u32(key_id) + nonce + gcm.encrypt(gcm_nonce, plain, aad)


def item_bytes(item):
    """`item` as its plaintext; the metadata are bytes to bytes here, written in the order in which they stand."""
    versions = (u32(v.number) + i64(v.created) + bytes([v.state]) + v.value_tag for v in item.versions.values())
    metadata = (lp16(key) + u32(len(value)) + value for key, value in item.metadata.items())
    return (u32(item.current) + u32(item.last_version) + i64(item.updated) + i64(item.expires) + item.put_token
            + u32(len(item.versions)) + b"".join(versions)
            + len(item.metadata).to_bytes(2, "big") + b"".join(metadata))


def key_file_text(root):
    return b"locket-key-1:" + base64.urlsafe_b64encode(root + hashlib.sha256(root).digest()[:4]) + b"\n"


def anchor_bytes(store_id, generation, state_box):
    start = b"lkanchr1" + store_id + generation.to_bytes(8, "big") + hashlib.sha256(state_box).digest()
    return start + hashlib.sha256(start).digest()[:8]


class Writer:
    """A store in the making. `kind_bytes` are the header's kind and what follows it."""

    def __init__(self, root, kind_bytes=b"\1", random=os.urandom, key_epoch=1):
        self.root, self.random, self.key_epoch, self.generation = root, random, key_epoch, 0
        self.store_id = random(16)
        self.body = b"locketv1" + self.store_id + u32(key_epoch) + kind_bytes
        self.data_keys, self.deks, self.items, self.olds, self.secrets = {}, {}, {}, {}, {}
        self.add_data_key()
        self.k_set = random(32)
        self.seal_state()
        random(8)

    def derived(self, purpose):
        return crypto.derived_key(self.root, self.store_id, purpose)

    def add_data_key(self):
        """A rotation's beginning: the new key is the primary one, the others are for decryption only."""
        number, key = len(self.deks) + 1, self.random(32)
        self.deks = {other: (2, box) for other, (_, box) in self.deks.items()}
        self.data_keys[number] = key
        self.deks[number] = (1, self.seal_data_key(number, key))

    def seal_data_key(self, number, key):
        return seal(self.derived(b"wrap"), DEK, self.store_id, number, self.key_epoch, b"", key, self.random(24))

    def ring(self):
        rows = (u32(number) + bytes([state]) + u32(len(box)) + box for number, (state, box) in self.deks.items())
        return hashlib.sha256(b"".join(rows)).digest()

    def bucket(self, name):
        return crypto.hmac(self.k_set, b"b" + name.encode())[0]

    def state_bytes(self):
        counts, sums = [0] * 256, [0] * 256
        for name, (meta, _) in self.items.items():
            element = crypto.hmac(self.k_set, b"e" + lp16(name.encode()) + meta[-TAG:])
            counts[self.bucket(name)] += 1
            sums[self.bucket(name)] += int.from_bytes(element, "big")
        buckets = (u32(count) + (total % 2**256).to_bytes(32, "big") for count, total in zip(counts, sums))
        return self.generation.to_bytes(8, "big") + self.k_set + self.ring() + b"".join(buckets)

    def seal_state(self, plain=None, key_id=0):
        self.state_box = seal(self.derived(b"state"), STATE, self.store_id, key_id, self.key_epoch, b"",
                              self.state_bytes() if plain is None else plain, self.random(24))

    def sealed(self, label, n, name, plain):
        """A box under the primary data key; `plain` is padded already."""
        key_id, = (number for number, (state, _) in self.deks.items() if state == 1)
        return seal(self.data_keys[key_id], label, self.store_id, key_id, n, name.encode(), plain, self.random(24))

    def put(self, name, value, now, kind=0, metadata=None, idempotency_key=None):
        """A put's write: `value` becomes a new version, and the former current value's box moves to `old`."""
        item = self.secrets.get(name) or Item(0, 0, 0, 0, bytes(16), {}, {b"created": i64(now)})
        if item.current:
            self.olds[name, item.current] = self.items[name][1]
        number = item.last_version + 1
        box = self.sealed(VALUE, number, name, padded(bytes([kind]) + value))
        item.current = item.last_version = number
        item.updated, item.put_token = now, self.put_token(name, idempotency_key)
        item.versions[number] = Version(number, now, LIVE, box[-TAG:])
        item.metadata = dict(sorted((item.metadata | (metadata or {})).items()))
        self.secrets[name] = item
        self.write_item(name, item, box)
        self.generation += 1
        self.seal_state()

    def put_token(self, name, idempotency_key):
        if idempotency_key is None:
            return bytes(16)
        return crypto.hmac(self.k_set, b"p" + lp16(name.encode()) + idempotency_key)[:12] + u32(0)

    def destroy(self, name, number):
        item = self.secrets[name]
        item.versions[number].state, item.versions[number].value_tag = DESTROYED, bytes(TAG)
        self.olds.pop((name, number), None)
        self.write_item(name, item, b"" if number == item.current else None)

    def write_item(self, name, item, box=None, plain=None):
        """The row of `item`, with its former value if `box` is None; `plain` replaces the item's padded bytes."""
        box = self.items[name][1] if box is None else box
        self.items[name] = (self.sealed(ITEM, 0, name, padded(item_bytes(item)) if plain is None else plain), box)

    def header_row(self):
        mac = crypto.hmac(self.derived(b"header"), self.body)
        return 1, self.body, hashlib.sha256(self.body).digest()[:8], mac

    def save(self, path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        db = sqlite3.connect(path)
        db.execute("PRAGMA synchronous=OFF")  # a test's file need not outlive a power cut
        for statement in SCHEMA.values():
            db.execute(statement)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={FORMAT}")
        db.execute("INSERT INTO header VALUES(?,?,?,?)", self.header_row())
        db.execute("INSERT INTO state VALUES(1,?)", (self.state_box,))
        db.executemany("INSERT INTO dek VALUES(?,?,?)", [(number, *row) for number, row in self.deks.items()])
        db.executemany("INSERT INTO item VALUES(?,?,?,?)",
                       [(name, self.bucket(name), *row) for name, row in self.items.items()])
        db.executemany("INSERT INTO old VALUES(?,?,?)", [(*key, box) for key, box in self.olds.items()])
        db.commit()
        db.close()
