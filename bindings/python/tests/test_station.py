from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import Any

import miandan
import pytest
from conftest import ORDERS, TEMPLATE, Desk

NOBODY = {"reason": "it is a test", "operator": "Operator 2"}


def station(desk: Desk, folder: Path, uri: str = "", **options: Any) -> miandan.Station:
    (folder / "labels").mkdir(exist_ok=True)
    printers = {"desk": (uri or f"file:{folder}/labels/", miandan.Profile("tsc"))}
    return miandan.Station(desk.component(), folder / "journal.db", printers, **{"components": 1, **options})


def test_labels_are_printed_once(desk: Desk, tmp_path: Path) -> None:
    with station(desk, tmp_path, templates=[TEMPLATE]) as desk_station:
        job = desk_station.print("desk", miandan.Orders(desk.sealed), TEMPLATE)
        assert len(job) == ORDERS and job.printer == "desk"
        kinds: dict[int, list[str]] = {}
        for event in job:
            assert event.place is not None and event.printer == "desk"
            kinds.setdefault(event.place, []).append(event.kind)
        assert list(kinds) == list(range(ORDERS))
        assert all(told == ["planned", "made", "sending", "settled"] for told in kinds.values())
        settled = job.wait(0)
        assert job.is_settled and all(event.ok and event.confirmation == "stored" for event in settled)
        numbers = [event.number for event in settled]
        assert all(numbers) and len(set(numbers)) == ORDERS
        assert len(list((tmp_path / "labels").iterdir())) == ORDERS

        again = desk_station.print("desk", desk.lines[:2], TEMPLATE).wait(10)
        for event, number in zip(again, numbers):
            assert not event.ok and isinstance(event.error, miandan.Duplicate)
            assert (event.error.status, event.error.earlier) == ("DUPLICATE", number)
        assert len(list((tmp_path / "labels").iterdir())) == ORDERS
        assert desk_station.state(str(numbers[0])) == "confirmed"

    with station(desk, tmp_path) as another:
        [event] = another.print("desk", [desk.lines[0].decode()], TEMPLATE).wait(10)
        assert event.error is not None and event.error.status == "DUPLICATE"


def test_a_broken_order_stops_nothing(desk: Desk, tmp_path: Path) -> None:
    with station(desk, tmp_path) as desk_station:
        orders = [desk.lines[0], b"{", desk.lines[1], b"", b"x" * 100_000]
        settled = desk_station.print("desk", iter(orders), TEMPLATE).wait(20)
        assert [event.ok for event in settled] == [True, False, True, False, False]
        errors = [event.error for event in settled if event.error]
        assert [error.status for error in errors] == ["MALFORMED", "MALFORMED", "LIMIT"]
        assert all(isinstance(error, miandan.Refused) for error in errors)
        [event] = desk_station.print("desk", [desk.lines[2]], b"<page").wait(20)
        assert event.error is not None and event.error.status == "TEMPLATE_REFUSED"
        assert desk_station.print("desk", [], TEMPLATE).wait(0) == []


def test_a_person_prints_again(desk: Desk, tmp_path: Path) -> None:
    with station(desk, tmp_path) as desk_station, desk_station.events() as events:
        [event] = desk_station.print("desk", desk.lines[:1], TEMPLATE).wait(20)
        number = event.number or ""
        assert desk_station.reprint(number, **NOBODY) == 1
        copies = []
        while 1 not in copies:
            told = events.next(10)
            assert told is not None and told.number == number and told.place is None
            if told.kind == "settled":
                copies.append(told.copy)
        assert copies == [0, 1]
        for call, status in (
            (lambda: desk_station.settle(number, True, **NOBODY), "NO_DOUBT"),
            (lambda: desk_station.reprint("261111-001-001", **NOBODY), "ORDER_GONE"),
            (lambda: desk_station.state("261111-001-001"), "LABEL_UNKNOWN"),
        ):
            with pytest.raises(miandan.LabelError) as caught:
                call()
            assert caught.value.status == status
        with pytest.raises(miandan.BadArgument):
            desk_station.state("the first")
        with pytest.raises(miandan.JournalError):
            desk_station.reprint(number, reason="", operator="")
        resumed = desk_station.resume("desk", number, dry=True, **NOBODY)
        assert (resumed.confirmed, resumed.reprinted, resumed.gone) == ([], [], [])
        desk_station.stop()
        assert all(event.kind for event in events), "what was told until the end, and then the end"
        assert events.next() is None and events.missed == 0


def test_a_printer_is_held(desk: Desk, tmp_path: Path) -> None:
    with station(desk, tmp_path) as desk_station:
        desk_station.hold("desk")
        [printer] = desk_station.printers()
        assert (printer.name, printer.held, printer.waiting) == ("desk", "person", 0)
        job = desk_station.print("desk", desk.lines[:3], TEMPLATE)
        with pytest.raises(TimeoutError):
            job.wait(0.3)
        assert desk_station.printers()[0].waiting == 3
        assert not job.is_settled
        threading.Timer(0.2, desk_station.release, ["desk"]).start()
        assert [event.ok for event in job.wait(20)] == [True, True, True]


def test_a_printer_that_takes_nothing(desk: Desk, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with station(desk, tmp_path, f"socket://127.0.0.1:{port}", patience=1.5) as desk_station:
        job = desk_station.print("desk", desk.lines[:1], TEMPLATE)
        waiting = [event for event in job if event.kind == "waiting"]
        assert waiting and waiting[0].why and waiting[0].seconds
        [event] = job.wait(0)
        assert isinstance(event.error, miandan.PrinterError) and not isinstance(event.error, miandan.Uncertain)
        assert desk_station.state(event.number or "") in ("planned", "rendered", "failed")


def test_a_station_that_stops(desk: Desk, tmp_path: Path) -> None:
    desk_station = station(desk, tmp_path)
    desk_station.hold("desk")
    job = desk_station.print("desk", desk.lines[:2], TEMPLATE)
    desk_station.stop(1)
    assert [event.error.status for event in job if event.error] == ["STOPPING", "STOPPING"]
    with pytest.raises(miandan.Cancelled) as caught:
        desk_station.print("desk", desk.lines[2:3], TEMPLATE)
    assert caught.value.status == "STOPPING"
    desk_station.stop()


def test_a_station_that_nobody_has_any_more_gives_its_journal_back(desk: Desk, tmp_path: Path) -> None:
    job = station(desk, tmp_path).print("desk", desk.lines[:1], TEMPLATE)
    assert [event.kind for event in job][-1] == "settled"
    with station(desk, tmp_path) as another:
        assert another.print("desk", desk.lines[1:2], TEMPLATE).wait(20)[0].ok


def test_a_preview_is_not_printed(desk: Desk, tmp_path: Path) -> None:
    with station(desk, tmp_path) as desk_station:
        [page] = desk_station.preview(desk.lines[0], TEMPLATE)
        assert page.startswith(b"\x89PNG")
        assert list((tmp_path / "labels").iterdir()) == []
        with pytest.raises(miandan.Refused):
            desk_station.preview("{}", TEMPLATE)


def test_several_threads_ask(desk: Desk, many: Path, tmp_path: Path) -> None:
    lines = many.read_bytes().splitlines()[:160]
    done: list[bool] = []
    with station(desk, tmp_path) as desk_station:

        def ask(place: int) -> None:
            job = desk_station.print("desk", lines[place * 20 : place * 20 + 20], TEMPLATE)
            done.extend(event.ok for event in job.wait(60))

        threads = [threading.Thread(target=ask, args=(place,)) for place in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert done == [True] * 160
    assert len(list((tmp_path / "labels").iterdir())) == 160


def test_what_makes_no_station(desk: Desk, tmp_path: Path) -> None:
    make: Any = miandan.Station
    component = desk.component()
    for printers, status in (
        ({"desk": ("nonsense", "tsc")}, "PRINTER_UNKNOWN"),
        ({"desk": ("socket://192.0.2.7", "no-such-profile")}, "PRINTER_UNKNOWN"),
    ):
        with pytest.raises(miandan.PrinterError) as caught:
            make(component, tmp_path / "journal.db", printers)
        assert caught.value.status == status
    wrong: list[Any] = [None, 7, {"desk": "tsc"}, {"desk": (1, 2, 3)}, {7: ("file:x", "tsc")}]
    for kind in wrong:
        with pytest.raises((TypeError, ValueError, AttributeError)):
            make(component, tmp_path / "journal.db", kind)
    (tmp_path / "no.db").write_text("no journal " * 100)
    for journal in (tmp_path / "no.db", tmp_path, tmp_path / "no" / "journal.db"):
        with pytest.raises(miandan.JournalError):
            make(component, journal, {})
    for options in ({"patience": -1}, {"components": 0}, {"keep": -1}, {"missing": "hide"}):
        with pytest.raises(miandan.BadArgument):
            station(desk, tmp_path, **options)
    with station(desk, tmp_path) as desk_station:
        asked: Any = desk_station
        for orders in ("{}", b"{}", 7, None, [7], [None]):
            with pytest.raises(TypeError):
                asked.print("desk", orders, TEMPLATE)
        with pytest.raises(miandan.PrinterError):
            asked.print("no such printer", [], TEMPLATE)
        with pytest.raises(miandan.PrinterError):
            asked.hold("no such printer")
        with pytest.raises(miandan.BadArgument):
            asked.print("desk", ["\ud800"], TEMPLATE)


def test_the_first_event_comes_at_once(desk: Desk, tmp_path: Path) -> None:
    with station(desk, tmp_path) as desk_station:
        events = desk_station.events()
        began = time.monotonic()
        assert events.next(0.1) is None and 0.05 < time.monotonic() - began < 2
        events.close()
        assert events.next() is None
