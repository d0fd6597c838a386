"""Printing against real CUPS queues: a paper in the tray, and everything that can go wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pypdfium2
import pytest
import zxingcpp
from pytestqt.qtbot import QtBot

from db.kinds import FormPublished
from desk_app.bench.receipt import sample
from desk_app.devices.printing import PrintDesk
from desk_app.devices.spooler import Printer
from desk_app.papers.receipt import receipt_pdf
from desk_app.resources import resource

if TYPE_CHECKING:
    from tests.devices.conftest import PrintRoom

PATIENT = (sys.executable, "-m", "desk_app.devices.printd", "--patience", "60", "--grace", "0.5")
HASTY = (sys.executable, "-m", "desk_app.devices.printd", "--patience", "3", "--grace", "60")

Desk = Callable[..., PrintDesk]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """One A5 page."""
    path = tmp_path / "H24.314.11680-261126-0001.pdf"
    document = pypdfium2.PdfDocument.new()
    document.new_page(419.5, 595.3)
    document.save(path)
    document.close()
    return path


@pytest.fixture
def desk_of(qtbot: QtBot) -> Iterator[Desk]:
    desks: list[PrintDesk] = []

    def make(command: tuple[str, ...] = PATIENT) -> PrintDesk:
        desks.append(PrintDesk(command=command))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


def answer_to(
    qtbot: QtBot, desk: PrintDesk, paper: Path, printer: str, size: str = "A5", job: str = "j1"
) -> list[str]:
    with qtbot.waitSignal(desk.answered, timeout=60_000) as blocker:
        desk.request(job, paper, printer, size)
    return list(blocker.args)


def helper_of(desk: PrintDesk) -> int:
    helper = desk.findChildren(type(desk._helper))
    return int(helper[-1].processId())


def test_a_printed_paper_lies_in_the_tray(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "tray")
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "printed", ""]
    (landed,) = print_room.papers()
    document = pypdfium2.PdfDocument(landed)
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [420, 595]
    document.close()


def test_two_a5_abreast_come_out_on_a4_across(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, tmp_path: Path
) -> None:
    across = tmp_path / "across.pdf"
    document = pypdfium2.PdfDocument.new()
    document.new_page(841.9, 595.3)
    document.save(across)
    document.close()
    printer = print_room.queue("receipts", "tray")
    assert answer_to(qtbot, desk_of(), across, printer, "A4x2")[1] == "printed"
    landed = pypdfium2.PdfDocument(print_room.papers()[0])
    assert sorted(round(side) for side in landed[0].get_size()) == [595, 842]
    landed.close()


def test_no_printer_name_is_the_systems_default_printer(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    desk = desk_of()
    print_room.queue("receipts", "tray")
    assert answer_to(qtbot, desk, paper, "") == ["j1", "failed", "no-printer"]
    print_room.admin("lpadmin", "-d", "receipts")
    assert answer_to(qtbot, desk, paper, "") == ["j1", "printed", ""]


def test_the_printers_are_listed_with_the_default_one_first(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk
) -> None:
    for name in ("a-laser", "b-laser", "c-laser"):
        print_room.queue(name, "tray")
    print_room.admin("lpadmin", "-d", "b-laser")
    print_room.admin("cupsdisable", "c-laser")
    desk = desk_of()
    with qtbot.waitSignal(desk.listed, timeout=60_000) as blocker:
        desk.printers()
    assert blocker.args == [
        (Printer("b-laser", True), Printer("a-laser", True), Printer("c-laser", False))
    ]


def test_a_printer_that_is_not_there_is_said_so(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    assert answer_to(qtbot, desk_of(), paper, "nowhere") == ["j1", "failed", "no-printer"]


def test_a_stopped_printer_is_given_nothing(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "tray")
    print_room.admin("cupsdisable", printer)
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "stopped"]
    print_room.admin("cupsenable", printer)
    assert print_room.open_jobs() == ""


def test_a_printer_that_rejects_jobs_is_said_so(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "tray")
    print_room.admin("cupsreject", printer)
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "rejecting"]


def test_a_jam_that_stops_the_queue_takes_the_job_back(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "jam")
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "stopped"]
    assert print_room.open_jobs() == ""


def test_a_jam_that_ends_the_job_is_a_failure(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "jam", policy="abort-job")
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "aborted"]


def test_a_job_that_cups_holds_back_is_taken_back(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "tray")
    (print_room.folder / "bin" / "filter").unlink()
    (print_room.folder / "bin" / "filter").mkdir()
    broken = print_room.folder / "bin" / "filter" / "pdftopdf"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "stopped"]
    assert print_room.open_jobs() == ""


def test_a_network_printer_that_is_switched_off_is_said_so(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    # Nothing listens at the discard port of this machine, as nothing does at a printer without
    # power; CUPS itself would try for ever.
    printer = print_room.queue("receipts", "socket://127.0.0.1:9")
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "offline"]
    assert print_room.open_jobs() == ""


def test_the_codes_of_a_receipt_survive_the_print_system(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, tmp_path: Path
) -> None:
    texts = msgspec.json.decode(
        resource("catalogue/forms.json").read_bytes(), type=list[FormPublished]
    )[0].texts
    receipt = sample(7, texts)
    pdf = tmp_path / f"{receipt.facts.code}.pdf"
    pdf.write_bytes(receipt_pdf(receipt, "A5", (2,)))
    assert answer_to(qtbot, desk_of(), pdf, print_room.queue("receipts", "tray"))[1] == "printed"
    document = pypdfium2.PdfDocument(print_room.papers()[0])
    image = document[0].render(scale=300 / 72, grayscale=True).to_pil()
    document.close()
    read = {barcode.text for barcode in zxingcpp.read_barcodes(image)}
    assert read == {
        receipt.facts.code,
        f"{receipt.facts.office.lookup_url}?ma={receipt.facts.code}",
    }


def test_a_printer_out_of_paper_is_said_so_and_the_job_taken_back(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "empty")
    assert answer_to(qtbot, desk_of(), paper, printer) == ["j1", "failed", "paper"]
    assert print_room.open_jobs() == ""


def test_a_printer_that_never_answers_leaves_it_to_the_clerk(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "hang")
    assert answer_to(qtbot, desk_of(HASTY), paper, printer) == ["j1", "unsure", "no-word"]


def test_a_dead_printer_does_not_hold_up_another(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    dead, good = print_room.queue("dead", "hang"), print_room.queue("good", "tray")
    desk = desk_of()
    desk.request("stuck", paper, dead, "A5")
    assert answer_to(qtbot, desk, paper, good, job="quick") == ["quick", "printed", ""]


def test_a_job_somebody_cancels_is_a_failure(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    printer = print_room.queue("receipts", "hang")
    desk = desk_of()
    with qtbot.waitSignal(desk.answered, timeout=60_000) as blocker:
        desk.request("j1", paper, printer, "A5")
        qtbot.waitUntil(lambda: "receipts-1" in print_room.open_jobs(), timeout=30_000)
        print_room.admin("cancel", "receipts-1")
    assert blocker.args == ["j1", "failed", "cancelled"]


def test_a_helper_killed_half_way_fails_every_open_job_and_the_next_one_prints(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, paper: Path
) -> None:
    hang, good = print_room.queue("hang", "hang"), print_room.queue("good", "tray")
    desk = desk_of()
    answers: list[tuple[str, str, str]] = []
    desk.answered.connect(lambda *answer: answers.append(answer))
    desk.request("one", paper, hang, "A5")
    desk.request("two", paper, hang, "A5")
    qtbot.waitUntil(lambda: "hang-2" in print_room.open_jobs(), timeout=30_000)
    os.kill(helper_of(desk), signal.SIGKILL)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=30_000)
    assert sorted(answers) == [("one", "failed", "helper-died"), ("two", "failed", "helper-died")]
    assert answer_to(qtbot, desk, paper, good, job="three") == ["three", "printed", ""]


def test_a_helper_that_cannot_start_is_said_so(qtbot: QtBot, desk_of: Desk, paper: Path) -> None:
    desk = desk_of(("/nowhere/printd",))
    assert answer_to(qtbot, desk, paper, "any") == ["j1", "failed", "no-helper"]


def test_a_paper_that_is_gone_is_said_so(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, tmp_path: Path
) -> None:
    printer = print_room.queue("receipts", "tray")
    gone = tmp_path / "gone.pdf"
    assert answer_to(qtbot, desk_of(), gone, printer) == ["j1", "failed", "no-file"]


def test_without_a_print_service_printing_fails_and_lists_nothing(
    qtbot: QtBot, desk_of: Desk, paper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "no-socket"))
    desk = desk_of()
    assert answer_to(qtbot, desk, paper, "any") == ["j1", "failed", "no-service"]
    with qtbot.waitSignal(desk.listed, timeout=60_000) as blocker:
        desk.printers()
    assert blocker.args == [()]


def test_the_helper_imports_no_qt_on_linux() -> None:
    said = subprocess.check_output(
        [sys.executable, "-c", "import sys, desk_app.devices.printd, desk_app.devices.cups; "
         "print([m for m in sys.modules if m.startswith('PySide6')])"],
        text=True,
    )  # fmt: skip
    assert said.strip() == "[]"
