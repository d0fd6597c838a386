"""Sổ theo dõi hồ sơ: every dossier a counter took in within a year, in the order it did.

Each counter keeps a volume of its own, numbered like the counter: its running numbers count from 01
to the end of the year in the order of its own journal, so that what was printed is never numbered
again when another counter's dossiers arrive late (TT 01/2018 Art. 10.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, func, select

from db import projection
from db.dossier import Dossier
from db.tables import dossiers
from desk_app.desk import Desk

PORTION = 500


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


def book_of(desk: Desk, year: int) -> Book:
    """This counter's volume of a year."""
    with desk.reading() as connection:
        rows = connection.scalar(select(func.count()).select_from(dossiers).where(_own(desk, year)))
    return Book(year, desk.counter.number, rows or 0)


def lines_of(desk: Desk, year: int, words: dict[str, str]) -> Iterator[Line]:
    """Its lines, a portion of dossiers in memory at a time, from one snapshot.

    ``words``: what each way of delivery is called.
    """
    with desk.reading() as connection:
        last, number = 0, 0
        while rows := _portion(desk, connection, year, last):
            for _, obj in rows:
                found = projection.dossier_of(connection, obj)
                assert found is not None
                number += 1
                yield _line(number, found, words)
            last = rows[-1][0]


def _portion(desk: Desk, connection: Connection, year: int, last: int) -> list[tuple[int, bytes]]:
    table = dossiers.c
    query = (
        select(table.n, table.obj)
        .where(_own(desk, year), table.n > last)
        .order_by(table.n)
        .limit(PORTION)
    )
    return [(row.n, bytes(row.obj)) for row in connection.execute(query)]


def _own(desk: Desk, year: int) -> ColumnElement[bool]:
    zone = desk.now().tzinfo
    first, last = (datetime(y, 1, 1, tzinfo=zone).timestamp() for y in (year, year + 1))
    table = dossiers.c
    return and_(
        table.own == 1,
        table.received >= int(first),
        table.received < int(last),
        table.status.not_in(("checked", "turned_away")),
    )


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
