"""The JSON shapes of MSO1: every member, whether it is required, and its type (docs/mso1.md)."""

from encoding import (
    LIMIT, Refused, array_of, data_of, from_base64url, hexadecimal_key_id, identifier, object_of, read_json, require,
    text, u16, u32, u64, word,
)

PARTY = {
    "name": ["name"], "org": ["org"], "mobile": ["mobile"], "phone": ["mobile", "landline"], "virtual": ["virtual"],
    "province": ["region"], "city": ["region"], "district": ["region"], "town": ["region"], "detail": ["address"],
}
NEVER_PRINTED = {"buyer.account": ["account"], "buyer.email": ["email"], "buyer.idcard": ["idcard"]}
# Every field in the order of the format, and the types that it may have.
FIELDS = {f"{party}.{member}": types for party in ("recipient", "sender") for member, types in PARTY.items()} | NEVER_PRINTED
PRINTABLE = [field for field in FIELDS if field not in NEVER_PRINTED]

MASK = {"name": ["first", "none"], "phone": ["tail4", "tail2", "none"], "address": ["full", "unit", "digits", "detail"]}

ORDER_BYTES = 65_536
BATCH_HEADER_BYTES = 4_096
ORDER_HEADER_BYTES = 16_384
CIPHERTEXT_BYTES = 4_096
RECIPIENTS = 16
PATH = 20
BATCH = 2**PATH
LIFETIME = 30 * 86_400
SKEW = 300


def later(time, seconds):
    """A sum of times stops at the largest one; it does not wrap around."""
    return min(time + seconds, 2**64 - 1)


def field_types(value):
    require(type(value) is dict)
    require(all(field in FIELDS and kind in FIELDS[field] for field, kind in value.items()))
    return value


OUTER = object_of({
    "v": word("MSO1"), "b": text, "r": text, "s": text, "h": text, "f": text, "p": array_of(data_of(32)),
})
BATCH_HEADER = object_of(
    {
        "suite": u16, "iss": text, "ikid": hexadecimal_key_id, "jti": data_of(16), "iat": u64, "nbf": u64, "exp": u64,
        "aud": text, "pur": text, "n": u32, "root": data_of(32),
    },
    {"stn": text, "mask": object_of({}, {name: word(*words) for name, words in MASK.items()})},
)
RECIPIENT = object_of({"kid": hexadecimal_key_id, "enc": data_of(32), "wk": data_of(48)})
ORDER_HEADER = object_of(
    {"i": u32, "jti": data_of(16), "ord": identifier, "wbn": identifier, "cp": identifier, "fields": field_types},
    {
        "pay": identifier,
        "routing": object_of({}, {name: text for name in (
            "code", "sortation", "consolidation_name", "consolidation_code", "origin_name", "origin_code",
        )}),
        "service": text,
        "parcel": object_of({}, {name: u32 for name in (
            "weight_g", "index", "count", "cod_fen", "insured_fen",
        )}),
        "items": array_of(object_of({}, {"name": text, "sku": text, "count": u32})),
        "memo": text,
        "mrg": data_of(16),
        "consent": object_of({"ref": identifier, "epoch": u32}),
        "max": u32,
    },
)


def read_order(data):
    require(len(data) <= ORDER_BYTES, LIMIT)
    order = OUTER(read_json(data, escapes=False))
    require(len(order["p"]) <= PATH, LIMIT)
    return order


def read_order_header(h):
    return ORDER_HEADER(read_json(from_base64url(h, limit=ORDER_HEADER_BYTES)))


def read_ciphertexts(f, types):
    table = read_json(from_base64url(f), escapes=False)
    require(type(table) is dict and all(field in FIELDS and type(table[field]) is str for field in table))
    ciphertexts = {}
    for field in FIELDS:
        require((field in table) == (field in types))
        if field in table:
            ciphertexts[field] = from_base64url(table[field], limit=CIPHERTEXT_BYTES)
    return ciphertexts


def read_batch_header(b):
    header = BATCH_HEADER(read_json(from_base64url(b, limit=BATCH_HEADER_BYTES)))
    require(header["suite"] == 1, "UNSUPPORTED_SUITE")
    for name in ("iss", "aud", "stn"):
        if name in header:
            identifier(header[name])
    require(header["n"] > 0 and header["exp"] > max(header["nbf"], header["iat"]))
    require(header["n"] <= BATCH and header["exp"] - header["iat"] <= LIFETIME, LIMIT)
    return header


def read_recipients(r):
    recipients = array_of(RECIPIENT)(read_json(from_base64url(r)))
    require(len(recipients) <= RECIPIENTS, LIMIT)
    require(recipients and len({recipient["kid"] for recipient in recipients}) == len(recipients))
    return {recipient["kid"]: recipient for recipient in recipients}


def check_virtual(data):
    """A virtual number: what is dialled, its extension, and until when it may be printed."""
    number = object_of({"main": text, "ext": text, "until": u64})(read_json(data, escapes=False))
    main, ext = number["main"], number["ext"]
    if not (3 <= len(main) <= 20 and set(main) <= set("0123456789+-") and len(ext) <= 8 and set(ext) <= set("0123456789")):
        raise Refused("MALFORMED")
