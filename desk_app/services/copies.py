"""Where else a dossier of this counter is: on the second medium, at the server, nowhere."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from db.identity import SERVER
from db.replication.store import read_memory
from db.tables import dossiers, journal
from desk_app.desk import Desk


class Marks(NamedTuple):
    """Places of the journal: everything up to there is elsewhere too."""

    safe: int
    """On the second medium, or signed for by the server."""
    signed: int
    """Signed for by the server; with no server, as if it had everything."""

    def one_copy(self, n: int, own: int) -> bool:
        """Whether a dossier whose first entry is at ``n`` exists on this machine only; what was
        written elsewhere is there too."""
        return bool(own) and n > self.safe

    def unsent(self, n: int, own: int) -> bool:
        """Whether the server has not signed for its first entry."""
        return bool(own) and n > self.signed

    def alone(self) -> ColumnElement[bool]:
        """``one_copy`` for a query over dossiers."""
        return and_(dossiers.c.own == 1, dossiers.c.n > self.safe)


NO_END = 2**53


def marks(desk: Desk, connection: Connection) -> Marks:
    """The marks in this snapshot."""
    second = desk.spool.reached(desk.journal) if desk.spool else 0
    if not desk.settings.server:
        return Marks(second, NO_END)
    signed = read_memory(connection, SERVER).reached
    return Marks(max(second, signed), signed)


def unsigned_entries(desk: Desk, connection: Connection, id: bytes) -> frozenset[str]:
    """Entries about a dossier that the server has neither signed for nor sent."""
    table = journal.c
    wanted = select(table.id).where(
        table.obj == id,
        table.n > marks(desk, connection).signed,
        or_(table.via.is_(None), table.via != SERVER),
    )
    return frozenset(bytes(id_).hex() for id_ in connection.scalars(wanted))
