"""What keeps a form from being saved: things to mend in red, things to confirm in amber."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.widgets import Button, Card, IconView, Label, Row


class Thing(NamedTuple):
    """One thing to do: the field it is about and the sentence that says what to do."""

    field: str
    sentence: str


class FormSummary(Card):
    """On top of the page; takes the focus, Enter goes to the first thing.

    Signals:
        wanted: go to this field.
        confirmed: everything in amber is right as it stands; save.
    """

    wanted = Signal(str)
    confirmed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.things: Sequence[Thing] = ()
        self._to_confirm = False
        self._icon = IconView("alert-circle", 18, "bad")
        self.title_line = Label("", "bold", "bad")
        self._keys = Label("", "caption", "bad")
        self._lines: list[_Line] = []
        self.body.setContentsMargins(14, 8, 14, 8)
        self.body.setSpacing(0)
        self.body.addLayout(Row(self._icon, self.title_line, None, self._keys, gap=8))
        self.hide()

    def show_errors(self, things: Sequence[Thing]) -> None:
        """These have to be mended before the dossier can be saved."""
        self._show(
            things, f"Chưa lưu được, còn {len(things)} việc", "Enter đến chỗ đầu tiên", "bad"
        )

    def show_fault(self, sentence: str) -> None:
        """Nothing in the form to mend: the disk is full, the database is busy."""
        self._show([Thing("", sentence)], "Chưa lưu được", "F9 lưu lại", "bad")

    def show_to_confirm(self, things: Sequence[Thing]) -> None:
        """These are unusual; one key says that they are right."""
        keys = "Space: đúng như vậy, lưu   ·   Enter: đến chỗ cần sửa"
        self._show(things, f"Xem lại {len(things)} điều trước khi lưu", keys, "warn")

    def clear(self) -> None:
        """Nothing stands in the way."""
        self.things = ()
        self.hide()

    def _show(self, things: Sequence[Thing], title: str, keys: str, tone: str) -> None:
        self.things, self._to_confirm = tuple(things), tone == "warn"
        self.set_tone(tone)
        self._icon.say("alert-circle" if tone == "bad" else "alert-triangle", tone)
        for label, text in ((self.title_line, title), (self._keys, keys)):
            label.setText(text)
            label.set_tone(tone)
        while len(self._lines) < len(things):
            line = _Line(self)
            line.clicked.connect(self._on_clicked)
            self._lines.append(line)
            self.body.addWidget(line)
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(things))
            if at < len(things):
                line.say(f"{at + 1}.  {things[at].sentence}".replace("&", "&&"))
        self.setAccessibleName(". ".join([title, *(thing.sentence for thing in things), keys]))
        self.show()
        self._lines[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_clicked(self) -> None:
        line = self.sender()
        if isinstance(line, _Line):
            self.wanted.emit(self.things[self._lines.index(line)].field)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self._lines[: len(self.things)]
        here = next((at for at, line in enumerate(shown) if line.hasFocus()), 0)
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shown:
            self.wanted.emit(self.things[here].field)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            step = 1 if key == Qt.Key.Key_Down else -1
            shown[max(0, min(len(shown) - 1, here + step))].setFocus()
        elif key == Qt.Key.Key_Space and self._to_confirm:
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)


class _Line(Button):
    """One thing; the keys belong to the summary, also Space, which would press a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", "summary", parent=parent)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()
