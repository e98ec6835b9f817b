#!/usr/bin/env python3
"""Holds the test vectors against this reader: check.py fixtures/courier. Fails if one of them is answered otherwise."""

import json
import pathlib
import sys

from courier_token import NotAToken, NotOpened, Token, Trust, open_sealed, sha256


def opened(token, carrier):
    try:
        return {"status": "opened", "contents": open_sealed(token, carrier)}
    except NotOpened as reason:
        return {"status": str(reason)}


def why_refused(text):
    try:
        Token(text)
    except NotAToken as reason:
        return str(reason)
    return None


def same(name, found, expected):
    assert found == expected, f"{name}: {found!r}, not {expected!r}"
    return 1


def main():
    folder = pathlib.Path(sys.argv[1])

    def read(name):
        return (folder / name).read_text()

    vectors = json.loads(read("vectors.json"))
    trust = Trust(read(vectors["files"]["issuers"]), read(vectors["files"]["stations"]))
    checked = 0
    for vector in vectors["tokens"]:
        name, token = vector["name"], Token(vector["text"])
        checked += same(name, token.bytes.hex(), vector["bytes"])
        claims = vector["claims"]
        if "damage" not in vector:
            found = {claim: getattr(token, claim) for claim in claims} | {"carrier": token.carrier}
            checked += same(name, found, claims | {"carrier": sha256(claims["carrier"].encode())[:2]})
            checked += same(name, token.is_sealed, "contents" in vector)
        for check in vector["checks"]:
            expected = check["verdict"], check["station"], check["is_list_old"]
            checked += same(name, trust.check(token, check["now"], check["waybill_no"]), expected)
        for expected in vector["opens"]:
            carrier = json.loads(read(expected["file"]))
            checked += same(name, {"file": expected["file"]} | opened(token, carrier), expected)
    for refused in vectors["refused"]:
        checked += same(refused["text"], why_refused(refused["text"]), refused["reason"])
    print(f"{checked} answers agree with {folder}/vectors.json")


if __name__ == "__main__":
    main()
