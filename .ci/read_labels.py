"""Reads the codes of the labels that .ci/labels printed with one template, and fails unless all are read and right."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from read_codes import by_zbar, by_zxing

# What the codes hold: a member of the order, a text, or nothing.
CODE128 = {"packing-list-100x150": "order_id", "pick-list-100x150": None}
QR = {"one-part-76x130-merchant": "https://shop.example.com/care", "packing-list-100x150": None, "pick-list-100x150": None}


def wrong(work):
    picture, code128, qr = work
    expected = {"code128": {code128} - {None}, "qr": {qr} - {None}}
    return [
        f"{picture.parent.name}/{picture.name}: {reader.__name__} read {found}"
        for reader in (by_zxing, by_zbar)
        if (found := reader(picture)) != expected
    ]


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    orders = [json.loads(line) for line in (folder / "orders.jsonl").open()]

    def content(table, order):
        what = table.get(name, "waybill_no")
        return order.get(what, what) if what else None

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
        work += [(p, content(CODE128, o), content(QR, o)) for p, o in zip(pictures, orders)]
    with ProcessPoolExecutor() as pool:
        problems = [problem for found in pool.map(wrong, work, chunksize=8) for problem in found]
    print(*problems[:20], sep="\n", end="\n" if problems else "")
    print(f"{name}: {len(work)} pictures, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
