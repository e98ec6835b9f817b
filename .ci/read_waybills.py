"""Reads the waybill numbers of what came out of the printers of .ci/interop: every label that is expected, and each once."""

import json
import sys
from collections import Counter
from pathlib import Path

from PIL import Image
from read_codes import by_zbar, by_zxing


def numbers(label: Path) -> list[str]:
    """The number on each sheet of what a printer was sent at once, as both readers see it."""
    found = []
    for sheet in sorted(label.glob("*.pbm")):
        framed = sheet.with_suffix(".png")
        Image.open(sheet).convert("L").save(framed)
        texts = [min(reader(framed)["code128"], default="nothing") for reader in (by_zxing, by_zbar)]
        found.append(texts[0] if texts[0] == texts[1] else " or ".join(texts))
    return found


def main() -> int:
    folder = Path(sys.argv[1])
    expected = json.loads((folder / "expected.json").read_text())
    problems, count = [], 0
    for printer in sorted((folder / "printed").iterdir()):
        labels = [path for path in printer.iterdir() if path.is_dir()]
        printed = Counter(number for label in labels for number in numbers(label))
        wanted = Counter(expected.pop(printer.name, []))
        count += printed.total()
        problems += [f"{printer.name}: {number} did not come out" for number in (wanted - printed).elements()]
        problems += [f"{printer.name}: {number} came out and should not" for number in (printed - wanted).elements()]
    problems += [f"{printer} is not there" for printer in expected]
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{count} labels came out, {len(problems)} problems")
    return 1 if problems or not count else 0


if __name__ == "__main__":
    sys.exit(main())
