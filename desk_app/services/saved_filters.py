"""Lists of dossiers a clerk put together and kept under a name; on this machine, for this login."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from db import engine as engines
from db import projection
from db.refused import Refused
from desk_app.desk import Desk
from desk_app.services.dossiers import Narrow, Which
from desk_app.services.steps import text_of

MOST = 9


class TooManyFilters(Refused):
    """Nine are kept; ``most``."""


class SavedFilter(Struct, frozen=True):
    """One of the lists, and what of it."""

    name: str
    which: Which
    narrow: Narrow = Narrow()


def saved_filters(desk: Desk) -> tuple[SavedFilter, ...]:
    """The filters of who works here, in the order they were kept."""
    with desk.reading() as connection:
        kept = projection.read_meta(connection, _key(desk))
    return msgspec.json.decode(kept, type=tuple[SavedFilter, ...]) if kept else ()


def save_filter(desk: Desk, wanted: SavedFilter) -> tuple[SavedFilter, ...]:
    """Keep one, in place of what had its name; returns all.

    Raises:
        TextMissing, TextTooLong (the name), TooManyFilters: nothing was kept.
    """
    name = text_of(wanted.name, "tên bộ lọc", most=40)
    named = SavedFilter(name, wanted.which, wanted.narrow)
    before = saved_filters(desk)
    if name in [each.name for each in before]:
        return _keep(desk, tuple(named if each.name == name else each for each in before))
    if len(before) >= MOST:
        raise TooManyFilters(most=MOST)
    return _keep(desk, (*before, named))


def drop_filter(desk: Desk, name: str) -> tuple[SavedFilter, ...]:
    """Forget one; returns the rest."""
    return _keep(desk, tuple(each for each in saved_filters(desk) if each.name != name))


def _keep(desk: Desk, filters: tuple[SavedFilter, ...]) -> tuple[SavedFilter, ...]:
    with engines.writing(desk.journal.engine) as connection:
        projection.write_meta(connection, _key(desk), msgspec.json.encode(filters))
    return filters


def _key(desk: Desk) -> str:
    return f"filters:{desk.clerk.login}"
