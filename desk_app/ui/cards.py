"""Plates that hold things: cards, notices, empty places, the error summary, the undo bar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desk_app.ui.buttons import Button
from desk_app.ui.layouts import Column, Row, fill
from desk_app.ui.marks import IconView, Label, NumberDisc
from desk_app.ui.painting import (
    BADGE,
    Tone,
    plate,
)
from desk_app.ui.showing import announce, mark, reveal
from desk_app.ui.theme import Role, color


class Card(QFrame):
    """A white plate on the grey window; ``body`` is the column to fill."""

    def __init__(
        self,
        title: str = "",
        number: int = 0,
        quiet: bool = False,
        role: Role = "h2",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        if quiet:
            self.setProperty("quiet", True)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(16, 12, 16, 12)
        self.body.setSpacing(8)
        self.head = Row(gap=9)
        self.title = Label(title, role)
        # A widget without a parent may be freed by Python while Qt still styles it.
        self.title.setParent(self)
        self.title.setVisible(bool(title))
        if title:
            self.setAccessibleName(title)
            if number:
                self.head.addWidget(NumberDisc(number))
            self.head.addWidget(self.title)
            self.head.addStretch(1)
            self.body.addLayout(self.head)

    def add(self, *parts: QWidget | QLayout | int | None) -> None:
        """Add parts beneath; a number is a fixed gap, None takes the room that is left."""
        fill(self.body, parts)

    def set_tone(self, tone: str) -> None:
        """``bad`` for a card that carries an error, empty for a usual one."""
        mark(self, "tone", tone)


class Scrolled(QScrollArea):
    """Something that may be higher than its place; arrow keys scroll it, it has no ground."""

    def __init__(self, inside: QWidget, name: str, keys: bool = True) -> None:
        """Without ``keys`` it takes no focus of its own, as when what is inside does."""
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if not keys:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)


class Notice(Card):
    """A quiet remark with its icon."""

    def __init__(
        self,
        text: str = "",
        icon: str = "info-circle",
        tone: Tone = "still",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(quiet=True, parent=parent)
        self._icon = IconView(icon, 18, BADGE[tone][0])
        self._text = Label("", "caption", wrap=True)
        self.body.setContentsMargins(12, 8, 12, 8)
        self.body.addLayout(Row(self._icon, self._text, gap=8))
        self.say(text, icon, tone)

    def text(self) -> str:
        """What it says."""
        return self._text.text()

    def say(self, text: str, icon: str = "info-circle", tone: Tone = "still") -> None:
        """Another remark; without one the notice is hidden."""
        self._text.setText(text)
        self._icon.say(icon, BADGE[tone][0])
        self.set_tone("bad" if tone == "bad" else "")
        self.setAccessibleName(text)
        reveal(self, bool(text))
        announce(self, text)


class EmptyState(QWidget):
    """What an empty place invites to."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        disc: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = Label(title, "h2", wrap=True)
        self._text = Label(text, "body", "muted", wrap=True)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._icon = IconView(icon, 44, "soft_text" if disc else "faint", disc)
        column = Column(None, Row(None, self._icon, None), 6, self._title, self._text, None, gap=6)
        self.setLayout(column)
        self.say(title, text)

    def say(self, title: str, text: str = "") -> None:
        """Another invitation."""
        self._title.setText(title)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(f"{title}. {text}".strip())


class ErrorSummary(Card):
    """What keeps a form from being saved, on top of the page; Enter goes to the first thing.

    Signals:
        wanted: the clerk wants to go to this field.
    """

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.set_tone("bad")
        self._fields: list[str] = []
        self._lines: list[Button] = []
        self._title = Label("", "main", "bad")
        self.body.setSpacing(0)
        self.body.addLayout(
            Row(
                IconView("alert-circle", 18, "bad"),
                self._title,
                None,
                Label("Enter đến chỗ đầu tiên", "caption", "bad"),
                gap=8,
            )
        )
        self.hide()

    def show_errors(self, title: str, errors: Sequence[tuple[str, str]]) -> None:
        """Show these pairs of field and sentence, and take the focus; none hides the summary."""
        self._fields = [field for field, _ in errors]
        while len(self._lines) < len(errors):
            line = Button("", "summary", parent=self)
            line.clicked.connect(self._on_line_clicked)
            self._lines.append(line)
            self.body.addWidget(line)
        for at, line in enumerate(self._lines):
            line.setVisible(at < len(errors))
            if at < len(errors):
                line.say(f"{at + 1}.  {errors[at][1]}".replace("&", "&&"))
        self._title.setText(title)
        self.setAccessibleName(". ".join([title, *(sentence for _, sentence in errors)]))
        reveal(self, bool(errors))
        announce(self, self.accessibleName())
        if errors:
            self._lines[0].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_line_clicked(self) -> None:
        line = self.sender()
        if isinstance(line, Button):
            self.wanted.emit(self._fields[self._lines.index(line)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown = self._lines[: len(self._fields)]
        here = next((at for at, line in enumerate(shown) if line.hasFocus()), 0)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and shown:
            self.wanted.emit(self._fields[here])
        elif event.key() == Qt.Key.Key_Down and here + 1 < len(shown):
            shown[here + 1].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Up and here > 0:
            shown[here - 1].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


class UndoBar(QWidget):
    """What was just done, and the key that takes it back.

    Signals:
        wanted: the clerk wants it undone.
    """

    wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = Label("", "bold", "toast", wrap=True)
        self._undo = Button("Hoàn tác", "toast", "Ctrl+Z")
        self._undo.clicked.connect(self.wanted)
        row = Row(IconView("circle-check", 20, "toast_text"), self._text, 12, self._undo, gap=8)
        row.setStretch(1, 1)
        row.setContentsMargins(16, 4, 12, 4)
        self.setLayout(row)
        self.hide()

    def say(self, text: str, undoable: bool = True) -> None:
        """Show this; an empty text hides the bar."""
        self._text.setText(text)
        self._undo.setVisible(undoable)
        self.setAccessibleName(text)
        reveal(self, bool(text))
        announce(self, text)

    def paintEvent(self, event: QPaintEvent) -> None:
        line = "toast_text" if color("pill_line").alpha() else ""
        plate(QPainter(self), QRectF(self.rect()), 6, "toast", line)
