"""How this counter stands: what exists once only, what is not printed, disk and clock."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import func, select, text

from db.acts import WAITING
from db.tables import NOT_OVER, UNPRINTED, dossiers
from desk_app.desk import Desk
from desk_app.services.attention import matters_count
from desk_app.services.copies import marks
from desk_app.services.dossiers import DossierLine, as_lines
from desk_app.services.sending import Sending, sending

LOW_DISK = 1_000_000_000
"""Bytes free under which the status line warns."""


@dataclass(frozen=True)
class CounterStatus:
    """What the status line shows."""

    one_copy: int
    """Dossiers received here that exist on this machine only."""
    unprinted: int
    spool: Literal["none", "ok", "missing", "same_medium"]
    disk_free: int
    """Bytes."""
    clock: Literal["ok", "unsure"]
    last_saved: DossierLine | None
    ready: int
    """Dossiers with a result that lies here."""
    waiting: int
    """Dossiers that wait for the citizen."""
    matters: int
    """Contradictions and notices for a person."""
    sending: Sending
    """How it stands with the server."""


def counter_status(desk: Desk) -> CounterStatus:
    """The counter's state now."""
    table = dossiers.c
    with desk.reading() as connection:
        alone = marks(desk, connection).alone()
        one_copy = connection.scalar(select(func.count()).select_from(dossiers).where(alone))
        unprinted = connection.scalar(
            select(func.count()).select_from(dossiers).where(text(UNPRINTED), table.own == 1)
        )
        ready = connection.scalar(
            select(func.count()).select_from(dossiers).where(table.ready.is_not(None))
        )
        waiting = connection.scalar(
            select(func.count())
            .select_from(dossiers)
            .where(text(NOT_OVER), table.status.in_(sorted(WAITING)))
        )
        last = connection.execute(
            select(dossiers).where(table.own == 1).order_by(table.n.desc()).limit(1)
        ).all()
        last_saved = next(iter(as_lines(desk, connection, last)), None)
    return CounterStatus(
        one_copy=one_copy or 0,
        unprinted=unprinted or 0,
        spool=desk.spool.state if desk.spool else "none",
        disk_free=shutil.disk_usage(desk.data).free,
        clock="ok" if desk.journal.clock_quality() == "ok" else "unsure",
        last_saved=last_saved,
        ready=ready or 0,
        waiting=waiting or 0,
        matters=matters_count(desk),
        sending=sending(desk),
    )
