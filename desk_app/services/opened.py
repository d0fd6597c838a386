"""One dossier as a clerk opens it: its history, and the names of the people and counters in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from db import projection
from db.dossier import Dossier
from db.steps import Place
from db.tables import dossiers, journal
from desk_app.desk import Desk
from desk_app.services.copies import unsigned_entries
from desk_app.services.dossiers import DossierLine, as_lines
from desk_app.services.find import UnknownDossier
from desk_app.services.forwarding import places_for


@dataclass(frozen=True)
class OpenedDossier:
    """A dossier and what its entries name by number only."""

    dossier: Dossier
    line: DossierLine
    people: dict[str, str]
    """Login to name."""
    counters: dict[str, int]
    """Device to number of the counter."""
    now: datetime
    places: tuple[Place, ...] = ()
    """Where it may be sent, the likeliest first."""
    unsigned: frozenset[str] | None = None
    """Its entries that the server has not signed for; None without a server."""

    @property
    def waiting(self) -> int | None:
        """How many those are."""
        return None if self.unsigned is None else len(self.unsigned)


def opened(desk: Desk, id: bytes) -> OpenedDossier:
    """The dossier with everything its page shows, from one snapshot.

    Raises:
        UnknownDossier: it is not in this journal.
    """
    with desk.reading() as connection:
        dossier = projection.dossier_of(connection, id)
        # By the number of its first line: the table of dossiers has no index by id.
        first = select(func.min(journal.c.n)).where(journal.c.obj == id).scalar_subquery()
        rows = connection.execute(select(dossiers).where(dossiers.c.n == first)).all()
        line = next(iter(as_lines(desk, connection, rows)), None)
        published = desk.published(connection)
        unsigned = unsigned_entries(desk, connection, id) if desk.settings.server else None
    if dossier is None or line is None:
        raise UnknownDossier(code=id.hex())
    return OpenedDossier(
        dossier=dossier,
        line=line,
        people={clerk.login: clerk.name for clerk in published.clerks},
        counters={counter.device: counter.number for counter in published.counters},
        now=desk.now(),
        places=places_for(desk, published, dossier.facts.procedure.field),
        unsigned=unsigned,
    )
