"""Writes a picture in every form that a template may hold it in, and beside each what Pillow reads in it: FILE and FILE.tones."""

import random
import sys
from pathlib import Path

from PIL import Image, ImageDraw

folder = Path(sys.argv[1])
chance = random.Random(7)


def drawn(width: int, height: int) -> Image.Image:
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    for x in range(width):
        shade = x * 255 // width
        draw.line([(x, 0), (x, height // 2)], fill=(shade, 255 - shade, 90, 255))
    for _ in range(6):
        at = [chance.randrange(width), chance.randrange(height)]
        colour = tuple(chance.randrange(256) for _ in range(4))
        draw.ellipse([*at, at[0] + width // 3, at[1] + height // 3], fill=colour)
    return picture


def write(name: str, picture: Image.Image, **options: object) -> None:
    path = folder / name
    picture.save(path, **options)
    with Image.open(path) as read:
        # Of a JPEG the luminance as it stands in the file, without a way through colours that cuts some of it off.
        read.draft("L", read.size)
        if read.mode in ("I", "I;16", "I;16B"):
            # Pillow keeps sixteen bits and would cut them off at 255.
            grey = read.point(lambda tone: tone / 256).convert("L")
        elif read.mode in ("RGBA", "LA", "PA") or "transparency" in read.info:
            layer = read.convert("RGBA")
            grey = layer.convert("L")
            paper = Image.new("L", read.size, 255)
            paper.paste(grey, mask=layer.getchannel("A"))
            grey = paper
        else:
            grey = read.convert("L")
    (folder / (name + ".tones")).write_bytes(grey.tobytes())


for number, size in enumerate([(61, 47), (16, 16), (1, 9), (200, 3)]):
    rgba = drawn(*size)
    rgb = Image.new("RGB", size, "white")
    rgb.paste(rgba, mask=rgba.getchannel("A"))
    grey = rgb.convert("L")
    write(f"{number}-rgba.png", rgba)
    write(f"{number}-rgb.png", rgb)
    write(f"{number}-grey.png", grey)
    write(f"{number}-grey-alpha.png", rgba.convert("LA"))
    write(f"{number}-one-bit.png", grey.convert("1"))
    write(f"{number}-two-bits.png", rgb.quantize(4), bits=2)
    write(f"{number}-palette.png", rgb.quantize(200))
    write(f"{number}-transparent.png", rgb.quantize(8), transparency=3)
    write(f"{number}-sixteen-bits.png", grey.convert("I").point(lambda tone: tone * 257).convert("I;16"))
    for quality in (50, 95):
        for subsampling in (0, 1, 2):
            for progressive in (False, True):
                name = f"{number}-{quality}-{subsampling}-{'progressive' if progressive else 'baseline'}.jpg"
                write(name, rgb, quality=quality, subsampling=subsampling, progressive=progressive)
    write(f"{number}-grey.jpg", grey, quality=80)
    write(f"{number}-restart.jpg", rgb, quality=80, restart_marker_blocks=2)
    write(f"{number}-rgb.bmp", rgb)
    write(f"{number}-grey.bmp", grey)
    write(f"{number}-one-bit.bmp", grey.convert("1"))
    write(f"{number}-palette.bmp", rgb.quantize(16))
