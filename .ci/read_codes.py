"""Reads the Code 128 and the QR of pictures of labels with zxing-cpp and zbar, and fails unless all are read and agree."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import zxingcpp
from PIL import Image


# A courier's token: base45 behind its prefix.
TOKEN = re.compile(r"W1:[0-9A-Z $%*+./:-]{100,259}")


def with_numbers(texts: set[str], number: str | None) -> set[str | None]:
    """The texts with the waybill number in the place of the token, which stands there where the station signs one."""
    return {number if TOKEN.fullmatch(text) else text for text in texts}


def by_zxing(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"code128": set(), "qr": set()}
    # Not in a smaller copy: in that, modules are no whole samples any more, and in one picture of thousands a second,
    # wrong number is read from bars of which the right one was read before.
    for symbol in zxingcpp.read_barcodes(Image.open(path).convert("L"), try_downscale=False):
        kind = str(symbol.format).rsplit(".", 1)[-1].lower().replace(" ", "").replace("_", "")
        found["qr" if kind.startswith("qr") else kind].add(symbol.text)
    return found


def by_zbar(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"code128": set(), "qr": set()}
    command = ["zbarimg", "-q", "-Sdisable", "-Scode128.enable", "-Sqrcode.enable", str(path)]
    for line in subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines():
        kind, _, text = line.partition(":")
        found["qr" if kind == "QR-Code" else "code128"].add(text)
    return found


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("pictures", nargs="+", type=Path)
    parser.add_argument("--text", type=Path, help="extracted text, which must contain what the codes say")
    parser.add_argument("--numbers", type=Path, help="a line for each picture: the number that its codes must say")
    arguments = parser.parse_args()
    expected = arguments.numbers.read_text().split() if arguments.numbers else [None] * len(arguments.pictures)
    if len(expected) != len(arguments.pictures):
        parser.error("there are as many numbers as pictures")
    text = arguments.text.read_text() if arguments.text else None
    bad = 0
    for picture, number in zip(arguments.pictures, expected):
        for reader, found in (("zxing-cpp", by_zxing(picture)), ("zbar", by_zbar(picture))):
            numbers = found["code128"]
            if len(numbers) != 1 or with_numbers(found["qr"], min(numbers, default=None)) != numbers:
                print(f"{picture.name}: {reader} read {found}")
                bad += 1
            elif number is not None and numbers != {number}:
                print(f"{picture.name}: {reader} read another number than that of the order")
                bad += 1
            elif text is not None and numbers.pop() not in text.replace(" ", ""):
                print(f"{picture.name}: the number in the code is not in the text")
                bad += 1
    print(f"{len(arguments.pictures)} pictures, {bad} problems")
    return 1 if bad or not arguments.pictures else 0


if __name__ == "__main__":
    sys.exit(main())
