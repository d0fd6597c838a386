"""The procedure that was chosen, its purpose, how the result is handed over, a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desk_app.ui.checked_field import CheckedField
from desk_app.ui.guarded_line import ADDRESS, NOTE
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.procedure_words import limit_words, title
from desk_app.ui.theme import px
from desk_app.ui.widgets import Button, IconView, Label, Notice, Row, Rule, Segmented, mark

if TYPE_CHECKING:
    from db.kinds import ProcedurePublished
    from desk_app.rules.remarks import Remark

ONE_LINE = 60
"""Characters of a name that still stands out as a heading; some names have over 300."""
DELIVERIES = (("counter", "Tại quầy"), ("post", "Bưu chính"), ("electronic", "Điện tử"))


class ProcedureAnswers(QWidget):
    """The procedure that was chosen and the few fields of its own."""

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label("", "h2", wrap=True)
        self.change = Button("Đổi &thủ tục", "link", "Alt+T")
        self.facts = Label("", "caption", "muted", wrap=True)
        self.today = Notice()
        self.purpose = CheckedField("&Mục đích", ADDRESS)
        self.delivery = Segmented("Nhận kết quả", DELIVERIES)
        self.note = CheckedField("&Ghi chú nội bộ, không in", NOTE)
        for field in (self.purpose, self.note):
            field.changed.connect(self.changed)
            field.done.connect(self.left)
        for answer in self.delivery.buttons():
            # Large text: the answers give up their air before their words.
            answer.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.delivery.chosen.connect(self.changed)
        self._build()

    def _build(self) -> None:
        delivery = QWidget()
        label = Label("&Nhận kết quả", "caption", "muted")
        label.setBuddy(self.delivery)
        column = QVBoxLayout(delivery)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(label)
        column.addWidget(self.delivery)
        column.addStretch(1)
        head = Row(IconView("circle-check", 20, "ok"), gap=8)
        head.addWidget(self.name, 1)
        self._foot = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._foot.setSpacing(14)
        self._foot.addWidget(delivery)
        self._foot.addWidget(self.note, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        for part in (head, self.facts, self.today, Rule(), self.purpose, self._foot):
            if isinstance(part, QWidget):
                whole.addWidget(part)
            else:
                whole.addLayout(part)
        self.today.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large text: the note goes beneath the delivery."""
        super().resizeEvent(event)
        beside = self.delivery.sizeHint().width() + px(170) <= self.width()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._foot.direction() != way:
            self._foot.setDirection(way)

    def show_form(self, procedure: ProcedurePublished, form: IntakeForm) -> None:
        """Show this procedure with what was typed for it."""
        name = title(procedure)
        mark(self.name, "role", "h2" if len(name) <= ONE_LINE else "bold")
        self.name.setText(name)
        self.setAccessibleName(f"Thủ tục: {name}")
        facts = (procedure.field, f"mã {procedure.code}", limit_words(procedure.limit))
        self.facts.setText("  ·  ".join(facts))
        self.purpose.setVisible(bool(procedure.purpose_label))
        self.purpose.label.setText(f"&Mục đích: {procedure.purpose_label}")
        if procedure.purpose_label.startswith("Mục đích"):
            self.purpose.label.setText(f"&{procedure.purpose_label}")
        self.purpose.field.setAccessibleName(procedure.purpose_label or "Mục đích")
        for field, text in ((self.purpose, form.purpose), (self.note, form.note)):
            if field.text() != text:
                field.put(text)
        self.delivery.take(form.delivery)
        self.today.say("")

    def warn(self, sentence: str) -> None:
        """Something to know about this procedure before it is taken in."""
        self.today.say(sentence, "alert-triangle", "warn")

    def say(self, remarks: Sequence[Remark]) -> None:
        """Mark the fields a failed save pointed at."""
        for name, field in (("purpose", self.purpose), ("note", self.note)):
            field.say([remark for remark in remarks if remark.field == name])

    def focus_field(self, name: str) -> None:
        """The keys go to the purpose or to the note."""
        {"purpose": self.purpose, "note": self.note}[name].line().setFocus()

    def write_into(self, form: IntakeForm) -> None:
        """Put what is typed here into the form."""
        form.purpose = self.purpose.text()
        form.note = self.note.text()
        form.delivery = self.delivery.value()
