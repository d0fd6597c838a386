"""Days and moments as a clerk types them: "16:30 15/12/2026", "15/12/2026", "5" working days."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from db.refused import Refused
from desk_app.services.clock import working_days_from
from desk_app.ui.correction import read_moment

if TYPE_CHECKING:
    from desk_app.desk import Desk

MOST_DAYS: Final = 60
"""Working days that may be typed as a bare number; more of them is a day mistyped."""


class MomentUnreadable(Refused):
    """A day or a moment that cannot be read; ``text``."""


def moment_typed(desk: Desk, text: str) -> datetime | None:
    """A moment, or a day, which ends at the office's return time; a bare number counts working
    days from tomorrow. None for nothing.

    Raises:
        MomentUnreadable.
    """
    typed = " ".join(text.split())
    if not typed:
        return None
    hour, minute = divmod(desk.office.return_minute, 60)
    zone = desk.now().tzinfo
    if typed.isdecimal() and 0 < int(typed) <= MOST_DAYS:
        return datetime.combine(working_days_from(desk, int(typed))[-1], time(hour, minute), zone)
    read = read_moment(typed, zone) or read_moment(f"{hour}:{minute:02d} {typed}", zone)
    if read is None:
        raise MomentUnreadable(text=typed)
    return read


def day_typed(desk: Desk, text: str) -> str:
    """A day as ISO, empty for nothing.

    Raises:
        MomentUnreadable.
    """
    read = moment_typed(desk, text)
    return "" if read is None else read.date().isoformat()
