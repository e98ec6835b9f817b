from __future__ import annotations

import os
import stat
import struct
import threading
import time
from pathlib import Path

import miandan
from conftest import ORDERS, TEMPLATE, Desk


def test_the_wheel_brings_a_component_that_is_locked(desk: Desk) -> None:
    component = desk.component()
    program = Path(component.program)
    assert program.parent == Path(miandan.__file__).parent
    assert program.stat().st_mode & stat.S_IXUSR
    status = component.check()
    assert status.version == miandan.__version__
    assert status.station == "ST-01"
    assert status.sandbox in ("full", "reduced")
    assert status.layers["seccomp"] == "on"
    assert (status.mode, status.separate) == ("library", None)
    assert "ST-01" in repr(status)


def test_a_pdf(desk: Desk, tmp_path: Path) -> None:
    seen: list[miandan.LabelOutcome] = []
    threads: set[int] = set()

    def progress(label: miandan.LabelOutcome) -> None:
        seen.append(label)
        threads.add(threading.get_ident())

    summary = desk.batch().print_pdf(tmp_path / "labels.pdf", progress)
    assert (summary.done, summary.failed, summary.failures) == (ORDERS, 0, [])
    assert summary.pages >= ORDERS
    assert (summary.version, summary.station) == (miandan.__version__, "ST-01")
    assert [label.number for label in seen] == list(range(1, ORDERS + 1))
    assert all(label.ok and label.count == ORDERS and label.code is None for label in seen)
    assert threads == {threading.get_ident()}
    pdf = (tmp_path / "labels.pdf").read_bytes()
    assert pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF")


def test_the_same_batch_is_the_same_file_whatever_the_workers(desk: Desk, tmp_path: Path) -> None:
    now = time.time()
    for place, workers in enumerate((1, 3)):
        assert desk.batch(now=now, workers=workers).print_pdf(tmp_path / f"{place}.pdf").failed == 0
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()


def test_a_folder_of_pictures(desk: Desk, tmp_path: Path) -> None:
    summary = desk.batch(dpi=300).print_folder(tmp_path / "labels")
    files = sorted((tmp_path / "labels").iterdir())
    assert len(files) == summary.pages and files[0].name == "000001.png"
    assert files[0].read_bytes().startswith(b"\x89PNG")
    width, _ = struct.unpack(">II", files[0].read_bytes()[16:24])
    assert abs(width - 76 / 25.4 * 300) < 4


def test_what_a_printer_is_sent(desk: Desk, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('language = "zpl"\ndpi = 203\nhead_dots = 832\n')
    desk.batch().print_file(tmp_path / "labels.prn", "tsc")
    assert (tmp_path / "labels.prn").read_bytes().count(b"\r\nPRINT ") >= ORDERS
    desk.batch().print_folder(tmp_path / "labels", miandan.Profile(own))
    assert len(list((tmp_path / "labels").glob("*.zpl"))) >= ORDERS
    with desk.batch().labels(miandan.Profile(str(own))) as labels:
        assert b"^XA" in next(labels).pages[0]


def test_labels_one_by_one(desk: Desk) -> None:
    labels = desk.batch().labels()
    assert iter(labels) is labels and labels.summary is None
    seen = list(labels)
    assert [label.number for label in seen] == list(range(1, ORDERS + 1))
    assert all(page.startswith(b"\x89PNG") for label in seen for page in label.pages)
    assert seen[0].size == sum(map(len, seen[0].pages))
    summary = labels.summary
    assert summary is not None and summary.done == ORDERS
    assert list(labels) == []
    labels.close()


def test_a_broken_order_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    lines = desk.lines
    lines[2] = b'{"broken"'
    orders = miandan.Orders.from_bytes(b"\n".join(lines))
    batch = miandan.Batch(desk.component(), orders, TEMPLATE)
    summary = batch.print_pdf(tmp_path / "labels.pdf")
    assert (summary.done, summary.failed) == (ORDERS - 1, 1)
    [failure] = summary.failures
    assert (failure.number, failure.code, failure.ok) == (3, "MALFORMED", False)
    assert failure.meaning() and failure.meaning("zh") and failure.meaning() != failure.meaning("zh")
    labels = batch.labels()
    seen = list(labels)
    assert [label.code for label in seen if not label.ok] == ["MALFORMED"]
    assert seen[2].pages == () and seen[3].pages
    assert labels.summary is not None and [label.number for label in labels.summary.failures] == [3]


def test_orders_of_another_station_are_refused_one_by_one(desk: Desk, tmp_path: Path) -> None:
    batch = miandan.Batch(desk.component("other.key"), miandan.Orders(desk.sealed), TEMPLATE)
    summary = batch.print_pdf(tmp_path / "labels.pdf")
    assert {failure.code for failure in summary.failures} == {"UNKNOWN_KEY"}
    assert summary.failed == ORDERS
    assert not (tmp_path / "labels.pdf").exists(), "a PDF without pages is none"


def test_orders_as_text_and_as_bytes(desk: Desk) -> None:
    text = "\ufeff" + desk.sealed.read_text() + "\r\n\r\n"
    assert len(miandan.Orders.from_bytes(text)) == len(miandan.Orders(str(desk.sealed))) == ORDERS


def test_a_preview_is_another_label(desk: Desk) -> None:
    first = [next(iter(desk.batch(preview=preview, printed_at=1).labels())).pages for preview in (False, True)]
    assert first[0] != first[1]


def test_what_is_shipped() -> None:
    assert TEMPLATE in miandan.templates() and "tsc" in miandan.profiles()
    assert miandan.template(TEMPLATE).lstrip().startswith(b"<")
    profile = miandan.Profile("zebra-300")
    assert (profile.language, profile.dpi, profile.name) == ("zpl", 300, "zebra-300")
    assert profile.about() and profile.about("zh") != profile.about()
    assert miandan.meaning("UNKNOWN_KEY") == miandan.meaning(6)
    assert miandan.meaning("DUPLICATE", "zh") == "面单已打印过"


def test_the_output_may_be_a_pipe(desk: Desk, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    desk.batch().print_pdf(pipe)
    reader.join(10)
    assert read[0].startswith(b"%PDF-")
