"""How bytes, numbers and JSON are written in MSO1, and how strictly they are read (docs/mso1.md, "Notation")."""

import hashlib
import json
import re
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode


class Refused(Exception):
    """An order, a list or a key file was refused. The code is all that may be told."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


MALFORMED = "MALFORMED"
LIMIT = "LIMIT"


def require(condition, code=MALFORMED):
    if not condition:
        raise Refused(code)


def sha256(data):
    return hashlib.sha256(data).digest()


def to_base64url(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text, limit=None, size=None):
    """The bytes of a text; at most `limit` of them, or exactly `size`."""
    require(type(text) is str)
    require(limit is None or len(text) * 3 // 4 <= limit, LIMIT)
    require(re.fullmatch("[A-Za-z0-9_-]*", text) and len(text) % 4 != 1)
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    # Python ignores unused bits that are not zero.
    require(to_base64url(data) == text and size in (None, len(data)))
    return data


def key_id(public_key):
    return sha256(public_key)[:8].hex()


def read_json(data, escapes=True):
    """JSON without duplicate members, with natural numbers only, and with nothing around it."""
    require(data[:1] + data[-1:] in (b"{}", b"[]"))
    require(escapes or b"\\" not in data)

    def unique(members):
        require(len(dict(members)) == len(members))
        return dict(members)

    def natural(digits):
        require(not digits.startswith("-") and len(digits) <= 20)
        return int(digits)

    def nothing(_):
        raise Refused(MALFORMED)

    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=unique, parse_int=natural, parse_float=nothing, parse_constant=nothing
        )
        json.dumps(value, ensure_ascii=False).encode("utf-8")  # fails for half of a surrogate pair
    except (ValueError, RecursionError):
        raise Refused(MALFORMED) from None
    return value


def strip(data):
    """Without the white space that may stand around a key file or a list."""
    return data.strip(b" \t\n\f\r")


def write_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


# Readers of one member each: they answer the value, or refuse it.


def text(value):
    require(type(value) is str)
    return value


def word(*words):
    def read(value):
        require(value in words)
        return value

    return read


def identifier(value):
    require(text(value) and all(unicodedata.category(c) != "Cc" for c in value))
    return value


def hexadecimal_key_id(value):
    require(re.fullmatch("[0-9a-f]{16}", text(value)))
    return value


def u16(value):
    require(type(value) is int and value < 2**16)
    return value


def u32(value):
    require(type(value) is int and value < 2**32)
    return value


def u64(value):
    require(type(value) is int and value < 2**64)
    return value


def data_of(size):
    return lambda value: from_base64url(value, size=size)


def array_of(reader):
    def read(value):
        require(type(value) is list)
        return [reader(element) for element in value]

    return read


def object_of(required, optional=None):
    """A reader of objects with these members and no other."""
    readers = {**required, **(optional or {})}

    def read(value):
        require(type(value) is dict and all(name in readers for name in value) and all(name in value for name in required))
        return {name: readers[name](member) for name, member in value.items()}

    return read
