"""Derives the patterns of PDF417 codewords and writes them to patterns.bin beside this file, or with --check compares.

ISO/IEC 15438 gives the 3 x 929 patterns in an annex and no rule that orders them, so they are found by experiment:
zxing-cpp 3.1.1 draws symbols of random digits, whose codewords (numeric compaction, row indicators and error correction)
are computed here, and the bars at the place of each codeword are read. The derivation stands only if, over all symbols,
each codeword has exactly one pattern in each cluster, and all follow the rule that the standard does give (5.3.1): four
bars and four spaces of 1 to 6 modules, 17 in sum, with (b1 - b2 + b3 - b4) mod 9 = 0, 3 or 6 for the cluster.

The file holds for each cluster and codeword two bytes, the higher first: the 16 modules after the first, which is always
dark, from left to right, 1 for dark.
"""

import itertools
import random
import sys
from pathlib import Path

import zxingcpp

PRIME = 929
NUMERIC, PADDING = 902, 900
TARGET = Path(__file__).with_name("patterns.bin")


def numeric(digits: str) -> list[int]:
    """The codewords of digits in whole groups of 44: a 1 in front, and the number in base 900."""
    words = []
    for at in range(0, len(digits), 44):
        value, group = int("1" + digits[at : at + 44]), []
        for _ in range(15):
            value, word = divmod(value, 900)
            group.insert(0, word)
        words += group
    return words


def correction(words: list[int], count: int) -> list[int]:
    generator = [1]
    for root in (pow(3, power, PRIME) for power in range(1, count + 1)):
        generator = [
            (high - root * low) % PRIME
            for high, low in zip([*generator, 0], [0, *generator], strict=True)
        ]
    rest = [0] * count
    for word in words:
        factor = (word + rest[0]) % PRIME
        rest = [(old - factor * part) % PRIME for old, part in zip([*rest[1:], 0], generator[1:], strict=True)]
    return [-word % PRIME for word in rest]


def indicators(row: int, rows: int, columns: int, level: int) -> tuple[int, int]:
    size, kind, width = (rows - 1) // 3, 3 * level + (rows - 1) % 3, columns - 1
    left, right = [(size, width), (kind, size), (width, kind)][row % 3]
    return 30 * (row // 3) + left, 30 * (row // 3) + right


def main() -> None:
    random.seed(417)
    found: dict[tuple[int, int], int] = {}
    seen, symbols = 0, 0
    while len(found) < 3 * PRIME or symbols < 3000:
        groups, level = random.randint(1, 25), random.randint(0, 8)
        digits = "".join(random.choices("0123456789", k=44 * groups))
        symbol = zxingcpp.create_barcode(digits, zxingcpp.BarcodeFormat.PDF417, ec_level=str(level))
        picture = memoryview(symbol.to_image(scale=1, add_quiet_zones=False))
        height, width = picture.shape
        rows, columns = height // 3, (width - 1) // 17 - 4
        count = 2 ** (level + 1)
        data = [rows * columns - count, NUMERIC, *numeric(digits)]
        assert len(data) <= data[0], (rows, columns, level, len(data))
        data += [PADDING] * (data[0] - len(data))
        words = data + correction(data, count)
        for row in range(rows):
            bits = "".join("01"[picture[3 * row, x] < 128] for x in range(width))
            assert bits.startswith("11111111010101000") and bits.endswith("111111101000101001"), bits
            left, right = indicators(row, rows, columns, level)
            expected = [left, *words[row * columns : (row + 1) * columns], right]
            for at, word in enumerate(expected):
                pattern = int(bits[17 * (at + 1) : 17 * (at + 2)], 2)
                known = found.setdefault((row % 3, word), pattern)
                assert known == pattern, f"cluster {row % 3}, codeword {word}: {known:017b} and {pattern:017b}"
                seen += 1
        symbols += 1
    assert set(found) == set(itertools.product(range(3), range(PRIME)))
    assert len(set(found.values())) == 3 * PRIME
    for (cluster, word), pattern in found.items():
        widths = [len(list(run)) for _, run in itertools.groupby(f"{pattern:017b}")]
        first, _, second, _, third, _, fourth, _ = widths
        assert pattern >> 16 == 1 and sum(widths) == 17 and max(widths) <= 6, (cluster, word)
        assert (first - second + third - fourth) % 9 == 3 * cluster, (cluster, word)
    table = b"".join((found[key] & 0xFFFF).to_bytes(2, "big") for key in sorted(found))
    if sys.argv[1:] == ["--check"]:
        assert TARGET.read_bytes() == table
    else:
        TARGET.write_bytes(table)
    print(f"{len(found)} patterns, each the same wherever it stands: {seen} codewords of {symbols} symbols")


if __name__ == "__main__":
    main()
