"""What the intake page asks of the services: jobs for the runner's worker.

Everything heavy is imported inside the jobs, so that the window is painted before SQLAlchemy and
reportlab are loaded. Values in, values out; no job touches a widget.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, cast

from db.acts import NOT_TAKEN_IN
from desk_app.ui.intake_form import IntakeForm, PersonEntry

if TYPE_CHECKING:
    from db.deadlines import Promise
    from db.dossier import Dossier
    from desk_app.desk import Desk
    from desk_app.papers.receipt import Receipt
    from desk_app.rules.people import PersonKind, PersonTyped
    from desk_app.rules.remarks import Remark
    from desk_app.services.dossier_form import DossierForm, FeeHow
    from desk_app.services.dossiers import DossierLine
    from desk_app.services.drafts import Draft
    from desk_app.services.find import Found
    from desk_app.services.people import KnownPerson
    from desk_app.services.procedures import Catalogue
    from desk_app.services.status import CounterStatus

ALWAYS_ASKED = frozenset({"child_alone"})
"""Warnings that are about the act of handing in, not about how somebody's papers are written."""
FAR_DAYS = 3_650
"""A promise is never further ahead than this."""


@dataclass(frozen=True)
class Opening:
    """What the page needs before the first citizen."""

    catalogue: Catalogue
    habit: list[str]
    drafts: list[Draft]
    tick_all: bool


@dataclass(frozen=True)
class Unconfirmed:
    """Nothing is wrong, but the clerk has not yet said that these are right."""

    remarks: tuple[Remark, ...]


def opening(desk: Desk) -> Opening:
    """Catalogue, habits, drafts."""
    from desk_app.services.procedures import catalogue, habit

    drafts = list(_open_drafts(desk))
    return Opening(catalogue(desk), habit(desk, None), drafts, desk.settings.tick_all)


def _open_drafts(desk: Desk) -> Iterator[Draft]:
    """Forms that did not become dossiers; the power may go between the saving and the dropping."""
    from desk_app.services.drafts import drafts, drop_draft
    from desk_app.services.find import UnknownDossier, dossier

    for draft in drafts(desk):
        try:
            found = dossier(desk, bytes.fromhex(IntakeForm.from_draft(draft.form).id))
        except UnknownDossier:
            yield draft
        else:
            if found.status in NOT_TAKEN_IN:
                yield draft
            else:
                drop_draft(desk, draft.slot)


def known_person(id_number: str, desk: Desk) -> tuple[KnownPerson | None, list[str]]:
    """Who came with this number before, and which procedures to offer first."""
    from desk_app.services.people import person_by_number
    from desk_app.services.procedures import habit

    return person_by_number(desk, id_number), habit(desk, id_number)


def look_up(typed: str, desk: Desk) -> Found:
    """People and dossiers that fit what is typed in the scan box."""
    from desk_app.services.find import find

    return find(desk, typed, limit=20)


def handed_in_today(id_number: str, procedure: str, desk: Desk) -> DossierLine | None:
    """The same procedure by the same person today."""
    from desk_app.services.people import same_today

    return same_today(desk, id_number, procedure)


@dataclass(frozen=True)
class Picture:
    """How the form would turn out now: its receipt, and the promise that stands on it."""

    form: str
    """Id of the form, since another one may be open by now."""
    receipt: Receipt
    promise: Promise | None
    due_at: datetime | None
    """What would be printed: the promise, or the day set by hand."""


def picture_of(form: IntakeForm, desk: Desk) -> Picture:
    """The receipt as it would be printed now, blanks where nothing is known."""
    from db.deadlines import LimitUnknown
    from desk_app.papers.receipt import Receipt
    from desk_app.services.promise import promise
    from desk_app.services.receive import preview

    facts = preview(desk, dossier_form(form, desk)[0])
    with desk.reading() as connection:
        published = desk.published(connection)
        office = desk.office.statistic_code
        texts = published.words("01", facts.form_set, office, desk.now().date()).texts
        procedure = published.procedure(form.procedure, desk.now().date())
    promised = None
    if procedure is not None:
        try:
            promised = promise(desk, procedure.says, desk.now())
        except LimitUnknown:
            promised = None
    due_at = datetime.fromisoformat(facts.due_at) if facts.due_at else None
    return Picture(form.id, Receipt(facts, texts, draft=True), promised, due_at)


def save(form: IntakeForm, desk: Desk) -> Dossier | Unconfirmed:
    """Save the dossier, unless something is missing or still wants a look.

    Raises:
        FormIncomplete: with every error.
    """
    from desk_app.rules.remarks import errors_of
    from desk_app.services.receive import FormIncomplete, check, receive

    typed, due_remarks = dossier_form(form, desk)
    remarks = (*check(desk, typed), *due_remarks)
    if errors := errors_of(remarks):
        raise FormIncomplete(remarks=errors)
    remarks = (*remarks, *_again_today(form, desk))
    open_ = tuple(r for r in remarks if r.severity == "warning" and not _settled(form, r))
    if open_:
        return Unconfirmed(open_)
    return receive(desk, typed)


def _again_today(form: IntakeForm, desk: Desk) -> tuple[Remark, ...]:
    """The same person has handed in the same procedure today: asked once, never forbidden."""
    from desk_app.rules.numbers import read_id_number
    from desk_app.services.people import same_today

    number = read_id_number(form.applicant.id_number)[0]
    line = same_today(desk, number, form.procedure) if number else None
    if line is None or line.id.hex() == form.id:
        return ()
    return (again_today(form.applicant, line),)


def again_today(person: PersonEntry, line: DossierLine) -> Remark:
    """The warning about a dossier of the same person and procedure received today."""
    from desk_app.rules.names import called
    from desk_app.rules.remarks import Remark

    who = called(person.name, person.sex)
    facts: dict[str, object] = {
        "who": who[:1].upper() + who[1:],
        "time": f"{line.received_at:%H:%M}",
        "code": line.code,
    }
    return Remark("procedure", "same_today", "warning", facts)


def _settled(form: IntakeForm, remark: Remark) -> bool:
    """Confirmed by the clerk, or about what a card or an earlier dossier says by itself."""
    if f"{remark.field} {remark.name}" in form.confirmed:
        return True
    if remark.name in ALWAYS_ASKED:
        return False
    who, _, field = remark.field.partition(".")
    person = {"applicant": form.applicant, "submitter": form.submitter}.get(who)
    return person is not None and field not in person.by_hand and person.source in ("card", "known")


def dossier_form(form: IntakeForm, desk: Desk) -> tuple[DossierForm, tuple[Remark, ...]]:
    """The form as the service takes it, and what is wrong with a promise set by hand."""
    from db.parts import PaperCount
    from desk_app.services.dossier_form import DossierForm

    override, remarks = _due_override(form, desk)
    typed = DossierForm(
        id=bytes.fromhex(form.id),
        procedure=form.procedure or None,
        applicant=person_typed(form.applicant),
        submitter=None if form.submitter is None else person_typed(form.submitter),
        papers=tuple(
            PaperCount(
                name=row.name,
                originals=row.originals,
                certified=row.certified,
                copies=row.copies,
                shown=row.shown,
            )
            for row in form.papers
            if row.ticked
        ),
        pages=int(form.pages or 0),
        copies=int(form.copies or 0),
        fee_how=cast("FeeHow", form.fee_how),
        fee_reason=form.fee_reason,
        delivery=cast(Literal["counter", "post", "electronic"], form.delivery),
        purpose=form.purpose,
        note=form.note,
        due_override=override,
        ticked_together=form.ticked_together,
        confirmed=frozenset(name.partition(" ")[2] or name for name in form.confirmed),
    )
    return typed, remarks


def person_typed(person: PersonEntry) -> PersonTyped:
    """The person's fields as the rules read them."""
    from desk_app.rules.people import PersonTyped

    return PersonTyped(
        name=person.name,
        id_number=person.id_number,
        born=person.born,
        sex=person.sex,
        address=person.address,
        phone=person.phone,
        email=person.email,
        kind=cast("PersonKind", person.kind),
        representative=person.representative,
    )


def _due_override(
    form: IntakeForm, desk: Desk
) -> tuple[tuple[datetime, str] | None, tuple[Remark, ...]]:
    """The day set by hand, at the hour at which results are given out."""
    from desk_app.rules.days import read_day
    from desk_app.rules.remarks import Remark

    if not form.due_day.strip():
        return None, ()
    now = desk.now()
    latest = now.date() + timedelta(days=FAR_DAYS)
    day, remarks = read_day(form.due_day, latest, "due", of_birth=False)
    remarks = tuple(r for r in remarks if r.name != "year_of_two_digits")
    if len(day) == 10:
        hour, minute = divmod(desk.office.return_minute, 60)
        at = datetime.combine(date.fromisoformat(day), time(hour, minute), now.tzinfo)
        return (at, form.due_reason), remarks
    if not any(r.severity == "error" for r in remarks):
        remarks = (*remarks, Remark("due", "day_unreadable", "error"))
    return None, remarks


def undo_intake(id: bytes, desk: Desk) -> Dossier:
    """Take the intake just finished back."""
    from desk_app.services.correct import undo

    return undo(desk, id)


def keep_draft(slot: int, title: str, form: IntakeForm, saved_at: datetime, desk: Desk) -> datetime:
    """Keep the form; the moment comes back for the status line."""
    from desk_app.services.drafts import Draft, save_draft

    save_draft(desk, Draft(slot, saved_at, title, form.to_draft()))
    return saved_at


def forget_draft(slot: int, desk: Desk) -> int:
    """Forget what this slot kept."""
    from desk_app.services.drafts import drop_draft

    drop_draft(desk, slot)
    return slot


def status_of(desk: Desk) -> CounterStatus:
    """What the status line and the tabs show."""
    from desk_app.services.status import counter_status

    return counter_status(desk)
