"""The orders of the known answers: valid ones with every value on the way, and what must be refused."""

import itertools
import json

import merkle
from answers_batch import DAY, ISSUERS, NOW, SMALL, build
from encoding import sha256, to_base64url, write_json
from keys import read_issuer
from status_list import sign_status

FULL = {
    "order_id": "261111000001", "payment_id": "PAY000001", "waybill_no": "YT0000000000002", "carrier": "YTO",
    "recipient": {
        "name": "𠮷样例·测试", "org": "样例公司", "mobile": "12900000002", "phone": "0571-01234567-8001",
        "virtual": {"main": "12900000003", "ext": "0042", "until": NOW + DAY}, "province": "浙江省", "city": "杭州市",
        "district": "余杭区", "town": "仓前街道", "detail": "测试路1号\"样例\\花园\"2幢3单元404室 😀",
    },
    "sender": {
        "name": "测试二", "org": "样例书店", "mobile": "12900000004", "phone": "+86 199-0000-0005",
        "virtual": {"main": "+86-0571-01234567", "ext": "", "until": 2**64 - 1}, "province": "上海市", "city": "上海市",
        "district": "浦东新区", "town": "样例镇", "detail": "样例路1号",
    },
    "buyer": {"account": "样例买家", "email": "buyer@example.com", "idcard": "000000000000000000"},
    "routing": {
        "code": "356-01-02 F3", "sortation": "杭州", "consolidation_name": "杭州集包", "consolidation_code": "571",
        "origin_name": "上海浦东", "origin_code": "210045",
    },
    "service": "标准快递", "parcel": {"weight_g": 1200, "index": 1, "count": 2},
    "items": [{"name": "样例图书", "sku": "BOOK-1", "count": 1}, {"name": "样例铅笔", "count": 3}],
    "memo": "请轻放", "consent": {"ref": "consent-1", "epoch": 3}, "merge_key": "consignee-1",
}
LEAST = {"order_id": "O3", "waybill_no": "YT0000000000003", "carrier": "YTO"}


def numbered(count):
    return [{**SMALL, "order_id": f"O{number}", "recipient": {"name": f"测试{number}"}} for number in range(count)]


def batches():
    """Batches with every value on the way, by name."""
    longest = {**LEAST, "recipient": {"detail": "长" * 1354, "name": "a" * 30, "org": "b" * 31}}
    everything = {"stn": "east", "mask": {"name": "none", "phone": "tail2", "address": "full"}, "max": 2}
    return {
        "one order": build(),
        "every field and member, two stations": build([FULL, LEAST], ("S1", "S2"), everything, label="full"),
        "five orders": build(numbered(5), label="five"),
        "fields at the edges of the padding, the longest possible": build([longest], label="longest"),
        "sixteen stations": build([LEAST], [f"T{number}" for number in range(1, 17)], label="sixteen"),
    }


def first(*arguments, **hooks):
    return build(*arguments, **hooks)[0][0]


def replaced(old, new):
    """A hook that replaces one text by another, which has to be there."""

    def replace(value):
        before, after = (old.encode(), new.encode()) if isinstance(value, bytes) and isinstance(old, str) else (old, new)
        assert before in value, (old, value)
        return value.replace(before, after, 1)

    return replace


def changed(**members):
    """A hook that changes members of a JSON object; None takes one away."""

    def change(data):
        value = json.loads(data)
        for name, member in members.items():
            value.pop(name) if member is None else value.update({name: member})
        return write_json(value)

    return change


def without(name):
    return changed(**{name: None})


def at(*path):
    """A hook that puts a value deep into JSON: at(path…, value)."""
    *path, name, new = path

    def change(data):
        value = inner = json.loads(data)
        for step in path:
            inner = inner[step]
        inner[name] = new
        return write_json(value)

    return change


def spaces(size):
    """A hook that makes JSON so many bytes long; white space inside is allowed."""
    return lambda data: data[:1] + b" " * (size - len(data)) + data[1:]


FULL_H = {"orders": [FULL], "options": {"max": 2}, "label": "full"}

# White space, encodings, JSON as such: the same defects in every part that is JSON inside base64url.
JSON_DEFECTS = {
    "white space before": lambda data: b" " + data,
    "white space after": lambda data: data + b"\n",
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "cut short": lambda data: data[:-1],
    "two values": lambda data: data + data,
    "nothing": lambda _: b"",
    "bytes that are not UTF-8": lambda data: data[:2] + b"\xff" + data[2:],
    "a comma too many": lambda data: data[:-1] + b"," + data[-1:],
}
TEXT_DEFECTS = {
    "padding": lambda text: text + "=",
    "bits that are not zero": lambda text: text[: len(text) // 4 * 4] + "AB",
    "one character too many": lambda text: text[: len(text) // 4 * 4] + "A",
    "the other alphabet": lambda text: "+/" + text[2:],
    "white space inside": lambda text: text[:4] + " " + text[4:],
    "a line end": lambda text: text + "\n",
}


def malformed_outer():
    order = first()
    parts = json.loads(order)
    yield "nothing at all", b""
    yield "a platform's own ciphertext", b"AES:c2VjcmV0"
    yield "an order in an array", b"[" + order + b"]"
    yield "white space before the order", b" " + order
    yield "a line end after the order", order + b"\n"
    yield "a byte order mark before the order", b"\xef\xbb\xbf" + order
    yield "two orders", order + order
    yield "an order cut short", order[:-1]
    yield "a comma too many in the order", order[:-1] + b",}"
    yield "a member twice in the order", order.replace(b'"v":', b'"v":"MSO1","v":', 1)
    yield "an unknown member in the order", order.replace(b'"v":', b'"x":"","v":', 1)
    yield "another version", order.replace(b"MSO1", b"MSO2", 1)
    yield "version as a number", order.replace(b'"MSO1"', b"1", 1)
    yield "an escape in a value of the order", order.replace(b'"MSO1"', b'"\\u004dSO1"', 1)
    yield "an escape in the batch header's text", order.replace(b'"b":"e', b'"b":"\\u0065', 1)
    yield "bytes that are not UTF-8 in the order", order.replace(b'"s":"', b'"s":"\xff', 1)
    yield "p nested two thousand deep", write_json({**parts, "p": []}).replace(b"[]", b"[" * 2000 + b"]" * 2000)
    for name in parts:
        yield f"no {name}", write_json({key: value for key, value in parts.items() if key != name})
        yield f"{name} is null", write_json({**parts, name: None})
    for name in "brshf":
        yield f"{name} as a number", write_json({**parts, name: 7})
    hash = to_base64url(sha256(b""))
    for what, path in {
        "a text": hash, "with a number": [7], "with a hash of 31 bytes": [to_base64url(bytes(31))],
        "with a hash of 33 bytes": [to_base64url(bytes(33))], "with a hash whose last bits are not zero": [hash[:-1] + "B"],
        "with a hash in padding": [hash + "="],
    }.items():
        yield f"p {what}", write_json({**parts, "p": path})


def malformed_parts():
    for what, defect in JSON_DEFECTS.items():
        for part, name in {"b": "batch header", "r": "recipients", "h": "order header", "f": "table of ciphertexts"}.items():
            yield f"{name}: {what}", first(**{part: defect})
    for what, defect in TEXT_DEFECTS.items():
        for part in "brshf":
            yield f"{part}: {what}", first(**{f"{part}_text": defect})
    yield "s of 63 bytes", first(s_text=lambda _: to_base64url(bytes(63)))
    yield "s of 65 bytes", first(s_text=lambda _: to_base64url(bytes(65)))


def malformed_batch_header():
    required = ["suite", "iss", "ikid", "jti", "iat", "nbf", "exp", "aud", "pur", "n", "root"]
    for name in required:
        yield f"batch header without {name}", first(b=without(name))
    masked = {"options": {"stn": "S1", "mask": {"name": "none"}}}
    for what, hook in {
        "an unknown member": changed(x=1),
        "a member twice": replaced('"aud":', '"aud":"M1","aud":'),
        "an array": lambda data: write_json(list(json.loads(data).values())),
        "stn null": replaced('"stn":"S1"', '"stn":null'),
        "mask null": replaced('{"name":"none"}', "null"),
        "mask an array": changed(mask=["none"]),
        "mask with an unknown member": changed(mask={"org": "none"}),
        "mask with a member twice": replaced('"name":"none"', '"name":"none","name":"none"'),
        "a name shown whole": changed(mask={"name": "full"}),
        "a phone shown whole": changed(mask={"phone": "full"}),
        "an unknown word for addresses": changed(mask={"address": "none"}),
        "suite as a text": changed(suite="1"),
        "suite of 17 bits": changed(suite=65_536),
        "suite with a fraction": changed(suite=1.0),
        "exp with a fraction": changed(exp=NOW + DAY + 0.5),
        "exp with an exponent": replaced(f'"exp":{NOW + DAY}', '"exp":18000864e2'),
        "exp with a leading zero": replaced('"exp":', '"exp":0'),
        "exp true": changed(exp=True),
        "nbf negative": changed(nbf=-1),
        "nbf minus zero": replaced(f'"nbf":{NOW}', '"nbf":-0'),
        "exp of 65 bits": changed(exp=2**64),
        "n of 33 bits": changed(n=2**32),
        "n zero": changed(n=0),
        "iss empty": changed(iss=""),
        "aud empty": changed(aud=""),
        "stn empty": changed(stn=""),
        "a control character in aud": changed(aud="M\u0085"),
        "delete in iss": changed(iss="a\u007f"),
        "half a surrogate pair in aud": replaced('"aud":"M1"', '"aud":"\\ud800"'),
        "ikid in upper case": changed(ikid="00112233445566AA"),
        "ikid of 15 digits": changed(ikid="001122334455667"),
        "jti of 15 bytes": changed(jti=to_base64url(bytes(15))),
        "root of 31 bytes": changed(root=to_base64url(bytes(31))),
        "exp at nbf": changed(exp=NOW, nbf=NOW, iat=NOW - 1),
        "exp at iat": changed(exp=NOW, iat=NOW, nbf=NOW - 1),
        "pur as a number": changed(pur=1),
    }.items():
        yield f"batch header: {what}", first(**masked, b=hook)
    yield "batch header: unsupported suite and an unknown member", first(b=changed(suite=257, x=1))


def malformed_recipients():
    for name in ("kid", "enc", "wk"):
        yield f"recipient without {name}", first(r=lambda data: write_json([json.loads(without(name)(data[1:-1]))]))
    for what, hook in {
        "none": lambda _: b"[]",
        "one key twice": lambda data: b"[" + data[1:-1] + b"," + data[1:-1] + b"]",
        "an object": lambda data: data[1:-1],
        "an array for a recipient": lambda data: write_json([list(entry.values()) for entry in json.loads(data)]),
        "an unknown member": replaced("{", '{"x":1,'),
        "a member twice": replaced('"kid"', '"kid":"0011223344556677","kid"'),
        "enc of 31 bytes": at(0, "enc", to_base64url(bytes(31))),
        "wk of 47 bytes": at(0, "wk", to_base64url(bytes(47))),
        "wk of 49 bytes": at(0, "wk", to_base64url(bytes(49))),
        "enc whose last bits are not zero": at(0, "enc", "A" * 42 + "B"),
        "kid in upper case": at(0, "kid", "00112233445566AA"),
        "kid null": at(0, "kid", None),
    }.items():
        yield f"recipients: {what}", first(r=hook)


def malformed_order_header():
    for name in ("i", "jti", "ord", "wbn", "cp", "fields"):
        yield f"order header without {name}", first(h=without(name))
    for name in ("pay", "routing", "service", "parcel", "items", "memo", "mrg", "consent", "max"):
        yield f"order header: {name} null", first(**FULL_H, h=at(name, None))
    for what, hook in {
        "an unknown member": changed(x=1),
        "a member twice": replaced('"ord":', '"ord":"x","ord":'),
        "an array": lambda data: write_json(list(json.loads(data).values())),
        "an unknown member in routing": at("routing", "x", ""),
        "an unknown member in parcel": at("parcel", "x", 1),
        "an unknown member in items": at("items", 0, "x", ""),
        "an unknown member in consent": at("consent", "x", 1),
        "a member twice in routing": replaced('"code":', '"code":"","code":'),
        "a member twice in parcel": replaced('"weight_g":', '"weight_g":1,"weight_g":'),
        "a member twice in items": replaced('"sku":', '"sku":"","sku":'),
        "a member twice in consent": replaced('"epoch":', '"epoch":3,"epoch":'),
        "a field twice": replaced('"fields":{', '"fields":{"recipient.name":"name",'),
        "a member twice, once with an escape": replaced('"ord":', '"\\u006frd":"x","ord":'),
        "routing an array": changed(routing=["1", "", "", "", "", ""]),
        "parcel an array": changed(parcel=[1, 1, 1]),
        "items an object": changed(items={"name": "x"}),
        "an item an array": changed(items=[["x", "", 1]]),
        "consent an array": changed(consent=["C1", 3]),
        "consent without ref": changed(consent={"epoch": 3}),
        "consent without epoch": changed(consent={"ref": "C1"}),
        "consent.ref empty": changed(consent={"ref": "", "epoch": 3}),
        "consent.epoch negative": changed(consent={"ref": "C1", "epoch": -1}),
        "consent.epoch of 33 bits": changed(consent={"ref": "C1", "epoch": 2**32}),
        "ord empty": changed(ord=""),
        "a control character in wbn": changed(wbn="YT\u001b[2J"),
        "delete in cp": changed(cp="\u007f"),
        "pay empty": changed(pay=""),
        "i of 33 bits": changed(i=2**32),
        "i as a text": changed(i="0"),
        "i negative": changed(i=-1),
        "weight with a fraction": at("parcel", "weight_g", 1.5),
        "count negative": at("items", 0, "count", -1),
        "routing code as a number": at("routing", "code", 356),
        "max of 33 bits": changed(max=2**32),
        "mrg of 15 bytes": changed(mrg=to_base64url(bytes(15))),
        "jti of 17 bytes": changed(jti=to_base64url(bytes(17))),
        "half a surrogate pair in memo": replaced('"memo":"', '"memo":"\\udc00'),
        "a line end inside a text": replaced('"memo":"', '"memo":"\n'),
        "fields an array": changed(fields=[]),
        "an unknown field": at("fields", "recipient.nick", "name"),
        "a type that no field has": at("fields", "recipient.name", "nick"),
        "a mobile as a virtual number": at("fields", "recipient.mobile", "virtual"),
        "a name as an organisation": at("fields", "recipient.name", "org"),
        "a type null": at("fields", "recipient.name", None),
    }.items():
        yield f"order header: {what}", first(**FULL_H, h=hook)


def malformed_table():
    extra = to_base64url(bytes(48))
    for what, hook in {
        "an array": lambda _: b"[]",
        "an unknown field": changed(**{"recipient.nick": extra}),
        "a field that the header does not have": changed(**{"sender.name": extra}),
        "a field of the header is missing": without("recipient.mobile"),
        "a field twice": replaced('"recipient.name":', '"recipient.name":"","recipient.name":'),
        "a ciphertext as a number": changed(**{"recipient.name": 7}),
        "a ciphertext null": replaced('"recipient.name":"', '"recipient.name":null,"x":"'),
        "a ciphertext in padding": changed(**{"recipient.name": extra + "="}),
        "a ciphertext whose last bits are not zero": changed(**{"recipient.name": "AB"}),
        "an escape in a name": replaced('"recipient.name"', '"recipient\\u002ename"'),
        "an escape in a ciphertext": replaced('":"', '":"\\u0041AAA'),
    }.items():
        yield f"table of ciphertexts: {what}", first(f=hook)
    yield "a field in the header and in no table", first(h=at("fields", "sender.name", "name"))


def malformed_virtual():
    number = {"main": "12900000003", "ext": "0042", "until": NOW}
    order = {**LEAST, "recipient": {"virtual": {"main": "000", "ext": "", "until": 1}}}
    for what, text in {
        "no JSON": b"12900000003",
        "a number of two digits": write_json({**number, "main": "12"}),
        "a number of 21 digits": write_json({**number, "main": "1" * 21}),
        "letters in the number": write_json({**number, "main": "12900000003x"}),
        "digits of another script": write_json({**number, "main": "１２９"}),
        "an extension of nine digits": write_json({**number, "ext": "123456789"}),
        "a hyphen in the extension": write_json({**number, "ext": "1-2"}),
        "no extension": write_json({"main": "12900000003", "until": NOW}),
        "no end": write_json({"main": "12900000003", "ext": ""}),
        "an end that is negative": write_json({**number, "until": -1}),
        "an end with a fraction": write_json({**number, "until": 1.5}),
        "an unknown member": write_json({**number, "x": 1}),
        "a member twice": write_json(number).replace(b'"ext":', b'"ext":"","ext":'),
        "an escape": write_json(number).replace(b'"0042"', b'"\\u0030042"'),
        "an array": write_json(list(number.values())),
        "white space after": write_json(number) + b" ",
    }.items():
        padded = len(text).to_bytes(2, "big") + text
        padded += bytes(-len(padded) % 32)
        yield f"virtual number: {what}", first([order], label="virtual", padded=lambda _, field, padded=padded: padded)


def limits():
    sibling = to_base64url(sha256(b""))
    yield "p of 21 hashes", first(parts=lambda parts: {**parts, "p": [sibling] * 21})
    yield "p of 21 hashes and a malformed batch header", first(parts=lambda parts: {**parts, "p": [sibling] * 21, "b": "!"})
    yield "batch header of 4,097 bytes", first(b=spaces(4_097))
    yield "batch header of 4,098 bytes that are no JSON", first(b=lambda _: b"x" * 4_098)
    yield "order header of 16,385 bytes", first(h=spaces(16_385))
    yield "a ciphertext of 4,097 bytes", first(ciphertext=lambda data, field: bytes(4_097) if "name" in field else data)
    yield "17 recipients", first(r=lambda _: write_json([
        {"kid": f"{number:016x}", "enc": to_base64url(bytes(32)), "wk": to_base64url(bytes(48))} for number in range(17)
    ]))
    yield "17 recipients, two the same", first(r=lambda data: write_json(json.loads(data) * 17))
    yield "n of 1,048,577", first(b=changed(n=2**20 + 1))
    yield "30 days and a second", first(options={"exp": NOW + 30 * DAY + 1})


def suites():
    yield "suite 257, reserved for SM2, SM3 and SM4", first(b=changed(suite=257))
    yield "suite 0", first(b=changed(suite=0))
    yield "suite 65,535", first(b=changed(suite=65_535))
    yield "suite 257 and no orders", first(b=changed(suite=257, n=0))
    yield "suite 257 and a life of a year", first(b=changed(suite=257, exp=NOW + 365 * DAY))


def bad_signatures():
    yield "a signature of zeros", first(s_text=lambda _: to_base64url(bytes(64)))
    yield "a signature with one bit changed", first(signature=lambda data: bytes([data[0] ^ 1]) + data[1:])
    yield "signed by another key of the issuer under the name of this one", first(signed_by="platform, new key")
    yield "signed over another suite", first(message=lambda data: data[:10] + b"\2" + data[11:])
    yield "signed as a status list", first(message=lambda data: b"MSO1 status\0" + data[11:43])
    yield "signed over what the texts stand for", first(message=lambda data: data[:11] + sha256(b"b") + sha256(b"r"))
    longer, short = json.loads(first(options={"exp": NOW + 2 * DAY})), json.loads(first())
    yield "a longer life that nobody signed", write_json({**short, "b": longer["b"]})
    yield "recipients that nobody signed", write_json({**short, "r": json.loads(first(stations=("S1", "S2")))["r"]})
    s = bytearray(build()[1]["signature"].encode())
    order = 2**252 + 27742317777372353535851937790883648493
    forged = bytes.fromhex(s.decode())
    forged = forged[:32] + (int.from_bytes(forged[32:], "little") + order).to_bytes(32, "little")
    yield "a signature whose second half is not reduced", first(signature=lambda _: forged)


def wrong_paths():
    five = [json.loads(order) for order in build(numbered(5), label="five")[0]]
    two = [json.loads(order) for order in build(numbered(2), label="two")[0]]

    def mixed(**members):
        return write_json({**five[0], **members})

    path = five[0]["p"]
    yield "the path of another order", mixed(p=five[1]["p"])
    yield "a path without its first hash", mixed(p=path[1:])
    yield "a path without its last hash", mixed(p=path[:-1])
    yield "no path", mixed(p=[])
    yield "a path with a hash too many", mixed(p=[*path, path[0]])
    yield "a path turned around", mixed(p=path[::-1])
    yield "a path with one hash changed", mixed(p=[to_base64url(bytes(32)), *path[1:]])
    yield "the last order with the path of the first", write_json({**five[4], "p": path})
    yield "the header of another order", mixed(h=five[1]["h"])
    yield "the fields of another order", mixed(f=five[1]["f"])
    yield "header and fields of another order", mixed(h=five[1]["h"], f=five[1]["f"])
    yield "header and path of another order", mixed(h=five[1]["h"], p=five[1]["p"])
    yield "an order of another batch", mixed(h=two[0]["h"], f=two[0]["f"], p=two[0]["p"])
    yield "the batch of another order", mixed(b=two[0]["b"], r=two[0]["r"], s=two[0]["s"])
    yield "the batch header of another batch", mixed(b=two[0]["b"])
    yield "the signature of another batch", mixed(s=two[0]["s"])
    yield "a hash too many in a batch of one", first(parts=lambda parts: {**parts, "p": [path[0]]})
    yield "an index equal to n", first(h=changed(i=1))
    yield "an index of 32 bits", first(h=changed(i=2**32 - 1))
    yield "another jti in the order header", first(h=changed(jti=to_base64url(bytes(16))))
    yield "another root", first(b=changed(root=to_base64url(bytes(32))))
    yield "n one more than there are", first(b=changed(n=2))
    yield "a leaf hashed as a node", first(tree=lambda tree, leaves: (sha256(b"\1" + leaves[0]), [[]]))


def not_opened():
    """Whatever fails in decryption is one code."""
    def flipped(data):
        return bytes([data[0] ^ 1]) + data[1:]

    prime = 2**255 - 19
    low = {"0": 0, "1": 1, "p - 1": prime - 1, "p": prime, "p + 1": prime + 1}
    for name, point in low.items():
        enc = point.to_bytes(32, "little")
        yield f"an encapsulated key of low order: {name}", first(wrapped=lambda pair, enc=enc: (enc, pair[1]))
    for name, point in {
        "of order 8": "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "also of order 8": "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    }.items():
        enc = bytes.fromhex(point)
        yield f"an encapsulated key {name}", first(wrapped=lambda pair, enc=enc: (enc, pair[1]))
    yield "another encapsulated key", first(wrapped=lambda pair: (b"\x09" + bytes(31), pair[1]))
    yield "a wrapped key of zeros", first(wrapped=lambda pair: (pair[0], bytes(48)))
    yield "a wrapped key with one bit changed", first(wrapped=lambda pair: (pair[0], flipped(pair[1])))
    yield "a key wrapped under another batch header", first(info=lambda info: info[:29] + sha256(b""))
    yield "a key wrapped under another name", first(info=lambda info: info[:13] + b"0" * 16 + info[29:])
    yield "a key wrapped without info", first(info=lambda _: b"")
    yield "the wrapped keys of two stations exchanged", first(stations=("S1", "S2"), r=exchanged)

    def name_only(change):
        return lambda data, field: change(data) if field == "recipient.name" else data

    for what, change in {
        "with one bit changed": flipped,
        "with one bit of the tag changed": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        "without the last byte of its tag": lambda data: data[:-1],
        "that is empty": lambda _: b"",
        "of 15 bytes": lambda _: bytes(15),
        "of 16 bytes": lambda _: bytes(16),
        "of 4,096 bytes": lambda _: bytes(4_096),
    }.items():
        yield f"a ciphertext {what}", first(ciphertext=name_only(change))
    yield "the ciphertexts of two fields exchanged", first(table=lambda table: dict(zip(table, list(table.values())[::-1])))
    yield "a field encrypted for another header", first(aad=name_only(lambda aad: sha256(b"") + aad[32:]))
    yield "a field encrypted with another type", first(aad=name_only(lambda aad: aad[:-4] + b"org"))
    yield "a field encrypted with another id", first(aad=name_only(lambda aad: aad.replace(b"recipient", b"sender")))
    for what, padded in {
        "no plaintext": b"",
        "a plaintext of one byte": b"\0",
        "no padding": b"\0\3abc",
        "padding to 33 bytes": b"\0\3abc" + bytes(28),
        "a block of padding too many": b"\0\3abc" + bytes(59),
        "a length beyond the end": b"\0\x1f" + b"a" * 30,
        "padding that is not zero": b"\0\2abc" + bytes(27),
        "a last byte that is not zero": b"\0\3abc" + bytes(26) + b"\1",
        "a text that is not UTF-8": b"\0\2\xff\xfe" + bytes(28),
        "half a character": b"\0\2\xe6\xb5" + bytes(28),
        "a surrogate in UTF-8": b"\0\3\xed\xa0\x80" + bytes(27),
    }.items():
        yield f"a field with {what}", first(padded=name_only(lambda _, padded=padded: padded))


def exchanged(data):
    one, two = json.loads(data)
    return write_json([{**one, "enc": two["enc"], "wk": two["wk"]}, {**two, "enc": one["enc"], "wk": one["wk"]}])


def case(name, order, **rest):
    try:
        return {"name": name, "order": order.decode("utf-8"), **rest}
    except UnicodeDecodeError:
        return {"name": name, "order_base64url": to_base64url(order), **rest}


def refused():
    """Orders that are refused as they are: by station S1, which trusts `platform`, at the time of sealing."""
    for code, groups in {
        "MALFORMED": (
            malformed_outer, malformed_parts, malformed_batch_header, malformed_recipients, malformed_order_header,
            malformed_table, malformed_virtual,
        ),
        "LIMIT": (limits,),
        "UNSUPPORTED_SUITE": (suites,),
        "BAD_SIGNATURE": (bad_signatures, wrong_paths),
        "AUTH_FAILED": (not_opened,),
    }.items():
        for name, order in itertools.chain.from_iterable(group() for group in groups):
            yield case(name, order, code=code)
    yield case("an order of 65,537 bytes", first(), pad_to=65_537, code="LIMIT")
    yield case("an order of 65,537 bytes that is no JSON", b"{" + first(), pad_to=65_537, code="LIMIT")


def status_lists():
    def signed(issuer, withdrawn, iat=NOW - DAY, next=NOW):
        return sign_status(read_issuer(ISSUERS[issuer][0].encode()), withdrawn, iat, next).decode()

    return {
        "C1 up to 3": signed("platform", {"C0": 9, "C1": 3, "C2": 9}),
        "C1 up to 2": signed("platform", {"C1": 2}),
        "nobody": signed("platform", {}),
        "nobody, a day older": signed("platform", {}, iat=NOW - 2 * DAY),
        "C1 up to 9, by another issuer": signed("other", {"C1": 9}),
    }


def in_context():
    """The same orders at other times, by other stations, believing others, knowing of withdrawals. `opened` if no code."""
    order = first()
    soon = {"nbf": NOW + DAY, "exp": NOW + 2 * DAY}
    for name, options, now, code in [
        ("301 s before iat", {}, NOW - 301, "NOT_YET_VALID"), ("300 s before iat", {}, NOW - 300, None),
        ("301 s before nbf", soon, NOW + DAY - 301, "NOT_YET_VALID"), ("300 s before nbf", soon, NOW + DAY - 300, None),
        ("301 s before iat, which is after nbf", {"nbf": 0}, NOW - 301, "NOT_YET_VALID"),
        ("299 s after exp", {}, NOW + DAY + 299, None), ("300 s after exp", {}, NOW + DAY + 300, "EXPIRED"),
        ("at the beginning of time", {}, 0, "NOT_YET_VALID"), ("at the end of time", {}, 2**64 - 1, "EXPIRED"),
        ("at the end of time, in force until then", {"iat": 2**64 - 2, "exp": 2**64 - 1}, 2**64 - 1, "EXPIRED"),
        ("just before the end of time", {"iat": 2**64 - 2, "exp": 2**64 - 1}, 2**64 - 2, None),
    ]:
        yield case(name, first(options=options), now=now, **({"code": code} if code else {}))

    yield case("for another merchant", first(options={"aud": "M9"}), code="WRONG_AUDIENCE")
    yield case("for another merchant and another station", first(options={"aud": "M9", "stn": "S9"}), code="WRONG_AUDIENCE")
    yield case("for another station", first(options={"stn": "S9"}), code="WRONG_STATION")
    yield case("for another purpose", first(b=changed(pur="show")), code="WRONG_PURPOSE")
    yield case("for no purpose", first(b=changed(pur="")), code="WRONG_PURPOSE")
    yield case("expired, and for another merchant", first(options={"aud": "M9"}), now=NOW + 9 * DAY, code="EXPIRED")
    yield case("for another purpose, with a wrong path", first(b=changed(pur="show", n=2)), code="WRONG_PURPOSE")
    yield case("for this station", first(options={"stn": "S1"}))
    yield case("for its group", first(options={"stn": "east"}))
    yield case("one key prints for the merchant, the other is the station", first(options={"stn": "S3"}),
               stations=["S1", "S3"], code="WRONG_STATION")
    yield case("neither key prints for the merchant", first(options={"aud": "M2"}), stations=["S2", "S3"],
               code="WRONG_AUDIENCE")

    yield case("nobody is trusted", order, trust=[], code="UNKNOWN_ISSUER")
    yield case("another issuer is trusted", order, trust=["other"], code="UNKNOWN_ISSUER")
    yield case("another key of the issuer is trusted", order, trust=["platform, new key"], code="UNKNOWN_ISSUER")
    yield case("the issuer is trusted for another merchant", order, trust=["platform for M2"], code="UNKNOWN_ISSUER")
    yield case("the issuer is trusted for the merchant", order, trust=["platform for M1"])
    yield case("another issuer's name over the key of this one", first(b=changed(iss="other")),
               trust=["platform", "other"], code="UNKNOWN_ISSUER")
    yield case("unknown issuer and a signature of zeros", first(s_text=lambda _: to_base64url(bytes(64))), trust=[],
               code="UNKNOWN_ISSUER")
    yield case("the issuer's key ended 299 s ago", order, trust=["platform until now"], now=NOW + 299)
    yield case("the issuer's key ended 300 s ago", order, trust=["platform until now"], now=NOW + 300, code="UNKNOWN_ISSUER")
    yield case("the issuer's key begins in 300 s", order, trust=["platform from now"], now=NOW - 300)
    yield case("the issuer's key begins in 301 s", order, trust=["platform from now"], now=NOW - 301, code="UNKNOWN_ISSUER")
    yield case("two keys of the issuer are trusted", order, trust=["platform, new key", "platform"])

    yield case("sealed to another station", first(stations=("S2",)), code="UNKNOWN_KEY")
    old, next = first(stations=("S1 old",)), first(stations=("S1 next",))
    yield case("the station's key ended 299 s ago", old, stations=["S1 old"], now=NOW + 299)
    yield case("the station's key ended 300 s ago", old, stations=["S1 old"], now=NOW + 300, code="UNKNOWN_KEY")
    yield case("the station's key begins in 300 s", next, stations=["S1 next"], now=NOW - 300)
    yield case("the station's key begins in 301 s", first(stations=("S1 next",), options={"iat": NOW - DAY, "nbf": NOW - DAY}),
               stations=["S1 next"], now=NOW - 301, code="UNKNOWN_KEY")
    yield case("rotation: the old key opens beside the new one", old, stations=["S1", "S1 old"])
    yield case("the only key that could open is that of a station it is not for",
               first(stations=("S2",), options={"stn": "S1"}), stations=["S1", "S2"], code="UNKNOWN_KEY")
    yield case("a broken wrap for another station does not matter",
               first(stations=("S1", "S2"), r=at(1, "wk", to_base64url(bytes(48)))))

    def known(policy, *lists, **rest):
        return {"status": {"policy": policy, "lists": list(lists), **rest}}

    for name, context, now, code in [
        ("withdrawn", known("warn", "C1 up to 3"), NOW, "WITHDRAWN"),
        ("withdrawn, list required", known("required", "C1 up to 3"), NOW, "WITHDRAWN"),
        ("withdrawn by a stale list, list required", known("required", "C1 up to 3"), NOW + DAY, "WITHDRAWN"),
        ("withdrawn by the newer of two lists", known("warn", "nobody, a day older", "C1 up to 3"), NOW, "WITHDRAWN"),
        ("withdrawn, and the lists given the other way round", known("warn", "C1 up to 3", "nobody, a day older"), NOW, "WITHDRAWN"),
        ("withdrawn, but nobody asks", known("off", "C1 up to 3"), NOW, None),
        ("only an earlier epoch is withdrawn", known("required", "C1 up to 2"), NOW, None),
        ("withdrawn by another issuer", known("warn", "C1 up to 9, by another issuer"), NOW, None),
        ("no list, and none is required", known("warn"), NOW, None),
        ("no list, but one is required", known("required"), NOW, "STALE_STATUS"),
        ("only another issuer's list", known("required", "C1 up to 9, by another issuer"), NOW, "STALE_STATUS"),
        ("a list in its day of grace", known("required", "nobody"), NOW + DAY - 1, None),
        ("a list past its day of grace", known("required", "nobody"), NOW + DAY, "STALE_STATUS"),
        ("a list past its day of grace, not required", known("warn", "nobody"), NOW + DAY, None),
        ("a list younger than the station wants", known("required", "nobody", max_age=DAY + 1), NOW, None),
        ("a list older than the station wants", known("required", "nobody", max_age=DAY), NOW, "STALE_STATUS"),
    ]:
        yield case(name, order, now=now, **context, **({"code": code} if code else {}))
    yield case("no consent to withdraw", first([LEAST], label="least"), **known("required", "C1 up to 3"))
    yield case("withdrawn, and not sealed to this station", first(stations=("S2",)), **known("warn", "C1 up to 3"),
               code="WITHDRAWN")
    yield case("withdrawn, with a wrong path", first(b=changed(n=2)), **known("warn", "C1 up to 3"), code="BAD_SIGNATURE")

    for field in ("buyer.account", "buyer.email", "buyer.idcard"):
        yield case(f"{field} is wanted", order, wanted=["recipient.name", field], code="FIELD_NOT_PRINTABLE")
    yield case("buyer.email is wanted of what is no order", b"", wanted=["buyer.email"], code="FIELD_NOT_PRINTABLE")
    destroyed = first(ciphertext=lambda data, field: bytes(len(data)) if field == "recipient.name" else data)
    yield case("a destroyed field is wanted", destroyed, wanted=["recipient.name", "recipient.mobile"], code="AUTH_FAILED")
    yield case("a destroyed field is not wanted", destroyed, wanted=["recipient.mobile"])
    yield case("nothing is wanted", order, wanted=[])
    yield case("a field that the order does not have is wanted", order, wanted=["sender.name"])


def edges():
    """Orders that are unusual and valid."""

    def huge_tree(tree, leaves):
        path, root = [bytes([number]) * 32 for number in range(20)], leaves[0]
        for sibling in path:
            root = merkle.node(root, sibling)
        return root, [path]

    yield case("an order of 65,536 bytes", first(), pad_to=65_536)
    yield case("a batch header of 4,096 bytes", first(b=spaces(4_096)))
    yield case("a batch header of 4,096 bytes, a long group", first(options={"stn": "g" * 900}, b=spaces(4_096)))
    yield case("an order header of 16,384 bytes", first(h=spaces(16_384)))
    yield case("a batch of 1,048,576 orders", first(tree=huge_tree, b=changed(n=2**20)))
    yield case("a life of 30 days", first(options={"exp": NOW + 30 * DAY}))
    yield case("members in another order", first(
        b=lambda data: write_json(dict(reversed(json.loads(data).items()))),
        h=lambda data: write_json(dict(reversed(json.loads(data).items()))),
        f=lambda data: write_json(dict(reversed(json.loads(data).items()))),
        parts=lambda parts: dict(reversed(parts.items())),
    ))
    yield case("white space between tokens", first(
        b=lambda data: json.dumps(json.loads(data), indent=2).encode(),
        h=lambda data: json.dumps(json.loads(data), indent="\t").encode(),
        object=lambda data: json.dumps(json.loads(data), indent=1).encode().replace(b"\n", b"\r\n"),
    ))
    yield case("escapes in texts of the headers", first(
        **FULL_H, h=lambda data: json.dumps(json.loads(data)).encode(), b=replaced('"aud":"M1"', '"aud":"\\u004d1"')))
    yield case("optional members present and empty", first(h=changed(
        routing={}, service="", parcel={}, items=[], memo="", fields=json.loads(build()[1]["orders"][0]["header"])["fields"])))
    yield case("control characters in the memo", first([{**SMALL, "memo": "a\u0000\u001b\u2028b"}], label="memo"))
    yield case("an empty text", first(padded=lambda padded, field: bytes(32) if field == "recipient.name" else padded))
    yield case("a text with a byte order mark", first([{**LEAST, "recipient": {"name": "\ufeff测试"}}], label="mark"))
    yield case("mask without words", first(options={"mask": {}}))
    yield case("every mask word of its own", first(options={"mask": {"phone": "none", "address": "detail"}}))
    yield case("max zero", first(options={"max": 0}))


