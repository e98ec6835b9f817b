from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Callable

import miandan
import pytest
from conftest import ORDERS, TEMPLATE, Desk


def batch_of(desk: Desk, many: Path) -> miandan.Batch:
    return miandan.Batch(desk.component(), miandan.Orders(many), TEMPLATE)


def nothing_is_left(folder: Path) -> bool:
    return list(folder.iterdir()) == []


def components() -> int:
    """Children of this process, those that are dead and not waited for included."""
    tasks = Path(f"/proc/{os.getpid()}/task")
    return sum(len((task / "children").read_text().split()) for task in tasks.iterdir())


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_progress_may_raise(desk: Desk, many: Path, tmp_path: Path) -> None:
    def progress(label: miandan.LabelOutcome) -> None:
        if label.number == 100:
            raise KeyError("of the caller")

    with pytest.raises(KeyError, match="of the caller"):
        batch_of(desk, many).print_pdf(tmp_path / "labels.pdf", progress)
    assert nothing_is_left(tmp_path)
    until(lambda: components() == 0)


def test_progress_may_print_something_else(desk: Desk, tmp_path: Path) -> None:
    done: list[int] = []

    def progress(label: miandan.LabelOutcome) -> None:
        if label.number == 1:
            done.append(desk.batch().print_pdf(tmp_path / "other.pdf").done)

    assert desk.batch().print_pdf(tmp_path / "labels.pdf", progress).done == ORDERS
    assert done == [ORDERS]


def test_a_batch_is_cancelled_from_another_thread(desk: Desk, many: Path, tmp_path: Path) -> None:
    batch = batch_of(desk, many)
    batch.cancel()  # nothing is running: nothing to cancel
    timer = threading.Timer(0.05, batch.cancel)
    timer.start()
    with pytest.raises(miandan.Cancelled) as caught:
        batch.print_pdf(tmp_path / "labels.pdf")
    assert caught.value.status == "CANCELLED"
    assert nothing_is_left(tmp_path)
    timer.join()
    with batch.labels() as labels:
        assert next(labels).ok, "what was cancelled was the call, not the batch"


@pytest.mark.parametrize("way", ["labels", "batch"])
def test_labels_are_cancelled(desk: Desk, many: Path, way: str) -> None:
    batch = batch_of(desk, many)
    labels = batch.labels()
    next(labels)
    (labels if way == "labels" else batch).cancel()
    with pytest.raises(miandan.Cancelled):
        for _ in labels:
            pass
    assert list(labels) == [] and labels.summary is None


def test_labels_that_nobody_wants_any_more_end(desk: Desk, many: Path) -> None:
    with batch_of(desk, many).labels() as labels:
        next(labels)
    assert components() == 0
    assert list(labels) == []
    forgotten = batch_of(desk, many).labels()
    next(forgotten)
    del forgotten
    gc.collect()
    until(lambda: components() == 0)


def test_one_iterator_may_be_read_by_several_threads(desk: Desk, many: Path) -> None:
    labels = batch_of(desk, many).labels()
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.extend(label.number for label in labels)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(seen) == list(range(1, 3_001))


def test_one_batch_may_be_printed_by_several_threads(desk: Desk, tmp_path: Path) -> None:
    batch = desk.batch(printed_at=1)
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda place=place: done.append(batch.print_pdf(tmp_path / f"{place}.pdf").done))
        for place in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert done == [ORDERS] * 8
    assert len({(tmp_path / f"{place}.pdf").read_bytes() for place in range(8)}) == 1


def test_others_run_while_labels_are_made(desk: Desk, many: Path, tmp_path: Path) -> None:
    """The interpreter is free meanwhile: another thread counts on."""
    over = threading.Event()
    waits: list[float] = []

    def count() -> None:
        while not over.is_set():
            began = time.perf_counter()
            time.sleep(0.001)
            waits.append(time.perf_counter() - began)

    thread = threading.Thread(target=count)
    thread.start()
    batch_of(desk, many).print_pdf(tmp_path / "labels.pdf")
    over.set()
    thread.join()
    assert len(waits) > 20 and sorted(waits)[len(waits) // 2] < 0.05


@pytest.mark.parametrize(
    "call",
    [
        "batch.print_pdf(folder / 'labels.pdf')",
        "batch.print_pdf(folder / 'labels.pdf', lambda label: None)",
        "[label for _ in range(100) for label in batch.labels()]",
        "miandan.Orders(folder / 'pipe')",
        "hangs.check()",
        "miandan.Batch(hangs, orders, 'one-part-76x130').print_pdf(folder / 'labels.pdf')",
        "next(miandan.Batch(hangs, orders, 'one-part-76x130').labels())",
    ],
)
def test_control_c_ends_what_takes_long(desk: Desk, many: Path, tmp_path: Path, call: str) -> None:
    hangs = tmp_path / "hangs"
    hangs.write_text("#!/bin/sh\nexec sleep 60\n")
    hangs.chmod(0o755)
    folder = tmp_path / "folder"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    script = f"""
        import miandan, pathlib
        desk, folder = pathlib.Path({str(desk.folder)!r}), pathlib.Path({str(folder)!r})
        component = miandan.Component(desk / "station.key", desk / "issuer.key.pub")
        hangs = miandan.Component(desk / "station.key", desk / "issuer.key.pub", program={str(hangs)!r})
        orders = miandan.Orders({str(many)!r})
        batch = miandan.Batch(component, miandan.Orders.from_bytes(pathlib.Path({str(many)!r}).read_bytes() * 20), "one-part-76x130")
        print("begins", flush=True)
        try:
            {call}
        except KeyboardInterrupt:
            print("interrupted", flush=True)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "begins\n"
        time.sleep(0.3)
        began = time.monotonic()
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=30)
        assert (out, program.returncode) == ("interrupted\n", 0), err
        assert time.monotonic() - began < 5
    assert [path.name for path in folder.iterdir()] == ["pipe"], "nothing half-written is left"


def test_a_child_does_not_wait_for_threads_of_its_parent(desk: Desk, many: Path) -> None:
    labels = batch_of(desk, many).labels()
    next(labels)
    child = os.fork()
    if child == 0:
        try:
            next(labels)
        except miandan.BadArgument as error:
            os._exit(0 if error.status == "BAD_HANDLE" and desk.batch().labels().__next__().ok else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    labels.close()


def memory() -> int:
    gc.collect()
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1])


def test_many_calls_leave_nothing_in_memory(desk: Desk, tmp_path: Path) -> None:
    """The short form; `bench.py` makes 100,000 calls."""
    component = desk.component()
    one = desk.lines[0]

    def call(times: int) -> None:
        for _ in range(times):
            orders = miandan.Orders.from_bytes(one)
            batch = miandan.Batch(component, orders, TEMPLATE)
            len(batch), miandan.template(TEMPLATE), miandan.Profile("tsc"), repr(component)
            try:
                miandan.Component(tmp_path / "nothing")
            except miandan.InputError:
                pass

    def whole(times: int) -> None:
        for _ in range(times):
            for label in desk.batch(workers=1).labels():
                assert label.ok

    for work, times in ((call, 2_000), (whole, 30)):
        work(times)
        before = memory()
        work(times)
        assert memory() - before < 1_500
    assert len(os.listdir("/proc/self/fd")) < 64
    until(lambda: components() == 0 and len(os.listdir("/proc/self/task")) < 8)
