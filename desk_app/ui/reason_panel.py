"""One text and one key: why a dossier is voided, or a remark on it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.overlay import Overlay
from desk_app.ui.widgets import Button, Label, LabelledField, Row, TextEdit


class ReasonPanel(Overlay):
    """Opens over the page; keeps what was typed when it is closed by Esc.

    Signals:
        submitted: F9; carries the text. The panel stays until ``shut`` is called.
    """

    submitted = Signal(str)

    def __init__(
        self, title: str, about: str, label: str, button: str, icon: str, parent: QWidget
    ) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName(title)
        self.edit = TextEdit(label, lines=4)
        self.field = LabelledField(label, self.edit)
        self.button = Button(button, "main", "F9", icon)
        self.back = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.panel.body.setContentsMargins(20, 16, 20, 18)
        self.panel.body.setSpacing(10)
        self.panel.add(
            Label(title, "h1", wrap=True),
            Label(about, "body", "muted", wrap=True),
            self.field,
            Row(self.back, None, self.button),
        )
        self.button.clicked.connect(self._on_submit)
        self.back.clicked.connect(self.shut)

    def begin(self) -> None:
        """Open, with the keys in the text."""
        self.field.set_error("")
        self.open(self.edit)

    def refuse(self, sentence: str) -> None:
        """Say why it was not saved; the text stays."""
        self.field.set_error(sentence)
        self.refit()
        self.edit.setFocus()

    def finish(self) -> None:
        """It was saved: empty the text and close."""
        self.edit.clear()
        self.shut()

    @Slot()
    def _on_submit(self) -> None:
        self.submitted.emit(self.edit.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_F9 or (enter and control):
            self._on_submit()
            return
        super().keyPressEvent(event)
