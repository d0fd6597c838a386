"""What the server took and did not let in: lines of revoked devices, lines not to be believed."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select

from db import engine as engines
from db.district.server import District
from db.tables import evidence, parked, put, quarantine


class Apart(NamedTuple):
    """What one revoked device sent since."""

    device: str
    entries: int
    since: str


class Wrong(NamedTuple):
    """Lines nobody can believe, by who brought them and why."""

    via: str
    why: str
    entries: int
    newest: str


class Aside(NamedTuple):
    """All of it."""

    apart: tuple[Apart, ...]
    wrong: tuple[Wrong, ...]
    parked: int
    """Stored entries that do not fit the tables."""


def aside(server: District) -> Aside:
    """What waits for a person."""
    q, e = quarantine.c, evidence.c
    with engines.reading(server.engine) as connection:
        apart = connection.execute(select(q.dev, func.count(), func.min(q.at)).group_by(q.dev))
        wrong = connection.execute(
            select(e.via, e.why, func.count(), func.max(e.at)).group_by(e.via, e.why)
        )
        return Aside(
            tuple(Apart(*row) for row in apart),
            tuple(Wrong(*row) for row in wrong),
            connection.scalar(select(func.count()).select_from(parked)) or 0,
        )


def release(server: District, device: str, by: str) -> int:
    """Let in what a revoked device sent: a person looked at it. Returns entries stored."""
    with engines.reading(server.engine) as connection:
        wanted = select(quarantine.c.id, quarantine.c.line).where(quarantine.c.dev == device)
        rows = [(bytes(row.id), bytes(row.line)) for row in connection.execute(wanted)]
    taken = server.journal.accept([line for _, line in rows], via=device)
    with engines.writing(server.engine) as connection:
        # Only what was let in: more may have come meanwhile.
        done = delete(quarantine).where(quarantine.c.id == bindparam("let_in"))
        if rows:
            connection.execute(done, [{"let_in": id_} for id_, _ in rows])
    return len(taken.stored)


def discard(server: District, device: str, by: str) -> int:
    """Do not let it in; it stays as evidence, with who decided so."""
    at = server.now().isoformat(timespec="seconds")
    with engines.writing(server.engine) as connection:
        rows = connection.execute(select(quarantine).where(quarantine.c.dev == device)).all()
        for row in rows:
            kept = {"id": row.id, "at": at, "via": row.via, "dev": device, "raw": row.line}
            connection.execute(put(evidence, keep=True), {**kept, "why": f"discarded by {by}"})
        connection.execute(delete(quarantine).where(quarantine.c.dev == device))
    return len(rows)
