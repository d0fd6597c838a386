"""What the page "Bổ sung" asks of the worker, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Final, Literal

from db.acts import possible
from db.dossier import Dossier
from db.steps import Asked
from desk_app.messages import sentence
from desk_app.rules.days import show_moment
from desk_app.rules.money import dotted
from desk_app.services import extending, supplements
from desk_app.services.clock import working_days_from
from desk_app.services.find import dossier
from desk_app.services.results import tell
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.receiving_jobs import dossier_form
from desk_app.ui.typed_moments import MOST_DAYS, MomentUnreadable, day_typed, moment_typed

if TYPE_CHECKING:
    from desk_app.desk import Desk

Outcome = Literal["incomplete", "refused", "extended", "stopped"]
ACT_OF: Final[Mapping[Outcome, str]] = {
    "incomplete": "supplement.asked",
    "refused": "dossier.refused",
    "extended": "dossier.extended",
    "stopped": "dossier.stopped",
}
"""The step each paper is about, once a dossier was taken in."""
_TOLD: Final[Mapping[Outcome, Literal["supplement", "delay", "other"]]] = {
    "incomplete": "supplement",
    "refused": "other",
    "extended": "delay",
    "stopped": "other",
}
AT_THE_DESK: Final[tuple[Outcome, ...]] = ("incomplete", "refused")
DAYS_TO_BRING = 10
"""Working days offered for bringing what is missing; the clerk may name another day."""
DAYS_LATER = 5
"""Working days offered for what will be late."""


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
    days: tuple[date, ...]
    """The next working days, tomorrow at the earliest."""
    outcomes: tuple[Outcome, ...] = AT_THE_DESK
    """What this person may do with it now."""
    warnings: Mapping[Outcome, str] = field(default_factory=dict)
    promised: str = ""
    promised_on: date = date.min
    agency: str = ""
    signer: str = ""
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
    due: str = ""
    basis: str = ""
    agency: str = ""
    signer: str = ""
    override: str = ""
    called: bool = False


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
        days=tuple(working_days_from(desk, MOST_DAYS)),
        form=form,
    )


def subject_of_dossier(id: bytes, desk: Desk) -> Subject | None:
    """A dossier that was taken in; None when the citizen is waited for already."""
    found = dossier(desk, id)
    if found.status in ("supplement", "checked"):
        return None
    facts = found.facts
    with desk.reading() as connection:
        missing = supplements.missing_of(facts, desk.published(connection))
    names = (*missing, *(p.name for p in facts.papers if p.name not in missing))
    allowed = possible(found.status, desk.role)
    return Subject(
        name=facts.applicant.name,
        number=facts.applicant.id_number,
        procedure=facts.procedure.name,
        phone=facts.applicant.phone,
        papers=names,
        missing=frozenset(missing),
        reasons=desk.office.reasons,
        days=tuple(working_days_from(desk, MOST_DAYS)),
        # Where nothing is allowed the service says what is possible instead.
        outcomes=tuple(o for o, act in ACT_OF.items() if act in allowed) or tuple(ACT_OF),
        warnings=_warnings(desk, found),
        promised=show_moment(datetime.fromisoformat(found.life.due_at)),
        promised_on=datetime.fromisoformat(found.life.due_at).date(),
        agency=found.life.holder.department if found.life.holder else facts.office.name,
        signer=desk.office.signer,
        id=id,
        code=facts.code,
    )


def _warnings(desk: Desk, about: Dossier) -> dict[Outcome, str]:
    paid = about.life.paid
    back = f"Đã thu {dotted(paid)} đ. Hoàn lại cho dân ở mục Xử lý (Alt+X)." if paid else ""
    return {
        "incomplete": " ".join(map(sentence, supplements.before_asking(desk, about))),
        "extended": " ".join(map(sentence, extending.before_extending(desk, about))),
        "refused": back,
        "stopped": back,
    }


def ask(subject: Subject, request: Request, desk: Desk) -> Dossier:
    """Save the request, the refusal, the apology or the stop.

    Raises:
        what ``services.supplements`` and ``services.extending`` raise: nothing was saved.
    """
    if subject.form is not None:
        typed, _ = dossier_form(subject.form, desk)
        outcome: Literal["incomplete", "refused"] = (
            "refused" if request.outcome == "refused" else "incomplete"
        )
        until = day_typed(desk, request.until) if outcome == "incomplete" else ""
        after = supplements.check(desk, typed, outcome, request.asked, request.note, until)
    else:
        after = _step(subject, request, desk)
    if request.called:
        tell(desk, bytes.fromhex(after.id), "phone", _TOLD[request.outcome])
    return after


def _step(subject: Subject, request: Request, desk: Desk) -> Dossier:
    match request.outcome:
        case "refused":
            return supplements.refuse(desk, subject.id, request.note, request.basis)
        case "stopped":
            return supplements.stop(desk, subject.id, request.note)
        case "extended":
            due = moment_typed(desk, request.due)
            if due is None:
                raise MomentUnreadable(text="")
            return extending.extend(
                desk,
                subject.id,
                due,
                request.note,
                request.agency,
                request.signer,
                desk.office.signer_title,
                request.override,
            )
        case _:
            until = day_typed(desk, request.until)
            return supplements.ask_for_papers(desk, subject.id, request.asked, request.note, until)
