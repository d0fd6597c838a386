"""When a result is promised, and why that day. Pure arithmetic: no clock, no database.

Rules: the day of receipt is not counted, and a last calendar day that is not worked moves to the
next working day (Civil Code 2015 Arts. 147-148); a dossier received after 15:00 counts as
received the next working day where its procedure says so (Decree 23/2015/NĐ-CP Art. 7, Law on
Civil Status 2014 Art. 5). A promise is stored with the dossier and never computed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from db.calendar import Calendar
from db.hours import closing_of, hours_of, is_working_day, morning_end_of, open_at
from db.kinds import OfficePublished
from db.parts import Limit
from db.refused import Refused

__all__ = ["DayStep", "LimitUnknown", "NeverOpen", "Promise", "due", "hours_of", "open_at"]

_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")
_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSURE = 60
"""Days. No office is closed longer; beyond it the hours of the office are wrong."""


class LimitUnknown(Refused):
    """The catalogue gives no time limit; the clerk has to name the day and a reason."""


class NeverOpen(Refused):
    """The office's hours and calendar leave no working day; facts: ``office``, ``after``."""


@dataclass(frozen=True, slots=True)
class DayStep:
    """One day between receipt and result, as the strip of days on the screen shows it."""

    day: date
    label: str
    """"nay", "nhận" (counts as the day of receipt), "+1", "nghỉ" or "trả"."""
    counts: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """The promised moment, one line that explains it, and every day on the way."""

    due_at: datetime
    why: str
    steps: tuple[DayStep, ...]
    warnings: tuple[str, ...] = ()


def due(
    limit: Limit, received_at: datetime, office: OfficePublished, calendar: Calendar
) -> Promise:
    """The moment promised to a citizen whose dossier was received at ``received_at``.

    Limits in days end at the office's return minute, or at closing time when that is earlier;
    half a day ends with the morning session. Limits in hours run in office hours only. Where the
    way leads through a year whose calendar was not published, the promise carries the warning
    ``calendar_missing:YEAR``.

    Raises:
        LimitUnknown: the procedure has no limit.
        NeverOpen: the office has no working day to count.
    """
    return _Counting(limit, received_at, office, calendar).promise()


class _Counting:
    """One computation, keeping what it counted so that it can say so."""

    def __init__(
        self, limit: Limit, received_at: datetime, office: OfficePublished, calendar: Calendar
    ) -> None:
        if limit.unit == "unknown":
            raise LimitUnknown()
        self.limit = limit
        self.received_at = received_at
        self.office = office
        self.calendar = calendar
        self._worked: dict[date, bool] = {}
        self.received_on = received_at.date()
        self.minute = received_at.hour * 60 + received_at.minute
        # The receipt says "15 giờ 00 phút" for the whole minute, so 15:00:40 is not late.
        self.is_late = limit.cut_off and self.minute > office.cut_off_minute
        self.starts_on = self._next_working(self.received_on) if self.is_late else self.received_on
        self.labels: dict[date, str] = {}

    def promise(self) -> Promise:
        if self.limit.unit == "hours" and self.limit.halves:
            due_on, minute = self._after_hours()
        elif self.limit.unit == "calendar_days" and self.limit.halves:
            due_on = self.starts_on + timedelta(days=(self.limit.halves + 1) // 2)
            if not self._is_working(due_on):
                due_on = self._next_working(due_on)
            minute = self._return_minute(due_on)
        elif self.limit.unit == "working_days" and self.limit.halves:
            due_on, minute = self._after_working_days()
        else:
            due_on, minute = self._same_day()
        due_at = datetime.combine(due_on, time(minute // 60, minute % 60), self.received_at.tzinfo)
        steps = tuple(self._steps(due_on))
        years = range(self.received_on.year, due_on.year + 1)
        missing = tuple(year for year in years if not self.calendar.knows(year))
        warnings = tuple(f"calendar_missing:{year}" for year in missing)
        return Promise(due_at, self._why(due_at, steps, missing), steps, warnings)

    # ------------------------------------------------------------ counting

    def _after_working_days(self) -> tuple[date, int]:
        day = self.starts_on
        for number in range(1, self.limit.halves // 2 + 1):
            day = self._next_working(day)
            self.labels[day] = f"+{number}"
        if self.limit.halves % 2:
            day = self._next_working(day)
            return day, morning_end_of(self.office, day, self.calendar)
        return day, self._return_minute(day)

    def _same_day(self) -> tuple[date, int]:
        day = self.starts_on
        if day == self.received_on:
            # Taken in after closing, or on a day that does not count (an online dossier on
            # Sunday): there is nobody who could hand out the result today.
            closes = closing_of(self.office, day, self.calendar)
            if not self._is_working(day) or self.minute > closes:
                day = self._next_working(day)
            elif self.minute > self._return_minute(day):
                return day, closes
        return day, self._return_minute(day)

    def _after_hours(self) -> tuple[date, int]:
        left = self.limit.halves * 30
        day = self.starts_on
        # Whole minutes, rounded up: the promise must not lie before the receipt.
        started = self.received_at.second or self.received_at.microsecond
        now = self.minute + 1 if started else self.minute
        if self.is_late:
            now = 0
        while True:
            if self._is_working(day):
                for opens, closes in hours_of(self.office, day, self.calendar):
                    start = max(opens, now)
                    if closes - start >= left:
                        return day, start + left
                    left -= max(0, closes - start)
            day = self._next_working(day)
            now = 0

    def _is_working(self, day: date) -> bool:
        # Counting, the strip of days and the explanation ask for the same few days.
        if day not in self._worked:
            self._worked[day] = is_working_day(self.office, day, self.calendar)
        return self._worked[day]

    def _next_working(self, day: date) -> date:
        for _ in range(_LONGEST_CLOSURE):
            day += _ONE_DAY
            if self._is_working(day):
                return day
        raise NeverOpen(office=self.office.facts.code, after=day.isoformat())

    def _return_minute(self, day: date) -> int:
        return min(self.office.return_minute, closing_of(self.office, day, self.calendar))

    # ------------------------------------------------------------ explaining

    def _steps(self, due_on: date) -> Iterator[DayStep]:
        in_calendar_days = self.limit.unit == "calendar_days"
        day = self.received_on
        while day <= due_on:
            works = self._is_working(day)
            counts = (works or in_calendar_days) and day > self.starts_on
            reason = self._reason(day, works)
            if day == due_on:
                label, counts = "trả", True
            elif day == self.received_on:
                label = "nay"
                reason = f"sau {_clock(self.office.cut_off_minute)}" if self.is_late else reason
            elif day == self.starts_on:
                label = "nhận"
            elif in_calendar_days and counts:
                label = f"+{(day - self.starts_on).days}"
            else:
                label = self.labels.get(day, "" if works else "nghỉ")
            yield DayStep(day, label, counts, reason)
            day += _ONE_DAY

    def _reason(self, day: date, works: bool) -> str:
        if reason := self.calendar.reason(day):
            return reason
        return "" if works else ("cuối tuần" if day.weekday() > 4 else "không làm việc")

    def _why(self, due_at: datetime, steps: tuple[DayStep, ...], missing: tuple[int, ...]) -> str:
        received = self.received_at
        parts = [f"nhận {_WEEKDAYS[received.weekday()]} {received:%H:%M}"]
        if self.is_late:
            parts[0] += f", sau {_clock(self.office.cut_off_minute)}"
            parts.append(f"tính từ {_short(self.starts_on)}")
        parts.append(self._limit_in_words())
        if off := self._left_out(steps):
            turned = self.limit.unit == "calendar_days"
            parts.append(f"{'ngày cuối gặp' if turned else 'trừ'} {', '.join(off)}")
        worked = [
            f"{_short(step.day)} ({step.reason})"
            for step in steps
            if self.calendar.kind_of(step.day) == "worked" and step.day > self.received_on
        ]
        if worked:
            parts.append(f"tính cả {', '.join(worked)}")
        parts += [f"chưa có lịch nghỉ năm {year}" for year in missing]
        parts.append(f"hẹn {due_at:%H:%M} {_WEEKDAYS[due_at.weekday()]} {due_at:%d/%m/%Y}")
        return " → ".join(parts)

    def _limit_in_words(self) -> str:
        if self.limit.unit == "same_day" or not self.limit.halves:
            return "trả trong ngày"
        number = f"{self.limit.halves // 2}{',5' if self.limit.halves % 2 else ''}"
        units = {"working_days": "ngày làm việc", "calendar_days": "ngày", "hours": "giờ làm việc"}
        return f"{number} {units[self.limit.unit]}"

    def _left_out(self, steps: tuple[DayStep, ...]) -> list[str]:
        """The days that were passed over: weekdays of the weekend once, holidays by name."""
        days = [step.day for step in steps[1:-1] if not self._is_working(step.day)]
        if self.limit.unit == "calendar_days":
            # Calendar days count every day; only those the last day had to be moved over matter.
            last = self.starts_on + timedelta(days=(self.limit.halves + 1) // 2)
            days = [day for day in days if day >= last]
        plain = sorted({day.weekday() for day in days if not self.calendar.reason(day)})
        said = [_WEEKDAYS[weekday] for weekday in plain]
        runs: list[list[date]] = []
        for day in (day for day in days if self.calendar.reason(day)):
            follows = runs and day - runs[-1][-1] == _ONE_DAY
            if follows and self.calendar.reason(day) == self.calendar.reason(runs[-1][-1]):
                runs[-1].append(day)
            else:
                runs.append([day])
        return said + [f"{_span(run)} ({self.calendar.reason(run[0])})" for run in runs]


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


def _short(day: date) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day.day}/{day.month}"


def _span(run: list[date]) -> str:
    first, last = run[0], run[-1]
    if first == last:
        return f"{first.day}/{first.month}"
    if first.month == last.month:
        return f"{first.day}–{last.day}/{last.month}"
    return f"{first.day}/{first.month}–{last.day}/{last.month}"
