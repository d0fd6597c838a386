"""Shared ground of the pages' tests: one page in a window, real keys to that window."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QObject, Qt, Slot
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from db.dossier import Dossier
from desk_app.desk import Desk
from desk_app.services.demo import people
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receive import receive
from desk_app.ui import theme
from desk_app.ui.runner import Runner


class Keys:
    """Sends real keys to the window, as a keyboard does: shortcuts see them."""

    def __init__(self, window: QWidget) -> None:
        self.window = window

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    ) -> None:
        QTest.keyClick(self.window.windowHandle(), key, modifier)

    def ctrl(self, key: Qt.Key) -> None:
        self.press(key, Qt.KeyboardModifier.ControlModifier)

    def alt(self, key: Qt.Key) -> None:
        self.press(key, Qt.KeyboardModifier.AltModifier)

    def type(self, text: str) -> None:
        """ASCII letters by keys; anything else as an input method commits it."""
        for letter in text:
            if letter.isascii():
                QTest.keyClick(self.window.windowHandle(), letter)
            else:
                event = QInputMethodEvent()
                event.setCommitString(letter)
                QCoreApplication.sendEvent(QApplication.focusWidget(), event)


class Listener(QObject):
    """Remembers what a signal or an answer carried."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []

    @Slot(object)
    def hear(self, said: Any = None) -> None:
        self.heard.append(said)


@pytest.fixture
def runner(desk: Desk) -> Iterator[Runner]:
    made = Runner(desk)
    yield made
    made.close()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def settle(qtbot: QtBot, runner: Runner) -> Callable[[], None]:
    """Waits until everything asked of the runner so far has been answered."""

    def wait() -> None:
        ear = Listener()
        runner.ask(ear, lambda desk: None, ear.hear)
        qtbot.waitUntil(lambda: bool(ear.heard), timeout=20_000)

    return wait


@pytest.fixture
def show(qtbot: QtBot, look: theme.Look) -> Iterator[Callable[..., Keys]]:
    """Shows a page where the main window shows it: 1366×690 less the bar and the status line."""
    windows: list[QWidget] = []

    def shown(page: QWidget | None = None, width: int = 1366, height: int = 690) -> Keys:
        window = QWidget()
        window.resize(width, height)
        column = QVBoxLayout(window)
        column.setContentsMargins(0, theme.px(50), 0, theme.px(30))
        if page is not None:
            column.addWidget(page)
        window.show()
        windows.append(window)
        qtbot.addWidget(window)
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow, timeout=20_000)
        return Keys(window)

    yield shown
    for window in windows:
        window.close()


@pytest.fixture
def take_in(
    desk: Desk, clock: Any, form: Callable[..., DossierForm]
) -> Callable[..., list[Dossier]]:
    """Takes dossiers in, one a minute, from as many synthetic citizens."""

    def take(count: int = 1, **changes: Any) -> list[Dossier]:
        taken = []
        for citizen in itertools.islice(people(7), count):
            clock.forward(minutes=1)
            taken.append(receive(desk, form(applicant=changes.get("applicant", citizen))))
        return taken

    return take
