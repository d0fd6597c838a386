"""Which numbers a dossier gets: its code, the next of this counter's blocks on its day of receipt;
its line in the book, the next of this counter's volume in the year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import Connection

from db import projection
from db.journal import Saving
from db.kinds import BookLine, CounterEnrolled
from desk_app.desk import Desk
from desk_app.rules import codes
from desk_app.services.machine import require_own_machine


def draw_code(desk: Desk, saving: Saving, received_at: datetime) -> tuple[str, bool]:
    """The next code of this counter for the day, and whether it is only provisional.

    Raises:
        MachineIsACopy: another machine may be drawing the same.
    """
    require_own_machine(desk, saving.connection)
    day = received_at.date()
    counter = _counter(desk, saving.connection)
    return _code_from(desk, counter, day, lambda block: saving.draw(block, day.isoformat()))


def draw_line(desk: Desk, saving: Saving, received_at: datetime) -> BookLine:
    """The next line of this counter's volume of the book of the year; with the code's number it is
    drawn in one transaction, so that no line stays empty."""
    volume = volume_of(desk, saving.connection)
    return BookLine(volume, saving.draw(volume, str(received_at.year)))


def volume_of(desk: Desk, connection: Connection) -> int:
    """The volume this counter writes in now."""
    counter = _counter(desk, connection)
    return counter.volume or counter.number


def next_code(desk: Desk, connection: Connection, received_at: datetime) -> str:
    """The code that would be drawn now, for the preview; a guess that takes nothing."""
    day = received_at.date()
    drawn = projection.drawn_on(connection, day.isoformat())
    counter = _counter(desk, connection)
    return _code_from(desk, counter, day, lambda block: drawn.get(block, 0) + 1)[0]


def next_line(desk: Desk, connection: Connection, received_at: datetime) -> BookLine:
    """The line that would be drawn now, likewise."""
    volume, year = volume_of(desk, connection), str(received_at.year)
    return BookLine(volume, projection.drawn_on(connection, year).get(volume, 0) + 1)


def _counter(desk: Desk, connection: Connection) -> CounterEnrolled:
    """This counter with the number blocks it has now: a server lends others to a counter that was
    restored, while its window is open."""
    device = desk.journal.device.id
    return next(c for c in desk.published(connection).counters if c.device == device)


def _code_from(
    desk: Desk, counter: CounterEnrolled, day: date, draw: Callable[[int], int]
) -> tuple[str, bool]:
    """A number of the active block, else of the reserve block, else a provisional code."""
    office = desk.office
    for block in (counter.active_block, counter.reserve_block):
        try:
            number = codes.block_number(block, office.block_size, draw(block))
        except codes.BlockUsedUp:
            continue
        return codes.make_code(office.code_pattern, office.facts.code, day, number), False
    number = draw(-counter.number)
    return codes.provisional_code(counter.number, office.facts.code, day, number), True
