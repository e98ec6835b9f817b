"""The three readers of `damage`, which share no code: zxing-cpp (C++), zbar (C), rxing (Rust).

Each gets a frame as a courier's program has it: the whole of it, nothing cut out.
OpenCV reads no Code 128, and quircs and rqrr read QR codes only; so rxing is the third, which needs no more than what the
project is built with (`crates/miandan-picture/examples/read_frames.rs`). Its QR reader was ported from zxing-cpp: there the
two think alike, and zbar does not.
"""

import json
import subprocess
from pathlib import Path

import numpy as np
import zxingcpp
from pyzbar import pyzbar

NAMES = ("zxing-cpp", "zbar", "rxing")

# A symbol: "QR" or "Code128", and what it says.
Symbols = list[tuple[str, str]]


class Readers:
    """Readers of one process."""

    def __init__(self, rxing: Path) -> None:
        self.process = subprocess.Popen([rxing], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def read(self, name: str, tones: np.ndarray) -> Symbols:
        return {"zxing-cpp": self.by_zxing, "zbar": self.by_zbar, "rxing": self.by_rxing}[name](tones)

    def by_zxing(self, tones: np.ndarray) -> Symbols:
        return [("QR" if symbol.format == zxingcpp.BarcodeFormat.QRCode else "Code128", symbol.text)
                for symbol in zxing(tones)]

    def by_zbar(self, tones: np.ndarray) -> Symbols:
        kinds = [pyzbar.ZBarSymbol.QRCODE, pyzbar.ZBarSymbol.CODE128]
        return [("QR" if symbol.type == "QRCODE" else "Code128", symbol.data.decode("utf-8", "replace"))
                for symbol in pyzbar.decode(np.ascontiguousarray(tones), symbols=kinds)]

    def by_rxing(self, tones: np.ndarray) -> Symbols:
        height, width = tones.shape
        self.process.stdin.write(f"{width} {height}\n".encode() + tones.tobytes())
        self.process.stdin.flush()
        return [tuple(symbol) for symbol in json.loads(self.process.stdout.readline())]


def zxing(tones: np.ndarray) -> list:
    """Symbols with their places. Smaller copies of the frame are tried too, as is usual: without them a Code 128 out of
    focus is read in half of the frames. Now and then bars that were read right before are read once more in a copy, and
    wrong; `damage` says what it makes of two numbers in one frame."""
    formats = (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128)
    return zxingcpp.read_barcodes(np.ascontiguousarray(tones), formats=formats)
