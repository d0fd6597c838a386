"""What has gone where: what is here only, what the server signed for, what was refused, and since
when nobody was reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, func, or_, select, true

from db.identity import SERVER
from db.replication.messages import NotTaken
from db.replication.seen import PeerSeen, peers_seen
from db.replication.store import read_memory
from db.tables import dossiers, journal
from db.trust import read_server
from desk_app.desk import Desk
from desk_app.services.copies import marks
from desk_app.services.dossiers import DossierLine, as_lines

MOST_LISTED = 200

Figure = Literal["total", "accepted", "unsent", "one_copy"]


@dataclass(frozen=True)
class PeerState:
    """One node and how the last round with it ended."""

    name: str
    """``S``, or the device of a sibling."""
    number: int
    """The sibling's number; 0 for the server."""
    tried_at: datetime | None
    heard_at: datetime | None
    in_step_at: datetime | None
    why: str
    """Why the last round did not come to its end; empty when it did."""
    more: bool
    """History is still to be fetched."""
    went_back: bool
    revoked: bool


@dataclass(frozen=True)
class Sending:
    """What the status line says."""

    server: PeerState | None
    """None: this counter belongs to no server."""
    server_name: str
    unsent: int
    """Dossiers with an entry the server has not signed for."""
    refused: tuple[NotTaken, ...]
    """What a peer or this machine set aside, and why."""
    now: datetime


@dataclass(frozen=True)
class Copies:
    """What the page "Gửi nhận" says besides. Numbers are of dossiers."""

    sending: Sending
    siblings: tuple[PeerState, ...]
    unsent: int
    one_copy: int
    """Received here, on no second medium and not at the server."""
    accepted: int
    """Those of which the server has signed for every entry."""
    total: int
    """Dossiers of the commune on this machine."""
    backup: datetime | None
    """When the last backup was made that was restored and found whole."""


def sending(desk: Desk) -> Sending:
    """How it stands with the server now."""
    with desk.reading() as connection:
        return _sending(desk, connection)


def copies(desk: Desk) -> Copies:
    """Every figure, from one snapshot."""
    # The doctor and the sealing come with it, which the first paint has no need of.
    from desk_app.services.backup import last_proven

    backup = last_proven(desk)
    with desk.reading() as connection:
        state = _sending(desk, connection)
        numbers = _numbers(desk, connection)
        siblings = [
            _state(name, seen, numbers)
            for name, seen in peers_seen(connection).items()
            if name != SERVER
        ]
        total = _count(connection, true())
        return Copies(
            sending=state,
            siblings=tuple(sorted(siblings, key=lambda s: (s.number, s.name))),
            unsent=state.unsent,
            one_copy=_count(connection, marks(desk, connection).alone()),
            accepted=total - state.unsent if state.server else 0,
            total=total,
            backup=backup.at if backup else None,
        )


def listed(desk: Desk, which: Figure) -> tuple[DossierLine, ...]:
    """The dossiers behind a figure, the newest 200."""
    with desk.reading() as connection:
        wanted = select(dossiers).order_by(dossiers.c.n.desc()).limit(MOST_LISTED)
        match which:
            case "unsent":
                wanted = wanted.where(is_unsent(connection))
            case "accepted":
                wanted = wanted.where(~is_unsent(connection))
            case "one_copy":
                wanted = wanted.where(marks(desk, connection).alone())
            case "total":
                pass
        return tuple(as_lines(desk, connection, connection.execute(wanted)))


def is_unsent(connection: Connection) -> ColumnElement[bool]:
    """A dossier with an entry that the server has neither signed for nor sent itself.

    Found from the few such entries, by the number a dossier has from its first one.
    """
    reached = read_memory(connection, SERVER).reached
    waiting = (
        select(journal.c.obj)
        .where(journal.c.n > reached, or_(journal.c.via.is_(None), journal.c.via != SERVER))
        .distinct()
        .subquery()
    )
    first = journal.alias("first")
    number = select(func.min(first.c.n)).where(first.c.obj == waiting.c.obj).scalar_subquery()
    return dossiers.c.n.in_(select(number).select_from(waiting))


def _sending(desk: Desk, connection: Connection) -> Sending:
    facts = read_server(connection)
    if facts is None:
        return Sending(None, "", 0, (), desk.now())
    seen = peers_seen(connection)
    refused = {each.id or each.why: each for s in seen.values() for each in s.not_taken}
    return Sending(
        server=_state(SERVER, seen.get(SERVER, PeerSeen()), {}),
        server_name=facts.name,
        unsent=_count(connection, is_unsent(connection)),
        refused=tuple(refused.values()),
        now=desk.now(),
    )


def _numbers(desk: Desk, connection: Connection) -> dict[str, int]:
    return {c.device: c.number for c in desk.published(connection).counters}


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).select_from(dossiers).where(which)) or 0


def _state(name: str, seen: PeerSeen, counters: dict[str, int]) -> PeerState:
    return PeerState(
        name=name,
        number=counters.get(name, 0),
        tried_at=_moment(seen.tried_at),
        heard_at=_moment(seen.heard_at),
        in_step_at=_moment(seen.in_step_at),
        why=seen.why,
        more=seen.more,
        went_back=seen.went_back,
        revoked=seen.revoked,
    )


def _moment(iso: str) -> datetime | None:
    return datetime.fromisoformat(iso) if iso else None
