"""What the desk needs to see to give a result into the right hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from db import projection
from db.acts import ENDED
from db.dossier import Dossier
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.dossiers import DossierLine, as_lines
from desk_app.services.find import by_code
from desk_app.services.opened import OpenedDossier, opened
from desk_app.services.people import of_person
from desk_app.services.results import counter_of, due_now, gave_out, given_to, held_originals

MOST = 60
"""Results shown at once; the newest first."""
SHEETS_OF_THE_OFFICE = ("tờ khai", "đơn", "phiếu", "mẫu", "văn bản đề nghị")
"""How the names of papers begin that stay in the dossier."""


@dataclass(frozen=True)
class Waiting:
    """A dossier in a list: where its result lies, since how many days, whom to call."""

    line: DossierLine
    where: str
    """Shelf and slot; empty when nothing lies here."""
    days: int
    phone: str
    owed: int
    """Đồng to be paid before it goes out."""
    held: tuple[str, ...]
    """Originals not given back yet."""
    late: bool
    """Whether it lies here longer than the office's own number of days."""
    calls: int
    """How often the citizen was called about it."""
    reached: bool
    """Whether the last call reached somebody."""


@dataclass(frozen=True)
class GivenOut:
    """When something left the desk, to whom, by whose hand and at which counter (0: unknown)."""

    at: str
    to: str
    by: str
    counter: int


@dataclass(frozen=True)
class Returning:
    """One dossier at the desk, and what the same person may take along."""

    opened: OpenedDossier
    others: tuple[Waiting, ...]
    owed: int
    """Đồng."""
    held: tuple[str, ...]
    """Originals not given back yet."""
    gave_out: GivenOut | None
    """How the last of it left the desk."""

    @property
    def dossier(self) -> Dossier:
        """The dossier."""
        return self.opened.dossier


def returning(desk: Desk, id: bytes) -> Returning:
    """One dossier, as it is to be given back.

    Raises:
        UnknownDossier: it is not in this journal.
    """
    found = opened(desk, id)
    number = found.dossier.facts.applicant.id_number
    others = () if not number else of_citizen(desk, number)
    event = gave_out(found.dossier)
    with desk.reading() as connection:
        where = counter_of(desk, connection, event) if event else 0
        clerk = desk.published(connection).clerk(event.by) if event else None
    name = clerk.name if clerk else event.by if event else ""
    return Returning(
        opened=found,
        others=tuple(w for w in others if w.line.id != id and w.where),
        owed=due_now(found.dossier),
        held=held_originals(found.dossier),
        gave_out=GivenOut(event.at, given_to(event), name, where) if event else None,
    )


def waiting_results(desk: Desk) -> tuple[tuple[Waiting, ...], int]:
    """Results that lie here and nobody has fetched, the newest first, and how many there are."""
    lies_here = dossiers.c.ready.is_not(None)
    query = select(dossiers).where(lies_here).order_by(dossiers.c.ready.desc())
    with desk.reading() as connection:
        rows = connection.execute(query.limit(MOST)).all()
        lines = list(as_lines(desk, connection, rows))
        total = connection.scalar(select(func.count()).select_from(dossiers).where(lies_here))
        return tuple(_waiting(desk, connection, line) for line in lines), total or 0


def of_citizen(desk: Desk, id_number: str) -> tuple[Waiting, ...]:
    """Dossiers of a person that are not over, those with a result first."""
    query = (
        select(dossiers)
        .where(of_person(id_number), dossiers.c.status.not_in(sorted(ENDED)))
        .order_by(dossiers.c.ready.is_(None), dossiers.c.n.desc())
        .limit(MOST)
    )
    with desk.reading() as connection:
        lines = list(as_lines(desk, connection, connection.execute(query)))
        return tuple(_waiting(desk, connection, line) for line in lines)


def by_scan(desk: Desk, typed: str) -> tuple[Waiting, ...]:
    """Dossiers of a code, or of a person's number."""
    digits = typed.replace(" ", "")
    if digits.isdecimal() and len(digits) in (9, 12):
        return of_citizen(desk, digits)
    with desk.reading() as connection:
        return tuple(_waiting(desk, connection, line) for line in by_code(desk, typed))


def stays_here(paper: str) -> bool:
    """Whether a paper is one the office keeps, by how its name begins; the clerk decides."""
    return paper.casefold().startswith(SHEETS_OF_THE_OFFICE)


def _waiting(desk: Desk, connection: Connection, line: DossierLine) -> Waiting:
    dossier = projection.dossier_of(connection, line.id)
    assert dossier is not None
    results = dossier.life.results
    here = results[dossier.life.ready[0]] if dossier.life.ready else None
    where = ", ".join(filter(None, (here.shelf, here.slot))) or "tại quầy" if here else ""
    since = line.ready_at or datetime.fromisoformat(dossier.facts.received_at)
    days = (desk.now().date() - since.astimezone(desk.now().tzinfo).date()).days
    calls = [t for t in dossier.life.told if t.about in ("result", "uncollected")]
    return Waiting(
        line,
        where,
        days,
        dossier.facts.applicant.phone,
        due_now(dossier),
        held_originals(dossier),
        late=bool(where) and days > desk.office.uncollected_days,
        calls=len(calls),
        reached=bool(calls) and calls[-1].reached,
    )
