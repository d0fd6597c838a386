"""Where everything of the intake page lies: three columns that follow the work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.ui.buttons import Button
from desk_app.ui.columns import BOTTOM, GAP, MARGIN, TOP, left_width, right_width
from desk_app.ui.empty_desk import INVITE
from desk_app.ui.fields import ScanBox
from desk_app.ui.layouts import PageLayout
from desk_app.ui.papers_card import PapersCard
from desk_app.ui.person_card import PersonCard
from desk_app.ui.procedure_card import ProcedureCard
from desk_app.ui.promise_card import PromiseCard
from desk_app.ui.receipt_preview import ReceiptPreview
from desk_app.ui.runner import Runner

if TYPE_CHECKING:
    from desk_app.ui.form_summary import FormSummary
    from desk_app.ui.parked import Parked


class ReceivingLayout(QWidget):
    """The parts of the page, laid out. What they do together is told by ``ReceivingPage``.

    Signals:
        place_wanted: go to the field a sentence of the summary is about.
        all_confirmed: what the summary asks about is right as it stands.
        parked_wanted: open the form in this slot.
    """

    place_wanted = Signal(str)
    all_confirmed = Signal()
    parked_wanted = Signal(int)

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tiếp nhận hồ sơ")
        self._summary: FormSummary | None = None
        self._parked: Parked | None = None
        self.scan_box = ScanBox("Quét hoặc tìm người nộp", INVITE)
        self.person = PersonCard(runner, today)
        self.procedure = ProcedureCard()
        self.papers = PapersCard()
        self.promise = PromiseCard()
        self.preview = ReceiptPreview(drawing)
        self.save_button = Button("Lưu và in giấy tiếp nhận", "main", "F9", "printer")
        self.restart = Button("Làm lại", "link", "Esc", "eraser")
        self._left = _column(self.scan_box, stretched=self.person)
        self._middle = _column(self.procedure, self.papers)
        self._right = _column(self.promise, stretched=self.preview)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.restart)
        right = self._right.layout()
        assert isinstance(right, QVBoxLayout)
        right.addWidget(self.save_button)
        right.addLayout(foot)
        columns = QHBoxLayout()
        columns.setSpacing(GAP)
        columns.addWidget(self._left)
        columns.addWidget(self._middle, 1)
        columns.addWidget(self._right)
        whole = self._whole = PageLayout(self)
        whole.setContentsMargins(MARGIN, TOP, MARGIN, BOTTOM)
        whole.setSpacing(10)
        whole.addLayout(columns, 1)
        self.give_room("procedure")
        self._fit_columns()

    @property
    def summary(self) -> FormSummary:
        """What keeps the form from being saved; built when something does."""
        if self._summary is None:
            from desk_app.ui.form_summary import FormSummary

            self._summary = FormSummary()
            self._summary.wanted.connect(self.place_wanted)
            self._summary.confirmed.connect(self.all_confirmed)
            self._whole.insertWidget(0, self._summary)
        return self._summary

    @property
    def parked(self) -> Parked:
        """The forms put aside; built with the first of them."""
        if self._parked is None:
            from desk_app.ui.parked import Parked

            self._parked = Parked()
            self._parked.wanted.connect(self.parked_wanted)
            column = self._left.layout()
            assert isinstance(column, QVBoxLayout)
            column.insertWidget(1, self._parked)
        return self._parked

    def clear_summary(self) -> None:
        """Nothing stands in the way."""
        if self._summary is not None:
            self._summary.clear()

    def give_room(self, card: str) -> None:
        """The middle column belongs to the list of procedures, or to the papers."""
        middle = self._middle.layout()
        assert isinstance(middle, QVBoxLayout)
        middle.setStretchFactor(self.procedure, 1 if card == "procedure" else 0)
        middle.setStretchFactor(self.papers, 1 if card == "papers" else 0)

    def _fit_columns(self) -> None:
        self._left.setFixedWidth(left_width())
        self._right.setFixedWidth(right_width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_columns()


def _column(*parts: QWidget, stretched: QWidget | None = None) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(10)
    for part in parts:
        layout.addWidget(part)
    if stretched is not None:
        layout.addWidget(stretched, 1)
    return column
