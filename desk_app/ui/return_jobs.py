"""What the page "Trả kết quả" asks of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.rules.phones import show_phone
from desk_app.services import results
from desk_app.services.dossiers import DossierLine
from desk_app.services.find import by_code
from desk_app.services.results import Collected, Collecting, hand_over
from desk_app.services.returning import Returning, Waiting, by_scan, of_citizen, returning
from desk_app.services.steps import Undone, undo_together
from desk_app.ui.entry_list import Entry

if TYPE_CHECKING:
    from db.dossier import Dossier
    from desk_app.desk import Desk


def entry_of(each: Waiting) -> Entry:
    """A dossier in a list."""
    facts = [each.line.procedure, each.where or "chưa có kết quả"]
    facts.append("hôm nay" if not each.days else f"{each.days} ngày")
    if each.phone and each.days:
        facts.append(show_phone(each.phone))
    if each.calls:
        facts.append(f"đã gọi {each.calls} lần" + ("" if each.reached else ", chưa gặp"))
    icon = "alert-triangle" if each.late else "archive"
    return Entry(each.line.name, icon, " · ".join(facts), says=each, warns=each.late)


def scanned_code(code: str, desk: Desk) -> tuple[str, tuple[DossierLine, ...]]:
    """The dossiers of a code that was scanned on another page."""
    return code, by_code(desk, code)


def found_by(text: str, desk: Desk) -> tuple[Waiting, ...]:
    """Dossiers of a code, or of a number."""
    return by_scan(desk, text)


def of_person(number: str, desk: Desk) -> tuple[Waiting, ...]:
    """Dossiers of a person."""
    return of_citizen(desk, number)


def open_one(id_: bytes, desk: Desk) -> Returning:
    """One dossier, as it is to be given back."""
    return returning(desk, id_)


def give(ids: list[bytes], how: Collecting, desk: Desk) -> Collected:
    """Into the hand."""
    return hand_over(desk, ids, how)


def send(id_: bytes, item: str, how: Collecting, desk: Desk) -> Dossier:
    """To the post."""
    return results.post(desk, id_, item, originals=how.originals, results=how.results)


def shelve(id_: bytes, shelf: str, slot: str, desk: Desk) -> Dossier:
    """Onto the shelf."""
    return results.put_on_shelf(desk, id_, shelf, slot)


def undo_all(ids: list[bytes], desk: Desk) -> Undone:
    """Take the returns back, all of them or none."""
    return undo_together(desk, ids)


def call(id_: bytes, late: bool, reached: bool, desk: Desk) -> Dossier:
    """The citizen was called, and somebody answered or nobody did."""
    return results.tell(desk, id_, "phone", "uncollected" if late else "result", reached)
