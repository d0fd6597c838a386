"""What the page "Bổ sung" asks of the worker, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from db.acts import NOT_TAKEN_IN
from db.dossier import Dossier
from db.parts import Person
from db.steps import Asked, DossierChecked
from desk_app.rules.remarks import Remark
from desk_app.services import supplements
from desk_app.services.dossiers import DossierLine, page
from desk_app.services.find import dossier
from desk_app.services.results import tell
from desk_app.ui.intake_form import IntakeForm, PaperRow, PersonEntry
from desk_app.ui.receiving_jobs import dossier_form

if TYPE_CHECKING:
    from desk_app.desk import Desk

Outcome = Literal["incomplete", "refused"]
DAYS_TO_BRING = 10
"""Working days offered for bringing what is missing; the clerk may name another day."""


@dataclass(frozen=True)
class Subject:
    """Whose papers are asked for: a form at the desk, or a dossier that was taken in."""

    name: str
    number: str
    procedure: str
    phone: str
    papers: tuple[str, ...]
    missing: frozenset[str]
    reasons: tuple[str, ...]
    until: str
    """ "24/12/2026", offered."""
    remarks: tuple[Remark, ...] = ()
    id: bytes = b""
    """Empty for a form at the desk."""
    form: IntakeForm | None = None
    code: str = ""


@dataclass(frozen=True)
class Request:
    """What the clerk asks for, as typed."""

    outcome: Outcome
    asked: tuple[Asked, ...]
    note: str
    until: str
    called: bool = False


@dataclass(frozen=True)
class Waits:
    """A dossier that waits for the citizen."""

    line: DossierLine
    days: int
    until: str
    phone: str
    asked: tuple[Asked, ...]
    late: bool = field(default=False)
    """The day it should have been brought by is over."""


def subject_of_form(form: IntakeForm, desk: Desk) -> Subject:
    """A form from the intake page, nothing of it saved yet."""
    with desk.reading() as connection:
        published = desk.published(connection)
        procedure = published.procedure(form.procedure, desk.now().date())
    return Subject(
        name=form.applicant.name,
        number=form.applicant.id_number,
        procedure=procedure.says.name if procedure else "",
        phone=form.applicant.phone,
        papers=tuple(row.name for row in form.papers),
        missing=frozenset(row.name for row in form.missing()),
        reasons=desk.office.reasons,
        until=_until(desk),
        form=form,
    )


def subject_of_dossier(id: bytes, desk: Desk) -> Subject:
    """A dossier that was taken in."""
    found = dossier(desk, id)
    facts = found.facts
    with desk.reading() as connection:
        missing = supplements.missing_of(facts, desk.published(connection))
    names = (*missing, *(p.name for p in facts.papers if p.name not in missing))
    return Subject(
        name=facts.applicant.name,
        number=facts.applicant.id_number,
        procedure=facts.procedure.name,
        phone=facts.applicant.phone,
        papers=names,
        missing=frozenset(missing),
        reasons=desk.office.reasons,
        until=_until(desk),
        remarks=supplements.before_asking(desk, found),
        id=id,
        code=facts.code,
    )


def ask(subject: Subject, request: Request, desk: Desk) -> Dossier:
    """Save the request, or the refusal at the desk.

    Raises:
        what ``services.supplements`` raises: nothing was saved.
    """
    until = _iso(desk, request.until)
    if subject.form is not None:
        typed, _ = dossier_form(subject.form, desk)
        after = supplements.check(desk, typed, request.outcome, request.asked, request.note, until)
    elif request.outcome == "refused":
        after = supplements.refuse(desk, subject.id, request.note)
    else:
        after = supplements.ask_for_papers(desk, subject.id, request.asked, request.note, until)
    if request.called:
        tell(desk, bytes.fromhex(after.id), "phone", "supplement")
    return after


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
        found.append(Waits(line, days, until, phone, asked, late))
    return tuple(sorted(found, key=lambda each: -each.days))


def brought(id: bytes, complete: bool, desk: Desk) -> Dossier | IntakeForm:
    """The citizen is back: the dossier goes on, or the intake opens filled in."""
    about = dossier(desk, id)
    if about.status in NOT_TAKEN_IN:
        return form_again(about)
    return supplements.bring_papers(desk, id, complete=complete)


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
    """What was asked for last, until when, since when."""
    if about.life.requests:
        last = about.life.requests[-1]
        return last.asked, last.until, last.at
    for event in reversed(about.history):
        if isinstance(event.body, DossierChecked):
            return event.body.asked, event.body.until, event.body.at
    return (), "", about.history[-1].at


def _until(desk: Desk) -> str:
    from db.hours import is_working_day

    with desk.reading() as connection:
        calendar = desk.published(connection).calendar
    day, left = desk.now().date(), DAYS_TO_BRING
    while left:
        day += timedelta(days=1)
        left -= is_working_day(desk.office, day, calendar)
    return f"{day:%d/%m/%Y}"


def _iso(desk: Desk, typed: str) -> str:
    from desk_app.ui.step_forms import read_day_typed

    return read_day_typed(desk, typed)
