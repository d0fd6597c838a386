"""A day ahead, typed as a date or as a number of working days; Up and Down move by one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from desk_app.rules.days import WEEKDAYS, read_day
from desk_app.ui.fields import LabelledField, LineEdit
from desk_app.ui.widgets import Label

_FAR: Final = date(2099, 12, 31)
"""``read_day`` refuses days after its today, and these lie ahead."""


class _DayEdit(LineEdit):
    """Signals: stepped: a working day later (1) or earlier (-1)."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)


class WorkingDayField(LabelledField):
    """The day stands in the field; what was understood of it stands beneath."""

    def __init__(self, label: str) -> None:
        self._edit = _DayEdit(label, "15/12/2026, hoặc số ngày làm việc")
        super().__init__(label, self._edit)
        self._days: Sequence[date] = ()
        self._reads = Label("", "caption", "muted")
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._reads)
        self._edit.textChanged.connect(self._say)
        self._edit.editingFinished.connect(self._settle)
        self._edit.stepped.connect(self._on_step)

    def set_days(self, days: Sequence[date]) -> None:
        """The working days that may be counted, the first of them in front."""
        self._days = days

    def day(self) -> date | None:
        """The day that stands in the field; None while it is none."""
        typed = self.text().strip()
        if typed.isdecimal() and 0 < int(typed) <= len(self._days):
            return self._days[int(typed) - 1]
        read, _ = read_day(typed, _FAR, of_birth=False)
        return date.fromisoformat(read) if len(read) == len("2026-12-15") else None

    @Slot()
    def _say(self) -> None:
        day = self.day()
        if day is None:
            self._reads.setText("")
            return
        said = WEEKDAYS[day.weekday()]
        if day in self._days:
            said += f", {self._days.index(day) + 1} ngày làm việc nữa"
        self._reads.setText(said)

    @Slot()
    def _settle(self) -> None:
        """A number becomes the day it counts to."""
        day = self.day()
        if day is not None and self.text().strip().isdecimal():
            self.set_text(f"{day:%d/%m/%Y}")

    @Slot(int)
    def _on_step(self, by: int) -> None:
        day, days = self.day(), self._days
        if not days:
            return
        later = [d for d in days if day is None or d > day]
        earlier = [d for d in days if day is not None and d < day]
        found = later[:1] if by > 0 else earlier[-1:]
        if found:
            self.set_text(f"{found[0]:%d/%m/%Y}")
