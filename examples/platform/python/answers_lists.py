"""The signed lists of the known answers: valid ones, and what must be refused."""

import json

from answers_batch import DAY, ISSUERS, NOW, STATIONS
from answers_orders import JSON_DEFECTS, TEXT_DEFECTS, at, changed, replaced, without
from encoding import from_base64url, key_id, sha256, to_base64url, write_json
from keys import read_issuer, read_station_public
from lists import LIST_LIFETIME, signature_input


def token_key(name, **dates):
    key = read_station_public(STATIONS[name][1].encode())
    return {"id": key["id"], "kid": key["kid"], "ed25519": to_base64url(key["ed25519"]), **dates}


def carrier_key(name, carrier, **dates):
    key = read_station_public(STATIONS[name][1].encode())
    return {"carrier": carrier, "kid": key["kid"], "x25519": to_base64url(key["x25519"]), **dates}


def named(entry, member):
    """An entry whose `kid` fits its key."""
    return {**entry, "kid": key_id(from_base64url(entry[member]))}


def by_kid(*entries):
    return sorted(entries, key=lambda entry: entry["kid"])


TOKENS = by_kid(
    named(token_key("S1", nbf=NOW, exp=NOW + DAY), "ed25519"), named(token_key("S2"), "ed25519"),
    named(token_key("S3", exp=1), "ed25519"),
)
CARRIERS = by_kid(carrier_key("S1", "YTO"), carrier_key("S2", "YTO", nbf=NOW), carrier_key("S3", "中通"))
ENTRIES = {
    "status": {"withdrawn": [{"ref": "C1", "epoch": 3}, {"ref": "C10", "epoch": 0}, {"ref": "C2", "epoch": 2**32 - 1}, {"ref": "授权", "epoch": 1}]},
    "stations": {"stations": TOKENS},
    "carriers": {"carriers": CARRIERS},
}


def build(kind, issuer="platform", **hooks):
    """A list, with a hook at every step to do one thing wrong."""

    def hook(name, value):
        return hooks[name](value) if name in hooks else value

    signer = read_issuer(ISSUERS[issuer][0].encode())
    body = {"iss": signer["iss"], "ikid": signer["kid"], "iat": NOW, "next": NOW + DAY, **ENTRIES[kind]}
    l = hook("l_text", to_base64url(hook("body", write_json(body))))
    message = hook("message", signature_input(hooks.get("signed_as", kind), l))
    signature = read_issuer(ISSUERS[hooks.get("signed_by", issuer)][0].encode())["private"].sign(message)
    s = hook("s_text", to_base64url(signature))
    return hook("file", write_json({"v": f"MSO1-{kind}", "l": l, "s": s}))


def values():
    """The bytes under the signature of a list of each kind."""
    for kind in ENTRIES:
        file = json.loads(build(kind))
        yield {
            "kind": kind, "l": file["l"], "signature_input": signature_input(kind, file["l"]).hex(), "s": file["s"],
        }


def case(name, kind, file, trust=("platform",), **rest):
    try:
        content = {"file": file.decode("utf-8")}
    except UnicodeDecodeError:
        content = {"file_base64url": to_base64url(file)}
    return {"name": f"{kind}: {name}", "kind": kind, **content, "trust": list(trust), **rest}


def cases():
    for kind in ENTRIES:
        yield from cases_of(kind)
    yield from cases_of_status()
    yield from cases_of_keys("stations", "id", "ed25519", TOKENS)
    yield from cases_of_keys("carriers", "carrier", "x25519", CARRIERS)


def cases_of(kind):
    (member, entries), = ENTRIES[kind].items()
    count = len(entries)
    valid = {"entries": count}
    file = build(kind)
    other = "carriers" if kind == "status" else "status"
    yield case("as it should be", kind, file, **valid)
    yield case("white space around", kind, b" \t\r\n\f" + file + b"\n\n", **valid)
    yield case("no entries", kind, build(kind, body=changed(**{member: []})), entries=0)
    yield case("by another issuer who is trusted", kind, build(kind, "other"), ["platform", "other"], **valid)
    yield case("by an issuer who is trusted for some merchants", kind, file, ["platform for M2"], **valid)
    yield case("31 days", kind, build(kind, body=changed(next=NOW + LIST_LIFETIME)), **valid)
    yield case("8,388,608 bytes", kind, file, pad_to=8_388_608, **valid)

    for code, defects in {
        "MALFORMED": {
            "another kind": build(kind, file=changed(v=f"MSO1-{other}")),
            "an unknown kind": build(kind, file=changed(v="MSO1")),
            "v as a number": build(kind, file=changed(v=1)),
            "no signature": build(kind, file=without("s")),
            "no body": build(kind, file=without("l")),
            "an unknown member": build(kind, file=changed(x="")),
            "a member twice": build(kind, file=replaced('"v":', '"v":"","v":')),
            "an array": b"[" + file + b"]",
            "two lists": file + file,
            "nothing": b"",
            "an escape in a value": build(kind, file=replaced('"MSO1', '"\\u004dSO1')),
            "a vertical tab before": b"\v" + file,
            "a byte order mark": b"\xef\xbb\xbf" + file,
            "a signature of 63 bytes": build(kind, s_text=lambda _: to_base64url(bytes(63))),
            **{f"body: {what}": build(kind, body=defect) for what, defect in JSON_DEFECTS.items()},
            **{f"l: {what}": build(kind, l_text=defect) for what, defect in TEXT_DEFECTS.items()},
            **{f"body without {name}": build(kind, body=without(name)) for name in ("iss", "ikid", "iat", "next", member)},
            "an unknown member in the body": build(kind, body=changed(x=1)),
            "a member twice in the body": build(kind, body=replaced('"iss":', '"iss":"x","iss":')),
            "an unknown member in an entry": build(kind, body=at(member, 0, "x", 1)),
            "an entry as an array": build(kind, body=at(member, [list(entry.values()) for entry in entries])),
            "entries in descending order": build(kind, body=changed(**{member: entries[::-1]})),
            "an entry twice": build(kind, body=changed(**{member: [entries[0], *entries]})),
            "entries an object": build(kind, body=changed(**{member: {}})),
            "iss empty": build(kind, body=changed(iss="")),
            "a control character in iss": build(kind, body=changed(iss="a\nb")),
            "ikid in upper case": build(kind, body=changed(ikid="00112233445566AA")),
            "iat negative": build(kind, body=changed(iat=-1)),
            "iat with a fraction": build(kind, body=changed(iat=NOW + 0.5)),
            "next at iat": build(kind, body=changed(next=NOW)),
            "next before iat": build(kind, body=changed(next=NOW - 1)),
            "next null": build(kind, body=at("next", None)),
        },
        "LIMIT": {"31 days and a second": build(kind, body=changed(next=NOW + LIST_LIFETIME + 1))},
        "UNKNOWN_ISSUER": {
            "by an issuer who is not trusted": build(kind, "other"),
            "by another key of the issuer": build(kind, "platform, new key"),
            "by nobody known, and with a wrong signature": build(kind, "other", s_text=lambda _: to_base64url(bytes(64))),
        },
        "BAD_SIGNATURE": {
            "a signature of zeros": build(kind, s_text=lambda _: to_base64url(bytes(64))),
            "signed by another key": build(kind, signed_by="other"),
            "signed as a list of another kind": build(kind, signed_as=other),
            "signed without a context": build(kind, message=lambda message: message[-32:]),
            "signed over what the text stands for": build(kind, body=lambda body: body, message=lambda _: sha256(b"")),
        },
    }.items():
        for name, file_with_defect in defects.items():
            yield case(name, kind, file_with_defect, code=code)
    yield case("8,388,609 bytes", kind, file, pad_to=8_388_609, code="LIMIT")
    for name, iat, trust, code in [
        ("signed 299 s after the key ended", NOW + 299, "platform until now", None),
        ("signed 300 s after the key ended", NOW + 300, "platform until now", "UNKNOWN_ISSUER"),
        ("signed 300 s before the key began", NOW - 300, "platform from now", None),
        ("signed 301 s before the key began", NOW - 301, "platform from now", "UNKNOWN_ISSUER"),
    ]:
        expected = {"code": code} if code else valid
        yield case(name, kind, build(kind, body=changed(iat=iat)), [trust], **expected)


def cases_of_status():
    def withdrawn(*entries):
        return build("status", body=changed(withdrawn=list(entries)))

    for name, file in {
        "ref empty": withdrawn({"ref": "", "epoch": 1}),
        "a control character in ref": withdrawn({"ref": "C\t1", "epoch": 1}),
        "epoch of 33 bits": withdrawn({"ref": "C1", "epoch": 2**32}),
        "epoch negative": withdrawn({"ref": "C1", "epoch": -1}),
        "no epoch": withdrawn({"ref": "C1"}),
        "ref twice with two epochs": withdrawn({"ref": "C1", "epoch": 1}, {"ref": "C1", "epoch": 2}),
        "ascending by length and not by bytes": withdrawn({"ref": "C2", "epoch": 1}, {"ref": "C10", "epoch": 1}),
        "ascending by UTF-16 and not by bytes": withdrawn({"ref": "😀", "epoch": 1}, {"ref": "\uff01", "epoch": 1}),
    }.items():
        yield case(name, "status", file, code="MALFORMED")
    yield case("ascending by bytes and not by UTF-16", "status", withdrawn({"ref": "\uff01", "epoch": 1}, {"ref": "😀", "epoch": 1}), entries=2)
    yield case("an escape in ref", "status", build("status", body=replaced('"C1"', '"\\u00431"')), entries=4)


def cases_of_keys(kind, owner, key, entries):
    def first_with(**members):
        return build(kind, body=changed(**{kind: [{**entries[0], **members}, *entries[1:]]}))

    for name, file in {
        "an owner without a name": first_with(**{owner: ""}),
        "a control character in the owner's name": first_with(**{owner: "\u009f"}),
        "a kid that is not the key's": first_with(kid="0" * 16),
        "a key of 31 bytes": first_with(**{key: to_base64url(bytes(31))}),
        "exp at nbf": first_with(nbf=NOW, exp=NOW),
        "nbf null": build(kind, body=at(kind, 0, "nbf", None)),
        "nbf as a text": first_with(nbf="0"),
    }.items():
        yield case(name, kind, file, code="MALFORMED")
