#!/usr/bin/env python3
"""Prints a batch of sealed orders to a PDF, and shows the first label:

    pip install miandan-*.whl
    python3 print_a_batch.py orders.sealed.jsonl station.key issuer.key.pub labels.pdf

The program holds sealed orders and finished labels. It has no key and could not use one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import miandan

TEMPLATE = "one-part-76x130"


def tell(label: miandan.LabelOutcome) -> None:
    """Says which order has no label, and of which label a person should know something."""
    if not label.ok:
        print(f"no. {label.number}: {label.code}: {label.meaning()}", file=sys.stderr)
    for field, warning in label.warnings:
        print(f"no. {label.number}: {field or 'label'}: {warning}", file=sys.stderr)


def show(picture: Path) -> None:
    """Opens a picture in the desktop's viewer; where there is no desktop, says where it is."""
    viewer = shutil.which("xdg-open")
    if viewer and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        subprocess.run([viewer, str(picture)], check=False)
    else:
        print(f"the first label: {picture}")


def main() -> int:
    if len(sys.argv) != 5:
        print("usage: print_a_batch.py ORDERS KEY ISSUER.pub LABELS.pdf", file=sys.stderr)
        return 2
    orders, key, issuer, pdf = map(Path, sys.argv[1:])
    try:
        component = miandan.Component(key, issuer)
        status = component.check()
        print(f"component {status.version} is locked: {status.sandbox}")
        batch = miandan.Batch(component, miandan.Orders(orders), TEMPLATE)
        summary = batch.print_pdf(pdf, progress=tell)
        print(f"{summary.done} labels, {summary.failed} orders failed")

        with batch.labels() as labels:
            first = next((label for label in labels if label.ok), None)
    except miandan.Error as error:
        print(f"error: {error.status}: {error}", file=sys.stderr)
        return 1
    if first is not None:
        picture = pdf.with_suffix(".png")
        picture.write_bytes(first.pages[0])
        show(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main())
