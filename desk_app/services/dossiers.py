"""Lists of dossiers, newest first, a page at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
)

from db.acts import WAITING, State
from db.tables import NOT_OVER, UNPRINTED, dossiers
from desk_app.desk import Desk
from desk_app.services.copies import marks

Which = Literal[
    "today",
    "unprinted",
    "due_today",
    "due_tomorrow",
    "overdue",
    "waiting",
    "to_forward",
    "held",
    "ready",
    "uncollected",
    "flagged",
    "voided",
    "all",
]
_WHOLE: frozenset[Which] = frozenset({"today", "unprinted", "voided", "all"})
"""Lists in the order of an index of their own."""
DAY = 86_400
"""Seconds."""
LISTS: tuple[Which, ...] = get_args(Which)


class Narrow(Struct, frozen=True):
    """What of a list: of one procedure (by its code), counter or department; empty for all."""

    procedure: str = ""
    counter: int = 0
    department: str = ""


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
    status: State
    prints: int
    counter: int
    one_copy: bool
    """Whether it exists on this machine only."""
    unsent: bool
    """Whether the server has not signed for it yet; False without a server."""
    flagged: bool
    ready_at: datetime | None
    """Since when a result lies at the counter."""
    department: str
    """Who holds it; empty for the counter."""
    phone: str
    n: int
    """Place in the order of arrival; the row's key for paging."""


def page(
    desk: Desk,
    which: Which,
    after: DossierLine | None = None,
    limit: int = 200,
    narrow: Narrow = Narrow(),  # noqa: B008 - it is frozen
) -> list[DossierLine]:
    """The next rows of a list after a row already shown."""
    query = select(dossiers).where(_filter(desk, which, desk.now()), *_of(narrow))
    # A short list is sorted by itself: read in the order of all dossiers, it would be looked for
    # among a million of them.
    received = dossiers.c.received if which in _WHOLE else literal_column("+dossier.received")
    if after is not None:
        seconds = int(after.received_at.timestamp())
        query = query.where(
            or_(received < seconds, and_(received == seconds, dossiers.c.n < after.n))
        )
    order = (received.desc(), dossiers.c.n.desc())
    return read_lines(desk, query.order_by(*order).limit(limit))


def counts(desk: Desk) -> dict[str, int]:
    """How many dossiers each list holds."""
    now = desk.now()
    with desk.reading() as connection:
        return {
            which: connection.scalar(
                select(func.count()).select_from(dossiers).where(_filter(desk, which, now))
            )
            or 0
            for which in LISTS
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
            ready_at=datetime.fromtimestamp(row.ready, zone) if row.ready else None,
            department=row.department,
            phone=row.phone,
            n=row.n,
        )


def department_of(desk: Desk) -> str:
    """The department an officer works in."""
    with desk.reading() as connection:
        me = desk.published(connection).clerk(desk.clerk.login)
    return me.department if me else ""


def _of(narrow: Narrow) -> list[ColumnElement[bool]]:
    table = dossiers.c
    found = [table.procedure == narrow.procedure] if narrow.procedure else []
    found += [table.counter == narrow.counter] if narrow.counter else []
    found += [table.department == narrow.department] if narrow.department else []
    return found


def _filter(desk: Desk, which: Which, now: datetime) -> ColumnElement[bool]:
    table = dossiers.c
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first, second, third = (int((midnight + timedelta(days=d)).timestamp()) for d in range(3))
    match which:
        case "today":
            return and_(table.received >= first, table.received < second)
        case "unprinted":
            return and_(text(UNPRINTED), table.own == 1)
        case "due_today":
            return and_(table.clock >= first, table.clock < second)
        case "due_tomorrow":
            return and_(table.clock >= second, table.clock < third)
        case "overdue":
            return table.clock < int(now.timestamp())
        case "waiting":
            return and_(text(NOT_OVER), table.status.in_(sorted(WAITING)))
        case "to_forward":
            return and_(text(NOT_OVER), table.status == "received")
        case "held":
            away = and_(table.department != "", table.ended.is_(None))
            if desk.role != "officer":
                return away
            return and_(away, table.department == department_of(desk))
        case "ready":
            return table.ready.is_not(None)
        case "uncollected":
            return table.ready < first - desk.office.uncollected_days * DAY
        case "flagged":
            return table.flags > 0
        case "voided":
            return table.status == "voided"
        case "all":
            return true()
