"""The days from receipt to result as a strip, so that a clerk can show why it is that day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desk_app.ui.buttons import refit
from desk_app.ui.painting import metrics, plate
from desk_app.ui.theme import color, font, px

if TYPE_CHECKING:
    from db.deadlines import DayStep

_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
MOST = 9
"""Cells that fit beside each other at every text size."""


class Cell(NamedTuple):
    """One day of the strip; ``day`` None stands for the days left out in the middle."""

    day: date | None
    label: str
    counts: bool
    reason: str = ""
    result: bool = False


def cells(steps: Sequence[DayStep]) -> list[Cell]:
    """At most nine cells: the first days, a gap when there are more, the last days."""
    days = [Cell(s.day, s.label, s.counts, s.reason, s.label == "trả") for s in steps]
    if len(days) == 1:
        days = [days[0]._replace(label="nay")]
    if len(days) <= MOST:
        last = steps[-1].day if steps else None
        while last is not None and len(days) < MOST:
            last += timedelta(days=1)
            days.append(Cell(last, "", False))
        return days
    left_out = len(days) - (MOST - 1)
    return [*days[:4], Cell(None, f"{left_out} ngày", False), *days[-4:]]


class DayStrip(QWidget):
    """Up to nine days; today, days that count, closed days and the day of the result differ."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[Cell] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_steps(self, steps: Sequence[DayStep]) -> None:
        """Show these days."""
        self._cells = cells(steps)
        said = [
            f"{c.day.day}/{c.day.month} {c.label} {c.reason}".strip()
            for c in self._cells
            if c.day is not None and c.label
        ]
        self.setAccessibleName("Các ngày: " + ", ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(374), self._line() * 3 + px(8))

    def minimumSizeHint(self) -> QSize:
        cell = metrics("caption_bold").horizontalAdvance("nghỉ") + 4
        return QSize(MOST * cell, self.sizeHint().height())

    def _line(self) -> int:
        return metrics("strong").height()

    def _box(self, at: int) -> QRectF:
        gap = 4.0
        width = (self.width() - gap * (MOST - 1)) / MOST
        return QRectF(at * (width + gap), 0, width, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for at, cell in enumerate(self._cells):
            self._paint_cell(painter, self._box(at), cell)

    def _paint_cell(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        fill, line, ink = _look(cell)
        if fill or line:
            plate(painter, box, 6, fill, line)
        painter.setPen(color(ink))
        if cell.day is None:
            painter.setFont(font("caption"))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, wrapped, f"… {cell.label}")
            return
        third = box.height() / 3
        rows = (
            ("caption_bold" if cell.result else "caption", _WEEKDAYS[cell.day.weekday()]),
            ("h2", str(cell.day.day)),
            ("caption_bold", cell.label),
        )
        for row, (role, text) in enumerate(rows):
            painter.setFont(font(role))  # type: ignore[arg-type]
            area = QRectF(box.left(), box.top() + row * third, box.width(), third)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            place = event.pos()
            for at, cell in enumerate(self._cells):
                if cell.reason and self._box(at).contains(place):
                    QToolTip.showText(event.globalPos(), cell.reason, self)
                    return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


def _look(cell: Cell) -> tuple[str, str, str]:
    """Fill, line and ink of a cell."""
    if cell.result:
        return "accent", "", "on_accent"
    if cell.label in ("nay", "nhận"):
        return "surface", "control", "text"
    if cell.counts:
        return "soft", "", "soft_text"
    if cell.label == "nghỉ":
        return "app", "", "faint"
    return "", "line", "text"
