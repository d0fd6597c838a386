"""What lies at the departments, as the people who work on it see it: to take, late, in work,
waiting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import func, select

from db.acts import State
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.dossiers import DossierLine, as_lines, department_of

MOST = 300
"""Dossiers shown at once, those due first."""
Pile = Literal["to_take", "late", "in_work", "consulting", "waiting", "signed"]
PILES: Final[Mapping[Pile, str]] = {
    "to_take": "Chờ nhận",
    "late": "Quá hạn",
    "in_work": "Đang giải quyết",
    "consulting": "Chờ ý kiến",
    "waiting": "Chờ người dân",
    "signed": "Đã có kết quả, chưa về quầy",
}
_OF: Final[Mapping[State, Pile]] = {
    "forwarded": "to_take",
    "consulting": "consulting",
    "supplement": "waiting",
    "duty": "waiting",
    "done": "signed",
}


@dataclass(frozen=True)
class Held:
    """A dossier at a department, who has it there, and whether it is late."""

    line: DossierLine
    person: str
    late: bool


@dataclass(frozen=True)
class Work:
    """The piles of a desk, none of them empty, in the order they are worked through."""

    piles: tuple[tuple[Pile, tuple[Held, ...]], ...]
    total: int

    @property
    def held(self) -> tuple[Held, ...]:
        """All of them, pile by pile."""
        return tuple(each for _, pile in self.piles for each in pile)


def work(desk: Desk, department: str = "", person: str | None = None) -> Work:
    """What a department holds, or one person in it ("": nobody yet); an officer sees her own
    department, others all of them.

    Those due first come first; what waits for somebody else comes last.
    """
    table = dossiers.c
    where = department or (department_of(desk) if desk.role == "officer" else "")
    wanted = [table.department != "", table.ended.is_(None)]
    wanted += [table.department == where] if where else []
    wanted += [table.person == person] if person is not None else []
    query = select(dossiers).where(*wanted)
    order = (table.clock.is_(None), table.clock, table.n)
    now = desk.now()
    piles: dict[Pile, list[Held]] = {pile: [] for pile in PILES}
    with desk.reading() as connection:
        rows = connection.execute(query.order_by(*order).limit(MOST)).all()
        for row, line in zip(rows, as_lines(desk, connection, rows), strict=True):
            late = row.clock is not None and datetime.fromtimestamp(row.clock, now.tzinfo) < now
            pile = _OF.get(line.status, "late" if late else "in_work")
            piles[pile].append(Held(line, row.person, late))
        total = connection.scalar(select(func.count()).select_from(dossiers).where(*wanted))
    shown = tuple((pile, tuple(held)) for pile, held in piles.items() if held)
    return Work(shown, total or 0)
