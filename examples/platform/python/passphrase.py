"""A station's secrets under a passphrase (docs/mso1.md, "Key files"). Node has no Argon2, so only Python reads these."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from encoding import Refused, data_of, object_of, require, u32, word

SEALED = object_of({
    "kdf": word("argon2id"), "m": u32, "t": u32, "p": u32, "salt": data_of(16), "nonce": data_of(12), "box": data_of(80),
})


def associated_data(key):
    """Everything else in the file, so that nobody can widen what the station prints."""

    def number(value):
        return value.to_bytes(4, "big")

    def text(value):
        return number(len(value.encode())) + value.encode()

    def date(value):
        return number(0) if value is None else number(8) + value.to_bytes(8, "big")

    data = b"miandan-station-1 sealed\0" + text(key["id"]) + text(key["kid"]) + date(key.get("nbf")) + date(key.get("exp"))
    for names in (key["groups"], key["merchants"]):
        data += number(len(names)) + b"".join(map(text, names))
    return data


def stretch(sealed, passphrase):
    # A cost of nothing would make guessing cheap, a huge one would stop the program.
    require(8_192 <= sealed["m"] <= 262_144 and 1 <= sealed["t"] <= 10 and 1 <= sealed["p"] <= 4)
    kdf = Argon2id(salt=sealed["salt"], length=32, iterations=sealed["t"], lanes=sealed["p"], memory_cost=sealed["m"])
    return kdf.derive(passphrase)


def unseal(key, passphrase):
    """The X25519 key and the Ed25519 seed."""
    sealed = SEALED(key["sealed"])
    require(passphrase is not None, "AUTH_FAILED")
    try:
        secrets = AESGCM(stretch(sealed, passphrase)).decrypt(sealed["nonce"], sealed["box"], associated_data(key))
    except InvalidTag:
        raise Refused("AUTH_FAILED") from None
    return secrets[:32], secrets[32:]
