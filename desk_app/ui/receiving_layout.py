"""Where everything of the intake page lies: three columns that follow the work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.ui.form_summary import FormSummary
from desk_app.ui.papers_card import PapersCard
from desk_app.ui.parked import Parked
from desk_app.ui.person_card import PersonCard
from desk_app.ui.procedure_card import ProcedureCard
from desk_app.ui.promise_card import PromiseCard
from desk_app.ui.receipt_preview import ReceiptPreview
from desk_app.ui.runner import Runner
from desk_app.ui.theme import percent_now
from desk_app.ui.widgets import Button, PageLayout, ScanBox

LEFT, RIGHT = 366, 408
"""Widths of the outer columns at 100 % text."""


class ReceivingLayout(QWidget):
    """The parts of the page, laid out. What they do together is told by ``ReceivingPage``."""

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        today: Callable[[], date],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tiếp nhận hồ sơ")
        self.summary = FormSummary()
        self.scan_box = ScanBox("Quét hoặc tìm người nộp", "Quét thẻ, hoặc gõ tên, số")
        self.parked = Parked()
        self.person = PersonCard(runner, today)
        self.procedure = ProcedureCard()
        self.papers = PapersCard()
        self.promise = PromiseCard()
        self.preview = ReceiptPreview(drawing)
        self.save_button = Button("Lưu và in giấy tiếp nhận", "main", "F9", "printer")
        self.restart = Button("Làm lại", "link", "Esc", "eraser")
        self._left = _column(self.scan_box, self.parked, stretched=self.person)
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
        columns.setSpacing(12)
        columns.addWidget(self._left)
        columns.addWidget(self._middle, 1)
        columns.addWidget(self._right)
        whole = PageLayout(self)
        whole.setContentsMargins(14, 12, 14, 10)
        whole.setSpacing(10)
        whole.addWidget(self.summary)
        whole.addLayout(columns, 1)
        self.give_room("procedure")
        self._fit_columns()

    def give_room(self, card: str) -> None:
        """The middle column belongs to the list of procedures, or to the papers."""
        middle = self._middle.layout()
        assert isinstance(middle, QVBoxLayout)
        middle.setStretchFactor(self.procedure, 1 if card == "procedure" else 0)
        middle.setStretchFactor(self.papers, 1 if card == "papers" else 0)

    def _fit_columns(self) -> None:
        """Larger text widens the outer columns, but the middle one has to stay a middle."""
        more = (percent_now() - 100) / 100
        self._left.setFixedWidth(round(LEFT * (1 + 0.42 * more)))
        self._right.setFixedWidth(round(RIGHT * (1 + 0.36 * more)))

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
