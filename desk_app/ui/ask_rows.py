"""One paper that may be asked for: a tick, and the office's own reasons by digit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from db.steps import Asked
from desk_app.ui.widgets import CheckBox, Chip, FlowRow, LineEdit


class Choice(NamedTuple):
    """How one paper stands: ticked, which reason by its number (0: none), a reason typed."""

    ticked: bool
    reason: int
    other: str


MOST_REASONS = 7
OTHER = "Khác"
DIGITS = "12345678"
SCAN_MAY_COME_MS = 130
"""Longer than the pause between two keys of a scanner."""


class AskRow(QWidget):
    """The reasons show once the paper is ticked.

    Signals:
        changed: it was ticked, or another reason was chosen or typed.
        step: Up or Down: -1 or 1.
    """

    changed = Signal()
    step = Signal(int)

    def __init__(self, paper: str, reasons: Sequence[str], ticked: bool) -> None:
        super().__init__()
        self.paper = paper
        self.tick = CheckBox(paper.replace("&", "&&"))
        self.chips: list[Chip] = []
        self._group = QButtonGroup(self)
        flow = FlowRow(gap=6)
        for at, reason in enumerate((*reasons[:MOST_REASONS], OTHER), start=1):
            chip = Chip(reason)
            chip.set_count(str(at))
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._group.addButton(chip, at)
            self.chips.append(chip)
            flow.addWidget(chip)
        self.other = LineEdit("Lý do khác")
        self.other.setPlaceholderText("Ghi lý do")
        self._reasons = QWidget()
        inner = QVBoxLayout(self._reasons)
        inner.setContentsMargins(28, 2, 0, 4)
        inner.setSpacing(6)
        inner.addLayout(flow)
        inner.addWidget(self.other)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.tick)
        column.addWidget(self._reasons)
        self._digit = ""
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(SCAN_MAY_COME_MS)
        self._quiet.timeout.connect(self.settle)
        self.tick.toggled.connect(self._on_toggled)
        self._group.idClicked.connect(self._on_chosen)
        self.other.textEdited.connect(self.changed)
        self.tick.setChecked(ticked)
        self._on_toggled(ticked)
        if ticked:
            self.choose(1)

    def choose(self, digit: int) -> None:
        """Take a reason by its number."""
        if 1 <= digit <= len(self.chips):
            self.tick.setChecked(True)
            self.chips[digit - 1].setChecked(True)
            self._on_chosen(digit)

    def choice(self) -> Choice:
        """As it stands."""
        return Choice(self.tick.isChecked(), max(0, self._group.checkedId()), self.other.text())

    def take(self, choice: Choice) -> None:
        """Stand so again."""
        self.other.setText(choice.other)
        if choice.reason:
            self.choose(choice.reason)
        self.tick.setChecked(choice.ticked)

    def asked(self) -> Asked | None:
        """What is asked of this paper; None when it is not ticked."""
        if not self.tick.isChecked():
            return None
        at = self._group.checkedId()
        if at == len(self.chips):
            return Asked(self.paper, self.other.text())
        return Asked(self.paper, self.chips[at - 1].text().replace("&&", "&") if at > 0 else "")

    @Slot()
    def settle(self) -> None:
        """A digit stood alone for long enough, or is to count at once."""
        self._quiet.stop()
        digit, self._digit = self._digit, ""
        if digit:
            self.choose(int(digit))

    @Slot(bool)
    def _on_toggled(self, on: bool) -> None:
        self._reasons.setVisible(on)
        self.other.setVisible(on and self._group.checkedId() == len(self.chips))
        self.changed.emit()

    @Slot(int)
    def _on_chosen(self, at: int) -> None:
        self.other.setVisible(at == len(self.chips))
        if at == len(self.chips):
            self.other.setFocus()
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        sign = event.text()
        if self.tick.hasFocus() and sign.isprintable() and sign.strip():
            # A sign that follows another at once is of a scan, and chooses nothing.
            alone = not self._quiet.isActive()
            self._digit = sign if alone and sign in DIGITS[: len(self.chips)] else ""
            self._quiet.start()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.step.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)
