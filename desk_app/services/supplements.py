"""What is missing, late, not wanted or not possible: ask, take in, apologise, stop, refuse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from db.dossier import Dossier
from db.kinds import DossierReceived
from db.parts import PaperCount, ProcedureFacts
from db.refused import Refused
from db.steps import (
    Asked,
    DossierChecked,
    DossierExtended,
    DossierRefused,
    DossierStopped,
    DutyAsked,
    DutyMet,
    Step,
    SupplementAsked,
    SupplementBrought,
)
from desk_app.desk import Desk
from desk_app.published import Published
from desk_app.rules.days import show_moment
from desk_app.rules.remarks import Remark, errors_of
from desk_app.rules.typed import LINE
from desk_app.services.clock import after_waiting, regime_of, working_days_since
from desk_app.services.dossier_form import DossierForm, read_form
from desk_app.services.find import UnknownDossier
from desk_app.services.receive import FormIncomplete
from desk_app.services.steps import allow_role, put_step, stamp, take_step, text_of


class NothingAsked(Refused):
    """No paper is ticked."""


class PhraseMissing(Refused):
    """A ticked paper has no reason; ``paper``."""


class UntilTooEarly(Refused):
    """The day to bring it by is not after today; ``day``."""


class DueTooEarly(Refused):
    """The new moment is not after the promised one; ``due``."""


class ApologyTooLate(Refused):
    """It should have been written by ``by``; a reason for writing it now is missing."""


class ExtendedBefore(Refused):
    """It was put back ``times`` before, and may be put back ``most``; a reason is missing."""


_AT_THE_DESK = ("applicant", "submitter", "procedure", "received_at", "note", "purpose")
"""Fields that must be right although the dossier is not taken in."""


def check(
    desk: Desk,
    form: DossierForm,
    outcome: Literal["incomplete", "refused"],
    asked: Sequence[Asked] = (),
    reason: str = "",
    until: str = "",
) -> Dossier:
    """Send somebody home before there is a code: what is missing (Mẫu 02), or why not (Mẫu 03).

    The dossier keeps what was typed; ``receive`` of a form with the same id takes it in later.

    Raises:
        FormIncomplete: who and what is not clear.
        NothingAsked, PhraseMissing, TextMissing, TextTooLong, UntilTooEarly, NotNow: nothing saved.
    """
    allow_role(desk, "dossier.checked")
    now = desk.now()
    why = text_of(reason, "lý do", needed=outcome == "refused")
    wanted = _asked(asked) if outcome == "incomplete" else ()
    _until(desk, until)
    with desk.saving() as saving:
        published = desk.published(saving.connection)
        reading = read_form(desk, form, published, now, now)
        if errors := [
            e for e in errors_of(reading.remarks) if e.field.partition(".")[0] in _AT_THE_DESK
        ]:
            raise FormIncomplete(remarks=tuple(errors))
        assert reading.procedure is not None
        says = reading.procedure.says
        body = DossierChecked(
            outcome=outcome,
            procedure=ProcedureFacts(
                says.code, says.name, says.short_name, says.field, reading.procedure.version
            ),
            applicant=reading.applicant,
            submitter=reading.submitter,
            channel=form.channel,
            papers=reading.papers,
            asked=wanted,
            reason=why,
            until=until,
            office=desk.office.facts,
            counter=desk.counter.number,
            form_set=published.form("01", now.date()).form_set,
            **stamp(desk),
        )
        try:
            return put_step(desk, saving, form.id, lambda _: body)
        except UnknownDossier:
            after = saving.append(form.id, body)
            assert after is not None
            return after


def ask_for_papers(
    desk: Desk, id: bytes, asked: Sequence[Asked], note: str = "", until: str = ""
) -> Dossier:
    """Ask for everything that is missing, once (Mẫu 02); the clock stands until it is brought.

    Raises:
        NothingAsked, PhraseMissing, TextTooLong, UntilTooEarly, and as ``take_step``.
    """
    wanted, more = _asked(asked), text_of(note, "ghi chú", needed=False)
    _until(desk, until)
    body = SupplementAsked(asked=wanted, note=more, until=until, **stamp(desk))
    return take_step(desk, id, lambda _: body)


def before_asking(desk: Desk, dossier: Dossier) -> tuple[Remark, ...]:
    """What to warn of before a supplement is asked: it is late, or not the first."""
    with desk.reading() as connection:
        published = desk.published(connection)
        regime = regime_of(desk, published, dossier)
        days = working_days_since(desk, published, dossier.facts.received_at)
    found = []
    if days > regime.supplement_days:
        facts: dict[str, object] = {"days": days, "most": regime.supplement_days}
        found.append(Remark("asked", "supplement_late", "warning", facts))
    if len(dossier.life.requests) >= regime.supplements:
        facts = {"nth": len(dossier.life.requests) + 1, "most": regime.supplements}
        found.append(Remark("asked", "supplement_again", "warning", facts))
    return tuple(found)


def bring_papers(
    desk: Desk, id: bytes, papers: Sequence[PaperCount] = (), complete: bool = True
) -> Dossier:
    """Take in what the citizen brought. When everything is there the clock runs again.

    Raises:
        as ``take_step``.
    """
    with desk.saving() as saving:
        published = desk.published(saving.connection)

        def body(before: Dossier) -> Step:
            if not complete or before.status != "supplement":
                return SupplementBrought(complete=complete, papers=tuple(papers), **stamp(desk))
            promise = after_waiting(
                desk, published, before, before.life.requests[-1].at, desk.now()
            )
            return SupplementBrought(
                complete=True,
                papers=tuple(papers),
                due_at=promise.due_at,
                why_due=promise.why,
                results=promise.results,
                **stamp(desk),
            )

        return put_step(desk, saving, id, body)


def ask_for_duty(desk: Desk, id: bytes, what: str, amount: int, until: str = "") -> Dossier:
    """A financial duty is to be met first; the clock stands.

    Raises:
        TextMissing, TextTooLong, UntilTooEarly, and as ``take_step``.
    """
    named = text_of(what, "nghĩa vụ tài chính", most=LINE)
    _until(desk, until)
    body = DutyAsked(what=named, amount=amount, until=until, **stamp(desk))
    return take_step(desk, id, lambda _: body)


def duty_met(desk: Desk, id: bytes, document: str) -> Dossier:
    """The duty was met; the clock runs again by the same rule as after a supplement.

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    proof = text_of(document, "số chứng từ", most=200)
    with desk.saving() as saving:
        published = desk.published(saving.connection)

        def body(before: Dossier) -> Step:
            if before.status != "duty":
                return DutyMet(document=proof, **stamp(desk))
            since = next(e.at for e in reversed(before.history) if e.kind == "duty.asked")
            promise = after_waiting(desk, published, before, since, desk.now())
            return DutyMet(
                document=proof, due_at=promise.due_at, why_due=promise.why, **stamp(desk)
            )

        return put_step(desk, saving, id, body)


def extend(
    desk: Desk,
    id: bytes,
    due_at: datetime,
    reason: str,
    agency: str,
    signer: str = "",
    signer_title: str = "",
    override: str = "",
) -> Dossier:
    """Apologise and promise another moment (Mẫu 04): once, and in time, or with a reason why not.

    Raises:
        DueTooEarly, ApologyTooLate, ExtendedBefore, TextMissing, TextTooLong, and as
        ``take_step``.
    """
    why = text_of(reason, "lý do chậm", most=LINE)
    who = text_of(agency, "cơ quan giải quyết", most=200)
    over = text_of(override, "lý do hẹn lại thêm", needed=False, most=LINE)
    with desk.saving() as saving:
        published = desk.published(saving.connection)

        def body(before: Dossier) -> Step:
            promised = datetime.fromisoformat(before.life.due_at)
            if due_at <= promised:
                raise DueTooEarly(due=show_moment(promised))
            if not over:
                _may_extend(desk, published, before, promised)
            return DossierExtended(
                due_at=due_at.isoformat(timespec="seconds"),
                reason=why,
                agency=who,
                signer=signer,
                signer_title=signer_title,
                override=over,
                **stamp(desk),
            )

        return put_step(desk, saving, id, body)


def _may_extend(desk: Desk, published: Published, dossier: Dossier, promised: datetime) -> None:
    regime = regime_of(desk, published, dossier)
    if dossier.life.extensions >= regime.extensions:
        raise ExtendedBefore(times=dossier.life.extensions, most=regime.extensions)
    last = promised.date() - timedelta(days=regime.apology_days)
    if desk.now().date() > last:
        raise ApologyTooLate(by=f"{last:%d/%m/%Y}")


def stop(desk: Desk, id: bytes, reason: str) -> Dossier:
    """End it at the citizen's wish, before there is a result (2025: Mẫu 05).

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    body = DossierStopped(reason=text_of(reason, "lý do dừng", most=LINE), **stamp(desk))
    return take_step(desk, id, lambda _: body)


def refuse(desk: Desk, id: bytes, reason: str, basis: str = "") -> Dossier:
    """Refuse after appraisal (Mẫu 03); the paper and the originals go back over the counter.

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    why = text_of(reason, "lý do từ chối")
    law = text_of(basis, "căn cứ", needed=False, most=LINE)
    body = DossierRefused(reason=why, basis=law, **stamp(desk))
    return take_step(desk, id, lambda _: body)


def missing_of(facts: DossierReceived, published: Published) -> tuple[str, ...]:
    """Papers the procedure wants that are not among those handed in, in its own order."""
    day = datetime.fromisoformat(facts.received_at).date()
    procedure = published.procedure(facts.procedure.code, day)
    handed_in = {paper.name for paper in facts.papers}
    wanted = procedure.says.papers if procedure else ()
    return tuple(p.name for p in wanted if p.required and p.name not in handed_in)


def _asked(asked: Sequence[Asked]) -> tuple[Asked, ...]:
    if not asked:
        raise NothingAsked()
    wanted = []
    for each in asked:
        paper = text_of(each.paper, "tên giấy tờ", most=LINE)
        reason = text_of(each.reason, "lý do", needed=False, most=LINE)
        if not reason:
            raise PhraseMissing(paper=paper)
        wanted.append(Asked(paper, reason))
    return tuple(wanted)


def _until(desk: Desk, until: str) -> None:
    if until and until <= desk.now().date().isoformat():
        raise UntilTooEarly(day=until)
