"""Sổ theo dõi hồ sơ: every dossier a counter took in within a year, in the order it did.

Each counter keeps a volume of its own. The running number, from 01 to the end of the year, is drawn
when the dossier is taken in and stands in its entry and on its receipt, so that what was printed is
never numbered again, whatever is found out or arrives later (TT 01/2018 Art. 10.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, select

from db import projection
from db.dossier import Dossier
from db.refused import Refused
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.numbers import volume_of


class NoSuchVolume(Refused):
    """No line of this volume of the book is here: ``volume``, ``year``, ``known`` ones."""


class Line(NamedTuple):
    """One line of the book; texts as they stand in it."""

    number: int
    code: str
    procedure: str
    sets: int
    name: str
    contact: str
    agency: str
    received: str
    due: str
    returned: str
    delivery: str
    signed: str
    note: str


class Book(NamedTuple):
    """A volume: its year, its number, how many lines it has."""

    year: int
    volume: int
    rows: int


def book_of(desk: Desk, year: int, volume: int = 0) -> Book:
    """A volume of a year as this counter holds it; 0: the one it writes in now.

    Raises:
        NoSuchVolume: nothing was ever written in it that this counter knows.
    """
    with desk.reading() as connection:
        own = volume_of(desk, connection)
        wanted = volume or own
        newest = select(func.max(dossiers.c.number)).where(_within(desk, year, wanted))
        rows = connection.scalar(newest) or 0
        if not rows and wanted != own:
            volumes = select(dossiers.c.volume).where(_in_year(desk, year)).distinct()
            known = ", ".join(map(str, sorted(connection.scalars(volumes)))) or "chưa quyển nào"
            raise NoSuchVolume(volume=wanted, year=year, known=known)
    return Book(year, wanted, rows)


def lines_of(desk: Desk, book: Book, words: dict[str, str]) -> Iterator[Line]:
    """Its lines from the first number to the last, one dossier in memory at a time, from one
    snapshot. A number whose dossier is not on this machine keeps its line and says so.

    ``words``: what each way of delivery is called.
    """
    table = dossiers.c
    query = select(table.number, table.obj).where(_within(desk, book.year, book.volume))
    with desk.reading() as connection:
        written = connection.execute(query.order_by(table.number, table.n)).all()
        expected = 1
        for number, obj in written:
            for missing in range(expected, number):
                yield _missing(missing)
            expected = number + 1
            found = projection.dossier_of(connection, bytes(obj))
            assert found is not None
            yield _line(number, found, words)


def _within(desk: Desk, year: int, volume: int) -> ColumnElement[bool]:
    return and_(_in_year(desk, year), dossiers.c.volume == volume)


def _in_year(desk: Desk, year: int) -> ColumnElement[bool]:
    zone = desk.now().tzinfo
    first, last = (datetime(y, 1, 1, tzinfo=zone).timestamp() for y in (year, year + 1))
    received = dossiers.c.received
    return and_(received >= int(first), received < int(last), dossiers.c.number > 0)


def _missing(number: int) -> Line:
    return Line(number, "", "", 0, "", "", "", "", "", "", "", "", "Chưa có trên máy này")


def _line(number: int, found: Dossier, words: dict[str, str]) -> Line:
    facts, life = found.facts, found.life
    person = facts.applicant
    holder = life.holder.department if life.holder else ""
    out = next((r for r in life.results if r.out_at), None)
    notes = [found.void_reason and f"Đã huỷ: {found.void_reason}", life.late_reason]
    notes += [f"Gửi bưu điện {r.item}" for r in life.results if r.item]
    if life.due_at != facts.due_at:
        notes.append(f"Hẹn lại {_moment(life.due_at)}")
    return Line(
        number,
        facts.code,
        facts.procedure.name,
        facts.sets,
        person.name,
        ", ".join(filter(None, (person.address, person.phone))),
        holder or facts.office.name,
        _moment(facts.received_at),
        _moment(facts.due_at),
        _moment(out.out_at) if out else "",
        words[facts.delivery],
        out.out_to if out else "",
        "; ".join(filter(None, notes)),
    )


def _moment(iso: str) -> str:
    moment = datetime.fromisoformat(iso)
    return f"{moment:%H:%M} {moment:%d/%m/%Y}"


def this_year(desk: Desk) -> int:
    """The year of the book that is open."""
    today: date = desk.now().date()
    return today.year
