"""What is missing, not wanted or not possible: ask for papers, take them in, stop, refuse."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from db.dossier import Dossier
from db.kinds import DossierReceived
from db.parts import PaperCount, ProcedureFacts
from db.refused import Refused
from db.steps import (
    Asked,
    DossierChecked,
    DossierRefused,
    DossierStopped,
    Step,
    SupplementAsked,
    SupplementBrought,
)
from desk_app.desk import Desk
from desk_app.published import Published
from desk_app.rules.remarks import Remark, errors_of
from desk_app.rules.typed import LINE
from desk_app.services.clock import NewPromise, after_waiting, regime_of, working_days_since
from desk_app.services.dossier_form import DossierForm, read_form
from desk_app.services.find import UnknownDossier
from desk_app.services.receive import FormIncomplete
from desk_app.services.steps import allow_role, put_step, stamp, take_step, text_of


class NothingAsked(Refused):
    """No paper is ticked."""


class NothingBrought(Refused):
    """No paper was said to have come."""


class PhraseMissing(Refused):
    """A ticked paper has no reason; ``paper``."""


class UntilTooEarly(Refused):
    """The day to bring it by is not after today; ``day``."""


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
    until_later(desk, until)
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
    until_later(desk, until)
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
        return put_step(
            desk, saving, id, lambda before: _brought(desk, published, before, papers, complete)
        )


def bring_some(desk: Desk, id: bytes, papers: Sequence[PaperCount]) -> Dossier:
    """Take in some of what was asked for; with the last of it the dossier is complete.

    Raises:
        NothingBrought, and as ``take_step``.
    """
    if not papers:
        raise NothingBrought()
    came = {paper.name for paper in papers}
    with desk.saving() as saving:
        published = desk.published(saving.connection)

        def body(before: Dossier) -> Step:
            left = {a.paper for r in before.life.requests for a in r.outstanding} - came
            return _brought(desk, published, before, papers, complete=not left)

        return put_step(desk, saving, id, body)


def once_complete(desk: Desk, dossier: Dossier) -> NewPromise:
    """What will be promised if everything asked for is brought now."""
    with desk.reading() as connection:
        published = desk.published(connection)
    since = dossier.life.requests[-1].at
    return after_waiting(desk, published, dossier, since, desk.now())


def _brought(
    desk: Desk,
    published: Published,
    before: Dossier,
    papers: Sequence[PaperCount],
    complete: bool,
) -> Step:
    came = tuple(papers)
    if not complete or before.status != "supplement":
        return SupplementBrought(complete=complete, papers=came, **stamp(desk))
    promise = after_waiting(desk, published, before, before.life.requests[-1].at, desk.now())
    return SupplementBrought(
        complete=True,
        papers=came,
        due_at=promise.due_at,
        why_due=promise.why,
        results=promise.results,
        **stamp(desk),
    )


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


def until_later(desk: Desk, until: str) -> None:
    """The day something is to be brought by lies ahead; none is as good.

    Raises:
        UntilTooEarly.
    """
    if until and until <= desk.now().date().isoformat():
        raise UntilTooEarly(day=until)
