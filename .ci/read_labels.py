"""Reads the codes of the labels that .ci/labels printed with one template, and fails unless all are read and right."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from read_codes import by_zbar, by_zxing, with_numbers

# What the codes hold: a member of the order, a text, or nothing.
CODE128 = {"packing-list-100x150": "order_id", "pick-list-100x150": None}
QR = {"packing-list-100x150": None, "pick-list-100x150": None}
# What stands in another QR code, alike on every label.
SHARED = {"one-part-76x130-merchant": "https://shop.example.com/care"}


def contents(name, order):
    """What the barcodes and what the QR codes of a label hold."""

    def content(table):
        what = table.get(name, "waybill_no")
        return order.get(what, what) if what else None

    return {"code128": {content(CODE128)} - {None}, "qr": {content(QR), SHARED.get(name)} - {None}}


def agrees(found, expected):
    number = min(expected["code128"], default=None)
    return found["code128"] == expected["code128"] and with_numbers(found["qr"], number) == expected["qr"]


def wrong(work):
    picture, expected = work
    return [
        f"{picture.parent.name}/{picture.name}: {reader.__name__} read {found}"
        for reader in (by_zxing, by_zbar)
        if not agrees(found := reader(picture), expected)
    ]


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    orders = [json.loads(line) for line in (folder / "orders.jsonl").open()]

    work = []
    for pictures in (
        sorted((folder / "203").glob("*.png")),
        sorted((folder / "300").glob("*.png")),
        sorted(folder.glob("pdf203-*.png")),
        sorted(folder.glob("pdf300-*.png")),
    ):
        if len(pictures) != len(orders):
            print(f"{name}: {len(pictures)} pictures of {len(orders)} orders")
            return 1
        work += [(picture, contents(name, order)) for picture, order in zip(pictures, orders)]
    with ProcessPoolExecutor() as pool:
        problems = [problem for found in pool.map(wrong, work, chunksize=8) for problem in found]
    print(*problems[:20], sep="\n", end="\n" if problems else "")
    print(f"{name}: {len(work)} pictures, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
