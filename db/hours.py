"""When an office is open, and which of its days count in time limits. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from db.calendar import Calendar
from db.kinds import OfficePublished, OpenHours

USUAL_HOURS = (OpenHours(weekdays=(0, 1, 2, 3, 4), intervals=((450, 690), (810, 1020))),)
"""07:30-11:30 and 13:30-17:00, Monday to Friday, for an office that published no hours."""
_NOON = 720

Intervals = tuple[tuple[int, int], ...]


def hours_of(office: OfficePublished, day: date, calendar: Calendar | None = None) -> Intervals:
    """When the desk is open that day, in minutes of the day, in order; () when it is closed.

    A make-up Saturday has the hours of the weekday it makes up for: those of a Monday of the same
    season. On a half day only the morning is open.
    """
    kind = calendar.kind_of(day) if calendar else None
    if kind == "off":
        return ()
    if kind == "worked" and not _counts(office, day):
        # Seven days to look for a weekday with hours: an office may be closed on Mondays.
        for back in range(day.weekday(), day.weekday() - 7, -1):
            ordinary = day - timedelta(days=back)
            if _counts(office, ordinary, on=day):
                return _intervals(office, ordinary, on=day)
        return ()
    intervals = _intervals(office, day, on=day)
    return tuple(i for i in intervals if i[0] < _NOON) if kind == "half" else intervals


def open_at(office: OfficePublished, moment: datetime, calendar: Calendar | None = None) -> bool:
    """Whether the desk is open at this moment; the closing minute itself is past."""
    minute = moment.hour * 60 + moment.minute
    return any(o <= minute < c for o, c in hours_of(office, moment.date(), calendar))


def is_working_day(office: OfficePublished, day: date, calendar: Calendar) -> bool:
    """Whether the day counts in time limits.

    A duty morning on Saturday does not: the desk is open, the offices behind it are not.
    """
    kind = calendar.kind_of(day)
    if kind is not None:
        return kind != "off" and bool(hours_of(office, day, calendar))
    return _counts(office, day)


def closing_of(office: OfficePublished, day: date, calendar: Calendar) -> int:
    """The minute the desk closes for the day; 0 when it does not open."""
    return max((closes for _, closes in hours_of(office, day, calendar)), default=0)


def morning_end_of(office: OfficePublished, day: date, calendar: Calendar) -> int:
    """The minute the morning session ends; closing time where there is no noon break."""
    hours = hours_of(office, day, calendar)
    return max((closes for opens, closes in hours if opens < _NOON), default=hours[0][1])


def _applying(office: OfficePublished, weekday: int, on: date) -> list[OpenHours]:
    day = on.isoformat()
    return [
        hours
        for hours in office.hours or USUAL_HOURS
        if weekday in hours.weekdays
        and hours.valid_from <= day
        and (hours.valid_to is None or day <= hours.valid_to)
        and _in_season(hours, day[5:])
    ]


def _in_season(hours: OpenHours, month_and_day: str) -> bool:
    if hours.season_from <= hours.season_to:
        return hours.season_from <= month_and_day <= hours.season_to
    # A winter season runs over New Year.
    return month_and_day >= hours.season_from or month_and_day <= hours.season_to


def _counts(office: OfficePublished, day: date, on: date | None = None) -> bool:
    return any(
        hours.counts and any(closes > opens for opens, closes in hours.intervals)
        for hours in _applying(office, day.weekday(), on or day)
    )


def _intervals(office: OfficePublished, day: date, on: date) -> Intervals:
    applying = _applying(office, day.weekday(), on)
    return tuple(sorted(i for hours in applying for i in hours.intervals if i[1] > i[0]))
