#!/usr/bin/env python3
"""Make everything in ../data from the published typeface. Same input, same bytes. See README.md beside this file."""

import hashlib
import io
import struct
import sys
import tarfile
from pathlib import Path

from fontTools.ttLib import TTFont

DATA = Path(__file__).resolve().parent.parent / "data"
PACKAGE_SHA256 = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
FACES = {
    "regular": ("package/400Regular/NotoSansSC_400Regular.ttf", "NotoSansSC-Regular.ttf"),
    "bold": ("package/700Bold/NotoSansSC_700Bold.ttf", "NotoSansSC-Bold.ttf"),
}
LICENSE = "package/LICENSE_FONT"

# What drawing and embedding need. Not kept: layout (GSUB, GPOS, GDEF, BASE, STAT), vertical metrics, hinting.
TABLES = {"OS/2", "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post"}

# Ideographs that Unicode keeps among the compatibility ones although they are unified.
UNIFIED_AMONG_COMPATIBILITY = {
    *(0xFA0E, 0xFA0F, 0xFA11, 0xFA13, 0xFA14, 0xFA1F),
    *(0xFA21, 0xFA23, 0xFA24, 0xFA27, 0xFA28, 0xFA29),
}


def main():
    package = Path(sys.argv[1]).read_bytes()
    if hashlib.sha256(package).hexdigest() != PACKAGE_SHA256:
        sys.exit("error: not version 0.4.3 of @expo-google-fonts/noto-sans-sc")
    archive = tarfile.open(fileobj=io.BytesIO(package))
    outputs = {"OFL.txt": archive.extractfile(LICENSE).read()}

    maps = []
    for face, (member, name) in FACES.items():
        published = archive.extractfile(member).read()
        font = TTFont(io.BytesIO(published))
        characters = {code: font.getGlyphID(glyph) for code, glyph in font.getBestCmap().items()}
        cids = assign_cids(characters, font["maxp"].numGlyphs)
        advances = [font["hmtx"][glyph][0] for glyph in font.getGlyphOrder()]
        maps.append(tables(cids, characters, font["maxp"].numGlyphs))
        extra = alternates(cids, characters, font["maxp"].numGlyphs)
        outputs[f"advances-{face}.bin"] = little_endian("H", advances + [advances[glyph] for glyph in extra])
        outputs[name] = reduced(published)
    # The crate reads one set of character tables for both faces.
    assert maps[0] == maps[1], "the faces no longer share one character map"
    outputs |= maps[0]

    for name, content in outputs.items():
        (DATA / name).write_bytes(content)
    sums = [f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(outputs.items())]
    (DATA / "SHA256SUMS").write_text("".join(sums))


def assign_cids(characters, glyph_count):
    """Character to CID: the glyph id for the preferred character of a glyph, a number above all glyphs for others."""
    preferred = {}
    for code in sorted(characters, key=preference):
        preferred.setdefault(characters[code], code)
    cids, following = {}, glyph_count
    for code in sorted(characters):
        if preferred[characters[code]] == code:
            cids[code] = characters[code]
        else:
            cids[code] = following
            following += 1
    assert 0 not in cids.values() and following <= 0xFFFF
    assert len(set(cids.values())) == len(cids)
    return cids


def preference(code):
    """Sort key, most wanted first: ordinary ideographs, other unified ones, the rest, compatibility and radicals."""
    if 0x4E00 <= code <= 0x9FFF:
        rank = 0
    elif code in UNIFIED_AMONG_COMPATIBILITY or 0x3400 <= code <= 0x4DBF:
        rank = 1
    elif 0x20000 <= code <= 0x3FFFF and not 0x2F800 <= code <= 0x2FA1F:
        rank = 1
    elif 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF or code >= 0x2F800:
        rank = 3
    else:
        rank = 2
    return rank, code


def alternates(cids, characters, glyph_count):
    """The glyph of each CID from `glyph_count` upward."""
    extra = {cid: characters[code] for code, cid in cids.items() if cid >= glyph_count}
    return [extra[cid] for cid in sorted(extra)]


def tables(cids, characters, glyph_count):
    extra = alternates(cids, characters, glyph_count)
    code_of = {cid: code for code, cid in cids.items()}
    supplementary = [struct.pack("<IH", code, cids[code]) for code in sorted(cids) if code > 0xFFFF]
    return {
        "cids-of-plane-0.bin": little_endian("H", [cids.get(code, 0) for code in range(0x10000)]),
        "cids-of-higher-planes.bin": b"".join(supplementary),
        "characters.bin": little_endian("I", [code_of.get(cid, 0xFFFFFFFF) for cid in range(glyph_count + len(extra))]),
        "alternates.bin": little_endian("H", extra),
    }


def little_endian(kind, numbers):
    return struct.pack(f"<{len(numbers)}{kind}", *numbers)


def reduced(published):
    """The font with the tables above only, each byte for byte as published (but the checksum in `head`)."""
    # A fresh object: tables that were never looked into are copied as they are.
    font = TTFont(io.BytesIO(published), recalcBBoxes=False, recalcTimestamp=False)
    for tag in set(font.reader.keys()) - TABLES:
        del font[tag]
    output = io.BytesIO()
    font.save(output)
    return output.getvalue()


if __name__ == "__main__":
    main()
