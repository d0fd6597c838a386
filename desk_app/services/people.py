"""A citizen who came before: who they are, and what they handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, and_, column, false, func, select, text

from db import projection
from db.kinds import Person
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.dossiers import DossierLine, as_lines

RECENT = 5


@dataclass(frozen=True)
class KnownPerson:
    """The person as on their newest dossier, their newest five dossiers, and how many there are."""

    person: Person
    dossiers: tuple[DossierLine, ...]
    total: int


def person_by_number(desk: Desk, id_number: str) -> KnownPerson | None:
    """Who handed in dossiers under this number; None when nobody did."""
    with desk.reading() as connection:
        return person_of(desk, connection, id_number)


def person_of(desk: Desk, connection: Connection, id_number: str) -> KnownPerson | None:
    """The same within a snapshot."""
    theirs = of_person(id_number)
    rows = connection.execute(
        select(dossiers).where(theirs).order_by(dossiers.c.n.desc()).limit(RECENT)
    ).all()
    if not rows:
        return None
    newest = projection.dossier_of(connection, bytes(rows[0].obj))
    assert newest is not None
    total = connection.scalar(select(func.count()).select_from(dossiers).where(theirs)) or 0
    return KnownPerson(newest.facts.applicant, tuple(as_lines(desk, rows)), total)


def same_today(desk: Desk, id_number: str, procedure_code: str) -> DossierLine | None:
    """The dossier of the same person and procedure already received today, if any."""
    midnight = desk.now().replace(hour=0, minute=0, second=0)
    with desk.reading() as connection:
        rows = connection.execute(
            select(dossiers)
            .where(
                of_person(id_number),
                dossiers.c.procedure == procedure_code,
                dossiers.c.status == "received",
                dossiers.c.received >= int(midnight.timestamp()),
                dossiers.c.received < int((midnight + timedelta(days=1)).timestamp()),
            )
            .order_by(dossiers.c.n.desc())
            .limit(1)
        ).all()
        return next(iter(as_lines(desk, rows)), None)


def of_person(id_number: str) -> ColumnElement[bool]:
    """Dossiers whose applicant has this number, by way of the search index."""
    if not id_number.isalnum():
        return false()
    ns = text("SELECT -rowid FROM search WHERE words MATCH :number").bindparams(
        number=f'"{id_number.casefold()}"'
    )
    return and_(
        dossiers.c.n.in_(ns.columns(column("n")).scalar_subquery()),
        dossiers.c.id_number == id_number,
    )
