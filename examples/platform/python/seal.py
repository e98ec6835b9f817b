#!/usr/bin/env python3
"""Seals plain orders, one a line: seal.py --issuer issuer.key --to station.key.pub --merchant M orders.jsonl > sealed.jsonl

A plain order is what `miandan seal` reads. What a sealer must do stands in docs/mso1.md, "Sealing".
"""

import argparse
import hmac
import json
import pathlib
import re
import secrets
import sys
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

import merkle
from encoding import require, to_base64url, write_json
from keys import read_issuer, read_station_public
from schedule import (
    HPKE, SUITE, batch_secret, field_aad, field_key_and_nonce, order_key, pad, signature_input, wrap_info,
)
from shapes import (
    BATCH, CIPHERTEXT_BYTES, FIELDS, MASK, ORDER_BYTES, RECIPIENTS, check_virtual, read_batch_header, read_order_header,
)


def seal_batch(issuer, stations, orders, options, random=secrets.token_bytes):
    """The sealed orders of one batch, as bytes of JSON.

    `options` has `aud`, `iat`, `nbf`, `exp` and, if wanted, `stn`, `mask` and `max`. Only the maker of known answers
    chooses the randomness: a batch key that is used twice gives everything away.
    """
    require(1 <= len(orders) <= BATCH and 1 <= len(stations) <= RECIPIENTS)
    for station in stations:
        refuse_station(station, options)
    jti, batch_key = random(16), random(32)
    secret = batch_secret(batch_key, jti)

    parts = []
    for index, order in enumerate(orders):
        fields = personal_fields(order)
        h = to_base64url(write_json(order_header(issuer, index, jti, order, fields, options)))
        read_order_header(h)  # refuses what an opener would refuse
        parts.append((h, to_base64url(write_json(encrypt(order_key(secret, h), h, fields)))))
    root, paths = merkle.root_and_paths([merkle.leaf(h, f) for h, f in parts])

    optional = {name: options[name] for name in ("stn", "mask") if options.get(name) is not None}
    b = to_base64url(write_json({
        "suite": SUITE, "iss": issuer["iss"], "ikid": issuer["kid"], "jti": to_base64url(jti),
        "iat": options["iat"], "nbf": options["nbf"], "exp": options["exp"], "aud": options["aud"],
        "pur": "print", **optional, "n": len(orders), "root": to_base64url(root),
    }))
    read_batch_header(b)
    r = to_base64url(write_json([wrap(station, batch_key, b, random) for station in stations]))
    s = to_base64url(issuer["private"].sign(signature_input(b, r)))

    sealed = []
    for (h, f), path in zip(parts, paths):
        object = {"v": "MSO1", "b": b, "r": r, "s": s, "h": h, "f": f, "p": [to_base64url(hash) for hash in path]}
        sealed.append(write_json(object))
        require(len(sealed[-1]) <= ORDER_BYTES, "LIMIT")
    return sealed


def refuse_station(station, options):
    """Nothing is sealed to a station that would refuse it."""
    require(options["aud"] in station["merchants"], "WRONG_AUDIENCE")
    require(options.get("stn") in [None, station["id"], *station["groups"]], "WRONG_STATION")
    require(station.get("exp", options["exp"]) > options["iat"], "UNKNOWN_KEY")


def personal_fields(order):
    """Field → (type, bytes), in the order of the format; what is empty is left out."""
    fields = {}
    for field, kinds in FIELDS.items():
        party, member = field.split(".")
        value = order.get(party, {}).get(member)
        if member == "virtual" and value:
            data = write_json({"main": value["main"], "ext": value.get("ext", ""), "until": value["until"]})
            check_virtual(data)
        elif value and value.strip():
            data = value.encode()
        else:
            continue
        kind = phone_type(value) if member == "phone" else kinds[0]
        fields[field] = kind, data
    return fields


HALF_WIDTH = str.maketrans("　－＋（）０１２３４５６７８９", " -+()0123456789")


def phone_type(number):
    """A mobile is 11 digits that begin with 13 to 19, with or without the code of the country and separators."""
    digits = re.sub(r"[ \t\-()]", "", number.translate(HALF_WIDTH))
    digits = re.sub(r"^\++", "", digits)
    digits = re.sub(r"^0086|^86(?=[0-9]{11}$)", "", digits)
    return "mobile" if re.fullmatch(r"1[3-9][0-9]{9}", digits) else "landline"


def order_header(issuer, index, jti, order, fields, options):
    header = {"i": index, "jti": to_base64url(jti), "ord": order["order_id"], "wbn": order["waybill_no"], "cp": order["carrier"]}
    if order.get("payment_id"):
        header["pay"] = order["payment_id"]
    for name in ("routing", "service", "parcel", "items", "memo", "consent"):
        if order.get(name):
            header[name] = order[name]
    if order.get("merge_key", "").strip():
        header["mrg"] = to_base64url(merge_mark(issuer, options["aud"], order["merge_key"]))
    if options.get("max") is not None:
        header["max"] = options["max"]
    header["fields"] = {field: kind for field, (kind, _) in fields.items()}
    return header


def merge_mark(issuer, merchant, merge_key):
    """The same for parcels of one consignee, and nobody without the issuer's key can try out merge keys."""
    key = HKDF(SHA256(), 32, None, b"MSO1 merge").derive(issuer["ed25519"])
    data = len(merchant.encode()).to_bytes(8, "big") + merchant.encode() + merge_key.encode()
    return hmac.digest(key, data, "sha256")[:16]


def encrypt(key, h, fields):
    table = {}
    for field, (kind, text) in fields.items():
        secret, nonce = field_key_and_nonce(key, field)
        padded = pad(text)
        require(len(padded) + 16 <= CIPHERTEXT_BYTES, "LIMIT")
        table[field] = to_base64url(AESGCM(secret).encrypt(nonce, padded, field_aad(h, field, kind)))
    return table


def wrap(station, batch_key, b, random):
    public = HPKE.kem.deserialize_public_key(station["x25519"])
    ephemeral = HPKE.kem.derive_key_pair(random(32))
    enc, context = HPKE.create_sender_context(public, info=wrap_info(station["kid"], b), eks=ephemeral)
    return {"kid": station["kid"], "enc": to_base64url(enc), "wk": to_base64url(context.seal(batch_key))}


def main():
    parser = argparse.ArgumentParser(description="Seals plain orders.")
    parser.add_argument("input", type=pathlib.Path)
    parser.add_argument("--issuer", type=pathlib.Path, required=True)
    parser.add_argument("--to", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--merchant", required=True)
    parser.add_argument("--station", help="the station or group that alone may print")
    parser.add_argument("--expires-days", type=int, default=30)
    parser.add_argument("--now", type=int, default=int(time.time()))
    parser.add_argument("--batch-size", type=int, default=100)
    parser.add_argument("--max-prints", type=int)
    for name, words in MASK.items():
        parser.add_argument(f"--mask-{name}", choices=words)
    arguments = parser.parse_args()
    issuer = read_issuer(arguments.issuer.read_bytes())
    stations = [read_station_public(file.read_bytes()) for file in arguments.to]
    orders = [json.loads(line) for line in filter(None, arguments.input.read_bytes().split(b"\n"))]
    words = {name: getattr(arguments, f"mask_{name}") for name in MASK}
    options = {
        "aud": arguments.merchant, "stn": arguments.station, "max": arguments.max_prints,
        "iat": arguments.now, "nbf": arguments.now, "exp": arguments.now + arguments.expires_days * 86_400,
        "mask": {name: word for name, word in words.items() if word} or None,
    }
    for start in range(0, len(orders), arguments.batch_size):
        for sealed in seal_batch(issuer, stations, orders[start : start + arguments.batch_size], options):
            sys.stdout.buffer.write(sealed + b"\n")


if __name__ == "__main__":
    main()
