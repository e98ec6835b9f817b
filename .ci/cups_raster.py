"""Turns a one-bit picture at 203 dpi into the raster that the filters of CUPS read (version 3), or compares it with paper."""

import struct
import sys
from pathlib import Path

from PIL import Image
from read_printed import differing


def raster(picture: Image.Image) -> bytes:
    width, height = picture.size
    points = [length * 72 / 203 for length in picture.size]
    whole = [round(length) for length in points]
    # cups_page_header2_t: four texts; AdvanceDistance to Duplex; resolution; box; InsertSheet to LeadingEdge; margins;
    # ManualFeed to MirrorPrint, NegativePrint; one copy, Orientation, OutputFaceUp; the size; Separations to Tumble; then the
    # picture: width, height, media, bits of a colour and of a dot, bytes of a row, order, colours black, and no compression.
    numbers = [0] * 5 + [203, 203] + [0, 0, *whole] + [0] * 3 + [0, 0] + [0] * 5 + [1, 0, 0] + whole + [0] * 3
    numbers += [width, height, 0, 1, 1, (width + 7) // 8, 0, 3, 0, 0, 0, 0]
    header = bytes(4 * 64) + struct.pack(f"<{len(numbers)}I", *numbers)
    header += struct.pack("<I7f", 1, 1, *points, 0, 0, *points) + bytes(16 * 4 + 16 * 4 + 16 * 64 + 3 * 64)
    assert len(header) == 1796
    return b"3SaR" + header + bytes(255 - byte for byte in picture.tobytes())


def main():
    if sys.argv[1] == "--compare":
        count = differing(Image.open(sys.argv[2]).convert("1"), Image.open(sys.argv[3]))
        if count:
            print(f"{sys.argv[3]}: {count} dots differ")
        return 1 if count else 0
    Path(sys.argv[2]).write_bytes(raster(Image.open(sys.argv[1]).convert("1")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
