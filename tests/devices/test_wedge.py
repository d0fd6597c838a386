"""The filter around the recogniser: fields are put back, Enter is swallowed, hands feel nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QStringListModel, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desk_app.devices.wedge import Wedge

CARD = "031190999992||Phạm Thị Thử Hai|12121990|Nữ|Tổ dân phố 3, Núi Đối, Hải Phòng|25122021"


class Bench:
    """A window with one of each kind of field, and a scanner that types into it."""

    def __init__(self, qtbot, app, prefix=""):
        self.ms = 1_000.0
        self.scans, self.unclear, self.readings = [], 0, []
        self.wedge = Wedge(app, clock=self.clock, prefix=prefix)
        self.wedge.scanned.connect(self.scans.append)
        self.wedge.unclear.connect(self.on_unclear)
        self.wedge.observed.connect(self.readings.append)
        self.window = QWidget()
        self.line, self.page, self.spin = QLineEdit(), QPlainTextEdit(), QSpinBox()
        self.box, self.list = QCheckBox("Đồng ý"), QListView()
        self.spin.setMaximum(9_999)
        self.list.setModel(QStringListModel(["0 không", "3 ba", "Phạm", "Thử"], self.list))
        self.list.setCurrentIndex(self.list.model().index(0, 0))
        layout = QVBoxLayout(self.window)
        for field in (self.line, self.page, self.spin, self.box, self.list):
            layout.addWidget(field)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)

    def clock(self, event):
        return self.ms

    def on_unclear(self):
        self.unclear += 1

    def scan(self, text, ms=5.0, end=Qt.Key.Key_Return):
        self.ms += 500
        for letter in text:
            self.ms += ms
            self.letter(letter)
        if end is not None:
            self.ms += ms
            QTest.keyClick(self.window.windowHandle(), end)
        self.ms += 500

    def letter(self, letter):
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            key = ord(letter.upper()) if letter.isascii() else 0
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(self.window.windowHandle(), event)


@pytest.fixture
def bench(qtbot, qapp):
    made = Bench(qtbot, qapp)
    yield made
    made.wedge.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_a_line_holds_again_what_it_held(bench):
    bench.line.setFocus()
    bench.line.setText("Để vay vốn")
    bench.line.setCursorPosition(3)
    edited = []
    bench.line.textEdited.connect(edited.append)
    entered = []
    bench.line.returnPressed.connect(lambda: entered.append(1))
    bench.scan(CARD)
    assert bench.scans == [CARD]
    assert (bench.line.text(), bench.line.cursorPosition()) == ("Để vay vốn", 3)
    assert edited[-1] == "Để vay vốn"
    assert entered == []


def test_letters_pass_at_once_while_nobody_knows_yet(bench):
    bench.line.setFocus()
    bench.scan(CARD[:5], end=None)
    assert bench.line.text() == CARD[:5]


def test_a_selection_is_put_back_too(bench):
    bench.line.setFocus()
    bench.line.setText("Để vay vốn")
    bench.line.setSelection(3, 3)
    bench.scan(CARD)
    assert bench.line.selectedText() == "vay"


def test_several_lines_hold_again_what_they_held(bench):
    bench.page.setFocus()
    bench.page.setPlainText("dòng một\ndòng hai")
    bench.scan(CARD)
    assert bench.page.toPlainText() == "dòng một\ndòng hai"
    assert bench.scans == [CARD]


def test_a_number_field_keeps_its_number(bench):
    bench.spin.setFocus()
    bench.spin.setValue(7)
    bench.scan(CARD)
    assert bench.spin.lineEdit().text() == "7"


def test_a_box_is_not_ticked_by_the_blanks_of_a_name(bench):
    bench.box.setFocus()
    bench.scan(CARD)
    assert not bench.box.isChecked()
    assert bench.scans == [CARD]


def test_a_list_lights_the_row_it_lit(bench):
    bench.list.setFocus()
    bench.scan(CARD)
    assert bench.list.currentIndex().row() == 0
    assert bench.list.hasFocus()


def test_a_scan_ended_by_tab_does_not_move_the_focus(bench):
    bench.line.setFocus()
    bench.scan(CARD, end=Qt.Key.Key_Tab)
    assert bench.scans == [CARD]
    assert bench.line.hasFocus()


def test_a_scan_without_enter_is_read_when_it_falls_silent(bench, qtbot):
    bench.line.setFocus()
    bench.scan(CARD, end=None)
    qtbot.waitUntil(lambda: bench.scans == [CARD])
    assert bench.line.text() == ""


def test_noise_leaves_nothing_and_is_said(bench, qtbot):
    bench.line.setFocus()
    bench.scan("0311909||~x")
    qtbot.waitUntil(lambda: bench.unclear == 1)
    assert bench.line.text() == ""
    assert bench.scans == []


def test_a_hand_types_and_enter_arrives(bench):
    bench.line.setFocus()
    entered = []
    bench.line.returnPressed.connect(lambda: entered.append(1))
    bench.scan("031190999992", ms=70)
    assert bench.line.text() == "031190999992"
    assert entered == [1]
    assert bench.scans == []


def test_a_held_key_is_no_scan(bench):
    bench.line.setFocus()
    for _ in range(12):
        bench.ms += 30
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_1, Qt.KeyboardModifier.NoModifier, "1", True
        )
        QApplication.sendEvent(bench.window.windowHandle(), event)
    QTest.qWait(150)
    assert bench.line.text() == "1" * 12
    assert bench.unclear == 0


def test_text_of_an_input_method_counts_as_keys(bench, qtbot):
    bench.line.setFocus()
    bench.ms += 500
    for letter in CARD:
        bench.ms += 5
        event = QInputMethodEvent("", [])
        event.setCommitString(letter)
        QApplication.sendEvent(bench.line, event)
    qtbot.waitUntil(lambda: bench.scans == [CARD])
    assert bench.line.text() == ""


def test_the_test_page_hears_how_quick_it_was(bench):
    bench.line.setFocus()
    bench.scan(CARD, ms=8)
    bench.scan("tay go cham", ms=120)
    verdicts = [(reading.verdict, round(reading.mean_ms)) for reading in bench.readings]
    assert verdicts == [("scan", 8)]


def test_a_prefixed_scanner_leaks_nothing_at_any_speed(qtbot, qapp):
    bench = Bench(qtbot, qapp, prefix="\x02")
    bench.line.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    press = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_B, control, "\x02")
    QApplication.sendEvent(bench.window.windowHandle(), press)
    seen = []
    bench.line.textChanged.connect(seen.append)
    for letter in CARD:
        bench.ms += 80
        bench.letter(letter)
    QTest.keyClick(bench.window.windowHandle(), Qt.Key.Key_Return)
    assert bench.scans == [CARD]
    assert seen == []
    bench.wedge.deleteLater()


def test_a_second_window_is_watched_while_it_has_the_keyboard(bench, qtbot):
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    other.setFocus()
    bench.ms += 500
    for letter in CARD:
        bench.ms += 5
        key = ord(letter.upper()) if letter.isascii() else 0
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(other.windowHandle(), event)
    QTest.keyClick(other.windowHandle(), Qt.Key.Key_Return)
    assert bench.scans == [CARD]
    assert other.text() == ""
