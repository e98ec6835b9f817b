"""Signed lists: withdrawn authorisations, stations' and carriers' keys (docs/mso1.md, "Signed lists")."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from encoding import (
    LIMIT, Refused, array_of, data_of, from_base64url, hexadecimal_key_id, identifier, object_of, read_json, require,
    sha256, strip, text, to_base64url, u32, u64, word, write_json,
)
from keys import DATES, checked, in_force
from shapes import later

LIST_BYTES = 8_388_608
LIST_LIFETIME = 31 * 86_400
GRACE = 86_400

HEAD = {"iss": text, "ikid": hexadecimal_key_id, "iat": u64, "next": u64}
OUTER = object_of({"v": text, "l": text, "s": data_of(64)})
BODIES = {
    "status": object_of({**HEAD, "withdrawn": array_of(object_of({"ref": identifier, "epoch": u32}))}),
    "stations": object_of({**HEAD, "stations": array_of(
        object_of({"id": identifier, "kid": hexadecimal_key_id, "ed25519": data_of(32)}, DATES))}),
    "carriers": object_of({**HEAD, "carriers": array_of(
        object_of({"carrier": identifier, "kid": hexadecimal_key_id, "x25519": data_of(32)}, DATES))}),
}


def signature_input(kind, l):
    return b"MSO1 " + kind.encode() + b"\0" + sha256(l.encode())


def sign_list(kind, issuer, body):
    """The text of a list. Its entries have to be in order already, see `sign_status` in status_list.py."""
    l = to_base64url(write_json(body))
    signature = issuer["private"].sign(signature_input(kind, l))
    file = write_json({"v": f"MSO1-{kind}", "l": l, "s": to_base64url(signature)}) + b"\n"
    require(body["iat"] < body["next"] <= body["iat"] + LIST_LIFETIME and len(file) <= LIST_BYTES, LIMIT)
    return file


def verify_list(kind, file, trust):
    """The body of a list, after its signature was found to hold."""
    require(len(file) <= LIST_BYTES, LIMIT)
    outer = OUTER(read_json(strip(file), escapes=False))
    word(f"MSO1-{kind}")(outer["v"])
    body = BODIES[kind](read_json(from_base64url(outer["l"])))
    if kind == "status":
        names = [entry["ref"].encode() for entry in body["withdrawn"]]
    else:
        names = [entry["kid"] for entry in body[kind]]
        for entry in body[kind]:
            checked(entry, entry["ed25519" if kind == "stations" else "x25519"])
    require(all(before < after for before, after in zip(names, names[1:])))
    identifier(body["iss"])
    require(body["next"] > body["iat"])
    require(body["next"] - body["iat"] <= LIST_LIFETIME, LIMIT)
    issuer = trust.get((body["iss"], body["ikid"]))
    require(issuer and in_force(issuer, body["iat"]), "UNKNOWN_ISSUER")
    try:
        Ed25519PublicKey.from_public_bytes(issuer["ed25519"]).verify(outer["s"], signature_input(kind, outer["l"]))
    except InvalidSignature:
        raise Refused("BAD_SIGNATURE") from None
    return body


class Status:
    """What a station knows of withdrawals, and its policy: `off`, `warn` or `required`."""

    def __init__(self, policy="warn", max_age=None):
        self.policy, self.max_age, self.lists = policy, max_age, {}

    def add(self, body):
        known = self.lists.get(body["iss"])
        if not known or known["iat"] < body["iat"]:
            epochs = {entry["ref"]: entry["epoch"] for entry in body["withdrawn"]}
            self.lists[body["iss"]] = {"iat": body["iat"], "next": body["next"], "epochs": epochs}

    def check(self, iss, consent, now):
        if self.policy == "off":
            return
        known = self.lists.get(iss)
        if known and consent and consent["epoch"] <= known["epochs"].get(consent["ref"], -1):
            raise Refused("WITHDRAWN")
        stale = (
            not known
            or now >= later(known["next"], GRACE)
            or self.max_age is not None and now >= later(known["iat"], self.max_age)
        )
        require(not stale or self.policy != "required", "STALE_STATUS")
