"""The promised moment after a dossier had to wait: by the regime of its receipt."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from db.calendar import Calendar
from db.deadlines import LimitUnknown, due
from db.dossier import Dossier
from db.hours import is_working_day
from db.kinds import OfficePublished, RegimePublished
from db.parts import Kind
from db.steps import PromisedResult
from desk_app.desk import Desk
from desk_app.published import Published

_ONE_DAY = timedelta(days=1)


class NewPromise(Kind, frozen=True):
    """The moment from now on, why, and that of each result when there are several."""

    due_at: str
    why: str
    results: tuple[PromisedResult, ...] = ()


def regime_of(desk: Desk, published: Published, dossier: Dossier) -> RegimePublished:
    """The regime a dossier was received under."""
    received = datetime.fromisoformat(dossier.facts.received_at).date()
    return published.regime_of(dossier.facts.form_set, received)


def after_waiting(
    desk: Desk, published: Published, dossier: Dossier, waited_from: str, now: datetime
) -> NewPromise:
    """The promise once everything is there: counted anew from now, or moved by the days waited.

    NĐ 61/2018 Art. 19.4 counts anew; some procedures only pause, and say so.
    """
    facts = dossier.facts
    procedure = published.procedure(facts.procedure.code, now.date())
    rule = procedure.says.after_supplement if procedure else ""
    calendar = published.calendar
    if (rule or regime_of(desk, published, dossier).after_supplement) == "pause":
        return _paused(desk.office, calendar, dossier, waited_from, now)
    try:
        promise = due(facts.limit, now, desk.office, calendar)
    except LimitUnknown:
        return _paused(desk.office, calendar, dossier, waited_from, now)
    results = tuple(
        msgspec.structs.replace(
            r,
            due_at=(again := due(r.limit, now, desk.office, calendar)).due_at.isoformat(),
            why_due=again.why,
        )
        for r in facts.results
    )
    why = f"Tính lại từ khi đủ hồ sơ ({now:%d/%m/%Y}). {promise.why}"
    return NewPromise(promise.due_at.isoformat(), why, results)


def _paused(
    office: OfficePublished, calendar: Calendar, dossier: Dossier, waited_from: str, now: datetime
) -> NewPromise:
    begun = datetime.fromisoformat(waited_from).date()
    days = _working_days(office, calendar, begun, now.date())
    moved = _moved(office, calendar, dossier.life.due_at, days)
    results = tuple(
        msgspec.structs.replace(r, due_at=_moved(office, calendar, r.due_at, days))
        for r in dossier.facts.results
    )
    return NewPromise(moved, f"Cộng {days} ngày làm việc chờ bổ sung", results)


def _moved(office: OfficePublished, calendar: Calendar, due_at: str, days: int) -> str:
    moment = datetime.fromisoformat(due_at)
    day = [moment.date(), *_following(office, calendar, moment.date(), days)][-1]
    return datetime.combine(day, moment.timetz()).isoformat()


def working_days_from(desk: Desk, days: int) -> list[date]:
    """The next working days of the office, tomorrow at the earliest."""
    with desk.reading() as connection:
        calendar = desk.published(connection).calendar
    return _following(desk.office, calendar, desk.now().date(), days)


def _working_days(office: OfficePublished, calendar: Calendar, after: date, until: date) -> int:
    span = range((until - after).days)
    days = (after + timedelta(days=d + 1) for d in span)
    return sum(is_working_day(office, day, calendar) for day in days)


def _following(office: OfficePublished, calendar: Calendar, day: date, days: int) -> list[date]:
    found: list[date] = []
    while len(found) < days:
        day += _ONE_DAY
        if is_working_day(office, day, calendar):
            found.append(day)
    return found


def working_days_since(desk: Desk, published: Published, moment: str) -> int:
    """Working days from a moment (not counted) to today."""
    begun = datetime.fromisoformat(moment).date()
    return _working_days(desk.office, published.calendar, begun, desk.now().date())
