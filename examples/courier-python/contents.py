"""The sealed contents: thirty bytes with a virtual number and what the label hides of the address."""

VIRTUAL, LONG_VIRTUAL, VIRTUAL_LEFT_OUT, DOOR_CUT = 1, 2, 4, 8

# One byte each, from 1.
WORDS = [
    " / ", "号楼", "单元", "室", "栋", "幢", "座", "层", "楼", "号", "房", "户", "门", "弄", "组", "村",
    "区", "东", "西", "南", "北", "左", "右", "期", "院", "巷", "店", "铺", "厅", "柜",
]


def require(condition):
    if not condition:
        raise ValueError("these are not the contents of a sealed part")


def read(data):
    require(len(data) == 30)
    flags, rest = data[0], data[1:]
    require(flags < 16 and flags & (VIRTUAL | LONG_VIRTUAL) != LONG_VIRTUAL)
    number, days = "", 0
    if flags & VIRTUAL:
        length = 10 if flags & LONG_VIRTUAL else 8
        days, packed, rest = rest[0], rest[1 : 1 + length], rest[1 + length :]
        require(length == 8 or packed[:2] != b"\0\0")
        number = read_virtual(int.from_bytes(packed, "big"))
    is_incomplete = flags & (VIRTUAL_LEFT_OUT | DOOR_CUT) != 0
    return {"virtual_number": number, "virtual_days": days, "door": read_door(rest), "is_incomplete": is_incomplete}


def read_virtual(value):
    """Digits and a dash as a number to the base 11, with a 1 before it."""
    digits = []
    while value > 1:
        value, digit = divmod(value, 11)
        digits.append("0123456789-"[digit])
    require(value == 1 and digits)
    return "".join(reversed(digits))


def read_door(data):
    text, place = "", 0
    while place < len(data) and data[place] != 0:
        first = data[place]
        length = 1 if first < 0x1F or 0x20 <= first <= 0x7E else {0x1F: 3, 0x7F: 4}.get(first, 2)
        symbol = data[place : place + length]
        require(len(symbol) == length)
        if first < 0x1F:
            text += WORDS[first - 1]
        else:
            code = int.from_bytes(symbol[1:], "big")
            if length == 1:
                code = first
            elif length == 2:
                code = 0x4E00 + ((first & 0x7F) << 8 | code)
                require(code <= 0x9FFF)
            require(code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF)
            text += chr(code)
        place += length
    require(not any(data[place:]))
    return text
