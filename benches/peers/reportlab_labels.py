#!/usr/bin/env python3
"""Labels with reportlab: reportlab_labels.py LABELS.jsonl FONTS OUT.pdf"""

import json
import sys

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

POINT = 72 / 25400


def draw(canvas: Canvas, item: list, height: float) -> None:
    kind, *rest = item
    if kind == "fill":
        x, y, width, tall, ink, radius = rest
        canvas.setFillGray(0 if ink == "black" else 1)
        box(canvas, x, y, width, tall, radius, height, fill=1, stroke=0)
    elif kind == "outline":
        x, y, width, tall, line, radius, dash = rest
        canvas.setLineWidth(line * POINT)
        canvas.setDash([dash * POINT] if dash else [])
        half = line / 2
        box(canvas, x + half, y + half, width - line, tall - line, radius, height, fill=0, stroke=1)
    elif kind == "stroke":
        x1, y1, x2, y2, line, dash = rest
        canvas.setLineWidth(line * POINT)
        canvas.setDash([dash * POINT] if dash else [])
        canvas.line(x1 * POINT, (height - y1) * POINT, x2 * POINT, (height - y2) * POINT)
    elif kind == "text":
        x, y, size, weight, ink, turns, spacing, text = rest
        canvas.setFillGray(0 if ink == "black" else 1)
        canvas.saveState()
        canvas.translate(x * POINT, (height - y) * POINT)
        if turns:
            canvas.rotate(-90 * turns)
        written = canvas.beginText(0, 0)
        written.setFont(weight, size * POINT)
        if spacing:
            written.setCharSpace(spacing * POINT)
        written.textOut(text)
        canvas.drawText(written)
        canvas.restoreState()
    elif kind == "bars":
        x, y, module, length, turns, widths = rest
        canvas.setFillGray(0)
        path = canvas.beginPath()
        at = 0
        for index, width in enumerate(widths):
            if index % 2 == 0:
                across, down = (at * module, 0) if turns == 0 else (0, at * module)
                wide, tall = (width * module, length) if turns == 0 else (length, width * module)
                path.rect((x + across) * POINT, (height - y - down - tall) * POINT, wide * POINT, tall * POINT)
            at += width
        canvas.drawPath(path, stroke=0, fill=1)
    elif kind == "matrix":
        x, y, module, rows = rest
        canvas.setFillGray(0)
        path = canvas.beginPath()
        for number, row in enumerate(rows):
            at = 0
            while (start := row.find("1", at)) >= 0:
                end = row.find("0", start)
                at = end if end >= 0 else len(row)
                left, top = x + start * module, y + (number + 1) * module
                path.rect(left * POINT, (height - top) * POINT, (at - start) * module * POINT, module * POINT)
        canvas.drawPath(path, stroke=0, fill=1)


def box(canvas: Canvas, x, y, width, tall, radius, height, **how) -> None:
    left, bottom = x * POINT, (height - y - tall) * POINT
    width, tall = width * POINT, tall * POINT
    if radius < 0:
        canvas.ellipse(left, bottom, left + width, bottom + tall, **how)
    elif radius > 0:
        canvas.roundRect(left, bottom, width, tall, min(radius * POINT, width / 2, tall / 2), **how)
    else:
        canvas.rect(left, bottom, width, tall, **how)


def main() -> None:
    labels, fonts, out = sys.argv[1:]
    pdfmetrics.registerFont(TTFont("regular", f"{fonts}/NotoSansSC-Regular.ttf"))
    pdfmetrics.registerFont(TTFont("bold", f"{fonts}/NotoSansSC-Bold.ttf"))
    canvas = Canvas(out, pageCompression=1)
    with open(labels, encoding="utf-8") as lines:
        for line in lines:
            label = json.loads(line)
            width, height = label["size"]
            canvas.setPageSize((width * POINT, height * POINT))
            for item in label["items"]:
                draw(canvas, item, height)
            canvas.showPage()
    canvas.save()


main()
