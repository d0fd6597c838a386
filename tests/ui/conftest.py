"""The window over a real counter, a printer that does as it is told, and a hand that counts keys."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desk_app.desk import Desk
from desk_app.devices.printing import PrintDesk
from desk_app.devices.wedge import Wedge
from desk_app.ui.main_window import MainWindow
from desk_app.ui.runner import Runner
from desk_app.ui.theme import Look

# Stands in for the print helper's other end, the printers: says of every job what the file says.
PRINTER = """
import json, pathlib, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["ask"] == "print":
        state, why = pathlib.Path(sys.argv[1]).read_text().split(" ", 1)
        print(json.dumps({"job": asked["job"], "state": state, "why": why.strip()}), flush=True)
"""


PLAIN = Qt.KeyboardModifier.NoModifier


class KeyClock:
    """The wedge's clock: moved by the hand that presses the keys, so that no test sleeps."""

    def __init__(self) -> None:
        self.ms = 1_000.0

    def __call__(self, event: QEvent) -> float:
        return self.ms


@dataclass
class Keys:
    """Presses keys where a person presses them, at the window, and counts them."""

    HAI = "031190999992||Phạm Thị Thử Hai|12121990|Nữ|Tổ 3, Núi Đối, Hải Phòng|25122021"
    ANH = "031187999912||Nguyễn Thị Ngọc Ánh|14021987|Nữ|Thôn 3, Tú Sơn, Hải Phòng|25122021"
    """Invented identity cards."""

    qtbot: QtBot
    window: MainWindow
    clock: KeyClock
    count: int = 0
    scans: int = 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> Keys:
        """One key, held down with others or not, counts as one."""
        self.clock.ms += 180
        self.count += 1
        QTest.keyClick(self.window.windowHandle(), key, modifiers)
        return self

    def ctrl(self, key: Qt.Key) -> Keys:
        return self.press(key, Qt.KeyboardModifier.ControlModifier)

    def alt(self, key: Qt.Key) -> Keys:
        return self.press(key, Qt.KeyboardModifier.AltModifier)

    def type(self, text: str, ms: float = 180) -> Keys:
        """Keys of a hand. Vietnamese letters arrive as UniKey sends them: as their own key."""
        for letter in text:
            self.clock.ms += ms
            self.count += 1
            send_letter(self.window, letter)
        return self

    def scan(self, text: str, ms: float = 5, enter: bool = True) -> Keys:
        """A scanner in keyboard mode; whatever has the focus gets the keys."""
        self.clock.ms += 500
        self.scans += 1
        for letter in text:
            self.clock.ms += ms
            send_letter(self.window, letter)
        if enter:
            self.clock.ms += ms
            QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Return)
        self.clock.ms += 500
        return self

    def letter(self, letter: str) -> Keys:
        """One key of a scanner, the clock left alone; \\b is Backspace."""
        if letter == "\b":
            QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Backspace)
        else:
            send_letter(self.window, letter)
        return self

    def enter_of_scanner(self) -> Keys:
        """The Enter that ends a scan."""
        self.clock.ms += 4
        QTest.keyClick(self.window.windowHandle(), Qt.Key.Key_Return)
        self.clock.ms += 500
        return self

    def until(self, holds: Callable[[], bool]) -> Keys:
        """Wait for the worker's answer."""
        self.qtbot.waitUntil(holds, timeout=20_000)
        return self

    def digit_stood(self) -> Keys:
        """A single digit chooses only after 130 ms."""
        self.qtbot.wait(160)
        return self


def send_letter(window: MainWindow, letter: str) -> None:
    """A key press with this text, whatever alphabet it is of (QTest knows ASCII only)."""
    handle = window.windowHandle()
    if letter.isascii():
        QTest.keyClick(handle, letter)
        return
    from PySide6.QtGui import QKeyEvent

    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
        QApplication.sendEvent(handle, event)


@pytest.fixture
def printer(tmp_path: Path) -> Path:
    """What the printer says of every job: write "failed paper" into it, and there is no paper."""
    file = tmp_path / "printer"
    file.write_text("printed ")
    return file


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """Light, 100 %, and so again for the next test."""
    made = Look(qapp, "light", 100)
    yield made
    made.choose("light")
    made.resize(100)


@pytest.fixture
def key_clock() -> KeyClock:
    return KeyClock()


@pytest.fixture
def open_window(
    qtbot: QtBot, qapp: QApplication, look: Look, key_clock: KeyClock, printer: Path
) -> Iterator[Callable[[Desk], MainWindow]]:
    """Opens the window over a desk, and closes every window it opened."""
    opened: list[tuple[MainWindow, Runner, Runner, PrintDesk, Wedge]] = []

    def make(desk: Desk) -> MainWindow:
        runner, drawing = Runner(desk), Runner()
        broken: list[str] = []
        runner.broke.connect(broken.append)
        drawing.broke.connect(broken.append)
        printing = PrintDesk(command=(sys.executable, "-c", PRINTER, str(printer)))
        wedge = Wedge(qapp, clock=key_clock)
        window = MainWindow(runner, drawing, printing, wedge, look, desk.now)
        window.broken = broken  # type: ignore[attr-defined]
        window.resize(1366, 768)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
        opened.append((window, runner, drawing, printing, wedge))
        window.start()
        qtbot.waitUntil(
            lambda: bool(window.receiving.procedure.list.rows.procedures), timeout=20_000
        )
        return window

    yield make
    for window, runner, drawing, printing, wedge in opened:
        if window.isVisible():
            window.close()
        runner.close()
        drawing.close()
        printing.close()
        window.deleteLater()
        wedge.deleteLater()
        assert window.broken == []  # type: ignore[attr-defined]
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


@pytest.fixture
def window(desk: Desk, open_window: Callable[[Desk], MainWindow]) -> MainWindow:
    return open_window(desk)


@pytest.fixture
def keys(qtbot: QtBot, window: MainWindow, key_clock: KeyClock) -> Keys:
    return Keys(qtbot, window, key_clock)
