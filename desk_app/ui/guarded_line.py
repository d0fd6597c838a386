"""A line that refuses a text longer than may be kept, instead of cutting it without a word."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desk_app.ui.widgets import LineEdit

NAME, ADDRESS, NOTE = 200, 1_000, 4_000
"""Limits of the fields of ``db.kinds``, in characters."""


class GuardedLine(LineEdit):
    """Keeps what it held when more is pasted than it may hold.

    Signals:
        too_long: how many characters somebody wanted to put in.
    """

    too_long = Signal(int)

    def __init__(
        self, name: str, limit: int = NAME, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(name, hint, parent)
        self.setMaxLength(limit)
        self._held = ""
        self._rejected = False
        self.inputRejected.connect(self._on_rejected)
        self.textChanged.connect(self._on_changed)

    @Slot()
    def _on_rejected(self) -> None:
        wanted = len(QGuiApplication.clipboard().text())
        self._rejected = True
        self.too_long.emit(max(wanted, self.maxLength() + 1))
        if self.text() != self._held:
            self.setText(self._held)
        self._rejected = False

    @Slot(str)
    def _on_changed(self, text: str) -> None:
        if not self._rejected:
            self._held = text
