"""A citizen who came before: who they are, and what they handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, func, literal, select

from db import projection
from db.acts import NOT_TAKEN_IN
from db.engine import Prepared
from db.parts import Person
from db.tables import dossiers, matches, search
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
    if not (id_number.isascii() and id_number.isalnum()):
        return None
    wanted = {"match": f'"{id_number.casefold()}"', "number": id_number, "recent": RECENT}
    rows = _theirs.rows(connection, wanted)
    if not rows:
        return None
    newest = projection.dossier_of(connection, rows[0].obj)
    assert newest is not None
    return KnownPerson(
        newest.facts.applicant, tuple(as_lines(desk, connection, rows)), rows[0].total
    )


def same_today(desk: Desk, id_number: str, procedure_code: str) -> DossierLine | None:
    """The dossier of the same person and procedure already received today, if any."""
    midnight = desk.now().replace(hour=0, minute=0, second=0)
    with desk.reading() as connection:
        rows = connection.execute(
            select(dossiers)
            .where(
                of_person(id_number),
                dossiers.c.procedure == procedure_code,
                dossiers.c.status.not_in(("voided", *NOT_TAKEN_IN)),
                dossiers.c.received >= int(midnight.timestamp()),
                dossiers.c.received < int((midnight + timedelta(days=1)).timestamp()),
            )
            .order_by(dossiers.c.n.desc())
            .limit(1)
        ).all()
        return next(iter(as_lines(desk, connection, rows)), None)


def of_person(id_number: str) -> ColumnElement[bool]:
    """Dossiers whose applicant has this number, by way of the search index."""
    if not (id_number.isascii() and id_number.isalnum()):
        return false()
    return _applicant_is(literal(f'"{id_number.casefold()}"'), literal(id_number))


def _applicant_is(match: ColumnElement[str], number: ColumnElement[str]) -> ColumnElement[bool]:
    ns = select(-search.c.rowid).where(matches(match))
    return and_(dossiers.c.n.in_(ns), dossiers.c.id_number == number)


_theirs = Prepared(
    select(dossiers, func.count().over().label("total"))
    .where(_applicant_is(bindparam("match"), bindparam("number")))
    .order_by(dossiers.c.n.desc())
    .limit(bindparam("recent"))
)
