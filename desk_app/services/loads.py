"""Who holds how many dossiers, and how many of them are late: for the chief."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from db.tables import dossiers
from desk_app.desk import Desk


@dataclass(frozen=True)
class Load:
    """One holder's dossiers; ``person`` is empty while nobody in the department took them."""

    department: str
    person: str
    open: int
    late: int


def loads(desk: Desk) -> tuple[Load, ...]:
    """Departments and people with what they hold, the latest first."""
    table = dossiers.c
    now = int(desk.now().timestamp())
    late = func.sum(case((table.clock < now, 1), else_=0))
    query = (
        select(table.department, table.person, func.count(), late)
        .where(table.department != "", table.ended.is_(None))
        .group_by(table.department, table.person)
        .order_by(late.desc(), func.count().desc(), table.department, table.person)
    )
    with desk.reading() as connection:
        rows = connection.execute(query)
        return tuple(Load(where, who, open_, int(over)) for where, who, open_, over in rows)
