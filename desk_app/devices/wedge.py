"""A scanner in keyboard mode, understood whatever has the focus.

The filter sits on the window that has the keyboard, before widgets get their keys. Letters pass at
once, so a hand feels no lag; what every field held is remembered at the first key of a burst and
put back when the burst proves to be a scan. Enter of a scan never reaches a widget.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from shiboken6 import isValid

from desk_app.devices.burst import PACE, Answer, Pace, Reading, Recogniser

if TYPE_CHECKING:
    # Each of these classes brings its enums with it, which the first paint need not wait for.
    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QWindow
    from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPlainTextEdit

_MODIFIERS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)
_ENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab})
_COMMAND = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


LATE_KEYS_MS = 20


def moment_of(event: QEvent) -> float:
    """When a key was pressed, in milliseconds: the window system's word where it has one.

    A busy moment of ours lets keys queue up; their own times still tell a hand from a scanner.
    """
    if event.type() == QEvent.Type.KeyPress:
        at = cast("QKeyEvent", event).timestamp()
        if at:
            return float(at)
    return time.monotonic() * 1000


def _kind_of(text: str) -> str:
    from desk_app.devices.scan import kind_of

    return kind_of(text)


class Wedge(QObject):
    """Watches the keyboard of every window of the program for scans."""

    scanned = Signal(str)
    """The text of a scan of something we know; no field has kept any of it."""
    unclear = Signal()
    """A scan it was, but of nothing we know: say "Quét chưa rõ, quét lại"."""
    observed = Signal(object)
    """Every finished burst of the fewest characters as a Reading, for the scanner's test page."""

    def __init__(
        self,
        app: QGuiApplication,
        clock: Callable[[QEvent], float] = moment_of,
        pace: Pace = PACE,
        prefix: str = "",
    ) -> None:
        """``prefix`` is the control character a scanner is set up to send first (Ctrl+B: STX)."""
        super().__init__(app)
        self._clock = clock
        self._pace = pace
        self._prefix = prefix
        self._recogniser = Recogniser(_kind_of, pace)
        self._fields: dict[QWidget, Callable[[], None]] = {}
        self._row: Callable[[], None] | None = None
        self._touched: set[QWidget] = set()
        self._focused: QWidget | None = None
        self._window: QWindow | None = None
        self._focus: QWidget | None = None
        self._late = False
        self._silence = QTimer(self)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self._on_silence)
        app.focusWindowChanged.connect(self._follow_window)
        app.focusObjectChanged.connect(self._follow_focus)
        self._follow_window(app.focusWindow())
        self._follow_focus(app.focusObject())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Swallow what belongs to a scan; let everything else pass."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and watched is self._window:
            return self._act(self._ask(cast("QKeyEvent", event)))
        if kind == QEvent.Type.InputMethod and watched is self._focus:
            text = cast("QInputMethodEvent", event).commitString()
            if text:
                return self._act(self._recogniser.key(text, self._clock(event)))
        return False

    def _ask(self, event: QKeyEvent) -> Answer:
        key, at, ask = event.key(), self._clock(event), self._recogniser
        if key in _MODIFIERS:
            return Answer()
        if self._prefix and event.text() == self._prefix:
            return ask.prefix(at)
        if event.isAutoRepeat():
            return ask.other()
        command = event.modifiers() & _COMMAND
        if command and (command != _ALT_GR or not event.text().isprintable()):
            return ask.other()
        if key in _ENDS:
            return ask.end(at)
        if key == Qt.Key.Key_Backspace:
            return ask.backspace(at)
        text = event.text()
        return ask.key(text, at) if text and text.isprintable() else ask.other()

    def _act(self, answer: Answer) -> bool:
        if answer.reading is not None:
            self._finish(answer.reading)
        if answer.started:
            self._remember()
        focus = QApplication.focusWidget()
        if focus is not None:
            self._touched.add(focus)
        self._late = False
        if self._recogniser.waiting:
            self._silence.start(int(self._pace.gap_ms))
        else:
            self._silence.stop()
        return answer.swallow or (answer.quick and focus not in self._fields)

    def _on_silence(self) -> None:
        # After a busy moment of ours the timer may come before keys that lie waiting; they are
        # let in first, and their own times say whether there was a silence.
        if not self._late:
            self._late = True
            self._silence.start(LATE_KEYS_MS)
            return
        answer = self._recogniser.silence()
        if answer.reading is not None:
            self._finish(answer.reading)

    def _finish(self, reading: Reading) -> None:
        if reading.verdict != "typing":
            self._restore()
        self._fields.clear()
        self._row = None
        if reading.keys >= self._pace.fewest:
            self.observed.emit(reading)
        if reading.verdict == "scan":
            self.scanned.emit(reading.text)
        elif reading.verdict == "unclear":
            self.unclear.emit()

    def _remember(self) -> None:
        """Every text field of the window: a list may hand its keys on to a search box."""
        from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPlainTextEdit

        self._touched.clear()
        self._focused = focus = QApplication.focusWidget()
        root = QApplication.activeWindow() if focus is None else focus.window()
        self._fields = {}
        if root is not None:
            lines, texts = root.findChildren(QLineEdit), root.findChildren(QPlainTextEdit)
            self._fields = {field: hold_text(field) for field in lines if field.isVisible()}
            self._fields |= {field: hold_text(field) for field in texts if field.isVisible()}
        if isinstance(focus, QLineEdit | QPlainTextEdit):
            self._fields[focus] = hold_text(focus)
        if isinstance(focus, QAbstractItemView | QComboBox):
            self._row = hold_row(focus)

    def _restore(self) -> None:
        for field, put_back in self._fields.items():
            if isValid(field) and (field in self._touched or field.focusProxy() in self._touched):
                put_back()
        focused = self._focused
        if focused is not None and isValid(focused) and focused.isVisible():
            if self._row is not None:
                self._row()
            focused.setFocus()

    def _follow_window(self, window: QWindow | None) -> None:
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def _follow_focus(self, focus: QObject | None) -> None:
        if self._focus is not None and isValid(self._focus):
            self._focus.removeEventFilter(self)
        self._focus = focus if isinstance(focus, QWidget) else None
        if self._focus is not None:
            self._focus.installEventFilter(self)


def hold_text(field: QLineEdit | QPlainTextEdit) -> Callable[[], None]:
    """What a text field holds now, as the call that puts it back."""
    from PySide6.QtWidgets import QPlainTextEdit

    if isinstance(field, QPlainTextEdit):
        return partial(_put_back_page, field, field.toPlainText(), field.textCursor().position())
    start, length = field.selectionStart(), len(field.selectedText())
    return partial(_put_back_line, field, field.text(), field.cursorPosition(), start, length)


def hold_row(rows: QAbstractItemView | QComboBox) -> Callable[[], None]:
    """The chosen row, as the call that chooses it again: letters jump about in lists."""
    from PySide6.QtCore import QPersistentModelIndex
    from PySide6.QtWidgets import QComboBox

    if isinstance(rows, QComboBox):
        return partial(rows.setCurrentIndex, rows.currentIndex())
    return partial(_put_back_row, rows, QPersistentModelIndex(rows.currentIndex()))


def _put_back_line(field: QLineEdit, text: str, cursor: int, start: int, length: int) -> None:
    if field.text() != text:
        field.setText(text)
        field.textEdited.emit(text)
    field.setCursorPosition(cursor)
    if start >= 0:
        field.setSelection(start, length)


def _put_back_page(field: QPlainTextEdit, text: str, cursor: int) -> None:
    if field.toPlainText() != text:
        field.setPlainText(text)
        at = field.textCursor()
        at.setPosition(cursor)
        field.setTextCursor(at)


def _put_back_row(rows: QAbstractItemView, row: QPersistentModelIndex) -> None:
    if row.isValid():
        rows.setCurrentIndex(row.model().index(row.row(), row.column()))
