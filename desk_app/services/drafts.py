"""Forms not saved yet: one being filled and up to five parked; they outlive a power cut."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from db import engine as engines
from db import tables
from desk_app.desk import Desk
from desk_app.rules.typed import clean

CURRENT = 0
PARKED = range(1, 6)


@dataclass(frozen=True)
class Draft:
    """What was on the screen. ``slot`` 0 is the form being filled, 1 to 5 are parked."""

    slot: int
    saved_at: datetime
    title: str
    form: dict[str, Any]


def save_draft(desk: Desk, draft: Draft) -> None:
    """Keep a form, in place of what the slot held."""
    row = {
        "slot": draft.slot,
        "saved_at": draft.saved_at.isoformat(),
        "title": clean(draft.title).text,
        # Escaped, so that even half a letter of a broken paste is kept as it stands.
        "form": json.dumps(draft.form).encode(),
    }
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(tables.put(tables.drafts), row)


def drafts(desk: Desk) -> list[Draft]:
    """Every form kept, by slot."""
    with desk.reading() as connection:
        rows = connection.execute(select(tables.drafts).order_by(tables.drafts.c.slot)).all()
    return [
        Draft(
            row.slot,
            datetime.fromisoformat(row.saved_at),
            row.title,
            json.loads(row.form),
        )
        for row in rows
    ]


def drop_draft(desk: Desk, slot: int) -> None:
    """Forget a form: it was saved as a dossier, or put aside for good."""
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(delete(tables.drafts).where(tables.drafts.c.slot == slot))
