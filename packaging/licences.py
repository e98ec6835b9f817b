#!/usr/bin/env python3
"""Prints the licences of everything that is linked into the programs, as a binary package must carry them.

`licences.py [TARGET [PACKAGE]]` asks cargo, in the folder where it is called, which crates that are, and takes the texts from their sources; a text that several
crates share stands once. Fails if a crate names no licence.
"""

import json
import pathlib
import re
import subprocess
import sys

TEXTS = re.compile(r"((un)?licen[cs]e|copying|copyright|notice|ofl)(?!.*\.(rs|c|h)$)", re.IGNORECASE)


def linked(target, root):
    """What the package links, in order of names: build tools and what only tests need are not in a package."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    waiting = [key for key, package in packages.items() if package["name"] == root]
    found = set()
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        found.add(key)
        for dependency in nodes[key]["deps"]:
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                waiting.append(dependency["pkg"])
    others = [packages[key] for key in found if packages[key]["source"] is not None]
    return sorted(others, key=lambda package: (package["name"], package["version"]))


def main():
    target = sys.argv[1] if len(sys.argv) > 1 else "x86_64-unknown-linux-gnu"
    root = sys.argv[2] if len(sys.argv) > 2 else "miandan"
    crates_of = {}
    print("Linked into the programs of this package, each under the licence that is named:\n")
    for package in linked(target, root):
        name = f"{package['name']} {package['version']}"
        folder = pathlib.Path(package["manifest_path"]).parent
        licence = package["license"]
        if licence is None:
            sys.exit(f"error: {name} names no licence")
        print(f"  {name}: {licence}")
        # Deeper too: ring has code of others in it, with their licences beside it.
        for path in sorted(folder.rglob("*")):
            if TEXTS.match(path.name) and path.is_file():
                text = path.read_text(encoding="utf-8", errors="replace").strip()
                crates_of.setdefault(text, []).append(name)
    for text, crates in crates_of.items():
        print(f"\n{'=' * 78}\n{', '.join(crates)}\n{'=' * 78}\n\n{text}")


if __name__ == "__main__":
    main()
