"""The end-of-day sheet from the palette: keys, a process of its own, the printer or the screen."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from sqlalchemy import text
from two_counters import take_in_many

from db import engine as engines
from desk_app.services import day_book
from desk_app.services.day_sheet import FOLDER
from desk_app.ui.day_sheets import SHEET


class Viewer(QObject):
    """Stands in for the program that opens PDF files."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def viewer() -> Iterator[Viewer]:
    made = Viewer()
    QDesktopServices.setUrlHandler("file", made, "show")
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def said(window, keys) -> list[str]:
    """Every sentence about sheets, in its order; the status line shows the newest."""
    keys.ctrl(Qt.Key.Key_K).press(Qt.Key.Key_Escape)
    sentences: list[str] = []
    window.screens.day_sheets.said.connect(sentences.append)
    return sentences


@pytest.fixture
def sheet(data) -> Path:
    return data / FOLDER / "2026-11-26.pdf"


def ask_for_the_sheet(keys, down: int = 0) -> None:
    """Ctrl+K, a few letters, Enter; then the choice, so many lines down."""
    keys.ctrl(Qt.Key.Key_K)
    keys.type("cuoi ngay").until(lambda: not keys.window.screens._palette._is_waiting())
    keys.press(Qt.Key.Key_Return)
    palette = keys.window.screens._palette
    keys.until(lambda: palette.isVisible() and palette.edit.placeholderText() == "Phiếu cuối ngày")
    for _ in range(down):
        keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)


def test_the_sheet_is_printed_while_the_window_goes_on(window, keys, desk, sheet, said):
    take_in_many(desk, 2)
    ask_for_the_sheet(keys)
    # Nobody waits for it: the next person is taken in meanwhile.
    assert not window.screens.covered
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.until(lambda: any("tổng khớp" in sentence for sentence in said))
    assert sheet.read_bytes()[:5] == b"%PDF-"
    assert "Đang lập phiếu cuối ngày 26/11." in said
    assert "Phiếu cuối ngày 26/11: tổng khớp, đang in." in said
    keys.until(lambda: said[-1] == "Đã in phiếu cuối ngày.")
    assert window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh"


def test_the_sheet_is_opened_to_be_looked_at(window, keys, sheet, viewer, said):
    ask_for_the_sheet(keys, down=1)
    keys.until(lambda: viewer.opened == [str(sheet)])
    wanted = "Phiếu cuối ngày 26/11: tổng khớp, đã mở để xem."
    keys.until(lambda: wanted in said)
    assert window.status.copies.text == wanted


def test_the_day_book_is_beside_it_in_the_palette(window, keys, desk, data, viewer, said):
    take_in_many(desk, 2)
    keys.ctrl(Qt.Key.Key_K)
    keys.type("so ngay").until(lambda: not window.screens._palette._is_waiting())
    keys.press(Qt.Key.Key_Return)
    palette = window.screens._palette
    keys.until(lambda: palette.isVisible() and palette.edit.placeholderText() == "Sổ ngày")
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    book = data / day_book.FOLDER / "2026-11-26-2.pdf"
    keys.until(lambda: viewer.opened == [str(book)])
    keys.until(lambda: "Sổ ngày 26/11: tổng khớp, đã mở để xem." in said)


def test_sums_that_differ_are_said_in_capitals(window, keys, desk, viewer, said):
    take_in_many(desk, 1)
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(text("DELETE FROM dossier"))
    ask_for_the_sheet(keys, down=1)
    wanted = "TỔNG KHÔNG KHỚP, xem phiếu cuối ngày 26/11 (đã mở để xem)."
    keys.until(lambda: wanted in said)


def test_a_second_sheet_waits_for_the_first(window, keys, viewer, said, desk):
    ask_for_the_sheet(keys, down=1)
    window.screens.day_sheets.make(SHEET, desk.now().date(), "show")
    assert "Đang lập phiếu, chờ xong rồi lập phiếu khác." in said
    keys.until(lambda: len(viewer.opened) == 1)


def test_a_printer_that_refuses_is_told_with_the_place_of_the_file(
    window, keys, printer, sheet, said
):
    printer.write_text("failed paper")
    ask_for_the_sheet(keys)
    keys.until(lambda: f"Chưa in được phiếu: hết giấy. Tệp ở {sheet}." in said)


def test_a_sheet_that_cannot_be_written_is_said_in_a_sentence(window, keys, data, said):
    (data / FOLDER).write_text("in the way")
    ask_for_the_sheet(keys)
    keys.until(lambda: any("Chưa ghi được phiếu cuối ngày" in sentence for sentence in said))
    # The next one may be tried at once.
    (data / FOLDER).unlink()
    ask_for_the_sheet(keys)
    keys.until(lambda: any("tổng khớp" in sentence for sentence in said))


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false"])
def test_a_program_that_does_not_start_or_breaks_is_said(
    window, keys, said, monkeypatch, desk, program
):
    monkeypatch.setattr(sys, "executable", program)
    ask_for_the_sheet(keys)
    keys.until(lambda: said[-1] == SHEET.not_made)
    assert window.screens.day_sheets._order is None


def test_a_window_that_closes_takes_the_process_with_it(window, keys, said):
    ask_for_the_sheet(keys)
    made = window.screens.day_sheets._process
    keys.until(lambda: made._process is not None and made._process.processId() > 0)
    window.close()
    assert made._process is None
