#!/usr/bin/env python3
"""Draws docs/damage.png: the token of a label under the worst of each damage of fixtures/damage.toml.

    benches/damage_picture.py docs/damage.png [--label two-part-100x150] [--labels templates]
"""

import argparse
import dataclasses
import importlib.machinery
import importlib.util
import tomllib
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from damage_frames import Box, Label, Severity, frame, severities, sweep

ROOT = Path(__file__).resolve().parent.parent

# A tile, in pixels, and how many stand side by side.
TILE = (250, 274)
ACROSS = 7
# Dots around the token that are shown with it.
RIM = 24
CAPTION = 22


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--label", default="two-part-100x150")
    parser.add_argument("--labels", type=Path, default=ROOT / "templates")
    arguments = parser.parse_args()
    # The script has no name that can be imported.
    loader = importlib.machinery.SourceFileLoader("damage", str(ROOT / "benches" / "damage"))
    damage = importlib.util.module_from_spec(importlib.util.spec_from_loader("damage", loader))
    loader.exec_module(damage)
    settings = tomllib.loads((ROOT / "fixtures" / "damage.toml").read_text())
    label = cut(next(label for label in damage.found_labels(arguments.labels) if label.name == arguments.label))
    # Of each kind the last severity, which is the worst; of turns one that can be seen. Distance is no more than size.
    left_out = ("345°", "distance")
    worst = {s.kind: s for s in severities(settings) if s.name not in left_out and s.kind not in left_out}
    down = -(-len(worst) // ACROSS)
    sheet = Image.new("L", (ACROSS * TILE[0], down * TILE[1]), 255)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(14)
    for place, severity in enumerate(worst.values()):
        x, y = place % ACROSS * TILE[0], place // ACROSS * TILE[1]
        tile = seen(settings, label, severity)
        tile.thumbnail((TILE[0] - 8, TILE[1] - CAPTION - 4), Image.Resampling.LANCZOS)
        sheet.paste(tile, (x + (TILE[0] - tile.width) // 2, y + CAPTION))
        words = severity.kind.replace("_", " ")
        draw.text((x + 4, y + 3), f"{words}: {severity.name}", fill=0, font=font)
    sheet.quantize(12, dither=Image.Dither.NONE).save(arguments.picture, optimize=True)


def cut(label: Label) -> Label:
    """The token of a label alone."""
    code = label.codes[0]
    left, top = max(code.left - RIM, 0), max(code.top - RIM, 0)
    ink = label.ink[top:code.bottom + RIM, left:code.right + RIM]
    here = Box(code.left - left, code.top - top, code.right - left, code.bottom - top, code.module)
    return dataclasses.replace(label, ink=ink, codes=(here,), lines=())


def seen(settings: dict, label: Label, severity: Severity) -> Image.Image:
    if severity.kind == "dead_columns":
        # Through the first finder pattern of the token.
        code = label.codes[0]
        return Image.fromarray(next(sweep(settings, label, severity, [code.left + round(2 * code.module)])))
    return Image.fromarray(frame(settings, label, severity, severity.draws - 1))


if __name__ == "__main__":
    main()
