"""Two counters of one commune that hear of each other when a test says so."""

from __future__ import annotations

from db.dossier import Dossier
from desk_app.desk import Desk
from desk_app.services.demo import people, required
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receive import receive


def exchange(*desks: Desk, backwards: bool = False) -> None:
    """Everybody gets everything, in the order it was written or the other way round."""
    for desk in desks:
        for other in desks:
            if other is not desk:
                lines = [line for _, line in other.journal.lines(limit=100_000)]
                enrolled = [line for line in lines if b"counter.enrolled" in line]
                rest = lines[::-1] if backwards else lines
                desk.journal.accept([*enrolled, *rest])


def take_in_many(desk: Desk, times: int = 1, seed: int = 3) -> list[Dossier]:
    """So many dossiers from as many synthetic citizens."""
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure("1.004873", desk.now().date())
    assert procedure is not None
    papers, citizens = required(procedure.says), people(seed)
    forms = (
        DossierForm(procedure="1.004873", applicant=next(citizens), papers=papers)
        for _ in range(times)
    )
    return [receive(desk, form) for form in forms]


def take_in(desk: Desk, seed: int = 3) -> Dossier:
    """One dossier."""
    return take_in_many(desk, 1, seed)[0]


def codes_of(desk: Desk, times: int = 1, seed: int = 3) -> list[str]:
    """So many dossiers; their codes."""
    return [dossier.facts.code for dossier in take_in_many(desk, times, seed)]
