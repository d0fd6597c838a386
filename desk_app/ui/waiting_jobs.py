"""Who is waited for on the page "Bổ sung", and what becomes of a dossier when they come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from db.acts import NOT_TAKEN_IN
from db.dossier import Dossier
from db.parts import PaperCount, Person
from db.steps import Asked, DossierChecked
from desk_app.rules.days import show_moment
from desk_app.services import supplements
from desk_app.services.dossiers import DossierLine, page
from desk_app.services.find import dossier
from desk_app.ui.intake_form import IntakeForm, PaperRow, PersonEntry

if TYPE_CHECKING:
    from desk_app.desk import Desk


@dataclass(frozen=True)
class Waits:
    """A dossier that waits for the citizen."""

    line: DossierLine
    days: int
    until: str
    phone: str
    asked: tuple[Asked, ...]
    """What has not come yet."""
    then: str = ""
    """What is promised if everything comes now."""
    late: bool = False
    """The day it should have been brought by is over."""


def waiting(desk: Desk) -> tuple[Waits, ...]:
    """Dossiers that wait for the citizen, the longest first."""
    today = desk.now().date()
    found = []
    for line in page(desk, "waiting"):
        about = dossier(desk, line.id)
        asked, until, since = _asked_of(about)
        days = (today - datetime.fromisoformat(since).date()).days
        late = bool(until) and until < today.isoformat()
        phone = about.facts.applicant.phone
        found.append(Waits(line, days, until, phone, asked, _then(desk, about), late))
    return tuple(sorted(found, key=lambda each: -each.days))


def _then(desk: Desk, about: Dossier) -> str:
    if about.status != "supplement":
        return ""
    due = datetime.fromisoformat(supplements.once_complete(desk, about).due_at)
    return f"Đủ giấy hôm nay thì hẹn {show_moment(due)}"


def everything_brought(id: bytes, desk: Desk) -> Dossier | IntakeForm:
    """The citizen is back: the dossier goes on, or the intake opens filled in."""
    about = dossier(desk, id)
    if about.status in NOT_TAKEN_IN:
        return form_again(about)
    # As ticked one by one: an original until somebody says otherwise, to be given back some day.
    papers = [PaperCount(each.paper, originals=1) for each in _asked_of(about)[0]]
    return supplements.bring_papers(desk, id, papers)


def some_brought(id: bytes, papers: tuple[PaperCount, ...], desk: Desk) -> Dossier:
    """The citizen brought some of it; the dossier goes on with the last.

    Raises:
        what ``supplements.bring_some`` raises.
    """
    return supplements.bring_some(desk, id, papers)


def form_again(about: Dossier) -> IntakeForm:
    """The intake of somebody who was sent home, under the same id."""
    facts = about.facts
    papers = [
        PaperRow(p.name, p.originals, p.certified, p.copies, p.shown, ticked=True, free=True)
        for p in facts.papers
    ]
    return IntakeForm(
        id=about.id,
        applicant=_entry(facts.applicant),
        submitter=_entry(facts.submitter) if facts.submitter else None,
        procedure=facts.procedure.code,
        papers=papers,
    )


def _entry(person: Person) -> PersonEntry:
    return PersonEntry(
        name=person.name,
        id_number=person.id_number,
        born="/".join(reversed(person.born.split("-"))) if person.born else "",
        sex=person.sex,
        address=person.address,
        phone=person.phone,
        email=person.email,
        kind=person.kind,
        representative=person.representative,
        source="known",
        known=True,
    )


def _asked_of(about: Dossier) -> tuple[tuple[Asked, ...], str, str]:
    """What has not come of all that was asked for, until when, since when."""
    if about.life.requests:
        last = about.life.requests[-1]
        left = {a.paper: a for r in about.life.requests for a in r.outstanding}
        return tuple(left.values()), last.until, last.at
    for event in reversed(about.history):
        if isinstance(event.body, DossierChecked):
            return event.body.asked, event.body.until, event.body.at
    return (), "", about.history[-1].at
