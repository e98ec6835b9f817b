"""Compares what .ci/printers put on paper with the pictures of the same labels, dot by dot, and reads the codes on it."""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from PIL import Image, ImageChops
from read_codes import by_zbar, by_zxing
from read_labels import agrees, contents
from zebrafy import ZebrafyZPL


def differing(picture: Image.Image, paper: Image.Image) -> int:
    """How many dots differ: those of the picture, and black ones of the paper beside it."""
    whole = Image.new("1", paper.size, 1)
    whole.paste(picture, (0, 0))
    return sum(ImageChops.logical_xor(whole, paper.convert("1")).histogram()[1:])


def by_zebrafy(stream: Path) -> list[Image.Image]:
    """The labels of a stream. zebrafy answers the bands of the pictures one by one, and checks their sums."""
    labels = []
    for form in stream.read_text("ascii").split("^XA")[1:]:
        bands = ZebrafyZPL("^XA" + form).to_images()
        label = Image.new("1", (bands[0].width, sum(band.height for band in bands)), 1)
        top = 0
        for band in bands:
            label.paste(band, (0, top))
            top += band.height
        labels.append(label)
    return labels


def wrong(work):
    paper, png, expected = work
    problems = []
    count = differing(Image.open(png).convert("1"), Image.open(paper))
    if count:
        problems.append(f"{paper.parent.name}/{paper.name}: {count} dots differ")
    # Scanners want paper around what they read.
    framed = paper.with_suffix(".png")
    Image.open(paper).convert("L").save(framed)
    for reader in (by_zxing, by_zbar):
        found = reader(framed)
        if not agrees(found, expected):
            problems.append(f"{paper.parent.name}/{paper.name}: {reader.__name__} read {found}")
    return problems


def main():
    name, folder = sys.argv[1], Path(sys.argv[2])
    orders = [json.loads(line) for line in (folder / "orders.jsonl").open()]

    work, problems = [], []
    papers = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.endswith("-png"))
    for papers_of_one in papers:
        dpi = papers_of_one.name.split("-")[0]
        pngs = sorted((folder / f"{dpi}-png").glob("*.png"))
        found = sorted(papers_of_one.glob("*.pbm"))
        if not len(pngs) == len(found) == len(orders):
            problems.append(f"{papers_of_one.name}: {len(found)} labels of {len(orders)} orders, {len(pngs)} pictures")
            continue
        work += [(*pair, contents(name, order)) for *pair, order in zip(found, pngs, orders)]
        stream = papers_of_one.with_suffix(".zpl")
        if stream.exists():
            for number, (png, label) in enumerate(zip(pngs, by_zebrafy(stream), strict=True), 1):
                count = differing(Image.open(png).convert("1"), label)
                if count:
                    problems.append(f"{stream.name}, label {number}: zebrafy sees {count} other dots")
    with ProcessPoolExecutor() as pool:
        problems += [problem for found in pool.map(wrong, work, chunksize=4) for problem in found]
    print(*problems[:20], sep="\n", end="\n" if problems else "")
    print(f"{name}: {len(work)} labels in {len(papers)} forms, {len(problems)} problems")
    return 1 if problems or not work else 0


if __name__ == "__main__":
    sys.exit(main())
