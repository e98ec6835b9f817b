"""Key files and trust lists (docs/mso1.md, "Key files")."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from encoding import (
    Refused, array_of, data_of, hexadecimal_key_id, identifier, key_id, object_of, read_json, require, strip, u64, word,
)
from passphrase import unseal
from shapes import SKEW, later

KEY_FILE_BYTES = 65_536
TRUST_LIST_BYTES = 1_048_576

DATES = {"nbf": u64, "exp": u64}
SCOPE = {"id": identifier, "groups": array_of(identifier), "merchants": array_of(identifier)}
KEY = data_of(32)
ISSUER = {"iss": identifier, "kid": hexadecimal_key_id, "ed25519": KEY}

STATION_SECRET = object_of(
    {"v": word("miandan-station-1"), **SCOPE, "kid": hexadecimal_key_id, "x25519": KEY, "ed25519": KEY}, DATES
)
STATION_SEALED = object_of(
    {"v": word("miandan-station-1"), **SCOPE, "kid": hexadecimal_key_id, "sealed": lambda value: value}, DATES
)
STATION_PUBLIC = object_of(
    {"v": word("miandan-station-public-1"), **SCOPE, "kid": hexadecimal_key_id, "x25519": KEY, "ed25519": KEY}, DATES
)
CARRIER_PUBLIC = object_of(
    {"v": word("miandan-carrier-public-1"), "carrier": identifier, "kid": hexadecimal_key_id, "x25519": KEY}
)
ISSUER_SECRET = object_of({"v": word("miandan-issuer-1"), **ISSUER})
ISSUER_IN_LIST = object_of(ISSUER, {"merchants": array_of(identifier), **DATES})
ISSUER_PUBLIC = object_of(
    {"v": word("miandan-issuer-public-1"), **ISSUER}, {"merchants": array_of(identifier), **DATES}
)
TRUST_LIST = object_of({"v": word("miandan-trust-1"), "issuers": array_of(ISSUER_IN_LIST)})


def in_force(key, now):
    return later(now, SKEW) >= key.get("nbf", 0) and ("exp" not in key or now < later(key["exp"], SKEW))


def dates_are_possible(key):
    return not ("nbf" in key and "exp" in key and key["exp"] <= key["nbf"])


def checked(key, public_key):
    require(key["kid"] == key_id(public_key) and dates_are_possible(key))
    return key


def read_station(data, passphrase=None):
    require(len(data) <= KEY_FILE_BYTES)
    value = read_json(strip(data))
    if type(value) is dict and "sealed" in value:
        key = STATION_SEALED(value)
        key["x25519"], key["ed25519"] = unseal(key, passphrase)
    else:
        key = STATION_SECRET(value)
    key["private"] = X25519PrivateKey.from_private_bytes(key["x25519"])
    return checked(key, key["private"].public_key().public_bytes_raw())


def read_station_public(data):
    require(len(data) <= KEY_FILE_BYTES)
    key = STATION_PUBLIC(read_json(strip(data)))
    return checked(key, key["x25519"])


def read_carrier_public(data):
    require(len(data) <= KEY_FILE_BYTES)
    key = CARRIER_PUBLIC(read_json(strip(data)))
    return checked(key, key["x25519"])


def read_issuer(data):
    require(len(data) <= KEY_FILE_BYTES)
    key = ISSUER_SECRET(read_json(strip(data)))
    key["private"] = Ed25519PrivateKey.from_private_bytes(key["ed25519"])
    return checked(key, key["private"].public_key().public_bytes_raw())


def read_trust(files):
    """Issuers from public files and trust lists, by issuer and name of the key."""
    issuers = {}
    for data in files:
        require(len(data) <= TRUST_LIST_BYTES)
        value = read_json(strip(data))
        if type(value) is dict and value.get("v") == "miandan-trust-1":
            found = TRUST_LIST(value)["issuers"]
        else:
            require(len(data) <= KEY_FILE_BYTES)
            found = [ISSUER_PUBLIC(value)]
        for issuer in found:
            name = issuer["iss"], issuer["kid"]
            if name in issuers:
                raise Refused("MALFORMED")
            issuers[name] = checked(issuer, issuer["ed25519"])
    return issuers
