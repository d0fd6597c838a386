"""A real counter with its stick, and the real intake of the receiving page, to be killed at it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import select

from db.doctor import examine
from db.dossier import Dossier
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.rules.people import PersonTyped
from desk_app.services.create_counter import create_counter
from desk_app.services.demo import CLERKS, COUNTER, OFFICE, required
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receive import receive
from desk_app.settings import Settings

PROCEDURE = "1.004873"


def make(folder: Path, spool: Path | None) -> Path:
    """Found a counter in a folder; its data folder."""
    data = folder / "data"
    settings = Settings(OFFICE, COUNTER, "mai", spool=str(spool or ""))
    create_counter(data, settings, CLERKS)
    return data


def form_for(desk: Desk, person: PersonTyped) -> DossierForm:
    """A whole form, as the clerk would fill it."""
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure(PROCEDURE, date(2026, 11, 26))
    assert procedure is not None
    return DossierForm(
        procedure=procedure.says.code, applicant=person, papers=required(procedure.says)
    )


def take_in(desk: Desk, person: PersonTyped) -> Dossier:
    """One dossier, received by the service."""
    return receive(desk, form_for(desk, person))


def faults_of(desk: Desk, handed: Iterable[tuple[str, str]]) -> list[str]:
    """What is wrong with a counter, given every (code, id) that a citizen has on paper."""
    with desk.reading() as connection:
        rows = connection.execute(select(dossiers.c.code, dossiers.c.obj)).all()
    held = {(row.code, row.obj.hex()) for row in rows}
    handed = list(handed)
    wrong = [f"missing {code}" for code, id_ in handed if (code, id_) not in held]
    codes = [row.code for row in rows]
    wrong += [f"double code {code}" for code in set(codes) if codes.count(code) > 1]
    if len({id_ for _, id_ in handed}) < len(handed):
        wrong.append("one dossier handed out twice")
    report = examine(desk.journal, desk.spool)
    # A stick of the test is a folder beside the database; everything else must be silent.
    wrong += [str(found) for found in report.findings if found.what != "spool-same-medium"]
    return wrong
