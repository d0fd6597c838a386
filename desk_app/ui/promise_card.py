"""Step 4: when the result is promised and why, what it costs and how it is paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.cards import Card
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.marks import Label
from desk_app.ui.painting import metrics
from desk_app.ui.theme import px

if TYPE_CHECKING:
    from db.kinds import ProcedurePublished
    from desk_app.rules.remarks import Remark
    from desk_app.ui.promise_work import PromiseWork
    from desk_app.ui.receiving_jobs import Picture

TITLE, SHORT_TITLE = "Hẹn trả và lệ phí", "Hẹn trả"


class PromiseCard(Card):
    """The promise and the money.

    Signals:
        changed: the day set by hand, the way of paying or a reason changed.
        left: Enter in the last field of this card.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, 4, parent=parent)
        self.invitation = Label(
            "Ngày hẹn trả và lệ phí hiện ở đây, trừ ngày nghỉ, lễ.", "body", "muted", wrap=True
        )
        self.add(self.invitation)
        self._work: PromiseWork | None = None

    @property
    def work(self) -> PromiseWork:
        """The promise itself; built when the first procedure is chosen."""
        if self._work is None:
            from desk_app.ui.promise_work import PromiseWork
            from desk_app.ui.shrinking import Shrinking

            self._work = PromiseWork(self)
            self._work.changed.connect(self.changed)
            self._work.left.connect(self.left)
            self.head.addWidget(self._work.change)
            self._place = Shrinking(self._work, "Hẹn trả và lệ phí", least=150)
            self.body.addWidget(self._place)
            self._fit_title()
        return self._work

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def _fit_title(self) -> None:
        """Large text: the title gives way to the button beside it."""
        button = self._work.change.sizeHint().width() if self._work is not None else 0
        fits = metrics("h2").horizontalAdvance(TITLE) <= self.width() - button - px(90)
        self.title.setText(TITLE if fits else SHORT_TITLE)

    def show_form(self, form: IntakeForm, procedure: ProcedurePublished | None) -> None:
        """Show what this form says about day and money; the promise itself comes later."""
        self.invitation.setVisible(procedure is None)
        if procedure is not None:
            self.work.show_form(form, procedure)
        if self._work is not None:
            self._place.setVisible(procedure is not None)
            self._work.change.setVisible(procedure is not None)

    def show_picture(self, picture: Picture) -> None:
        """The moment that would be printed, why, and the days in between."""
        self.work.show_picture(picture)

    def say(self, remarks: Sequence[Remark]) -> None:
        """Mark the fields a failed save pointed at."""
        if self._work is not None:
            self._work.say(remarks)

    def show_fee(self, form: IntakeForm, procedure: ProcedurePublished) -> None:
        """The amount for the pages and copies as they stand."""
        self.work.show_fee(form, procedure)

    def write_into(self, form: IntakeForm) -> None:
        """Put what is typed here into the form."""
        if self._work is not None and form.procedure:
            self._work.write_into(form)

    def focus_day(self) -> None:
        """The keys go to the day set by hand."""
        self.work.open_override()

    def focus_fee(self) -> None:
        """The keys go to the reason of the exemption, or to the way of paying."""
        work = self.work
        (work.reason if work.reason.isVisibleTo(self) else work.ways).setFocus()
