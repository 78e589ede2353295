"""Keys and boxes of the local store's file, format 1, on the ciphers of the package `cryptography`.

XAES-256-GCM is c2sp.org/XAES-256-GCM, HKDF is RFC 5869, Argon2id is RFC 9106.
"""

import base64
import hashlib
import hmac as hmac_

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from records import TAG, Refusal, lp16, u32

NONCE = 24
KEY_FILE_SIZE = 62
KEY_PREFIX = b"locket-key-1:"
DEK, STATE, ITEM, VALUE = b"lk1.dek\0", b"lk1.stat", b"lk1.item", b"lk1.val\0"


def hmac(key, data):
    return hmac_.digest(key, data, "sha256")


def same(a, b):
    return hmac_.compare_digest(a, b)


def xaes_256_gcm(key, nonce):
    """The AES-256-GCM and the 96-bit nonce that stand for `key` and the 192-bit `nonce`: the derivation's six steps."""
    aes = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    shifted = int.from_bytes(aes.update(bytes(16)), "big") << 1
    k1 = shifted ^ (1 << 128 | 0x87) if shifted >> 128 else shifted
    m1, m2 = (int.from_bytes(bytes([0, i, 0x58, 0]) + nonce[:12], "big") for i in (1, 2))
    derived = b"".join(aes.update((m ^ k1).to_bytes(16, "big")) for m in (m1, m2))
    return AESGCM(derived), nonce[12:]


def box_key_id(box, what):
    """The number of the key that `box` says it is under; a Refusal if it is no box at all."""
    if len(box) < 5 + NONCE + TAG or box[0] != 1:
        raise Refusal("integrity", f"{what} is not a box")
    return int.from_bytes(box[1:5], "big")


def associated_data(label, store_id, key_id, n, name):
    return label + store_id + u32(key_id) + u32(n) + lp16(name)


def open_box(box, key, label, store_id, n, name, what):
    """The plaintext of `box`, which belongs where label, n and name say. The caller has compared its key's number."""
    aad = associated_data(label, store_id, box_key_id(box, what), n, name)
    gcm, nonce = xaes_256_gcm(key, box[5:5 + NONCE])
    try:
        return gcm.decrypt(nonce, box[5 + NONCE:], aad)
    except InvalidTag:
        raise Refusal("integrity", f"{what} was altered, or belongs elsewhere") from None


def derived_key(root, store_id, purpose):
    """K_wrap, K_header or K_state."""
    return HKDF(hashes.SHA256(), 32, salt=store_id, info=b"locket/v1/" + purpose).derive(root)


def root_from_text(text):
    """The root key in the form of a key file, 62 bytes with the newline."""
    key = _decoded(text) if len(text) == KEY_FILE_SIZE else None
    if key is None:
        raise Refusal("bad-key", "what was given as the key is none")
    return key


def _decoded(text):
    try:
        data = base64.b64decode(text[len(KEY_PREFIX):-1], altchars=b"-_")
    except ValueError:
        return None
    # Python's decoder skips strange characters: only what encodes back to itself counts
    if text != KEY_PREFIX + base64.urlsafe_b64encode(data) + b"\n":
        return None
    key, checksum = data[:32], data[32:]
    return key if same(checksum, hashlib.sha256(key).digest()[:4]) else None


def root_from_variable(text):
    """The root key as an environment variable holds it: hexadecimal, or as in a file, the newline left out or not."""
    if len(text) == 64 and all(c in b"0123456789abcdefABCDEF" for c in text):
        return bytes.fromhex(text.decode())
    return root_from_text(text if text.endswith(b"\n") else text + b"\n")


def root_from_passphrase(passphrase, header):
    from argon2.low_level import Type, hash_secret_raw  # only such stores need the package

    return hash_secret_raw(passphrase, header.salt, header.t, header.m, header.p, 32, Type.ID, version=0x13)
