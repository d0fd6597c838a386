"""What the page "Bàn xử lý" asks of the worker, and its lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from db.dossier import Dossier
from desk_app.services.dossiers import department_of
from desk_app.services.forwarding import take_over
from desk_app.services.loads import Load, loads
from desk_app.services.work import PILES, Held, Work, work
from desk_app.ui.dossier_words import due_words
from desk_app.ui.entry_list import Entry

if TYPE_CHECKING:
    from desk_app.desk import Desk

ICONS = {
    "to_take": "archive",
    "late": "alert-triangle",
    "in_work": "file-text",
    "consulting": "user-check",
    "waiting": "clock",
    "signed": "circle-check",
}


@dataclass(frozen=True)
class Desktop:
    """Everything the page shows."""

    work: Work
    loads: tuple[Load, ...]
    department: str
    """Whose desk it is; empty for everybody's."""
    is_chief: bool


def desktop(holder: Load | None, desk: Desk) -> Desktop:
    """What lies at the departments, or with the holder who is chosen."""
    officer = desk.role == "officer"
    found = work(desk, holder.department, holder.person) if holder else work(desk)
    own = department_of(desk) if officer else holder.department if holder else ""
    return Desktop(found, () if officer else loads(desk), own, not officer)


def take(id_: bytes, desk: Desk) -> Dossier:
    """Sign for a dossier."""
    return take_over(desk, id_)


def entries_of(found: Work, now: datetime) -> list[Entry]:
    """The piles with their titles."""
    rows = []
    for pile, held in found.piles:
        rows.append(Entry(f"{PILES[pile]}  {len(held)}"))
        rows += [_entry(each, ICONS[pile], now) for each in held]
    return rows


def _entry(each: Held, icon: str, now: datetime) -> Entry:
    line = each.line
    due, _ = due_words(line.due_at, now)
    facts = [line.code, line.procedure, due, each.person or line.department]
    return Entry(line.name, icon, " · ".join(filter(None, facts)), says=each, warns=each.late)


def holders_of(found: Sequence[Load]) -> list[Entry]:
    """Everybody together, then each holder with the load and how much of it is late."""
    total, late = sum(each.open for each in found), sum(each.late for each in found)
    rows = [Entry("Tất cả", "files", _load(total, late), warns=bool(late))]
    for each in found:
        who = each.person or "chưa ai nhận"
        more = f"{who} · {_load(each.open, each.late)}"
        rows.append(Entry(each.department, "archive", more, says=each, warns=bool(each.late)))
    return rows


def _load(count: int, late: int) -> str:
    return f"{count} hồ sơ" + (f", {late} quá hạn" if late else "")
