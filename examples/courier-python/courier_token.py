#!/usr/bin/env python3
"""Reads courier's tokens: courier_token.py --trust issuer.pub --stations stations.json [--carrier carrier.key] [--now N] TEXT

Prints what is said of the token, what it says of itself and, with a carrier's key file, what its sealed part says, as JSON.
Written from docs/courier-token.md with nothing of Miandan in it: HPKE (RFC 9180) is spelled out in hpke.py. It shows what
is sealed in clear: it is for tests of your own reader.
"""

import argparse
import base64
import json
import pathlib
import sys
import time

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256, Hash

import contents
import hpke

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
NUMBERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_./"

SEALED, SIGNATURE = 32 + 30 + 16, 64
MOST_BYTES = 16 + 64 + SEALED + SIGNATURE
MOST_HOURS = 60 * 24
# How far clocks of couriers and stations may differ, and clocks of stations and issuers; how long a list stays fresh.
TOLERANCE, SKEW, GRACE = 3600, 300, 24 * 3600


class NotAToken(Exception):
    """`other`, `version` or `malformed`."""


class NotOpened(Exception):
    """`nothing`, `other-carrier` or `other-key`."""


def sha256(data):
    digest = Hash(SHA256())
    digest.update(data)
    return digest.finalize()


def require(condition, reason="malformed"):
    if not condition:
        raise NotAToken(reason)


def from_base45(text):
    """RFC 9285: three characters for two bytes, two for a last one, the least digit first."""
    data = bytearray()
    for place in range(0, len(text), 3):
        group = text[place : place + 3]
        require(all(character in ALPHABET for character in group) and len(group) > 1)
        value = sum(ALPHABET.index(character) * 45**power for power, character in enumerate(group))
        require(value < 256 ** (len(group) - 1))
        data += value.to_bytes(len(group) - 1, "big")
    return bytes(data)


def read_number(data):
    """The waybill number at the beginning of bytes, and how many it takes."""
    require(data)
    length = data[0] & 0x7F
    require(1 <= length <= 63)
    if data[0] & 0x80:
        plain = data[1 : 1 + length]
        visible = all(0x21 <= byte <= 0x7E for byte in plain)
        require(len(plain) == length and visible and any(chr(byte) not in NUMBERS for byte in plain))
        return plain.decode("ascii"), 1 + length
    # The fewest bytes that hold every number of so many characters.
    size = ((40**length - 1).bit_length() + 7) // 8
    packed = data[1 : 1 + size]
    value = int.from_bytes(packed, "big")
    require(len(packed) == size and value < 40**length)
    characters = []
    for _ in range(length):
        value, digit = divmod(value, 40)
        characters.append(NUMBERS[digit])
    return "".join(reversed(characters)), 1 + size


class Token:
    """A token that was read. Nothing in it is believed yet."""

    def __init__(self, text):
        require(text.startswith("W1:"), "other")
        require(len(text) - 3 <= MOST_BYTES // 2 * 3 + MOST_BYTES % 2 * 2)
        self.bytes = data = from_base45(text[3:])
        require(data)
        require(data[0] >> 4 == 1, "version")
        require(len(data) > 16 and data[0] & 0x0C == 0)
        self.is_sealed, self.is_specimen = bool(data[0] & 1), bool(data[0] & 2)
        self.key = data[1:5]
        self.carrier = data[5:7]
        self.issued = int.from_bytes(data[7:10], "big")
        self.lifetime = int.from_bytes(data[10:12], "big")
        self.serial = int.from_bytes(data[12:15], "big")
        self.copy = data[15]
        require(1 <= self.lifetime <= MOST_HOURS)
        self.waybill_no, taken = read_number(data[16:])
        self.head = data[: 16 + taken]
        self.sealed = data[len(self.head) : -SIGNATURE]
        require(len(data) == len(self.head) + (SEALED if self.is_sealed else 0) + SIGNATURE)

    @property
    def issued_at(self):
        return self.issued * 3600

    @property
    def expires_at(self):
        return self.issued_at + self.lifetime * 3600


def key_name(key):
    return sha256(key)[:8]


def from_base64url(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verifies(key, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


class Trust:
    """The stations that one issuer vouches for, by a list that it has signed."""

    def __init__(self, issuer, stations):
        issuer, envelope = json.loads(issuer), json.loads(stations)
        assert issuer["v"] == "miandan-issuer-public-1" and envelope["v"] == "MSO1-stations"
        key = from_base64url(issuer["ed25519"])
        assert key_name(key).hex() == issuer["kid"], "the issuer's key has another name"
        message = b"MSO1 stations\0" + sha256(envelope["l"].encode())
        assert verifies(key, from_base64url(envelope["s"]), message), "the issuer did not sign this list"
        body = json.loads(from_base64url(envelope["l"]))
        assert (body["iss"], body["ikid"]) == (issuer["iss"], issuer["kid"]), "the list is of another issuer"
        self.next, self.stations = body["next"], body["stations"]
        for station in self.stations:
            assert key_name(from_base64url(station["ed25519"])).hex() == station["kid"]

    def check(self, token, now, waybill_no=None):
        """The verdict, the station if its signature holds, and whether the list is old."""
        is_old = now >= self.next + GRACE
        known = [station for station in self.stations if bytes.fromhex(station["kid"])[:4] == token.key]
        if not known:
            return "unknown-station", None, is_old
        message, signature = b"W1 token\0" + token.bytes[:-SIGNATURE], token.bytes[-SIGNATURE:]
        signers = [station for station in known if verifies(from_base64url(station["ed25519"]), signature, message)]
        if not signers:
            return "forged", None, is_old
        return self.of_station(token, now, waybill_no, signers[0]), signers[0]["id"], is_old

    @staticmethod
    def of_station(token, now, waybill_no, station):
        if now >= station.get("rev", now + 1):
            return "revoked"
        begins_too_late = "nbf" in station and token.issued_at + 3600 + SKEW <= station["nbf"]
        if begins_too_late or ("exp" in station and token.issued_at >= station["exp"] + SKEW):
            return "unknown-station"
        if token.is_specimen:
            return "specimen"
        if waybill_no is not None and waybill_no != token.waybill_no:
            return "other-waybill"
        if token.issued_at > now + TOLERANCE:
            return "not-yet-valid"
        if now >= token.expires_at + TOLERANCE:
            return "expired"
        return "reprint" if token.copy else "genuine"


def open_sealed(token, carrier):
    """What the sealed part says to the carrier of a key file."""
    if not token.is_sealed:
        raise NotOpened("nothing")
    code, private = carrier["carrier"], from_base64url(carrier["x25519"])
    if sha256(code.encode())[:2] != token.carrier:
        raise NotOpened("other-carrier")
    encapsulated, ciphertext = token.sealed[:32], token.sealed[32:]
    try:
        plain = hpke.open_base(private, encapsulated, b"W1 seal\0" + code.encode(), token.head, ciphertext)
        return contents.read(plain)
    except (InvalidTag, ValueError):
        raise NotOpened("other-key") from None


def main():
    parser = argparse.ArgumentParser(description="Reads a courier's token.")
    parser.add_argument("text")
    parser.add_argument("--trust", type=pathlib.Path, required=True)
    parser.add_argument("--stations", type=pathlib.Path, required=True)
    parser.add_argument("--carrier", type=pathlib.Path)
    parser.add_argument("--waybill-no")
    parser.add_argument("--now", type=int, default=int(time.time()))
    arguments = parser.parse_args()
    try:
        token = Token(arguments.text)
    except NotAToken as reason:
        print(json.dumps({"not_a_token": str(reason)}))
        return 4
    trust = Trust(arguments.trust.read_text(), arguments.stations.read_text())
    verdict, station, is_old = trust.check(token, arguments.now, arguments.waybill_no)
    answer = {"verdict": verdict, "station": station, "is_list_old": is_old, "waybill_no": token.waybill_no}
    answer |= {"issued_at": token.issued_at, "expires_at": token.expires_at, "serial": token.serial, "copy": token.copy}
    if arguments.carrier:
        try:
            answer["sealed"] = open_sealed(token, json.loads(arguments.carrier.read_text()))
        except NotOpened as reason:
            answer["not_opened"] = str(reason)
    print(json.dumps(answer, ensure_ascii=False))
    return 0 if verdict in ("genuine", "reprint") else 4


if __name__ == "__main__":
    sys.exit(main())
