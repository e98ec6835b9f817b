#!/usr/bin/env python3
"""Labels as one HTML document, printed by a browser or by WeasyPrint.

    html_labels.py LABELS.jsonl FONTS OUT.html               only the document
    html_labels.py LABELS.jsonl FONTS OUT.pdf --weasyprint   and through WeasyPrint
"""

import html
import json
import sys
from pathlib import Path


def millimetres(length: float) -> str:
    return f"{length / 1000:.4g}mm"


def style(**values: object) -> str:
    return ";".join(f"{name.replace('_', '-')}:{value}" for name, value in values.items())


def markup(item: list) -> str:
    kind, *rest = item
    if kind in ("fill", "outline"):
        x, y, width, tall = rest[:4]
        place = style(left=millimetres(x), top=millimetres(y), width=millimetres(width), height=millimetres(tall))
        radius = rest[5]
        corner = "50%" if radius < 0 else millimetres(radius)
        if kind == "fill":
            look = style(background=rest[4], border_radius=corner)
        else:
            line = "dashed" if rest[6] else "solid"
            look = style(border=f"{millimetres(rest[4])} {line} black", border_radius=corner)
        return f'<i style="{place};{look}"></i>'
    if kind == "stroke":
        x1, y1, x2, y2, line, _ = rest
        return svg(0, 0, max(x1, x2), max(y1, y2), f'<path d="M{x1} {y1}L{x2} {y2}" stroke="#000" stroke-width="{line}"/>')
    if kind == "text":
        x, y, size, weight, ink, turns, spacing, text = rest
        # The line is one em high, and Noto's baseline stands so far down in it.
        look = style(
            left=millimetres(x), top=millimetres(y - 0.88 * size), font_size=millimetres(size), font_family=weight,
            color=ink, letter_spacing=millimetres(spacing), transform_origin="0 88%", transform=f"rotate({90 * turns}deg)",
        )
        return f'<b style="{look}">{html.escape(text)}</b>'
    if kind == "bars":
        x, y, module, length, turns, widths = rest
        path, at = [], 0
        for index, width in enumerate(widths):
            if index % 2 == 0:
                path.append(f"M{at * module} 0h{width * module}v{length}h-{width * module}z" if turns == 0
                            else f"M0 {at * module}h{length}v{width * module}h-{length}z")
            at += width
        box = (at * module, length) if turns == 0 else (length, at * module)
        return svg(x, y, *box, f'<path d="{"".join(path)}"/>')
    x, y, module, rows = rest
    path = []
    for number, row in enumerate(rows):
        at = 0
        while (start := row.find("1", at)) >= 0:
            end = row.find("0", start)
            at = end if end >= 0 else len(row)
            path.append(f"M{start} {number}h{at - start}v1h-{at - start}z")
    side = len(rows) * module
    return svg(x, y, side, side, f'<g transform="scale({module})"><path d="{"".join(path)}"/></g>')


def svg(x: float, y: float, width: float, height: float, content: str) -> str:
    place = style(left=millimetres(x), top=millimetres(y), width=millimetres(width), height=millimetres(height))
    return f'<svg style="{place}" viewBox="0 0 {width} {height}">{content}</svg>'


def document(labels: str, fonts: Path) -> str:
    pages = []
    size = (0, 0)
    with open(labels, encoding="utf-8") as lines:
        for line in lines:
            label = json.loads(line)
            size = label["size"]
            pages.append(f"<p>{''.join(markup(item) for item in label['items'])}</p>")
    page = style(width=millimetres(size[0]), height=millimetres(size[1]))
    faces = "".join(
        f"@font-face{{font-family:{name.lower()};src:url('{(fonts / f'NotoSansSC-{name}.ttf').resolve().as_uri()}')}}"
        for name in ("Regular", "Bold")
    )
    rules = (
        f"@page{{size:{millimetres(size[0])} {millimetres(size[1])};margin:0}}{faces}"
        f"body{{margin:0}}p{{position:relative;margin:0;overflow:hidden;break-after:page;{page}}}"
        "i,b,svg{position:absolute;box-sizing:border-box;font-weight:normal;line-height:1;white-space:pre}"
    )
    return f'<!doctype html><html lang="zh"><meta charset="utf-8"><style>{rules}</style>{"".join(pages)}</html>'


def main() -> None:
    labels, fonts, out, *how = sys.argv[1:]
    text = document(labels, Path(fonts))
    if how == ["--weasyprint"]:
        import weasyprint

        weasyprint.HTML(string=text).write_pdf(out)
    else:
        Path(out).write_text(text, encoding="utf-8")


main()
