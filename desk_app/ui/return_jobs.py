"""What the page "Trả kết quả" asks of the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.services import results
from desk_app.services.results import Collected, Collecting, hand_over
from desk_app.services.returning import Returning, Waiting, by_scan, of_citizen, returning
from desk_app.services.steps import undo_step
from desk_app.ui.entry_list import Entry

if TYPE_CHECKING:
    from db.dossier import Dossier
    from desk_app.desk import Desk


def entry_of(each: Waiting) -> Entry:
    """A dossier in a list."""
    days = "hôm nay" if not each.days else f"{each.days} ngày"
    where = each.where or "chưa có kết quả"
    phone = f" · {each.phone}" if each.phone and each.days else ""
    return Entry(
        each.line.name, "archive", f"{each.line.procedure} · {where} · {days}{phone}", says=each
    )


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


def send(id_: bytes, item: str, originals: tuple[str, ...], desk: Desk) -> Dossier:
    """To the post."""
    return results.post(desk, id_, item, originals=originals)


def shelve(id_: bytes, shelf: str, slot: str, desk: Desk) -> Dossier:
    """Onto the shelf."""
    return results.put_on_shelf(desk, id_, shelf, slot)


def undo_all(ids: list[bytes], desk: Desk) -> Dossier:
    """Take the returns back."""
    dossiers = [undo_step(desk, id_) for id_ in ids]
    return dossiers[0]


def call(id_: bytes, desk: Desk) -> Dossier:
    """The citizen was called."""
    return results.tell(desk, id_, "phone", "result")
