"""What is derived, signed and authenticated, byte by byte (docs/mso1.md, "Keys and bytes")."""

import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from pyhpke import AEADId, CipherSuite, KDFId, KEMId

from encoding import sha256

SUITE = 1
HPKE = CipherSuite.new(KEMId.DHKEM_X25519_HKDF_SHA256, KDFId.HKDF_SHA256, AEADId.AES256_GCM)


def signature_input(b, r):
    return b"MSO1 sig\0" + SUITE.to_bytes(2, "big") + sha256(b.encode()) + sha256(r.encode())


def wrap_info(kid, b):
    return b"MSO1 key\0" + SUITE.to_bytes(2, "big") + len(kid).to_bytes(2, "big") + kid.encode() + sha256(b.encode())


def expand(key, info, length):
    return HKDFExpand(SHA256(), length, info).derive(key)


def batch_secret(batch_key, jti):
    return hmac.digest(jti, batch_key, "sha256")


def order_key(secret, h):
    return expand(secret, b"MSO1 order" + sha256(h.encode()), 32)


def field_key_and_nonce(key, field):
    derived = expand(key, b"MSO1 field" + field.encode(), 44)
    return derived[:32], derived[32:]


def field_aad(h, field, kind):
    return sha256(h.encode()) + field.encode() + b"\0" + kind.encode()


def pad(text):
    padded = len(text).to_bytes(2, "big") + text
    return padded + bytes(-len(padded) % 32)
