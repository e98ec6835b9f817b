from __future__ import annotations

import copy
import pickle
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import miandan
import pytest
from conftest import TEMPLATE, Desk

PROTOCOL = 65_000


def fake(folder: Path, script: str) -> Path:
    """A program that is not our component."""
    path = folder / "miandan-component"
    path.write_text(f"#!{sys.executable}\n{script}\n")
    path.chmod(0o755)
    return path


def test_a_component_that_is_missing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(miandan.ComponentError, match="not found at") as caught:
        desk.component(program=tmp_path / "nowhere")
    assert (caught.value.status, caught.value.number) == ("COMPONENT_MISSING", 110)
    assert caught.value.meaning("zh") == "未找到打印组件"


def ready(desk: Desk) -> bytearray:
    """What the component says first: the length of it, its kind, and the version of the protocol."""
    ours, theirs = socket.socketpair()
    command = [desk.component().program, "--status-policy", "off", "--without-key"]
    with ours, theirs, subprocess.Popen(command, stdin=theirs.fileno(), env={}, cwd="/") as component:
        said = bytearray(ours.recv(4, socket.MSG_WAITALL))
        said += ours.recv(int.from_bytes(said, "little"), socket.MSG_WAITALL)
        component.kill()
    assert said[4] == 128
    return said


def test_a_component_of_another_version(desk: Desk, tmp_path: Path) -> None:
    said = ready(desk)
    said[5:7] = PROTOCOL.to_bytes(2, "little")
    frame = bytes(said)
    program = fake(tmp_path, f"import os\nos.write(0, {frame!r})\nos.read(0, 1)")
    component = desk.component(program=program)
    for ask in (component.check, lambda: list(of(desk, component).labels())):
        with pytest.raises(miandan.ComponentError, match="version 65000") as caught:
            ask()
        assert caught.value.status == "COMPONENT_VERSION"


def of(desk: Desk, component: miandan.Component) -> miandan.Batch:
    return miandan.Batch(component, miandan.Orders(desk.sealed), TEMPLATE)


@pytest.mark.parametrize(
    "script", ["", "import sys\nsys.exit('it does not want to')", "import os\nos.write(0, b'nonsense' * 9)"]
)
def test_a_component_that_is_something_else(desk: Desk, tmp_path: Path, script: str) -> None:
    component = desk.component(program=fake(tmp_path, script))
    with pytest.raises(miandan.ComponentError) as caught:
        of(desk, component).print_pdf(tmp_path / "labels.pdf")
    assert caught.value.status == "COMPONENT_FAILED"
    if "want" in script:
        assert "it does not want to" in str(caught.value)
    assert not (tmp_path / "labels.pdf").exists()


def test_a_component_that_is_no_program(desk: Desk, tmp_path: Path) -> None:
    program = tmp_path / "miandan-component"
    program.write_bytes(b"\0\1\2")
    with pytest.raises(miandan.ComponentError):
        desk.component(program=program).check()


def test_a_service_that_is_not_there(desk: Desk, tmp_path: Path) -> None:
    component = miandan.Component(program=f"unix:{tmp_path}/socket")
    with pytest.raises(miandan.ComponentError) as caught:
        component.check()
    assert caught.value.status == "SERVICE_UNREACHABLE"


def test_files_that_are_missing_or_something_else(desk: Desk, tmp_path: Path) -> None:
    for make in (
        lambda: desk.component("nothing.key"),
        lambda: miandan.Component(desk.folder, desk.folder / "issuer.key.pub"),
        lambda: miandan.Component("credential:none"),
        lambda: miandan.Orders(tmp_path / "nothing"),
        lambda: miandan.Orders(tmp_path),
        lambda: miandan.Orders("a\0b"),
        lambda: desk.batch(fonts=[tmp_path / "nothing.ttf"]),
    ):
        with pytest.raises(miandan.InputError) as caught:
            make()
        assert caught.value.status == "UNREADABLE"
    with pytest.raises(miandan.InputError) as caught:
        miandan.Orders.from_bytes(b"\n \r\n")
    assert caught.value.status == "NO_ORDERS"
    with pytest.raises(miandan.InputError) as caught:
        desk.batch(fonts=[b"no font"]).print_pdf(tmp_path / "labels.pdf")
    assert caught.value.status == "FONT_REFUSED"


def test_a_key_that_is_no_key(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "no.key").write_text("no key")
    component = miandan.Component(tmp_path / "no.key", desk.folder / "issuer.key.pub")
    with pytest.raises(miandan.Refused) as caught:
        component.check()
    assert 0 < caught.value.number < 100


def test_outputs_that_cannot_be_written(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    batch = desk.batch()
    writes: list[Callable[[], object]] = [
        lambda: batch.print_pdf(tmp_path / "no" / "labels.pdf"),
        lambda: batch.print_pdf(tmp_path),
        lambda: batch.print_folder(tmp_path / "file"),
        lambda: batch.print_file("\udcff\0", "tsc"),
    ]
    for write in writes:
        with pytest.raises(miandan.OutputError) as caught:
            write()
        assert caught.value.status == "UNWRITABLE"


def test_templates_and_profiles_that_are_none(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("dpi = 1")
    orders = miandan.Orders(desk.sealed)
    with pytest.raises(miandan.Refused) as caught:
        miandan.Batch(desk.component(), orders, b"<page").print_pdf(tmp_path / "labels.pdf")
    assert caught.value.status == "TEMPLATE_REFUSED"
    with pytest.raises(miandan.BadArgument, match="is shipped"):
        miandan.Batch(desk.component(), orders, "no-such-label")
    for profile in ("no-such-printer", tmp_path / "bad.toml"):
        with pytest.raises(miandan.PrinterError) as printer:
            desk.batch().print_file(tmp_path / "labels.prn", profile)
        assert printer.value.status == "PRINTER_UNKNOWN"
    with pytest.raises(miandan.PrinterError) as printer:
        desk.batch().print_file(tmp_path / "labels.prn", "cpcl-58")
    assert printer.value.status == "PRINTER_UNFIT"


@pytest.mark.parametrize(
    "options",
    [
        {"now": -1.0},
        {"now": float("nan")},
        {"now": 1e300},
        {"workers": 0},
        {"workers": -5},
        {"dpi": 204},
        {"missing": "hide"},
    ],
)
def test_numbers_out_of_their_range(desk: Desk, options: dict[str, Any]) -> None:
    with pytest.raises(miandan.BadArgument) as caught:
        desk.batch(**options)
    assert isinstance(caught.value, ValueError)


def test_arguments_of_another_kind(desk: Desk, tmp_path: Path) -> None:
    component, orders = desk.component(), miandan.Orders(desk.sealed)
    make: Any = miandan
    wrong: list[Callable[[], object]] = [
        lambda: make.Component(7),
        lambda: make.Component(None, [None]),
        lambda: make.Orders(None),
        lambda: make.Orders.from_bytes(7),
        lambda: make.Orders.from_bytes(None),
        lambda: make.Batch(None, None, None),
        lambda: make.Batch(orders, component, TEMPLATE),
        lambda: make.Batch(component, orders, 7),
        lambda: make.Batch(component, orders, TEMPLATE, workers="many"),
        lambda: make.Batch(component, orders, TEMPLATE, fonts=7),
        lambda: make.Batch(component, orders, TEMPLATE).print_pdf(None),
        lambda: make.Batch(component, orders, TEMPLATE).print_pdf(tmp_path / "x.pdf", 7),
        lambda: make.Batch(component, orders, TEMPLATE).labels(7),
        lambda: make.Labels(),
        lambda: make.Profile(None),
        lambda: make.template(7),
        lambda: make.meaning(None),
    ]
    for call in wrong:
        with pytest.raises(TypeError):
            call()
    with pytest.raises(miandan.BadArgument):
        miandan.meaning("NO_SUCH_STATUS")
    with pytest.raises(miandan.BadArgument):
        miandan.Component(status_policy="required")
    with pytest.raises(miandan.BadArgument):
        make.Component(status_policy="sometimes")
    with pytest.raises(miandan.BadArgument):
        miandan.Component("")


def test_odd_encodings(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(miandan.BadArgument) as caught:
        miandan.Orders.from_bytes("half a character: \ud800")
    assert caught.value.status == "NOT_UNICODE"
    for data in (b"\xff\xfe" + "{}".encode("utf-16-le"), b"\0" * 100, b"{" * 100_000, "面单".encode("gb18030")):
        batch = miandan.Batch(desk.component(), miandan.Orders.from_bytes(data), TEMPLATE)
        assert {label.code for label in batch.labels()} <= {"MALFORMED", "LIMIT"}
    with pytest.raises(miandan.Refused):
        list(miandan.Batch(desk.component(), miandan.Orders(desk.sealed), "<页>".encode("gb18030")).labels())
    summary = desk.batch().print_pdf(tmp_path / "面单 \udcff.pdf")
    assert summary.failed == 0


def test_exceptions_are_pythons_own() -> None:
    error = miandan.Duplicate("printed already", "DUPLICATE", 134, "261111-001-001")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert isinstance(other, miandan.Duplicate)
        assert (str(other), other.status, other.number, other.earlier) == ("printed already", "DUPLICATE", 134, "261111-001-001")
    assert issubclass(miandan.Uncertain, miandan.PrinterError) and issubclass(miandan.PrinterError, miandan.Error)
