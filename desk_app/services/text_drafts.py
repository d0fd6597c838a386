"""Texts of the papers that are typed and not published yet; they outlive a power cut."""

from __future__ import annotations

import msgspec

from db import engine as engines
from db import projection
from db.texts import Change
from desk_app.desk import Desk

_KEPT = "text-drafts"
"""In the table of what a machine keeps beside the journal."""


def keep_text_drafts(desk: Desk, drafts: tuple[Change, ...]) -> None:
    """Keep these, in place of those before."""
    with engines.writing(desk.journal.engine) as connection:
        projection.write_meta(connection, _KEPT, msgspec.json.encode(drafts))


def text_drafts(desk: Desk) -> tuple[Change, ...]:
    """What was kept."""
    with desk.reading() as connection:
        kept = projection.read_meta(connection, _KEPT)
    return msgspec.json.decode(kept, type=tuple[Change, ...]) if kept else ()
