"""How the last round with a peer ended: what the status line and the page "Gửi nhận" claim."""

from __future__ import annotations

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from db import tables
from db.replication.messages import NotTaken
from db.replication.store import read_memory

MOST = 100
"""Lines set aside that are named."""


class PeerSeen(Struct, frozen=True):
    """Moments are ISO, in the office's time; empty = never."""

    tried_at: str = ""
    heard_at: str = ""
    in_step_at: str = ""
    why: str = ""
    """Why the last round did not come to its end; empty when it did."""
    sent: int = 0
    fetched: int = 0
    not_taken: tuple[NotTaken, ...] = ()
    lost: int = 0
    """Own entries that came back in the last round: to be told at the next hello."""
    went_back: bool = False
    revoked: bool = False
    more: bool = False
    requests: int = 0
    bytes: int = 0


def read_seen(connection: Connection, peer: str) -> PeerSeen:
    """How the last round with a peer ended."""
    wanted = select(tables.peers.c.seen).where(tables.peers.c.name == peer)
    stored = connection.scalar(wanted)
    return PeerSeen() if stored is None else msgspec.json.decode(stored, type=PeerSeen)


def peers_seen(connection: Connection) -> dict[str, PeerSeen]:
    """The same of every peer that was ever asked."""
    names = connection.scalars(select(tables.peers.c.name).order_by(tables.peers.c.name)).all()
    return {name: read_seen(connection, name) for name in names}


def write_seen(connection: Connection, peer: str, seen: PeerSeen) -> None:
    """Keep it, beside what is remembered of the peer."""
    memory = msgspec.json.encode(read_memory(connection, peer))
    row = {"name": peer, "memory": memory, "seen": msgspec.json.encode(seen)}
    connection.execute(tables.put(tables.peers), row)
