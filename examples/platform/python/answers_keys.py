"""The key files and trust lists of the known answers: which are read and which are refused."""

import json

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from answers_batch import NOW, STATIONS, ISSUERS, chosen, issuer_file, station_file
from answers_orders import JSON_DEFECTS, changed, replaced, without
from encoding import from_base64url, to_base64url, write_json
from passphrase import associated_data, stretch

SCOPE = ("K1", ["east", "北区"], ["M1"])
PASSPHRASE = "面单 correct horse"


def sealed(cost=(19_456, 2, 1), dates=None, passphrase=PASSPHRASE):
    """A station's key file under a passphrase."""
    key = json.loads(station_file("K1", *SCOPE, **(dates or {}))[0])
    secrets = from_base64url(key.pop("x25519")) + from_base64url(key.pop("ed25519"))
    m, t, p = cost
    form = {"kdf": "argon2id", "m": m, "t": t, "p": p, "salt": chosen("salt", 16), "nonce": chosen("nonce", 12)}
    box = AESGCM(stretch(form, passphrase.encode())).encrypt(form["nonce"], secrets, associated_data(key))
    form |= {name: to_base64url(value) for name, value in {**form, "box": box}.items() if type(value) is bytes}
    return write_json({**key, "sealed": {**form, "box": to_base64url(box)}})


def kinds():
    """A file of each kind, and its members that are required."""
    secret, public = station_file("K1", *SCOPE, nbf=NOW, exp=NOW + 1)
    carrier = json.loads(STATIONS["S1"][1])
    carrier = write_json({
        "v": "miandan-carrier-public-1", "carrier": "YTO", "kid": carrier["kid"], "x25519": carrier["x25519"],
    })
    issuer = issuer_file("K2", "platform", merchants=["M1"], nbf=NOW, exp=NOW + 1)[1].encode()
    common = ["v", "id", "groups", "merchants", "kid"]
    return {
        "station": (secret.encode(), [*common, "x25519", "ed25519"], "id"),
        "station public": (public.encode(), [*common, "x25519", "ed25519"], "id"),
        "issuer public": (issuer, ["v", "iss", "kid", "ed25519"], "iss"),
        "carrier public": (carrier, ["v", "carrier", "kid", "x25519"], "carrier"),
    }


def case(name, kind, file, read, **rest):
    try:
        content = {"file": file.decode("utf-8")}
    except UnicodeDecodeError:
        content = {"file_base64url": to_base64url(file)}
    return {"name": f"{kind}: {name}", "kind": kind, **content, "read": 1 if read else 0, **rest}


def cases():
    for kind, (file, required, owner) in kinds().items():
        yield case("as it should be", kind, file, True)
        yield case("white space around", kind, b"\r\n\t" + file + b" \f\n", True)
        yield case("65,536 bytes", kind, file, True, pad_to=65_536)
        yield case("65,537 bytes", kind, file, False, pad_to=65_537)
        for what, defect in JSON_DEFECTS.items():
            if not what.startswith("white space"):
                yield case(what, kind, defect(file), False)
        for name in required:
            yield case(f"without {name}", kind, without(name)(file), False)
        key = "ed25519" if kind == "issuer public" else "x25519"
        for what, hook in {
            "another v": changed(v="miandan-station-2"),
            "an unknown member": changed(x=1),
            "a member twice": replaced('"kid":', '"kid":"0011223344556677","kid":'),
            "a kid that is not the key's": changed(kid="0011223344556677"),
            "no name": changed(**{owner: ""}),
            "a control character in the name": changed(**{owner: "a\u0007"}),
            "a key of 31 bytes": changed(**{key: to_base64url(bytes(31))}),
            "a key whose last bits are not zero": changed(**{key: "A" * 42 + "B"}),
        }.items():
            yield case(what, kind, hook(file), False)
        if kind != "carrier public":
            yield case("without dates", kind, without("nbf")(without("exp")(file)), True)
            yield case("exp at nbf", kind, changed(exp=NOW)(file), False)
            yield case("nbf negative", kind, changed(nbf=-1)(file), False)
            yield case("a merchant without a name", kind, changed(merchants=["M1", ""])(file), False)
    station = kinds()["station"][0]
    yield case("without groups and merchants", "station", changed(groups=[], merchants=[])(station), True)
    yield from under_a_passphrase(station)
    yield from trust_lists()


def under_a_passphrase(clear):
    good = sealed()
    form = json.loads(good)["sealed"]
    known = {"passphrase": PASSPHRASE}

    def with_form(**members):
        return changed(sealed={**form, **members})(good)

    yield case("sealed", "station", good, True, **known)
    yield case("sealed, with dates", "station", sealed(dates={"nbf": 0, "exp": 2**64 - 1}), True, **known)
    yield case("sealed at the least cost", "station", sealed((8_192, 1, 1)), True, **known)
    yield case("sealed with the most passes and lanes", "station", sealed((8_192, 10, 4)), True, **known)
    yield case("sealed, without a passphrase", "station", good, False)
    yield case("sealed, with another passphrase", "station", good, False, passphrase=PASSPHRASE + "x")
    yield case("sealed, with an empty passphrase", "station", good, False, passphrase="")
    for what, file in {
        "and secrets in clear": changed(**{name: json.loads(clear)[name] for name in ("x25519", "ed25519")})(good),
        "and one secret in clear": changed(ed25519=json.loads(clear)["ed25519"])(good),
        "another merchant": changed(merchants=["M1", "M2"])(good),
        "a group fewer": changed(groups=["east"])(good),
        "groups and merchants exchanged": changed(groups=["M1"], merchants=["east", "北区"])(good),
        "another id": changed(id="K9")(good),
        "a date more": changed(exp=NOW)(good),
        "another kid": changed(kid="0011223344556677")(good),
        "another kdf": with_form(kdf="argon2i"),
        "less memory than allowed": with_form(m=8_191),
        "more memory than allowed": with_form(m=262_145),
        "no pass": with_form(t=0),
        "eleven passes": with_form(t=11),
        "no lane": with_form(p=0),
        "five lanes": with_form(p=5),
        "another cost": with_form(t=3),
        "a salt of 15 bytes": with_form(salt=to_base64url(bytes(15))),
        "another salt": with_form(salt=to_base64url(bytes(16))),
        "a nonce of 11 bytes": with_form(nonce=to_base64url(bytes(11))),
        "another nonce": with_form(nonce=to_base64url(bytes(12))),
        "a box of 79 bytes": with_form(box=to_base64url(bytes(79))),
        "a box of zeros": with_form(box=to_base64url(bytes(80))),
        "an unknown member": with_form(x=1),
        "a form as an array": changed(sealed=list(form.values()))(good),
    }.items():
        yield case(f"sealed, {what}", "station", file, False, **known)


def trust_lists():
    def entry(name):
        return {member: value for member, value in json.loads(ISSUERS[name][1]).items() if member != "v"}

    entries = [entry("platform for M2"), entry("platform, new key"), entry("other")]
    good = write_json({"v": "miandan-trust-1", "issuers": entries})
    first = entries[0]

    def with_entries(*issuers):
        return changed(issuers=list(issuers))(good)

    kind = "trust list"
    yield case("as it should be", kind, good, True)
    yield case("nobody", kind, with_entries(), True)
    yield case("1,048,576 bytes", kind, good, True, pad_to=1_048_576)
    yield case("1,048,577 bytes", kind, good, False, pad_to=1_048_577)
    for what, file in {
        "another v": changed(v="miandan-trust-2")(good),
        "no issuers": without("issuers")(good),
        "an unknown member": changed(x=1)(good),
        "a member twice": replaced('"issuers":', '"issuers":[],"issuers":')(good),
        "an entry twice": with_entries(first, first),
        "an entry with v": with_entries({"v": "miandan-issuer-public-1", **first}),
        "an entry with an unknown member": with_entries({**first, "x": 1}),
        "an entry as an array": with_entries(list(first.values())),
        "an entry whose kid is not its key's": with_entries({**first, "kid": "0011223344556677"}),
        "an entry whose exp is at its nbf": with_entries({**first, "nbf": 1, "exp": 1}),
        "an entry without a name": with_entries({**first, "iss": ""}),
    }.items():
        yield case(what, kind, file, False)
