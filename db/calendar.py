"""Which days are not what their weekday says: holidays, make-up Saturdays, compensatory days.

Pure: the days come from the published calendars, one per year. Weekends are not listed in them;
whether a Saturday is worked is a matter of an office's hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from db.kinds import CalendarDay, CalendarPublished

FIXED_HOLIDAYS = {
    (1, 1): ("Tết Dương lịch", 2000),
    (4, 30): ("Ngày Chiến thắng", 2000),
    (5, 1): ("Quốc tế Lao động", 2000),
    (9, 2): ("Quốc khánh", 2000),
    (11, 24): ("Ngày Văn hóa Việt Nam", 2026),
}
"""Month and day, name and first year of the holidays that need no yearly notice.

Labour Code 2019 Art. 112; Resolution 28/2026/QH16 for 24 November. They hold in a year nobody
has published yet; that year's Tết, Hùng Kings' day, swaps and compensations are still unknown.
"""


class Calendar:
    """The published years. A later publication of a year replaces the earlier one whole."""

    def __init__(self, published: Iterable[CalendarPublished]) -> None:
        self._years = {calendar.year: calendar for calendar in published}
        self._days = {
            date.fromisoformat(entry.day): entry
            for calendar in self._years.values()
            for entry in calendar.days
        }

    @property
    def last_year(self) -> int | None:
        """The last year published; None when there is none."""
        return max(self._years, default=None)

    def knows(self, year: int) -> bool:
        """Whether this year's days off have been published."""
        return year in self._years

    def kind_of(self, day: date) -> Literal["off", "half", "worked"] | None:
        """What the day is by decision or law; None when only its weekday decides."""
        entry = self._entry(day)
        return entry.kind if entry else None

    def reason(self, day: date) -> str:
        """Why, in Vietnamese; "" for an ordinary day."""
        entry = self._entry(day)
        return entry.reason if entry else ""

    def _entry(self, day: date) -> CalendarDay | None:
        if self.knows(day.year):
            return self._days.get(day)
        name, since = FIXED_HOLIDAYS.get((day.month, day.day), ("", 0))
        if not name or day.year < since:
            return None
        return CalendarDay(day=day.isoformat(), kind="off", reason=name)
