"""Builds batches of known answers: chosen keys, chosen randomness, and a hook at every step to do one thing wrong.

It does step by step what seal.py does, so that every value on the way can be written down. Never use it to seal
anything real: chosen randomness gives the plaintext away.
"""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
import hmac

import merkle
from encoding import key_id, sha256, to_base64url, write_json
from keys import read_issuer, read_station, read_station_public
from schedule import (
    HPKE, SUITE, batch_secret, expand, field_aad, field_key_and_nonce, order_key, pad, signature_input, wrap_info,
)
from seal import order_header, personal_fields

NOW = 1_800_000_000
DAY = 86_400


def chosen(label, size=32):
    """What stands in the place of random bytes."""
    return expand(sha256(label.encode()), b"known answers", size)


def station_file(label, id, groups=(), merchants=(), **dates):
    """The key file of a station and its public file."""
    secret, seed = chosen(f"{label} x25519"), chosen(f"{label} ed25519")
    public = X25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()
    token = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    def file(v, x25519, ed25519):
        scope = {"v": v, "id": id, "groups": list(groups), "merchants": list(merchants), "kid": key_id(public)}
        return write_json({**scope, "x25519": to_base64url(x25519), "ed25519": to_base64url(ed25519), **dates}).decode()

    return file("miandan-station-1", secret, seed), file("miandan-station-public-1", public, token)


def issuer_file(label, iss, **trusted):
    """The key file of an issuer and its public file."""
    seed = chosen(f"{label} ed25519")
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    def file(v, key, **rest):
        return write_json({"v": v, "iss": iss, "kid": key_id(public), "ed25519": to_base64url(key), **rest}).decode()

    return file("miandan-issuer-1", seed), file("miandan-issuer-public-1", public, **trusted)


STATIONS = {
    "S1": station_file("S1", "S1", ["east", "g" * 900], ["M1", "M2"]),
    "S2": station_file("S2", "S2", ["east"], ["M1"]),
    "S3": station_file("S3", "S3", [], ["M3"]),
    "S1 old": station_file("S1 old", "S1", ["east"], ["M1"], exp=NOW),
    "S1 next": station_file("S1 next", "S1", ["east"], ["M1"], nbf=NOW),
    **{f"T{number}": station_file(f"T{number}", f"T{number}", [], ["M1"]) for number in range(1, 17)},
}
ISSUERS = {
    "platform": issuer_file("platform", "platform"),
    "platform for M2": issuer_file("platform", "platform", merchants=["M2"]),
    "platform for M1": issuer_file("platform", "platform", merchants=["M1", "M2"]),
    "platform until now": issuer_file("platform", "platform", exp=NOW),
    "platform from now": issuer_file("platform", "platform", nbf=NOW),
    "platform, new key": issuer_file("platform, new key", "platform"),
    "other": issuer_file("other", "other"),
}

SMALL = {
    "order_id": "O1", "waybill_no": "YT0000000000001", "carrier": "YTO",
    "recipient": {"name": "测试一", "mobile": "12900000001"}, "consent": {"ref": "C1", "epoch": 3},
}
OPTIONS = {"aud": "M1", "iat": NOW, "nbf": NOW, "exp": NOW + DAY}


def hpke_by_hand(ephemeral, public, enc, info):
    """RFC 9180: shared secret, key and nonce, written out with HMAC, against which pyhpke is checked."""

    def labeled_extract(suite, salt, label, ikm):
        return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, "sha256")

    def labeled_expand(suite, prk, label, data, length):
        return expand(prk, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + data, length)

    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    dh = X25519PrivateKey.from_private_bytes(ephemeral).exchange(X25519PublicKey.from_public_bytes(public))
    shared = labeled_expand(kem, labeled_extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + public, 32)
    context = b"\0" + labeled_extract(suite, b"", b"psk_id_hash", b"") + labeled_extract(suite, b"", b"info_hash", info)
    secret = labeled_extract(suite, shared, b"secret", b"")
    key, nonce = labeled_expand(suite, secret, b"key", context, 32), labeled_expand(suite, secret, b"base_nonce", context, 12)
    return {"dh": dh.hex(), "shared_secret": shared.hex(), "hpke_key": key.hex(), "hpke_nonce": nonce.hex()}


def build(orders=(SMALL,), stations=("S1",), options=None, issuer="platform", label="small", **hooks):
    """The sealed orders of a batch and every value on the way. A hook is called with what stands in its place."""

    def hook(name, value, *more):
        return hooks[name](value, *more) if name in hooks else value

    options = {**OPTIONS, **(options or {})}
    signer = read_issuer(ISSUERS[issuer][0].encode())
    jti, batch_key = chosen(f"{label} jti", 16), chosen(f"{label} batch key")
    secret = batch_secret(batch_key, jti)
    trace = {
        "jti": jti.hex(), "batch_key": batch_key.hex(), "batch_secret": secret.hex(), "orders": [], "recipients": [],
    }

    leaves = []
    for index, order in enumerate(orders):
        fields = personal_fields(order)
        h_json = hook("h", write_json(order_header(signer, index, jti, order, fields, options)))
        h = hook("h_text", to_base64url(h_json))
        key = order_key(secret, h)
        table, steps = {}, {}
        for field, (kind, text) in hook("fields", fields).items():
            key_of_field, nonce = field_key_and_nonce(key, field)
            padded = hook("padded", pad(text), field)
            aad = hook("aad", field_aad(h, field, kind), field)
            ciphertext = AESGCM(key_of_field).encrypt(nonce, padded, aad)
            table[field] = to_base64url(hook("ciphertext", ciphertext, field))
            steps[field] = {
                "type": kind, "key": key_of_field.hex(), "nonce": nonce.hex(), "aad": aad.hex(), "padded": padded.hex(),
                "ciphertext": ciphertext.hex(),
            }
        f_json = hook("f", write_json(hook("table", table)))
        f = hook("f_text", to_base64url(f_json))
        leaves.append(merkle.leaf(h, f))
        trace["orders"].append({
            "plain": order, "header": h_json.decode("utf-8", "replace"), "h": h, "h_hash": sha256(h.encode()).hex(),
            "order_key": key.hex(), "fields": steps, "table": f_json.decode("utf-8", "replace"), "f": f,
            "f_hash": sha256(f.encode()).hex(), "leaf": leaves[-1].hex(),
        })

    root, paths = hook("tree", merkle.root_and_paths(leaves), leaves)
    optional = {name: options[name] for name in ("stn", "mask") if options.get(name) is not None}
    b_json = hook("b", write_json({
        "suite": SUITE, "iss": signer["iss"], "ikid": signer["kid"], "jti": to_base64url(jti), "iat": options["iat"],
        "nbf": options["nbf"], "exp": options["exp"], "aud": options["aud"], "pur": "print", **optional,
        "n": len(orders), "root": to_base64url(root),
    }))
    b = hook("b_text", to_base64url(b_json))
    recipients = []
    for name in stations:
        public = read_station_public(STATIONS[name][1].encode())
        info = hook("info", wrap_info(public["kid"], b))
        ikm = chosen(f"{label} ephemeral {name}")
        pair = HPKE.kem.derive_key_pair(ikm)
        ephemeral = pair.private_key.to_private_bytes()
        enc, context = HPKE.create_sender_context(HPKE.kem.deserialize_public_key(public["x25519"]), info=info, eks=pair)
        wk = context.seal(batch_key)
        by_hand = hpke_by_hand(ephemeral, public["x25519"], enc, info)
        assert AESGCM(bytes.fromhex(by_hand["hpke_key"])).encrypt(bytes.fromhex(by_hand["hpke_nonce"]), batch_key, b"") == wk
        trace["recipients"].append({
            "station": name, "kid": public["kid"], "info": info.hex(), "ephemeral_ikm": ikm.hex(),
            "ephemeral_private": ephemeral.hex(), **by_hand, "enc": enc.hex(), "wk": wk.hex(),
        })
        enc, wk = hook("wrapped", (enc, wk))
        recipients.append({"kid": public["kid"], "enc": to_base64url(enc), "wk": to_base64url(wk)})
    r_json = hook("r", write_json(recipients))
    r = hook("r_text", to_base64url(r_json))
    message = hook("message", signature_input(b, r))
    signature = hook("signature", read_issuer(ISSUERS[hooks.get("signed_by", issuer)][0].encode())["private"].sign(message))
    s = hook("s_text", to_base64url(signature))
    trace |= {
        "header": b_json.decode("utf-8", "replace"), "b": b, "b_hash": sha256(b.encode()).hex(), "root": root.hex(),
        "wrapped": r_json.decode("utf-8", "replace"), "r": r, "r_hash": sha256(r.encode()).hex(),
        "signature_input": message.hex(), "signature": signature.hex(), "s": s,
    }

    sealed = []
    for order, path in zip(trace["orders"], paths):
        order["path"] = [sibling.hex() for sibling in path]
        parts = {"v": "MSO1", "b": b, "r": r, "s": s, "h": order["h"], "f": order["f"], "p": list(map(to_base64url, path))}
        sealed.append(hook("object", write_json(hook("parts", parts))))
    return sealed, trace
