"""The keys that mean the same on every screen, taken before any widget sees them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desk_app.ui.main_window import MainWindow
    from desk_app.ui.theme import Look

CTRL = Qt.KeyboardModifier.ControlModifier.value
SHIFT = Qt.KeyboardModifier.ShiftModifier.value
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_KEY = Qt.Key


class GlobalKeys(QObject):
    """An event filter for the window's own handle, where keys arrive first."""

    def __init__(self, window: MainWindow, look: Look) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        self._table: dict[int, Callable[[], object]] = {}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """True for a key that was one of these."""
        if event.type() != QEvent.Type.KeyPress:
            return False
        pressed_key = cast("QKeyEvent", event)
        pressed = pressed_key.key() | (pressed_key.modifiers() & ~_KEYPAD).value
        if not _may_be_global(pressed) or self._window.screens.covered:
            return False
        if pressed == _KEY.Key_Escape.value:
            return self._step_back()
        if pressed == CTRL | _KEY.Key_Z.value:
            return self._undo()
        self._table = self._table or self._make_table()
        act = self._table.get(pressed)
        if act is None:
            return False
        if not pressed_key.isAutoRepeat():
            act()
        return True

    def _make_table(self) -> dict[int, Callable[[], object]]:
        window, receiving = self._window, self._window.receiving
        table: dict[int, Callable[[], object]] = {
            _KEY.Key_F1.value: window.show_keys,
            _KEY.Key_F2.value: window.ways.show_receiving,
            _KEY.Key_F3.value: window.ask_palette,
            CTRL | _KEY.Key_K.value: window.ask_palette,
            _KEY.Key_F4.value: window.ways.show_return,
            _KEY.Key_F5.value: window.rounds.send_now,
            _KEY.Key_F6.value: window.ways.show_asks,
            CTRL | _KEY.Key_M.value: window.ways.show_matters,
            CTRL | _KEY.Key_B.value: window.ways.show_work,
            _KEY.Key_F7.value: window.ways.print_again,
            _KEY.Key_F8.value: window.ways.show_dossiers,
            _KEY.Key_F9.value: window.ways.main_action,
            CTRL | _KEY.Key_Return.value: window.ways.main_action,
            CTRL | _KEY.Key_Enter.value: window.ways.main_action,
            _KEY.Key_F11.value: window.toggle_full_screen,
            CTRL | _KEY.Key_N.value: partial(window.ways.on_receiving, receiving.by_hand),
            CTRL | _KEY.Key_R.value: partial(window.ways.on_receiving, receiving.again),
            CTRL | _KEY.Key_Delete.value: partial(window.ways.on_receiving, receiving.discard),
            CTRL | _KEY.Key_L.value: window.lock,
            CTRL | _KEY.Key_0.value: self._look.plain_size,
            CTRL | _KEY.Key_Minus.value: self._look.smaller,
        }
        for key in (_KEY.Key_Plus, _KEY.Key_Equal):
            table[CTRL | key.value] = table[CTRL | SHIFT | key.value] = self._look.larger
        for slot in range(1, 6):
            opens = partial(receiving.open_parked, slot)
            table[CTRL | (_KEY.Key_0.value + slot)] = partial(window.ways.on_receiving, opens)
        return table

    def _step_back(self) -> bool:
        """Esc on the intake page; other pages have their own steps."""
        receiving = self._window.receiving
        if not receiving.isVisible():
            return False
        receiving.step_back()
        return True

    def _undo(self) -> bool:
        """Ctrl+Z belongs to the field while there is typing in it to take back."""
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit) and focus.isUndoAvailable():
            return False
        for page in (self._window.screens.returns, self._window.screens.card):
            if page is not None and page.isVisible():
                page.undo()
                return True
        if not self._window.receiving.isVisible():
            return False
        self._window.receiving.undo()
        return True


def _may_be_global(pressed: int) -> bool:
    """Plain letters and digits never are: nothing is looked up for them."""
    plain = pressed < 0x01000000
    return not plain
