"""Lists of dossiers, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select, true

from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.copies import marks

Which = Literal["today", "unprinted", "due_today", "overdue", "voided", "all"]


@dataclass(frozen=True)
class DossierLine:
    """One row of a list: what fits in a line, no identity number."""

    id: bytes
    code: str
    name: str
    procedure: str
    """Short name."""
    received_at: datetime
    due_at: datetime
    status: Literal["received", "voided"]
    prints: int
    counter: int
    one_copy: bool
    """Whether it exists on this machine only."""
    unsent: bool
    """Whether the server has not signed for it yet; False without a server."""
    flagged: bool
    n: int
    """Place in the order of arrival; the row's key for paging."""


def page(
    desk: Desk, which: Which, after: DossierLine | None = None, limit: int = 200
) -> list[DossierLine]:
    """The next rows of a list after a row already shown."""
    query = select(dossiers).where(_filter(which, desk.now()))
    if after is not None:
        seconds = int(after.received_at.timestamp())
        query = query.where(
            or_(
                dossiers.c.received < seconds,
                and_(dossiers.c.received == seconds, dossiers.c.n < after.n),
            )
        )
    order = (dossiers.c.received.desc(), dossiers.c.n.desc())
    return read_lines(desk, query.order_by(*order).limit(limit))


def counts(desk: Desk) -> dict[str, int]:
    """How many dossiers each list holds."""
    now = desk.now()
    names: tuple[Which, ...] = ("today", "unprinted", "due_today", "overdue", "voided", "all")
    with desk.reading() as connection:
        return {
            which: connection.scalar(
                select(func.count()).select_from(dossiers).where(_filter(which, now))
            )
            or 0
            for which in names
        }


def read_lines(desk: Desk, query: Select[Any]) -> list[DossierLine]:
    """Rows of the dossier table as lines."""
    with desk.reading() as connection:
        return list(as_lines(desk, connection, connection.execute(query)))


def as_lines(desk: Desk, connection: Connection, rows: Iterable[Row[Any]]) -> Iterable[DossierLine]:
    """The same for rows already fetched in a snapshot."""
    zone = desk.now().tzinfo
    known = marks(desk, connection)
    for row in rows:
        yield DossierLine(
            id=bytes(row.obj),
            code=row.code,
            name=row.name,
            procedure=row.short_name,
            received_at=datetime.fromtimestamp(row.received, zone),
            due_at=datetime.fromtimestamp(row.due, zone),
            status=row.status,
            prints=row.prints,
            counter=row.counter,
            one_copy=known.one_copy(row.n, row.own),
            unsent=known.unsent(row.n, row.own),
            flagged=row.flags > 0,
            n=row.n,
        )


def _filter(which: Which, now: datetime) -> ColumnElement[bool]:
    table = dossiers.c
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    today, tomorrow = int(midnight.timestamp()), int((midnight + timedelta(days=1)).timestamp())
    open_ = table.status == "received"
    match which:
        case "today":
            return and_(table.received >= today, table.received < tomorrow)
        case "unprinted":
            return and_(open_, table.prints == 0, table.own == 1)
        case "due_today":
            return and_(open_, table.due >= today, table.due < tomorrow)
        case "overdue":
            return and_(open_, table.due < int(now.timestamp()))
        case "voided":
            return table.status == "voided"
        case "all":
            return true()
