"""The card beside the list: the chosen dossier at a glance, without its identity number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desk_app.rules.phones import show_phone
from desk_app.ui.dossier_words import copy_words, near_badge, state_of, steps_of
from desk_app.ui.timeline import Timeline
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    Column,
    EmptyState,
    Fact,
    Label,
    Notice,
    Row,
    Rule,
    Scrolled,
)

if TYPE_CHECKING:
    from desk_app.services.dossiers import DossierLine
    from desk_app.services.opened import OpenedDossier


class DossierDetail(Card):
    """Code, state, name, procedure, both moments, history in short, and two buttons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName("Hồ sơ đang chọn")
        self._code = Label("", "bold", "muted", wrap=True)
        self._state = Badge("")
        self._name = Label("", "h1", wrap=True)
        self._procedure = Label("", "strong", wrap=True)
        self._received = Fact("Nhận lúc")
        self._due = Fact("Hẹn trả")
        self._phone = Fact("Điện thoại")
        self._near = Badge("")
        self._steps = Timeline(brief=True)
        self._copies = Notice()
        self.print_button = Button("In lại giấy hẹn", "plain", "F7", "printer")
        self.open_button = Button("Mở hồ sơ", "main", "Enter", "file-text")
        self._empty = EmptyState("files", "Chọn một hồ sơ", "Lên xuống để chọn, Enter để mở.")
        self._filled = QWidget()
        inside = Column(
            self._code,
            self._name,
            self._procedure,
            Row(self._state, self._near, None, gap=6),
            Rule(),
            Row(self._received, self._due),
            self._phone,
            Label("Quá trình", "caption_bold", "muted"),
            self._steps,
            None,
            gap=7,
        )
        self._filled.setLayout(inside)
        scroll = Scrolled(self._filled, "Tóm tắt hồ sơ đang chọn", keys=False)
        self._scroll = scroll
        self.add(self._empty, scroll, self._copies, self.print_button, self.open_button)
        self.body.setStretchFactor(scroll, 1)
        self.body.setStretchFactor(self._empty, 1)
        self.show_line(None)

    def show_line(self, line: DossierLine | None) -> None:
        """What the list knows already; the history follows by ``show_opened``."""
        for part in (self._scroll, self.print_button, self.open_button):
            part.setVisible(line is not None)
        self._empty.setVisible(line is None)
        self._copies.say("")
        self._steps.say(())
        if line is None:
            return
        self._code.setText(line.code)
        self._state.say(*state_of(line))
        self._name.setText(line.name)
        self._procedure.setText(line.procedure)
        self._received.say(f"{line.received_at:%H:%M %d/%m/%Y}")
        self._due.say(f"{line.due_at:%H:%M %d/%m/%Y}")
        self._phone.setVisible(bool(line.phone))
        self._phone.say(show_phone(line.phone) if line.phone else "")
        self._near.say("", "still")
        self.print_button.say("In lại giấy hẹn" if line.prints else "In giấy hẹn")

    def show_opened(self, opened: OpenedDossier) -> None:
        """The history and where copies of the dossier are."""
        self._near.say(*near_badge(opened.line, opened.now))
        self._state.say(*state_of(opened.line))
        self._steps.say(steps_of(opened))
        self._copies.say(*copy_words(opened))
