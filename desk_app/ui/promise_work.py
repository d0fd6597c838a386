"""The promise of a chosen procedure, the days on the way, the fee and how it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.messages import sentence
from desk_app.rules.remarks import Remark
from desk_app.ui.day_strip import DayStrip
from desk_app.ui.guarded_line import ADDRESS, GuardedLine
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.widgets import (
    Button,
    Fact,
    FlowRow,
    Label,
    LabelledField,
    LineEdit,
    Rule,
    Segmented,
)

if TYPE_CHECKING:
    from db.deadlines import Promise
    from db.kinds import ProcedurePublished
    from desk_app.ui.receiving_jobs import Picture

WAYS = (("cash", "Tiền mặt"), ("transfer", "Chuyển khoản"), ("exempt", "Miễn"))


class PromiseWork(QWidget):
    """What the card shows once a procedure is chosen."""

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.change = Button("Đổi ngày &hẹn", "link", "Alt+H")
        self.change.clicked.connect(self.open_override)
        self.moment = Label("", "h1", wrap=True)
        self.why = Label("", "caption", "muted", wrap=True)
        self.strip = DayStrip()
        self.day = LabelledField("Ngày hẹn khác", LineEdit("Ngày hẹn khác", "15/12/2026"))
        self.day_reason = LabelledField("Lý do", GuardedLine("Lý do đổi ngày hẹn", ADDRESS))
        self.fee = Fact("Lệ phí", "", "h2")
        self.ways = Segmented("Cách thu lệ phí", WAYS)
        self.rule_words = Label("", "caption", "muted", wrap=True)
        self.reason = LabelledField("Lý do miễn", GuardedLine("Lý do miễn lệ phí", ADDRESS))
        self._promise: Promise | None = None
        self._build()
        self.day.line().textChanged.connect(self._on_day_typed)
        self.day.line().returnPressed.connect(self.day_reason.setFocus)
        self.day_reason.line().textChanged.connect(self.changed)
        self.day_reason.line().returnPressed.connect(self.left)
        self.ways.chosen.connect(self._on_way_chosen)
        self.reason.line().textChanged.connect(self.changed)
        self.reason.line().returnPressed.connect(self.left)

    def _build(self) -> None:
        self.override = QWidget()
        row = QHBoxLayout(self.override)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.day, 2)
        row.addWidget(self.day_reason, 3)
        self.override.hide()
        money = FlowRow(12)
        money.addWidget(self.fee)
        money.addWidget(self.ways)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.moment, self.why, self.strip, self.override, Rule()):
            column.addWidget(part)
        column.addLayout(money)
        column.addWidget(self.rule_words)
        column.addWidget(self.reason)
        self.reason.hide()

    def show_form(self, form: IntakeForm, procedure: ProcedurePublished) -> None:
        self._promise = None
        self.moment.setText("")
        self.why.setText("")
        self.strip.show_steps(())
        self.day.set_text(form.due_day)
        self.day_reason.set_text(form.due_reason)
        self.override.setVisible(bool(form.due_day or form.due_reason))
        self.ways.take(form.fee_how)
        self.reason.set_text(form.fee_reason)
        self.show_fee(form, procedure)

    def show_picture(self, picture: Picture) -> None:
        """The promise by the rule, or the day set by hand."""
        from desk_app.rules.days import show_moment

        promise = self._promise = picture.promise
        due_at = picture.due_at
        self.moment.setText(show_moment(due_at) if due_at else "Chưa có ngày hẹn")
        self.strip.setVisible(promise is not None)
        if promise is None:
            self.why.setText(sentence(Remark("due", "limit_unknown", "error")))
            self.override.show()
        else:
            self.strip.show_steps(promise.steps)
            # The line ends with the moment itself, which stands above it in large letters.
            why = promise.why.rpartition(" → ")[0] or promise.why
            by_hand = due_at is not None and due_at != promise.due_at
            told = f"Đổi bằng tay. Theo quy định: {promise.why}" if by_hand else why
            self.why.setText(told[:1].upper() + told[1:])
        self.setAccessibleName(f"Hẹn trả {self.moment.text()}. {self.why.text()}")

    def say(self, remarks: Sequence[Remark]) -> None:
        """Mark the fields a failed save pointed at."""
        day = [r for r in remarks if r.field == "due" and r.name != "override_reason_missing"]
        reason = [r for r in remarks if r.name == "override_reason_missing"]
        exempt = [r for r in remarks if r.field == "fee_reason"]
        for field, found in ((self.day, day), (self.day_reason, reason), (self.reason, exempt)):
            field.set_error(sentence(found[0]) if found else "")

    def show_fee(self, form: IntakeForm, procedure: ProcedurePublished) -> None:
        from desk_app.rules.money import FeeUnknown, fee_for, show_money

        pages, copies = int(form.pages or 0), int(form.copies or 0)
        try:
            amount = fee_for(procedure.fee, pages, copies)
        except FeeUnknown:
            amount = 0
            self.fee.say("Theo biểu phí")
        else:
            exempt = form.fee_how == "exempt"
            free = "Không thu" if not amount else "Miễn"
            self.fee.say(show_money(amount) if amount and not exempt else free)
        self.ways.setVisible(amount > 0)
        self.reason.setVisible(amount > 0 and form.fee_how == "exempt")
        self.rule_words.setText(_rule_words(procedure))
        self.rule_words.setVisible(bool(self.rule_words.text()))

    def write_into(self, form: IntakeForm) -> None:
        form.due_day = self.day.text() if self.override.isVisibleTo(self) else ""
        form.due_reason = self.day_reason.text() if form.due_day else ""
        form.fee_how = self.ways.value()
        form.fee_reason = self.reason.text()

    @Slot()
    def open_override(self) -> None:
        """Another day than the rule gives; opening it again closes it."""
        opened = self.override.isVisibleTo(self)
        if opened and not self.day.text() and self._promise is not None:
            self.override.hide()
            self.changed.emit()
            return
        self.override.show()
        self.day.field.setFocus()

    @Slot()
    def _on_day_typed(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_way_chosen(self) -> None:
        self.reason.setVisible(self.ways.value() == "exempt")
        if self.ways.value() == "exempt":
            self.reason.setFocus()
        self.changed.emit()


def _rule_words(procedure: ProcedurePublished) -> str:
    """How the fee comes about, where a figure alone does not say it."""
    if procedure.fee.kind in ("pages", "copy", "unknown") or procedure.fee_text:
        return procedure.fee_text
    return ""
