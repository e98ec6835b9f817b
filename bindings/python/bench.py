#!/usr/bin/env python3
"""What the package adds to the Rust call, in rounds of both in turn, so that the ratio holds on a machine whose speed drifts.

    python3 bench.py                 10,000 labels in 7 rounds, 8 threads against 1, 100,000 calls
    python3 bench.py --quick         2,000 labels in 3 rounds, 10,000 calls

Runs with the installed wheel. PROGRAMS names the folder with `miandan`; ROUNDS names the program of the Rust side,
`bindings/node/bench/rounds.rs`, if it is not `examples/rounds` in that folder.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable

import miandan

PROGRAMS = Path(os.environ["PROGRAMS"]).resolve()
ROUNDS = Path(os.environ.get("ROUNDS", PROGRAMS / "examples" / "rounds"))
TEMPLATE = "one-part-76x130"
THREADS = 8

Work = Callable[[], float]
"""Does something, and answers how many seconds of it count."""


class Desk:
    def __init__(self, folder: Path, count: int) -> None:
        self.folder, self.count = folder, count
        self.run("keygen", "station", "--id", "BENCH", "--merchant", "BENCH", "--no-passphrase", "--out", "station.key")
        self.run("keygen", "issuer", "--id", "bench", "--out", "issuer.key")
        (folder / "plain.jsonl").write_bytes(self.run("sample", "--count", str(count), "--seed", "1"))
        seal = ["--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "BENCH"]
        self.run("seal", "plain.jsonl", *seal, "-o", "sealed.jsonl")
        self.component = miandan.Component(folder / "station.key", folder / "issuer.key.pub")
        self.orders = miandan.Orders(folder / "sealed.jsonl")

    def run(self, *words: str) -> bytes:
        program = str(PROGRAMS / "miandan")
        return subprocess.run([program, "-q", *words], cwd=self.folder, check=True, stdout=subprocess.PIPE).stdout

    def rust(self, form: str) -> Work:
        """Seconds of the call from Rust, with the same component."""
        files = [self.folder / name for name in ("sealed.jsonl", "station.key", "issuer.key.pub")]

        def work() -> float:
            words: list[str | Path] = [ROUNDS, form, self.component.program, *files, str(int(time.time())), self.folder / "rust.pdf"]
            return float(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)

        return work

    def batch(self) -> miandan.Batch:
        return miandan.Batch(self.component, self.orders, TEMPLATE)

    def pdf(self, name: str = "python.pdf") -> None:
        assert self.batch().print_pdf(self.folder / name).done == self.count

    def pdf_with_progress(self) -> None:
        told: list[int] = []
        self.batch().print_pdf(self.folder / "python.pdf", lambda label: told.append(label.number))
        assert len(told) == self.count

    def pictures(self) -> None:
        assert sum(1 for label in self.batch().labels() if label.ok and label.pages) == self.count

    def threads(self, count: int) -> None:
        """So many threads, each with a batch of its own."""
        threads = [threading.Thread(target=self.pdf, args=(f"{place}.pdf",)) for place in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def seconds(call: Callable[[], None], share: int = 1) -> Work:
    def work() -> float:
        began = time.perf_counter()
        call()
        return (time.perf_counter() - began) / share

    return work


def compare(rounds: int, count: int, base: tuple[str, Work], others: dict[str, Work]) -> None:
    """Medians, and the median of the ratios of each round to the base of that round."""
    sides = {base[0]: base[1], **others}
    took: dict[str, list[float]] = {name: [] for name in sides}
    for work in sides.values():
        work()
    for place in range(rounds):
        order = list(sides.items())
        for name, work in order if place % 2 == 0 else reversed(order):
            took[name].append(work())
    for name, times in took.items():
        ratio = statistics.median(one / other for one, other in zip(times, took[base[0]]))
        print(f"{name:24} {count / statistics.median(times):9,.0f} labels/s   {ratio:6.3f} of the time", flush=True)


def memory() -> int:
    gc.collect()
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))


def call(desk: Desk, line: bytes) -> None:
    """Nine calls that make and lose objects, one of which raises."""
    orders = miandan.Orders.from_bytes(line)
    batch = miandan.Batch(desk.component, orders, TEMPLATE)
    len(batch), miandan.template(TEMPLATE), miandan.Profile("tsc").dpi, repr(batch), miandan.meaning(6)
    batch.cancel()
    try:
        miandan.Profile("no such profile")
    except miandan.PrinterError:
        pass


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    count, rounds, calls = (2_000, 3, 10_000) if quick else (10_000, 7, 100_000)
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), count)
        print(f"{count:,} labels, {rounds} rounds")
        pdf = {"Python, print_pdf": seconds(desk.pdf), "… with progress": seconds(desk.pdf_with_progress)}
        compare(rounds, count, ("Rust, PDF", desk.rust("pdf")), pdf)
        compare(rounds, count, ("Rust, labels", desk.rust("png")), {"Python, labels()": seconds(desk.pictures)})
        many = seconds(lambda: desk.threads(THREADS), THREADS)
        compare((rounds + 1) // 2, count, ("1 thread", seconds(lambda: desk.threads(1))), {f"{THREADS} threads": many})

        line = (Path(folder) / "sealed.jsonl").read_bytes().splitlines()[0]
        for _ in range(calls // 90):
            call(desk, line)
        before = memory()
        for _ in range(calls // 9):
            call(desk, line)
        print(f"{calls:,} calls: {before} KiB before, {memory()} KiB after")
        one = miandan.Orders.from_bytes(line)
        prints = calls // 200
        for _ in range(prints // 10):
            miandan.Batch(desk.component, one, TEMPLATE).print_pdf(Path(folder) / "one.pdf")
        before = memory()
        for _ in range(prints):
            miandan.Batch(desk.component, one, TEMPLATE).print_pdf(Path(folder) / "one.pdf")
        print(f"{prints:,} batches of one label: {before} KiB before, {memory()} KiB after")


if __name__ == "__main__":
    main()
