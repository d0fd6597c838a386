"""A dossier as it stood when an entry about it was written: what a paper says, first and again."""

from __future__ import annotations

from sqlalchemy import Connection

from db import projection
from db.conflicts import ancestors
from db.dossier import Dossier
from db.fold import fold, in_order


def before_and_with(
    connection: Connection, dossier: Dossier, entry: str
) -> tuple[Dossier, Dossier]:
    """The dossier as its clerk saw it when she wrote an entry, and with that entry.

    What came later, or at the same time elsewhere, is in neither: not a new code, not a later
    promise, not money that came in since.
    """
    lines = projection.lines_of(connection, bytes.fromhex(dossier.id))
    known = {line.entry.id: line.entry for line in lines}
    if entry not in known:
        return dossier, dossier
    seen = ancestors(in_order(known))[entry]
    after = fold(known[id_] for id_ in (*seen, entry)) or dossier
    return fold(known[id_] for id_ in seen) or after, after
