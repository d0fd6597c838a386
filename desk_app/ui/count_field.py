"""A field for a small number."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QIntValidator
from PySide6.QtWidgets import QWidget

from desk_app.ui.fields import LineEdit


class CountField(LineEdit):
    """A small number. Everything is selected when it gets the focus, so digits replace."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent=parent)
        self.setMaxLength(4)
        self.setValidator(QIntValidator(0, 9_999, self))
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.setFixedWidth(58)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.selectAll()
