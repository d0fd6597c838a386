"""Printing against real CUPS queues: a paper in the tray, and everything that can go wrong."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pypdfium2
import pytest
import zxingcpp
from pytestqt.qtbot import QtBot

from db.dossier import Dossier
from db.kinds import FormPublished
from db.living import begun
from db.parts import ClerkFacts
from db.seed import seed_forms
from db.steps import FeeTaken
from desk_app.__main__ import main
from desk_app.bench.receipt import sample
from desk_app.desk import Desk as CounterDesk
from desk_app.devices.cups import Cups
from desk_app.devices.printing import PrintDesk
from desk_app.devices.spooler import Printer
from desk_app.papers.fee_slip import Paid, fee_slip
from desk_app.papers.forms import set_on
from desk_app.papers.receipt import receipt_pdf
from desk_app.papers.slip import slip_pdf
from desk_app.papers.small_papers import ticket_bytes, ticket_picture
from desk_app.resources import resource
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receive import receive
from desk_app.settings import load, save
from tests.papers.conftest import CODE, read_ticket, short

if TYPE_CHECKING:
    from tests.devices.conftest import PrintRoom

PATIENT = (sys.executable, "-m", "desk_app.devices.printd", "--patience", "60", "--grace", "0.5")
HASTY = (sys.executable, "-m", "desk_app.devices.printd", "--patience", "3", "--grace", "60")

Desk = Callable[..., PrintDesk]


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """One A5 page."""
    path = tmp_path / "H24.314.11680-261126-0001.pdf"
    path.write_bytes(a_page(419.5, 595.3))
    return path


def a_page(width: float, height: float) -> bytes:
    document, file = pypdfium2.PdfDocument.new(), BytesIO()
    document.new_page(width, height)
    document.save(file)
    document.close()
    return file.getvalue()


def paid_dossier() -> Dossier:
    facts = short()
    return Dossier("0a" * 16, facts, "received", begun(facts), (), ())


def words(form: str) -> dict[str, str]:
    texts = {(f.form, f.form_set): f.texts for f in seed_forms()}
    return {**texts["01", "2018"], **texts[form, "2018"]}


def fee_slip_pdf() -> bytes:
    body = FeeTaken(
        at="2026-11-26T09:41:00+07:00",
        clerk=ClerkFacts("mai", "Trần Thị Mai"),
        amount=15_000,
        how="cash",
        payment="cd" * 16,
    )
    return slip_pdf(fee_slip([Paid(paid_dossier(), body)], words("fee"), 1), set_on("fee", "A5"))


def ticket() -> bytes:
    return ticket_bytes(ticket_picture(paid_dossier(), words("ticket")))


def length(code: zxingcpp.Barcode) -> float:
    """Dots from the first bar to the last."""
    begin, end = code.position.bottom_left, code.position.bottom_right
    return math.dist((begin.x, begin.y), (end.x, end.y))


def width_of_bars(pdf: bytes) -> float:
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=300 / 72, grayscale=True).to_pil()
    document.close()
    (bars,) = (
        c for c in zxingcpp.read_barcodes(image) if c.format == zxingcpp.BarcodeFormat.Code128
    )
    return length(bars)


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


@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_a_page_across_comes_out_whole_whatever_the_sheet(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, tmp_path: Path, size: str
) -> None:
    """The fee slip, A5 across: its codes are read from the sheet, at their own scale."""
    pdf = tmp_path / "fee.pdf"
    slip = fee_slip_pdf()
    pdf.write_bytes(slip)
    assert answer_to(qtbot, desk_of(), pdf, print_room.queue("receipts", "tray"), size)[1] == (
        "printed"
    )
    landed = pypdfium2.PdfDocument(print_room.papers()[0])
    assert len(landed) == 1
    sheet = [420, 595] if size == "A5" else [595, 842]
    assert sorted(round(side) for side in landed[0].get_size()) == sheet
    image = landed[0].render(scale=300 / 72, grayscale=True).to_pil()
    landed.close()
    codes = zxingcpp.read_barcodes(image)
    assert {code.text for code in codes} == {CODE}
    (bars,) = (c for c in codes if c.format == zxingcpp.BarcodeFormat.Code128)
    was = width_of_bars(slip)
    assert abs(length(bars) - was) <= 3


def test_cups_is_told_how_the_page_lies(
    print_room: PrintRoom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "told"
    recorder = tmp_path / "lp"
    recorder.write_text(f'#!/bin/sh\necho "$@" >> {told}\nexec /usr/bin/lp "$@"\n')
    recorder.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    across, upright = tmp_path / "across.pdf", tmp_path / "upright.pdf"
    across.write_bytes(fee_slip_pdf())
    upright.write_bytes(a_page(419.5, 595.3))
    printer = print_room.queue("receipts", "tray")
    for pdf in (across, upright):
        Cups().submit(pdf, printer, "A5")
    first, second = told.read_text().splitlines()
    assert "media=A5 -o orientation-requested=4" in first
    assert "media=A5 -o orientation-requested=3" in second


def test_a_ticket_reaches_its_printer_byte_for_byte(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, tmp_path: Path
) -> None:
    sent = ticket()
    file = tmp_path / f"{CODE}-ticket-1.bin"
    file.write_bytes(sent)
    printer = print_room.raw_queue("tickets")
    assert answer_to(qtbot, desk_of(), file, printer, "raw") == ["j1", "printed", ""]
    (landed,) = print_room.papers()
    assert landed.read_bytes() == sent
    assert read_ticket(landed.read_bytes()) == [CODE]


def test_the_command_sends_a_ticket_to_the_ticket_printer_of_the_counter(
    print_room: PrintRoom, data: Path, desk: CounterDesk, form: Callable[[], DossierForm]
) -> None:
    code = receive(desk, form()).facts.code
    desk.close()
    save(data, msgspec.structs.replace(load(data), ticket_printer=print_room.raw_queue("tickets")))
    printer = print_room.queue("receipts", "tray")
    for name in ("tickets", printer):
        assert (
            main(["print", code, "--data", str(data), "--form", "ticket", "--printer", name]) == 0
        )
    raw, page = print_room.papers()
    assert read_ticket(raw.read_bytes()) == [code]
    assert b"%PDF" in page.read_bytes()


def test_what_is_no_pdf_is_not_handed_to_a_printer(
    qtbot: QtBot, print_room: PrintRoom, desk_of: Desk, tmp_path: Path
) -> None:
    file = tmp_path / "broken.pdf"
    file.write_bytes(b"no pdf")
    printer = print_room.queue("receipts", "tray")
    assert answer_to(qtbot, desk_of(), file, printer) == ["j1", "failed", "no-file"]


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
