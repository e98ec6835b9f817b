#!/usr/bin/env python3
"""Opens sealed orders, one a line: open.py --key station.key --trust issuer.key.pub [--now N] orders.sealed.jsonl

Prints one JSON line per order: {"ord", "wbn", "fields": {field: text}}, or {"code"} for an order that is refused.
The checks stand in the order of docs/mso1.md, "Opening". This shows personal data in clear: it is for tests of your
sealer. What prints for a merchant is `miandan`, which opens inside a sandbox and masks.
"""

import argparse
import json
import pathlib
import sys
import time

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pyhpke import PyHPKEError

import merkle
from encoding import Refused, from_base64url, require
from keys import in_force, read_station, read_trust
from lists import Status, verify_list
from schedule import HPKE, batch_secret, field_aad, field_key_and_nonce, order_key, signature_input, wrap_info
from shapes import (
    FIELDS, PRINTABLE, SKEW, check_virtual, later, read_batch_header, read_ciphertexts, read_order, read_order_header,
    read_recipients,
)


def open_order(data, now, keys, trust, status=Status("off"), wanted=PRINTABLE):
    """The order header and the wanted fields of one order, or `Refused`."""
    require(all(field in PRINTABLE for field in wanted), "FIELD_NOT_PRINTABLE")
    return open_checked(data, now, keys, trust, status, wanted)


def open_checked(data, now, keys, trust, status, wanted):
    # Size and shape.
    order = read_order(data)
    header = read_order_header(order["h"])
    ciphertexts = read_ciphertexts(order["f"], header["fields"])

    # What the batch shares: a real opener does this once for a batch and remembers it under `b`, `r` and `s`.
    batch = read_batch_header(order["b"])
    recipients = read_recipients(order["r"])
    signature = from_base64url(order["s"], size=64)
    issuer = trust.get((batch["iss"], batch["ikid"]))
    require(issuer and batch["aud"] in issuer.get("merchants", [batch["aud"]]), "UNKNOWN_ISSUER")
    verify_signature(issuer, signature, signature_input(order["b"], order["r"]))

    # Time, audience, station, purpose.
    require(in_force(issuer, now), "UNKNOWN_ISSUER")
    require(later(now, SKEW) >= max(batch["nbf"], batch["iat"]), "NOT_YET_VALID")
    require(now < later(batch["exp"], SKEW), "EXPIRED")
    keys = [key for key in keys if batch["aud"] in key["merchants"]]
    require(keys, "WRONG_AUDIENCE")
    keys = [key for key in keys if batch.get("stn", key["id"]) in [key["id"], *key["groups"]]]
    require(keys, "WRONG_STATION")
    require(batch["pur"] == "print", "WRONG_PURPOSE")

    # The order belongs to the batch, at its index, and was not withdrawn.
    leaf = merkle.leaf(order["h"], order["f"])
    belongs = merkle.verify(leaf, header["i"], batch["n"], order["p"], batch["root"])
    require(header["jti"] == batch["jti"] and belongs, "BAD_SIGNATURE")
    status.check(batch["iss"], header.get("consent"), now)

    # Only now is a private key used.
    keys = [key for key in keys if in_force(key, now) and key["kid"] in recipients]
    require(keys, "UNKNOWN_KEY")
    batch_key = unwrap(keys[0], recipients[keys[0]["kid"]], order["b"])
    key = order_key(batch_secret(batch_key, batch["jti"]), order["h"])
    fields = {}
    for field in FIELDS:
        if field in wanted and field in ciphertexts:
            kind = header["fields"][field]
            plaintext = open_field(key, order["h"], field, kind, ciphertexts[field])
            if kind == "virtual":
                check_virtual(plaintext.encode())
            fields[field] = plaintext
    return header, fields


def verify_signature(issuer, signature, message):
    try:
        Ed25519PublicKey.from_public_bytes(issuer["ed25519"]).verify(signature, message)
    except InvalidSignature:
        raise Refused("BAD_SIGNATURE") from None


def unwrap(key, recipient, b):
    try:
        private = HPKE.kem.deserialize_private_key(key["x25519"])
        context = HPKE.create_recipient_context(recipient["enc"], private, info=wrap_info(key["kid"], b))
        batch_key = context.open(recipient["wk"])
    except (PyHPKEError, ValueError):  # ValueError: a point of low order
        raise Refused("AUTH_FAILED") from None
    require(len(batch_key) == 32, "AUTH_FAILED")
    return batch_key


def open_field(key, h, field, kind, ciphertext):
    secret, nonce = field_key_and_nonce(key, field)
    try:
        padded = AESGCM(secret).decrypt(nonce, ciphertext, field_aad(h, field, kind))
    except InvalidTag:
        raise Refused("AUTH_FAILED") from None
    length = int.from_bytes(padded[:2], "big")
    text, padding = padded[2 : 2 + length], padded[2 + length :]
    whole = len(padded) >= 2 and len(padded) % 32 == 0 and len(text) == length
    require(whole and len(padding) < 32 and not any(padding), "AUTH_FAILED")
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("AUTH_FAILED") from None


def main():
    parser = argparse.ArgumentParser(description="Opens sealed orders.")
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("--key", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--passphrase-file", type=pathlib.Path)
    parser.add_argument("--trust", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--now", type=int, default=int(time.time()))
    parser.add_argument("--status-list", type=pathlib.Path, action="append", default=[])
    parser.add_argument("--status-policy", choices=["off", "warn", "required"], default="warn")
    parser.add_argument("--fields", help="with commas between them; all that may be printed otherwise")
    arguments = parser.parse_args()
    passphrase = arguments.passphrase_file and arguments.passphrase_file.read_bytes().removesuffix(b"\n").removesuffix(b"\r")
    keys = [read_station(file.read_bytes(), passphrase) for file in arguments.key]
    trust = read_trust(file.read_bytes() for file in arguments.trust)
    status = Status(arguments.status_policy)
    for file in arguments.status_list:
        status.add(verify_list("status", file.read_bytes(), trust))
    wanted = arguments.fields.split(",") if arguments.fields else PRINTABLE
    refused = False
    for line in filter(None, arguments.input.read_bytes().split(b"\n")):
        try:
            header, fields = open_order(line, arguments.now, keys, trust, status, wanted)
            answer = {"ord": header["ord"], "wbn": header["wbn"], "fields": fields}
        except Refused as refusal:
            answer, refused = {"code": refusal.code}, True
        print(json.dumps(answer, ensure_ascii=False))
    return 4 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
