"""A station with a key, an issuer, and made-up orders that are sealed to it. PROGRAMS names the folder with `miandan`."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import miandan
import pytest

PROGRAM = Path(os.environ["PROGRAMS"]).resolve() / "miandan"
TEMPLATE = "one-part-76x130"
ORDERS = 24


@dataclass(frozen=True)
class Desk:
    folder: Path

    def run(self, *words: str) -> bytes:
        ran = subprocess.run([str(PROGRAM), "-q", *words], cwd=self.folder, capture_output=True, check=False)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def seal(self, name: str, count: int, seed: int = 1) -> Path:
        plain = self.folder / f"{name}.jsonl"
        plain.write_bytes(self.run("sample", "--count", str(count), "--seed", str(seed)))
        sealed = self.folder / f"{name}.sealed.jsonl"
        seal = ["--issuer", "issuer.key", "--to", "station.key.pub", "--merchant", "SHOP-1"]
        self.run("seal", plain.name, *seal, "-o", sealed.name)
        return sealed

    @property
    def sealed(self) -> Path:
        return self.folder / "orders.sealed.jsonl"

    @property
    def lines(self) -> list[bytes]:
        return self.sealed.read_bytes().splitlines()

    def component(self, key: str = "station.key", **options: object) -> miandan.Component:
        return miandan.Component(self.folder / key, self.folder / "issuer.key.pub", **options)  # type: ignore[arg-type]

    def batch(self, **options: object) -> miandan.Batch:
        orders = miandan.Orders(self.sealed)
        return miandan.Batch(self.component(), orders, TEMPLATE, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    for station, key in [("ST-01", "station.key"), ("ST-02", "other.key")]:
        desk.run("keygen", "station", "--id", station, "--merchant", "SHOP-1", "--no-passphrase", "--out", key)
    desk.run("keygen", "issuer", "--id", "platform", "--out", "issuer.key")
    desk.seal("orders", ORDERS)
    return desk


@pytest.fixture(autouse=True)
def _the_installed_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """The component is the one of the wheel, and nothing of the source is imported."""
    monkeypatch.delenv("MIANDAN_COMPONENT", raising=False)
    assert Path(miandan.__file__).is_relative_to(sys.prefix)


@pytest.fixture(scope="session")
def many(desk: Desk) -> Path:
    """Orders that take long enough for something to happen meanwhile."""
    return desk.seal("many", 3_000)
