"""The test page of the scanner."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt

from desk_app import settings as settings_file
from desk_app.desk import Desk
from desk_app.devices.burst import Pace, Reading
from desk_app.ui.runner import Runner
from desk_app.ui.scanner_page import TEST_CARD, ScannerPage, _modules, verdict_of

UNMARKED = "000000000000||Thu May Quet Aaaaa Duo|01012000|Nu|Thon Dong, xa Thu, Hai Phong|02022022"


def reading(text: str, mean: float = 4, verdict: Any = "scan") -> Reading:
    return Reading(text, len(text), mean, mean * 2, verdict, "enter")


@pytest.mark.parametrize(
    ("read", "word"),
    [
        (reading(TEST_CARD), "Tốt"),
        (reading(UNMARKED), "Sai dấu"),
        (reading("031187999912"), "Đọc được"),
        (reading("H24.314.11749-261126-0019"), "Đọc được"),
        (reading("031187999912", 60, "typing"), "Quá chậm"),
        (reading("|||khong ro|||", 4, "unclear"), "Chưa rõ"),
    ],
)
def test_the_verdict_says_what_the_scanner_does(read: Reading, word: str) -> None:
    verdict = verdict_of(read, Pace())
    assert verdict.word == word
    assert len(verdict.advice) <= 90


def test_a_scan_is_shown_with_its_characters_and_its_speed(
    runner: Runner, show: Callable[..., Any]
) -> None:
    page = ScannerPage(runner)
    show(page)
    assert page._empty.isVisible()
    page.show_reading(reading(TEST_CARD))
    assert not page._empty.isVisible()
    assert page._word.text == "Tốt"
    assert page._count.value.text() == str(len(TEST_CARD))
    assert (page._mean.value.text(), page._longest.value.text()) == ("4 ms", "8 ms")
    assert page._text.text() == TEST_CARD


def test_the_code_on_the_page_holds_the_test_text(look: Any) -> None:
    import zxingcpp

    image = _modules()
    scale = 6
    big = image.scaled(image.width() * scale, image.height() * scale)
    gray = big.convertToFormat(big.Format.Format_Grayscale8)
    pixels = memoryview(gray.constBits())  # type: ignore[call-overload]
    rows = b"".join(
        bytes(pixels[y * gray.bytesPerLine() : y * gray.bytesPerLine() + gray.width()])
        for y in range(gray.height())
    )
    view = memoryview(rows).cast("B", (gray.height(), gray.width()))
    (found,) = zxingcpp.read_barcodes(view)
    assert found.text == TEST_CARD


def test_a_port_is_chosen_by_keys_and_saved(
    runner: Runner,
    desk: Desk,
    show: Callable[..., Any],
    settle: Callable[[], None],
    listener: Any,
) -> None:
    page = ScannerPage(runner)
    page.port_chosen.connect(listener.hear)
    keys = show(page)
    settle()
    page._on_ports([("/dev/ttyACM7", "Honeywell 1470g")])
    page.take_focus()
    assert page._ports.current().text == "Kiểu bàn phím"  # type: ignore[union-attr]
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    settle()
    assert listener.heard == ["/dev/ttyACM7"]
    assert settings_file.load(desk.data).scanner_port == "/dev/ttyACM7"
    settle()
    rows = page._ports.rows
    entries = [rows.entry(row) for row in range(rows.rowCount())]
    assert [e.text for e in entries if e and e.taken] == ["/dev/ttyACM7"]


def test_the_page_says_whether_the_port_answers_and_esc_leaves(
    runner: Runner, show: Callable[..., Any], listener: Any
) -> None:
    page = ScannerPage(runner)
    page.left.connect(lambda: listener.hear("left"))
    keys = show(page)
    page.take_focus()
    page.show_state("absent")
    assert page._state.text() == "Chưa thấy máy quét. Cắm lại dây USB, hoặc gõ tay."
    page.show_state("ready")
    assert page._state.text() == "Cổng đang mở, quét được."
    keys.press(Qt.Key.Key_Escape)
    assert listener.heard == ["left"]
