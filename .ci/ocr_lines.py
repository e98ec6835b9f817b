#!/usr/bin/env python3
"""How well the address lines of our labels are read, against the same text set by reportlab.

    ocr_lines.py DEMO [LABELS]

DEMO is what `miandan demo --out DEMO --count N` leaves: labels.pdf and labels/*.png at 203 dpi. The lines of both
addresses are taken from the PDF by MuPDF, with the place of every character. Ours are cut out of the PNG, the stars of
masked text painted over; reportlab sets the same characters at the same places with the same font files and sizes, and
poppler makes a picture of them at the same resolution, with grey edges where ours are black and white. Tesseract
(chi_sim) reads both. What ours may lose against reportlab is two points of character accuracy.

.ci/run reads 40 labels. The figure of the documentation is that of 200: `miandan demo --out DIR --count 200`, then
`.ci/ocr_lines.py DIR 200`, three minutes on two cores.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

DATA = Path(__file__).resolve().parent.parent / "crates/miandan-fonts/data"
POINT = 25.4 / 72
# One dot at 203 dpi is an eighth of a millimetre.
DOTS = 8 * POINT
# Of the shipped label, in millimetres: left, top, right, bottom of the boxes of the two addresses.
BOXES = [(11, 56.25, 62, 75.75), (11, 83.5, 62, 90.75)]
MOST_LOST = 2.0
LINES_TOGETHER = 24


def lines_of(pdf, count):
    """For each page its address lines: lists of (character, x, y, font, size, right edge), in points."""
    command = ["mutool", "draw", "-q", "-F", "stext", str(pdf), f"1-{count}"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    pages = []
    for page in ElementTree.fromstring(text[text.index("<document") :]).iter("page"):
        lines = []
        for line in page.iter("line"):
            characters = []
            for font in line.iter("font"):
                for char in font.iter("char"):
                    right = float(char.get("quad").split()[2])
                    x, y = float(char.get("x")), float(char.get("y"))
                    characters.append((char.get("c"), x, y, font.get("name"), float(font.get("size")), right))
            x, y = characters[0][1] * POINT, characters[0][2] * POINT
            if any(left <= x < right and top <= y < bottom + 1 for left, top, right, bottom in BOXES):
                lines.append(characters)
        pages.append(lines)
    return pages


def strip(picture, line):
    """The line cut out of a picture of its page, without its stars."""
    size, y = line[0][4], line[0][2]
    left, right = line[0][1] - 1, line[-1][5] + 1
    top, bottom = y - 0.92 * size, y + 0.2 * size
    picture = picture.copy()
    draw = ImageDraw.Draw(picture)
    for character, x, _, _, _, end in line:
        if character == "*":
            draw.rectangle([round(x * DOTS), round(top * DOTS), round(end * DOTS) - 1, round(bottom * DOTS)], fill=255)
    return picture.crop([round(edge * DOTS) for edge in (left, top, right, bottom)])


def set_by_reportlab(pages, folder):
    """Pictures of pages with the same lines, stars left out."""
    for name in ("Regular", "Bold"):
        pdfmetrics.registerFont(TTFont(f"NotoSansSC-{name}", str(DATA / f"NotoSansSC-{name}.ttf")))
    width, height = 76 / POINT, 130 / POINT
    canvas = Canvas(str(folder / "lines.pdf"), pagesize=(width, height))
    for lines in pages:
        for line in lines:
            run = []
            for at in [*line, None]:
                if at is not None and at[0] != "*":
                    run.append(at)
                elif run:
                    canvas.setFont(run[0][3].split("+")[-1], run[0][4])
                    canvas.drawString(run[0][1], height - run[0][2], "".join(one[0] for one in run))
                    run = []
        canvas.showPage()
    canvas.save()
    command = ["pdftoppm", "-r", "203.2", "-gray", "-png", str(folder / "lines.pdf"), str(folder / "page")]
    subprocess.run(command, check=True)
    return [Image.open(path).convert("L") for path in sorted(folder.glob("page-*.png"))]


def read(strips, path):
    """What tesseract reads on strips below each other."""
    gap = 24
    sheet = Image.new("L", (460, sum(one.height + gap for one in strips) + gap), 255)
    at = gap
    for one in strips:
        sheet.paste(one, (gap, at))
        at += one.height + gap
    sheet.save(path, dpi=(203, 203))
    command = ["tesseract", str(path), "-", "-l", "chi_sim", "--psm", "6", "--dpi", "203"]
    environment = {"OMP_THREAD_LIMIT": "1", "PATH": "/usr/local/bin:/usr/bin:/bin"}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout


def plain(text):
    return "".join(text.replace("*", "").split())


def distance(one, other):
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def main():
    demo, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 40
    pages = lines_of(demo / "labels.pdf", count)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        ours = [Image.open(demo / f"labels/{number + 1:06}.png").convert("L") for number in range(len(pages))]
        theirs = set_by_reportlab(pages, folder)
        lines = [(page, line) for page, lines in enumerate(pages) for line in lines]
        sheets = [lines[at : at + LINES_TOGETHER] for at in range(0, len(lines), LINES_TOGETHER)]
        expected = [plain("".join(one[0] for _, line in sheet for one in line)) for sheet in sheets]
        total = sum(map(len, expected))
        if len(pages) < count or total < 20 * count:
            sys.exit(f"{len(pages)} labels with {total} characters are too few")

        def wrong(pictures, name):
            def one(number):
                strips = [strip(pictures[page], line) for page, line in sheets[number]]
                found = plain(read(strips, folder / f"{name}-{number}.png"))
                return distance(found, expected[number])

            with ThreadPoolExecutor(2) as pool:
                return sum(pool.map(one, range(len(sheets))))

        accuracy = [100 * (1 - wrong(pictures, name) / total) for pictures, name in ((ours, "ours"), (theirs, "theirs"))]
    print(f"{len(pages)} labels, {len(lines)} address lines, {total} characters without stars")
    print(f"read correctly: ours {accuracy[0]:.2f} %, reportlab {accuracy[1]:.2f} %")
    if accuracy[0] < accuracy[1] - MOST_LOST:
        sys.exit(f"ours are read worse by more than {MOST_LOST} points")


if __name__ == "__main__":
    main()
