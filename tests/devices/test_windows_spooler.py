"""What can be tested of printing on Windows elsewhere: the drawing, and the reading of its word."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pypdfium2
import pytest
import zxingcpp
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from db.kinds import FormPublished
from desk_app.bench.receipt import sample
from desk_app.devices.spooler import Declined, Look, Size
from desk_app.devices.windows_spooler import WindowsSpooler, _send_raw, draw_pages, judge
from desk_app.papers.receipt import receipt_pdf
from desk_app.resources import resource


@pytest.mark.parametrize(
    ("size", "sides", "pages"),
    [("A5", (420, 595), 2), ("A4", (595, 842), 2), ("A4x2", (842, 595), 1)],
)
def test_drawn_pages_keep_their_size_and_their_codes(
    qtbot: QtBot, tmp_path: Path, size: Size, sides: tuple[int, int], pages: int
) -> None:
    texts = msgspec.json.decode(
        resource("catalogue/forms.json").read_bytes(), type=list[FormPublished]
    )[1].texts
    receipt = sample(3, texts)
    pdf = tmp_path / f"{receipt.facts.code}.pdf"
    pdf.write_bytes(receipt_pdf(receipt, size))
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(tmp_path / "drawn.pdf"))
    device.setResolution(300)
    draw_pages(device, pdf, size)

    drawn = pypdfium2.PdfDocument(tmp_path / "drawn.pdf")
    assert len(drawn) == pages
    read = []
    for page in drawn:
        assert page.get_size() == pytest.approx(sides, abs=1)
        image = page.render(scale=300 / 72, grayscale=True).to_pil()
        read += [barcode.text for barcode in zxingcpp.read_barcodes(image)]
    drawn.close()
    assert read.count(receipt.facts.code) == 2
    assert receipt.signed in read


@pytest.mark.parametrize(
    ("page", "size", "sides"),
    [
        ((595.3, 419.5), "A5", (595, 420)),  # a fee slip
        ((595.3, 419.5), "A4", (595, 842)),  # the upper half of an upright sheet
        ((841.9, 595.3), "A4", (842, 595)),  # a hand-over list
        ((419.5, 595.3), "A5", (420, 595)),
    ],
)
def test_a_sheet_lies_as_its_page_needs(
    qtbot: QtBot,
    tmp_path: Path,
    page: tuple[float, float],
    size: Size,
    sides: tuple[int, int],
) -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(*page)
    document.save(tmp_path / "page.pdf")
    document.close()
    device = QPrinter(QPrinter.PrinterMode.HighResolution)
    device.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    device.setOutputFileName(str(tmp_path / "drawn.pdf"))
    draw_pages(device, tmp_path / "page.pdf", size)
    drawn = pypdfium2.PdfDocument(tmp_path / "drawn.pdf")
    assert drawn[0].get_size() == pytest.approx(sides, abs=1)
    drawn.close()


def test_raw_bytes_need_windows_and_say_so(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("here the spooler is asked")
    (tmp_path / "ticket.bin").write_bytes(b"\x1b@")
    with pytest.raises(Declined, match="no-service"):
        _send_raw("POS-80", tmp_path / "ticket.bin")


def test_the_spoolers_bits_become_plain_words() -> None:
    assert judge(0x80) == Look("printed")
    assert judge(0x1000) == Look("printed")
    assert judge(0x40) == Look("waiting", "paper")
    assert judge(0x22) == Look("waiting", "offline")
    assert judge(0x2) == Look("waiting", "stopped")
    assert judge(0x100) == Look("failed", "cancelled")
    assert judge(0x10) == Look("waiting")


def test_a_job_without_a_number_leaves_it_to_the_clerk(qtbot: QtBot) -> None:
    assert WindowsSpooler().look(("any", 0)) == Look("unsure", "no-word")


def test_a_missing_file_or_printer_is_declined(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(Declined, match="no-file"):
        WindowsSpooler().submit(tmp_path / "none.pdf", "any", "A5")
    (tmp_path / "some.pdf").write_bytes(b"")
    with pytest.raises(Declined, match="no-printer"):
        WindowsSpooler().submit(tmp_path / "some.pdf", "No such printer", "A5")
