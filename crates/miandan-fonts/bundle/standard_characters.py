#!/usr/bin/env python3
"""Make ../data/table-of-general-standard-characters.txt from the kTGH property of Unihan."""

import bz2
import re
import sys
from pathlib import Path

FIXTURE = Path(__file__).resolve().parent.parent / "data/table-of-general-standard-characters.txt"
ENTRY = re.compile(r"U\+([0-9A-F]+)\tkTGH\t2013:(\d+)")

numbered = {}
for line in bz2.open(sys.argv[1], "rt", encoding="utf-8"):
    if match := ENTRY.match(line):
        numbered[int(match[2])] = chr(int(match[1], 16))
assert sorted(numbered) == list(range(1, 8106))

ordered = [numbered[number] for number in sorted(numbered)]
lines = ["".join(ordered[start : start + 50]) + "\n" for start in range(0, len(ordered), 50)]
FIXTURE.write_text("".join(lines), encoding="utf-8")
