"""Reads the symbols of pictures with zxing-cpp and zbar: one line each of reader, picture, type and content in hexadecimal.

Both are told no more than a scanner in the field is: which picture, and not what stands on it.
"""

import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import zxingcpp
from PIL import Image

# UPC is left out by zbar unless it is asked for: it takes it for articles of EAN.
ZBAR = ["zbarimg", "--quiet", "--nodbus", "-Supca.enable", "-Supce.enable"]


def by_zxing(path: str) -> None:
    with Image.open(path) as picture:
        symbols = zxingcpp.read_barcodes(picture.convert("L"), text_mode=zxingcpp.TextMode.Plain)
    for symbol in symbols:
        kind = str(symbol.format).rsplit(".", 1)[-1].replace(" ", "").replace("-", "")
        # A symbol of GS1 says so in its identifier (ISO/IEC 15424), and has the same type as any other.
        gs1 = "GS1" if symbol.symbology_identifier in ("]C1", "]d2", "]Q3") else ""
        content = symbol.bytes if gs1 else symbol.text.encode()
        print("zxing", path, gs1 + kind, content.hex(), sep="\t")


def children(element: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    return [child for child in element.iter() if child.tag.rsplit("}", 1)[-1] == tag]


def by_zbar(paths: list[str]) -> None:
    # As XML it says which picture, but damages what is not ASCII; that it is asked for again, by itself.
    written = subprocess.run([*ZBAR, "--xml", *paths], capture_output=True, check=False).stdout
    for source in children(ElementTree.fromstring(written), "source"):
        path = source.get("href")
        for symbol in children(source, "symbol"):
            [data] = children(symbol, "data")
            content = (data.text or "").encode()
            if data.get("format") == "base64":
                again = subprocess.run([*ZBAR, "--raw", path], capture_output=True, check=False).stdout
                content = again.removesuffix(b"\n")
            print("zbar", path, symbol.get("type"), content.hex(), sep="\t")


def main() -> None:
    pictures = [str(path) for path in sorted(Path(sys.argv[1]).iterdir()) if path.suffix in (".png", ".pgm")]
    for path in pictures:
        by_zxing(path)
    by_zbar(pictures)


if __name__ == "__main__":
    main()
